"""What the page "What if more than hours counts?" documents.

The page trains or solves; here scikit-learn and statsmodels do, and eigenvalues are NumPy's.
"""

import math
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
import torch
from scipy import stats
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler

from press.contract import formula, output, printed, printed_for_each, table
from press.witness import ones

THEIRS = "the patients' data"

TYPED = {
    "95 %": "a setting: the level of the intervals",
    "1 or 2": "how the table writes the sex of a person",
    "with a 1": "how a group is written as a column",
    "a 0 for": "how a group is written as a column",
    "1972": "a year",
    "7 points": "a setting of the invented world",
    "above 40": "a setting of the invented world",
}

people = load_diabetes(as_frame=True, scaled=False)
x, y = people.data, people.target
NAMES = list(x.columns)
UNITS = (
    "year",
    "1 or 2",
    "kg/m²",
    "mmHg",
    "mg/dl, total cholesterol",
    "mg/dl, LDL",
    "mg/dl, HDL",
    "s1 to s3",
    "log triglycerides",
    "mg/dl, sugar",
)


@cache
def fitted(without: str = "") -> Any:
    """Return the fit of statsmodels, with an intercept, to all columns but one."""
    return sm.OLS(y, sm.add_constant(x.drop(columns=without) if without else x)).fit()


def slope(name: str) -> float:
    return float(fitted().params[name])


def alone(name: str) -> float:
    return float(stats.linregress(x[name], y).slope)


def typical_error(without: str = "") -> float:
    return math.sqrt(np.mean(fitted(without).resid ** 2))


@output("people in the table", ".0f", fixed=THEIRS)
def features_people() -> float:
    return len(y)


@output("points for each unit of body mass, among ten", ".2f", fixed=THEIRS)
def features_bmi() -> float:
    return slope("bmi")


@output("slopes among ten whose 95 % interval holds zero", ".0f", fixed=THEIRS)
def features_crossing() -> float:
    ends = fitted().conf_int(0.05).loc[NAMES]
    return float(((ends[0] < 0) & (ends[1] > 0)).sum())


@output("step in points from the one sex to the other, among ten", ".1f", fixed=THEIRS)
def features_sex() -> float:
    return slope("sex")


@output("points for each unit of total cholesterol alone", ".2f", fixed=THEIRS)
def features_s1_alone() -> float:
    return alone("s1")


@output("points fewer for each unit of total cholesterol, among ten", ".2f", fixed=THEIRS)
def features_s1() -> float:
    return -slope("s1")


@output("standard error of the slope of total cholesterol, among ten", ".2f", fixed=THEIRS)
def features_s1_error() -> float:
    return float(fitted().bse["s1"])


@table("slopes of the ten measurements, alone and together", fixed=THEIRS)
def features_table() -> list[list[str]]:
    weights = LinearRegression().fit(StandardScaler().fit_transform(x), y).coef_
    return [
        ["Measurement", "Unit", "Alone", "Together", "Per deviation"],
        *(
            [name, unit, f"{alone(name):.2f}", f"{slope(name):.2f}", f"{weight:.1f}"]
            for name, unit, weight in zip(NAMES, UNITS, weights, strict=True)
        ),
    ]


def trained(number: int) -> str:
    return f"{NAMES[number]:>3} {slope(NAMES[number]):7.2f}"


globals().update(
    printed_for_each(
        "features_slope",
        "slope that training finds, of column",
        range(10),
        trained,
        fixed=THEIRS,
    )
)


@printed("typical error of the plane on the ten measurements", fixed=THEIRS)
def features_error_printed() -> str:
    return f"typical error {typical_error():.1f} points"


@output("typical error with all ten, in points", ".1f", fixed=THEIRS)
def features_error() -> float:
    return typical_error()


@output("typical error without s2, in points", ".1f", fixed=THEIRS)
def features_error_without() -> float:
    return typical_error("s2")


@output("what is left of the standard error of the slope of s1 without s2", fixed=THEIRS)
def features_surer() -> str:
    share = fitted("s2").bse["s1"] / fitted().bse["s1"]
    return {3: "third", 4: "quarter", 5: "fifth"}[round(1 / share)]


