"""The `story` directive: paragraphs that tell of the figure before them, which follows the reader.

Each paragraph is a step. What the figure's cell draws with a `gid` that begins with `story-2` is
seen from the second step on, and a line whose `gid` ends with `-run` is the way of the point there.
The figure is whole as it stands: story.js only hides what is still to come, and only where scripts
run and motion is welcome.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)


class story(nodes.General, nodes.Element):
    """The steps of a story, still to be put beside their figure."""


class Story(SphinxDirective):
    has_content = True

    def run(self) -> list[nodes.Node]:
        node = story("", *self.parse_content_to_nodes())
        self.set_source_info(node)
        return [node]


class PlaceStories(SphinxPostTransform):
    default_priority = 25  # after the pictures have become SVG

    def run(self, **_: Any) -> None:
        cell: nodes.container | None = None
        for node in list(self.document.findall(lambda n: isinstance(n, (nodes.container, story)))):
            if isinstance(node, nodes.container):
                # Each cell is a container, and a figure is what one of them has put out.
                if "cell" in node["classes"] and [*node.findall(nodes.figure)]:
                    cell = node
                continue
            steps = node.children
            if self.app.builder.name == "html" and cell is not None:
                self.require_parts(cell, node)
                outer = nodes.container("", classes=["story"])
                cell.parent.remove(cell)
                outer += [cell, nodes.container("", *steps, classes=["steps"])]
                steps = [outer]
            node.parent[node.parent.index(node) : node.parent.index(node) + 1] = steps

    def require_parts(self, cell: nodes.container, told: story) -> None:
        drawn = "".join(node.astext() for node in cell.findall(nodes.raw))
        found = {int(number) for number in re.findall(r'id="\w+-story-(\d+)-', drawn)}
        if found != (steps := set(range(1, len(told.children) + 1))):
            said = "the figure has parts for the steps %s of its story, which has the steps %s"
            logger.warning(said, sorted(found), sorted(steps), location=told)


def link_script(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    if '<div class="story' in context.get("body", ""):
        app.add_css_file("story.css")
        app.add_js_file("story.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(story)
    app.add_directive("story", Story)
    app.add_post_transform(PlaceStories)
    app.connect("html-page-context", link_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
