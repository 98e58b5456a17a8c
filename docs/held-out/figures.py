"""The figures of "Will it hold for students we have not met?"."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from linreg import least_squares
from linreg.inputs import as_points
from press.plots import BEST, INK, LOOKS, MUTED, TRAINED, label_ends


def plot_left_out(x: Any, y: Any) -> Axes:
    """Draw, measured from the best line, the students and each one's score as others predict it.

    x, y: hours and scores, shape (n,), n at least 3. Returns the axes.

    Raises what `linreg.leave_one_out` raises.
    """
    x, y = as_points(x, y)
    best, ax = least_squares(x, y), plt.subplots()[1]
    ends = np.array([x.min() - 0.5, x.max() + 0.5])
    ax.plot(ends, [0, 0], **LOOKS["best"], zorder=2)
    for student, (hours, score) in enumerate(zip(x, y, strict=True)):
        others = least_squares(np.delete(x, student), np.delete(y, student))
        ax.plot(ends, others.predict(ends) - best.predict(ends), color=MUTED, linewidth=1, zorder=1)
        ends_of_stroke = np.array([score, others.predict(hours)]) - best.predict(hours)
        ax.plot([hours, hours], ends_of_stroke, color=TRAINED, zorder=3)
        ax.plot(hours, ends_of_stroke[1], "o", color=TRAINED, fillstyle="none", zorder=4)
    ax.scatter(x, y - best.predict(x), color=INK, zorder=5)
    ax.set(xlabel="Study hours", ylabel="Points above the best line", xlim=ends)
    label_ends(ax, {"best": (0.0, BEST)})
    return ax


def plot_splits(apart: np.ndarray, r_squared: np.ndarray) -> Axes:
    """Draw R² on two held-out students against how far apart their scores are.

    apart: in points, shape (n,). r_squared: shape (n,); below zero the scale is logarithmic.
    Returns the axes.
    """
    ax = plt.subplots()[1]
    below = r_squared < 0
    ax.axhline(0, color=INK, linewidth=1, zorder=1)
    ax.scatter(apart[~below], r_squared[~below], color=BEST, zorder=3)
    ax.scatter(apart[below], r_squared[below], color=TRAINED, marker="s", zorder=3)
    ax.set_yscale("symlog", linthresh=1, linscale=1.5)
    ax.set(xlabel="Points between the two scores", ylabel="R² on the two", ylim=(-40, 1.3))
    ax.set_yticks([1, 0.5, 0, -1, -10], ["1", "0.5", "0", "−1", "−10"])
    ax.minorticks_off()
    ax.annotate(
        "worse than the mean of the two",
        xy=(1, 0),
        xycoords=("axes fraction", "data"),
        xytext=(0, -6),
        textcoords="offset points",
        ha="right",
        va="top",
        color=TRAINED,
    )
    return ax
