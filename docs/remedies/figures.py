"""The figure of "Six ways to repair it" that no other page has."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from press.plots import BEST, INK, MUTED, plot_losses


def still_to_come(losses: Any, scale: float = 1) -> np.ndarray:
    """Return the largest loss from each epoch on, in squared tens: a loss may swing up again.

    losses: one per epoch, shape (n,). scale: what turns them into squared tens.
    """
    return np.maximum.accumulate(np.asarray(losses)[::-1])[::-1] * scale


def arrival(losses: np.ndarray, lowest: float) -> int:
    """Return from which epoch on the loss stays within a hundredth of the `lowest`; 0 for never."""
    late = np.flatnonzero(losses > 1.01 * lowest)
    last = int(late[-1]) + 1 if len(late) else 0
    return 0 if last == len(losses) else last + 1


def plot_remedies(
    none: np.ndarray, remedies: Mapping[str, Sequence[np.ndarray]], lowest: float
) -> Figure:
    """Draw each remedy's loss by epoch in a panel of its own, over that of no remedy.

    none: the loss of the run without a remedy, shape (epochs,). remedies: by title, the losses of
    no, one or two runs. lowest: the loss of the best line.
    """
    figure, axes = plt.subplots(3, 2, figsize=(5.8, 5.6), sharex=True, sharey=True)
    for ax, (title, runs) in zip(axes.flat, remedies.items(), strict=True):
        ax.axhline(lowest, color=BEST, linewidth=1.5, zorder=1)
        plot_losses({"none": none}, {"none": {"color": MUTED, "linewidth": 3}}, ax=ax)
        for losses, dashes in zip(runs, ("-", ":"), strict=False):
            plot_losses({title: losses}, {title: {"color": INK, "linestyle": dashes}}, ax=ax)
            at = arrival(losses, lowest)
            if at:
                ax.plot(at, losses[at - 1], "o", color=INK, zorder=3)
                ax.annotate(
                    f"{at - 1} epoch{'s' if at > 2 else ''}",
                    (at, lowest),
                    xytext=(0, -7),
                    textcoords="offset points",
                    ha="right" if at > 100 else "center" if at > 10 else "left",
                    va="top",
                    color=INK,
                )
        ax.set_title(title, fontsize=14)
        ax.set(xlabel="", ylabel="", xlim=(0.9, 1300), ylim=(30, 2e7))
        ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
        ax.set_yticks([1e3, 1e5, 1e7])
        ax.minorticks_off()
    for ax in axes[:, 0]:
        ax.set_ylabel("Loss")
    for ax in axes[-1]:
        ax.set_xlabel("Epoch")
    return figure
