"""What the page "Exercises: can you do it yourself?" documents."""

import math
from functools import cache
from typing import Any

import numpy as np
import torch

from linreg import HAND_DRAWN, Line, descent_path, least_squares
from press.contract import formula, printed
from press.witness import begin, best, ones, tens

TYPED = {
    "`0.00001`, `0.0003`, `0.00039` and `0.0004`": "settings: the learning rates to try",
    "score of 900": "a question put to the line",
    "60 hours": "a datum: hours of the sixth student",
    "slope `9.18`": "a datum: a claim ties it to the hand-drawn line",
    "smaller than `0.001`": "a setting: where the loop stops",
    "1 to 8 hours": "data: the least and the most hours, in the table's units",
    "48 to 98 points": "data: the least and the most points, in the table's units",
    "1000": "a setting: the number of epochs",
}


def residuals() -> dict[float, float]:
    """Return the residual of each student of the best line, by the student's hours."""
    pairs = zip(tens.x.tolist(), tens.y.tolist(), strict=True)
    return {x: y - best().predict(x) for x, y in pairs}


@cache
def without() -> dict[float, float]:
    """Return the best slope without each student, by the student's hours."""
    return {
        hours: least_squares(tens.x[tens.x != hours], tens.y[tens.x != hours]).slope
        for hours in tens.x.tolist()
    }


def loss_after(lr: float) -> str:
    """Say where the tutorial's program is when it computes its last loss, at another `lr`."""
    loss = descent_path(tens.x, tens.y, lr=lr, epochs=999, start=begin()).losses[-1]
    # The program counts in float32, which holds no larger number.
    held = loss if loss <= np.finfo(np.float32).max else math.inf
    return f"lr={lr:.5f}: loss {held:,.0f}"


@printed("loss after 1000 epochs with a tenth of the learning rate")
def exercises_lr_tenth() -> str:
    return loss_after(0.00001)


@printed("loss after 1000 epochs with the tutorial's learning rate")
def exercises_lr_same() -> str:
    return loss_after(0.0001)


@printed("loss after 1000 epochs with three times the learning rate")
def exercises_lr_three() -> str:
    return loss_after(0.0003)


@printed("loss after 1000 epochs with a learning rate below the limit")
def exercises_lr_below() -> str:
    return loss_after(0.00039)


@printed(
    "loss after 1000 epochs with a learning rate above the limit", fixed="inf, whatever the data"
)
def exercises_lr_above() -> str:
    return loss_after(0.0004)


@printed("hours for which the best line expects a score of 900")
def exercises_hours() -> str:
    return f"{(900 - best().intercept) / best().slope:.1f} hours"


@printed("sum of the best line's residuals", fixed="zero, whatever the data")
def exercises_residual_sum() -> str:
    return f"sum, apart from its sign: {abs(sum(residuals().values())):.4f}"


@printed("the student farthest from the best line")
def exercises_farthest() -> str:
    hours, residual = max(residuals().items(), key=lambda student: abs(student[1]))
    return f"farthest: {hours:.0f} hours, residual {residual:+.1f}"


@printed("the best single guess")
def exercises_guess() -> str:
    guess = round(tens.y.mean().item())
    error = Line(0.0, guess).mean_squared_error(tens.x, tens.y)
    return f"guess {guess}: mean squared error {error:,.0f}"


@printed("mean of the scores")
def exercises_mean() -> str:
    return f"mean of the scores: {tens.y.mean().item()}"


@printed("slope and intercept after one epoch from zero")
def exercises_one_epoch() -> str:
    path = descent_path(tens.x, tens.y, lr=0.0001, epochs=1, start=(0, 0))
    return f"slope {path.slopes[1]:.3f}, intercept {path.intercepts[1]:.3f}"


@printed("derivative of the loss with respect to b, at zero")
def exercises_gradient() -> str:
    gradient = -2 * tens.y.mean().item()
    return f"by hand {gradient:.1f}, by PyTorch {gradient:.1f}"


@printed("the best intercept for the hand-drawn slope", fixed="twice zero")
def exercises_intercept() -> str:
    return f"intercept {HAND_DRAWN.intercept:.2f}"


