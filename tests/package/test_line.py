"""A line predicts, is scored, and is written down, whoever found it."""

import dataclasses
import math
import re
import statistics
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from linreg.best import least_squares
from linreg.data import load_study
from linreg.line import HAND_DRAWN, Line

number = st.floats(-1e6, 1e6)
lines = st.builds(Line, slope=number, intercept=number)
columns = st.lists(number, min_size=1, max_size=8)


def least_squares_of(slope, intercept):
    return least_squares([0, 1], [intercept, slope + intercept])


@pytest.fixture(scope="module")
def tens():
    study = load_study("tens")
    return study.x, study.y


# Predictions


@given(lines, columns)
def test_predictions_are_what_numpys_polynomial_says(line, x):
    expected = np.polyval([line.slope, line.intercept], x)
    assert line.predict(x) == pytest.approx(expected, rel=1e-12)
    assert [line.predict(value) for value in x] == list(line.predict(x))


@pytest.mark.parametrize(
    "x",
    [
        *(3, 3.0, np.float32(3), np.int8(3), np.array(3), torch.tensor(3), torch.tensor(3.0)),
        *(torch.tensor(3.0, requires_grad=True), torch.tensor(3.0, dtype=torch.bfloat16)),
    ],
    ids=lambda x: type(x).__name__,
)
def test_a_number_gives_a_number(x):
    prediction = Line(2.0, 1.0).predict(x)
    assert type(prediction) is float
    assert prediction == 7


@pytest.mark.parametrize(
    "x",
    [
        *([1, 2, 3], (1, 2, 3), range(1, 4), np.array([1, 2, 3]), np.array([[1], [2], [3]])),
        *(pd.Series([1, 2, 3]), pd.DataFrame({"x": [1, 2, 3]}), torch.tensor([1, 2, 3])),
        torch.tensor([[1.0], [2], [3]], requires_grad=True),
    ],
    ids=lambda x: type(x).__name__,
)
def test_anything_array_like_gives_an_array_of_the_same_length(x):
    predictions = Line(2.0, 1.0).predict(x)
    assert type(predictions) is np.ndarray
    assert (predictions.dtype, predictions.shape) == (np.float64, (3,))
    assert predictions.tolist() == [3, 5, 7]


@pytest.mark.parametrize("x", [[], np.array([])])
def test_no_x_gives_no_predictions(x):
    assert Line(2.0, 1.0).predict(x).shape == (0,)


def test_a_column_of_one_gives_an_array_of_one():
    assert Line(2.0, 1.0).predict([3]).tolist() == [7]


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (math.nan, ValueError, "x[0] is nan; drop or fill"),
        ([1, -math.inf], ValueError, "x[1] is -inf; drop or fill"),
        ("35", TypeError, "x is the single value '35'; give a list"),
        ([35, "35"], TypeError, "x holds '35' at x[1], which is text; convert it"),
        (None, TypeError, "x is the single value None; give a list"),
        (1j, TypeError, "x holds 1j at x[0], which is not a real number; give a list"),
        ([[1, 2]], ValueError, "x has shape (1, 2), and one column is wanted: give shape"),
        (
            [[1], [2, 3]],
            ValueError,
            "x is ragged: [[1], [2, 3]] has rows of different lengths; give",
        ),
        (np.ma.masked_array([1, 2], [True, False]), ValueError, "x has masked values; drop"),
    ],
)
def test_what_is_no_number_predicts_nothing(x, error, message):
    with pytest.raises(error, match=re.escape(message)):
        Line(2.0, 1.0).predict(x)


@pytest.mark.parametrize("find", [Line, least_squares_of], ids=["any", "best"])
@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (None, TypeError, "x is the single value None"),
        ([[1], [2, 3]], ValueError, "x is ragged"),
        ([torch.tensor(1.0, requires_grad=True), 2], TypeError, "x cannot be read"),
        ([1, 1e308], ValueError, r"x=1e\+308 is too far out: float64"),
        (-1e308, ValueError, r"x=-1e\+308 is too far out: float64"),
    ],
)
def test_every_line_has_the_same_contract(find, x, error, message):
    with pytest.raises(error, match=message):
        find(1e10, 1.0).predict(x)


