"""The best line: against certified values, exact arithmetic, and other people's programs."""

import dataclasses
import itertools
import math
import statistics
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from linreg.best import (
    CHUNK,
    LeastSquares,
    Sums,
    accumulate,
    least_squares,
    leave_one_out,
    moments,
)
from linreg.data import load_study
from linreg.exactness import load_norris
from linreg.line import Line

# As NIST certifies them for norris.csv; what they need to be worth is in digits.
CERTIFIED = {
    "slope": (1.00211681802045, 12),
    "intercept": (-0.262323073774029, 12),
    "slope_stderr": (0.000429796848199937, 10),
    "intercept_stderr": (0.232818234301152, 10),
    "residual_stderr": (0.884796396144373, 10),
    "r_squared": (0.999993745883712, 12),
}
ERRORS = ["residual_stderr", "slope_stderr", "intercept_stderr"]

whole = st.integers(-1000, 1000)
points = st.lists(st.tuples(whole, whole), min_size=3, max_size=40).filter(
    lambda pairs: len({x for x, _ in pairs}) > 1
)


@pytest.fixture(scope="module")
def norris():
    return np.array(load_norris())


@pytest.fixture(scope="module")
def tens():
    study = load_study("tens")
    return study.x, study.y


def correct_digits(fit):
    """Return the log relative error of each certified figure."""
    return {
        name: -math.log10(max(abs(getattr(fit, name) / value - 1), 1e-17))
        for name, (value, _) in CERTIFIED.items()
    }


def assert_certified(fit):
    for name, digits in correct_digits(fit).items():
        assert digits >= CERTIFIED[name][1], name


def batches_of(x, y, size):
    return [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]


def exact_line(x, y):
    """Return slope, intercept and residual sum of squares in exact arithmetic."""
    x, y = [Fraction(float(v)) for v in x], [Fraction(float(v)) for v in y]
    n = len(x)
    x_mean, y_mean = sum(x) / n, sum(y) / n
    slope = sum((a - x_mean) * (b - y_mean) for a, b in zip(x, y, strict=True)) / sum(
        (a - x_mean) ** 2 for a in x
    )
    intercept = y_mean - slope * x_mean
    rss = sum((b - slope * a - intercept) ** 2 for a, b in zip(x, y, strict=True))
    return float(slope), float(intercept), float(rss)


# Certified digits


def test_norris_comes_out_to_the_certified_digits(norris):
    assert_certified(least_squares(*norris))


def test_the_certified_digits_do_not_hang_on_the_order_of_the_points(norris):
    rng = np.random.default_rng(0)
    for _ in range(300):
        x, y = norris[:, rng.permutation(36)]
        for fit in (least_squares(x, y), accumulate(batches_of(x, y, 18)).least_squares()):
            assert_certified(fit)
            # Without what rounding took from slope and centre, some orders come to 11.9.
            assert correct_digits(fit)["intercept"] > 12.3


@pytest.mark.parametrize("size", [1, 2, 5, 35, 36])
def test_one_pass_over_batches_keeps_the_certified_digits(norris, size):
    rng = np.random.default_rng(size)
    for order in (np.arange(36), np.argsort(norris[0]), rng.permutation(36)):
        assert_certified(accumulate(batches_of(*norris[:, order], size)).least_squares())


@pytest.mark.parametrize("size", [36, 5, 1])
def test_far_from_zero_the_slope_keeps_its_digits(norris, size):
    x, y = norris[:, np.argsort(norris[0])]
    far = x + 1e9
    fit = accumulate(batches_of(far, y, size)).least_squares()
    assert fit.slope == pytest.approx(CERTIFIED["slope"][0], rel=1e-10)
    # What is missing above was lost when x + 1e9 was rounded, and not in the fit.
    slope, intercept, rss = exact_line(far, y)
    assert fit.slope == pytest.approx(slope, rel=1e-14)
    assert fit.intercept == pytest.approx(intercept, rel=1e-14)
    assert fit.residual_stderr == pytest.approx(math.sqrt(rss / 34), rel=1e-10)


def test_far_from_zero_the_predictions_keep_their_digits(norris):
    # Whole numbers, which the shift does not round.
    x, y = np.round(norris[0]), norris[1]
    near, far = least_squares(x, y), least_squares(x + 2.0**30, y)
    assert far.predict(x + 2.0**30) == pytest.approx(near.predict(x), abs=1e-11)
    assert far.leverage(x + 2.0**30) == pytest.approx(near.leverage(x), abs=1e-9)
    assert far.score(x + 2.0**30, y) == pytest.approx(near.r_squared, abs=1e-13)


# Other people's programs


