"""What docs/troubleshooting.md says of each symptom: the failure, its cause and its fix."""

import itertools
import math
import warnings

import numpy as np
import pytest
import torch
from torch import nn

from linreg import Line, descent_path, diagnose, least_squares, load_study, stable_lr, train

AGES, SPENT = np.arange(65.0, 101, 5), np.arange(200.0, 551, 50)
HUNDRED = np.linspace(0, 100, 100)
CELSIUS = np.linspace(-500, 500, 101)


@pytest.fixture
def table():
    return load_study("table")


def hessian(x):
    columns = np.stack([x, np.ones_like(x)], axis=1)
    return 2 / len(x) * columns.T @ columns


def run(x, y, *, lr, epochs, momentum=0.0, reset=True, same_shape=True):
    """Train as the page's programs do; return the model and its losses."""
    x, y = torch.as_tensor(x).float().reshape(-1, 1), torch.as_tensor(y).float()
    y = y.reshape(-1, 1) if same_shape else y
    torch.manual_seed(228)
    model = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    losses = []
    for _ in range(epochs):
        loss = ((model(x) - y) ** 2).mean()
        if reset:
            optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model, losses


def standardised(x):
    return (x - x.mean()) / x.std()


# Loss becomes nan or inf


def test_the_loss_passes_inf_and_then_is_nan():
    model, losses = run(AGES, SPENT, lr=1e-3, epochs=1000)
    first_bad = next(i for i, loss in enumerate(losses) if not math.isfinite(loss))
    growing = itertools.pairwise(losses[:first_bad])
    assert all(later > earlier for earlier, later in growing)
    assert losses[first_bad] == math.inf
    assert math.isnan(losses[-1]) and math.isnan(model.weight.item())


def test_a_smaller_lr_stops_the_nan_and_does_not_give_the_line():
    fit = train(AGES, SPENT, lr=1e-4, epochs=1000)
    assert all(map(math.isfinite, fit.losses))
    assert abs(fit.intercept - -450) > 440
    assert diagnose(AGES, lr=1e-4).verdict.startswith("crawls")


def test_no_lr_is_good_for_both_slope_and_intercept_of_these_ages():
    assert diagnose(AGES).verdict.startswith("crawls")


def test_the_limit_by_eigenvalues_is_that_of_the_package():
    assert 2 / np.linalg.eigvalsh(hessian(AGES))[-1] == pytest.approx(stable_lr(AGES), rel=1e-9)


def test_the_eight_points_lie_on_the_line():
    assert pytest.approx(SPENT, abs=1e-9) == 10 * AGES - 450


def test_a_missing_value_makes_the_very_first_loss_nan_and_is_named():
    x = [1.0, 2.0, math.nan, 4.0]
    _, losses = run(x, [1.0, 2, 3, 4], lr=1e-4, epochs=1)
    assert math.isnan(losses[0])
    with pytest.raises(ValueError, match=r"x\[2\] is nan"):
        diagnose(x)


# The intercept never moves


def test_the_slope_makes_up_and_the_line_misses_both_ends():
    y = 0.5 * HUNDRED + 20
    fit = train(HUNDRED, y, lr=1e-5, epochs=100)
    assert fit.predict(0) < y[0] - 15 and fit.predict(100) > y[-1] + 5
    # No other slope does better with this intercept.
    ideal = np.sum(HUNDRED * (y - fit.intercept)) / np.sum(HUNDRED**2)
    assert fit.slope == pytest.approx(ideal, rel=1e-3)


def test_the_loss_is_steep_in_the_slope_and_gentle_in_the_intercept():
    matrix = hessian(HUNDRED)
    assert matrix[0, 0] > 1000 * matrix[1, 1]


def test_ten_times_the_epochs_hardly_help():
    assert diagnose(HUNDRED, lr=1e-5).shrink ** 1000 > 0.99


def test_a_standardised_x_is_equally_steep_in_both_directions():
    for x in (AGES, HUNDRED, CELSIUS):
        assert diagnose((x - x.mean()) / x.std()).condition_number == pytest.approx(1)


# The loss is flat, but the line is wrong


def test_the_loss_of_the_tutorial_is_flat_and_its_line_worse_than_the_mean():
    study = load_study()
    fit = train(study.x, study.y, lr=1e-4)
    assert 1 - fit.losses[-1] / fit.losses[-101] < 0.01
    assert fit.score(study.x, study.y) < 0 < least_squares(study.x, study.y).r_squared


# Shapes


def test_against_a_row_the_line_lies_flat_at_the_mean(table):
    model, _ = run(table.x, table.y, lr=0.03, epochs=1000, same_shape=False)
    mean = table.y.mean().item()
    predictions = model(table.x.reshape(-1, 1)).flatten().tolist()
    assert predictions == pytest.approx([mean] * 8, abs=1e-2)


