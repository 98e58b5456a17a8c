"""Are pages found where they are, and is one record a page's own?"""

from pathlib import Path

import pytest

from press.build.folders import Pages
from press.contract import load_contracts
from press.pages import find_pages, is_one_file


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "trainer").mkdir()
    (tmp_path / "trainer" / "page.md").write_text("# Train\n")
    (tmp_path / "next.md").write_text("# Next\n")
    return tmp_path


def add_output(docs: Path, page: str, name: str) -> None:
    (docs / page).mkdir(exist_ok=True)
    (docs / page / "page.md").write_text(f"# {page}\n")
    code = f'from press.contract import output\n\n@output("it")\ndef {name}():\n    return "x"\n'
    (docs / page / "outputs.py").write_text(code)


def test_a_page_is_a_folder_or_one_file(docs: Path) -> None:
    pages = find_pages(docs)
    assert [*pages] == ["next", "trainer"]
    assert is_one_file(pages["next"]) and not is_one_file(pages["trainer"])


def test_sphinx_calls_a_page_by_the_name_of_its_folder(docs: Path) -> None:
    project = Pages(docs, {".md": "markdown"})
    assert project.discover() == {"next", "trainer"}
    assert project.path2doc("trainer/page.md") == "trainer"
    assert project.doc2path("trainer", absolute=False) == Path("trainer/page.md")


def test_a_fact_has_one_name_on_one_page(docs: Path) -> None:
    add_output(docs, "trainer", "slope")
    assert "slope" in load_contracts(docs)["trainer"].outputs
    add_output(docs, "best", "slope")
    with pytest.raises(ValueError, match="both document slope"):
        load_contracts(docs)


def test_a_contract_that_cannot_be_loaded_is_told_by_its_page(docs: Path) -> None:
    add_output(docs, "trainer", "slope of it")
    with pytest.raises(ValueError, match=r"^trainer/outputs.py cannot be loaded: SyntaxError"):
        load_contracts(docs)


def test_a_changed_contract_is_read_again(docs: Path) -> None:
    import os

    add_output(docs, "trainer", "slope")
    load_contracts(docs)
    add_output(docs, "trainer", "intercept")
    os.utime(docs / "trainer" / "outputs.py", ns=(1, 1))
    assert [*load_contracts(docs)["trainer"].outputs] == ["intercept"]
