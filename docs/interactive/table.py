"""Your data: read a table that the reader brings, draw its best line, and say how training goes."""

from html import escape
from pathlib import Path
from typing import Any

from interactive.parts import (
    SEED,
    Figure,
    Range,
    button,
    buttons,
    chart,
    choice,
    ranges,
    readouts,
    row,
    slider,
    words,
)
from linreg import load_study

TABLES = Path(__file__).parent / "tables"


def figure() -> Figure:
    """Return the figure: a table is text, and a choice of its columns by name.

    few: how many values a program holds itself. longest: what a link may have of a table.
    """
    examples = [
        _example("students", "Eight students", _students(), ["hours"], "score"),
        _example("norris", "Norris", _norris(), ["x"], "y"),
        _example("cars", "Braking cars", _text("cars"), ["speed"], "distance"),
        _example("penguins", "Penguins", _text("penguins"), ["flipper_length_mm"], "body_mass_g"),
        _example("longley", "Longley", _longley(), LONGLEY, "employed"),
    ]
    return Figure(
        data={
            "presets": examples,
            "start": {**examples[0]["state"], **RUN},
            "ranges": ranges(
                lr=Range(1e-12, 1e3, 1.2, log=True),
                momentum=Range(0, 0.99, 0.01),
                epochs=Range(1, 1_000_000, 1.2, log=True),
                batch=Range(0, 1_000_000, 1),
            ),
            "few": 400,
            "longest": 4000,
            "seed": SEED,
            "program": PYTORCH,
            "pandas": PANDAS,
            "pieces": PIECES,
        },
        controls=GIVE.format(examples=buttons("presets", "Examples", examples))
        + READ
        + PICK
        + words("y = 10.4321 · a rather long name − 12345.6")
        + '<div class="remarks"></div><div class="charts">'
        + chart("fit", "The rows of the table as points, the best line through them, and its bands")
        + chart("residuals", "The residuals: what the best line leaves of each row of the table")
        + "</div>"
        + readouts(
            rSquared="R²", deviation="Residual standard error", rows="Rows used", left="Left out"
        )
        + '<div class="scroll"><table class="found"></table></div>'
        + PREDICT
        + TRAIN
        + LOSSES
        + DOWNLOADS,
    )


RUN: dict[str, Any] = {
    "units": "as they are",
    "loss": "mean",
    "lr": 1e-4,
    "momentum": 0,
    "epochs": 1000,
    "batch": 0,
}
LONGLEY = ["price deflator", "GNP", "unemployed", "armed forces", "population", "year"]


def _example(name: str, label: str, text: str, x: list[str], y: str) -> dict[str, Any]:
    """Return an example as a preset: its state is the text of the table, and x and y."""
    read = {"decimal": "auto", "groups": "auto", "header": "auto", "days": "auto"}
    state = {"text": text, "file": "", "encoding": "utf-8", "x": x, "y": y, **read}
    return {"name": name, "label": label, "state": state}


def _students() -> str:
    study = load_study()
    rows = "".join(f"{x:.0f},{y:.0f}\n" for x, y in zip(study.x, study.y, strict=True))
    return f"hours,score\n{rows}"


def _norris() -> str:
    # Here and below, where it is needed: these load PyTorch, and most builds' pages do not.
    from linreg.exactness import load_norris

    rows = "".join(f"{x:g},{y:g}\n" for x, y in zip(*load_norris(), strict=True))
    return f"x,y\n{rows}"


def _longley() -> str:
    from linreg.nist import load_nist

    rows = load_nist()["Longley"].cells
    return "".join(f"{','.join(row)}\n" for row in [(*LONGLEY, "employed"), *rows])


def _text(name: str) -> str:
    return (TABLES / f"{name}.csv").read_text(encoding="utf-8")


# Controls ---------------------------------------------------------------------------------------


def _option(value: str, label: str) -> dict[str, str]:
    return {"name": value, "label": label}


