"""How sure: move, add and remove students, and see the best line and its bands answer.

Or judge the line by another loss, and see whom it follows then.
"""

from scipy.special import stdtrit

from interactive.parts import (
    Figure,
    Range,
    button,
    chart,
    choice,
    preset,
    ranges,
    readouts,
    row,
    slider,
    words,
)
from linreg import load_study


def figure() -> Figure:
    """Return the figure: any points from `fewest` to `most`.

    t: for each number of points from `fewest` on, how many standard errors a 95 % interval
    reaches to either side. nudge: what an arrow key adds to hours and to score. delta: Huber's, in
    points. programs: for each other loss the program that finds its line.
    """
    study = load_study()
    fewest, most = 3, 16
    return Figure(
        data={
            "xLabel": study.x_label,
            "yLabel": study.y_label,
            "view": {"x": [0, 102], "y": [0, 1250]},
            "fewest": fewest,
            "most": most,
            "nudge": [1, 5],
            "delta": DELTA,
            "t": [reach(n) for n in range(fewest, most + 1)],
            "ranges": ranges(hours=Range(0, 100, 1), score=Range(0, 1200, 1)),
            "start": {
                "points": [list(p) for p in zip(study.x.tolist(), study.y.tolist(), strict=True)],
                "selected": len(study.x) - 1,
                "loss": "squared",
            },
            "program": PROGRAM,
            "programs": {"absolute": ABSOLUTE, "huber": HUBER},
        },
        controls=choice("loss", "Loss:", map(preset, ("squared", "absolute", "huber")))
        + chart("chart", "Students that you can move, the best line, and its bands")
        + '<div class="buttons" role="group" aria-label="Students">'
        + button("more", "Add a student")
        + button("fewer", "Remove the selected")
        + button("again", "Eight students again")
        + "</div>"
        + row(
            slider("hours", "Hours of the selected", figure="certainty"),
            slider("score", "Score of the selected", figure="certainty", unit="points"),
        )
        + '<p class="hint">Drag a student, or select one with Tab: arrow keys move it, with Shift '
        "ten times as far.</p>"
        + readouts(
            slope="Slope ± standard error",
            intercept="Intercept ± standard error",
            scatter="Residual standard error",
            leverage="Leverage of the selected",
        )
        + words(
            "Lower the selected student by 100 points, and this line falls by 100.0 there, that of "
            "squares (dashed) by 100.0. Bands and errors belong to squares, so none is shown."
        ),
    )


# Ten points of the table, as on the page "What if one score is wrong?".
DELTA = 100.0


def reach(n: int) -> float:
    """Return how many standard errors a 95 % interval from `n` points reaches to either side."""
    return float(stdtrit(n - 2, 0.975))


PROGRAM = """\
import torch

hours = torch.tensor($hours, dtype=torch.float64)
scores = torch.tensor($scores, dtype=torch.float64)
n = len(hours)

columns = torch.stack([hours, torch.ones_like(hours)], dim=1)
slope, intercept = torch.linalg.lstsq(columns, scores).solution.tolist()
residuals = scores - slope * hours - intercept
scatter = ((residuals**2).sum() / (n - 2)).sqrt().item()
away = hours - hours.mean()
sxx = (away**2).sum().item()
leverage = (1 / n + away**2 / sxx).tolist()
mean = hours.mean().item()
print(f"Slope: {slope:.2f} ± {scatter / sxx**0.5:.2f}")
print(f"Intercept: {intercept:.2f} ± {scatter * (1 / n + mean**2 / sxx) ** 0.5:.2f}")
print(f"Residual standard error: {scatter:.1f} points")
print(f"Leverage of the selected: {leverage[$selected]:.3f}")
at = hours[$selected].item()
for what, own in (("mean of many", 0), ("one student", 1)):
    half = $t * scatter * (own + leverage[$selected]) ** 0.5
    middle = slope * at + intercept
    print(f"{at:.0f} hours, {what}: {middle - half:.0f} to {middle + half:.0f} points")
"""

ABSOLUTE = """\
import itertools

import torch
from torch import nn

hours = torch.tensor($hours, dtype=torch.float64)
scores = torch.tensor($scores, dtype=torch.float64)
loss_fn = nn.L1Loss()

lowest = float("inf")
# One of the best lines passes through two students.
for i, j in itertools.combinations(range(len(hours)), 2):
    if hours[i] == hours[j]:
        continue
    rise = (scores[j] - scores[i]) / (hours[j] - hours[i])
    start = scores[i] - rise * hours[i]
    loss = loss_fn(rise * hours + start, scores).item()
    # Of lines that are equally good, the first.
    if loss < lowest - 1e-9:
        lowest, slope, intercept = loss, rise.item(), start.item()
print(f"Slope: {slope:.2f}")
print(f"Intercept: {intercept:.2f}")
"""

HUBER = f"""\
import torch
from torch import nn

hours = torch.tensor($hours, dtype=torch.float64)
scores = torch.tensor($scores, dtype=torch.float64)
mean, deviation = hours.mean(), hours.std(correction=0)
z = ((hours - mean) / deviation).reshape(-1, 1)
loss_fn = nn.HuberLoss(delta={DELTA})

model = nn.Linear(1, 1).double()
optimizer = torch.optim.LBFGS(
    model.parameters(), max_iter=1000, tolerance_change=1e-12, line_search_fn="strong_wolfe"
)


def measure():
    optimizer.zero_grad()
    loss = loss_fn(model(z).flatten(), scores)
    loss.backward()
    return loss


optimizer.step(measure)
slope = model.weight.item() / deviation.item()
intercept = model.bias.item() - slope * mean.item()
print(f"Slope: {{slope:.2f}}")
print(f"Intercept: {{intercept:.2f}}")
"""
