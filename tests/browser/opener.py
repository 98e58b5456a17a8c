"""Opens pages of the site in the browser, as the tests ask, and hears what goes wrong on them."""

import base64
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.browser.server import Site

WIDE, PHONE = 1280, 390
THEMES = ("light", "dark")
# The phone and the line that Lighthouse imagines: 150 ms to answer, 1.6 Mbit/s down and 0.75 up.
SLOW_PHONE = {"width": 412, "has_touch": True, "is_mobile": True, "device_scale_factor": 1.75}
SLOW_LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}


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


# Adds up how far things jump that the reader did not move. To set the size of a window counts as
# the reader's input, for half a second.
WATCH = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const byReader = entry.hadRecentInput && navigator.userActivation.hasBeenActive;
    if (!byReader) window.shifts += entry.value;
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def new_tab(browser: Any, **options: Any) -> Any:
    """Return Playwright's page in a window of its own, which has seen nothing yet."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **options)
    context.add_init_script(WATCH)
    return context.new_page()


# Tabs that one test hands on to the next, by the options that they were made with: a new one takes
# as long as to load a page.
Spare = dict[frozenset[tuple[str, Any]], list[Any]]


@dataclass
class Opener:
    """Opens pages of the site and writes down what goes wrong on them, in `problems`."""

    site: Site
    browser: Any
    # Where the site is for the page that was opened last.
    home: str = field(init=False, default="")
    spare: Spare
    opened: list[Callable[[], None]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    # Addresses of all that fresh pages loaded, with the bytes that the host sent for each.
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
        slow: bool = False,
        plant: Callable[[str], str] | None = None,
        **options: Any,
    ) -> Any:
        """Return Playwright's page of `path`, loaded.

        fresh: whether the browser shall have nothing of the site yet.
        slow: whether the line is that of Lighthouse's phone; the page is fresh, too.
        plant: changes the page's HTML on its way, to plant a fault.
        options: what Playwright's `new_context` takes.
        """
        self.home = self.site.find(path)
        spare = self.spare.setdefault(frozenset(options.items()), [])
        tab = spare.pop() if spare else new_tab(self.browser, **options)
        self.opened.append(functools.partial(self._hand_on, tab, spare))
        tab.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
        motion = "reduce" if reduced_motion else "no-preference"
        tab.emulate_media(
            color_scheme=theme, reduced_motion=motion, contrast="no-preference", media="screen"
        )
        if fresh or slow:
            session = tab.context.new_cdp_session(tab)
            session.send("Network.clearBrowserCache")
            if slow:
                session.send("Network.enable")
                session.send("Network.emulateNetworkConditions", SLOW_LINE)
            # With the session the slow line ends, too.
            self.opened.insert(0, session.detach)
        listeners = {
            "pageerror": lambda error: self.problems.append(f"{path}: {error}"),
            "console": functools.partial(self._note_console, path),
            "request": self._note_request,
        }
        if fresh or slow:
            listeners["response"] = self._note_response
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

    @staticmethod
    def _hand_on(tab: Any, spare: list[Any]) -> None:
        tab.unroute_all()
        tab.evaluate("localStorage.clear()")
        tab.goto("about:blank")
        # Where the mouse stays, what it lies over would be shown on the next page.
        tab.mouse.move(0, 0)
        spare.append(tab)

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
        # What Playwright hands on is no longer compressed.
        headers = {k: v for k, v in response.headers.items() if k != "content-encoding"}
        route.fulfill(status=response.status, headers=headers, body=after)

    def close(self) -> None:
        while self.opened:
            self.opened.pop(0)()
