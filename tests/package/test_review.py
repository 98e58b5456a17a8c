"""A finished run is told by its losses: on public reports, the pages' failures and drawn runs."""

import collections
import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.datasets import load_diabetes
from torch import nn

from linreg.best import least_squares
from linreg.convergence import descent_path, diagnose
from linreg.data import load_study
from linreg.review import Review, review
from linreg.trainer import TrainingDiverged, train

KINDS = {
    *("arrived", "crawls", "diverges", "nan", "constant", "swings", "mean", "noisy"),
    "below the floor",
}
TABLE = (np.arange(1.0, 9), np.array([48.0, 52, 71, 68, 83, 89, 92, 98]))
TENS = (10 * TABLE[0], 10 * TABLE[1])


def descend(
    x,
    y,
    *,
    lr,
    epochs,
    momentum=0.0,
    intercept=True,
    reduction="mean",
    factor=1.0,
    batch=None,
    last=False,
    start=None,
    fault=None,
    seed=0,
):
    """Train in float32 as a PyTorch loop does, with one fault at most; return the losses.

    fault: "constant" computes the loss from a model that is not trained, "swings" never resets
    the gradients, "mean" compares predictions of shape (n, 1) with y of shape (n,). A loss is the
    mean over an epoch's batches, or with `last` that of the last one.
    """
    rng = np.random.default_rng(seed)
    rows = np.asarray(x, dtype=np.float32).reshape(len(y), -1)
    if intercept:
        rows = np.column_stack([rows, np.ones(len(rows), dtype=np.float32)])
    y = np.asarray(y, dtype=np.float32)
    n, size = len(y), batch or len(y)
    drawn = rng.uniform(-1, 1, rows.shape[1]) if start is None else start
    weights = first = np.asarray(drawn, dtype=np.float32)
    velocity = gradient = np.zeros_like(weights)
    lr, momentum, losses = np.float32(lr), np.float32(momentum), []
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            order = rng.permutation(n) if size < n else np.arange(n)
            seen = []
            for begin in range(0, n, size):
                z, goal = (values[order[begin : begin + size]] for values in (rows, y))
                predicted = z @ (first if fault == "constant" else weights)
                differences = predicted[:, None] - (goal if fault == "mean" else goal[:, None])
                scale = np.float32(factor * (len(goal) if reduction == "sum" else 1))
                seen.append(scale * np.mean(differences**2))
                slopes = 2 * scale * z.T @ differences.mean(axis=1) / np.float32(len(goal))
                gradient = gradient + slopes if fault == "swings" else slopes
                velocity = momentum * velocity + gradient
                weights = weights - lr * velocity
            losses.append(float(seen[-1] if last else np.mean(seen)))
    return losses


def loop(x, y, lr, epochs, *, reset=True, seed=228):
    """Train `nn.Linear(1, 1)` as the pages do."""
    x, y = (torch.as_tensor(v, dtype=torch.float32) for v in (x, y))
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        # Where y has shape (n,), the difference is a table.
        loss = ((model(x.reshape(-1, 1)) - y) ** 2).mean()
        if reset:
            optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def test_the_emulated_run_is_that_of_pytorch():
    x, y = TABLE
    with torch.random.fork_rng():
        torch.manual_seed(228)
        model = nn.Linear(1, 1)
    start = [model.weight.item(), model.bias.item()]
    plain = {"lr": 0.03, "epochs": 200, "start": start}
    torchs = loop(x, y.reshape(-1, 1), 0.03, 200)
    assert descend(x, y, **plain) == pytest.approx(torchs, rel=1e-5)
    assert descend(x, y, fault="mean", **plain) == pytest.approx(loop(x, y, 0.03, 200), rel=1e-5)
    swinging = loop(x, y.reshape(-1, 1), 0.03, 200, reset=False)
    assert descend(x, y, fault="swings", **plain) == pytest.approx(swinging, rel=1e-2)


# Public reports, as facts: x, y, settings and what went wrong, each at its address.

drawn = np.random.default_rng(0).random(30) * 20
features = np.random.default_rng(0).normal(0, 1, (1000, 2))
diabetes = load_diabetes(return_X_y=True)
PIZZAS = [13, 2, 14, 23, 13, 1, 18, 10, 26, 3, 3, 21, 7, 22, 2]
PIZZAS += [27, 6, 10, 18, 15, 9, 26, 8, 15, 10, 21, 5, 6, 13, 13]
SOLD = [33, 16, 32, 51, 27, 16, 34, 17, 29, 15, 15, 32, 22, 37, 13]
SOLD += [44, 16, 21, 37, 30, 26, 34, 23, 39, 27, 37, 17, 18, 25, 23]

