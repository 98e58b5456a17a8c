"""State the strictest Content-Security-Policy that the built site works under."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PLACE = "the policy follows the last page"
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def content_security_policy(pages: Iterable[str]) -> str:
    """Return the value of the header under which all `pages` work, given as HTML.

    Scripts, styles, fonts and data come from the site itself. Of the scripts in the pages, which
    the theme writes to set light or dark before it shows anything, each is allowed by its hash.
    Styles in the pages are allowed: figures and formulas have many.
    """
    scripts = {script for page in pages for script in INLINE_SCRIPT.findall(page)}
    hashes = sorted(
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts
    )
    rules = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *(f"'sha256-{value}'" for value in hashes)],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
    return "; ".join(" ".join([name, *sources]) for name, sources in rules.items())


class Policy(SphinxDirective):
    """Show the header as the host has to send it."""

    def run(self) -> list[nodes.Node]:
        header = f"Content-Security-Policy: {PLACE}"
        return [nodes.literal_block(header, header, language="text", classes=["policy"])]


def fill_in(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    pages = {path: path.read_text(encoding="utf-8") for path in Path(app.outdir).glob("*.html")}
    policy = content_security_policy(pages.values())
    for path, text in pages.items():
        if PLACE in text:
            path.write_text(text.replace(PLACE, policy), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("policy", Policy)
    # Once the pages have their final scripts.
    app.connect("build-finished", fill_in, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
