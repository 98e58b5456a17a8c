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
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from linreg.best import least_squares
from linreg.inputs import as_epochs, as_lr, as_momentum, as_values

# An error shrunk to this share of its start counts as converged in a verdict.
TOLERANCE = 1e-4


def stable_lr(x: Any, *, momentum: float = 0.0) -> float:
    """Return the lr below which training on `x` converges: 2 (1 + momentum) / large eigenvalue.

    x: array-like, shape (n,) or (n, 1), in the reader's units. momentum: 0 or more, below 1.

    Raises what `linreg.best.least_squares` raises for `x`, and ValueError for a `momentum`
    out of range.

    >>> from linreg import stable_lr
    >>> stable_lr([-1, 1])
    1.0
    """
    momentum = as_momentum(momentum)
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

    >>> from linreg import diagnose
    >>> diagnose([10, 20, 30, 40, 50, 60, 70, 80], lr=4e-4).verdict
    'diverges: lr=0.0004 is above 0.000392; use a smaller lr, or standardise x'
    """
    momentum, epochs = as_momentum(momentum), as_epochs(epochs)
    lr = None if lr is None else as_lr(lr)
    mean, variance = _moments(x)
    small, large = _eigenvalues(mean, variance)
    limit = 2 * (1 + momentum)
    best_lr = limit / (small + large)
    root = math.sqrt(large / small)
    return Diagnosis(
        eigenvalues=(small, large),
        condition_number=large / small,
        max_lr=limit / large,
        best_lr=best_lr,
        # Below 1, whatever rounding makes of a huge condition number.
        best_momentum=min(((root - 1) / (root + 1)) ** 2, math.nextafter(1, 0)),
        lr=best_lr if lr is None else lr,
        momentum=momentum,
        epochs=epochs,
        slow="intercept" if mean * mean + variance >= 1 else "slope",
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
    lr, epochs = as_lr(lr), as_epochs(epochs)
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


def _paces(small: float, large: float, lr: float, momentum: float) -> tuple["_Pace", "_Pace"]:
    """Return the paces along the eigenvectors of the small and of the large eigenvalue."""
    limit = 2 * (1 + momentum)
    # How far lr * eigenvalue is from 0 and from the limit; the nearer end sets the pace.
    slow, fast = (lr * small, limit - lr * small), (lr * large, limit - lr * large)
    if lr == limit / (small + large):
        # The best lr makes the two mirrored, which its rounding hides where the condition is bad.
        step = limit / (1 + large / small)
        slow, fast = (step, limit - step), (limit - step, step)
    elif lr >= limit / large:
        fast = fast[0], min(fast[1], 0.0)
    return (
        _pace(min(slow), momentum, swings=slow[1] < slow[0]),
        _pace(min(fast), momentum, swings=fast[1] < fast[0]),
    )


def _pace(step: float, momentum: float, *, swings: bool) -> "_Pace":
    """Return the pace along an eigenvector, from the roots of e[k+1] = a e[k] - momentum e[k-1].

    step: the distance of lr * eigenvalue from 0, or where the error `swings` from side to side
    each epoch, from the limit 2 (1 + momentum). Mirrored signs make the roots the same.
    """
    root = math.sqrt(momentum)
    settled = (1 - momentum) / (1 + root)
    spread = math.sqrt(abs((settled**2 - step) * ((1 + root) ** 2 - step)))
    if step < settled**2:
        # 1 - root_1, where root_1 = (1 + momentum - step + spread) / 2, in a form that adds.
        if step > -1:
            progress = 2 * step / (1 - momentum + step + spread)
        else:
            progress = (1 - momentum + step - spread) / 2
        first = 1 - progress
        second = momentum / first
        push = second * (1 + first if swings else progress)
        return _Pace(progress, push / first, 1 + push / spread)
    if root == 0:
        return _Pace(1.0, 0.0, 1.0)
    # A complex pair of size `root`: the error turns round 0 by an angle with this sine.
    sine = spread / (2 * root)
    push = abs((1 + 3 * momentum if swings else 1 - momentum) - step) / (2 * root)
    return _Pace(settled, push, math.hypot(1, push / sine) if sine else math.inf)


def _count(epochs: int) -> str:
    return f"{epochs} epoch{'' if epochs == 1 else 's'}"


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
    slow: "intercept" or "slope", whichever the eigenvector of the small eigenvalue mostly is.
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

    @property
    def progress(self) -> float:
        """1 - shrink, with the digits that `shrink` rounds off where training crawls."""
        return min(pace.progress for pace in self._paces())

    @property
    def shrink(self) -> float:
        """What one epoch leaves of the error in the slower direction; above 1 where it grows.

        Without momentum, it is the larger ``|1 - lr * eigenvalue|``. With momentum, it is the
        spectral radius of the heavy ball: the factor that epochs tend to once up to speed.
        """
        return 1 - self.progress

    @property
    def verdict(self) -> str:
        """What will happen in `epochs` epochs, in words, and what to do about it."""
        paces = self._paces()
        if self.lr > self.max_lr:
            trouble = f"diverges: lr={self.lr:.6g} is above {self.max_lr:.3g}"
            return f"{trouble}; use a smaller lr, or standardise x"
        if paces[1].progress <= 0:
            trouble = f"never settles: lr={self.lr:.6g} is the stable limit itself"
            return f"{trouble}; use a smaller lr, or standardise x"
        counts = [pace.epochs_to(TOLERANCE) for pace in paces]
        if max(counts) <= self.epochs:
            within = f"{'within' if self.momentum else 'in'} {_count(int(max(counts)))}"
            return f"converges {within}, to {TOLERANCE:g} of the error at the start"
        fast = {"intercept": "slope", "slope": "intercept"}[self.slow]
        pace, name = (paces[1], fast) if counts[1] > counts[0] else (paces[0], self.slow)
        log_left = pace.log_left(self.epochs)
        if -1e-4 < log_left <= 0:
            left = "more than 99.99 %"
        else:
            left = f"{'up to ' if self.momentum else ''}{100 * math.exp(log_left):.4g} %"
        return (
            f"crawls: {left} of the {name}'s error is left after {_count(self.epochs)}; "
            f"{self._advice()}"
        )

    def epochs_to(self, tolerance: float) -> int:
        """Return how many epochs shrink the error in either direction to `tolerance` of its start.

        The count is exact without momentum. With momentum, whose first epochs gather speed and
        may overshoot, it is a bound that suffices from then on, and a little more than needed.

        Raises ValueError for a `tolerance` that is not between 0 and 1, and where no number
        of epochs will do.
        """
        if not (isinstance(tolerance, Real) and 0 < tolerance < 1):
            raise ValueError(f"tolerance={tolerance!r} is not between 0 and 1; give one like 1e-4")
        needed = max(pace.epochs_to(float(tolerance)) for pace in self._paces())
        if needed == math.inf:
            raise ValueError(f"no number of epochs will do; training {self.verdict}")
        return int(needed)

    def _paces(self) -> "tuple[_Pace, _Pace]":
        return _paces(*self.eigenvalues, self.lr, self.momentum)

    def _advice(self) -> str:
        best = _paces(*self.eigenvalues, self.best_lr, self.momentum)
        if max(pace.epochs_to(TOLERANCE) for pace in best) <= self.epochs:
            return f"use lr={self.best_lr:.3g}"
        standardised = _paces(1.0, 1.0, 1 + self.momentum, self.momentum)
        if standardised[0].epochs_to(TOLERANCE) > self.epochs:
            return "use less momentum, or more epochs"
        return "standardise x"


@dataclass(frozen=True)
class _Pace:
    """A bound for the error along one eigenvector, from 1 at rest and never far above it.

    After k epochs, the error is at most (1 - progress)^k * min(1 + k * push, top).
    """

    progress: float
    push: float
    top: float

    def log_left(self, epochs: int) -> float:
        return epochs * math.log1p(-self.progress) + math.log(min(1 + epochs * self.push, self.top))

    def epochs_to(self, tolerance: float) -> float:
        """Return the first epoch from which the bound is at most `tolerance`, or inf for never."""
        if self.progress >= 1:
            return 1
        # Below this the count would overflow.
        if self.progress < 1e-300:
            return math.inf
        goal = math.log(tolerance)
        enough = max(1, math.ceil(goal / math.log1p(-self.progress)))
        short = enough - 1
        while self.log_left(enough) > goal:
            short, enough = enough, 2 * enough
        while enough - short > 1:
            middle = (short + enough) // 2
            short, enough = (middle, enough) if self.log_left(middle) > goal else (short, middle)
        return enough


@dataclass(frozen=True, eq=False)
class Path:
    """The way of gradient descent, from its start to after its last epoch.

    slopes, intercepts: float64, shape (epochs + 1,); entry k is after k epochs, entry 0 the start.
    losses: the mean squared error there, in squared units of y, shape (epochs + 1,).
    """

    slopes: np.ndarray
    intercepts: np.ndarray
    losses: np.ndarray
