"""What the page "The line" documents."""

from linreg import HAND_DRAWN
from press.contract import latex, output, printed
from press.witness import tens

TYPED = {
    "at 10 or at 80 hours": "data: the least and the most hours",
    "45 hours": "a question put to the model",
}


@latex("the hand-drawn line", fixed="drawn by eye")
def hand_drawn_latex() -> str:
    return HAND_DRAWN.formula_latex(x="X", y="Y")


@output("prediction of the hand-drawn line for 45 hours", ".0f", fixed="drawn by eye")
def prediction_45() -> float:
    return HAND_DRAWN.predict(45)


@printed("the same, as its snippet prints it", fixed="drawn by eye")
def prediction_45_printed() -> str:
    return f"Prediction for 45 hours: {HAND_DRAWN.predict(45):.0f} points"


@output("mean of the hours", ".0f")
def middle_hours() -> float:
    return tens.x.mean().item()


@output("mean of the scores", ".2f")
def middle_score() -> float:
    return tens.y.mean().item()
