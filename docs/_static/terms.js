// Shows what the glossary says of a term where the term stands: to whoever points at its link, comes to
// it by keyboard or taps it. Escape puts it away, and so does whatever is done elsewhere.

{
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (
    document.querySelectorAll("a[aria-describedby^=said-]")
  );
  /** @type {HTMLElement | undefined} */
  let shown;
  let timer = 0;
  let touched = false;

  const hide = () => {
    clearTimeout(timer);
    shown?.hidePopover();
    shown = undefined;
  };
  const show = (/** @type {HTMLAnchorElement} */ link) => {
    hide();
    shown = document.getElementById(link.getAttribute("aria-describedby") ?? "") ?? undefined;
    if (!shown) return;
    shown.showPopover();
    // Below the line of the term, or above it where there is no room; a link may go over two lines.
    const at = link.getClientRects()[0];
    const { width, height } = shown.getBoundingClientRect();
    const room = document.documentElement.clientWidth - width - 8;
    const top = at.bottom + height + 8 < innerHeight ? at.bottom + 4 : at.top - height - 4;
    shown.style.left = `${Math.max(8, Math.min(at.left, room))}px`;
    shown.style.top = `${top + scrollY}px`;
  };
  const later = (/** @type {() => void} */ what) => {
    clearTimeout(timer);
    timer = setTimeout(what, 150);
  };

  for (const link of links) {
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType == "mouse") later(() => show(link));
    });
    link.addEventListener("pointerleave", (event) => {
      if (event.pointerType == "mouse") later(hide);
    });
    link.addEventListener("focus", () => {
      if (link.matches(":focus-visible")) show(link);
    });
    link.addEventListener("blur", hide);
    // A finger cannot point without pressing: its first tap shows, and a second one follows the link.
    link.addEventListener("click", (event) => {
      if (touched && shown?.id != link.getAttribute("aria-describedby")) {
        event.preventDefault();
        show(link);
      }
    });
  }
  // Whoever points at the sentence wants to read on.
  for (const saying of document.querySelectorAll(".saying")) {
    saying.addEventListener("pointerenter", () => clearTimeout(timer));
    saying.addEventListener("pointerleave", () => later(hide));
  }
  document.addEventListener("keydown", ({ key }) => {
    touched = false;
    if (key == "Escape") hide();
  });
  document.addEventListener("pointerdown", ({ target, pointerType }) => {
    touched = pointerType == "touch";
    const here = /** @type {Element} */ (target).closest("a[aria-describedby^=said-], .saying");
    if (!here) hide();
  });
}
