"""Do the record, a fresh computation, the executed page and its HTML agree on every output?"""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from press.contract import Contract, Output, Problem

RECORD_IT = "run nox -s check -- --record, and read the diff"
# How a new output begins, for whoever hands over a value that outputs.py does not have.
RECIPE = """add to outputs.py of this page:
    @output("what it is, in a few words", ".2f")
    def {name}() -> float:
        return ...  # computed anew, from linreg; rows of text under @table, LaTeX under @latex"""


def check_recorded(contract: Contract, fresh: Mapping[str, Any]) -> Iterator[Problem]:
    """Compare what is recorded with what linreg computes."""
    recorded = contract.recorded.values
    for output in contract.of_kind("text", "table", "latex"):
        if output.name not in fresh:
            continue  # reported where it failed
        now = output.render(fresh[output.name])
        if output.name not in recorded:
            yield Problem(contract.page, output.name, f"is not recorded yet; {RECORD_IT}")
        elif recorded[output.name] != now:
            yield _differs(contract, output.name, "linreg computes", now)
    for name in recorded.keys() - contract.outputs.keys():
        yield Problem(contract.page, name, f"is recorded, and outputs.py lacks it; {RECORD_IT}")


def _differs(contract: Contract, name: str, witness: str, value: str) -> Problem:
    recorded = _quote(contract.recorded.values.get(name, ""))
    return Problem(
        contract.page, name, f"is documented as {recorded}, and {witness} {_quote(value)}"
    )


def _quote(text: str) -> str:
    return f"\n{text}\n" if "\n" in text else f"'{text}'"


def check_executed(contract: Contract, handed: Mapping[str, Any]) -> Iterator[Problem]:
    """Compare what the page's cells handed over with what is recorded."""
    for name, value in handed.items():
        output = contract.outputs.get(name)
        if output is None or output.kind == "printed":
            said = f"is computed as {value!r}, and nothing documents it; {RECIPE.format(name=name)}"
            yield Problem(contract.page, name, said)
        elif (now := output.render(value)) != contract.recorded.values.get(name):
            yield _differs(contract, name, "the executed page computes", now)
    for output in contract.of_kind("text", "table", "latex"):
        if output.name not in handed:
            said = f"is documented, and no cell computes it; hand it to show({output.name}=...)"
            yield Problem(contract.page, output.name, said)


def check_shown(
    contracts: Mapping[str, Contract],
    shown: Mapping[str, Sequence[str]],
    soups: Mapping[str, Any],
    fresh: Mapping[str, Any],
) -> Iterator[Problem]:
    """Compare what the HTML shows with what is recorded.

    shown: the names that each page's text shows, with a format of their own as `name:format`.
    """
    owners = {name: contract for contract in contracts.values() for name in contract.outputs}
    expected: dict[tuple[str, str], set[str]] = defaultdict(set)
    for page, names in shown.items():
        for asked in names:
            name, _, format_ = asked.partition(":")
            if name in owners and name in fresh:
                output, recorded = owners[name].outputs[name], owners[name].recorded.values
                text = output.render(fresh[name], format_) if format_ else recorded.get(name, "")
                expected[page, name].add(text)
    seen = set()
    for page, soup in soups.items():
        for name, text in [*_shown_values(soup), *_alt_values(soup)]:
            seen.add(name)
            if name in owners and name in owners[name].recorded.values:
                texts = expected[page, name] or {owners[name].recorded.values[name]}
                if not any(t == text or t in _values_in(text, t) for t in texts):
                    yield _differs(owners[name], name, f"the HTML of {page} shows", text)
    for name, contract in owners.items():
        if name not in seen and contract.outputs[name].kind != "printed":
            yield Problem(
                contract.page, name, "is shown on no page; show it with {out}, or drop it"
            )


def _values_in(text: str, value: str) -> list[str]:
    """Return `value` where an alt text has it as a number of its own."""
    if not text.startswith(ALT):
        return []
    return [value] if re.search(rf"(?<!\d){re.escape(value)}(?!\d)", text) else []


ALT = "alt text: "


def _shown_values(soup: Any) -> Iterator[tuple[str, str]]:
    """Yield name and text of each value that the `out` role or directive put on a page."""
    for element in soup.select("[class*='out-']"):
        for css_class in element["class"]:
            # furo wraps tables and formulas in boxes that repeat their classes.
            if not css_class.startswith("out-") or (element.name == "div" and element.table):
                continue
            source = element.select_one("annotation[encoding='application/x-tex']")
            if element.name == "table":
                rows = [row.find_all(["th", "td"]) for row in element.find_all("tr")]
                text = "\n".join(" | ".join(c.get_text().strip() for c in row) for row in rows)
            elif source:
                text = source.get_text().strip()
            else:
                text = element.get_text()
            yield css_class.removeprefix("out-"), text