def test_squares_beyond_float64_are_reported():
    with pytest.raises(ValueError, match="residuals pass float64"):
        Line(1e160, 0).mean_squared_error([1, 2], [1, 2])


@pytest.mark.parametrize(
    "number",
    [
        *(2, 2.0, np.float32(2), np.int8(2), np.array(2), np.array([2.0]), Fraction(2)),
        *(torch.tensor(2.0), torch.nn.Parameter(torch.tensor([[2.0]]))),
    ],
    ids=lambda number: type(number).__name__,
)
def test_a_line_is_made_of_plain_floats_whatever_it_was_given(number):
    line = Line(number, intercept=number)
    assert (type(line.slope), type(line.intercept)) == (float, float)
    assert line == Line(2.0, 2.0)


@pytest.mark.parametrize(
    ("bad", "error", "message"),
    [
        ("1", TypeError, "slope='1' is no real number"),
        (None, TypeError, "slope=None is no real number"),
        (1j, TypeError, "slope=1j is no real number"),
        (math.nan, ValueError, "slope=nan is no finite number"),
        (torch.tensor(math.inf), ValueError, "slope=tensor.*is no finite number"),
        (torch.tensor([1.0, 2.0]), ValueError, "slope has 2 values; give one number"),
        ([], ValueError, "slope has 0 values; give one number"),
    ],
)
def test_a_line_is_made_of_real_numbers_only(bad, error, message):
    with pytest.raises(error, match=message):
        Line(bad, 1.0)
    with pytest.raises(error, match=message.replace("slope", "intercept")):
        Line(slope=1.0, intercept=bad)


def test_the_hand_drawn_line_is_the_documented_one(tens):
    assert (HAND_DRAWN.slope, HAND_DRAWN.intercept) == (9.18, 338.15)
    assert f"{HAND_DRAWN.predict(45):.0f}" == "751"
    assert HAND_DRAWN.mean_squared_error(*tens) == pytest.approx(3223.70, abs=0.005)
    assert HAND_DRAWN.score(*tens) == pytest.approx(0.893, abs=5e-4)


@given(st.floats(-100, 100))
def test_every_line_through_the_middle_of_the_data_predicts_its_mean(slope):
    line = Line(slope, 751.25 - slope * 45)
    assert line.predict(45) == pytest.approx(751.25)


# Errors and scores


@given(lines, st.lists(st.tuples(number, number), min_size=1, max_size=8))
def test_the_mean_squared_error_is_the_mean_of_the_squared_residuals(line, pairs):
    squares = [(y - (line.slope * x + line.intercept)) ** 2 for x, y in pairs]
    x, y = zip(*pairs, strict=True)
    assert line.mean_squared_error(x, y) == pytest.approx(statistics.fmean(squares), rel=1e-9)


def test_the_mean_squared_error_is_pytorchs_loss(tens):
    line = Line(14.467856, 17.409512)
    loss = torch.nn.functional.mse_loss(line.slope * tens[0] + line.intercept, tens[1])
    assert line.mean_squared_error(*tens) == pytest.approx(loss.item(), rel=1e-6)


def test_r_squared_is_one_for_a_perfect_line_and_zero_for_the_mean():
    x, y = [1, 2, 3, 4], [3, 5, 7, 9]
    assert Line(2, 1).score(x, y) == 1
    assert Line(0, statistics.fmean(y)).score(x, y) == 0
    assert Line(-2, 11).score(x, y) < 0


def test_the_trained_line_is_worse_than_guessing_the_mean(tens):
    trained = Line(14.467856, 17.409512)
    assert trained.mean_squared_error(*tens) == pytest.approx(34812, abs=1)
    assert trained.score(*tens) == pytest.approx(-0.160, abs=5e-4)


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=3, max_size=9))
def test_of_the_best_line_r_squared_is_the_squared_correlation(pairs):
    x, y = zip(*pairs, strict=True)
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    line = Line(*statistics.linear_regression(x, y))
    assert line.score(x, y) == pytest.approx(statistics.correlation(x, y) ** 2, abs=1e-9)


