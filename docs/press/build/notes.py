"""The `notes` directive: explain the program before it at its lines, each with a number.

Its content is a definition list: a term is a whole line of the program, in backticks, and its
definition explains that line. No line is numbered by hand, so a note cannot slip to another, and
a note whose line has gone is a warning. The number in the program is drawn by the styles: what a
reader copies is the program alone.
"""

import html
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)


class notes(nodes.General, nodes.Element):
    """Notes on the program before them, still to be put beside it."""


class Notes(SphinxDirective):
    has_content = True

    def run(self) -> list[nodes.Node]:
        node = notes("", *self.parse_content_to_nodes())
        self.set_source_info(node)
        return [node]


class PlaceNotes(SphinxPostTransform):
    default_priority = 5

    def run(self, **_: Any) -> None:
        block: nodes.literal_block | None = None
        for node in list(
            self.document.findall(lambda n: isinstance(n, (nodes.literal_block, notes)))
        ):
            if isinstance(node, nodes.literal_block):
                # Not what the program has printed.
                if "cell_input" in getattr(node.parent, "attributes", {}).get("classes", []):
                    block = node
                continue
            if block is None:
                logger.warning("there is no program before these notes", location=node)
            else:
                self.place(block, node)
            node.parent.remove(node)

    def place(self, block: nodes.literal_block, given: notes) -> None:
        lines = [line.strip() for line in block.astext().splitlines()]
        marks: dict[int, int] = {}
        items = []
        for number, item in enumerate(given.findall(nodes.definition_list_item), start=1):
            text = next(iter(item.findall(nodes.term))).astext().strip()
            found = [k for k, line in enumerate(lines) if line == text]
            if len(found) != 1:
                said = "the program has %d lines %r; a note stands at one, quoted whole"
                logger.warning(said, len(found), text, location=given)
                continue
            marks[found[0]] = number
            definition = next(iter(item.findall(nodes.definition)))
            # On paper and in a book nothing else says which line is meant.
            items.append(nodes.list_item("", *definition.children, ids=[f"note-{number}"]))
        if list(marks) != sorted(marks):
            logger.warning("the notes are not in the order of their lines", location=given)
        listed = nodes.enumerated_list("", *items, classes=["notes"], enumtype="arabic")
        inner = block.parent
        if self.app.builder.name == "html":
            block.replace_self(nodes.raw("", self.marked(block, marks), format="html"))
            for item in items:
                number = item["ids"][0].removeprefix("note-")
                link = (
                    f'<a class="mark" href="#line-{number}" aria-label="Line of note {number}"></a>'
                )
                item.insert(0, nodes.raw("", link, format="html"))
        outer = nodes.container("", classes=["annotated"])
        inner.parent.replace(inner, outer)
        outer += [inner, listed]

    def marked(self, block: nodes.literal_block, marks: dict[int, int]) -> str:
        """Return a program as HTML, with a link to its note in each of the marked lines."""
        language = block["language"]
        builder = self.app.builder
        assert isinstance(builder, StandaloneHTMLBuilder)  # the format that this is for
        text = builder.highlighter.highlight_block(block.astext(), language)
        opening, inside, closing = re.split(r"(?<=<pre>)|(?=</pre>)", text)
        lines = inside.split("\n")
        for at, number in marks.items():
            link = f'<a class="mark" href="#note-{number}" aria-label="Note {number}"></a>'
            lines[at] = f'<span class="noted" id="line-{number}">{lines[at]}{link}</span>'
        kind = f"highlight-{html.escape(language)} notranslate"
        whole = "\n".join(lines)
        return f'<div class="{kind}">{opening}{whole}{closing}</div>'


def link_styles(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    if 'class="annotated' in context.get("body", ""):
        app.add_css_file("notes.css")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(notes)
    app.add_directive("notes", Notes)
    app.add_post_transform(PlaceNotes)
    app.connect("html-page-context", link_styles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
