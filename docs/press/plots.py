"""Figures that several pages draw: each takes data and results, and returns its axes."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from linreg import HAND_DRAWN, LeastSquares, Line, Path, descent_path, least_squares
from linreg.data import Study
from linreg.inputs import as_points, as_values

INK, TRAINED, BEST, MUTED = "black", "orangered", "royalblue", "gray"

# One meaning, one look: the key is what the figures call the line.
LOOKS: dict[str, dict[str, Any]] = {
    "trained": {"color": TRAINED, "linestyle": "-", "linewidth": 2},
    "best": {"color": BEST, "linestyle": "-", "linewidth": 3},
    "hand-drawn": {"color": MUTED, "linestyle": "--", "linewidth": 2},
    "mean": {"color": MUTED, "linestyle": ":", "linewidth": 2},
}
# What stands at the end of a residual: in all figures the same for the same line.
MARKS = {"trained": "s", "best": "o", "hand-drawn": "^", "mean": "v"}


def plot_lines(x: Any, y: Any, lines: Mapping[str, Line], *, ax: Axes | None = None) -> Axes:
    """Draw the students and one or more lines from 0 hours on, each named where it ends.

    x, y: hours and scores, shape (n,). lines: by name, one of "trained", "best", "hand-drawn" and
    "mean". ax: where to draw; new axes when None. Returns the axes.

    Raises ValueError for another name, and what `linreg.inputs.as_points` raises.
    """
    x, y = as_points(x, y)
    require_looks(lines)
    ax = _axes(ax)
    ends = np.array([0.0, x.max()])
    for name, line in lines.items():
        ax.plot(ends, line.predict(ends), **LOOKS[name], zorder=2)
    ax.scatter(x, y, color=INK, zorder=3)
    ax.set(xlabel="Study hours", ylabel="Exam score", xlim=(0, x.max() * 1.02), ylim=(0, None))
    ax.locator_params(nbins=5)
    label_ends(
        ax, {name: (line.predict(ends[1]), LOOKS[name]["color"]) for name, line in lines.items()}
    )
    return ax


def _axes(ax: Axes | None) -> Axes:
    return plt.subplots()[1] if ax is None else ax


def label_ends(ax: Axes, ends: Mapping[str, tuple[float, str]]) -> None:
    """Write each name at the right edge of `ax`, at its y and in its colour, without overlap."""
    bottom, top = ax.get_ylim()
    # A label is about 20 points tall, and the axes of the site's figures about 230.
    gap = 20 / 230 * (top - bottom)
    names = sorted(ends, key=lambda name: ends[name][0])
    for name, height in zip(names, _spread([ends[name][0] for name in names], gap), strict=True):
        ax.annotate(
            name,
            xy=(1, height),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            color=ends[name][1],
            annotation_clip=False,
        )


def _spread(heights: list[float], gap: float) -> list[float]:
    """Return the rising `heights` moved as little as leaves `gap` between any two."""
    groups: list[tuple[float, int]] = []
    for number, height in enumerate(heights):
        # Without the gaps below each, labels that touch share one height: that of their mean.
        mean, count = height - number * gap, 1
        while groups and groups[-1][0] > mean:
            other, others = groups.pop()
            mean, count = (mean * count + other * others) / (count + others), count + others
        groups.append((mean, count))
    level = [mean for mean, count in groups for _ in range(count)]
    return [height + number * gap for number, height in enumerate(level)]


def plot_loss_surface(
    x: Any, y: Any, best: Line, *, levels: Sequence[float], ax: Axes | None = None
) -> Axes:
    """Draw the mean squared error over all lines: one contour for each level, around the best line.

    x, y: the points, shape (n,). best: the least-squares line of these points.
    levels: mean squared errors, in squared units of y, each above that of `best`.
    ax: where to draw; new axes when None. Returns the axes: intercept across, slope upwards.

    The error is quadratic, so a contour is an ellipse, and is drawn from its formula.
    Raises ValueError for a level that no line reaches, and what `linreg.inputs.as_points` raises.
    """
    x, y = as_points(x, y)
    lowest = best.mean_squared_error(x, y)
    reached = [level for level in levels if level > lowest]
    if len(reached) < len(levels):
        raise ValueError(f"no line has an error below {lowest:.6g}; raise the levels {levels}")
    ax = _axes(ax)
    hessian = 2 / len(x) * np.array([[x @ x, x.sum()], [x.sum(), len(x)]])
    eigenvalues, eigenvectors = np.linalg.eigh(hessian)
    angle = np.linspace(0, 2 * np.pi, 181)
    circle = np.array([np.cos(angle), np.sin(angle)])
    for level in levels:
        radii = np.sqrt(2 * (level - lowest) / eigenvalues)
        slopes, intercepts = eigenvectors @ (radii[:, None] * circle)
        ax.plot(best.intercept + intercepts, best.slope + slopes, color=MUTED, linewidth=1)
    ax.plot(best.intercept, best.slope, "o", color=BEST, markersize=9, zorder=4)
    ax.set(xlabel="Intercept", ylabel="Slope")
    return ax


def plot_path(path: Path, *, ax: Axes | None = None) -> Axes:
    """Draw the way of gradient descent over intercept (across) and slope (upwards), with both ends.

    path: what `linreg.descent_path` returns. ax: where to draw; new axes when None. Returns it.
    """
    ax = _axes(ax)
    at = _thinned(len(path.slopes))
    ax.plot(path.intercepts[at], path.slopes[at], color=TRAINED, zorder=3)
    ax.plot(path.intercepts[0], path.slopes[0], "o", color=TRAINED, fillstyle="none", zorder=4)
    ax.plot(path.intercepts[-1], path.slopes[-1], "o", color=TRAINED, zorder=4)
    ax.set(xlabel="Intercept", ylabel="Slope")
    return ax


def plot_losses(
    losses: Mapping[str, Sequence[float]],
    looks: Mapping[str, Mapping[str, Any]],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw losses by epoch, the first being epoch 1, both axes logarithmic.

    losses: by name, the loss before each epoch's step, shape (epochs,), each above 0.
    looks: by the same names, what `Axes.plot` knows of colours and dashes.
    ax: where to draw; new axes when None. Returns the axes.

    Raises ValueError for a loss that a logarithm cannot show.
    """
    ax = _axes(ax)
    for name, values in losses.items():
        column = np.asarray(values, dtype=float)
        if not (np.isfinite(column).all() and (column > 0).all()):
            raise ValueError(
                f"the losses of {name!r} are not all above 0 and finite; leave the others out"
            )
        at = _thinned(len(column))
        ax.plot(at + 1, column[at], **looks.get(name, {}))
    ax.set(xscale="log", yscale="log", xlabel="Epoch", ylabel="Loss")
    return ax


