"""Is every documented figure there, seen by everyone, and drawn as it was?"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from press.contract import Problem
from press.markdown import Page

# The colours that captions and alt texts name, as figures draw them.
COLOURS = {"orange": "#ff4500", "blue": "#4169e1", "grey": "#808080", "black": "#000000"}


def check_figures(page: str, soup: Any, documented: Mapping[str, str]) -> Iterator[Problem]:
    """Look at the figures in a page's HTML; `documented`: what each draws, by its name."""
    drawn = {figure.get("id"): figure for figure in soup.select("figure")}
    for name in documented:
        if name not in drawn:
            yield Problem(page, name, "is documented, and the HTML does not have it")
    for name, figure in drawn.items():
        svg = figure.select_one("svg")
        if name is None or re.fullmatch(r"id\d+", name):
            yield Problem(page, str(name), "is a figure without a name; give its cell one")
        if svg is None:
            yield Problem(page, str(name), "has no picture; end its cell with plt.show()")
            continue
        for axes in svg.find_all("g", id=re.compile(r"axes_\d+$")):
            # Here matplotlib puts frame, axis and text groups; data are what else there is.
            groups = [group.get("id", "") for group in axes.find_all("g", recursive=False)]
            if all(re.search(r"(patch|axis|text|legend)_\d+$", group) for group in groups):
                yield Problem(page, str(name), "is empty: one of its axes shows no data")
        if not svg.get("aria-label", "").strip():
            yield Problem(page, str(name), "has no alt text")


def check_colours(page: str, content: Page, drawn: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each colour that a caption or an alt text names and nothing has."""
    for cell in content.cells:
        name = cell.figure.get("name", "")
        image = cell.options.get("mystnb", {}).get("image", {})
        said = f"{image.get('alt', '')} {cell.figure.get('caption', '')}".lower()
        for colour, code in COLOURS.items():
            if name in drawn and re.search(rf"\b{colour}\b", said) and code not in drawn[name]:
                yield Problem(
                    page, name, f"is said to have something {colour}, and draws nothing so"
                )
