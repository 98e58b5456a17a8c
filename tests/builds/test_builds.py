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
# As `press.serve` builds while somebody writes: once, and again after an edit and a new value.
SERVES = """
import shutil, sys
from pathlib import Path
from press import serve

serve.load()
serve.build("-j", "2")
shutil.copytree(serve.OUT, "first")
Path("linreg", "served.py").write_text("VALUE = 2")
Path(sys.argv[1]).write_text("# glossary\\n\\nEdited.")
serve.build()
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


def sphinx(project: Path, *options: str, builder: str = "html") -> list[str]:
    """Return what follows `python` to build the `project` as nox does."""
    places = [str(project / "docs"), str(project / "docs" / "_build" / builder)]
    return ["-m", "sphinx", "-E", "-W", "--keep-going", "-q", "-b", builder, *options, *places]


def write_prose(project: Path, page: str) -> None:
    text = f"# {page}\n\nProse.\n"
    find_pages(project / "docs")[page].write_text(text, encoding="utf-8")


@contextlib.contextmanager
def start(project: Path, arguments: list[str], **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Run Python on the `project`; when the context ends, so must have all processes of it."""
    mark = uuid.uuid4().hex
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LINREG")}
    build = subprocess.Popen(
        [sys.executable, *arguments],
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
    with start(project, sphinx(project, *options, builder=builder), **variables) as process:
        said, _ = process.communicate(timeout=LIMIT)
    return Ended(process.returncode, said, project / "docs" / "_build" / builder)


def find_warnings(built: Ended, but: str) -> list[str]:
    """Return what warns of anything else than the page `but`."""
    lines = [line for line in built.said.splitlines() if re.search("WARNING: |ERROR: ", line)]
    return [line for line in lines if f"/{but}/page.md: " not in line]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def find_incomplete(site: Path, address: str) -> Iterator[str]:
    """Yield what a built site that is published at the `address` should have and has not."""
    pages = {path.name for path in site.glob("*.html")} - {"404.html", "search.html"}
    if not {f"{name}.html" for name in find_pages()} <= pages:
        yield "pages"
    listed = set(re.findall(r"<loc>(.*?)</loc>", read(site / "sitemap.xml")))
    if not {address + page for page in pages} <= listed:
        yield "pages in the sitemap"
    if not all(place.startswith(address) for place in listed):
        yield "addresses in the sitemap that are the site's"
    for page in sorted(pages):
        text = read(site / page)
        if f'<link rel="canonical" href="{address}{page}"' not in text:
            yield f"a canonical link of {page}"
        if f'property="og:image" content="{address}_static/card.png"' not in text:
            yield f"a card of {page}"
        if re.search(r"127\.0\.0\.1|localhost|file://|noindex", text):
            yield f"only public addresses on {page}"
    if not (site / "_static" / "card.png").is_file():
        yield "the card"
    folder = "/" + address.split("/", 3)[3]
    lost = read(site / "404.html")
    own = re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"]*)"', lost)
    if not own or not all(place.startswith((folder, address)) for place in own):
        yield "a page for lost visitors that finds its files"


def test_a_site_with_an_address_is_whole(project: Path) -> None:
    """Under a folder of a host, and with a temporary folder of a long name."""
    temporary = project / ("t" * 60) / ("t" * 60)
    temporary.mkdir(parents=True)
    address = "https://host.example/some/where/"
    notebooks = "https://github.com/someone/site/tree/gh-pages/notebooks"
    variables = {"LINREG_NOTEBOOKS": notebooks, "TMPDIR": str(temporary)}
    built = build(project, "-j", "2", LINREG_URL=address, **variables)
    assert built.status == 0, built.said
    assert not [*find_incomplete(built.folder, address)]
    assert "colab.research.google.com/github/someone/site" in read(built.folder / "line.html")
    assert "computed 6.0" in read(built.folder / "line.html")
    assert 'class="plot"' in read(built.folder / "line.html")
    assert (built.folder / "notebooks" / "line.ipynb").is_file()
    (wheel,) = built.folder.glob("notebooks/*.whl")
    with zipfile.ZipFile(wheel) as files:
        (metadata,) = (name for name in files.namelist() if name.endswith("/METADATA"))
        assert f"Project-URL: Homepage, {address}" in files.read(metadata).decode()
    # What has an address only, a later build without one has not.
    shutil.rmtree(built.folder)
    built = build(project, "-j", "2")
    assert built.status == 0, built.said
    assert not (built.folder / "_static" / "card.png").exists()


def test_a_page_that_fails_fails_what_a_host_builds(project: Path) -> None:
    """At the top of Read the Docs' host."""
    run_code(project, "data", FAILS)
    address = "https://linreg.example/"
    built = build(project, "-j", "2", READTHEDOCS_CANONICAL_URL=address)
    assert built.status == 1
    assert "planted fault" in built.said
    # All else is there and nothing else is said, and so the failure is the only one.
    assert not find_warnings(built, but="data"), built.said
    assert not [*find_incomplete(built.folder, address)]
    assert "computed 6.0" in read(built.folder / "line.html")


def test_a_page_that_fails_fails_the_book(project: Path) -> None:
    """Made in one process, in which no kernel is a fork: only one page runs code."""
    run_code(project, "data", f"print('computed', 2 * 3.0)\n{FAILS}")
    write_prose(project, "line")
    built = build(project, "-j", "1", builder="epub")
    assert built.status == 1
    assert "planted fault" in built.said
    assert not find_warnings(built, but="data"), built.said
    with zipfile.ZipFile(built.folder / "linreg.epub") as book:
        assert "computed 6.0" in book.read("data.xhtml").decode()
        assert "Prose." in book.read("line.xhtml").decode()


def test_a_page_that_fails_while_others_are_written_ends_the_build(project: Path) -> None:
    configuration = project / "docs" / "conf.py"
    configuration.write_text(read(configuration) + FAILS_LATE, encoding="utf-8")
    # It is in the writing that this fails, whatever has run before.
    for page in ("data", "line"):
        write_prose(project, page)
    built = build(project, "-j", "2")
    assert built.status != 0
    assert "planted fault" in built.said


def test_what_is_served_is_whole_and_follows_the_pages_and_the_package(project: Path) -> None:
    """At the top of Read the Docs' host."""
    run_code(project, "data", "from linreg.served import VALUE\n\nprint('value', VALUE)")
    (project / "linreg" / "served.py").write_text("VALUE = 1\n", encoding="utf-8")
    address = "https://linreg.example/"
    paths = os.pathsep.join([str(project), str(project / "docs")])
    variables = {"READTHEDOCS_CANONICAL_URL": address, "PYTHONPATH": paths}
    arguments = ["-c", SERVES, str(find_pages(project / "docs")["glossary"])]
    with start(project, arguments, **variables) as process:
        said, _ = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, said
    assert said.count("built in ") == 2, said
    first, second = project / "first", project / "docs" / "_build" / "serve"
    assert "value 1" in read(first / "data.html")
    assert "computed 6.0" in read(first / "line.html")
    assert not [*find_incomplete(first, address)]
    assert "value 2" in read(second / "data.html")
    assert "Edited." in read(second / "glossary.html")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no groups of processes to interrupt")
def test_an_interrupted_build_ends_with_all_it_started(project: Path) -> None:
    run_code(project, "data", WAITS)
    begun = find_pages(project / "docs")["data"].with_name("begun")
    with start(project, sphinx(project, "-j", "2"), LINREG_URL="https://host.example/") as process:
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
