"""Is a reader's table read as it was meant, or told to be unreadable, and never read wrongly?"""

import contextlib
import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interactive import table
from press.build.interactive import STATIC, papaparse
from tests.interactive.conftest import Script, running

DATA = table.figure().data


@pytest.fixture(scope="module")
def table_js(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Script]:
    """What reads tables, with PapaParse as the site serves it, and what writes programs."""
    folder = tmp_path_factory.mktemp("table")
    (folder / "papaparse.js").write_text(papaparse(), encoding="utf-8")
    path = folder / "plain.js"
    path.write_text(
        f"""
        import Papa from "./papaparse.js";
        import * as reading from "{(STATIC / "reading.js").as_uri()}";
        import {{ sources }} from "{(STATIC / "programs.js").as_uri()}";
        import {{ filled }} from "{(STATIC / "text.js").as_uri()}";
        const parse = (text, options) => Papa.parse(text, options);
        export const lossesOf = (printed) => reading.lossesOf(printed).map(String);
        export const read = (text, options) => reading.readTable(text, parse, options);
        export const decode = (hex) =>
          reading.decode(Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16)));
        export function work(text, xs, y, file, encoding, data, kind) {{
          const table = read(text);
          const {{ columns, y: goal, rows, left }} = reading.chosen(table, xs, y);
          const all = [...columns, goal];
          const given = {{ table, text, xs, y, columns: all, file, encoding }};
          const pieces = sources(given, data.pieces, data.few);
          const program = filled(data[kind], {{ ...pieces, seed: data.seed }});
          return {{ program, ...pieces, columns: all, rows, left }};
        }}
        """,
        encoding="utf-8",
    )
    with running(path) as script:
        yield script


def values(found: Any, column: int) -> list[float]:
    """Return a column's values, with nan where a cell has none."""
    return [math.nan if v is None else float(v) for v in found["columns"][column]["values"]]


def same(found: list[float], expected: list[float]) -> bool:
    return len(found) == len(expected) and all(
        f == e or (math.isnan(f) and math.isnan(e)) for f, e in zip(found, expected, strict=True)
    )


NAN = math.nan