def _thinned(n: int) -> np.ndarray:
    """Return about 200 of the places 0 to n - 1: the first all, then ever sparser, and the last."""
    return np.unique(np.geomspace(1, n, 200).round().astype(int)) - 1


def plot_loss_shape(losses: Any, *, ax: Axes | None = None) -> Axes:
    """Draw how a loss went, without numbers: only its shape matters, as in a table of symptoms.

    losses: one per epoch, shape (n,). ax: where to draw; new axes when None. Returns the axes.

    Raises what `linreg.inputs.as_values` raises.
    """
    losses = as_values(losses, "losses")
    ax = _axes(ax)
    ax.plot(losses, color=TRAINED)
    return _without_ticks(ax, "epoch", "loss")


def plot_line_shape(x: Any, y: Any, line: Line, *, ax: Axes | None = None) -> Axes:
    """Draw points and a trained line from x = 0 on, without numbers: only the shape matters.

    x, y: shape (n,), x positive. ax: where to draw; new axes when None. Returns the axes.

    Raises what `linreg.inputs.as_points` raises.
    """
    x, y = as_points(x, y)
    ax = _axes(ax)
    ends = np.array([0.0, x.max()])
    ax.plot(ends, line.predict(ends), **LOOKS["trained"], zorder=2)
    ax.scatter(x, y, color=INK, s=25, zorder=3)
    ax.set_ylim(0, None)
    return _without_ticks(ax, "x", "y")


def _without_ticks(ax: Axes, xlabel: str, ylabel: str) -> Axes:
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.tick_params(which="both", length=0, labelbottom=False, labelleft=False)
    ax.grid(False)
    return ax


