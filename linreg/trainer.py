"""Train a line with PyTorch."""

import math
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import torch
from torch import nn

from linreg.convergence import stable_lr
from linreg.inputs import as_epochs, as_lr, as_momentum, as_points, as_seed
from linreg.line import Line

OPTIMIZERS = ("sgd", "adam", "lbfgs")


@dataclass(frozen=True)
class Fit(Line):
    """A trained line, and how its training went.

    losses: the mean squared error before each epoch's step, in squared units of y, one per epoch.
    """

    losses: tuple[float, ...] = field(repr=False)


def train(
    x: Any,
    y: Any,
    *,
    lr: float = 1e-4,
    epochs: int = 1000,
    seed: int = 228,
    optimizer: Literal["sgd", "adam", "lbfgs"] = "sgd",
    momentum: float = 0.0,
    standardize: bool = False,
) -> Fit:
    """Fit a line to `x` and `y` by full-batch gradient descent on the mean squared error.

    x, y: array-like, shape (n,) or (n, 1), in the reader's units; computed in float32.
    lr: the learning rate. epochs: steps of the optimiser to take, each over all points.
    seed: starts slope and intercept where `torch.manual_seed(seed)` starts `torch.nn.Linear(1, 1)`.
    The default 228 is the smallest that gives the tutorial's documented 14.47, 17.41 and 523.8.
    optimizer: "sgd", "adam" or "lbfgs", each as in `torch.optim`. An epoch of "lbfgs" is one
    `step`, which looks at the points several times; it searches for step lengths and reads no `lr`.
    momentum: of "sgd", 0 or more, below 1; each epoch repeats this share of the last one's step.
    standardize: train on x and y less their means and divided by their standard deviations (÷ n).
    The result is mapped back: slope, intercept and losses are in the reader's units.

    The caller's random state, default dtype and default device are neither read nor changed.

    Raises TypeError or ValueError for what is no number or no line (see `linreg.inputs`),
    for an option out of range, and for a run that diverges or ends above its start.
    """
    lr, epochs, seed, momentum = as_lr(lr), as_epochs(epochs), as_seed(seed), as_momentum(momentum)
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"optimizer={optimizer!r} is unknown; use one of {', '.join(OPTIMIZERS)}")
    if momentum and optimizer != "sgd":
        raise ValueError(f"momentum={momentum} is for optimizer='sgd'; {optimizer} takes none")
    x, y = as_points(x, y)
    if standardize:
        x_mean, x_scale = _standard_unit(x, "x")
        y_mean, y_scale = _standard_unit(y, "y")
        x, y = (x - x_mean) / x_scale, (y - y_mean) / y_scale
    # A caller may be inside torch.no_grad(), torch.inference_mode() or torch.autocast():
    # training needs gradients, and autocast's bfloat16 would leave three digits.
    with torch.inference_mode(False), torch.enable_grad(), torch.autocast("cpu", enabled=False):
        columns = (_float32_column(x, "x"), _float32_column(y, "y"))
        model = _new_model(seed)
        if optimizer == "sgd" and not momentum:
            losses = _descend(model, *columns, lr=lr, epochs=epochs)
        else:
            stepper = _new_optimizer(model, optimizer, lr=lr, momentum=momentum)
            losses = _optimize(model, *columns, stepper, epochs)
        # What the last step came to is no epoch's loss, but tells whether it diverged.
        losses.append(nn.functional.mse_loss(model(columns[0]), columns[1]).item())
    if standardize:
        losses = [loss * y_scale**2 for loss in losses]
    worst = next((i for i, loss in enumerate(losses) if not math.isfinite(loss)), None)
    if worst == 0:
        raise ValueError(
            f"the loss is {losses[0]} at the start, beyond float32; choose larger units for x and y"
        )
    if worst is None and losses[-1] > losses[0]:
        worst = epochs
    if worst is not None:
        limit = stable_lr(x, momentum=momentum) if optimizer == "sgd" else math.inf
        happened, advice = "diverged", ""
        if lr > limit:
            advice = f"The largest stable lr for this x is {limit:.3g}: "
        if lr <= limit and math.isfinite(losses[worst]):
            happened, advice = "ended above its start", "Take more epochs, or "
        advice += "use a smaller lr" if standardize else "use a smaller lr, or standardise x"
        raise ValueError(
            f"training {happened}: after epoch {worst} of {epochs} with lr={lr} the loss is "
            f"{losses[worst]:.3g}, and it began at {losses[0]:.3g}. {advice}"
        )
    slope, intercept = model.weight.item(), model.bias.item()
    if standardize:
        slope *= y_scale / x_scale
        intercept = y_mean + y_scale * intercept - slope * x_mean
    return Fit(slope=slope, intercept=intercept, losses=tuple(losses[:epochs]))


