"""NIST's eleven data sets for linear least squares, and how exact ways to solve them are.

The data and the certified coefficients are public, and published with 15 digits:
https://www.itl.nist.gov/div898/strd/lls/lls.shtml
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import torch

from linreg.exactness import NORRIS, correct_digits


@dataclass(frozen=True, eq=False, kw_only=True)
class Certified:
    """A data set with the coefficients that NIST certifies for it.

    :param name: NIST's.
    :param kind: what is fitted: "line", "through the origin", "degree 2" and so on for
        polynomials, or "plane".
    :param cells: each number of the data as NIST writes it, rows of x (or of the features) and y.
    :param coefficients: certified, for the columns that `columns` has.
    """

    name: str
    kind: str
    cells: tuple[tuple[str, ...], ...]
    coefficients: tuple[float, ...]

    @property
    def degree(self) -> int | None:
        """That of the polynomial, 1 for a line, or None where the columns are no powers."""
        if self.kind == "line":
            return 1
        return int(self.kind.split()[1]) if self.kind.startswith("degree") else None

    def columns(self, number: Callable[[str], Any] = float) -> list[list[Any]]:
        """Return one row for each point: its features and a 1, or the powers of x from 0 up.

        number: what each cell is read as.
        """
        rows = [[number(cell) for cell in row[:-1]] for row in self.cells]
        if self.kind == "through the origin":
            return rows
        if self.degree is None:
            return [[number("1"), *row] for row in rows]
        return [[x**power for power in range(self.degree + 1)] for (x,) in rows]

    def targets(self, number: Callable[[str], Any] = float) -> list[Any]:
        """Return y, read as `columns` reads x."""
        return [number(row[-1]) for row in self.cells]


def load_nist() -> dict[str, Certified]:
    """Return the sets by name, from the mildest down, as NIST grades them."""
    slope, intercept = NORRIS
    ones = (1.0,) * 6
    tenths = tuple(float(f"1e-{power}") for power in range(6))
    sets = [
        Certified(
            name="Norris", kind="line", cells=_read("norris"), coefficients=(intercept, slope)
        ),
        Certified(
            name="Pontius",
            kind="degree 2",
            cells=_read("pontius"),
            coefficients=(0.673565789473684e-3, 0.732059160401003e-6, -0.316081871345029e-14),
        ),
        Certified(
            name="NoInt1",
            kind="through the origin",
            cells=tuple((str(x), str(x + 70)) for x in range(60, 71)),
            coefficients=(2.07438016528926,),
        ),
        Certified(
            name="NoInt2",
            kind="through the origin",
            cells=(("4", "3"), ("5", "4"), ("6", "4")),
            coefficients=(0.727272727272727,),
        ),
        Certified(
            name="Filip",
            kind="degree 10",
            cells=_read("filip"),
            coefficients=(
                -1467.48961422980,
                -2772.17959193342,
                -2316.37108160893,
                -1127.97394098372,
                -354.478233703349,
                -75.1242017393757,
                -10.8753180355343,
                -1.06221498588947,
                -0.0670191154593408,
                -0.00246781078275479,
                -0.402962525080404e-4,
            ),
        ),
        Certified(
            name="Longley",
            kind="plane",
            cells=_read("longley"),
            coefficients=(
                -3482258.63459582,
                15.0618722713733,
                -0.0358191792925910,
                -2.02022980381683,
                -1.03322686717359,
                -0.0511041056535807,
                1829.15146461355,
            ),
        ),
        *(
            Certified(
                name=f"Wampler{number}",
                kind="degree 5",
                cells=_wampler(number),
                coefficients=tenths if number == 2 else ones,
            )
            for number in range(1, 6)
        ),
    ]
    return {found.name: found for found in sets}


def _read(name: str) -> tuple[tuple[str, ...], ...]:
    lines = Path(__file__).with_name(f"{name}.csv").read_text("utf-8").splitlines()
    return tuple(tuple(line.split(",")) for line in lines[2:])


def _wampler(number: int) -> tuple[tuple[str, ...], ...]:
    """Return x and y of one of Wampler's sets: a polynomial, from 3 on with errors beside it.

    The errors have no share in any polynomial of degree 5, so that they leave the fit as it is.
    """
    errors = [759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048]
    errors = [*errors, *errors[-2::-1]]
    size = {3: 1, 4: 100, 5: 10_000}.get(number, 0)
    rows = []
    for x in range(21):
        if number == 2:
            y = sum(10 ** (5 - power) * x**power for power in range(6))
            rows.append((str(x), f"{y // 10**5}.{y % 10**5:05d}"))
        else:
            rows.append((str(x), str(sum(x**power for power in range(6)) + size * errors[x])))
    return tuple(rows)


Solver = Callable[[np.ndarray, np.ndarray], Sequence[float]]


def solve_exactly(
    columns: Sequence[Sequence[Fraction]], y: Sequence[Fraction]
) -> tuple[Fraction, ...]:
    """Return the least-squares coefficients without any rounding, by the normal equations.

    columns: one row for each point. Raises ValueError where the columns repeat each other.
    """
    size = len(columns[0])
    rows = [
        [sum((row[i] * row[j] for row in columns), Fraction(0)) for j in range(size)]
        + [sum((row[i] * value for row, value in zip(columns, y, strict=True)), Fraction(0))]
        for i in range(size)
    ]
    for i in range(size):
        pivot = next((row for row in rows[i:] if row[i]), None)
        if pivot is None:
            raise ValueError(f"column {i} can be computed from the others; drop one of them")
        rows.remove(pivot)
        rows.insert(i, [value / pivot[i] for value in pivot])
        for j in range(size):
            if j != i and rows[j][i]:
                rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i], strict=True)]
    return tuple(row[-1] for row in rows)


def _exact(columns: np.ndarray, y: np.ndarray) -> list[float]:
    rows = [[Fraction(value) for value in row] for row in columns.tolist()]
    return [float(v) for v in solve_exactly(rows, [Fraction(value) for value in y.tolist()])]


def _numpy(columns: np.ndarray, y: np.ndarray) -> list[float]:
    return np.linalg.lstsq(columns, y, rcond=None)[0].tolist()


def _torch(driver: str, dtype: torch.dtype = torch.float64) -> Solver:
    def solve(columns: np.ndarray, y: np.ndarray) -> list[float]:
        pair = torch.tensor(columns, dtype=dtype), torch.tensor(y, dtype=dtype).reshape(-1, 1)
        return torch.linalg.lstsq(*pair, driver=driver).solution.flatten().tolist()

    return solve


def _normal_equations(columns: np.ndarray, y: np.ndarray) -> list[float]:
    try:
        return np.linalg.solve(columns.T @ columns, columns.T @ y).tolist()
    except np.linalg.LinAlgError:
        return [0.0] * columns.shape[1]


# By the name that the page gives each. "gelsy" is what torch takes when it is not told.
SOLVERS: dict[str, Solver] = {
    "exact fractions": _exact,
    "numpy lstsq": _numpy,
    "torch lstsq": _torch("gelsy"),
    "torch gels": _torch("gels"),
    "normal equations": _normal_equations,
    "torch float32": _torch("gelsd", torch.float32),
}


def digits_of(found: Certified, solver: Solver, *, orders: int = 1) -> float:
    """Return the correct digits of the worst coefficient, in the worst of many orders of the rows.

    The first order is that of NIST. See `linreg.exactness.correct_digits`.
    """
    columns = np.array(found.columns(), dtype=np.float64)
    y = np.array(found.targets(), dtype=np.float64)
    rng = np.random.default_rng(0)
    worst = []
    for number in range(orders):
        order = rng.permutation(len(y)) if number else np.arange(len(y))
        solved = solver(columns[order], y[order])
        worst.append(min(map(correct_digits, map(float, solved), found.coefficients)))
    return min(worst)
