"""The best line there is, by least squares, and how sure the data make us of it."""

from __future__ import annotations

import json
import math
import reprlib
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from numbers import Real
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from linreg.cores import STACK, in_chunks
from linreg.inputs import (
    as_column,
    as_float64,
    require_finite,
    require_labels,
    require_pairs,
    require_spread,
    require_two,
)
from linreg.line import Line, at

# OpenBLAS shares longer dot products between threads of its own; on a busy machine those wait for
# each other, a hundred times as long as the product takes, and the last digits depend on their
# number. So a chunk is multiplied in rows.
SHORT = 8192
ROW = 256
CHUNK = STACK * ROW

# With a smaller share of y's squares left to the residuals, the line goes through all points, or
# one point is so far out that rounding there is more than all the residuals.
ALMOST_NONE = 1e-20

# So many points are enough to see whether most are close together.
FEW = 1000

# Sums of squares outside this range have lost digits, or all of them.
SMALLEST, LARGEST = 1e-280, 1e300


def least_squares(x: ArrayLike, y: ArrayLike) -> LeastSquares:
    """Fit `y = slope * x + intercept` with the smallest sum of squared residuals.

    :param x: array-like, shape (n,) or (n, 1), in the reader's units; computed in float64.
    :param y: as x, in its own units.
    :raises TypeError: for what is no number (see `linreg.inputs`).
    :raises ValueError: for what is no line (see there), and for a spread whose square float64
        cannot hold.

    slope = Sxy / Sxx and intercept = mean(y) - slope * mean(x), where Sxx sums the squares of
    x - mean(x) and Sxy its products with y - mean(y) (Draper & Smith, Applied Regression Analysis,
    chapter 1). Centring first keeps the digits that sums of raw squares would cancel.
    The work goes through the points in chunks, so it needs no room that grows with n. Many chunks
    are shared between the processor's cores; their borders are fixed, and so is every digit.

    >>> from linreg import least_squares
    >>> least_squares([1, 2, 3], [1, 3, 5]).slope
    2.0
    """
    sums = _sums_of(x, y)
    _require_visible("x", x, sums.sxx)
    _require_visible("y", y, sums.syy)
    _require_together(y, sums)
    return sums.least_squares()


def accumulate(batches: Iterable[tuple[Any, Any]], *, source: str = "") -> Sums:
    """Sum up pairs `(x, y)` of batches in one pass, for data larger than memory.

    A batch is what `least_squares` takes, but may hold one point, none, or x that are all equal:
    only the whole must determine a line.

    :param source: where all batches come from, such as the name of a file, for error messages.
    :raises TypeError: as `least_squares` does, for bad numbers and for what is no pair.
    :raises ValueError: likewise. Either names the batch, the first being batch 0, and counts its
        points from 0; with a `source` it names that, and counts all points of it.

    >>> from linreg import accumulate
    >>> accumulate([([1, 2], [1, 3]), ([3], [5])]).least_squares().slope
    2.0
    """
    total = Sums()
    for number, batch in enumerate(batches):
        where = f"{source}: batch {number}" if source else f"batch {number}"
        try:
            x, y = batch
        except (TypeError, ValueError) as error:
            raise TypeError(f"{where} is no pair; give an (x, y) for each batch") from error
        try:
            part = _sums_of(x, y, total.n if source else 0)
            _require_together(y, part)
            total += part
        except (TypeError, ValueError) as error:
            kind = TypeError if isinstance(error, TypeError) else ValueError
            raise kind(f"{source or where}: {error}") from error
    return total


