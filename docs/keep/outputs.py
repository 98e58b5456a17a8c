"""What the page "How do I keep what was trained?" documents.

The page trains; here SciPy gives the line to which training leads.
"""

from pathlib import Path

import pandas as pd
import torch
from scipy import stats

from press.contract import output, printed, table
from press.witness import ones

TYPED = {
    "November 2026": "when it was measured",
    "2.6": "a version of PyTorch",
    "2.5.1": "a version of PyTorch",
    "cpu": "a device",
}

x, y = ones.x.double().numpy(), ones.y.double().numpy()


def goal() -> tuple[float, float, float, float]:
    """Return mean and deviation of the hours, and the best line over standardised hours."""
    mean, deviation = float(x.mean()), float(x.std())
    line = stats.linregress((x - mean) / deviation, y)
    return mean, deviation, line.slope, line.intercept


def predicted(hours: float) -> float:
    line = stats.linregress(x, y)
    return line.slope * hours + line.intercept


@printed("mean of the hours in the file")
def keep_mean() -> str:
    return f"mean        {goal()[0]:.3f}"


@printed("deviation of the hours in the file")
def keep_deviation() -> str:
    return f"deviation   {goal()[1]:.3f}"


@printed("weight in the file")
def keep_weight() -> str:
    return f"line.weight {goal()[2]:.3f}"


@printed("bias in the file")
def keep_bias() -> str:
    return f"line.bias   {goal()[3]:.3f}"


@printed("what another process answers")
def keep_told() -> str:
    return f"another process says 3.5 hours: {predicted(3.5):.2f} points"


@printed("resumed with the optimiser's state", fixed="a fact about PyTorch")
def keep_resumed() -> str:
    return f"with the optimiser's state: True, same last bit: {heavy(None) == heavy(None)}"


@printed("resumed without it", fixed="a fact about PyTorch")
def keep_forgotten() -> str:
    return f"with the optimiser's state: False, same last bit: {heavy(None) == heavy(100)}"


def heavy(forget: int | None) -> float:
    """Return the last loss of the page's run, by the heavy ball written out in float32."""
    torch.manual_seed(228)
    line = torch.nn.Linear(1, 1)
    at = [line.weight.item(), line.bias.item()]
    speed = [0.0, 0.0]
    loss = 0.0
    for epoch in range(200):
        residuals = at[0] * x + at[1] - y
        loss = float((residuals**2).mean())
        gradient = [2 * float((residuals * x).mean()), 2 * float(residuals.mean())]
        left = 0.0 if epoch == forget else 0.9
        speed = [left * s + g for s, g in zip(speed, gradient, strict=True)]
        at = [a - 0.002 * s for a, s in zip(at, speed, strict=True)]
    return loss


@printed("what a pickle does that is trusted", fixed="words of the program")
def keep_gift() -> str:
    return "this code came with the file"


@printed("what happens to a pickle that is not", fixed="words of the program")
def keep_refused() -> str:
    return "refused"


@printed("the answer on whatever device")
def keep_device() -> str:
    return f"3.5 hours: {predicted(3.5):.1f} points"


@printed("the answer of a model as it was trained")
def keep_trained() -> str:
    return f"trained: {predicted(3.5):.1f} points"


@printed("the answer of a model that has lost its scaler")
def keep_loaded() -> str:
    _, _, slope, intercept = goal()
    # A new one standardises by the hours 0 and 1: their mean is a half, as is their deviation.
    return f"loaded: {slope * (3.5 - 0.5) / 0.5 + intercept:.1f} points"


@table("what each switch does to a line and to dropout", fixed="facts about PyTorch")
def keep_switches() -> list[list[str]]:
    rows = [["Switch", "Line changes", "Dropout rests", "Gradients go back"]]
    line, dropout = torch.nn.Linear(1, 1), torch.nn.Dropout()
    given = torch.ones(1, 1)
    for name, guard in (
        ("none", torch.enable_grad),
        ("eval()", torch.enable_grad),
        ("no_grad()", torch.no_grad),
        ("inference_mode()", torch.inference_mode),
    ):
        evaluates = name == "eval()"
        dropout.train(not evaluates)
        before = line(given).item()
        line.train(not evaluates)
        with guard():
            result = line(given)
            rests = bool((dropout(torch.ones(100)) == 1).all())
        words = [result.item() != before, rests, result.grad_fn is not None]
        rows.append([name, *("yes" if said else "no" for said in words)])
    return rows


MEASURED = "measured once, on the machine that the table names"


def measured() -> pd.DataFrame:
    return pd.read_csv(Path(__file__).with_name("measured.txt"), comment="#", index_col="points")


@output("the PyTorch that was measured", fixed=MEASURED)
def keep_version() -> str:
    head = Path(__file__).with_name("measured.txt").read_text(encoding="utf-8").splitlines()[0]
    return head.split()[-1]


@table("microseconds for an epoch on the processor and on a GPU", fixed=MEASURED)
def keep_measured() -> list[list[str]]:
    times = measured()
    return [
        ["Points", *times.columns],
        *([f"{value:,}" for value in row] for row in times.reset_index().to_numpy()),
    ]


@output("most points for which the GPU was slower", ",.0f", fixed=MEASURED)
def keep_last_slower() -> float:
    times = measured()
    return float(times.index[times.iloc[:, 1] > times.iloc[:, 0]].max())


@output("fewest points for which the GPU was faster", ",.0f", fixed=MEASURED)
def keep_first_faster() -> float:
    times = measured()
    return float(times.index[times.iloc[:, 1] < times.iloc[:, 0]].min())
