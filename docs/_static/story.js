// Lets a picture follow its story: what belongs to later steps waits, and a point walks on to the step
// that the reader has come to. It heeds where the text is, and never moves the page.

{
  const SECONDS = 0.9;
  // A step has come when so much of the window is below its first line.
  const BELOW = "0px 0px -18% 0px";
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  const follow = (/** @type {Element} */ story) => {
    const picture = story.querySelector("svg.plot");
    const steps = [...story.querySelectorAll(".steps > *")];
    if (!picture || !steps.length) return;
    const stepOf = (/** @type {Element} */ part) => Number(/-story-(\d+)-/.exec(part.id)?.[1]);
    const parts = [...picture.querySelectorAll("[id*='-story-']")];
    const runs = parts
      .filter(({ id }) => id.endsWith("-run"))
      .map((part) => ({ step: stepOf(part), path: /** @type {SVGPathElement} */ (part.querySelector("path")) }));
    const point = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    point.setAttribute("class", "point");
    point.setAttribute("r", "5");
    picture.append(point);

    let at = 0;
    let frame = 0;
    /** Show a share of a run, and the point at its end. @param {SVGPathElement} path @param {number} share */
    const show = (path, share) => {
      const length = path.getTotalLength();
      path.style.strokeDasharray = share < 1 ? `${length * share} ${length}` : "";
      const { x, y } = path.getPointAtLength(length * share);
      point.setAttribute("cx", String(x));
      point.setAttribute("cy", String(y));
    };
    const go = (/** @type {number} */ to) => {
      if (to === at) return;
      cancelAnimationFrame(frame);
      const legs = runs.filter(({ step }) => step > at && step <= to);
      at = to;
      for (const part of parts) part.classList.toggle("ahead", stepOf(part) > to);
      for (const [number, step] of steps.entries()) step.classList.toggle("here", number + 1 === to);
      show(runs[0].path, 0);
      for (const { path } of runs.filter(({ step }) => step <= to)) show(path, 1);
      if (!legs.length || still.matches) return;
      for (const { path } of [...legs].reverse()) show(path, 0);
      const begin = performance.now();
      const walk = (/** @type {number} */ now) => {
        const gone = Math.max(0, now - begin) / (1000 * SECONDS);
        for (const [number, { path }] of legs.entries()) {
          if (gone > number) show(path, Math.min(gone - number, 1));
        }
        if (gone < legs.length) frame = requestAnimationFrame(walk);
      };
      frame = requestAnimationFrame(walk);
    };

    /** @type {Set<Element>} */
    const reached = new Set();
    const watch = new IntersectionObserver(
      (entries) => {
        for (const { target, boundingClientRect, rootBounds } of entries) {
          if (rootBounds && boundingClientRect.top < rootBounds.bottom) reached.add(target);
          else reached.delete(target);
        }
        go(Math.max(1, reached.size));
      },
      { rootMargin: BELOW },
    );
    const begin = () => {
      watch.disconnect();
      story.classList.toggle("moving", !still.matches);
      if (still.matches) go(steps.length);
      else for (const step of steps) watch.observe(step);
    };
    still.addEventListener("change", begin);
    begin();
  };
  for (const story of document.querySelectorAll(".story")) follow(story);
}
