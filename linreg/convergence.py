"""How gradient descent on a line converges: what lr it bears, and how many epochs it needs.

The loss is the mean squared error of `y = slope * x + intercept` over all n points. It is
quadratic, with the Hessian H = (2 / n) [[sum x², sum x], [sum x, n]]. Each epoch multiplies the
error along an eigenvector of H by (1 - lr * eigenvalue), whatever y is. So x alone decides: the
large eigenvalue limits lr, and the small one then sets the pace. Where x is counted in large
numbers, the slow eigenvector is nearly the direction of the intercept.

With momentum, each epoch does velocity = momentum * velocity + gradient and then steps by
-lr * velocity, as `torch.optim.SGD` does: the heavy ball of Polyak (1964). Along an eigenvector
the error then follows e[k+1] = (1 + momentum - lr * eigenvalue) e[k] - momentum * e[k-1].
"""

import math
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any

import numpy as np

from linreg.best import least_squares
from linreg.inputs import as_values

# An error shrunk to this share of its start counts as converged in a verdict.
TOLERANCE = 1e-4


def stable_lr(x: Any, *, momentum: float = 0.0) -> float:
    """Return the lr below which training on `x` converges: 2 (1 + momentum) / large eigenvalue.

    x: array-like, shape (n,) or (n, 1), in the reader's units. momentum: 0 or more, below 1.

    Raises what `linreg.best.least_squares` raises for `x`, and ValueError for a `momentum`
    out of range.

    >>> stable_lr([-1, 1])
    1.0
    """
    _require_momentum(momentum)
    _, large = _eigenvalues(*_moments(x))
    return 2 * (1 + momentum) / large


def diagnose(
    x: Any, *, lr: float | None = None, momentum: float = 0.0, epochs: int = 1000
) -> "Diagnosis":
    """Say how gradient descent on `x` will go, before it is run and whatever y is.

    x: array-like, shape (n,) or (n, 1), in the reader's units.
    lr: the learning rate; without it, the best constant one for this `momentum`.
    momentum: 0 or more, below 1. epochs: how many the verdict allows.

    Raises what `linreg.best.least_squares` raises for `x`, and ValueError for an `lr`, `momentum`
    or `epochs` out of range.

    >>> diagnose([10, 20, 30, 40, 50, 60, 70, 80], lr=4e-4).verdict
    'diverges: lr=0.0004 is above 0.000392; use a smaller lr, or standardise x'
    """
    _require_momentum(momentum)
    _require_epochs(epochs)
    if lr is not None:
        _require_lr(lr)
    mean, variance = _moments(x)
    small, large = _eigenvalues(mean, variance)
    limit = 2 * (1 + momentum)
    if lr is None:
        # best_lr * small, which is as far from 0 as best_lr * large is from the limit.
        step = limit / (1 + large / small)
    else:
        step = min(lr * small, limit - lr * large)
        if lr >= limit / large:
            step = min(step, 0.0)
    root = math.sqrt(large / small)
    return Diagnosis(
        eigenvalues=(small, large),
        condition_number=large / small,
        max_lr=limit / large,
        best_lr=limit / (small + large),
        # Below 1, whatever rounding makes of a huge condition number.
        best_momentum=min(((root - 1) / (root + 1)) ** 2, math.nextafter(1, 0)),
        lr=limit / (small + large) if lr is None else float(lr),
        momentum=float(momentum),
        epochs=int(epochs),
        slow="intercept" if mean * mean + variance >= 1 else "slope",
        progress=_progress(step, momentum),
    )


