"""What several test modules share."""

import contextlib
import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HTML = Path(__file__).parents[1] / "docs" / "_build" / "html"
CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@dataclass
class Site:
    url: str


class Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CSP)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=HTML)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with (
        sync_playwright() as play,
        contextlib.closing(
            play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        ) as browser,
    ):
        yield browser


@pytest.fixture
def open_page(site: Site, browser) -> Iterator[Callable]:
    contexts, said = [], []

    def open_page(path, *, theme="light", width=1280, touch=False, javascript=True,
                  reduced_motion=False):  # fmt: skip
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            has_touch=touch,
            is_mobile=touch,
            java_script_enabled=javascript,
            reduced_motion="reduce" if reduced_motion else "no-preference",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(site.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not [text for text in said if "inline script" not in text]