def _alt_values(soup: Any) -> Iterator[tuple[str, str]]:
    """Yield the name of each value in an alt text, and the whole of it."""
    for svg in soup.select("svg[data-values]"):
        for name in svg["data-values"].split():
            yield name, f"{ALT}{svg['aria-label']}"


def check_lines(
    contract: Contract, printed: Sequence[str], fresh: Mapping[str, Any]
) -> Iterator[Problem]:
    """See that every line with a number that snippets print is computed anew, and recorded."""
    known = {
        output.render(fresh[output.name]): output.name
        for output in contract.of_kind("printed")
        if output.name in fresh
    }
    for line, name in known.items():
        if line not in printed:
            nearest = _nearest(line, printed) or "nothing like it"
            said = f"is computed as '{line}', and the executed page prints '{nearest}'"
            yield Problem(contract.page, name, said)
    for line in printed:
        if line not in known and re.search(r"\d", line):
            said = "is printed, and nothing computes it anew; document it under `printed`"
            yield Problem(contract.page, f"'{line}'", said)
    yield from compare(contract, "printed", printed, contract.recorded.printed)


def check_printed(
    contract: Contract, notebook: Mapping[str, Any], printed: Sequence[str], soup: Any
) -> Iterator[Problem]:
    """See that the HTML shows what snippets print, and that none ends in a bare result."""
    for cell in notebook["cells"]:
        for result in cell.get("outputs", []):
            kind, data = result["output_type"], result.get("data", {})
            if kind == "execute_result" or {"text/html", "text/latex"} & data.keys():
                source = "".join(cell["source"]).splitlines()[-1]
                said = "ends a cell and shows a bare result; print it, or hand it to show()"
                yield Problem(contract.page, f"`{source}`", said)
    blocks = soup.select(".cell_output .stream pre")
    seen = [line for block in blocks for line in block.get_text().splitlines()]
    if seen != list(printed):
        yield from compare(contract, "printed in the HTML", seen, printed)


def _nearest(line: str, lines: Sequence[str]) -> str | None:
    """Return the line that is most like `line`."""
    return next(iter(difflib.get_close_matches(line, lines, 1, 0.4)), None)


def compare(
    contract: Contract, name: str, found: Sequence[str], recorded: Sequence[str]
) -> Iterator[Problem]:
    """Yield a problem for each line that the record has otherwise, or in another place."""
    before, now = list(recorded), list(found)
    for change, a, b, c, d in difflib.SequenceMatcher(None, before, now, False).get_opcodes():
        if change == "equal":
            continue
        was, is_ = "; ".join(before[a:b]), "; ".join(now[c:d])
        if not was:
            said = f"has '{is_}', which is not recorded; {RECORD_IT}"
        elif not is_:
            said = f"no longer has '{was}', which is recorded; mend it, or {RECORD_IT}"
        else:
            said = f"is recorded as '{was}', and now is '{is_}'; mend it, or {RECORD_IT}"
        yield Problem(contract.page, name, said)


def check_drawn(contract: Contract, drawn: Mapping[str, str]) -> Iterator[Problem]:
    """Compare what each figure draws with what is recorded."""
    recorded = contract.recorded.figures
    for name in [*dict.fromkeys([*recorded, *drawn])]:
        before, now = recorded.get(name, "").splitlines(), drawn.get(name, "").splitlines()
        if before != now:
            yield from compare(contract, f"{name} draws:", now, before)


def unmoved(outputs: Mapping[str, Output], before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[Problem]:  # fmt: skip
    """Yield a problem for each output that stayed when the students' data changed.

    Such a one is typed somewhere, and not computed, unless it is `fixed` and says why.
    """
    for name, output in outputs.items():
        if name not in before or name not in after:
            continue
        if before[name] == after[name] and not output.fixed:
            said = (
                "stays when a student's hours and score change; compute it from the data, "
                "or say why it is fixed=..."
            )
            yield Problem(output.page, name, said)
        if before[name] != after[name] and output.fixed:
            said = "is said to be fixed, and moves with the students' data; drop fixed=..."
            yield Problem(output.page, name, said)
