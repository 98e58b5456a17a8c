"""The `explore` directive: let an interactive figure take the place of the static one before it."""

import functools
import json
import re
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from interactive import FIGURES
from press.pages import DOCS
from press.tools.npm import package

# A comment that has its lines for itself.
COMMENT = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)\n", re.DOTALL | re.MULTILINE)
STATIC = DOCS / "interactive" / "static"


class explore(nodes.General, nodes.Element):
    """An interactive figure, still to be put into the static one."""


class Explore(SphinxDirective):
    """Named after one of the `interactive` figures."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        if self.arguments[0] not in FIGURES:
            known = ", ".join(FIGURES)
            raise self.error(f"no figure is named {self.arguments[0]!r}; use one of {known}")
        node = explore(name=self.arguments[0])
        self.set_source_info(node)
        return [node]


class PlaceFigures(SphinxPostTransform):
    """Put each interactive figure beside the picture of the figure before it, over the caption."""

    default_priority = 30  # after the pictures have become SVG

    def run(self, **_: Any) -> None:
        before: nodes.figure | None = None
        for node in list(self.document.findall(lambda n: isinstance(n, (nodes.figure, explore)))):
            if isinstance(node, nodes.figure):
                before = node
                continue
            if self.app.builder.name == "html" and before is not None:
                before.insert(0, nodes.raw("", '<div class="explore">', format="html"))
                before.insert(2, nodes.raw("", f"{markup(node['name'])}</div>", format="html"))
            node.parent.remove(node)


@functools.cache  # several pages show the same figure
def markup(name: str) -> str:
    """Return the element of the figure `name`: its controls, and its data in an inert script."""
    figure = FIGURES[name]()
    # No text of the data may look like the end of the script.
    data = json.dumps(figure.data).replace("<", r"\u003c")
    element = f"explore-{name}"
    script = f'<script type="application/json">{data}</script>'
    shared = SHARE if "program" in figure.data else STATUS
    return f"<{element}>{figure.controls}{shared}{script}</{element}>"


STATUS = '<p class="status" role="status"></p>'
SHARE = (
    '<div class="share"><button type="button" data-name="copy-link">Copy link</button>'
    f'<button type="button" data-name="copy-program">Copy PyTorch</button>{STATUS}</div>'
)


def link_scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if '<div class="explore">' in context.get("body", ""):
        app.add_css_file("explore/explore.css")
        app.add_js_file("explore/main.js", loading_method="defer")


def copy_scripts(app: Sphinx) -> None:
    if app.builder.name == "html":
        scripts = shutil.ignore_patterns("*.json", "*.d.ts")
        target = Path(app.outdir, "_static", "explore")
        shutil.copytree(STATIC, target, ignore=scripts, dirs_exist_ok=True)
        # Types and reasons are for whoever changes a script: a quarter of its bytes.
        for path in target.glob("*.js"):
            path.write_text(COMMENT.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
        (target / "papaparse.js").write_text(papaparse(), encoding="utf-8")


def papaparse() -> str:
    """Return PapaParse, which reads CSV, as a module: as published it knows only older kinds."""
    published = package("site", "papaparse") / "papaparse.min.js"
    code = published.read_text(encoding="utf-8").rstrip()
    before, after = "const module = { exports: {} }, exports = module.exports;", "module.exports"
    return f"{before}\n{code}\nexport default {after};\n"


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(explore)
    app.add_directive("explore", Explore)
    app.add_post_transform(PlaceFigures)
    app.connect("builder-inited", copy_scripts)
    app.connect("html-page-context", link_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
