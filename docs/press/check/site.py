"""The whole check: what the sources say, and what the built site shows."""

import subprocess
import sys
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from press.build import pictures
from press.check import figures, formulas, links, prose, values
from press.contract import RECORD, Contract, Problem, Recorded, read_record, write_record
from press.executed import drawn_figures, folder_of, printed_lines, read_notebook, read_values
from press.markdown import Page, read
from press.pages import is_one_file

README_PICTURE = "docs/_static/question.svg"
# The README may type these: it is read where nothing computes.
README_TYPED: dict[str, str] = {"Python 3.11": "the oldest Python that works"}


def read_pages(contracts: Mapping[str, Contract]) -> dict[str, Page]:
    return {page: read(c.path.read_text(encoding="utf-8")) for page, c in contracts.items()}


def check_sources(
    docs: Path, contracts: Mapping[str, Contract], *, recorded: bool = True
) -> Iterator[Problem]:
    """Yield what can be seen without a build; `recorded`: also what the records have otherwise."""
    pages = read_pages(contracts)
    known = {name for contract in contracts.values() for name in contract.outputs}
    for page, content in pages.items():
        yield from check_page(contracts[page], content, known, recorded=recorded)
    yield from links.check_next({page: c.path.read_text("utf-8") for page, c in contracts.items()})
    # A copy of the pages, as tests make one, comes without.
    if (readme := docs.parent / "README.md").exists():
        lines = read(readme.read_text(encoding="utf-8")).lines
        yield from prose.find_typed("README", lines, README_TYPED)


def check_page(
    contract: Contract, content: Page, known: Container[str], *, recorded: bool = True
) -> Iterator[Problem]:
    """Yield what can be seen of one page; `known`: the outputs that all pages document."""
    page = contract.page
    yield from prose.find_typed(page, content.lines, contract.typed)
    yield from prose.check_claims(page, content)
    yield from prose.check_cells(page, content)
    yield from formulas.check_formulas(contract, content)
    yield from links.check_names(page, content)
    yield from links.check_installs(page, content)
    for asked in content.shown:
        if (name := asked.partition(":")[0]) not in known:
            said = f"is shown, and nothing documents it; {values.RECIPE.format(name=name)}"
            yield Problem(page, name, said)
    if is_one_file(contract.path):
        if content.shown or content.cells:
            said = f"computes; make it a folder, {page}/page.md, which can keep a record"
            yield Problem(page, contract.path.name, said)
        return
    found = found_in_text(content)
    for name in ("quoted", "counted", "claims") if recorded else ():
        before = getattr(contract.recorded, name)
        yield from values.compare(contract, name, getattr(found, name), before)


def found_in_text(content: Page) -> Recorded:
    """Return what the record keeps of a page's text."""
    return Recorded(
        quoted=prose.find_quoted(content.lines),
        counted=prose.find_counted(content.lines),
        claims=[sentence for _, sentence in prose.find_claims(content.cells)],
    )


def check_site(
    docs: Path, html: Path, contracts: Mapping[str, Contract], fresh: Mapping[str, Any]
) -> Iterator[Problem]:
    """Yield each way in which the built site breaks a contract."""
    executed, pages = folder_of(html), read_pages(contracts)
    soups = {path.stem: _soup(path) for path in sorted(html.glob("*.html"))}
    yield from _check_picture(docs, executed)
    yield from links.check_stylesheets(html)
    for page, soup in soups.items():
        yield from links.check_requests(page, soup)
        contract = contracts.get(page)
        if contract is None:  # a page that Sphinx makes
            continue
        yield from values.check_recorded(contract, fresh)
        notebook = read_notebook(executed, page)
        drawn = drawn_figures(notebook)
        yield from figures.check_figures(page, soup, contract.recorded.figures)
        yield from figures.check_colours(page, pages[page], drawn)
        yield from values.check_drawn(contract, drawn)
        yield from values.check_executed(contract, read_values(executed, page))
        printed = printed_lines(notebook)
        yield from values.check_lines(contract, printed, fresh)
        yield from values.check_printed(contract, notebook, printed, soup)
    for page in contracts.keys() - soups.keys():
        yield Problem(page, "HTML", "is missing; the site was built without this page")
    shown = {page: content.shown for page, content in pages.items()}
    yield from values.check_shown(contracts, shown, soups, fresh)


def record(
    html: Path, contracts: Mapping[str, Contract], fresh: Mapping[str, Any]
) -> Iterator[str]:
    """Write down what the pages hold now; yield each difference."""
    for page, content in read_pages(contracts).items():
        contract = contracts[page]
        notebook = read_notebook(folder_of(html), page)
        outputs = contract.of_kind("text", "table", "latex")
        found = replace(
            found_in_text(content),
            values={o.name: o.render(fresh[o.name]) for o in outputs if o.name in fresh},
            printed=printed_lines(notebook),
            figures=drawn_figures(notebook),
        )
        path = contract.path.with_name(RECORD)
        if is_one_file(contract.path):
            continue
        before = read_record(path)
        if found != before:
            write_record(path, found)
            for part in ("values", "figures"):
                old, new = getattr(before, part), getattr(found, part)
                for name in dict.fromkeys([*old, *new]):
                    if old.get(name) != new.get(name):
                        yield f"{page}: {name}: {old.get(name)!r} -> {new.get(name)!r}"
            for part in ("quoted", "counted", "printed", "claims"):
                for problem in values.compare(
                    contract, part, getattr(found, part), getattr(before, part)
                ):
                    yield str(problem).split("; mend")[0].split("; run nox")[0]


def _soup(path: Path) -> Any:
    from bs4 import BeautifulSoup

    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def _check_picture(docs: Path, executed: Path) -> Iterator[Problem]:
    picture = docs.parent / README_PICTURE
    if not picture.exists() or picture.read_text(encoding="utf-8") != draw_picture(executed):
        said = f"is not the figure that the home page draws; {values.RECORD_IT}"
        yield Problem("README", README_PICTURE, said)


def draw_picture(executed: Path) -> str:
    """Return the home page's figure as an SVG that stands alone."""
    notebook = read_notebook(executed, "index")
    results = [result for cell in notebook["cells"] for result in cell.get("outputs", [])]
    drawn = (r["data"]["image/svg+xml"] for r in results if "image/svg+xml" in r.get("data", {}))
    return pictures.standalone_svg("".join(next(drawn, "")))


def start_moved() -> subprocess.Popen[str]:
    """Begin to compute all outputs for other students, beside what else the check does."""
    command = [sys.executable, "-m", "press.check.moved"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
