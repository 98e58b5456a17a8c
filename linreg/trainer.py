"""Train a line with PyTorch."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import nn

from linreg.convergence import stable_lr
from linreg.inputs import as_epochs, as_lr, as_momentum, as_points, as_seed
from linreg.line import Line

OPTIMIZERS = ("sgd", "adam", "lbfgs")


@dataclass(frozen=True, kw_only=True)
class Fit(Line):
    """A trained line, and how its training went.

    :param losses: the mean squared error before each epoch's step, in squared units of y,
        one per epoch.
    """

    losses: tuple[float, ...] = field(repr=False)


class TrainingDiverged(ValueError):
    """A run of `train` whose loss is no longer finite.

    :param message: what happened, and what to do about it.
    :param losses: the losses as in `Fit`, up to and with the first that is not finite.
    """

    def __init__(self, message: str, losses: tuple[float, ...]) -> None:
        super().__init__(message, losses)
        self.losses = losses

    def __str__(self) -> str:
        return str(self.args[0])


@np.errstate(under="ignore")  # what is next to nothing may as well be nothing
def train(
    x: ArrayLike,
    y: ArrayLike,
    *,
    lr: float | None = None,
    epochs: int = 1000,
    seed: int = 228,
    optimizer: Literal["sgd", "adam", "lbfgs"] = "sgd",
    momentum: float = 0.0,
    standardize: bool = False,
) -> Fit:
    """Fit a line to `x` and `y` by full-batch gradient descent on the mean squared error.

    :param x: array-like, shape (n,) or (n, 1), in the reader's units; computed in float32.
    :param y: as x, in its own units.
    :param lr: the learning rate, which "sgd" and "adam" need; `diagnose` tells a good one for x.
    :param epochs: steps of the optimiser to take, each over all points.
    :param seed: starts slope and intercept where ``torch.manual_seed(seed)`` starts
        ``torch.nn.Linear(1, 1)``. The default is the smallest that gives the tutorial's
        documented 14.47, 17.41 and 523.8.
    :param optimizer: "sgd", "adam" or "lbfgs", each as in ``torch.optim``. An epoch of "lbfgs" is
        one ``step``, which looks at the points several times; it searches for step lengths.
    :param momentum: of "sgd", 0 or more, below 1; each epoch repeats this share of the last one's
        step.
    :param standardize: train on x and y less their means and divided by their standard deviations
        (÷ n). The result is mapped back: slope, intercept and losses are in the reader's units.
    :raises TrainingDiverged: for a run whose loss passes what float32 holds; it has the losses.
    :raises TypeError: for what is no number (see `linreg.inputs`).
    :raises ValueError: for what is no line (see there), for an option out of range or missing,
        and for a loss that is not finite at the start.

    A run whose losses stay finite is returned, however good or bad its line is:
    `review` says which. The caller's random state, default dtype and default device are neither
    read nor changed.
    """
    epochs, seed, momentum = as_epochs(epochs), as_seed(seed), as_momentum(momentum)
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"optimizer={optimizer!r} is unknown; use one of {', '.join(OPTIMIZERS)}")
    if momentum and optimizer != "sgd":
        raise ValueError(f"momentum={momentum} is for optimizer='sgd'; {optimizer} takes none")
    step = _as_step(lr, optimizer)
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
            losses = _descend(model, *columns, lr=step, epochs=epochs)
        else:
            stepper = _new_optimizer(model, optimizer, lr=step, momentum=momentum)
            losses = _optimize(model, *columns, stepper, epochs)
        # What the last step came to is no epoch's loss, but tells whether it diverged.
        losses.append(nn.functional.mse_loss(model(columns[0]), columns[1]).item())
    if standardize:
        losses = [loss * y_scale**2 for loss in losses]
    if not all(map(math.isfinite, losses)):
        limit = stable_lr(x, momentum=momentum) if optimizer == "sgd" else math.inf
        advice = "use a smaller lr" if standardize else "use a smaller lr, or standardise x"
        if lr is not None and lr > limit:
            advice = f"the largest stable lr for this x is {limit:.3g}: {advice}"
        raise _diverged(losses, epochs, lr, advice)
    slope, intercept = model.weight.item(), model.bias.item()
    if standardize:
        slope *= y_scale / x_scale
        intercept = y_mean + y_scale * intercept - slope * x_mean
    return Fit(slope=slope, intercept=intercept, losses=tuple(losses[:epochs]))


def _as_step(lr: float | None, optimizer: str) -> float:
    if optimizer == "lbfgs":
        if lr is not None:
            raise ValueError(f"lr={lr!r} is for sgd and adam; lbfgs searches for its own steps")
        return 1.0
    if lr is None:
        raise ValueError(
            f"{optimizer} needs a learning rate: give lr=, for sgd below linreg.stable_lr(x), "
            "such as linreg.diagnose(x).best_lr"
        )
    return as_lr(lr)


def _diverged(losses: list[float], epochs: int, lr: float | None, advice: str) -> ValueError:
    """Return the error for `losses` of which one is not finite."""
    bad = next(epoch for epoch, loss in enumerate(losses) if not math.isfinite(loss))
    if bad == 0:
        return ValueError(
            f"the loss is {losses[0]} at the start, beyond float32; choose larger units for x and y"
        )
    return TrainingDiverged(
        f"training diverged: after epoch {bad} of {epochs} with lr={lr} the loss is "
        f"{losses[bad]:.3g}, and it began at {losses[0]:.3g}; {advice}",
        tuple(losses[: bad + 1]),
    )


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
    if narrow.min() == narrow.max() and values.min() != values.max():
        what = "so no line exists; " if name == "x" else "and there is nothing to learn; "
        raise ValueError(
            f"all {name} are {narrow[0]} once rounded to float32, {what}"
            f"subtract their mean from {name}, or choose other units"
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
