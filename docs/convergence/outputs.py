"""What the page "Why did training stop short?" documents."""

import math
from functools import cache

import torch

from linreg import diagnose, least_squares, train
from press.contract import output, printed, table
from press.witness import best, fit, ones, tens

TYPED = {
    "1000": "a setting: the number of epochs",
}


@cache
def curvatures() -> tuple[float, float]:
    """Return the two curvatures, along and across the valley: the roots of z² - trace z + det."""
    mean_square, variance = tens.x.square().mean().item(), tens.x.var(correction=0).item()
    trace, determinant = 2 * mean_square + 2, 4 * variance
    across = trace / 2 + math.sqrt(trace**2 / 4 - determinant)
    return determinant / across, across


def along() -> float:
    return curvatures()[0]


def across() -> float:
    return curvatures()[1]


def epochs_until(factor: float, share: float) -> int:
    """Return how many epochs, each leaving `factor`, leave at most a `share`: exact arithmetic."""
    return next(k for k in range(10**6) if factor**k <= share)


def best_factor() -> float:
    return (across() - along()) / (across() + along())


@cache
def ends() -> list[list[float]]:
    """Return slope and intercept after 1000 epochs from each corner of all starts."""
    mean, square = tens.x.mean().item(), tens.x.square().mean().item()
    hessian = 2 * torch.tensor([[square, mean], [mean, 1]], dtype=torch.float64)
    after = torch.linalg.matrix_power(torch.eye(2).double() - 1e-4 * hessian, 1000).tolist()
    return [
        [
            value + row[0] * (slope - best().slope) + row[1] * (intercept - best().intercept)
            for value, row in zip((best().slope, best().intercept), after, strict=True)
        ]
        for slope in (-1, 1)
        for intercept in (-1, 1)
    ]


@output("intercept after 1000 epochs", ".1f")
def conv_intercept() -> float:
    return fit().intercept


@output("intercept of the best line", ".1f")
def conv_best_intercept() -> float:
    return best().intercept


@printed("large eigenvalue of the Hessian, in tens")
def conv_across_printed() -> str:
    return f"Curvature across the valley: {across():.1f}"


@printed("small eigenvalue of the Hessian, in tens")
def conv_along_printed() -> str:
    return f"Curvature along the valley:  {along():.4f}"


@printed("what an epoch leaves of the distance across, at the tutorial's lr")
def conv_keep_across_printed() -> str:
    return f"One epoch leaves {1 - 0.0001 * across():.4f} of the distance across,"


@printed("what an epoch leaves of the distance along, at the tutorial's lr")
def conv_keep_along_printed() -> str:
    return f"and {1 - 0.0001 * along():.6f} of the distance along."


@output("percentage of the distance across that ten epochs leave", ".2f")
def conv_steps_across() -> float:
    return (1 - 0.0001 * across()) ** 10 * 100


@printed("what diagnose says about the tutorial's run")
def conv_verdict_printed() -> str:
    return f"crawls: {(1 - 0.0001 * along()) ** 1000 * 100:.2f} % of the intercept's error is left after 1000 epochs; standardise x"


@printed("epochs to halve the distance along the valley, at the tutorial's lr")
def conv_halving_printed() -> str:
    return f"Epochs to halve what is left: {next(k for k in range(10**6) if (1 - 0.0001 * along()) ** k <= 0.5):,}"


@printed("epochs to a ten-thousandth of the distance, at the tutorial's lr")
def conv_arrival_printed() -> str:
    return f"Epochs to a ten-thousandth of it: {next(k for k in range(10**6) if (1 - 0.0001 * along()) ** k <= 0.0001):,}"


@output("largest stable lr, in tens", ".6f")
def conv_limit() -> float:
    return 2 / across()


@output("percentage of the distance that 1000 epochs leave at the best lr", ".1f")
def conv_best_left() -> float:
    return ((across() - along()) / (across() + along())) ** 1000 * 100


@output("epochs to a ten-thousandth of the distance at the best lr, in tens", ",d")
def conv_best_epochs() -> int:
    return next(
        k for k in range(10**6) if ((across() - along()) / (across() + along())) ** k <= 0.0001
    )


@output("condition number, in tens", ",.0f")
def conv_condition() -> float:
    return across() / along()


@printed("the line that 1000 epochs train on the table's own units")
def conv_table_printed() -> str:
    return train(ones.x, ones.y, lr=0.03).formula()


@output("slope of the best line in the table's units", ".2f")
def conv_table_slope() -> float:
    return least_squares(ones.x, ones.y).slope


@output("intercept of the best line in the table's units", ".2f")
def conv_table_intercept() -> float:
    return least_squares(ones.x, ones.y).intercept


@table("how gradient descent converges on hours in tens and in ones")
def conv_units() -> list[list[str]]:
    return [
        ["Hours", "Across", "Along", "Ratio", "Largest lr", "Epochs"],
        *(
            [
                name,
                f"{d.eigenvalues[1]:,.1f}",
                f"{d.eigenvalues[0]:.3f}",
                f"{d.condition_number:,.0f}",
                f"{d.max_lr:.5f}",
                f"{d.epochs_to(0.0001):,}",
            ]
            for name, d in (("in tens", diagnose(tens.x)), ("in ones", diagnose(ones.x)))
        ),
    ]


@table("least and most that the run without a seed can give")
def conv_range() -> list[list[str]]:
    return [
        ["What", "least", "most", "best line"],
        *(
            [name, f"{min(v):.{d}f}", f"{max(v):.{d}f}", f"{b:.{d}f}"]
            for name, d, v, b in (
                ("Slope", 3, [s for s, i in ends()], best().slope),
                ("Intercept", 2, [i for s, i in ends()], best().intercept),
                ("At 35 hours", 1, [35 * s + i for s, i in ends()], best().predict(35)),
            )
        ),
    ]


@output("least intercept that the run without a seed can give", ".2f")
def conv_reach_least() -> float:
    return min((i for s, i in ends()))


@output("most intercept that the run without a seed can give", ".2f")
def conv_reach_most() -> float:
    return max((i for s, i in ends()))
