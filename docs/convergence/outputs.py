"""What the page "Why did training stop short?" documents."""

import itertools
from functools import cache
from typing import Any

import numpy as np
import torch

from press.contract import formula, output, printed, table
from press.witness import best, best_table, curvatures, in_ones, ones, tens, valley

TYPED = {
    "1000": "a setting: the number of epochs",
    "`lr` of 0.0001": "a setting: the learning rate of the documented run",
    "`lr` 0.0001": "a setting: the learning rate of the documented run",
}

LR = 0.0001
HEADING = ["Across", "Along", "Ratio", "Largest lr", "Epochs"]


def gradient(line: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the loss at `line`, a slope and an intercept, by autograd."""
    line = line.clone().requires_grad_()
    error = line[0] * tens.x.double() + line[1] - tens.y.double()
    return torch.autograd.grad(error.square().mean(), line)[0]


def hessian() -> torch.Tensor:
    """Return how the gradient changes per slope and per intercept: the loss is quadratic."""
    origin = torch.zeros(2, dtype=torch.float64)
    return torch.stack([gradient(one) - gradient(origin) for one in torch.eye(2).double()], dim=1)


@formula(r"H = \frac{2}{n} \begin{bmatrix} \sum x^2 & \sum x \\ \sum x & n \end{bmatrix}")
def the_hessian() -> dict[str, Any]:
    return {"H": hessian(), "x": tens.x.double(), "n": len(tens.x)}


@formula(r"1 - \mathrm{lr} \times \text{curvature}")
def what_an_epoch_leaves() -> dict[str, Any]:
    goal = torch.tensor([best().slope, best().intercept], dtype=torch.float64)
    curvature, direction = torch.linalg.eigh(hessian())
    away = direction[:, 1]
    after = away - LR * gradient(goal + away)
    return {r"\mathrm{lr}": LR, r"\text{curvature}": curvature[1], "": after @ away}


@formula(
    r"g = H\,(\theta - \theta^*)",
    r"\begin{aligned} \theta_{k+1} - \theta^* &= \theta_k - \mathrm{lr}\, g - \theta^* \\ "
    r"&= (I - \mathrm{lr}\, H)\,(\theta_k - \theta^*). \end{aligned}",
)
def one_step() -> dict[str, Any]:
    line = torch.nn.Parameter(torch.tensor([3.0, 100.0], dtype=torch.float64))
    before, line.grad = line.detach().clone(), gradient(line.detach())
    torch.optim.SGD([line], lr=LR).step()
    return {
        r"\theta": before,
        r"\theta_k": before,
        r"\theta_{k+1}": line.detach(),
        r"\theta^*": [best().slope, best().intercept],
        r"\mathrm{lr}": LR,
        "g": line.grad,
        "H": hessian(),
        "I": np.eye(2),
    }


@formula(r"\mathrm{lr} < \frac{2}{\text{curvature across the valley}}")
def the_limit() -> dict[str, Any]:
    """Find the largest of many learning rates with which no distance grows."""
    step = np.linspace(1e-4, 1e-3, 10_001)[:, None, None] * hessian().numpy()
    growth = np.abs(np.linalg.eigvalsh(np.eye(2) - step)).max(axis=1)
    stable = np.linspace(1e-4, 1e-3, 10_001)[growth < 1]
    return {r"\mathrm{lr}": stable.max(), r"\text{curvature across the valley}": curvatures()[1]}


def epochs_until(factor: float, share: float) -> int:
    """Return how many epochs, each leaving `factor`, leave at most a `share`: exact arithmetic."""
    return next(k for k in itertools.count() if factor**k <= share)


def keeps(curvature: float) -> float:
    """Return what an epoch of the documented run leaves of the distance."""
    return 1 - LR * curvature


def keeps_at_best() -> float:
    along, across = curvatures()
    return (across - along) / (across + along)


@cache
def ends() -> np.ndarray:
    """Return slope and intercept after 1000 epochs from each corner of all starts."""
    goal = np.array([best().slope, best().intercept])
    after = np.linalg.matrix_power(np.eye(2) - LR * hessian().numpy(), 1000)
    return np.array(
        [goal + after @ (corner - goal) for corner in itertools.product([-1, 1], [-1, 1])]
    )


@printed("large eigenvalue of the Hessian, in tens")
def conv_across_printed() -> str:
    return f"Curvature across the valley: {curvatures()[1]:.1f}"


@printed("small eigenvalue of the Hessian, in tens")
def conv_along_printed() -> str:
    return f"Curvature along the valley:  {curvatures()[0]:.4f}"


@printed("what an epoch leaves of the distance across, at the tutorial's lr")
def conv_keep_across_printed() -> str:
    return f"One epoch leaves {keeps(curvatures()[1]):.4f} of the distance across,"


@printed("what an epoch leaves of the distance along, at the tutorial's lr")
def conv_keep_along_printed() -> str:
    return f"and {keeps(curvatures()[0]):.6f} of the distance along."


@output("percentage of the distance across that ten epochs leave", ".2f")
def conv_steps_across() -> float:
    return 100 * keeps(curvatures()[1]) ** 10


@printed("what diagnose says about the tutorial's run")
def conv_verdict_printed() -> str:
    left = f"{100 * keeps(curvatures()[0]) ** 1000:.2f} % of the intercept's error is left"
    return f"crawls: {left} after 1000 epochs; standardise x"


@printed("epochs to halve the distance along the valley, at the tutorial's lr")
def conv_halving_printed() -> str:
    return f"Epochs until half of the way is left: {epochs_until(keeps(curvatures()[0]), 0.5):,}"


@printed("epochs to a ten-thousandth of the distance, at the tutorial's lr, in exact arithmetic")
def conv_arrival_printed() -> str:
    return f"Epochs until a ten-thousandth is left: {epochs_until(keeps(curvatures()[0]), 1e-4):,}"


@output("epochs to halve the distance along the valley, at the tutorial's lr", ",d")
def conv_halving() -> int:
    return epochs_until(keeps(curvatures()[0]), 0.5)


@output("the same, in whole thousands", ",d")
def conv_more_than() -> int:
    return conv_halving() // 1000 * 1000


def gap() -> float:
    """Return the distance from the best intercept to the next float32."""
    goal = np.float32(best().intercept)
    return float(np.nextafter(goal, np.float32(np.inf)) - goal)


def short(lr: float) -> float:
    """Return the distance at which a step is half the gap, which float32 rounds away."""
    return gap() / (2 * lr * curvatures()[0])


@printed("what float32 can move by near the best intercept")
def conv_gap_printed() -> str:
    return f"Near {best().intercept:.2f}, a float32 moves by {gap():.7f} or not at all."


@printed("how far from the best intercept the documented run stops for ever")
def conv_short_printed() -> str:
    return f"With lr = 0.0001, it stops {short(LR):.2f} points short."


@output("intercept at which the documented run stops for ever, in float32", ".2f")
def conv_stop() -> float:
    return best().intercept - short(LR)


@output("largest stable lr, in tens", ".6f")
def conv_limit() -> float:
    return 2 / curvatures()[1]


@output("best constant lr, in tens", ".8f")
def conv_best_lr() -> float:
    return 2 / sum(curvatures())


@output("percentage of the distance that 1000 epochs leave at the best lr", ".1f")
def conv_best_left() -> float:
    return 100 * keeps_at_best() ** 1000


@output("epochs to a ten-thousandth of the distance at the best lr, in tens, exactly", ",d")
def conv_best_epochs() -> int:
    return epochs_until(keeps_at_best(), 1e-4)


@output("condition number, in tens", ",.0f")
def conv_condition() -> float:
    along, across = curvatures()
    return across / along


@printed("the line that 1000 epochs train on the table's own units")
def conv_table_printed() -> str:
    return in_ones().formula()


@output("slope of the best line in the table's units", ".2f")
def conv_table_slope() -> float:
    return best_table().slope


@output("intercept of the best line in the table's units", ".2f")
def conv_table_intercept() -> float:
    return best_table().intercept


@table("how gradient descent converges on hours in tens and in ones")
def conv_units() -> list[list[str]]:
    valleys = {"in tens": valley(tens.x), "in ones": valley(ones.x)}
    rows = [[name, *(found[column] for column in HEADING)] for name, found in valleys.items()]
    return [["Hours", *HEADING], *rows]


@table("least and most that the run without a seed can give")
def conv_range() -> list[list[str]]:
    def row(name: str, values: np.ndarray, at_best: float, digits: int) -> list[str]:
        return [name, *(f"{v:.{digits}f}" for v in (values.min(), values.max(), at_best))]

    slopes, intercepts = ends().T
    return [
        ["What", "least", "most", "best line"],
        row("Slope", slopes, best().slope, 3),
        row("Intercept", intercepts, best().intercept, 2),
        row("At 35 hours", 35 * slopes + intercepts, best().predict(35), 1),
    ]


@output("least intercept that the run without a seed can give", ".2f")
def conv_reach_least() -> float:
    return ends()[:, 1].min()


@output("most intercept that the run without a seed can give", ".2f")
def conv_reach_most() -> float:
    return ends()[:, 1].max()
