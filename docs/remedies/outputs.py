"""What the page "Six ways to repair it" documents."""

import math
from functools import cache

from linreg import Fit, Line, Path, descent_path, train
from press.contract import latex, output, printed, table
from press.witness import begin, best, curvatures, fit, in_ones, minus, tens, valley

HEADING = ["Across", "Along", "Ratio", "Epochs"]

middle, deviation = tens.x.mean().item(), tens.x.std(correction=0).item()
mean_score, score_deviation = tens.y.mean().item(), tens.y.std(correction=0).item()


def units() -> Line:
    """Return the line trained in ones, in tens."""
    return Line(in_ones().slope, 10 * in_ones().intercept)


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
    """Return the path of standardised hours and scores with the old learning rate."""
    x, y = (tens.x - middle) / deviation, (tens.y - mean_score) / score_deviation
    return descent_path(x, y, lr=1e-4, epochs=1000, start=begin())


@printed("the tutorial's line, which no remedy has touched")
def rem_none_printed() -> str:
    return fit().formula()


@printed("the line trained in ones, in tens")
def rem_units_printed() -> str:
    return units().formula()


@printed("the line trained in standard units, mapped back")
def rem_standard_printed() -> str:
    return standard().formula()


@table("how gradient descent converges on hours in tens, centred and standardised")
def rem_shapes() -> list[list[str]]:
    valleys = {
        "as they are": valley(tens.x),
        "less their mean": valley(tens.x - middle),
        "standardised": valley((tens.x - middle) / deviation),
    }
    rows = [[name, *(found[column] for column in HEADING)] for name, found in valleys.items()]
    return [["Hours", *HEADING], *rows]


@output("slope of the standardised run at the old lr", ".2f")
def rem_old_lr_slope() -> float:
    return slow().slopes[-1] * score_deviation / deviation


@output("intercept of the standardised run at the old lr", ".0f")
def rem_old_lr_intercept() -> float:
    at_zero = slow().intercepts[-1] - slow().slopes[-1] * middle / deviation
    return mean_score + score_deviation * at_zero


@printed("the line trained with momentum")
def rem_momentum_printed() -> str:
    return momentum().formula()


@output("square root of the condition number", ".0f")
def rem_root() -> float:
    along, across = curvatures()
    return math.sqrt(across / along)


@output("the momentum that converges fastest, in tens", ".4f")
def rem_best_momentum() -> float:
    along, across = map(math.sqrt, curvatures())
    return ((across - along) / (across + along)) ** 2


@output("the lr that goes with it", ".5f")
def rem_best_lr() -> float:
    along, across = map(math.sqrt, curvatures())
    return (2 / (across + along)) ** 2


@latex("the line that Adam trains with a small lr")
def rem_adam_small() -> str:
    return adam(0.1).formula_latex()


@printed("the line that Adam trains with a large lr")
def rem_adam_printed() -> str:
    return adam(5).formula()


@printed("the line that L-BFGS trains")
def rem_lbfgs_printed() -> str:
    return lbfgs().formula()


@printed("the least-squares line")
def rem_exact_printed() -> str:
    return best().formula()


@table("the remedies, with what each comes to")
def rem_table() -> list[list[str]]:
    def row(name: str, epochs: str, line: Line) -> list[str]:
        cells = (
            f"{line.slope:.3f}",
            f"{line.intercept:,.2f}",
            f"{line.predict(35):.1f}",
            f"{line.mean_squared_error(tens.x, tens.y):,.0f}",
            f"{line.score(tens.x, tens.y):.3f}",
        )
        return [name, epochs, *map(minus, cells)]

    return [
        ["Remedy", "Epochs", "Slope", "Intercept", "At 35 h", "MSE", "R²"],
        row("None", "1000", fit()),
        row("Units", "1000", units()),
        row("Standardise", "100", standard()),
        row("Momentum", "1000", momentum()),
        row("Adam, lr 0.1", "1000", adam(0.1)),
        row("Adam, lr 5", "1000", adam(5)),
        row("L-BFGS", "10", lbfgs()),
        row("Least squares", "–", best()),
    ]