REPORTS = {
    "https://github.com/mrdbourke/pytorch-deep-learning/issues/399": (
        np.arange(0, 1, 0.02)[:40],
        0.7 * np.arange(0, 1, 0.02)[:40] + 0.3,
        {"lr": 0.01, "epochs": 1000, "fault": "constant"},
        "constant",
    ),
    "https://github.com/chenyuntc/pytorch-book/issues/138": (
        drawn,
        2 * drawn + (1 + np.random.default_rng(1).random(30)) * 3,
        {"lr": 0.001, "epochs": 100, "reduction": "sum", "factor": 0.5},
        "diverges",
    ),
    "https://github.com/Lightning-Universe/lightning-bolts/issues/575": (
        *diabetes,
        {"lr": 1e-5, "epochs": 100, "intercept": False, "batch": 50},
        "crawls",
    ),
    "https://github.com/ShusenTang/Dive-into-DL-PyTorch/issues/31": (
        features,
        features @ [2, -3.4] + 4.2 + np.random.default_rng(1).normal(0, 0.01, 1000),
        {"lr": 0.03, "epochs": 3, "batch": 10},
        "noisy",
    ),
    "https://datascience.stackexchange.com/questions/52542": (
        np.arange(400.0),
        4 * np.arange(400.0) + 3,
        {"lr": 1e-5, "epochs": 100, "start": [0.5, 0.5]},
        "crawls",
    ),
    "https://github.com/42-AI/bootcamp_machine-learning/issues/119": (
        np.arange(1.0, 101),
        0.75 * np.arange(1.0, 101) + 5,
        {"lr": 1e-5, "epochs": 2000, "start": [1, 1], "factor": 0.5},
        "crawls",
    ),
    "https://github.com/CMU-SAFARI/SimplePIM/pull/1": (
        np.random.default_rng(0).integers(-9, 10, (5000, 10)),
        np.random.default_rng(0).integers(-9, 10, (5000, 10))
        @ np.random.default_rng(1).integers(-2, 3, 10),
        {"lr": 1e-4, "epochs": 1, "intercept": False, "start": [0] * 10},
        "crawls",
    ),
    "https://github.com/jayehernandez/letra-extension/issues/207": (
        PIZZAS,
        SOLD,
        {"lr": 1e-3, "epochs": 183, "start": [0, 0]},
        "crawls",
    ),
    "https://github.com/pytorch/pytorch/issues/149827": (
        np.arange(65.0, 101, 5),
        np.arange(200.0, 551, 50),
        {"lr": 1e-3, "epochs": 1000},
        "diverges",
    ),
}


@pytest.mark.parametrize("address", REPORTS)
@pytest.mark.parametrize("told", [True, False])
def test_a_public_report_is_reported_what_went_wrong(address, told):
    x, y, settings, kind = REPORTS[address]
    losses = descend(x, y, **settings)
    options = {name: settings[name] for name in ("intercept", "reduction") if name in settings}
    options |= {"batch_size": settings.get("batch")} | ({"lr": settings["lr"]} if told else {})
    found = review(x, y, losses, **options)
    assert found.kind == kind or not (found.sure or told)
    assert found.verdict.startswith(f"{found.kind}: ")


def test_a_gradient_of_half_the_squares_is_not_blamed_on_the_units():
    x, y = TABLE
    losses = descend(x, y, lr=0.03, epochs=3000, factor=0.5)
    found = review(x, y, losses)
    assert (found.kind, found.sure) == ("below the floor", False)
    assert "the floor of half the loss" in found.verdict


def test_a_table_of_differences_without_a_warning_is_reported_by_the_variance_of_y():
    # https://huggingface.co/datasets/nvidia/Nemotron-CC-Math-v1
    x, y = np.array([[1, 2], [1, 3], [1, 7], [1, 9]]), np.array([2.0, 3, 7, 9])
    losses = descend(x, y, lr=0.01, epochs=10_000, fault="mean")
    found = review(x, y, losses, lr=0.01)
    assert (found.kind, found.sure, found.end) == ("mean", True, pytest.approx(8.1875))
    assert "repeats: x[:, 0] and intercept" in diagnose(x, lr=0.01).verdict


