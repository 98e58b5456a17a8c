"""Does the site's search find the page that answers what people type?

Sphinx's search finds the pages that have every word of a query, each cut to its stem.
"""

import json
from pathlib import Path

import pytest
from sphinx.search.en import SearchEnglish

from tests.browser.opener import PHONE, wait_until

INDEX = Path(__file__).parents[2] / "docs" / "_build" / "html" / "searchindex.js"

# What people type, and the page with its answer.
ASKED = {
    "loss not decreasing": "trouble-loss",
    "loss nan": "trouble-loss",
    "inf": "trouble-loss",
    "loss is constant": "trouble-loss",
    "intercept not learning": "trouble-loss",
    "mean predictions": "trouble-loss",
    "zero_grad": "trouble-loss",
    "batch noise": "trouble-loss",
    "adam lr": "trouble-loss",
    "mat1 and mat2 shapes cannot be multiplied": "trouble-error",
    "element 0 of tensors does not require grad and does not have a grad_fn": "trouble-error",
    "a leaf Variable that requires grad is being used in an in-place operation": "trouble-error",
    "Trying to backward through the graph a second time": "trouble-error",
    "can't convert cuda:0 device type tensor to numpy": "trouble-error",
    "Boolean value of Tensor with more than one value is ambiguous": "trouble-error",
    "expected scalar type Double but found Float": "trouble-error",
    "'NoneType' object has no attribute 'zero_'": "trouble-error",
    "shape is invalid for input of size": "trouble-error",
    "Using a target size that is different to the input size": "trouble-error",
    "Expected all tensors to be on the same device": "trouble-error",
    "csv": "trouble-error",
    "text to number pandas": "trouble-error",
    "negative r2": "trouble-numbers",
    "unix time dates": "trouble-numbers",
    "collinear columns": "trouble-numbers",
    "sklearn coefficients differ": "trouble-numbers",
    "bias=False": "trouble-numbers",
    "seed different results": "trouble-numbers",
}


def read_index(text: str) -> dict:
    """Return what Sphinx's searchindex.js holds."""
    return json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))


def find_pages(index: dict, query: str) -> set[str]:
    """Return the pages that have every word of `query`, in their text or their titles.

    Raises ValueError for a query of nothing but words that Sphinx's search leaves out.
    """
    english = SearchEnglish({})
    # As searchtools.js: words that are too common or mere numbers do not count.
    words = [
        english.stem(word.lower())
        for word in english.split(query)
        if word.lower() not in english.stopwords and not word.isdigit()
    ]
    if not words:
        raise ValueError(f"{query!r} has no word that counts")
    having = [_pages_of(index, word) for word in words]
    return {index["docnames"][place] for place in set.intersection(*having)}


def _pages_of(index: dict, word: str) -> set[int]:
    found: set[int] = set()
    for part in ("terms", "titleterms"):
        places = index[part].get(word, [])
        found.update([places] if isinstance(places, int) else places)
    return found


@pytest.fixture(scope="module")
def index() -> dict:
    return read_index(INDEX.read_text(encoding="utf-8"))


@pytest.mark.parametrize("query", ASKED)
def test_what_people_type_finds_the_page_that_answers_it(index, query):
    assert ASKED[query] in find_pages(index, query)


# What the reader of the list sees first. Of pages that only have the word somewhere, none.
FIRST = {
    "nan": ["trouble-loss", "troubleshooting"],
    "loss not decreasing": ["trouble-loss", "troubleshooting"],
    "mat1 and mat2 shapes cannot be multiplied": [
        "trouble-error#mat1-and-mat2-shapes-cannot-be-multiplied"
    ],
    "intercept": ["glossary#term-intercept"],
    "momentum": ["glossary#term-momentum", "remedies#momentum"],
    "install": ["setup#install", "setup"],
}
RANK = """
(query) => Search._performSearch(...Search._parseQuery(query)).reverse()
  .map(([page, , anchor]) => page + anchor)
"""
EXCERPTS = "[...document.querySelectorAll('ul.search p.context')].map((one) => one.textContent)"


def test_the_search_shows_the_best_first_and_leaves_nothing_behind(open_page):
    tab = open_page("search.html", width=PHONE)
    for query, first in FIRST.items():
        found = tab.evaluate(RANK, query)
        assert found[: len(first)] == first, f"{query}: {found}"
    assert "outputs" not in tab.evaluate(RANK, "nan")
    # The page has its own field: on a phone the other one waits in the menu.
    field = tab.locator("article input[type=search]")
    field.fill("curvature")
    field.press("Enter")
    wait_until(tab, f"{EXCERPTS}.length > 2")
    for said in tab.evaluate(EXCERPTS):
        for aside in ("Back to top", "Download this page", "\\", "minutes"):
            assert aside not in said, said
    tab.locator("ul.search a").first.click()
    tab.wait_for_load_state()
    assert not tab.locator(".highlight-link").count()
    assert not tab.locator("article .highlighted").count()


def test_a_search_in_vain_says_what_to_do(open_page):
    tab = open_page("search.html?q=overfitted+unicorn")
    wait_until(tab, "document.querySelector('.search-summary')?.textContent")
    said = tab.locator(".search-summary").inner_text()
    assert "Try fewer" in said and "categories" not in said


PLANTED = {
    "docnames": ["errors", "losses"],
    "terms": {"mat1": 0, "shape": [0, 1], "multipli": 0, "loss": 1},
    "titleterms": {"error": 0},
}


def test_a_word_that_the_page_lacks_is_caught():
    assert find_pages(PLANTED, "mat1 shapes cannot be multiplied") == {"errors"}
    terms = {word: places for word, places in PLANTED["terms"].items() if word != "multipli"}
    assert find_pages(PLANTED | {"terms": terms}, "mat1 shapes cannot be multiplied") == set()


def test_words_are_found_by_their_stems_and_in_titles():
    assert find_pages(PLANTED, "an ERROR in the shapes") == {"errors"}


def test_a_query_of_common_words_alone_is_refused():
    with pytest.raises(ValueError, match="no word that counts"):
        find_pages(PLANTED, "not the")
