"""What the page "Linear regression with PyTorch" documents."""

from press.contract import output
from press.witness import best

TYPED = {
    "1000": "a setting: the number of epochs",
    "35 hours": "a question put to the model",
}


@output("intercept of the best line", ".1f")
def best_intercept() -> float:
    return best().intercept


@output("prediction of the best line for 35 hours", ".1f")
def best_prediction_35() -> float:
    return best().predict(35)
