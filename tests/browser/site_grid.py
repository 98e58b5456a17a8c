"""Does every page keep one grid and one scale, in any font?

Each page is asked in site_pages.py; here is shown what is caught.
"""

import pytest

from tests.browser.opener import PHONE, WIDE

# Whatever fonts a machine has: its own, made narrow and made wide.
FONTS = """
@font-face { font-family: Thin; src: local("DejaVu Sans"), local("Liberation Sans"), local("Arial");
  size-adjust: 75%; }
@font-face { font-family: Wide; src: local("DejaVu Sans"), local("Liberation Sans"), local("Arial");
  size-adjust: 125%; }
"""
SET_FONT = "(font) => document.body.style.setProperty('--font-stack', font)"
# Every block of a page in the flow of its text, against the two edges of the text. A picture may be
# narrower, if its caption stands beside it; and what a block holds is its own affair.
UNEVEN = """
(() => {
  const article = document.querySelector("article").getBoundingClientRect();
  const through = "section, .cell, .cell_output, [class*=highlight-]:not(.output)";
  const says = [];
  const off = (a, b) => Math.abs(a - b) > 0.5;
  const look = (block) => {
    for (const child of block.children) {
      const style = getComputedStyle(child);
      const box = child.getBoundingClientRect();
      const flows = !style.display.startsWith("inline") && !style.float.match(/left|right/)
        && !["absolute", "fixed"].includes(style.position);
      if (!flows || !box.width || !box.height || child.matches(".copybtn")) continue;
      const name = `${child.tagName.toLowerCase()}.${child.className.baseVal ?? child.className}`;
      if (child.matches(through)) {
        look(child);
      } else {
        if (off(box.left, article.left)) says.push(`${name} begins at ${box.left}`);
        if (off(box.right, article.right)) says.push(`${name} ends at ${box.right}`);
      }
      if (!child.matches("figure")) continue;
      const [picture, ...others] = [...child.children]
        .filter((part) => part.getBoundingClientRect().width);
      const ends = picture.getBoundingClientRect();
      if (off(ends.left, article.left)) says.push(`what ${name} shows begins at ${ends.left}`);
      for (const part of [picture, ...others]) {
        const { left, right, top } = part.getBoundingClientRect();
        if (right > article.right + 0.5) says.push(`what ${name} shows ends at ${right}`);
        if (top > ends.bottom && off(left, article.left))
          says.push(`what is below ${name} begins at ${left}`);
      }
    }
  };
  look(document.querySelector("article"));
  const programs = [...document.querySelectorAll("article pre")]
    .filter((pre) => pre.closest("section > .cell") && !pre.closest("details"));
  const begin = (pre) =>
    pre.getBoundingClientRect().left + parseFloat(getComputedStyle(pre).paddingLeft);
  for (const pre of programs) {
    if (off(begin(pre), begin(programs[0]))) says.push(`code begins at ${begin(pre)}`);
  }
  return [...new Set(says)].map((said) => `${said}, text goes from ${article.left} to `
    + `${article.right}`);
})()
"""


def find_uneven(tab):
    """Yield the blocks that do not keep to the two edges of the text, in narrow or wide fonts."""
    tab.add_style_tag(content=FONTS)
    # Each change lays the whole page out anew, so each step changes one of the two.
    for width, fonts in ((WIDE, ("Thin", "Wide")), (PHONE, ("Wide", "Thin"))):
        tab.set_viewport_size({"width": width, "height": 900})
        for font in fonts:
            tab.evaluate(SET_FONT, font)
            yield from (f"{font} at {width}: {said}" for said in tab.evaluate(UNEVEN))
    tab.evaluate("document.body.style.removeProperty('--font-stack')")
    tab.set_viewport_size({"width": WIDE, "height": 900})


