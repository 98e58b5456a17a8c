"""The figure of "How exact is it?" that no other page has."""

import itertools
from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from linreg.inputs import as_values
from press.plots import BEST, INK, MUTED, label_ends


def plot_digits(shifts: Any, digits: Mapping[str, Any]) -> Axes:
    """Draw how many digits each method keeps as x moves from zero, each named where it ends.

    shifts: what was added to x, shape (n,), positive. digits: by method, shape (n,); the first is
    drawn as the best. Returns the axes.

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
    ax = plt.subplots()[1]
    ends = {}
    for (name, values), (dash, colour, width) in zip(columns.items(), itertools.cycle(looks)):
        ax.plot(shifts, values, dash, color=colour, linewidth=width)
        ends[name] = (float(values[-1]), colour)
    ax.set(xscale="log", xlabel="Added to x", ylabel="Correct digits", ylim=(-1, 15.5))
    ax.set(xlim=(shifts[0], shifts[-1]), xticks=[1, 1e3, 1e6, 1e9], yticks=[0, 5, 10, 15])
    ax.minorticks_off()
    label_ends(ax, ends)
    return ax
