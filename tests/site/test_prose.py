"""Is a number that is typed found wherever a reader reads, and one that is no result left alone?"""

import pytest

from press.check.prose import find_counted, find_quoted, find_typed
from press.markdown import read

TYPED = {"35 hours": "a question"}


def typed(page: str) -> list[str]:
    # What the page may type, it need not.
    problems = find_typed("page", read(page).lines, TYPED)
    return [problem.said for problem in problems if problem.name != "TYPED"]


@pytest.mark.parametrize(
    "page",
    [
        "The slope is 14.47.",
        "The slope is .47 points.",
        "About 7 points.",
        "It is `9.81` now.",
        "The line $y = 9.18 x$ is drawn by hand.",
        "The intercept is $b = 42$ here.",
        "# Chapter 9\n",
        "| a |\n|---|\n| 14.47 |\n",
        ":::{admonition} It is 3 times worse\nText\n:::",
        "```{code-cell} python\n---\nmystnb:\n  image:\n    alt: It ends at 17.41.\n---\n```",
        "```{code-cell} python\nprint(x)  # prints 523.8\n```",
        "```text\nslope 14.47\n```",
        "---\nmyst:\n  html_meta:\n    description: It predicts 523.8.\n---\n# Title",
        "35 hoursteps",
        "35 hours.7 of them",
        "::::{grid} 3\n:::{grid-item}\nAbout 14.47 points.\n:::\n::::",
        "```{out} slope\n```\n\nAbout 14.47 points.",
        "{term}`the 9 curves <curve>` are many.",
        "[The 9 curves](https://example.org)",
    ],
)
def test_a_typed_number_is_found_wherever_a_reader_reads(page: str) -> None:
    assert len(typed(page)) == 1, typed(page)


@pytest.mark.parametrize(
    "page",
    [
        "It predicts {out}`prediction_35` points for 35 hours.",
        "It predicts {out}`prediction_35:.1f` points.",
        "Call `nn.Linear(1, 1)`, see [it](https://example.org/1.2) and {term}`epochs <x2>`.",
        "$$\\frac{1}{n} \\sum (y - mx - b)^2$$",
        "1. First\n2. Second",
        "```{code-cell} python\nx = [1.5, 2.5]\n```",
        "```python\nx = 3.5\n```",
        "::::{grid} 1 1 3 3\n:gutter: 3\n::::",
    ],
)
def test_a_number_that_is_no_result_is_left_alone(page: str) -> None:
    assert typed(page) == []


def test_a_text_that_is_allowed_and_not_typed_is_reported() -> None:
    (problem,) = find_typed("page", read("No number.").lines, TYPED)
    assert problem.name == "TYPED" and "'35 hours'" in problem.said


def test_a_place_is_quoted_with_the_words_next_to_it() -> None:
    lines = read("Each hour is worth about {out}`slope` points, and $a {b}$ is algebra.").lines
    assert find_quoted(lines) == ["is worth about {slope} points, and"]


def test_sentences_that_count_in_words_are_found() -> None:
    lines = read("It fits six of them.\nIt fits.\nAbout a hundred thousand.\n").lines
    assert find_counted(lines) == ["It fits six of them.", "About a hundred thousand."]


def test_values_that_are_exchanged_stand_with_other_words() -> None:
    right = read("It gives {out}`slope` points an hour, from {out}`intercept` on.").lines
    wrong = read("It gives {out}`intercept` points an hour, from {out}`slope` on.").lines
    assert find_quoted(right) == [
        "It gives {slope} points an",
        "an hour, from {intercept} on.",
    ]
    assert not set(find_quoted(right)) & set(find_quoted(wrong))
