"""Formulas, drawn by KaTeX during the build: pages need no script for them, and books get MathML.

One Node process serves each process of the build, by its standard input and output.
It ends by itself when that process does.
"""

import functools
import json
import os
import re
import subprocess
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from press.tools import npm

logger = logging.getLogger(__name__)

SERVE = """
const katex = require(process.argv[1]);
require("readline").createInterface({ input: process.stdin }).on("line", (question) => {
  const { latex, options } = JSON.parse(question);
  let answer;
  try {
    answer = { html: katex.renderToString(latex, options) };
  } catch (error) {
    answer = { error: error.message };
  }
  console.log(JSON.stringify(answer));
});
"""


@functools.cache
def _server(process: int) -> subprocess.Popen[str]:
    # A worker of a parallel build is a fork, and must not share its parent's.
    command = [str(npm.NODE), "-e", SERVE, str(npm.package("site", "katex"))]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8")


def render(latex: str, **options: Any) -> str:
    """Return the HTML of a formula.

    options: KaTeX's own, such as `displayMode`.
    Raises ValueError if the `latex` is not right.
    """
    server = _server(os.getpid())
    assert server.stdin and server.stdout  # for mypy
    server.stdin.write(json.dumps({"latex": latex, "options": options}) + "\n")
    server.stdin.flush()
    answer = json.loads(server.stdout.readline())
    if "error" in answer:
        raise ValueError(answer["error"])
    return answer["html"]


def visit_inline(translator: Any, node: nodes.math) -> None:
    _write(translator, node, "span", displayMode=False)


def visit_block(translator: Any, node: nodes.math_block) -> None:
    _write(translator, node, "div", displayMode=True)


def _write(translator: Any, node: nodes.Element, tag: str, **options: Any) -> None:
    # The readers of books draw MathML, with fonts of their own.
    output = "mathml" if translator.builder.name == "epub" else "htmlAndMathml"
    try:
        html = render(node.astext(), output=output, **options)
    except ValueError as error:
        logger.warning("LaTeX did not render: %s", error, location=node)
        html = ""
    translator.body.append(f"{translator.starttag(node, tag, '', CLASS='math')}{html}</{tag}>")
    raise nodes.SkipNode


def keep_with_mark(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Hold a formula and the comma behind it together: a browser would break the line there."""
    for formula in [*doctree.findall(nodes.math)]:
        place = formula.parent.index(formula)
        after = formula.next_node(nodes.Text, descend=False, siblings=True)
        mark = re.match(r"[,.;:?!)]+", after or "")
        if mark and formula.parent[place + 1] is after:
            around, rest = formula.parent, nodes.Text(after.removeprefix(mark[0]))
            pair = nodes.inline("", "", formula, nodes.Text(mark[0]), classes=["with-mark"])
            around[place : place + 2] = [pair, rest]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-resolved", keep_with_mark)
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
