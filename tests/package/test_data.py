"""The eight students, in the units of the table and of the programs."""

import dataclasses
import re

import pandas as pd
import pytest
import torch

from linreg.data import HOURS, SCALE, SCORES, Study, load_study
from press.pages import find_pages


@pytest.mark.parametrize(
    ("units", "x", "y"),
    [
        ("table", [1, 2, 3, 4, 5, 6, 7, 8], [48, 52, 71, 68, 83, 89, 92, 98]),
        ("tens", [10, 20, 30, 40, 50, 60, 70, 80], [480, 520, 710, 680, 830, 890, 920, 980]),
    ],
)
def test_the_students_are_those_of_the_tutorial(units, x, y):
    study = load_study(units)
    assert study.x.tolist() == x
    assert study.y.tolist() == y


def test_the_programs_count_in_tens():
    default, tens, table = load_study(), load_study("tens"), load_study("table")
    for name in ("x", "y"):
        assert torch.equal(getattr(default, name), getattr(tens, name))
        assert torch.equal(getattr(tens, name), 10 * getattr(table, name))


@pytest.mark.parametrize("units", ["tens", "table"])
def test_the_tensors_are_what_a_model_takes(units):
    study = load_study(units)
    for column in (study.x, study.y):
        assert column.dtype == torch.float32
        assert column.shape == (8,)
        assert not column.requires_grad
    assert torch.nn.Linear(1, 1)(study.x.reshape(-1, 1)).shape == (8, 1)


def test_the_tensors_are_float32_whatever_the_callers_default():
    torch.set_default_dtype(torch.float64)
    try:
        study = load_study()
    finally:
        torch.set_default_dtype(torch.float32)
    assert study.x.dtype == study.y.dtype == torch.float32


@pytest.mark.parametrize("units", ["tens", "table"])
def test_the_frame_has_a_labelled_column_each(units):
    study = load_study(units)
    frame = study.to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == [study.x_label, study.y_label] == ["Study hours", "Exam score"]
    assert frame["Study hours"].tolist() == study.x.tolist()
    assert frame["Exam score"].tolist() == study.y.tolist()


def test_what_is_done_to_one_copy_leaves_the_next_alone():
    study = load_study()
    frame = study.to_frame()
    frame.iloc[0, 0] = -1
    assert study.x[0] == 10
    study.x[0] = -2
    assert load_study().x[0] == 10
    assert (HOURS[0], SCORES[0]) == (1, 48)


def test_a_study_is_frozen():
    study = load_study()
    for name in [field.name for field in dataclasses.fields(Study)]:
        with pytest.raises(dataclasses.FrozenInstanceError, match=name):
            setattr(study, name, None)


@pytest.mark.parametrize("units", ["hours", "", None, 10, "TENS", ["tens"]], ids=repr)
def test_unknown_units_are_told_with_those_that_exist(units):
    with pytest.raises(
        ValueError, match=f"^units={re.escape(repr(units))} is unknown; use one of table, tens$"
    ):
        load_study(units)


# The data that the pages type


def test_every_snippet_holds_the_study_as_it_is():
    columns = [[v * scale for v in c] for c in (HOURS, SCORES) for scale in SCALE.values()]
    # What the page on outliers is about: the last score typed wrongly.
    wrong = [*SCORES[:-1], SCORES[-1] / 10]
    checked = 0
    for name, page in find_pages().items():
        for text in re.findall(r"\[((?:[\d.]+, ){7}[\d.]+)\]", page.read_text(encoding="utf-8")):
            typed = [float(number) for number in text.split(", ")]
            if name == "outliers" and typed == wrong:
                continue
            # A list that begins as a column of the study does is meant to be that column.
            for column in columns:
                if typed[:2] == column[:2]:
                    assert typed == column, f"{name} types {typed}, and the study has {column}"
                    checked += 1
    assert checked > 40
