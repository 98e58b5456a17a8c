"""Do the scripts write and read numbers as they should?"""

import itertools
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.build.interactive import COMMENT
from tests.interactive.conftest import Script

# Not halfway between two texts, where Python rounds to the even one.
SIZES = st.floats(1e-12, 1e12).map(lambda value: value * math.pi)


@given(value=st.one_of(SIZES, SIZES.map(lambda v: -v), st.just(0.0)), digits=st.integers(1, 8))
def test_significant_digits_are_python_s_own(text_js: Script, value: float, digits: int) -> None:
    assert text_js.general(value, digits) == f"{value:.{digits}g}"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (34812.3, 0, "34,812"),
        (-7.369, 2, "−7.37"),
        (0.5, 3, "0.500"),
        (2.9e18, 0, "2.9e18"),
        (-0.001, 2, "0.00"),
        ("NaN", 2, "beyond all numbers"),
    ],
)
def test_decimals_are_written_as_on_the_pages(
    text_js: Script, value: Any, digits: int, text: str
) -> None:
    assert text_js.fixed(value, digits) == text


@given(value=SIZES, digits=st.integers(1, 6))
def test_rounding_down_never_goes_up_and_never_far(
    text_js: Script, value: float, digits: int
) -> None:
    found = text_js.roundedDown(value, digits)
    assert found <= value
    assert found == float(f"{found:.{digits}g}")
    assert value - found <= 1.001 * 10 ** (math.floor(math.log10(value)) - digits + 1)


@given(low=st.floats(-1e6, 1e6), wide=st.floats(1e-3, 1e6), about=st.integers(2, 10))
def test_ticks_are_round_numbers_within_the_axis(
    text_js: Script, low: float, wide: float, about: int
) -> None:
    high = low + wide
    ticks = text_js.ticks(low, high, about)
    assert about / 2.5 - 1 <= len(ticks) <= about + 1
    for tick in ticks:
        assert low - 1e-6 * wide <= tick <= high + 1e-6 * wide
    for before, after in itertools.pairwise(ticks):
        mantissa = float(f"{after - before:.3e}".split("e")[0])
        assert mantissa in (1, 2, 5)


@pytest.mark.parametrize(
    ("low", "high", "about", "found"),
    [(0.7, 1100, 6, [1, 10, 100, 1000]), (1, 1e9, 3, [1, 1e3, 1e6, 1e9]), (2, 8, 5, [])],
)
def test_ticks_of_a_logarithm_are_powers_of_ten(
    text_js: Script, low: float, high: float, about: int, found: list[float]
) -> None:
    assert text_js.logTicks(low, high, about) == found


@pytest.mark.parametrize(
    ("value", "log", "text"),
    [(-250, False, "−250"), (1000, True, "1000"), (1e5, True, "10⁵"), (600000, False, "600,000")],
)
def test_ticks_are_written_short(text_js: Script, value: float, log: bool, text: str) -> None:
    assert text_js.tickText(value, log) == text


RANGES = {"lr": dict(low=1e-5, high=10, step=1.05, log=True), "hour": dict(low=0, high=80, step=1)}


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ({"lr": "0.5", "hour": "35"}, {"lr": 0.5, "hour": 35}),
        ({"lr": "99", "hour": "-3"}, {"lr": 10, "hour": 0}),
        ({"lr": "x", "hour": ""}, {}),
        ({"lr": "NaN", "hour": " ", "other": "1"}, {}),
    ],
)
def test_numbers_of_a_link_are_kept_in_their_range(
    text_js: Script, texts: dict[str, str], found: dict[str, float]
) -> None:
    assert text_js.readNumbers(texts, RANGES) == found


LIMITS = dict(
    fewest=3,
    most=4,
    ranges={"hours": dict(low=0, high=100, step=1), "score": dict(low=0, high=1200, step=1)},
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1-2_3-4_5-6", [[1, 2], [3, 4], [5, 6]]),
        ("1.6-2.2_3-4_5-6", [[2, 2], [3, 4], [5, 6]]),
        ("1-2-3_3-4_5-6", None),
        ("1-2_3-4", None),
        ("1-2_1-4_1-6", None),
        ("101-2_3-4_5-6", None),
        ("1-2_3-4_5-", None),
        ("", None),
    ],
)
def test_points_of_a_link_are_whole_pairs_or_nothing(
    text_js: Script, text: str, found: Any
) -> None:
    assert text_js.readPoints(text, LIMITS) == found
    if found:
        assert text_js.readPoints(text_js.writePoints(found), LIMITS) == found


def test_a_program_is_filled_in_and_a_gap_is_an_error(text_js: Script) -> None:
    assert text_js.filled("lr=$lr, $lr * $n", {"lr": 0.1, "n": 2}) == "lr=0.1, 0.1 * 2"
    with pytest.raises(RuntimeError, match=r"\$n"):
        text_js.filled("$n", {"lr": 1})


def test_comments_that_have_their_lines_for_themselves_are_not_served() -> None:
    code = "const f = (a) =>\n  /** @type {any} */ (a) + 1; // why\n"
    assert COMMENT.sub("", f"/** Adds.\n * @param {{number}} a */\n{code}// Done.\n") == code
