"""The interactive figures: each one's data, controls and program; the scripts are in static.

The scripts hold no number of the study. All that a figure needs is made here from `linreg`, as
dicts, lists, numbers and text, so that JSON can carry it into a page. Every program is plain
PyTorch with placeholders such as `$lr`, which the figure fills in.
"""

from collections.abc import Callable

from interactive import certainty, curves, draw, line, table, training, valley
from interactive.parts import Figure

FIGURES: dict[str, Callable[[], Figure]] = {
    "draw": draw.figure,
    "line": line.figure,
    "training": training.figure,
    "valley": valley.figure,
    "certainty": certainty.figure,
    "curves": curves.figure,
    "table": table.figure,
}
