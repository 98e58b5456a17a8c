"""What the page "From a file to an answer" documents."""

import csv
import math
from functools import cache
from pathlib import Path

import numpy as np
import scipy.stats

from linreg import diagnose, review
from press.contract import output, printed
from press.witness import best_table, ones

TYPED = {
    "31.12.2026": "a way to write a day",
    "3.5 hours": "a datum of the file, vouched for by a claim",
    "5": "a datum of the file, vouched for by a claim",
    "6": "what a word of the file should be",
}
ROWS = "it is about the file alone, whose table does not move"
LR, STARTED = 0.1, 228


@cache
def rows() -> list[list[str]]:
    with Path(__file__).with_name("students.csv").open(newline="", encoding="utf-8") as file:
        return [row[2:] for row in csv.reader(file)][1:]


@cache
def losses() -> list[float]:
    """Return the losses of the run: standardised, the error shrinks alike in all directions."""
    import torch

    torch.manual_seed(STARTED)
    slope, intercept = torch.nn.Linear(1, 1, dtype=torch.float64).parameters()
    correlation = np.corrcoef(ones.x, ones.y)[0, 1]
    off = np.array([slope.item() - correlation, intercept.item()])
    steps = math.ceil(math.log(1e-9 / np.abs(2 * off).max()) / math.log(1 - 2 * LR))
    factors = (1 - 2 * LR) ** np.arange(steps + 1)
    return [1 - correlation**2 + (off * factor) @ (off * factor) for factor in factors]


def left_out(number: int) -> str:
    """Return the line that pandas prints for a row of the file."""
    hours, score = (cell or "NaN" for cell in rows()[number])
    return f"{number:<2} {hours:>11} {score:>10}"


@output("rows of the file", "d", fixed=ROWS)
def file_rows() -> int:
    return len(rows())


@output("rows in which hours and score are numbers", "d", fixed=ROWS)
def file_used() -> int:
    return sum(all(cell.replace(".", "").isdigit() for cell in row) for row in rows())


@printed("how many rows are used", fixed=ROWS)
def file_used_printed() -> str:
    return f"{file_used()} of {file_rows()} rows are used. The others, up to ten of them:"


@printed("a row left out, with no hours", fixed=ROWS)
def file_no_hours_printed() -> str:
    return left_out(6)


@printed("a row left out, of a student who was absent", fixed=ROWS)
def file_absent_printed() -> str:
    return left_out(8)


@printed("a row left out, with no score", fixed=ROWS)
def file_no_score_printed() -> str:
    return left_out(10)


@printed("a row left out, with a word for the hours", fixed=ROWS)
def file_word_printed() -> str:
    return left_out(11)


def shrunk(condition: float, lr: float | None = None) -> int:
    """Return the epochs to a ten-thousandth, at the best lr or where all curvatures are 2."""
    factor = (condition - 1) / (condition + 1) if lr is None else 1 - 2 * lr
    return math.ceil(math.log(1e-4) / math.log(factor))


@output("epochs on the hours of the file", ".0f")
def file_raw_epochs() -> int:
    design = np.column_stack([ones.x, np.ones(len(ones.x))])
    return shrunk(np.linalg.cond(design) ** 2)


@output("epochs on the standardised hours", ".0f", fixed="all that is standardised goes alike")
def file_epochs() -> int:
    return shrunk(1, LR)


@output("epochs until the ground is level", "d")
def file_taken() -> int:
    return len(losses())


@printed("how training goes on the hours of the file")
def file_raw_printed() -> str:
    return f"As it is, training {diagnose(ones.x).verdict}"


@printed("how training goes on the standardised hours", fixed="standardised, all goes alike")
def file_standard_printed() -> str:
    return f"Standardised, it {diagnose([-1, 1], lr=LR).verdict}"


@printed("what review says of the run")
def file_review_printed() -> str:
    x, y = (scipy.stats.zscore(column.double().numpy()) for column in (ones.x, ones.y))
    return f"{len(losses())} epochs, {review(x, y, losses(), lr=LR).verdict}"


@printed("R² of the best line")
def file_score_printed() -> str:
    return f"The best line there is has R² = {file_score():.3f}."


def formula() -> str:
    line = scipy.stats.linregress(ones.x, ones.y)
    return f"Exam score = {line.slope:.6g} × Study hours {line.intercept:+.6g}"


@printed("the trained line of the file")
def file_trained_printed() -> str:
    return f"Trained: {formula()}"


@printed("the best line of the file")
def file_best_printed() -> str:
    return f"Best: {formula()}"


@output("how far off the line typically is on a row held out", ".1f")
def file_held_out() -> float:
    others = (np.delete(np.column_stack([ones.x, ones.y]), i, axis=0) for i in range(len(ones.x)))
    lines = [np.polyfit(*rest.T, 1) for rest in others]
    missed = [y - np.polyval(line, x) for line, x, y in zip(lines, ones.x, ones.y, strict=True)]
    return math.sqrt(np.mean(np.square(missed)))


@printed("how far off the line typically is on a new row")
def file_held_out_printed() -> str:
    return f"On a new row it is typically {file_held_out():.3g} off."


@output("the score predicted for Kim", ".1f")
def file_kim() -> float:
    return best_table().predict(3.5)


@output("the score predicted for Ivo", ".1f")
def file_ivo() -> float:
    return best_table().predict(5)


@printed("the row predicted for Ivo")
def file_ivo_printed() -> str:
    return f"8  {'5':>11} {file_ivo():>22.6f}"


@printed("the row predicted for Kim")
def file_kim_printed() -> str:
    return f"10 {'3.5':>11} {file_kim():>22.6f}"


@output("R² of the line of the file", ".3f")
def file_score() -> float:
    return scipy.stats.linregress(ones.x, ones.y).rvalue ** 2


@output("R² of scores by the day of the exam", ".2f", fixed=ROWS)
def file_day_score() -> float:
    with Path(__file__).with_name("students.csv").open(newline="", encoding="utf-8") as file:
        read = [(int(row["Exam day"][-2:]), row["Exam score"]) for row in csv.DictReader(file)]
    days, scores = zip(*((day, int(score)) for day, score in read if score.isdigit()), strict=True)
    return scipy.stats.linregress(days, scores).rvalue ** 2
