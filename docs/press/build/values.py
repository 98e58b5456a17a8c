"""The `out` role and directive: show a documented output, as the executed page computed it."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from press.check.values import RECIPE
from press.contract import CODE, Output, load_contracts
from press.executed import folder_of, read_values

logger = logging.getLogger(__name__)


class out(nodes.General, nodes.Inline, nodes.Element):
    """A value that is not known before all pages have run."""


def documented(docs: Path) -> dict[str, Output]:
    """Return every documented output, by its name."""
    contracts = load_contracts(docs).values()
    return {name: output for contract in contracts for name, output in contract.outputs.items()}


class OutRole(SphinxRole):
    """Named after an output, with a format of its own where it is shown in fewer digits."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        node = out(asked=self.text, block=False)
        self.set_source_info(node)
        return [node], []


class OutDirective(SphinxDirective):
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        node = out(asked=self.arguments[0], block=True)
        self.set_source_info(node)
        return [node]


class ShowOutputs(SphinxPostTransform):
    """Replace each `out` node, and each `{name}` in an alt text, by its value."""

    default_priority = 5

    def run(self, **_: Any) -> None:
        self.outputs = documented(Path(self.app.srcdir))
        for node in list(self.document.findall(out)):
            name, _, format_ = node["asked"].partition(":")
            if (value := self.find(name, node)) is None:
                node.parent.remove(node)
            else:
                output = self.outputs[name]
                shown = as_node(output, value, block=node["block"], format_=format_ or None)
                node.replace_self(shown)
        for image in self.document.findall(nodes.image):
            image["values"] = re.findall(r"\{(\w+)\}", image.get("alt", ""))
            for name in image["values"]:
                if (value := self.find(name, image)) is not None:
                    text = self.outputs[name].render(value)
                    image["alt"] = image["alt"].replace(f"{{{name}}}", text)

    def find(self, name: str, node: nodes.Node) -> Any:
        """Return the value of the output, or warn and return None where there is none."""
        if name not in self.outputs:
            said = f"{name} is shown, and nothing documents it; {RECIPE.format(name=name)}"
            logger.warning("%s: %s", self.env.docname, said, location=node)
            return None
        page = self.outputs[name].page
        value = read_values(folder_of(Path(self.app.outdir)), page).get(name)
        if value is None:
            said = f"{name} is documented, and no cell computes it; hand it to show({name}=...)"
            logger.warning("%s: %s", page, said, location=node)
        return value


def as_node(output: Output, value: Any, *, block: bool, format_: str | None = None) -> nodes.Node:
    """Return a node that shows `value` and carries the output's name as a CSS class."""
    classes = [f"out-{output.name}"]
    if output.kind == "table":
        return _table(value, classes)
    text = output.render(value, format_)
    if output.kind == "latex" and block:
        return nodes.math_block(text, text, classes=classes, nowrap=False, number=None)
    if output.kind == "latex":
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


def load(app: Sphinx, environment: BuildEnvironment, pages: list[str]) -> None:
    """Load what the contracts import, before the processes that read pages part."""
    load_contracts(Path(app.srcdir))


def depend_on_owners(app: Sphinx, doctree: nodes.document) -> None:
    """Let a page be read again when another page whose value it shows has changed."""
    contracts = load_contracts(Path(app.srcdir)).values()
    owners = {name: contract for contract in contracts for name in contract.outputs}
    names = [node["asked"].partition(":")[0] for node in doctree.findall(out)]
    for image in doctree.findall(nodes.image):
        names += re.findall(r"\{(\w+)\}", image.get("alt", ""))
    for name in names:
        if name in owners:
            path = owners[name].path
            app.env.note_dependency(str(path))
            app.env.note_dependency(str(path.with_name(CODE)))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(out)
    app.add_role("out", OutRole())
    app.add_directive("out", OutDirective)
    app.add_post_transform(ShowOutputs)
    app.connect("env-before-read-docs", load)
    app.connect("doctree-read", depend_on_owners)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
