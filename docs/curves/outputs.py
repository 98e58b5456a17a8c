"""What the page "Why not a curve through all points?" documents.

The page works with PyTorch, leverages and closed forms; here scikit-learn refits, SciPy goes
through the points, and training is done step by step.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from scipy.interpolate import BarycentricInterpolator
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from linreg import Line, descent_path, least_squares
from press.contract import formula, output, printed, printed_for_each, table
from press.witness import best_table, ones

TYPED = {
    "degree 7": "a setting: the degree asked about",
    "Degree 7": "a setting: the degree asked about",
    "degree 6": "a setting: the degree asked about",
    "Degree 2": "a setting: the degree asked about",
    "exam of 100": "the scale of the exam",
    "0.5": "a setting: the weight decay",
    "of 0.01": "a default of PyTorch: the claim beside it asks",
}

x, y = ones.x.double().numpy(), ones.y.double().numpy()
column = x.reshape(-1, 1)
STUDENTS, DEGREES = range(len(x)), range(len(x))
ASKED = 9


def curve(degree: int) -> Any:
    return make_pipeline(StandardScaler(), PolynomialFeatures(degree), LinearRegression())


@cache
def fitted(degree: int) -> Any:
    return curve(degree).fit(column, y)


@cache
def held_out(degree: int) -> np.ndarray:
    """Return each student's score less what the curve of the others says."""
    return y - cross_val_predict(curve(degree), column, y, cv=LeaveOneOut())


def training_error(degree: int) -> float:
    return mean_squared_error(y, fitted(degree).predict(column))


def new_error(degree: int) -> float:
    return float(np.square(held_out(degree)).mean())


def through_all(at: float) -> float:
    return float(BarycentricInterpolator(x, y)(at))


def known_and_nine(degree: int) -> str:
    answer = fitted(degree).predict([[ASKED]])[0] if degree < DEGREES[-1] else through_all(ASKED)
    return f"{degree:6}  {training_error(degree):8.2f}  {answer:10.1f}"


def known_and_new(degree: int) -> str:
    new = f"{new_error(degree):8.2f}" if degree < DEGREES[-1] else "    none"
    return f"{degree:6}  {training_error(degree):8.2f}  {new}"


globals().update(
    printed_for_each(
        "curves_known", "training error and answer for nine hours, degree", DEGREES, known_and_nine
    )
)
globals().update(
    printed_for_each(
        "curves_new", "training and held-out error, degree", DEGREES[:-1], known_and_new
    )
)


@printed("training error of the curve through all", fixed="zero, whatever the data")
def curves_new_last() -> str:
    return known_and_new(DEGREES[-1])


@output("score for nine hours by the curve through all, in points", ".0f")
def curves_nine() -> float:
    return through_all(ASKED)


@output("score for no hours by the curve through all, in points", ".0f")
def curves_zero() -> float:
    return through_all(0)


@output("how far the curve of degree 6 is off on a new student, in points", ".0f")
def curves_off_6() -> float:
    return math.sqrt(new_error(6))


@output("held-out error of the line, in squared points", ".2f")
def curves_held_1() -> float:
    return new_error(1)


@output("held-out error of the curve of degree 2, in squared points", ".2f")
def curves_held_2() -> float:
    return new_error(2)


def gains() -> np.ndarray:
    gained: np.ndarray = np.square(held_out(1)) - np.square(held_out(2))
    return gained


@output("how much less the curve of degree 2 errs than the line, in squared points", ".2f")
def curves_difference() -> float:
    return float(gains().mean())


@output("standard error of that difference", ".2f")
def curves_difference_error() -> float:
    return math.sqrt(np.cov(gains()) / len(x))


@cache
def choices() -> tuple[list[int], np.ndarray]:
    """Return the degree that all but each student choose, by leverage, and what it says then."""

    def error(others: np.ndarray, degree: int) -> float:
        q, _ = np.linalg.qr(np.vander(x[others] - 4.5, degree + 1))
        hat = q @ q.T
        return float(np.square((y[others] - hat @ y[others]) / (1 - hat.diagonal())).mean())

    chosen, guesses = [], []
    for student in STUDENTS:
        others = np.delete(STUDENTS, student)
        # Six of seven students cannot tell a higher degree.
        chosen.append(min(range(6), key=lambda degree, o=others: error(o, degree)))
        model = curve(chosen[-1]).fit(column[others], y[others])
        guesses.append(model.predict(column[[student]])[0])
    return chosen, np.array(guesses)


