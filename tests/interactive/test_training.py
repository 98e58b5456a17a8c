"""Does "Train it" end where PyTorch ends, at any epoch?"""

import math
import shutil
from pathlib import Path
from string import Template
from typing import Any

import pytest
import torch

from interactive import training
from linreg import load_study, stable_lr
from tests.interactive.conftest import STATIC, Script, running
from tests.interactive.test_programs import printed

RUN = training.RUN


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return training.figure().data


def follow(
    data: dict[str, Any],
    state: dict[str, Any],
    marks: list[int],
    begin: dict[str, float] | None = None,
) -> list[tuple[float, float]]:
    """Return PyTorch's slope and intercept after each of the epochs, in the run's units."""
    x, y = (torch.tensor(data[name]).reshape(-1, 1) for name in ("x", "y"))
    if state["units"] == "ones":
        x, y = x / 10, y / 10
    elif state["units"] == "standardised":
        x, y = ((v - v.mean()) / v.std(correction=0) for v in (x, y))
    torch.manual_seed(228)
    model = torch.nn.Linear(1, 1)
    if begin:
        torch.nn.init.constant_(model.weight, begin["slope"])
        torch.nn.init.constant_(model.bias, begin["intercept"])
    if state["optimizer"] == "adam":
        optimizer: Any = torch.optim.Adam(model.parameters(), lr=state["lr"])
    else:
        optimizer = torch.optim.SGD(model.parameters(), lr=state["lr"], momentum=state["momentum"])
    seen = []
    for epoch in range(1, max(marks) + 1):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
        if epoch in marks:
            seen.append((model.weight.item(), model.bias.item()))
    return seen


def check_run(run_js: Script, data: dict[str, Any], changes: dict[str, Any], *marks: int) -> None:
    state = {**RUN, **changes, "epochs": max(marks)}
    found = run_js.follow(data, state, list(marks))["lines"]
    for line, expected in zip(found, follow(data, state, list(marks)), strict=True):
        # The numbers are the same to the bit here; another processor may add in another order.
        assert (line["slope"], line["intercept"]) == pytest.approx(expected, rel=2e-6, abs=2e-6)


@pytest.mark.parametrize(
    ("changes", "marks"),
    [
        ({}, (1, 2, 10, 1000, 2000)),
        ({"lr": 4e-4}, (1, 5, 300)),
        ({"units": "ones", "lr": 0.03}, (1, 3, 100, 1000)),
        ({"units": "standardised", "lr": 0.1}, (1, 3, 100, 1000)),
        ({"lr": 7e-4, "momentum": 0.97}, (1, 2, 3, 100, 1000)),
        ({"units": "ones", "lr": 0.05, "momentum": 0.3}, (1, 2, 50, 1000)),
        ({"optimizer": "adam", "lr": 5}, (1, 2, 3, 100, 1000)),
        ({"units": "ones", "optimizer": "adam", "lr": 0.2}, (1, 2, 40, 1000)),
    ],
)
def test_a_run_follows_pytorch_epoch_by_epoch(
    run_js: Script, data: dict[str, Any], changes: dict[str, Any], marks: tuple[int, ...]
) -> None:
    check_run(run_js, data, changes, *marks)


@pytest.mark.parametrize(
    ("lr", "epochs", "short"),
    [(3.9e-4, 57_074, "2.2e-4"), (1e-4, 223_745, "8.8e-4")],
)
def test_late_epochs_end_where_float32_ends_and_the_words_say_how_short(
    run_js: Script, data: dict[str, Any], lr: float, epochs: int, short: str
) -> None:
    state = {**RUN, "lr": lr, "epochs": epochs}
    found = run_js.follow(data, state, [epochs - 1000, epochs])
    before, line = found["lines"]
    # PyTorch takes a minute to get there, so it goes the last 1000 epochs of the figure's own way.
    [expected] = follow(data, state, [1000], before)
    assert (line["slope"], line["intercept"]) == pytest.approx(expected, rel=2e-6)
    assert "32-bit numbers" in found["sentence"]
    assert f"{100 * float(short):.2g} % short" in found["sentence"]


def test_float32_stops_where_a_step_is_less_than_half_the_gap_between_two_numbers(
    run_js: Script, data: dict[str, Any]
) -> None:
    state = {**RUN, "epochs": 300_000}
    found = run_js.follow(data, state, [300_000, 299_000])
    assert 150_000 < found["stopped"] < 223_745
    assert found["lines"][0]["intercept"] == found["lines"][1]["intercept"]
    line = found["lines"][0]
    # The gradient by the intercept, in exact numbers.
    pairs = zip(data["x"], data["y"], strict=True)
    residuals = [line["slope"] * x + line["intercept"] - y for x, y in pairs]
    step = state["lr"] * abs(2 * sum(residuals) / len(residuals))
    gap = math.ldexp(1, math.frexp(line["intercept"])[1] - 24)
    assert step <= 0.51 * gap


