"""Leave out of the built site what no page of it uses: styles, glyphs, markup and files.

The themes bring styles for all that a site could have, and KaTeX fonts for all of mathematics.
A first visit loads little of either, and this makes it load no more.
"""

import hashlib
import json
import posixpath
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import lxml.html
from fontTools import subset
from sphinx.application import Sphinx

from press.build import assets

STYLESHEET = re.compile(r'[ \t]*<link rel="stylesheet"[^>]* href="([^"?]*)[^"]*" />\n?')
# docutils marks each word of code in the text not to be broken: these never would be.
UNBREAKABLE = re.compile(
    r"""<span class="pre">((?:[\w.,:;=+*^()\[\]{}\\'"]|&(?!amp)#?\w+;)+)</span>"""
)

# Runs PurgeCSS, which keeps of a stylesheet the rules that could match something.
# A script adds the attributes, so no page has them.
PURGE = """
const [store, content, css] = JSON.parse(require("fs").readFileSync(0, "utf8"));
const { PurgeCSS } = require(store);
const dynamicAttributes = ["data-theme", "data-line", "open", "aria-expanded", "aria-pressed"];
new PurgeCSS().purge({ content, css, dynamicAttributes })
  .then((results) => console.log(JSON.stringify(results.map((result) => result.css))));
"""


def slim(app: Sphinx, exception: Exception | None) -> None:
    # While writing, only the changed pages are made anew, and they would miss the others' files.
    if exception or app.builder.name != "html" or app.config.nb_execution_mode == "cache":
        return
    site = Path(app.outdir)
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.glob("*.html"))}
    plain = plain_tokens((site / "_static" / "pygments.css").read_text(encoding="utf-8"))
    for path, text in pages.items():
        text = re.sub(rf'<span class="(?:{"|".join(plain)})">([^<]*)</span>', r"\1", text)
        text = UNBREAKABLE.sub(r"\1", text)
        pages[path] = without_unused_symbols(text)
        path.write_text(pages[path], encoding="utf-8")
    bundle_styles(site, pages)
    subset_fonts(site / "_static" / "katex" / "fonts", pages.values())
    for folder in ("_static", "_sources"):
        for path in (site / folder).rglob("*"):
            # No page refers to any of these; the font formats are for browsers long gone.
            if path.suffix in {".map", ".txt", ".scss"}:
                path.unlink()


def plain_tokens(css: str) -> list[str]:
    """Return the classes of code tokens that pygments' `css` colours like any other text."""
    looks: dict[str, set[bool]] = {}
    for scope in ("", 'body[data-theme="dark"] '):
        base = re.search(
            rf"^{re.escape(scope)}\.highlight \{{.*?color: (#\w+) }}", css, re.MULTILINE
        )
        rules = re.findall(
            rf"^{re.escape(scope)}\.highlight \.(\w+) {{ (.*?) }}", css, re.MULTILINE
        )
        for token, look in rules:
            looks.setdefault(token, set()).add(base is not None and look == f"color: {base[1]}")
    return [token for token, plain in looks.items() if plain == {True}]


def without_unused_symbols(text: str) -> str:
    """Return a page without those of the theme's icons that it does not show."""
    used = set(re.findall(r'<use href="#([\w-]+)"', text))
    return re.sub(
        r'<symbol id="([\w-]+)".*?</symbol>\s*',
        lambda symbol: symbol[0] if symbol[1] in used else "",
        text,
        flags=re.DOTALL,
    )


def bundle_styles(site: Path, pages: dict[Path, str]) -> None:
    """Join the stylesheets that all pages link into one, and purge it and each of the others."""
    linked = {path: STYLESHEET.findall(text) for path, text in pages.items()}
    # The page for lost visitors names its files from the root of the host.
    common = [
        href
        for href in linked[site / "index.html"]
        if all(any(other.endswith(href) for other in hrefs) for hrefs in linked.values())
    ]
    others = sorted(
        {href for path, hrefs in linked.items() if path.name != "404.html" for href in hrefs}
        - set(common)
    )
    purged = dict(zip([*common, *others], purge(site, [*common, *others]), strict=True))
    bundle = "".join(_moved(purged[href], posixpath.dirname(href), "_static") for href in common)
    for old in (site / "_static").glob("site-*.css"):
        old.unlink()
    name = f"_static/site-{hashlib.sha256(bundle.encode()).hexdigest()[:8]}.css"
    for href in common:
        (site / href).unlink()
    (site / name).write_text(bundle, encoding="utf-8")
    for href in others:
        (site / href).write_text(purged[href], encoding="utf-8")
    for path, text in pages.items():
        seen = False

        def link(match: re.Match[str]) -> str:
            nonlocal seen
            href = next((href for href in common if match[1].endswith(href)), None)
            if href is None:
                return match[0]
            first, seen = not seen, True
            prefix = match[1].removesuffix(href)
            return f'<link rel="stylesheet" href="{prefix}{name}" />\n' if first else ""

        path.write_text(STYLESHEET.sub(link, text), encoding="utf-8")


def purge(site: Path, stylesheets: list[str]) -> list[str]:
    """Return each of the `stylesheets` without the rules that match nothing on the site."""
    content = [str(path) for path in sorted(site.glob("*.html"))]
    content += [str(path) for path in sorted((site / "_static").rglob("*.js"))]
    css = [str(site / href) for href in stylesheets]
    question = json.dumps([str(assets.package("purgecss")), content, css])
    done = subprocess.run(
        [assets.NODE, "-e", PURGE], input=question, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"PurgeCSS failed:\n{done.stderr}")
    return json.loads(done.stdout)


def _moved(css: str, start: str, end: str) -> str:
    """Return `css` with its relative addresses as seen from the folder `end`, not `start`."""

    def move(match: re.Match[str]) -> str:
        if match[2].startswith(("data:", "#", "/")):
            return match[0]
        return f"url({match[1]}{posixpath.relpath(posixpath.join(start, match[2]), end)}{match[1]})"

    return re.sub(r"url\((['\"]?)([^)'\"]+)\1\)", move, css)


def subset_fonts(folder: Path, pages: Iterable[str]) -> None:
    """Leave in KaTeX's fonts only the characters that formulas of the pages show."""
    shown = {
        character
        for page in pages
        for formula in lxml.html.fromstring(page).find_class("katex-html")
        for character in formula.text_content()
    }
    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
    for path in sorted(folder.glob("*.woff2")):
        font = subset.load_font(path, options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(text="".join(sorted(shown)))
        subsetter.subset(font)
        subset.save_font(font, path, options)


def setup(app: Sphinx) -> dict[str, bool]:
    # After the last touch to the pages' own text.
    app.connect("build-finished", slim, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
