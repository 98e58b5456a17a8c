"""Do the interactive figures answer mouse, touch and keyboard in a real browser?"""

import contextlib
import io
import re
from typing import Any

import pytest

from press.contract import load_contracts
from tests.browser.conftest import HTML

NAMES = [
    name
    for page in HTML.glob("explore.html")
    for name in re.findall(r"<explore-(\w+)>", page.read_text(encoding="utf-8"))
]


def shown(name: str) -> str:
    """Return a documented output as the pages show it."""
    values = [contract.recorded.values for contract in load_contracts().values()]
    return next(found[name] for found in values if name in found)


class Figure:
    """An interactive figure on an open page, as a reader sees and uses it."""

    def __init__(self, page: Any, name: str) -> None:
        self.page, self.name = page, name
        self.node = page.locator(f"explore-{name}")
        self.node.scroll_into_view_if_needed()
        page.locator(f".explore.ready > explore-{name}").wait_for()
        self.node.locator("svg.chart path.axis").first.wait_for()
        self.settle()

    def settle(self) -> None:
        """Wait until what has changed is drawn."""
        self.page.evaluate(
            "new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))"
        )

    def value(self, name: str) -> str:
        return self.node.locator(f".value-{name}").inner_text()

    def press(self, button: str) -> None:
        self.node.get_by_role("button", name=button, exact=True).click()
        self.settle()

    def unfold(self) -> None:
        self.node.locator("summary").click()

    def type(self, label: str, value: str) -> None:
        field = self.node.get_by_role("spinbutton", name=label)
        field.fill(value)
        field.press("Enter")
        self.settle()

    def words(self) -> str:
        return self.node.locator(".words span").inner_text()

    def handle(self, number: int) -> Any:
        return self.node.locator(".handle:visible").nth(number)

    def fragment(self) -> str:
        return self.node.evaluate("figure => figure.fragment")


@pytest.fixture
def figure(open_page):
    def open_figure(name: str, **options: Any) -> Figure:
        return Figure(open_page("explore.html", **options), name)

    return open_figure


@pytest.fixture
def figures(open_page) -> list[Figure]:
    """All figures of one opened page."""
    page = open_page("explore.html")
    assert NAMES
    return [Figure(page, name) for name in NAMES]


def middle(node: Any) -> tuple[float, float]:
    box = node.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Any, node: Any, right: float, down: float) -> None:
    x, y = middle(node)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2)
    page.mouse.move(x + right, y + down)
    page.mouse.up()


def swipe(page: Any, node: Any, right: float, down: float) -> None:
    """Drag with a finger, by the events that a touch screen sends."""
    x, y = middle(node)
    send = page.context.new_cdp_session(page).send
    way = [(0, 0), (right / 2, down / 2), (right, down)]
    for number, (dx, dy) in enumerate(way):
        kind = "touchMove" if number else "touchStart"
        point = {"x": x + dx, "y": y + dy}
        send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


# What the presets show is what the site documents.


def test_each_line_to_compare_shows_its_documented_numbers(figure) -> None:
    line = figure("line")
    line.press("Trained")
    assert line.value("error") == shown("learned_mse")
    assert line.value("prediction") == f"{shown('prediction_35')} points"
    assert "worse than always guessing the mean" in line.words()
    assert line.node.get_by_role("spinbutton", name="Slope").input_value() == shown("learned_slope")
    line.press("Mean")
    assert line.value("error") == shown("score_variance")
    assert line.value("score") == "0.000"
    line.press("Best")
    printed = load_contracts()["best"].recorded.printed
    assert any(said.endswith(line.value("prediction")) for said in printed)
    assert "The best line" in line.words()
    assert line.node.locator(".bar").bounding_box()["width"] == 0


def test_the_bar_follows_the_error(figure) -> None:
    line = figure("line")
    widths = []
    for name in ("Best", "Hand-drawn", "Mean", "Trained", "Best"):
        line.press(name)
        widths.append(line.node.locator(".bar").bounding_box()["width"])
    assert widths[0] == widths[4] == 0 < widths[1] < widths[2] < widths[3]