@printed("degrees that seven students choose", fixed="whole numbers, which few students change")
def curves_chosen() -> str:
    return f"degrees chosen: {' '.join(map(str, choices()[0]))}"


@printed("held-out error where the degree is chosen without the student")
def curves_choice() -> str:
    return f"held-out error with the choice: {mean_squared_error(y, choices()[1]):.2f}"


@cache
def weights() -> tuple[np.ndarray, np.ndarray]:
    """Return what a point more for each student adds to the answer, by the line and the curve."""
    units = np.eye(len(x))
    line = LinearRegression().fit(column, units).predict([[ASKED]])[0]
    return line, BarycentricInterpolator(x, units)(ASKED)


def weight(student: int) -> str:
    line, through = weights()
    return f"{x[student]:.0f} h:  {line[student]:+6.2f}  {through[student]:+9.2f}"


globals().update(
    printed_for_each(
        "curves_weight", "weights in the answer for nine hours, student", STUDENTS, weight
    )
)


@output("fall of the answer for one more point of the fifth student", ".0f")
def curves_weight_five() -> float:
    return float(-weights()[1][4])


@output("residual standard error of the line, in points", ".1f")
def curves_scatter() -> float:
    return math.sqrt(training_error(1) * len(x) / (len(x) - 2))


@output("scatter of the line's answer for nine hours, in points", ".1f")
def curves_scatter_1() -> float:
    return curves_scatter() * math.sqrt(best_table().leverage(ASKED))


@output("scatter of the curve's answer for nine hours, in points", ".0f")
def curves_scatter_7() -> float:
    return curves_scatter() * math.hypot(*weights()[1])


def ridge(weight_decay: float) -> Ridge:
    """Return scikit-learn's ridge with PyTorch's weight decay of a mean loss."""
    return Ridge(alpha=len(x) * weight_decay / 2)


def said(name: str) -> str:
    model = ridge(0.5).fit(column, y)
    return f"{name}: slope {model.coef_[0]:.2f}, intercept {model.intercept_:.2f}"


@printed("ridge by PyTorch's weight_decay")
def curves_ridge_pytorch() -> str:
    return said("PyTorch")


@printed("ridge by its formula")
def curves_ridge_formula() -> str:
    return said("formula")


def table_row(name: str, decays: tuple[float, float]) -> list[str]:
    """Return what prices make of the line, by more points and by steps of training."""
    # A price is a point more: its row asks the coefficient to be zero.
    columns = np.vstack([np.column_stack([x, np.ones_like(x)]), np.diag(decays) ** 0.5 * 2])
    columns[-2:] *= math.sqrt(len(x) / 2) / 2
    slope, intercept = np.linalg.lstsq(columns, np.append(y, [0, 0]))[0]
    hessian = 2 / len(x) * columns.T @ columns
    along = min(np.roots([1, -np.trace(hessian), np.linalg.det(hessian)]))
    step, left, epochs = np.eye(2) - 0.03 * hessian, np.eye(2), 0
    while np.linalg.norm(left, 2) > 1e-4:
        left, epochs = left @ step, epochs + 1
    error = Line(slope, intercept).mean_squared_error(x, y)
    cells = [f"{slope:.2f}", f"{intercept:.2f}", f"{along:.3f}", f"{epochs}", f"{error:.1f}"]
    return [name, *cells]


@table("lines with a weight decay of 0.5 on nothing, on the slope and on both")
def curves_ridge_table() -> list[list[str]]:
    return [
        ["Price on", "Slope", "Intercept", "Along", "Epochs", "MSE"],
        table_row("nothing", (0, 0)),
        table_row("the slope", (0.5, 0)),
        table_row("both", (0.5, 0.5)),
    ]


@cache
def by_epoch() -> list[float]:
    """Return the held-out error of the curve through all before each epoch, step by step."""
    powers = ((column - 4.5) / 3.5) ** np.arange(1, len(x))
    squares = np.zeros(301)
    for student in STUDENTS:
        others = np.arange(len(x)) != student
        scaler = StandardScaler().fit(powers[others])
        columns, target = scaler.transform(powers[others]), y[others] - y[others].mean()
        asked = scaler.transform(powers[[student]])[0]
        solution = np.zeros(columns.shape[1])
        for epoch in range(len(squares)):
            squares[epoch] += (y[student] - y[others].mean() - asked @ solution) ** 2
            solution -= 0.1 * 2 / len(columns) * columns.T @ (columns @ solution - target)
    return (squares / len(x)).tolist()


def stopped(epochs: int) -> str:
    return f"{epochs:3} epochs: held-out error {by_epoch()[epochs]:5.1f}"


