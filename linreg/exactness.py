"""How exact the ways to compute a best line are: the digits that they get right."""

import math
import statistics
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import torch

from linreg.best import least_squares
from linreg.inputs import as_points

# A float64 has 15 to 17 digits, and certified values are published with 15.
MOST = 15.0

Pair = tuple[float, float]

# Slope and intercept as certified by NIST for norris.csv:
# https://www.itl.nist.gov/div898/strd/lls/data/Norris.shtml
NORRIS: Pair = (1.00211681802045, -0.262323073774029)


def load_norris() -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of NIST's data set Norris, shape (36,): readings of two ozone monitors."""
    path = Path(__file__).with_name("norris.csv")
    x, y = np.loadtxt(path, delimiter=",", skiprows=2).T
    return x, y


def correct_digits(computed: float, certified: float) -> float:
    """Return the log relative error ``-log10(|computed - certified| / |certified|)``, 0 to 15.

    It is about the number of leading digits that are right; 0 for what is not finite.
    Raises ValueError for a certified 0, against which no error is relative.

    >>> from linreg.exactness import correct_digits
    >>> round(correct_digits(0.999, 1.0), 2)
    3.0
    """
    if certified == 0:
        raise ValueError("the certified value is 0; shift the data so that it is another number")
    error = abs(computed - certified) / abs(certified)
    if not math.isfinite(error):
        return 0.0
    return min(max(0.0, -math.log10(error)), MOST) if error else MOST


def worst_digits(
    method: Callable[[np.ndarray, np.ndarray], Pair],
    x: Any,
    y: Any,
    certified: Pair,
    *,
    orders: int = 100,
) -> Pair:
    """Return the correct digits of slope and intercept in the worst of many orders of the points.

    method: takes x and y, shape (n,), and returns slope and intercept, as those of METHODS do.
    x, y: the points, shape (n,). certified: their slope and intercept.
    orders: how many shuffles to try, always the same ones. A line does not depend on the order
    of its points, but its rounding does, so one order alone may be lucky.

    Raises what `linreg.inputs.as_points` and `correct_digits` raise.
    """
    x, y = as_points(x, y)
    rng = np.random.default_rng(0)
    slopes, intercepts = [], []
    for _ in range(orders):
        order = rng.permutation(len(x))
        slope, intercept = method(x[order], y[order])
        slopes.append(correct_digits(slope, certified[0]))
        intercepts.append(correct_digits(intercept, certified[1]))
    return min(slopes), min(intercepts)


def _fractions(x: np.ndarray, y: np.ndarray) -> Pair:
    xs, ys = [Fraction(v) for v in x.tolist()], [Fraction(v) for v in y.tolist()]
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    products = sum((a - x_mean) * (b - y_mean) for a, b in zip(xs, ys, strict=True))
    slope = products / sum((a - x_mean) ** 2 for a in xs)
    return float(slope), float(y_mean - slope * x_mean)


def _least_squares(x: np.ndarray, y: np.ndarray) -> Pair:
    fit = least_squares(x, y)
    return fit.slope, fit.intercept


def _statistics(x: np.ndarray, y: np.ndarray) -> Pair:
    fit = statistics.linear_regression(x.tolist(), y.tolist())
    return fit.slope, fit.intercept


def _polyfit(x: np.ndarray, y: np.ndarray) -> Pair:
    slope, intercept = np.polyfit(x, y, 1).tolist()
    return slope, intercept


def _numpy_lstsq(x: np.ndarray, y: np.ndarray) -> Pair:
    slope, intercept = np.linalg.lstsq(_columns(x), y)[0].tolist()
    return slope, intercept


def _torch_lstsq(
    x: np.ndarray, y: np.ndarray, *, dtype: torch.dtype = torch.float64, driver: str | None = None
) -> Pair:
    columns = torch.as_tensor(_columns(x), dtype=dtype)
    targets = torch.as_tensor(y, dtype=dtype).reshape(-1, 1)
    solution = torch.linalg.lstsq(columns, targets, driver=driver).solution
    slope, intercept = solution.flatten().tolist()
    return slope, intercept


def _torch_float32(x: np.ndarray, y: np.ndarray) -> Pair:
    # The usual driver, gelsy, gives in float32 not always the same for the same points.
    return _torch_lstsq(x, y, dtype=torch.float32, driver="gelsd")


def _normal_equations(x: np.ndarray, y: np.ndarray) -> Pair:
    columns = _columns(x)
    slope, intercept = np.linalg.solve(columns.T @ columns, columns.T @ y).tolist()
    return slope, intercept


def _raw_sums(x: np.ndarray, y: np.ndarray) -> Pair:
    sum_x = sum_y = sum_xx = sum_xy = 0.0
    # One by one: Python's sum() has compensated for rounding since 3.12.
    for a, b in zip(x.tolist(), y.tolist(), strict=True):
        sum_x, sum_y, sum_xx, sum_xy = sum_x + a, sum_y + b, sum_xx + a * a, sum_xy + a * b
    below = len(x) * sum_xx - sum_x * sum_x
    slope = (len(x) * sum_xy - sum_x * sum_y) / below if below else math.nan
    return slope, (sum_y - slope * sum_x) / len(x)


def _columns(x: np.ndarray) -> np.ndarray:
    return np.column_stack([x, np.ones(len(x))])


# By the name that the page gives each, from the most exact down.
METHODS: dict[str, Callable[[np.ndarray, np.ndarray], Pair]] = {
    "exact fractions": _fractions,
    "linreg": _least_squares,
    "statistics": _statistics,
    "numpy.polyfit": _polyfit,
    "numpy lstsq": _numpy_lstsq,
    "torch lstsq": _torch_lstsq,
    "normal equations": _normal_equations,
    "raw sums": _raw_sums,
    "torch float32": _torch_float32,
}
