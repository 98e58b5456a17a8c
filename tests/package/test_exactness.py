"""Correct digits: the measure, the methods, and what the page claims of them."""

import math

import numpy as np
import pytest

from linreg.best import least_squares
from linreg.exactness import METHODS, NORRIS, correct_digits, load_norris, worst_digits

SQUARING = ["normal equations", "raw sums"]
CENTRED = ["linreg", "statistics"]
DIRECT = ["numpy.polyfit", "numpy lstsq", "torch lstsq"]


def slope_digits(name, shift):
    x, y = load_norris()
    certified = NORRIS[0], NORRIS[1] - shift * NORRIS[0]
    return worst_digits(METHODS[name], x + shift, y, certified, orders=20)[0]


# The measure


@pytest.mark.parametrize(
    ("computed", "certified", "digits"),
    [
        (1.001, 1, 3),
        (-1.00001, -1, 5),
        (1e-300, 1e-300, 15),
        (1 + 1e-15, 1, 15),
        (5, 1, 0),
        (-1, 1, 0),
        (math.nan, 1, 0),
        (math.inf, 1, 0),
    ],
)
def test_correct_digits_are_the_log_relative_error_from_0_to_15(computed, certified, digits):
    assert correct_digits(computed, certified) == pytest.approx(digits, abs=0.05)


def test_no_error_is_relative_to_zero():
    with pytest.raises(ValueError, match="certified value is 0"):
        correct_digits(1, 0)


def test_worst_digits_are_those_of_the_worst_order_and_always_the_same():
    x, y = np.array([1.0, 2, 3]), np.array([1.0, 3, 5])

    def first(x, y):
        return 2 + (x[0] == 3) / 1000, -1 + (y[0] == 1) / 100

    assert worst_digits(first, x, y, (2, -1)) == pytest.approx((math.log10(2000), 2))
    assert worst_digits(METHODS["raw sums"], x, y, (2, -1)) == (15, 15)


def test_the_shipped_norris_has_its_certified_line():
    x, y = load_norris()
    assert len(x) == len(y) == 36
    assert (least_squares(x, y).slope, least_squares(x, y).intercept) == pytest.approx(NORRIS)


@pytest.mark.parametrize("name", METHODS)
def test_each_method_finds_slope_and_intercept(name):
    x, y = np.array([1.0, 2, 4, 8]), np.array([3.0, 1, 0, -7])
    assert METHODS[name](x, y) == pytest.approx(tuple(np.polyfit(x, y, 1)), rel=1e-5)


def test_raw_sums_of_equal_x_have_no_slope():
    assert all(math.isnan(v) for v in METHODS["raw sums"](np.ones(3), np.arange(3.0)))


# Claims of docs/exactness.md


def test_near_zero_every_float64_method_has_all_certified_digits():
    for name in METHODS:
        if name != "torch float32":
            assert slope_digits(name, 0) > 14.1


def test_whole_digits_of_the_table_are_no_close_calls():
    for name in METHODS:
        for shift in (0, 1e5, 1e9):
            digits = slope_digits(name, shift)
            assert digits < 0.05 or 0.05 < digits % 1 < 0.95, (name, shift, digits)


def test_squaring_loses_two_digits_a_decade_and_the_others_about_one():
    for name in SQUARING:
        assert (slope_digits(name, 1e4) - slope_digits(name, 1e8)) / 4 == pytest.approx(2, abs=0.2)
    for name in DIRECT:
        lost = (slope_digits(name, 1e4) - slope_digits(name, 1e8)) / 4
        # How the last digits come out depends on the processor.
        assert lost == pytest.approx(1, abs=0.35)


@pytest.mark.parametrize("shift", [0, 1e5, 1e7, 1e8, 1e9])
def test_measuring_from_the_middle_loses_no_more_than_exact_fractions(shift):
    for name in CENTRED:
        assert slope_digits(name, shift) > slope_digits("exact fractions", shift) - 0.1


def test_far_away_lstsq_has_no_digit_left_and_no_warning():
    # pytest turns a warning into an error.
    assert max(slope_digits(f"{name} lstsq", 1e9) for name in ("numpy", "torch")) < 0.01


def test_float32_has_six_digits_near_zero_and_none_at_a_hundred_thousand():
    assert 6 < slope_digits("torch float32", 0) < 7.3
    assert slope_digits("torch float32", 1e5) < 1


def test_far_away_raw_sums_are_wrong_in_the_first_digit_for_the_eight_students():
    x = np.arange(10.0, 81, 10)
    y = np.array([480.0, 520, 710, 680, 830, 890, 920, 980])
    slope = least_squares(x + 1e9, y).slope
    assert slope == pytest.approx(least_squares(x, y).slope, rel=1e-14)
    assert METHODS["raw sums"](x, y)[0] == pytest.approx(slope, rel=1e-12)
    assert f"{METHODS['raw sums'](x + 1e9, y)[0]:.0e}" != f"{slope:.0e}"


def test_the_students_do_not_settle_even_the_first_digit():
    fit = least_squares(range(10, 81, 10), [480, 520, 710, 680, 830, 890, 920, 980])
    low, high = (fit.slope + side * 2.447 * fit.slope_stderr for side in (-1, 1))
    assert int(low) != int(fit.slope) != int(high)
