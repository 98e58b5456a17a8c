"""Does the figure on the first page tell what PyTorch does?"""

import numpy as np
import pytest
import torch

from interactive import draw
from linreg import HAND_DRAWN, Line, least_squares, load_study

TABLE = load_study("table")


@pytest.fixture(scope="module")
def data() -> dict:
    return draw.figure().data


def off(line: dict) -> float:
    """Return the root of the mean squared error, by NumPy alone."""
    x, y = TABLE.x.numpy(), TABLE.y.numpy()
    return float(np.sqrt(np.mean((line["slope"] * x + line["intercept"] - y) ** 2)))


def test_the_lines_are_those_of_a_real_run(data) -> None:
    study = load_study()
    torch.manual_seed(228)
    model = torch.nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
    x, y = study.x.reshape(-1, 1), study.y.reshape(-1, 1)
    lines = {}
    for epoch in range(1001):
        lines[epoch] = model.weight.item(), model.bias.item() / 10
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
    shown = {one["epoch"]: (one["slope"], one["intercept"]) for one in data["run"]}
    assert list(shown) == sorted(shown) and {0, 1, 2, 3, 4, 5, 1000} <= set(shown)
    for epoch, line in shown.items():
        assert line == pytest.approx(lines[epoch], abs=2e-4), epoch


def test_the_verdicts_are_true(data) -> None:
    trained, mean, best = off(data["run"][-1]), off(data["mean"]), off(data["best"])
    # "its line is worse than giving everyone the mean score"
    assert trained > mean
    # "The blue line is the best there is", and "stop so far away"
    assert trained > 4 * best
    nudged = [Line(data["best"]["slope"] + a, data["best"]["intercept"] + b)
              for a, b in ((0.1, 0), (-0.1, 0), (0, 1), (0, -1))]  # fmt: skip
    assert best < min(off({"slope": one.slope, "intercept": one.intercept}) for one in nudged)
    assert best == pytest.approx(
        least_squares(TABLE.x, TABLE.y).mean_squared_error(TABLE.x, TABLE.y) ** 0.5
    )
    # "you can beat it": the line that was drawn by eye does.
    assert off({"slope": HAND_DRAWN.slope, "intercept": HAND_DRAWN.intercept / 10}) < trained / 3
    # Nor has the reader won before having begun.
    start = data["start"]
    assert (
        start["left"] == start["right"] and off({"slope": 0, "intercept": start["left"]}) > trained
    )


def test_its_first_epochs_move_and_all_others_stand(data) -> None:
    errors = {one["epoch"]: off(one) for one in data["run"]}
    late = [error for epoch, error in errors.items() if epoch > 20]
    assert errors[0] > 3 * errors[5] and errors[5] < late[0] + 0.5
    assert np.ptp(late) < 1
