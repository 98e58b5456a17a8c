"""How sure: move, add and remove students, and see the best line and its bands answer."""

from scipy.special import stdtrit

from interactive.parts import Figure, Range, button, chart, ranges, readouts, row, slider, words
from linreg import load_study


def figure() -> Figure:
    """Return the figure: any points from `fewest` to `most`.

    t: for each number of points from `fewest` on, how many standard errors a 95 % interval
    reaches to either side. nudge: what an arrow key adds to hours and to score.
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
            "t": [reach(n) for n in range(fewest, most + 1)],
            "ranges": ranges(hours=Range(0, 100, 1), score=Range(0, 1200, 1)),
            "start": {
                "points": [list(p) for p in zip(study.x.tolist(), study.y.tolist(), strict=True)],
                "selected": len(study.x) - 1,
            },
            "program": PROGRAM,
        },
        controls=chart("chart", "Students that you can move, the best line, and its bands")
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
            "At 100 hours, mean of many: 1,000 to 1,000; one student: 1,000 to 1,000. "
            "Raise the selected student by 100 points, and the line rises by 100.0 there."
        ),
    )


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
