"""What a page documents: its `outputs.py` computes each output anew, its `recorded.toml` holds it.

A page's outputs.py is plain Python. A function under `output`, `table`, `latex` or `printed` is
one documented output, named as the page's cell hands it over to `show`; a function under `formula`
gives the numbers that prove a formula of the page; `TYPED` says which numbers the page may type.
`nox -s check -- --record` alone writes recorded.toml, and a person reads it as a diff.
"""

import functools
import importlib.util
import re
import sys
import tomllib
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from press.pages import DOCS, find_pages, is_one_file

CODE, RECORD = "outputs.py", "recorded.toml"


@dataclass(frozen=True)
class Problem:
    """A way in which a page breaks its contract. name: the output, figure or place concerned."""

    page: str
    name: str
    said: str

    def __str__(self) -> str:
        return f"{self.page}: {self.name} {self.said}"


@dataclass(frozen=True, kw_only=True)
class Output:
    """One documented output.

    kind: text, table (rows of cells, the first of them the heading), latex, or printed (a line).
    meaning: what it is, in a few words. format: how Python formats the value.
    fixed: why it does not move with the students' data, if it does not.
    """

    name: str
    kind: str
    meaning: str
    format: str
    fixed: str
    compute: Callable[[], Any]
    page: str = ""

    def render(self, value: Any, format_: str | None = None) -> str:
        """Return `value` as a reader sees it."""
        if self.kind == "table":
            return "\n".join(" | ".join(str(cell) for cell in row) for row in value)
        chosen = self.format if format_ is None else format_
        text = format(value, chosen)
        return text.replace("-", "−") if self.kind == "text" and chosen else text

    def __call__(self) -> Any:
        return self.compute()


@dataclass(frozen=True, kw_only=True)
class Formula:
    """Formulas of the page, and the function that gives the value of each of their symbols."""

    latex: tuple[str, ...]
    symbols: Callable[[], Mapping[str, Any]]


def _documented(
    kind: str, meaning: str, format_: str, fixed: str
) -> Callable[[Callable[[], Any]], Output]:
    def document(compute: Callable[[], Any]) -> Output:
        return Output(
            name=compute.__name__,
            kind=kind,
            meaning=meaning,
            format=format_,
            fixed=fixed,
            compute=compute,
        )

    return document


def output(
    meaning: str, format: str = "", *, fixed: str = ""
) -> Callable[[Callable[[], Any]], Output]:
    """Document a number or a text that the page shows with the `out` role."""
    return _documented("text", meaning, format, fixed)


def table(meaning: str, *, fixed: str = "") -> Callable[[Callable[[], Any]], Output]:
    """Document a table: rows of text cells, the first row its heading."""
    return _documented("table", meaning, "", fixed)


def latex(meaning: str, *, fixed: str = "") -> Callable[[Callable[[], Any]], Output]:
    """Document a formula that a cell writes, as LaTeX."""
    return _documented("latex", meaning, "", fixed)


def printed(meaning: str, *, fixed: str = "") -> Callable[[Callable[[], Any]], Output]:
    """Document a line that a snippet of the page prints."""
    return _documented("printed", meaning, "", fixed)


def printed_for_each(
    name: str,
    meaning: str,
    numbers: Iterable[int],
    say: Callable[[int], str],
    *,
    fixed: str = "",
) -> dict[str, Output]:
    """Document a line that a snippet prints for each of `numbers`, as `say` words it.

    Give the result to ``globals().update``: the outputs are called by name and number.
    """

    def one(number: int) -> Output:
        def line() -> str:
            return say(number)

        line.__name__ = f"{name}_{number}"
        return printed(f"{meaning} {number}", fixed=fixed)(line)

    return {f"{name}_{number}": one(number) for number in numbers}