@pytest.mark.parametrize(
    ("text", "names", "columns"),
    [
        ("a,b\n1,2\n3,4", ["a", "b"], [[1, 3], [2, 4]]),
        ("1\t2\n3\t4\n", ["column 1", "column 2"], [[1, 3], [2, 4]]),
        ("\ufeffa;b\r\n1,5;2,25\r\n3;4\r\n", ["a", "b"], [[1.5, 3], [2.25, 4]]),
        ("a;b\n1.234,5;2\n3;4\n", ["a", "b"], [[1234.5, 3], [2, 4]]),
        ('a,b\n"1,234.5",2\n3,4\n', ["a", "b"], [[1234.5, 3], [2, 4]]),
        ("a b\n1 2\n3   4\n", ["a", "b"], [[1, 3], [2, 4]]),
        ("a|b\n1|2\n", ["a", "b"], [[1], [2]]),
        ("a\tb\n1 234\t5\n2 000\t6\n", ["a", "b"], [[1234, 2000], [5, 6]]),
        ("a\tb\n1'234\t−5\n2’000\t+6e-1\n", ["a", "b"], [[1234, 2000], [-5, 0.6]]),
        ("a,b\n\n1,2\n\n3,4\n\n", ["a", "b"], [[1, 3], [2, 4]]),
        ("Report\n\na,b\n1,2\n3,4\n", ["a", "b"], [[1, 3], [2, 4]]),
        ("# by hand\n1,2\n3,4\n", ["column 1", "column 2"], [[1, 3], [2, 4]]),
        ("sep=;\na;b\n1;2\n", ["a", "b"], [[1], [2]]),
        ("a,b\n1,NA\n,4\n5,6\n", ["a", "b"], [[1, NAN, 5], [NAN, 4, 6]]),
        ("a,b\n1,2,\n3,4,\n", ["a", "b"], [[1, 3], [2, 4]]),
        ("a,a,\n1,2,3\n", ["a", "a (2)", "column 3"], [[1], [2], [3]]),
        ('"a ""b""","c\nd"\n1,2\n', ['a "b"', "c d"], [[1], [2]]),
        ("a,b\n12%,1\n13%,2\n0.5,3\n", ["a", "b"], [[12, 13, NAN], [1, 2, 3]]),
        ("price,n\n$1.50,1\n$2,2\n", ["price", "n"], [[1.5, 2], [1, 2]]),
        ("a,b\n1e308,2\n1e309,3\n0x10,4\n5,Infinity\n6,7\n", ["a", "b"],
         [[1e308, NAN, NAN, 5, 6], [2, 3, 4, NAN, 7]]),
        ("n/m,1\n2,3\n4,5\n", ["column 1", "column 2"], [[NAN, 2, 4], [1, 3, 5]]),
        ("land,1960,1961,1962\nA,1,2,3\nB,4,5,6\n", ["land", "1960", "1961", "1962"],
         [[NAN, NAN], [1, 4], [2, 5], [3, 6]]),
        ("x y\n1,5 2,5\n2,5 3\n", ["x", "y"], [[1.5, 2.5], [2.5, 3]]),
        ("d,y\n2024-02-28,1\n2024-03-01,2\n", ["d", "y"], [[0, 2], [1, 2]]),
        ("d,y\n20240228,1\n20240229,2\n20240301,3\n", ["d", "y"], [[0, 1, 2], [1, 2, 3]]),
        ("d,y\n20240228,1\n20240229,2\n20249901,3\n", ["d", "y"],
         [[20240228, 20240229, 20249901], [1, 2, 3]]),
        ("d;y\n31.01.2024;1\n01.02.2024;2\n", ["d", "y"], [[0, 1], [1, 2]]),
        ("d\ty\n1/31/2024\t1\n2/1/2024\t2\n", ["d", "y"], [[0, 1], [1, 2]]),
        ("d\ty\n5 Jan 2024\t1\n6 jan 2024\t2\nsoon\t3\n", ["d", "y"], [[0, 1, NAN], [1, 2, 3]]),
        ("d,y\n2024-01-05T06:00:00Z,1\n2024-01-05T18:00:00Z,2\n", ["d", "y"], [[0, 0.5], [1, 2]]),
        ('speed dist\n"1" 4 2\n"2" 7 4\n', ["row", "speed", "dist"], [[1, 2], [4, 7], [2, 4]]),
    ],
)  # fmt: skip
def test_a_table_is_read_as_it_was_meant(
    table_js: Script, text: str, names: list[str], columns: list[list[float]]
) -> None:
    found = table_js.read(text)
    assert "problem" not in found, found
    assert [column["name"] for column in found["columns"]] == names
    for i, expected in enumerate(columns):
        assert same(values(found, i), expected), values(found, i)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\tb\n1,234\t5\n2,000\t6\n", "its comma parting thousands"),
        ("a;b\n1.234;5\n987;6\n", "choose the decimal comma"),
        ("a\tb\n1,5\t5\n2.5\t6\n2.5\t7\n", "those with a point were read"),
        ("a,b\n1,2\n3,4,5\n6,7\n", "more cells than there are columns, and is left out: row 3"),
        ("d,y\n1/2/2024,1\n3/4/2024,2\n", "choose which comes first"),
        ("d,y\n2024-01-05,1\n2024-01-07,2\n", "days since the first, 2024-01-05"),
        ("a,b\n12%,1\n13%,2\n", "without its %"),
        ("time,b\n1700000000,1\n1700086400,2\n", "Unix times in seconds, from 2023-11-14"),
        ("a,b\n1,2\n\n3,4\n", "1 empty row was skipped"),
        ("Report\na,b\n1,2\n", "1 line above the table was skipped"),
        ('a,b\n1,2\n"3,4\n5,6\n', "quotation marks were read as letters"),
        ("a,b\n1,2\n-999,4\n5,6\n", "1 cell with −999"),
    ],
)
def test_what_a_reader_should_know_is_said(table_js: Script, text: str, said: str) -> None:
    assert said in " ".join(table_js.read(text)["said"])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "nothing here yet"),
        (" \n\n", "nothing here yet"),
        ("a,b\n", "nothing below it"),
        ("# one\n# two\n", "a comment"),
        ("<!DOCTYPE html><p>1,2</p>", "web page"),
        ('[{"a": 1}]', "JSON"),
        ("x,y\n1,5,2,5\n3,5,4,5\n", "both between the cells and in the numbers"),
        ("a,b\n1,2,3,4,5,6,7,8\n", "If it has no names, choose so"),
    ],
)
def test_what_is_no_table_gets_a_sentence(table_js: Script, text: str, problem: str) -> None:
    assert problem in table_js.read(text)["problem"]


