"""Do the scripts compute what linreg computes?"""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from interactive.certainty import reach
from linreg import Line, descent_path, diagnose, least_squares, stable_lr
from press.contract import read_record
from press.pages import DOCS
from tests.interactive.conftest import STATIC, Script, running


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


def check_line(math_js: Script, x: list[float], y: list[float]) -> None:
    found, expected = math_js.leastSquares(x, y), least_squares(x, y)
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


def check_bands(math_js: Script, x: list[float], y: list[float], at: float) -> None:
    fit = least_squares(x, y)
    found, t = math_js.leastSquares(x, y), reach(len(x))
    middle = math_js.predict(found, at)
    pull = math_js.leverage(found, at)
    size = max(map(abs, y)) * (1 + math.sqrt(pull)) + abs(found["intercept"])
    same(pull, fit.leverage(at))
    for own, interval in ((0, fit.confidence_interval(at)), (1, fit.prediction_interval(at))):
        half = math_js.halfWidth(found, at, t, own)
        same([middle - half, middle + half], interval, scale=size * (1 + t))


def check_absolute(math_js: Script, x: list[float], y: list[float]) -> None:
    """Compare with a linear program: of lines that are equally good, any will do."""
    n, eye = len(x), np.eye(len(x))
    columns = np.column_stack([x, np.ones(n), eye, -eye])
    bounds = [(None, None)] * 2 + [(0, None)] * (2 * n)
    least = linprog([0, 0, *[1] * (2 * n)], A_eq=columns, b_eq=y, bounds=bounds).fun
    found = math_js.leastAbsolute(x, y)
    sides = np.abs(np.array(y) - found["slope"] * np.array(x) - found["intercept"])
    assert sides.sum() == pytest.approx(least, rel=1e-6, abs=1e-6 * max(map(abs, y)))
    assert (np.sort(sides)[:2] <= 1e-9 * (1 + abs(found["intercept"]) + max(map(abs, y)))).all()


def check_huber(math_js: Script, x: list[float], y: list[float], delta: float) -> None:
    """Compare with SciPy's minimum, and where there is but one, with the place of it."""
    u = (np.array(x) - np.mean(x)) / np.std(x)
    columns = np.column_stack([u, np.ones(len(x))])

    def loss(line: np.ndarray) -> tuple[float, np.ndarray]:
        residuals = (np.array(y) - columns @ line) / delta
        pull = np.clip(residuals, -1, 1)
        return float(np.sum(pull * (residuals - pull / 2))), -columns.T @ pull / delta

    begin = least_squares(u, y)
    found = math_js.huber(x, y, delta)
    place = np.array([found["slope"] * np.std(x), found["slope"] * np.mean(x) + found["intercept"]])
    expected = minimize(loss, (begin.slope, begin.intercept), jac=True, options={"gtol": 1e-12})
    size = 1 + max(map(abs, y)) / delta
    assert loss(place)[0] <= expected.fun + 1e-7 * size
    # At the bottom nothing pulls, as far as doubles tell.
    assert np.abs(loss(place)[1] * delta).max() < 1e-6 * size
    beyond = np.abs(np.array(y) - columns @ place) > delta * (1 + 1e-9)
    if found["unique"]:
        assert len(set(np.array(x)[~beyond])) > 1


def check_error(math_js: Script, x: list[float], y: list[float], line: tuple[float, float]) -> None:
    given, expected = dict(slope=line[0], intercept=line[1]), Line(*line)
    error = expected.mean_squared_error(x, y)
    same(math_js.meanSquaredError(given, x, y), error, scale=float(np.square(y).mean()))
    same(math_js.score(given, x, y), expected.score(x, y), scale=error / float(np.var(y)) + 1)


def check_valley(math_js: Script, x: list[float], share: float, momentum: float) -> None:
    shape, expected = math_js.valley(x), diagnose(x, momentum=momentum)
    same([shape["small"], shape["large"]], expected.eigenvalues)
    same(shape["condition"], expected.condition_number)
    same(math_js.stableLr(shape, momentum), stable_lr(x, momentum=momentum))
    same(math_js.bestLr(shape, momentum), expected.best_lr)
    for lr in (share * expected.max_lr, expected.best_lr):
        speeds = math_js.paces(shape, lr, momentum)
        at_lr = diagnose(x, lr=lr, momentum=momentum)
        progress = min(pace["progress"] for pace in speeds.values())
        # It is what is left of 1, and as exact as that.
        same(progress, at_lr.progress, scale=max(momentum, 1e-5))
        if progress > 1e-9:
            needed = max(math_js.epochsTo(pace, 1e-4) for pace in speeds.values())
            assert needed == pytest.approx(at_lr.epochs_to(1e-4), rel=1e-6, abs=1)


