"""Do links, names and commands on the pages lead where they should, and never to another host?"""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from press.contract import Problem
from press.markdown import Block, Page, read
from press.pages import DOCS

# What a browser fetches by itself, as opposed to links, which a reader follows.
FETCHED = "script[src], img[src], iframe[src], source[src], link[rel~=stylesheet], link[rel~=icon]"
# What the pages call the modules that they import.
MODULES = {
    "linreg": "linreg",
    "matplotlib": "matplotlib",
    "nn": "torch.nn",
    "np": "numpy",
    "numpy": "numpy",
    "plt": "matplotlib.pyplot",
    "statistics": "statistics",
    "torch": "torch",
}


def find_sections(contents: str) -> dict[str, Block]:
    """Return the lists of pages in the home page's text, by the heading in the navigation."""
    blocks = read(contents).blocks
    return {b.options["caption"]: b for b in blocks if b.name == "toctree"}


def pages_of(section: Block) -> list[str]:
    entries = [line for line in section.body.splitlines() if line.strip()]
    return [re.sub(r".*<(.*)>", r"\1", entry).strip() for entry in entries]


def check_next(texts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each page that leads past the one after it in the navigation."""
    for section in find_sections(texts.get("index", "")).values():
        known = [page for page in pages_of(section) if page in texts]
        for page, follower in pairwise(known):
            # It may stand in a box.
            last = texts[page].rstrip(":\n ").rpartition("\n")[2]
            # The role finds the page that follows by itself.
            if "{next}`" not in last and f"<{follower}>`" not in last:
                said = (
                    f"does not lead to {follower}, which follows in the navigation; "
                    "end the page with: Next: {next}`what it is about`."
                )
                yield Problem(page, "its last line", said)


def check_installs(page: str, content: Page) -> Iterator[Problem]:
    """Yield a problem for each command that installs other packages than the first on the page."""
    pins = (DOCS / "constraints.txt").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([\w-]+)==", pins, re.MULTILINE))
    found = []
    for block in content.blocks:
        if block.name == "shell":
            # The first word of a command is the tool; conda-forge calls PyTorch otherwise.
            lines = block.body.replace("pytorch", "torch").splitlines()
            words = {word for line in lines for word in line.split()[1:]}
            if "torch" in words:
                found.append((block.number, words & pinned))
    for number, packages in found[1:]:
        if other := packages ^ found[0][1]:
            said = f"does not install what line {found[0][0]} does: {', '.join(sorted(other))}"
            yield Problem(page, f"line {number}", said)


def check_requests(page: str, soup: Any) -> Iterator[Problem]:
    for element in soup.select(FETCHED):
        address = element.get("src") or element.get("href", "")
        if re.match(r"(https?:)?//", address):
            yield Problem(page, address, "is asked of another host; serve it from the site")


def check_stylesheets(html: Path) -> Iterator[Problem]:
    asks = re.compile(r"""(?:url\(|@import)\s*['"]?((?:https?:)?//[^'")]*)""")
    for path in sorted(html.rglob("*.css")):
        for address in asks.findall(path.read_text(encoding="utf-8")):
            yield Problem(path.name, address, "is asked of another host; serve it from the site")


def check_names(page: str, content: Page) -> Iterator[Problem]:
    """Yield a problem for code in the text whose function, argument or module does not exist."""
    for number, code in content.code:
        try:
            tree = ast.parse(code.strip(), mode="eval")
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and (said := _missing(node)):
                yield Problem(page, f"line {number}: `{code}`", said)
            if isinstance(node, ast.Call) and (said := _unknown_argument(node)):
                yield Problem(page, f"line {number}: `{code}`", said)


def _find(node: ast.expr) -> Any:
    """Return what dotted code names, None where it is not of a known module."""
    names = ast.unparse(node).split(".")
    if names[0] not in MODULES or not all(name.isidentifier() for name in names):
        return None
    found: Any = importlib.import_module(MODULES[names[0]])
    for k, name in enumerate(names[1:], 1):
        if not hasattr(found, name):
            importlib.import_module(".".join([MODULES[names[0]], *names[1 : k + 1]]))
        found = getattr(found, name)
    return found


def _missing(node: ast.Attribute) -> str:
    try:
        _find(node)
    except (AttributeError, ImportError):
        return f"names {ast.unparse(node)}, which does not exist"
    return ""


def _unknown_argument(node: ast.Call) -> str:
    try:
        parameters = inspect.signature(_find(node.func)).parameters
    except (AttributeError, ImportError, TypeError, ValueError):
        return ""
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return ""
    for given in node.keywords:
        if given.arg and given.arg not in parameters:
            return f"gives {ast.unparse(node.func)} an argument {given.arg}, which it does not take"
    return ""
