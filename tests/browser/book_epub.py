"""Is the e-book whole, with every page, every figure and every formula?"""

import posixpath
import zipfile

import pytest
from lxml import etree

from press.pages import find_pages
from tests.browser.server import ROOT

BOOK = ROOT / "docs" / "_build" / "epub" / "linreg.epub"
PAGES = [*find_pages()]
HTML = "{http://www.w3.org/1999/xhtml}"
MATHML = "{http://www.w3.org/1998/Math/MathML}math"


@pytest.fixture(scope="module")
def book():
    with zipfile.ZipFile(BOOK) as book:
        yield {name: book.read(name) for name in book.namelist()}


def chapters(book):
    return {name: etree.fromstring(text) for name, text in book.items() if name.endswith(".xhtml")}


def test_it_begins_as_an_epub_must(book):
    assert next(iter(book)) == "mimetype"
    assert book["mimetype"] == b"application/epub+zip"


def test_it_holds_every_page(book):
    names = {posixpath.splitext(posixpath.basename(name))[0] for name in book}
    assert set(PAGES) <= names
    order = book[next(name for name in book if name.endswith("content.opf"))].decode()
    assert all(f'href="{page}.xhtml"' in order for page in PAGES)
    contents = book["nav.xhtml"].decode()
    assert all(f'href="{page}.xhtml"' in contents for page in PAGES)


def test_each_chapter_is_well_formed_and_asks_for_nothing_that_is_missing(book):
    for name, chapter in chapters(book).items():
        for tag in chapter.iter(f"{HTML}img", f"{HTML}link", f"{HTML}script"):
            address = tag.get("src") or tag.get("href")
            place = posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
            assert place.split("?")[0] in book, f"{name} asks for {address}"


def test_formulas_are_mathml_and_figures_are_there(book):
    formulas = figures = 0
    for chapter in chapters(book).values():
        formulas += len(chapter.findall(f".//{MATHML}"))
        for figure in chapter.iter(f"{HTML}figure"):
            figures += 1
            assert figure.find(".//{http://www.w3.org/2000/svg}svg") is not None
        assert "katex-html" not in etree.tostring(chapter, encoding="unicode")
    print(f"{formulas} formulas, {figures} figures")
    assert formulas > 100
    assert figures > 20
