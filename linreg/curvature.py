"""How steep a linear layer's loss is: the eigenvalues of its Hessian, which x alone decides.

The loss of a batch of s points is quadratic in the parameters, with the Hessian
H = (2 / s) ZᵀZ for the mean of squares and 2 ZᵀZ for their sum, where a row of Z holds the columns
of x at one point, and 1 for the intercept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from linreg.best import moments
from linreg.cores import STACK, in_chunks
from linreg.inputs import as_columns, as_count, as_float64, require_finite, require_two

# Rows that are looked at in one go: they stay in a processor's cache.
BLOCK = 8192

# Numbers that one factorisation takes: OpenBLAS shares larger ones between threads, and on a busy
# machine those wait for each other, fifty times as long as the work takes.
FACTORED = 8192

# Numbers of one chunk, in many small factorisations.
CHUNK = 64 * FACTORED

# Columns whose distance is below the rounding of float32 are the same to a run in float32.
SAME = float(np.finfo(np.float32).eps)


@dataclass(frozen=True, kw_only=True, eq=False)
class Curvature:
    """The eigenvalues of a loss's Hessian, in the mean over batches.

    eigenvalues: ascending, one for each parameter, shape (p,). vectors: their unit eigenvectors,
    shape (p, p), one in each column. names: of the parameters, those of x and then the intercept.
    repeats: the parameters that can be computed from each other; none where `lost` is 0.
    lost: how many of the smallest eigenvalues are theirs, and no error of any loss.
    standardised: the smallest and the largest eigenvalue that standardised columns would have.
    steepest: what no eigenvalue of any possible batch exceeds. steps: batches in an epoch.
    """

    eigenvalues: np.ndarray
    vectors: np.ndarray
    names: tuple[str, ...]
    repeats: tuple[str, ...]
    lost: int
    standardised: tuple[float, float]
    steepest: float
    steps: int

    @property
    def ends(self) -> tuple[float, float]:
        """The smallest eigenvalue that is not lost, and the largest."""
        return float(self.eigenvalues[self.lost]), float(self.eigenvalues[-1])

    def along(self, place: int) -> tuple[str, ...]:
        """Return the parameters along the eigenvector at `place`, or along those as steep."""
        near = np.abs(self.eigenvalues - self.eigenvalues[place]) <= 0.1 * self.eigenvalues[place]
        near[: self.lost] = False
        shares = (self.vectors[:, near] ** 2).sum(axis=1)
        return tuple(n for n, share in zip(self.names, shares, strict=True) if share >= 0.1)


def measure(
    x: ArrayLike, *, intercept: bool, reduction: str, factor: float, batch_size: int | None
) -> Curvature:
    """Return the curvature of a loss on `x`, of shape (n,), (n, 1) or (n, d).

    Raises what `linreg.inputs.as_columns` raises, ValueError for an option out of range, for
    fewer than two points, and where float64 cannot hold the squares of x, or of one column beside
    those of another. Of one column beside an intercept, it raises what
    `linreg.best.least_squares` raises.
    """
    if reduction not in ("mean", "sum"):
        raise ValueError(f"reduction={reduction!r} is unknown; use one of mean, sum")
    if isinstance(factor, bool) or not (isinstance(factor, Real) and 0 < factor < math.inf):
        raise ValueError(f"factor={factor!r} is no factor of a loss; give one such as 0.5 for half")
    columns = as_columns(x, "x")
    n = len(next(iter(columns.values())))
    size = n if batch_size is None else min(as_count(batch_size, "batch_size", "points"), n)
    names = tuple(columns) if len(columns) > 1 else ("slope",)
    names += ("intercept",) if intercept else ()
    repeats, lost = (), 0
    if len(names) == 2 and len(columns) == 1:
        mean, variance = moments(x)
        eigenvalues = np.array(line_eigenvalues(mean, variance))
        cosine, sine = fast_direction(mean, variance)
        vectors = np.array([[-sine, cosine], [cosine, sine]])
        standardised = (2.0, 2.0)
    else:
        require_two(n)
        design = _design(columns, n, intercept)
        eigenvalues, vectors = _spectrum(design)
        repeats, lost = _repeats(design, names)
        standardised = _standardised(design, intercept, lost)
        if eigenvalues[lost] == 0:
            raise ValueError(
                f"{_and_ones(intercept)} differ so much in size that float64 sees only the larger "
                "ones; standardise x, or choose other units"
            )
    weight = float(factor) * (size if reduction == "sum" else 1)
    if not 1e-300 < weight * float(eigenvalues[-1]) < 1e300:
        raise ValueError(
            f"factor={factor!r} makes a loss beyond float64; give one such as 0.5 for half"
        )
    steepest = float(eigenvalues[-1])
    if size < n:
        # The last batch holds what is left: the fewer points, the further a mean can be off.
        fewest = n % size or size if reduction == "mean" else size
        largest = _largest_squares(list(columns.values()), fewest, intercept)
        steepest = min(2 * largest, n * steepest) / fewest
    return Curvature(
        eigenvalues=weight * eigenvalues,
        vectors=vectors,
        names=names,
        repeats=repeats,
        lost=lost,
        standardised=(weight * standardised[0], weight * standardised[1]),
        steepest=weight * steepest,
        steps=math.ceil(n / size),
    )


def _and_ones(intercept: bool) -> str:
    return "the columns of x" + (", and the ones of the intercept," if intercept else "")


def line_eigenvalues(mean: float, variance: float) -> tuple[float, float]:
    """Return the small and the large eigenvalue of H = 2 [[variance + mean², mean], [mean, 1]]."""
    square = variance + mean * mean
    large = (square + 1) + math.hypot(square - 1, 2 * mean)
    if not math.isfinite(large):
        raise ValueError(f"the squares of x, with mean {mean:.3g}, overflow; choose other units")
    # From the determinant, 4 * variance: the difference would cancel where x is far from 0.
    return min(4 * variance / large, large), large


def fast_direction(mean: float, variance: float) -> tuple[float, float]:
    """Return the unit eigenvector of the large eigenvalue, as (slope part, intercept part)."""
    half = (variance + mean * mean - 1) / 2
    radius = math.hypot(half, mean)
    # Of two formulas, the one that adds and does not cancel.
    cosine, sine = (half + radius, mean) if half >= 0 else (mean, radius - half)
    length = math.hypot(cosine, sine)
    return (cosine / length, sine / length) if length else (1.0, 0.0)


def _design(columns: dict[str, np.ndarray], n: int, intercept: bool) -> np.ndarray:
    """Return a matrix D with DᵀD = H / 2 for the mean of squares: [[C, 0], [means, 1]].

    C is the triangular factor of the columns less their means. It is joined from the factors of
    many small parts (Golub & Van Loan, Matrix Computations, 5.2), so that no Gram matrix loses the
    digits in which nearly equal columns differ.
    """
    width = len(columns) + 1
    first = [float(column[0]) for column in columns.values()]
    tall = max(2 * width, min(8 * width, FACTORED // width))
    size = tall * max(1, min(STACK, CHUNK // (tall * width)))

    def factor_of(start: int, room: np.ndarray) -> np.ndarray:
        rows = room[: min(size, n - start)]
        rows[:, 0] = 1
        with np.errstate(over="ignore", invalid="ignore"):
            for place, (name, column) in enumerate(columns.items()):
                part = as_float64(column[start : start + size], name, start=start)
                np.subtract(part, first[place], out=rows[:, place + 1])
            if not np.isfinite(rows).all():
                for name, column in columns.items():
                    part = column[start : start + size]
                    require_finite(part.astype(np.float64), name, start=start)
                raise ValueError("the differences of x overflow float64; choose other units for x")
            return _triangle(rows, tall)

    with np.errstate(over="ignore", invalid="ignore"):
        factors = in_chunks(factor_of, n, size=size, room=(min(size, n), width))
        factor = _triangle(np.vstack(list(factors)), tall)
        factor = np.vstack([factor, np.zeros((max(0, width - n), width))])
        means = np.array(first) + factor[0, 1:] / factor[0, 0]
        design = np.vstack([factor[1:, 1:] / math.sqrt(n), means])
    if not (np.isfinite(design).all() and np.abs(design).max() < 1e150):
        raise ValueError("the squares of x overflow float64; choose other units for x")
    if intercept:
        ones = np.zeros((len(design), 1))
        ones[-1] = 1
        design = np.hstack([design, ones])
    if not design.any():
        raise ValueError("all x are 0: nothing can be learnt from them; add points with another x")
    return design


def _triangle(rows: np.ndarray, tall: int) -> np.ndarray:
    """Return the triangular factor of `rows`, joined from those of parts of `tall` rows."""
    width = rows.shape[1]
    while len(rows) > tall:
        whole = len(rows) // tall * tall
        factors = np.asarray(np.linalg.qr(rows[:whole].reshape(-1, tall, width), mode="r"))
        rows = np.vstack([factors.reshape(-1, width), rows[whole:]])
    return np.asarray(np.linalg.qr(rows, mode="r"))


def _spectrum(design: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the eigenvalues of 2 DᵀD, ascending, and their eigenvectors."""
    _, sizes, rows = np.linalg.svd(design)
    sizes = np.pad(sizes, (0, len(rows) - len(sizes)))
    # Below this they are rounding, and the columns are as good as equal.
    sizes[sizes < 4 * len(rows) * np.finfo(float).eps * sizes[0]] = 0
    return 2 * sizes[::-1] ** 2, rows[::-1].T


