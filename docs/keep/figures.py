"""The figure of "How do I keep what was trained?"."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes

from linreg import least_squares
from press.plots import BEST, MUTED, TRAINED


def heavy_ball(
    x: np.ndarray, y: np.ndarray, lr: float, momentum: float, epochs: int, forget: int | None
) -> np.ndarray:
    """Return the loss before each epoch of gradient descent with momentum, from seed 228.

    forget: the epoch in which the optimiser loses its speed, or None. It starts as `nn.Linear`
    does. Computed in float64; shape (epochs,).
    """
    torch.manual_seed(228)
    start = torch.nn.Linear(1, 1)
    at = np.array([start.weight.item(), start.bias.item()])
    speed, losses = np.zeros(2), []
    for epoch in range(epochs):
        if epoch == forget:
            speed = np.zeros(2)
        residuals = at[0] * x + at[1] - y
        losses.append(np.mean(residuals**2))
        gradient = 2 * np.array([np.mean(residuals * x), np.mean(residuals)])
        speed = momentum * speed + gradient
        at = at - lr * speed
    return np.array(losses)


def plot_resumed(x: np.ndarray, y: np.ndarray, *, lr: float, momentum: float, epochs: int) -> Axes:
    """Draw how far the loss is above the lowest, and that of a training that forgets its speed.

    It forgets half way. Returns the axes.
    """
    ax = plt.subplots()[1]
    half = epochs // 2
    for forget, colour, dash in ((None, BEST, "-"), (half, TRAINED, "--")):
        losses = heavy_ball(x, y, lr, momentum, epochs, forget)
        begin = 0 if forget is None else half
        losses = losses - least_squares(x, y).mean_squared_error(x, y)
        ax.plot(np.arange(begin, epochs), losses[begin:], dash, color=colour)
    ax.axvline(half, color=MUTED, linewidth=1, linestyle=":")
    ax.set(xlabel="Epoch", ylabel="Loss above the lowest", yscale="log", xlim=(0, epochs - 1))
    ax.minorticks_off()
    return ax