def formula(*latex: str) -> Callable[[Callable[[], Mapping[str, Any]]], Formula]:
    """Prove formulas that the page writes: all sides of each must come to the same numbers.

    The function returns the value of each symbol, keyed by its LaTeX: a number, or an array with
    one number a student, over which a sum adds up. Take the values from elsewhere than the formula.
    """
    return lambda symbols: Formula(latex=latex, symbols=symbols)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What `--record` found on a page.

    values: each output, as a reader sees it. quoted: each place where the prose shows one, with the
    words next to it. counted: the sentences that count in words. printed: all lines that snippets
    print. claims: the sentences that cells vouch for. figures: what each one draws, by name.
    """

    values: dict[str, str] = field(default_factory=dict)
    quoted: list[str] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Contract:
    """All that one page documents."""

    page: str
    path: Path
    outputs: dict[str, Output] = field(default_factory=dict)
    formulas: list[Formula] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    recorded: Recorded = field(default_factory=Recorded)

    def of_kind(self, *kinds: str) -> list[Output]:
        return [output for output in self.outputs.values() if output.kind in kinds]


def load_contracts(docs: Path = DOCS) -> dict[str, Contract]:
    """Return the contract of each page; raise ValueError where a name is not one page's own."""
    contracts = {page: load_contract(page, path) for page, path in find_pages(docs).items()}
    owners: dict[str, str] = {}
    for page, contract in contracts.items():
        for name in contract.outputs:
            if name in owners:
                raise ValueError(
                    f"{page} and {owners[name]} both document {name}; "
                    "give a fact one name, on one page, and show it on the other"
                )
            owners[name] = page
    return contracts


def load_contract(page: str, path: Path) -> Contract:
    """Read what lies beside the page at `path`."""
    code, record = path.with_name(CODE), path.with_name(RECORD)
    if is_one_file(path):
        return Contract(page=page, path=path)
    found = vars(_load(code, code.stat().st_mtime_ns)) if code.exists() else {}
    outputs = [v for v in found.values() if isinstance(v, Output)]
    return Contract(
        page=page,
        path=path,
        outputs={output.name: replace(output, page=page) for output in outputs},
        formulas=[v for v in found.values() if isinstance(v, Formula)],
        typed=found.get("TYPED", {}),
        recorded=read_record(record),
    )


@functools.lru_cache(maxsize=256)
def _load(code: Path, changed: int) -> Any:
    name = f"outputs_of_{code.parent.name}"
    spec = importlib.util.spec_from_file_location(name, code)
    assert spec and spec.loader  # for mypy
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        # All pages' files have the same name, which alone would not lead there.
        said = f"{type(error).__name__}: {error}"
        raise ValueError(f"{code.parent.name}/{code.name} cannot be loaded: {said}") from error
    return module


def compute_fresh(
    contracts: Iterable[Contract],
) -> tuple[dict[str, Any], list[Problem]]:
    """Compute every output anew; return the values by name, and a problem for each that failed."""
    values, problems = {}, []
    for contract in contracts:
        for output in contract.outputs.values():
            try:
                values[output.name] = output.compute()
                output.render(values[output.name])
            except Exception as error:
                values.pop(output.name, None)
                problems.append(Problem(contract.page, output.name, _blame(error, contract)))
    return values, problems


def _blame(error: Exception, contract: Contract) -> str:
    """Say where in the page's own code an `error` arose."""
    code = contract.path.with_name(CODE)
    own = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename) == code]
    where = f"line {own[-1].lineno} of {_short(code)}" if own else f"its format, in {_short(code)}"
    return f"cannot be computed: {type(error).__name__}: {error} ({where})"


def _short(path: Path) -> str:
    return "/".join(path.parts[-3:])


def read_record(path: Path) -> Recorded:
    return _parse(path.read_text(encoding="utf-8")) if path.exists() else Recorded()


# A build asks for each page's record once for each page.
@functools.lru_cache(maxsize=256)
def _parse(text: str) -> Recorded:
    data = tomllib.loads(text)
    for part in ("values", "figures"):
        data[part] = {name: text.strip("\n") for name, text in data.get(part, {}).items()}
    return Recorded(**data)


def write_record(path: Path, recorded: Recorded) -> None:
    """Write what a page was found to hold, one thing a line, as a diff is read."""
    parts = ["# Written by `nox -s check -- --record`; read its diff."]
    for name in ("quoted", "counted", "printed", "claims"):
        if lines := getattr(recorded, name):
            listed = "\n".join(f"    {_toml(line)}," for line in lines)
            parts.append(f"{name} = [\n{listed}\n]")
    for name in ("values", "figures"):
        if texts := getattr(recorded, name):
            listed = "\n".join(f"{key} = {_toml(text)}" for key, text in texts.items())
            parts.append(f"[{name}]\n{listed}")
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _toml(text: str) -> str:
    if "\n" in text:
        return f"'''\n{text}\n'''"
    if "'" not in text:
        return f"'{text}'"
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
