"""What the page "The line" documents."""

from typing import Any

from linreg import HAND_DRAWN
from press.contract import formula, latex, output, printed
from press.witness import tens

TYPED = {
    "at 10 or at 80 hours": "data: the least and the most hours",
    "45 hours": "a question put to the model",
    "20 hours": "a question put to the model",
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


@output("slope of the hand-drawn line times 20 hours: a wrong answer", ".1f", fixed="drawn by eye")
def line_no_start() -> float:
    return HAND_DRAWN.predict(20) - HAND_DRAWN.predict(0)


@output("prediction of the hand-drawn line for 20 hours", ".1f", fixed="drawn by eye")
def line_at_20() -> float:
    return HAND_DRAWN.predict(20)


@output("slope and intercept together, times 20: a wrong answer", ",.1f", fixed="drawn by eye")
def line_added_first() -> float:
    return 20 * HAND_DRAWN.predict(1)


@output("what the hand-drawn line says for the last student", ".0f")
def line_last_says() -> float:
    return HAND_DRAWN.predict(tens.x[-1].item())


@output("residual of the last student at the hand-drawn line", ".0f")
def line_residual() -> float:
    return tens.y[-1].item() - HAND_DRAWN.predict(tens.x[-1].item())


@output("the same residual with the wrong sign", ".0f")
def line_other_sign() -> float:
    return HAND_DRAWN.predict(tens.x[-1].item()) - tens.y[-1].item()
