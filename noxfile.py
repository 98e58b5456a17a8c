# /// script
# requires-python = ">=3.11"
# dependencies = ["nox>=2025.5"]
# ///
"""All chores of the project; `nox -l` lists them, and plain `nox` runs those that must pass."""

import contextlib
import functools
import hashlib
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nox

nox.needs_version = ">=2025.5"
nox.options.sessions = ["lint", "tests", "check", "docs", "hosts", "browser"]
# PyTorch is large: one environment serves all sessions, and each adds what it needs.
nox.options.default_venv_backend = "none"
# What a chore prints is seen at once, also where it does not go to a terminal.
os.environ["PYTHONUNBUFFERED"] = "1"
# What is compiled at its first import is kept, whatever the machine says: there are many processes.
os.environ["PYTHONDONTWRITEBYTECODE"] = ""

ROOT = Path(__file__).parent
DOCS = ROOT / "docs"
BUILD = DOCS / "_build"
HTML = BUILD / "html"
PINS = DOCS / "constraints.txt"
ENVIRONMENT = ROOT / ".nox" / "linreg"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SPHINX = ("-m", "sphinx", "-E", "-W", "--keep-going", "-q", "-j", "2")
PYTEST = ("-m", "pytest", "-n", "2", "--dist")


def once(chore: Callable[[nox.Session], None]) -> Callable[[nox.Session], None]:
    """Let a chore be done by the first session that asks for it in a run of nox."""
    done: list[bool] = []

    @functools.wraps(chore)
    def run(session: nox.Session) -> None:
        if not done:
            chore(session)
            done.append(True)

    return run


@contextlib.contextmanager
def heartbeat(session: nox.Session, what: str) -> Iterator[None]:
    """Say `what` is done, and every few seconds that it goes on."""
    started, ended = time.monotonic(), threading.Event()

    def beat() -> None:
        while not ended.wait(8):
            session.log(f"... {what} for {time.monotonic() - started:.0f} s")

    session.log(what)
    threading.Thread(target=beat, daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def fill_environment(session: nox.Session, *groups: str) -> None:
    """Install what the dependency `groups` name in the pinned versions, unless it is there.

    The group `linreg` is the package itself, with PyTorch and all that it needs.
    """
    project = nox.project.load_toml("pyproject.toml")
    asked = f"{PINS.read_text(encoding='utf-8')}{project['project']}{project['dependency-groups']}"
    digest = hashlib.sha256(asked.encode()).hexdigest()
    stamps = {group: ENVIRONMENT / f"filled-{group}.txt" for group in groups}
    missing = {g for g, s in stamps.items() if not s.exists() or s.read_text() != digest}
    if not missing:
        return
    if not PYTHON.exists():
        with heartbeat(session, f"making the environment {ENVIRONMENT}"):
            session.run(sys.executable, "-m", "venv", str(ENVIRONMENT), external=True)
    with_linreg = "linreg" in missing
    packages = nox.project.dependency_groups(project, *(missing - {"linreg"}))
    pins = ("-c", str(PINS.relative_to(ROOT)))
    # pip brings uv, which is several times as fast but always takes PyTorch's build for graphics
    # cards: pip takes the one that it is set up for, and uv then leaves it alone.
    # What pip would compile is compiled where it is imported, and most of it never is.
    first = ["uv", "torch"] if with_linreg else ["uv"]
    if with_linreg or not PYTHON.with_name("uv.exe" if os.name == "nt" else "uv").exists():
        with heartbeat(session, f"installing {' and '.join(first)}"):
            pip = ("-m", "pip", "install", "--no-compile", "--disable-pip-version-check")
            session.run(str(PYTHON), *pip, "--progress-bar=off", *pins, *first, external=True)
    with heartbeat(session, f"installing what {', '.join(sorted(missing))} need"):
        uv = ("-m", "uv", "pip", "install", "--no-progress", "--python", str(PYTHON))
        own = ("-e", ".") if with_linreg else ()
        session.run(str(PYTHON), *uv, *pins, *packages, *own, external=True)
    for group in missing:
        stamps[group].write_text(digest)


def python(
    session: nox.Session, *arguments: str | Path, groups: tuple[str, ...], **variables: str
) -> None:
    """Run the environment's Python, once it holds what the `groups` name."""
    fill_environment(session, *groups)
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(DOCS)])}
    session.run(str(PYTHON), *map(str, arguments), external=True, env=paths | variables)


SITE = ("linreg", "docs")
# A reader has JupyterLab too, and the proof lends them what it has.
PROOF = (*SITE, "test", "browser", "lab")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, the types of Python and JavaScript, and the files that the hosts read."""
    run = functools.partial(python, session, groups=("lint",))
    run("-m", "ruff", "check")
    run("-m", "ruff", "format", "--check")
    run("-m", "mypy")
    run("-m", "press.tools.scripts")
    schema = ("-m", "check_jsonschema", "--builtin-schema")
    workflows = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    run(*schema, "vendor.github-workflows", *workflows)
    run(*schema, "vendor.dependabot", ".github/dependabot.yml")
    run(*schema, "vendor.readthedocs", ".readthedocs.yaml")
    run(*schema, "vendor.citation-file-format", "CITATION.cff")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests of the package and of the site's machine; `-- -k WORDS` runs some of them."""
    # One worker runs all of a file, and so prepares what its tests share once.
    python(session, *PYTEST, "loadfile", *_for("tests", session), groups=(*SITE, "test"))


