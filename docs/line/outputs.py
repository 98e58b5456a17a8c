"""What the page "The line" documents."""

from typing import Any

from linreg import HAND_DRAWN
from press.contract import formula, latex, output, printed
from press.witness import tens

TYPED = {
    "at 10 or at 80 hours": "data: the least and the most hours",
    "45 hours": "a question put to the model",
}


@formula("Y = mX + b")
def the_line() -> dict[str, Any]:
    line = HAND_DRAWN
    return {"X": tens.x, "Y": line.predict(tens.x), "m": line.slope, "b": line.intercept}


@latex("the hand-drawn line", fixed="drawn by eye")
def hand_drawn_latex() -> str:
    return HAND_DRAWN.formula_latex(x="X", y="Y")


@output("prediction of the hand-drawn line for 45 hours", ".0f", fixed="drawn by eye")
def prediction_45() -> float:
    return HAND_DRAWN.predict(45)


@printed("the same, as its snippet prints it", fixed="drawn by eye")
def prediction_45_printed() -> str:
    return f"Prediction for 45 hours: {HAND_DRAWN.predict(45):.0f} points"