def test_the_eight_students_have_the_line_that_is_documented(tens):
    fit = least_squares(*tens)
    assert fit.slope == pytest.approx(30950 / 4200, rel=1e-14)
    assert fit.intercept == pytest.approx(419.642857143, rel=1e-11)
    assert fit.r_squared == pytest.approx(0.949954, abs=5e-7)
    assert fit.residual_stderr == pytest.approx(44.75018844, rel=1e-9)
    assert fit.slope_stderr == pytest.approx(0.6905103987, rel=1e-9)
    assert fit.intercept_stderr == pytest.approx(34.86906591, rel=1e-9)
    assert fit.predict(35) == pytest.approx(677.559523810, rel=1e-11)
    assert fit.mean_squared_error(*tens) == pytest.approx(1501.934524, rel=1e-9)
    assert fit.confidence_interval(35) == pytest.approx((635.319, 719.800), abs=5e-4)
    assert fit.prediction_interval(35) == pytest.approx((560.195, 794.924), abs=5e-4)
    assert (fit.n, fit.x_mean, fit.y_mean, fit.sxx) == (8, 45, 751.25, 4200)


@settings(max_examples=60)
@given(points)
def test_it_agrees_with_exact_arithmetic(pairs):
    x, y = np.array(pairs).T
    slope, intercept, rss = exact_line(x, y)
    fit = least_squares(x, y)
    scale = float(np.ptp(y)) + 1
    assert fit.slope == pytest.approx(slope, rel=1e-12, abs=1e-13 * scale)
    assert fit.intercept == pytest.approx(intercept, rel=1e-12, abs=1e-10 * scale)
    residual_stderr = math.sqrt(rss / (len(x) - 2))
    assert fit.residual_stderr == pytest.approx(residual_stderr, rel=1e-10, abs=1e-12 * scale)


@settings(max_examples=40)
@given(points)
def test_it_agrees_with_the_standard_library_numpy_and_scipy(pairs):
    x, y = np.array(pairs, dtype=float).T
    assume(np.ptp(x) > 10)
    fit = least_squares(x, y)
    line = pytest.approx((fit.slope, fit.intercept), rel=1e-7, abs=1e-7)
    library = statistics.linear_regression(x.tolist(), y.tolist())
    assert (library.slope, library.intercept) == line
    assert tuple(np.polyfit(x, y, 1)) == line
    assert tuple(np.linalg.lstsq(np.column_stack([x, np.ones_like(x)]), y)[0]) == line
    scipys = scipy.stats.linregress(x, y)
    assert (scipys.slope, scipys.intercept) == line
    if np.ptp(y) > 0:
        assert fit.r_squared == pytest.approx(scipys.rvalue**2, rel=1e-7, abs=1e-9)
        if fit.r_squared < 1 - 1e-6:
            assert fit.slope_stderr == pytest.approx(scipys.stderr, rel=1e-6)
            assert fit.intercept_stderr == pytest.approx(scipys.intercept_stderr, rel=1e-6)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
@pytest.mark.parametrize("n", [3, 8, 200])
def test_the_intervals_are_those_of_statsmodels(n, level):
    import statsmodels.api as sm

    rng = np.random.default_rng(n)
    x = rng.uniform(0, 100, n)
    y = 3 * x + 20 + rng.normal(0, 15, n)
    at = np.array([-50.0, 0.0, 37.5, 400.0])
    theirs = sm.OLS(y, sm.add_constant(x)).fit().get_prediction(sm.add_constant(at))
    table = theirs.summary_frame(alpha=1 - level)
    fit = least_squares(x, y)
    low, high = fit.confidence_interval(at, level=level)
    assert low == pytest.approx(table["mean_ci_lower"].to_numpy(), rel=1e-8)
    assert high == pytest.approx(table["mean_ci_upper"].to_numpy(), rel=1e-8)
    low, high = fit.prediction_interval(at, level=level)
    assert low == pytest.approx(table["obs_ci_lower"].to_numpy(), rel=1e-8)
    assert high == pytest.approx(table["obs_ci_upper"].to_numpy(), rel=1e-8)


def test_the_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(1)
    x, held = np.arange(6.0), np.zeros(2)
    for _ in range(2000):
        fit = least_squares(x, 2 * x + 1 + rng.normal(size=6))
        low, high = fit.confidence_interval(4.5, level=0.8)
        held[0] += low <= 10 <= high
        low, high = fit.prediction_interval(4.5, level=0.8)
        held[1] += low <= 10 + rng.normal() <= high
    # Four standard errors of a share out of 2000.
    assert held / 2000 == pytest.approx(np.array([0.8, 0.8]), abs=4 * math.sqrt(0.16 / 2000))


def test_leverage_is_the_diagonal_of_the_hat_matrix(tens):
    x = np.asarray(tens[0], dtype=float)
    design = np.column_stack([x, np.ones(8)])
    leverage = least_squares(*tens).leverage(x)
    assert leverage == pytest.approx(np.diag(design @ np.linalg.pinv(design)))
    assert leverage.sum() == pytest.approx(2)


# What goes in and comes out