def test_each_line_to_compare_has_the_look_that_it_has_elsewhere(figure) -> None:
    line = figure("line")
    looks = {}
    for name in ("Hand-drawn", "Trained", "Mean", "Best"):
        line.press(name)
        looks[name] = line.node.locator("path.line").evaluate(
            "path => [getComputedStyle(path).stroke, getComputedStyle(path).strokeDasharray]"
        )
    assert len({stroke for stroke, _ in looks.values()}) == 3, "grey, orange and blue"
    assert [dashes != "none" for _, dashes in looks.values()] == [True, False, True, False]


def test_each_run_shows_the_numbers_of_the_table_of_remedies(figure) -> None:
    training = figure("training")
    rows = {
        "Tutorial": "None",
        "Count in ones": "Units",
        "Standardise": "Standardise",
        "Momentum": "Momentum",
        "Adam": "Adam, lr 5",
        "L-BFGS": "L-BFGS",
    }
    for button, row in rows.items():
        training.press(button)
        cells = next(r.split(" | ") for r in shown("rem_table").splitlines() if r.startswith(row))
        assert training.value("slope") == f"{float(cells[2]):.2f}", button
        assert training.value("intercept") == cells[3], button
        assert training.value("loss") == cells[5], button


def test_too_large_a_learning_rate_diverges_and_the_words_say_why(figure) -> None:
    training = figure("training")
    training.press("Too fast")
    assert training.words().startswith(f"Diverges: lr=0.0004 is above {shown('conv_limit')}")
    # With digits enough to tell it from the best rate.
    limit, best = training.value("limit"), training.value("best")
    assert limit.startswith(shown("conv_limit")) and float(best) < float(limit)
    # The line has left the chart, and says over which edge.
    note = training.node.locator("[data-name=data] .note.trained:visible")
    where = "below" if training.value("slope").startswith("−") else "above"
    assert note.text_content() == f"{'↑' if where == 'above' else '↓'} trained: off the chart"
    chart = training.node.locator("[data-name=data] .grid .axis").bounding_box()
    box = note.bounding_box()
    edge = box["y"] - chart["y"] if where == "above" else chart["y"] + chart["height"] - box["y"]
    assert 0 < edge < 30


def test_each_shape_of_the_valley_shows_its_documented_numbers(figure) -> None:
    valley = figure("valley")
    valley.press("Tens")
    assert valley.value("condition") == shown("conv_condition")
    assert valley.value("needed") == shown("conv_best_epochs")
    valley.press("Standardised")
    assert valley.value("needed") == "1"
    assert "A bowl" in valley.words()


def test_the_eight_students_show_their_documented_errors(figure) -> None:
    certainty = figure("certainty")
    estimate, error = (
        r.split(" | ")[1:] for r in shown("uncertainty_errors_table").splitlines()[1:3]
    )
    assert certainty.value("slope") == f"{estimate[0]} ± {error[0]}"
    assert certainty.value("intercept") == f"{estimate[1]} ± {error[1]}"
    assert certainty.value("scatter") == f"{shown('uncertainty_scatter')} points"
    assert f"rises by {shown('uncertainty_pull_last')} there" in certainty.words()


# Mouse, touch, keyboard


def test_a_line_follows_the_mouse_at_either_end_and_as_a_whole(figure) -> None:
    line = figure("line")
    before = line.node.evaluate("f => ({...f.state})")
    drag(line.page, line.handle(1), 0, 60)
    line.settle()
    turned = line.node.evaluate("f => ({...f.state})")
    assert turned["slope"] < before["slope"]
    assert turned["intercept"] == pytest.approx(before["intercept"], abs=0.01)
    box = line.node.locator(".body").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    line.page.mouse.move(x, y)
    line.page.mouse.down()
    line.page.mouse.move(x, y - 50)
    line.page.mouse.up()
    line.settle()
    moved = line.node.evaluate("f => ({...f.state})")
    assert moved["slope"] == turned["slope"]
    assert moved["intercept"] > turned["intercept"]


