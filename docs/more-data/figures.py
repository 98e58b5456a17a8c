"""What only the page "More data than one machine holds" needs."""

import itertools
from fractions import Fraction

import numpy as np

from linreg import Sums, accumulate


def split_and_join(
    x: np.ndarray, y: np.ndarray, rng: np.random.Generator
) -> tuple[Sums, list[int]]:
    """Deal the points (n,) to workers at random, and add their sums in random pairs.

    Returns the sums of all, and the size of each worker's share.
    """
    order = rng.permutation(len(x))
    cuts = sorted(rng.integers(0, len(x) + 1, size=rng.integers(0, len(x))))
    shares = [order[a:b] for a, b in itertools.pairwise([0, *cuts, len(x)])]
    parts = [accumulate([(x[share], y[share])]) for share in shares]
    while len(parts) > 1:
        one = parts.pop(rng.integers(len(parts)))
        other = parts.pop(rng.integers(len(parts)))
        parts.append(one + other)
    return parts[0], [len(share) for share in shares]


def exact_slope(x: np.ndarray, y: np.ndarray) -> float:
    """Return the slope of the best line through the points (n,) from exact fractions."""
    xs, ys = [Fraction(v) for v in x.tolist()], [Fraction(v) for v in y.tolist()]
    x_mean = sum(xs) / len(xs)
    across = [value - x_mean for value in xs]
    return float(sum(a * b for a, b in zip(across, ys, strict=True)) / sum(a * a for a in across))
