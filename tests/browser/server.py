"""Serves the built site as a good host does: strictly, compressed, and in a folder."""

import contextlib
import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
HTML = ROOT / "docs" / "_build" / "html"
# The site stands in a folder of its host, as on GitHub Pages.
FOLDER = "some/where/"
# What hosts send compressed, at the level that nginx and Apache have unless told otherwise.
TEXT = {".html", ".css", ".js", ".svg", ".json", ".ipynb", ".inv", ".txt", ".xml"}
LEVEL = 6


@dataclass(frozen=True)
class Site:
    """The built site in a folder of the `host`, and its page for lost visitors at the top."""

    host: str

    def find(self, page: str) -> str:
        """Return the address of the folder that a `page` is in."""
        # The page for lost visitors is told by the build where the site is: here, at the top.
        return self.host if page == "404.html" else f"{self.host}{FOLDER}"


@functools.cache
def compress(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), LEVEL, mtime=0)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serve a folder as the first page asks, with the 404 page of the site."""

    def __init__(self, *arguments: Any, policy: str, **options: Any) -> None:
        self.policy = policy
        super().__init__(*arguments, **options)

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(f"/{FOLDER.rstrip('/')}"))

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_compressed(Path(self.directory) / "404.html", HTTPStatus.NOT_FOUND)
        elif path.suffix in TEXT:
            self.send_compressed(path, HTTPStatus.OK)
        else:
            super().do_GET()

    def send_compressed(self, path: Path, status: HTTPStatus) -> None:
        body = compress(path)
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "max-age=600")  # as GitHub Pages does
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing: what matters is seen in the browser."""


@functools.cache
def read_policy() -> str:
    """Return the header that the site's own page tells a host to send."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup((HTML / "making.html").read_text(encoding="utf-8"), "lxml")
    return soup.select_one(".policy pre").get_text().strip().split(": ", 1)[1]


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve the `folder` as long as the context lasts; give the address."""
    handler = functools.partial(Handler, directory=str(folder), policy=read_policy())
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