def test_cells_that_cannot_be_read_are_named_by_row_and_column(table_js: Script) -> None:
    found = table_js.read("a,b\n1,2\nn/m,3\n\n4,<b>5</b>\n6,7\n")
    unread = {c["name"]: c["unread"] for c in found["columns"]}
    assert unread["a"] == [{"row": 3, "text": "n/m"}]
    assert unread["b"] == [{"row": 5, "text": "<b>5</b>"}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(200, 250)), "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0", "a picture (JPEG)"),
        (b"PK\x03\x04", "a workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x00\x01\x02\x03", "is no text"),
    ],
)
def test_a_file_that_is_no_text_is_told_for_what_it_is(
    table_js: Script, content: bytes, said: str
) -> None:
    assert said in table_js.decode(content.hex())["problem"]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16le"),
        ("cp1252", "windows-1252"),
    ],
)
def test_text_of_any_spreadsheet_is_read(table_js: Script, encoding: str, name: str) -> None:
    found = table_js.decode("größe;m²\n1;2\n".encode(encoding).hex())
    assert found == {"text": "größe;m²\n1;2\n", "encoding": name}


# Drawn files ------------------------------------------------------------------------------------

numbers = st.one_of(
    st.integers(-99_999_999, 99_999_999).map(float),
    st.integers(-99_999_999, 99_999_999).map(lambda n: n / 1000),
    st.integers(-9999, 9999).map(lambda n: n / 10),
    st.floats(allow_nan=False, allow_infinity=False),
)
JUNK = [
    "n/m",
    "<b>x</b>",
    "12a",
    "1-2",
    "1.2.3",
    "NA",
    "",
    "-",
    "=A1",
    "1e999",
    "\u202e1",
    "1,2,3;4",
]


def written(value: float, decimal: str, group: str, powers: bool) -> str:
    """Return a number as a spreadsheet of some country writes it."""
    if powers or abs(value) >= 1e15 or (value and abs(value) < 1e-6):
        text = repr(value)
    else:
        text = f"{value:,.10f}".rstrip("0").rstrip(".") if "." in f"{value:,.10f}" else f"{value:,}"
        if float(text.replace(",", "")) != value:
            text = repr(value)
    return text.replace(",", "\0").replace(".", decimal).replace("\0", group)


@st.composite
def files(draw: Any) -> tuple[str, list[list[Any]]]:
    """Return a file's text, and what its cells are: None for what is no number."""
    delimiter = draw(st.sampled_from([",", ";", "\t", "|", " "]))
    decimal = draw(st.sampled_from(".,"))
    group = draw(st.sampled_from(["", "", ",", ".", "'", "\u202f"]))
    if group == decimal or (delimiter == " " and group == "\u202f"):
        group = ""
    width, height = draw(st.integers(2, 4)), draw(st.integers(3, 12))
    powers = draw(st.booleans())
    cells = [[draw(numbers) for _ in range(width)] for _ in range(height)]
    texts = [[written(v, decimal, group, powers) for v in row] for row in cells]
    meant: list[list[Any]] = [list(row) for row in cells]
    for _ in range(draw(st.integers(0, 2))):
        i, j = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
        junk = draw(st.sampled_from([j for j in JUNK if delimiter != " " or j]))
        texts[i][j], meant[i][j] = junk, None
    header = draw(st.booleans())
    rows = ([[f"c{j}" for j in range(width)]] if header else []) + texts
    out = io.StringIO()
    end = draw(st.sampled_from(["\n", "\r\n"]))
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    text = out.getvalue()
    if draw(st.booleans()):
        text = text.replace(end, end + end, 1)
    return ("\ufeff" if draw(st.booleans()) else "") + text, meant