def descent_path(x: Any, y: Any, *, lr: float, epochs: int, start: tuple[float, float]) -> "Path":
    """Return where full-batch gradient descent without momentum goes, without running it.

    x, y: array-like, shape (n,) or (n, 1), in the reader's units. lr: the learning rate.
    epochs: how many steps to take. start: slope and intercept before the first of them.

    After k epochs the two are best + V (1 - lr * eigenvalues)^k Vᵀ (start - best), with best the
    least-squares line and V the eigenvectors of H. Computed in float64, which a float32 run
    follows up to its rounding.

    Above the stable lr the path grows, and is returned while float64 holds it.
    Raises ValueError where it does not, and for an `lr`, `epochs` or `start` out of range;
    for `x` and `y`, what `linreg.best.least_squares` raises.
    """
    _require_lr(lr)
    _require_epochs(epochs)
    start_slope, start_intercept = _as_start(start)
    best = least_squares(x, y)
    mean, variance = best.x_mean, best.sxx / best.n
    small, large = _eigenvalues(mean, variance)
    cosine, sine = _fast_direction(mean, variance)
    off_slope, off_intercept = start_slope - best.slope, start_intercept - best.intercept
    steps = np.arange(epochs + 1, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        fast = _decay(cosine * off_slope + sine * off_intercept, 1 - lr * large, steps)
        slow = _decay(cosine * off_intercept - sine * off_slope, 1 - lr * small, steps)
        slopes = best.slope + cosine * fast - sine * slow
        intercepts = best.intercept + sine * fast + cosine * slow
        losses = best.mean_squared_error(x, y) + (large * fast * fast + small * slow * slow) / 2
    held = np.isfinite(slopes) & np.isfinite(intercepts) & np.isfinite(losses)
    if not held[0]:
        raise ValueError(f"the loss at start={start!r} passes what float64 holds; start nearer")
    if not held.all():
        raise ValueError(
            f"the loss passes what float64 holds in epoch {np.argmin(held)}: lr={lr} is above the "
            f"stable {2 / large:.3g}; use a smaller lr, or fewer epochs to see it grow"
        )
    return Path(slopes=slopes, intercepts=intercepts, losses=losses)


def _moments(x: Any) -> tuple[float, float]:
    """Return mean and variance (divided by n) of `x`."""
    # Any y would do; x itself lets every error speak of x.
    points = least_squares(x, x)
    return points.x_mean, points.sxx / points.n


def _eigenvalues(mean: float, variance: float) -> tuple[float, float]:
    """Return the small and the large eigenvalue of H = 2 [[variance + mean², mean], [mean, 1]]."""
    square = variance + mean * mean
    large = (square + 1) + math.hypot(square - 1, 2 * mean)
    if not math.isfinite(large):
        raise ValueError(f"the squares of x, with mean {mean:.3g}, overflow; choose other units")
    # From the determinant, 4 * variance: the difference would cancel where x is far from 0.
    return min(4 * variance / large, large), large


def _fast_direction(mean: float, variance: float) -> tuple[float, float]:
    """Return the unit eigenvector of the large eigenvalue, as (slope part, intercept part)."""
    half = (variance + mean * mean - 1) / 2
    radius = math.hypot(half, mean)
    # Of two formulas, the one that adds and does not cancel.
    cosine, sine = (half + radius, mean) if half >= 0 else (mean, radius - half)
    length = math.hypot(cosine, sine)
    return (cosine / length, sine / length) if length else (1.0, 0.0)


def _decay(error: float, factor: float, steps: np.ndarray) -> np.ndarray:
    # No error stays none, where 0 times an overflow would be nan.
    return error * factor**steps if error else np.zeros_like(steps)


def _progress(step: float, momentum: float) -> float:
    """Return 1 - the spectral radius of the heavy ball, without the cancellation.

    step: lr * eigenvalue, or its distance from the limit 2 (1 + momentum), which comes to the same.
    """
    root = math.sqrt(momentum)
    settled = (1 - momentum) / (1 + root)
    if step >= settled**2:
        # The error swings, and the two roots are a complex pair of size sqrt(momentum).
        return settled
    spread = math.sqrt((settled**2 - step) * ((1 + root) ** 2 - step))
    return 2 * step / (1 - momentum + step + spread)


def _epochs(progress: float, tolerance: float) -> int:
    if progress >= 1:
        return 1
    return max(1, math.ceil(math.log(tolerance) / math.log1p(-progress)))


def _require_lr(lr: float) -> None:
    if not (isinstance(lr, Real) and math.isfinite(lr) and lr > 0):
        raise ValueError(f"lr={lr!r} is no learning rate; give a positive number such as 1e-4")


def _require_momentum(momentum: float) -> None:
    if not (isinstance(momentum, Real) and 0 <= momentum < 1):
        raise ValueError(f"momentum={momentum!r} never settles; give 0 or more, and less than 1")


def _require_epochs(epochs: int) -> None:
    if isinstance(epochs, bool) or not isinstance(epochs, Integral) or epochs < 1:
        raise ValueError(f"epochs={epochs!r} is no number of epochs; give a whole number from 1 up")


def _as_start(start: Any) -> tuple[float, float]:
    values = as_values(start, "start")
    if len(values) != 2:
        raise ValueError(f"start has {len(values)} values; give two, (slope, intercept)")
    return float(values[0]), float(values[1])


@dataclass(frozen=True)
class Diagnosis:
    """How gradient descent goes on some x, at one lr and momentum.

    eigenvalues: the small and the large one of H. condition_number: large / small.
    max_lr: the stable limit at this momentum. best_lr: the constant lr with the smallest `shrink`
    at this momentum. best_momentum: the momentum that, with its own best_lr, has the smallest
    `shrink` of all, ((sqrt(c) - 1) / (sqrt(c) + 1))² for the condition number c.
    lr, momentum, epochs: what the verdict is about.
    slow: "intercept" or "slope", whichever the slow eigenvector mostly is.
    progress: 1 - shrink, with the digits that shrink rounds off where training crawls.
    """

    eigenvalues: tuple[float, float]
    condition_number: float
    max_lr: float
    best_lr: float
    best_momentum: float
    lr: float
    momentum: float
    epochs: int
    slow: str
    progress: float = field(repr=False)

    @property
    def shrink(self) -> float:
        """What one epoch leaves of the error in the slower direction; above 1 where it grows.

        Without momentum, it is the larger |1 - lr * eigenvalue|. With momentum, it is the
        spectral radius of the heavy ball: the factor that epochs tend to once up to speed.
        """
        return 1 - self.progress

    @property
    def verdict(self) -> str:
        """What will happen in `epochs` epochs, in words, and what to do about it."""
        if self.progress <= 0 and self.lr >= self.max_lr:
            if self.lr > self.max_lr:
                trouble = f"diverges: lr={self.lr:.6g} is above {self.max_lr:.3g}"
            else:
                trouble = f"never settles: lr={self.lr:.6g} is the stable limit itself"
            return f"{trouble}; use a smaller lr, or standardise x"
        # Momentum takes a while to come up to speed, which the pace alone does not show.
        about = "about " if self.momentum else ""
        if self.progress > 0 and (needed := _epochs(self.progress, TOLERANCE)) <= self.epochs:
            epochs = f"{about}{needed} epoch{'s' if needed > 1 else ''}"
            return f"converges in {epochs}, to {TOLERANCE:g} of the error at the start"
        log_left = self.epochs * math.log1p(-self.progress)
        left = f"{100 * math.exp(log_left):.4g} %" if log_left < -1e-4 else "more than 99.99 %"
        return (
            f"crawls: {about}{left} of the {self.slow}'s error is left "
            f"after {self.epochs} epoch{'s' if self.epochs > 1 else ''}; {self._advice()}"
        )

    def epochs_to(self, tolerance: float) -> int:
        """Return how many epochs shrink the slower error to `tolerance` of its start.

        The count is for the pace `shrink`, exact without momentum. With momentum, coming up to
        speed takes some epochs more: near the best pair, about a quarter more for 1e-4.

        Raises ValueError for a `tolerance` that is not between 0 and 1, and where no number
        of epochs will do.
        """
        if not (isinstance(tolerance, Real) and 0 < tolerance < 1):
            raise ValueError(f"tolerance={tolerance!r} is not between 0 and 1; give one like 1e-4")
        # Below this the count itself would overflow.
        if self.progress < 1e-300:
            raise ValueError(f"no number of epochs will do; training {self.verdict}")
        return _epochs(self.progress, tolerance)

    def _advice(self) -> str:
        best = _progress(2 * (1 + self.momentum) / (1 + self.condition_number), self.momentum)
        if _epochs(best, TOLERANCE) <= self.epochs:
            return f"use lr={self.best_lr:.3g}"
        settled = _progress(1 + self.momentum, self.momentum)
        if _epochs(settled, TOLERANCE) > self.epochs:
            return "use less momentum, or more epochs"
        return "standardise x"


@dataclass(frozen=True, eq=False)
class Path:
    """The way of gradient descent, from its start to after its last epoch.

    slopes, intercepts: float64, shape (epochs + 1,); entry k is after k epochs, entry 0 the start.
    losses: the mean squared error there, in squared units of y, shape (epochs + 1,).
    """

    slopes: np.ndarray
    intercepts: np.ndarray
    losses: np.ndarray
