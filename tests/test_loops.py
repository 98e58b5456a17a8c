"""What docs/loops.md says: four programs of one fit, and what batches do to it."""

import math

import numpy as np
import pytest
import sympy
import torch
from torch.utils.data import DataLoader, TensorDataset

from linreg import descent_path, least_squares, load_study

LR, EPOCHS = 0.03, 1000


@pytest.fixture(scope="module")
def table():
    return load_study("table")


@pytest.fixture(scope="module")
def best(table):
    return least_squares(table.x, table.y)


def by_hand(x, y, slope, intercept):
    """Descend with the gradients that the page derives."""
    for _ in range(EPOCHS):
        errors = slope * x + intercept - y
        gradients = 2 * (errors * x).mean(), 2 * errors.mean()
        slope, intercept = slope - LR * gradients[0], intercept - LR * gradients[1]
    return float(slope), float(intercept)


def by_autograd(x, y):
    slope = torch.tensor(0.0, requires_grad=True)
    intercept = torch.tensor(0.0, requires_grad=True)
    for _ in range(EPOCHS):
        gradients = torch.autograd.grad(
            ((slope * x + intercept - y) ** 2).mean(), [slope, intercept]
        )
        with torch.no_grad():
            slope -= LR * gradients[0]
            intercept -= LR * gradients[1]
    return slope.item(), intercept.item()


def by_optimizer(x, y):
    model = torch.nn.Linear(1, 1)
    torch.nn.init.zeros_(model.weight)
    torch.nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    for _ in range(EPOCHS):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x.reshape(-1, 1)), y.reshape(-1, 1)).backward()
        optimizer.step()
    return model.weight.item(), model.bias.item()


def test_the_gradients_of_the_page_are_the_derivatives_of_the_loss():
    m, b, *points = sympy.symbols("m b x1 x2 x3 y1 y2 y3")
    pairs = list(zip(points[:3], points[3:], strict=True))
    loss = sum((m * x + b - y) ** 2 for x, y in pairs) / 3
    by_slope = sympy.Rational(2, 3) * sum((m * x + b - y) * x for x, y in pairs)
    by_intercept = sympy.Rational(2, 3) * sum(m * x + b - y for x, y in pairs)
    assert sympy.expand(loss.diff(m) - by_slope) == 0
    assert sympy.expand(loss.diff(b) - by_intercept) == 0


def test_the_four_programs_agree_to_the_digits_of_float32(table):
    x, y = table.x, table.y
    exact = by_hand(x.double().numpy(), y.double().numpy(), 0.0, 0.0)
    path = descent_path(x, y, lr=LR, epochs=EPOCHS, start=(0, 0))
    assert exact == pytest.approx((path.slopes[-1], path.intercepts[-1]), rel=1e-12)
    zero = torch.tensor(0.0)
    for line in (by_hand(x, y, zero, zero), by_autograd(x, y), by_optimizer(x, y)):
        assert line == pytest.approx(exact, rel=1e-6)
        assert line != exact


def test_in_these_units_the_training_arrives(table, best):
    path = descent_path(table.x, table.y, lr=LR, epochs=EPOCHS, start=(0, 0))
    assert path.slopes[-1] == pytest.approx(best.slope, abs=1e-3)
    assert path.intercepts[-1] == pytest.approx(best.intercept, abs=1e-3)


def test_moving_one_number_before_the_other_gradient_is_known_is_another_step(table):
    x, y = table.x.double().numpy(), table.y.double().numpy()
    slope = intercept = 0.0
    slope -= LR * 2 * ((slope * x + intercept - y) * x).mean()
    intercept -= LR * 2 * (slope * x + intercept - y).mean()
    path = descent_path(x, y, lr=LR, epochs=1, start=(0, 0))
    assert slope == pytest.approx(path.slopes[1])
    assert abs(intercept - path.intercepts[1]) > 1


def test_float64_holds_about_twice_the_digits_of_float32():
    digits = [-math.log10(np.finfo(kind).eps) for kind in (np.float64, np.float32)]
    assert digits[0] / digits[1] == pytest.approx(2, rel=0.2)


# In batches


@pytest.fixture(scope="module")
def slopes_and_line(table):
    x, y = table.x, table.y
    loader = DataLoader(
        TensorDataset(x, y),
        batch_size=2,
        shuffle=True,
        generator=torch.Generator().manual_seed(228),
    )
    line, slopes = torch.zeros(2, dtype=torch.float64), []
    for epoch in range(600):
        lr = 0.01 if epoch < 500 else 0.001
        for hours, scores in loader:
            errors = line[0] * hours + line[1] - scores
            line = line - lr * 2 * torch.stack([(errors * hours).mean(), errors.mean()])
        slopes.append(line[0].item())
    return np.array(slopes), line.tolist()


def test_there_are_four_steps_to_an_epoch(table):
    assert len(DataLoader(TensorDataset(table.x, table.y), batch_size=2)) == 4


def test_with_the_larger_lr_the_slope_never_comes_to_rest(slopes_and_line, best):
    slopes, _ = slopes_and_line
    assert slopes[450:500].min() < best.slope - 0.3
    assert slopes[450:500].max() > best.slope + 0.3


def test_a_tenth_of_the_lr_leaves_far_less_of_the_noise_and_not_none(slopes_and_line):
    slopes, _ = slopes_and_line
    assert 0 < np.ptp(slopes[550:]) < np.ptp(slopes[450:500]) / 10


def test_the_line_at_the_end_is_close_to_the_best_and_not_equal(slopes_and_line, best):
    _, (slope, intercept) = slopes_and_line
    assert 0.01 < abs(slope - best.slope) < 0.05
    assert 0.01 < abs(intercept - best.intercept) < 0.2


def test_a_batch_pulls_even_the_best_line_towards_its_own_two_students(table, best):
    pair = slice(2, 4)
    x, y = table.x[pair].double(), table.y[pair].double()
    own = least_squares(x, y)
    assert own.mean_squared_error(x, y) == pytest.approx(0, abs=1e-18)
    path = descent_path(x, y, lr=0.01, epochs=1, start=(best.slope, best.intercept))
    assert path.losses[1] < path.losses[0]
    assert best.mean_squared_error(table.x, table.y) < np.mean(
        (table.y.numpy() - path.slopes[1] * table.x.numpy() - path.intercepts[1]) ** 2
    )


def test_a_step_over_all_points_has_no_noise(table, best):
    path = descent_path(table.x, table.y, lr=0.01, epochs=1, start=(best.slope, best.intercept))
    assert path.slopes[1] == pytest.approx(best.slope, abs=1e-12)


def test_a_smaller_lr_slows_down_the_way_to_the_line(table, best):
    def left(lr):
        path = descent_path(table.x, table.y, lr=lr, epochs=500, start=(0, 0))
        return abs(path.intercepts[-1] - best.intercept)

    assert left(0.001) > 5 * left(0.01)
