"""The `guess` directive: a question with its answers, each of which opens upon a reply.

Its argument is the question; a definition list gives each answer, and what to say to whoever
chooses it. The reply to the right one begins with "Right".
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

INVITATION = "What do you think?"
RIGHT = "Right"


class fold(nodes.General, nodes.Element):
    """What opens and closes: a `summary`, and what it opens upon."""


class summary(nodes.General, nodes.TextElement):
    """The line of a fold that is always seen."""


class Guess(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        asked, _ = self.parse_inline(self.arguments[0])
        box = nodes.container("", classes=["guess"])
        box += nodes.paragraph("", INVITATION, classes=["invitation"])
        box += nodes.paragraph("", "", *asked, classes=["question"])
        for node in self.parse_content_to_nodes():
            if isinstance(node, nodes.definition_list):
                folds = [_folded(item) for item in node]
                self.require_one_right([answer.children[1] for answer in folds])
                box += folds
            else:
                box += node
        if not [*box.findall(fold)]:
            raise self.error(f"{self.arguments[0]!r} has no answers; list them, each with a reply")
        self.set_source_info(box)
        return [box]

    def require_one_right(self, replies: list[nodes.Node]) -> None:
        right = sum(reply.astext().startswith(RIGHT) for reply in replies)
        if right != 1 or len(replies) < 2:
            raise self.error(
                f"{self.arguments[0]!r} has {len(replies)} answers, {right} of them right; give it "
                f"several, and begin the reply to the one that is right with {RIGHT!r}"
            )


def _folded(item: nodes.Node) -> fold:
    """Return an answer and its reply, which a definition list has as term and definition."""
    term, reply = (item.next_node(kind) for kind in (nodes.term, nodes.definition))
    assert term and reply  # for mypy: a definition list has both
    return fold("", summary("", "", *term.children), nodes.container("", *reply.children))


def open_fold(translator: Any, node: nodes.Element) -> None:
    translator.body.append('<details class="answer">\n')


def close_fold(translator: Any, node: nodes.Element) -> None:
    translator.body.append("</details>\n")


def open_summary(translator: Any, node: nodes.Element) -> None:
    translator.body.append("<summary>")


def close_summary(translator: Any, node: nodes.Element) -> None:
    translator.body.append("</summary>\n")


def setup(app: Sphinx) -> dict[str, bool]:
    # Of the format, not of the builder: the book's would then know these two nodes alone.
    app.add_node(fold, html=(open_fold, close_fold))
    app.add_node(summary, html=(open_summary, close_summary))
    app.add_directive("guess", Guess)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