def _standard_unit(values: np.ndarray, name: str) -> tuple[float, float]:
    """Return mean and standard deviation (÷ n) of `values`, shape (n,); 1 for a deviation of 0."""
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        mean, deviation = float(values.mean()), float(values.std())
    if values.min() == values.max():
        return float(values[0]), 1.0
    if not (math.isfinite(deviation) and deviation > 0):
        raise ValueError(
            f"the standard deviation of {name} comes out as {deviation}, which float64 cannot "
            f"hold well; choose other units for {name}"
        )
    return mean, deviation


def _float32_column(values: np.ndarray, name: str) -> torch.Tensor:
    """Return `values` of shape (n,) as a float32 tensor of shape (n, 1)."""
    with np.errstate(over="ignore"):
        narrow = values.astype(np.float32)
    too_large = np.flatnonzero(~np.isfinite(narrow))
    if too_large.size:
        first = too_large[0]
        raise ValueError(
            f"{name}[{first}] is {values[first]:.3g}, beyond float32; choose larger units"
        )
    if name == "x" and narrow.min() == narrow.max():
        raise ValueError(
            f"all x are {narrow[0]} once rounded to float32, so no line exists; "
            "subtract their mean from x, or choose other units"
        )
    return torch.from_numpy(narrow).reshape(-1, 1)


def _new_model(seed: int) -> nn.Linear:
    """Return `nn.Linear(1, 1)` as `torch.manual_seed(seed)` would start it."""
    # skip_init, because the constructor would draw from the caller's random state.
    model = nn.utils.skip_init(nn.Linear, 1, 1, device="cpu", dtype=torch.float32)
    generator = torch.Generator().manual_seed(seed)
    nn.init.uniform_(model.weight, -1, 1, generator=generator)
    nn.init.uniform_(model.bias, -1, 1, generator=generator)
    return model


def _descend(
    model: nn.Linear, x: torch.Tensor, y: torch.Tensor, *, lr: float, epochs: int
) -> list[float]:
    """Take `epochs` steps downhill in place; return the loss before each, to the first bad one."""
    parameters = model.weight, model.bias
    # The same numbers, which can be changed in place without autograd asking why.
    numbers = [parameter.detach() for parameter in parameters]
    losses = []
    for _ in range(epochs):
        # The same arithmetic as model(x), backward() and SGD.step(), without their bookkeeping.
        loss = nn.functional.mse_loss(nn.functional.linear(x, *parameters), y)
        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            break
        gradients = torch.autograd.grad(loss, parameters)
        for number, gradient in zip(numbers, gradients, strict=True):
            number.sub_(gradient, alpha=lr)
    return losses


def _new_optimizer(
    model: nn.Linear, name: str, *, lr: float, momentum: float
) -> torch.optim.Optimizer:
    if name == "adam":
        return torch.optim.Adam(model.parameters(), lr=lr)
    if name == "lbfgs":
        return torch.optim.LBFGS(model.parameters(), line_search_fn="strong_wolfe")
    return torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)


def _optimize(
    model: nn.Linear,
    x: torch.Tensor,
    y: torch.Tensor,
    optimizer: torch.optim.Optimizer,
    epochs: int,
) -> list[float]:
    """Do as `_descend` does, with the steps of `optimizer`."""

    def look() -> float:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        return loss.item()

    losses = []
    # Adam counts its steps on the default device, which is the caller's.
    with torch.device("cpu"):
        for _ in range(epochs):
            losses.append(optimizer.step(look))
            if not math.isfinite(losses[-1]):
                break
    return losses
