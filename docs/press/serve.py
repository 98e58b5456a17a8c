"""Show the site while it is written: build what has changed, and let the browser load it anew.

One process loads Sphinx once and builds in forks of itself, since the loading takes longer than to
build a page that was edited.
"""

import contextlib
import http.server
import importlib
import multiprocessing
import os
import runpy
import sys
import threading
import time
import webbrowser
from pathlib import Path
from typing import Any

from press.pages import DOCS

OUT = DOCS / "_build" / "serve"
PORT = 8000
MADE = {"_build", "jupyter_execute", "__pycache__"}
# Asks which build it is, and loads the page again once that is another.
RELOAD = b"""<script>
let seen;
setInterval(async () => {
  const built = await fetch("/built").then((answer) => answer.text()).catch(() => seen);
  if (seen !== undefined && built !== seen) location.reload();
  seen = built;
}, 400);
</script></body>"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serve the site, each page with the script that follows the builds."""

    built = 0

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments, directory=str(OUT))

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if self.path == "/built":
            self.answer(str(Handler.built).encode(), "text/plain")
        elif path.suffix == ".html" and path.is_file():
            self.answer(path.read_bytes().replace(b"</body>", RELOAD), "text/html")
        else:
            super().do_GET()

    def answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing: what matters is what is built."""


def build(*options: str) -> None:
    """Build what has changed, in a process of its own, and say how it went."""
    started = time.perf_counter()
    # Elsewhere than on Linux a fork is not safe once so much is loaded.
    context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    process = context.Process(target=_build, args=options)
    process.start()
    process.join()
    said = "built" if not process.exitcode else "built, with what is said above,"
    print(f"{said} in {time.perf_counter() - started:.1f} s", flush=True)
    Handler.built += 1


def _build(*options: str) -> None:
    from sphinx.cmd.build import main

    sys.exit(main(["-q", *options, str(DOCS), str(OUT)]))


def load() -> None:
    """Load what builds need, with PyTorch, which the pages' kernels share."""
    from jupyter_cache import get_cache

    os.environ["LINREG_SERVE"] = "1"
    settings = runpy.run_path(str(DOCS / "conf.py"))
    for name in (*settings["extensions"], "torch._dynamo"):
        importlib.import_module(name)
    # Two processes would each try to make it.
    get_cache(settings["nb_execution_cache_path"]).get_cache_limit()


def main() -> None:
    from watchfiles import watch

    load()
    build("-j", "2")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{PORT}/"
    print(f"the site is on {address}, and follows your edits; Ctrl-C ends it", flush=True)
    webbrowser.open(address)
    for changes in watch(DOCS, DOCS.parent / "linreg", debounce=200, raise_interrupt=False):
        paths = [Path(path).relative_to(DOCS.parent) for _, path in changes]
        paths = [path for path in paths if MADE.isdisjoint(path.parts)]
        if any(path.suffix == ".py" and path.name != "outputs.py" for path in paths):
            # What is loaded has changed: begin again with what is there now.
            server.server_close()
            os.execv(sys.executable, [sys.executable, "-m", "press.serve"])
        if paths:
            build()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