def plot_residuals(x: Any, y: Any, lines: Mapping[str, Line], *, ax: Axes | None = None) -> Axes:
    """Draw how far each student is above or below one or more lines, each named at its last point.

    x, y: hours and scores, shape (n,). lines: by name, one of those that `plot_lines` takes.
    ax: where to draw; new axes when None. Returns the axes.

    Raises what `plot_lines` raises.
    """
    x, y = as_points(x, y)
    require_looks(lines)
    ax = _axes(ax)
    ax.axhline(0, color=INK, linewidth=1, zorder=1)
    for name, line in lines.items():
        colour, residuals = LOOKS[name]["color"], y - line.predict(x)
        ax.vlines(x, 0, residuals, color=colour, linewidth=1.2, zorder=2)
        ax.plot(x, residuals, MARKS[name], color=colour, zorder=3)
    ax.set(xlabel="Study hours", ylabel="Residual (points)", xlim=(0, x.max() * 1.02))
    ax.margins(y=0.1)
    ax.locator_params(nbins=5)
    last = np.argmax(x)
    label_ends(
        ax,
        {n: (y[last] - line.predict(x[last]), LOOKS[n]["color"]) for n, line in lines.items()},
    )
    return ax


def require_looks(lines: Mapping[str, Line]) -> None:
    """Raise ValueError for a line whose name has no look."""
    unknown = [name for name in lines if name not in LOOKS]
    if unknown:
        raise ValueError(
            f"no look is set for the line {unknown[0]!r}; use one of {', '.join(LOOKS)}"
        )


def plot_bands(
    x: Any, y: Any, fit: LeastSquares, *, upto: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the students and the best line with its 95 % bands, each named where it ends.

    x, y: hours and scores, shape (n,), n at least 3. fit: their best line; it is solid among the
    students and dashed elsewhere. upto: hours where the picture ends, the last student's when
    None. ax: where to draw; new axes when None. Returns the axes.

    Raises what `linreg.inputs.as_points` and `LeastSquares.confidence_interval` raise.
    """
    x, y = as_points(x, y)
    grid = np.linspace(0.0, x.max() if upto is None else upto, 97)
    mean, single = fit.confidence_interval(grid), fit.prediction_interval(grid)
    ax = _axes(ax)
    ax.fill_between(grid, *single, color=BEST, alpha=0.15, linewidth=0)
    ax.fill_between(grid, *mean, color=BEST, alpha=0.3, linewidth=0)
    ax.plot(grid, fit.predict(grid), color=BEST, linewidth=2, linestyle="--", zorder=2)
    among = np.array([x.min(), x.max()])
    ax.plot(among, fit.predict(among), **LOOKS["best"], zorder=2)
    ax.scatter(x, y, color=INK, zorder=3)
    ax.set(xlabel="Study hours", ylabel="Exam score", xlim=(0, grid[-1] * 1.02), ylim=(0, None))
    ax.locator_params(nbins=5)
    ends = {"best": fit.predict(grid[-1]), "mean": mean[1][-1], "one student": single[1][-1]}
    label_ends(ax, {name: (float(end), BEST) for name, end in ends.items()})
    return ax


def draw_by_hand(study: Study) -> None:
    """Draw the hand-drawn line, with a stroke to each student."""
    ax = plot_lines(study.x, study.y, {"hand-drawn": HAND_DRAWN})
    ax.vlines(study.x, study.y, HAND_DRAWN.predict(study.x), color=MUTED, linewidth=1.2)


def draw_training(study: Study, trained: Line, start: tuple[float, float]) -> None:
    """Draw the documented run twice: its line among the students, its path on the map.

    start: slope and intercept where it begins.
    """
    best = least_squares(study.x, study.y)
    path = descent_path(study.x, study.y, lr=1e-4, epochs=1000, start=start)
    _, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.2))
    plot_lines(study.x, study.y, {"trained": trained, "best": best}, ax=left)
    plot_loss_surface(study.x, study.y, best, levels=[1e4, 3e4, 1e5, 3e5, 6e5], ax=right)
    plot_path(path, ax=right)
    right.set(xlim=(-50, 480), ylim=(-3, 22))
    right.grid(False)


def draw_units(study: Study) -> None:
    """Draw the map of all lines for the hours in tens, in ones and standardised."""
    hours = study.x.double()
    standard = (hours - hours.mean()) / hours.std(correction=0)
    units = {"in tens": hours, "in ones": hours / 10, "standardised": standard}
    _, axes = plt.subplots(1, 3, figsize=(6.4, 2.6))
    for ax, (name, x) in zip(axes, units.items(), strict=True):
        line = least_squares(x, study.y)
        lowest = line.mean_squared_error(x, study.y)
        plot_loss_surface(x, study.y, line, levels=[lowest + 100 * k for k in (1, 4, 10)], ax=ax)
        ax.set_aspect("equal", adjustable="datalim")
        ax.tick_params(length=0, labelbottom=False, labelleft=False)
        ax.set(title=name, ylabel="Slope" if ax is axes[0] else "")
        ax.grid(False)
