"""Do the scripts say of a finished run what linreg says, word for word?"""

import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linreg import review
from tests.interactive.conftest import STATIC, Script, reviewer, running
from tests.interactive.test_diagnosis import agree, asked
from tests.interactive.test_math import same
from tests.package.test_review import REPORTS, TABLE, descend, draw


def texts(losses: Any) -> list[str]:
    """Return losses as the scripts read them from JSON."""
    words = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    return [words.get(str(float(loss)), str(float(loss))) for loss in losses]


def check(review_js: Script, x: Any, y: Any, losses: Any, **options: Any) -> str:
    """Compare the script's review with linreg's, and return its kind."""
    with np.errstate(all="ignore"):
        expected = review(x, y, losses, **options)
    columns = np.asarray(x, dtype=float).reshape(len(y), -1).T.tolist()
    table = {"columns": columns, "y": np.asarray(y, dtype=float).tolist()}
    found = review_js.review(texts(losses), {**table, **asked(options)})
    assert (found["kind"], found["sure"]) == (expected.kind, expected.sure)
    exact = expected.floor <= 1e-12 * expected.variance
    # The floor of points on a line is rounding, of which no digit is right.
    said, awaited = (cut(v, exact) for v in (found["verdict"], expected.verdict))
    assert agree(said, awaited), (said, awaited)
    levels = {"floor": expected.floor, "variance": expected.variance, "limit": expected.max_lr}
    for name, level in (levels | {"safeLr": expected.safe_lr}).items():
        if math.isnan(level):
            assert found[name] is None
        else:
            same(found[name], level, scale=expected.variance if name == "floor" else 0)
    if math.isfinite(expected.end):
        same(found["end"], expected.end)
    return str(found["kind"])


def cut(verdict: str, exact: bool) -> str:
    return verdict.split("the floor is")[0] if exact else verdict


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32), told=st.booleans())
def test_a_drawn_run_gets_the_sentence_of_linreg(review_js: Script, seed: int, told: bool) -> None:
    x, y, losses, options, lr, _ = draw(np.random.default_rng(seed))
    if np.isfinite(y).all():
        check(review_js, x, y, losses, lr=lr if told else None, **options)


@st.composite
def histories(draw: st.DrawFn) -> list[float]:
    """Draw losses that no run need ever have shown."""
    length = draw(st.integers(1, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    steps = np.arange(length)
    level = draw(st.sampled_from([0.0, 1.0, 85.0, 1000.0]))
    height = draw(st.sampled_from([0.0, 1.0, 1e3, 1e6]))
    rate = draw(st.sampled_from([-0.5, 0.5, 0.9, 0.999, 1.0, 1.05, 2.0]))
    wave = draw(st.sampled_from([0.0, 0.3, 1.0])) * np.cos(draw(st.floats(0.1, 3)) * steps)
    jitter = draw(st.sampled_from([0.0, 0.0, 0.01, 0.3])) * rng.normal(size=length)
    losses = level + height * np.abs(rate) ** steps * np.abs(1 + wave) * (1 + jitter)
    if draw(st.integers(0, 4)) == 0:
        losses[draw(st.integers(0, length - 1)) :] = draw(st.sampled_from([math.nan, math.inf]))
    return losses.tolist()


@settings(max_examples=120)
@given(
    losses=histories(),
    lr=st.sampled_from([None, 1e-4, 0.01, 0.03, 0.04, 0.5]),
    momentum=st.sampled_from([0.0, 0.0, 0.9]),
    intercept=st.booleans(),
    reduction=st.sampled_from(["mean", "sum"]),
    factor=st.sampled_from([1.0, 0.5]),
    batch_size=st.sampled_from([None, None, 2, 8]),
    wide=st.booleans(),
)
def test_any_losses_get_the_sentence_of_linreg(
    review_js: Script, losses: list[float], wide: bool, **options: Any
) -> None:
    x, y = TABLE
    check(review_js, np.column_stack([x, np.cos(x)]) if wide else x, y, losses, **options)


@pytest.mark.parametrize("address", REPORTS)
@pytest.mark.parametrize("told", [True, False])
def test_a_public_report_gets_the_sentence_of_linreg(
    review_js: Script, address: str, told: bool
) -> None:
    x, y, options, kind = REPORTS[address]
    losses = descend(x, y, **options)
    asked_ = {name: options[name] for name in ("intercept", "reduction") if name in options}
    asked_ |= {"batch_size": options.get("batch")} | ({"lr": options["lr"]} if told else {})
    found = check(review_js, x, y, losses, **asked_)
    assert found == kind or not told


def test_no_losses_are_refused_in_the_words_of_linreg(review_js: Script) -> None:
    words = "losses is empty; give the loss of each epoch"
    with pytest.raises(RuntimeError, match=words):
        review_js.review([], {"columns": [[1, 2]], "y": [1, 2]})
    with pytest.raises(ValueError, match=words):
        review([1, 2], [1, 2], [])


@given(share=st.one_of(st.floats(0, 1e6), st.integers(0, 4000).map(lambda k: k / 800)))
def test_a_share_is_written_as_python_writes_it(review_js: Script, share: float) -> None:
    assert review_js.percent(share) == f"{share:.0%}"


PLANTED = {
    "1e-2 * variance(columns[order])": "1e-9 * variance(columns[order])",
    "highest(middle) / 3": "highest(middle)",
    "falling ** 2 / (fallen - falling)": "fallen ** 2 / (fallen - falling)",
    "(1 - NEAR) * floor - run.rounding": "(1 + NEAR) * floor - run.rounding",
    '"half the sum": n / 2': '"half the sum": n / 4',
    "lower lr towards the end, take larger": "take larger batches, or lower lr; take larger",
    "without an intercept even the best": "without an intercept, even the best",
    "[constant, below, grows, swings,": "[constant, grows, below, swings,",
    "still === true ||": "still !== true ||",
}


def runs() -> Iterator[tuple[Any, Any, Any, dict[str, Any]]]:
    """Yield runs that tell apart what lies a hair apart."""
    x, y = TABLE
    rng, steps = np.random.default_rng(0), np.arange(60)
    swinging = descend(x, y, lr=0.03, epochs=60, fault="swings")
    yield x, y, swinging * (1 + 1e-3 * rng.normal(size=60)), {}
    yield x, y, 100 * 2 ** (steps / 20), {"batch_size": 2}
    yield x, y, 1e-3 * 2 ** (steps / 10), {}
    summed = descend(x, y, lr=0.03 / 8, epochs=4000, reduction="sum")
    yield x, y, np.multiply(summed, 0.5), {}
    yield x, y + 500, descend(x, y + 500, lr=0.01, epochs=9, intercept=False), {"intercept": False}
    for number in (2, 3, 8, 10):
        *data, losses, options, lr, _ = draw(np.random.default_rng(number))
        yield *data, losses, options | ({"lr": lr} if number % 2 else {})


def test_planted_errors_are_caught(tmp_path: Path) -> None:
    known = list(runs())
    for script in STATIC.glob("*.js"):
        shutil.copy(script, tmp_path)
    source = (STATIC / "review.js").read_text(encoding="utf-8")
    for right, wrong in PLANTED.items():
        assert source.count(right) == 1, right
        (tmp_path / "review.js").write_text(source.replace(right, wrong), encoding="utf-8")
        with running(reviewer(tmp_path)) as script, pytest.raises(AssertionError):
            for x, y, losses, options in known:
                check(script, x, y, losses, **options)
