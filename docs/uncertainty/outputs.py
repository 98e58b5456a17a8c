"""What the page "How sure can eight students make us?" documents."""

from linreg import least_squares
from press.contract import output, printed, table
from press.witness import best, fit, ones

TYPED = {
    "90 hours": "a question put to the model",
    "for 90": "a question put to the model",
    "50 hours": "a datum: the hours of one student",
    "100 points": "a question, and the scale of the exam",
    "which is 1000 in our units": "the scale of the exam, in tens",
    "1000": "a setting: the number of epochs",
    "35 hours": "a question put to the model",
    "95 %": "a setting: the level of the intervals",
}


def t95() -> float:
    """Return Student's t, out of the interval that linreg gives for the intercept."""
    return (best().confidence_interval(0)[1] - best().intercept) / best().intercept_stderr


@output("residual standard error of the best line, in tens", ".1f")
def uncertainty_scatter() -> float:
    return best().residual_stderr


@output("the same in the units of the table", ".1f")
def uncertainty_scatter_table() -> float:
    return least_squares(ones.x, ones.y).residual_stderr


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
    return [
        ["Quantity", "Slope", "Intercept"],
        ["estimate", f"{best().slope:.2f}", f"{best().intercept:.2f}"],
        ["standard error", f"{best().slope_stderr:.2f}", f"{best().intercept_stderr:.2f}"],
        [
            "95 % from",
            f"{best().slope - t95() * best().slope_stderr:.2f}",
            f"{best().confidence_interval(0)[0]:.2f}",
        ],
        [
            "95 % to",
            f"{best().slope + t95() * best().slope_stderr:.2f}",
            f"{best().confidence_interval(0)[1]:.2f}",
        ],
    ]


@printed("95 % confidence interval of the mean score at 35 hours, printed")
def uncertainty_mean_printed() -> str:
    return (
        lambda half: (
            f"35 hours, mean of many: {best().predict(35) - half:.0f} to {best().predict(35) + half:.0f} points"
        )
    )(t95() * best().residual_stderr * best().leverage(35) ** 0.5)


@printed("95 % prediction interval at 35 hours, printed")
def uncertainty_one_printed() -> str:
    return (
        lambda half: (
            f"35 hours, one student:  {best().predict(35) - half:.0f} to {best().predict(35) + half:.0f} points"
        )
    )(t95() * best().residual_stderr * (1 + best().leverage(35)) ** 0.5)


@output("rise of the line at the last student for 100 more points of theirs", ".1f")
def uncertainty_pull_last() -> float:
    return 100 * best().leverage(80)


@output("rise of the line at the student of 50 hours for 100 more points of theirs", ".1f")
def uncertainty_pull_middle() -> float:
    return 100 * best().leverage(50)


@table("prediction and 95 % intervals for 35 and for 90 hours")
def uncertainty_questions_table() -> list[list[str]]:
    return (
        lambda half: [
            ["Asked for", "35 hours", "90 hours"],
            ["line says", *(f"{best().predict(x):.0f}" for x in (35, 90))],
            *(
                [name, *(f"{best().predict(x) + sign * half(x, own):.0f}" for x in (35, 90))]
                for name, sign, own in (
                    ("mean from", -1, 0),
                    ("mean to", 1, 0),
                    ("one student from", -1, 1),
                    ("one student to", 1, 1),
                )
            ),
        ]
    )(lambda x, own: t95() * best().residual_stderr * (own + best().leverage(x)) ** 0.5)


@output("hours at which the best line reaches the highest possible score", ".1f")
def uncertainty_at_ceiling() -> float:
    return 45 + (1000 - 751.25) / best().slope
