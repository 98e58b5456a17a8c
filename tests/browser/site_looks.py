"""Can everyone read every page: in both themes, on any screen, by keyboard, by ear?

Each page is asked in site_pages.py; here is shown what is caught, and what is the same on all.
"""

import functools
import re

import pytest

from press.tools import npm
from tests.browser.opener import PHONE, THEMES, arrive, wait_until


@functools.cache
def read_axe():
    return (npm.package("browser", "axe-core") / "axe.min.js").read_text(encoding="utf-8")


# By all rules that it follows by itself, and by one that it does not yet. What passes need not be
# described, which takes long.
ASK_AXE = """
(contrast) => axe.run({
  reporter: "no-passes",
  rules: { "target-size": { enabled: true }, "color-contrast": { enabled: contrast } },
}).then((found) => found.violations)
"""


def find_violations(tab, *, contrast=False):
    """Yield what axe-core finds, with all folds open.

    contrast: whether of colours, too; it takes a third of the time, and `find_pale` asks the same.
    """
    tab.evaluate(OPEN_FOLDS)
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(read_axe())
    for violation in tab.evaluate(ASK_AXE, contrast):
        for node in violation["nodes"]:
            yield f"{violation['id']}: {violation['help']}: {node['html'][:200]}"


# The contrast of each text, and of what a field holds, with the nearest background, as the
# guidelines (WCAG 2.2) reckon it. A mark hangs below the bar that holds it, on another ground.
PALE = """
(least) => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (parts) => parts
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (at) => {
    const colour = getComputedStyle(at).backgroundColor;
    if ((numbers(colour)[3] ?? 1) > 0.5) return colour;
    return at.parentElement ? ground(at.parentElement) : "rgb(255, 255, 255)";
  };
  // How much of its colour an element shows, and not of what is behind it.
  const opacity = (at) => at ? getComputedStyle(at).opacity * opacity(at.parentElement) : 1;
  const pale = new Map();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const holders = [...document.querySelectorAll("select, textarea, input")]
    .filter((field) => !["range", "radio", "checkbox", "file"].includes(field.type));
  while (texts.nextNode())
    if (texts.currentNode.data.trim()) holders.push(texts.currentNode.parentElement);
  for (const at of new Set(holders)) {
    const aside = at.closest("svg, script, style, .katex-mathml, [disabled], .mark");
    const shown = at.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (aside || !shown) continue;
    const { color } = getComputedStyle(at);
    const behind = numbers(ground(at)).slice(0, 3);
    const [red, green, blue, alpha = 1] = numbers(color);
    const part = alpha * opacity(at);
    const seen = [red, green, blue].map((own, i) => own * part + behind[i] * (1 - part));
    const [a, b] = [luminance(seen), luminance(behind)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least) pale.set(color, `${ratio.toFixed(2)}: ${at.outerHTML.slice(0, 120)}`);
  }
  return [...pale.values()];
}
"""


def find_pale(tab):
    """Yield texts below 4.5 to one, in folds too, and below 7 where more contrast is wished."""
    tab.evaluate(OPEN_FOLDS)
    tab.emulate_media(reduced_motion="reduce")
    yield from (f"has contrast {pale}" for pale in tab.evaluate(PALE, 4.5))
    tab.emulate_media(contrast="more", reduced_motion="reduce")
    yield from (f"with more contrast still {pale}" for pale in tab.evaluate(PALE, 7))
    tab.emulate_media(contrast="no-preference")


OPEN_FOLDS = "document.querySelectorAll('details').forEach((fold) => { fold.open = true })"


# Each breaks one of axe-core's rules, and none of the others'.
LEAVING_OUT = [
    (r'<svg class="plot" role="img" aria-label="[^"]*"', '<svg role="img"', "svg-img-alt"),
    (r"(?=<section id)", '<img src="_static/favicon.svg">', "image-alt"),
    (r"(?=<section id)", '<p style="color:#aaa;background:#fff">pale</p>', "color-contrast"),
    (r"(?=<section id)", '<button class="planted"></button>', "button-name"),
    (r'<pre tabindex="0">', '<pre style="width:9rem">', "scrollable-region-focusable"),
]


def test_a_page_that_leaves_someone_out_is_caught(open_page):
    def plant(text):
        for place, fault, _ in LEAVING_OUT:
            text, count = re.subn(place, fault, text, count=1)
            assert count, fault
        return text

    tab = open_page("line.html", plant=plant)
    found = {said.split(":")[0] for said in find_violations(tab, contrast=True)}
    assert {rule for *_, rule in LEAVING_OUT} <= found


def test_what_a_finger_cannot_meet_alone_is_caught(open_page):
    size = "".join(f"{side}: 9px !important; min-{side}: 0;" for side in ("width", "height"))
    button = f'<button style="padding: 0; {size}" aria-label="x"></button>'
    tab = open_page(
        "line.html", plant=lambda text: text.replace("<section", 2 * button + "<section")
    )
    assert "target-size" in {said.split(":")[0] for said in find_violations(tab)}


