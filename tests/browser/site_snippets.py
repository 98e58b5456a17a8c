"""Does every snippet of every page run as pasted, alone, and print what the page shows?

What the button copies is asked while the page is open, in site_pages.py. Here a fresh Python runs
it that has what Set up tells to install.
"""

import functools
import itertools
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import lxml.html
import pytest

from tests.browser.reader import read_set_up
from tests.browser.server import HTML, ROOT

SYSTEMS = ("Windows", "macOS", "Linux", "conda", "uv")
PROGRAMS = {"ipython3", "python"}
PROMPT = ">>> "
BATCH = 400  # seconds for all snippets of the site; each has fewer of its own


@dataclass(frozen=True)
class Block:
    """A block of code with a button to copy it."""

    language: str
    text: str
    # What the page shows below, as the output of the code.
    printed: str
    # How many figures it shows there.
    figures: int
    # Whether it is typed at a prompt, with its results between the lines.
    session: bool
    # Whether the build ran it, one after the other with the others of the page.
    cell: bool

    @property
    def code(self) -> str:
        """What the button copies."""
        if not self.session:
            return self.text
        lines = self.text.splitlines()
        return "\n".join(line.removeprefix(PROMPT) for line in lines if line.startswith(PROMPT))

    @property
    def promised(self) -> str:
        if not self.session:
            return self.printed
        return "\n".join(line for line in self.text.splitlines() if not line.startswith(">>>"))

    @property
    def runs(self) -> bool:
        return self.session or self.language in PROGRAMS


@functools.cache
def read_blocks(page):
    """Return the blocks of code of a page, in their order."""
    blocks = []
    for node in lxml.html.parse(HTML / page).getroot().iter("div"):
        kinds = [kind for kind in node.classes if kind.startswith("highlight-")]
        # What a program printed has no button, whether the build ran it or a page includes it.
        if not kinds or {"output", "printed"} & {*node.classes}:
            continue
        cell = next((at for at in node.iterancestors() if "cell" in at.classes), None)
        outputs = cell.find_class("cell_output") if cell is not None else []
        streams = [stream for output in outputs for stream in output.find_class("stream")]
        shown = [
            pre
            for stream in streams
            if "stderr" not in stream.classes
            for pre in stream.iter("pre")
        ]
        plots = [svg for output in outputs for svg in output.iter("svg") if "plot" in svg.classes]
        blocks.append(
            Block(
                language=kinds[0].removeprefix("highlight-"),
                text=next(node.iter("pre")).text_content(),
                printed="".join(pre.text_content() for pre in shown),
                figures=len(plots),
                session="doctest" in node.classes,
                cell=cell is not None,
            )
        )
    return blocks


def read_programs(page):
    return [block for block in read_blocks(page) if block.runs]


PAGES = [path.name for path in sorted(HTML.glob("*.html")) if read_programs(path.name)]


def run_alone(blocks, reader, folder):
    """Return exit code, output and errors of each of the `blocks`, run by the `reader`."""
    paths = {}
    # What a page reads, its reader has saved.
    for table in (HTML / "notebooks").glob("*.csv"):
        shutil.copy(table, folder)
    for number, block in enumerate(blocks):
        path = folder / f"{number}.{'session' if block.session else 'py'}"
        path.write_text(block.code, encoding="utf-8")
        paths.setdefault("linreg" in block.code, []).append(path)
    for with_linreg, programs in paths.items():
        python = reader.python(with_linreg=with_linreg)
        subprocess.run(
            [python, Path(__file__).with_name("paste.py"), *programs],
            cwd=folder,
            env=reader.environment | {"MPLBACKEND": "agg"},
            check=True,
            timeout=BATCH,
        )
    ran = {}
    for path in itertools.chain(*paths.values()):
        code, printed, errors = (
            Path(f"{path}.{end}").read_text(encoding="utf-8") for end in ("code", "out", "err")
        )
        ran[int(path.stem)] = int(code), printed, errors
    return [ran[number] for number in range(len(blocks))]


