"""The documented outputs: what `outputs.toml` promises, and whether the site keeps it.

Run as a program, it builds the site from scratch and compares three witnesses with each promise:
a fresh computation by `linreg`, what the executed page computed, and what its HTML shows.
"""

import argparse
import ast
import difflib
import functools
import json
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.build import pictures
from press.pages import DOCS, find_pages

README_PICTURE = "docs/_static/question.svg"


@dataclass(frozen=True)
class Output:
    """One documented output: see the head of `outputs.toml` for what each field means."""

    name: str
    page: str
    shown: str
    meaning: str
    fresh: str
    kind: str = "text"
    format: str = ""

    def render(self, value: Any) -> str:
        """Return `value` as a reader sees it."""
        if self.kind == "table":
            return "\n".join(" | ".join(str(cell) for cell in row) for row in value)
        text = format(value, self.format)
        return text.replace("-", "−") if self.kind == "text" and self.format else text


@dataclass(frozen=True)
class Contract:
    """All that `outputs.toml` says."""

    outputs: dict[str, Output]
    figures: dict[str, list[str]]
    typed: list[dict[str, str]]

    def of_page(self, page: str, kind: str) -> list[Output]:
        return [o for o in self.outputs.values() if o.page == page and o.kind == kind]


def load_contract(docs: Path = DOCS) -> Contract:
    """Read `outputs.toml`; raise ValueError when a name is there twice."""
    return _as_contract((docs / "outputs.toml").read_text(encoding="utf-8"))


@functools.cache  # every page asks
def _as_contract(text: str) -> Contract:
    data = tomllib.loads(text)
    outputs: dict[str, Output] = {}
    for fields in data["output"]:
        output = Output(**{**fields, "shown": fields["shown"].strip("\n")})
        if output.name in outputs:
            raise ValueError(f"outputs.toml has two entries named {output.name}; rename one")
        outputs[output.name] = output
    return Contract(outputs, data["figures"], data["typed"])


def compute_fresh(contract: Contract) -> dict[str, str]:
    """Compute every documented output anew with `linreg`, as text."""
    import linreg
    from press import fresh

    scope = {name: getattr(linreg, name) for name in linreg.__all__} | vars(fresh)
    return {
        name: output.render(eval(output.fresh, scope)) for name, output in contract.outputs.items()
    }


def read_glued(executed: Path, page: str) -> dict[str, Any]:
    """Return what the cells of an executed page handed to `show`, by name."""
    path = executed / f"{page}.glue.json"
    if not path.exists():
        return {}
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {name: _literal(entry["data"]["text/plain"]) for name, entry in entries.items()}


def read_built(executed: Path, output: Output) -> Any:
    """Return the value of `output` that its executed page computed or printed, or None."""
    if output.kind != "printed":
        return read_glued(executed, output.page).get(output.name)
    lines = _printed(json.loads((executed / f"{output.page}.ipynb").read_text(encoding="utf-8")))
    return _nearest(output.shown, lines)


def _printed(notebook: dict[str, Any]) -> list[str]:
    results = [result for cell in notebook["cells"] for result in cell.get("outputs", [])]
    streams = ["".join(r["text"]) for r in results if r["output_type"] == "stream"]
    return [line for stream in streams for line in stream.splitlines()]


def _nearest(line: str, lines: list[str]) -> str | None:
    """Return that of `lines` which is `line`, or else is most like it."""
    return (
        line if line in lines else next(iter(difflib.get_close_matches(line, lines, 1, 0.4)), None)
    )


def _literal(text: str) -> Any:
    return float(text) if text in ("inf", "-inf", "nan") else ast.literal_eval(text)


