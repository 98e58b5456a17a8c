"""What the page "Six ways to repair it" documents."""

import math
from functools import cache

from linreg import Fit, Line, Path, descent_path, diagnose, train
from press.contract import latex, output, printed, table
from press.witness import begin, best, fit, in_ones, minus, tens

TYPED = {
    "1000": "a setting: the number of epochs",
}


@cache
def curvatures() -> tuple[float, float]:
    return diagnose(tens.x).eigenvalues


@cache
def standard() -> Fit:
    return train(tens.x, tens.y, standardize=True, lr=0.1, epochs=100)


@cache
def momentum() -> Fit:
    return train(tens.x, tens.y, lr=7e-4, momentum=0.97)


@cache
def adam(lr: float) -> Fit:
    return train(tens.x, tens.y, lr=lr, optimizer="adam")


@cache
def lbfgs() -> Fit:
    return train(tens.x, tens.y, optimizer="lbfgs", epochs=10)


@cache
def slow() -> Path:
    """Return the way of standardised hours and scores with the old learning rate."""
    return descent_path(
        (tens.x - tens.x.mean()) / tens.x.std(correction=0),
        (tens.y - tens.y.mean()) / tens.y.std(correction=0),
        lr=1e-4,
        epochs=1000,
        start=begin(),
    )


def row(name: str, epochs: str, line: Line) -> list[str]:
    values = {
        line.slope: 3,
        line.intercept: 2,
        line.predict(35): 1,
        line.mean_squared_error(tens.x, tens.y): 0,
        line.score(tens.x, tens.y): 3,
    }
    return [name, epochs, *(minus(f"{value:,.{digits}f}") for value, digits in values.items())]


@latex("the tutorial's line, which no remedy has touched")
def rem_none_latex() -> str:
    return fit().formula_latex()


@printed("the line trained in ones, in tens")
def rem_units_printed() -> str:
    return Line(in_ones().slope, 10 * in_ones().intercept).formula()


@printed("the line trained in standard units, mapped back")
def rem_standard_printed() -> str:
    return standard().formula()


@table("how gradient descent converges on hours in tens, centred and standardised")
def rem_shapes() -> list[list[str]]:
    return [
        ["Hours", "Across", "Along", "Ratio", "Epochs"],
        *(
            [
                name,
                f"{d.eigenvalues[1]:,.1f}",
                f"{d.eigenvalues[0]:.3f}",
                f"{d.condition_number:,.0f}",
                f"{d.epochs_to(0.0001):,}",
            ]
            for name, d in (
                ("as they are", diagnose(tens.x)),
                ("less their mean", diagnose(tens.x - 45)),
                ("standardised", diagnose((tens.x - 45) / tens.x.std(correction=0))),
            )
        ),
    ]


@output("slope of the standardised run at the old lr", ".2f")
def rem_old_lr_slope() -> float:
    return slow().slopes[-1] * tens.y.std(correction=0).item() / tens.x.std(correction=0).item()


@output("intercept of the standardised run at the old lr", ".0f")
def rem_old_lr_intercept() -> float:
    return tens.y.mean().item() + tens.y.std(correction=0).item() * (
        slow().intercepts[-1] - slow().slopes[-1] * 45 / tens.x.std(correction=0).item()
    )


@printed("the line trained with momentum")
def rem_momentum_printed() -> str:
    return momentum().formula()


@output("condition number, in tens", ",.0f")
def rem_condition() -> float:
    return curvatures()[1] / curvatures()[0]


@output("its square root", ".0f")
def rem_root() -> float:
    return math.sqrt(curvatures()[1] / curvatures()[0])


@output("the momentum that converges fastest, in tens", ".4f")
def rem_best_momentum() -> float:
    return (
        (math.sqrt(curvatures()[1]) - math.sqrt(curvatures()[0]))
        / (math.sqrt(curvatures()[1]) + math.sqrt(curvatures()[0]))
    ) ** 2


@output("the lr that goes with it", ".5f")
def rem_best_lr() -> float:
    return (2 / (math.sqrt(curvatures()[1]) + math.sqrt(curvatures()[0]))) ** 2


@printed("the line that Adam trains with a small lr")
def rem_adam_small_printed() -> str:
    return f"lr = 0.1: {adam(0.1).formula()}"


@printed("the line that Adam trains with a large lr")
def rem_adam_printed() -> str:
    return f"lr = 5: {adam(5).formula()}"


@printed("the line that L-BFGS trains")
def rem_lbfgs_printed() -> str:
    return lbfgs().formula()


@printed("the least-squares line")
def rem_exact_printed() -> str:
    return best().formula()


@table("the remedies, with what each comes to")
def rem_table() -> list[list[str]]:
    return [
        ["Remedy", "Epochs", "Slope", "Intercept", "At 35 h", "MSE", "R²"],
        row("None", "1000", fit()),
        row("Units", "1000", Line(in_ones().slope, 10 * in_ones().intercept)),
        row("Standardise", "100", standard()),
        row("Momentum", "1000", momentum()),
        row("Adam, lr 0.1", "1000", adam(0.1)),
        row("Adam, lr 5", "1000", adam(5)),
        row("L-BFGS", "10", lbfgs()),
        row("Least squares", "–", best()),
    ]
