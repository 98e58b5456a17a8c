"""What the interactive figures are made of: data, ranges, presets and programs, as plain data.

The scripts of the site hold no number of the study. Each function here returns all that one
figure needs, made of dicts, lists, numbers and text, so that JSON can carry it into a page.
Every `program` is plain PyTorch with placeholders such as `$lr`, which the figure fills in.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from string import Template
from typing import Any

from linreg.best import least_squares
from linreg.convergence import TOLERANCE
from linreg.data import SCALE, Study, load_study
from linreg.line import HAND_DRAWN, Line
from linreg.trainer import train

SEED = 228


@dataclass(frozen=True)
class Range:
    """What a slider covers.

    low, high: its ends. step: what a key adds, or where `log` is true, multiplies by.
    log: whether equal ways along the slider multiply by equal factors.
    """

    low: float
    high: float
    step: float
    log: bool = False


def line() -> dict[str, Any]:
    """Return what "Draw the line" needs: a line is slope and intercept, in tens."""
    study = load_study()
    lines = {
        "hand-drawn": HAND_DRAWN,
        "trained": train(study.x, study.y, lr=1e-4, seed=SEED),
        "mean": Line(0.0, study.y.mean().item()),
        "best": least_squares(study.x, study.y),
    }
    return {
        **_students(study),
        "view": {"x": [0, 85], "y": [0, 1250]},
        "ends": [0, study.x.max().item()],
        "nudge": 5,
        "ranges": _ranges(
            slope=Range(-10, 20, 0.05), intercept=Range(-200, 1200, 1), hour=Range(0, 80, 1)
        ),
        "presets": [_preset(name, **_numbers(found)) for name, found in lines.items()],
        "start": {**_numbers(HAND_DRAWN), "hour": 35},
        "program": _program(LINE, study),
    }


def training() -> dict[str, Any]:
    """Return what "Train it" needs: a run is units, optimizer, lr, momentum and epochs.

    A unit turns x into (x - x_shift) / x_scale, and y likewise; x_code and y_code are the shift
    and the scale as the program writes them. recorded: the lines of L-BFGS in these units, from
    the start on, an epoch each. begin: where the seed starts slope and intercept, whatever the
    units. uses: which of the other sliders an optimizer heeds.
    """
    study = load_study()
    # A learning rate too small to move anything shows where training starts.
    begin = train(study.x, study.y, lr=1e-30, epochs=1, seed=SEED)
    tens = SCALE["tens"]
    standard = "{0}.mean(), {0}.std(correction=0)"
    units = [
        _unit("tens", 0, 1, 0, 1, "0, 1", "0, 1"),
        _unit("ones", 0, tens, 0, tens, f"0, {tens}", f"0, {tens}"),
        _unit(
            "standardised",
            *_standard(study.x),
            *_standard(study.y),
            standard.format("x"),
            standard.format("y"),
        ),
    ]
    return {
        **_students(study),
        "view": {"x": [0, 85], "y": [-250, 1250]},
        "units": [{**unit, "recorded": _record(study, unit, begin)} for unit in units],
        "optimizers": [
            _optimizer("sgd", "SGD", ["lr", "momentum"], "lr=$lr, momentum=$momentum"),
            _optimizer("adam", "Adam", ["lr"], "lr=$lr"),
            _optimizer("lbfgs", "L-BFGS", [], 'line_search_fn="strong_wolfe"'),
        ],
        "begin": _numbers(begin),
        "tolerance": TOLERANCE,
        "rings": [4.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.001],
        "ranges": _ranges(
            lr=Range(1e-5, 10, 1.05, log=True),
            momentum=Range(0, 0.99, 0.01),
            epochs=Range(1, 100_000, 1.1, log=True),
        ),
        "presets": [
            _run("documented", "Tutorial", lr=1e-4),
            _run("too fast", "Too fast", lr=4e-4),
            _run("units", "Count in ones", units="ones", lr=0.03),
            _run("standardise", "Standardise", units="standardised", lr=0.1, epochs=100),
            _run("momentum", "Momentum", lr=7e-4, momentum=0.97),
            _run("adam", "Adam", optimizer="adam", lr=5),
            _run("lbfgs", "L-BFGS", optimizer="lbfgs", epochs=10),
        ],
        "start": {**RUN, "epoch": RUN["epochs"]},
        "program": _program(TRAINING, study),
    }


def valley() -> dict[str, Any]:
    """Return what "Why a valley" needs: hours less a shift, divided by a scale.

    rings: heights of the contours, as shares of the outermost. steps: how many epochs it draws.
    bowl, canyon: condition numbers up to which the words call it a bowl and a valley.
    """
    study = load_study()
    mean, deviation = _standard(study.x)
    return {
        **_students(study),
        "tolerance": TOLERANCE,
        "rings": [1.0, 0.5, 0.2, 0.05],
        "steps": 12,
        "bowl": 4,
        "canyon": 400,
        "ranges": _ranges(shift=Range(0, 80, 1), scale=Range(1, 100, 1.05, log=True)),
        "presets": [
            _preset("tens", shift=0, scale=1),
            _preset("ones", shift=0, scale=SCALE["tens"]),
            _preset("centred", shift=mean, scale=1),
            _preset("standardised", shift=mean, scale=deviation),
        ],
        "start": {"shift": 0, "scale": 1},
        "program": _program(VALLEY, study, tolerance=TOLERANCE),
    }


def certainty() -> dict[str, Any]:
    """Return what "How sure?" needs: any points from `fewest` to `most`.

    t: for each number of points from `fewest` on, how many standard errors a 95 % interval
    reaches to either side. nudge: what an arrow key adds to hours and to score.
    """
    study = load_study()
    fewest, most = 3, 16
    return {
        "x_label": study.x_label,
        "y_label": study.y_label,
        "view": {"x": [0, 102], "y": [0, 1250]},
        "fewest": fewest,
        "most": most,
        "nudge": [1, 5],
        "t": [_t(n) for n in range(fewest, most + 1)],
        "ranges": _ranges(hours=Range(0, 100, 1), score=Range(0, 1200, 1)),
        "start": {
            "points": [list(p) for p in zip(study.x.tolist(), study.y.tolist(), strict=True)],
            "selected": len(study.x) - 1,
        },
        "program": CERTAINTY,
    }


FIGURES: dict[str, Callable[[], dict[str, Any]]] = {
    "line": line,
    "training": training,
    "valley": valley,
    "certainty": certainty,
}


def _students(study: Study) -> dict[str, Any]:
    return {
        "x": study.x.tolist(),
        "y": study.y.tolist(),
        "x_label": study.x_label,
        "y_label": study.y_label,
    }


def _ranges(**ranges: Range) -> dict[str, Any]:
    return {name: asdict(covered) for name, covered in ranges.items()}


def _preset(name: str, **state: Any) -> dict[str, Any]:
    return {"name": name, "label": name.capitalize(), "state": state}


# The tutorial's run; a preset says in what it differs.
RUN = {"units": "tens", "optimizer": "sgd", "lr": 1e-4, "momentum": 0, "epochs": 1000}


def _run(name: str, label: str, **changes: Any) -> dict[str, Any]:
    return {"name": name, "label": label, "state": RUN | changes}


def _optimizer(name: str, label: str, uses: list[str], options: str) -> dict[str, Any]:
    code = f"{label.replace('-', '')}(model.parameters(), {options})"
    return {"name": name, "label": label, "uses": uses, "code": code}


def _record(study: Study, unit: dict[str, Any], begin: Line) -> list[dict[str, float]]:
    """Return the lines after each epoch of L-BFGS in a unit, until they no longer change.

    Its line search takes hundreds of lines of code, so the figure shows what PyTorch found.
    """
    x = (study.x.double() - unit["x_shift"]) / unit["x_scale"]
    y = (study.y.double() - unit["y_shift"]) / unit["y_scale"]
    lines: list[Line] = [begin]
    while len(lines) < 3 or lines[-1].slope != lines[-2].slope:
        lines.append(train(x, y, optimizer="lbfgs", epochs=len(lines), seed=SEED))
    return [_numbers(line) for line in lines[:-1]]


def _numbers(found: Line) -> dict[str, float]:
    return {"slope": found.slope, "intercept": found.intercept}


def _unit(
    name: str,
    x_shift: float,
    x_scale: float,
    y_shift: float,
    y_scale: float,
    x_code: str,
    y_code: str,
) -> dict[str, Any]:
    return {
        "name": name,
        "label": name,
        "x_shift": x_shift,
        "x_scale": x_scale,
        "y_shift": y_shift,
        "y_scale": y_scale,
        "x_code": x_code,
        "y_code": y_code,
    }


def _standard(values: Any) -> tuple[float, float]:
    """Return mean and standard deviation (÷ n) of a tensor of shape (n,), in float64."""
    return values.double().mean().item(), values.double().std(correction=0).item()


def _t(n: int) -> float:
    """Return how many standard errors a 95 % interval from `n` points reaches to either side."""
    # Importing scipy takes longer than fitting most lines.
    from scipy.special import stdtrit

    return float(stdtrit(n - 2, 0.975))


def _program(template: str, study: Study, **values: Any) -> str:
    """Return `template` with the study filled in; what the reader chooses stays open."""
    hours, scores = ([int(value) for value in column] for column in (study.x, study.y))
    return Template(template).safe_substitute(hours=hours, scores=scores, seed=SEED, **values)


LINE = """\
import torch

