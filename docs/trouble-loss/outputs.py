"""What the page "The loss looks wrong" documents.

The losses come from closed forms, or from loops in float64, where the page trains in float32.
"""

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import nn

from linreg import Line, descent_path, diagnose, least_squares, review, stable_lr, train
from press.contract import output, printed
from press.witness import begin, best, best_table, fit, ones, said, tens

QUESTION = "the cited question's data"
OWN = "data of this entry's own"

TYPED = {
    "0 to 100": "data of the question that the page cites",
    "slope 0.5 and intercept 20": "data of this entry's own",
    "last 100 epochs": "a setting of the page",
    "0 to 399": "data of the question that the page cites",
    "lr 0.01": "a setting of the question that the page cites",
    "30 squares": "the points of the question that the page cites",
    "30 times": "the points of the question that the page cites",
    "lr 0.001": "a setting of the question that the page cites",
    "1 to 100": "data of the question that the page cites",
    "200,000": "a setting of the question that the page cites",
    "183 steps of 0.01": "a setting of the question that the page cites",
}

ages, spent = range(65, 101, 5), range(200, 551, 50)
hundred = np.linspace(0, 100, 100)
about_a_line = 0.5 * hundred + 20 + np.tile([2.0, -2.0], 50)
thirty = np.linspace(0, 20, 30)
hour = np.arange(11.0)
warmth = 20 + 5 * hour - 0.5 * hour**2


def standard(values: Any) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    return (values - values.mean()) / values.std()


def descend(x: Any, y: Any, lr: float, epochs: int) -> np.ndarray:
    """Return the losses before each step, as a loop keeps them."""
    return descent_path(x, y, lr=lr, epochs=epochs - 1, start=begin()).losses


def overflow(losses: Iterable[float], divided_by: int = 1) -> list[float]:
    """Return the losses up to the first whose sum of squares float32 does not hold."""
    held = []
    for loss in losses:
        too_large = loss * divided_by > np.finfo(np.float32).max
        held.append(math.inf if too_large else loss)
        if too_large:
            break
    return held


def listed(losses: Sequence[float]) -> str:
    last = "nan" if math.isinf(losses[-1]) else f"{losses[-1]:.4g}"
    return "losses: " + ", ".join(f"{loss:.4g}" for loss in losses[:3]) + f", … {last}"


# Loss becomes nan or inf


@cache
def exploding() -> list[float]:
    return overflow(descend(ages, spent, 1e-3, 16), divided_by=8)


@printed("the losses that explode", fixed=QUESTION)
def trouble_nan_losses() -> str:
    return listed(exploding())


@printed("what review says of the losses that explode", fixed=QUESTION)
def trouble_nan_review() -> str:
    return review(ages, spent, exploding(), lr=1e-3).verdict


@printed("the same data, standardised", fixed=QUESTION)
def trouble_nan_fixed() -> str:
    return said(least_squares(ages, spent))


@printed("the stable limit of the learning rate, by eigenvalues", fixed=QUESTION)
def trouble_nan_limit() -> str:
    return f"stay below lr = {stable_lr(ages):.3g}"


@printed("the verdict on the run that was always nan", fixed=QUESTION)
def trouble_nan_verdict() -> str:
    return diagnose(ages, lr=1e-3).verdict


@printed("the verdict on a smaller learning rate", fixed=QUESTION)
def trouble_nan_smaller() -> str:
    return diagnose(ages, lr=1e-4).verdict


# The intercept never moves


@printed("the line of the stuck run", fixed=QUESTION)
def trouble_stuck_line() -> str:
    path = descent_path(hundred, about_a_line, lr=1e-5, epochs=100, start=begin())
    return said(Line(path.slopes[-1], path.intercepts[-1]))


@printed("the losses of the stuck run", fixed=QUESTION)
def trouble_stuck_losses() -> str:
    return listed(descend(hundred, about_a_line, 1e-5, 100))


@printed("what review says of the stuck run", fixed=QUESTION)
def trouble_stuck_review() -> str:
    losses = descend(hundred, about_a_line, 1e-5, 100)
    return review(hundred, about_a_line, losses, lr=1e-5).verdict


@output("percent of the intercept's error left after ten times the epochs", ".1f", fixed=QUESTION)
def trouble_stuck_left() -> float:
    return 100 * (1 - 1e-5 * diagnose(hundred).eigenvalues[0]) ** 1000


@printed("the same data, standardised", fixed=QUESTION)
def trouble_stuck_fixed() -> str:
    return said(least_squares(hundred, about_a_line))


@printed("the verdict on the stuck intercept", fixed=QUESTION)
def trouble_stuck_verdict() -> str:
    return diagnose(hundred, lr=1e-5, epochs=100).verdict


# The loss is flat, but the line is wrong


