"""Do the scripts fit any number of columns as linreg, statsmodels and NIST do?"""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit

from linreg import least_squares
from linreg.exactness import NORRIS, correct_digits, load_norris
from tests.interactive.conftest import STATIC, Script, running
from tests.interactive.test_math import eighths, points, same

often = settings(max_examples=60)


def check_line(
    regression_js: Script, x: list[float], y: list[float], at: float, level: float
) -> None:
    found, expected = regression_js.leastSquares([x], y), least_squares(x, y)
    assert (found["rank"], found["repeated"]) == (1, [])
    size = max(map(abs, y))
    spread = math.sqrt(expected.sxx / expected.n)
    far = size * (1 + abs(expected.x_mean) / spread)
    same(found["slopes"], [expected.slope], scale=size / spread)
    same(found["intercept"], expected.intercept, scale=far)
    same(found["rSquared"], expected.r_squared, scale=1)
    same(found["residualDeviation"], expected.residual_stderr, scale=size)
    same(found["slopeErrors"], [expected.slope_stderr], scale=size / spread)
    same(found["interceptError"], expected.intercept_stderr, scale=far)
    same(found["fitted"], expected.predict(x), scale=size)
    same(found["residuals"], np.subtract(y, expected.predict(x)), scale=size)
    away = size * (1 + abs(at - expected.x_mean) / spread)
    same(regression_js.predict(found, [at]), expected.predict(at), scale=away)
    bands = regression_js.bands(found, [at], level)
    t = float(stdtrit(len(x) - 2, (1 + level) / 2))
    for name, interval in (
        ("mean", expected.confidence_interval(at, level=level)),
        ("one", expected.prediction_interval(at, level=level)),
    ):
        same(bands[name], interval, scale=away * (1 + t))


@often
@given(data=points, at=eighths, level=st.floats(0.5, 0.999))
def test_a_line_its_errors_and_its_bands_are_those_of_linreg(
    regression_js: Script, data: Any, at: float, level: float
) -> None:
    check_line(regression_js, *data, at, level)


@often
@given(
    seed=st.integers(0, 10**6), n=st.integers(2, 12), d=st.integers(1, 5), intercept=st.booleans()
)
def test_a_plane_its_errors_and_its_bands_are_those_of_statsmodels(
    regression_js: Script, seed: int, n: int, d: int, intercept: bool
) -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(seed)
    unit = 10.0 ** rng.integers(-6, 7, d)
    x = unit * (rng.normal(size=(n, d)) + rng.choice([0, 0, 5], d))
    y = 10.0 ** rng.integers(-6, 7) * (rng.normal(size=n) + 3)
    free = n - d - intercept
    assume(free >= 0)
    found = regression_js.leastSquares(x.T.tolist(), y.tolist(), {"intercept": intercept})
    lengths = np.array([*unit, 1.0] if intercept else unit)
    # Columns of many sizes cost the pseudo-inverse of statsmodels its digits.
    design = (np.column_stack([x, np.ones(n)]) if intercept else x) / lengths
    assume(np.linalg.cond(design) < 1e3)
    expected = sm.OLS(y, design).fit()
    size = float(np.abs(y).max())
    weights = [*found["slopes"], found["intercept"]][: d + intercept]
    same(weights * lengths, expected.params, scale=100 * size)
    same(found["residuals"], expected.resid, scale=100 * size)
    same(np.add(found["fitted"], found["residuals"]), y, scale=size)
    variance = float(np.mean((y - y.mean()) ** 2))
    mean_square = float(np.mean(expected.resid**2))
    same(found["rSquared"], 1 - mean_square / variance, scale=size**2 / variance)
    row = x[0] * rng.normal()
    if free == 0:
        assert found["residualDeviation"] is found["interceptError"] is None
        assert found["slopeErrors"] == [None] * d
        assert regression_js.bands(found, row.tolist(), 0.9) is None
        return
    same(found["residualDeviation"], math.sqrt(expected.scale), scale=size)
    errors = [*found["slopeErrors"], found["interceptError"]][: d + intercept]
    same(errors * lengths, expected.bse, scale=100 * size)
    bands = regression_js.bands(found, row.tolist(), 0.9)
    frame = expected.get_prediction(([*row, 1.0][: d + intercept]) / lengths).summary_frame(
        alpha=0.1
    )
    wide = float(np.abs(frame).max(axis=None)) + size
    same(bands["mean"], frame[["mean_ci_lower", "mean_ci_upper"]].iloc[0], scale=wide)
    same(bands["one"], frame[["obs_ci_lower", "obs_ci_upper"]].iloc[0], scale=wide)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 10, 33, 100, 1001, 99_998])
