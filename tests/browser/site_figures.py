"""Can every figure be read, in both themes and on a phone?

Colours are those of the pixels that Chromium paints, not those that a stylesheet names.
An interactive figure is read twice: as the reader moves it, and as the picture behind it, which
stands on paper and where no script runs.
The test of all looks of a page reads its figures too.
"""

import io

import pytest
from PIL import Image

from tests.browser.opener import PHONE, THEMES, WIDE, arrive, take_picture

LEAST = {"text": 4.5, "lines": 3.0}
FIGURES = "figure svg.plot, figure svg.chart"
# As where no script runs; gives how many pictures should be seen then.
STILL = """
[...document.querySelectorAll(".explore")].map(({ classList }) => {
  classList.replace("ready", "still");
}).length
"""
BEHIND = ".explore > svg.plot"
# The figures that are seen, each with a name to tell it by.
EACH = """
  const each = (figures) => [...document.querySelectorAll(figures)]
    .map((svg, i) => [`${svg.getAttribute("class")} ${i + 1}`, svg])
    .filter(([, svg]) => svg.getClientRects().length);
"""
# The copies of a figure that is spread.
COPIES = """
  const copiesOf = (name) => {
    const copies = [];
    let at = document.querySelector(`[data-spread="${name}"]`).previousElementSibling;
    for (; at?.dataset.copy; at = at.previousElementSibling) copies.unshift(at);
    return copies;
  };
"""
COUNT = f"(figures) => {{ {EACH} return each(figures).length; }}"
# Notes at each mark of a figure that a reader must see what it is in this theme: text or lines, in
# which colour. The grid and what is only tinted help the eye along: no reader needs to see them.
NAME = f"""
([figures, theme]) => {{
  {EACH}
  for (const [, svg] of each(figures)) {{
    const probe = document.createElement("i");
    probe.style.color = "var(--grid)";
    svg.parentElement.append(probe);
    const grid = getComputedStyle(probe).color;
    probe.remove();
    for (const mark of svg.querySelectorAll("path, use, text, circle, rect")) {{
      if (mark.closest("defs, clipPath") || !mark.getClientRects().length) continue;
      const style = getComputedStyle(mark);
      const kind = mark.tagName == "text" ? "text" : "lines";
      const line = kind == "lines" && style.stroke != "none";
      const colour = line ? style.stroke : style.fill;
      const opacity = style.opacity * (line ? style.strokeOpacity : style.fillOpacity);
      if (colour == "none" || colour == "rgba(0, 0, 0, 0)") continue;
      if (kind == "lines" && (colour == grid || (!line && opacity < 1))) continue;
      mark.dataset[theme] = `${{kind}} ${{colour}}${{opacity < 1 ? ` at ${{opacity}}` : ""}}`;
    }}
  }}
}}
"""
# Puts copies of each figure before it, one after the other, each of which has the marks of one name
# in both themes, and a last one that has none; gives the names of the figures, and the height in
# which the copies of any one can be seen at once.
SPREAD = f"""
(figures) => {{
  {EACH}
  {COPIES}
  const names = each(figures).map(([name, svg]) => {{
    const groups = new Map();
    for (const mark of svg.querySelectorAll("[data-light], [data-dark]")) {{
      const names = JSON.stringify([mark.dataset.light, mark.dataset.dark]);
      groups.set(names, [...(groups.get(names) ?? []), mark]);
    }}
    for (const [both, marks] of [...groups, ['["nothing", "nothing"]', []]]) {{
      for (const mark of marks) mark.dataset.shown = "";
      const copy = svg.cloneNode(true);
      for (const mark of marks) delete mark.dataset.shown;
      copy.dataset.copy = both;
      // In a grid too, one after the other.
      copy.style.gridRow = "auto";
      for (const mark of copy.querySelectorAll("*:not(g, defs, clipPath, :is(defs, clipPath) *)"))
        if (!mark.closest("[data-shown]")) mark.remove();
      svg.before(copy);
    }}
    svg.dataset.spread = name;
    return name;
  }});
  const heights = names.map((name) => {{
    const copies = copiesOf(name).map((copy) => copy.getBoundingClientRect());
    return copies.at(-1).bottom - copies[0].top;
  }});
  return [names, Math.ceil(Math.max(0, ...heights)) + 1];
}}
"""
DRAWN = """
new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))
"""
# Brings the copies of a figure into the window, and gives the names and the place of each once they
# are drawn: a picture shows the last frame.
PLACE = f"""
async (figure) => {{
  {COPIES}
  const copies = copiesOf(figure);
  copies[0].scrollIntoView({{ behavior: "instant" }});
  await {DRAWN.strip()};
  return copies.map((copy) => {{
    const {{ x, y, width, height }} = copy.getBoundingClientRect();
    return [JSON.parse(copy.dataset.copy), {{ x: x + scrollX, y: y + scrollY, width, height }}];
  }});
}}
"""
GATHER = """
for (const copy of document.querySelectorAll("[data-copy]")) copy.remove();
for (const svg of document.querySelectorAll("[data-spread]")) delete svg.dataset.spread;
"""
MEASURE = f"""
(figures) => {{
  {EACH}
  const says = [];
  for (const [figure, svg] of each(figures)) {{
    const say = (what) => says.push(`${{figure}}: ${{what}}`);
    const box = svg.getBoundingClientRect();
    const scale = svg.getScreenCTM().a;
    for (const text of svg.querySelectorAll("text")) {{
      if (!text.getClientRects().length) continue;
      const size = parseFloat(getComputedStyle(text).fontSize) * scale;
      const at = text.getBoundingClientRect();
      if (size < 11) say(`'${{text.textContent}}' is ${{size.toFixed(1)}} pixels high`);
      const beside = Math.max(box.left - at.left, at.right - box.right);
      const out = Math.max(beside, box.top - at.top, at.bottom - box.bottom);
      if (out > 0.5) say(`'${{text.textContent}}' is cut off by ${{out.toFixed(1)}} pixels`);
    }}
    const sized = svg.getAttribute("width") > 0 && svg.getAttribute("height") > 0;
    if (svg.matches(".plot") && !sized) say("no width or height");
  }}
  return says;
}}
"""


