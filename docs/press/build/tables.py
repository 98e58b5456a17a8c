"""Tables of the pages about the site itself: documented outputs, versions, nox sessions."""

import ast
import importlib.metadata
import inspect
import platform
import textwrap
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from press.build.values import as_table, documented
from press.contract import Output, load_contracts
from press.executed import folder_of, read_values


class built(nodes.General, nodes.Inline, nodes.Element):
    """What this build gave for a documented output, not known before all pages have run."""


class OutputsTable(SphinxDirective):
    """All documented outputs, page by page: promised, given by this build, and how to compute."""

    def run(self) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for page, contract in load_contracts(Path(self.env.srcdir)).items():
            heading = ["What it is", "Documented", "This build", "Computed by"]
            rows: list[list[nodes.Node]] = [[nodes.Text(text) for text in heading]]
            for output in contract.of_kind("text", "latex"):
                shown = contract.recorded.values.get(output.name, "not recorded")
                rows.append(
                    [
                        nodes.Text(output.meaning),
                        _shown(output, shown),
                        built(name=output.name),
                        nodes.literal(expression := _expression(output), expression),
                    ]
                )
            if len(rows) > 1:
                link = _page_link(page, self.env.docname)
                found += [nodes.rubric("", "", link), as_table(rows, classes=["outputs"])]
        return found


def _shown(output: Output, text: str) -> nodes.Node:
    """Return the `text` of an output as a reader knows it: a formula drawn, all else as code."""
    return nodes.math(text, text) if output.kind == "latex" else nodes.literal(text, text)


def _expression(output: Output) -> str:
    """Return what the function of an output returns, as it is written."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(output.compute)))
    last = tree.body[0].body[-1]  # type: ignore[attr-defined]
    return ast.unparse(last.value)


def _with_code(sentence: str) -> nodes.Node:
    """Return a sentence with what stands between backticks as code."""
    parts = enumerate(sentence.split("`"))
    return nodes.inline(
        "", "", *(nodes.literal(t, t) if k % 2 else nodes.Text(t) for k, t in parts)
    )


def _page_link(page: str, here: str) -> nodes.Node:
    """Return a link to `page` that shows its title."""
    return pending_xref(
        "", nodes.inline(page, page), refdoc=here, refdomain="std", reftype="doc",
        reftarget=page, refexplicit=False, refwarn=True,
    )  # fmt: skip


class BuildVersions(SphinxDirective):
    """What this build ran on."""

    def run(self) -> list[nodes.Node]:
        versions = {
            "Python": platform.python_version(),
            "PyTorch": importlib.metadata.version("torch").split("+")[0],
            "NumPy": importlib.metadata.version("numpy"),
        }
        rows: list[list[nodes.Node]] = [[nodes.Text("Software"), nodes.Text("Version")]]
        rows += [[nodes.Text(name), nodes.Text(version)] for name, version in versions.items()]
        return [as_table(rows, classes=["versions"])]


class NoxSessions(SphinxDirective):
    """Each nox session with its sentence."""

    def run(self) -> list[nodes.Node]:
        noxfile = Path(self.env.srcdir).parent / "noxfile.py"
        self.env.note_dependency(str(noxfile))
        rows: list[list[nodes.Node]] = [[nodes.Text("Session"), nodes.Text("What it does")]]
        for node in ast.parse(noxfile.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            if any(ast.unparse(mark).startswith("nox.session") for mark in node.decorator_list):
                sentence = (ast.get_docstring(node) or "").splitlines()[0]
                rows.append([nodes.literal(node.name, node.name), _with_code(sentence)])
        return [as_table(rows, classes=["sessions"])]


class ShowBuilt(SphinxPostTransform):
    default_priority = 5

    def run(self, **_: object) -> None:
        outputs = documented(Path(self.app.srcdir))
        executed = folder_of(Path(self.app.outdir))
        for node in list(self.document.findall(built)):
            output = outputs[node["name"]]
            value = read_values(executed, output.page).get(output.name)
            text = "missing" if value is None else output.render(value)
            node.replace_self(_shown(output, text))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(built)
    app.add_directive("outputs-table", OutputsTable)
    app.add_directive("build-versions", BuildVersions)
    app.add_directive("nox-sessions", NoxSessions)
    app.add_post_transform(ShowBuilt)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
