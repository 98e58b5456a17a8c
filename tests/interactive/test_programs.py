"""Are a figure's data plain, and does the program that a reader copies print what it shows?"""

import contextlib
import gzip
import io
import json
import re
from string import Template
from typing import Any

import numpy as np
import pytest
from scipy.interpolate import BarycentricInterpolator

from interactive import FIGURES, certainty, curves, line, valley
from linreg import Line, diagnose, least_squares, leave_one_out, load_study, train
from press.build import notebooks
from press.build.interactive import COMMENT, STATIC, markup, papaparse
from tests.interactive.conftest import Script


def printed(program: str, **chosen: Any) -> list[str]:
    """Return the lines that a program prints, filled in as the script does it."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(Template(program).substitute(chosen), "program", "exec"), {})
    return said.getvalue().splitlines()


@pytest.mark.parametrize("name", FIGURES)
def test_data_are_plain_and_carried_by_json(name: str) -> None:
    data = FIGURES[name]().data
    assert json.loads(json.dumps(data)) == data


def test_the_lines_to_compare_are_those_of_linreg() -> None:
    found = {p["name"]: Line(**p["state"]) for p in line.figure().data["presets"]}
    study = load_study()
    best, trained = least_squares(study.x, study.y), train(study.x, study.y, lr=1e-4)
    assert (found["best"].slope, found["best"].intercept) == (best.slope, best.intercept)
    assert (found["trained"].slope, found["trained"].intercept) == (
        trained.slope,
        trained.intercept,
    )
    assert found["mean"].score(study.x, study.y) == pytest.approx(0, abs=1e-12)


def test_the_program_of_a_drawn_line_prints_its_error_score_and_prediction() -> None:
    study = load_study()
    program = line.figure().data["program"]
    for drawn, hour in ((Line(0.0, 700.0), 0), (train(study.x, study.y, lr=1e-4), 35)):
        assert printed(program, slope=drawn.slope, intercept=drawn.intercept, hour=hour) == [
            f"Mean squared error: {drawn.mean_squared_error(study.x, study.y):,.0f}",
            f"R²: {drawn.score(study.x, study.y):.3f}",
            f"Prediction for {hour} hours: {drawn.slope * hour + drawn.intercept:.1f} points",
        ]


def test_each_valley_and_its_program_have_the_condition_and_epochs_of_linreg(
    math_js: Script,
) -> None:
    hours = load_study().x.double().numpy()
    data = valley.figure().data
    for preset in data["presets"]:
        state = preset["state"]
        x = (hours - state["shift"]) / state["scale"]
        expected = diagnose(x)
        assert printed(data["program"], **state) == [
            f"Condition number: {expected.condition_number:,.0f}",
            f"Largest stable lr: {expected.max_lr:.3g}",
            f"Epochs to converge: {expected.epochs_to(1e-4):,}",
        ]
        shape = math_js.valley(x.tolist())
        paces = math_js.paces(shape, math_js.bestLr(shape, 0), 0).values()
        needed = max(math_js.epochsTo(pace, data["tolerance"]) for pace in paces)
        assert needed == expected.epochs_to(1e-4)


@pytest.mark.parametrize("students", [8, 3])
def test_the_program_of_moved_students_prints_errors_and_bands(students: int) -> None:
    data = certainty.figure().data
    hours, scores = zip(*data["start"]["points"][:students], strict=True)
    fit, at = least_squares(hours, scores), hours[1]
    mean, one = fit.confidence_interval(at), fit.prediction_interval(at)
    chosen = dict(hours=list(hours), scores=list(scores), selected=1)
    assert printed(data["program"], **chosen, t=data["t"][students - 3]) == [
        f"Slope: {fit.slope:.2f} ± {fit.slope_stderr:.2f}",
        f"Intercept: {fit.intercept:.2f} ± {fit.intercept_stderr:.2f}",
        f"Residual standard error: {fit.residual_stderr:.1f} points",
        f"Leverage of the selected: {fit.leverage(at):.3f}",
        f"{at:.0f} hours, mean of many: {mean[0]:.0f} to {mean[1]:.0f} points",
        f"{at:.0f} hours, one student: {one[0]:.0f} to {one[1]:.0f} points",
    ]


@pytest.mark.parametrize("loss", ["absolute", "huber"])
def test_the_program_of_another_loss_prints_the_line_shown(math_js: Script, loss: str) -> None:
    data = certainty.figure().data
    hours, scores = map(list, zip(*data["start"]["points"], strict=True))
    drawn = np.random.default_rng(228).integers
    asked = [(hours, scores), (hours, [*scores[:-1], 98]), ([10, 20, 90], [500, 100, 900])]
    asked += [(drawn(0, 101, n).tolist(), drawn(0, 1201, n).tolist()) for n in range(4, 17)]
    for x, y in asked:
        one = loss == "absolute"
        found = math_js.leastAbsolute(x, y) if one else math_js.huber(x, y, data["delta"])
        if found.get("unique", True):
            said = printed(data["programs"][loss], hours=x, scores=y)
            assert [line.split(": ")[0] for line in said] == ["Slope", "Intercept"]
            # Exactly between two hundredths, either may be printed.
            for line, key in zip(said, ("slope", "intercept"), strict=True):
                assert float(line.split(": ")[1]) == pytest.approx(found[key], abs=0.00501)


@pytest.mark.parametrize("degree", range(8))
def test_the_program_of_a_curve_prints_its_errors_and_its_answer(degree: int) -> None:
    data = curves.figure().data
    curve = data["curves"][degree]
    expected = [
        f"Error, known students: {curve['known']:.2f}",
        *([] if curve["new"] is None else [f"Error, new students: {curve['new']:,.2f}"]),
        f"Score for 9 hours: {curve['answer']:.1f}",
    ]
    assert printed(data["program"], degree=degree) == expected


def test_the_curves_of_the_figure_go_where_scipy_and_the_best_line_go() -> None:
    study, data = load_study("table"), curves.figure().data
    x, y, hours = study.x.double().numpy(), study.y.double().numpy(), np.array(data["hours"])
    mean, line, *_, through = (np.array(curve["scores"]) for curve in data["curves"])
    assert mean == pytest.approx(np.full(len(hours), y.mean()), abs=0.01)
    assert line == pytest.approx(least_squares(x, y).predict(hours), abs=0.01)
    assert through == pytest.approx(BarycentricInterpolator(x, y)(hours), abs=0.01)
    known, new = ([curve[name] for curve in data["curves"]] for name in ("known", "new"))
    assert known == sorted(known, reverse=True) and known[-1] == 0
    assert new[1] == pytest.approx(np.square(leave_one_out(x, y)).mean())
    assert [error is None for error in new] == [False] * 7 + [True]


def compressed(*names: str) -> int:
    """Return the bytes of scripts as served, with all that they import, each compressed."""
    found, left = {}, list(names)
    while left:
        name = left.pop()
        if name not in found:
            known = (STATIC / name).exists()
            text = (STATIC / name).read_text(encoding="utf-8") if known else papaparse()
            found[name] = len(gzip.compress(COMMENT.sub("", text).encode()))
            left += re.findall(r'from "\./([\w-]+\.js)"', text)
    return sum(found.values())


def test_the_figures_scripts_together_are_small() -> None:
    figures = [f"{name}.js" for name in FIGURES if name != "table"]
    assert compressed("math.js") < compressed(*figures)
    assert compressed("main.js", *figures) <= 40 * 1024


def test_the_scripts_for_a_readers_own_data_are_small() -> None:
    assert compressed("regression.js", "diagnosis.js", "review.js") <= 30 * 1024
    assert compressed("table.js") > compressed("table-training.js", "programs.js")
    assert compressed("main.js", "table.js") <= 60 * 1024


def test_the_scripts_hold_no_number_of_the_study() -> None:
    scores = {f"{score:.0f}" for score in load_study().y}
    scripts = {path.name: path.read_text(encoding="utf-8") for path in STATIC.glob("*.js")}
    assert scripts
    for name, text in scripts.items():
        assert not scores & set(re.findall(r"\d+(?:\.\d+)?", text)), name


@pytest.mark.parametrize("name", FIGURES)
def test_data_cannot_end_their_script(name: str) -> None:
    inner = markup(name).split('<script type="application/json">')[1].split("</script>")[0]
    assert "<" not in inner
    assert json.loads(inner) == FIGURES[name]().data


def test_in_a_notebook_the_static_figure_stands_alone() -> None:
    source = "Before.\n\n```{explore} line\n```\n\nAfter."
    assert notebooks._plain_markdown(source, {}) == "Before.\n\nAfter."
