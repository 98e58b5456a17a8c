"""Is a fault on a page, or in the package, caught by the page's contract?

Each is planted into the training page or into what it imports, and the page's cells are run.
"""

import re

import pytest

import linreg.data
from press import witness
from press.check import site
from press.check.values import unmoved
from press.contract import Problem, compute_fresh, load_contracts
from tests.site.running import find_problems

CONTRACTS = load_contracts()
TRAINER = CONTRACTS["trainer"]
TEXT = TRAINER.path.read_text(encoding="utf-8")


def plant(old: str, new: str) -> str:
    assert old in TEXT, f"{old!r} is not on the page: the fault cannot be planted"
    return TEXT.replace(old, new, 1)


def said(problems: list[Problem], name: str) -> str:
    """Return what the problems say of one output."""
    found = [problem.said for problem in problems if problem.name == name]
    assert found, f"nothing is said of {name}, but: {[*map(str, problems)]}"
    return "; ".join(found)


def test_the_page_as_it_is_has_no_problem() -> None:
    assert find_problems(TRAINER, TEXT) == []


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("920, 980]", "920, 990]", "learned_slope"),
        ("lr=0.0001", "lr=0.0002", "last_loss"),
        ("range(1000)", "range(900)", "last_loss"),
        ("manual_seed(228)", "manual_seed(3)", "last_loss"),
    ],
)
def test_a_changed_datum_or_setting_on_the_page_is_caught(old: str, new: str, name: str) -> None:
    recorded = TRAINER.recorded.values[name]
    message = said(find_problems(TRAINER, plant(old, new)), name)
    assert f"'{recorded}', and the executed page computes" in message


def test_a_claim_that_no_longer_holds_is_caught() -> None:
    problems = find_problems(TRAINER, plant("lr=0.0001", "lr=0.0000001"))
    claimed = "too low for students of few hours and too high for students of many"
    assert "does not hold" in said(problems, claimed)


def test_a_changed_run_shows_in_what_the_figure_draws() -> None:
    message = said(find_problems(TRAINER, plant("lr=0.0001", "lr=0.0002")), "fig-training draws:")
    assert "line #ff4500" in message


@pytest.fixture
def anew():
    """Compute the runs that pages share anew, now and after the test."""
    runs = [run for run in vars(witness).values() if hasattr(run, "cache_clear")]
    for run in runs:
        run.cache_clear()
    yield
    for run in runs:
        run.cache_clear()


@pytest.mark.parametrize("setting", [{"lr": 2e-4}, {"epochs": 900}, {"seed": 3}])
def test_a_changed_setting_of_the_package_is_caught(monkeypatch, anew, setting) -> None:
    train = witness.train
    monkeypatch.setattr(witness, "train", lambda x, y, **given: train(x, y, **given | setting))
    message = said(find_problems(TRAINER, TEXT), "last_loss")
    assert "'34,815', and linreg computes '3" in message


def test_a_changed_score_in_the_package_is_caught(monkeypatch, anew) -> None:
    monkeypatch.setattr(linreg.data, "SCORES", (*linreg.data.SCORES[:-1], 99))
    monkeypatch.setattr(witness, "tens", linreg.load_study())
    message = said(find_problems(TRAINER, TEXT), "learned_slope")
    assert "'14.47', and linreg computes '14." in message


def test_a_changed_printed_line_is_caught() -> None:
    problems = find_problems(TRAINER, plant('print(f"Prediction for', 'print(f"A prediction for'))
    assert "prints 'A prediction for 35 hours" in said(problems, "prediction_35_printed")
    assert "'Prediction for 35 hours: 523.8 points', and now is" in said(problems, "printed")


def test_a_printed_line_without_a_number_is_held_too() -> None:
    problems = find_problems(TRAINER, plant('print("a row:   ", x.shape)', 'print("a row")'))
    assert "now is 'a row'" in said(problems, "printed")


def test_a_value_that_no_cell_computes_is_caught() -> None:
    problems = find_problems(TRAINER, plant("    learned_intercept=intercept,\n", ""))
    assert "no cell computes it" in said(problems, "learned_intercept")