def check_path(
    math_js: Script, x: list[float], y: list[float], start: tuple[float, float], share: float
) -> None:
    """Compare with linreg's closed form."""
    lr, epochs = share * stable_lr(x), list(range(61))
    seen = descent_path(x, y, lr=lr, epochs=60, start=start)
    shape, best = math_js.valley(x), math_js.leastSquares(x, y)
    lowest = math_js.meanSquaredError(best, x, y)
    begin = dict(slope=start[0], intercept=start[1])
    path = math_js.descentPath(shape, best, lowest, begin, lr, epochs)
    # Rounding at the start grows as the run itself may, and the loss as its square.
    growth = max(1.0, abs(1 - lr * shape["large"])) ** np.array(epochs)
    size = growth * np.hypot(np.hypot(*start), np.hypot(best["slope"], best["intercept"]))
    for name, expected, unit in (
        ("slope", seen.slopes, size),
        ("intercept", seen.intercepts, size),
        ("loss", seen.losses, shape["large"] * size**2 + np.square(y).mean()),
    ):
        found = np.array([place[name] for place in path], dtype=float)
        assert (np.abs(found - expected) <= 1e-9 * (np.abs(expected) + unit)).all(), name


@given(data=points)
def test_the_best_line_and_its_standard_errors_agree(math_js: Script, data: Any) -> None:
    check_line(math_js, *data)


@given(data=points)
def test_the_absolute_line_has_the_least_error_and_meets_two_points(
    math_js: Script, data: Any
) -> None:
    check_absolute(math_js, *data)


@given(data=points, delta=st.integers(1, 2000).map(lambda k: k / 2))
def test_hubers_line_has_the_least_loss(math_js: Script, data: Any, delta: float) -> None:
    check_huber(math_js, *data, delta)


def test_the_lines_of_the_typing_error_are_those_of_its_page(math_js: Script) -> None:
    recorded = read_record(DOCS / "outliers" / "recorded.toml").values
    x, typed = [1, 2, 3, 4, 5, 6, 7, 8], [48, 52, 71, 68, 83, 89, 92, 9.8]
    huber, absolute = math_js.huber(x, typed, 10), math_js.leastAbsolute(x, typed)
    assert f"{huber['slope']:.2f}" == recorded["outliers_huber_slope"]
    assert f"{absolute['slope']:.2f}" == recorded["outliers_absolute_slope"]
    assert huber["unique"]
    # Four corners: every level line between them is as good.
    assert not math_js.huber([0, 0, 1, 1], [0, 1000, 0, 1000], 100)["unique"]


@given(data=points, at=eighths)
def test_bands_and_leverage_agree(math_js: Script, data: Any, at: float) -> None:
    check_bands(math_js, *data, at)


@given(data=points, line=lines)
def test_mean_squared_error_and_score_agree(math_js: Script, data: Any, line: Any) -> None:
    check_error(math_js, *data, line)


@given(data=points, share=shares.filter(lambda s: s < 0.999), momentum=momenta)
def test_curvatures_limits_and_epochs_agree(
    math_js: Script, data: Any, share: Any, momentum: Any
) -> None:
    check_valley(math_js, data[0], share, momentum)


@given(data=points, start=lines, share=shares)
def test_the_path_agrees_with_the_closed_form(
    math_js: Script, data: Any, start: Any, share: Any
) -> None:
    check_path(math_js, *data, start, share)


@given(data=points, above=st.floats(0.1, 1e6))
def test_all_lines_on_a_contour_have_its_loss(math_js: Script, data: Any, above: float) -> None:
    x, y = data
    best = least_squares(x, y)
    level = best.mean_squared_error(x, y) + above
    for away in math_js.contour(math_js.valley(x), above, 7):
        line = Line(best.slope + away["slope"], best.intercept + away["intercept"])
        same(line.mean_squared_error(x, y), level, scale=float(np.square(y).mean()) + above)


PLANTED = {
    "(n - 2)": "(n - 1)",
    "dy[i] - yShift - slope * value": "dy[i] - slope * value",
    "own + leverage(fit, x)": "leverage(fit, x)",
    "(y[i] - predict(line, value)) ** 2": "Math.abs(y[i] - predict(line, value))",
    "off < least - 1e-9": "off > 0 && off < least - 1e-9 && i",
    "left.map(clip)": "left.map(() => 0)",
    "Number(!side)": "1",
    "beyond[i] * delta": "delta",
    "4 * variance": "2 * variance",
    "sine * steep + cosine * level": "sine * steep - cosine * level",
    "(1 - lr * eigenvalue) ** epoch": "(1 - lr * eigenvalue) ** (epoch + 1)",
    "swings ? 1 + first : progress": "swings ? progress : 1 + first",
}


@pytest.mark.parametrize(("right", "wrong"), PLANTED.items(), ids=PLANTED)
def test_a_planted_error_is_caught(tmp_path: Path, right: str, wrong: str) -> None:
    source = (STATIC / "math.js").read_text(encoding="utf-8")
    assert source.count(right) == 1
    (tmp_path / "math.js").write_text(source.replace(right, wrong), encoding="utf-8")
    x, y = [1.0, 2, 4, 8], [3.0, 1, 4, 1]
    with running(tmp_path / "math.js") as math_js, pytest.raises(AssertionError):
        check_line(math_js, x, y)
        check_bands(math_js, x, y, 5.0)
        check_absolute(math_js, x, y)
        check_huber(math_js, [1, 2, 3, 4, 5, 6, 7, 8], [48, 52, 71, 68, 83, 89, 92, 9.8], 10.0)
        check_error(math_js, x, y, (1.0, 2.0))
        check_valley(math_js, x, 0.4, 0.5)
        check_valley(math_js, x, 0.9, 0.1)
        check_path(math_js, x, y, (0.0, 0.0), 0.4)
