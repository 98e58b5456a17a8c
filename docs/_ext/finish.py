"""Last touches to each HTML page."""

from typing import Any

from sphinx.application import Sphinx


def finish(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    body = context.get("body", "")
    # A block that scrolls sideways must be reachable by keyboard.
    context["body"] = body.replace("<pre>", '<pre tabindex="0">')
    if 'class="katex' not in body:
        files = context["css_files"]
        context["css_files"] = [f for f in files if "katex" not in str(getattr(f, "filename", f))]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