def leave_one_out(x: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return how far each point is above the best line through all the other points.

    :param x: as for `least_squares`; at least three points, and without any one of them
        at least two different x.
    :param y: as x, in its own units.
    :returns: shape (n,), in units of y: held-out residuals, where `least_squares` has seen all.
    :raises TypeError: for what is no number (see `linreg.inputs`).
    :raises ValueError: for what is no line, with all points or without one of them.

    One fit is enough: residual / (1 - leverage), which is exact (Allen 1974; Draper & Smith,
    Applied Regression Analysis, chapter 8).

    >>> from linreg import leave_one_out
    >>> leave_one_out([1, 2, 3], [1, 3, 6]).round(9).tolist()
    [1.0, -0.5, 1.0]
    """
    fit = least_squares(x, y)
    x, y = (as_column(values, name).astype(np.float64) for values, name in ((x, "x"), (y, "y")))
    pull = fit.leverage(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (y - fit.predict(x)) / (1 - pull)
    # Leverages sum to 2, so at most three points pull so hard that 1 - leverage loses digits.
    for point in np.flatnonzero(pull > 0.6):
        try:
            others = least_squares(np.delete(x, point), np.delete(y, point))
        except ValueError as error:
            raise ValueError(f"without point {point}: {error}") from error
        found[point] = y[point] - others.predict(float(x[point]))
    return found


def moments(x: ArrayLike) -> tuple[float, float]:
    """Return the mean of `x` and its variance (divided by n), with the digits of `least_squares`.

    Raises what `least_squares` raises for `x`.
    """
    sums = _sums_of(x, x)
    _require_visible("x", x, sums.sxx)
    sums.require_line()
    return sums.x_mean, sums.sxx / sums.n


def _sums_of(x: ArrayLike, y: ArrayLike, first: int = 0) -> Sums:
    """Sum up any number of points; `first` is the number of the first in error messages."""
    require_labels(x, y)
    x, y = as_column(x, "x", start=first), as_column(y, "y", start=first)
    require_pairs(x, y)

    def sums_at(start: int, room: np.ndarray) -> Sums:
        part = slice(start, start + CHUNK)
        # Overflow shows in the sums, where it is looked for.
        with np.errstate(over="ignore", invalid="ignore"):
            return _sums_of_chunk(x[part], y[part], first + start, room)

    return sum(in_chunks(sums_at, len(x), size=CHUNK, room=(2, min(len(x), CHUNK)))) or Sums()


def _sums_of_chunk(x: np.ndarray, y: np.ndarray, start: int, room: np.ndarray) -> Sums:
    """Sum up a chunk of at least one point; `room` of shape (2, at least n) is written over.

    Distances are taken from a line through a point of the data, level at first. Where the sums
    would cancel, that line was a bad one: a second look takes them from the line just found.
    """
    x, y = as_float64(x, "x", start=start), as_float64(y, "y", start=start)
    n, middle = len(x), len(x) // 2
    # Distances from a point of the data are exact zeros where all are equal.
    x_at, y_at, slope = float(x[middle]), float(y[middle]), 0.0
    dx, residual = room[0, :n], room[1, :n]
    dot = np.dot if n <= SHORT else _dot_in_rows
    for look in (1, 2):
        np.subtract(x, x_at, out=dx)
        np.subtract(y, y_at, out=residual)
        x_shift, xx = float(np.add.reduce(dx)) / n, float(dot(dx, dx))
        if slope:
            dx *= slope
            residual -= dx
        y_shift = float(np.add.reduce(residual)) / n
        if not math.isfinite(x_shift + y_shift):
            require_finite(x, "x", start=start)
            require_finite(y, "y", start=start)
        rr, xr = float(dot(residual, residual)), float(dot(dx, residual)) / (slope or 1.0)
        sxx, sxr = xx - n * x_shift * x_shift, xr - n * x_shift * y_shift
        turn = sxr / sxx if sxx > 0 else 0.0
        rss = rr - n * y_shift * y_shift - turn * sxr
        rise = slope * x_shift + y_shift
        # What cancels costs digits; where many points are summed, rounding averages out.
        if look == 2 or (sxx >= xx / 10 and rss >= rr / 100):
            break
        x_at, y_at, slope = x_at + x_shift, y_at + rise, turn
    slope, slope_tail = _two_sum(slope, turn)
    sxx, rss = max(sxx, 0.0), max(rss, 0.0)
    x_mean, x_tail = _two_sum(x_at, x_shift)
    y_mean, y_tail = _two_sum(y_at, rise)
    return Sums(
        n=n,
        x_mean=x_mean,
        y_mean=y_mean,
        sxx=sxx,
        slope=slope,
        rss=rss,
        x_tail=x_tail,
        y_tail=y_tail,
        slope_tail=slope_tail,
    )


def _dot_in_rows(a: np.ndarray, b: np.ndarray) -> float:
    whole = len(a) // ROW * ROW
    rows = np.vecdot(a[:whole].reshape(-1, ROW), b[:whole].reshape(-1, ROW))
    return float(np.add.reduce(rows)) + float(np.dot(a[whole:], b[whole:]))


def _two_sum(a: float, b: float) -> tuple[float, float]:
    """Return a + b and what rounding took from it (Knuth, TAOCP volume 2, 4.2.2)."""
    total = a + b
    b_seen = total - a
    return total, (a - (total - b_seen)) + (b - b_seen)


def _energy(slope: float, sxx: float) -> float:
    """Return slope² * sxx, which float64 may hold where it cannot hold slope²."""
    root = slope * math.sqrt(sxx)
    return root * root


def _require_together(y: ArrayLike, sums: Sums) -> None:
    """Raise ValueError where y is so far out at one point that the rest is lost in its `sums`."""
    if sums.rss >= ALMOST_NONE * sums.explained:
        return
    column = as_column(y, "y")
    least, most = float(column.min()), float(column.max())
    some = column[:: 1 + len(column) // FEW].astype(np.float64)
    middle = float(np.median(some))
    away = np.abs(some - middle)
    rounding = np.finfo(float).eps * max(most - middle, middle - least)
    if np.mean((away > 0) & (away < 1e4 * rounding)) > 0.5:
        raise ValueError(
            f"y goes from {least:.4g} to {most:.4g}, so far that float64 loses how the others "
            "differ; drop the point that is far out if it stands for a missing value"
        )


def _require_visible(name: str, values: ArrayLike, squares: float) -> None:
    """Raise ValueError where values differ and the squares of their distances are all zero."""
    if squares == 0 and len(column := as_column(values, name)) and column.min() != column.max():
        raise _bad_units(name, squares)


def _bad_units(name: str, squares: float) -> ValueError:
    return ValueError(
        f"the squared distances of {name} from their mean sum to {squares:.3g}, "
        f"which float64 cannot hold well; choose other units for {name}"
    )


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What a least-squares line needs to know of any number of points.

    `a + b` joins two, and `sum` any number of them.

    :param n: number of points.
    :param x_mean: the mean of x.
    :param y_mean: the mean of y.
    :param sxx: the sum of squares of x - mean(x).
    :param slope: of the best line, 0 while all x are equal.
    :param rss: the residual sum of squares of that line.
    :param x_tail: the digits that float64 rounded off x_mean, as are y_tail and slope_tail.

    The sums of textbooks follow: Sxy = slope * sxx and Syy = rss + slope² * sxx. Those would lose
    the small residuals of a good fit in Syy - slope * Sxy; adding slope and rss cancels nothing.
    """

    n: int = 0
    x_mean: float = 0.0
    y_mean: float = 0.0
    sxx: float = 0.0
    slope: float = 0.0
    rss: float = 0.0
    x_tail: float = field(default=0.0, repr=False)
    y_tail: float = field(default=0.0, repr=False)
    slope_tail: float = field(default=0.0, repr=False)

    def __add__(self, other: Sums) -> Sums:
        """Join two sets of points (Chan, Golub & LeVeque 1979, written for slope and rss).

        The joint slope is the mean of three: within each set, and between their centres, weighted
        by their part of sxx. Their scatter around it is what the residuals gain.
        """
        if not isinstance(other, Sums):
            return NotImplemented
        if self.n == 0 or other.n == 0:
            return other if self.n == 0 else self
        n = self.n + other.n
        dx = (other.x_mean - self.x_mean) + (other.x_tail - self.x_tail)
        dy = (other.y_mean - self.y_mean) + (other.y_tail - self.y_tail)
        weight = self.n * other.n / n
        sxx = self.sxx + other.sxx + weight * dx * dx
        slope = slope_tail = 0.0
        if sxx:
            # From the slope that weighs most, so that none of a narrow set has to cancel.
            slopes = [
                (self.sxx, self.slope, self.slope_tail),
                (other.sxx, other.slope, other.slope_tail),
                (weight * dx * dx, dy / dx if dx else 0.0, 0.0),
            ]
            _, base, tail = max(slopes)
            turns = [((one - base) + (rest - tail)) * part for part, one, rest in slopes[:2]]
            rise = dy - base * dx - tail * dx
            change = (sum(turns) + weight * dx * rise) / sxx
            slope, slope_tail = _two_sum(base, tail + change)
        rss = (
            (self.rss + other.rss)
            + (_energy(self.slope - slope, self.sxx) + _energy(other.slope - slope, other.sxx))
            + _energy(dy - slope * dx, weight)
        )
        x_mean, x_tail = _two_sum(self.x_mean, self.x_tail + dx * other.n / n)
        y_mean, y_tail = _two_sum(self.y_mean, self.y_tail + dy * other.n / n)
        return Sums(
            n=n,
            x_mean=x_mean,
            y_mean=y_mean,
            sxx=sxx,
            slope=slope,
            rss=rss,
            x_tail=x_tail,
            y_tail=y_tail,
            slope_tail=slope_tail,
        )

    def to_json(self) -> str:
        """Return all digits of the sums as JSON, to save them and go on later or elsewhere.

        Raises ValueError where one of them is beyond float64, which JSON cannot say.
        """
        for name, value in asdict(self).items():
            if not math.isfinite(value):
                raise ValueError(f"{name} is {value}, beyond float64; choose other units")
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Sums:
        """Return the sums that `to_json` has written, equal to the last bit.

        Raises ValueError for what it cannot have written.

        >>> from linreg import Sums, accumulate
        >>> sums = accumulate([([1, 2, 3], [1, 3, 6])])
        >>> Sums.from_json(sums.to_json()) == sums
        True
        """
        try:
            found = json.loads(text)
        except ValueError as error:
            raise ValueError(f"these are no saved sums, but {reprlib.repr(text)}") from error
        names = [field.name for field in fields(cls)]
        if not isinstance(found, dict) or sorted(found) != sorted(names):
            raise ValueError(
                f"saved sums have {', '.join(names)}, and this is {reprlib.repr(found)}"
            )
        for name, value in found.items():
            whole = isinstance(value, int) and not isinstance(value, bool)
            if not (whole if name == "n" else whole or isinstance(value, float)):
                kind = "a whole number" if name == "n" else "a number"
                raise ValueError(f"the saved {name} is {value!r}; it should be {kind}")
            if name in ("n", "sxx", "rss") and not value >= 0:
                raise ValueError(f"the saved {name} is {value!r}; it should not be below 0")
            # Python reads whole numbers of any length.
            if not abs(value) <= sys.float_info.max:
                raise ValueError(
                    f"the saved {name} is {reprlib.repr(value)}; it should be finite in float64"
                )
        n = found.pop("n")
        return cls(n=n, **{name: float(value) for name, value in found.items()})

    def __radd__(self, other: int) -> Sums:
        """Let `sum` begin with its 0."""
        return self if other == 0 else NotImplemented

    def least_squares(self) -> LeastSquares:
        """Return the best line through all the points.

        Raises ValueError where no line is determined: fewer than two points, or all x equal;
        and for a spread whose square float64 cannot hold.
        """
        return LeastSquares(sums=self)

    def require_line(self) -> None:
        """Raise what `least_squares` raises."""
        require_two(self.n)
        if self.sxx == 0:
            require_spread(np.array([self.x_mean]))
        if not SMALLEST < self.sxx < LARGEST:
            raise _bad_units("x", self.sxx)
        if not (SMALLEST < self.syy < LARGEST or (self.syy == 0 and self.slope == 0)):
            raise _bad_units("y", self.syy)

    @property
    def explained(self) -> float:
        """The sum of squares of y - mean(y) that the line explains: slope² * sxx."""
        return _energy(self.slope, self.sxx)

    @property
    def syy(self) -> float:
        """The sum of squares of y - mean(y)."""
        return self.explained + self.rss


@dataclass(frozen=True, kw_only=True)
class LeastSquares(Line):
    """The best line, and how far the scatter of the points leaves it open.

    :param sums: what it needs to know of the points; all else follows from that.
    :raises ValueError: where the sums determine no line, as `Sums.least_squares` does.

    The standard errors and intervals assume independent residuals of one normal distribution
    (Draper & Smith, Applied Regression Analysis, chapter 1). The standard errors are nan for two
    points, which any line through them fits whatever the scatter.
    """

    slope: float = field(init=False)
    intercept: float = field(init=False)
    sums: Sums

    def __post_init__(self) -> None:
        sums = self.sums
        sums.require_line()
        intercept_tail = sums.y_tail - sums.slope * sums.x_tail - sums.slope_tail * sums.x_mean
        intercept = (sums.y_mean - sums.slope * sums.x_mean) + intercept_tail
        object.__setattr__(self, "slope", sums.slope)
        object.__setattr__(self, "intercept", intercept)

    @property
    def n(self) -> int:
        """The number of points."""
        return self.sums.n

    @property
    def x_mean(self) -> float:
        """The mean of x."""
        return self.sums.x_mean

    @property
    def y_mean(self) -> float:
        """The mean of y."""
        return self.sums.y_mean

    @property
    def sxx(self) -> float:
        """The sum of squares of x - x_mean."""
        return self.sums.sxx

    @property
    def r_squared(self) -> float:
        """The share of y's variance that the line explains, 0 to 1.

        It is nan where all y are equal, since there is no variance to explain.
        """
        return self.sums.explained / self.sums.syy if self.sums.syy else math.nan

    @property
    def residual_stderr(self) -> float:
        """The standard deviation of the residuals, sqrt(rss / (n - 2)), in units of y."""
        return math.sqrt(self.sums.rss / (self.n - 2)) if self.n > 2 else math.nan

    @property
    def slope_stderr(self) -> float:
        """The standard error of the slope, in its units."""
        return self.residual_stderr / math.sqrt(self.sxx)

    @property
    def intercept_stderr(self) -> float:
        """The standard error of the intercept, in units of y."""
        return math.hypot(self.residual_stderr / math.sqrt(self.n), self.slope_stderr * self.x_mean)

    @overload
    def predict(self, x: float) -> float: ...
    @overload
    def predict(self, x: ArrayLike) -> np.ndarray: ...
    def predict(self, x: Any) -> Any:
        """Return the y of the line at `x`: a float for a number, an array (n,) for n of them.

        Measured from the centre of the points: far from x = 0, the intercept is a long way off.
        Raises what `linreg.inputs.as_values` raises, and ValueError beyond the range of float64.
        """
        # The line at x_mean, without the digits that float64 rounded off that.
        height = self.y_mean + (self.sums.y_tail - self.slope * self.sums.x_tail)
        return at(x, lambda values: height + self.slope * (values - self.x_mean))

    @overload
    def leverage(self, x: float) -> float: ...
    @overload
    def leverage(self, x: ArrayLike) -> np.ndarray: ...
    def leverage(self, x: Any) -> Any:
        """Return 1 / n + (x - x_mean)² / sxx, the pull of a point at `x` on the line there.

        It is at least 1 / n, and sums to 2 over the points of the fit. A float for a number,
        an array (n,) for n of them. Raises what `predict` raises.
        """
        return at(x, self._leverage)

    @overload
    def confidence_interval(self, x: float, *, level: float = ...) -> tuple[float, float]: ...
    @overload
    def confidence_interval(
        self, x: ArrayLike, *, level: float = ...
    ) -> tuple[np.ndarray, np.ndarray]: ...
    def confidence_interval(self, x: Any, *, level: float = 0.95) -> tuple[Any, Any]:
        """Return the lower and upper end of the interval for the mean y at `x`.

        A pair of floats for a number, two arrays of shape (n,) for n of them, in units of y:
        predict(x) ± t * residual_stderr * sqrt(leverage(x)), t from Student's distribution
        with n - 2 degrees of freedom. Such intervals hold the true mean in `level` of all samples.

        Raises what `predict` raises, and ValueError for two points, whose scatter is unknown,
        and for a `level` that is not between 0 and 1.
        """
        return self._interval(x, level, 0.0)

    @overload
    def prediction_interval(self, x: float, *, level: float = ...) -> tuple[float, float]: ...
    @overload
    def prediction_interval(
        self, x: ArrayLike, *, level: float = ...
    ) -> tuple[np.ndarray, np.ndarray]: ...
    def prediction_interval(self, x: Any, *, level: float = 0.95) -> tuple[Any, Any]:
        """Return the lower and upper end of the interval for one new y at `x`.

        As `confidence_interval`, with sqrt(1 + leverage(x)): the new point scatters as well.
        """
        return self._interval(x, level, 1.0)

    def _interval(self, x: Any, level: float, own_scatter: float) -> tuple[Any, Any]:
        if not (isinstance(level, Real) and 0 < level < 1):
            raise ValueError(f"level={level!r} is not between 0 and 1; give 0.95 for 95 %")
        if self.n == 2:
            raise ValueError(
                "two points have no interval: every line through both leaves no residual to judge "
                "the scatter by; add a point"
            )
        # Importing scipy takes longer than fitting most lines.
        from scipy.special import stdtrit

        width = -float(stdtrit(self.n - 2, (1 - float(level)) / 2)) * self.residual_stderr
        middle = self.predict(x)
        half = at(x, lambda values: width * np.sqrt(own_scatter + self._leverage(values)))
        return middle - half, middle + half

    def _leverage(self, values: np.ndarray) -> np.ndarray:
        away = (values - self.x_mean) - self.sums.x_tail
        return 1 / self.n + away * away / self.sxx
