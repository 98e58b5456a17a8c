"""Mark in a page's programs the lines that differ from its base program, and count them.

A cell with the tag `base` is the program to compare with, and one with the tag `changed` is
compared: nobody numbers or counts lines, so that no mark can slip.
"""

import difflib
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)


def compare(base: str, program: str) -> tuple[list[int], str]:
    """Return the numbers of the lines of `program` that `base` does not have, and say how many.

    Empty lines do not count. A line in place of another is changed; others are new, or gone.
    """
    before, after = base.splitlines(), program.splitlines()
    marked: list[int] = []
    changed = new = gone = 0
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            continue
        here = [number + 1 for number in range(k, m) if after[number].strip()]
        left = len([line for line in before[i:j] if line.strip()])
        marked += here
        changed += min(left, len(here))
        new += max(0, len(here) - left)
        gone += max(0, left - len(here))
    counts = ((changed, "changed"), (new, "new"), (gone, "gone"))
    parts = [(count, word) for count, word in counts if count]
    lines = [f"{count} {'line ' if count == 1 else 'lines '}" for count, _ in parts[:1]]
    said = ", ".join(f"{n if k else lines[0].strip()} {word}" for k, (n, word) in enumerate(parts))
    return marked, said or "no line changed"


def in_words(numbers: list[int]) -> str:
    """Return line numbers as a text: runs of them by their ends."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    texts = [f"{a}" if a == b else f"{a}–{b}" for a, b in runs]
    name = "line" if len(numbers) == 1 else "lines"
    return f"{name} {' and '.join([', '.join(texts[:-1]), texts[-1]] if texts[1:] else texts)}"


class MarkChanges(SphinxPostTransform):
    default_priority = 5

    def run(self, **_: Any) -> None:
        base = ""
        for cell in list(self.document.findall(nodes.container)):
            if "tag_base" not in cell["classes"] and "tag_changed" not in cell["classes"]:
                continue
            block = next(iter(cell.findall(nodes.literal_block)))
            if "tag_base" in cell["classes"]:
                base = block.astext()
                continue
            if not base:
                said = "%s: no cell before this one has the tag base, to compare it with"
                logger.warning(said, self.env.docname, location=cell)
                continue
            marked, said = compare(base, block.astext())
            block["highlight_args"] = {"hl_lines": marked}
            place = nodes.inline("", f" ({in_words(marked)})") if marked else nodes.inline()
            cell.insert(
                0, nodes.paragraph("", "", nodes.strong("", said), place, classes=["changes"])
            )


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_post_transform(MarkChanges)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