def test_a_line_follows_a_finger_and_the_page_does_not_scroll(figure) -> None:
    line = figure("line", width=390, has_touch=True)
    scrolled = line.page.evaluate("scrollY")
    slope = line.node.evaluate("f => f.state.slope")
    swipe(line.page, line.handle(1), 0, 60)
    line.settle()
    assert line.node.evaluate("f => f.state.slope") < slope
    assert line.page.evaluate("scrollY") == scrolled


def test_a_line_follows_the_arrow_keys_and_shift_goes_farther(figure) -> None:
    line = figure("line")
    handle = line.handle(0)
    handle.focus()
    before = line.node.evaluate("f => f.state.intercept")
    line.page.keyboard.press("ArrowUp")
    assert line.node.evaluate("f => f.state.intercept") == pytest.approx(before + 5)
    line.page.keyboard.press("Shift+ArrowUp")
    assert line.node.evaluate("f => f.state.intercept") == pytest.approx(before + 55)
    line.settle()
    assert handle.get_attribute("aria-valuetext") == f"{before + 55:.0f} points at 0 hours"


def test_typed_values_are_taken_as_they_are(figure) -> None:
    line = figure("line")
    line.type("Slope", "7")
    line.type("Intercept", "420")
    line.type("Predict for", "50")
    assert line.value("prediction") == "770.0 points"


def test_a_rounded_value_can_be_typed_as_it_is_shown(figure) -> None:
    line = figure("line")
    line.type("Predict for", "12.5")
    field = line.node.get_by_role("spinbutton", name="Predict for")
    field.blur()
    assert field.input_value() == "12.5"
    training = figure("training")
    training.page.evaluate("location.hash = '#explore-training:momentum=0.9749'")
    training.settle()
    momentum = training.node.get_by_role("spinbutton", name="Momentum")
    assert momentum.input_value() == "0.97"
    training.type("Momentum", "0.97")
    assert training.node.evaluate("f => f.state.momentum") == 0.97


def test_a_value_that_cannot_be_is_refused_and_the_one_that_holds_comes_back(figure) -> None:
    line = figure("line")
    field = line.node.get_by_role("spinbutton", name="Slope")
    start = line.node.evaluate("f => f.data.start.slope")
    for typed in ("", "100"):
        field.fill(typed)
        field.press("Enter")
        line.settle()
        assert line.node.evaluate("f => f.state.slope") == start
        assert field.evaluate("f => f.validationMessage")
        field.blur()
        assert field.input_value() == "9.18"


def test_both_ends_of_a_line_stay_in_the_picture(figure) -> None:
    line = figure("line")
    chart = line.node.locator("svg.chart").bounding_box()
    for number, down in ((0, -600), (1, 600), (0, 600), (1, -600)):
        drag(line.page, line.handle(number), 0, down)
        line.settle()
        for i in (0, 1):
            _, y = middle(line.handle(i))
            assert chart["y"] <= y <= chart["y"] + chart["height"]
            # And on the line.
            state = line.node.evaluate("f => ({...f.state})")
            height = float(line.handle(i).get_attribute("aria-valuenow"))
            assert height == pytest.approx(state["intercept"] + i * 80 * state["slope"], abs=1)


def test_a_mouse_draws_no_focus_ring_and_the_keyboard_does(figure) -> None:
    line = figure("line")
    look = "handle => getComputedStyle(handle).outlineStyle"
    drag(line.page, line.handle(1), 0, 20)
    assert line.handle(1).evaluate(look) == "none"
    line.page.keyboard.press("ArrowUp")
    assert line.handle(1).evaluate(look) != "none"


def test_a_logarithmic_slider_heeds_all_keys_of_a_slider(figure) -> None:
    valley = figure("valley")
    valley.node.get_by_role("slider", name="Then divide by").focus()
    for key, expected in (("PageUp", 10 * 1.05**10), ("Home", 1), ("End", 100)):
        valley.page.keyboard.press(key)
        assert valley.node.evaluate("f => f.state.scale") == pytest.approx(expected, rel=1e-5)
    training = figure("training")
    training.unfold()
    training.node.get_by_role("slider", name="Learning rate").focus()
    for key in ("ArrowUp", "ArrowDown"):
        training.page.keyboard.press(key)
    assert training.node.evaluate("f => f.state.lr") == training.node.evaluate(
        "f => f.data.start.lr"
    )