def test_a_value_that_nothing_documents_is_caught_with_the_recipe() -> None:
    problems = find_problems(TRAINER, plant("show(\n", "show(\n    extra=slope * 2,\n"))
    assert re.search(r"computed as 28\.\d+, and nothing documents it", said(problems, "extra"))
    assert "def extra() -> float:" in said(problems, "extra")


def test_an_exchanged_label_and_a_changed_colour_are_caught() -> None:
    fault = 'left.set(xlabel="Study hours", ylabel="Exam score")'
    swapped = 'left.set(xlabel="Exam score", ylabel="Study hours")'
    assert "x 'Exam score'" in said(
        find_problems(TRAINER, plant(fault, swapped)), "fig-training draws:"
    )
    coloured = plant('right.plot(losses, color="orangered")', 'right.plot(losses, color="gray")')
    assert "line #808080" in said(find_problems(TRAINER, coloured), "fig-training draws:")


def test_an_empty_axes_is_caught() -> None:
    empty = plant('right.plot(losses, color="orangered")\n', "")
    assert "now is 'axes: x 'Epoch' 0 to 1" in said(
        find_problems(TRAINER, empty), "fig-training draws:"
    )


def test_a_failing_cell_stops_the_page() -> None:
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        find_problems(TRAINER, plant("losses = []\n", "losses = [].missing\n"))


# In the sources.


@pytest.fixture
def sources(tmp_path):
    """Return a function that says what the sources' check says of a page."""

    def look(text: str) -> list[Problem]:
        from dataclasses import replace

        folder = tmp_path / "docs" / "trainer"
        folder.mkdir(parents=True)
        (tmp_path / "README.md").write_text("# linreg\n")
        path = folder / "page.md"
        path.write_text(text, encoding="utf-8")
        known = {name: c for name, c in CONTRACTS.items() if name != "trainer"}
        contracts = {**known, "trainer": replace(TRAINER, path=path)}
        found = site.check_sources(tmp_path / "docs", contracts)
        return [problem for problem in found if problem.page == "trainer"]

    return look


def test_the_sources_as_they_are_have_no_problem(sources) -> None:
    assert sources(TEXT) == []


def test_a_number_typed_into_prose_is_caught(sources) -> None:
    problems = sources(plant("about {out}`learned_slope` points", "about 14.47 points"))
    assert any("types '14.47'; compute it and show it with out" in p.said for p in problems)


def test_exchanged_values_are_caught(sources) -> None:
    text = plant("began at {out}`first_loss`", "began at {out}`last_loss`")
    text = text.replace("ended at {out}`last_loss`", "ended at {out}`first_loss`")
    assert "It began at {last_loss} and ended" in said(sources(text), "quoted")


def test_another_unit_is_caught(sources) -> None:
    text = plant("about {out}`learned_slope` points", "about {out}`learned_slope` hours")
    assert "worth about {learned_slope} hours" in said(sources(text), "quoted")


def test_a_count_in_words_is_caught(sources) -> None:
    text = plant("Eight numbers in a row", "Seven numbers in a row")
    assert "Seven numbers in a row" in said(sources(text), "counted")


def test_a_value_that_nothing_documents_is_caught_where_it_is_shown(sources) -> None:
    text = plant("{out}`score_variance`", "{out}`variance_of_scores`")
    assert "nothing documents it" in said(sources(text), "variance_of_scores")


def test_a_value_that_is_typed_where_it_is_handed_over_is_caught(sources) -> None:
    text = plant("learned_slope=slope", "learned_slope=14.47")
    assert "compute it" in said(sources(text), "learned_slope")


def test_an_output_that_is_typed_does_not_move_with_the_data() -> None:
    outputs = TRAINER.outputs
    values, _ = compute_fresh([TRAINER])
    before = {name: outputs[name].render(value) for name, value in values.items()}
    after = {name: f"{text} else" for name, text in before.items()} | {
        "learned_slope": before["learned_slope"]
    }
    found = {problem.name for problem in unmoved(outputs, before, after)}
    assert found == {"learned_slope", "shape_column_printed", "shape_row_printed"}
