"""The figures of the site that no snippet draws: each takes data and results, returns its axes."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from linreg.best import LeastSquares
from linreg.convergence import Path
from linreg.inputs import as_points, as_values
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

    x, y: hours and scores, shape (n,). lines: by name, one of "trained", "best", "hand-drawn" and
    "mean". ax: where to draw; new axes when None. Returns the axes.

    Raises ValueError for another name, and what `linreg.inputs.as_points` raises.
    """
    x, y = as_points(x, y)
    _require_looks(lines)
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
    """Write each name at the right edge of `ax`, at its y and in its colour, none on another."""
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


def plot_reach(paths: Sequence[Path], *, ax: Axes | None = None) -> Axes:
    """Draw where runs from a square of starts can end: the square, and what it becomes.

    paths: one from each corner of the square, in turn, so that neighbours share a side.
    ax: where to draw; new axes when None. Returns the axes: intercept across, slope upwards.

    Every run is the same affine map of its start, so starts inside the square end inside its image.
    Raises ValueError for fewer than three paths, which enclose nothing.
    """
    if len(paths) < 3:
        raise ValueError(f"{len(paths)} starts enclose nothing; give one path for each corner")
    ax = _axes(ax)
    for at, colour in ((0, MUTED), (-1, TRAINED)):
        around = [*paths, paths[0]]
        intercepts = [float(path.intercepts[at]) for path in around]
        slopes = [float(path.slopes[at]) for path in around]
        ax.fill(intercepts, slopes, facecolor=colour, alpha=0.4)
        # A wide edge shows also a square that the run has pressed to a line.
        ax.plot(intercepts, slopes, color=colour, linewidth=3)
    ax.set(xlabel="Intercept", ylabel="Slope")
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
    _require_looks(lines)
    ax = _axes(ax)
    ax.axhline(0, color=INK, linewidth=1, zorder=1)
    for marker, (name, line) in zip(itertools.cycle("so^v"), lines.items()):
        colour, residuals = LOOKS[name]["color"], y - line.predict(x)
        ax.vlines(x, 0, residuals, color=colour, linewidth=1.2, zorder=2)
        ax.plot(x, residuals, marker, color=colour, zorder=3)
    ax.set(xlabel="Study hours", ylabel="Residual (points)", xlim=(0, x.max() * 1.02))
    ax.margins(y=0.1)
    ax.locator_params(nbins=5)
    last = np.argmax(x)
    label_ends(
        ax,
        {n: (y[last] - line.predict(x[last]), LOOKS[n]["color"]) for n, line in lines.items()},
    )
    return ax


def plot_error_by_slope(
    x: Any, y: Any, lines: Mapping[str, Line], *, ax: Axes | None = None
) -> Axes:
    """Draw the mean squared error of all lines through the middle of the students, by slope.

    x, y: hours and scores, shape (n,). lines: by name, one of those that `plot_lines` takes; each
    is a dot at its slope and error, on the curve where it runs through the middle and above
    it elsewhere. ax: where to draw; new axes when None. Returns the axes.

    Raises what `plot_lines` raises.
    """
    x, y = as_points(x, y)
    _require_looks(lines)
    ax = _axes(ax)
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


def _require_looks(lines: Mapping[str, Line]) -> None:
    """Raise ValueError for a line whose name has no look."""
    unknown = [name for name in lines if name not in LOOKS]
    if unknown:
        raise ValueError(
            f"no look is set for the line {unknown[0]!r}; use one of {', '.join(LOOKS)}"
        )


