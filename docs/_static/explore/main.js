// Loads a figure's module when the reader comes near it, or at once where the address names it.
// Where modules cannot load, as from a file, the static figure stays.
{
  const here = document.currentScript.src;
  const figures = [...document.querySelectorAll(".explore > :last-child")];

  const load = async (figure) => {
    watch.unobserve(figure.parentElement);
    try {
      await import(new URL(`${figure.localName.replace("explore-", "")}.js`, here));
    } catch (error) {
      figure.parentElement.classList.add("still");
    }
  };
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) load(target.lastElementChild);
      }
    },
    { rootMargin: "800px" },
  );
  const follow = () => {
    for (const figure of figures) {
      if (location.hash.startsWith(`#${figure.localName}:`)) load(figure);
    }
  };
  for (const figure of figures) watch.observe(figure.parentElement);
  addEventListener("hashchange", follow);
  follow();
}
