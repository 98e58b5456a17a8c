"""What the tests of the built site share: a host, a browser, and a reader's environment."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.opener import Opener, Spare
from tests.browser.reader import Reader, become_reader
from tests.browser.server import HTML, Site, serve

# A test needs neither a sandbox, which root may not have, nor the browser's calls home.
QUIET = ("sandbox", "default-browser-check", "first-run")
# The process for graphics stays its own: inside the browser's, every sixth start ends in a crash.
FLAGS = [
    *(f"--no-{name}" for name in QUIET),
    *(f"--disable-{name}" for name in ("quic", "background-networking", "component-update")),
    "--disable-sync",
    # Stands for a network that is not there.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that asks for a `page` on every page that the build has written."""
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", sorted(path.name for path in HTML.glob("*.html")))


def pytest_itemcollected(item: Any) -> None:
    """Give all that runs in the reader's environment to one worker, which loads PyTorch once."""
    if "reader" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.xdist_group("reader"))


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Begin with what takes longest in one piece, so that no worker waits for it in the end."""
    items.sort(key=lambda item: "reader" not in getattr(item, "fixturenames", ()))


@contextlib.contextmanager
def start_chromium() -> Iterator[Any]:
    """Run Chromium: the pinned one, or another that `LINREG_BROWSER` names."""
    from playwright.sync_api import sync_playwright

    from press.tools.chromium import prepare

    path, variables = prepare()
    with sync_playwright() as playwright:
        environment = {**os.environ, **variables}
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS, env=environment)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    with start_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The built site, served."""
    if not HTML.exists():
        pytest.fail(f"there is no site in {HTML}; build it with `nox -s docs`")

    with serve(HTML) as url:
        yield Site(url)


@pytest.fixture(scope="session")
def spare() -> Spare:
    return {}


@pytest.fixture
def open_page(site: Site, chromium: Any, spare: Spare) -> Iterator[Opener]:
    """Open pages of the site; the test fails when one of them reports anything wrong."""
    opener = Opener(site, chromium, spare)
    yield opener
    opener.close()
    assert not opener.problems, "\n".join(opener.problems)


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    """The environments that Set up leads to, by its own commands."""
    with become_reader() as reader:
        yield reader
