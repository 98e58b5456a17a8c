"""The figures of "What if one score is wrong?", and the lines that they draw."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from scipy.optimize import minimize

from linreg import least_squares
from press.plots import BEST, INK, TRAINED, label_ends


def least_absolute(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return slope and intercept of the line with the least sum of absolute residuals.

    One of the best passes through two points, so all pairs are tried. x: all different.
    """
    tried = []
    for i, j in itertools.combinations(range(len(x)), 2):
        slope = (y[j] - y[i]) / (x[j] - x[i])
        intercept = y[i] - slope * x[i]
        tried.append((abs(y - slope * x - intercept).sum(), slope, intercept))
    _, slope, intercept = min(tried)
    return slope, intercept


def huber_line(x: np.ndarray, y: np.ndarray, delta: float) -> tuple[float, float]:
    """Return slope and intercept of the line with the least sum of Huber losses."""
    columns = np.column_stack([x - x.mean(), np.ones(len(x))])

    def loss(line: np.ndarray) -> tuple[float, np.ndarray]:
        residuals = y - columns @ line
        pull = np.clip(residuals, -delta, delta)
        return float(np.sum(pull * (residuals - pull / 2))), -columns.T @ pull

    found = minimize(loss, (0.0, np.median(y)), jac=True, method="BFGS", options={"gtol": 1e-9})
    slope, middle = found.x
    return slope, middle - slope * x.mean()


def plot_outlier(x: np.ndarray, y: np.ndarray) -> Axes:
    """Draw the scores and the lines of three losses. Returns the axes."""
    ax = plt.subplots()[1]
    ends = np.array([0.5, 8.5])
    squares = least_squares(x, y)
    lines = {
        "squares": ((squares.slope, squares.intercept), TRAINED, "-"),
        "absolute": (least_absolute(x, y), BEST, "-"),
        "Huber": (huber_line(x, y, 10.0), INK, "--"),
    }
    heights = {}
    for name, ((slope, intercept), colour, dash) in lines.items():
        ax.plot(ends, slope * ends + intercept, dash, color=colour, zorder=2)
        heights[name] = (float(slope * ends[1] + intercept), colour)
    ax.scatter(x, y, color=INK, zorder=3)
    ax.set(xlabel="Study hours", ylabel="Exam score", xlim=ends, ylim=(0, 110))
    label_ends(ax, heights)
    return ax


def plot_pulls(*, delta: float) -> Axes:
    """Draw how hard a score pulls at the line, by its distance, for three losses.

    delta: Huber's. Each is scaled to be seen beside the others. Returns the axes.
    """
    ax = plt.subplots(figsize=(6.4, 3.2))[1]
    away = np.linspace(-30, 30, 241)
    ax.plot(away, away, color=TRAINED)
    ax.plot(away, delta / 2 * np.sign(away), color=BEST, drawstyle="steps-mid")
    ax.plot(away, np.clip(away, -delta, delta), "--", color=INK)
    label_ends(ax, {"squares": (30, TRAINED), "Huber": (delta, INK), "absolute": (delta / 2, BEST)})
    ax.set(xlabel="Points above the line", ylabel="Pull", xlim=(-30, 30))
    return ax