globals().update(
    printed_for_each("curves_stopped", "held-out error, epochs", (0, 4, 30, 300), stopped)
)


@output("least held-out error of the curve through all when stopped early", ".1f")
def curves_early_least() -> float:
    return min(by_epoch())


@output("epochs to that", ".0f")
def curves_early_epochs() -> float:
    return by_epoch().index(curves_early_least())


def least_priced(model: Callable[[float], Any], low: float, high: float) -> float:
    """Return the least held-out error of a model of scikit-learn, over all prices."""

    def error(log_price: float) -> float:
        guesses = cross_val_predict(model(math.exp(log_price)), column, y, cv=LeaveOneOut())
        return mean_squared_error(y, guesses)

    found = minimize_scalar(error, bounds=(math.log(low), math.log(high)), method="bounded")
    return float(found.fun)


def bent(price: float) -> Any:
    powers = PolynomialFeatures(len(x) - 1, include_bias=False)
    # The sum over seven students that scikit-learn prices.
    return make_pipeline(Middle(), powers, StandardScaler(), Ridge(alpha=(len(x) - 1) * price))


class Middle(StandardScaler):
    """Measures hours from the middle of the table, whoever is asked."""

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> "Middle":
        super().fit([[1.0], [8.0]])
        return self


@output("least held-out error of the curve through all with a price", ".1f")
def curves_ridge_least() -> float:
    return least_priced(bent, 1e-2, 10)


@output("held-out error of the curve through all, not held back", ",.0f")
def curves_unheld() -> float:
    powers = ((column - 4.5) / 3.5) ** np.arange(1, len(x))
    squares = []
    for student in STUDENTS:
        others = np.arange(len(x)) != student
        scaler = StandardScaler().fit(powers[others])
        solution = np.linalg.pinv(scaler.transform(powers[others])) @ (y[others] - y[others].mean())
        guess = y[others].mean() + scaler.transform(powers[[student]])[0] @ solution
        squares.append((y[student] - guess) ** 2)
    return float(np.mean(squares))


@output("least held-out error of a line with a price on its slope", ".2f")
def curves_line_ridge() -> float:
    return least_priced(lambda price: Ridge(alpha=(len(x) - 1) * price), 1e-3, 10)


def exercise(name: str, scale: int, weight_decay: float) -> str:
    slope = ridge(weight_decay).fit(scale * column, scale * y).coef_[0]
    return f"{name}, {weight_decay}: slope {slope:.4f}"


@printed("slope with a weight decay, in the table's units")
def curves_exercise_table() -> str:
    return exercise("table", 1, 0.5)


@printed("slope with the same weight decay in tens")
def curves_exercise_same() -> str:
    return exercise("tens", 10, 0.5)


@printed("slope with ten times the weight decay in tens")
def curves_exercise_ten() -> str:
    return exercise("tens", 10, 5)


@printed("slope with a hundred times the weight decay in tens")
def curves_exercise_hundred() -> str:
    return exercise("tens", 10, 50)


@formula(r"L = \frac{1}{n} \sum (m x + b - y)^2 + \lambda m^2")
def priced_loss() -> dict[str, Any]:
    # A line that is nobody's; the price is the squared length of what is decayed.
    m, b, price = 6.0, 50.0, 0.25
    loss = Line(m, b).mean_squared_error(x, y) + price * np.linalg.norm([m]) ** 2
    return {"L": loss, "x": x, "y": y, "n": len(x), "m": m, "b": b, r"\lambda": price}


@formula(r"m = \frac{\sum u v}{\sum u^2 + n \lambda}")
def ridge_formula() -> dict[str, Any]:
    slope = ridge(0.5).fit(column, y).coef_[0]
    n = len(x)
    return {"m": slope, "u": x - x.mean(), "v": y - y.mean(), "n": n, r"\lambda": 0.25}


@formula(r"1 - (1 - \mathrm{lr}\, c)^k")
def covered_formula() -> dict[str, Any]:
    path = descent_path(x - x.mean(), y - y.mean(), lr=0.01, epochs=20, start=(0, 0))
    covered = path.slopes[20] / least_squares(x, y).slope
    return {"": covered, r"\mathrm{lr}": 0.01, "c": 2 * x.var(), "k": 20}


@formula(r"\frac{c}{c + w}")
def allowed_formula() -> dict[str, Any]:
    allowed = ridge(0.5).fit(column, y).coef_[0] / least_squares(x, y).slope
    return {"": allowed, "c": 2 * x.var(), "w": 0.5}
