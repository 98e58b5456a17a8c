"""Is what the scripts foretell for any columns what linreg foretells, word for word?"""

import math
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes

from linreg import descent_path, diagnose, stable_lr
from tests.interactive.conftest import STATIC, Script, running
from tests.interactive.test_math import points, same

often = settings(max_examples=100)
eighths = st.integers(-800, 800).map(lambda k: k / 8)
momenta = st.one_of(st.just(0.0), st.integers(1, 98).map(lambda k: k / 100))
counts = st.sampled_from([1, 10, 1000, 100_000])
# Of the largest safe lr: far below it, near it, and beyond.
shares = st.sampled_from([1e-6, 1e-3, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.9999, 1.001, 4])


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    """Draw columns, some of them on other scales, far from 0, constant, or said by the others."""
    d, n = draw(st.integers(1, 4)), draw(st.integers(2, 12))
    cells = st.lists(eighths, min_size=n, max_size=n).map(np.array)
    columns: list[np.ndarray] = []
    for _ in range(d):
        column = draw(cells)
        kind = draw(
            st.sampled_from(["drawn", "drawn", "drawn", "scaled", "far", "said", "constant"])
        )
        if kind == "scaled":
            column = column * draw(st.sampled_from([1e-3, 0.1, 100.0]))
        elif kind == "far":
            column = column + draw(st.sampled_from([-100.0, 50.0, 2000.0]))
        elif kind == "constant":
            column = np.full(n, column[0])
        elif kind == "said" and columns:
            column = draw(st.sampled_from([0.0, 3.0])) + 2 * columns[0] - sum(columns[1:])
        columns.append(column)
    return np.column_stack(columns)


losses = st.fixed_dictionaries(
    {
        "intercept": st.booleans(),
        "reduction": st.sampled_from(["mean", "sum"]),
        "factor": st.sampled_from([1.0, 1.0, 0.5, 0.25]),
        "batch_size": st.sampled_from([None, None, 1, 2, 5, 40]),
    }
)


def agree(said: str, expected: str) -> bool:
    """Tell whether two sentences are one text, but for how one number between two is rounded."""
    if said == expected:
        return True
    number = r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]\d+)?"
    if re.sub(number, "#", said) != re.sub(number, "#", expected):
        return False
    pairs = zip(re.findall(number, said), re.findall(number, expected), strict=True)
    apart = [abs(float(a) - float(b)) / max(float(a), float(b), 1e-300) for a, b in pairs]
    return sum(share > 2e-6 for share in apart) <= 1 and max(apart) < 1.01e-2


def asked(options: dict[str, Any]) -> dict[str, Any]:
    """Return options of linreg as the scripts name them."""
    return {{"batch_size": "batchSize"}.get(name, name): value for name, value in options.items()}


@often
@given(
    x=tables(), options=losses, share=shares, momentum=momenta, epochs=counts, told=st.booleans()
)
def test_a_diagnosis_is_that_of_linreg(
    diagnosis_js: Script,
    x: np.ndarray,
    options: dict[str, Any],
    share: float,
    momentum: float,
    epochs: int,
    told: bool,
) -> None:
    options = {**options, "momentum": momentum, "epochs": epochs}
    try:
        lr = share * diagnose(x, **options).safe_lr if told else None
        expected = diagnose(x, lr=lr, **options)
    except ValueError:
        assume(False)
    found = diagnosis_js.diagnose(x.T.tolist(), {**asked(options), "lr": lr})
    assert agree(found["verdict"], expected.verdict), (found["verdict"], expected.verdict)
    assert tuple(found["repeated"]) == expected.repeats
    # What repeats has no eigenvalue but rounding.
    size = expected.eigenvalues[-1]
    same(found["eigenvalues"], expected.eigenvalues, scale=1e-3 * size)
    for name, value in (
        ("limit", expected.max_lr),
        ("safeLr", expected.safe_lr),
        ("bestLr", expected.best_lr),
        ("lr", expected.lr),
    ):
        same(found[name], value)
    assert (found["slow"], found["steps"]) == (expected.slow, expected.steps)
    if not expected.repeats:
        same(found["conditionNumber"], expected.condition_number, scale=expected.condition_number)


@settings(max_examples=30)
@given(x=tables(), options=losses, momentum=momenta)
def test_at_its_very_limit_a_run_never_settles(
    diagnosis_js: Script, x: np.ndarray, options: dict[str, Any], momentum: float
) -> None:
    # Whose last digit differs with the order of sums, so that each has its own.
    options = {**options, "momentum": momentum, "batch_size": None}
    try:
        expected = diagnose(x, lr=diagnose(x, **options).max_lr, **options).verdict
    except ValueError:
        assume(False)
    told = {**asked(options), "epochs": 1000}
    limit = diagnosis_js.diagnose(x.T.tolist(), told)["limit"]
    found = diagnosis_js.diagnose(x.T.tolist(), {**told, "lr": limit})["verdict"]
    assert agree(found, expected), (found, expected)
    assert "never settles" in found


