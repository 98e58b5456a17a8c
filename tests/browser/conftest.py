"""What the tests of the built site share: a server as strict as a good host, and a browser."""

import base64
import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import threading
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HTML = ROOT / "docs" / "_build" / "html"
# A test needs neither a sandbox, which root may not have, nor the browser's calls home.
QUIET = ("sandbox", "default-browser-check", "first-run")
FLAGS = [
    *(f"--no-{name}" for name in QUIET),
    *(f"--disable-{name}" for name in ("quic", "background-networking", "component-update")),
    "--disable-sync",
    # Pages here have nothing for a graphics card, and one process less has less to tell others.
    "--in-process-gpu",
    # Stands for a network that is not there.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
WIDE, PHONE = 1280, 390
THEMES = ("light", "dark")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of the site that asks for a `page` on every page that the build has written."""
    name = metafunc.module.__name__.rpartition(".")[2]
    if name.startswith("site_") and "page" in metafunc.fixturenames:
        metafunc.parametrize("page", sorted(path.name for path in HTML.glob("*.html")))


def pytest_itemcollected(item: Any) -> None:
    """Give all that runs in the reader's environment to one worker, which loads PyTorch once."""
    if "reader" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.xdist_group("reader"))


# The site stands in a folder of its host, as on GitHub Pages.
FOLDER = "some/where/"


@dataclass(frozen=True)
class Site:
    """The built site in a folder of the `host`, and its page for lost visitors at the top."""

    host: str

    def find(self, page: str) -> str:
        """Return the address of the folder that a `page` is in."""
        # The page for lost visitors is told by the build where the site is: here, at the top.
        return self.host if page == "404.html" else f"{self.host}{FOLDER}"


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serve a folder without compression, as the first page asks, with the 404 page of the site."""

    def __init__(self, *arguments: Any, policy: str, **options: Any) -> None:
        self.policy = policy
        super().__init__(*arguments, **options)

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(f"/{FOLDER.rstrip('/')}"))

    def end_headers(self) -> None:
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "max-age=600")  # as GitHub Pages does
        super().end_headers()

    def send_error(self, code: int, *_: Any) -> None:
        body = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing: what matters is seen in the browser."""


