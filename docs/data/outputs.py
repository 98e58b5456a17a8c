"""What the page "The data" documents."""

from press.contract import output, table
from press.witness import ones, tens

TYPED = {
    "100 points": "an assumption, and said to be one",
    "48 points": "a datum, quoted to explain the units",
    "10": "a datum, quoted to explain the units",
    "480": "a datum, quoted to explain the units",
    "35 hours": "a question put to the model",
}


@table("the eight students")
def study_table() -> list[list[str]]:
    return [
        ["Hours studied", "Exam score"],
        *((f"{h:.0f}", f"{s:.0f}") for h, s in zip(ones.x, ones.y, strict=True)),
    ]


@output("mean of the hours", ".0f")
def mean_hours() -> float:
    return tens.x.mean().item()


@output("mean of the scores", ".2f")
def mean_score() -> float:
    return tens.y.mean().item()


def written(hours: float, score: float) -> str:
    return f"{hours:.0f} hours and {score:.0f} points"


@output("the last student, as in the table")
def data_last() -> str:
    return written(ones.x[-1].item(), ones.y[-1].item())


@output("the last student with only the hours in tens: a wrong answer")
def data_last_half() -> str:
    return written(10 * ones.x[-1].item(), ones.y[-1].item())


@output("the last student, in tens")
def data_last_tens() -> str:
    return written(10 * ones.x[-1].item(), 10 * ones.y[-1].item())


@output("score of the last student, in tens", ".0f")
def data_last_score() -> float:
    return 10 * ones.y[-1].item()