def test_the_ends_of_a_line_heed_page_and_end(figure) -> None:
    line = figure("line")
    line.handle(0).focus()
    before = line.node.evaluate("f => f.state.intercept")
    line.page.keyboard.press("PageUp")
    assert line.node.evaluate("f => f.state.intercept") == pytest.approx(before + 50)
    line.page.keyboard.press("Home")
    assert line.node.evaluate("f => f.state.intercept") == 0


def test_the_selected_student_has_fields_of_its_own(figure) -> None:
    certainty = figure("certainty")
    certainty.handle(2).focus()
    certainty.settle()
    hours = certainty.node.get_by_role("spinbutton", name="Hours of the selected")
    assert hours.input_value() == "30"
    certainty.type("Hours of the selected", "33")
    certainty.type("Score of the selected", "600")
    assert certainty.node.evaluate("f => f.state.points[2]") == [33, 600]
    assert certainty.handle(2).get_attribute("aria-label") == "Student 3: 33 hours, 600 points"
    assert certainty.handle(2).get_attribute("aria-pressed") == "true"


def test_each_mark_has_its_name(figures) -> None:
    expected = {
        "line": {"hand-drawn"},
        "training": {"best", "start", "trained", "mean", "at most"},
        "valley": {"best", "start"},
        "certainty": {"best", "mean", "one student"},
    }
    for figure in figures:
        notes = figure.node.locator("svg.chart .note:visible").all_text_contents()
        assert expected[figure.name] <= set(notes), figure.name


def test_a_script_that_fails_is_told_to_whoever_looks(open_page) -> None:
    page = open_page("index.html")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.type))
    page.route(
        "**/words.js",
        lambda route: route.fulfill(
            status=200, body="throw Error()", content_type="text/javascript"
        ),
    )
    page.goto(page.url.replace("index.html", "explore.html"))
    page.locator("explore-training").evaluate("f => f.scrollIntoView()")
    page.locator(".explore.still").wait_for(state="attached")
    assert "error" in said
    assert page.locator("#fig-explore-training svg.plot").is_visible()
    # The error was planted here.
    open_page.problems.clear()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("font", ["", "* { font-family: monospace !important }"])
def test_the_arrival_of_a_figure_moves_nothing(open_page, width: int, font: str) -> None:
    page = open_page("index.html", width=width, fresh=True)
    page.route(
        "**/explore.css",
        lambda route: route.fulfill(
            status=200, body=route.fetch().text() + font, content_type="text/css"
        ),
    )
    page.goto(page.url.replace("index.html", "explore.html"))
    heights = "[...document.querySelectorAll('.explore')].map(f => f.offsetHeight)"
    # A figure that has not come yet has the height that it will have.
    before = page.evaluate(heights)
    for name in NAMES:
        Figure(page, name)
    assert len(before) == 4
    assert page.evaluate(heights) == before


def test_a_student_follows_mouse_finger_and_keys(figure) -> None:
    from linreg import least_squares

    certainty = figure("certainty")
    drag(certainty.page, certainty.handle(7), 0, 80)
    certainty.settle()
    hours, score = certainty.node.evaluate("f => f.state.points[7]")
    assert hours == 80 and score < 800
    certainty.page.keyboard.press("ArrowLeft")
    certainty.page.keyboard.press("ArrowUp")
    certainty.settle()
    assert certainty.node.evaluate("f => f.state.points[7]") == [79, score + 5]
    points = certainty.node.evaluate("f => f.state.points")
    fit = least_squares(*zip(*points, strict=True))
    assert certainty.value("slope") == f"{fit.slope:.2f} ± {fit.slope_stderr:.2f}"

    phone = figure("certainty", width=390, has_touch=True)
    swipe(phone.page, phone.handle(0), 0, -60)
    phone.settle()
    assert phone.node.evaluate("f => f.state.points[0][1]") > 480


