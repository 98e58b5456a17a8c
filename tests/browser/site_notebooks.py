"""Is each page's notebook whole and clean, and does it run where a reader opens it?"""

import contextlib
import copy
import functools
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
from kernels import preloaded
from playwright.sync_api import TimeoutError

from tests.browser.conftest import HTML, ROOT

NOTEBOOKS = sorted((HTML / "notebooks").glob("*.ipynb"))
# nbclient, as a reader's own JupyterLab has it, without a grammar of web addresses (2 s to make).
# Runs each notebook whose path it reads, and answers what went wrong.
RUN = """
import json, sys, traceback
sys.modules["rfc3987_syntax"] = None
import nbclient, nbformat
for line in sys.stdin:
    path = line.strip()
    notebook = nbformat.read(path, as_version=4)
    try:
        nbclient.NotebookClient(notebook, timeout=240, kernel_name="python3").execute()
        problem = ""
    except Exception:
        problem = traceback.format_exc()
    nbformat.write(notebook, path)
    print(json.dumps(problem), flush=True)
"""


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def find_unclean(notebook, page):
    """Yield what a reader of the notebook should not see, or misses."""
    text = "".join("".join(cell["source"]) for cell in notebook["cells"])
    for sign in ("from page import", "myst_nb", "{out}", "```{", ":::", "{term}", "{doc}"):
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


def read_printed(notebook):
    """Return what each cell prints, and how many pictures it draws."""
    results = [cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return [
        (
            "".join("".join(r["text"]) for r in outputs if r.get("name") == "stdout"),
            sum(bool({"image/png", "image/svg+xml"} & r.get("data", {}).keys()) for r in outputs),
        )
        for outputs in results
    ]


@pytest.fixture(scope="module")
def run_as_reader(reader, tmp_path_factory):
    """Run a notebook in the environment that Set up makes; return it, or what went wrong."""
    folder = tmp_path_factory.mktemp("notebooks")
    path = folder / "notebook.ipynb"
    with contextlib.ExitStack() as started:

        @functools.cache
        def start(python):
            own = reader.environment | {"IPYTHONDIR": str(folder)}
            own = started.enter_context(preloaded(python, folder, own))
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            command = [python, "-c", RUN]
            return started.enter_context(subprocess.Popen(command, cwd=folder, env=own, **pipes))

        def run(notebook):
            path.write_text(json.dumps(notebook), encoding="utf-8")
            code = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
            client = start(reader.python(with_linreg="linreg" in str(code)))
            client.stdin.write(f"{path}\n")
            client.stdin.flush()
            return json.loads(client.stdout.readline()) or read(path)

        yield run


def test_each_page_with_code_offers_its_notebook():
    for path in HTML.glob("*.html"):
        links = re.findall(r'href="notebooks/([\w-]+)\.ipynb"', path.read_text(encoding="utf-8"))
        has_code = 'class="cell_input' in path.read_text(encoding="utf-8")
        assert links == ([path.stem] if has_code else []), path.name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_notebook_is_clean_and_runs_to_the_same_results(path, run_as_reader):
    notebook = read(path)
    assert not [*find_unclean(notebook, path.stem)]
    ran = run_as_reader(notebook)
    assert isinstance(ran, dict), ran
    assert read_printed(ran) == read_printed(notebook)


@pytest.mark.parametrize(
    ("cell", "fault", "said"),
    [
        ("markdown", "The slope is {out}`slope`.", "{out}"),
        ("markdown", r"The line is Y = 14.47 \times X.", r"\times"),
        ("code", "from press.cells import show", "from page import"),
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


def test_a_notebook_that_fails_or_prints_something_else_is_caught(run_as_reader):
    notebook = read(HTML / "notebooks" / "setup.ipynb")
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    lying = copy.deepcopy(notebook)
    code["source"] = "import page"
    assert "No module named 'page'" in run_as_reader(notebook)
    next(c for c in lying["cells"] if c["cell_type"] == "code")["source"] = "print(0)"
    assert read_printed(run_as_reader(lying)) != read_printed(lying)


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
