"""What the page "From loops to `nn.Module`: what does PyTorch do for you?" documents."""

import math
from functools import cache
from itertools import accumulate

import torch

from linreg import Path, descent_path
from press.contract import output, printed, table
from press.witness import begin, best_table, in_ones, ones

TYPED = {
    "1000": "a setting: the number of epochs",
}


@cache
def from_zero() -> Path:
    return descent_path(ones.x, ones.y, lr=0.03, epochs=1000, start=(0, 0))


@cache
def twice() -> tuple[float, float, float, float]:
    """Return slope and intercept of the run, each by training and by the closed form."""
    path = descent_path(ones.x, ones.y, lr=0.03, epochs=1000, start=begin())
    return in_ones().slope, path.slopes[-1], in_ones().intercept, path.intercepts[-1]


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
    points = [(ones.x[i].item(), ones.y[i].item()) for i in step[1]]
    misses = [(line[0] * x + line[1] - y, x) for x, y in points]
    return line[0] - lr * sum(m * x for m, x in misses), line[1] - lr * sum(m for m, _ in misses)


@cache
def pulled() -> list[tuple[float, float]]:
    """Return the line after each of 600 epochs."""
    return list(accumulate(enumerate(deal(600)), pull, initial=(0.0, 0.0)))[4::4]


@printed("slope and intercept that all four programs print")
def loops_printed() -> str:
    return f"slope {from_zero().slopes[-1]:.3f}, intercept {from_zero().intercepts[-1]:.3f}"


@table("the four programs compared")
def loops_agreement() -> list[list[str]]:
    return [
        ["Program", "Slope", "Intercept", "Digits"],
        *(
            [name, f"{from_zero().slopes[-1]:.3f}", f"{from_zero().intercepts[-1]:.3f}", digits]
            for name, digits in [("plain Python", "–")]
            + [
                (
                    name,
                    f"{math.floor(-math.log10(max(abs(twice()[0] / twice()[1] - 1), abs(twice()[2] / twice()[3] - 1))))}",
                )
                for name in ("tensors", "autograd", "nn.Linear")
            ]
        ),
    ]


@printed("slopes in batches of two, with the larger learning rate")
def loops_early() -> str:
    return f"lr 0.01:  slopes from {min((s for s, _ in pulled()[450:500])):.2f} to {max((s for s, _ in pulled()[450:500])):.2f}"


@printed("slopes in batches of two, with the smaller learning rate")
def loops_late() -> str:
    return f"lr 0.001: slopes from {min((s for s, _ in pulled()[550:])):.2f} to {max((s for s, _ in pulled()[550:])):.2f}"


@printed("the line at the end of training in batches")
def loops_end() -> str:
    return f"at the end: slope {pulled()[-1][0]:.2f}, intercept {pulled()[-1][1]:.2f}"


@output("slope of the best line, in the table's units", ".2f")
def loops_best_slope() -> float:
    return best_table().slope


@output("intercept of the best line, in the table's units", ".2f")
def loops_best_intercept() -> float:
    return best_table().intercept
