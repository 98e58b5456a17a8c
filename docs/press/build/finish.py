"""Last touches to each HTML page, where the theme leaves something to wish for."""

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from press.build import pictures

# A book has nothing to press, and its reader draws formulas with fonts of its own.
BOOK_STYLES = r"(pygments|epub|palette|site)\.css$"

# What Sphinx makes by itself, described as every other page is.
GENERATED = {
    "404": "There is no such page in this tutorial on linear regression with PyTorch.",
    "search": "Search all pages of this tutorial on linear regression with PyTorch.",
}


def finish(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    body = context.get("body", "")
    if app.builder.name == "epub":
        context["body"] = for_a_book(body)
        files = context["css_files"]
        context["css_files"] = [f for f in files if re.search(BOOK_STYLES, str(f.filename))]
    if app.builder.name != "html":
        return
    # What scrolls sideways must be reachable by keyboard.
    body = body.replace("<pre>", '<pre tabindex="0">')
    # This label would hide from a screen reader what the fold says of itself.
    body = body.replace('aria-label="Toggle hidden content"', "")
    context["body"] = body.replace(
        '<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'
    )
    tree = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = tree.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )
    # Where a page describes itself, a link to it should say the same.
    tags = context.get("metatags", "")
    if page in GENERATED:
        tags += f'<meta content="{GENERATED[page]}" name="description" />'
    if own := re.search(r'<meta content="([^"]*)" name="description"', tags):
        said = f'property="og:description" content="{own[1]}"'
        tags = re.sub(r'property="og:description" content="[^"]*"', lambda _: said, tags)
    if 'class="katex' in body:
        # Fonts that come after the text has been drawn would move it.
        tags += "".join(
            f'<link rel="preload" href="_static/katex/fonts/KaTeX_{font}.woff2" as="font" '
            'type="font/woff2" crossorigin />\n'
            for font in ("Main-Regular", "Math-Italic")
        )
    context["metatags"] = tags
    if 'class="katex' not in body:
        files = context["css_files"]
        context["css_files"] = [f for f in files if "katex" not in str(getattr(f, "filename", f))]


def for_a_book(body: str) -> str:
    """Return a page's `body` for a reading device, which has no themes."""
    for name, colour in pictures.LIGHT.items():
        body = body.replace(f"var(--{name})", colour)
    # XML would want these closed, and a book has nothing to choose.
    return re.sub(r"<input[^>]*>", "", body)


def name_places(app: Sphinx, exception: Exception | None) -> None:
    """Name the theme's two side bars, for a screen reader, and the search page, for everyone."""
    if exception or app.builder.name != "html":
        return
    for path in Path(app.outdir).glob("*.html"):
        text = path.read_text(encoding="utf-8")
        text = text.replace(
            '<aside class="sidebar-drawer"', '<aside aria-label="Site" class="sidebar-drawer"'
        )
        text = text.replace(
            '<aside class="toc-drawer', '<aside aria-label="This page" class="toc-drawer'
        )
        # A link of the page is part of what the page says.
        text = re.sub(
            r'(?s)(<a href="#" class="back-to-top.*?</a>)(.*?<article role="main"[^>]*>)',
            r"\2\1",
            text,
        )
        text = text.replace(
            '<div id="search-results">', '<h1>Search</h1>\n<div id="search-results">'
        )
        path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", finish, priority=900)
    app.connect("build-finished", name_places)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
