"""NIST's sets for least squares: are they NIST's, and solved as well as they can be?"""

from fractions import Fraction

import numpy as np
import pytest

from linreg.exactness import correct_digits
from linreg.nist import SOLVERS, Certified, digits_of, load_nist, solve_exactly

SETS = load_nist()


@pytest.mark.parametrize("name", SETS)
def test_exact_fractions_of_what_nist_prints_give_what_nist_certifies(name):
    found = SETS[name]
    solved = solve_exactly(found.columns(Fraction), found.targets(Fraction))
    assert len(solved) == len(found.coefficients)
    assert min(map(correct_digits, map(float, solved), found.coefficients)) > 14


def test_one_wrong_digit_in_the_data_is_seen():
    found = SETS["Filip"]
    (x, y), *rest = found.cells
    planted = Certified(
        name="Filip",
        kind=found.kind,
        cells=((x, y[:-1] + "5"), *rest),
        coefficients=found.coefficients,
    )
    solved = solve_exactly(planted.columns(Fraction), planted.targets(Fraction))
    assert min(map(correct_digits, map(float, solved), found.coefficients)) < 6


def test_longley_is_the_one_that_statsmodels_ships():
    import statsmodels.api as sm

    theirs = sm.datasets.longley.load_pandas()
    assert np.array(SETS["Longley"].columns()) == pytest.approx(
        sm.add_constant(theirs.exog).to_numpy()
    )
    assert SETS["Longley"].targets() == theirs.endog.tolist()


@pytest.mark.parametrize("name", SOLVERS)
def test_each_solver_finds_a_plane(name):
    rng = np.random.default_rng(0)
    columns, wanted = np.column_stack([np.ones(9), rng.normal(size=(9, 2))]), [3.0, -1.0, 0.5]
    assert list(SOLVERS[name](columns, columns @ wanted)) == pytest.approx(wanted, rel=1e-5)


def test_columns_that_repeat_have_no_exact_solution():
    with pytest.raises(ValueError, match="column 1 can be computed from the others"):
        solve_exactly([[Fraction(1), Fraction(2)], [Fraction(2), Fraction(4)]], [Fraction(1)] * 2)


def test_digits_are_those_of_the_worst_coefficient_in_the_worst_order():
    found = SETS["NoInt2"]
    assert digits_of(found, lambda columns, y: [found.coefficients[0] * 1.001]) == pytest.approx(3)

    def by_order(columns, y):
        return [found.coefficients[0] * (1.001 if columns[0, 0] == 4 else 1.01)]

    assert digits_of(found, by_order) == pytest.approx(3)
    assert digits_of(found, by_order, orders=10) == pytest.approx(2)
