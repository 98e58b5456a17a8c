"""Leave out of the built site what a first visit would load for nothing: glyphs, styles and files.

KaTeX brings fonts for all of mathematics, and a formula loads those whose letters it shows, whole.
"""

import re
from collections.abc import Iterable, Set
from pathlib import Path

import lxml.html
from fontTools import subset
from sphinx.application import Sphinx

from press.tools.npm import package


def lighten(app: Sphinx, exception: Exception | None) -> None:
    # While writing, only the changed pages are made anew, and they would miss the others' glyphs.
    if exception or app.builder.name != "html" or app.config.nb_execution_mode == "cache":
        return
    site = Path(app.outdir)
    pages = [path.read_text(encoding="utf-8") for path in sorted(site.glob("*.html"))]
    subset_fonts(site / "_static" / "katex" / "fonts", pages)
    used = {name for page in pages for name in re.findall(r"\bsd-[\w-]+|-Color[\w-]*", page)}
    for name in ("mystnb*", "sphinx-design*", "copybutton", "site", "home", "explore/*"):
        for path in (site / "_static").glob(f"{name}.css"):
            path.write_text(slim(path.read_text(encoding="utf-8"), used), encoding="utf-8")
    for path in (site / "_static").rglob("*"):
        # No page refers to any of these.
        if path.suffix in {".map", ".txt", ".scss"}:
            path.unlink()


# The styles of sphinx-design and of terminals name a class for each of many things and colours.
OPTIONAL = re.compile(r"\.((?:sd|-Color)-[\w-]+|-Color\b)")


def slim(css: str, used: Set[str]) -> str:
    """Return a stylesheet without comments, and without rules for optional classes not `used`."""

    def shorten(rule: re.Match[str]) -> str:
        # A comma in brackets parts no selectors.
        selectors = [rule[1]] if "(" in rule[1] else rule[1].split(",")
        kept = [one for one in selectors if {*OPTIONAL.findall(one)} <= used]
        return f"{','.join(kept)}{{{rule[2]}}}" if kept else ""

    css = re.sub(r"/\*.*?\*/\s*", "", css, flags=re.DOTALL)
    return re.sub(r"([^{}]+)\{([^{}]*)\}", shorten, css)


def subset_fonts(folder: Path, pages: Iterable[str]) -> None:
    """Leave in KaTeX's fonts only the characters that formulas of the pages show."""
    shown = {
        character
        for page in pages
        for formula in lxml.html.fromstring(page).find_class("katex-html")
        for character in formula.text_content()
    }
    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
    # The same fonts without compression, which takes as long to undo as all the rest.
    whole = package("site", "katex") / "dist" / "fonts"
    for path in sorted(folder.glob("*.woff2")):
        font = subset.load_font(whole / f"{path.stem}.ttf", options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(text="".join(sorted(shown)))
        subsetter.subset(font)
        subset.save_font(font, path, options)


def setup(app: Sphinx) -> dict[str, bool]:
    # After the last touch to the pages' own text.
    app.connect("build-finished", lighten, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