@printed("the losses of the tutorial's program")
def trouble_flat_losses() -> str:
    return listed(descend(tens.x, tens.y, 1e-4, 1000))


@printed("what review says of the tutorial's program")
def trouble_flat_review() -> str:
    return review(tens.x, tens.y, descend(tens.x, tens.y, 1e-4, 1000), lr=1e-4).verdict


@output("percent by which the tutorial's loss fell in the last 100 epochs", ".1f")
def trouble_flat_change() -> float:
    return 100 * (1 - fit().losses[-1] / fit().losses[-101])


@output("R² of the tutorial's program", ".2f")
def trouble_flat_r2() -> float:
    return fit().score(tens.x, tens.y)


@output("R² of the best line", ".2f")
def trouble_flat_best_r2() -> float:
    return best().r_squared


@printed("the best line, in tens")
def trouble_flat_fixed() -> str:
    return said(best())


@printed("R² of the best line")
def trouble_flat_fixed_r2() -> str:
    return f"R² = {best().r_squared:.2f}"


# The loss is the same in every epoch


@cache
def constant() -> list[float]:
    torch.manual_seed(228)
    _, model = nn.Linear(1, 1), nn.Linear(1, 1)
    x = 0.02 * np.arange(40)
    line = Line(model.weight.item(), model.bias.item())
    return [line.mean_squared_error(x, 0.7 * x + 0.3)] * 1000


@printed("the losses of a model that nothing moves", fixed=QUESTION)
def trouble_constant_losses() -> str:
    return listed(constant())


@printed("what review says of a model that nothing moves", fixed=QUESTION)
def trouble_constant_review() -> str:
    x = 0.02 * np.arange(40)
    return review(x, 0.7 * x + 0.3, constant(), lr=0.01).verdict


@printed("the line when the optimiser holds its model", fixed=QUESTION)
def trouble_constant_fixed() -> str:
    return said(Line(0.7, 0.3))


# The loss swings up and down


@cache
def swinging() -> list[float]:
    x, y = ones.x.double().numpy(), ones.y.double().numpy()
    parameters, total, losses = np.array(begin()), np.zeros(2), []
    for _ in range(1000):
        residuals = parameters[0] * x + parameters[1] - y
        losses.append(float(np.mean(residuals**2)))
        total += 2 * np.array([np.mean(residuals * x), np.mean(residuals)])
        parameters -= 0.03 * total
    return losses


@printed("the losses without a reset")
def trouble_reset_losses() -> str:
    return listed(swinging())


@printed("what review says of the losses without a reset")
def trouble_reset_review() -> str:
    return review(ones.x, ones.y, swinging(), lr=0.03).verdict


@printed("the best line, in the table's units")
def trouble_table_fixed() -> str:
    return said(best_table())


# Every prediction is the mean


@cache
def towards_the_mean() -> np.ndarray:
    """Return the losses against all scores at once: their variance, and the way to their mean."""
    mean = [ones.y.mean().item()] * len(ones.y)
    return ones.y.var(correction=0).item() + descend(ones.x, mean, 0.03, 1000)


@printed("all predictions are the mean")
def trouble_shapes_predictions() -> str:
    return f"predictions from {ones.y.mean():.1f} to {ones.y.mean():.1f}"


@printed("the losses of a column against a row")
def trouble_shapes_losses() -> str:
    return listed(list(towards_the_mean()))


@printed("what review says of a column against a row")
def trouble_shapes_review() -> str:
    return review(ones.x, ones.y, towards_the_mean(), lr=0.03).verdict


@output("shape of a column minus a row", fixed="a shape")
def trouble_shapes_shape() -> str:
    return str(tuple(np.subtract.outer(ones.x.numpy(), ones.y.numpy()).shape))


# The loss jumps from batch to batch


@cache
def jumping() -> list[float]:
    torch.manual_seed(228)
    model = nn.Linear(1, 1)
    slope, intercept, losses = model.weight.item(), model.bias.item(), []
    for _ in range(200):
        for k in torch.randperm(len(ones.x)).tolist():
            x, y = ones.x[k].item(), ones.y[k].item()
            residual = slope * x + intercept - y
            slope, intercept = slope - 0.02 * residual * x, intercept - 0.02 * residual
        losses.append(residual**2)
    return losses


@printed("the losses of batches of one")
def trouble_batch_losses() -> str:
    return listed(jumping())


@printed("what review says of batches of one")
def trouble_batch_review() -> str:
    return review(ones.x, ones.y, jumping(), lr=0.01, batch_size=1).verdict


@printed("the best line, which a shrinking lr reaches")
def trouble_batch_fixed() -> str:
    return f"slope {best_table().slope:.1f}, intercept {best_table().intercept:.0f}"


@printed("the least loss over all points")
def trouble_batch_loss() -> str:
    return f"loss over all points {best_table().mean_squared_error(ones.x, ones.y):.1f}"


