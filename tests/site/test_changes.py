"""Are the lines that differ from a base program found and counted, and notes put at their lines?"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.build.changes import compare, in_words
from press.markdown import read
from press.pages import find_pages

BASE = "a = 1\nb = 2\n\nc = 3\nd = 4\n"


@pytest.mark.parametrize(
    ("program", "marked", "said"),
    [
        (BASE, [], "no line changed"),
        (BASE.replace("b = 2", "b = 5"), [2], "1 line changed"),
        (BASE.replace("a = 1", "a = 0").replace("d = 4", "d = 5"), [1, 5], "2 lines changed"),
        (BASE.replace("c = 3", "c = 3\ne = 1\n\nf = 2"), [5, 7], "2 lines new"),
        (BASE.replace("b = 2", "b = 5\ne = 1"), [2, 3], "1 line changed, 1 new"),
        (BASE.replace("d = 4\n", ""), [], "1 line gone"),
        (BASE.replace("\n\n", "\n"), [], "no line changed"),
    ],
)
def test_a_change_is_marked_and_counted(program, marked, said) -> None:
    assert compare(BASE, program) == (marked, said)


lines = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), max_size=12)


@given(lines, lines)
def test_what_is_not_marked_stands_in_the_base_in_this_order(before, after) -> None:
    marked, _ = compare("\n".join(before), "\n".join(after))
    rest = iter(line for line in before if line)
    kept = [line for k, line in enumerate(after, 1) if line and k not in marked]
    assert all(line in rest for line in kept)
    assert all(after[k - 1] for k in marked)


def test_line_numbers_are_said_by_the_ends_of_their_runs() -> None:
    assert in_words([11]) == "line 11"
    assert in_words([6, 7, 11, 18, 19, 20]) == "lines 6–7, 11 and 18–20"


def test_the_remedies_differ_from_the_base_by_few_lines() -> None:
    cells = read(find_pages()["remedies"].read_text(encoding="utf-8")).cells
    (base,) = [cell.body for cell in cells if "base" in cell.tags]
    programs = [cell.body for cell in cells if "changed" in cell.tags]
    said = [compare(base, program)[1] for program in programs]
    # Momentum and Adam are one argument or one name away.
    assert len(programs) == 5 and said.count("1 line changed") == 2
    for program in programs:
        own = set(program.splitlines()) - set(base.splitlines())
        marked = {program.splitlines()[k - 1] for k in compare(base, program)[0]}
        assert own - {""} <= marked


def test_each_note_of_the_trainer_quotes_one_line_of_its_program() -> None:
    text = find_pages()["trainer"].read_text(encoding="utf-8")
    program = [line.strip() for line in read(text).cells[0].body.splitlines()]
    (notes,) = re.findall(r"```\{notes\}\n(.*?)```", text, re.DOTALL)
    quoted = re.findall(r"^`(.+)`$", notes, re.MULTILINE)
    assert len(quoted) > 8
    assert [program.count(line) for line in quoted] == [1] * len(quoted)
