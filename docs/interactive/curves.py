"""Why not a curve: choose the degree, and see the errors on known and on new students."""

from typing import Any

import numpy as np
from numpy.polynomial import Polynomial

from interactive.parts import (
    Figure,
    Range,
    chart,
    program,
    ranges,
    readouts,
    row,
    slider,
    students,
    words,
)
from linreg import load_study


def figure() -> Figure:
    """Return the figure. Hours and points are those of the table.

    asked: the hours that nobody studied. hours: where the curves are given. curves: for each
    degree the scores at those hours, its mean squared error on the students that it was fitted to
    ("known") and on each by the others ("new", None where they leave it open), its answer, and
    what is to be said of it.
    """
    study, asked = load_study("table"), 9.0
    hours = np.linspace(0, 9.5, 96)
    x, y = study.x.double().numpy(), study.y.double().numpy()
    curves = [_curve(x, y, degree, hours, asked) for degree in range(len(x))]
    return Figure(
        data={
            **students(study),
            "view": {"x": [0, 10], "y": [0, 140]},
            "errors": {"x": [-0.4, len(x) - 0.6], "y": [0.1, 1e5]},
            "asked": asked,
            "hours": hours.tolist(),
            "curves": curves,
            "ranges": ranges(degree=Range(0, len(x) - 1, 1)),
            "start": {"degree": 1},
            "program": program(PROGRAM, study, asked=f"{asked:.1f}"),
        },
        controls=row(slider("degree", "Degree of the curve", figure="curves"))
        + '<div class="charts">'
        + chart("curve", "The students' scores, the curve of this degree, and its answer")
        + chart("errors", "Error on known and on new students, by degree")
        + "</div>"
        + readouts(
            known="Error, known students",
            new="Error, new students",
            answer=f"Score for {asked:.0f} hours",
        )
        + words(max((curve["words"] for curve in curves), key=len)),
    )


def _curve(
    x: np.ndarray, y: np.ndarray, degree: int, hours: np.ndarray, asked: float
) -> dict[str, Any]:
    fitted = Polynomial.fit(x, y, degree)
    answer = float(fitted(asked))
    # What rounding leaves of a perfect fit is none of it.
    known = round(float(np.square(y - fitted(x)).mean()), 9)
    new = None
    if degree + 1 < len(x):
        keep = [np.arange(len(x)) != student for student in range(len(x))]
        guesses = [Polynomial.fit(x[k], y[k], degree)(at) for k, at in zip(keep, x, strict=True)]
        new = float(np.square(y - guesses).mean())
    return {
        "scores": fitted(hours).round(2).tolist(),
        "known": known,
        "new": new,
        "answer": answer,
        "words": _words(known, new),
    }


def _words(known: float, new: float | None) -> str:
    if new is None:
        return (
            "It meets every student. Without one of them, it could say anything at all of that one."
        )
    times = (new / known) ** 0.5
    return (
        f"Usually off by {known**0.5:.1f} points on students it knows, and by {new**0.5:.1f} "
        f"on new ones, {times:.1f} times as much."
    )


PROGRAM = """\
import torch

hours = torch.tensor($hours, dtype=torch.float64)
scores = torch.tensor($scores, dtype=torch.float64)
degree, asked = $degree, $asked
mean, deviation = hours.mean(), hours.std(correction=0)


def powers(x):
    return ((x.reshape(-1, 1) - mean) / deviation) ** torch.arange(degree + 1)


columns = powers(hours)
solution = torch.linalg.lstsq(columns, scores.reshape(-1, 1)).solution
residuals = scores - (columns @ solution).flatten()
print(f"Error, known students: {(residuals**2).mean():.2f}")
leverage = (torch.linalg.qr(columns)[0] ** 2).sum(dim=1)
if degree + 1 < len(hours):
    print(f"Error, new students: {((residuals / (1 - leverage)) ** 2).mean():,.2f}")
answer = powers(torch.tensor([asked], dtype=torch.float64)) @ solution
print(f"Score for {asked:.0f} hours: {answer.item():.1f}")
"""
