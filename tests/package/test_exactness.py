"""Correct digits: the measure, and the methods that the page measures with it."""

import math

import numpy as np
import pytest

from linreg.best import least_squares
from linreg.exactness import METHODS, NORRIS, correct_digits, load_norris, worst_digits

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


# The table of docs/exactness


def slope_digits(name, shift):
    x, y = load_norris()
    certified = NORRIS[0], NORRIS[1] - shift * NORRIS[0]
    return worst_digits(METHODS[name], x + shift, y, certified, orders=20)[0]


def test_whole_digits_of_the_table_are_no_close_calls():
    for name in METHODS:
        for shift in (0, 1e5, 1e9):
            digits = slope_digits(name, shift)
            assert digits < 0.05 or 0.05 < digits % 1 < 0.95, (name, shift, digits)