def plot_batches(slopes: Any, best: float, *, change: int, ax: Axes | None = None) -> Axes:
    """Draw the slope after each epoch of training in batches, and the best slope for comparison.

    slopes: shape (epochs,), at least two. best: the slope of the best line.
    change: the epoch from which lr is smaller, marked by a vertical line.
    ax: where to draw; new axes when None. Returns the axes.

    Raises what `linreg.inputs.as_values` raises.
    """
    slopes = as_values(slopes, "slopes")
    ax = _axes(ax)
    ax.plot(slopes, color=TRAINED, linewidth=1)
    ax.axhline(best, color=BEST, linewidth=3, linestyle="--")
    ax.axvline(change, color=MUTED, linewidth=1, linestyle=":")
    # Most of the first descent is left out: the jumps are what there is to see.
    reach = 1.5 * max(abs(slopes[len(slopes) // 2 :] - best))
    ax.set(xlabel="Epoch", ylabel="Slope", xlim=(0, len(slopes)), ylim=(best - reach, best + reach))
    ax.locator_params(nbins=5)
    label_ends(ax, {"best": (best, BEST)})
    for text, side, away in (("larger lr", "right", -6), ("smaller", "left", 6)):
        ax.annotate(
            text,
            xy=(change, best + reach),
            xytext=(away, -4),
            textcoords="offset points",
            ha=side,
            va="top",
            color=MUTED,
        )
    return ax


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


def plot_outside(
    x: Any, y: Any, fit: LeastSquares, *, upto: float, ceiling: float, ax: Axes | None = None
) -> Axes:
    """Draw `plot_bands` beyond the last student, and the highest score that is possible.

    x, y, fit, ax: as in `plot_bands`. upto: hours at which the picture ends, more than the last
    student's. ceiling: the highest possible score. Returns the axes.

    Raises ValueError for an `upto` among the students, and what `plot_bands` raises.
    """
    last = as_points(x, y)[0].max()
    if not upto > last:
        raise ValueError(f"upto={upto} is not outside the data, which end at {last}; give more")
    ax = plot_bands(x, y, fit, upto=upto, ax=ax)
    ax.axhline(ceiling, color=INK, linewidth=1.2)
    ax.axvline(last, color=MUTED, linewidth=1.2, linestyle=":")
    ax.annotate("highest score", (0, ceiling), (6, 4), textcoords="offset points", va="bottom")
    ax.annotate("no data", (last, 0), (5, 6), textcoords="offset points", color=MUTED, va="bottom")
    return ax


def plot_leverage(x: Any, fit: LeastSquares, *, ax: Axes | None = None) -> Axes:
    """Draw the leverage of each student on the curve of all, and 1 / n, the least there can be.

    x: hours, shape (n,). fit: the best line of these students. ax: where to draw; new axes when
    None. Returns the axes.

    Raises what `linreg.inputs.as_values` raises.
    """
    x = as_values(x, "x")
    ax = _axes(ax)
    grid = np.linspace(0, x.max(), 81)
    ax.plot(grid, fit.leverage(grid), color=BEST, linewidth=1.5, zorder=2)
    ax.axhline(1 / fit.n, color=MUTED, linestyle=":", zorder=1)
    ax.scatter(x, fit.leverage(x), color=INK, zorder=3, clip_on=False)
    ax.set(xlabel="Study hours", ylabel="Leverage", xlim=(0, x.max() * 1.02), ylim=(0, None))
    ax.locator_params(nbins=5)
    label_ends(ax, {f"1/{fit.n}": (1 / fit.n, MUTED)})
    return ax


def plot_digits(shifts: Any, digits: Mapping[str, Any], *, ax: Axes | None = None) -> Axes:
    """Draw how many digits each method keeps as x moves from zero, each named where it ends.

    shifts: what was added to x, shape (n,), positive. digits: by method, shape (n,); the first is
    drawn as the best. ax: where to draw; new axes when None. Returns the axes.

    Raises ValueError for a method whose digits are not one per shift, and what
    `linreg.inputs.as_values` raises.
    """
    shifts = as_values(shifts, "shifts")
    columns = {name: as_values(values, name) for name, values in digits.items()}
    for name, values in columns.items():
        if len(values) != len(shifts):
            raise ValueError(f"{name} has {len(values)} digits for {len(shifts)} shifts")
    looks = [("-", BEST, 3.0), ("-", INK, 1.5), ("--", INK, 1.5), ("-", MUTED, 1.5)]
    looks.append((":", MUTED, 2.0))
    ax = _axes(ax)
    ends = {}
    for (name, values), (dash, colour, width) in zip(columns.items(), itertools.cycle(looks)):
        ax.plot(shifts, values, dash, color=colour, linewidth=width)
        ends[name] = (float(values[-1]), colour)
    ax.set(xscale="log", xlabel="Added to x", ylabel="Correct digits", ylim=(-1, 15.5))
    ax.set(xlim=(shifts[0], shifts[-1]), xticks=[1, 1e3, 1e6, 1e9], yticks=[0, 5, 10, 15])
    ax.minorticks_off()
    label_ends(ax, ends)
    return ax