def test_students_come_and_go_and_three_must_stay(figure) -> None:
    certainty = figure("certainty")
    certainty.press("Add a student")
    assert certainty.node.locator(".handle:visible").count() == 9
    for _ in range(6):
        certainty.press("Remove the selected")
    assert certainty.node.locator(".handle:visible").count() == 3
    assert certainty.node.get_by_role("button", name="Remove the selected").is_disabled()
    certainty.press("Eight students again")
    assert f"= {certainty.value('slope').split()[0]} " in shown("best_latex")


def test_another_loss_is_chosen_by_keys_and_stays_where_squares_follow(figure) -> None:
    certainty = figure("certainty")
    line, squares = (certainty.node.locator(f"path.line.{name}") for name in ("certain", "squares"))
    bands = certainty.node.locator("path.band")
    best, slope = line.get_attribute("d"), certainty.value("slope").split()[0]
    assert bands.first.get_attribute("d") and not squares.is_visible()
    certainty.node.get_by_role("radio", name="Squared").focus()
    certainty.page.keyboard.press("ArrowRight")
    certainty.settle()
    assert certainty.node.get_by_role("radio", name="Absolute").is_checked()
    assert squares.is_visible() and squares.get_attribute("d") == best
    assert not bands.first.get_attribute("d")
    assert "this line falls by 0.0 there" in certainty.words()
    assert "none is shown" in certainty.words()
    assert "±" not in certainty.value("slope")
    absolute, before = line.get_attribute("d"), certainty.value("slope")
    # The typing error of the page on outliers, in our units.
    certainty.type("Score of the selected", "98")
    assert line.get_attribute("d") == absolute
    assert squares.get_attribute("d") != best
    assert certainty.value("slope") == before
    assert float(before) == pytest.approx(float(shown("outliers_absolute_slope")), abs=0.01)
    certainty.node.get_by_role("radio", name="Absolute").focus()
    certainty.page.keyboard.press("ArrowRight")
    certainty.settle()
    assert float(certainty.value("slope")) == pytest.approx(
        float(shown("outliers_huber_slope")), abs=0.01
    )
    certainty.page.keyboard.press("ArrowRight")
    certainty.press("Eight students again")
    assert certainty.value("slope").split()[0] == slope
    assert line.get_attribute("d") == best and not squares.is_visible()


def test_all_students_cannot_have_the_same_hours(figure) -> None:
    certainty = figure("certainty")
    certainty.node.evaluate("f => f.change({points: [[10, 1], [10, 2], [11, 3]], selected: 2})")
    certainty.handle(2).focus()
    certainty.page.keyboard.press("ArrowLeft")
    assert certainty.node.evaluate("f => f.state.points[2]") == [11, 3]


def test_the_valley_follows_sliders_by_mouse_keys_and_finger(figure) -> None:
    from linreg import diagnose, load_study

    valley = figure("valley")
    valley.press("Tens")
    divide = valley.node.get_by_role("slider", name="Then divide by")
    divide.focus()
    for _ in range(10):
        valley.page.keyboard.press("ArrowRight")
    valley.settle()
    scale = valley.node.evaluate("f => f.state.scale")
    assert scale == pytest.approx(1.05**10, rel=1e-5)
    expected = diagnose((load_study().x.double() / scale).tolist())
    assert valley.value("condition") == f"{expected.condition_number:,.0f}"
    box = divide.bounding_box()
    valley.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert valley.node.evaluate("f => f.state.scale") == pytest.approx(10, rel=0.2)

    phone = figure("valley", width=390, has_touch=True)
    box = phone.node.get_by_role("slider", name="Subtract").bounding_box()
    phone.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert phone.node.evaluate("f => f.state.shift") == pytest.approx(40, abs=4)