# The bars at the sides of each page, which a phone hides, and what readers move on a wide screen.
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", ["line", "explore", "your-data"])
def test_what_a_wide_screen_shows_leaves_no_one_out(open_page, path, theme):
    tab = open_page(f"{path}.html", theme=theme)
    arrive(tab)
    assert not [*find_violations(tab, contrast=True)]


MOVING = """
[...document.querySelectorAll("*")].filter((element) => ["", "::before", "::after"].some((part) => {
  const style = getComputedStyle(element, part || null);
  const lasts = (times) => times.split(", ").some((time) => parseFloat(time) > 0);
  return lasts(style.transitionDuration) || (style.animationName != "none")
    || style.scrollBehavior == "smooth";
})).map((element) => element.outerHTML.slice(0, 120))
"""


SILENT = """
[
  ...[...document.querySelectorAll(".katex")].filter((formula) =>
    !formula.querySelector(".katex-mathml > math annotation")?.textContent.trim()
    || formula.querySelector(".katex-html").getAttribute("aria-hidden") != "true"),
  ...[...document.querySelectorAll("figure svg, figure img")].filter((picture) =>
    (picture.getAttribute("aria-label") || picture.alt || "").length < 40),
].map((element) => element.outerHTML.slice(0, 120))
"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


# Writes down each element that gets the focus, and whether a reader can see that it has it.
FOLLOW = """
window.visited = [];
document.querySelectorAll("details").forEach((fold) => { fold.open = true });
document.addEventListener("focusin", ({ target }) => {
  const style = getComputedStyle(target);
  const seen = (style.outlineStyle != "none" && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow != "none";
  window.visited.push([target, seen]);
});
"""
TAB_KEY = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
# From the last link the focus leaves the page, and comes again at its start.
ROUND = "window.visited.slice(1).some(([element]) => element == window.visited[0][0])"
# The theme's own link to the top is there only after scrolling up.
AT_THE_TOP = "!document.documentElement.classList.contains('show-back-to-top')"
REACHABLE = """
const targets = "a[href], button, input, select, textarea, summary, [tabindex='0']";
const shown = (element) => element.checkVisibility({ visibilityProperty: true })
  && element.getClientRects().length > 0 && !element.disabled && element.tabIndex >= 0
  && (element.type != "radio" || element.checked);
const name = (element) => element.outerHTML.slice(0, 150);
const reached = new Set(window.visited.map(([element]) => element));
return [
  ...[...document.querySelectorAll(targets)]
    .filter((element) => shown(element) && !reached.has(element))
    .map((element) => `not reached: ${name(element)}`),
  ...window.visited.filter(([, seen]) => !seen).map(([element]) => `not seen: ${name(element)}`),
];
"""


# Gives the focus to all that takes it, and then to nothing. The keyboard was used last, so that it
# shows as if by a key.
FOCUS = """
for (const element of document.querySelectorAll("body *:not([tabindex^='-'])"))
  element.focus({ preventScroll: true });
document.activeElement.blur();
"""


def find_unreachable(tab):
    """Yield what the tab key leaves out, and what does not show that it has the focus."""
    # Each press scrolls at once, and not still when the next one comes.
    tab.emulate_media(reduced_motion="reduce")
    figures = tab.locator(".explore").all()
    for figure in figures:
        figure.scroll_into_view_if_needed()
        figure.locator("svg.chart").first.wait_for()
    tab.evaluate("scrollTo(0, 0)")
    tab.evaluate(OPEN_FOLDS)
    tab.evaluate(FOLLOW)
    session = tab.context.new_cdp_session(tab)
    session.send("Input.dispatchKeyEvent", TAB_KEY)
    # Only the scripts of figures hear keys, and may keep the focus or lead it elsewhere.
    if not figures:
        tab.evaluate(FOCUS)
    for _ in range(100 if figures else 0):
        if tab.evaluate(ROUND):
            break
        for _ in range(20):
            session.send("Input.dispatchKeyEvent", TAB_KEY)
    tab.evaluate("scrollTo(0, 0)")
    wait_until(tab, AT_THE_TOP)
    yield from tab.evaluate(f"(() => {{ {REACHABLE} }})()")


def find_moving(tab):
    """Yield what moves though the reader asked for less motion."""
    tab.emulate_media(reduced_motion="reduce")
    yield from (f"moves: {element}" for element in tab.evaluate(MOVING))
    tab.emulate_media(reduced_motion="no-preference")


def find_sideways(tab):
    """Yield a sentence if the smallest phone has to scroll the page sideways."""
    tab.set_viewport_size({"width": 320, "height": 640})
    tab.evaluate(OPEN_FOLDS)
    if hidden := tab.evaluate(SIDEWAYS):
        yield f"is {hidden} pixels wider than a small phone"


# A heading's own link is not seen before the mouse is there, and may need no room.
HOLLOW = """
[...document.querySelectorAll("article :is(h1, h2, h3, h4) > .headerlink")].filter((link) => {
  const heading = link.parentElement;
  const before = heading.offsetHeight;
  link.style.setProperty("display", "none", "important");
  const after = heading.offsetHeight;
  link.style.removeProperty("display");
  return before != after;
}).map((link) => link.parentElement.innerText)
"""


def find_hollow(tab):
    """Yield the headings that have a line for nothing but their own link."""
    yield from (f"has an empty line: {heading}" for heading in tab.evaluate(HOLLOW))


PARTED = """
[...document.querySelectorAll(".with-mark")].filter((pair) => {
  const formula = pair.querySelector(".katex-base:only-child");
  const mark = document.createRange();
  mark.selectNode(pair.lastChild);
  return formula && mark.getBoundingClientRect().top > formula.getBoundingClientRect().bottom;
}).map((pair) => pair.parentElement.textContent.slice(-120))
"""


def find_parted(tab):
    """Yield the sentences in which a line begins with the comma that ends a formula."""
    tab.set_viewport_size({"width": PHONE, "height": 844})
    tab.evaluate(OPEN_FOLDS)
    yield from (f"a line begins with a mark: {sentence}" for sentence in tab.evaluate(PARTED))


def find_silent(tab):
    """Yield the formulas and figures of which a screen reader says nothing."""
    yield from (f"says nothing: {element}" for element in tab.evaluate(SILENT))


@pytest.mark.parametrize(
    ("find", "place", "fault", "said"),
    [
        (find_pale, "<section", '<p style="color:#666;background:#fff">x</p><section', "5.74"),
        (find_pale, "<section", '<p style="opacity:0.64"><b>x</b></p><section', "more contrast"),
        (find_pale, "<section", '<input value="x" style="color:#707070"><section', "more contrast"),
        (find_moving, "<section", '<p style="transition:color 1s !important">x</p><section', "mov"),
        (find_sideways, "<footer", '<p style="width:400px;position:absolute">x</p><footer', "wide"),
        (
            find_parted,
            'class="with-mark"',
            'class="with-mark" style="display: block; white-space: normal; width: 1px"',
            "begins with a mark",
        ),
        (
            find_hollow,
            "<section",
            "<style>h1 > .headerlink { display: block !important; position: static !important }"
            "</style><section",
            "an empty line",
        ),
        (find_silent, '<span class="katex-mathml">', "<span>", "says nothing"),
        (find_silent, 'role="img" aria-label="', 'role="img" aria-label="" was="', "says nothing"),
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_used_in_some_way_is_caught(open_page, find, place, fault, said):
    tab = open_page("line.html", plant=lambda text: text.replace(place, fault, 1))
    (problem,) = find(tab)
    assert said in problem


def test_a_text_that_is_pale_in_the_dark_is_caught(open_page):
    rule = "@media (prefers-color-scheme: dark) { .planted { color: #777 } }"
    fault = f'<style>{rule}</style><p class="planted">x</p>'
    for theme, said in (("light", []), ("dark", ["has contrast 4", "with more contrast still 4"])):
        tab = open_page(
            "line.html", theme=theme, plant=lambda text: text.replace("<h1", f"{fault}<h1")
        )
        found = [*find_pale(tab)]
        assert len(found) == len(said)
        assert all(one.startswith(start) for one, start in zip(found, said, strict=True)), found


# On a page with a figure, which keys walk through, and on one without.
@pytest.mark.parametrize("path", ["line", "trainer"])
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            '<style>#u:focus { outline: none !important }</style><a href="#" id="u">x</a>',
            "not seen",
        ),
        ('<div inert><button style="position: fixed">x</button></div>', "not reached"),
    ],
)
def test_what_the_keyboard_cannot_use_is_caught(open_page, path, fault, said):
    tab = open_page(
        f"{path}.html", plant=lambda text: text.replace("<section", f"{fault}<section", 1)
    )
    (problem,) = find_unreachable(tab)
    assert said in problem


def test_the_keyboard_alone_does_all_that_a_mouse_does(open_page):
    tab = open_page("trainer.html")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.innerText") == "Skip to content"
    tab.keyboard.press("Enter")
    assert tab.evaluate("location.hash") == "#furo-main-content"
    copy = tab.locator("button.copybtn").first
    copy.focus()
    tab.keyboard.press("Enter")
    assert "import torch" in tab.evaluate("navigator.clipboard.readText()")
    before = tab.evaluate("document.body.dataset.theme")
    tab.locator(".theme-toggle:visible").first.focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.body.dataset.theme") != before


def test_code_scrolls_by_keyboard(open_page):
    tab = open_page("trainer.html", width=320)
    long = tab.locator("div.highlight pre").first
    long.focus()
    for _ in range(5):
        tab.keyboard.press("ArrowRight")
    wait_until(tab, "document.activeElement.scrollLeft > 0")


def test_the_menu_of_a_phone_opens_by_keyboard(open_page):
    tab = open_page("trainer.html", width=PHONE)
    for _ in range(12):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.innerText") == "Set up":
            break
    wait_until(tab, "document.activeElement.getBoundingClientRect().left >= 0")
