"""What docs/exercises.md says of its solutions."""

import numpy as np
import pytest
import sympy

from linreg import HAND_DRAWN, Line, descent_path, diagnose, least_squares, load_study, train


@pytest.fixture
def study():
    return load_study()


@pytest.fixture
def best(study):
    return least_squares(study.x, study.y)


def test_a_larger_lr_does_better_up_to_a_limit_and_explodes_beyond_it(study, best):
    rates = [1e-5, 1e-4, 3e-4, 3.9e-4]
    losses = [train(study.x, study.y, lr=lr).losses[-1] for lr in rates]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] > 10 * best.mean_squared_error(study.x, study.y)
    assert rates[-1] < diagnose(study.x).max_lr < 4e-4
    with pytest.raises(ValueError, match="diverged"):
        train(study.x, study.y, lr=4e-4)


def test_the_hours_for_a_score_lead_back_to_it(best):
    hours = (900 - best.intercept) / best.slope
    assert best.predict(hours) == pytest.approx(900)


def test_the_student_of_60_hours_reached_nearly_as_much_with_fewer(study, best):
    score = study.y[study.x == 60].item()
    assert (900 - best.intercept) / best.slope > 60
    assert 880 <= score < 900


def test_the_residuals_of_the_best_line_sum_to_zero(study, best):
    residuals = study.y.numpy() - best.predict(study.x)
    assert residuals.sum() == pytest.approx(0, abs=1e-9)
    assert study.x[np.abs(residuals).argmax()] == 30
    assert residuals.max() == np.abs(residuals).max()


def test_shifting_a_line_by_the_mean_of_its_residuals_makes_it_better(study):
    line = Line(slope=9.0, intercept=100.0)
    shift = float(np.mean(study.y.numpy() - line.predict(study.x)))
    shifted = Line(line.slope, line.intercept + shift)
    before, after = (one.mean_squared_error(study.x, study.y) for one in (line, shifted))
    assert after == pytest.approx(before - shift**2)


def test_the_best_single_guess_is_the_mean_rounded(study):
    def error(guess):
        return Line(0.0, float(guess)).mean_squared_error(study.x, study.y)

    best = min(range(480, 981), key=error)
    assert best == round(study.y.mean().item())
    assert error(best) == pytest.approx(study.y.var(correction=0).item(), rel=1e-4)


def test_one_epoch_finds_the_slope_and_hardly_moves_the_intercept(study, best):
    path = descent_path(study.x, study.y, lr=1e-4, epochs=1, start=(0, 0))
    assert path.slopes[1] == pytest.approx(best.slope, rel=0.03)
    assert 0 < path.intercepts[1] < 1
    assert best.intercept - path.intercepts[1] > 100


def test_the_derivative_by_b_is_that_of_the_page():
    m, b, x, y = sympy.symbols("m b x y")
    assert sympy.expand(((m * x + b - y) ** 2).diff(b) - 2 * (m * x + b - y)) == 0


def test_at_zero_the_loss_falls_when_the_intercept_grows(study):
    flat, raised = (Line(0.0, b).mean_squared_error(study.x, study.y) for b in (0.0, 1.0))
    assert raised < flat


def test_the_hand_drawn_line_has_the_best_intercept_for_its_slope(study):
    x, y = study.x.double().mean().item(), study.y.double().mean().item()
    assert y - HAND_DRAWN.slope * x == pytest.approx(HAND_DRAWN.intercept, abs=1e-9)
    assert HAND_DRAWN.predict(x) == pytest.approx(y)
    for off in (-1, 1):
        other = Line(HAND_DRAWN.slope, HAND_DRAWN.intercept + off)
        assert other.mean_squared_error(study.x, study.y) > HAND_DRAWN.mean_squared_error(
            study.x, study.y
        )


def gradient(line, x, y):
    errors = line.predict(x) - np.asarray(y)
    return np.array([2 * np.mean(errors * np.asarray(x)), 2 * np.mean(errors)])


def test_where_the_gradient_is_small_in_the_table_the_line_is_the_best():
    table = load_study("table")
    best = least_squares(table.x, table.y)
    path = descent_path(table.x, table.y, lr=0.03, epochs=2000, start=(0, 0))
    lines = [Line(s, i) for s, i in zip(path.slopes, path.intercepts, strict=True)]
    stop = next(line for line in lines if abs(gradient(line, table.x, table.y)).max() < 0.001)
    assert stop.slope == pytest.approx(best.slope, abs=1e-3)
    assert stop.intercept == pytest.approx(best.intercept, abs=5e-3)


def test_in_tens_the_gradient_falls_a_hundredfold_with_the_line_still_far_off(study, best):
    start = Line(-0.0089, 0.2455)
    fit = train(study.x, study.y, lr=1e-4)
    sizes = [np.linalg.norm(gradient(line, study.x, study.y)) for line in (start, fit)]
    assert sizes[1] < sizes[0] / 100
    assert best.intercept - fit.intercept > 400


def test_a_student_at_an_end_matters_more_than_the_one_farthest_off(study, best):
    x, y = study.x, study.y
    change = {h.item(): least_squares(x[x != h], y[x != h]).slope - best.slope for h in x}
    most = max(change, key=lambda hour: abs(change[hour]))
    assert most == 80
    assert abs(change[30]) < abs(change[80])
    leverage = best.leverage(x)
    assert leverage.argmax() in (0, 7)


def test_the_product_of_the_two_slopes_is_r_squared(study, best):
    back = least_squares(study.y, study.x)
    assert best.slope * back.slope == pytest.approx(best.r_squared, rel=1e-12)
    assert back.slope < 1 / best.slope
    exact = least_squares([1, 2, 3], [1, 3, 5]), least_squares([1, 3, 5], [1, 2, 3])
    assert exact[0].slope * exact[1].slope == pytest.approx(1)
