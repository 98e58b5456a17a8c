"""What the page "Is it the best line?" documents."""

import math
import statistics
from typing import Any

import numpy as np

from linreg import HAND_DRAWN, Line
from press.contract import formula, latex, output, printed, table
from press.witness import best, four_lines, minus, tens

TYPED = {
    "35 hours": "a question put to the model",
}

PROGRAMS = ("two sums", "torch.linalg.lstsq", "statistics", "numpy.polyfit", "scikit-learn")

hours, scores = tens.x.tolist(), tens.y.tolist()
middle = statistics.fmean(hours), statistics.fmean(scores)


def mse(line: Line) -> float:
    return line.mean_squared_error(tens.x, tens.y)


def symbols_of(line: Line) -> dict[str, Any]:
    """Return what the letters of the derivation are for `line`."""
    x, y = np.array(hours), np.array(scores)
    return {
        "x": x,
        "y": y,
        "u": x - middle[0],
        "v": y - middle[1],
        "m": line.slope,
        "b": line.intercept,
        "c": line.predict(middle[0]) - middle[1],
        "r": y - line.predict(hours),
        "n": len(hours),
    }


@formula(r"R^2 = 1 - \frac{\text{mean squared error}}{\text{variance of the scores}}")
def r_squared() -> dict[str, Any]:
    correlation = np.corrcoef(hours, scores)[0, 1]
    return {
        "R^2": correlation**2,
        r"\text{mean squared error}": mse(best()),
        r"\text{variance of the scores}": statistics.pvariance(scores),
    }


@formula(
    r"u = x - \bar x \qquad v = y - \bar y",
    r"\sum u = 0",
    r"\sum v = 0",
    r"c = m \bar x + b - \bar y",
    r"\begin{aligned} r &= y - (mx + b) \\ &= v - mu - c \end{aligned}",
    r"\begin{aligned} (v - mu - c)^2 = {}& v^2 + m^2 u^2 + c^2 \\ "
    r"& - 2muv - 2cv + 2cmu \end{aligned}",
    r"\begin{aligned} \sum 2cv &= 2c \sum v = 0 \\ \sum 2cmu &= 2cm \sum u = 0 \end{aligned}",
    r"\begin{aligned} \sum r^2 &= \sum (v - mu - c)^2 \\ &= \sum v^2 - 2m \sum uv \\ "
    r"&\quad + m^2 \sum u^2 + n c^2 \end{aligned}",
    r"\begin{aligned} & m^2 \sum u^2 - 2m \sum uv \\ &= \sum u^2 "
    r"\left(m - \frac{\sum uv}{\sum u^2}\right)^2 "
    r"- \frac{\left(\sum uv\right)^2}{\sum u^2} \end{aligned}",
)
def any_line() -> dict[str, Any]:
    return symbols_of(Line(3.0, 100.0))


@formula("m^2 - 2pm = (m - p)^2 - p^2", r"p = \frac{\sum uv}{\sum u^2}")
def nearly_a_square() -> dict[str, Any]:
    return symbols_of(Line(3.0, 100.0)) | {"p": float(np.polyfit(hours, scores, 1)[0])}


@formula(
    r"b = \bar y - m \bar x",
    r"m = \frac{\sum uv}{\sum u^2}",
    r"\begin{aligned} -2 \sum r &= 0 \\ -2 \sum x r &= 0 \end{aligned}",
)
def the_best_line() -> dict[str, Any]:
    return symbols_of(Line(*np.polyfit(hours, scores, 1)))


@formula(
    r"\begin{aligned} \text{MSE} = {}& \text{MSE of the best line} \\ "
    r"&+ \frac{\sum u^2}{n} \left(m - m_\text{best}\right)^2 + c^2 \end{aligned}"
)
def three_parts() -> dict[str, Any]:
    line, (slope, intercept) = Line(3.0, 100.0), np.polyfit(hours, scores, 1)
    return symbols_of(line) | {
        r"\text{MSE}": mse(line),
        r"\text{MSE of the best line}": mse(Line(slope, intercept)),
        r"m_\text{best}": slope,
    }


@table("mean squared error, its root and R² of the four lines")
def best_lines_table() -> list[list[str]]:
    rows = [
        [
            name,
            f"{mse(line):,.0f}",
            f"{math.sqrt(mse(line)):.0f}",
            minus(f"{line.score(tens.x, tens.y):.3f}"),
        ]
        for name, line in four_lines().items()
    ]
    return [["Line", "MSE", "Points off", "R²"], *rows]


@output("how many points off the hand-drawn line typically is", ".0f")
def best_drawn_error() -> float:
    return math.sqrt(mse(HAND_DRAWN))


@output("how many points off the best line typically is", ".0f")
def best_error() -> float:
    return math.sqrt(mse(best()))


@output("what ten points up add to the error of the best line", ".0f", fixed="ten times ten")
def best_raised() -> float:
    raised = Line(best().slope, best().intercept + 10)
    return mse(raised) - mse(best())


@output("share of the variance that the best line explains, in per cent", ".1f")
def best_share() -> float:
    return 100 * best().r_squared


@table("the two sums that give the best line, student by student")
def best_sums_table() -> list[list[str]]:
    def row(k: int, u: float, v: float) -> list[str]:
        cells = f"{u:.0f}", f"{v:.2f}", f"{u * v:,.2f}", f"{u * u:,.0f}"
        return [str(k), *map(minus, cells)]

    rows = [
        row(k, h - middle[0], s - middle[1])
        for k, (h, s) in enumerate(zip(hours, scores, strict=True), 1)
    ]
    sums = ["sum", "0", "0", f"{best_sum_products():,.0f}", f"{best_sum_squares():,.0f}"]
    return [["Row", "u", "v", "u · v", "u²"], *rows, sums]


@output("sum of products of the distances from the means", ",.0f")
def best_sum_products() -> float:
    return best().slope * best().sxx


@output("sum of squared distances of the hours from their mean", ",.0f")
def best_sum_squares() -> float:
    return best().sxx


@output("slope of the best line", ".4f")
def best_slope() -> float:
    return best().slope


@latex("the best line, typeset")
def best_latex() -> str:
    return best().formula_latex()


@printed("the best line, printed")
def best_formula_printed() -> str:
    return best().formula()


@printed("its prediction for 35 hours, printed")
def best_prediction_35_printed() -> str:
    return f"Prediction for 35 hours: {best().predict(35):.1f} points"


@table("the best line as five programs find it")
def best_programs_table() -> list[list[str]]:
    found = [f"{best().slope:.6f}", f"{best().intercept:.6f}"]
    return [["Program", "Slope", "Intercept"], *([name, *found] for name in PROGRAMS)]


@table("what the mean squared error of each line is made of")
def best_parts_table() -> list[list[str]]:
    def row(name: str, line: Line) -> list[str]:
        raised = Line(line.slope, middle[1] - line.slope * middle[0])
        parts = mse(best()), mse(raised) - mse(best()), mse(line) - mse(raised)
        # Rounding first: no part is below zero, and none is shown as -0.
        return [name, *(f"{round(part):,}" for part in parts)]

    lines = four_lines().items()
    heading = ["Line", "Best line's", "Wrong slope", "Off the middle"]
    return [heading, *(row(name, line) for name, line in lines)]
