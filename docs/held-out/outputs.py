"""What the page "Will it hold for students we have not met?" documents.

The page refits; here scikit-learn does, or the leverage.
"""

import itertools
import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import statsmodels.api as sm
import torch
from scipy import stats
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression
from sklearn.metrics import (
    mean_absolute_error,
    mean_squared_error,
    r2_score,
    root_mean_squared_error,
)
from sklearn.model_selection import LeaveOneOut, LeavePOut, cross_val_predict
from sklearn.neighbors import KNeighborsRegressor

from linreg import descent_path, leave_one_out
from press.contract import formula, output, printed, printed_for_each, table
from press.witness import ones

TYPED = {
    "`random_state=42`": "a setting that many programs have",
    "95 %": "a setting: the level of the interval",
    "85 %": "a question: another level, beside the promised one",
}

x, y = ones.x.double().numpy(), ones.y.double().numpy()
column = x.reshape(-1, 1)
STUDENTS = range(len(x))


def nearest(distances: np.ndarray) -> np.ndarray:
    """Return the weights of neighbours: those at the least distance count alike."""
    return (distances < distances.min(axis=1, keepdims=True) + 1e-9).astype(float)


MODELS: dict[str, Callable[[], Any]] = {
    "mean": DummyRegressor,
    "by heart": lambda: KNeighborsRegressor(2, weights=nearest),
    "line": LinearRegression,
}
NAMES = {"mean": "guess_the_mean", "by heart": "learn_by_heart", "line": "fit_a_line"}


@cache
def held_out(model: str) -> np.ndarray:
    """Return each student's score less what a model of scikit-learn predicts from the others."""
    return y - cross_val_predict(MODELS[model](), column, y, cv=LeaveOneOut())


def training(model: str) -> float:
    return mean_squared_error(y, MODELS[model]().fit(column, y).predict(column))


def both_errors(model: str) -> str:
    """Say the line that the page prints for a model."""
    error = np.square(held_out(model)).mean()
    return f"{training(model):8.2f}  {error:8.2f}  {NAMES[model]}"


@printed("errors of guessing the mean, on known students and on others")
def held_mean_printed() -> str:
    return both_errors("mean")


@printed("errors of learning by heart, on known students and on others")
def held_heart_printed() -> str:
    return both_errors("by heart")


@printed("errors of the line, on known students and on others")
def held_line_printed() -> str:
    return both_errors("line")


@output("mean squared error of the line on held-out students, in squared points", ".2f")
def held_line() -> float:
    return float(np.square(leave_one_out(x, y)).mean())


@output("mean squared error of the best line, in squared points", ".2f")
def held_line_training() -> float:
    return training("line")


@output("mean squared error of guessing the mean of the others", ".2f")
def held_mean() -> float:
    return float(np.square(held_out("mean")).mean())


@output("mean squared error of guessing the mean of all", ".2f")
def held_mean_training() -> float:
    return training("mean")


@output("root mean squared error of the line on held-out students, in points", ".1f")
def held_line_rmse() -> float:
    return math.sqrt(held_line())


@cache
def influence() -> Any:
    return sm.OLS(y, sm.add_constant(x)).fit().get_influence()


def left_out(student: int) -> str:
    """Say what the page prints of one student, by statsmodels and by a refit of scikit-learn."""
    residual, leverage = influence().resid[student], influence().hat_matrix_diag[student]
    held, refitted = influence().resid_press[student], held_out("line")[student]
    quotient = f"{residual:+.2f} / (1 - {leverage:.2f})"
    return f"{x[student]:.0f} h: {quotient} = {held:+.2f}, {refitted:+.2f}"


globals().update(
    printed_for_each(
        "held_student",
        "held-out residual, by leverage and by refit, of student",
        STUDENTS,
        left_out,
    )
)


@cache
def splits() -> list[tuple[float, np.ndarray, np.ndarray]]:
    """Return R², the two students and their held-out residuals, for each way to put two aside."""
    found = []
    for train, test in LeavePOut(2).split(column):
        predicted = LinearRegression().fit(column[train], y[train]).predict(column[test])
        found.append((r2_score(y[test], predicted), test, y[test] - predicted))
    return found


@output("ways to put two of eight students aside", ".0f", fixed="the number of students decides it")
def held_splits() -> float:
    return math.comb(len(x), 2)


@output("largest miss of a held-out student in any split, in points", ".1f")
def held_worst_miss() -> float:
    return max(abs(misses).max() for _, _, misses in splits())


@printed("splits whose R² is negative")
def held_negative() -> str:
    return f"{held_splits()} splits, R² below zero in {sum(r < 0 for r, _, _ in splits())}"


def split(find: Any) -> str:
    r_squared, (one, other), _ = find(splits(), key=lambda found: found[0])
    return f"students of {x[one]:.0f} and {x[other]:.0f} hours: R² {r_squared:.2f}"


@printed("the split with the smallest R²")
def held_smallest() -> str:
    return split(min)


@printed("the split with the largest R²")
def held_largest() -> str:
    return split(max)


def stopped(epochs: int) -> str:
    """Say the held-out errors after so many epochs, by the closed form."""
    errors = []
    for leak in (True, False):
        squares = []
        for student in STUDENTS:
            others = np.arange(len(x)) != student
            units = [(v.mean(), v.std()) for v in ((x, y) if leak else (x[others], y[others]))]
            (x_mean, x_scale), (y_mean, y_scale) = units
            path = descent_path(
                (x[others] - x_mean) / x_scale,
                (y[others] - y_mean) / y_scale,
                lr=0.1,
                epochs=100,
                start=(0, 0),
            )
            at = (x[student] - x_mean) / x_scale
            predicted = (path.slopes[epochs] * at + path.intercepts[epochs]) * y_scale + y_mean
            squares.append((y[student] - predicted) ** 2)
        errors.append(np.mean(squares))
    return f"{epochs:6}  {errors[0]:6.2f}  {errors[1]:6.2f}"