@functools.cache
def read_policy() -> str:
    """Return the header that the site's own page tells a host to send."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup((HTML / "making.html").read_text(encoding="utf-8"), "lxml")
    return soup.select_one(".policy pre").get_text().strip().split(": ", 1)[1]


@contextlib.contextmanager
def serve(folder: Path, *, policy: str = "", handler: Any = Handler) -> Iterator[str]:
    """Serve the `folder` as long as the context lasts; give the address."""
    handler = functools.partial(handler, directory=str(folder), policy=policy)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The built site, served."""
    if not HTML.exists():
        pytest.fail(f"there is no site in {HTML}; build it with `nox -s docs`")

    with serve(HTML, policy=read_policy()) as url:
        yield Site(url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium: the pinned one, or another that `LINREG_BROWSER` names."""
    from playwright.sync_api import sync_playwright
    from press.tools.chromium import prepare

    path, variables = prepare()
    with sync_playwright() as playwright:
        environment = {**os.environ, **variables}
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS, env=environment)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Reader:
    """A reader who followed Set up: a folder with an environment, and another with linreg too."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a reader's programs find set: nothing of ours, and what they load is kept."""
        return os.environ | {
            "PYTHONPATH": "",
            "PYTHONDONTWRITEBYTECODE": "",
            "OMP_NUM_THREADS": "1",
        }

    @property
    def pinned(self) -> dict[str, str]:
        """What keeps the page's own commands to the versions that the site was built with.

        And pip from compiling thousands of modules of which the pages import hundreds.
        """
        pins = str(ROOT / "docs" / "constraints.txt")
        own = {"PIP_CONSTRAINT": pins, "UV_CONSTRAINT": pins, "PIP_COMPILE": "0"}
        return self.environment | own

    def python(self, *, with_linreg: bool) -> Path:
        return self.folder / ("linreg" if with_linreg else "study") / "bin" / "python"

    def follow(self, install: str, install_linreg: str) -> None:
        """Run the commands of Set up, unless an earlier run did the same ones."""
        note = self.folder / "done.txt"
        said = f"{install}\n{install_linreg}\n{(ROOT / 'docs/constraints.txt').read_text()}"
        if note.exists() and note.read_text(encoding="utf-8") == said:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._run(install, self.folder)
        # PyTorch is large: the second environment looks into the first, and adds linreg.
        venv.create(self.folder / "linreg", with_pip=True)
        (first,), (second,) = (
            self.folder.glob(f"{name}/lib/*/site-packages") for name in ("study", "linreg")
        )
        (second / "study.pth").write_text(str(first), encoding="utf-8")
        python = str(self.python(with_linreg=True))
        self._run(install_linreg.replace("study/bin/python", python), ROOT)
        note.write_text(said, encoding="utf-8")

    def _run(self, command: str, folder: Path) -> None:
        shell = ["bash", "-ce", command]
        done = subprocess.run(shell, cwd=folder, env=self.pinned, capture_output=True, text=True)
        if done.returncode:
            pytest.fail(f"Set up says `{command}`, and that fails:\n{done.stderr}")


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    """The environments that Set up leads to, made by its own commands."""
    from bs4 import BeautifulSoup
    from filelock import FileLock, Timeout

    soup = BeautifulSoup((HTML / "setup.html").read_text(encoding="utf-8"), "lxml")
    install = soup.select_one(".highlight-shell pre").get_text()
    (install_linreg,) = [code for code in map(_text, soup.select("code")) if "install ." in code]
    reader = Reader(ROOT / ".nox" / "reader")
    reader.folder.parent.mkdir(exist_ok=True)
    try:
        with FileLock(reader.folder.with_suffix(".lock"), timeout=0):
            reader.follow(install, install_linreg)
            yield reader
    except Timeout:
        pytest.fail("another run of these tests has the reader's environment; wait until it ends")


def _text(tag: Any) -> str:
    return tag.get_text()


def wait_until(tab: Any, expression: str) -> None:
    """Wait until JavaScript's `expression` is true; the policy forbids Playwright's own way."""
    for _ in range(100):
        if tab.evaluate(expression):
            return
        tab.wait_for_timeout(50)
    pytest.fail(f"it never became true that {expression}")


def arrive(tab: Any) -> None:
    """Come near each interactive figure of a page, wait until it is drawn, and go back up."""
    for figure in tab.locator(".explore").all():
        figure.scroll_into_view_if_needed()
        figure.locator("svg.chart path.axis").first.wait_for()
    tab.evaluate("scrollTo({ top: 0, behavior: 'instant' })")


def take_picture(tab: Any, box: dict[str, float], *, scale: float = 1, **options: Any) -> bytes:
    """Return a picture of a `box` of the whole page, as Chromium encodes it with these `options`.

    Playwright's own takes twice as long, to wait for what pages here have done already.
    """
    session = tab.context.new_cdp_session(tab)
    asked = {"clip": {**box, "scale": scale}, **options}
    picture = session.send("Page.captureScreenshot", asked)["data"]
    session.detach()
    return base64.b64decode(picture)


# Adds up how far things jump that the reader did not move.
WATCH = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) window.shifts += entry.value;
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def new_tab(browser: Any, **options: Any) -> Any:
    """Return Playwright's page in a window of its own, which has seen nothing yet."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **options)
    context.add_init_script(WATCH)
    return context.new_page()


@dataclass
class Opener:
    """Opens pages of the site and writes down what goes wrong on them, in `problems`."""

    site: Site
    browser: Any
    # Where the site is for the page that was opened last.
    home: str = field(init=False, default="")
    # The tab that one test hands on to the next: a new one takes as long as to load a page.
    spare: list[Any]
    opened: list[Callable[[], None]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    # Addresses of all that the pages loaded, with the bytes of each.
    loaded: dict[str, int] = field(default_factory=dict)
    # Files that the site does not have, to plant a fault: what is at which address.
    extra: dict[str, bytes] = field(default_factory=dict)

    def __call__(
        self,
        path: str,
        *,
        theme: str = "light",
        width: int = WIDE,
        reduced_motion: bool = False,
        fresh: bool = False,
        plant: Callable[[str], str] | None = None,
        **options: Any,
    ) -> Any:
        """Return Playwright's page of `path`, loaded.

        fresh: whether the browser shall have seen nothing yet.
        plant: changes the page's HTML on its way, to plant a fault.
        options: what Playwright's `new_context` takes.
        """
        self.home = self.site.find(path)
        if fresh or options or not self.spare:
            tab = new_tab(self.browser, **options)
            self.opened.append(tab.context.close)
        else:
            tab = self.spare.pop()
            self.opened.append(functools.partial(self._hand_on, tab))
        tab.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
        motion = "reduce" if reduced_motion else "no-preference"
        tab.emulate_media(
            color_scheme=theme, reduced_motion=motion, contrast="no-preference", media="screen"
        )
        listeners = {
            "pageerror": lambda error: self.problems.append(f"{path}: {error}"),
            "console": functools.partial(self._note_console, path),
            "response": self._note_response,
            "request": self._note_request,
        }
        for event, listener in listeners.items():
            tab.on(event, listener)
            self.opened.insert(0, functools.partial(tab.remove_listener, event, listener))
        for address, body in self.extra.items():
            tab.route(address, functools.partial(self._add, body))
        if plant:
            tab.route(f"{self.home}{path}", lambda route: self._plant(route, plant))
        tab.goto(f"{self.home}{path}", wait_until="load")
        if options.get("java_script_enabled", True):
            tab.evaluate("document.fonts.ready.then(() => true)")
        return tab

    def _hand_on(self, tab: Any) -> None:
        tab.unroute_all()
        tab.evaluate("localStorage.clear()")
        tab.goto("about:blank")
        self.spare.append(tab)

    def _note_console(self, path: str, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{path}: {message.text}")

    def _note_response(self, response: Any) -> None:
        if response.ok and response.url.startswith(self.home):
            self.loaded[response.url] = int(response.headers.get("content-length", 0))

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith((self.home, "data:", "blob:")):
            self.problems.append(f"asks for what is not of the site: {request.url}")

    @staticmethod
    def _add(body: bytes, route: Any) -> None:
        headers = {"Content-Type": "image/png", "Content-Length": str(len(body))}
        route.fulfill(body=body, headers=headers)

    def _plant(self, route: Any, plant: Callable[[str], str]) -> None:
        response = route.fetch()
        before = response.text()
        after = plant(before)
        assert after != before, "the fault could not be planted: the page has no such place"
        route.fulfill(response=response, body=after)

    def close(self) -> None:
        for leave in self.opened:
            leave()


@pytest.fixture(scope="session")
def spare(chromium: Any) -> list[Any]:
    return [new_tab(chromium)]


@pytest.fixture
def open_page(site: Site, chromium: Any, spare: list[Any]) -> Iterator[Opener]:
    """Open pages of the site; the test fails when one of them reports anything wrong."""
    opener = Opener(site, chromium, spare)
    yield opener
    opener.close()
    assert not opener.problems, "\n".join(opener.problems)
