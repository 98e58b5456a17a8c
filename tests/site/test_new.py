"""Does `nox -s new` write a page that runs and keeps its contract, and refuse what it cannot?"""

import shutil

import matplotlib.pyplot as plt
import pytest

from press import cells
from press.check import site
from press.check.links import check_next, find_sections, pages_of
from press.contract import compute_fresh, load_contracts
from press.markdown import read
from press.pages import DOCS, find_pages
from press.tools.new import begin


def copy(folder):
    """Copy the pages' folders into `folder`, with the README beside them."""
    docs = folder / "docs"
    skip = shutil.ignore_patterns("_*", "press", "__pycache__", "jupyter_execute")
    shutil.copytree(DOCS, docs, ignore=skip)
    shutil.copy(DOCS.parent / "README.md", folder)
    return docs


@pytest.fixture
def docs(tmp_path):
    """A copy of the pages that a test may change."""
    return copy(tmp_path)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """A copy of the pages, and what each of its files holds."""
    docs = copy(tmp_path_factory.mktemp("untouched"))
    return docs, contents(docs)


def contents(docs):
    return {path: path.read_bytes() for path in docs.rglob("*") if path.is_file()}


def test_a_new_page_lacks_nothing_but_its_record(docs):
    begin(docs, "two-words", "A new page")
    contracts = load_contracts(docs)
    alone = {"two-words": contracts["two-words"]}
    found = [str(problem) for problem in site.check_sources(docs, alone)]
    assert any(problem.startswith("two-words: claims has") for problem in found)
    assert all("which is not recorded" in problem for problem in found), found


def test_its_cells_hand_over_what_its_outputs_compute(docs, monkeypatch):
    begin(docs, "two-words", "A new page")
    handed, names = {}, {}
    monkeypatch.setattr(cells, "show", lambda **values: handed.update(values))
    monkeypatch.setattr(plt, "show", plt.close)
    text = (docs / "two-words" / "page.md").read_text(encoding="utf-8")
    for cell in read(text).cells:
        exec(cell.body, names)
    contract = load_contracts(docs)["two-words"]
    fresh, problems = compute_fresh([contract])
    assert not problems
    assert handed.keys() == fresh.keys() == {"two_words_slope", "two_words_scores"}
    for name, output in contract.outputs.items():
        assert output.render(handed[name]) == output.render(fresh[name])


def read_texts(docs):
    return {page: path.read_text(encoding="utf-8") for page, path in find_pages(docs).items()}


@pytest.mark.parametrize("section", ["The line", "The model", "Reference"])
def test_it_goes_to_the_end_of_its_section_and_the_page_before_leads_to_it(docs, section):
    before = read_texts(docs)
    last = pages_of(find_sections(before["index"])[section])[-1]
    led_to = before[last].splitlines()[-1]
    begin(docs, "new", "A new page", section=section)
    texts = read_texts(docs)
    assert pages_of(find_sections(texts["index"])[section])[-2:] == [last, "new"]
    assert texts[last].splitlines()[-1] == "Next: {next}`A new page`."
    assert texts["new"].rstrip().endswith(led_to if led_to.startswith("Next") else "knows.")
    assert {*check_next(texts)} <= {*check_next(before)}


@pytest.mark.parametrize(
    ("name", "title", "section", "said"),
    [
        ("Data2", "A page", "The model", "use small letters"),
        ("two_words", "A page", "The model", "use small letters"),
        ("../data", "A page", "The model", "use small letters"),
        ("trainer", "A page", "The model", "choose another name"),
        ("glossary", "A page", "The model", "choose another name"),
        ("search", "A page", "The model", "choose another name"),
        ("new", "", "The model", "give one line"),
        ("new", "Two\nlines", "The model", "give one line"),
        ("new", "A page", "Go higher", "use one of ['The line', "),
    ],
)
def test_what_will_not_do_is_refused_and_nothing_is_written(untouched, name, title, section, said):
    docs, before = untouched
    with pytest.raises(ValueError) as refused:
        begin(docs, name, title, section=section)
    assert said in str(refused.value)
    assert contents(docs) == before