@given(drawn=files())
@settings(max_examples=250, deadline=None)
def test_no_number_of_a_drawn_file_is_read_wrongly(table_js: Script, drawn: Any) -> None:
    text, meant = drawn
    found = table_js.read(text)
    if "problem" in found:
        assert found["problem"].endswith(".")
        return
    doubt = any("parting thousands" in said or "decimal" in said for said in found["said"][1:])
    if len(found["columns"]) != len(meant[0]) or len(found["rowNumbers"]) != len(meant):
        # Another way to part the cells is seen by everyone, in the first sentence; or rows were
        # left out, and told.
        return
    for j, column in enumerate(found["columns"]):
        unread = {cell["row"] for cell in column["unread"]}
        for i, value in enumerate(values(found, j)):
            expected = meant[i][j]
            if not math.isnan(value):
                assert doubt or value == expected, (text, column, i)
            elif expected is not None and column["kind"] == "numbers":
                assert found["rowNumbers"][i] in unread, (text, column, i)


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_gets_a_table_or_a_sentence(table_js: Script, text: str) -> None:
    found = table_js.read(text)
    assert found.get("problem", "").endswith(".") or found["said"][0].endswith(".")
    for j in range(len(found["columns"])):
        assert not any(math.isinf(value) for value in values(found, j))