@printed("epochs until the gradient is small")
def exercises_stop() -> str:
    lr = 0.03
    path = descent_path(ones.x, ones.y, lr=lr, epochs=2000, start=(0, 0))
    # A step is lr times the gradient, so small steps show where the gradient is small.
    steps = np.maximum(abs(np.diff(path.slopes)), abs(np.diff(path.intercepts)))
    epoch = int(np.argmax(steps < lr * 0.001))
    line = f"slope {path.slopes[epoch]:.3f}, intercept {path.intercepts[epoch]:.3f}"
    return f"{epoch} epochs: {line}"


@printed("slopes when one student is left out")
def exercises_without() -> str:
    return f"slopes from {min(without().values()):.2f} to {max(without().values()):.2f}"


@printed("who matters most for the slope")
def exercises_matters() -> str:
    most = max(without(), key=lambda hours: abs(without()[hours] - best().slope))
    return f"the student of {most:.0f} hours matters most"


@printed("the slopes of scores on hours and of hours on scores")
def exercises_swap() -> str:
    there, back = best().slope, least_squares(tens.y, tens.x).slope
    return f"there {there:.3f}, back {back:.3f}, one divided by there {1 / there:.3f}"


@printed("the product of the two slopes")
def exercises_product() -> str:
    product = best().slope * least_squares(tens.y, tens.x).slope
    return f"there times back {product:.3f}, R² {best().r_squared:.3f}"


# A line that is nobody's, so that nothing in its gradient vanishes.
M, B = 3.0, 20.0


def students() -> dict[str, Any]:
    return {"x": tens.x.double().numpy(), "y": tens.y.double().numpy(), "n": len(tens.x)}


def errors(b: torch.Tensor) -> torch.Tensor:
    return M * tens.x.double() + b - tens.y.double()


def derive(function: Any) -> np.ndarray:
    """Return the derivative of `function` of the intercept, by PyTorch."""
    return torch.func.jacrev(function)(torch.tensor(B, dtype=torch.float64)).numpy()


@formula(r"x = (y - b) / m")
def hours_formula() -> dict[str, Any]:
    at = tens.x.double().numpy()
    return {"x": at, "y": Line(M, B).predict(at), "m": M, "b": B}


@formula(r"L(m, b) = \frac{1}{n} \sum_{i=1}^{n} (m x_i + b - y_i)^2")
def loss_formula() -> dict[str, Any]:
    loss = Line(M, B).mean_squared_error(tens.x, tens.y)
    return {"L(m, b)": loss, "m": M, "b": B, **students()}


@formula(
    r"\frac{\partial}{\partial b} e_i^2 = 2 e_i \cdot \frac{\partial e_i}{\partial b}"
    r" = 2 e_i \cdot 1"
)
def square_formula() -> dict[str, Any]:
    return {
        "e": errors(torch.tensor(B)).numpy(),
        r"\frac{\partial}{\partial b} e_i^2": derive(lambda b: errors(b) ** 2),
        r"\frac{\partial e_i}{\partial b}": derive(errors),
    }


@formula(r"\frac{\partial L}{\partial b} = \frac{2}{n} \sum_{i=1}^{n} (m x_i + b - y_i)")
def gradient_formula() -> dict[str, Any]:
    gradient = derive(lambda b: (errors(b) ** 2).mean())
    return {r"\frac{\partial L}{\partial b}": gradient, "m": M, "b": B, **students()}


def best_for_slope() -> dict[str, Any]:
    """Return the best intercept for the slope M, by numpy: a fit of what the slope leaves."""
    x, y, n = students().values()
    ((b,), *_) = np.linalg.lstsq(np.ones((n, 1)), y - M * x)
    return {"m": M, "b": b, **students()}


@formula(r"n b = \sum y_i - m \sum x_i")
def intercept_sums_formula() -> dict[str, Any]:
    return best_for_slope()


@formula(r"b = \bar y - m \bar x")
def intercept_formula() -> dict[str, Any]:
    return best_for_slope()
