"""How gradient descent on a line or plane converges: what lr it tolerates, and how long it takes.

The loss is quadratic in the parameters (see `linreg.curvature`). Each step multiplies the error
along an eigenvector of its Hessian H by (1 - lr * eigenvalue), whatever y is. So x alone decides:
the large eigenvalue limits lr, and the small one then sets the pace. Where one x is counted in
large numbers, the slow eigenvector is nearly the direction of the intercept.

With momentum, each step does velocity = momentum * velocity + gradient and then moves by
-lr * velocity, as `torch.optim.SGD` does: the heavy ball of Polyak (1964). Along an eigenvector
the error then follows e[k+1] = (1 + momentum - lr * eigenvalue) e[k] - momentum * e[k-1].
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from linreg.best import least_squares
from linreg.curvature import fast_direction, line_eigenvalues, measure
from linreg.inputs import as_epochs, as_lr, as_momentum, as_values

# An error shrunk to this share of its start counts as converged in a verdict.
TOLERANCE = 1e-4

# Shares of the limit at which an advised lr lies, the safest first.
INSIDE = (0.9, 0.99)


def stable_lr(
    x: ArrayLike,
    *,
    momentum: float = 0.0,
    intercept: bool = True,
    reduction: str = "mean",
    factor: float = 1.0,
    batch_size: int | None = None,
) -> float:
    """Return the lr below which training on `x` converges: 2 (1 + momentum) / large eigenvalue.

    It takes, assumes and raises what `diagnose` does, whose `max_lr` it is.

    >>> from linreg import stable_lr
    >>> stable_lr([-1, 1])
    1.0
    """
    momentum = as_momentum(momentum)
    curvature = measure(
        x, intercept=intercept, reduction=reduction, factor=factor, batch_size=batch_size
    )
    return 2 * (1 + momentum) / curvature.ends[1]


def diagnose(
    x: ArrayLike,
    *,
    lr: float | None = None,
    momentum: float = 0.0,
    epochs: int = 1000,
    intercept: bool = True,
    reduction: str = "mean",
    factor: float = 1.0,
    batch_size: int | None = None,
) -> Diagnosis:
    """Say how gradient descent on `x` will go, before it is run and whatever y is.

    :param x: array-like of shape (n,), (n, 1) or (n, d), in the reader's units. A pandas frame
        names its columns in the verdict.
    :param lr: the learning rate; without it, the best constant one for this `momentum`.
    :param momentum: 0 or more, below 1.
    :param epochs: how many the verdict allows.
    :param intercept: whether one is learnt, as ``torch.nn.Linear`` does unless ``bias=False``.
    :param reduction: "mean" or "sum" of the squared residuals, as in ``torch.nn.MSELoss``.
    :param factor: what the loss is multiplied by: 0.5 for those who write half the squares.
    :param batch_size: points in a batch, dealt anew each epoch; all points when None.
    :raises TypeError: for what is no number (see `linreg.inputs`).
    :raises ValueError: for an x from which nothing can be learnt, and for an option out of range.

    It assumes that the loss is the mean of squared residuals over all points, with an intercept,
    unless told otherwise; that each step is that of ``torch.optim.SGD`` with at most momentum (no
    Nesterov, dampening or weight decay); and exact arithmetic: where float32 stops before,
    `Diagnosis.float32_floor` says. Of Adam and other optimisers it cannot know when they arrive or
    diverge; the eigenvalues, the condition number and the columns that repeat each other hold for
    them as well.

    >>> from linreg import diagnose
    >>> diagnose([10, 20, 30, 40, 50, 60, 70, 80], lr=4e-4).verdict
    'diverges: lr=0.0004 is above 0.000392; use a smaller lr, or standardise x'
    >>> diagnose([[1, 20], [-1, 10], [1, -30], [-1, -10]], lr=0.001).slow
    'x[:, 0] and intercept'
    """
    momentum, epochs = as_momentum(momentum), as_epochs(epochs)
    lr = None if lr is None else as_lr(lr)
    curvature = measure(
        x, intercept=intercept, reduction=reduction, factor=factor, batch_size=batch_size
    )
    small, large = curvature.ends
    limit = 2 * (1 + momentum)
    safe_lr = min(limit / curvature.steepest, limit / large)
    best_lr = min(limit / (small + large), safe_lr)
    root = math.sqrt(large / small)
    smallest = float(curvature.eigenvalues[0])
    return Diagnosis(
        eigenvalues=tuple(curvature.eigenvalues.tolist()),
        condition_number=large / smallest if smallest else math.inf,
        max_lr=limit / large,
        safe_lr=safe_lr,
        best_lr=best_lr,
        # Below 1, whatever rounding makes of a huge condition number.
        best_momentum=min(((root - 1) / (root + 1)) ** 2, math.nextafter(1, 0)),
        lr=best_lr if lr is None else lr,
        momentum=momentum,
        epochs=epochs,
        slow=_and(curvature.along(curvature.lost)),
        repeats=curvature.repeats,
        loss=_loss(factor, reduction, batch_size if curvature.steps > 1 else None, intercept),
        steps=curvature.steps,
        steep=_and(curvature.along(-1)),
        ends=(small, large),
        standardised=curvature.standardised,
    )


def _loss(factor: float, reduction: str, batch_size: int | None, intercept: bool) -> str:
    share = {1.0: "", 0.5: "half "}.get(float(factor), f"{factor:g} times ")
    batches = "" if batch_size is None else f" in batches of {batch_size}"
    return f"{share}the {reduction} of squares{batches}{'' if intercept else ', no intercept'}"


@np.errstate(under="ignore")  # what is next to nothing may as well be nothing
def descent_path(
    x: ArrayLike, y: ArrayLike, *, lr: float, epochs: int, start: Sequence[float]
) -> Path:
    """Return where full-batch gradient descent without momentum goes, without running it.

    :param x: array-like, shape (n,) or (n, 1), in the reader's units.
    :param y: as x, in its own units.
    :param lr: the learning rate.
    :param epochs: how many steps to take.
    :param start: slope and intercept before the first of them.
    :raises TypeError: for what is no number (see `linreg.inputs`).
    :raises ValueError: for an `lr`, `epochs` or `start` out of range; for `x` and `y`, what
        `least_squares` raises; and above the stable lr, where the path passes what float64 holds.

    After k epochs the two are best + V (1 - lr * eigenvalues)^k Vᵀ (start - best), with best the
    least-squares line and V the eigenvectors of H. Computed in float64, which a float32 run
    follows up to its rounding.
    """
    lr, epochs = as_lr(lr), as_epochs(epochs)
    start_slope, start_intercept = _as_start(start)
    best = least_squares(x, y)
    mean, variance = best.x_mean, best.sxx / best.n
    small, large = line_eigenvalues(mean, variance)
    cosine, sine = fast_direction(mean, variance)
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


def _decay(error: float, factor: float, steps: np.ndarray) -> np.ndarray:
    # No error stays none, where 0 times an overflow would be nan.
    return error * factor**steps if error else np.zeros_like(steps)


def _paces(small: float, large: float, lr: float, momentum: float) -> tuple[_Pace, _Pace]:
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


def _pace(step: float, momentum: float, *, swings: bool) -> _Pace:
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


def _round_down(value: float, digits: int) -> str:
    """Return `value` to so many digits, and never as a larger number."""
    text = f"{value:.{digits}g}"
    if float(text) <= value:
        return text
    return f"{float(text) - 10.0 ** (math.floor(math.log10(value)) - digits + 1):.{digits}g}"


def _exactly(value: float) -> str:
    text = f"{value:.6g}"
    return text if float(text) == value else repr(value)


def _count(epochs: int) -> str:
    return f"{epochs} epoch{'' if epochs == 1 else 's'}"


def _as_start(start: ArrayLike) -> tuple[float, float]:
    values = as_values(start, "start")
    if len(values) != 2:
        raise ValueError(f"start has {len(values)} values; give two, (slope, intercept)")
    return float(values[0]), float(values[1])


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """How gradient descent goes on some x, at one lr and momentum.

    :param eigenvalues: those of the loss's Hessian H, ascending, one for each parameter. For one x
        with an intercept, H = (2 / n) [[sum x², sum x], [sum x, n]].
    :param condition_number: the largest of them over the smallest; inf where columns repeat.
    :param max_lr: the stable limit at this momentum, 2 (1 + momentum) / largest eigenvalue. With
        batches, the eigenvalue is that of the mean over all batches that may be dealt.
    :param safe_lr: the lr up to which no dealing of batches can diverge, by the steepest batch
        there can be. Exact for batches of one, a bound on the safe side for larger ones, and
        max_lr where batches are whole. With momentum, which may add up what two batches do, it
        holds for each batch by itself.
    :param best_lr: the constant lr with the smallest `shrink` at this momentum, up to safe_lr.
    :param best_momentum: the momentum that, with its own best_lr, has the smallest `shrink` of
        all, ((sqrt(c) - 1) / (sqrt(c) + 1))² for the condition number c.
    :param lr: what the verdict is about, as are momentum and epochs.
    :param momentum: see lr.
    :param epochs: see lr.
    :param slow: "intercept", "slope" or the column whose parameter crawls, joined by "and" where
        the slow direction, or another as slow, has a share of several. Of more than three, two
        are named.
    :param repeats: columns that can be computed from each other, exactly or to float32.
    :param loss: what is assumed, in words.
    :param steps: batches in an epoch.
    :param steep: as slow, for the direction of the largest eigenvalue.
    :param ends: the smallest eigenvalue that no repeated column makes, and the largest.
    :param standardised: the same two, were the columns standardised.
    """

    eigenvalues: tuple[float, ...]
    condition_number: float
    max_lr: float
    safe_lr: float
    best_lr: float
    best_momentum: float
    lr: float
    momentum: float
    epochs: int
    slow: str
    repeats: tuple[str, ...]
    loss: str
    steps: int
    steep: str = field(repr=False)
    ends: tuple[float, float] = field(repr=False)
    standardised: tuple[float, float] = field(repr=False)

    @property
    def progress(self) -> float:
        """1 - shrink, with the digits that `shrink` rounds off where training crawls."""
        step = min(pace.progress for pace in self._paces())
        if self.steps == 1:
            return step
        return -math.expm1(min(700.0, self.steps * math.log1p(-step))) if step < 1 else 1.0

    @property
    def shrink(self) -> float:
        """What one epoch leaves of the error in the slower direction; above 1 where it grows.

        Without momentum, it is the larger ``|1 - lr * eigenvalue|``. With momentum, it is the
        spectral radius of the heavy ball: the factor that epochs tend to once up to speed.
        """
        return 1 - self.progress

    @property
    def verdict(self) -> str:
        """What will happen in `epochs` epochs, in words, and what to do about it.

        It holds in exact arithmetic, for the loss and the steps that `diagnose` names. It names
        the loss where that is not the mean of squares with an intercept.
        """
        verdict = self._happens()
        if self.repeats and self.lr <= self.max_lr:
            verdict = (
                f"repeats: {_and(self.repeats)} can be computed from each other, so many planes "
                f"fit equally well, and the start decides which is found; drop one of them; "
                f"apart from that, training {verdict}"
            )
        return verdict if self.loss == "the mean of squares" else f"{verdict} (for {self.loss})"

    def _happens(self) -> str:
        paces = self._paces()
        remedy = "use a smaller lr, or standardise x"
        if self.lr > self.max_lr:
            return f"diverges: lr={self._above(self.max_lr)}; {remedy}"
        if paces[1].progress <= 0:
            return f"never settles: lr={_exactly(self.lr)} is the stable limit itself; {remedy}"
        if self.lr > self.safe_lr:
            return (
                f"may diverge: lr={self._above(self.safe_lr)}, from where on steep batches can "
                f"throw it off; {self._advice()}"
            )
        counts = [pace.epochs_to(TOLERANCE) for pace in paces]
        steps = self.epochs * self.steps
        if max(counts) <= steps:
            within = "within" if self.momentum else "in"
            dealt = ", and then wavers as batches differ" if self.steps > 1 else ""
            count = _count(-(-int(max(counts)) // self.steps))
            return f"converges {within} {count}, to {TOLERANCE:g} of the error at the start{dealt}"
        pace, name = (paces[1], self.steep) if counts[1] > counts[0] else (paces[0], self.slow)
        log_left = pace.log_left(steps)
        if -1e-4 < log_left <= 0:
            left = "more than 99.99 %"
        else:
            left = f"{'up to ' if self.momentum else ''}{100 * math.exp(log_left):.4g} %"
        error = f"the {name}'s error" if name in ("slope", "intercept") else f"the error in {name}"
        return f"crawls: {left} of {error} is left after {_count(self.epochs)}; {self._advice()}"

    def epochs_to(self, tolerance: float) -> int:
        """Return how many epochs shrink the error in either direction to `tolerance` of its start.

        The count is exact without momentum, in exact arithmetic. With momentum, whose first epochs
        gather speed and may overshoot, it is a bound that suffices from then on, and a little more
        than needed. In batches it is that of the mean over all dealings. In float32 it may be
        out of reach: see `float32_floor`.

        Raises ValueError for a `tolerance` that is not between 0 and 1, and where no number
        of epochs will do.
        """
        if not (isinstance(tolerance, Real) and 0 < tolerance < 1):
            raise ValueError(f"tolerance={tolerance!r} is not between 0 and 1; give one like 1e-4")
        needed = max(pace.epochs_to(float(tolerance)) for pace in self._paces())
        if needed == math.inf:
            raise ValueError(f"no number of epochs will do; training {self.verdict}")
        return -(-int(needed) // self.steps)

    def float32_floor(self, value: float) -> float:
        """Return how far from its goal float32 stops moving the parameter that `slow` names.

        value: the parameter's goal, such as the best intercept. A float32 of that size moves by
        its ulp, the distance to the next float32. Near the goal, a step of lr * gradient is less
        than half of that and is rounded away: the run stays where lr * smallest eigenvalue *
        distance = ulp / 2 for ever. With momentum, steps of one direction add up to 1 / (1 -
        momentum) of themselves, and the distance is that much shorter.

        Raises ValueError for a value that float32 does not hold.

        >>> from linreg import diagnose
        >>> round(diagnose([10, 20, 30, 40, 50, 60, 70, 80], lr=1e-4).float32_floor(419.6), 2)
        0.37
        """
        with np.errstate(over="ignore"):
            ulp = abs(float(np.spacing(np.float32(value))))
        if not math.isfinite(ulp):
            raise ValueError(f"value={value!r} is no number that float32 holds; give one")
        return ulp * (1 - self.momentum) / (2 * self.lr * self.ends[0])

    def _paces(self) -> tuple[_Pace, _Pace]:
        return _paces(*self.ends, self.lr, self.momentum)

    def _above(self, limit: float) -> str:
        """Write lr and the `limit` below it so that they can be told apart."""
        lr = _exactly(self.lr)
        texts = (_round_down(limit, digits) for digits in range(3, 18))
        return f"{lr} is above {next((t for t in texts if float(t) < float(lr)), repr(limit))}"

    def _advice(self) -> str:
        for share in INSIDE:
            lr = _round_down(min(self.best_lr, share * self.safe_lr), 3)
            if self._arrives(*self.ends, float(lr)):
                return f"use lr={lr}"
        small, large = self.standardised
        best = 2 * (1 + self.momentum) / (small + large)
        if self._arrives(small, large, best):
            return "standardise x"
        if self.momentum:
            return "use less momentum, or more epochs"
        if self.lr > self.safe_lr:
            return f"use lr={_round_down(INSIDE[0] * self.safe_lr, 3)} and more epochs"
        return "standardise x and take more epochs, or solve for the best in one step"

    def _arrives(self, small: float, large: float, lr: float) -> bool:
        paces = _paces(small, large, lr, self.momentum)
        needed = max(pace.epochs_to(TOLERANCE) for pace in paces)
        return needed <= self.epochs * self.steps


def _and(names: Sequence[str]) -> str:
    """Return the names as a list in words, and of more than three only the first two."""
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} others"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


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


@dataclass(frozen=True, eq=False, kw_only=True)
class Path:
    """The path of gradient descent, from its start to after its last epoch.

    :param slopes: float64, shape (epochs + 1,); entry k is after k epochs, entry 0 the start.
    :param intercepts: likewise.
    :param losses: the mean squared error there, in squared units of y, shape (epochs + 1,).
    """

    slopes: np.ndarray
    intercepts: np.ndarray
    losses: np.ndarray
