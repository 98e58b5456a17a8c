"""Does a reader who follows "Next" come through the whole tutorial?"""

import re
from pathlib import Path

import pytest

from press.pages import find_pages
from tests.site.building import build


def tutorial() -> list[str]:
    """Return the pages of all sections before the reference, in their order."""
    index = find_pages()["index"].read_text(encoding="utf-8")
    lists = re.findall(r"```\{toctree\}\n((?:[^`]|`(?!``))*)```", index)
    pages = [line for part in lists[:3] for line in part.splitlines() if not line.startswith(":")]
    return [re.sub(r".*<([\w-]+)>", r"\1", page) for page in pages]


@pytest.mark.parametrize("page", tutorial()[:-1])
def test_each_page_of_the_tutorial_ends_with_the_next(page: str) -> None:
    last = find_pages()[page].read_text(encoding="utf-8").rstrip(":\n").splitlines()[-1]
    assert re.search(r"^Next.*\{next\}`[^`<]+`", last), last


@pytest.fixture
def built(tmp_path: Path) -> tuple[str, str]:
    """Return the first page of a site of two as HTML, and what its build said."""
    pages = {
        "index": "# Site\n\n```{toctree}\nb\na\n```\n",
        "b": "# First\n\nNext: {next}`go on`.\n",
        "a": "# Last\n\nNext: {next}`go on`.\n",
    }
    warned = build(tmp_path, ["press.build.navigation"], pages)
    return (tmp_path / "html" / "b.html").read_text(encoding="utf-8"), warned


def test_next_leads_to_the_page_that_follows_and_warns_where_none_does(
    built: tuple[str, str],
) -> None:
    page, said = built
    assert re.search(r'Next: <a class="reference internal" href="a.html">.*go on.*</a>', page)
    assert "a: no page of the contents follows" in said
    assert "b: " not in said
