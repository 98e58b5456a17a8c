"""Does the check see what is wrong with the HTML, the record and the text of a page?"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from press.build import formulas
from press.check import figures, links, prose, values
from press.contract import Contract, Output, Recorded, load_contract, read_record, write_record
from press.drawn import describe
from press.markdown import read

SLOPE = Output(
    name="slope",
    kind="text",
    meaning="a slope",
    format=".2f",
    fixed="",
    compute=lambda: 14.4679,
    page="page",
)
RECORD = Recorded(values={"slope": "14.47"})
PAGE = Contract(page="page", path=Path("page.md"), outputs={"slope": SLOPE}, recorded=RECORD)
FRESH = {"slope": 14.4679}


def soup(html: str) -> Any:
    return BeautifulSoup(html, "lxml")


def shown(html: str, *asked: str, contract: Contract = PAGE) -> list[str]:
    found = values.check_shown({"page": contract}, {"page": asked}, {"page": soup(html)}, FRESH)
    return [problem.said for problem in found]


# What the HTML shows.


def test_a_value_as_recorded_is_right_and_another_is_not() -> None:
    assert shown('<span class="out-slope">14.47</span>', "slope") == []
    (said,) = shown('<span class="out-slope">14.48</span>', "slope")
    assert said == "is documented as '14.47', and the HTML of page shows '14.48'"


def test_a_value_in_a_format_of_its_own_is_rounded_from_the_whole() -> None:
    assert shown('<span class="out-slope">14.5</span>', "slope:.1f") == []
    assert len(shown('<span class="out-slope">14.4</span>', "slope:.1f")) == 1


def test_a_value_in_an_alt_text_is_found_as_a_number_of_its_own() -> None:
    picture = '<svg data-values="slope" aria-label="a line of slope {}"></svg>'
    assert shown(picture.format("14.47")) == []
    assert len(shown(picture.format("114.47"))) == 1


def test_a_value_that_no_page_shows_is_reported() -> None:
    assert "is shown on no page" in shown("<p></p>")[0]


def test_a_table_is_compared_cell_by_cell() -> None:
    table = replace(SLOPE, name="rows", kind="table", format="")
    record = Recorded(values={"rows": "Line | MSE\nbest | 1"})
    contract = replace(PAGE, outputs={"rows": table}, recorded=record)
    html = (
        '<div class="table-wrapper out-rows"><table class="out-rows">'
        "<tr><th>Line</th><th>MSE</th></tr><tr><td>best</td><td>{}</td></tr></table></div>"
    )
    assert shown(html.format(1), "rows", contract=contract) == []
    assert len(shown(html.format(2), "rows", contract=contract)) == 1


# What is recorded.


def test_a_value_that_linreg_computes_otherwise_is_reported() -> None:
    assert list(values.check_recorded(PAGE, FRESH)) == []
    (problem,) = values.check_recorded(PAGE, {"slope": 15.0})
    assert str(problem) == "page: slope is documented as '14.47', and linreg computes '15.00'"


def test_a_value_that_is_new_and_a_record_that_is_left_over_are_reported() -> None:
    (new,) = values.check_recorded(replace(PAGE, recorded=Recorded()), FRESH)
    assert "is not recorded yet; run nox -s check -- --record" in new.said
    (left,) = values.check_recorded(replace(PAGE, outputs={}), {})
    assert left.name == "slope" and "outputs.py lacks it" in left.said


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    recorded = Recorded(
        values={"a": "1", "b": "x | y\n1 | 2", "c": r"\text{it's} \bar x"},
        quoted=["about {a} points"],
        printed=["one 'quoted' line", "\"double\" and 'single'"],
        claims=["It is larger."],
        figures={"fig-a": "axes: x 'Hours' 0 to 1"},
    )
    write_record(tmp_path / "recorded.toml", recorded)
    assert read_record(tmp_path / "recorded.toml") == recorded


def test_lines_that_came_went_and_changed_are_told_apart() -> None:
    def compare(now: list[str], before: list[str]) -> list[str]:
        return [problem.said for problem in values.compare(PAGE, "printed", now, before)]

    assert compare(["a", "b"], ["a", "b"]) == []
    assert compare(["a", "b"], ["a"])[0].startswith("has 'b', which is not recorded")
    assert compare(["a"], ["a", "b"])[0].startswith("no longer has 'b'")
    assert compare(["a", "c"], ["a", "b"])[0].startswith("is recorded as 'b', and now is 'c'")
    assert len(compare(["b", "a"], ["a", "b"])) == 2


# Contracts.


def page_with(folder: Path, code: str) -> Contract:
    (folder / "page").mkdir()
    (folder / "page" / "outputs.py").write_text(code, encoding="utf-8")
    path = folder / "page" / "page.md"
    path.write_text("# Page\n")
    return load_contract("page", path)


def test_a_function_that_fails_is_reported_with_its_line(tmp_path: Path) -> None:
    from press.contract import compute_fresh

    code = 'from press.contract import output\n\n@output("it", ".2f")\ndef a():\n    return 1 / 0\n'
    computed, (problem,) = compute_fresh([page_with(tmp_path, code)])
    assert computed == {} and problem.name == "a"
    assert "ZeroDivisionError: division by zero (line 5 of " in problem.said
    assert "page/outputs.py" in problem.said


def test_a_value_that_its_format_does_not_fit_is_reported(tmp_path: Path) -> None:
    from press.contract import compute_fresh

    code = 'from press.contract import output\n\n@output("it", ".2f")\ndef a():\n    return "x"\n'
    _, (problem,) = compute_fresh([page_with(tmp_path, code)])
    assert "its format" in problem.said


# Figures.


def test_a_figure_that_is_missing_empty_silent_or_nameless_is_reported() -> None:
    full = (
        '<figure id="fig-a"><svg aria-label="dots"><g id="axes_1"><g id="patch_1"></g>'
        '<g id="PathCollection_1"></g></g></svg></figure>'
    )
    documented = {"fig-a": "axes"}

    def look(html: str) -> list[str]:
        return [p.said for p in figures.check_figures("page", soup(html), documented)]

    assert look(full) == []
    assert "HTML does not have it" in look("<p></p>")[0]
    assert "is empty" in look(full.replace("PathCollection_1", "text_1"))[0]
    assert "no alt text" in look(full.replace("dots", " "))[0]
    assert "has no picture" in look('<figure id="fig-a"></figure>')[0]
    assert any("without a name" in said for said in look(full.replace("fig-a", "id1")))


def test_a_colour_that_a_caption_names_and_nothing_has_is_reported() -> None:
    text = (
        "```{code-cell} python\n---\nmystnb:\n  figure:\n    name: fig-a\n"
        "    caption: The orange line is the trained one.\n---\nplt.show()\n```\n"
    )
    assert list(figures.check_colours("page", read(text), {"fig-a": "line #ff4500"})) == []
    (problem,) = figures.check_colours("page", read(text), {"fig-a": "line #4169e1"})
    assert "something orange" in problem.said


def test_a_description_says_all_that_a_figure_draws() -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    axes.plot([0, 1], [2, 3], color="orangered", linestyle="--")
    axes.scatter([1], [2], color="black")
    axes.vlines([1], 0, 2, color="gray")
    axes.annotate("best", (1, 2), color="royalblue")
    axes.set(xlabel="Hours", yscale="log")
    head, *things = describe(figure).splitlines()
    assert head.startswith("axes: x 'Hours'") and head.endswith("log")
    assert things == [
        "  line #ff4500 -- (0, 2) (1, 3)",
        "  points #000000 (1, 2)",
        "  strokes #808080 (1, 0) (1, 2)",
        "  text 'best' #4169e1 at (1, 2)",
    ]


# Other hosts, and names.


@pytest.mark.parametrize(
    "element",
    [
        '<script src="https://example.org/a.js"></script>',
        '<img src="//example.org/a.png">',
        '<link rel="stylesheet" href="https://example.org/a.css">',
    ],
)
def test_a_request_to_another_host_is_reported(element: str) -> None:
    assert len([*links.check_requests("page", soup(element))]) == 1
    assert [*links.check_requests("page", soup('<a href="https://example.org">x</a>'))] == []


def test_a_stylesheet_that_asks_another_host_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("@import 'https://example.org/b.css'; b{background:url(c.png)}")
    assert [p.name for p in links.check_stylesheets(tmp_path)] == ["https://example.org/b.css"]


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("torch.optim.SGD", ""),
        ("nn.Linear(1, 1)", ""),
        ("y = mx + b", ""),
        ("torch.optim.SDG", "does not exist"),
        ("linreg.diagnoze", "does not exist"),
        ("linreg.diagnose(x, rate=1)", "an argument rate"),
    ],
)
def test_code_in_the_text_names_what_exists(code: str, fault: str) -> None:
    said = [problem.said for problem in links.check_names("page", read(f"See `{code}`."))]
    assert (len(said), fault in " ".join(said)) == (bool(fault), True)


def test_latex_that_does_not_render_is_refused() -> None:
    try:
        with pytest.raises(ValueError, match="KaTeX parse error"):
            formulas.render(r"\frac{mX + b")
    finally:
        # A build's Node ends with the build; here it would be in the way of pytest's end.
        with formulas._server(os.getpid()):
            formulas._server.cache_clear()


# Cells and claims.


def test_a_claim_must_quote_a_sentence_of_the_page() -> None:
    cell = '\n\n```{code-cell} python\n:tags: [remove-cell]\nclaim("It is larger.", 2 > 1)\n```\n'
    assert [*prose.check_claims("page", read(f"It is larger.{cell}"))] == []
    (problem,) = prose.check_claims("page", read(f"It is smaller.{cell}"))
    assert "'It is larger.'" in problem.said


def test_a_claim_that_does_not_hold_fails_its_page() -> None:
    from press.cells import claim

    claim("It is larger.", 2 > 1)
    with pytest.raises(AssertionError, match=r"the page says it: It is larger\."):
        claim("It is larger.", 1 > 2)


@pytest.mark.parametrize("tag", ["skip-execution", "raises-exception"])
def test_a_cell_that_does_not_run_is_reported(tag: str) -> None:
    text = f"```{{code-cell}} python\n:tags: [{tag}]\nx = 1\n```\n"
    assert tag in next(prose.check_cells("page", read(text))).said