def find_problems(docs: Path, html: Path, fresh: dict[str, str]) -> list[str]:
    """Return a sentence for each way in which the built site breaks its contract."""
    contract = load_contract(docs)
    found = defaultdict(list)
    problems = list(lint_prose(docs, contract))
    executed = html.parent / "jupyter_execute"
    problems += [*_check_picture(docs, executed), *_check_stylesheets(html)]
    pages = {path.stem: _soup(path) for path in sorted(html.glob("*.html"))}

    for output in contract.outputs.values():
        if fresh[output.name] != output.shown:
            problems.append(_differs(output, "linreg computes", fresh[output.name]))
    for page, soup in pages.items():
        problems += _check_requests(page, soup)
        problems += _check_figures(page, soup, contract.figures.get(page, []))
        for name, text in [*_shown_values(soup), *_alt_values(soup, contract)]:
            found[name].append((page, text))
        notebook = executed / f"{page}.ipynb"
        if notebook.exists():
            run = json.loads(notebook.read_text(encoding="utf-8"))
            problems += _check_printed(page, run, soup, contract.of_page(page, "printed"))
            problems += _check_glued(page, read_glued(executed, page), contract)
    for output in contract.outputs.values():
        if output.kind == "printed":
            continue
        if not found[output.name]:
            problems.append(
                f"{output.page}: no page shows {output.name}, documented as {_quote(output.shown)}"
            )
        for page, text in found[output.name]:
            if text != output.shown:
                problems.append(_differs(output, f"the HTML of {page} shows", text))
    return problems


def _differs(output: Output, witness: str, value: str) -> str:
    return (
        f"{output.page}: {output.name} is documented as {_quote(output.shown)}, "
        f"and {witness} {_quote(value)}"
    )


def _quote(text: str) -> str:
    return f"\n{text}\n" if "\n" in text else f"'{text}'"


def _soup(path: Path) -> Any:
    from bs4 import BeautifulSoup

    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


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


# What a browser fetches by itself, as opposed to links, which a reader follows.
FETCHED = "script[src], img[src], iframe[src], source[src], link[rel~=stylesheet], link[rel~=icon]"


def _check_requests(page: str, soup: Any) -> Iterator[str]:
    for element in soup.select(FETCHED):
        address = element.get("src") or element.get("href", "")
        if re.match(r"(https?:)?//", address):
            yield f"{page}: asks another host for {address}; serve it from the site"


def _check_stylesheets(html: Path) -> Iterator[str]:
    for path in sorted(html.rglob("*.css")):
        for address in re.findall(
            r"""(?:url\(|@import)\s*['"]?((?:https?:)?//[^'")]*)""", path.read_text()
        ):
            yield f"{path.name}: asks another host for {address}; serve it from the site"


def _check_picture(docs: Path, executed: Path) -> Iterator[str]:
    picture = docs.parent / README_PICTURE
    if not picture.exists() or picture.read_text(encoding="utf-8") != draw_picture(executed):
        yield (
            f"README: {README_PICTURE} is not the figure that the home page draws; "
            "run nox -s check -- --record"
        )


def draw_picture(executed: Path) -> str:
    """Return the home page's figure as an SVG that stands alone."""
    notebook = json.loads((executed / "index.ipynb").read_text(encoding="utf-8"))
    results = [result for cell in notebook["cells"] for result in cell.get("outputs", [])]
    drawn = (r["data"]["image/svg+xml"] for r in results if "image/svg+xml" in r.get("data", {}))
    return pictures.standalone_svg("".join(next(drawn, "")))


def _alt_values(soup: Any, contract: Contract) -> Iterator[tuple[str, str]]:
    """Yield name and text of each value in an alt text: as documented, or else the whole of it."""
    for svg in soup.select("svg[data-values]"):
        for name in svg["data-values"].split():
            shown, text = contract.outputs[name].shown, svg["aria-label"]
            yield name, shown if re.search(rf"(?<!\d){re.escape(shown)}(?!\d)", text) else text