def _unit_columns(matrix: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(matrix, axis=0)
    return matrix / np.where(lengths > 0, lengths, 1)


def _repeats(design: np.ndarray, names: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """Return the parameters whose columns can be computed from each other, and how many to drop.

    Columns of equal length, so that units decide nothing.
    """
    _, sizes, rows = np.linalg.svd(_unit_columns(design))
    sizes = np.pad(sizes, (0, len(rows) - len(sizes)))
    lost = int((sizes <= SAME * math.sqrt(len(rows))).sum())
    if lost == 0:
        return (), 0
    shares = np.abs(rows[len(rows) - lost :]).max(axis=0)
    return tuple(n for n, share in zip(names, shares, strict=True) if share > 0.01), lost


def _standardised(design: np.ndarray, intercept: bool, lost: int) -> tuple[float, float]:
    """Return the smallest and largest eigenvalue for columns of one size (and mean 0, beside 1)."""
    columns = design[:-1, :-1] if intercept else design
    eigenvalues = 2 * np.linalg.svd(_unit_columns(columns), compute_uv=False)[::-1] ** 2
    # Where all columns are constant, the intercept is all there is.
    smallest = float(eigenvalues[lost]) if lost < len(eigenvalues) else 2.0
    largest = float(eigenvalues[-1])
    return (min(smallest, 2.0), max(largest, 2.0)) if intercept else (smallest, largest)


def _largest_squares(columns: list[np.ndarray], size: int, intercept: bool) -> float:
    """Return the sum of the `size` largest squared lengths of a point's row, as long as a batch.

    A batch's eigenvalues sum up to twice the squared lengths of its rows (times its factor),
    so none of them is larger than that.
    """
    kept: list[np.ndarray] = []
    held = 0
    for start in range(0, len(columns[0]), BLOCK):
        parts = [c[start : start + BLOCK].astype(np.float64, copy=False) for c in columns]
        squares = sum(
            (part * part for part in parts), start=np.full(len(parts[0]), intercept * 1.0)
        )
        kept.append(squares)
        held += len(squares)
        # Not at each block: sorting out takes as long as all that is held.
        if held >= 2 * size + BLOCK or start + BLOCK >= len(columns[0]):
            largest = np.concatenate(kept)
            largest = np.partition(largest, max(0, len(largest) - size))[-size:]
            kept, held = [largest], len(largest)
    return float(kept[0].sum())
