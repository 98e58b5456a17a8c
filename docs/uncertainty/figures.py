"""The figures of "How sure can eight students make us?" that no other page has."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from linreg import LeastSquares
from linreg.inputs import as_points, as_values
from press.plots import BEST, INK, MUTED, label_ends, plot_bands


def plot_outside(x: Any, y: Any, fit: LeastSquares, *, upto: float, ceiling: float) -> Axes:
    """Draw `plot_bands` beyond the last student, and the highest score that is possible.

    x, y, fit: as in `plot_bands`. upto: hours at which the picture ends, more than the last
    student's. ceiling: the highest possible score. Returns the axes.

    Raises ValueError for an `upto` among the students, and what `plot_bands` raises.
    """
    last = as_points(x, y)[0].max()
    if not upto > last:
        raise ValueError(f"upto={upto} is not outside the data, which end at {last}; give more")
    ax = plot_bands(x, y, fit, upto=upto)
    ax.axhline(ceiling, color=INK, linewidth=1.2)
    ax.axvline(last, color=MUTED, linewidth=1.2, linestyle=":")
    ax.annotate("highest score", (0, ceiling), (6, 4), textcoords="offset points", va="bottom")
    ax.annotate("no data", (last, 0), (5, 6), textcoords="offset points", color=MUTED, va="bottom")
    return ax


def plot_leverage(x: Any, fit: LeastSquares) -> Axes:
    """Draw the leverage of each student on the curve of all, and 1 / n, the least there can be.

    x: hours, shape (n,). fit: the best line of these students. Returns the axes.

    Raises what `linreg.inputs.as_values` raises.
    """
    x = as_values(x, "x")
    ax = plt.subplots()[1]
    grid = np.linspace(0, x.max(), 81)
    ax.plot(grid, fit.leverage(grid), color=BEST, linewidth=1.5, zorder=2)
    ax.axhline(1 / fit.n, color=MUTED, linestyle=":", zorder=1)
    ax.scatter(x, fit.leverage(x), color=INK, zorder=3, clip_on=False)
    ax.set(xlabel="Study hours", ylabel="Leverage", xlim=(0, x.max() * 1.02), ylim=(0, None))
    ax.locator_params(nbins=5)
    label_ends(ax, {f"1/{fit.n}": (1 / fit.n, MUTED)})
    return ax
