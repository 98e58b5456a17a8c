"""Do the interactive figures compute what linreg computes, and say what they are given?"""

import contextlib
import gzip
import io
import json
import math
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from linreg import (
    Line,
    descent_path,
    diagnose,
    explore,
    least_squares,
    load_study,
    stable_lr,
    train,
)
from press import contract as outputs
from press.build import assets, notebooks
from press.build import interactive as directive

SCRIPTS = Path(__file__).parents[1] / "docs" / "_static" / "explore"

# Answers each line of JSON, a function's name and what it is given, by a line with its result.
SERVER = """
import { createInterface } from "node:readline";
const math = await import(process.argv[1]);
for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...given] = JSON.parse(line);
  console.log(JSON.stringify(math[name](...given)));
}
"""


class Script:
    """The functions of a script, run by Node."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def __getattr__(self, name: str) -> Any:
        def call(*given: Any) -> Any:
            assert self.process.stdin and self.process.stdout
            self.process.stdin.write(json.dumps([name, *given]) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())

        return call


@contextlib.contextmanager
def running(path: Path) -> Iterator[Script]:
    command = [str(assets.NODE), "--input-type=module", "-e", SERVER, path.as_uri()]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as process:
        yield Script(process)


@pytest.fixture(scope="module")
def js() -> Iterator[Script]:
    with running(SCRIPTS / "math.js") as script:
        yield script


def same(found: Any, expected: Any, *, scale: float = 0.0) -> None:
    """Assert that numbers agree to 1e-9 of themselves or of `scale`, what they were made of."""
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * scale)


# Agreement: hypothesis draws the points, linreg and torch know the answers.

eighths = st.integers(-8000, 8000).map(lambda k: k / 8)
points = (
    st.lists(st.tuples(eighths, eighths), min_size=3, max_size=16)
    .filter(lambda p: len({x for x, _ in p}) > 1 and len({y for _, y in p}) > 1)
    .map(lambda p: tuple(map(list, zip(*p, strict=True))))
)
lines = st.tuples(st.floats(-20, 20), st.floats(-1000, 1000))
shares = st.floats(0.01, 1.3)
momenta = st.one_of(st.just(0.0), st.floats(0.01, 0.98))
often = settings(max_examples=200, deadline=None)


def check_line(js: Script, x: list[float], y: list[float]) -> None:
    found, expected = js.leastSquares(x, y), least_squares(x, y)
    reach = max(abs(expected.slope * expected.x_mean), max(map(abs, y)))
    spread = math.sqrt(expected.sxx / expected.n)
    same(found["slope"], expected.slope, scale=reach / spread)
    same(found["intercept"], expected.intercept, scale=reach * (1 + abs(expected.x_mean) / spread))
    same(found["rSquared"], expected.r_squared, scale=1)
    # A residual is a difference of scores, and is as exact as they are.
    same(found["residualStderr"], expected.residual_stderr, scale=reach)
    same(found["slopeStderr"], expected.slope_stderr, scale=reach / spread)
    same(
        found["interceptStderr"],
        expected.intercept_stderr,
        scale=reach * (1 + abs(expected.x_mean) / spread),
    )


def check_bands(js: Script, x: list[float], y: list[float], at: float) -> None:
    fit = least_squares(x, y)
    found, t = js.leastSquares(x, y), explore._t(len(x))
    middle = js.predict(found, at)
    pull = js.leverage(found, at)
    reach = max(map(abs, y)) * (1 + math.sqrt(pull)) + abs(found["intercept"])
    same(pull, fit.leverage(at))
    for own, interval in ((0, fit.confidence_interval(at)), (1, fit.prediction_interval(at))):
        half = js.halfWidth(found, at, t, own)
        same([middle - half, middle + half], interval, scale=reach * (1 + t))


def check_error(js: Script, x: list[float], y: list[float], line: tuple[float, float]) -> None:
    given, expected = dict(slope=line[0], intercept=line[1]), Line(*line)
    error = expected.mean_squared_error(x, y)
    same(js.meanSquaredError(given, x, y), error, scale=float(np.square(y).mean()))
    same(js.score(given, x, y), expected.score(x, y), scale=error / float(np.var(y)) + 1)


def check_valley(js: Script, x: list[float], share: float, momentum: float) -> None:
    shape, expected = js.valley(x), diagnose(x, momentum=momentum)
    same([shape["small"], shape["large"]], expected.eigenvalues)
    same(shape["condition"], expected.condition_number)
    same(js.stableLr(shape, momentum), stable_lr(x, momentum=momentum))
    same(js.bestLr(shape, momentum), expected.best_lr)
    for lr in (share * expected.max_lr, expected.best_lr):
        speeds = js.paces(shape, lr, momentum)
        at_lr = diagnose(x, lr=lr, momentum=momentum)
        progress = min(pace["progress"] for pace in speeds.values())
        same(progress, at_lr.progress, scale=momentum)
        if progress > 1e-9:
            needed = max(js.epochsTo(pace, 1e-4) for pace in speeds.values())
            assert needed == pytest.approx(at_lr.epochs_to(1e-4), rel=1e-6, abs=1)


def check_path(
    js: Script, x: list[float], y: list[float], start: tuple[float, float], share: float
) -> None:
    """Compare with linreg's closed form."""
    lr = share * stable_lr(x)
    expected = descent_path(x, y, lr=lr, epochs=60, start=start)
    seen = expected.slopes, expected.intercepts, expected.losses
    compare_descent(js, x, y, start, dict(lr=lr, momentum=0.0), seen)


