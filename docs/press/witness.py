"""What several pages compute afresh: each run is made once, and only if it is asked for.

Where it can, it goes another way than the pages do, so that the two check each other.
"""

import math
from functools import cache

import torch

from linreg import (
    HAND_DRAWN,
    Fit,
    LeastSquares,
    Line,
    diagnose,
    least_squares,
    load_study,
    train,
)

tens, ones = load_study(), load_study("table")


@cache
def fit() -> Fit:
    """Return the documented run: 1000 epochs on the tens."""
    return train(tens.x, tens.y, lr=1e-4)


@cache
def best() -> LeastSquares:
    return least_squares(tens.x, tens.y)


@cache
def best_table() -> LeastSquares:
    return least_squares(ones.x, ones.y)


@cache
def in_ones() -> Fit:
    """Return the run that arrives: the same epochs on the table's own units."""
    return train(ones.x, ones.y, lr=0.03)


def four_lines() -> dict[str, Line]:
    mean_line = Line(0.0, tens.y.mean().item())
    return {"trained": fit(), "mean": mean_line, "hand-drawn": HAND_DRAWN, "best": best()}


@cache
def begin() -> tuple[float, float]:
    """Return slope and intercept where the documented seed starts."""
    # A learning rate too small to move anything shows where training starts.
    at_start = train(tens.x, tens.y, lr=1e-30, epochs=1)
    return at_start.slope, at_start.intercept


@cache
def curvatures() -> tuple[float, float]:
    """Return the curvatures along and across the valley: the roots of z² - trace z + det."""
    mean_square, variance = tens.x.square().mean().item(), tens.x.var(correction=0).item()
    trace, determinant = 2 * mean_square + 2, 4 * variance
    across = trace / 2 + math.sqrt(trace**2 / 4 - determinant)
    return determinant / across, across


def valley(x: torch.Tensor) -> dict[str, str]:
    """Return how gradient descent converges on `x`, by the heading of a table's column."""
    found = diagnose(x)
    along, across = found.eigenvalues
    return {
        "Across": f"{across:,.1f}",
        "Along": f"{along:.3f}",
        "Ratio": f"{found.condition_number:,.0f}",
        "Largest lr": f"{found.max_lr:.5f}",
        "Epochs": f"{found.epochs_to(1e-4):,}",
    }


def minus(text: str) -> str:
    """Return `text` with the sign that readers see."""
    return text.replace("-", "−")


def said(line: Line) -> str:
    return f"slope {line.slope:.2f}, intercept {line.intercept:.2f}"