@given(content=st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_get_a_text_or_a_sentence(table_js: Script, content: bytes) -> None:
    found = table_js.decode(content.hex())
    assert found.get("problem", ".").endswith(".")
    if "text" in found:
        read = table_js.read(found["text"])
        assert read.get("problem", "").endswith(".") or read["said"]


# Programs ---------------------------------------------------------------------------------------


def run(program: str) -> tuple[dict[str, Any], list[str]]:
    """Return a program's names, and the lines that it prints."""
    said, names = io.StringIO(), {}  # type: ignore[var-annotated]
    with contextlib.redirect_stdout(said):
        exec(compile(program, "program", "exec"), names)
    return names, said.getvalue().splitlines()


@given(drawn=files())
@settings(max_examples=60, deadline=None)
def test_a_program_reads_from_a_file_what_the_page_has_read(
    table_js: Script, tmp_path_factory: pytest.TempPathFactory, drawn: Any
) -> None:
    text, _ = drawn
    found = table_js.read(text)
    places = [i for i, c in enumerate(found["columns"]) if c["kind"] in ("numbers", "dates")]
    if "problem" in found or len(places) < 2:
        return
    path = tmp_path_factory.getbasetemp() / "drawn.csv"
    path.write_bytes(text.encode())
    data = {**DATA, "few": 0, "only": "$imports\n$read\n"}
    work = table_js.work(text, [places[0]], places[1], str(path), "utf-8", data, "only")
    if len(work["rows"]) < 1:
        return
    names, _ = run(work["program"])
    for row, expected in zip(names["table"], zip(*work["columns"], strict=True), strict=True):
        # The quick reader of pandas may be off in the last digit.
        assert row == pytest.approx(expected, rel=1e-14, abs=0), work["program"]


# A table from a shop, as messy as they come.
MESSY = """Sales of the week;;;

day;visitors;ice cream;turnover
01.07.2024;120;35 %;1.204,50
02.07.2024;95;n/m;980,00
03.07.2024;;41 %;1.250,75
04.07.2024;150;44 %;1.499,10
05.07.2024;ca. 160;45 %;1.602,00
06.07.2024;175;52 %;1.790,40;rain
07.07.2024;210;61 %;2.150,00
08.07.2024;190;55 %;1.930,20
;;;
"""


# As clean as few: names, dates and empty cells that pandas knows.
DATED = "day,sold\n" + "".join(
    f"2024-0{m}-{d:02},{3 * m + d % 4 + d}\n" for m in (1, 2) for d in range(1, 20)
)
DATED += "2024-03-01,\n,5\nsoon,7\n"


def oracle(columns: list[list[float]]) -> tuple[list[float], float]:
    """Return slopes and intercept by statsmodels."""
    import statsmodels.api as sm

    *x, y = (np.array(column) for column in columns)
    design = sm.add_constant(np.column_stack(x), has_constant="add")
    intercept, *slopes = sm.OLS(y, design).fit().params
    return slopes, intercept


@pytest.mark.parametrize("kind", ["program", "pandas"])
@pytest.mark.parametrize(
    ("name", "x", "y", "few"),
    [
        ("students", [0], 1, 400),
        ("students", [0], 1, 0),
        ("cars", [0], 1, 0),
        ("norris", [0], 1, 0),
        ("penguins", [2, 3, 4], 5, 400),
        ("longley", [0, 1, 2, 3, 4, 5], 6, 400),
        ("longley", [0, 1, 2, 3, 4, 5], 6, 0),
        ("dated", [0], 1, 0),
        ("messy", [0], 3, 400),
        ("messy", [0, 1], 3, 0),
        ("messy", [0, 2], 3, 0),
    ],
)
def test_a_copied_program_trains_to_the_line_of_statsmodels(
    table_js: Script, tmp_path: Path, name: str, x: list[int], y: int, few: int, kind: str
) -> None:
    texts = {preset["name"]: preset["state"]["text"] for preset in DATA["presets"]}
    text = {**texts, "messy": MESSY, "dated": DATED}[name]
    path = tmp_path / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    work = table_js.work(text, x, y, str(path), "utf-8", {**DATA, "few": few}, kind)
    assert ("pandas" in work["program"]) == ((few == 0 and name != "messy") or name == "penguins")
    assert (str(path) in work["program"]) == (few == 0 or name == "penguins")
    names, lines = run(work["program"])
    slopes, intercept = oracle(work["columns"])
    assert [float(s) for s in names["slopes"]] == pytest.approx(slopes, rel=1e-5)
    assert float(names["intercept"]) == pytest.approx(intercept, rel=1e-5)
    assert lines[0].startswith(f"{len(work['rows'])} rows")
    if kind == "program":
        assert lines[-1] == "Least squares agrees."


def test_names_of_any_kind_stay_text_in_a_program(table_js: Script, tmp_path: Path) -> None:
    text = 'a"); print("ran,{b}\\n\n1,2\n2,3\n3,5\n'
    path = tmp_path / 'x"; import os.csv'
    path.write_text(text, encoding="utf-8")
    for few in (0, 400):
        given = (text, [0], 1, str(path), "utf-8", {**DATA, "few": few}, "pandas")
        names, lines = run(table_js.work(*given)["program"])
        assert names["names"] == ['a"); print("ran', "{b}\\n"]
        assert "ran" not in lines


@pytest.mark.parametrize(
    ("printed", "losses"),
    [
        ("0.5\n0.25\n", ["0.5", "0.25"]),
        ("epoch 1, loss 0.5\nepoch 2, loss 2.5e-1\n", ["0.5", "0.25"]),
        ("Epoch 1/9 - loss: 0.5 - val_loss: 0.7 - 3s\n", ["0.5"]),
        ("tensor(0.5, grad_fn=<MseLossBackward0>)\n", ["0.5"]),
        ("[3.0, 2.0, nan, inf]", ["3", "2", "NaN", "Infinity"]),
        ("10 0.5 done", ["0.5"]),
        ("no number", []),
    ],
)
def test_losses_are_found_in_what_a_loop_prints(
    table_js: Script, printed: str, losses: list[str]
) -> None:
    assert table_js.lossesOf(printed) == losses
