"""What eight students settle: against statsmodels, and what docs/uncertainty.md claims."""

import numpy as np
import pytest
import statsmodels.api as sm

from linreg.best import least_squares
from linreg.data import load_study
from linreg.trainer import train

X, Y = (values.double().numpy() for values in (load_study().x, load_study().y))
CEILING = 1000


@pytest.fixture(scope="module")
def best():
    return least_squares(X, Y)


@pytest.fixture(scope="module")
def oracle():
    return sm.OLS(Y, sm.add_constant(X)).fit()


# Against statsmodels


def test_standard_errors_are_those_of_statsmodels(best, oracle):
    assert (best.intercept_stderr, best.slope_stderr) == pytest.approx(tuple(oracle.bse))
    assert best.residual_stderr == pytest.approx(np.sqrt(oracle.mse_resid))


def test_leverages_and_residuals_are_those_of_statsmodels(best, oracle):
    assert best.leverage(X) == pytest.approx(oracle.get_influence().hat_matrix_diag)
    assert Y - best.predict(X) == pytest.approx(oracle.resid)


@pytest.mark.parametrize("hours", [0, 35, 80, 90])
def test_intervals_are_those_of_statsmodels(best, oracle, hours):
    there = oracle.get_prediction([[1, hours]]).summary_frame(alpha=0.05)
    assert best.predict(hours) == pytest.approx(there["mean"].item())
    assert best.confidence_interval(hours) == pytest.approx(
        (there["mean_ci_lower"].item(), there["mean_ci_upper"].item())
    )
    assert best.prediction_interval(hours) == pytest.approx(
        (there["obs_ci_lower"].item(), there["obs_ci_upper"].item())
    )


def test_the_interval_of_the_intercept_is_that_of_the_mean_at_zero(best, oracle):
    assert best.confidence_interval(0) == pytest.approx(tuple(oracle.conf_int()[0]))


def test_the_documented_intervals_at_35_hours(best):
    assert best.confidence_interval(35) == pytest.approx((635.319, 719.800), abs=5e-4)
    assert best.prediction_interval(35) == pytest.approx((560.195, 794.924), abs=5e-4)


# Claims of docs/uncertainty.md


def test_the_trained_slope_is_far_outside_its_interval(best, oracle):
    low, high = oracle.conf_int()[1]
    slope = train(X, Y, lr=1e-4).slope
    assert slope > high + (high - low)


def test_the_bands_are_narrowest_in_the_middle_of_the_data(best):
    grid = np.linspace(0, 90, 91)
    for low, high in (best.confidence_interval(grid), best.prediction_interval(grid)):
        assert grid[np.argmin(high - low)] == X.mean() == 45


def test_all_students_are_inside_the_outer_band_and_some_outside_the_inner():
    fit = least_squares(X, Y)
    low, high = fit.prediction_interval(X)
    assert ((low < Y) & (high > Y)).all()
    low, high = fit.confidence_interval(X)
    assert 0 < ((low > Y) | (high < Y)).sum() < 4


def test_the_outer_band_is_two_to_three_times_as_wide_among_the_students(best):
    inner, outer = best.confidence_interval(X), best.prediction_interval(X)
    ratio = (outer[1] - outer[0]) / (inner[1] - inner[0])
    assert 1.8 < ratio.min() < ratio.max() < 3.1


def test_the_ends_pull_three_times_as_hard_as_the_middle(best):
    leverage = best.leverage(X)
    assert leverage.argmin() in (3, 4) and leverage.argmax() in (0, 7)
    assert 3 < leverage.max() / leverage.min() < 3.5
    assert 1 / 8 < leverage.min() < 1.1 / 8
    assert leverage.sum() == pytest.approx(2)


@pytest.mark.parametrize("student", range(8))
def test_a_hundred_points_more_lift_the_line_by_a_hundred_leverages(best, student):
    y = Y.copy()
    y[student] += 100
    lift = least_squares(X, y).predict(X[student]) - best.predict(X[student])
    assert lift == pytest.approx(100 * best.leverage(X[student]))


def test_no_student_stands_out(best):
    residuals = Y - best.predict(X)
    assert abs(residuals).max() < 2 * best.residual_stderr
    assert (residuals[[0, 1, 6, 7]] < 0).all() and (residuals[2:6] > 0).sum() == 3


def test_eight_students_cannot_tell_a_curve_from_chance():
    curve = sm.OLS(Y, np.column_stack([np.ones(8), X, X**2])).fit()
    assert curve.params[2] < 0
    assert curve.pvalues[2] > 0.05


def test_at_90_hours_the_line_and_much_of_both_intervals_is_above_the_highest_score(best):
    assert best.predict(90) > CEILING
    for low, high in (best.confidence_interval(90), best.prediction_interval(90)):
        assert (high - CEILING) / (high - low) > 0.5


def test_the_line_reaches_the_highest_score_just_before_the_last_student(best):
    assert best.predict(70) < CEILING < best.predict(80)
    assert Y.max() < CEILING


def test_two_students_alone_leave_no_residual():
    fit = least_squares(X[:2], Y[:2])
    assert fit.predict(X[:2]) == pytest.approx(Y[:2])


def test_the_intercept_is_less_sure_than_the_line_among_the_students(best):
    low, high = best.confidence_interval(np.append(0, X))
    assert (high - low).argmax() == 0