@printed("the verdict on the whole table at once")
def trouble_batch_whole() -> str:
    return diagnose(ones.x, lr=0.03).verdict


@printed("the verdict on batches of one")
def trouble_batch_single() -> str:
    return diagnose(ones.x, lr=0.03, batch_size=1).verdict


# The loss is a sum, or half of one


@cache
def summed() -> list[float]:
    # The sum of n squares is their mean at n times the lr, and n times as large.
    n = len(thirty)
    path = descent_path(thirty, 2 * thirty + 4.5, lr=n * 1e-3, epochs=30, start=begin())
    return overflow(n * path.losses)


@printed("the losses of a sum", fixed=QUESTION)
def trouble_sum_losses() -> str:
    return listed(summed())


@printed("what review says of a sum", fixed=QUESTION)
def trouble_sum_review() -> str:
    return review(thirty, 2 * thirty + 4.5, summed(), lr=1e-3, reduction="sum").verdict


@output("the stable lr of half a sum of squares", ".2g", fixed=QUESTION)
def trouble_half_sum_limit() -> float:
    return stable_lr(thirty) / len(thirty) * 2


@output("the stable lr of the mean of the same squares", ".2g", fixed=QUESTION)
def trouble_mean_limit() -> float:
    return 2 / diagnose(thirty).eigenvalues[-1]


@printed("the line, with the mean in place of the sum", fixed=QUESTION)
def trouble_sum_fixed() -> str:
    return said(Line(2.0, 4.5))


@printed("the verdict on the exercise's lr, for the mean", fixed=QUESTION)
def trouble_exercise_mean() -> str:
    return diagnose(range(1, 101), lr=1e-4, epochs=200_000).verdict


@printed("the verdict on the exercise's lr, for half the mean", fixed=QUESTION)
def trouble_exercise_half() -> str:
    return diagnose(range(1, 101), lr=1e-4, epochs=200_000, factor=0.5).verdict


# Steps of a fixed size


@cache
def small_steps() -> Any:
    return train(tens.x, tens.y, lr=0.1, optimizer="adam")


@printed("the line of Adam with small steps")
def trouble_adam_line() -> str:
    return said(small_steps())


@printed("the losses of Adam with small steps")
def trouble_adam_losses() -> str:
    return listed(small_steps().losses)


@printed("what review says of Adam with small steps")
def trouble_adam_review() -> str:
    return review(tens.x, tens.y, small_steps().losses).verdict


@output("how far 1000 of those steps can go", ".0f", fixed="settings of the page")
def trouble_adam_reach() -> float:
    return 1000 * 0.1


@output("the best intercept, in tens", ".0f")
def trouble_adam_goal() -> float:
    return best().intercept


@output("how far the question's steps can go", ".2f", fixed=QUESTION)
def trouble_pizza_reach() -> float:
    return 183 / 100


@output("intercept of the best line of the question", ".2f", fixed=QUESTION)
def trouble_pizza_intercept() -> float:
    booked = [13, 2, 14, 23, 13, 1, 18, 10, 26, 3, 3, 21, 7, 22, 2]
    booked += [27, 6, 10, 18, 15, 9, 26, 8, 15, 10, 21, 5, 6, 13, 13]
    sold = [33, 16, 32, 51, 27, 16, 34, 17, 29, 15, 15, 32, 22, 37, 13]
    sold += [44, 16, 21, 37, 30, 26, 34, 23, 39, 27, 37, 17, 18, 25, 23]
    return float(np.polyfit(booked, sold, 1)[1])


# The loss is at its floor, and still large


@printed("the losses of a line through a curve", fixed=OWN)
def trouble_floor_losses() -> str:
    return listed(list(descend(standard(hour), warmth, 0.1, 200)))


@printed("what review says of a line through a curve", fixed=OWN)
def trouble_floor_review() -> str:
    losses = descend(standard(hour), warmth, 0.1, 200)
    return review(standard(hour), warmth, losses, lr=0.1).verdict


# The loss is below what any line can reach


@cache
def in_standard_units() -> np.ndarray:
    x, y = ones.x.double().numpy(), ones.y.double().numpy()
    return descend(standard(x), (y - y.mean()) / y.std(), 0.1, 200)


@printed("the losses in standard units")
def trouble_below_losses() -> str:
    return listed(list(in_standard_units()))


@printed("what review says of losses in other units")
def trouble_below_review() -> str:
    return review(ones.x, ones.y, in_standard_units()).verdict


@printed("the best line's loss, in standard units")
def trouble_below_standard() -> str:
    return f"in standard units:  {1 - best_table().r_squared:.5f}"


@printed("the best line's loss, in squared points")
def trouble_below_points() -> str:
    return f"in squared points: {best_table().mean_squared_error(ones.x, ones.y):.2f}"