hours = torch.tensor($hours, dtype=torch.float64)
scores = torch.tensor($scores, dtype=torch.float64)
slope, intercept = $slope, $intercept

mse = ((slope * hours + intercept - scores) ** 2).mean()
r_squared = 1 - mse / scores.var(correction=0)
print(f"Mean squared error: {mse:,.0f}")
print(f"R²: {r_squared:.3f}")
print(f"Prediction for $hour hours: {slope * $hour + intercept:.1f} points")
"""

TRAINING = """\
import torch
from torch import nn

hours = $hours
scores = $scores
x = torch.tensor(hours, dtype=torch.float32).reshape(-1, 1)
y = torch.tensor(scores, dtype=torch.float32).reshape(-1, 1)
x_shift, x_scale = $x_code
y_shift, y_scale = $y_code
x = (x - x_shift) / x_scale
y = (y - y_shift) / y_scale

torch.manual_seed($seed)
model = nn.Linear(1, 1)
optimizer = torch.optim.$optimizer


def look():
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    return loss


for epoch in range($epochs):
    optimizer.step(look)

# Back to hours and points.
loss = (nn.functional.mse_loss(model(x), y) * y_scale**2).item()
slope = (model.weight * y_scale / x_scale).item()
intercept = (y_shift + y_scale * model.bias - slope * x_shift).item()
print(f"Slope {slope:.2f}, intercept {intercept:.2f}")
print(f"Loss: {loss:,.0f}")
"""

VALLEY = """\
import math