def test_r_squared_needs_scores_that_differ():
    message = "all y equal 5.0: R² divides by their variance, which is zero; add a point"
    for x, y in (([1, 2, 3], [5, 5, 5]), ([1], [5])):
        with pytest.raises(ValueError, match=re.escape(message)):
            Line(0, 5).score(x, y)


def test_new_data_need_not_determine_a_line_to_be_scored():
    line = Line(2.0, 1.0)
    assert line.mean_squared_error([3], [9]) == 4
    assert line.mean_squared_error([3, 3], [6, 8]) == 1
    assert line.score([3, 3], [6, 8]) == 0


@pytest.mark.parametrize("measure", [Line.mean_squared_error, Line.score])
@pytest.mark.parametrize(
    ("x", "y", "error", "message"),
    [
        ([1, 2], [1], ValueError, "x has 2 values and y has 1; give one y for each x"),
        ([], [], ValueError, "x and y are empty; give at least one point"),
        ([1, math.nan], [1, 2], ValueError, "x[1] is nan; drop or fill"),
        ([1, 2], [math.inf, 2], ValueError, "y[0] is inf; drop or fill"),
        ([1, 2], ["1", "2"], TypeError, "y holds '1' at y[0], which is text; convert it"),
    ],
)
def test_data_that_cannot_be_scored_are_reported(measure, x, y, error, message):
    with pytest.raises(error, match=re.escape(message)):
        measure(Line(2.0, 1.0), x, y)


# The formula


@given(lines)
def test_the_formula_holds_slope_and_intercept_to_two_decimals(line):
    y, slope, x, sign, intercept = re.fullmatch(
        r"(.*) = (-?\d+\.\d\d) × (.*) ([+-]) (\d+\.\d\d)", line.formula()
    ).groups()
    assert (x, y) == ("Study Hours", "Exam Score")
    assert float(slope) == round(line.slope, 2)
    assert float(sign + intercept) == round(line.intercept, 2)


@given(lines)
def test_the_latex_formula_says_the_same_as_the_one_in_words(line):
    in_words = line.formula(x="X", y="Y").replace("×", "*")
    in_latex = line.formula_latex(x="X", y="Y").replace(r"\times", "*")
    assert in_latex == in_words


@pytest.mark.parametrize(
    ("line", "formula"),
    [
        (Line(14.467856, 17.409512), "Exam Score = 14.47 × Study Hours + 17.41"),
        (Line(-2, -0.5), "Exam Score = -2.00 × Study Hours - 0.50"),
        (Line(0, 0), "Exam Score = 0.00 × Study Hours + 0.00"),
    ],
)
def test_the_formula_reads_as_the_tutorial_writes_it(line, formula):
    assert line.formula() == formula
    latex = formula.replace("×", r"\times")
    for name in ("Study Hours", "Exam Score"):
        latex = latex.replace(name, rf"\text{{{name}}}")
    assert line.formula_latex() == latex


def test_the_formula_takes_other_names():
    assert Line(2, 1).formula(x="x", y="y") == "y = 2.00 × x + 1.00"
    assert Line(2, 1).formula_latex(x=r"\hat x", y="y_i") == r"y_i = 2.00 \times \hat x + 1.00"


# Plain data


def test_a_line_is_frozen_and_compares_by_its_numbers():
    line = Line(slope=2.0, intercept=1.0)
    assert line == Line(2.0, 1.0) != Line(2.0, 1.5)
    assert hash(line) == hash(Line(2.0, 1.0))
    assert repr(line) == "Line(slope=2.0, intercept=1.0)"
    with pytest.raises(dataclasses.FrozenInstanceError, match="slope"):
        line.slope = 3.0


@pytest.mark.parametrize("y", [[0, 1e-200], [0, 1e200]])
def test_a_variance_that_float64_cannot_hold_is_reported(y):
    with pytest.raises(ValueError, match="other units for y"):
        Line(0, 0).score([1, 2], y)