def test_a_run_is_changed_by_keys_and_looked_at_epoch_by_epoch(figure) -> None:
    training = figure("training")
    training.unfold()
    training.node.get_by_role("radio", name="standardised").check()
    training.type("Learning rate", "0.5")
    assert training.words().startswith("Converges in 1 epoch")
    training.type("Show epoch", "0")
    training.press("Step")
    assert shown("best_latex").endswith(f" {training.value('intercept')}")
    scrub = training.node.get_by_role("slider", name="Show epoch")
    scrub.focus()
    training.page.keyboard.press("ArrowLeft")
    training.settle()
    assert training.node.evaluate("f => f.state.epoch") == 0


def test_a_finger_chooses_a_run(figure) -> None:
    phone = figure("training", width=390, has_touch=True)
    phone.node.get_by_role("button", name="Count in ones").tap()
    phone.settle()
    assert shown("best_latex").endswith(f" {phone.value('intercept')}")


# Motion


def test_nothing_plays_by_itself_and_pause_stops_where_it_is(figure) -> None:
    training = figure("training")
    assert training.node.evaluate("f => f.state.epoch") == 1000
    training.press("Play")
    # Each tenfold of the epochs takes as long as the one before: the first comes late.
    training.page.wait_for_timeout(1500)
    training.press("Pause")
    epoch = training.node.evaluate("f => f.state.epoch")
    assert 0 < epoch < 1000
    training.page.wait_for_timeout(200)
    assert training.node.evaluate("f => f.state.epoch") == epoch


def test_what_the_reader_types_stays_while_the_figure_plays(figure) -> None:
    training = figure("training")
    training.press("Play")
    field = training.node.get_by_role("spinbutton", name="Show epoch")
    field.select_text()
    training.page.keyboard.type("7")
    training.settle()
    assert field.input_value() == "7"
    field.press("Enter")
    training.settle()
    assert training.node.evaluate("f => f.state.epoch") == 7


def test_pause_pauses_after_a_value_was_typed(figure) -> None:
    training = figure("training")
    training.press("Play")
    training.node.get_by_role("spinbutton", name="Show epoch").select_text()
    training.page.keyboard.type("7")
    training.press("Pause")
    assert training.node.get_by_role("button", name="Play", exact=True).is_visible()
    assert training.node.evaluate("f => f.state.epoch") == 7
    training.press("Play")
    assert training.node.get_by_role("button", name="Pause", exact=True).is_visible()


def test_a_link_that_is_followed_while_the_figure_plays_ends_that(figure) -> None:
    training = figure("training")
    training.press("Play")
    training.page.evaluate("location.hash = '#explore-training:epochs=10&epoch=5'")
    training.page.wait_for_timeout(300)
    assert training.node.evaluate("f => [f.state.epochs, f.state.epoch]") == [10, 5]
    assert training.node.get_by_role("button", name="Play", exact=True).is_visible()


def test_with_reduced_motion_play_shows_the_end_at_once(figure) -> None:
    training = figure("training", reduced_motion=True)
    training.type("Show epoch", "3")
    training.press("Play")
    assert training.node.evaluate("f => f.state.epoch") == 1000
    assert training.node.get_by_role("button", name="Play", exact=True).is_visible()


# Links and programs


CHANGED = {
    "line": {"slope": 3.25, "intercept": 512.5, "hour": 70},
    "training": {
        "units": "ones",
        "optimizer": "adam",
        "lr": 0.2,
        "momentum": 0.5,
        "epochs": 300,
        "epoch": 40,
    },
    "valley": {"shift": 20, "scale": 7.5},
    "certainty": {"points": [[10, 400], [50, 700], [90, 800]], "selected": 1, "loss": "huber"},
}


def copy(figure: Figure, button: str, said: str) -> str:
    """Return what a figure's `button` copies, which it then says."""
    figure.press(button)
    figure.node.get_by_text(said).wait_for()
    return figure.page.evaluate("navigator.clipboard.readText()")


@pytest.fixture
def changed(figures) -> list[Figure]:
    """All figures of one opened page, as none of them begins."""
    for figure in figures:
        figure.node.evaluate("(figure, state) => figure.change(state)", CHANGED[figure.name])
    return figures


