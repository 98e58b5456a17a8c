"""Let words show what they mean: lines their colour, terms the glossary's sentence."""

import html
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from press.pages import find_pages

GLOSSARY = "glossary"
# What figures draw in a colour of its own: the line of a training run, and that of least squares.
LINE = re.compile(r"\b(trained|best)\s+lines?\b", re.IGNORECASE)
CELL = re.compile(r"(trained|best)( line)?", re.IGNORECASE)
# Titles are large enough, links have a look of their own, and code is code.
PLAIN = (
    *(nodes.title, nodes.rubric, nodes.term, nodes.reference, nodes.thead),
    *(nodes.literal, nodes.FixedTextElement, nodes.math, nodes.raw, nodes.comment),
)
LINK = re.compile(rf'<a class="reference internal" href="{GLOSSARY}\.html#(term-[\w-]+)">')


class ColourLines(SphinxPostTransform):
    """Give "trained line" and "best line", in text and in tables, the look they have in figures."""

    default_priority = 40  # after all values are there
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for parent in list(self.document.findall(nodes.TextElement)):
            around = {type(node) for node in _ancestors(parent)}
            if any(issubclass(kind, PLAIN) for kind in around):
                continue
            cell = nodes.entry in around and CELL.fullmatch(parent.astext())
            pattern = CELL if cell else LINE
            children: list[nodes.Node] = []
            # A line break of the source is a text of its own.
            for is_text, run in itertools.groupby([*parent], lambda n: isinstance(n, nodes.Text)):
                part = [*run]
                children += _coloured("".join(part), pattern) if is_text else part
            parent.clear()
            parent.extend(children)


def _ancestors(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield the `node` and all that it stands in."""
    while node is not None:
        yield node
        node = node.parent


def _coloured(text: str, pattern: re.Pattern[str]) -> list[nodes.Node]:
    """Return `text` in parts, of which those that match the `pattern` name their line."""
    parts: list[nodes.Node] = []
    end = 0
    for found in pattern.finditer(text):
        look = f"line-{found[1].lower()}"
        parts += [nodes.Text(text[end : found.start()]), nodes.inline("", found[0], classes=[look])]
        end = found.end()
    return [*parts, nodes.Text(text[end:])]


def read_glossary(env: BuildEnvironment) -> dict[str, str]:
    """Return what the glossary says of each term, by the anchor of its entry."""
    if GLOSSARY not in env.found_docs:
        return {}
    items = env.get_doctree(GLOSSARY).findall(nodes.definition_list_item)
    return {
        anchor: item.next_node(nodes.definition).astext()
        for item in items
        for term in item.findall(nodes.term)
        for anchor in term["ids"]
    }


def depend_on_glossary(app: Sphinx, doctree: nodes.document) -> None:
    """Let a page that links to a term be written again when the glossary has changed."""
    if any(link["reftype"] == "term" for link in doctree.findall(pending_xref)):
        app.env.note_dependency(str(find_pages(Path(app.srcdir))[GLOSSARY]))


def explain_terms(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Tie each link to a term to the glossary's sentence, which the end of the page has ready.

    Screen readers read it with the link, and terms.js shows it to whoever points at the link, comes
    to it by keyboard or taps it. Without scripts, and on paper, the link leads to the glossary.
    """
    body = context.get("body", "")
    asked = dict.fromkeys(LINK.findall(body))
    if app.builder.name != "html" or not asked:
        return
    said = read_glossary(app.env)
    tied = LINK.sub(lambda link: f'{link[0][:-1]} aria-describedby="said-{link[1]}">', body)
    sayings = "".join(
        f'<p class="saying" id="said-{term}" popover="manual">{html.escape(said[term])}</p>\n'
        for term in asked
    )
    context["body"] = f"{tied}\n{sayings}"
    app.add_js_file("terms.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_post_transform(ColourLines)
    app.connect("doctree-read", depend_on_glossary)
    app.connect("html-page-context", explain_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