# What the site's pages show


def test_ages_that_were_always_nan():
    x, y = np.arange(65.0, 101, 5), np.arange(200.0, 551, 50)
    found = review(x, y, loop(x, y.reshape(-1, 1), 1e-3, 1000), lr=1e-3)
    assert found.kind == "diverges"
    assert "lr=0.001, and for this x it must stay below 0.000144" in found.verdict
    missing = np.where(x == 80, math.nan, x)
    found = review(missing, y, loop(missing, y.reshape(-1, 1), 1e-3, 20), lr=1e-3)
    assert found.kind == "nan"
    assert "x[3] is nan" in found.verdict


@pytest.mark.parametrize("lr", [1e-5, None])
def test_an_intercept_that_never_moves(lr):
    x = np.linspace(0, 100, 100)
    losses = loop(x, (0.5 * x + 20).reshape(-1, 1), 1e-5, 100)
    assert review(x, 0.5 * x + 20, losses, lr=lr).kind == "crawls"


@pytest.mark.parametrize("lr", [1e-4, None])
def test_the_tutorials_own_run(lr):
    found = review(*TENS, loop(TENS[0], TENS[1].reshape(-1, 1), 1e-4, 1000), lr=lr)
    assert (found.kind, found.sure) == ("crawls", True)
    assert found.r_squared == pytest.approx(-0.160, abs=5e-4)
    assert found.best_r_squared == pytest.approx(0.949954, abs=1e-6)


@pytest.mark.parametrize("lr", [0.03, None])
def test_shapes_that_were_mixed(lr):
    found = review(*TABLE, loop(*TABLE, 0.03, 1000), lr=lr)
    assert (found.kind, found.sure) == ("mean", True)
    assert "one shape" in found.verdict


@pytest.mark.parametrize("lr", [0.03, None])
def test_gradients_that_were_not_reset(lr):
    found = review(*TABLE, loop(TABLE[0], TABLE[1].reshape(-1, 1), 0.03, 1000, reset=False), lr=lr)
    assert (found.kind, found.sure) == ("swings", True)
    assert "zero_grad" in found.verdict


def test_a_run_that_works():
    found = review(*TABLE, loop(TABLE[0], TABLE[1].reshape(-1, 1), 0.03, 1000), lr=0.03)
    assert (found.kind, found.sure) == ("arrived", True)
    assert "R² = 0.95, and no training beats it" in found.verdict


def test_a_run_in_standard_units_that_is_compared_with_the_data_as_they_were():
    celsius = np.linspace(-500, 500, 101)
    x = celsius / celsius.std()
    y = 1.8 * celsius + 32 + np.random.default_rng(0).normal(0, 9, 101)
    losses = loop(x, ((y - y.mean()) / y.std()).reshape(-1, 1), 0.1, 200)
    assert review(celsius, y, losses).kind == "below the floor"
    assert review(x, (y - y.mean()) / y.std(), losses, lr=0.1).kind == "arrived"


@pytest.mark.parametrize("seed", range(10))
def test_a_regression_that_diverges_for_some(seed):
    rng = np.random.default_rng(seed)
    x = 10 * rng.normal(size=100)
    y = x + 3 * rng.normal(size=100)
    losses = loop(x, y.reshape(-1, 1), 0.01, 300)
    grew = not losses[-1] < losses[0]
    assert (review(x, y, losses, lr=0.01).kind == "diverges") == grew


def test_what_train_returns_can_be_reviewed():
    study = load_study()
    for options, kind in [
        ({"lr": 0.1, "standardize": True, "epochs": 100}, "arrived"),
        ({"lr": 7e-4, "momentum": 0.97}, "arrived"),
        ({"lr": 0.1, "optimizer": "adam"}, "crawls"),
        ({"optimizer": "lbfgs", "epochs": 10}, "arrived"),
    ]:
        assert review(study.x, study.y, train(study.x, study.y, **options).losses).kind == kind
    with pytest.raises(TrainingDiverged) as caught:
        train(study.x, study.y, lr=4e-4)
    assert review(study.x, study.y, caught.value.losses, lr=4e-4).kind == "diverges"


# Drawn runs


