"""What the page "The numbers look wrong" documents."""

import itertools
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import nn

from linreg import Line, descent_path, diagnose, least_squares, review, stable_lr, train
from press.contract import formula, output, printed
from press.witness import begin, best, best_table, ones, said, tens

DEGREES = "Celsius and Fahrenheit"
DRAWN = "random data of its own"
OWN = "data of this entry's own"

TYPED = {
    "−500 to 500": "data of the question that the page cites",
    "−0.59": "quoted from the question that the page cites",
    "−0.28": "quoted from the question that the page cites",
    "5000": "a setting of the question that the page cites",
    "32": "the known zero of the Celsius scale, in Fahrenheit",
    "0.01": "a setting of the question that the page cites",
    "number 10": "the epochs of the program above it",
    "1970": "the year that Unix times count from",
}


# Standardised and not mapped back

celsius = range(-500, 501, 10)


@formula(r"\text{slope} = \text{weight} \cdot \frac{s_y}{s_x}")
def mapped_slope() -> Mapping[str, Any]:
    return mapped()


@formula(r"\text{intercept} = \bar y + s_y \cdot \text{bias} - \text{slope} \cdot \bar x")
def mapped_intercept() -> Mapping[str, Any]:
    return mapped()


def mapped() -> Mapping[str, Any]:
    """Return the best line of the students, and that of the same in standard units."""
    x, y = tens.x.double().numpy(), tens.y.double().numpy()
    unit = least_squares((x - x.mean()) / x.std(), (y - y.mean()) / y.std())
    return {
        r"\text{slope}": best().slope,
        r"\text{intercept}": best().intercept,
        r"\text{weight}": unit.slope,
        r"\text{bias}": unit.intercept,
        r"\bar x": x.mean(),
        r"\bar y": y.mean(),
        "s_x": x.std(),
        "s_y": y.std(),
    }


@printed("a prediction in standard units, taken for degrees", fixed=DEGREES)
def trouble_celsius_wrong() -> str:
    return f"20 °C = {Line(slope=1.0, intercept=0.0).predict(20):.1f} °F"


@printed("the conversion, mapped back", fixed=DEGREES)
def trouble_celsius_fixed() -> str:
    return said(least_squares(celsius, [1.8 * c + 32 for c in celsius]))


@printed("the prediction, mapped back", fixed=DEGREES)
def trouble_celsius_right() -> str:
    return f"20 °C = {1.8 * 20 + 32:.1f} °F"


@printed("the verdict on raw degrees", fixed=DEGREES)
def trouble_celsius_raw() -> str:
    return "raw: " + diagnose(celsius).verdict


@printed("the verdict on standardised degrees", fixed=DEGREES)
def trouble_celsius_standardised() -> str:
    spread = math.sqrt(sum(c * c for c in celsius) / 100)
    return "standardised: " + diagnose([c / spread for c in celsius], lr=0.1).verdict


# Different numbers each run


@cache
def drawn() -> list[tuple[torch.Tensor, torch.Tensor]]:
    draws = []
    for seed in range(10):
        generator = torch.Generator().manual_seed(seed)
        x = 10 * torch.randn(100, generator=generator)
        draws.append((x, x + 3 * torch.randn(100, generator=generator)))
    return draws


@cache
def limits() -> list[float]:
    return [stable_lr(x) for x, _ in drawn()]


@printed("how many of ten draws bear less than the question's learning rate", fixed=DRAWN)
def trouble_luck_diverged() -> str:
    return f"{sum(limit < 0.01 for limit in limits())} of 10 runs diverged"


@printed("the stable limits of ten draws", fixed=DRAWN)
def trouble_luck_limits() -> str:
    return f"the largest stable lr lies between {min(limits()):.4f} and {max(limits()):.4f}"


@printed("the best line for the second draw", fixed=DRAWN)
def trouble_luck_fixed() -> str:
    return said(least_squares(*drawn()[1]))


@cache
def early() -> list[float]:
    return sorted(train(tens.x, tens.y, lr=1e-4, seed=seed).slope for seed in range(3))


@output("lowest slope of the tutorial's program from three seeds", ".3f")
def trouble_early_low() -> float:
    return early()[0]


@output("highest slope of the tutorial's program from three seeds", ".3f")
def trouble_early_high() -> float:
    return early()[-1]


@output("slope of the standardised program", ".3f")
def trouble_arrived() -> float:
    return best().slope


# The last loss is not the model's


def ten_steps() -> np.ndarray:
    return descent_path(ones.x, ones.y, lr=0.03, epochs=10, start=begin()).losses


@printed("the loss before the last of ten steps")
def trouble_last_printed() -> str:
    return f"the last loss printed: {ten_steps()[9]:.0f}"


@printed("the loss after ten steps")
def trouble_last_model() -> str:
    return f"the loss of the model: {ten_steps()[10]:.0f}"


# Two columns say the same


def two_intercepts(seed: int) -> str:
    """Say where descent ends: what the data do not determine stays as it began."""
    torch.manual_seed(seed)
    model = nn.Linear(2, 1)
    start = np.array([*model.weight.flatten().tolist(), model.bias.item()])
    columns = np.array([[1, x, 1] for x in (2, 3, 7, 9)], dtype=float)
    step = np.linalg.pinv(columns) @ (np.array([2.0, 3, 7, 9]) - columns @ start)
    one, slope, bias = start + step
    return f"seed {seed}: weights {one:.2f} and {slope:.2f}, bias {bias:.2f}"


@printed("a model with two intercepts", fixed=OWN)
def trouble_repeat_first() -> str:
    return two_intercepts(0)


@printed("the same model from another seed", fixed=OWN)
def trouble_repeat_second() -> str:
    return two_intercepts(2)