def test_written_out_nothing_warns_and_mseloss_does(table):
    column = nn.Linear(1, 1)(table.x.reshape(-1, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        by_hand = ((column - table.y) ** 2).mean()
    words = "Using a target size .* that is different to the input size"
    with pytest.warns(UserWarning, match=words):
        by_module = nn.MSELoss()(column, table.y)
    assert by_module.item() == pytest.approx(by_hand.item())


# Gradients not reset


def test_gradients_add_up():
    slope = torch.tensor(3.0, requires_grad=True)
    for times in (1, 2, 3):
        (slope**2).backward()
        assert slope.grad.item() == times * 6


def test_not_resetting_is_a_momentum_of_one(table):
    _, unreset = run(table.x, table.y, lr=0.03, epochs=50, reset=False)
    _, heavy = run(table.x, table.y, lr=0.03, epochs=50, momentum=1.0)
    assert unreset == pytest.approx(heavy, rel=1e-3)


def test_without_a_reset_the_loss_swings_for_ever(table):
    _, losses = run(table.x, table.y, lr=0.03, epochs=1000, reset=False)
    assert min(losses[-100:]) < 100 < 9000 < max(losses[-100:])
    assert max(losses[-100:]) > 0.9 * max(losses)


def test_setting_the_gradient_to_none_resets_it():
    slope = torch.tensor(3.0, requires_grad=True)
    for _ in range(3):
        slope.grad = None
        (slope**2).backward()
        assert slope.grad.item() == 6


# Integer tensors


def test_whole_numbers_are_refused_by_the_model_and_as_a_parameter():
    with pytest.raises(RuntimeError, match="must have the same dtype, but got Long and Float"):
        nn.Linear(1, 1)(torch.tensor([[1], [2]]))
    with pytest.raises(RuntimeError, match="Only Tensors of floating point"):
        torch.tensor(0, requires_grad=True)


def test_diagnose_takes_whole_numbers(table):
    whole = diagnose([1, 2, 3, 4, 5, 6, 7, 8], lr=0.03)
    assert whole == diagnose(torch.arange(1, 9), lr=0.03) == diagnose(table.x, lr=0.03)
    assert whole.verdict.startswith("converges")


# Standardised and not mapped back


def test_in_standard_units_points_on_a_rising_line_have_slope_one_and_intercept_zero():
    line = least_squares(standardised(CELSIUS), standardised(1.8 * CELSIUS + 32))
    assert (line.slope, line.intercept) == pytest.approx((1, 0), abs=1e-12)


def test_mapping_back_gives_the_line_of_the_data():
    study = load_study()
    x, y = study.x.double().numpy(), study.y.double().numpy()
    unit = least_squares(standardised(x), standardised(y))
    slope = unit.slope * y.std() / x.std()
    mapped = Line(slope, y.mean() + y.std() * unit.intercept - slope * x.mean())
    best = least_squares(x, y)
    assert (mapped.slope, mapped.intercept) == pytest.approx((best.slope, best.intercept))


def test_the_raw_degrees_crawl_at_any_lr_and_the_standardised_converge():
    assert diagnose(CELSIUS).verdict.startswith("crawls")
    assert diagnose(standardised(CELSIUS), lr=0.1).verdict.startswith("converges")


# Different numbers each run


def draw(seed, n=100):
    torch.manual_seed(seed)
    x = 10 * torch.randn(n, 1)
    return x, x + 3 * torch.randn(n, 1)


def test_the_lr_of_the_question_is_between_the_limits_of_its_draws():
    limits = [stable_lr(draw(seed)[0]) for seed in range(10)]
    assert min(limits) < 0.01 < max(limits)


def test_half_the_lr_converges_for_each_of_the_ten_draws():
    for seed in range(10):
        x, y = draw(seed)
        best = least_squares(x, y)
        path = descent_path(x, y, lr=0.005, epochs=1000, start=(0, 0))
        assert path.slopes[-1] == pytest.approx(best.slope, abs=1e-3)
        assert path.intercepts[-1] == pytest.approx(best.intercept, abs=1e-3)


def test_a_seed_set_before_the_data_repeats_them():
    assert torch.equal(draw(1)[1], draw(1)[1])
    assert not torch.equal(draw(1)[1], draw(2)[1])


def test_a_run_that_stops_early_depends_on_its_start_and_one_that_arrives_does_not():
    study = load_study()
    z = standardised(study.x)
    early = [train(study.x, study.y, lr=1e-4, seed=seed) for seed in range(3)]
    arrived = [train(z, study.y, lr=0.1, epochs=200, seed=seed) for seed in range(3)]
    assert np.ptp([fit.slope for fit in early]) > 0.01
    assert np.ptp([fit.intercept for fit in early]) > 0.5
    assert np.ptp([fit.slope for fit in arrived]) < 1e-3
    assert np.ptp([fit.intercept for fit in arrived]) < 1e-3
