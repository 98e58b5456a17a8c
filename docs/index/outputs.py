"""What the page "Linear regression with PyTorch" documents."""

from press.contract import output
from press.witness import best

TYPED = {
    "1000": "a setting: the number of epochs",
}


@output("intercept of the best line", ".1f")
def best_intercept() -> float:
    return best().intercept
