"""Do the formulas of the pages hold? Each is computed with numbers that do not come from it."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from press.contract import Contract, Problem
from press.markdown import Page

TOKEN = re.compile(r"\\[a-zA-Z]+|⟨\d+⟩|\d+(?:\.\d+)?|[^\s]")
# Layout, which says nothing.
LAYOUT = re.compile(
    r"\\left|\\right|\\begin\{aligned\}|\\end\{aligned\}|\\quad|\\,|\[\d+ex\]|\{\}|_i(?![a-z])|&"
)


def check_formulas(contract: Contract, page: Page) -> Iterator[Problem]:
    """Yield a problem for each formula that is wrong, or that nothing proves."""
    written = {_plain(latex): number for number, latex in page.formulas}
    proofs = {_plain(latex): proof for proof in contract.formulas for latex in proof.latex}
    for latex, proof in proofs.items():
        if latex not in written:
            yield Problem(contract.page, f"${latex}$", "is proved, and the page has no such")
            continue
        try:
            wrong = find_wrong(latex, proof.symbols())
        except Exception as error:
            wrong = f"cannot be computed: {type(error).__name__}: {error}"
        if wrong:
            yield Problem(contract.page, f"line {written[latex]}: ${latex}$", wrong)
    displayed = {_plain(line.text.strip("$")) for line in page.lines if line.text.startswith("$$")}
    for latex, number in written.items():
        states = "=" in latex and re.search(r"\\(sum|frac|bar|sqrt)", latex)
        if latex not in proofs and (states or latex in displayed):
            said = "has no proof; give its symbols values under `formula` in outputs.py"
            yield Problem(contract.page, f"line {number}: ${latex}$", said)


def _plain(latex: str) -> str:
    return " ".join(latex.split()).rstrip(".,")


def find_wrong(latex: str, symbols: Mapping[str, Any]) -> str:
    """Say which sides of `latex` differ under the values of its `symbols`; empty when none do."""
    names = _Names(symbols)
    for equation in _equations(names.hide(latex)):
        relation = "<" if "<" in equation else "="
        sides = [side for side in equation.split(relation) if side.strip()]
        with np.errstate(all="ignore"):
            values = [_Parser(side, names).value() for side in sides]
        if len(values) == 1:
            if "" not in symbols:
                said = 'give what it comes to as the symbol ""'
                return f"has one side, {names.show(equation)}; {said}"
            sides, values = [*sides, "its proof"], [*values, np.asarray(symbols[""], dtype=float)]
        for (left, a), (right, b) in zip(
            zip(sides, values, strict=True), list(zip(sides, values, strict=True))[1:], strict=False
        ):
            scale = max(float(np.max(np.abs(a))), float(np.max(np.abs(b))))
            equal = bool(np.all(np.abs(a - b) <= 1e-9 * max(scale, 1))) and math.isfinite(scale)
            # A limit is proved by a value just below it.
            below = bool(np.all((a < b) & (b < 1.001 * a)))
            if not (below if relation == "<" else equal):
                return (
                    f"is wrong: {names.show(left)} comes to {_text(a)}, "
                    f"and {names.show(right)} to {_text(b)}"
                )
    return ""


def _text(value: Any) -> str:
    return np.array2string(np.asarray(value), precision=6, threshold=6)


def _equations(latex: str) -> list[str]:
    """Split at the ends of lines and wide gaps, but for lines that go on with a sign."""
    found: list[str] = []
    latex = re.sub(r"\\begin\{aligned\}|\\end\{aligned\}", "", latex)
    for part in re.split(r"\\qquad", latex):
        for k, row in enumerate(re.split(r"\\\\(?:\[\d+ex\])?", part)):
            plain = LAYOUT.sub(" ", row).strip().rstrip(".,")
            if k and row.strip().startswith("&") and found:
                found[-1] += f" {plain}"
            elif plain:
                found.append(plain)
    return found


class _Names:
    """The symbols whose names are longer than a letter, each hidden behind a mark."""

    def __init__(self, symbols: Mapping[str, Any]) -> None:
        self.values = dict(symbols)
        self.marks = {
            f"⟨{k}⟩": name
            for k, name in enumerate(sorted(symbols, key=len, reverse=True))
            if len(name) > 1
        }

    def hide(self, latex: str) -> str:
        # A label before a column of formulas names what they give.
        latex = re.sub(r"(\\text\{[^}]*:\})\s*&", r"\1 =", latex)
        # Sums are over all students, whatever their bounds are called.
        latex = re.sub(r"(\\sum)_\{[^}]*\}\^\{?\w\}?", r"\1", latex)
        for mark, name in self.marks.items():
            end = r"(?![a-zA-Z])" if name[-1].isalpha() else ""
            latex = re.sub(re.escape(name) + end, f" {mark} ", latex)
        return re.sub(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}", self._matrix, latex)

    def _matrix(self, found: re.Match[str]) -> str:
        rows = [row.split("&") for row in found[1].split(r"\\")]
        value = np.array([[_Parser(cell, self).value() for cell in row] for row in rows])
        mark = f"⟨{len(self.values) + len(self.marks)}⟩"
        self.marks[mark] = "matrix"
        self.values[mark] = value
        return f" {mark} "

    def show(self, latex: str) -> str:
        for mark, name in self.marks.items():
            latex = latex.replace(mark, name)
        return " ".join(latex.split())

    def value(self, token: str) -> Any:
        name = token if token in self.values else self.marks.get(token, token)
        if name not in self.values:
            raise ValueError(f"the symbol {name} has no value; its proof must give one")
        return np.asarray(self.values[name], dtype=float)


class _Parser:
    """Computes one side of an equation."""

    def __init__(self, latex: str, names: _Names) -> None:
        self.tokens = TOKEN.findall(LAYOUT.sub(" ", latex))
        self.names = names

    def value(self) -> Any:
        result = self._sum()
        if self.tokens:
            raise ValueError(f"cannot read on from {self.names.show(' '.join(self.tokens))}")
        return result

    def _take(self, *expected: str) -> str:
        if not self.tokens or (expected and self.tokens[0] not in expected):
            found = self.tokens[0] if self.tokens else "the end"
            raise ValueError(f"expected {' or '.join(expected) or 'more'}, and found {found}")
        return self.tokens.pop(0)

    def _next(self, *tokens: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in tokens

    def _sum(self) -> Any:
        result = self._product()
        while self._next("+", "-", r"\pm"):
            sign = self._take()
            other = self._product()
            # Of the two that ± gives, the upper one.
            result = result - other if sign == "-" else result + other
        return result

    def _product(self) -> Any:
        sign = 1
        while self._next("-", "+"):
            sign = -sign if self._take() == "-" else sign
        result = sign * self._power()
        while self.tokens and not self._next("+", "-", r"\pm", ")", "}", "|"):
            if self._next("/"):
                self._take()
                result = result / self._power()
                continue
            if self._next(r"\cdot", r"\times"):
                self._take()
            result = _times(result, self._power())
        return result

    def _power(self) -> Any:
        result = self._base()
        if self._next("^"):
            self._take()
            result = result ** self._group()
        return result

    def _group(self) -> Any:
        """Return what stands in braces, or the one thing that stands without."""
        if not self._next("{"):
            return self._base()
        self._take()
        result = self._sum()
        self._take("}")
        return result

    def _base(self) -> Any:
        token = self._take()
        if token == "(":
            result = self._sum()
            self._take(")")
            return result
        if token == "|":
            result = abs(self._sum())
            self._take("|")
            return result
        if token == r"\frac":
            top = self._group()
            return top / self._group()
        if token == r"\sqrt":
            return np.sqrt(self._group())
        if token == r"\bar":
            return np.mean(self._group())
        if token == r"\sum":
            # It takes in all that is multiplied behind it.
            return np.sum(self._product())
        if token == r"\log":
            self._take("_")
            base = self._group()
            return np.log(self._power()) / np.log(base)
        if token == "{":
            self.tokens.insert(0, token)
            return self._group()
        return float(token) if token[0].isdigit() else self.names.value(token)


def _times(a: Any, b: Any) -> Any:
    matrices = 2 in (np.ndim(a), np.ndim(b)) and min(np.ndim(a), np.ndim(b)) > 0
    return a @ b if matrices else a * b
