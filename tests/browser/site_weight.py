"""Does every page load fast, on a slow line and for the first time?"""

import pytest

from tests.browser.conftest import PHONE, arrive

KIB = 1024
BUDGET = 300 * KIB
REQUESTS = 25
SHIFT = 0.01


def find_weight(open_page, page, **options):
    """Return bytes, requests and layout shift of the first visit, without compression.

    The shift is that of the whole page, with all interactive figures that the visitor comes to.
    """
    tab = open_page(page, fresh=True, **options)
    tab.wait_for_timeout(150)
    loaded = [*open_page.loaded.values()]
    arrive(tab)
    return sum(loaded), len(loaded), tab.evaluate("window.shifts")


def complain(page, size, requests, shift):
    if size > BUDGET:
        yield f"{page} loads {size / KIB:.0f} KiB, and its budget is {BUDGET / KIB:.0f}"
    if requests > REQUESTS:
        yield f"{page} asks for {requests} files, and its budget is {REQUESTS}"
    if shift > SHIFT:
        yield f"{page} moves by {shift:.3f} while it loads, and its budget is {SHIFT}"


def test_each_page_keeps_its_budget(open_page, page):
    wide = find_weight(open_page, page)
    open_page.loaded.clear()
    phone = find_weight(open_page, page, width=PHONE, has_touch=True)
    for width, (size, requests, shift) in (("wide", wide), ("phone", phone)):
        print(f"{page:22} {width:5} {size / KIB:4.0f} KiB {requests:3} files, shift {shift:.4f}")
    assert not [*complain(page, *wide), *complain(page, *phone)]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ('<img src="planted.png" width="1" height="1" alt="">', "KiB, and its budget is 300"),
        (
            "".join(f'<link rel="preload" as="image" href="planted.png?{n}">' for n in range(30)),
            "files",
        ),
        (
            "<style>@keyframes grow { to { height: 300px } }</style>"
            '<div style="height: 0; animation: grow 0.1s forwards"></div>',
            "moves by",
        ),
        (
            "<style>.explore:not(.ready) > :last-child { display: none !important }</style>",
            "moves by",
        ),
    ],
)
def test_a_page_over_its_budget_is_caught(open_page, fault, said):
    """By a picture of 400 KiB, thirty small ones, what grows, and a figure without its room."""
    open_page.extra = {"**/planted.png": bytes(400 * KIB), "**/planted.png?*": b"small"}
    page = "line.html"
    weight = find_weight(
        open_page, page, plant=lambda text: text.replace("<article", f"{fault}<article", 1)
    )
    assert said in " ".join(complain(page, *weight))
