"""The figures of "Why not a curve through all points?"."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.polynomial import Polynomial

from linreg import descent_path, least_squares
from press.plots import BEST, INK, LOOKS, TRAINED, plot_loss_surface

# Where the charts of errors end: no logarithm has a place for the zero of a perfect curve.
FLOOR = 0.1


def plot_curves(x: np.ndarray, y: np.ndarray) -> tuple[Axes, Axes]:
    """Draw the best line and the curve through all students, and the errors of each degree.

    x, y: hours and scores, shape (n,), all hours different. Returns both axes.
    """
    top = len(x) - 1
    _, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.4))
    grid = np.linspace(0, 9.5, 191)
    left.plot(grid, Polynomial.fit(x, y, top)(grid), color=TRAINED, zorder=2)
    left.plot(grid, least_squares(x, y).predict(grid), **LOOKS["best"], zorder=1)
    left.scatter(x, y, color=INK, zorder=3)
    left.set(xlabel="Study hours", ylabel="Exam score", xlim=(0, 9.5), ylim=(0, 140))
    left.set_xticks(range(0, 10, 3))
    known = [np.square(y - Polynomial.fit(x, y, degree)(x)).mean() for degree in range(top)]
    right.plot(range(top + 1), [*known, FLOOR / 10], "o-", color=INK)
    right.plot(range(top), [new_error(x, y, degree) for degree in range(top)], "o-", color=TRAINED)
    right.set(xlabel="Degree", ylabel="Error", yscale="log", ylim=(FLOOR, 1e5))
    right.set_xticks(range(top + 1))
    right.minorticks_off()
    return left, right


def new_error(x: np.ndarray, y: np.ndarray, degree: int) -> float:
    """Return the mean squared error on each student of a curve through the others."""
    keep = [np.arange(len(x)) != student for student in range(len(x))]
    found = [Polynomial.fit(x[k], y[k], degree)(at) for k, at in zip(keep, x, strict=True)]
    return float(np.square(y - found).mean())


def plot_weights(hours: np.ndarray, line: np.ndarray, curve: np.ndarray) -> Axes:
    """Draw how much each student's score counts in a prediction, as two bars side by side."""
    ax = plt.subplots(figsize=(6.4, 3.2))[1]
    # With an edge: some weights of the line are so near zero that a bar alone would not be seen.
    ax.bar(hours - 0.2, line, width=0.34, color=BEST, edgecolor=BEST, linewidth=1.6, zorder=3)
    ax.bar(hours + 0.2, curve, width=0.36, color=TRAINED)
    ax.axhline(0, color=INK, linewidth=1)
    ax.set(xlabel="Study hours", ylabel="Weight")
    ax.set_xticks(hours)
    return ax


def plot_map(x: np.ndarray, y: np.ndarray, *, weight_decay: float, lr: float) -> Axes:
    """Draw where prices move the lowest point, and the path of a training from zero.

    weight_decay: marked on the ways. lr: of the training. Returns the axes.
    """
    best = least_squares(x, y)
    ax = plt.subplots(figsize=(6.4, 4.2))[1]
    plot_loss_surface(x, y, best, levels=[50, 150, y.var(), 600, 1200], ax=ax)
    decays = np.concatenate([[0], np.geomspace(1e-3, 1e5, 200)])
    for which, style in (((1, 0), ":"), ((1, 1), "-")):
        slopes, intercepts = np.array([lowest(x, y, d * np.array(which)) for d in decays]).T
        ax.plot(intercepts, slopes, color=INK, linestyle=style, zorder=3)
        slope, intercept = lowest(x, y, weight_decay * np.array(which))
        ax.plot(intercept, slope, "o", color=INK, zorder=4)
    path = descent_path(x, y, lr=lr, epochs=4000, start=(0, 0))
    ax.plot(path.intercepts, path.slopes, color=TRAINED, linestyle="--", zorder=2)
    for at, words, colour in (
        ((44, 8.2), "best", BEST),
        ((58, 3.2), "price on the slope", INK),
        ((5, 4), "price on both", INK),
        ((8, 14.4), "training from zero", TRAINED),
    ):
        ax.text(*at, words, color=colour)
    ax.set(xlim=(-3, 90), ylim=(-1, 16))
    ax.grid(False)
    return ax


def lowest(x: np.ndarray, y: np.ndarray, decays: np.ndarray) -> np.ndarray:
    """Return slope and intercept of the least loss, with a weight decay for each of the two."""
    columns = np.column_stack([x, np.ones_like(x)])
    found: np.ndarray = np.linalg.solve(
        2 / len(x) * columns.T @ columns + np.diag(decays), 2 / len(x) * columns.T @ y
    )
    return found


def held_back_errors(x: np.ndarray, y: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
    """Return the errors of the curve through all students, held back in two ways.

    By "epochs" of a training from zero with lr 0.1, and by "prices", large ones first: where it
    was held ("at"), and its mean squared error on "known" and on "new" students, shape (n,) each.
    """
    degree = len(x) - 1
    powers = ((x.reshape(-1, 1) - 4.5) / 3.5) ** np.arange(1, degree + 1)
    epochs = np.unique(np.geomspace(1, 1e6, 160).round())
    prices = np.geomspace(10, 1e-8, 160)

    def errors_on(seen: np.ndarray, asked: np.ndarray) -> list[np.ndarray]:
        """Return squared errors, shape (n,), on those who are `asked`, for both ways."""
        mean, deviation = powers[seen].mean(axis=0), powers[seen].std(axis=0)
        columns = (powers - mean) / deviation
        left, sizes, right = np.linalg.svd(columns[seen], full_matrices=False)
        curvatures = 2 / seen.sum() * sizes**2
        parts = left.T @ (y[seen] - y[seen].mean()) / sizes
        kept = 1 - (1 - 0.1 * curvatures) ** epochs[:, None]
        allowed = curvatures / (curvatures + 2 * prices[:, None])
        guesses = [share * parts @ right @ columns[asked].T for share in (kept, allowed)]
        return [np.square(guess + y[seen].mean() - y[asked]).mean(axis=1) for guess in guesses]

    everyone = np.ones(len(x), dtype=bool)
    known = errors_on(everyone, everyone)
    each = [np.arange(len(x)) == student for student in range(len(x))]
    left_out = zip(*[errors_on(~student, student) for student in each], strict=True)
    new = [np.mean(way, axis=0) for way in left_out]
    return {
        name: {"at": at, "known": known[k], "new": new[k]}
        for k, (name, at) in enumerate({"epochs": epochs, "prices": prices}.items())
    }


def plot_held_back(errors: dict[str, dict[str, np.ndarray]], *, level: float) -> None:
    """Draw what `held_back_errors` returns; level: the line's error on new students."""
    _, axes = plt.subplots(1, 2, figsize=(6.4, 3.4), sharey=True)
    for ax, (name, side) in zip(axes, errors.items(), strict=True):
        ax.plot(side["at"], side["new"], color=TRAINED)
        ax.plot(side["at"], side["known"], color=INK, linestyle="--")
        ax.axhline(level, color=BEST, zorder=1)
        ax.set(xscale="log", yscale="log", ylim=(FLOOR, 1e5), xlabel=name.capitalize())
        ax.minorticks_off()
    axes[0].set(ylabel="Error")
    axes[0].set_xticks([1, 1e3, 1e6], ["1", "1000", "10⁶"])
    axes[1].set(xlabel="Price λ", xlim=(20, 5e-9))
    axes[1].set_xticks([1, 1e-4, 1e-8], ["1", "10⁻⁴", "10⁻⁸"])
