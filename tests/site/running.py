"""Run the cells of one page in this process, so that a fault on it costs no build."""

import contextlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import matplotlib.pyplot as plt

from press import cells
from press.check import values
from press.contract import Contract, Problem
from press.drawn import describe
from press.markdown import read

STYLE = Path(__file__).parents[2] / "docs" / "matplotlibrc"


@dataclass
class Ran:
    """What a page left: values, lines printed for readers, what figures draw, claims that fail."""

    values: dict[str, Any] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


def run(text: str) -> Ran:
    """Run the cells of a page, given as Markdown."""
    ran, scope = Ran(), {"__name__": "__main__"}

    def claim(sentence: str, holds: Any) -> None:
        # The build stops at the first; here the other faults are to be seen as well.
        if not holds:
            ran.broken.append(sentence)

    with (
        mock.patch.object(cells, "show", lambda **handed: ran.values.update(handed)),
        mock.patch.object(cells, "claim", claim),
        plt.rc_context(fname=STYLE),
    ):
        for cell in read(text).cells:
            said = io.StringIO()
            drawn: list[str] = []

            def keep(drawn: list[str] = drawn) -> None:
                drawn.extend(describe(plt.figure(n)) for n in plt.get_fignums())
                plt.close("all")

            with contextlib.redirect_stdout(said), mock.patch.object(plt, "show", keep):
                exec(compile(cell.body, f"line {cell.number}", "exec"), scope)
            plt.close("all")
            if "remove-cell" not in cell.tags:
                ran.printed += said.getvalue().splitlines()
            if drawn:
                ran.figures[cell.figure["name"]] = "\n".join(drawn)
    return ran


def find_problems(
    contract: Contract, ran: Ran, computed: tuple[dict[str, Any], list[Problem]]
) -> list[Problem]:
    """Say how a run of the page, and what was `computed` afresh, break the page's contract."""
    fresh, failed = computed
    return [
        *failed,
        *(
            Problem(contract.page, sentence, "is claimed, and does not hold")
            for sentence in ran.broken
        ),
        *values.check_recorded(contract, fresh),
        *values.check_executed(contract, ran.values),
        *values.check_lines(contract, ran.printed, fresh),
        *values.check_drawn(contract, ran.figures),
    ]
