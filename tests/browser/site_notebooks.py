"""Is each page's notebook whole and clean, and does it run where a reader opens it?

A notebook holds what the page's blocks hold, in their order. The build ran them so, and each runs
alone in the reader's environment (site_snippets.py). So few are run once more as a whole.
"""

import contextlib
import copy
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import TimeoutError

from press.build.notebooks import prepare
from tests.browser.reader import at
from tests.browser.server import HTML, ROOT, serve
from tests.browser.site_snippets import read_blocks

NOTEBOOKS = sorted((HTML / "notebooks").glob("*.ipynb"))
PATIENCE = 240  # seconds for a run of a few notebooks
# A page that imports linreg, and the tables that it reads.
ELSEWHERE, TABLES = "from-a-file", ["students.csv"]
# nbclient, as a reader's own JupyterLab has it, without a grammar of web addresses (2 s to make).
# Runs the notebooks whose paths it is given, and leaves beside each what went wrong.
RUN = """
import pathlib, sys, traceback
sys.modules["rfc3987_syntax"] = None
import nbclient, nbformat
for path in sys.argv[1:]:
    notebook = nbformat.read(path, as_version=4)
    problem = ""
    try:
        nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    except Exception:
        problem = traceback.format_exc()
    nbformat.write(notebook, path)
    pathlib.Path(f"{path}.problem").write_text(problem)
"""


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def code_cells(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def find_unclean(notebook, page):
    """Yield what a reader of the notebook should not see, or misses."""
    text = "".join("".join(cell["source"]) for cell in notebook["cells"])
    for sign in ("from press", "myst_nb", "{out}", "```{", ":::", "{term}", "{doc}"):
        if sign in text:
            yield f"{page} holds {sign}, which means nothing in a notebook"
    if not "".join(notebook["cells"][0]["source"]).startswith("# "):
        yield f"{page} does not open with its title"
    if f"{page}.html" not in "".join(notebook["cells"][0]["source"]).split("\n\n")[1]:
        yield f"{page} does not say where it is from"
    for cell in notebook["cells"]:
        prose = re.sub(r"(?s)\$\$.*?\$\$|\$[^$]*\$|`[^`]*`", "", "".join(cell["source"]))
        if cell["cell_type"] == "markdown" and (raw := re.search(r"\\[a-z]+", prose)):
            yield f"{page} shows {raw[0]}, which is no formula without dollars"
    ids = [cell["id"] for cell in notebook["cells"]]
    if ids != [f"{page}-{number}" for number in range(len(ids))]:
        yield f"{page} has cells whose ids are not counted: {ids[:3]}"
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code" and cell["execution_count"] is None:
            yield f"{page} has a cell that was not run: {number}"


def find_other(notebook, page):
    """Yield where the code of a notebook, or what it prints, is not that of its page."""
    blocks = [block for block in read_blocks(f"{page}.html") if block.cell]
    cells = [
        ("".join(cell["source"]), printed, pictures)
        for cell, (printed, pictures) in zip(
            code_cells(notebook), read_printed(notebook), strict=True
        )
    ]
    if "install" not in cells.pop(0)[0]:
        yield f"{page} does not begin with what installs the rest"
    if len(cells) != len(blocks):
        yield f"{page} has {len(blocks)} blocks, and its notebook {len(cells)} cells"
    for (source, printed, pictures), block in zip(cells, blocks, strict=False):
        if source.strip() != block.code.strip():
            yield f"{page} shows\n{block.code}\nand its notebook holds\n{source}"
        if printed.strip() != block.printed.strip():
            yield f"{page} prints\n{block.printed}\nand its notebook\n{printed}"
        if pictures != block.figures:
            yield f"{page} shows {block.figures} figures, and its notebook {pictures} pictures"


def read_printed(notebook):
    """Return what each cell prints, and how many pictures it draws."""
    return [
        (
            "".join("".join(r["text"]) for r in cell["outputs"] if r.get("name") == "stdout"),
            sum(
                bool({"image/png", "image/svg+xml"} & r.get("data", {}).keys())
                for r in cell["outputs"]
            ),
        )
        for cell in code_cells(notebook)
    ]


def test_each_page_with_code_offers_its_notebook():
    assert NOTEBOOKS
    for path in HTML.glob("*.html"):
        links = re.findall(r'href="notebooks/([\w-]+)\.ipynb"', path.read_text(encoding="utf-8"))
        has_code = 'class="cell_input' in path.read_text(encoding="utf-8")
        assert links == ([path.stem] if has_code else []), path.name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_notebook_is_clean_and_holds_what_its_page_shows(path):
    notebook = read(path)
    problems = [*find_unclean(notebook, path.stem), *find_other(notebook, path.stem)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(
    ("cell", "fault", "said"),
    [
        ("markdown", "The slope is {out}`slope`.", "{out}"),
        ("markdown", r"The line is Y = 14.47 \times X.", r"\times"),
        ("code", "from press.cells import show", "from press"),
    ],
)
def test_a_notebook_with_machinery_is_caught(cell, fault, said):
    notebook = read(HTML / "notebooks" / "trainer.ipynb")
    cells = notebook["cells"][1:]
    next(c for c in cells if c["cell_type"] == cell)["source"] = fault
    (problem,) = find_unclean(notebook, "trainer")
    assert said in problem


def test_a_notebook_without_title_origin_or_fixed_ids_is_caught():
    notebook = read(HTML / "notebooks" / "trainer.ipynb")
    notebook["cells"][0]["source"] = "No title.\n\nFrom nowhere."
    notebook["cells"][0]["id"] = "3f2a9c"
    assert len([*find_unclean(notebook, "trainer")]) == 3


def test_a_notebook_of_other_code_or_results_is_caught():
    notebook = read(HTML / "notebooks" / "trainer.ipynb")
    _, first, _ = code_cells(notebook)
    first["source"] = "import torch"
    first["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "0\n"}]
    other_code, other_result, other_figure = find_other(notebook, "trainer")
    assert other_code.endswith("its notebook holds\nimport torch")
    assert other_result.endswith("its notebook\n0\n")
    assert other_figure == "trainer shows 1 figures, and its notebook 0 pictures"
    notebook["cells"].remove(first)
    assert "2 blocks, and its notebook 1 cells" in next(find_other(notebook, "trainer"))


def run(notebooks, python, reader, folder):
    """Run `notebooks`, by their names, in a `folder`; return what went wrong in each."""
    for name, notebook in notebooks.items():
        (folder / name).write_text(json.dumps(notebook), encoding="utf-8")
    subprocess.run(
        [python, "-c", RUN, *notebooks],
        cwd=folder,
        env=reader.pinned | {"IPYTHONDIR": str(folder)},
        check=True,
        timeout=PATIENCE,
    )
    return {name: (folder / f"{name}.problem").read_text() for name in notebooks}


def test_a_notebook_runs_as_a_whole_in_the_readers_environment(reader, tmp_path):
    """With its results, but not if a cell fails, and not to results that were never its own."""
    whole, planted = (read(HTML / "notebooks" / f"{name}.ipynb") for name in ("trainer", "setup"))
    _, cell = code_cells(planted)
    cell["source"] = "print(0)"
    failing = copy.deepcopy(cell)
    failing["source"] = "import press"
    planted["cells"].append(failing)
    notebooks = {"whole": whole, "planted": planted}
    problems = run(notebooks, reader.python(with_linreg=False), reader, tmp_path)
    assert not problems["whole"]
    assert read_printed(read(tmp_path / "whole")) == read_printed(whole)
    assert "No module named 'press'" in problems["planted"]
    _, (said, _), _ = read_printed(read(tmp_path / "planted"))
    assert (said, 0) != read_printed(planted)[1]


def test_a_notebook_gets_what_it_needs_where_it_is_opened(reader, tmp_path):
    """As in Colab, which has PyTorch and no linreg, and where nothing lies beside the notebook."""
    python = reader.borrow(tmp_path / "colab")
    alone, served = (read(HTML / "notebooks" / f"{ELSEWHERE}.ipynb") for _ in range(2))
    first, *others = code_cells(alone)
    own, codes = "".join(first["source"]), ["".join(cell["source"]) for cell in others]
    with serve(HTML) as url:
        # As it is where the site has no address, and then as it is where the site has one.
        first["source"] = prepare(codes, "", TABLES)
        begin = prepare(codes, url, TABLES) if own == first["source"] else at(url, own)
        code_cells(served)[0]["source"] = begin
        problems = run({"alone": alone, "served": served}, python, reader, tmp_path)
    # It says what to save, and its first program misses that.
    assert f"# Save {TABLES[0]} beside this notebook" in first["source"]
    assert f"No such file or directory: '{TABLES[0]}'" in problems["alone"]
    assert not problems["served"]
    assert read_printed(read(tmp_path / "served"))[1:] == read_printed(served)[1:]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of JupyterLab as `nox -s lab` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token="]
    folder = tmp_path_factory.mktemp("lab")
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "nox", "-s", "lab", "--", *options],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            # What else is open in the maintainer's own JupyterLab stays there.
            env=os.environ | {"JUPYTERLAB_WORKSPACES_DIR": str(folder)},
            start_new_session=True,
        )
        try:
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status", timeout=5)
                    break
                except OSError:
                    assert server.poll() is None, (folder / "log").read_text()
                    time.sleep(0.5)
            else:
                pytest.fail(f"JupyterLab did not start:\n{(folder / 'log').read_text()}")
            yield f"http://127.0.0.1:{port}/lab"
        finally:
            # nox, and the server that it started.
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def agree(dialog):
    print("JupyterLab asks:", dialog.inner_text())
    dialog.locator("button.jp-mod-accept").click()


def test_a_notebook_opens_in_jupyterlab_and_runs(lab, chromium):
    notebook = read(HTML / "notebooks" / "line.ipynb")
    (printed,) = [text for text, _ in read_printed(notebook) if text]
    # Without its results, whatever JupyterLab shows is its own.
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
    (HTML.parent / "lab" / "line.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto(f"{lab}/tree/line.ipynb", timeout=60_000)
    tab.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    tab.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=60_000)
    # On a busy machine JupyterLab may have something to ask, or open its menu before it knows which
    # notebook is meant.
    tab.add_locator_handler(tab.locator(".jp-Dialog"), agree)
    output = tab.locator(".jp-OutputArea-output pre", has_text=printed.strip())
    for patience in (6_000, 12_000, 40_000):
        tab.get_by_role("menuitem", name="Run", exact=True).click()
        tab.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with contextlib.suppress(TimeoutError):
            output.wait_for(timeout=patience)
            break
    assert output.is_visible()
    assert tab.locator(".jp-OutputArea-output img, .jp-OutputArea-output svg").count() >= 1
    context.close()
