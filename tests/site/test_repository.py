"""Can readers talk back, cite the site and take it along, where there is a way to?"""

import tomllib
import zipfile
from pathlib import Path

import lxml.html
import pytest
import yaml
from sphinx.errors import ConfigError

from press.build.downloads import pack
from press.build.repository import cite, read_citation, repository_of, talk_back
from press.pages import DOCS
from tests.site.building import build

ADDRESS = "https://github.com/someone/site"


def test_without_a_repository_a_page_offers_no_way_to_answer() -> None:
    assert talk_back("trainer", "docs/trainer/page.md", "") == ""


def test_with_a_repository_a_page_leads_to_its_own_text_and_to_a_report_about_it() -> None:
    links = lxml.html.fromstring(talk_back("trainer", "docs/trainer/page.md", f"{ADDRESS}/"))
    assert [link.get("href") for link in links.findall("a")] == [
        f"{ADDRESS}/issues/new?title=trainer%3A%20",
        f"{ADDRESS}/edit/main/docs/trainer/page.md",
        ADDRESS,
    ]


@pytest.mark.parametrize("address", ["github.com/someone/site", "https://example.org/a/b"])
def test_what_is_no_repository_on_github_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match="give one like https:"):
        repository_of(address)


def build_home(folder: Path, **settings: str) -> str:
    """Build a site of one page, which offers all that there is; return what its build warns of."""
    docs = folder / "docs"
    (folder / "CITATION.cff").write_bytes((DOCS.parent / "CITATION.cff").read_bytes())
    (docs / "html" / "notebooks").mkdir(parents=True)
    (docs / "html" / "notebooks" / "home.ipynb").write_text("{}")
    pages = {"home/page": "# Home\n\n```{downloads}\n```\n\n```{citation}\n```\n"}
    extensions = ["press.build.folders", "press.build.downloads", "press.build.repository"]
    return build(docs, extensions, pages, root_doc="home", **settings)


def test_a_page_offers_what_is_there(tmp_path: Path) -> None:
    book = tmp_path / "made.epub"
    book.write_bytes(b"a book")
    settings = {"repository": ADDRESS, "book_file": str(book), "html_baseurl": "https://x.org/"}
    assert build_home(tmp_path, **settings) == ""
    html = tmp_path / "docs" / "html"
    page = lxml.html.parse(html / "home.html").getroot()
    links = page.xpath("//a/@href")
    assert f"{ADDRESS}/edit/main/docs/home/page.md" in links
    assert {"linreg.epub", "notebooks/linreg-notebooks.zip"} <= {*links}
    assert (html / "linreg.epub").read_bytes() == b"a book"
    assert "url = {https://x.org/}" in page.text_content()


def test_a_page_offers_nothing_that_is_not_there(tmp_path: Path) -> None:
    assert build_home(tmp_path) == ""
    html = tmp_path / "docs" / "html"
    page = lxml.html.parse(html / "home.html").getroot()
    links = page.xpath("//a/@href")
    assert not [link for link in links if "github.com/someone" in link or "epub" in link]
    assert not (html / "linreg.epub").exists()


def test_a_book_that_is_missing_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="make the book first: nox -s epub"):
        build_home(tmp_path, book_file="gone.epub")
    assert not (tmp_path / "docs" / "html" / "home.html").exists()


def test_all_notebooks_come_in_one_file_of_the_same_bytes(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.ipynb").write_text(f'"{name}"')
    pack(tmp_path, tmp_path / "one.zip")
    (tmp_path / "a.ipynb").touch()
    pack(tmp_path, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        assert packed.namelist() == ["linreg-notebooks/a.ipynb", "linreg-notebooks/b.ipynb"]
        assert packed.read("linreg-notebooks/b.ipynb") == b'"b"'


def test_the_citation_names_the_version_and_licence_of_the_package() -> None:
    project = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = read_citation(DOCS.parent)
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])


def test_the_citation_on_the_page_says_what_the_file_says() -> None:
    said = "authors: [{name: A. Writer}]\ntitle: A title\nversion: 1.2.3\n"
    sentence, entry = cite(yaml.safe_load(said), "https://x.org/", "2031")
    assert sentence == "A. Writer (2031). A title. Version 1.2.3. https://x.org/"
    assert entry.splitlines()[1:3] == ["  author = {{A. Writer}},", "  title = {A title},"]
    sentence, entry = cite(yaml.safe_load(said), "", "")
    assert sentence == "A. Writer. A title. Version 1.2.3." and "year" not in entry
