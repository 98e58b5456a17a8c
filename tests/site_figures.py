"""Can every figure be read, in both themes and on a phone?

Colours are those of the pixels that Chromium paints, not those that a stylesheet names.
The figures that stand behind the interactive ones, for paper and where no script runs, are too.
"""

import io

import numpy as np
import pytest
from conftest import PHONE, WIDE, take_picture
from PIL import Image

LEAST = {"text": 4.5, "lines": 3.0}
# Groups the marks of a figure by their kind and colour, and numbers the groups.
# The grid only helps the eye along: no reader needs to see it to read the figure.
GROUP = """
(svg) => {
  const groups = new Map();
  for (const mark of svg.querySelectorAll("path, use, text")) {
    if (mark.closest("defs, clipPath")) continue;
    const style = getComputedStyle(mark);
    const kind = mark.tagName == "text" ? "text" : "lines";
    const colour = kind == "lines" && style.stroke != "none" ? style.stroke : style.fill;
    const styled = [mark, mark.closest("g[style]")].map((at) => at?.getAttribute("style"));
    if (styled.join().includes("var(--grid)")) continue;
    if (colour == "none" || !mark.getClientRects().length) continue;
    const key = `${kind} ${colour}`;
    if (!groups.has(key)) groups.set(key, groups.size);
    mark.dataset.group = groups.get(key);
  }
  return [...groups.keys()];
}
"""
# Where a picture stands on the whole page.
PLACE = """
(svg) => {
  const { x, y, width, height } = svg.getBoundingClientRect();
  return { x: x + scrollX, y: y + scrollY, width, height };
}
"""
STILL = ".explore > svg.plot { display: block !important } .explore > :last-child { display: none }"
ONLY = """
svg.plot *:not(g, defs, defs *) {{ visibility: hidden }}
[data-group='{}'] {{ visibility: visible !important }}
"""
MEASURE = """
(svg) => {
  const box = svg.getBoundingClientRect();
  const scale = box.width / svg.viewBox.baseVal.width;
  const says = [];
  for (const text of svg.querySelectorAll("text")) {
    const size = parseFloat(getComputedStyle(text).fontSize) * scale;
    const at = text.getBoundingClientRect();
    if (size < 11) says.push(`'${text.textContent}' is ${size.toFixed(1)} pixels high`);
    const beside = Math.max(box.left - at.left, at.right - box.right);
    const out = Math.max(beside, box.top - at.top, at.bottom - box.bottom);
    if (out > 0.5) says.push(`'${text.textContent}' is cut off by ${out.toFixed(1)} pixels`);
  }
  const sized = svg.getAttribute("width") > 0 && svg.getAttribute("height") > 0;
  if (!sized) says.push("no width or height");
  return says;
}
"""


# How bright each value of a colour's part is, as the guidelines (WCAG 2.2) reckon it.
PARTS = np.arange(256) / 255
BRIGHT = np.where(PARTS <= 0.04045, PARTS / 12.92, ((PARTS + 0.055) / 1.055) ** 2.4)


def find_contrast(picture):
    """Return the contrast of the strongest pixel of a PNG with its corner, the background."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
    luminance = BRIGHT[pixels] @ (0.2126, 0.7152, 0.0722) + 0.05
    background = luminance[1, 1]
    return max(luminance.max() / background, background / luminance.min())


def find_pale(tab):
    """Yield each kind of mark in each figure that does not stand out from the page."""
    tab.add_style_tag(content=STILL)
    for number, svg in enumerate(tab.locator("figure svg.plot").all()):
        svg.scroll_into_view_if_needed()
        box = svg.evaluate(PLACE)
        for group, name in enumerate(svg.evaluate(GROUP)):
            style = tab.add_style_tag(content=ONLY.format(group))
            contrast = find_contrast(take_picture(tab, box))
            style.evaluate("(style) => style.remove()")
            kind = name.split()[0]
            if contrast < LEAST[kind]:
                yield f"figure {number + 1}: {name} has contrast {contrast:.2f}, not {LEAST[kind]}"
        svg.evaluate("(svg) => svg.querySelectorAll('*').forEach((m) => delete m.dataset.group)")


def find_illegible(tab):
    """Yield each label that is too small or cut off, and figures without a size."""
    tab.add_style_tag(content=STILL)
    for number, svg in enumerate(tab.locator("figure svg.plot").all()):
        yield from (f"figure {number + 1}: {said}" for said in svg.evaluate(MEASURE))


def test_each_figure_can_be_read_in_both_themes_and_on_a_phone(open_page, page):
    tab = open_page(page)
    if not tab.locator("figure svg.plot").count():
        return
    problems = []
    for theme in ("light", "dark"):
        tab.emulate_media(color_scheme=theme)
        problems += [f"{theme}: {said}" for said in find_pale(tab)]
    for width in (WIDE, PHONE):
        tab.set_viewport_size({"width": width, "height": 844})
        problems += [f"at {width}: {said}" for said in find_illegible(tab)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(
    ("find", "before", "after", "said"),
    [
        (find_pale, "var(--muted)", "#c8c8c8", "lines rgb(200, 200, 200) has contrast 1."),
        (find_pale, "<text ", '<text fill="#aaa" ', "text rgb(170, 170, 170) has contrast 2."),
        (find_illegible, "font-size: 14.5px", "font-size: 9px", "is 10.9 pixels high"),
        (find_illegible, "<text ", '<text dx="900" ', "is cut off by"),
        (find_illegible, ' width="', ' data-width="', "no width or height"),
    ],
)
def test_a_figure_that_cannot_be_read_is_caught(open_page, find, before, after, said):
    def plant(text):
        start = text.index('<svg class="plot"')
        return text[:start] + text[start:].replace(before, after)

    assert said in " ".join(find(open_page("data.html", plant=plant)))
