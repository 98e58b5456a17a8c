"""Last touches to each HTML page, where the theme leaves something to be desired.

All of them stand in `STEPS`, in order, and are taken once, as a page is written. Each says how to
tell that a page has what it changes; where it then finds nothing to change, the theme has been
reworded, and the build stops.
"""

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from press.build import pictures

# A book has nothing to press, and its reader draws formulas with fonts of its own.
BOOK_STYLES = r"(pygments|epub|palette|site)\.css$"

# What Sphinx makes by itself, described as every other page is.
GENERATED = {
    "404": "There is no such page in this tutorial on linear regression with PyTorch.",
    "search": "Search all pages of this tutorial on linear regression with PyTorch.",
}

# Scripts that only the search has a use for.
SEARCHING = r"(doctools|sphinx_highlight)\.js$"

# Files that a page loads only if its text has what they are for.
NEEDED = {
    "katex": r'class="katex',
    "sphinx-design": r"\bsd-",
    "design-tabs": r"\bsd-tab-",
    "mystnb": r'class="cell',
}

# On a phone the theme's own field waits in the menu.
SEARCH = (
    '<form class="search-form" role="search" aria-label="All pages" action="search.html">'
    '<input type="search" name="q" aria-label="Words to search for" '
    'placeholder="a word, or the message of an error"><button>Search</button></form>'
)

# Where the first pattern is found, the second is replaced by the third.
STEPS = [
    # What scrolls sideways must be reachable by keyboard.
    (r"<pre\b", r"<pre>", '<pre tabindex="0">'),
    (r"\btable-wrapper\b", r'<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'),
    # This label would hide from a screen reader what the fold says of itself.
    (r"Toggle hidden content", r'aria-label="Toggle hidden content"', ""),
    # A screen reader wants to know the level of a heading, and the names of the side bars.
    (r'class="caption"', r'role="heading"', 'role="heading" aria-level="2"'),
    (r"\bsidebar-drawer\b", r'<aside class="sidebar-', '<aside aria-label="Site" class="sidebar-'),
    (r"\btoc-drawer\b", r'<aside class="toc-', '<aside aria-label="This page" class="toc-'),
    # A link of the page is part of what the page says.
    (
        r"back-to-top",
        r'(?s)(<a href="#" class="back-to-top.*?</a>)(.*?<article role="main"[^>]*>)',
        r"\2\1",
    ),
    (
        r'id="search-results"',
        r'<div id="search-results">',
        f'<h1>Search</h1>\n{SEARCH}\n<div id="search-results">',
    ),
]  # fmt: skip


def finish(page: str, text: str) -> str:
    """Return the HTML of a page after all `STEPS`, with the icons that it then shows."""
    for sign, old, new in STEPS:
        if re.search(sign, text):
            text, changes = re.subn(old, new, text)
            if not changes:
                raise ExtensionError(
                    f"{page}: nothing is left to finish where {sign!r} stands: {old!r} is not "
                    "there; see what the theme writes now, and mend the step in finish.py"
                )
    return without_unused_symbols(text)


def without_unused_symbols(text: str) -> str:
    """Return a page without those of the theme's icons that it does not show."""
    used = set(re.findall(r'<use href="#([\w-]+)"', text))
    return re.sub(
        r'<symbol id="([\w-]+)".*?</symbol>\s*',
        lambda symbol: symbol[0] if symbol[1] in used else "",
        text,
        flags=re.DOTALL,
    )


def finish_pages(app: Sphinx) -> None:
    """Let every page go through `finish` when the theme has made it."""
    if app.builder.name != "html":
        return
    templates = app.builder.templates
    render = templates.render

    def render_and_finish(template: str, context: dict[str, Any]) -> str:
        text = render(template, context)
        return finish(context["pagename"], text) if "pagename" in context else text

    templates.render = render_and_finish


def choose(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Choose a page's styles and what it says of itself, before the theme makes it."""
    body, files = context.get("body", ""), context["css_files"]
    if app.builder.name == "epub":
        context["body"] = for_a_book(body)
        context["css_files"] = [f for f in files if re.search(BOOK_STYLES, str(f.filename))]
    if app.builder.name != "html":
        return
    if page == "search":
        app.add_js_file("search.js", loading_method="defer")
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
    for kind in ("css_files", "script_files"):
        context[kind] = [file for file in context[kind] if _is_needed(file, body)]
    if page != "search":
        scripts = context["script_files"]
        context["script_files"] = [f for f in scripts if not re.search(SEARCHING, str(f.filename))]


def _is_needed(file: Any, body: str) -> bool:
    name = str(getattr(file, "filename", file))
    return all(re.search(sign, body) for part, sign in NEEDED.items() if part in name)


def for_a_book(body: str) -> str:
    """Return a page's `body` for a reading device, which has no themes."""
    for name, colour in pictures.LIGHT.items():
        body = body.replace(f"var(--{name})", colour)
    # XML would want these closed, and a book has nothing to choose.
    return re.sub(r"<input[^>]*>", "", body)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", choose, priority=900)
    app.connect("builder-inited", finish_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