def test_a_link_leads_to_the_same_situation(open_page, changed) -> None:
    links = {figure.name: copy(figure, "Copy link", "Link copied.") for figure in changed}
    for name, link in links.items():
        assert f"explore.html#explore-{name}:" in link
        page = open_page(link.removeprefix(open_page.home))
        arrived = Figure(page, name)
        assert arrived.node.evaluate("figure => figure.state") == CHANGED[name]
        # Its address scrolled it into view, with no help of ours.
        assert arrived.node.evaluate("f => f.getBoundingClientRect().top < innerHeight")


@pytest.mark.parametrize("name", NAMES)
def test_a_link_that_makes_no_sense_changes_nothing(open_page, name: str) -> None:
    page = open_page(f"explore.html#explore-{name}:slope=x&lr=&points=1-2-3_4-5_6-7&scale=NaN&%zz")
    node = Figure(page, name).node
    assert node.evaluate("figure => figure.state") == node.evaluate("figure => figure.data.start")


def test_the_copied_programs_print_what_the_figures_show(changed) -> None:
    for figure in changed:
        program = copy(figure, "Copy PyTorch", "PyTorch program copied.")
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(program, figure.name, "exec"), {})
        values = [n.rstrip(",.") for n in re.findall(r"-?\d[\d,.]*", said.getvalue())]
        seen = figure.node.locator("dd").all_inner_texts()
        numbers = re.findall(r"[−]?\d[\d,.]*", " ".join(seen[:3]))
        assert numbers
        for number in numbers:
            assert number.replace("−", "-") in values, figure.name


# Everyone


def test_without_javascript_the_static_figures_stand(open_page) -> None:
    page = open_page("explore.html", java_script_enabled=False)
    for name in NAMES:
        figure = page.locator(f"#fig-explore-{name}")
        assert figure.locator("svg.plot").is_visible()
        assert figure.locator("figcaption").is_visible()
        assert not figure.locator(f"explore-{name}").is_visible()


def test_on_paper_the_static_figures_stand(figures) -> None:
    for media, on_screen in (("screen", True), ("print", False)):
        figures[0].page.emulate_media(media=media)
        for live in figures:
            static = live.page.locator(f"#fig-explore-{live.name} svg.plot")
            assert live.node.is_visible() == on_screen
            assert static.is_visible() != on_screen


def test_a_change_is_said_once_when_it_has_ended(figures) -> None:
    for live in figures:
        live.node.evaluate(
            """figure => {
                figure.said = [];
                const tell = () => figure.said.push(figure.status.textContent);
                new MutationObserver(tell).observe(figure.status, { childList: true });
                for (let i = 0; i < 5; i++) figure.change({});
            }"""
        )
        assert live.node.evaluate("figure => figure.said") == []
    figures[0].page.wait_for_timeout(1000)
    for live in figures:
        assert len(live.node.evaluate("figure => figure.said")) == 1, live.name


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_nothing_scrolls_sideways_and_targets_are_large(open_page, width: int) -> None:
    page = open_page("explore.html", width=width, has_touch=True)
    for name in NAMES:
        node = Figure(page, name).node
        node.evaluate("f => f.querySelectorAll('details').forEach(d => (d.open = true))")
        for target in node.locator(
            "button, input[type=range], input[type=number], .handle .hit"
        ).all():
            if box := target.bounding_box():
                assert box["height"] >= 43.9
        sizes = node.locator("svg.chart text").evaluate_all(
            "texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize))"
        )
        assert min(sizes) >= 13
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_figure_far_away_is_not_loaded(open_page) -> None:
    page = open_page("convergence.html")
    page.wait_for_timeout(300)
    fetched = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert not [name for name in fetched if "valley.js" in name]
    Figure(page, "valley")


