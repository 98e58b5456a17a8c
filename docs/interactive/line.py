"""Draw the line: move a line among the students, and see how far it is from the best."""

import linreg
from interactive.parts import (
    SEED,
    Figure,
    Range,
    buttons,
    chart,
    numbers,
    preset,
    program,
    ranges,
    readouts,
    row,
    slider,
    students,
    words,
)
from linreg import HAND_DRAWN, Line, least_squares, load_study


def figure() -> Figure:
    """Return the figure. A line is slope and intercept, in tens; nudge: what an arrow key adds."""
    study = load_study()
    lines = {
        "hand-drawn": HAND_DRAWN,
        "trained": linreg.train(study.x, study.y, lr=1e-4, seed=SEED),
        "mean": Line(0.0, study.y.mean().item()),
        "best": least_squares(study.x, study.y),
    }
    presets = [preset(name, **numbers(found)) for name, found in lines.items()]
    return Figure(
        data={
            **students(study),
            "view": {"x": [0, 85], "y": [0, 1250]},
            "ends": [0, study.x.max().item()],
            "nudge": 5,
            "ranges": ranges(
                slope=Range(-10, 20, 0.05), intercept=Range(-200, 1200, 1), hour=Range(0, 80, 1)
            ),
            "presets": presets,
            "start": {**numbers(HAND_DRAWN), "hour": 35},
            "program": program(PROGRAM, study),
        },
        controls=chart("chart", "The students' scores and a line that you can move")
        + buttons("presets", "Lines to compare", presets)
        + row(
            slider("slope", "Slope", figure="line", unit="points per hour"),
            slider("intercept", "Intercept", figure="line", unit="points"),
            slider("hour", "Predict for", figure="line", unit="hours"),
        )
        + readouts(error="Mean squared error", score="R²", prediction="Prediction")
        + METER
        + words("100.25 times the best line's error: worse than always guessing the mean."),
    )


METER = (
    '<div class="meter"><div class="bar"></div>'
    '<span class="mark mark-best">best</span><span class="mark mark-mean">mean</span></div>'
)

PROGRAM = """\
import torch

hours = torch.tensor($hours, dtype=torch.float64)
scores = torch.tensor($scores, dtype=torch.float64)
slope, intercept = $slope, $intercept

mse = ((slope * hours + intercept - scores) ** 2).mean()
r_squared = 1 - mse / scores.var(correction=0)
print(f"Mean squared error: {mse:,.0f}")
print(f"R²: {r_squared:.3f}")
print(f"Prediction for $hour hours: {slope * $hour + intercept:.1f} points")
"""