def check_momentum(
    js: Script,
    x: list[float],
    y: list[float],
    start: tuple[float, float],
    share: float,
    momentum: float,
) -> None:
    """Compare with torch's optimiser, step by step in float64."""
    run = dict(lr=share * stable_lr(x, momentum=momentum), momentum=momentum)
    compare_descent(js, x, y, start, run, follow(torch.optim.SGD, run, x, y, start))


def check_adam(
    js: Script, x: list[float], y: list[float], start: tuple[float, float], lr: float
) -> None:
    """Compare with torch's optimiser, step by step in float64."""
    seen = follow(torch.optim.Adam, dict(lr=lr), x, y, start)
    epochs = list(range(len(seen[0])))
    compare(js, x, y, start, lambda *lines: js.adamPath(*lines, lr, epochs), seen, lr * 40)


def follow(
    optimizer: Any, options: dict[str, float], x: list[float], y: list[float], start: Any
) -> Any:
    """Return slopes, intercepts and losses before each of 41 epochs in torch."""
    columns = torch.tensor(x, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)
    line = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    stepper = optimizer([line], **options)
    seen = []
    for _ in range(41):
        loss = ((line[0] * columns[0] + line[1] - columns[1]) ** 2).mean()
        seen.append((*line.tolist(), loss.item()))
        stepper.zero_grad()
        loss.backward()
        stepper.step()
    return [*zip(*seen, strict=True)]


def compare_descent(
    js: Script, x: list[float], y: list[float], start: Any, run: dict[str, float], seen: Any
) -> None:
    # Rounding at the start grows as the run itself may.
    epochs = list(range(len(seen[0])))
    growth = max(1.0, abs(1 - run["lr"] * js.valley(x)["large"])) ** np.array(epochs)
    if run["momentum"]:
        growth = np.maximum.accumulate(growth * (1 + np.array(epochs)))
    compare(js, x, y, start, lambda *lines: js.descentPath(*lines, run, epochs), seen, 0.0, growth)


def compare(
    js: Script,
    x: list[float],
    y: list[float],
    start: tuple[float, float],
    walk: Any,
    seen: Any,
    reach: float,
    growth: Any = 1.0,
) -> None:
    """Compare a path with what was seen. reach: how far its steps lead, whatever the lines."""
    shape, best = js.valley(x), js.leastSquares(x, y)
    lowest = js.meanSquaredError(best, x, y)
    path = walk(shape, best, lowest, dict(slope=start[0], intercept=start[1]))
    size = growth * (np.hypot(np.hypot(*start), np.hypot(best["slope"], best["intercept"])) + reach)
    # The loss grows as the square.
    units = size, size, shape["large"] * size**2 + np.square(y).mean()
    for name, expected, unit in zip(("slope", "intercept", "loss"), seen, units, strict=True):
        found = np.array([place[name] for place in path], dtype=float)
        assert (np.abs(found - np.array(expected)) <= 1e-9 * (np.abs(expected) + unit)).all(), name


@often
@given(data=points)
def test_the_best_line_and_its_standard_errors_agree(js: Script, data: Any) -> None:
    check_line(js, *data)


@often
@given(data=points, at=eighths)
def test_bands_and_leverage_agree(js: Script, data: Any, at: float) -> None:
    check_bands(js, *data, at)


