"""Draw it yourself: a line with two ends, how far off it is, and then the lines of others."""

import numpy as np

import linreg
from interactive.parts import SEED, Figure, Range, button, chart, numbers, ranges, students, words
from linreg import Line, descent_path, least_squares, load_study
from linreg.data import SCALE

EPOCHS, LR = 1000, 1e-4
# Of the epochs that hardly differ, about so many are shown.
SHOWN = 60


def figure() -> Figure:
    """Return the figure, in the table's own units.

    ends: the hours at which the reader's line has its handles. nudge: what an arrow key adds.
    run: the epochs that PyTorch's line is shown at, from the start on, with its line after each.
    start: scores at the left and right end of the reader's line. says: the verdicts, by case.
    """
    study = load_study("table")
    run = trained_lines()
    return Figure(
        data={
            **students(study),
            "view": {"x": [0, 9], "y": [0, 130]},
            "ends": [0.5, 8.5],
            "nudge": 1,
            "ranges": ranges(left=Range(0, 130, 1), right=Range(0, 130, 1)),
            "run": [{"epoch": epoch, **numbers(line)} for epoch, line in run.items()],
            "best": numbers(least_squares(study.x, study.y)),
            "mean": numbers(Line(0.0, study.y.double().mean().item())),
            "says": SAYS,
            "start": {"left": 40, "right": 40},
        },
        controls='<p class="prompt">Eight students, eight scores. Drag both ends to where the '
        "line belongs.</p>"
        + '<div class="picture">'
        + chart("chart", "Eight students' scores by hours studied, and the line that you draw")
        + "</div>"
        + TALLY
        + '<div class="buttons" role="group" aria-label="Whose line">'
        + button("try", "Let PyTorch try", kind="primary")
        + button("best", "Show the best")
        + button("again", "Reset")
        + "</div>"
        + words(SAYS["beats"].replace("$mean", "17.3").replace("$epochs", "1000")),
    )


def trained_lines() -> dict[int, Line]:
    """Return the lines of the tutorial's run, by how many epochs have made each.

    It is trained in tens and told in the table's units; the last is PyTorch's own.
    """
    tens, scale = load_study(), SCALE["tens"]
    # A learning rate too small to move anything shows where training starts.
    begin = linreg.train(tens.x, tens.y, lr=1e-30, epochs=1, seed=SEED)
    start = (begin.slope, begin.intercept)
    path = descent_path(tens.x, tens.y, lr=LR, epochs=EPOCHS, start=start)
    epochs = np.unique([0, *np.geomspace(1, EPOCHS, SHOWN).round()]).astype(int).tolist()
    lines = {epoch: Line(path.slopes[epoch], path.intercepts[epoch]) for epoch in epochs}
    lines[EPOCHS] = linreg.train(tens.x, tens.y, lr=LR, epochs=EPOCHS, seed=SEED)
    return {
        epoch: Line(round(line.slope, 4), round(line.intercept / scale, 4))
        for epoch, line in lines.items()
    }


SAYS = {
    "drawing": "The smaller your number, the better your line.",
    "trying": "Epoch $epoch of $epochs …",
    "beats": "You beat PyTorch! After $epochs epochs, its rounds of training, its line is worse "
    "than giving everyone the mean score ($mean). Why did it lose?",
    "draws": "A draw: in $epochs epochs, its rounds of training, PyTorch came as far as you. "
    "Drag again, and beat it. Why did it stop there?",
    "loses": "PyTorch is closer after $epochs epochs, its rounds of training, and yet worse than "
    "giving everyone the mean score ($mean). Drag again: you can beat it.",
    "best": "The blue line is the best there is. PyTorch had $epochs epochs, its rounds of "
    "training, to find it. Why did it stop so far away?",
    "equals": "Yours is as good as the best there is. PyTorch had $epochs epochs, its rounds of "
    "training. Why did it stop so far away?",
}


def _tally(*whose: tuple[str, str]) -> str:
    """Return a bar and a number for each line."""
    rows = "".join(
        f'<div data-name="{name}"><dt>{label}</dt>'
        f'<dd><span class="length"></span><span class="value-{name}">–</span></dd></div>'
        for name, label in whose
    )
    # The theme has a say in a list that has a class, and none in one without.
    heading = '<p class="measure">Typically wrong by (points)</p>'
    return f'{heading}<div class="tally"><dl>{rows}</dl></div>'


TALLY = _tally(("own", "You"), ("trained", "PyTorch"), ("lowest", "The best"))
