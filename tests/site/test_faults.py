"""Is a fault on a page, or in the package, caught by the page's contract?

Each is planted into the training page or into what it imports, and the page's cells are run.
"""

import functools
import re

import pytest

import linreg.data
from press import witness
from press.check import site
from press.check.values import unmoved
from press.contract import RECORD, Problem, compute_fresh, load_contract, read_record
from press.markdown import read
from press.pages import find_pages
from tests.site import running

PAGES = find_pages()
TRAINER = load_contract("trainer", PAGES["trainer"])
TEXT = TRAINER.path.read_text(encoding="utf-8")
# A page runs for half a second: the same text is run once, and what differs can differ in one run.
run = functools.cache(running.run)
compute = functools.cache(lambda: compute_fresh([TRAINER]))


def plant(old: str, new: str, text: str = TEXT) -> str:
    assert old in text, f"{old!r} is not on the page: the fault cannot be planted"
    return text.replace(old, new, 1)


def said(problems: list[Problem], name: str) -> str:
    """Return what the problems say of one output."""
    found = [problem.said for problem in problems if problem.name == name]
    assert found, f"nothing is said of {name}, but: {[*map(str, problems)]}"
    return "; ".join(found)


def find_problems(text: str) -> list[Problem]:
    """Say how a run of the page, with this text, breaks its contract."""
    return running.find_problems(TRAINER, run(text), compute())


def test_the_page_as_it_is_has_no_problem() -> None:
    assert find_problems(TEXT) == []


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
    message = said(find_problems(plant(old, new)), name)
    assert f"'{recorded}', and the executed page computes" in message


def test_a_claim_that_no_longer_holds_is_caught() -> None:
    problems = find_problems(plant("lr=0.0001", "lr=0.0000001"))
    claimed = "too low for students of few hours and too high for students of many"
    assert "does not hold" in said(problems, claimed)


def test_a_changed_run_shows_in_what_the_figure_draws() -> None:
    message = said(find_problems(plant("lr=0.0001", "lr=0.0002")), "fig-training draws:")
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
    # The page does not see it: only what is computed afresh changes.
    problems = running.find_problems(TRAINER, run(TEXT), compute_fresh([TRAINER]))
    message = said(problems, "last_loss")
    assert "'34,815', and linreg computes '3" in message


def test_a_changed_score_in_the_package_is_caught(monkeypatch, anew) -> None:
    monkeypatch.setattr(linreg.data, "SCORES", (*linreg.data.SCORES[:-1], 99))
    monkeypatch.setattr(witness, "tens", linreg.load_study())
    problems = running.find_problems(TRAINER, running.run(TEXT), compute_fresh([TRAINER]))
    message = said(problems, "learned_slope")
    assert "'14.47', and linreg computes '14." in message


# Faults that have nothing to do with each other, and so may stand on one page.
MANY = {
    'print(f"Prediction for': 'print(f"A prediction for',
    "    learned_intercept=intercept,\n": "    extra=slope * 2,\n",
    'right.plot(losses, color="orangered")\n': "",
}
OTHERS = {
    'print("a row:   ", x.shape)': 'print("a row")',
    'left.set(xlabel="Study hours", ylabel="Exam score")': (
        'left.set(xlabel="Exam score", ylabel="Study hours")'
    ),
    'right.plot(losses, color="orangered")': 'right.plot(losses, color="gray")',
}


def find_each(faults: dict[str, str]) -> list[Problem]:
    text = TEXT
    for old, new in faults.items():
        text = plant(old, new, text)
    return find_problems(text)


def test_a_changed_printed_line_is_caught() -> None:
    problems = find_each(MANY)
    assert "prints 'A prediction for 35 hours" in said(problems, "prediction_35_printed")
    assert "'Prediction for 35 hours: 523.8 points', and now is" in said(problems, "printed")


def test_a_printed_line_without_a_number_is_held_too() -> None:
    assert "now is 'a row'" in said(find_each(OTHERS), "printed")


def test_a_value_that_no_cell_computes_is_caught() -> None:
    assert "no cell computes it" in said(find_each(MANY), "learned_intercept")


def test_a_value_that_nothing_documents_is_caught_with_the_recipe() -> None:
    message = said(find_each(MANY), "extra")
    assert re.search(r"computed as 28\.\d+, and nothing documents it", message)
    assert "def extra() -> float:" in message


def test_an_empty_axes_is_caught() -> None:
    assert "now is 'axes: x 'Epoch' 0 to 1" in said(find_each(MANY), "fig-training draws:")


def test_an_exchanged_label_and_a_changed_colour_are_caught() -> None:
    message = said(find_each(OTHERS), "fig-training draws:")
    assert "x 'Exam score'" in message and "line #808080" in message


def test_a_failing_cell_stops_the_page() -> None:
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        find_problems(plant("losses = []\n", "losses = [].missing\n"))


# In the sources.


@functools.cache
def known() -> set[str]:
    """Return the outputs of all pages, as far as pages show them."""
    records = (read_record(path.with_name(RECORD)) for path in PAGES.values())
    return {name for record in records for name in record.values}


def sources(text: str) -> list[Problem]:
    """Say what the sources' check says of the page."""
    return [*site.check_page(TRAINER, read(text), known())]


def test_the_sources_as_they_are_have_no_problem() -> None:
    assert sources(TEXT) == []


def test_a_number_typed_into_prose_is_caught() -> None:
    problems = sources(plant("about {out}`learned_slope` points", "about 14.47 points"))
    assert any("types '14.47'; compute it and show it with out" in p.said for p in problems)


def test_exchanged_values_are_caught() -> None:
    text = plant("began at {out}`first_loss`", "began at {out}`last_loss`")
    text = text.replace("ended at {out}`last_loss`", "ended at {out}`first_loss`")
    assert "It began at {last_loss} and ended" in said(sources(text), "quoted")


def test_another_unit_is_caught() -> None:
    text = plant("about {out}`learned_slope` points", "about {out}`learned_slope` hours")
    assert "worth about {learned_slope} hours" in said(sources(text), "quoted")


def test_a_count_in_words_is_caught() -> None:
    text = plant("Eight numbers in a row", "Seven numbers in a row")
    assert "Seven numbers in a row" in said(sources(text), "counted")


def test_a_value_that_nothing_documents_is_caught_where_it_is_shown() -> None:
    text = plant("{out}`score_variance`", "{out}`variance_of_scores`")
    assert "nothing documents it" in said(sources(text), "variance_of_scores")


def test_a_value_that_is_typed_where_it_is_handed_over_is_caught() -> None:
    text = plant("learned_slope=slope", "learned_slope=14.47")
    assert "compute it" in said(sources(text), "learned_slope")


def test_an_output_that_is_typed_does_not_move_with_the_data() -> None:
    outputs = TRAINER.outputs
    values, _ = compute()
    before = {name: outputs[name].render(value) for name, value in values.items()}
    after = {name: f"{text} else" for name, text in before.items()} | {
        "learned_slope": before["learned_slope"]
    }
    found = {problem.name for problem in unmoved(outputs, before, after)}
    assert found == {"learned_slope", "shape_column_printed", "shape_row_printed"}