def test_play_stands_with_what_it_moves_on_one_screen_of_a_phone(figure) -> None:
    phone = figure("training", width=390, has_touch=True)
    play = phone.node.get_by_role("button", name="Play", exact=True).bounding_box()
    loss = phone.node.locator('svg[data-name="loss"]').bounding_box()
    assert loss["y"] + loss["height"] - play["y"] < 700


# The first page: the reader draws, and PyTorch answers.


def test_a_stranger_draws_beats_pytorch_and_finds_the_way_in(open_page) -> None:
    page = open_page("index.html", width=390, has_touch=True)
    page.set_viewport_size({"width": 390, "height": 844})
    draw = Figure(page, "draw")
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    for node in (
        draw.handle(0),
        draw.handle(1),
        draw.node.get_by_role("button", name="Let PyTorch try"),
    ):
        box = node.bounding_box()
        assert box["y"] + box["height"] <= 844, "all that one needs is on the first screen"
    # So it is where the browser takes a part of the screen for itself.
    page.set_viewport_size({"width": 390, "height": 664})
    for node in (draw.node.get_by_role("button").first, draw.node.locator(".value-own")):
        box = node.bounding_box()
        assert box["y"] + box["height"] <= 664
    page.set_viewport_size({"width": 390, "height": 844})
    draw.settle()  # the chart is drawn anew
    best = draw.node.get_by_role("button", name="Show the best")
    assert best.is_disabled() and draw.value("trained") == draw.value("lowest") == "?"

    # By finger, to where a line that is drawn by eye runs.
    before = float(draw.value("own"))
    chart = draw.node.locator("svg.chart .grid .axis").bounding_box()
    swipe(page, draw.handle(1), 0, -chart["height"] * 60 / 130)
    draw.settle()
    assert page.evaluate("scrollY") == 0
    state = draw.node.evaluate("f => ({...f.state})")
    assert state["right"] == pytest.approx(100, abs=2) and state["left"] == 40
    mine = float(draw.value("own"))
    assert mine < before / 4
    draw.press("Let PyTorch try")
    assert re.match(r"Epoch \d+ of 1000", draw.words())
    draw.press("To the end")
    theirs = float(draw.value("trained"))
    assert theirs == pytest.approx(float(shown("learned_error")) / 10, abs=0.05)
    assert mine < theirs and draw.words().startswith("You beat PyTorch!")
    draw.press("Show the best")
    assert float(draw.value("lowest")) < mine and draw.words().startswith("The blue line")
    names = draw.node.locator("svg.chart .note:visible").all_text_contents()
    assert {"you", "PyTorch", "best"} <= set(names)
    widths = [
        draw.node.locator(f'[data-name="{name}"] .length').bounding_box()["width"]
        for name in ("lowest", "own", "trained")
    ]
    assert 0 < widths[0] < widths[1] < widths[2], "the bars are as long as the errors are large"

    # By keyboard, to a line that is worse than PyTorch's.
    draw.press("Reset")
    assert draw.value("trained") == "?" and float(draw.value("own")) == before
    draw.handle(0).focus()
    page.keyboard.press("ArrowUp")
    assert draw.node.evaluate("f => f.state.left") == 41
    draw.settle()
    assert draw.handle(0).get_attribute("aria-valuetext") == "41 points"
    draw.press("Let PyTorch try")
    draw.press("To the end")
    assert draw.words().startswith("PyTorch is closer")

    # One way in: the button, the first card, and the link to what follows.
    links = [
        page.locator(place).first.get_attribute("href")
        for place in (".start a", "ol.walk a", ".related-pages a.next-page", ".sidebar-tree a")
    ]
    assert len(set(links)) == 1
    cards = page.locator("ol.walk > li").count()
    minutes = [int(text.split()[0]) for text in page.locator("ol.walk .minutes").all_inner_texts()]
    said = page.locator(".start").inner_text()
    assert f"{cards} short pages, about {sum(minutes)} minutes" in said


def test_with_reduced_motion_pytorch_has_its_line_at_once(open_page) -> None:
    draw = Figure(open_page("index.html", reduced_motion=True), "draw")
    draw.press("Let PyTorch try")
    assert "1000 epochs" in draw.words()