def _check_figures(page: str, soup: Any, names: list[str]) -> Iterator[str]:
    drawn = {figure.get("id"): figure for figure in soup.select("figure")}
    for name in names:
        if name not in drawn:
            yield f"{page}: the figure {name} is documented, and the HTML does not have it"
    for name, figure in drawn.items():
        svg = figure.select_one("svg")
        if name not in names:
            yield f"{page}: the figure {name} is shown, and outputs.toml does not know it"
        if svg is None:
            yield f"{page}: the figure {name} has no picture; end its cell with plt.show()"
            continue
        for axes in svg.find_all("g", id=re.compile(r"axes_\d+$")):
            # Here matplotlib puts frame, axis and text groups; data are what else there is.
            groups = [group.get("id", "") for group in axes.find_all("g", recursive=False)]
            if all(re.search(r"(patch|axis|text|legend)_\d+$", group) for group in groups):
                yield f"{page}: the figure {name} is empty: one of its axes shows no data"
        if not svg.get("aria-label", "").strip():
            yield f"{page}: the figure {name} has no alt text"


def _check_printed(page: str, notebook: Any, soup: Any, outputs: list[Output]) -> Iterator[str]:
    printed, seen = _printed(notebook), []
    for cell in notebook["cells"]:
        for result in cell.get("outputs", []):
            kind, data = result["output_type"], result.get("data", {})
            if kind == "execute_result" or {"text/html", "text/latex"} & data.keys():
                source = "".join(cell["source"]).splitlines()[-1]
                yield f"{page}: a cell shows a bare result; print it, or use show(): {source}"
    for block in soup.select(".cell_output .stream pre"):
        seen += block.get_text().splitlines()
    for output in outputs:
        for witness, lines in (("the executed page prints", printed), ("the HTML shows", seen)):
            if output.shown not in lines:
                yield _differs(output, witness, _nearest(output.shown, lines) or "nothing like it")
    known = {output.shown for output in outputs}
    for line in sorted({*printed, *seen} - known):
        if re.search(r"\d", line):
            yield f"{page}: prints '{line}', and outputs.toml does not know it"


def _check_glued(page: str, glued: dict[str, Any], contract: Contract) -> Iterator[str]:
    for name, value in glued.items():
        output = contract.outputs.get(name)
        if output is None:
            yield f"{page}: computes {name} = {value!r}, and outputs.toml does not know it"
        elif output.page != page:
            yield f"{page}: computes {name}, which outputs.toml places on {output.page}"
        elif output.render(value) != output.shown:
            yield _differs(output, "the executed page computes", output.render(value))
    for kind in ("text", "math", "table"):
        for output in contract.of_page(page, kind):
            if output.name not in glued:
                shown = _quote(output.shown)
                yield f"{page}: {output.name} is documented as {shown}, and no cell computes it"


# What may hold digits without stating a result; a search for numbers skips it.
NOT_PROSE = re.compile(
    r"""
      \{(?!out\b)[\w:-]+\}`[^`]*`        # a role, such as {term}`epoch`
    | \{out\}`[^`]*`                     # a computed value
    | \{[a-z][a-z0-9_]*\}                # a computed value in an alt text
    | (?<=\])\([^)]*\) | <https?://[^>]*>  # an address
    | `[^`]*`                            # code
    | \$\$?[^$]*\$\$?                    # a formula: looked at on its own
    """,
    re.VERBOSE,
)
NUMBER = re.compile(r"(?<![\w.])[−-]?\d[\d.,]*\d*(?:e[+-]?\d+)?")


def lint_prose(docs: Path, contract: Contract) -> Iterator[str]:
    """Yield a sentence for each number that is typed where a reader takes it for a result.

    Looks at prose, captions, alt texts, formulas and comments of all pages and the README.
    In formulas whole numbers are algebra; only decimals are results.
    """
    for name, path in [*find_pages(docs).items(), ("README", docs.parent / "README.md")]:
        allowed = [
            re.compile(rf"(?<![\w.]){re.escape(entry['text'])}(?!\w)")
            for entry in contract.typed
            if entry.get("page", name) == name
        ]
        text = path.read_text(encoding="utf-8")
        # A formula of several lines is looked at as one.
        text = re.sub(r"(?s)\$\$.*?\$\$", _on_one_line, text)
        for number, line in _prose(text):
            formulas = " ".join(re.findall(r"\$([^$]+)\$", line))
            decimals = re.findall(r"\d+\.\d+", formulas)
            text = NOT_PROSE.sub(" ", line)
            for pattern in allowed:
                text = pattern.sub(" ", text)
            for typed in [*decimals, *NUMBER.findall(text)]:
                yield (
                    f"{name}: line {number} types '{typed}'; compute it and show it with out, "
                    "or declare it in outputs.toml under typed"
                )