@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.999])
def test_students_quantiles_are_those_of_scipy(
    regression_js: Script, freedom: int, level: float
) -> None:
    same(regression_js.reach(level, freedom), stdtrit(freedom, (1 + level) / 2))


def test_norris_has_twelve_digits(regression_js: Script) -> None:
    x, y = load_norris()
    found = regression_js.leastSquares([x.tolist()], y.tolist())
    # https://www.itl.nist.gov/div898/strd/lls/data/Norris.shtml
    for computed, certified in (
        (found["slopes"][0], NORRIS[0]),
        (found["intercept"], NORRIS[1]),
        (found["slopeErrors"][0], 0.429796848199937e-3),
        (found["interceptError"], 0.232818234301152),
        (found["residualDeviation"], 0.884796396144373),
        (found["rSquared"], 0.999993745883712),
    ):
        assert correct_digits(computed, certified) >= 12


@pytest.mark.parametrize("shift", [1e6, 1e9, 1e12])
def test_norris_far_from_zero_is_as_good_as_in_linreg(regression_js: Script, shift: float) -> None:
    x, y = load_norris()
    found, expected = (
        regression_js.leastSquares([(x + shift).tolist()], y.tolist()),
        least_squares(x + shift, y),
    )
    pairs = [
        (found["slopes"][0], expected.slope),
        (found["intercept"], expected.intercept),
        (found["slopeErrors"][0], expected.slope_stderr),
        (found["interceptError"], expected.intercept_stderr),
        (found["residualDeviation"], expected.residual_stderr),
    ]
    assert all(correct_digits(computed, other) >= 13 for computed, other in pairs)


def test_longley_has_twelve_digits(regression_js: Script) -> None:
    import statsmodels.api as sm

    data = sm.datasets.longley.load_pandas()
    columns = [data.exog[name].tolist() for name in data.exog]
    found = regression_js.leastSquares(columns, data.endog.tolist())
    # https://www.itl.nist.gov/div898/strd/lls/data/Longley.shtml
    slopes = [15.0618722713733, -0.0358191792925910, -2.02022980381683]
    slopes += [-1.03322686717359, -0.0511041056535807, 1829.15146461355]
    errors = [84.9149257747669, 0.0334910077722432, 0.488399681651699]
    errors += [0.214274163161675, 0.226073200069370, 455.478499142212]
    certified = [*slopes, -3482258.63459582, *errors, 890420.383607373, 304.854073561965]
    names = ("intercept", "interceptError", "residualDeviation", "rSquared")
    intercept, error, deviation, r_squared = (found[name] for name in names)
    computed = [*found["slopes"], intercept, *found["slopeErrors"], error, deviation]
    pairs = zip([*computed, r_squared], [*certified, 0.995479004577296], strict=True)
    assert min(correct_digits(*pair) for pair in pairs) >= 12


@pytest.mark.parametrize("x_unit", [1e-308, 1e-150, 1, 1e150, 1e307])
@pytest.mark.parametrize("y_unit", [1e-300, 1, 1e300])
def test_units_change_nothing_but_the_units(
    regression_js: Script, x_unit: float, y_unit: float
) -> None:
    x, y = np.array([1.0, 2, 4, 8]), np.array([3.0, 1, 4, 1])
    expected = least_squares(x, y)
    with np.errstate(over="ignore"):
        slope = float(np.divide(y_unit, x_unit) * expected.slope)
    given_ = [(x * x_unit).tolist()], (y * y_unit).tolist()
    if not math.isfinite(slope):
        with pytest.raises(RuntimeError, match="choose other units"):
            regression_js.leastSquares(*given_)
        return
    found = regression_js.leastSquares(*given_)
    assert found["slopes"][0] == pytest.approx(slope, rel=1e-9, abs=1e-320)
    assert found["intercept"] == pytest.approx(expected.intercept * y_unit, rel=1e-9)
    assert found["residualDeviation"] == pytest.approx(expected.residual_stderr * y_unit, rel=1e-9)
    assert found["rSquared"] == pytest.approx(expected.r_squared)
    at = regression_js.predict(found, [3 * x_unit])
    assert at == pytest.approx(expected.predict(3.0) * y_unit, rel=1e-9)