def find_brightness(colour):
    """Return the luminance of a colour plus flare, as the guidelines (WCAG 2.2) reckon it."""
    parts = [part / 255 for part in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05


def find_contrast(picture):
    """Return the contrast of the strongest pixel of a picture with its corner, the background."""
    colours = picture.getcolors(picture.width * picture.height)
    seen = [find_brightness(colour) for _, colour in colours]
    background = find_brightness(picture.getpixel((1, 1)))
    return max(max(seen) / background, background / min(seen))


def find_pale(tab, figures=FIGURES):
    """Yield each kind of mark in each figure that does not stand out from the page, in a theme."""
    tab.set_viewport_size({"width": WIDE, "height": 900})
    # Each change of the theme makes the whole page be drawn anew.
    for theme in THEMES:
        tab.emulate_media(color_scheme=theme)
        tab.evaluate(NAME, [figures, theme])
    spread, tall = tab.evaluate(SPREAD, figures)
    # No taller than it must be: a picture of more takes longer.
    tab.set_viewport_size({"width": WIDE, "height": max(tall, 100)})
    # From the theme that is there already back to the other.
    for number, theme in reversed([*enumerate(THEMES)]):
        tab.emulate_media(color_scheme=theme)
        for figure in spread:
            pale = find_pale_names(tab, figure, number)
            yield from (f"{theme}: {figure}: {said}" for said in pale)
    tab.evaluate(GATHER)


def find_pale_names(tab, figure, number):
    """Yield the names, in the theme of this `number`, of marks of a spread figure that are pale."""
    copies = tab.evaluate(PLACE, figure)
    left, top = (min(place[side] for _, place in copies) for side in "xy")
    right = max(place["x"] + place["width"] for _, place in copies)
    bottom = max(place["y"] + place["height"] for _, place in copies)
    box = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    picture = Image.open(io.BytesIO(take_picture(tab, box, optimizeForSpeed=True))).convert("RGB")
    for names, place in copies:
        if not (name := names[number]):
            continue
        x, y = round(place["x"] - left), round(place["y"] - top)
        wide, high = int(place["width"]), int(place["height"])
        # Without the outermost pixels: where copies meet within one, it shows some of both.
        contrast = find_contrast(picture.crop((x + 1, y + 1, x + wide - 1, y + high - 1)))
        if name == "nothing" and contrast > 1:
            yield "something lies over it, and nothing is its own"
        elif name != "nothing" and contrast < (least := LEAST[name.split()[0]]):
            yield f"{name} has contrast {contrast:.2f}, not {least}"


def find_illegible(tab, figures=FIGURES):
    """Yield each label that is too small or cut off, and figures without a size."""
    yield from tab.evaluate(MEASURE, figures)


def find_unreadable(tab):
    """Yield what cannot be read of the figures of a page, in any of its looks."""
    yield from find_unreadable_among(tab, FIGURES)
    hidden = tab.evaluate(STILL)
    if (seen := tab.evaluate(COUNT, BEHIND)) != hidden:
        yield f"of {hidden} pictures behind figures {seen} are seen"
    if hidden:
        yield from find_unreadable_among(tab, BEHIND)


def find_unreadable_among(tab, figures):
    yield from find_pale(tab, figures)
    for width in (WIDE, PHONE):
        tab.set_viewport_size({"width": width, "height": 844})
        # Charts are drawn anew for another width.
        tab.evaluate(DRAWN)
        yield from (f"at {width}: {said}" for said in find_illegible(tab, figures))


def find_pale_behind(tab):
    tab.evaluate(STILL)
    yield from find_pale(tab, BEHIND)


LINE = "<style>.explore .line { stroke: #ddd !important }</style><article"
STROKE = "<style>.explore > svg.plot path { stroke: #ddd !important }</style><article"
HIDDEN = "<style>.explore > svg.plot { display: none !important }</style><article"
OVER = """
<p style="position: fixed; inset: 9rem; z-index: 9; background: linear-gradient(red, blue)">x</p>
"""


@pytest.mark.parametrize(
    ("find", "path", "before", "after", "said"),
    [
        (find_pale, "data", "var(--muted)", "#c8c8c8", "lines rgb(200, 200, 200) has contrast 1."),
        (find_pale, "data", "<text ", '<text fill="#aaa" ', "text rgb(170, 170, 170) has contrast"),
        (find_pale, "line", "<article", LINE, "chart 3: lines rgb(221, 221, 221) has contrast 1."),
        (find_pale_behind, "line", "<article", STROKE, "lines rgb(221, 221, 221) has contrast 1."),
        (find_unreadable, "line", "<article", HIDDEN, "of 1 pictures behind figures 0 are seen"),
        (find_pale, "data", "</article", f"{OVER}</article", "something lies over it"),
        (find_illegible, "data", "font-size: 14.5px", "font-size: 9px", "is 8.8 pixels high"),
        (find_illegible, "data", "<text ", '<text dx="900" ', "is cut off by"),
        (find_illegible, "data", ' width="', ' data-width="', "no width or height"),
    ],
)
def test_a_figure_that_cannot_be_read_is_caught(open_page, find, path, before, after, said):
    def plant(text):
        start = text.index("<article" if before == "<article" else '<svg class="plot"')
        return text[:start] + text[start:].replace(before, after)

    tab = open_page(f"{path}.html", plant=plant)
    arrive(tab)
    assert said in " ".join(find(tab))
