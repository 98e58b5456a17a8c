"""How long do the interactive figures work on each frame, on a slow computer?

The processor is slowed four times. A frame's work is what the page's own callbacks take, from the
event to the changed drawing; the browser's layout and painting come on top.
"""

import statistics

import pytest

from interactive import FIGURES

# Adds up the time in event listeners and animation frames, from one frame to the next.
MEASURE = """
window.work = [];
let spent = 0;
const timed = (run) => function (...given) {
  const begin = performance.now();
  try { return run.apply(this, given); } finally { spent += performance.now() - begin; }
};
const listen = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (kind, run, ...more) {
  return listen.call(this, kind, typeof run === "function" ? timed(run) : run, ...more);
};
const request = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (run) => request(timed(run));
const frame = () => { if (spent > 0) work.push(spent); spent = 0; request(frame); };
request(frame);
"""

PLAY = "explore.html#explore-training:units=tens&lr=0.0007&momentum=0.97&epochs=1000"


def shake(page, node) -> None:
    """Drag a handle, or a slider's thumb, to and fro for two seconds."""
    box = node.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(120):
        page.mouse.move(x + (i % 20) * 3, y - (i % 15) * 4)
        page.wait_for_timeout(16)
    page.mouse.up()


@pytest.fixture
def slow_page(open_page):
    def open_slowly(path: str):
        page = open_page("index.html")
        page.add_init_script(MEASURE)
        page.goto(page.url.replace("index.html", path))
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        return page, session

    return open_slowly


def report(what: str, work: list[float]) -> None:
    middle, slow = statistics.median(work), statistics.quantiles(work, n=20)[-1]
    print(f"\n{what:24} {len(work):5} frames, median {middle:5.2f} ms, 95 % below {slow:5.2f} ms")


@pytest.mark.parametrize("name", FIGURES)
def test_dragging(slow_page, name: str) -> None:
    page, _ = slow_page("explore.html")
    figure = page.locator(f"explore-{name}")
    figure.scroll_into_view_if_needed()
    page.locator(f".explore.ready > explore-{name}").wait_for()
    page.wait_for_timeout(1500)
    page.evaluate("work.length = 0")
    handle = figure.locator(".handle:visible")
    shake(page, handle.last if handle.count() else figure.locator("input[type=range]").first)
    report(f"dragging, {name}", page.evaluate("work"))


def test_playing(slow_page) -> None:
    page, _ = slow_page(PLAY)
    page.locator(".explore.ready > explore-training").wait_for()
    page.wait_for_timeout(1500)
    page.evaluate("work.length = 0")
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(6000)
    report("playing, with momentum", page.evaluate("work"))


def test_memory_after_a_minute_of_play(slow_page) -> None:
    page, session = slow_page(PLAY)
    page.locator(".explore.ready > explore-training").wait_for()
    page.wait_for_timeout(1500)

    def held() -> float:
        session.send("HeapProfiler.collectGarbage")
        page.evaluate("work.length = 0")
        return session.send("Runtime.getHeapUsage")["usedSize"] / 2**20

    def play() -> None:
        page.get_by_role("button", name="Play").click()
        page.wait_for_timeout(7600)

    # The first time, the browser compiles what it will use from then on.
    play()
    before = held()
    for _ in range(8):
        play()
    print(f"\nmemory held before {before:.2f} MiB, after a minute of play {held():.2f} MiB")
