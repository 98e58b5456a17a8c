"""The walk: the pages of the first part of the contents, their cards, the way in, and "3 of 8".

The directives `walk` and `start` stand on the first page. What they say of a page is what that page
says of itself, under its title too, so that one place decides where the walk begins, how many pages
it has and how long it takes.
"""

import math
import re
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

# Words a minute of someone to whom the subject is new.
PACE = 150


class walk(nodes.General, nodes.Element):
    """The pages of the walk, which are not known before all are read."""


class start(nodes.General, nodes.Element):
    """The way into the walk, and how long it is."""


class WalkDirective(SphinxDirective):
    """Show the pages of the walk in their order."""

    def run(self) -> list[nodes.Node]:
        return [walk()]


class StartDirective(SphinxDirective):
    """Lead to the first page of the walk, in the words of the argument."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        return [start(words=self.arguments[0])]


def pages_of(env: BuildEnvironment) -> list[str]:
    """Return the names of the pages of the walk: the first part of the contents."""
    first = next(iter(env.get_doctree(env.config.root_doc).findall(addnodes.toctree)))
    return list(first["includefiles"])


def minutes(doctree: nodes.document) -> int:
    """Return how long a page takes to read, its code left out."""
    code = (nodes.literal_block, nodes.raw, nodes.comment)
    text = " ".join(
        node.astext() for node in doctree.findall(nodes.Text) if not isinstance(node.parent, code)
    )
    return max(1, math.ceil(len(re.findall(r"\w[\w'’-]*", text)) / PACE))


def description(doctree: nodes.document) -> str:
    """Return what a page says of itself to those who have not opened it."""
    metas = doctree.findall(nodes.meta)
    return next((meta["content"] for meta in metas if meta.get("name") == "description"), "")


class ShowWalk(SphinxPostTransform):
    default_priority = 5

    def run(self, **_: Any) -> None:
        for node in list(self.document.findall(walk)):
            node.replace_self(self.cards())
        for node in list(self.document.findall(start)):
            node.replace_self(self.way_in(node["words"]))

    def link(
        self, page: str, *children: nodes.Node, classes: list[str] | None = None
    ) -> nodes.Node:
        text = nodes.inline("", "", *children, classes=classes or [])
        return make_refnode(self.app.builder, self.env.docname, page, "", text)

    def cards(self) -> nodes.Node:
        cards = []
        for page in pages_of(self.env):
            doctree = self.env.get_doctree(page)
            title = nodes.paragraph(
                "", "", self.link(page, nodes.Text(self.env.titles[page].astext()))
            )
            took = nodes.inline("", f"{minutes(doctree)} min", classes=["minutes"])
            title += [nodes.Text(" "), took]
            about = description(doctree)
            cards.append(nodes.list_item("", title, nodes.paragraph("", about)))
        return nodes.enumerated_list("", *cards, classes=["walk"], enumtype="arabic")

    def way_in(self, words: str) -> nodes.Node:
        pages = pages_of(self.env)
        whole = sum(minutes(self.env.get_doctree(page)) for page in pages)
        link = self.link(pages[0], nodes.Text(words), classes=["sd-btn", "sd-btn-primary"])
        promise = f"{len(pages)} short pages, about {whole} minutes"
        return nodes.paragraph(
            "", "", link, nodes.Text(" "), nodes.inline("", promise), classes=["start"]
        )


def mark_progress(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Say under the title of a page of the walk which one it is, and how long it takes."""
    if app.builder.name != "html" or page not in (pages := pages_of(app.env)):
        return
    # Of the page as it was read, as for its card.
    took = minutes(app.env.get_doctree(page))
    unit = "minute" if took == 1 else "minutes"
    said = f"{pages.index(page) + 1} of {len(pages)} · about {took} {unit}"
    title = next(iter(doctree.findall(nodes.title)))
    line = nodes.paragraph("", said, classes=["progress"])
    title.parent.insert(title.parent.index(title) + 1, line)


def link_styles(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    if re.search(r'<ol class="[^"]*\bwalk\b', context.get("body", "")):
        app.add_css_file("home.css")


def read_anew(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Let the first page be written again whenever any page was: it may tell of that one."""
    return [app.config.root_doc]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(walk)
    app.add_node(start)
    app.add_directive("walk", WalkDirective)
    app.add_directive("start", StartDirective)
    app.add_post_transform(ShowWalk)
    # After the links to the notebook, so that it stands before them.
    app.connect("doctree-resolved", mark_progress, priority=900)
    app.connect("html-page-context", link_styles)
    app.connect("env-updated", read_anew)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
