"""What the page "The data" documents."""

from press.contract import output, table
from press.witness import ones, tens

TYPED = {
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