@often
@given(data=points, line=lines)
def test_mean_squared_error_and_score_agree(js: Script, data: Any, line: Any) -> None:
    check_error(js, *data, line)


@often
@given(data=points, share=shares.filter(lambda s: s < 0.999), momentum=momenta)
def test_curvatures_limits_and_epochs_agree(
    js: Script, data: Any, share: Any, momentum: Any
) -> None:
    check_valley(js, data[0], share, momentum)


@often
@given(data=points, start=lines, share=shares)
def test_the_path_agrees_with_the_closed_form(
    js: Script, data: Any, start: Any, share: Any
) -> None:
    check_path(js, *data, start, share)


@settings(max_examples=60, deadline=None)
@given(data=points, start=lines, share=st.floats(0.01, 1), momentum=momenta)
def test_the_path_agrees_with_torch_with_and_without_momentum(
    js: Script, data: Any, start: Any, share: Any, momentum: Any
) -> None:
    check_momentum(js, *data, start, share, momentum)


@often
@given(data=points, start=lines, lr=st.floats(1e-3, 10))
def test_the_path_of_adam_agrees_with_torch(js: Script, data: Any, start: Any, lr: float) -> None:
    x, y = (np.array(values) for values in data)
    # Adam makes a step of lr even of a first gradient that is nothing but rounding.
    residuals = start[0] * x + start[1] - y
    size = np.abs(y).max() + abs(start[0]) * np.abs(x).max() + abs(start[1])
    assume(abs(residuals.mean()) > 1e-3 * size)
    assume(abs((residuals * x).mean()) > 1e-3 * size * np.abs(x).max())
    check_adam(js, *data, start, lr)


@often
@given(data=points, above=st.floats(0.1, 1e6))
def test_all_lines_on_a_contour_have_its_loss(js: Script, data: Any, above: float) -> None:
    x, y = data
    best = least_squares(x, y)
    level = best.mean_squared_error(x, y) + above
    for away in js.contour(js.valley(x), above, 12):
        line = Line(best.slope + away["slope"], best.intercept + away["intercept"])
        same(line.mean_squared_error(x, y), level, scale=float(np.square(y).mean()) + above)


def test_the_documented_run_follows_torch_through_all_its_epochs(js: Script) -> None:
    data = explore.training()
    best = js.leastSquares(data["x"], data["y"])
    lowest = js.meanSquaredError(best, data["x"], data["y"])
    run = dict(lr=1e-4, momentum=0)
    path = js.descentPath(js.valley(data["x"]), best, lowest, data["begin"], run, list(range(1001)))
    fit = train(data["x"], data["y"], lr=1e-4)
    assert [p["loss"] for p in path[:-1]] == pytest.approx(fit.losses, rel=1e-6)
    assert (path[-1]["slope"], path[-1]["intercept"]) == pytest.approx(
        (fit.slope, fit.intercept), rel=1e-6
    )


PLANTED = {
    "(n - 2)": "(n - 1)",
    "dy[i] - yShift - slope * value": "dy[i] - slope * value",
    "own + leverage(fit, x)": "leverage(fit, x)",
    "(y[i] - predict(line, value)) ** 2": "Math.abs(y[i] - predict(line, value))",
    "4 * variance": "2 * variance",
    "sine * steep + cosine * level": "sine * steep - cosine * level",
    "error * (1 - step) ** epoch": "error * (1 - step) ** (epoch + 1)",
    "(1 + momentum - step) * now": "(1 - momentum - step) * now",
    "swings ? 1 + first : progress": "swings ? progress : 1 + first",
    "keepSquare ** done": "keep ** done",
    "(1 - keep) * (value - means[i])": "(1 - keep) * value - means[i]",
}


@pytest.mark.parametrize(("right", "wrong"), PLANTED.items(), ids=PLANTED)
def test_a_planted_error_is_caught(tmp_path: Path, right: str, wrong: str) -> None:
    source = (SCRIPTS / "math.js").read_text(encoding="utf-8")
    assert source.count(right) == 1
    (tmp_path / "math.js").write_text(source.replace(right, wrong), encoding="utf-8")
    x, y = [1.0, 2, 4, 8], [3.0, 1, 4, 1]
    with running(tmp_path / "math.js") as js, pytest.raises(AssertionError):
        check_line(js, x, y)
        check_bands(js, x, y, 5.0)
        check_error(js, x, y, (1.0, 2.0))
        check_valley(js, x, 0.4, 0.5)
        check_valley(js, x, 0.9, 0.1)
        check_path(js, x, y, (0.0, 0.0), 0.4)
        check_momentum(js, x, y, (0.0, 0.0), 0.4, 0.5)
        check_adam(js, x, y, (0.0, 0.0), 0.5)