# Sizes of type, in pixels; a figure's label is scaled with the figure.
MISSIZED = """
(() => {
  const says = [];
  const size = (element) => parseFloat(getComputedStyle(element).fontSize);
  const all = (selector) => [...document.querySelectorAll(selector)]
    .filter((element) => element.checkVisibility());
  const text = all("article section > p:not([class])").map(size)[0] ?? 17;
  const [h1, h2, h3] = ["h1", "h2", "h3"].map((level) => all(`article section > ${level}`)[0]);
  for (const [larger, smaller] of [[h1, h2], [h2, h3]]) {
    if (larger && smaller && size(larger) < 1.2 * size(smaller))
      says.push(`${larger.tagName} is ${size(larger)}, ${smaller.tagName} ${size(smaller)}`);
  }
  if (h2 && parseFloat(getComputedStyle(h2).marginTop) < 1.5 * size(h2))
    says.push(`an h2 has ${getComputedStyle(h2).marginTop} above`);
  for (const element of all("article *")) {
    const shows = [...element.childNodes].some((node) => node.nodeType == 3 && node.data.trim());
    const small = size(element) < 12 && !element.closest("svg, .katex");
    if (shows && small) says.push(`${element.outerHTML.slice(0, 80)} is ${size(element)}`);
  }
  for (const formula of all(".katex")) {
    const ratio = size(formula) / size(formula.parentElement);
    if (ratio < 1 || ratio > 1.15) says.push(`a formula is ${ratio.toFixed(2)} of its text`);
  }
  for (const label of all("figure svg text")) {
    const { a, b } = label.getScreenCTM();
    // A power of ten has its exponent in a smaller size.
    const parts = [...label.querySelectorAll("tspan")].map(size);
    const pixels = Math.max(...(parts.length ? parts : [size(label)])) * Math.hypot(a, b);
    if (pixels < 11 || pixels > 16)
      says.push(`a figure's '${label.textContent}' is ${pixels.toFixed(1)}`);
  }
  const folds = all("article details > summary").filter((one) => !one.closest(".explore, .guess"));
  const looks = new Set(folds.map((summary) => {
    const { marginLeft, paddingLeft, paddingTop, fontSize } = getComputedStyle(summary);
    const { borderLeft, borderTop, boxShadow } = getComputedStyle(summary.parentElement);
    return [marginLeft, paddingLeft, paddingTop, fontSize, borderLeft, borderTop, boxShadow].join();
  }));
  if (looks.size > 1) says.push(`folds have ${looks.size} looks: ${[...looks].join(" / ")}`);
  for (const chip of all("article :is(h1, h2, h3) code")) {
    if (getComputedStyle(chip).backgroundColor != "rgba(0, 0, 0, 0)")
      says.push(`a title has a chip: ${chip.textContent}`);
  }
  return [...new Set(says)];
})()
"""


def find_missized(tab):
    """Yield what is out of scale: headings, small print, formulas, the labels of figures."""
    yield from tab.evaluate(MISSIZED)


# A formula of up to three pieces stands on one line.
BROKEN = """
[...document.querySelectorAll("article span.math .katex-html")].filter((formula) => {
  const pieces = [...formula.querySelectorAll(".katex-base")];
  if (pieces.length > 3 || !formula.checkVisibility()) return false;
  const middles = pieces.map((piece) => piece.getBoundingClientRect())
    .map(({ top, bottom }) => (top + bottom) / 2);
  return Math.max(...middles) - Math.min(...middles) > 16;
}).map((formula) => formula.parentElement.textContent.slice(0, 60))
"""
# What a finger has to hit: the icons of the bar, and the button of each program.
CRAMPED = """
(() => {
  const says = [];
  const bar = [...document.querySelectorAll(".mobile-header :is(label, button)")]
    .filter((target) => target.checkVisibility());
  const boxes = bar.map((target) => target.getBoundingClientRect());
  for (const [i, { width, height, left }] of boxes.entries()) {
    if (width < 40 || height < 40) says.push(`an icon of the bar is ${width} by ${height}`);
    if (i && left - boxes[i - 1].left < 32) says.push("two icons of the bar touch");
  }
  for (const button of document.querySelectorAll("article .copybtn")) {
    const { width, height } = button.getBoundingClientRect();
    if (!button.checkVisibility()) continue;
    if (getComputedStyle(button).opacity < 1) says.push("a copy button is not seen");
    if (width < 40 || height < 40) says.push(`a copy button is ${width} by ${height}`);
  }
  for (const wide of document.querySelectorAll("article :is(.table-wrapper, pre)")) {
    const scrolls = wide.checkVisibility() && wide.scrollWidth > wide.clientWidth + 1;
    if (scrolls && !getComputedStyle(wide).backgroundImage.includes("gradient"))
      says.push(`does not show that it scrolls: ${wide.textContent.trim().slice(0, 60)}`);
  }
  return [...new Set(says)];
})()
"""


