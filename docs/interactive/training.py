"""Train it: choose units, optimiser and learning rate, and watch gradient descent work."""

from typing import Any

import linreg
from interactive.parts import (
    SEED,
    Figure,
    Range,
    button,
    buttons,
    chart,
    choice,
    numbers,
    program,
    ranges,
    readouts,
    row,
    slider,
    standard,
    students,
    words,
)
from linreg import Line, Study, load_study
from linreg.convergence import TOLERANCE
from linreg.data import SCALE

# The tutorial's run; a preset says in what it differs.
RUN = {"units": "tens", "optimizer": "sgd", "lr": 1e-4, "momentum": 0, "epochs": 1000}


def figure() -> Figure:
    """Return the figure: a run is units, optimizer, lr, momentum and epochs.

    A unit turns x into (x - xShift) / xScale, and y likewise; xCode and yCode are the shift
    and the scale as the program writes them. recorded: the lines of L-BFGS in these units, from
    the start on, an epoch each. begin: where the seed starts slope and intercept, whatever the
    units. uses: which of the other sliders an optimizer heeds.
    """
    study = load_study()
    # A learning rate too small to move anything shows where training starts.
    begin = linreg.train(study.x, study.y, lr=1e-30, epochs=1, seed=SEED)
    tens = SCALE["tens"]
    scaled = "{0}.mean(), {0}.std(correction=0)"
    units = [
        _unit("tens", (0, 1), (0, 1), "0, 1", "0, 1"),
        _unit("ones", (0, tens), (0, tens), f"0, {tens}", f"0, {tens}"),
        _unit(
            "standardised",
            standard(study.x),
            standard(study.y),
            scaled.format("x"),
            scaled.format("y"),
        ),
    ]
    optimizers = [
        _optimizer("sgd", "SGD", ["lr", "momentum"], "lr=$lr, momentum=$momentum"),
        _optimizer("adam", "Adam", ["lr"], "lr=$lr"),
        _optimizer("lbfgs", "L-BFGS", [], 'line_search_fn="strong_wolfe"'),
    ]
    presets = [
        _run("documented", "Tutorial"),
        _run("too fast", "Too fast", lr=4e-4),
        _run("units", "Count in ones", units="ones", lr=0.03),
        _run("standardise", "Standardise", units="standardised", lr=0.1, epochs=100),
        _run("momentum", "Momentum", lr=7e-4, momentum=0.97),
        _run("adam", "Adam", optimizer="adam", lr=5),
        _run("lbfgs", "L-BFGS", optimizer="lbfgs", epochs=10),
    ]
    return Figure(
        data={
            **students(study),
            "view": {"x": [0, 85], "y": [-250, 1250]},
            "units": [{**unit, "recorded": _record(study, unit, begin)} for unit in units],
            "optimizers": optimizers,
            "begin": numbers(begin),
            "tolerance": TOLERANCE,
            "rings": [4.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.001],
            "ranges": ranges(
                lr=Range(1e-5, 10, 1.05, log=True),
                momentum=Range(0, 0.99, 0.01),
                epochs=Range(1, 300_000, 1.1, log=True),
            ),
            "presets": presets,
            "start": {**RUN, "epoch": RUN["epochs"]},
            "program": program(PROGRAM, study),
        },
        controls=buttons("presets", "Runs", presets)
        + '<div class="transport">'
        + button("play", "Play", kind="play")
        + button("step", "Step")
        + slider("epoch", "Show epoch", figure="training")
        + "</div>"
        + '<div class="charts">'
        + chart("data", "The students' scores, the line in training, and the best line")
        + chart("map", "Contours of the loss over all lines, and the path of the training")
        + chart("loss", "Loss by epoch, and the bound that was predicted for it", size="low")
        + "</div>"
        + readouts(
            slope="Slope",
            intercept="Intercept",
            loss="Loss",
            limit="Largest stable lr",
            best="Best lr",
        )
        + words(LONGEST)
        + "<details><summary>Change the run</summary>"
        + f'<div class="choices">{choice("units", "Units", units)}'
        + f"{choice('optimizer', 'Optimiser', optimizers)}</div>"
        + row(
            slider(
                "lr",
                "Learning rate",
                figure="training",
                unit="striped: diverges; blue: best",
                marks='<span class="zone"></span><span class="tick"></span>',
            ),
            slider("momentum", "Momentum", figure="training"),
            slider("epochs", "Epochs", figure="training"),
        )
        + "</details>",
    )


LONGEST = (
    "Crawls: up to 99.99 % of the error in slope and intercept is left after 300000 epochs; "
    "use less momentum, or more epochs. 32-bit numbers stop it at epoch 200,000, 0.09 % short."
)


def _run(name: str, label: str, **changes: Any) -> dict[str, Any]:
    return {"name": name, "label": label, "state": RUN | changes}


def _optimizer(name: str, label: str, uses: list[str], options: str) -> dict[str, Any]:
    code = f"{label.replace('-', '')}(model.parameters(), {options})"
    return {"name": name, "label": label, "uses": uses, "code": code}


def _unit(
    name: str, x: tuple[float, float], y: tuple[float, float], x_code: str, y_code: str
) -> dict[str, Any]:
    return {
        "name": name,
        "label": name,
        "xShift": x[0],
        "xScale": x[1],
        "yShift": y[0],
        "yScale": y[1],
        "xCode": x_code,
        "yCode": y_code,
    }


def _record(study: Study, unit: dict[str, Any], begin: Line) -> list[dict[str, float]]:
    """Return the lines after each epoch of L-BFGS in a unit, until they no longer change.

    Its line search takes hundreds of lines of code, so the figure shows what PyTorch found.
    """
    x = (study.x.double() - unit["xShift"]) / unit["xScale"]
    y = (study.y.double() - unit["yShift"]) / unit["yScale"]
    lines: list[Line] = [begin]
    while len(lines) < 3 or lines[-1].slope != lines[-2].slope:
        lines.append(linreg.train(x, y, optimizer="lbfgs", epochs=len(lines), seed=SEED))
    return [numbers(line) for line in lines[:-1]]


PROGRAM = """\
import torch
from torch import nn

hours = $hours
scores = $scores
x = torch.tensor(hours, dtype=torch.float32).reshape(-1, 1)
y = torch.tensor(scores, dtype=torch.float32).reshape(-1, 1)
x_shift, x_scale = $xCode
y_shift, y_scale = $yCode
x = (x - x_shift) / x_scale
y = (y - y_shift) / y_scale

torch.manual_seed($seed)
model = nn.Linear(1, 1)
optimizer = torch.optim.$optimizer


def closure():
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    return loss


for epoch in range($epochs):
    optimizer.step(closure)

# Back to hours and points.
loss = (nn.functional.mse_loss(model(x), y) * y_scale**2).item()
slope = (model.weight * y_scale / x_scale).item()
intercept = (y_shift + y_scale * model.bias - slope * x_shift).item()
print(f"Slope {slope:.2f}, intercept {intercept:.2f}")
print(f"Loss: {loss:,.0f}")
"""