GIVE = (
    "{examples}"
    '<div class="give"><label for="explore-table-text">Your table: paste it here, or drop a file '
    "anywhere on this page</label>"
    '<textarea id="explore-table-text" rows="6" spellcheck="false" autocomplete="off" '
    'aria-describedby="explore-table-kept"></textarea>'
    '<div class="buttons">' + button("choose", "Choose a file") + '<input type="file" hidden '
    'aria-hidden="true" tabindex="-1" accept=".csv,.tsv,.txt,.dat,.tab,text/*">'
    '<p class="hint" id="explore-table-kept">It stays in your browser: this page sends nothing.</p>'
    "</div></div>"
)

READ = (
    '<div class="told" role="region" aria-label="What was read"></div>'
    '<details class="reading"><summary>What was read, and how</summary>'
    '<div class="choices">'
    + choice(
        "header",
        "Names",
        [
            _option("auto", "as found"),
            _option("yes", "first row"),
            _option("no", "none"),
        ],
    )
    + choice(
        "decimal",
        "Decimals",
        [
            _option("auto", "as found"),
            _option(".", "point"),
            _option(",", "comma"),
        ],
    )
    + choice(
        "days",
        "Dates",
        [
            _option("auto", "as found"),
            _option("first", "day first"),
            _option("second", "month first"),
        ],
    )
    + "</div>"
    '<div class="scroll" tabindex="0" role="region" aria-label="The first rows">'
    '<table class="preview"></table></div>'
    '<ul class="unread"></ul></details>'
)

PICK = (
    '<div class="choices picks"><label class="pick">y, to predict '
    '<select data-name="y"></select></label>'
    '<fieldset class="choice" data-name="x"><legend>from x</legend><div></div></fieldset></div>'
)

PREDICT = (
    '<form class="predict" autocomplete="off"><div class="fields"></div>'
    '<output aria-live="polite"></output></form>'
)

TRAIN = (
    '<details class="train" open><summary>How will training go?</summary><div class="choices">'
    + choice("units", "Columns", [_option(name, name) for name in ("as they are", "standardised")])
    + choice(
        "loss", "Loss", [_option("mean", "mean"), _option("sum", "sum"), _option("half", "half")]
    )
    + '<label class="pick">Batch size <input type="number" data-name="batch" min="1" step="1" '
    'placeholder="all"></label></div>'
    + row(
        slider("lr", "Learning rate", figure="table"),
        slider("momentum", "Momentum", figure="table"),
        slider("epochs", "Epochs", figure="table"),
    )
    + '<p class="verdict"></p><div class="charts">'
    + chart("loss", "The loss by epoch of this run, worked out for these data", size="low")
    + "</div>"
    + readouts(limit="Largest stable lr", best="Best lr", end="Loss at the end")
    + '<p class="other hint"></p></details>'
)

LOSSES = (
    '<details class="losses"><summary>My losses: what happened in a run of yours?</summary>'
    '<label for="explore-table-losses">Paste what your loop printed, with the settings above as '
    "yours</label>"
    '<textarea id="explore-table-losses" rows="4" spellcheck="false" autocomplete="off"></textarea>'
    '<p class="reviewed" aria-live="polite"></p></details>'
)

DOWNLOADS = (
    '<div class="buttons downloads">'
    + "".join(
        button(name, escape(label))
        for name, label in {
            "copy-pandas": "Copy pandas",
            "save-svg": "Download SVG",
            "save-png": "Download PNG",
            "save-table": "Download table",
        }.items()
    )
    + "</div>"
)

# Programs ---------------------------------------------------------------------------------------

