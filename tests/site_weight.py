"""Does every page load fast, on a slow line and for the first time?"""

import pytest

KIB = 1024
BUDGET = 300 * KIB
REQUESTS = 25
SHIFT = 0.01


def find_weight(open_page, page, **options):
    """Return bytes, requests and layout shift of the first visit, without compression."""
    tab = open_page(page, **options)
    tab.wait_for_timeout(300)
    return sum(open_page.loaded.values()), len(open_page.loaded), tab.evaluate("window.shifts")


def complain(page, size, requests, shift):
    if size > BUDGET:
        yield f"{page} loads {size / KIB:.0f} KiB, and its budget is {BUDGET / KIB:.0f}"
    if requests > REQUESTS:
        yield f"{page} asks for {requests} files, and its budget is {REQUESTS}"
    if shift > SHIFT:
        yield f"{page} moves by {shift:.3f} while it loads, and its budget is {SHIFT}"


@pytest.mark.parametrize("width", [1280, 390])
def test_each_page_keeps_its_budget(open_page, page, width, record_property):
    weight = find_weight(open_page, page, width=width)
    print(page, width, f"{weight[0] / KIB:.0f} KiB", f"{weight[1]} files", f"shift {weight[2]:.3f}")
    assert not [*complain(page, *weight)]
