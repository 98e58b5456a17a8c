"""What the page "How exact is it?" documents."""

from linreg import least_squares
from linreg.exactness import METHODS, NORRIS, load_norris, worst_digits
from press.contract import output, printed, table
from press.witness import tens

norris, certified = load_norris(), NORRIS


@printed("slope by raw sums and from the middle, hours near zero, printed")
def exactness_raw_near_printed() -> str:
    return (
        lambda x: (
            f"near zero: {METHODS['raw sums'](x, tens.y)[0]:.4f} and {least_squares(x, tens.y).slope:.4f}"
        )
    )(tens.x.double())


@printed("the same, hours far from zero")
def exactness_raw_far_printed() -> str:
    return (
        lambda x: (
            f"far away: {METHODS['raw sums'](x, tens.y)[0]:.4f} and {least_squares(x, tens.y).slope:.4f}"
        )
    )(tens.x.double() + 1000000000.0)


@output("number of points of NIST's data set Norris", ".0f", fixed="Norris' data")
def exactness_points() -> float:
    return len(norris[0])


@output("slope of Norris as certified by NIST", ".14f", fixed="Norris' data")
def exactness_slope() -> float:
    return certified[0]


@table(
    "whole correct digits of the slope of Norris, by method and by what is added to x",
    fixed="Norris' data",
)
def exactness_table() -> list[list[str]]:
    return [
        ["Method", "x", "x + 10⁵", "x + 10⁹"],
        *(
            [
                name,
                *(
                    str(
                        int(
                            worst_digits(
                                method,
                                norris[0] + s,
                                norris[1],
                                (certified[0], certified[1] - s * certified[0]),
                            )[0]
                        )
                    )
                    for s in (0, 100000.0, 1000000000.0)
                ),
            ]
            for name, method in METHODS.items()
        ),
    ]
