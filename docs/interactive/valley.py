"""Why a valley: shift and scale the hours, and see the loss surface become a bowl or a canyon."""

from interactive.parts import (
    Figure,
    Range,
    buttons,
    chart,
    preset,
    program,
    ranges,
    readouts,
    row,
    slider,
    standard,
    students,
    words,
)
from linreg import load_study
from linreg.convergence import TOLERANCE
from linreg.data import SCALE


def figure() -> Figure:
    """Return the figure: hours less a shift, divided by a scale.

    rings: heights of the contours, as shares of the outermost. steps: how many epochs it draws.
    bowl, canyon: condition numbers up to which the words call it a bowl and a valley.
    """
    study = load_study()
    mean, deviation = standard(study.x)
    presets = [
        preset("tens", shift=0, scale=1),
        preset("ones", shift=0, scale=SCALE["tens"]),
        preset("centred", shift=mean, scale=1),
        preset("standardised", shift=mean, scale=deviation),
    ]
    return Figure(
        data={
            **students(study),
            "tolerance": TOLERANCE,
            "rings": [1.0, 0.5, 0.2, 0.05],
            "steps": 12,
            "bowl": 4,
            "canyon": 400,
            "ranges": ranges(shift=Range(0, 80, 1), scale=Range(1, 100, 1.05, log=True)),
            "presets": presets,
            # The tens' canyon is so narrow that it shows no shape.
            "start": {"shift": 0, "scale": SCALE["tens"]},
            "program": program(PROGRAM, study, tolerance=TOLERANCE),
        },
        controls=buttons("presets", "Units of the hours", presets)
        + chart(
            "chart",
            "Contours of the loss around the best line, and the first epochs of training",
            size="map",
        )
        + row(
            slider("shift", "Subtract from the hours", figure="valley"),
            slider("scale", "Then divide by", figure="valley"),
        )
        + readouts(
            condition="Condition number", limit="Largest stable lr", needed="Epochs to converge"
        )
        + words("A canyon: downhill points at the opposite wall, and hardly along the floor."),
    )


PROGRAM = """\
import math

import torch

hours = torch.tensor($hours, dtype=torch.float64)
x = (hours - $shift) / $scale
n = len(x)

sums = torch.tensor([[(x**2).sum(), x.sum()], [x.sum(), n]], dtype=torch.float64)
along, across = torch.linalg.eigvalsh(2 / n * sums).tolist()
# What one epoch at the best learning rate leaves; a round bowl needs one epoch.
left = max((across - along) / (across + along), $tolerance)
print(f"Condition number: {across / along:,.0f}")
print(f"Largest stable lr: {2 / across:.3g}")
print(f"Epochs to converge: {math.ceil(math.log($tolerance) / math.log(left)):,}")
"""