def test_a_number_gives_floats_and_an_array_gives_arrays(tens):
    fit = least_squares(*tens)
    for number in (35, 35.0, np.float32(35), torch.tensor(35.0, requires_grad=True)):
        assert type(fit.predict(number)) is float
        assert type(fit.leverage(number)) is float
        for interval in (fit.confidence_interval(number), fit.prediction_interval(number)):
            assert [type(end) for end in interval] == [float, float]
    for many in ([35], [35, 45], np.array([[35.0], [45.0]]), torch.tensor([35, 45])):
        assert fit.predict(many).shape == (len(many),)
        assert fit.leverage(many).shape == (len(many),)
        for interval in (fit.confidence_interval(many), fit.prediction_interval(many)):
            assert [end.shape for end in interval] == [(len(many),)] * 2
    assert fit.predict([]).shape == (0,)


def test_the_result_is_a_line_of_plain_floats_that_compares_and_cannot_change(tens):
    fit = least_squares(*tens)
    assert isinstance(fit, Line)
    assert {type(getattr(fit, name)) for name in CERTIFIED} == {float}
    assert fit == least_squares(*tens)
    assert hash(fit) == hash(least_squares(*tens))
    assert fit.formula() == "Exam Score = 7.37 × Study Hours + 419.64"
    assert fit.score(*tens) == pytest.approx(fit.r_squared, rel=1e-12)
    with pytest.raises(dataclasses.FrozenInstanceError):
        fit.slope = 1.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        Sums().n = 1


@pytest.mark.parametrize("kind", ["int8", "uint8", "int64", "float16", "float32", "bool"])
def test_numbers_of_any_type_fit_as_float64_does(kind):
    x = np.array([0, 1, 1, 0, 1]) if kind == "bool" else np.array([0, 120, 3, 100, 7])
    y = np.array([1, 0, 1, 1, 0]) if kind == "bool" else np.array([127, 1, 90, 0, 120])
    expected = least_squares(x.astype(float), y.astype(float))
    assert least_squares(x.astype(kind), y.astype(kind)) == expected
    assert least_squares(x.astype(kind)[:, None], y.astype(kind).tolist()) == expected


def test_the_callers_arrays_are_left_alone():
    x, y = np.arange(10.0), np.arange(10.0) ** 2
    x.flags.writeable = y.flags.writeable = False
    assert least_squares(x, y).slope == pytest.approx(9)
    assert least_squares(x[::-1], y[::-1]).slope == pytest.approx(9)


def test_two_points_have_an_exact_line_and_no_standard_errors():
    fit = least_squares([1, 4], [10, 4])
    assert (fit.slope, fit.intercept, fit.r_squared) == (-2, 12, 1)
    assert all(math.isnan(getattr(fit, name)) for name in ERRORS)
    assert fit.leverage([1, 4]) == pytest.approx([1, 1])
    for interval in (fit.confidence_interval, fit.prediction_interval):
        with pytest.raises(ValueError, match=r"two points have no interval.*add a point"):
            interval(2)


def test_a_fit_cannot_be_made_to_lie():
    fit = least_squares([1, 2, 4], [1, 3, 5])
    with pytest.raises((TypeError, ValueError), match="slope"):
        dataclasses.replace(fit, slope=99.0)
    twice = dataclasses.replace(fit, sums=fit.sums + fit.sums)
    assert (twice.n, twice.slope) == (6, pytest.approx(fit.slope))
    assert twice.slope_stderr < fit.slope_stderr
    with pytest.raises(ValueError, match="two points, and there are 0"):
        LeastSquares(sums=Sums())


def test_two_equal_fits_compare_equal_though_their_errors_are_nan():
    assert least_squares([1, 2], [1, 3]) == least_squares([1, 2], [1, 3])


def test_equal_y_have_a_level_line_and_no_r_squared():
    fit = least_squares([1, 2, 4], [0.1, 0.1, 0.1])
    assert (fit.slope, fit.intercept) == (0, 0.1)
    assert math.isnan(fit.r_squared)
    assert [getattr(fit, name) for name in ERRORS] == [0, 0, 0]
    assert fit.confidence_interval(9) == (0.1, 0.1)
    assert fit == least_squares([1, 2, 4], [0.1, 0.1, 0.1])


def test_y_that_x_does_not_explain_have_r_squared_zero():
    fit = least_squares([1, 2, 3], [0, 1, 0])
    assert (fit.slope, fit.r_squared) == (0, 0)


@given(points)
def test_the_moments_are_numpys(pairs):
    x = np.array(pairs, dtype=float)[:, 0]
    assert moments(x) == pytest.approx((x.mean(), x.var()), rel=1e-12, abs=1e-12)


# Each point left out