# Each begins with `table`, a list of rows of numbers with y last; `names` are their columns.
PYTORCH = """\
$imports
import torch
from torch import nn

$read
data = torch.tensor(table, dtype=torch.float64)
x, y = data[:, :-1], data[:, -1:]

# Standardise, so that one learning rate suits all columns.
x_mean, x_std = x.mean(dim=0), x.std(dim=0, correction=0)
y_mean, y_std = y.mean(), y.std(correction=0)
u, v = (x - x_mean) / x_std, (y - y_mean) / y_std

# The curvatures of the loss say which learning rate and momentum are fastest.
curvatures = torch.linalg.eigvalsh(2 * u.T @ u / len(u))
low = curvatures.clamp(max=2).min().sqrt()
high = curvatures.clamp(min=2).max().sqrt()
lr = (2 / (low + high)).item() ** 2
momentum = ((high - low) / (high + low)).item() ** 2

torch.manual_seed($seed)
model = nn.Linear(x.shape[1], 1, dtype=torch.float64)
optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
for epoch in range(1, 200_001):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(u), v)
    loss.backward()
    optimizer.step()
    if max(p.grad.abs().max() for p in model.parameters()) < 1e-12:
        break

# Back to the units of the table.
weights = model.weight.detach()[0]
slopes = weights * y_std / x_std
intercept = y_mean + y_std * model.bias.detach()[0] - slopes @ x_mean
print(f"{len(x)} rows, {epoch} epochs")
print(names[-1], "=", intercept.item())
for name, slope in zip(names, slopes.tolist()):
    print(f"  + {slope} * {name}")

# Least squares, solved at once, must agree.
ones = torch.ones(len(u), 1, dtype=torch.float64)
best = torch.linalg.lstsq(torch.cat([u, ones], dim=1), v).solution[:-1, 0]
assert torch.allclose(weights, best, rtol=1e-6, atol=1e-8), "training has not arrived"
print("Least squares agrees.")
"""

PANDAS = """\
$imports
import numpy as np

$read
data = np.array(table, dtype=float)
x, y = data[:, :-1], data[:, -1]
x_mean, x_std = x.mean(axis=0), x.std(axis=0)

# From the middle of the data, and in units of their spread, nothing is lost to rounding.
best, *_ = np.linalg.lstsq((x - x_mean) / x_std, y - y.mean(), rcond=None)
slopes = best / x_std
intercept = y.mean() - slopes @ x_mean
print(f"{len(x)} rows")
print(names[-1], "=", intercept)
for name, slope in zip(names, slopes):
    print(f"  + {slope} * {name}")
"""

# How a program comes by `names` and `table`: it holds them, or reads the file.
PIECES = {
    "values": """\
names = $names
table = [
$rows
]""",
    "frame": """\
names = $names
frame = pd.read_csv($file$options)
frame = $pick.set_axis(names, axis=1)$dates
table = frame.dropna().values.tolist()
assert len(table) == $count, "this file has other rows than the page has seen\"""",
    "dates": """
dates = pd.to_datetime(frame[$name], format=$format, errors="coerce")
frame[$name] = (dates - pd.Timestamp($first)) / pd.Timedelta(days=1)""",
    "lines": """\
$helpers


names = $names
table = []
with open($file, encoding=$encoding, errors="replace", newline="") as file:
    lines = $lines
for cells in lines[$first:]:
$wide    try:
        table.append([$read])
    except (IndexError, ValueError):
        pass  # a cell is missing, or no number
assert len(table) == $count, "this file has other rows than the page has seen\"""",
    "wide": """\
    if any(cell.strip() for cell in cells[$width:]):
        continue  # more cells than columns
""",
    "number": """\
def number(text$given):
    text = text.strip()$minus
$unit    if not re.fullmatch($pattern, text) or abs(value := float($value)) == float("inf"):
        raise ValueError(text)
    return value""",
    "unit": """\
    if unit:
        if unit not in (text[:1], text[-1:]):
            raise ValueError(text)
        text = text.removeprefix(unit).removesuffix(unit).strip()
""",
    "days": """


def days(text, format, first):
    time = datetime.strptime(text.strip(), format) - datetime.fromisoformat(first)
    return time.total_seconds() / 86400""",
}
