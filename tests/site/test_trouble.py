"""Does the entrance to the troubleshooting pages name what there is, in PyTorch's own words?"""

import re
from collections.abc import Iterable, Iterator

import pytest

from linreg.review import Review
from press.contract import read_record
from press.pages import DOCS, find_pages

# Rows whose words this build cannot bring about, and why.
QUOTED = {
    "can't convert cuda:0 device type tensor to numpy": "needs a graphics card",
    "Expected all tensors to be on the same device": "needs a graphics card",
    "expected scalar type Double but found Float": "older versions said so",
    "Found dtype Long but expected Float": "older versions said so",
}


def find_untrue(rows: Iterable[str], printed: Iterable[str]) -> Iterator[str]:
    """Yield each message that no program of the pages brings about.

    An ellipsis in a row stands for anything.
    """
    lines = list(printed)
    for row in rows:
        words = r".*".join(re.escape(part.strip()) for part in row.split("…"))
        # Of two sizes, the row names the words alone.
        words = re.sub(r"tensor\\ ([ab])", r"tensor \1( \\(\\d+\\))?", words)
        if row not in QUOTED and not any(re.search(words, line) for line in lines):
            yield row


def table_under(heading: str) -> list[str]:
    text = find_pages()["troubleshooting"].read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [line.split(" | ")[0].removeprefix("| ") for line in section.splitlines()
            if re.match(r"\| .* \|$", line)][1:]  # fmt: skip


@pytest.fixture(scope="module")
def messages() -> list[str]:
    return [row.strip("`") for row in table_under("Find what PyTorch says")]


@pytest.fixture(scope="module")
def printed() -> list[str]:
    return read_record(DOCS / "trouble-error" / "recorded.toml").printed


def test_each_message_is_one_that_a_program_of_the_pages_prints(messages, printed):
    assert len(messages) >= 15
    assert list(find_untrue(messages, printed)) == []


def test_what_is_quoted_is_in_the_table(messages):
    assert QUOTED.keys() <= set(messages)


@pytest.mark.parametrize("row", ["mat1 and mat2 shapes cannot be added", "shape '[…]' is lost"])
def test_a_message_that_pytorch_does_not_print_is_caught(row, printed):
    assert list(find_untrue([row], printed)) == [row]


def test_a_message_that_changes_in_a_new_version_is_caught(messages, printed):
    changed = [line.replace("cannot be multiplied", "do not fit") for line in printed]
    assert list(find_untrue(messages, changed)) == ["mat1 and mat2 shapes cannot be multiplied"]


def test_each_kind_of_review_has_its_row():
    described = (Review.__doc__ or "").split(":param verdict:")[0]
    kinds = re.findall(r'"([^"]+)"', described)
    assert len(kinds) == 9
    rows = re.findall(r"`([^`]+)`", " ".join(table_under("Ask your losses")))
    assert sorted(rows) == sorted(kinds)
