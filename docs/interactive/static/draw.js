// Draw it yourself: the reader's line, how far off it is, and then PyTorch's line and the best.

import { Chart, handle, hold, note, set, svg } from "./chart.js";
import { button, find, readouts, stepsOf } from "./control.js";
import { define } from "./figure.js";
import { meanSquaredError, predict } from "./math.js";
import { clamp, filled, fixed } from "./text.js";

/** @typedef {import("./math.js").Line} Line */
/** @typedef {Line & {epoch: number}} Shown */
/** @typedef {{left: number, right: number}} Ends */

// The run takes so long to play, each tenfold of its epochs as long as the one before: the first
// few are seen to move, and the many that follow to stand.
const SECONDS = 4;

define("draw", (figure) => {
  const { x, y, view, ends, ranges, nudge, run, best, mean, says, start, xLabel, yLabel } = figure.data;
  const state = /** @type {Ends} */ (figure.state);
  /** @type {Shown | undefined} which of PyTorch's lines is seen */
  let trained;
  let showsBest = false;
  /** @type {number | undefined} */
  let playing;
  const last = /** @type {Shown} */ (run[run.length - 1]);

  const chart = new Chart(figure, "chart", {
    x: { label: xLabel, about: 9 },
    y: { label: yLabel, about: 7 },
    left: 50,
    right: 62,
    resized: () => figure.schedule(),
  });
  const lines = {
    trained: svg("path", { class: "line trained" }),
    best: svg("path", { class: "line best" }),
    own: svg("path", { class: "line own" }),
  };
  const residuals = svg("path", { class: "residual" });
  const dots = x.map(() => svg("circle", { class: "score", r: 5 }));
  chart.plot.append(residuals, lines.best, lines.trained, lines.own, ...dots);
  const body = svg("path", { class: "body" });
  let grip = 0;
  hold(chart, body, {
    start: (_, at) => (grip = chart.y.invert(at) - state.left),
    move: (_, at) => {
      const rise = state.right - state.left;
      const low = Math.max(ranges.left.low, ranges.right.low - rise);
      const high = Math.min(ranges.left.high, ranges.right.high - rise);
      const left = clamp(chart.y.invert(at) - grip, { low, high });
      figure.change({ left, right: left + rise });
    },
  });
  const handles = /** @type {const} */ (["left", "right"]).map((side) => {
    const put = (/** @type {number} */ score) => figure.change({ [side]: clamp(score, ranges[side]) });
    const attributes = {
      role: "slider",
      "aria-label": `Score at the ${side} end of your line`,
      "aria-orientation": "vertical",
      "aria-valuemin": ranges[side].low,
      "aria-valuemax": ranges[side].high,
    };
    const shapes = [svg("circle", { class: "hit", r: 24 }), svg("circle", { class: "grip", r: 10 })];
    return handle(chart, attributes, shapes, {
      move: (_, pixel) => put(chart.y.invert(pixel)),
      nudge: (event) => {
        const steps = stepsOf(event);
        if (steps) put(state[side] + steps * nudge);
        return steps !== undefined;
      },
    });
  });
  const names = { trained: note("trained", "PyTorch"), best: note("best"), own: note("own", "you") };
  chart.top.append(body, ...Object.values(names), ...handles);

  const numbers = readouts(figure);
  const lengths = Object.fromEntries(
    ["own", "trained", "lowest"].map((name) => [
      name,
      find(figure, `[data-name="${name}"] .length`, HTMLElement),
    ]),
  );
  const tryOut = button(figure, "try", () => (playing ? stop(last) : play()));
  const showBest = button(figure, "best", () => {
    showsBest = true;
    stop(last);
  });
  button(figure, "again", () => {
    showsBest = false;
    stop(undefined);
    figure.change({ ...start });
  });

  /** Stop playing, and show this line of PyTorch's. @param {Shown | undefined} line */
  function stop(line) {
    if (playing) cancelAnimationFrame(playing);
    playing = undefined;
    trained = line;
    figure.change({});
  }

  function play() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return stop(last);
    showsBest = false;
    trained = run[0];
    const pace = Math.log(last.epoch + 1) / (1000 * SECONDS);
    /** @type {number | undefined} */
    let begin;
    const tick = (/** @type {number} */ now) => {
      begin ??= now;
      const reached = Math.expm1(pace * (now - begin));
      if (reached >= last.epoch || !figure.isConnected) return stop(last);
      trained = run.findLast((/** @type {Shown} */ { epoch }) => epoch <= reached);
      playing = requestAnimationFrame(tick);
      figure.schedule();
    };
    playing = requestAnimationFrame(tick);
  }

  /** The line through two ends. @param {Ends} at @returns {Line} */
  function lineThrough({ left, right }) {
    const slope = (right - left) / (ends[1] - ends[0]);
    return { slope, intercept: left - slope * ends[0] };
  }
  const own = () => lineThrough(state);

  /** How far off a line typically is: the root of the mean squared error. @param {Line} line */
  const off = (line) => Math.sqrt(meanSquaredError(line, x, y));
  const said = (/** @type {number} */ error) => fixed(error, 1);

  function judge() {
    const values = { epochs: last.epoch, epoch: trained?.epoch ?? 0, mean: said(off(mean)) };
    return filled(says[verdict()], values);
  }

  /** What the reader sees in one digit decides. */
  function verdict() {
    if (!trained) return "drawing";
    if (playing) return "trying";
    const [mine, theirs, lowest] = [own(), last, best].map((line) => Number(said(off(line))));
    if (showsBest) return mine <= lowest ? "equals" : "best";
    if (mine === theirs) return "draws";
    return mine < theirs ? "beats" : "loses";
  }

  return {
    draw() {
      if (!chart.view(view.x, view.y)) return;
      const line = own();
      const d = chart.segment(line, ends[0], ends[1]);
      set(lines.own, { d });
      set(body, { d });
      const stems = x.map(
        (/** @type {number} */ hours, /** @type {number} */ i) =>
          `M${chart.x(hours)} ${chart.y(y[i])}V${chart.y(predict(line, hours))}`,
      );
      set(residuals, { d: stems.join("") });
      dots.forEach((/** @type {SVGElement} */ dot, /** @type {number} */ i) =>
        set(dot, { cx: chart.x(x[i]), cy: chart.y(y[i]) }),
      );
      handles.forEach((node, i) => {
        const score = i ? state.right : state.left;
        set(node, {
          transform: `translate(${chart.x(ends[i])} ${chart.y(score)})`,
          "aria-valuenow": Math.round(score),
          "aria-valuetext": `${fixed(score, 0)} points`,
        });
      });
      lines.trained.style.display = names.trained.style.display = trained ? "" : "none";
      lines.best.style.display = names.best.style.display = showsBest ? "" : "none";
      if (trained) set(lines.trained, { d: chart.segment(trained, ends[0], ends[1]) });
      set(lines.best, { d: chart.segment(best, ends[0], ends[1]) });
      // Each name beside the end of its line, and none over another.
      const shown = [
        { name: names.own, at: state.right },
        ...(trained ? [{ name: names.trained, at: predict(trained, ends[1]) }] : []),
        ...(showsBest ? [{ name: names.best, at: predict(best, ends[1]) }] : []),
      ].sort((a, b) => b.at - a.at);
      let above = -Infinity;
      for (const { name, at } of shown) {
        above = Math.max(above + 16, chart.y(at) + 4, chart.margin.top + 10);
        set(name, { x: chart.x(ends[1]) + 16, y: above });
      }
      const errors = { own: off(line), trained: trained && off(trained), lowest: showsBest ? off(best) : undefined };
      // Where the reader begins, the bar is full.
      const most = off(lineThrough(start));
      for (const [name, error] of Object.entries(errors)) {
        numbers({ [name]: error === undefined ? "?" : said(error) });
        lengths[name].style.width = `${100 * clamp((error ?? 0) / most, { low: 0, high: 1 })}%`;
      }
      tryOut.textContent = playing ? "To the end" : trained ? "Let it try again" : "Let PyTorch try";
      showBest.disabled = !trained || showsBest || Boolean(playing);
      figure.sentence.textContent = judge();
    },
    describe: () => `Your line is typically wrong by ${said(off(own()))} points. ${trained ? judge() : ""}`.trim(),
  };
});
