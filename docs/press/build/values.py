"""The `out` role and directive: show a documented output, as the executed page computed it."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from press import contract as outputs

logger = logging.getLogger(__name__)


class out(nodes.General, nodes.Inline, nodes.Element):
    """A value that is not known before all pages have run."""


class OutRole(SphinxRole):
    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        node = out(name=self.text, block=False)
        self.set_source_info(node)
        return [node], []


class OutDirective(SphinxDirective):
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        node = out(name=self.arguments[0], block=True)
        self.set_source_info(node)
        return [node]


class ShowOutputs(SphinxPostTransform):
    """Replace each `out` node, and each `{name}` in an alt text, by its value."""

    default_priority = 5

    def run(self, **_: Any) -> None:
        contract = outputs.load_contract(Path(self.app.srcdir))
        executed = Path(self.app.outdir).parent / "jupyter_execute"
        for node in list(self.document.findall(out)):
            output = contract.outputs.get(node["name"])
            value = None if output is None else outputs.read_built(executed, output)
            if output is None or value is None:
                self.warn(node["name"], output, node)
                node.parent.remove(node)
            else:
                node.replace_self(as_node(output, value, block=node["block"]))
        for image in self.document.findall(nodes.image):
            image["values"] = re.findall(r"\{(\w+)\}", image.get("alt", ""))
            for name in image["values"]:
                output = contract.outputs.get(name)
                value = None if output is None else outputs.read_built(executed, output)
                if output is None or value is None:
                    self.warn(name, output, image)
                else:
                    image["alt"] = image["alt"].replace(f"{{{name}}}", output.render(value))

    def warn(self, name: str, output: outputs.Output | None, node: nodes.Node) -> None:
        if output is None:
            message = f"{self.env.docname}: shows {name}, and outputs.toml does not know it"
        else:
            message = (
                f"{output.page}: {name} is documented as '{output.shown}', and no cell computes it"
            )
        logger.warning(message, location=node)


def as_node(output: outputs.Output, value: Any, *, block: bool) -> nodes.Node:
    """Return a node that shows `value` and carries the output's name as a CSS class."""
    classes = [f"out-{output.name}"]
    if output.kind == "table":
        return _table(value, classes)
    text = output.render(value)
    if output.kind == "math" and block:
        return nodes.math_block(text, text, classes=classes, nowrap=False, number=None)
    if output.kind == "math":
        return nodes.math(text, text, classes=classes)
    return nodes.inline(text, text, classes=["computed", *classes])


def _table(rows: list[list[str]], classes: list[str]) -> nodes.table:
    texts = [[nodes.Text(str(cell)) for cell in row] for row in rows]
    return as_table(texts, classes=["computed", *classes])


def as_table(rows: list[list[nodes.Node]], *, classes: list[str]) -> nodes.table:
    """Return a table of `rows` of inline nodes, the first of them its heading."""
    group = nodes.tgroup(cols=len(rows[0]))
    group += [nodes.colspec(colwidth=1) for _ in rows[0]]
    lines = [
        nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in row))
        for row in rows
    ]
    group += nodes.thead("", lines[0])
    group += nodes.tbody("", *lines[1:])
    return nodes.table("", group, classes=classes)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(out)
    app.add_role("out", OutRole())
    app.add_directive("out", OutDirective)
    app.add_post_transform(ShowOutputs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
