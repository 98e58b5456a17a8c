"""The eight students: hours studied and exam score."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd
    import torch

HOURS = (1, 2, 3, 4, 5, 6, 7, 8)
SCORES = (48, 52, 71, 68, 83, 89, 92, 98)
SCALE = {"table": 1, "tens": 10}


@dataclass(frozen=True, eq=False, kw_only=True)
class Study:
    """Eight students in one choice of units.

    :param x: hours studied, float32, shape (8,).
    :param y: exam score in points, float32, shape (8,).
    :param x_label: what to call x in a table or on an axis.
    :param y_label: what to call y there.
    """

    x: "torch.Tensor"
    y: "torch.Tensor"
    x_label: str = "Study hours"
    y_label: str = "Exam score"

    def to_frame(self) -> "pd.DataFrame":
        """Return the students as a table of shape (8, 2) with the labels as column names."""
        import pandas as pd

        return pd.DataFrame(
            {self.x_label: self.x.numpy(force=True), self.y_label: self.y.numpy(force=True)}
        )


def load_study(units: Literal["tens", "table"] = "tens") -> Study:
    """Return the eight students.

    :param units: "table" for 1 to 8 hours and 48 to 98 points, as the table prints them;
        "tens" for the same students ten times as large, as the tutorial's programs count.
    :raises ValueError: for any other units.

    >>> from linreg import load_study
    >>> load_study("table").x.tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    """
    if not isinstance(units, str) or units not in SCALE:
        raise ValueError(f"units={units!r} is unknown; use one of {', '.join(SCALE)}")
    # Not above: importing torch takes longer than all the rest of linreg.
    import torch

    scale = SCALE[units]
    return Study(
        x=torch.tensor(HOURS, dtype=torch.float32) * scale,
        y=torch.tensor(SCORES, dtype=torch.float32) * scale,
    )