def draw(rng):
    """Return a run with one fault or none: x, y, losses, how to review it, and what is right."""
    n, columns = int(rng.integers(6, 60)), int(rng.choice([1, 1, 1, 2, 3]))
    unit, shift = 10.0 ** rng.integers(-1, 3), rng.choice([0, 0, 1, 3])
    x = (rng.normal(size=(n, columns)) + shift) * unit
    scatter = rng.choice([0.0, 0.1, 1, 3, 10]) * rng.normal(size=n)
    y = x @ (rng.normal(size=columns) * 10 / unit) + rng.normal() * 20 + scatter
    cause = str(
        rng.choice(["none", "steep", "missing", "constant", "swings", "mean", "batches", "y"])
    )
    epochs = int(rng.choice([20, 50, 100, 100 if cause == "batches" else 500]))
    settings = {"epochs": epochs, "seed": int(rng.integers(2**31))}
    options = {
        "momentum": 0.0 if cause in ("swings", "batches") else float(rng.choice([0, 0.5, 0.9]))
    }
    if cause == "batches":
        options["batch_size"] = int(rng.choice([1, 2, 5]))
        settings |= {"batch": options["batch_size"], "last": bool(rng.integers(2))}
    bears = diagnose(x, **options)
    share = (
        rng.choice([1.05, 1.5, 4]) if cause == "steep" else rng.choice([0.02, 0.1, 0.3, 0.6, 0.9])
    )
    # What is never reset bears twice as much.
    lr = share * bears.safe_lr * (2 if cause == "swings" else 1)
    fault = cause if cause in ("constant", "swings", "mean") else None
    trained = y.copy()
    if cause == "missing":
        trained[rng.integers(n)] = math.nan
    losses = descend(
        *(x, trained / 10 if cause == "y" else trained),
        **(settings | {"lr": lr, "fault": fault, "momentum": options["momentum"]}),
    )
    pace = diagnose(x, lr=lr, **options).progress * settings["epochs"]
    right = kinds_of(cause, losses, x, y, pace)
    return x, trained if cause == "missing" else y, losses, options, lr, right


def kinds_of(cause, losses, x, y, pace):
    """Return which kinds are right for a run with this cause, by its losses and its truth."""
    off = x - x.mean(axis=0)
    floor = np.mean((y - y.mean() - off @ np.linalg.lstsq(off, y - y.mean())[0]) ** 2)
    at_floor = abs(losses[-1] - floor) <= 0.01 * floor + 1e-12 * np.mean(y**2)
    if cause == "steep":
        return {"diverges"} if not losses[-1] < 2 * losses[0] else {"diverges", "crawls"}
    if cause == "batches":
        return {"noisy", "arrived"} if pace > 12 else {"noisy", "arrived", "crawls"}
    if cause == "y" and min(losses) < 0.99 * floor:
        return {"below the floor"}
    if cause == "mean":
        at_mean = abs(losses[-1] - y.var()) <= 0.01 * y.var()
        return {"mean"} if at_mean and floor < 0.97 * y.var() else {"crawls", "arrived"}
    if cause in ("none", "y"):
        return {"arrived"} if at_floor else {"crawls"}
    return {{"missing": "nan"}.get(cause, cause)}


def test_drawn_runs_are_told_right_in_more_than_99_of_a_hundred():
    rng = np.random.default_rng(0)
    wrong, sure, kinds = [], 0, collections.Counter()
    for number in range(160):
        x, y, losses, options, lr, right = draw(rng)
        found = review(x, y, losses, lr=lr if number % 2 else None, **options)
        kinds[found.kind] += 1
        sure += found.sure
        if found.sure and found.kind not in right:
            wrong.append((number, right, found.verdict))
    assert set(kinds) == KINDS and min(kinds.values()) >= 3, kinds
    assert sure > 0.9 * 160
    assert len(wrong) < 0.01 * sure, wrong


# What it takes and returns


def test_a_review_is_plain_data_that_cannot_change():
    study = load_study()
    fit = train(study.x, study.y, lr=1e-4, epochs=50)
    found = review(study.x, study.y, fit.losses, lr=1e-4)
    assert found == review(study.x.numpy(), study.y.reshape(-1, 1), list(fit.losses), lr=1e-4)
    values = dataclasses.asdict(found)
    assert {type(values[name]) for name in values} == {str, bool, float}
    assert found.floor == pytest.approx(least_squares(*TENS).mean_squared_error(*TENS))
    assert found.variance == pytest.approx(TENS[1].var())
    assert found.max_lr == diagnose(study.x).max_lr
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.kind = "arrived"


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_floor_is_that_of_the_loss_that_is_reported(reduction):
    losses = descend(*TABLE, lr=0.03 / 8, epochs=8000, reduction=reduction, start=[0, 0])
    found = review(*TABLE, losses, lr=0.03 / 8, reduction=reduction)
    assert found.kind == "arrived"
    assert found.floor == pytest.approx(15.01934524 * (8 if reduction == "sum" else 1))


