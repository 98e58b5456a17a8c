"""Put vector figures into the page itself, where they take its fonts, light and dark colours."""

import html
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

# The colours that figures are drawn in, and the variable of site.css that gives each its shade.
THEMED = {
    "#000000": "ink",
    "#ff4500": "trained",
    "#4169e1": "best",
    "#808080": "muted",
    "#d3d3d3": "grid",
}
LIGHT = dict(ink="#1c1e21", trained="#b84300", best="#0060a8", muted="#62666c", grid="#d9dce0")
DARK = dict(ink="#e6e7ea", trained="#ff8d52", best="#6cb6ff", muted="#a2a7ae", grid="#3a3f46")
# For whoever asks the browser for more contrast: at least seven to one for all that is text.
LIGHT_MORE = dict(ink="#000000", trained="#8a2f00", best="#004a85", muted="#3f4246", grid="#8b9096")
DARK_MORE = dict(ink="#ffffff", trained="#ffb48a", best="#a6d3ff", muted="#d5d8dc", grid="#7b828a")


class InlineFigures(SphinxPostTransform):
    """Replace images of SVG files that cells drew by the SVG itself."""

    default_priority = 20  # after the alt texts have their values
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for number, image in enumerate(list(self.document.findall(nodes.image))):
            path = Path(self.app.srcdir) / image["uri"]
            if path.suffix == ".svg":
                svg = theme_svg(path.read_text(encoding="utf-8"), prefix=f"f{number}-")
                label = html.escape(image.get("alt", ""))
                values = " ".join(image["values"])
                mark = f'class="plot" role="img" aria-label="{label}" data-values="{values}"'
                svg = svg.replace("<svg", f"<svg {mark}", 1)
                image.replace_self(nodes.raw(svg, svg, format="html"))


def theme_svg(svg: str, *, prefix: str = "") -> str:
    """Return matplotlib's `svg` without its preamble, with themed colours and short numbers.

    prefix: goes before every id, so that several figures can share a page.
    """
    head = re.search(r'<svg[^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*>', svg)
    if head is None:
        raise ValueError(f"this is no SVG that matplotlib drew: {svg[:80]!r}")
    body = svg[head.end() :]
    body = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", body, flags=re.DOTALL)
    # Short numbers in the tags only: what stands between them is text that readers read.
    body = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\.\d\d)\d+", r"\1", tag[0]), body)
    # The page's stylesheet names the fonts, and a turn by nothing is none.
    body = re.sub(r'font-family: [^;"]*;? ?| transform="rotate\(-0 [^"]*"', "", body)
    body = re.sub(r'id="|href="#|url\(#', lambda match: match[0] + prefix, body)
    body = re.sub(r"\s*\n\s*", "\n", body)
    # Numbers on axes are written as those in the text.
    body = re.sub(r"(?<=>)([−-]?)(\d{5,})(?=</text>)", lambda n: f"{n[1]}{int(n[2]):,}", body)
    for colour, name in THEMED.items():
        body = body.replace(colour, f"var(--{name})")
    width, height = (float(points) / 0.75 for points in head.groups())
    # matplotlib leaves black out, since it is what SVG fills with.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {head[1]} {head[2]}" width="{width:.0f}" height="{height:.0f}" '
        f'fill="var(--ink)">{body}'
    )


def standalone_svg(svg: str) -> str:
    """Return matplotlib's `svg` themed, on a page of its own, light or dark as the system is."""
    style = (
        "<style>"
        f":root{{--page:#fff;{_variables(LIGHT)}}}"
        f"@media(prefers-color-scheme:dark){{:root{{--page:#131416;{_variables(DARK)}}}}}"
        "text{font-family:system-ui,sans-serif!important}"
        "</style>"
    )
    background = '<rect width="100%" height="100%" rx="6" style="fill:var(--page)"/>'
    head, body = theme_svg(svg).split(">", 1)
    return f"{head}>{style}{background}{body}"


def _variables(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())


def palette_css() -> str:
    """Return the colours of the figures as a stylesheet, so that the pages use the same."""
    more = _both_themes(LIGHT_MORE, DARK_MORE)
    return f"{_both_themes(LIGHT, DARK)}@media(prefers-contrast:more){{\n{more}}}\n"


def _both_themes(light: dict[str, str], dark: dict[str, str]) -> str:
    dark_variables = _variables(dark)
    return (
        f"body{{{_variables(light)}}}\n"
        f'@media not print{{body[data-theme="dark"]{{{dark_variables}}}\n'
        f'@media(prefers-color-scheme:dark){{body:not([data-theme="light"]){{{dark_variables}}}}}}}\n'
    )


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_post_transform(InlineFigures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
