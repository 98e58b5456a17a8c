"""Does a term say what it means where it stands, to everyone, and give way again?"""

import pytest

from tests.browser.opener import PHONE, wait_until

SHOWN = "[...document.querySelectorAll('.saying:popover-open')].map((one) => one.textContent)"
LINK = "a[aria-describedby=said-term-residual]"


@pytest.fixture(scope="module")
def residual():
    from bs4 import BeautifulSoup

    from tests.browser.server import HTML

    soup = BeautifulSoup((HTML / "glossary.html").read_text(encoding="utf-8"), "lxml")
    return soup.select_one("#term-residual").find_next("dd").get_text().strip()


def test_a_term_explains_itself_to_mouse_and_keyboard(open_page, residual):
    tab = open_page("best.html")
    link = tab.locator(LINK).first
    link.hover()
    wait_until(tab, f"{SHOWN}.length == 1")
    assert tab.evaluate(SHOWN) == [residual]
    # Whoever points at the sentence may read on; whoever leaves has read it.
    tab.locator(".saying:popover-open").hover()
    tab.wait_for_timeout(300)
    assert tab.evaluate(SHOWN) == [residual]
    tab.mouse.move(5, 5)
    wait_until(tab, f"{SHOWN}.length == 0")
    # By keyboard, and away again by the same.
    tab.evaluate(f"document.querySelector('{LINK}').closest('p').tabIndex = -1")
    tab.evaluate(f"document.querySelector('{LINK}').closest('p').focus()")
    tab.keyboard.press("Tab")
    wait_until(tab, f"{SHOWN}.length == 1")
    place = tab.locator(".saying:popover-open").bounding_box()
    under = link.bounding_box()
    assert abs(place["y"] - (under["y"] + under["height"])) < 30
    tab.keyboard.press("Escape")
    assert tab.evaluate(SHOWN) == []
    assert tab.evaluate("document.activeElement.getAttribute('href')").startswith("glossary.html#")
    # Paper has nothing to point with.
    link.hover()
    wait_until(tab, f"{SHOWN}.length == 1")
    tab.emulate_media(media="print")
    assert not tab.locator(".saying:popover-open").is_visible()


def test_a_tap_explains_a_term_and_keeps_the_place(open_page, residual):
    tab = open_page("best.html", width=PHONE, has_touch=True, is_mobile=True)
    link = tab.locator(LINK).first
    link.scroll_into_view_if_needed()
    link.tap()
    wait_until(tab, f"{SHOWN}.length == 1")
    assert tab.evaluate(SHOWN) == [residual]
    box = tab.locator(".saying:popover-open").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE
    assert tab.url.endswith("best.html")
    tab.locator("h1").tap()
    wait_until(tab, f"{SHOWN}.length == 0")
    link.tap()
    wait_until(tab, f"{SHOWN}.length == 1")
    link.tap()
    tab.wait_for_url("**/glossary.html#term-residual")


def test_without_scripts_a_term_leads_to_the_glossary(open_page):
    tab = open_page("best.html", java_script_enabled=False)
    tab.locator(LINK).first.click()
    assert tab.url.endswith("glossary.html#term-residual")