@pytest.mark.parametrize("intercept", [True, False])
def test_a_diagnosis_of_many_columns_names_them_as_the_page_does(
    diagnosis_js: Script, intercept: bool
) -> None:
    frame = load_diabetes(as_frame=True).data
    columns = [frame[name].tolist() for name in frame]
    options = {"names": list(frame), "intercept": intercept, "batchSize": 50}
    expected = diagnose(frame, intercept=intercept, batch_size=50).verdict
    found = diagnosis_js.diagnose(columns, {**options, "epochs": 1000})
    assert found["verdict"] == expected
    assert "2 others" in expected or "s1, s2" in expected or "crawls" in expected


def test_settings_out_of_range_are_refused_in_the_words_of_linreg(diagnosis_js: Script) -> None:
    for settings_, words in (
        ({"lr": -1}, "lr=-1 is no learning rate"),
        ({"momentum": 1}, "momentum=1 never settles"),
        ({"epochs": 0}, "epochs=0 is no number of epochs"),
        ({"batchSize": 0}, "batch_size=0 is no number of points"),
    ):
        options = {"epochs": 10, **settings_}
        with pytest.raises(RuntimeError, match=words):
            diagnosis_js.diagnose([[1, 2, 3]], options)
        with pytest.raises(ValueError, match=words):
            diagnose(
                [1, 2, 3], **{n.replace("batchSize", "batch_size"): v for n, v in options.items()}
            )


