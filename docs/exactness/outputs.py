"""What the page "How exact is it?" documents."""

import statistics
from fractions import Fraction
from typing import Any

import numpy as np

from linreg import least_squares
from linreg.exactness import METHODS, NORRIS, correct_digits, load_norris, worst_digits
from linreg.nist import SOLVERS, Certified, digits_of, load_nist, solve_exactly
from press.contract import formula, output, printed, table
from press.witness import tens

TYPED = {
    "$10^9$": "a setting: what is added to x",
}

norris = load_norris()
SHIFTS = {"x": 0.0, "x + 10⁵": 1e5, "x + 10⁹": 1e9}


def two_slopes(*, start: float) -> str:
    """Return the students' slope from raw sums and from the middle, hours counted from `start`."""
    x, y = tens.x.double().numpy() + start, tens.y.numpy()
    return f"{METHODS['raw sums'](x, y)[0]:.4f} and {least_squares(x, y).slope:.4f}"


def whole_digits(name: str, shift: float) -> str:
    """Return the correct digits of the slope of Norris by the method `name`, rounded down."""
    x, y = norris
    slope, intercept = NORRIS
    digits, _ = worst_digits(METHODS[name], x + shift, y, (slope, intercept - shift * slope))
    return str(int(digits))


@printed("slope by raw sums and from the middle, hours near zero, printed")
def exactness_raw_near_printed() -> str:
    return f"near zero: {two_slopes(start=0)}"


@printed("the same, hours far from zero")
def exactness_raw_far_printed() -> str:
    return f"far away: {two_slopes(start=1e9)}"


@output("number of points of NIST's data set Norris", ".0f", fixed="Norris' data")
def exactness_points() -> float:
    return len(norris[0])


@output("slope of Norris as certified by NIST", ".14f", fixed="Norris' data")
def exactness_slope() -> float:
    return NORRIS[0]


@table(
    "whole correct digits of the slope of Norris, by method and by what is added to x",
    fixed="Norris' data",
)
def exactness_table() -> list[list[str]]:
    return [
        ["Method", *SHIFTS],
        *([name, *(whole_digits(name, shift) for shift in SHIFTS.values())] for name in METHODS),
    ]


def rounded_digits(found: Certified, heading: str) -> str:
    """Return what the table says of a method on a set."""
    if heading == "numpy.polyfit":
        if not found.degree:
            return "–"
        degree = found.degree
        digits = digits_of(
            found, lambda columns, y: np.polyfit(columns[:, 1], y, degree)[::-1], orders=10
        )
    elif heading == "exact fractions":
        # Not by floats on the way in, as the page goes, but from the float that each cell becomes.
        def number(cell: str) -> Fraction:
            return Fraction(float(cell))

        solved = solve_exactly(found.columns(number), found.targets(number))
        if found.degree and found.degree > 1:
            # A power of a float is rounded as well.
            powers = [[Fraction(float(v)) for v in row] for row in found.columns(float)]
            solved = solve_exactly(powers, found.targets(number))
        digits = min(map(correct_digits, map(float, solved), found.coefficients))
    else:
        digits = digits_of(found, SOLVERS[heading], orders=10)
    return f"{digits:.0f}"


@table("correct digits of the worst coefficient on NIST's sets, by method", fixed="NIST's data")
def exactness_sets() -> list[list[str]]:
    steady = [name for name in SOLVERS if name != "torch lstsq"]
    headings = [steady[0], "numpy.polyfit", *steady[1:]]
    return [
        ["Set", "Fitted", *headings],
        *(
            [found.name, found.kind, *(rounded_digits(found, heading) for heading in headings)]
            for found in load_nist().values()
        ),
    ]


@formula(r"m = \frac{n \sum xy - \sum x \sum y}{n \sum x^2 - \left(\sum x\right)^2}")
def raw_sums_formula() -> dict[str, Any]:
    x, y = tens.x.tolist(), tens.y.tolist()
    slope = statistics.linear_regression(x, y).slope
    return {"m": slope, "n": len(x), "x": np.array(x), "y": np.array(y)}


@formula(r"-\log_{10} \frac{|\text{computed} - \text{certified}|}{|\text{certified}|}")
def digits_formula() -> dict[str, Any]:
    computed, certified = 1.0025, NORRIS[0]
    digits = correct_digits(computed, certified)
    return {"": digits, r"\text{computed}": computed, r"\text{certified}": certified}
