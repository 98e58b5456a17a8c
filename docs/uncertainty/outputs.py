"""What the page "How sure can eight students make us?" documents."""

from typing import Any

import numpy as np
from scipy import stats

from press.contract import formula, output, printed, table
from press.witness import best, best_table, fit, tens

TYPED = {
    "0.05": "the customary level of a test: what the intervals leave",
    "90 hours": "a question put to the model",
    "for 90": "a question put to the model",
    "50 hours": "a datum: the hours of one student",
    "100 points": "a question, and the scale of the exam",
    "which is 1000 in our units": "the scale of the exam, in tens",
    "1000": "a setting: the number of epochs",
    "35 hours": "a question put to the model",
    "95 %": "a setting: the level of the intervals",
}

ASKED = (35, 90)
CEILING = 1000


def t95() -> float:
    """Return Student's t, out of the interval that linreg gives for the intercept."""
    return (best().confidence_interval(0)[1] - best().intercept) / best().intercept_stderr


def mean_reach(x: float) -> float:
    """Return how far the confidence interval at `x` reaches to either side of the line."""
    return t95() * best().residual_stderr * best().leverage(x) ** 0.5


def one_reach(x: float) -> float:
    """Return how far the prediction interval at `x` reaches to either side of the line."""
    return t95() * best().residual_stderr * (1 + best().leverage(x)) ** 0.5


def span(x: float, reach: float) -> str:
    return f"{best().predict(x) - reach:.0f} to {best().predict(x) + reach:.0f} points"


@output("residual standard error of the best line, in tens", ".1f")
def uncertainty_scatter() -> float:
    return best().residual_stderr


@output("the same in the units of the table", ".1f")
def uncertainty_scatter_table() -> float:
    return best_table().residual_stderr


@output(
    "standard errors to either side of a 95 % interval from eight students",
    ".2f",
    fixed="the number of students decides it",
)
def uncertainty_t() -> float:
    return t95()


@output("slope after 1000 epochs", ".2f")
def uncertainty_trained_slope() -> float:
    return fit().slope


@table("standard errors and 95 % intervals of slope and intercept")
def uncertainty_errors_table() -> list[list[str]]:
    line = best()
    reach = t95() * line.slope_stderr
    low, high = line.confidence_interval(0)
    return [
        ["Quantity", "Slope", "Intercept"],
        ["estimate", f"{line.slope:.2f}", f"{line.intercept:.2f}"],
        ["standard error", f"{line.slope_stderr:.2f}", f"{line.intercept_stderr:.2f}"],
        ["95 % from", f"{line.slope - reach:.2f}", f"{low:.2f}"],
        ["95 % to", f"{line.slope + reach:.2f}", f"{high:.2f}"],
    ]


@printed("95 % confidence interval of the mean score at 35 hours, printed")
def uncertainty_mean_printed() -> str:
    return f"35 hours, mean of many: {span(35, mean_reach(35))}"


@printed("95 % prediction interval at 35 hours, printed")
def uncertainty_one_printed() -> str:
    return f"35 hours, one student:  {span(35, one_reach(35))}"


@output("rise of the line at the last student for 100 more points of theirs", ".1f")
def uncertainty_pull_last() -> float:
    return 100 * best().leverage(tens.x[-1].item())


@output("rise of the line at the student of 50 hours for 100 more points of theirs", ".1f")
def uncertainty_pull_middle() -> float:
    return 100 * best().leverage(50)


@table("prediction and 95 % intervals for 35 and for 90 hours")
def uncertainty_questions_table() -> list[list[str]]:
    rows = {
        "line says": [best().predict(x) for x in ASKED],
        "mean from": [best().predict(x) - mean_reach(x) for x in ASKED],
        "mean to": [best().predict(x) + mean_reach(x) for x in ASKED],
        "one student from": [best().predict(x) - one_reach(x) for x in ASKED],
        "one student to": [best().predict(x) + one_reach(x) for x in ASKED],
    }
    return [
        ["Asked for", *(f"{x} hours" for x in ASKED)],
        *([name, *(f"{score:.0f}" for score in row)] for name, row in rows.items()),
    ]


@output("hours at which the best line reaches the highest possible score", ".1f")
def uncertainty_at_ceiling() -> float:
    # From the middle of the students, where the page goes by the intercept.
    return best().x_mean + (CEILING - best().y_mean) / best().slope


def students() -> dict[str, Any]:
    """Return hours, scores and what the formulas of the page make of them, by scipy and linreg."""
    x, y = tens.x.double().numpy(), tens.y.double().numpy()
    line = stats.linregress(x, y)
    return {
        **{"x": x, "n": len(x), "u": x - x.mean(), "m": line.slope, "b": line.intercept},
        **{"r": y - np.polyval([line.slope, line.intercept], x), "s": best().residual_stderr},
        **{"t": stats.t.ppf(0.975, len(x) - 2), "h": best().leverage(x)},
        r"\text{of the slope:}": line.stderr,
        r"\text{of the intercept:}": line.intercept_stderr,
        r"\text{mean:}": best().confidence_interval(x)[1],
        r"\text{one student:}": best().prediction_interval(x)[1],
    }


@formula(r"s = \sqrt{\frac{\sum r^2}{n - 2}}")
def scatter_formula() -> dict[str, Any]:
    return students()


@formula(
    r"""\begin{aligned} \text{of the slope:} &\quad \frac{s}{\sqrt{\sum u^2}} \\[2ex]
    \text{of the intercept:} &\quad s\,\sqrt{\frac{1}{n} + \frac{\bar x^2}{\sum u^2}}
    \end{aligned}"""
)
def errors_formula() -> dict[str, Any]:
    return students()


@formula(
    r"""\begin{aligned} h &= \frac{1}{n} + \frac{(x - \bar x)^2}{\sum u^2} \\[2ex]
    \text{mean:} &\quad mx + b \pm t\, s \sqrt{h} \\
    \text{one student:} &\quad mx + b \pm t\, s \sqrt{1 + h} \end{aligned}"""
)
def bands_formula() -> dict[str, Any]:
    return students()