def test_what_exact_numbers_reach_in_time_has_no_remark(
    run_js: Script, data: dict[str, Any]
) -> None:
    state = {**RUN, "units": "standardised", "lr": 0.1, "epochs": 1000}
    sentence = run_js.follow(data, state, [1000])["sentence"]
    assert sentence.startswith("Converges") and "32-bit" not in sentence


def test_any_epoch_is_the_same_whether_asked_alone_or_on_the_path(
    run_js: Script, data: dict[str, Any]
) -> None:
    state = {**RUN, "lr": 7e-4, "momentum": 0.97, "epochs": 5000}
    marks = [0, 1, 7, 299, 1234, 4999, 5000]
    together = run_js.follow(data, state, marks)["lines"]
    for epoch, line in zip(marks, together, strict=True):
        [alone] = run_js.follow(data, {**state, "epochs": max(epoch, 1)}, [epoch])["lines"]
        assert alone == line


def test_the_bound_holds_along_the_whole_run(run_js: Script, data: dict[str, Any]) -> None:
    marks = [0, 1, 5, 50, 500, 1000]
    for momentum in (0, 0.5, 0.97):
        state = {**RUN, "lr": 3e-4, "momentum": momentum}
        found = run_js.follow(data, state, marks)
        for loss, bound in zip(found["losses"], found["bounds"], strict=True):
            assert loss <= bound * (1 + 1e-5)


def test_the_program_of_each_run_prints_the_line_that_the_figure_shows(
    run_js: Script, data: dict[str, Any]
) -> None:
    codes = {u["name"]: {k: u[k] for k in ("xCode", "yCode")} for u in data["units"]}
    optimizers = {o["name"]: Template(o["code"]) for o in data["optimizers"]}
    for preset in data["presets"]:
        state = preset["state"]
        if preset["name"] == "too fast":
            state = {**state, "epochs": 5}
        optimizer = optimizers[state["optimizer"]].substitute(state)
        chosen = dict(optimizer=optimizer, epochs=state["epochs"], **codes[state["units"]])
        found = run_js.follow(data, state, [state["epochs"]])
        line = found["shown"][0]
        assert printed(data["program"], **chosen) == [
            f"Slope {line['slope']:.2f}, intercept {line['intercept']:.2f}",
            f"Loss: {found['losses'][0]:,.0f}",
        ]


def test_the_run_that_is_too_fast_is_above_the_limit_and_the_documented_one_below(
    data: dict[str, Any],
) -> None:
    runs = {p["name"]: p["state"]["lr"] for p in data["presets"]}
    assert runs["documented"] < stable_lr(load_study().x) < runs["too fast"]


PLANTED = {
    "round(bySlope + round(x[i] * pull))": "round(bySlope + x[i] * pull)",
    "round(state.intercept - rate * velocity[1])": "state.intercept - rate * velocity[1]",
    "round(keep * velocity[i]) + gradient[i]": "round(keep * velocity[i]) - gradient[i]",
    "1 - keepSquare ** epoch": "1 - keep ** epoch",
}


@pytest.mark.parametrize(("right", "wrong"), PLANTED.items(), ids=PLANTED)
def test_a_planted_error_is_caught(
    tmp_path: Path, data: dict[str, Any], right: str, wrong: str
) -> None:
    source = (STATIC / "float32.js").read_text(encoding="utf-8")
    assert source.count(right) == 1
    shutil.copy(STATIC / "math.js", tmp_path)
    (tmp_path / "float32.js").write_text(source.replace(right, wrong), encoding="utf-8")
    runs = [
        dict(lr=1e-4, momentum=0, n=230_000),
        dict(lr=7e-4, momentum=0.9, n=50),
        dict(lr=5, n=50),
    ]
    with running(tmp_path / "float32.js") as planted, running(STATIC / "float32.js") as right_js:
        ends = []
        for script in (planted, right_js):
            ends.append([])
            for run in runs:
                optimizer = "sgd" if "momentum" in run else "adam"
                choice = dict(
                    optimizer=optimizer,
                    lr=run["lr"],
                    momentum=run.get("momentum", 0),
                    epochs=run["n"],
                )
                path = script.runInFloat32(data["x"], data["y"], data["begin"], choice)["path"]
                ends[-1].append(path[-1])
    assert ends[0] != ends[1]