def refitted(x, y):
    """Return how far each point is above numpy's line through all the others."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    others = [np.arange(len(x)) != point for point in range(len(x))]
    lines = [np.polynomial.Polynomial.fit(x[keep], y[keep], 1) for keep in others]
    return [value - line(at) for line, at, value in zip(lines, x, y, strict=True)]


def test_points_left_out_of_the_students_are_predicted_as_by_eight_refits_and_statsmodels(tens):
    import statsmodels.api as sm

    x, y = tens[0].double().numpy(), tens[1].double().numpy()
    found = leave_one_out(*tens)
    assert found == pytest.approx(refitted(x, y), rel=1e-9)
    influence = sm.OLS(y, sm.add_constant(x)).fit().get_influence()
    assert found == pytest.approx(influence.resid_press, rel=1e-9)


@given(points)
def test_points_left_out_are_predicted_as_by_refits(pairs):
    x, y = np.array(pairs, dtype=float).T
    assume(all(len({*np.delete(x, point)}) > 1 for point in range(len(x))))
    assert leave_one_out(x, y) == pytest.approx(refitted(x, y), rel=1e-6, abs=1e-6)


def test_a_point_far_out_is_left_out_with_all_its_digits():
    # Its leverage differs from 1 by less than float64 can tell.
    found = leave_one_out([1, 2, 3, 1e9], [1, 3, 4, 7])
    assert found[3] == pytest.approx(7 - (1.5 * 1e9 - 1 / 3), rel=1e-12)


@pytest.mark.parametrize(
    ("x", "y", "error", "message"),
    [
        ([1, 2], [1, 3], ValueError, "without point 0: .*two points, and there are 1"),
        ([1, 1, 1, 4], [1, 2, 3, 4], ValueError, "without point 3: all x equal 1"),
        ([1, 2, 3], [1, math.nan, 3], ValueError, r"y\[1\] is nan"),
        (["1", "2", "3"], [1, 2, 3], TypeError, "x holds"),
    ],
)
def test_points_that_cannot_be_left_out_are_named(x, y, error, message):
    with pytest.raises(error, match=message):
        leave_one_out(x, y)


# Many points


def test_more_points_than_a_chunk_give_the_same_line():
    rng = np.random.default_rng(2)
    for n in (CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 1):
        # Sorted, so that what tells the slope is between the chunks.
        x = np.sort(rng.uniform(0, 1e6, n))
        y = 3 * x - 7 + rng.normal(size=n)
        fit = least_squares(x, y)
        slope, intercept = np.linalg.lstsq(np.column_stack([x, np.ones(n)]), y)[0]
        assert fit.slope == pytest.approx(slope, rel=1e-12)
        assert fit.intercept == pytest.approx(intercept, rel=1e-8)
        residuals = y - slope * x - intercept
        stderr = math.sqrt(residuals @ residuals / (n - 2))
        assert fit.residual_stderr == pytest.approx(stderr, rel=1e-9)
        assert fit.sxx == pytest.approx(np.var(x) * n, rel=1e-12)
        assert fit.n == n


@pytest.mark.parametrize("cores", [1, 2])
@pytest.mark.parametrize("kind", ["float64", "float32", "int32"])
def test_memory_does_not_grow_with_the_points(kind, cores, monkeypatch):
    monkeypatch.setattr("linreg.cores.count", lambda: cores)
    x = np.arange(20 * CHUNK).astype(kind)
    least_squares(x[:9], x[:9])
    tracemalloc.start()
    least_squares(x, x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Two chunks to work in, two more where numbers become float64, and small change.
    assert peak < 4.2 * CHUNK * 8 * cores


def test_every_digit_is_the_same_on_any_number_of_cores(monkeypatch):
    rng = np.random.default_rng(0)
    x = rng.normal(size=21 * CHUNK + 7)
    y = 2 * x + rng.normal(size=len(x))
    found = []
    for cores in (1, 2, 3, 64):
        monkeypatch.setattr("linreg.cores.count", lambda cores=cores: cores)
        found.append(least_squares(x, y).sums)
        assert found[-1] == found[0]
    # In any order that the cores come in, the first of two bad numbers is named.
    x[3 * CHUNK + 1] = x[9 * CHUNK] = math.nan
    with pytest.raises(ValueError, match=rf"x\[{3 * CHUNK + 1}\] is nan"):
        least_squares(x, y)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_bad_number_is_named_by_its_place_in_the_whole(bad):
    x = np.arange(CHUNK + 10.0)
    y = x.copy()
    y[CHUNK + 5] = bad
    with pytest.raises(ValueError, match=rf"y\[{CHUNK + 5}\] is {bad}; drop or fill"):
        least_squares(x, y)
    with pytest.raises(ValueError, match=rf"x\[{CHUNK + 5}\] is {bad}; drop or fill"):
        least_squares(y, x)
    with pytest.raises(ValueError, match=rf"x\[0\] is {bad}"):
        least_squares([bad, 1], [1, 2])


# One pass over batches


@settings(max_examples=100)
@given(points, st.lists(st.integers(0, 40), max_size=6), st.sampled_from([0, 1e6, -(2.0**30)]))
def test_batches_give_the_line_of_the_whole(pairs, cuts, shift):
    x, y = np.array(pairs, dtype=float).T
    x = x + shift
    edges = [0, *sorted(min(cut, len(x)) for cut in cuts), len(x)]
    batches = [(x[a:b], y[a:b]) for a, b in itertools.pairwise(edges)]
    whole = least_squares(x, y)
    fit = accumulate(batches).least_squares()
    assert (fit.n, fit.x_mean) == (whole.n, pytest.approx(whole.x_mean, rel=1e-15, abs=1e-12))
    assert fit.sxx == pytest.approx(whole.sxx, rel=1e-12)
    assert fit.slope == pytest.approx(whole.slope, rel=1e-12, abs=1e-12)
    assert fit.y_mean == pytest.approx(whole.y_mean, rel=1e-12, abs=1e-11)
    assert fit.residual_stderr == pytest.approx(whole.residual_stderr, rel=1e-9, abs=1e-9)
    if np.ptp(y) > 0:
        assert fit.r_squared == pytest.approx(whole.r_squared, rel=1e-9, abs=1e-12)
    else:
        assert math.isnan(fit.r_squared)
    # In any order, and joined in any way.
    parts = [accumulate([batch]) for batch in reversed(batches)]
    middle = len(parts) // 2
    joined = sum(parts[:middle], Sums()) + sum(parts[middle:], Sums())
    assert joined.least_squares().slope == pytest.approx(whole.slope, rel=1e-12, abs=1e-12)
    assert joined.rss == pytest.approx(accumulate(batches).rss, rel=1e-9, abs=1e-7)


def test_batches_may_hold_one_point_or_none_or_equal_x():
    batches = [([], []), ([1], [2]), ([3, 3, 3], [5, 7, 6]), ([], []), ([9.0], [1.0])]
    fit = accumulate(iter(batches)).least_squares()
    slope, intercept, rss = exact_line([1, 3, 3, 3, 9], [2, 5, 7, 6, 1])
    assert (fit.n, fit.slope, fit.intercept) == (5, pytest.approx(slope), pytest.approx(intercept))
    assert fit.residual_stderr == pytest.approx(math.sqrt(rss / 3))


def test_a_misleading_first_batch_costs_no_digits(norris):
    x, y = norris[:, np.argsort(norris[0])]
    # A slope of a million between the first two points, far from all others.
    x, y = np.append(x, 0.2 + 1e-6), np.append(y, 1.1)
    x, y = np.roll(x, 1), np.roll(y, 1)
    whole, fit = least_squares(x, y), accumulate(batches_of(x, y, 2)).least_squares()
    slope, intercept, rss = exact_line(x, y)
    for one in (whole, fit):
        assert one.slope == pytest.approx(slope, rel=1e-13)
        assert one.intercept == pytest.approx(intercept, rel=1e-11)
        assert one.residual_stderr == pytest.approx(math.sqrt(rss / 35), rel=1e-11)


def test_a_list_of_sums_sums_up():
    parts = [accumulate([pair]) for pair in (([1, 2], [1, 3]), ([3], [5]), ([9], [4]))]
    assert sum(parts) == parts[0] + parts[1] + parts[2]
    whole = least_squares([1, 2, 3, 9], [1, 3, 5, 4])
    assert sum(parts).least_squares().slope == pytest.approx(whole.slope)


def test_sums_add_only_to_sums():
    with pytest.raises(TypeError):
        1 + Sums()
    with pytest.raises(TypeError):
        Sums() + 1


@pytest.mark.parametrize(
    ("batches", "message"),
    [
        ([], "at least two points, and there are 0"),
        ([([], [])], "at least two points, and there are 0"),
        ([([1], [1]), ([], [])], "at least two points, and there are 1"),
        ([([0.1], [1]), ([0.1, 0.1], [2, 3])], "all x equal 0.1.*another x"),
    ],
)
def test_a_whole_without_a_line_is_reported(batches, message):
    with pytest.raises(ValueError, match=message):
        accumulate(batches).least_squares()


@pytest.mark.parametrize(
    ("batch", "error", "message"),
    [
        (([1, math.nan], [1, 2]), ValueError, r"batch 1: x\[1\] is nan"),
        (([1, 2], [1]), ValueError, "batch 1: x has 2 values and y has 1"),
        ((["a"], [1]), TypeError, "batch 1: x holds"),
        ([1, 2, 3], TypeError, r"batch 1 is no pair; give an \(x, y\)"),
        (7, TypeError, "batch 1 is no pair"),
    ],
)
def test_a_bad_batch_is_named(batch, error, message):
    with pytest.raises(error, match=message):
        accumulate([([1, 2], [3, 4]), batch])


# Bad and odd input


@pytest.mark.parametrize(
    ("x", "y", "error", "message"),
    [
        ([], [], ValueError, "two points, and there are 0"),
        ([1], [2], ValueError, "two points, and there are 1"),
        ([1, 2, 3], [1, 2], ValueError, "x has 3 values and y has 2"),
        ([0.1] * 36, list(range(36)), ValueError, "all x equal 0.1"),
        ([1, 2], [1, None], ValueError, r"y\[1\] is nan"),
        (["1", "2"], [1, 2], TypeError, "x holds"),
        ([1, 2], [1, 2j], TypeError, "y holds"),
        ([[1, 2], [3, 4]], [1, 2], ValueError, r"x has shape \(2, 2\)"),
        ([[1], [2, 3]], [1, 2], ValueError, "x is ragged"),
        (3, [1, 2], TypeError, "x is the single value 3"),
        ([1, 2], np.ma.masked_array([1, 2], [False, True]), ValueError, "masked"),
        ([0, 1e200], [0, 1], ValueError, "other units for x"),
        ([0, 1e-200], [0, 1], ValueError, "other units for x"),
        ([0, 1e-155], [0, 1], ValueError, "other units for x"),
        ([-1.7e308, 1.7e308], [0, 1], ValueError, "other units for x"),
        ([0, 1], [0, 1e200], ValueError, "other units for y"),
        ([0, 1, 2], [0, 1e-200, 0], ValueError, "other units for y"),
        ([0, 1, 2], [0, 1e-155, 0], ValueError, "other units for y"),
    ],
)
def test_what_is_no_line_is_reported(x, y, error, message):
    with pytest.raises(error, match=message):
        least_squares(x, y)


anything = st.one_of(
    st.floats(),
    st.integers(),
    st.text(max_size=2),
    st.complex_numbers(),
    st.none(),
    st.booleans(),
    st.lists(st.floats(), max_size=2),
)


@given(st.lists(anything, max_size=4), st.lists(anything, max_size=4))
def test_whatever_goes_in_a_finite_line_or_a_clear_error_comes_out(x, y):
    try:
        fit = least_squares(x, y)
    except (TypeError, ValueError) as error:
        assert len(str(error)) > 20
    else:
        assert math.isfinite(fit.slope) and math.isfinite(fit.intercept)


@given(st.lists(st.tuples(st.floats(width=32), st.floats(width=32)), min_size=2, max_size=6))
def test_whatever_numbers_go_in_the_line_is_the_best_or_refused(pairs):
    x, y = zip(*pairs, strict=True)
    try:
        fit = least_squares(x, y)
    except ValueError:
        return
    slope, _, rss = exact_line(x, y)
    spread = max(y) - min(y)
    reach = max(x) - min(x)
    assert fit.slope * reach == pytest.approx(slope * reach, rel=1e-9, abs=1e-12 * spread)
    if len(x) > 2:
        expected = math.sqrt(rss / (len(x) - 2))
        assert fit.residual_stderr == pytest.approx(expected, rel=1e-6, abs=1e-12 * spread)


@pytest.mark.parametrize("level", [0, 1, -0.5, 95, math.nan, "0.95", None])
def test_a_level_that_is_no_probability_is_reported(tens, level):
    with pytest.raises(ValueError, match=r"not between 0 and 1; give 0\.95"):
        least_squares(*tens).confidence_interval(35, level=level)


@pytest.mark.parametrize("x", [math.nan, [1, math.inf], "35", 1j, [[1, 2]], None])
def test_no_number_is_predicted_from_what_is_no_number(tens, x):
    fit = least_squares(*tens)
    for ask in (fit.predict, fit.leverage, fit.confidence_interval, fit.prediction_interval):
        with pytest.raises((TypeError, ValueError), match="x"):
            ask(x)


def test_a_prediction_beyond_float64_is_refused(tens):
    with pytest.raises(ValueError, match=r"x=1e\+308 is too far out"):
        least_squares(*tens).predict([1, 1e308])


# Claims of docs/best/page.md that take many examples; the others stand in the page


@settings(max_examples=100)
@given(slope=st.floats(-1e3, 1e3), intercept=st.floats(-1e4, 1e4))
def test_the_mean_squared_error_of_any_line_falls_into_three_parts(tens, slope, intercept):
    x, best = tens[0].numpy(), least_squares(*tens)
    parts = (
        best.mean_squared_error(*tens),
        np.var(x, dtype=float) * (slope - best.slope) ** 2,
        (slope * 45 + intercept - 751.25) ** 2,
    )
    assert Line(slope, intercept).mean_squared_error(*tens) == pytest.approx(sum(parts), rel=1e-9)


def test_the_source_of_batches_is_named_and_its_points_counted():
    batches = [([1, 2], [3, 4]), ([], []), ([5, "six"], [7, 8])]
    with pytest.raises(TypeError, match=r"^a\.csv: x holds 'six' at x\[3\], which is text|which"):
        accumulate(batches, source="a.csv")
    with pytest.raises(ValueError, match=r"^a\.csv: y\[2\] is inf"):
        accumulate([([1, 2], [3, 4]), ([5], [math.inf])], source="a.csv")
    with pytest.raises(TypeError, match=r"^a\.csv: batch 1 is no pair"):
        accumulate([([1, 2], [3, 4]), 7], source="a.csv")


# Any split, any order, any number of workers


@pytest.fixture(scope="module", params=[0.0, 1e9], ids=["Norris", "Norris + 1e9"])
def far_or_near(request, norris):
    """The points, and their line from exact fractions."""
    x, y = norris[0] + request.param, norris[1]
    return x, y, exact_line(x, y)


@given(data=st.data())
def test_any_split_order_and_tree_gives_fourteen_digits(far_or_near, data):
    x, y, (slope, _, rss) = far_or_near
    order = data.draw(st.permutations(range(36)))
    # Cuts at one place make empty shares; neighbours make shares of one point.
    cuts = sorted(data.draw(st.lists(st.integers(0, 36), max_size=36)))
    shares = [order[a:b] for a, b in itertools.pairwise([0, *cuts, 36])]
    parts = [accumulate([(x[share], y[share])]) for share in shares]
    # Workers may save what they have, and whoever joins takes any two.
    parts = [Sums.from_json(part.to_json()) for part in parts]
    while len(parts) > 1:
        at = data.draw(st.integers(0, len(parts) - 2))
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    fit = parts[0].least_squares()
    assert fit.slope == pytest.approx(slope, rel=1e-14)
    assert fit.x_mean == pytest.approx(statistics.fmean(x), rel=1e-14)
    assert fit.sums.y_mean == pytest.approx(statistics.fmean(y), rel=1e-14)
    assert fit.sums.rss == pytest.approx(rss, rel=1e-11)


def test_shares_of_equal_x_give_fourteen_digits():
    x, y = np.repeat(np.arange(5.0) + 1e9, 4), np.random.default_rng(0).normal(size=20)
    parts = [accumulate([(x[x == value], y[x == value])]) for value in (*np.unique(x), 7.0)]
    slope, _, rss = exact_line(x, y)
    total = sum(reversed(parts))
    assert total.slope == pytest.approx(slope, rel=1e-14)
    assert total.rss == pytest.approx(rss, rel=1e-14)


@pytest.mark.parametrize(
    "parts",
    [
        [([0, 1e-9], [0, 1]), ([1e6, 2e6, 3e6], [1, 1, 2])],
        [([0, 1e-12], [0, 1]), ([1e6, 2e6, 3e6], [1, 1, 2])],
        [([0, 2**-30], [0, 1]), ([1e6, 1e6 + 2**-30], [5, 6])],
    ],
)
def test_a_narrow_steep_share_costs_the_whole_no_digits(parts):
    slope, intercept, rss = exact_line(*(np.concatenate(side) for side in zip(*parts, strict=True)))
    for order in (parts, parts[::-1]):
        fit = accumulate(order).least_squares()
        assert fit.slope == pytest.approx(slope, rel=1e-14)
        assert fit.intercept == pytest.approx(intercept, rel=1e-14)
        assert fit.sums.rss == pytest.approx(rss, rel=1e-12)


def test_a_steep_chunk_before_a_wide_one_leaves_the_line_as_it_is():
    x = np.concatenate([np.arange(CHUNK) * 1e-15, 1e3 * np.arange(CHUNK)])
    y = np.random.default_rng(0).normal(size=len(x))
    there, back = least_squares(x, y), least_squares(x[::-1], y[::-1])
    assert there.slope == pytest.approx(np.polyfit(x / 1e6, y, 1)[0] / 1e6, rel=1e-9)
    assert there.slope == pytest.approx(back.slope, rel=1e-12)


# Scales that float64 can hardly hold


def test_a_share_may_be_too_close_together_for_its_squares():
    x = np.linspace(0, 100, 4 * CHUNK)
    y = np.exp(-(x**2) / 2)
    order = np.random.default_rng(0).permutation(len(x))
    assert least_squares(x, y).slope == pytest.approx(least_squares(x[order], y[order]).slope)
    fit = accumulate([([0, 1e-200], [1, 2]), ([1, 2], [3, 4])]).least_squares()
    assert fit.slope == pytest.approx(least_squares([0, 1e-200, 1, 2], [1, 2, 3, 4]).slope)


@pytest.mark.parametrize("out", [1e15, 1e20, 9.969e36])
def test_a_point_so_far_out_that_the_others_are_lost_is_refused(out):
    x = np.arange(200.0)
    y = 3 * x + 199 + 100 * np.random.default_rng(0).normal(size=200)
    x[100] = y[100] = out
    with pytest.raises(ValueError, match="missing value"):
        least_squares(x, y)
    with pytest.raises(ValueError, match="batch 1: y goes from"):
        accumulate([([1, 2], [3, 5]), (x, y)])
    # Mean and variance of x alone are what they are.
    assert moments(x)[0] == pytest.approx(x.mean(), rel=1e-12)
    # A line through all points has no residuals to lose.
    for perfect in (np.arange(200.0), np.array([0, 1, 1e-20]), np.exp(np.arange(40.0))):
        assert least_squares(perfect, perfect).slope == 1


@pytest.mark.parametrize(("wide", "flat"), [(1e100, 1e-64), (1e120, 1e-60), (1e140, 1e-30)])
def test_a_slope_whose_square_is_beyond_float64_is_no_trouble(wide, flat):
    x, y = np.array([1, 2, 3, 4]) * wide, np.array([1, 2, 3.1, 4.3]) * flat
    plain = least_squares([1, 2, 3, 4], [1, 2, 3.1, 4.3])
    for fit in (least_squares(x, y), accumulate(batches_of(x, y, 2)).least_squares()):
        assert fit.r_squared == pytest.approx(plain.r_squared, rel=1e-12)
        assert fit.residual_stderr / flat == pytest.approx(plain.residual_stderr, rel=1e-12)


@pytest.mark.parametrize("far", [1.7e9, 1e15])
def test_leverages_far_from_zero_sum_to_two(far):
    x = far + np.arange(10) * (1e-6 if far < 1e10 else 0.25)
    y = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 11.0])
    fit = least_squares(x, y)
    assert fit.leverage(x).sum() == pytest.approx(2, rel=1e-9)
    assert fit.y_mean == y.mean()
    near = (x - x[0]) / (x[1] - x[0])
    assert leave_one_out(x, y) == pytest.approx(leave_one_out(near, y), rel=1e-6)


def test_whole_numbers_that_float64_would_round_are_named():
    seconds = 1_700_000_000 * 10**9 + np.arange(10) * 10**9
    assert least_squares(seconds, np.arange(10)).slope == pytest.approx(1e-9, rel=1e-14)
    close = 1_700_000_000 * 10**9 + np.arange(10) * 100
    with pytest.raises(ValueError, match=r"x\[1\] is 1700000000000000100.*subtract the first"):
        least_squares(close, np.arange(10))
    with pytest.raises(ValueError, match=r"y\[1\] is 9007199254740993"):
        least_squares(np.arange(6), 2**53 + np.arange(6))


# Saved and read


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(n=st.integers(0, 10**15), numbers=st.lists(finite, min_size=8, max_size=8))
def test_saved_sums_come_back_to_the_last_bit(n, numbers):
    names = [f.name for f in dataclasses.fields(Sums) if f.name != "n"]
    values = dict(zip(names, numbers, strict=True))
    values |= {"sxx": abs(values["sxx"]), "rss": abs(values["rss"])}
    sums = Sums(n=n, **values)
    assert repr(dataclasses.astuple(Sums.from_json(sums.to_json()))) == repr(
        dataclasses.astuple(sums)
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda saved: "{", "these are no saved sums"),
        (lambda saved: "[1, 2]", "saved sums have n, x_mean, "),
        (lambda saved: saved.replace('"rss"', '"sse"'), "saved sums have n, x_mean, "),
        (lambda saved: saved.replace('"n": 3', '"n": 2.5'), "the saved n is 2.5.*whole number"),
        (lambda saved: saved.replace('"n": 3', f'"n": {10**400}'), "should be finite"),
        (lambda saved: saved.replace('"sxx": 2.0', f'"sxx": {10**400}'), "should be finite"),
        (lambda saved: saved.replace('"n": 3', '"n": -3'), "the saved n is -3"),
        (lambda saved: saved.replace('"n": 3', '"n": true'), "the saved n is True"),
        (lambda saved: saved.replace('"sxx": 2.0', '"sxx": -2.0'), "the saved sxx is -2.0"),
        (lambda saved: saved.replace('"sxx": 2.0', '"sxx": "2"'), "the saved sxx is '2'"),
        (lambda saved: saved.replace('"sxx": 2.0', '"sxx": NaN'), "the saved sxx is nan"),
        (lambda saved: saved.replace('"x_mean": 2.0', '"x_mean": Infinity'), "saved x_mean is inf"),
    ],
)
def test_what_are_no_saved_sums_is_said(change, message):
    saved = accumulate([([1, 2, 3], [1, 3, 6])]).to_json()
    with pytest.raises(ValueError, match=message):
        Sums.from_json(change(saved))


def test_what_json_cannot_say_is_not_saved():
    with pytest.raises(ValueError, match=r"sxx is inf, beyond float64"):
        accumulate([([1e200, 2e200], [1, 2])]).to_json()
