"""Does every link lead somewhere?"""

import functools
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest

from press.pages import find_pages
from tests.browser.server import HTML, ROOT


@functools.cache
def read_page(path):
    return lxml.html.parse(path).getroot()


@functools.cache
def read_anchors(path):
    return {*read_page(path).xpath("//@id | //a/@name")}


def find_broken(tree, page, folder=HTML):
    """Yield a sentence for each link or file of `page` that leads nowhere."""
    for address in tree.xpath("//@href | //@src"):
        parts = urlsplit(address)
        if parts.scheme == "data" or address in ("", "#"):
            continue
        if parts.scheme or parts.netloc:
            if parts.scheme != "https":
                yield f"{page} links to {address}, which is not https"
            continue
        path = posixpath.normpath(posixpath.join("/", unquote(parts.path) or page)).lstrip("/")
        target = folder / (path if path not in ("", ".") else "index.html")
        if not target.is_file():
            yield f"{page} links to {address}, and there is no such file"
        elif parts.fragment and target.suffix == ".html":
            own = target == folder / page
            anchors = tree.xpath("//@id") if own else read_anchors(target)
            if unquote(parts.fragment) not in anchors:
                yield f"{page} links to {address}, and there is no such place"


def test_each_link_of_a_page_leads_somewhere(page):
    assert not [*find_broken(read_page(HTML / page), page)]


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ('<a href="lime.html">', "lime.html, and there is no such file"),
        ('<a href="line.html#as-a-formular">', "no such place"),
        ('<a href="#no-such-heading">', "no such place"),
        ('<a href="http://pytorch.org/">', "not https"),
        ('<img src="_static/gone.png">', "no such file"),
    ],
)
def test_a_broken_link_is_caught(link, said):
    text = (HTML / "line.html").read_text(encoding="utf-8")
    broken = lxml.html.fromstring(text.replace("<article", f"{link}<article", 1))
    (problem,) = find_broken(broken, "line.html")
    assert said in problem


def find_missing(text):
    """Yield each file of the project that a `text` names and that is not there."""
    for path in re.findall(r"\b(?:docs|linreg|tests)/[\w./]+\.(?:css|js|md|py|toml|txt)\b", text):
        built_or_any = {"_build", "x", "name"} & {*Path(path).with_suffix("").parts}
        if not built_or_any and not (ROOT / path).is_file():
            yield path


def test_each_file_that_pages_and_readme_name_is_there():
    for page in (ROOT / "README.md", *find_pages().values()):
        assert not [*find_missing(page.read_text(encoding="utf-8"))], page.name
    assert [*find_missing("`docs/x.md`, `tests/site_lines.py`")] == ["tests/site_lines.py"]


def test_a_published_site_says_where_it_is(tmp_path):
    """Built with an address in a folder of a host, from pages without code."""
    skip = shutil.ignore_patterns("_build")
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=skip)
    shutil.copytree(ROOT / "linreg", tmp_path / "linreg")
    shutil.copy(ROOT / "noxfile.py", tmp_path)
    (tmp_path / "docs" / "_build").mkdir()
    (tmp_path / "docs" / "_build" / "npm").symlink_to(HTML.parent / "npm")
    for page in find_pages(tmp_path / "docs").values():
        if page.stem != "index":
            page.write_text(f"# {page.stem}\n", encoding="utf-8")
    index = tmp_path / "docs" / "index" / "page.md"
    lists = re.findall(r"```\{toctree\}.*?```", index.read_text(encoding="utf-8"), re.DOTALL)
    index.write_text("# linreg\n\n" + "\n\n".join(lists), encoding="utf-8")
    html = tmp_path / "html"
    address = "https://host.example/some/where/"
    options = ("-q", "-E", "-D", "nb_execution_mode=off")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, tmp_path / "docs", html],
        env={"PATH": "/usr/bin:/bin", "LINREG_URL": address, "SOURCE_DATE_EPOCH": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    pages = {path.name for path in html.glob("*.html")} - {"404.html", "search.html"}
    listed = re.findall(r"<loc>(.*?)</loc>", (html / "sitemap.xml").read_text(encoding="utf-8"))
    assert {address + page for page in pages} <= set(listed)
    assert all(place.startswith(address) for place in listed)
    lost = read_page(html / "404.html")
    own = lost.xpath("//link/@href | //script/@src")
    assert own
    assert all(place.startswith(("/some/where/", address)) for place in own)
    home = read_page(html / "index.html")
    assert home.xpath("//link[@rel='canonical']/@href") == [f"{address}index.html"]
