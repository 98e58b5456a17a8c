"""What the page "What if one score is wrong?" documents.

The page tries all pairs of points, or trains; here a linear program of SciPy finds the absolute
line, and reweighted least squares find Huber's.
"""

import math
from functools import cache
from typing import Any

import numpy as np
from scipy import stats
from scipy.optimize import linprog

from press.contract import formula, output, printed
from press.witness import ones

TYPED = {
    "98 points": "one of the study's scores",
    "for 98": "one of the study's scores",
    "of 98": "one of the study's scores",
    "9.8": "the invented typing error",
    "80 points": "a setting of a comparison",
    "as 64": "a square: the claim beside it counts",
    "of 10": "a setting of a comparison",
    "costs 8": "a quotient: the claim beside it counts",
    "80 hours": "the invented typing error",
    "instead of 8": "the hours of a student",
    "delta=10": "a setting",
    "scores of 0, 50, 99, 100 and 150": "a question",
}

x = ones.x.double().numpy()
y = ones.y.double().numpy()
typed = np.where(x == x[-1], 9.8, y)
Pair = tuple[float, float]


def squares(scores: np.ndarray) -> Pair:
    line = stats.linregress(x, scores)
    return line.slope, line.intercept


def absolute(hours: np.ndarray, scores: np.ndarray) -> Pair:
    """Return the line of least absolute residuals, by linear programming: residual = up - down."""
    n, eye = len(hours), np.eye(len(hours))
    columns = np.column_stack([hours, np.ones(n), eye, -eye])
    bounds = [(None, None)] * 2 + [(0, None)] * (2 * n)
    found = linprog([0, 0, *[1] * (2 * n)], A_eq=columns, b_eq=scores, bounds=bounds)
    return found.x[0], found.x[1]


@cache
def huber(delta: float) -> Pair:
    """Return Huber's line, by least squares with weights that shrink beyond `delta`."""
    weights, line = np.ones(len(x)), (0.0, 0.0)
    for _ in range(2000):
        slope, intercept = np.polyfit(x, typed, 1, w=np.sqrt(weights))
        line = (float(slope), float(intercept))
        away = abs(typed - slope * x - intercept)
        weights = delta / np.maximum(away, delta)
    return line


@printed("line of least squares of the scores as they are")
def outliers_squares_right() -> str:
    return "right: slope {:.2f}, intercept {:.2f}".format(*squares(y))


@printed("the same with the typing error")
def outliers_squares_typed() -> str:
    return "typed: slope {:.2f}, intercept {:.2f}".format(*squares(typed))


@printed("absolute line of the scores as they are")
def outliers_absolute_right() -> str:
    return "right: slope {:.4f}, intercept {:.4f}".format(*absolute(x, y))


@printed("the same with the typing error")
def outliers_absolute_typed() -> str:
    return "typed: slope {:.4f}, intercept {:.4f}".format(*absolute(x, typed))


def trained(name: str, line: Pair) -> str:
    return f"{name:9} slope {line[0]:5.1f}, intercept {line[1]:.1f}"


@printed("what training finds by squares")
def outliers_trained_squares() -> str:
    return trained("MSELoss", squares(typed))


@printed("what training finds by absolute residuals")
def outliers_trained_absolute() -> str:
    return trained("L1Loss", absolute(x, typed))


@printed("what training finds by Huber's loss")
def outliers_trained_huber() -> str:
    return trained("HuberLoss", huber(10.0))


@output("slope of Huber's line with the typing error", ".2f")
def outliers_huber_slope() -> float:
    return huber(10.0)[0]


@output("slope of least squares with the typing error", ".2f")
def outliers_squares_slope() -> float:
    return squares(typed)[0]


@output("slope of the absolute line with the typing error", ".2f")
def outliers_absolute_slope() -> float:
    return absolute(x, typed)[0]


@output("slope of the absolute line with 80 hours for 8", ".2f")
def outliers_far_slope() -> float:
    return absolute(np.where(x == x[-1], 80.0, x), y)[0]


@output("how much more the absolute slope scatters", fixed="about the bell curve and eight hours")
def outliers_price() -> str:
    drawn = np.random.default_rng(228).normal(size=(1500, 8))
    # Of each pair's line, the one whose slope is a weighted median is best: here by descent of
    # the intercept, which for each slope is the median of what is left.
    hours = np.arange(1.0, 9)
    slopes = np.array(
        [(drawn[:, j] - drawn[:, i]) / (j - i) for i in range(8) for j in range(i + 1, 8)]
    )
    left = drawn[None] - slopes[..., None] * hours
    sums = abs(left - np.median(left, axis=-1, keepdims=True)).sum(axis=-1)
    chosen = slopes[sums.argmin(axis=0), np.arange(1500)]
    price = np.std(chosen) * math.sqrt(np.sum((hours - 4.5) ** 2)) - 1
    return {2: "a fifth", 3: "a quarter", 4: "a third"}.get(round(price * 12), "?")


def last(score: float) -> str:
    line = absolute(x, np.where(x == x[-1], score, y))
    return "{:3} points: slope {:.2f}, intercept {:.2f}".format(score, *line)


@printed("absolute line if the last score is 0")
def outliers_last_0() -> str:
    return last(0)


@printed("the same if it is 50")
def outliers_last_50() -> str:
    return last(50)


@printed("the same if it is 99")
def outliers_last_99() -> str:
    return last(99)


@printed("the same if it is 100")
def outliers_last_100() -> str:
    return last(100)


@printed("the same if it is 150")
def outliers_last_150() -> str:
    return last(150)


@output("score of the absolute line for eight hours", ".1f")
def outliers_last_on_line() -> float:
    slope, intercept = absolute(x, y)
    return slope * x[-1] + intercept


@output("score from which on the absolute line lets go", ".1f")
def outliers_last_let_go() -> float:
    slope, intercept = absolute(x, np.where(x == x[-1], 1e4, y))
    return slope * x[-1] + intercept


@formula(r"p = \frac{1}{\sigma \sqrt{2 \pi}} e^{-\frac{r^2}{2 \sigma^2}}")
def bell_formula() -> dict[str, Any]:
    sigma, r = 4.5, 3.0
    height = stats.norm(scale=sigma).pdf(r)
    return {"p": height, r"\sigma": sigma, "r": r, r"\pi": math.pi, "e": math.e}
