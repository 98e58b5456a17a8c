"""Build a small site in this process, so that it costs a tenth of a second and not a whole one."""

import io
import warnings
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.console import strip_escape_sequences
from sphinx.util.docutils import docutils_namespace, patch_docutils


def build(docs: Path, extensions: list[str], pages: dict[str, str], **settings: Any) -> str:
    """Write the Markdown of `pages` into the folder `docs`; return what their build warns of.

    Its HTML goes into the folder html beside them.
    """
    for page, text in pages.items():
        path = docs / f"{page}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = {"extensions": ["myst_parser", *extensions], "html_theme": "basic"} | settings
    warned = io.StringIO()
    with patch_docutils(), docutils_namespace(), warnings.catch_warnings():
        # What the libraries will change one day is no fault of the pages.
        warnings.simplefilter("ignore")
        html = docs / "html"
        app = Sphinx(
            docs, None, html, html / ".doctrees", "html", settings, status=None, warning=warned
        )
        app.build()
    return strip_escape_sequences(warned.getvalue())