def curvatures(columns: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return eigenvalues, ascending, and eigenvectors of the loss of a plane with intercept."""
    whole = np.column_stack([columns, np.ones(len(columns))])
    # Through singular values, which do not square the condition number.
    values, vectors = np.linalg.svd(whole / math.sqrt(len(whole)))[1:]
    return 2 * values[::-1] ** 2, vectors[::-1]


def valley(name: str, columns: pd.DataFrame) -> list[str]:
    values, vectors = curvatures(columns)
    ratio = values[-1] / values[0]
    epochs = math.ceil(math.log(1e-4) / math.log1p(-2 / (ratio + 1)))
    said = [*columns.columns, "intercept"]
    # Those that have a tenth of the slow direction, which has length 1.
    slow = [said[i] for i in np.flatnonzero(vectors[0] ** 2 >= 0.1)]
    words = " and ".join(filter(None, [", ".join(slow[:-1]), slow[-1]]))
    return [name, *(f"{float(f'{value:.4g}'):,.0f}" for value in (ratio, epochs)), words]


@cache
def valleys() -> list[list[str]]:
    z = pd.DataFrame(StandardScaler().fit_transform(x), columns=NAMES)
    return [
        valley("as they come", x),
        valley("standardised", z),
        valley("standardised, without s2", z.drop(columns="s2")),
        valley("standardised, only bmi and bp", z[["bmi", "bp"]]),
    ]


@table("how gradient descent goes on the ten measurements", fixed=THEIRS)
def features_valleys() -> list[list[str]]:
    return [["Table", "Condition number", "Epochs", "Slowest"], *valleys()]


def number(row: int, column: int) -> float:
    return float(valleys()[row][column].replace(",", ""))


@output("epochs on the measurements as they come, in millions", ".0f", fixed=THEIRS)
def features_raw_epochs() -> float:
    return number(0, 2) / 1e6


@output("epochs on the standardised measurements", ",.0f", fixed=THEIRS)
def features_epochs() -> float:
    return number(1, 2)


@output("the same without s2", ",.0f", fixed=THEIRS)
def features_epochs_without() -> float:
    return number(2, 2)


@output("condition number of the standardised measurements", ".0f", fixed=THEIRS)
def features_condition() -> float:
    return number(1, 1)


@output("columns that crawl, standardised", fixed=THEIRS)
def features_slow() -> str:
    return valleys()[1][3]


@printed("how far the computed cholesterol is from that of the table", fixed=THEIRS)
def features_friedewald() -> str:
    triglycerides = np.exp(x["s5"].to_numpy())
    off = np.sort(abs(x["s1"] - x["s3"] - 0.2 * triglycerides - x["s2"]).to_numpy())
    middle = (off[len(off) // 2 - 1] + off[len(off) // 2]) / 2
    return f"half of all are less than {middle:.4f} off, none more than {off[-1]:.1f}"


@printed("columns for three groups, one left out", fixed="words about groups")
def features_groups() -> str:
    return "columns: South, West"


@output("what repeats, with a column for each sex", fixed="words about two columns")
def features_both() -> str:
    group = x["sex"] == 1
    columns = np.column_stack([group, ~group, np.ones(len(x))])
    assert np.linalg.matrix_rank(columns) == 2
    return "sex_1, sex_2 and intercept"


@output("points an hour, on the table", ".2f")
def features_hour() -> float:
    return float(stats.linregress(ones.x, ones.y).slope)


@printed("slope of the hours, when they are asked alone")
def features_hours_alone() -> str:
    return f"hours alone: {features_hour():.2f} points an hour"


@printed("slope of the hours beside interest", fixed="the invented world says so")
def features_interest() -> str:
    return f"beside interest: {0:.2f} points an hour"


def two_seeds(seed: int) -> str:
    """Say where training on hours and minutes stops: it keeps the difference of its start."""
    torch.manual_seed(seed)
    start = torch.nn.Linear(2, 1).weight[0].tolist()
    apart = start[0] - start[1]
    line = stats.linregress(ones.x, ones.y)
    whole = line.slope * ones.x.double().std(correction=0).item()
    pair = f"{(whole + apart) / 2:.2f} and {(whole - apart) / 2:.2f}"
    predicted = line.slope * 3.5 + line.intercept
    return f"seed {seed}: {pair}, sum {whole:.2f}, predicts {predicted:.2f}"


globals().update(
    printed_for_each("features_seed", "hours and minutes, trained from seed", range(2), two_seeds)
)


@output("what repeats, of hours and minutes", fixed="words about two columns")
def features_minutes() -> str:
    assert np.linalg.matrix_rank(np.column_stack([ones.x, 60 * ones.x])) == 1
    return "hours and minutes"


@formula(r"\hat y = b + \sum w z")
def plane_formula() -> dict[str, Any]:
    scaler = StandardScaler().fit(x)
    model = LinearRegression().fit(scaler.transform(x), y)
    z = scaler.transform(x)[0]
    predicted = fitted().fittedvalues.iloc[0]
    return {r"\hat y": predicted, "b": model.intercept_, "w": model.coef_, "z": z}