def test_a_sum_that_is_taken_for_a_mean_is_seen_at_its_floor():
    losses = descend(*TABLE, lr=0.03 / 8, epochs=8000, reduction="sum")
    found = review(*TABLE, losses)
    assert (found.kind, found.sure) == ("arrived", False)
    assert "the sum of squares at its floor" in found.verdict


def test_without_an_intercept_the_floor_is_that_of_lines_through_the_origin():
    x, y = [4, 5, 6], [3, 4, 4]  # NIST's NoInt2, slope 0.727272727272727
    losses = descend(x, y, lr=0.01, epochs=500, intercept=False)
    assert review(x, y, losses, intercept=False).kind == "arrived"
    assert review(x, y, losses).kind != "arrived"


@pytest.mark.parametrize(
    ("y", "losses", "options", "error", "message"),
    [
        ([1, 2, 4], [], {}, ValueError, "losses is empty"),
        ([1, 2], [3], {}, ValueError, "x has 3 values and y has 2"),
        ([1, math.nan, 2], [3, 2], {}, ValueError, r"y\[1\] is nan"),
        ([1, 2, 4], ["3"], {}, TypeError, "losses holds '3'"),
        ([1, 2, 4], [3], {"lr": -1}, ValueError, "lr=-1 is no learning rate"),
        ([1, 2, 4], [3], {"reduction": "none"}, ValueError, "reduction='none' is unknown"),
        (pd.Series([1, 2, 4], index=[2, 1, 0]), [3], {}, ValueError, "different labels"),
    ],
)
def test_what_cannot_be_reviewed_is_reported(y, losses, options, error, message):
    with pytest.raises(error, match=message):
        review(pd.Series([1, 2, 3]), y, losses, **options)


def test_one_loss_says_little_and_the_verdict_says_so():
    found = review(*TABLE, [9000.0])
    assert isinstance(found, Review)
    assert not found.sure
    assert "do not settle it" in found.verdict


def test_half_the_squares_are_judged_by_their_own_floor():
    x, y = np.arange(1.0, 101), 0.75 * np.arange(1.0, 101) + 5
    slope, intercept, halves = 1.0, 1.0, []
    for _ in range(2000):
        errors = slope * x + intercept - y
        halves.append(float((errors**2).mean() / 2))
        slope -= 1e-5 * float((errors * x).mean())
        intercept -= 1e-5 * float(errors.mean())
    told = review(x, y, halves, lr=1e-5, factor=0.5)
    assert (told.kind, told.sure) == ("crawls", True)


def test_a_model_that_lacks_an_intercept_is_reported_to_learn_one():
    x, y = np.array([-1.0, 0, 1]), np.array([99.0, 100, 101])
    losses = [10000.7 - 0.01 * k for k in range(20)]
    assert "learn one" in review(x, y, losses, lr=0.001, intercept=False).verdict


@pytest.mark.parametrize(("units", "lr"), [("table", 0.039), ("tens", 4e-4)])
def test_ten_epochs_just_above_the_limit_diverge(units, lr):
    study = load_study(units)
    losses = train(study.x, study.y, lr=lr, epochs=10).losses
    found = review(study.x, study.y, losses, lr=lr)
    assert (found.kind, found.sure) == ("diverges", True)


def test_adam_that_swings_on_its_way_to_the_floor_has_arrived():
    study = load_study()
    losses = train(study.x, study.y, lr=5, optimizer="adam").losses
    assert review(study.x, study.y, losses).kind == "arrived"


def test_y_whose_squares_float64_cannot_hold_are_refused():
    with pytest.raises(ValueError, match="other units for y"):
        review([1, 2, 3], [1e200, 2e200, 4e200], [3, 2, 1])


def test_whoever_lets_numpy_raise_hears_nothing_of_what_is_next_to_nothing():
    x = np.linspace(0, 30, 50)
    y = np.exp(-(x**2))
    with np.errstate(all="raise"):
        fit = train(x, y, lr=1e-3, epochs=50)
        assert review(x, y, fit.losses, lr=1e-3).kind
        assert descent_path(x, y, lr=1e-3, epochs=5000, start=(0, 0)).losses[-1] < 0.1
