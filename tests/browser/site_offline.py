"""Does the site work without a network, under its own strict policy, and wherever it is put?

Each test that opens a page with `open_page` has the policy, a folder of its host and no network; it
fails at a request to elsewhere, an error or a violation. Here is shown that it does.
"""

import contextlib
import re

import pytest

from tests.browser.opener import wait_until
from tests.browser.server import FOLDER, HTML, read_policy


def plant_before_head_ends(tag):
    return lambda html: html.replace("</head>", f"{tag}</head>", 1)


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        (
            '<style>@font-face{font-family:f;src:url("https://fonts.example/f.woff2")}'
            "body{font-family:f}</style>",
            "font",
        ),
        ("<script>window.planted = 1</script>", "inline script"),
        ('<script src="https://cdn.example/x.js"></script>', "script"),
        ("<script>eval('1')</script>", "script"),
        ('<img src="https://pictures.example/x.png" alt="x">', "pictures.example"),
        ('<img src="/_static/favicon.svg" alt="x">', "not of the site"),
    ],
)
def test_a_request_to_elsewhere_or_a_script_in_the_page_is_caught(open_page, tag, said):
    open_page("line.html", plant=plant_before_head_ends(tag)).wait_for_timeout(200)
    assert open_page.problems
    assert said in " ".join(open_page.problems)
    open_page.problems.clear()


def test_the_policy_forbids_what_is_not_from_the_site():
    rules = dict(rule.split(" ", 1) for rule in read_policy().split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["img-src"] == "'self' data:"
    assert "unsafe" not in rules["script-src"]
    assert rules["script-src"].count("sha256-") == 1, "the theme writes one script, and we none"


def test_search_finds_a_word_from_the_box_of_any_page(open_page):
    tab = open_page("glossary.html")
    tab.get_by_role("textbox", name="Search").fill("intercept")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search.html**")
    tab.locator("#search-results li a", has_text="Why did training stop short?").first.click()
    tab.wait_for_url("**/convergence.html**")
    assert tab.locator("h1").inner_text().startswith("Why did training stop short?")


def test_formulas_are_drawn_with_fonts_of_the_site(open_page):
    tab = open_page("best.html", fresh=True)
    wait_until(tab, "document.fonts.check('16px KaTeX_Main')")
    faces = tab.evaluate("[...document.fonts].filter((f) => f.status == 'loaded').length")
    assert faces >= 2
    assert any("KaTeX_Math" in address for address in open_page.loaded)


@pytest.fixture(scope="module")
def tab(chromium):
    """A tab as a reader has it, without the policy."""
    with contextlib.closing(chromium.new_context()) as context:
        yield context.new_page()


def find_faults(tab, address):
    """Yield what is wrong with the page at `address`, opened in the browser's `tab`."""
    tab.goto("about:blank")  # so that nothing of the page before is heard
    heard = []
    listeners = {
        "pageerror": lambda error: heard.append(str(error)),
        "console": lambda message: (
            message.type == "error" and heard.append(f"{message.text} {message.location['url']}")
        ),
        "requestfailed": lambda request: heard.append(f"cannot load {request.url}"),
    }
    for event, listener in listeners.items():
        tab.on(event, listener)
    tab.goto(address)
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    yield from heard
    if not tab.evaluate("getComputedStyle(document.body).getPropertyValue('--trained')"):
        yield "the stylesheet is missing"
    if not tab.locator("h1").first.is_visible():
        yield "no title is shown"


# The page for lost visitors is shown by hosts only.
FILES = [path for path in sorted(HTML.glob("*.html")) if path.name != "404.html"]


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_each_page_works_from_the_disk(tab, file):
    faults = find_faults(tab, file.as_uri())
    # From a disk browsers load no module, so figures stay still, and no font ahead of its need.
    assert not [fault for fault in faults if not re.search("_static/(explore|katex/fonts)", fault)]
    assert tab.evaluate("[...document.fonts].every((font) => font.status != 'error')")


@pytest.mark.parametrize("path", ["nowhere", "nowhere.html", f"{FOLDER}far/nowhere.html"])
def test_a_lost_visitor_finds_home_from_any_depth(site, tab, path):
    faults = find_faults(tab, f"{site.host}{path}")
    # That the page itself is not there is what the browser is right to say.
    assert not [fault for fault in faults if "404" not in fault]
    tab.get_by_role("link", name="Set up").first.click()
    tab.wait_for_url(f"{site.host}setup.html")
