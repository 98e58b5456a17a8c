"""What the page "From loops to `nn.Module`: what does PyTorch do for you?" documents."""

import math
from functools import cache
from typing import Any

import torch

from linreg import Line, descent_path
from press.contract import formula, output, printed, table
from press.witness import begin, best_table, in_ones, ones

TYPED = {
    "1000": "a setting: the number of epochs",
}

EPOCHS, LR = 1000, 0.03
# In batches: pairs of students, and shorter steps at the end.
ALL, LONG, LONG_LR, SHORT_LR = 600, 500, 0.01, 0.001


def closed_form(start: tuple[float, float]) -> Line:
    """Return the line after the programs' epochs from `start`, in float64 and without a loop."""
    path = descent_path(ones.x, ones.y, lr=LR, epochs=EPOCHS, start=start)
    return Line(path.slopes[-1], path.intercepts[-1])


@cache
def from_zero() -> Line:
    return closed_form((0, 0))


def shared_digits() -> int:
    """Return the digits in which PyTorch's float32 agrees with float64 on the documented run."""
    exact, trained = closed_form(begin()), in_ones()
    off = [trained.slope / exact.slope - 1, trained.intercept / exact.intercept - 1]
    return math.floor(-math.log10(max(map(abs, off))))


def deal(epochs: int) -> list[list[int]]:
    """Return the pairs of students that the DataLoader deals, epoch by epoch."""
    dealer, pairs = torch.Generator().manual_seed(228), []
    for _ in range(epochs):
        # The loader draws a seed for its workers first, and an order that it drops at the end.
        torch.empty((), dtype=torch.int64).random_(generator=dealer)
        order = torch.randperm(8, generator=dealer).tolist()
        torch.randperm(8, generator=dealer)
        pairs += [order[i : i + 2] for i in (0, 2, 4, 6)]
    return pairs


@cache
def in_batches() -> list[Line]:
    """Return the line after each epoch of training in batches of two."""
    hours, scores = ones.x.tolist(), ones.y.tolist()
    slope, intercept, steps = 0.0, 0.0, []
    for step, pair in enumerate(deal(ALL)):
        lr = LONG_LR if step < 4 * LONG else SHORT_LR
        errors = {i: slope * hours[i] + intercept - scores[i] for i in pair}
        # The 2 of the square and the 2 of the mean cancel.
        slope -= lr * sum(error * hours[i] for i, error in errors.items())
        intercept -= lr * sum(errors.values())
        steps.append(Line(slope, intercept))
    return steps[3::4]


def slope_range(lines: list[Line]) -> str:
    slopes = [line.slope for line in lines]
    return f"slopes from {min(slopes):.2f} to {max(slopes):.2f}"


@printed("slope and intercept that all four programs print")
def loops_printed() -> str:
    return f"slope {from_zero().slope:.3f}, intercept {from_zero().intercept:.3f}"


@table("the four programs compared")
def loops_agreement() -> list[list[str]]:
    line = [f"{from_zero().slope:.3f}", f"{from_zero().intercept:.3f}"]
    with_torch = ("tensors", "autograd", "nn.Linear")
    return [
        ["Program", "Slope", "Intercept", "Digits"],
        ["plain Python", *line, "–"],
        *([name, *line, str(shared_digits())] for name in with_torch),
    ]


@printed("slopes in batches of two, with the larger learning rate")
def loops_early() -> str:
    return f"lr {LONG_LR}:  {slope_range(in_batches()[LONG - 50 : LONG])}"


@printed("slopes in batches of two, with the smaller learning rate")
def loops_late() -> str:
    return f"lr {SHORT_LR}: {slope_range(in_batches()[ALL - 50 :])}"


@printed("the line at the end of training in batches")
def loops_end() -> str:
    line = in_batches()[-1]
    return f"at the end: slope {line.slope:.2f}, intercept {line.intercept:.2f}"


@output("slope of the best line, in the table's units", ".2f")
def loops_best_slope() -> float:
    return best_table().slope


@output("intercept of the best line, in the table's units", ".2f")
def loops_best_intercept() -> float:
    return best_table().intercept


# A line that is nobody's, so that nothing in its gradient vanishes.
ANY = Line(3.0, 20.0)


def by_torch() -> dict[str, Any]:
    """Return the loss of `ANY` and its derivatives, by PyTorch's own loss and autograd."""
    x, y = ones.x.double(), ones.y.double()
    m = torch.tensor(ANY.slope, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(ANY.intercept, dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.mse_loss(m * x + b, y)
    loss.backward()
    assert m.grad is not None and b.grad is not None  # for mypy
    return {
        "L(m, b)": loss.item(),
        r"\frac{\partial L}{\partial m}": m.grad.item(),
        r"\frac{\partial L}{\partial b}": b.grad.item(),
        **{"m": ANY.slope, "b": ANY.intercept, "x": x.numpy(), "y": y.numpy(), "n": len(x)},
    }


@formula(r"L(m, b) = \frac{1}{n} \sum_{i=1}^{n} (m x_i + b - y_i)^2")
def loss_formula() -> dict[str, Any]:
    return by_torch()


@formula(r"\frac{\partial L}{\partial m} = \frac{2}{n} \sum_{i=1}^{n} (m x_i + b - y_i) \, x_i")
def slope_gradient_formula() -> dict[str, Any]:
    return by_torch()


@formula(r"\frac{\partial L}{\partial b} = \frac{2}{n} \sum_{i=1}^{n} (m x_i + b - y_i)")
def intercept_gradient_formula() -> dict[str, Any]:
    return by_torch()
