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
from linreg.convergence import diagnose
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
        "arrived",
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
def test_a_public_report_is_told_what_went_wrong(address, told):
    x, y, settings, kind = REPORTS[address]
    losses = descend(x, y, **settings)
    options = {name: settings[name] for name in ("intercept", "reduction") if name in settings}
    options |= {"batch_size": settings.get("batch")} | ({"lr": settings["lr"]} if told else {})
    found = review(x, y, losses, **options)
    assert (found.kind, found.verdict.split(":")[0]) == (kind, kind)
