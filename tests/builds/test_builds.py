"""Does every way to build the site end, whole or with what failed, and leave nothing running?

Each build is of a copy in which most pages are one heading, and two run code.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from press.pages import find_pages

ROOT = Path(__file__).parents[2]
LIMIT = 300  # s; a build takes some ten, and on a busy machine many times as long
PAGE = """---
file_format: mystnb
kernelspec:
  name: python3
---

# {page}

```{{code-cell}}
{code}
```
"""
PLOT = """import matplotlib.pyplot as plt
import torch

print("computed", torch.arange(4.0).sum().item())
plt.plot([1, 2])
plt.show()"""
FAILS = 'raise ValueError("planted" + " fault")'
# One page cannot be resolved while others, which are written, say more than a pipe holds.
FAILS_LATE = """

def setup(app):
    def fail(app, doctree, page):
        if page == "uncertainty":
            raise ValueError("planted" + " fault")

    def talk(*_):
        __import__("sphinx.util.logging").util.logging.getLogger("talk").info("x" * 200_000)

    app.connect("doctree-resolved", fail)
    app.connect("html-page-context", talk)
"""
WAITS = 'import pathlib, time; pathlib.Path("begun").touch(); time.sleep(100)'


@dataclass(frozen=True)
class Ended:
    """A build that has ended: its status, what it said, and where it wrote."""

    status: int
    said: str
    folder: Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with small pages, of which two run code."""
    skip = shutil.ignore_patterns("_build", "jupyter_execute", "__pycache__")
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=skip)
    shutil.copytree(ROOT / "linreg", tmp_path / "linreg", ignore=skip)
    for name in ("noxfile.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    npm = ROOT / "docs" / "_build" / "npm"
    npm.mkdir(parents=True, exist_ok=True)
    (tmp_path / "docs" / "_build").mkdir()
    (tmp_path / "docs" / "_build" / "npm").symlink_to(npm)
    for page, path in find_pages(tmp_path / "docs").items():
        if page == "index":
            text = path.read_text(encoding="utf-8")
            lists = re.findall(r"(?s)```\{toctree\}.*?```", text)
            path.write_text("# linreg\n\nHome.\n\n" + "\n\n".join(lists), encoding="utf-8")
        else:
            path.write_text(f"# {page}\n", encoding="utf-8")
        if path.name == "page.md":
            for other in {*path.parent.iterdir()} - {path}:
                shutil.rmtree(other) if other.is_dir() else other.unlink()
    for page in ("data", "line"):
        run_code(tmp_path, page, PLOT)
    return tmp_path


def run_code(project: Path, page: str, code: str) -> None:
    text = PAGE.format(page=page, code=code)
    find_pages(project / "docs")[page].write_text(text, encoding="utf-8")


@contextlib.contextmanager
def start(
    project: Path, *options: str, builder: str = "html", **variables: str
) -> Iterator[subprocess.Popen[str]]:
    """Build the `project` as nox does; when the context ends, so must have all processes of it."""
    mark = uuid.uuid4().hex
    out = project / "docs" / "_build" / builder
    # While writing, what is not right yet is a warning.
    strict = [] if "LINREG_SERVE" in variables else ["-E", "-W", "--keep-going"]
    sphinx = ["-m", "sphinx", *strict, "-q", "-b", builder, *options]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LINREG")}
    build = subprocess.Popen(
        [sys.executable, *sphinx, project / "docs", out],
        cwd=project,
        env={**clean, "SOURCE_DATE_EPOCH": "1", "MARK": mark, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield build
        left = find_left(mark)
        assert not left, f"the build has ended, and these have not: {left}"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(build.pid, signal.SIGKILL)
        build.wait()


def find_left(mark: str, seconds: float = 5) -> list[str]:
    """Return the commands of processes that still have the `mark` after so many `seconds`."""
    end = time.monotonic() + seconds
    left = ["?"]
    while left and time.monotonic() < end:
        left = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark.encode() in (process / "environ").read_bytes():
                    left.append((process / "cmdline").read_text().replace("\0", " "))
        time.sleep(0.1)
    return left


def build(project: Path, *options: str, builder: str = "html", **variables: str) -> Ended:
    with start(project, *options, builder=builder, **variables) as process:
        said, _ = process.communicate(timeout=LIMIT)
    return Ended(process.returncode, said, project / "docs" / "_build" / builder)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def find_incomplete(built: Ended, address: str) -> Iterator[str]:
    """Yield what a site that is published at the `address` should have and has not."""
    pages = {path.name for path in built.folder.glob("*.html")} - {"404.html", "search.html"}
    if not {f"{name}.html" for name in find_pages()} <= pages:
        yield "pages"
    listed = set(re.findall(r"<loc>(.*?)</loc>", read(built.folder / "sitemap.xml")))
    if not {address + page for page in pages} <= listed:
        yield "pages in the sitemap"
    if not all(place.startswith(address) for place in listed):
        yield "addresses in the sitemap that are the site's"
    for page in sorted(pages):
        text = read(built.folder / page)
        if f'<link rel="canonical" href="{address}{page}"' not in text:
            yield f"a canonical link of {page}"
        if f'property="og:image" content="{address}_static/card.png"' not in text:
            yield f"a card of {page}"
        if re.search(r"127\.0\.0\.1|localhost|file://|noindex", text):
            yield f"only public addresses on {page}"
    if not (built.folder / "_static" / "card.png").is_file():
        yield "the card"
    folder = "/" + address.split("/", 3)[3]
    lost = read(built.folder / "404.html")
    own = re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"]*)"', lost)
    if not own or not all(place.startswith((folder, address)) for place in own):
        yield "a page for lost visitors that finds its files"


def test_a_site_with_an_address_is_whole(project: Path) -> None:
    address = "https://host.example/some/where/"
    notebooks = "https://github.com/someone/site/tree/gh-pages/notebooks"
    built = build(project, "-j", "2", LINREG_URL=address, LINREG_NOTEBOOKS=notebooks)
    assert built.status == 0, built.said
    assert not [*find_incomplete(built, address)]
    assert "colab.research.google.com/github/someone/site" in read(built.folder / "line.html")
    assert "computed 6.0" in read(built.folder / "line.html")
    assert 'class="plot"' in read(built.folder / "line.html")
    assert (built.folder / "notebooks" / "line.ipynb").is_file()
    (wheel,) = built.folder.glob("notebooks/*.whl")
    with zipfile.ZipFile(wheel) as files:
        (metadata,) = (name for name in files.namelist() if name.endswith("/METADATA"))
        assert f"Project-URL: Homepage, {address}" in files.read(metadata).decode()


def test_a_page_that_fails_fails_what_a_host_builds(project: Path) -> None:
    """At the top of Read the Docs' host, and with a temporary folder of a long name."""
    run_code(project, "data", FAILS)
    temporary = project / ("t" * 60) / ("t" * 60)
    temporary.mkdir(parents=True)
    address = "https://linreg.example/"
    variables = {"READTHEDOCS_CANONICAL_URL": address, "TMPDIR": str(temporary)}
    built = build(project, "-j", "2", **variables)
    assert built.status == 1
    assert "planted fault" in built.said
    # All else is there, and so the failure is the only one.
    assert not [*find_incomplete(built, address)]
    assert "computed 6.0" in read(built.folder / "line.html")


def test_a_page_that_fails_fails_the_book(project: Path) -> None:
    """Made in one process."""
    run_code(project, "data", FAILS)
    built = build(project, "-j", "1", builder="epub")
    assert built.status == 1
    assert "planted fault" in built.said
    with zipfile.ZipFile(built.folder / "linreg.epub") as book:
        assert "computed 6.0" in book.read("line.xhtml").decode()


def test_a_page_that_fails_while_others_are_written_ends_the_build(project: Path) -> None:
    configuration = project / "docs" / "conf.py"
    configuration.write_text(read(configuration) + FAILS_LATE, encoding="utf-8")
    built = build(project, "-j", "2")
    assert built.status != 0
    assert "planted fault" in built.said


def test_what_is_served_follows_the_pages_and_the_package(project: Path) -> None:
    run_code(project, "data", "from linreg.served import VALUE\n\nprint('value', VALUE)")
    served = project / "linreg" / "served.py"
    served.write_text("VALUE = 1\n", encoding="utf-8")
    built = build(project, LINREG_SERVE="1")
    assert built.status == 0, built.said
    assert "value 1" in read(built.folder / "data.html")
    served.write_text("VALUE = 2\n", encoding="utf-8")
    glossary = find_pages(project / "docs")["glossary"]
    glossary.write_text("# glossary\n\nEdited.\n", encoding="utf-8")
    built = build(project, LINREG_SERVE="1")
    assert built.status == 0, built.said
    assert "value 2" in read(built.folder / "data.html")
    assert "Edited." in read(built.folder / "glossary.html")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no groups of processes to interrupt")
def test_an_interrupted_build_ends_with_all_it_started(project: Path) -> None:
    run_code(project, "data", WAITS)
    begun = find_pages(project / "docs")["data"].with_name("begun")
    with start(project, "-j", "2", LINREG_URL="https://host.example/") as process:
        end = time.monotonic() + LIMIT
        while not begun.exists() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
        assert begun.exists()
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode != 0


def test_a_process_that_is_left_is_found() -> None:
    mark = uuid.uuid4().hex
    sleeping = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(sleeping, env={**os.environ, "MARK": mark}) as process:
        (left,) = find_left(mark, seconds=2)
        process.kill()
    assert "time.sleep" in left
    assert not find_left(mark)