@once
def build_site(session: nox.Session) -> None:
    """Build the site from scratch, once in each run of nox."""
    # Nor may what pages handed over in an earlier build look like something of this one.
    for folder in (HTML, BUILD / "jupyter_execute"):
        shutil.rmtree(folder, ignore_errors=True)
    python(session, *SPHINX, DOCS, HTML, groups=SITE)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site from scratch into docs/_build/html, warnings being errors."""
    build_site(session)
    session.log(f"the site is built: open {(HTML / 'index.html').as_uri()}")


@nox.session
def check(session: nox.Session) -> None:
    """Look at the sources, build the site and compare it with its record; `-- --record` records."""
    arguments = _for("check", session)
    if not arguments:
        python(session, "-m", "press.check", "--sources", groups=SITE)
    build_site(session)
    python(session, "-m", "press.check", *arguments, groups=SITE)


@nox.session
def hosts(session: nox.Session) -> None:
    """Build as hosts do, and with what goes wrong there: each ends, and leaves nothing behind."""
    _find_or_build(session)
    groups = (*SITE, "test", "engines")
    python(session, *PYTEST, "loadgroup", "tests/builds", *_for("hosts", session), groups=groups)


@nox.session
def browser(session: nox.Session) -> None:
    """Prove in Chromium that what readers touch works, on every page."""
    _find_or_build(session)
    python(session, "-m", "press.tools.chromium", groups=PROOF)
    files = sorted((ROOT / "tests" / "browser").glob("site_*.py"))
    # A third worker uses the time that pages take to come over the slow line.
    workers = ("loadgroup", "-n", "3")
    python(session, *PYTEST, *workers, *files, *_for("browser", session), groups=PROOF)
    session.log("every page holds in the browser; `nox -s look` photographs them")


@nox.session(default=False)
def serve(session: nox.Session) -> None:
    """Show the site in the browser and rebuild it at each change, while you write."""
    python(session, "-m", "press.serve", groups=(*SITE, "serve"))


@nox.session(default=False)
def new(session: nox.Session) -> None:
    """Begin a page: `-- NAME "Title"`."""
    python(session, "-m", "press.tools.new", *session.posargs, groups=SITE)


@nox.session(default=False)
def lab(session: nox.Session) -> None:
    """Open copies of the site's notebooks in JupyterLab, and build the site if there is none."""
    if not HTML.exists():
        build_site(session)
    folder = BUILD / "lab"
    folder.mkdir(exist_ok=True)
    for file in sorted((HTML / "notebooks").iterdir()):
        # What a reader has changed there is theirs.
        if not (folder / file.name).exists():
            shutil.copy(file, folder)
    arguments = (f"--notebook-dir={folder}", *session.posargs)
    python(session, "-m", "jupyterlab", *arguments, groups=(*SITE, "lab"))


@nox.session(default=False)
def look(session: nox.Session) -> None:
    """Photograph every page in both themes and two widths, on one sheet to look at."""
    _find_or_build(session)
    program = ROOT / "tests" / "browser" / "look.py"
    python(session, program, *session.posargs, groups=PROOF)


@nox.session(default=False)
def lighthouse(session: nox.Session) -> None:
    """Print what Lighthouse reads on every page, as on a phone."""
    _find_or_build(session)
    program = ROOT / "tests" / "browser" / "lighthouse.py"
    python(session, program, *session.posargs, groups=PROOF)


@nox.session(default=False)
def linkcheck(session: nox.Session) -> None:
    """Follow every link to another site, and report on them in docs/_build/linkcheck."""
    python(session, *SPHINX, "-b", "linkcheck", DOCS, BUILD / "linkcheck", groups=SITE)


@nox.session(default=False)
def epub(session: nox.Session) -> None:
    """Make one e-book of all pages, and see that it is whole."""
    shutil.rmtree(BUILD / "epub", ignore_errors=True)
    python(session, *SPHINX, "-b", "epub", DOCS, BUILD / "epub", groups=SITE)
    python(session, "-m", "pytest", "tests/browser/book_epub.py", groups=PROOF)
    session.log(f"read {(BUILD / 'epub' / 'linreg.epub').as_uri()}")


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure the speed of the package beside its rivals, in one run."""
    files = sorted((ROOT / "tests" / "bench").glob("bench_*.py"))
    groups = (*PROOF, "engines", "bench")
    python(session, "-m", "pytest", "-s", *files, *session.posargs, groups=groups)


def _for(name: str, session: nox.Session) -> list[str]:
    """Return what was said after `--`, if this session was asked for by its name.

    Plain `nox -- -k words` asks for all of them, and would say it to each.
    """
    return list(session.posargs) if name in sys.argv else []


def _find_or_build(session: nox.Session) -> None:
    """Take the site that is there for what is built from elsewhere, or build it."""
    # The workflow hands on a site that is built: what is published is what was tested.
    if "LINREG_BUILT" not in os.environ or not HTML.exists():
        build_site(session)


if __name__ == "__main__":
    nox.main()
