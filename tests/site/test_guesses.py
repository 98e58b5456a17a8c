"""Does each question of the pages have one right answer, and an answer to every wrong one?"""

import re
from pathlib import Path

import lxml.html
import pytest

from press.build import notebooks
from press.markdown import read
from press.pages import find_pages
from tests.site.building import build

QUESTION = """\
:::{guess} Is *training* done?

Yes, the loss is flat
: A loss is flat, too, where training crawls.
  Look at the line.

No
: Right. It has `hardly` begun.
:::
"""
FAULTS = {
    "nobody": QUESTION.replace("Right. ", ""),
    "both": QUESTION.replace("A loss", "Right: a loss"),
    "alone": ":::{guess} Is it so?\n\nYes\n: Right.\n:::\n",
    "none": ":::{guess} Is it so?\n\nThink.\n:::\n",
}
PAGES = {
    page: blocks
    for page, path in find_pages().items()
    if (blocks := [b for b in read(path.read_text("utf-8")).blocks if b.name == "guess"])
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a site with one question, and faulty ones, and what its build said."""
    site = tmp_path_factory.mktemp("site")
    texts = {"index": QUESTION} | FAULTS
    pages = {name: f"---\norphan: true\n---\n# Page\n\n{text}" for name, text in texts.items()}
    syntax = ["colon_fence", "deflist"]
    warned = build(site, ["press.build.guesses"], pages, myst_enable_extensions=syntax)
    return site / "html", warned


def test_each_answer_is_a_fold_that_opens_upon_its_reply_without_a_script(
    built: tuple[Path, str],
) -> None:
    page = lxml.html.parse(built[0] / "index.html").getroot()
    (box,) = page.find_class("guess")
    assert box.find_class("question")[0].text_content() == "Is training done?"
    folds = box.findall("details")
    assert [fold.findtext("summary") for fold in folds] == ["Yes, the loss is flat", "No"]
    assert "Look at the line." in folds[0].text_content()
    assert "Right. It has hardly begun." in folds[1].text_content()
    assert not box.findall(".//script") and "open" not in folds[0].attrib


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("nobody", "'Is *training* done?' has 2 answers, 0 of them right"),
        ("both", "'Is *training* done?' has 2 answers, 2 of them right"),
        ("alone", "'Is it so?' has 1 answers, 1 of them right"),
        ("none", "'Is it so?' has no answers"),
    ],
)
def test_a_question_without_its_right_answer_stops_the_build(
    built: tuple[Path, str], page: str, said: str
) -> None:
    assert re.search(rf"{page}\.md:\d+: ERROR.*{re.escape(said)}", built[1]), built[1]


def test_a_notebook_has_the_question_and_its_folds() -> None:
    text = notebooks._plain_markdown(QUESTION, {})
    assert "**Is *training* done?**" in text
    assert text.count("<details>") == text.count("</details>") == 2
    assert "<summary>No</summary>\n\nRight. It has `hardly` begun." in text


@pytest.mark.parametrize("page", PAGES)
def test_each_wrong_answer_of_a_page_is_answered_by_more_than_a_no(page: str) -> None:
    for block in PAGES[page]:
        replies = [reply for _, reply in notebooks.DEFINED.findall(block.body)]
        assert len(replies) >= 2
        assert all(len(reply.split()) >= 5 for reply in replies), block.argument