def _on_one_line(match: re.Match[str]) -> str:
    return match[0].replace("\n", " ") + "\n" * match[0].count("\n")


TITLED = ("{admonition}", "{card}", "{dropdown}", "{grid-item-card}", "{tab-item}")


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line that readers read: no code, no options of directives."""
    code, metadata, fence = False, False, ""
    head = text.startswith("---\n")
    for number, line in enumerate(text.splitlines(), 1):
        stripped = re.sub(r"^\d+\.\s", "", line.strip())
        if head:
            head = number == 1 or stripped != "---"
            if stripped.startswith("description:"):
                yield number, stripped
            continue
        opening = re.match(r"(`{3,}|:{3,})([^`:].*)", stripped)
        if opening and not fence:
            language = opening[2].strip()
            code = not language.startswith("{") or language.startswith(
                ("{code", "{out", "{toctree")
            )
            fence = opening[1] if code else ""
            metadata = False
            if language.startswith(TITLED):
                yield number, language
        elif fence and stripped == fence:
            fence, code, metadata = "", False, False
        elif code:
            if stripped == "---":
                metadata = not metadata
            elif metadata:
                yield number, re.sub(r"^\s*[\w-]+:\s?", "", line)
            elif comment := re.search(r"#\s(.*)", line):
                yield number, comment[1]
        elif not re.match(r":(?!alt|caption)[\w-]+:", stripped):
            yield number, stripped


def build(docs: Path, html: Path, *options: str) -> str:
    """Build the site into `html`; return what went wrong, empty when nothing did."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "2", *options]
    result = subprocess.run([*command, docs, html], capture_output=True, text=True)
    if result.returncode == 0:
        return ""
    # Tracebacks of cells come in colours, as terminals want them.
    said = re.sub(r"\x1b\[[\d;]*m", "", result.stderr).strip()
    return said or f"sphinx stopped with exit code {result.returncode}"


def record(docs: Path, fresh: dict[str, str]) -> Iterator[str]:
    """Write the fresh values into `outputs.toml`; yield each difference."""
    import tomlkit

    path = docs / "outputs.toml"
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    entries: Iterable[Any] = document["output"]
    for entry in entries:
        before, now = entry["shown"].strip("\n"), fresh[entry["name"]]
        if before != now:
            yield f"{entry['page']}: {entry['name']}: {_quote(before)} -> {_quote(now)}"
            several = "\n" in now
            entry["shown"] = tomlkit.string(f"\n{now}\n" if several else now, multiline=several)
    path.write_text(tomlkit.dumps(document), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true", help="write the values of this build down")
    parser.add_argument("--built", action="store_true", help="check the site that is built already")
    arguments = parser.parse_args()
    sys.path.insert(0, str(DOCS.parent))
    html = DOCS / "_build" / ("html" if arguments.built else "check/html")
    if arguments.record:
        print(*record(DOCS, compute_fresh(load_contract())), sep="\n")
    if not arguments.built and (failed := build(DOCS, html, "-E")):
        sys.exit(f"the site does not build:\n{failed}")
    if arguments.record:
        picture = draw_picture(html.parent / "jupyter_execute")
        (DOCS.parent / README_PICTURE).write_text(picture, encoding="utf-8")
    contract = load_contract()
    problems = find_problems(DOCS, html, compute_fresh(contract))
    if problems:
        sys.exit("\n".join([*problems, f"{len(problems)} documented outputs do not hold"]))
    figures = sum(map(len, contract.figures.values()))
    print(f"{len(contract.outputs)} documented outputs and {figures} figures hold")


if __name__ == "__main__":
    main()
