"""The figure of "Why did training stop short?" that no other page has."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from linreg import Path
from press.plots import MUTED, TRAINED


def plot_reach(paths: Sequence[Path], ax: Axes) -> Axes:
    """Draw where runs from a square of starts can end: the square, and what it becomes.

    paths: one from each corner of the square, in turn, so that neighbours share a side.
    ax: where to draw. Returns it: intercept across, slope upwards.

    Every run is the same affine map of its start, so starts inside the square end inside its image.
    Raises ValueError for fewer than three paths, which enclose nothing.
    """
    if len(paths) < 3:
        raise ValueError(f"{len(paths)} starts enclose nothing; give one path for each corner")
    for at, colour in ((0, MUTED), (-1, TRAINED)):
        around = [*paths, paths[0]]
        intercepts = [float(path.intercepts[at]) for path in around]
        slopes = [float(path.slopes[at]) for path in around]
        ax.fill(intercepts, slopes, facecolor=colour, alpha=0.4)
        # A wide edge shows also a square that the run has pressed to a line.
        ax.plot(intercepts, slopes, color=colour, linewidth=3)
    ax.set(xlabel="Intercept", ylabel="Slope")
    return ax
