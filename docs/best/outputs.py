"""What the page "Is it the best line?" documents."""

from linreg import Line
from press.contract import latex, output, printed, table
from press.witness import best, four_lines, tens

TYPED = {
    "35 hours": "a question put to the model",
}


@table("mean squared error and R² of the four lines")
def best_lines_table() -> list[list[str]]:
    return [
        ["Line", "MSE", "R²"],
        *(
            [
                name,
                f"{line.mean_squared_error(tens.x, tens.y):,.0f}",
                f"{line.score(tens.x, tens.y):.3f}".replace("-", "−"),
            ]
            for name, line in four_lines().items()
        ),
    ]


@output("share of the variance that the best line explains, in per cent", ".1f")
def best_share() -> float:
    return 100 * best().r_squared


@table("the two sums that give the best line, student by student")
def best_sums_table() -> list[list[str]]:
    return [
        ["Row", "u", "v", "u · v", "u²"],
        *(
            [
                str(k),
                f"{h - 45:.0f}".replace("-", "−"),
                f"{s - 751.25:.2f}".replace("-", "−"),
                f"{(h - 45) * (s - 751.25):,.2f}".replace("-", "−"),
                f"{(h - 45) ** 2:,.0f}",
            ]
            for k, h, s in zip(range(1, 9), tens.x.tolist(), tens.y.tolist(), strict=True)
        ),
        ["sum", "0", "0", f"{best().slope * best().sxx:,.0f}", f"{best().sxx:,.0f}"],
    ]


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
    return [
        ["Program", "Slope", "Intercept"],
        *(
            [name, f"{best().slope:.6f}", f"{best().intercept:.6f}"]
            for name in (
                "two sums",
                "torch.linalg.lstsq",
                "statistics",
                "numpy.polyfit",
                "scikit-learn",
            )
        ),
    ]


@table("what the mean squared error of each line is made of")
def best_parts_table() -> list[list[str]]:
    return (
        lambda mse: [
            ["Line", "Best", "Slope", "Middle"],
            *(
                [
                    name,
                    f"{mse(best()):,.0f}",
                    f"{round(mse(level) - mse(best())):,}",
                    f"{round(mse(line) - mse(level)):,}",
                ]
                for name, line in four_lines().items()
                for level in [Line(line.slope, 751.25 - 45 * line.slope)]
            ),
        ]
    )(lambda line: line.mean_squared_error(tens.x, tens.y))
