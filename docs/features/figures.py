"""The figures of "What if more than hours counts?"."""

from collections.abc import Iterable, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from press.plots import BEST, INK, MUTED, TRAINED


def plot_alone(
    names: Iterable[str], alone: np.ndarray, together: np.ndarray, half: np.ndarray
) -> Axes:
    """Draw for each feature its slope when asked alone and together with the others.

    alone, together: for one standard deviation, shape (d,). half: of the intervals around the
    slopes together. Returns the axes.
    """
    names = list(names)
    ax = plt.subplots(figsize=(6.4, 4.2))[1]
    places = np.arange(len(names))[::-1]
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    for place, one, all_ in zip(places, alone, together, strict=True):
        # Up to the rim of the open dot, which has no ground of its own in the light or the dark.
        rim = np.clip(all_ - one, -0.8, 0.8)
        ax.plot([one + rim, all_], [place, place], color=MUTED, linewidth=1, zorder=2)
    ax.plot(alone, places, "o", color=MUTED, markerfacecolor="none", zorder=3)
    ax.hlines(places, together - half, together + half, color=BEST, linewidth=2, zorder=4)
    ax.plot(together, places, "o", color=BEST, zorder=4)
    ax.set_yticks(places, names)
    ax.set(xlabel="Points for one standard deviation")
    ax.grid(False, axis="y")
    return ax


def plot_two_valleys(
    table: pd.DataFrame,
    y: pd.Series,
    pairs: Sequence[tuple[str, str]],
    *,
    lr: float,
    epochs: int,
) -> list[Axes]:
    """Draw the loss over the slopes of each pair of features, and gradient descent from zero.

    table: standardised. Each pair is fitted by itself. Returns the axes.
    """
    axes = plt.subplots(1, len(pairs), figsize=(6.4, 3.4))[1]
    angle = np.linspace(0, 2 * np.pi, 181)
    for ax, pair in zip(axes, pairs, strict=True):
        z = table[list(pair)].to_numpy()
        hessian = 2 * z.T @ z / len(z)
        best = np.linalg.solve(hessian, 2 * z.T @ y.to_numpy() / len(z))
        eigenvalues, eigenvectors = np.linalg.eigh(hessian)
        for level in (20, 100, 300, 800, 1600):
            radii = np.sqrt(2 * level / eigenvalues)
            ring = eigenvectors @ (radii[:, None] * np.array([np.cos(angle), np.sin(angle)]))
            ax.plot(*(best[:, None] + ring), color=MUTED, linewidth=1)
        path = [np.zeros(2)]
        for _ in range(epochs):
            path.append(path[-1] - lr * hessian @ (path[-1] - best))
        ax.plot(*np.array(path).T, "o-", color=TRAINED, markersize=4, zorder=3)
        ax.plot(*best, "o", color=BEST, markersize=9, zorder=4)
        ax.set(xlabel=f"Slope of {pair[0]}", ylabel=f"Slope of {pair[1]}")
        ax.set(xlim=(best[0] - 45, best[0] + 45), ylim=(best[1] - 45, best[1] + 45))
        ax.grid(False)
    return list(axes)