# The data: what the scripts are given is what linreg found.


def shown(name: str) -> str:
    return outputs.load_contract().outputs[name].shown


@pytest.mark.parametrize("name", explore.FIGURES)
def test_data_are_plain_and_carried_by_json(name: str) -> None:
    data = explore.FIGURES[name]()
    assert json.loads(json.dumps(data)) == data


def test_the_lines_to_compare_are_the_documented_ones() -> None:
    found = {p["name"]: Line(**p["state"]) for p in explore.line()["presets"]}
    study = load_study()
    assert f"{found['trained'].slope:.2f}" == shown("learned_slope")
    assert f"{found['trained'].intercept:.2f}" == shown("learned_intercept")
    assert f"{found['best'].intercept:.1f}" == shown("best_intercept")
    assert f"{found['mean'].intercept:.2f}" == shown("mean_score")
    assert found["hand-drawn"].formula_latex(x="X", y="Y") == shown("hand_drawn_latex")
    assert f"{found['trained'].mean_squared_error(study.x, study.y):,.0f}" == shown("learned_mse")


def in_tens(js: Script, state: dict[str, Any]) -> Line:
    """Return the line that the figure "Train it" shows at the end of the run `state`."""
    data = explore.training()
    unit = next(u for u in data["units"] if u["name"] == state["units"])
    x = [(value - unit["x_shift"]) / unit["x_scale"] for value in data["x"]]
    y = [(value - unit["y_shift"]) / unit["y_scale"] for value in data["y"]]
    best = js.leastSquares(x, y)
    given = js.valley(x), best, 0, data["begin"]
    if state["optimizer"] == "lbfgs":
        path = [unit["recorded"][-1]]
    elif state["optimizer"] == "adam":
        path = js.adamPath(*given, state["lr"], [state["epochs"]])
    else:
        run = dict(lr=state["lr"], momentum=state["momentum"])
        path = js.descentPath(*given, run, [state["epochs"]])
    slope = path[0]["slope"] * unit["y_scale"] / unit["x_scale"]
    return Line(
        slope,
        unit["y_shift"] + unit["y_scale"] * path[0]["intercept"] - slope * unit["x_shift"],
    )


@pytest.mark.parametrize(
    ("name", "row"),
    [("documented", "None"), ("units", "Units"), ("standardise", "Standardise"),
     ("momentum", "Momentum"), ("adam", "Adam, lr 5"), ("lbfgs", "L-BFGS")],
)  # fmt: skip
def test_each_run_ends_where_the_table_of_remedies_says(js: Script, name: str, row: str) -> None:
    state = next(p["state"] for p in explore.training()["presets"] if p["name"] == name)
    line = in_tens(js, state)
    cells = next(r.split(" | ") for r in shown("rem_table").splitlines() if r.startswith(row))
    assert [f"{state['epochs']}", f"{line.slope:.3f}", f"{line.intercept:.2f}"] == cells[1:4]


def test_the_run_that_is_too_fast_is_above_the_limit_and_the_documented_one_below() -> None:
    runs = {p["name"]: p["state"]["lr"] for p in explore.training()["presets"]}
    assert runs["documented"] < stable_lr(load_study().x) < runs["too fast"]


@pytest.mark.parametrize(
    ("name", "row"),
    [("tens", "as they are"), ("centred", "less their mean"), ("standardised",) * 2],
)
def test_each_shape_of_the_valley_is_the_documented_one(js: Script, name: str, row: str) -> None:
    data = explore.valley()
    state = next(p["state"] for p in data["presets"] if p["name"] == name)
    shape = js.valley([(x - state["shift"]) / state["scale"] for x in data["x"]])
    speeds = js.paces(shape, js.bestLr(shape, 0), 0)
    needed = max(js.epochsTo(pace, data["tolerance"]) for pace in speeds.values())
    cells = next(r.split(" | ") for r in shown("rem_shapes").splitlines() if r.startswith(row))
    assert [f"{shape['condition']:,.0f}", f"{needed:,}"] == cells[3:]


# The programs: what a reader copies prints what the figure shows.


