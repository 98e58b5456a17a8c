"""What only the page "More data than one machine holds" needs."""

import itertools
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from linreg import Sums, accumulate
from press.plots import BEST, INK, MUTED, TRAINED

LOOKS = {
    "linreg": {"color": BEST, "linewidth": 3, "marker": "o"},
    "Polars": {"color": TRAINED, "linestyle": "-", "marker": "s"},
    "DuckDB": {"color": TRAINED, "linestyle": "--", "marker": "^"},
    "SciPy": {"color": MUTED, "linestyle": "-", "marker": "v"},
    "NumPy": {"color": MUTED, "linestyle": "--", "marker": "D"},
    "scikit-learn": {"color": MUTED, "linestyle": ":", "marker": "x"},
    "statsmodels": {"color": INK, "linestyle": ":", "marker": "+"},
}


def read_measured() -> dict[str, Any]:
    """Return what `nox -s bench -- --record` has measured, and where and when."""
    path = Path(__file__).with_name("measured.json")
    return json.loads(path.read_text(encoding="utf-8"))


def of(measured: dict[str, Any], what: str, source: str, method: str) -> dict[int, float]:
    """Return "seconds" or "mib" of a method by n, from "memory" or a "parquet" file."""
    rows = measured["measured"]
    return {r["n"]: r[what] for r in rows if (r["source"], r["method"]) == (source, method)}


def plot_measured(measured: dict[str, Any], what: str, source: str) -> Axes:
    """Draw time or memory of each method against the number of rows, both axes logarithmic.

    measured: what `read_measured` returns. what, source: as for `of`. Returns the axes.
    """
    ax = plt.subplots(figsize=(6.4, 5.4))[1]
    for method, look in LOOKS.items():
        found = of(measured, what, source, method)
        values = [max(value, 1) if what == "mib" else value for value in found.values()]
        ax.plot([*found], values, **{"linewidth": 1.5, "markersize": 5, **look})
    ax.set(xscale="log", yscale="log", xlabel="Rows")
    ax.set_ylabel("Seconds" if what == "seconds" else "MiB beside the data")
    ax.legend(LOOKS, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return ax


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
