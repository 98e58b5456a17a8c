"""What happened in a run that is over, told from its losses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from linreg.convergence import Diagnosis, diagnose
from linreg.inputs import (
    as_column,
    as_columns,
    as_values,
    require_finite,
    require_labels,
    require_pairs,
)

# How near a level counts as reached.
NEAR = 0.01

# What rounding in float32 adds to the predictions of an exact line, as a share of y: some ulps.
ROUNDING = 1e-6

# Changes of a loss below this share are its own rounding in float32.
JITTER = 1e-6


@dataclass(frozen=True, kw_only=True)
class Review:
    """What a run's losses say of it.

    :param kind: one of "arrived", "crawls", "diverges", "nan", "constant", "swings", "mean",
        "noisy" and "below the floor".
    :param verdict: what that is, how one can tell, and what to do.
    :param sure: whether the losses allow no other kind; where not, the verdict says so.
    :param end: the level at which the losses ended, in the loss's units; of batches, the mean of
        the last tenth, or of the last ten.
    :param floor: the loss of the best line or plane, by least squares; no training goes below it.
    :param variance: the loss of always guessing the mean of y.
    :param r_squared: 1 - end / variance, of the run's end.
    :param best_r_squared: 1 - floor / variance, which no training beats.
    :param max_lr: as in `Diagnosis`.
    :param safe_lr: as in `Diagnosis`.
    """

    kind: str
    verdict: str
    sure: bool
    end: float
    floor: float
    variance: float
    r_squared: float
    best_r_squared: float
    max_lr: float
    safe_lr: float


class _Finding(NamedTuple):
    kind: str
    words: str
    sure: bool = True


@dataclass(frozen=True, kw_only=True)
class _Run:
    """All that a finding may rest on; losses are finite, of shape (k,)."""

    losses: np.ndarray
    end: float
    error: float
    jumps: bool
    floor: float
    variance: float
    rounding: float
    n: int
    lr: float | None
    reduction: str
    batches: bool
    diagnosis: Diagnosis

    @property
    def to_come(self) -> float:
        """How much more the loss would fall, if it went on as in its second half.

        Three losses at equal distances tell the ratio of a geometric series, and so its sum.
        """
        apart = max(1, len(self.losses) // 4)
        if len(self.losses) < 3:
            return math.inf
        early, middle, late = self.losses[[-1 - 2 * apart, -1 - apart, -1]].tolist()
        fallen, falling = early - middle, middle - late
        if abs(falling) <= JITTER * abs(late):
            return 0.0
        return falling**2 / (fallen - falling) if fallen > falling > 0 else math.inf

    @property
    def settled(self) -> bool:
        """Whether the losses have hardly any further to fall."""
        if self.jumps:
            parts = np.array_split(self.losses[len(self.losses) // 2 :], 2)
            return abs(parts[0].mean() - parts[1].mean()) <= 4 * self.error
        last = self.losses[-max(3, len(self.losses) // 4) :]
        if len(last) < 3:
            return False
        # Momentum comes to rest in waves, of which no series tells the sum.
        still = NEAR if self.diagnosis.momentum else JITTER
        return self.to_come <= NEAR * self.end or float(np.ptp(last)) <= still * self.end

    @property
    def stands_still(self) -> bool | None:
        """Whether the loss falls far less than the settings make it fall, or None if unknown."""
        if self.lr is None or self.lr > self.diagnosis.max_lr or self.jumps:
            return None
        apart = max(1, len(self.losses) // 4)
        if len(self.losses) <= apart:
            return None
        before, left = self.losses[-1 - apart] - self.floor, self.end - self.floor
        awaited = -math.expm1(2 * apart * math.log1p(-min(self.diagnosis.progress, 0.999)))
        # Below this, the float32 of a loss shows no fall.
        if awaited * left < 100 * JITTER * self.end:
            return None
        return bool(before - left < 0.1 * awaited * before)

    def is_at(self, level: float) -> bool:
        """Whether the run ended at `level`, to one per cent or the rounding of float32."""
        return abs(self.end - level) <= NEAR * level + self.rounding


@np.errstate(under="ignore")  # what is next to nothing may as well be nothing
def review(
    x: ArrayLike,
    y: ArrayLike,
    losses: ArrayLike,
    *,
    lr: float | None = None,
    momentum: float = 0.0,
    intercept: bool = True,
    reduction: str = "mean",
    factor: float = 1.0,
    batch_size: int | None = None,
) -> Review:
    """Say what happened in a run that is over, from its losses.

    :param x: what was trained on, of shape (n,), (n, 1) or (n, d), in the units of training.
    :param y: likewise, of shape (n,) or (n, 1).
    :param losses: one for each epoch, in their order; nan and infinity are allowed.
    :param lr: the learning rate, where one was set; with it, the verdict can say more.
    :param momentum: of ``torch.optim.SGD``.
    :param intercept: whether the model has one, as ``torch.nn.Linear`` does unless ``bias=False``.
    :param reduction: "mean" or "sum" of the squared residuals.
    :param factor: what the loss is multiplied by: 0.5 for those who write half the squares.
    :param batch_size: points in a batch; all points when None. A loss is then that of the epoch's
        last batch, or the mean over its batches.
    :raises TypeError: for what is no number (see `linreg.inputs`).
    :raises ValueError: for data and options that `diagnose` refuses, for x and y that do not pair,
        and for no losses.

    It rests on three levels: the floor that least squares reaches, the variance of y, and the
    first loss. What moves between them, and how, tells the kinds apart.

    >>> from linreg import review
    >>> review([1, 2, 3], [2, 4, 6], [7.5, 7.5, 7.5]).kind
    'constant'
    """
    require_labels(x, y)
    columns, targets = as_columns(x, "x"), as_column(y, "y").astype(np.float64)
    for column in columns.values():
        require_pairs(column, targets)
    history = as_column(losses, "losses").astype(np.float64)
    if len(history) == 0:
        raise ValueError("losses is empty; give the loss of each epoch")
    if not math.isfinite(history[0]):
        return _unusable(history, columns, targets)
    targets = as_values(targets, "y")
    with np.errstate(over="ignore", under="ignore"):
        if not math.isfinite(float(np.mean(targets**2))):
            raise ValueError("the squares of y overflow float64; choose other units for y")
    diagnosis = diagnose(
        x,
        lr=lr,
        momentum=momentum,
        epochs=len(history),
        intercept=intercept,
        reduction=reduction,
        factor=factor,
        batch_size=batch_size,
    )
    n = len(targets)
    size = n if batch_size is None else min(batch_size, n)
    unit = factor * (size if reduction == "sum" else 1)
    finite = history[: _count_finite(history)]
    jumps = _jumps(finite, len(diagnosis.eigenvalues), size < n)
    many = min(max(1, len(finite) // 2), max(10, len(finite) // 10))
    tail = finite[-many:] if jumps or size < n else finite[-1:]
    run = _Run(
        losses=finite,
        end=float(tail.mean()),
        error=float(tail.std() / math.sqrt(len(tail))),
        jumps=jumps,
        floor=unit * _floor(columns, targets, intercept),
        variance=unit * float(targets.var()),
        rounding=unit * ROUNDING**2 * float(np.mean(targets**2)),
        n=n,
        lr=lr,
        reduction=reduction,
        batches=size < n,
        diagnosis=diagnosis,
    )
    if len(finite) < len(history):
        found = _Finding("diverges", _overflowed(history, run))
    else:
        looks = (_constant, _below, _grows, _swings, _arrived, _mean, _noisy)
        found = next(filter(None, (look(run) for look in looks)), None) or _crawls(run)
    return _report(found, run)


def _unusable(history: np.ndarray, columns: dict[str, np.ndarray], y: np.ndarray) -> Review:
    words = f"nan: the first loss is {history[0]}, before any step was taken"
    try:
        for name, column in (*columns.items(), ("y", y)):
            require_finite(column.astype(np.float64), name)
        words += "; the data are finite, so look at the start, and for numbers beyond float32"
    except ValueError as error:
        words += f": {error}"
    nan = math.nan
    return Review(
        kind="nan",
        verdict=words,
        sure=True,
        end=float(history[-1]),
        floor=nan,
        variance=nan,
        r_squared=nan,
        best_r_squared=nan,
        max_lr=nan,
        safe_lr=nan,
    )


def _report(found: _Finding, run: _Run) -> Review:
    end = run.end if found.kind != "diverges" else float(run.losses[-1])
    share = run.variance if run.variance > 0 else math.nan
    doubt = "" if found.sure else "; the losses alone do not settle it"
    if run.floor > run.variance:
        # Only a model without an intercept can be so poor.
        doubt += "; without an intercept even the best is worse than the mean of y: learn one"
    return Review(
        kind=found.kind,
        verdict=f"{found.kind}: {found.words}{doubt}",
        sure=found.sure,
        end=end,
        floor=run.floor,
        variance=run.variance,
        r_squared=1 - end / share,
        best_r_squared=1 - run.floor / share,
        max_lr=run.diagnosis.max_lr,
        safe_lr=run.diagnosis.safe_lr,
    )


def _count_finite(history: np.ndarray) -> int:
    bad = np.flatnonzero(~np.isfinite(history))
    return int(bad[0]) if bad.size else len(history)


def _floor(columns: dict[str, np.ndarray], y: np.ndarray, intercept: bool) -> float:
    """Return the mean squared residual of least squares."""
    design = np.column_stack([column.astype(np.float64) for column in columns.values()])
    if intercept:
        design, y = design - design.mean(axis=0), y - y.mean()
    lengths = np.linalg.norm(design, axis=0)
    design = design / np.where(lengths > 0, lengths, 1)
    weights = np.linalg.lstsq(design, y, rcond=1e-12)[0]
    return float(np.mean((y - design @ weights) ** 2))


def _jumps(losses: np.ndarray, parameters: int, batches: bool) -> bool:
    """Whether the second half goes up and down in a way that no whole-batch descent does."""
    half = losses[len(losses) // 2 :]
    changes = np.diff(half)
    moves = changes[np.abs(changes) > JITTER * float(np.abs(half).mean())]
    if len(moves) < 4 or min((moves > 0).mean(), (moves < 0).mean()) < 0.1:
        return False
    return batches or not _follows(losses[-1000:], parameters)


def _follows(losses: np.ndarray, parameters: int) -> bool:
    """Whether each loss follows from those before it; True where there are too few to tell.

    Errors along p eigenvectors make a loss of p squares, each the sum of three powers, whatever
    the momentum: a linear recurrence of order 3 p, and one more for a constant.
    """
    order = 3 * parameters + 1
    if len(losses) < 4 * order:
        return True
    rows = np.lib.stride_tricks.sliding_window_view(losses - losses.mean(), order + 1)
    # From the second half, since a large start would hide what comes after it.
    rows = rows[len(rows) // 2 :] / max(float(np.abs(rows[len(rows) // 2 :]).max()), 1e-300)
    weights = np.linalg.lstsq(rows[:, :-1], rows[:, -1], rcond=1e-7)[0]
    left = rows[:, -1] - rows[:, :-1] @ weights
    # A recurrence with as many weights as values would fit anything.
    free = max(1, len(left) - order)
    return float(left @ left) / free < 1e-2 * float(rows[:, -1].var())


def _constant(run: _Run) -> _Finding | None:
    losses = run.losses
    spread = float(np.ptp(losses))
    # The order of dealing changes how a mean over batches is rounded.
    if len(losses) < 2 or spread > (10 * JITTER * abs(losses[0]) if run.batches else 0):
        return None
    if run.is_at(run.floor):
        return None
    return _Finding(
        "constant",
        f"the loss is {losses[0]:.4g} in every epoch, so nothing moves the model that it is "
        "computed from; look whether the optimiser holds that model's parameters, whether "
        "optimizer.step() and loss.backward() run, and whether the loss is computed anew",
    )


def _below(run: _Run) -> _Finding | None:
    lowest = run.end + 4 * run.error if run.jumps or run.batches else float(run.losses.min())
    if lowest >= (1 - NEAR) * run.floor - run.rounding:
        return None
    words = f"the loss came to {run.end:.4g}, and no line or plane has less than {run.floor:.4g}"
    ways = {"half the loss": 2, "the mean in place of the sum": run.n, "half the mean": 2 * run.n}
    for way, factor in ways.items():
        if run.floor and run.is_at(run.floor / factor):
            return _Finding("below the floor", f"{words}; it is at the floor of {way}", False)
    advice = "training had other x or y, mapped units, another loss, or another model"
    few = run.batches and len(run.losses) < 100
    return _Finding("below the floor", f"{words}: {advice}; review what was trained on", not few)


def _limits(run: _Run) -> str:
    if run.lr is None:
        return f"for this x, lr must stay below {run.diagnosis.safe_lr:.3g}"
    if run.lr > run.diagnosis.safe_lr:
        return f"lr={run.lr:g}, and for this x it must stay below {run.diagnosis.safe_lr:.3g}"
    return (
        f"though lr={run.lr:g} is below {run.diagnosis.safe_lr:.3g}, which this x tolerates: the "
        "loss or the optimiser is not the one given (a sum, another momentum, gradients not reset)"
    )


def _overflowed(history: np.ndarray, run: _Run) -> str:
    bad = len(run.losses)
    return (
        f"the loss is {history[bad]} from epoch {bad} on, and it began at {history[0]:.3g}; "
        f"{_limits(run)}; use a smaller lr, or standardise x"
    )


def _grows(run: _Run) -> _Finding | None:
    losses, parts = run.losses, np.array_split(run.losses, 3)
    advice = f"{_limits(run)}; use a smaller lr, or standardise x"
    words = f"the loss went from {losses[0]:.3g} to {losses[-1]:.3g} and grows; {advice}"
    if len(losses) < 3:
        grown = len(losses) == 2 and losses[1] > losses[0] * (1 + JITTER)
        return _Finding("diverges", words, run.lr is not None) if grown else None
    if parts[2].max() > 3 * max(parts[0].max(), parts[1].max() / 3) and (
        parts[2].mean() > 3 * parts[0].mean()
    ):
        return _Finding("diverges", words)
    if run.jumps or run.batches:
        return None
    changes = np.diff(parts[2])
    rising = len(changes) > 0 and bool((changes > 0).all())
    if run.lr is not None and run.lr > run.diagnosis.max_lr:
        # Just above the limit, a short run falls across the valley first, and then rises slowly.
        if rising and losses[-1] > (1 + NEAR) * losses.min():
            return _Finding("diverges", words)
        return None
    faster = len(changes) > 2 and bool((np.diff(changes) > 0).all())
    if rising and faster and losses[-1] > 1.05 * losses.min():
        return _Finding("diverges", words, False)
    return None


def _swings(run: _Run) -> _Finding | None:
    losses, momentum = run.losses, run.diagnosis.momentum
    if run.jumps or run.batches or len(losses) < 6:
        return None
    last = losses[-max(3, len(losses) // 10) :]
    if float(np.abs(last - run.floor).max()) <= NEAR * run.floor + run.rounding:
        # Adam may swing on its way, and momentum does: what rests at the floor has arrived.
        return None
    cause = (
        "gradients that are not reset do so: call optimizer.zero_grad() before each loss.backward()"
    )
    span = float(np.ptp(losses))
    rise = float((losses - np.minimum.accumulate(losses)).max())
    if rise > 0.05 * span and rise > NEAR * run.end:
        parts = np.array_split(losses, 3)
        kept = float(np.ptp(parts[2]) / np.ptp(parts[0]))
        waves = _waves(losses)
        words = f"the loss rises and falls {waves} times and keeps {kept:.0%} of its height"
        expected = momentum ** (len(losses) * 2 / 3)
        if waves >= 2 and kept > max(0.5, (1 + expected) / 2):
            return _Finding("swings", f"{words}; {cause}")
        # Plain descent below the limit never rises; what fades may be Adam, or momentum.
        if momentum or kept < 0.2:
            return None
        return _Finding("swings", f"{words}; {cause}", False)
    changes = np.diff(losses)
    if momentum == 0 and span > NEAR * run.end:
        # A sum of decaying powers falls ever slower.
        faster = float(np.diff(changes).min())
        if faster < -0.02 * float(np.abs(changes).max()):
            return _Finding("swings", f"the loss begins slowly and falls faster; {cause}", False)
    return None


def _waves(losses: np.ndarray) -> int:
    """Return how often the loss rises by a tenth of its range after having fallen as much."""
    step = 0.1 * float(np.ptp(losses))
    waves, low, high, falling = 0, losses[0], losses[0], True
    for loss in losses:
        low, high = (min(low, loss), high) if falling else (low, max(high, loss))
        if falling and loss > low + step:
            waves, falling, high = waves + 1, False, loss
        elif not falling and loss < high - step:
            falling, low = True, loss
    return waves


def _arrived(run: _Run) -> _Finding | None:
    best = 1 - run.floor / run.variance if run.variance else math.nan
    good = f"the best itself has R² = {best:.4g}, and no training beats it"
    if run.is_at(run.floor):
        advice = "" if best > 0.5 else ": for less loss, look for other columns or another model"
        return _Finding(
            "arrived",
            f"the loss ended at {run.end:.4g}, and the floor is {run.floor:.4g}; {good}{advice}",
            not run.jumps or run.error <= NEAR * run.floor,
        )
    summed = run.n if run.reduction == "mean" else 1 / run.n
    crawls = run.lr is not None and run.diagnosis.verdict.startswith("crawls")
    if run.settled and not crawls and run.floor > run.rounding and not run.jumps:
        for way, factor in (("the sum", summed), ("half the sum", summed / 2)):
            if run.n > 3 and run.reduction == "mean" and run.is_at(factor * run.floor):
                return _Finding(
                    "arrived", f"the loss {run.end:.4g} is {way} of squares at its floor", False
                )
    return None


def _mean(run: _Run) -> _Finding | None:
    low = run.variance * ((1 - 1 / max(2, run.n)) if run.batches else 1)
    near = low * (1 - NEAR) - 3 * run.error <= run.end <= run.variance * (1 + NEAR) + 3 * run.error
    # A best line that explains nothing is the mean itself.
    if not (near and run.settled and run.floor < (1 - 3 * NEAR) * run.variance):
        return None
    if run.jumps and run.error > NEAR * run.variance:
        return None
    still = run.stands_still
    if still is False:
        return None
    return _Finding(
        "mean",
        f"the loss settled at {run.end:.4g}, the variance of y, so every prediction is the mean; "
        "predictions of shape (n, 1) were compared with y of shape (n,), or the slope is frozen: "
        "give both one shape, predictions.shape == y.shape",
        bool(still) or run.diagnosis.verdict.startswith("converges"),
    )


def _noisy(run: _Run) -> _Finding | None:
    told = run.lr is not None and run.diagnosis.verdict
    awaited = bool(told) and str(told).startswith("converges")
    if not (run.jumps and run.settled) and not (run.batches and awaited):
        return None
    if not awaited and not _fell(run) and (told or run.end > 1.1 * run.floor):
        return None
    return _Finding(
        "noisy",
        f"the losses jump about {run.end:.4g}, and the floor is {run.floor:.4g}: each batch pulls "
        "its own way; lower lr towards the end, take larger batches, or take the mean of the loss "
        "over all points",
        run.jumps and (run.batches or run.error < 0.1 * run.end),
    )


def _fell(run: _Run) -> bool:
    """Whether losses that jump came down from where they began."""
    first = run.losses[: max(1, len(run.losses) // 10)]
    return float(first.mean()) - run.end > 4 * run.error + JITTER * run.end


def _crawls(run: _Run) -> _Finding:
    times = f", {run.end / run.floor:.3g} times the floor" if run.floor > run.rounding else ""
    words = f"the loss ended at {run.end:.4g}{times}, and the floor is {run.floor:.4g}"
    diagnosis = run.diagnosis
    if run.jumps and not _fell(run):
        words = f"{words}; the losses jump, and never came down from where they began"
    if run.lr is None:
        sure = len(run.losses) > (30 if run.batches else 3) and (_fell(run) or not run.batches)
        return _Finding("crawls", f"{words}; give lr= to learn more, or standardise x", sure)
    told = diagnosis.verdict
    words = f"{words}; with these settings, training {told}"
    if told.startswith("crawls"):
        return _Finding("crawls", words)
    words = f"{words}, so the program does something other than what was given (another optimiser, "
    return _Finding("crawls", f"{words}a smaller lr, a frozen parameter, or another loss)", False)