def printed(figure: str, **chosen: Any) -> list[str]:
    """Return the lines that the figure's program prints, filled in as the script does it."""
    program = Template(explore.FIGURES[figure]()["program"]).substitute(chosen)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(program, figure, "exec"), {})
    return said.getvalue().splitlines()


def test_the_program_of_a_drawn_line_prints_its_error_score_and_prediction() -> None:
    trained = next(p["state"] for p in explore.line()["presets"] if p["name"] == "trained")
    assert printed("line", **trained, hour=35) == [
        f"Mean squared error: {shown('learned_mse')}",
        "R²: -0.160",
        f"Prediction for 35 hours: {shown('prediction_35')} points",
    ]
    study, flat = load_study(), Line(0.0, 700.0)
    assert printed("line", slope=0, intercept=700, hour=0)[:2] == [
        f"Mean squared error: {flat.mean_squared_error(study.x, study.y):,.0f}",
        f"R²: {flat.score(study.x, study.y):.3f}",
    ]


def test_the_program_of_each_run_prints_the_line_that_the_figure_shows(js: Script) -> None:
    data = explore.training()
    codes = {u["name"]: {k: u[k] for k in ("x_code", "y_code")} for u in data["units"]}
    optimizers = {o["name"]: Template(o["code"]) for o in data["optimizers"]}
    for preset in data["presets"]:
        state = preset["state"]
        if preset["name"] == "too fast":
            state = {**state, "epochs": 5}
        optimizer = optimizers[state["optimizer"]].substitute(state)
        chosen = dict(optimizer=optimizer, epochs=state["epochs"])
        line = in_tens(js, state)
        said = f"Slope {line.slope:.2f}, intercept {line.intercept:.2f}"
        assert printed("training", **chosen, **codes[state["units"]])[0] == said


def test_the_program_of_each_valley_prints_its_condition_and_epochs() -> None:
    hours = load_study().x.double().numpy()
    for preset in explore.valley()["presets"]:
        state = preset["state"]
        expected = diagnose((hours - state["shift"]) / state["scale"])
        assert printed("valley", **state) == [
            f"Condition number: {expected.condition_number:,.0f}",
            f"Largest stable lr: {expected.max_lr:.3g}",
            f"Epochs to converge: {expected.epochs_to(1e-4):,}",
        ]


@pytest.mark.parametrize("students", [8, 3])
def test_the_program_of_moved_students_prints_errors_and_bands(students: int) -> None:
    data = explore.certainty()
    hours, scores = zip(*data["start"]["points"][:students], strict=True)
    fit, at = least_squares(hours, scores), hours[1]
    mean, one = fit.confidence_interval(at), fit.prediction_interval(at)
    chosen = dict(hours=list(hours), scores=list(scores), selected=1)
    assert printed("certainty", **chosen, t=data["t"][students - 3]) == [
        f"Slope: {fit.slope:.2f} ± {fit.slope_stderr:.2f}",
        f"Intercept: {fit.intercept:.2f} ± {fit.intercept_stderr:.2f}",
        f"Residual standard error: {fit.residual_stderr:.1f} points",
        f"Leverage of the selected: {fit.leverage(at):.3f}",
        f"{at:.0f} hours, mean of many: {mean[0]:.0f} to {mean[1]:.0f} points",
        f"{at:.0f} hours, one student: {one[0]:.0f} to {one[1]:.0f} points",
    ]


# The page


def test_all_scripts_together_are_small() -> None:
    size = sum(len(gzip.compress(path.read_bytes())) for path in SCRIPTS.glob("*.js"))
    assert size <= 40 * 1024


def test_the_scripts_hold_no_number_of_the_study() -> None:
    scores = {f"{score:.0f}" for score in load_study().y}
    for path in SCRIPTS.glob("*.js"):
        assert not scores & set(re.findall(r"\d+(?:\.\d+)?", path.read_text(encoding="utf-8")))


def test_data_cannot_end_their_script() -> None:
    for name in explore.FIGURES:
        inner = directive.markup(name).split(">", 2)[2].removesuffix(f"</script></explore-{name}>")
        assert "<" not in inner
        assert json.loads(inner) == explore.FIGURES[name]()


def test_in_a_notebook_the_static_figure_stands_alone() -> None:
    source = "Before.\n\n```{explore} line\n```\n\nAfter."
    assert notebooks._plain_markdown(source, {}) == "Before.\n\nAfter."