import torch

hours = torch.tensor($hours, dtype=torch.float64)
x = (hours - $shift) / $scale
n = len(x)

sums = torch.tensor([[(x**2).sum(), x.sum()], [x.sum(), n]], dtype=torch.float64)
along, across = torch.linalg.eigvalsh(2 / n * sums).tolist()
# What one epoch at the best learning rate leaves; a round bowl needs one epoch.
left = max((across - along) / (across + along), $tolerance)
print(f"Condition number: {across / along:,.0f}")
print(f"Largest stable lr: {2 / across:.3g}")
print(f"Epochs to converge: {math.ceil(math.log($tolerance) / math.log(left)):,}")
"""

CERTAINTY = """\
import torch

hours = torch.tensor($hours, dtype=torch.float64)
scores = torch.tensor($scores, dtype=torch.float64)
n = len(hours)

columns = torch.stack([hours, torch.ones_like(hours)], dim=1)
slope, intercept = torch.linalg.lstsq(columns, scores).solution.tolist()
residuals = scores - slope * hours - intercept
scatter = ((residuals**2).sum() / (n - 2)).sqrt().item()
away = hours - hours.mean()
sxx = (away**2).sum().item()
leverage = (1 / n + away**2 / sxx).tolist()
mean = hours.mean().item()
print(f"Slope: {slope:.2f} ± {scatter / sxx**0.5:.2f}")
print(f"Intercept: {intercept:.2f} ± {scatter * (1 / n + mean**2 / sxx) ** 0.5:.2f}")
print(f"Residual standard error: {scatter:.1f} points")
print(f"Leverage of the selected: {leverage[$selected]:.3f}")
at = hours[$selected].item()
for what, own in (("mean of many", 0), ("one student", 1)):
    half = $t * scatter * (own + leverage[$selected]) ** 0.5
    middle = slope * at + intercept
    print(f"{at:.0f} hours, {what}: {middle - half:.0f} to {middle + half:.0f} points")
"""
