"""What the expressions under `fresh` in outputs.toml are made of, beside what linreg exports.

Where it can, it goes another way than the page does, so that the two check each other.
"""

import math
from itertools import accumulate

import torch

from linreg import (
    HAND_DRAWN,
    Line,
    descent_path,
    diagnose,
    exactness,
    least_squares,
    load_study,
    train,
)

study, table = load_study(), load_study("table")
fit = train(study.x, study.y, lr=1e-4)
best = least_squares(study.x, study.y)
best_table = least_squares(table.x, table.y)
mean_line = Line(0.0, study.y.mean().item())
four_lines = {"trained": fit, "mean": mean_line, "hand-drawn": HAND_DRAWN, "best": best}

# A learning rate too small to move anything shows where training starts.
at_start = train(study.x, study.y, lr=1e-30, epochs=1)
begin = (at_start.slope, at_start.intercept)


def said(line: Line) -> str:
    return f"slope {line.slope:.2f}, intercept {line.intercept:.2f}"


# Why did training stop short?
mean_square, variance = study.x.square().mean().item(), study.x.var(correction=0).item()
# The two curvatures are the roots of z² - trace z + determinant.
trace, determinant = 2 * mean_square + 2, 4 * variance
conv_across = trace / 2 + math.sqrt(trace**2 / 4 - determinant)
conv_along = determinant / conv_across
hessian = 2 * torch.tensor(
    [[mean_square, study.x.mean().item()], [study.x.mean().item(), 1]], dtype=torch.float64
)
conv_after = torch.linalg.matrix_power(torch.eye(2).double() - 1e-4 * hessian, 1000).tolist()
conv_ends = [
    [
        value + row[0] * (slope - best.slope) + row[1] * (intercept - best.intercept)
        for value, row in zip((best.slope, best.intercept), conv_after, strict=True)
    ]
    for slope in (-1, 1)
    for intercept in (-1, 1)
]

# Six ways to repair it.
in_ones = train(table.x, table.y, lr=0.03)
rem_units = Line(in_ones.slope, 10 * in_ones.intercept)
rem_standard = train(study.x, study.y, standardize=True, lr=0.1, epochs=100)
rem_momentum = train(study.x, study.y, lr=7e-4, momentum=0.97)
rem_adam = {lr: train(study.x, study.y, lr=lr, optimizer="adam") for lr in (0.1, 5)}
rem_lbfgs = train(study.x, study.y, optimizer="lbfgs", epochs=10)
rem_slow = descent_path(
    (study.x - study.x.mean()) / study.x.std(correction=0),
    (study.y - study.y.mean()) / study.y.std(correction=0),
    lr=1e-4,
    epochs=1000,
    start=begin,
)


def rem_line(name: str, epochs: str, line: Line) -> list[str]:
    values = {
        line.slope: 3,
        line.intercept: 2,
        line.predict(35): 1,
        line.mean_squared_error(study.x, study.y): 0,
        line.score(study.x, study.y): 3,
    }
    numbers = [f"{value:,.{digits}f}".replace("-", "−") for value, digits in values.items()]
    return [name, epochs, *numbers]


# From loops to nn.Module.
from_zero = descent_path(table.x, table.y, lr=0.03, epochs=1000, start=(0, 0))
from_begin = descent_path(table.x, table.y, lr=0.03, epochs=1000, start=begin)
twice = (in_ones.slope, from_begin.slopes[-1], in_ones.intercept, from_begin.intercepts[-1])


def deal(epochs: int) -> list[list[int]]:
    """Return the pairs of students that the DataLoader deals, from the seed 228."""
    dealer, pairs = torch.Generator().manual_seed(228), []
    for _ in range(epochs):
        # The loader draws a seed for its workers first, and once more in the end.
        torch.empty((), dtype=torch.int64).random_(generator=dealer)
        order = torch.randperm(8, generator=dealer).tolist()
        torch.randperm(8, generator=dealer)
        pairs += [order[i : i + 2] for i in (0, 2, 4, 6)]
    return pairs


def pull(line: tuple[float, float], step: tuple[int, list[int]]) -> tuple[float, float]:
    """Return `line` after a step towards two students; the steps become short after 500 epochs."""
    lr = 0.01 if step[0] < 2000 else 0.001
    points = [(table.x[i].item(), table.y[i].item()) for i in step[1]]
    misses = [(line[0] * x + line[1] - y, x) for x, y in points]
    return line[0] - lr * sum(m * x for m, x in misses), line[1] - lr * sum(m for m, _ in misses)


pulled = list(accumulate(enumerate(deal(600)), pull, initial=(0.0, 0.0)))[4::4]

# How sure can eight students make us? How exact is it?
t95 = (best.confidence_interval(0)[1] - best.intercept) / best.intercept_stderr
norris, certified = exactness.load_norris(), exactness.NORRIS

# Troubleshooting.
ages, spent = range(65, 101, 5), range(200, 551, 50)
hundred = [100 * i / 99 for i in range(100)]
celsius = range(-500, 501, 10)


def swing(epoch: int) -> float:
    """Return the loss on the table, gradients never reset: a momentum of one, in closed form."""
    small, large = diagnose(table.x).eigenvalues
    least = best_table.mean_squared_error(table.x, table.y)
    above = at_start.mean_squared_error(table.x, table.y) - least
    far = (begin[0] - best_table.slope) ** 2 + (begin[1] - best_table.intercept) ** 2
    parts = {
        small: (large * far - 2 * above) / (large - small),
        large: (2 * above - small * far) / (large - small),
    }
    return least + sum(
        value * part / 2 * math.cos((epoch + 0.5) * math.acos(1 - 0.015 * value)) ** 2
        / (1 - 0.0075 * value)
        for value, part in parts.items()
    )  # fmt: skip


swings = [swing(epoch) for epoch in range(900, 1000)]


def draw(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    x = 10 * torch.randn(100, generator=generator)
    return x, x + 3 * torch.randn(100, generator=generator)


drawn = [draw(seed) for seed in range(10)]

# Exercises.
stop_path = descent_path(table.x, table.y, lr=0.03, epochs=2000, start=(0, 0))
moved = [abs(values[1:] - values[:-1]) for values in (stop_path.slopes, stop_path.intercepts)]
stop_epoch = next(k for k in range(2000) if max(moved[0][k], moved[1][k]) < 0.03 * 0.001)
without = {
    hour.item(): least_squares(study.x[study.x != hour], study.y[study.x != hour]).slope
    for hour in study.x
}
