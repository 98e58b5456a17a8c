"""Does a picture follow its story as the reader scrolls, and stand whole where it must not move?"""

import pytest

from tests.browser.opener import PHONE, WIDE, wait_until

PAGE = "convergence.html"
STEPS = ".story .steps > *"
# Scrolls until a step has come; a reader would, by wheel, finger or key.
COME = """
(number) => {
  const { top } = document.querySelectorAll(".story .steps > *")[number].getBoundingClientRect();
  scrollBy({ top: top - 0.7 * innerHeight, behavior: "instant" });
}
"""
POINT = """
(() => {
  const { x, y, width, height } = document.querySelector(".story .point").getBBox();
  return width && [x + width / 2, y + height / 2];
})()
"""
# Gives which parts of the picture are seen.
SEEN = """
[...document.querySelectorAll(".story [id*='-story-']")]
  .filter((part) => part.checkVisibility({ visibilityProperty: true }))
  .map(({ id }) => id.replace(/.*-story-/, ""))
"""
CUT = """
[...document.querySelectorAll(".story [id$='-run'] path")]
  .filter((path) => getComputedStyle(path).strokeDasharray != "none").length
"""
PARTS = {"1-start", "1-name", "2-run", "2-dots", "3-ahead", "3-name", "4-run", "4-end", "4-name"}
# Tells whether all of the picture is in the window, and apart from the words of a step.
COVERS = """
(number) => {
  const [picture, step] = [
    document.querySelector(".story svg.plot"),
    document.querySelectorAll(".story .steps > *")[number],
  ].map((node) => node.getBoundingClientRect());
  const within = picture.top >= 0 && picture.bottom <= innerHeight;
  const beside = step.left >= picture.right;
  return { within, apart: beside || step.top >= picture.bottom };
}
"""


def follow(tab):
    """Come to each step in turn; return where the point comes to rest there."""
    places = []
    for number in range(tab.locator(STEPS).count()):
        tab.evaluate(COME, number)
        here = f"document.querySelectorAll('{STEPS}')[{number}].matches('.here')"
        wait_until(tab, here)
        last = None
        while last != (last := tab.evaluate(POINT)):
            tab.wait_for_timeout(150)
        places.append(last)
    return places


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_point_follows_the_reader_down_and_along_the_valley(open_page, width):
    tab = open_page(PAGE, width=width)
    tab.set_viewport_size({"width": width, "height": 720})
    tab.evaluate(COME, 0)
    wait_until(tab, f"{SEEN}.length == 2")
    assert {*tab.evaluate(SEEN)} == {"1-start", "1-name"}
    start, down, turn, crawl = follow(tab)
    assert start[1] - down[1] > 100 and abs(down[0] - start[0]) < 2, "it falls across the valley"
    assert turn == down, "it stands while the words say where the way goes"
    assert crawl[0] - turn[0] > 10 and abs(crawl[1] - turn[1]) < 5, "it moves along the floor"
    assert {*tab.evaluate(SEEN)} == PARTS
    assert tab.evaluate(COVERS, 3) == {"within": True, "apart": True}
    # It goes back with the reader.
    tab.evaluate(COME, 1)
    wait_until(tab, f"{SEEN}.length == 4")
    assert tab.evaluate(POINT) == down


def test_a_story_stands_whole_where_nothing_should_move(open_page):
    still = open_page(PAGE, reduced_motion=True)
    without = open_page(PAGE, java_script_enabled=False, width=PHONE)
    paper = open_page(PAGE)
    paper.emulate_media(media="print")
    for tab in (still, without, paper):
        assert {*tab.evaluate(SEEN)} == PARTS
        assert tab.evaluate(CUT) == 0, "all of each run is drawn"
        assert not tab.locator(".story .point:visible").count()
        assert tab.locator(f"{STEPS}:visible").count() == 4
        heights = [box["height"] for box in (s.bounding_box() for s in tab.locator(STEPS).all())]
        assert max(heights) < 350, "no step keeps room for a scroll that moves nothing"
    # Motion may come to be unwelcome while a page is read.
    paper.emulate_media(media="screen")
    wait_until(paper, f"{SEEN}.length < 9")
    paper.emulate_media(reduced_motion="reduce")
    wait_until(paper, f"{SEEN}.length == 9")


def test_a_point_that_stays_behind_is_caught(open_page):
    def plant(text):
        return text.replace("-story-4-run", "-story-4-walk")

    tab = open_page(PAGE, plant=plant)
    *_, turn, crawl = follow(tab)
    assert turn == crawl