def find_cramped(tab):
    """Yield what a finger misses, what does not show that it scrolls, and formulas in two parts."""
    tab.set_viewport_size({"width": PHONE, "height": 844})
    yield from tab.evaluate(CRAMPED)
    yield from (f"a formula is in two parts: {formula}" for formula in tab.evaluate(BROKEN))


# Programs and the addresses of things have numbers of their own.
UNSEPARATED = """
(() => {
  const says = [];
  const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    const found = data.match(/(?<![\\w.,])\\d{5,}(?![\\w])/);
    if (found && !parentElement.closest("code, pre, script, .katex, .explore > :last-child"))
      says.push(`${found[0]} has no comma: ${data.trim().slice(0, 60)}`);
  }
  return says;
})()
"""


def find_unseparated(tab):
    """Yield numbers of five digits and more without a comma before the last three."""
    yield from tab.evaluate(UNSEPARATED)


NARROW = "article section > p { max-width: 40ch !important }"
BELOW = "figure { display: block !important }"
CENTRED = f"{BELOW} svg.plot {{ margin: 0 auto !important; max-width: 20rem !important }}"
APART = f"{BELOW} figcaption {{ margin-left: 3rem !important }}"
LARGE = f"{BELOW} svg.plot {{ max-width: 35rem !important }}"
TOUCHING = ".mobile-header .header-right :is(label, button) { width: 24px !important }"
WRAPPED = ".katex-base { display: block !important }"


@pytest.mark.parametrize(
    ("find", "faults"),
    [
        (
            find_uneven,
            {
                NARROW: "p. ends at",
                ".table-wrapper { width: 103% !important }": "ends at",
                CENTRED: "shows begins at",
                APART: "what is below figure",
                ".cell_output .output { padding-left: 9px }": "code begins at",
            },
        ),
        (
            find_missized,
            {
                "article h3 { font-size: 1.5rem !important }": "H3 24",
                "article h2 { margin-top: 1.75rem !important }": "28px above",
                "article pre { font-size: 10.6px !important }": "is 10.6",
                ".katex { font-size: 1.21em !important }": "a formula is 1.21",
                LARGE: "a figure's",
            },
        ),
        (
            find_cramped,
            {
                TOUCHING: "an icon of the bar is 24",
                ".copybtn { opacity: 0 !important }": "is not seen",
                "article pre { background: none !important }": "show that it scrolls",
                WRAPPED: "in two parts",
            },
        ),
    ],
)
def test_a_page_out_of_the_grid_is_caught(open_page, find, faults):
    # Without motion, what a rule changes is changed at once.
    tab = open_page("best.html", reduced_motion=True)
    before = " ".join(find(tab))
    for rule, said in faults.items():
        planted = tab.add_style_tag(content=rule)
        assert said in " ".join(find(tab)) and said not in before, rule
        planted.evaluate("(style) => style.remove()")


def test_two_kinds_of_fold_are_caught(open_page):
    tab = open_page("exercises.html")
    tab.add_style_tag(content="details.sd-dropdown { box-shadow: 0 0 3px !important }")
    assert "folds have 2 looks" in " ".join(find_missized(tab))


def test_a_number_without_its_comma_is_caught(open_page):
    tab = open_page("best.html", plant=lambda text: text.replace("34,812", "34812"))
    assert "34812 has no comma" in " ".join(find_unseparated(tab))
