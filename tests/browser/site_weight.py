"""Does every page load fast, on a slow line and for the first time, and stay still meanwhile?

Each page is asked in site_pages.py; here is shown what is caught.
"""

import re
from pathlib import Path

import matplotlib
import pytest

from tests.browser.opener import SLOW_PHONE, arrive, wait_until

KIB = 1024
# As hosts send it: text compressed.
BUDGET = 100 * KIB
REQUESTS = 30
SHIFT = 0.01


# What draws figures comes when the reader comes near them, as early as the machine is fast.
FIGURE_BUDGET = 60 * KIB


def of_figures(address):
    return re.search(r"/_static/explore/(?!main\.)[\w-]+\.js", address) is not None


def find_weight(open_page):
    """Yield where the first visit of a page loads more than its budget, figures apart."""
    sizes = [size for address, size in open_page.loaded.items() if not of_figures(address)]
    print(f"{sum(sizes) / KIB:.0f} KiB, {len(sizes)} files")
    assert sizes
    if sum(sizes) > BUDGET:
        yield f"loads {sum(sizes) / KIB:.0f} KiB, and its budget is {BUDGET / KIB:.0f}"
    if len(sizes) > REQUESTS:
        yield f"asks for {len(sizes)} files, and its budget is {REQUESTS}"


def find_figure_weight(open_page):
    """Yield if the scripts of all figures of a page, which have arrived, are too large."""
    sizes = [size for address, size in open_page.loaded.items() if of_figures(address)]
    size = sum(sizes)
    print(f"{size / KIB:.0f} KiB in {len(sizes)} scripts of figures")
    if size > FIGURE_BUDGET:
        yield f"has {size / KIB:.0f} KiB of scripts, and their budget is {FIGURE_BUDGET / KIB:.0f}"


def find_jumps(tab):
    """Yield how far things moved by themselves, from the first paint to the last figure."""
    shift = tab.evaluate(
        "new Promise((drawn) => requestAnimationFrame(() => setTimeout(() => drawn(shifts), 50)))"
    )
    print(f"shift {shift:.4f}")
    if shift > SHIFT:
        yield f"moves by {shift:.3f} while it loads, and its budget is {SHIFT}"


# Whether a page takes its first step before or after it is first drawn depends on the line.
STEP = """
(() => {
  const root = document.documentElement;
  const parts = [...document.querySelectorAll("article > *, article section > *")];
  const before = parts.map((part) => part.getBoundingClientRect().top);
  root.classList.add("no-js");
  const moved = parts.filter((part, i) => part.getBoundingClientRect().top != before[i]);
  root.classList.remove("no-js");
  return moved.map((part) => part.outerHTML.slice(0, 80));
})()
"""


def find_steps(tab):
    """Yield the first thing that moves when the theme's script starts."""
    yield from (f"moves when the script starts: {part}" for part in tab.evaluate(STEP)[:1])


def plant_before_article(fault):
    return lambda text: text.replace("<article", f"{fault}<article", 1)


# A picture of 110 KiB, and thirty-five small ones.
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ('<img src="planted.png" width="1" height="1" alt="">', "KiB, and its budget is 100"),
        (
            "".join(f'<link rel="preload" as="image" href="planted.png?{n}">' for n in range(35)),
            "files, and its budget is 30",
        ),
    ],
)
def test_a_page_over_its_budget_is_caught(open_page, fault, said):
    open_page.extra = {"**/planted.png": bytes(110 * KIB), "**/planted.png?*": b"small"}
    open_page("line.html", fresh=True, plant=plant_before_article(fault)).wait_for_timeout(150)
    assert said in " ".join(find_weight(open_page))


def test_figures_over_their_budget_are_caught(open_page):
    open_page.extra = {"**/planted.js": bytes(60 * KIB)}
    fault = '<link rel="preload" as="image" href="_static/explore/planted.js">'
    tab = open_page("line.html", fresh=True, plant=plant_before_article(fault))
    arrive(tab)
    assert "KiB of scripts, and their budget is 60" in " ".join(find_figure_weight(open_page))
    assert not [*find_weight(open_page)]


# A font that comes after the text has been drawn, and makes it shorter.
LATE = """
<style>
@font-face { font-family: Late; src: url(late.ttf);
  font-display: swap; size-adjust: 50%; }
article p { font-family: Late, sans-serif !important }
</style>
"""


# What grows, a figure without its room, and a font that comes late.
@pytest.mark.parametrize(
    "fault",
    [
        "<style>@keyframes grow { to { height: 300px } }</style>"
        '<div style="height: 0; animation: grow 0.5s 2s forwards"></div>',
        "<style>.explore:not(.ready) > :last-child { display: none !important }</style>",
        LATE,
    ],
)
def test_a_page_that_moves_while_it_loads_is_caught(open_page, fault):
    # The site's own fonts have hardly a letter; matplotlib brings a whole one.
    letters = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    open_page.extra = {"**/late.ttf": letters.read_bytes()}
    tab = open_page("line.html", slow=True, plant=plant_before_article(fault), **SLOW_PHONE)
    arrive(tab)
    wait_until(tab, "document.getAnimations().every((one) => one.playState == 'finished')")
    wait_until(tab, "document.fonts.status == 'loaded'")
    assert "moves by" in " ".join(find_jumps(tab))


def test_a_page_that_moves_when_the_script_starts_is_caught(open_page):
    fault = "<style>.no-js .theme-toggle-content { display: block !important; width: 9rem }</style>"
    tab = open_page("best.html", plant=plant_before_article(fault), **SLOW_PHONE)
    assert "moves when" in " ".join(find_steps(tab))