@printed("held-out error of an untrained model, with a leak and without")
def held_leak_0() -> str:
    return stopped(0)


@printed("the same after one epoch")
def held_leak_1() -> str:
    return stopped(1)


@printed("the same after ten epochs")
def held_leak_10() -> str:
    return stopped(10)


@printed("the same after a hundred epochs")
def held_leak_100() -> str:
    return stopped(100)


def of_pair(pair: tuple[int, ...]) -> float:
    """Return the sum of squared held-out residuals of a pair, from one fit and its hat matrix."""
    hat = influence_matrix()[np.ix_(pair, pair)]
    held = np.linalg.solve(np.eye(2) - hat, influence().resid[list(pair)])
    return float(held @ held)


@cache
def influence_matrix() -> np.ndarray:
    columns = sm.add_constant(x)
    return columns @ np.linalg.pinv(columns)


@cache
def folds() -> list[tuple[int, ...]]:
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(228)).tolist()
    return [tuple(order[start : start + 2]) for start in range(0, len(x), 2)]


def fold(number: int) -> str:
    one, other = folds()[number]
    root = math.sqrt(of_pair((one, other)) / 2)
    return f"{one + 1} and {other + 1} hours held out: {root:.2f} points off"


@printed("error on the first fold")
def held_fold_1() -> str:
    return fold(0)


@printed("error on the second fold")
def held_fold_2() -> str:
    return fold(1)


@printed("error on the third fold")
def held_fold_3() -> str:
    return fold(2)


@printed("error on the fourth fold")
def held_fold_4() -> str:
    return fold(3)


@printed("error on all four folds")
def held_folds() -> str:
    root = math.sqrt(sum(map(of_pair, folds())) / len(x))
    return f"all four folds: {root:.2f} points off"


@cache
def all_deals() -> list[float]:
    """Return the error of each way to deal the students into four pairs."""
    pairs = {pair: of_pair(pair) for pair in itertools.combinations(STUDENTS, 2)}

    def dealt() -> Iterator[float]:
        for four in itertools.combinations(pairs, 4):
            if len({student for pair in four for student in pair}) == len(x):
                yield math.sqrt(sum(pairs[pair] for pair in four) / len(x))

    return list(dealt())


@output("ways to deal eight students into pairs", ".0f", fixed="the number of students decides it")
def held_deals() -> float:
    return math.factorial(8) // (2**4 * math.factorial(4))


@output("least error of all ways to deal, in points", ".2f")
def held_deals_least() -> float:
    return min(all_deals())


@output("largest error of all ways to deal, in points", ".2f")
def held_deals_most() -> float:
    return max(all_deals())


@table("MAE, RMSE and R² on held-out students, by model")
def held_table() -> list[list[str]]:
    rows = [["Model", "MAE", "RMSE", "R²"]]
    for model in MODELS:
        predicted = y - held_out(model)
        mae, rmse = mean_absolute_error(y, predicted), root_mean_squared_error(y, predicted)
        share = 1 - np.square(held_out(model)).mean() / held_mean()
        rows.append([model, f"{mae:.2f}", f"{rmse:.2f}", f"{share:.3f}"])
    return rows


@cache
def intervals() -> list[tuple[float, float]]:
    """Return each student's held-out residual, and half the 95 % interval of the others' line."""
    found = []
    for student in STUDENTS:
        others = np.arange(len(x)) != student
        fit = sm.OLS(y[others], sm.add_constant(x[others])).fit()
        row = fit.get_prediction([[1, x[student]]]).summary_frame(alpha=0.05).iloc[0]
        half = (row["obs_ci_upper"] - row["obs_ci_lower"]) / 2
        found.append((y[student] - row["mean"], half))
    return found


def interval(student: int) -> str:
    miss, half = intervals()[student]
    return f"{x[student]:.0f} h: miss {miss:+.1f}, interval ± {half:.1f}"


globals().update(
    printed_for_each(
        "held_interval", "held-out residual and half its interval, of student", STUDENTS, interval
    )
)


@printed("students whom the interval holds", fixed="a count: all of them")
def held_inside() -> str:
    return f"inside: {sum(abs(miss) < half for miss, half in intervals())} of 8"


@formula(r"\text{held-out residual} = \frac{r}{1 - h}")
def held_out_formula() -> dict[str, Any]:
    line = stats.linregress(x, y)
    return {
        "r": y - line.slope * x - line.intercept,
        "h": influence().hat_matrix_diag,
        r"\text{held-out residual}": held_out("line"),
    }


@formula(
    r"""\begin{aligned} \text{MAE:} &\quad \frac{1}{n} \sum |d| \\[1ex]
    \text{RMSE:} &\quad \sqrt{\frac{1}{n} \sum d^2} \\[1ex]
    \text{R squared:} &\quad 1 - \frac{\sum d^2}{\sum g^2} \end{aligned}"""
)
def measures_formula() -> dict[str, Any]:
    d, g = held_out("line"), held_out("mean")
    # Guessing the mean of the others misses by n / (n - 1) of the distance to the mean of all.
    baseline = influence().results.centered_tss * (len(x) / (len(x) - 1)) ** 2
    return {
        **{"n": len(x), "d": d, "g": g},
        r"\text{MAE:}": mean_absolute_error(y, y - d),
        r"\text{RMSE:}": root_mean_squared_error(y, y - d),
        r"\text{R squared:}": 1 - influence().resid_press @ influence().resid_press / baseline,
    }
