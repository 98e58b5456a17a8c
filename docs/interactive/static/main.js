// Loads a figure's module when the reader comes near it, or at once where the address names it.
// Where modules cannot load, as from a file, the static figure stays.

{
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const figures = [...document.querySelectorAll(".explore > :last-child")];

  const load = async (/** @type {Element} */ figure) => {
    const place = /** @type {Element} */ (figure.parentElement);
    watch.unobserve(place);
    try {
      await import(new URL(`${figure.localName.replace("explore-", "")}.js`, here).href);
    } catch (error) {
      place.classList.add("still");
      if (location.protocol !== "file:") console.error(error);
    }
  };
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting && target.lastElementChild) load(target.lastElementChild);
      }
    },
    { rootMargin: "800px" },
  );
  const follow = () => {
    for (const figure of figures) {
      if (location.hash.startsWith(`#${figure.localName}:`)) load(figure);
    }
  };
  for (const { parentElement } of figures) if (parentElement) watch.observe(parentElement);
  addEventListener("hashchange", follow);
  follow();
}
