"""Train a line with PyTorch."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import nn

from linreg.convergence import stable_lr
from linreg.inputs import as_points, require_spread
from linreg.line import Line


@dataclass(frozen=True)
class Fit(Line):
    """A trained line, and how its training went.

    losses: the mean squared error before each epoch's step, in squared units of y, one per epoch.
    """

    losses: tuple[float, ...] = field(repr=False)


def train(x: Any, y: Any, *, lr: float = 1e-4, epochs: int = 1000, seed: int = 228) -> Fit:
    """Fit a line to `x` and `y` by full-batch gradient descent on the mean squared error.

    x, y: array-like, shape (n,) or (n, 1), in the reader's units; computed in float32.
    lr: the learning rate. epochs: steps to take, each over all points.
    seed: starts slope and intercept where `torch.manual_seed(seed)` starts `torch.nn.Linear(1, 1)`.
    The default 228 is the smallest seed that gives the tutorial's documented 14.47, 17.41 and 523.8.

    The caller's random state, default dtype and default device are neither read nor changed.

    Raises TypeError or ValueError for what is no number or no line (see `linreg.inputs`),
    for an `lr`, `epochs` or `seed` out of range, and for a run that diverges.
    """
    if not (isinstance(lr, (int, float)) and math.isfinite(lr) and lr > 0):
        raise ValueError(f"lr={lr!r} is no learning rate; give a positive number such as 1e-4")
    if isinstance(epochs, bool) or not isinstance(epochs, (int, np.integer)) or epochs < 1:
        raise ValueError(f"epochs={epochs!r} is no number of epochs; give a whole number from 1 up")
    x, y = as_points(x, y)
    columns = [_float32_column(x, "x"), _float32_column(y, "y")]
    # A caller may be inside torch.no_grad() or torch.inference_mode(): training needs gradients.
    with torch.inference_mode(False), torch.enable_grad():
        model = _new_model(seed)
        losses = _descend(model, *columns, lr=lr, epochs=epochs)
    worst = next((i for i, loss in enumerate(losses) if not math.isfinite(loss)), None)
    if worst is None and len(losses) > 1 and losses[-1] > losses[0]:
        worst = len(losses) - 1
    if worst is not None:
        raise ValueError(
            f"training diverged: at epoch {worst + 1} of {epochs} with lr={lr} the loss is "
            f"{losses[worst]:.3g}, and it began at {losses[0]:.3g}. The largest stable lr for this x "
            f"is {stable_lr(x):.3g}: use a smaller lr, or standardise x"
        )
    return Fit(slope=model.weight.item(), intercept=model.bias.item(), losses=tuple(losses))


def _float32_column(values: np.ndarray, name: str) -> torch.Tensor:
    """Return `values` of shape (n,) as a float32 tensor of shape (n, 1)."""
    with np.errstate(over="ignore"):
        narrow = values.astype(np.float32)
    if not np.isfinite(narrow).all():
        raise ValueError(f"{name} goes up to {abs(values).max():.3g}, beyond float32; rescale {name}")
    if name == "x":
        require_spread(narrow)
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
    """Take `epochs` steps downhill in place; return the loss before each, up to the first bad one."""
    parameters = list(model.parameters())
    losses = []
    for _ in range(epochs):
        loss = nn.functional.mse_loss(model(x), y)
        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            break
        # The same arithmetic as backward() and SGD.step(), without their bookkeeping.
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.sub_(gradient, alpha=lr)
    return losses