@pytest.mark.parametrize(
    ("x", "words"),
    [
        ([[4e-7, 1.7e9], [5e-7, 1.75e9], [7e-7, 1.71e9], [6e-7, 1.8e9]], "differ so much in size"),
        ([[3.0], [3.0]], "equal 3"),
        ([[1e200], [2e200]], "choose other units"),
        ([[1e-200], [2e-200]], "choose other units"),
        ([[1.0, 1e200], [2.0, 3.0]], "choose other units"),
    ],
)
def test_what_linreg_refuses_the_script_refuses(
    diagnosis_js: Script, x: list[list[float]], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        diagnose(x)
    with pytest.raises(RuntimeError, match=words):
        diagnosis_js.diagnose(np.transpose(x).tolist(), {"epochs": 10})


# The run in closed form


@settings(max_examples=40)
@given(data=points, share=st.floats(0.01, 1.3), reduction=st.sampled_from(["mean", "sum"]))
def test_a_run_follows_the_closed_form_of_linreg(
    diagnosis_js: Script, data: Any, share: float, reduction: str
) -> None:
    x, y = data
    lr = share * stable_lr(x)
    scale = len(x) if reduction == "sum" else 1
    found = diagnosis_js.run([x], y, {"lr": lr / scale, "epochs": 60, "reduction": reduction})
    path = descent_path(x, y, lr=lr, epochs=60, start=(0, 0))
    marks = [epoch for epoch, _ in found["losses"]]
    assert marks == list(range(61))
    top = float(np.abs(path.losses).max())
    same(np.array([loss for _, loss in found["losses"]]) / scale, path.losses, scale=1e-3 * top)
    reach = float(np.hypot(path.slopes, path.intercepts).max())
    same(
        [found["slopes"][0], found["intercept"]],
        [path.slopes[-1], path.intercepts[-1]],
        scale=reach,
    )
    assert found["diverged"] == (share > 1) or share == pytest.approx(1)


@settings(max_examples=30)
@given(
    x=tables(),
    share=st.floats(0.01, 1.1),
    momentum=st.sampled_from([0.0, 0.3, 0.9]),
    factor=st.sampled_from([1.0, 0.5]),
    seed=st.integers(0, 1000),
)
def test_a_run_on_columns_is_that_of_a_loop(
    diagnosis_js: Script,
    x: np.ndarray,
    share: float,
    momentum: float,
    factor: float,
    seed: int,
) -> None:
    y = np.random.default_rng(seed).normal(5, 100, len(x))
    design = np.column_stack([x, np.ones(len(x))])
    lr = share * 2 * (1 + momentum) / (2 * factor * np.linalg.norm(design, 2) ** 2 / len(x))
    weights = velocity = np.zeros(design.shape[1])
    losses = []
    for _ in range(41):
        off = design @ weights - y
        losses.append(factor * float(np.mean(off**2)))
        velocity = momentum * velocity + 2 * factor / len(x) * design.T @ off
        last, weights = weights, weights - lr * velocity
    options = {"lr": lr, "momentum": momentum, "factor": factor, "epochs": 40}
    found = diagnosis_js.run(x.T.tolist(), y.tolist(), options)
    # Steps of a loop round off what the closed form does not.
    same([loss for _, loss in found["losses"]], losses, scale=max(losses))
    rows = design @ [*found["slopes"], found["intercept"]]
    same(rows, design @ last, scale=10 * math.sqrt(max(losses)) + np.abs(y).max())


def test_standard_units_are_those_of_numpy(diagnosis_js: Script) -> None:
    values = np.random.default_rng(0).normal(1e9, 3, 50)
    found = diagnosis_js.inStandardUnits(values.tolist())
    assert found["mean"] == pytest.approx(values.mean(), rel=1e-15)
    assert found["scale"] == pytest.approx(values.std(), rel=1e-12)
    assert found["values"] == pytest.approx((values - values.mean()) / values.std(), abs=1e-7)
    assert diagnosis_js.inStandardUnits([7, 7])["values"] == [0, 0]


def test_a_long_run_has_few_points_and_ends_where_pytorchs_numbers_do(
    diagnosis_js: Script,
) -> None:
    x, y = [10.0, 20, 30, 40], [3.0, 5, 4, 9]
    found = diagnosis_js.run([x], y, {"lr": 1e-4, "epochs": 100_000})
    marks = [epoch for epoch, _ in found["losses"]]
    assert len(marks) <= 201 and marks[:20] == list(range(20)) and marks[-1] == 100_000
    found = diagnosis_js.run([x], y, {"lr": 1.0, "epochs": 10_000})
    assert found["diverged"] and found["slopes"] is None
    assert found["losses"][-1][1] < torch.finfo(torch.float32).max


PLANTED = {
    "diagnosis.js": {
        "2 * value ** 2));\n": "value ** 2));\n",
        "n % size || size": "size",
        "SAME * Math.sqrt(sizes.length)": "1e-9",
        "1 + momentum - rate, -momentum": "1 + momentum - rate, momentum",
        "dot(part, part) / part.length": "dot(part, part)",
    },
    "words.js": {
        "and then wavers as batches differ": "and wavers as batches differ",
        "share + vector[j] ** 2, 0) >= 0.1": "share + vector[j] ** 2, 0) >= 0.5",
        "needed.steep > needed.level ? [steep": "needed.steep < needed.level ? [steep",
        "lr > safe) return `use": "lr > limit) return `use",
    },
}


def test_planted_errors_are_caught(tmp_path: Path, diagnosis_js: Script) -> None:
    x, y = np.array([[1.0, 2], [2, 4.0005], [4, 7], [8, 3], [9, 9]]), [3.0, 1, 4, 1, 5]
    same_ = np.column_stack([x[:, 0], x[:, 0] + 1e-8 * x[:, 1]])
    cases = [
        (x, {"epochs": 50}),
        (x, {"lr": 0.01, "epochs": 10**6, "batch_size": 2}),
        (x, {"lr": 0.004, "epochs": 10**6, "batch_size": 2}),
        (x, {"lr": 0.0095, "epochs": 1, "batch_size": 2}),
        (x, {"lr": 0.005, "epochs": 100, "intercept": False}),
        (x + np.array([0, 30]), {"lr": 1e-4, "epochs": 60}),
        (x - x.mean(axis=0), {"lr": 0.01, "epochs": 30}),
        (same_, {"lr": 0.01, "epochs": 100}),
    ]
    expected = [diagnose(columns, **options).verdict for columns, options in cases]

    def check(script: Script) -> None:
        for (columns, options), awaited in zip(cases, expected, strict=True):
            found = script.diagnose(columns.T.tolist(), asked(options))["verdict"]
            assert agree(found, awaited), (found, awaited)
        assert script.inStandardUnits(y) == diagnosis_js.inStandardUnits(y)
        for options in ({"momentum": 0.5}, {}):
            given_ = (x.T.tolist(), y, {"lr": 0.01, "epochs": 20, **options})
            assert script.run(*given_) == diagnosis_js.run(*given_)

    for name, faults in PLANTED.items():
        for path in STATIC.glob("*.js"):
            shutil.copy(path, tmp_path)
        source = (STATIC / name).read_text(encoding="utf-8")
        for right, wrong in faults.items():
            assert source.count(right) == 1, right
            (tmp_path / name).write_text(source.replace(right, wrong), encoding="utf-8")
            with (
                running(tmp_path / "diagnosis.js") as planted,
                pytest.raises((AssertionError, RuntimeError)),
            ):
                check(planted)
    check(diagnosis_js)
