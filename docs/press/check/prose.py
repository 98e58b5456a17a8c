"""Is anything typed on a page that a reader takes for a result, or claimed that nothing proves?"""

import ast
import functools
import re
from collections.abc import Iterable, Iterator, Mapping

from press.contract import Problem
from press.markdown import Block, Line, Page

NUMBER = re.compile(r"(?<![\w.])[−-]?(?:\d[\d.,]*\d|\d|\.\d+)(?:e[+-]?\d+)?")
# Numbers in words: nobody computes them, so the record holds the sentences.
COUNTING = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million"
    r"|billion|twice|half|halves|third|thirds|quarter|tenth|tenfold|\w+fold|per cent)\b",
    re.IGNORECASE,
)
# What may hold digits without stating a result.
NOT_PROSE = re.compile(
    r"""
      \{\w+(?::[^}]*)?\}                 # a computed value
    | <?https?://\S+                     # an address
    | \[[^\]]*\]\([^)]*\)                # what is left of a link
    """,
    re.VERBOSE,
)
OUT = re.compile(r"\{(\w+)(?::[^}]*)?\}")


def find_typed(page: str, lines: Iterable[Line], typed: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each number that is typed where a reader takes it for a result.

    typed: the texts that the page may type, each with its reason. One that the page does not have
    is a problem too. In formulas small whole numbers are algebra; decimals and larger ones are not.
    """
    used: set[str] = set()
    for line in lines:
        text = line.text
        for allowed in typed:
            pattern = rf"(?<![\w.]){re.escape(allowed)}(?![\w]|[.,]\d)"
            if re.search(pattern, text):
                used.add(allowed)
                text = re.sub(pattern, " ", text)
        formulas = " ".join(re.findall(r"\$([^$]+)\$", text))
        found = re.findall(r"\d*\.\d+|\d\d+", formulas.replace(r"\log_{10}", " "))
        text = re.sub(r"\$\$?[^$]*\$\$?", " ", text)
        # Code that is a number is a number.
        text = re.sub(r"`([^`]*)`", lambda m: m[1] if NUMBER.fullmatch(m[1].strip()) else " ", text)
        text = re.sub(r"^\d+\.\s", "", NOT_PROSE.sub(" ", text))
        for number in [*found, *NUMBER.findall(text)]:
            yield Problem(
                page,
                f"line {line.number}",
                f"types '{number}'; compute it and show it with out, or declare it under TYPED",
            )
    for text in typed:
        if text not in used:
            yield Problem(page, "TYPED", f"allows '{text}', which the page does not type")


def find_quoted(lines: Iterable[Line]) -> list[str]:
    """Return each place where prose shows an output, with the words next to it."""
    found = []
    for line in lines:
        # Braces in formulas and code are their own.
        words = re.sub(r"\$[^$]*\$|`[^`]*`", "…", line.text.replace("$$", "$")).split()
        for place, word in enumerate(words):
            if OUT.search(word) and line.kind != "comment":
                found.append(" ".join(words[max(0, place - 3) : place + 3]))
    return found


def find_counted(lines: Iterable[Line]) -> list[str]:
    """Return each line that counts in words."""
    return [line.text for line in lines if line.kind != "comment" and COUNTING.search(line.text)]


def find_claims(cells: Iterable[Block]) -> Iterator[tuple[int, str]]:
    """Yield line and sentence of each `claim` that a cell makes."""
    for cell in cells:
        for node in _calls(cell.body):
            if _name(node.func) == "claim" and node.args:
                sentence = node.args[0]
                text = sentence.value if isinstance(sentence, ast.Constant) else ""
                yield cell.body_number + node.lineno - 1, str(text)


def check_claims(page: str, content: Page) -> Iterator[Problem]:
    """Yield a problem for each claim whose sentence is not on the page."""
    # A sentence may go over several lines.
    said = " ".join(line.text for line in content.lines if line.kind != "comment")
    for number, sentence in find_claims(content.cells):
        if not sentence or " ".join(sentence.split()) not in said:
            yield Problem(
                page,
                f"line {number}",
                f"vouches for a sentence that the page does not have: '{sentence}'",
            )


def check_cells(page: str, content: Page) -> Iterator[Problem]:
    """Yield a problem for each cell that does not run, and each value that is typed."""
    for cell in content.cells:
        for tag in sorted(cell.tags & {"skip-execution", "raises-exception"}):
            yield Problem(page, f"line {cell.number}", f"has a cell that does not run: {tag}")
        for node in _calls(cell.body):
            if _name(node.func) == "show":
                for given in node.keywords:
                    if given.arg and not any(
                        isinstance(n, ast.Name) for n in ast.walk(given.value)
                    ):
                        said = "is handed over as typed; compute it"
                        yield Problem(page, given.arg, said)


@functools.cache
def _calls(code: str) -> list[ast.Call]:
    """Return all that a cell calls, nothing where its code is broken: its run says so."""
    try:
        return [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    except SyntaxError:
        return []


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