def find_lies(block, ran):
    """Yield what is wrong with a program or a session that `ran` in a fresh Python."""
    code, printed, errors = ran
    first = block.code.strip().splitlines()[:3]
    if code or "Traceback" in errors:
        yield f"a snippet fails (exit code {code}) that begins {first}:\n{errors[-1500:]}"
    if printed.strip() != block.promised.strip():
        yield f"a snippet that begins {first} prints\n{printed}\nand not\n{block.promised}"


@pytest.fixture(scope="module")
def ran(reader, tmp_path_factory):
    """What came of each program of each page."""
    blocks = [block for page in PAGES for block in read_programs(page)]
    results = iter(run_alone(blocks, reader, tmp_path_factory.mktemp("pasted")))
    return {page: [(block, next(results)) for block in read_programs(page)] for page in PAGES}


@pytest.mark.parametrize("path", PAGES)
def test_each_snippet_runs_as_pasted(path, ran):
    print(f"{path}: {len(ran[path])} programs of {len(read_blocks(path))} blocks")
    problems = [problem for block, result in ran[path] for problem in find_lies(block, result)]
    assert not problems, "\n".join(problems)


# Each is planted into the program of Set up. The second is still run in a fork, which must not lend
# what it has loaded.
FAULTS = [
    ("import torch", "", "NameError: name 'torch' is not defined"),
    ("import torch", "import torch as t", "NameError: name 'torch' is not defined"),
    ("import torch", "import statsmodels, torch", "No module named 'statsmodels'"),
    (
        "import torch",
        "import os, signal, torch; os.kill(os.getpid(), signal.SIGALRM)",
        "exit code -14",
    ),
    ("print(", "print(1, ", "and not"),
]


def test_a_snippet_that_lies_or_fails_is_caught(reader, tmp_path):
    (block,) = read_programs("setup.html")
    planted = [replace(block, text=block.text.replace(*fault[:2], 1)) for fault in FAULTS]
    results = run_alone([block, *planted], reader, tmp_path)
    assert not [*find_lies(block, results[0])]
    for (_, _, said), lie, result in zip(FAULTS, planted, results[1:], strict=True):
        assert said in "".join(find_lies(lie, result))


def test_set_up_is_the_same_on_all_systems():
    """The commands for macOS are run, and made the reader's Python: they are those of the others.

    On Linux PyTorch comes first, from an index of its own, and Windows has other names.
    """
    install, add, start = read_set_up("macOS")
    assert [len(read_set_up(system)) for system in SYSTEMS] == [3] * len(SYSTEMS)
    linux = "\n".join(read_set_up("Linux"))
    first = re.search(r"\n(\S+ -m pip install )torch --index-url (\S+)", linux)
    assert first[2] == "https://download.pytorch.org/whl/cpu"
    linux = linux.replace(first[0], "").replace(first[1], f"{first[1]}torch ", 1)
    windows = "\n".join(read_set_up("Windows")).replace("py -m", "python3 -m")
    windows = windows.replace("study\\Scripts\\python", "study/bin/python")
    assert linux == windows == "\n".join((install, add, start))
    for system in ("conda", "uv"):
        other = read_set_up(system)
        assert other[0].splitlines()[:2] == install.splitlines()[:2]
        assert other[1].split()[-1] == add.split()[-1]
        assert other[2].endswith("python -m jupyterlab")


def test_set_up_works_with_another_tool(reader, tmp_path):
    for tool in ("conda", "uv"):
        # Without the pin, PyTorch for graphics cards would come, gigabytes of it.
        if shutil.which(tool):
            reader.run(read_set_up(tool)[0], tmp_path)


def test_the_readmes_two_commands_differ_in_their_last_word():
    """So the build command is tried wherever the test command is: `docs` is one of its sessions."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [line for line in readme.splitlines() if line.startswith("python3 -m venv")]
    assert commands[0] == f"{commands[1]} -s docs"
    listed = subprocess.run(
        [sys.executable, "-m", "nox", "-l"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    assert "* docs" in listed
