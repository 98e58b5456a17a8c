"""Is a formula that is wrong found, whatever it is made of, and one without a proof?"""

import re

import numpy as np
import pytest

from press.check.formulas import check_formulas, find_wrong
from press.contract import Contract, Formula, load_contract
from press.markdown import read
from press.pages import DOCS, find_pages

X = np.array([1.0, 2.0, 4.0])
U = X - X.mean()
H = np.array([[21.0, 7.0], [7.0, 3.0]]) * 2 / 3
SYMBOLS = {
    "x": X,
    "u": U,
    "y": 3 * X + 1,
    "m": 3.0,
    "b": 1.0,
    "n": 3,
    "s": np.sqrt(7.0),
    "H": H,
    r"\theta": np.array([1.0, -2.0]),
    "g": np.array([14.0 - 28 / 3, 14 / 3 - 4]),
    r"\text{steepness}": 5.0,
    r"\mathrm{lr}": 0.3999,
}


@pytest.mark.parametrize(
    "right",
    [
        "y = mx + b",
        r"u = x - \bar x",
        r"b = \bar y - m \bar x",
        r"\sum u = 0",
        r"m = \frac{\sum uy}{\sum u^2}",
        r"\sum (y - mx)^2 = n b^2",
        r"s = \sqrt{\frac{\sum x^2}{n}}",
        r"\begin{aligned} y - b &= mx \\ &= mu + m \bar x \end{aligned}",
        r"H = \frac{2}{n} \begin{bmatrix} \sum x^2 & \sum x \\ \sum x & n \end{bmatrix}",
        r"g = H\,\theta",
        r"\mathrm{lr} < \frac{2}{\text{steepness}}",
        r"|b - m| = 2 \qquad \log_{10} (b + 9 b) = 1",
    ],
)
def test_a_formula_that_holds_is_left_alone(right: str) -> None:
    assert find_wrong(right, SYMBOLS) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        "y = mx - b",
        r"u = \bar x - x",
        r"b = \bar y + m \bar x",
        r"m = \frac{\sum u^2}{\sum uy}",
        r"m = \frac{\sum uy}{\sum u}",
        r"\sum (y - mx) = n b^2 + 1",
        r"s = \sqrt{\frac{\sum x^2}{n - 1}}",
        r"\begin{aligned} y - b &= mx \\ &= mu - m \bar x \end{aligned}",
        r"H = \frac{1}{n} \begin{bmatrix} \sum x^2 & \sum x \\ \sum x & n \end{bmatrix}",
        r"H = \frac{2}{n} \begin{bmatrix} \sum x & \sum x^2 \\ \sum x & n \end{bmatrix}",
        r"g = H\,(\theta + 1)",
        r"\mathrm{lr} < \frac{1}{\text{steepness}}",
        r"\mathrm{lr} < \frac{3}{\text{steepness}}",
        r"|b - m| = 2 \qquad \log_{10} (b + 9 b) = 2",
    ],
)
def test_a_wrong_formula_is_found(wrong: str) -> None:
    assert "is wrong" in find_wrong(wrong, SYMBOLS)


def test_a_symbol_without_a_value_is_reported() -> None:
    with pytest.raises(ValueError, match="the symbol z has no value"):
        find_wrong("z = m", SYMBOLS)


def test_a_term_alone_is_compared_with_what_it_comes_to() -> None:
    assert find_wrong("1 - m", {**SYMBOLS, "": -2}) == ""
    assert "is wrong" in find_wrong("1 + m", {**SYMBOLS, "": -2})
    assert "has one side" in find_wrong("1 - m", SYMBOLS)


# On a page.

SUM, MEAN = r"\sum u = 0", r"b = \bar y - m \bar x"
PAGE = read(f"As ${SUM}$ holds,\n\n$${MEAN}$$\n")


def said(*proved: str) -> list[str]:
    proofs = [Formula(latex=proved, symbols=lambda: SYMBOLS)]
    contract = Contract(page="page", path=DOCS / "page" / "page.md", formulas=proofs)
    return [str(problem) for problem in check_formulas(contract, PAGE)]


def test_one_proof_covers_several_formulas() -> None:
    assert said(SUM, MEAN) == []


def test_a_formula_without_a_proof_is_reported_with_its_line() -> None:
    assert said(SUM) == [
        f"page: line 3: ${MEAN}$ has no proof; give its symbols values under `formula` "
        "in outputs.py"
    ]


def test_a_proof_of_what_the_page_does_not_say_is_reported() -> None:
    (problem,) = said(SUM, MEAN, "y = mx + b")
    assert "is proved, and the page has no such" in problem


TURNED = {"+": "-", "-": "+", "= ": "= -"}


@pytest.mark.parametrize("page", ["best", "convergence", "line"])
def test_a_sign_turned_round_on_a_page_is_found(page: str) -> None:
    contract = load_contract(page, find_pages()[page])
    text = contract.path.read_text(encoding="utf-8")
    assert [*check_formulas(contract, read(text))] == []
    tried = 0
    for proof in contract.formulas:
        for latex in proof.latex:
            turned = re.sub(r"(?<=[\w}] )[-+](?= )|= (?=m)", lambda m: TURNED[m[0]], latex, count=1)
            if turned != latex:
                assert "is wrong" in find_wrong(turned, proof.symbols()), turned
                tried += 1
    assert tried
