"""Claims of docs/remedies.md: what repairs the tutorial's training, and what does not."""

import numpy as np
import pytest
import torch

from linreg.best import least_squares
from linreg.convergence import diagnose, stable_lr
from linreg.data import load_study
from linreg.line import Line
from linreg.trainer import train

STUDY, TABLE = load_study("tens"), load_study("table")
BEST = (7.369047619, 419.642857143, 677.559523810)


def numbers(line):
    return line.slope, line.intercept, line.predict(35)


@pytest.fixture(scope="module")
def runs():
    x, y = STUDY.x, STUDY.y
    return {
        "none": train(x, y, lr=1e-4),
        "units": train(TABLE.x, TABLE.y, lr=0.03),
        "standardise": train(x, y, standardize=True, lr=0.1, epochs=100),
        "momentum": train(x, y, lr=7e-4, momentum=0.97),
        "small adam": train(x, y, lr=0.1, optimizer="adam"),
        "adam": train(x, y, lr=5, optimizer="adam"),
        "lbfgs": train(x, y, optimizer="lbfgs", epochs=10),
    }


@pytest.mark.parametrize(
    ("name", "slope", "intercept", "prediction"),
    [
        ("none", 14.4679, 17.4095, 523.784),
        ("standardise", 7.36905, 419.6429, 677.560),
        ("momentum", 7.36908, 419.6416, 677.559),
        ("small adam", 14.0412, 42.8038, 534.247),
        ("adam", 7.36905, 419.6425, 677.559),
        ("lbfgs", 7.36905, 419.6429, 677.560),
    ],
)
def test_each_remedy_has_its_documented_figures(runs, name, slope, intercept, prediction):
    documented = pytest.approx((slope, intercept, prediction), rel=1e-5)
    assert numbers(runs[name]) == documented


def test_units_repair_it_and_the_slope_needs_no_turning_back(runs):
    fit = runs["units"]
    assert numbers(Line(fit.slope, 10 * fit.intercept)) == pytest.approx(BEST, rel=1e-5)


@pytest.mark.parametrize("name", ["standardise", "momentum", "adam", "lbfgs"])
def test_the_other_remedies_end_at_the_best_line(runs, name):
    assert numbers(runs[name]) == pytest.approx(BEST, rel=1e-5)
    assert runs[name].score(STUDY.x, STUDY.y) == pytest.approx(0.949954, abs=1e-6)


def test_least_squares_goes_there_in_one_step():
    x = STUDY.x.double()
    columns = torch.stack([x, torch.ones_like(x)], dim=1)
    solution = torch.linalg.lstsq(columns, STUDY.y.double()).solution
    assert numbers(Line(*solution.tolist())) == pytest.approx(BEST, rel=1e-9)
    assert numbers(least_squares(STUDY.x, STUDY.y)) == pytest.approx(BEST, rel=1e-9)


def test_standard_units_make_both_directions_equally_steep_and_the_mean_alone_does_not():
    x = np.array(STUDY.x.tolist())
    assert diagnose((x - x.mean()) / x.std()).eigenvalues == pytest.approx((2, 2))
    assert 1 < diagnose(x - x.mean()).condition_number < diagnose(x).condition_number / 20


def test_standardised_but_with_the_old_lr_it_stops_far_away_as_well():
    fit = train(STUDY.x, STUDY.y, lr=1e-4, standardize=True)
    assert (fit.slope, fit.intercept) == pytest.approx((1.281, 728.42), rel=1e-4)


def test_the_momentum_of_the_page_is_near_the_best_and_its_lr_is_stable():
    ours = diagnose(STUDY.x)
    assert ours.best_momentum == pytest.approx(0.97, abs=0.006)
    assert diagnose(STUDY.x, momentum=ours.best_momentum).best_lr == pytest.approx(7e-4, rel=0.11)
    # Without momentum that lr would diverge.
    assert stable_lr(STUDY.x) < 7e-4 < stable_lr(STUDY.x, momentum=0.97)


def test_the_right_momentum_needs_epochs_like_the_root_of_the_condition_number():
    with_it = diagnose(STUDY.x, momentum=diagnose(STUDY.x).best_momentum)
    root = with_it.condition_number**0.5
    assert 1 / with_it.progress == pytest.approx(root / 2, rel=0.02)
    assert 1 / diagnose(STUDY.x).progress == pytest.approx(root**2 / 2, rel=0.02)


def test_with_momentum_the_loss_swings_wildly_at_first(runs):
    losses = np.array(runs["momentum"].losses)
    assert losses[:10].max() > 5 * losses[0]
    assert (np.diff(losses[:60]) > 0).sum() > 20


def test_adam_at_a_tenth_is_no_better(runs):
    fit = runs["small adam"]
    assert fit.score(STUDY.x, STUDY.y) < 0
    assert fit.intercept < 100 < BEST[1]


def test_lbfgs_is_done_after_one_epoch_and_the_others_after_more(runs):
    lowest = least_squares(STUDY.x, STUDY.y).mean_squared_error(STUDY.x, STUDY.y)

    def arrival(name, scale=1):
        """Return after how many epochs the loss stays within a hundredth of the lowest."""
        above = np.array(runs[name].losses) * scale > 1.01 * lowest
        return int(np.flatnonzero(above)[-1]) + 1

    assert arrival("lbfgs") == 1
    assert 10 < arrival("standardise") < 30
    for name, scale in (("units", 100), ("momentum", 1), ("adam", 1)):
        assert 200 < arrival(name, scale) < 500
    assert arrival("none") == arrival("small adam") == 1000
