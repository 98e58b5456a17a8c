"""The figure of "Is it the best line?" that no other page has."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from linreg import Line
from linreg.inputs import as_points
from press.plots import INK, LOOKS, require_looks


def plot_error_by_slope(x: Any, y: Any, lines: Mapping[str, Line]) -> Axes:
    """Draw the mean squared error of all lines through the middle of the students, by slope.

    x, y: hours and scores, shape (n,). lines: by name, one of those that `plot_lines` takes; each
    is a dot at its slope and error, on the curve where it runs through the middle and above
    it elsewhere. Returns the axes.

    Raises what `plot_lines` raises.
    """
    x, y = as_points(x, y)
    require_looks(lines)
    ax = plt.subplots()[1]
    ends = [line.slope for line in lines.values()]
    room = 0.15 * (max(ends) - min(ends)) or 1.0
    slopes = np.linspace(min(ends) - room, max(ends) + room, 100)
    residuals = (y - y.mean()) - np.outer(slopes, x - x.mean())
    curve = np.mean(residuals**2, axis=1)
    lowest = slopes[curve.argmin()]
    ax.plot(slopes, curve, color=INK, linewidth=1.5, zorder=2)
    for name, line in lines.items():
        error, colour = line.mean_squared_error(x, y), LOOKS[name]["color"]
        below = float(np.interp(line.slope, slopes, curve))
        ax.vlines(line.slope, below, error, color=colour, linewidth=1.2, zorder=2)
        ax.plot(line.slope, error, "o", color=colour, markersize=9, zorder=3)
        # Beside the curve: outside the bowl for a dot on it, inside for a dot above it.
        side = np.sign(line.slope - lowest) * (-1 if error > 1.05 * below else 1)
        if error < 1.05 * curve.min():
            side = 0
        ax.annotate(
            name,
            (line.slope, error),
            (10 * side, -6 * abs(side) if error < 1.05 * below else 0) if side else (0, 14),
            textcoords="offset points",
            ha={-1: "right", 0: "center", 1: "left"}[int(side)],
            va="center",
            color=colour,
        )
    ax.set(xlabel="Slope (points per hour)", ylabel="Mean squared error", ylim=(0, None))
    ax.locator_params(nbins=5)
    return ax