def test_a_column_that_the_others_already_say_is_named_and_left_out(regression_js: Script) -> None:
    rng = np.random.default_rng(0)
    a, b, noise = rng.normal(size=(3, 30))
    y = 3 * a - b + 5 + noise
    alone = regression_js.leastSquares([a.tolist(), b.tolist()], y.tolist())
    for said in (2 * a, a / 7 + b / 3 - 1, a * 1000 + 1e6):
        columns = [column.tolist() for column in (a, said, b, b)]
        found = regression_js.leastSquares(columns, y.tolist())
        if np.ptp(said - said[0] - 2 * (a - a[0])) > 1e-9 and said[0] < 1e5:
            # The second column holds b, so the third adds nothing.
            assert found["repeated"] == [2, 3]
        else:
            assert found["repeated"] == [1, 3]
            assert found["slopes"][2] == pytest.approx(alone["slopes"][1])
            assert found["slopeErrors"][2] == pytest.approx(alone["slopeErrors"][1])
        assert found["rank"] == 2
        assert found["residuals"] == pytest.approx(alone["residuals"])
        assert found["slopeErrors"][3] is None and found["slopes"][3] == 0
    few = regression_js.leastSquares([[1, 2, 4], [1, 0, 5], [3, 3, 1]], [1, 2, 3])
    assert few["repeated"] == [2] and few["residualDeviation"] is None


@pytest.mark.parametrize(
    ("columns", "y", "words"),
    [
        ([], [1, 2], "choose at least one column"),
        ([[1]], [1], "at least two rows, and there are 1"),
        ([[1, 2, 3], [7, 7, 7]], [1, 2, 3], "all values of column 1 equal 7"),
        ([[1, 2, 3]], [1, 2], "column 0 has 3 values and y has 2"),
        ([[1, None, 3]], [1, 2, 3], "column 0 has no number in row 1"),
        ([[1, 2, 3]], [1, 2, None], "column 1 has no number in row 2"),
        ([[1, 2, 3, 4, 5, 1e36]], [2, 5, 6, 9, 8, 1e36], "from 2.000 to 1.000e.36, so far that"),
    ],
)
def test_a_table_that_determines_nothing_is_refused_with_the_way_out(
    regression_js: Script, columns: Any, y: Any, words: str
) -> None:
    with pytest.raises(RuntimeError, match=words):
        regression_js.leastSquares(columns, y)


def test_equal_y_have_a_level_line_and_no_r_squared(regression_js: Script) -> None:
    found = regression_js.leastSquares([[0.1, 0.2, 0.7]], [0.3, 0.3, 0.3])
    assert (found["slopes"], found["intercept"], found["rSquared"]) == ([0], 0.3, None)


PLANTED = {
    "Math.sqrt(rss / freedom)": "Math.sqrt(rss / n)",
    "dot(slopes, away(fit, row))": "-dot(slopes, away(fit, row))",
    "Math.sqrt(1 + pull)": "Math.sqrt(pull)",
    "return pull + dot(found, found)": "return pull - dot(found, found)",
    "factor *= k / (k + 1)": "factor *= (k + 1) / (k + 2)",
    "left -= factor[k][j] * found[k]": "left += factor[k][j] * found[k]",
    "explained / (explained + rss)": "explained / rss",
    "inner.means[j] - inner.tails[j]": "inner.means[j]",
}


def test_planted_errors_are_caught(tmp_path: Path) -> None:
    source = (STATIC / "regression.js").read_text(encoding="utf-8")
    for right, wrong in PLANTED.items():
        assert source.count(right) == 1, right
        (tmp_path / "regression.js").write_text(source.replace(right, wrong), encoding="utf-8")
        caught = pytest.raises((AssertionError, RuntimeError))
        with running(tmp_path / "regression.js") as planted, caught:
            check_line(planted, [1.0, 2, 4, 8], [3.0, 1, 4, 1], 5.0, 0.95)
            check_line(planted, [1.0, 2, 4, 8, 9, 7], [3.0, 1, 4, 1, 5, 9], 5.0, 0.9)
            test_longley_has_twelve_digits(planted)
            far = (np.array([1.0, 2, 4, 9]) / 3 + 1e15).tolist()
            fit = planted.leastSquares([far], [3.0, 1, 4, 1])
            same(planted.predict(fit, far[:1]), fit["fitted"][0])
