"""The `next` role: a link to the page that follows in the order of the contents."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import make_refnode

logger = logging.getLogger(__name__)


class following(nodes.General, nodes.Inline, nodes.TextElement):
    """A link whose page is not known before all pages are read."""


class NextRole(SphinxRole):
    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        node = following("", self.text)
        self.set_source_info(node)
        return [node], []


class LinkNext(SphinxPostTransform):
    default_priority = 5

    def run(self, **_: Any) -> None:
        for node in list(self.document.findall(following)):
            page = self.env.docname
            relations = self.env.collect_relations().get(page)
            after = relations[2] if relations else None
            if after is None:
                said = "%s: no page of the contents follows; link to one with {doc}"
                logger.warning(said, page, location=node)
                node.replace_self(node.children)
            else:
                text = nodes.inline("", *node.children)
                node.replace_self(make_refnode(self.app.builder, page, after, "", text))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(following)
    app.add_role("next", NextRole())
    app.add_post_transform(LinkNext)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
