"""The figures of the site that no snippet draws. Each takes data and results, and returns its axes."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from linreg.inputs import as_points
from linreg.line import Line

INK, TRAINED, BEST, MUTED = "black", "orangered", "royalblue", "gray"

# One meaning, one look: the key is what the figures call the line.
LOOKS: dict[str, dict[str, Any]] = {
    "trained": {"color": TRAINED, "linestyle": "-", "linewidth": 2},
    "best": {"color": BEST, "linestyle": "-", "linewidth": 3},
    "hand-drawn": {"color": MUTED, "linestyle": "--", "linewidth": 2},
    "mean": {"color": MUTED, "linestyle": ":", "linewidth": 2},
}


def plot_lines(x: Any, y: Any, lines: Mapping[str, Line], *, ax: Axes | None = None) -> Axes:
    """Draw the students and one or more lines from 0 hours on, each named where it ends.

    x, y: hours and scores, shape (n,). lines: by name, one of "trained", "best", "hand-drawn", "mean".
    ax: where to draw; new axes when None. Returns the axes.

    Raises ValueError for another name, and what `linreg.inputs.as_points` raises.
    """
    x, y = as_points(x, y)
    unknown = [name for name in lines if name not in LOOKS]
    if unknown:
        raise ValueError(f"no look is set for the line {unknown[0]!r}; use one of {', '.join(LOOKS)}")
    ax = _axes(ax)
    ends = np.array([0.0, x.max()])
    for name, line in lines.items():
        ax.plot(ends, line.predict(ends), **LOOKS[name], zorder=2)
    ax.scatter(x, y, color=INK, zorder=3)
    ax.set(xlabel="Study hours", ylabel="Exam score", xlim=(0, x.max() * 1.02), ylim=(0, None))
    ax.locator_params(nbins=5)
    label_ends(ax, {name: (line.predict(ends[1]), LOOKS[name]["color"]) for name, line in lines.items()})
    return ax


def _axes(ax: Axes | None) -> Axes:
    return plt.subplots()[1] if ax is None else ax


def label_ends(ax: Axes, ends: Mapping[str, tuple[float, str]]) -> None:
    """Write each name at the right edge of `ax`, at its y and in its colour, none on another."""
    bottom, top = ax.get_ylim()
    # A label is about 20 points tall, and the axes of the site's figures about 230.
    gap = 20 / 230 * (top - bottom)
    height = -np.inf
    for name, (y, colour) in sorted(ends.items(), key=lambda item: item[1][0]):
        height = max(y, height + gap)
        ax.annotate(
            name,
            xy=(1, height),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            annotation_clip=False,
        )
