"""The figure of "From loops to nn.Module" that no other page has."""

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from linreg.inputs import as_values
from press.plots import BEST, MUTED, TRAINED, label_ends


def plot_batches(slopes: Any, best: float, *, change: int) -> Axes:
    """Draw the slope after each epoch of training in batches, and the best slope for comparison.

    slopes: shape (epochs,), at least two. best: the slope of the best line.
    change: the epoch from which lr is smaller, marked by a vertical line.
    Returns the axes.

    Raises what `linreg.inputs.as_values` raises.
    """
    slopes = as_values(slopes, "slopes")
    ax = plt.subplots()[1]
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