@printed("the line when one intercept is dropped", fixed=OWN)
def trouble_repeat_fixed() -> str:
    return said(Line(1.0, 0.0))


@printed("the verdict on kilometres and miles", fixed=OWN)
def trouble_repeat_verdict() -> str:
    kilometres = np.array([1.0, 2, 4, 7])
    columns = np.stack([kilometres, [9, 20, 30, 71], 0.621371 * kilometres], axis=1)
    return diagnose(columns, lr=1e-4).verdict


# An intercept too few


@printed("what review says of centred x without an intercept")
def trouble_bare_review() -> str:
    x, y = ones.x.double().numpy(), ones.y.double().numpy()
    x = x - x.mean()
    # One parameter: the error in it shrinks by the same factor in each step.
    curvature = 2 * np.mean(x * x)
    slope = np.sum(x * y) / np.sum(x * x)
    off = begin()[0] - slope
    floor = np.mean((y - slope * x) ** 2)
    losses = [floor + curvature / 2 * (off * (1 - 0.03 * curvature) ** k) ** 2 for k in range(1000)]
    return review(x, y, losses, lr=0.03, intercept=False).verdict


@printed("R² with the intercept")
def trouble_bare_fixed() -> str:
    return f"R² = {best_table().r_squared:.2f}"


# Another library finds other coefficients


def solved(scale: bool, intercept: bool) -> str:
    """Return the coefficients of the question's data, from the normal equations."""
    random = np.random.RandomState(0)
    x = random.rand(1000, 3)
    y = x @ [2.5, 3.7, -1.2] + random.randn(1000)
    if scale:
        x = (x - x.mean(axis=0)) / x.std(axis=0)
    columns = np.column_stack([x, np.ones(1000)]) if intercept else x
    weights = np.linalg.solve(columns.T @ columns, columns.T @ y)
    return ", ".join(f"{weight:.3f}" for weight in weights)


@printed("coefficients without an intercept", fixed=DRAWN)
def trouble_other_none() -> str:
    return "no intercept: " + solved(scale=False, intercept=False)


@printed("coefficients with an intercept", fixed=DRAWN)
def trouble_other_intercept() -> str:
    return "intercept:    " + solved(scale=False, intercept=True)


@printed("coefficients of scaled features", fixed=DRAWN)
def trouble_other_scaled() -> str:
    return "scaled:       " + solved(scale=True, intercept=True)


@printed("scaled coefficients, mapped back", fixed=DRAWN)
def trouble_other_mapped() -> str:
    return "mapped back:  " + solved(scale=False, intercept=True)


# R² is negative on held-out points


@cache
def held_out() -> tuple[np.ndarray, np.ndarray]:
    """Return how far the other six students' line misses the third and fourth, and their scores."""
    x, y = ones.x.double().numpy(), ones.y.double().numpy()
    slope, intercept = np.polyfit(np.delete(x, [2, 3]), np.delete(y, [2, 3]), 1)
    return y[2:4] - slope * x[2:4] - intercept, y[2:4]


@printed("how far the line misses two students")
def trouble_held_missed() -> str:
    first, second = np.abs(held_out()[0])
    return f"two students held out: missed by {first:.1f} and {second:.1f} points"


@printed("R² of two students")
def trouble_held_r2() -> str:
    missed, scores = held_out()
    return f"R² = {1 - np.sum(missed**2) / np.sum((scores - scores.mean()) ** 2):.0f}"


@cache
def left_out() -> tuple[float, float]:
    """Return the mean square of what line and mean miss, each student left out once.

    By leverage: leaving out a point divides its residual by one minus its leverage.
    """
    residuals = ones.y.double().numpy() - best_table().predict(ones.x)
    line = residuals / (1 - best_table().leverage(ones.x))
    mean = (ones.y - ones.y.mean()).double().numpy() / (1 - 1 / len(ones.y))
    return float(np.mean(line**2)), float(np.mean(mean**2))


@printed("typical miss of the line, each student left out once")
def trouble_left_line() -> str:
    return f"typical miss of the line: {math.sqrt(left_out()[0]):.1f} points"


@printed("typical miss of the mean, each student left out once")
def trouble_left_mean() -> str:
    return f"typical miss of the mean: {math.sqrt(left_out()[1]):.1f} points"


@printed("R², each student left out once")
def trouble_left_r2() -> str:
    return f"R² = {1 - left_out()[0] / left_out()[1]:.2f}"


# Dates on x

moments = [datetime(2026, 3, 1, 8, minute, tzinfo=UTC).timestamp() for minute in range(3)]


@printed("a minute in float64", fixed="dates")
def trouble_date_double() -> str:
    steps = [later - sooner for sooner, later in itertools.pairwise(moments)]
    return f"seconds between them, in float64: {steps}"


@printed("a minute in float32", fixed="dates")
def trouble_date_single() -> str:
    steps = torch.tensor(moments, dtype=torch.float32).diff().tolist()
    return f"seconds between them, in float32: {steps}"


@output("how far apart float32 holds today's Unix times, in seconds", ".0f", fixed="dates")
def trouble_date_step() -> float:
    # A float32 has 24 bits.
    return 2.0 ** (math.floor(math.log2(moments[0])) - 23)


@printed("minutes since the first", fixed="dates")
def trouble_date_fixed() -> str:
    return str([float(minute) for minute in range(3)])


@printed("the verdict on years", fixed="dates")
def trouble_date_years() -> str:
    return diagnose(range(2000, 2027)).verdict


@printed("the verdict on years since the first", fixed="dates")
def trouble_date_since() -> str:
    return diagnose(range(27)).verdict
