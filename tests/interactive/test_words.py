"""Do the sentences say what linreg's say, and is what they advise any good?"""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from interactive import training
from linreg import diagnose, load_study
from linreg.convergence import TOLERANCE
from tests.interactive.conftest import STATIC, Script, running

hours = st.lists(st.integers(1, 99), min_size=8, max_size=8).filter(lambda x: len(set(x)) > 1)
scales = st.sampled_from([1.0, 0.1, 0.01])
shares = st.one_of(st.floats(1e-5, 0.9), st.floats(0.9, 0.999), st.floats(1.001, 1.2))
momenta = st.one_of(st.just(0.0), st.integers(1, 98).map(lambda k: k / 100))
counts = st.sampled_from([1, 10, 1000, 30_000, 100_000, 300_000])
often = settings(max_examples=200)


@often
@given(x=hours, scale=scales, share=shares, momentum=momenta, epochs=counts)
def test_a_verdict_is_that_of_linreg(
    math_js: Script,
    words_js: Script,
    x: Any,
    scale: float,
    share: float,
    momentum: float,
    epochs: int,
) -> None:
    x = [value * scale for value in x]
    lr = share * diagnose(x, momentum=momentum).max_lr
    expected = diagnose(x, lr=lr, momentum=momentum, epochs=epochs).verdict
    # At a count's very edge, two roundings may differ by an epoch.
    near = {
        diagnose(x, lr=lr, momentum=momentum, epochs=max(1, epochs + d)).verdict[:9]
        for d in (-1, 1)
    }
    assume(near == {expected[:9]})
    run = dict(lr=lr, momentum=momentum, epochs=epochs)
    said = words_js.verdict(words_js.ofLine(math_js.valley(x)), run, TOLERANCE)
    assert agree(said, expected), (said, expected)


def agree(said: str, expected: str) -> bool:
    """Tell whether two sentences differ at most by the last place of a number."""
    number = r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]\d+)?"
    if re.sub(number, "#", said) != re.sub(number, "#", expected):
        return False
    pairs = zip(re.findall(number, said), re.findall(number, expected), strict=True)
    return all(float(a) == pytest.approx(float(b), rel=2e-3) for a, b in pairs)


def check_advice(math_js: Script, words_js: Script, x: Any, momentum: float, epochs: int) -> bool:
    """Feed the advice back, and return whether there was any."""
    shape = words_js.ofLine(math_js.valley(x))
    slow = dict(lr=1e-9, momentum=momentum, epochs=epochs)
    advised = re.search(r"use lr=(\S+)", words_js.verdict(shape, slow, TOLERANCE))
    if not advised:
        return False
    lr = float(advised[1])
    again = words_js.verdict(shape, {**slow, "lr": lr}, TOLERANCE)
    assert again.startswith("converges"), again
    assert diagnose(x, lr=lr, momentum=momentum, epochs=epochs).verdict.startswith("converges")
    return True


@often
@given(x=hours, momentum=momenta, epochs=counts)
def test_every_learning_rate_that_is_advised_converges_in_time(
    math_js: Script, words_js: Script, x: Any, momentum: float, epochs: int
) -> None:
    check_advice(math_js, words_js, x, momentum, epochs)


def test_most_momenta_of_the_study_get_a_rate_and_all_of_them_hold(
    math_js: Script, words_js: Script
) -> None:
    x = load_study().x.tolist()
    given_ = [check_advice(math_js, words_js, x, k / 100, 100_000) for k in range(99)]
    assert sum(given_) > 90


@often
@given(x=hours, momentum=momenta)
def test_the_best_rate_never_reads_like_the_limit_and_neither_is_rounded_up(
    math_js: Script, words_js: Script, x: Any, momentum: float
) -> None:
    found = words_js.limitsInWords(math_js.valley(x), momentum)
    expected = diagnose(x, momentum=momentum)
    assert float(found["best"]) < float(found["limit"])
    assert float(found["best"]) <= expected.best_lr * (1 + 1e-9)
    assert float(found["limit"]) <= expected.max_lr * (1 + 1e-9)


@often
@given(x=hours, above=st.floats(1 + 1e-12, 1.01))
def test_no_rate_is_said_to_be_above_itself(
    math_js: Script, words_js: Script, x: Any, above: float
) -> None:
    lr = above * diagnose(x).max_lr
    said = words_js.verdict(
        words_js.ofLine(math_js.valley(x)), dict(lr=lr, momentum=0, epochs=1000), TOLERANCE
    )
    rate, limit = re.findall(r"(?:lr=|above )([\d.e-]+\d)", said)[:2]
    assert float(rate) > float(limit)


def test_the_longest_sentence_has_its_room(words_js: Script, math_js: Script) -> None:
    data = training.figure().data
    longest = 0
    for unit in data["units"]:
        x = [(x - unit["xShift"]) / unit["xScale"] for x in data["x"]]
        shape = words_js.ofLine(math_js.valley(x))
        for lr in (1e-5, 1e-4, 3.9e-4, 4e-4, 0.01, 1, 10):
            for momentum in (0, 0.5, 0.99):
                for epochs in (1, 1000, 300_000):
                    run = dict(lr=lr, momentum=momentum, epochs=epochs)
                    longest = max(longest, len(words_js.verdict(shape, run, TOLERANCE)))
    remark = len(" 32-bit numbers stop it at epoch 200,000, 0.09 % short.")
    assert 60 < longest + remark <= len(training.LONGEST) + 5


def test_advice_that_is_rounded_to_the_nearest_is_caught(tmp_path: Path, math_js: Script) -> None:
    for script in STATIC.glob("*.js"):
        (tmp_path / script.name).write_text(script.read_text(encoding="utf-8"), encoding="utf-8")
    words = (tmp_path / "words.js").read_text(encoding="utf-8")
    tried = "rates.find((lr) => arrives(curvature, lr))"
    assert words.count(tried) == 1
    nearest = "arrives(curvature, best) && +best.toPrecision(3)"
    (tmp_path / "words.js").write_text(words.replace(tried, nearest), encoding="utf-8")
    x = load_study().x.tolist()
    with running(tmp_path / "words.js") as words_js, pytest.raises(AssertionError):
        for k in range(99):
            check_advice(math_js, words_js, x, k / 100, 100_000)
