"""Say which page has been read, so that a build is never silent for long."""

import time
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

_started: dict[str, float] = {}


def count(app: Sphinx, environment: BuildEnvironment, pages: list[str]) -> None:
    _say(f"{len(pages)} pages to read; each runs its code")


def start(app: Sphinx, page: str, source: list[str]) -> None:
    _started.setdefault(page, time.perf_counter())


def end(app: Sphinx, doctree: Any) -> None:
    page = app.env.docname
    _say(f"  {page:20} {time.perf_counter() - _started.pop(page):5.1f} s")


def write(app: Sphinx, *_: Any) -> list[str]:
    _say("writing the pages")
    return []


def _say(text: str) -> None:
    # Sphinx itself is told to be quiet, and a line of its own would come after all pages.
    print(text, flush=True)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("env-before-read-docs", count)
    app.connect("source-read", start)
    app.connect("doctree-read", end)
    app.connect("env-updated", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
