# /// script
# requires-python = ">=3.11"
# dependencies = ["nox>=2025.5"]
# ///
"""All chores of the project; `nox -l` lists them, and plain `nox` runs those that must pass."""

import functools
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import nox

nox.needs_version = ">=2025.5"
nox.options.sessions = ["lint", "tests", "docs", "check", "browser"]
# PyTorch is large: one environment serves all sessions and is filled once.
nox.options.default_venv_backend = "none"

ROOT = Path(__file__).parent
DOCS = ROOT / "docs"
BUILD = DOCS / "_build"
HTML = BUILD / "html"
ENVIRONMENT = ROOT / ".nox" / "linreg"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SPHINX = ("-m", "sphinx", "-E", "-W", "--keep-going", "-q", "-j", "2")
PYTEST = ("-m", "pytest", "-n", "2", "--dist", "loadgroup")


def once(chore: Callable[[nox.Session], None]) -> Callable[[nox.Session], None]:
    """Let a chore be done by the first session that asks for it in a run of nox."""
    done: list[bool] = []

    @functools.wraps(chore)
    def run(session: nox.Session) -> None:
        if not done:
            chore(session)
            done.append(True)

    return run


@once
def fill_environment(session: nox.Session) -> None:
    """Install the project and all that its chores need, in the pinned versions, once."""
    if not PYTHON.exists():
        session.run(sys.executable, "-m", "venv", str(ENVIRONMENT), silent=True)
    project = nox.project.load_toml("pyproject.toml")
    packages = nox.project.dependency_groups(project, *project["dependency-groups"])
    install = ("install", "-q", "--disable-pip-version-check", "-c", "docs/constraints.txt")
    command = ("-m", "pip", *install, *packages, "-e", ".")
    note = ENVIRONMENT / "filled.txt"
    asked = "\n".join([*command, (DOCS / "constraints.txt").read_text(encoding="utf-8")])
    if not note.exists() or note.read_text(encoding="utf-8") != asked:
        session.run(str(PYTHON), *command, external=True, silent=True)
        note.write_text(asked, encoding="utf-8")


def python(session: nox.Session, *arguments: str | Path, **options: str) -> None:
    """Run the environment's Python."""
    fill_environment(session)
    session.run(str(PYTHON), *map(str, arguments), external=True, env=options)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types, and the files that the hosts read."""
    python(session, "-m", "ruff", "check")
    python(session, "-m", "ruff", "format", "--check")
    python(session, "-m", "mypy")
    schema = ("-m", "check_jsonschema", "--builtin-schema")
    python(session, *schema, "vendor.github-workflows", ".github/workflows/site.yml")
    python(session, *schema, "vendor.readthedocs", ".readthedocs.yaml")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests of the package and of the check."""
    python(session, *PYTEST, *session.posargs)


@once
def build_site(session: nox.Session) -> None:
    """Build the site from scratch, once in each run of nox."""
    shutil.rmtree(HTML, ignore_errors=True)
    python(session, *SPHINX, DOCS, HTML)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site from scratch into docs/_build/html, warnings being errors."""
    build_site(session)
    session.log(f"open {(HTML / 'index.html').as_uri()}")


@nox.session
def check(session: nox.Session) -> None:
    """Build the site and compare it with the documented outputs, or record those."""
    command = ("-m", "press.check")
    if session.posargs:
        python(session, *command, *session.posargs, PYTHONPATH=str(DOCS))
    else:
        build_site(session)
        python(session, *command, "--built", PYTHONPATH=str(DOCS))


@nox.session
def browser(session: nox.Session) -> None:
    """Prove in Chromium that what readers touch works, on every page."""
    build_site(session)
    files = [str(path) for path in sorted((ROOT / "tests" / "browser").glob("site_*.py"))]
    python(session, *PYTEST, *files, *session.posargs)
    session.log(f"see every page on {(BUILD / 'look' / 'index.html').as_uri()}")


@nox.session(default=False)
def serve(session: nox.Session) -> None:
    """Show the site in the browser and rebuild it at each change, while you write."""
    ignore = (f"--ignore={BUILD}/*", "--re-ignore=__pycache__|jupyter_execute")
    watch = ("--watch", str(ROOT / "linreg"), "--open-browser", *session.posargs)
    python(
        session, "-m", "sphinx_autobuild", *ignore, *watch, DOCS, BUILD / "serve", LINREG_SERVE="1"
    )


@nox.session(default=False)
def lab(session: nox.Session) -> None:
    """Open copies of the site's notebooks in JupyterLab, and build the site if there is none."""
    if not HTML.exists():
        build_site(session)
    fill_environment(session)
    folder = BUILD / "lab"
    folder.mkdir(exist_ok=True)
    for notebook in sorted((HTML / "notebooks").glob("*.ipynb")):
        # What a reader has changed there is theirs.
        if not (folder / notebook.name).exists():
            shutil.copy(notebook, folder)
    python(session, "-m", "jupyterlab", f"--notebook-dir={folder}", *session.posargs)


@nox.session(default=False)
def lighthouse(session: nox.Session) -> None:
    """Print what Lighthouse reads on every page, as on a phone."""
    build_site(session)
    python(session, ROOT / "tests" / "browser" / "lighthouse.py", *session.posargs)


@nox.session(default=False)
def linkcheck(session: nox.Session) -> None:
    """Follow every link to another site, and report on them in docs/_build/linkcheck."""
    python(session, *SPHINX, "-b", "linkcheck", DOCS, BUILD / "linkcheck")


@nox.session(default=False)
def epub(session: nox.Session) -> None:
    """Make one e-book of all pages, and see that it is whole."""
    shutil.rmtree(BUILD / "epub", ignore_errors=True)
    python(session, *SPHINX, "-b", "epub", DOCS, BUILD / "epub")
    python(session, "-m", "pytest", "tests/browser/book_epub.py", *session.posargs)
    session.log(f"read {(BUILD / 'epub' / 'linreg.epub').as_uri()}")


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure the speed of the package beside its rivals, in one run."""
    files = [str(path) for path in sorted((ROOT / "tests" / "bench").glob("bench_*.py"))]
    python(session, "-m", "pytest", "-s", *files, *session.posargs)


if __name__ == "__main__":
    nox.main()
