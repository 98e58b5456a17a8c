"""The pages' Markdown, taken apart by MyST's own parser: what runs, and what readers read."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

EXTENSIONS = ("attrs_block", "colon_fence", "deflist", "dollarmath")
# Directives whose first line is a title, and those whose body is no prose.
TITLED = {"admonition", "card", "dropdown", "grid-item-card", "guess", "start", "tab-item"}
SILENT = {"front_matter", "myst_target", "attrs_block"}
OPAQUE = {"code-cell", "explore", "literalinclude", "out", "policy", "toctree", "walk"}


@dataclass(frozen=True)
class Line:
    """A line of a page that a reader reads.

    text: as it is written, with code between backticks, formulas between dollars, `{name}` where
    a documented output stands, and of roles and links what they show.
    kind: prose, title, alt, caption, description, comment or output (a block of plain text).
    """

    number: int
    text: str
    kind: str = "prose"


@dataclass(frozen=True)
class Block:
    """A fence of the page: a code cell, another directive, or code of some language."""

    number: int
    name: str
    argument: str
    options: dict[str, Any]
    body: str
    body_number: int

    @property
    def tags(self) -> set[str]:
        return set(self.options.get("tags", []))

    @property
    def figure(self) -> dict[str, Any]:
        """Name and caption of the figure that a cell draws, or nothing."""
        return self.options.get("mystnb", {}).get("figure", {})


@dataclass(frozen=True)
class Page:
    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    # Documented outputs that the page shows, as the name or as `name:format`, in their order.
    shown: list[str] = field(default_factory=list)
    formulas: list[tuple[int, str]] = field(default_factory=list)
    code: list[tuple[int, str]] = field(default_factory=list)

    @property
    def cells(self) -> list[Block]:
        return [block for block in self.blocks if block.name == "code-cell"]


@functools.cache
def _parser() -> MarkdownIt:
    return create_md_parser(MdParserConfig(enable_extensions=set(EXTENSIONS)), RendererHTML)


@functools.cache
def read(text: str) -> Page:
    """Take the Markdown of a page apart."""
    page = Page()
    _read(text, 1, page)
    page.lines.sort(key=lambda line: line.number)
    return page


def top_blocks(text: str) -> Iterator[str | Block]:
    """Yield a page's text piece by piece: Markdown that any reader shows, or a directive of MyST.

    Heads, targets and attributes, which say nothing to a reader, are left out.
    """
    lines = text.splitlines()
    for token in _parser().parse(text):
        # The rest are the inner tokens of these, and their ends.
        if token.map is None or token.level or token.type in SILENT or token.type == "inline":
            continue
        directive = re.match(r"\{([\w-]+)\}\s*(.*)", token.info.strip())
        if token.type in ("fence", "colon_fence") and directive:
            options, body, skipped = _options(token.content)
            at = token.map[0] + 1
            yield Block(at, directive[1], directive[2].strip(), options, body, at + 1 + skipped)
        else:
            yield "\n".join(lines[token.map[0] : token.map[1]])


def _read(text: str, number: int, page: Page) -> None:
    for token in _parser().parse(text):
        at = number + token.map[0] if token.map else number
        if token.type == "front_matter":
            head = yaml.safe_load(token.content) or {}
            description = head.get("myst", {}).get("html_meta", {}).get("description")
            if description:
                page.lines.append(Line(at, description, "description"))
        elif token.type == "math_block":
            formula = " ".join(token.content.split())
            page.formulas.append((at, formula))
            page.lines.append(Line(at, f"$${formula}$$"))
        elif token.type == "html_block":
            said = re.sub(r"<[^>]*>", " ", token.content)
            page.lines.extend(Line(at + k, text) for k, text in enumerate(said.splitlines()))
        elif token.type == "inline":
            _read_inline(token, at, page)
        elif token.type in ("fence", "colon_fence"):
            _read_block(token, at, page)


def _read_inline(token: Token, at: int, page: Page) -> None:
    said = [""]
    for child in token.children or []:
        match child.type:
            case "text":
                said[-1] += child.content
            case "softbreak" | "hardbreak":
                said.append("")
            case "code_inline":
                page.code.append((at + len(said) - 1, child.content))
                said[-1] += f"`{child.content}`"
            case "math_inline" | "math_inline_double":
                page.formulas.append((at + len(said) - 1, child.content))
                said[-1] += f"${child.content}$"
            case "myst_role" if child.meta["name"] == "out":
                page.shown.append(child.content)
                said[-1] += f"{{{child.content}}}"
            case "myst_role":
                said[-1] += re.sub(r"\s*<[^>]*>$", "", child.content)
    page.lines.extend(Line(at + k, text) for k, text in enumerate(said) if text.strip())


def _read_block(token: Token, at: int, page: Page) -> None:
    found = re.match(r"\{([\w-]+)\}\s*(.*)", token.info.strip())
    if found is None:
        language = token.info.strip()
        page.blocks.append(Block(at, language, "", {}, token.content, at + 1))
        kind = "output" if language in ("", "text") else "comment"
        page.lines.extend(_lines_of_code(token.content, at + 1, kind))
        return
    name, argument = found[1], found[2].strip()
    options, body, skipped = _options(token.content)
    block = Block(at, name, argument, options, body, at + 1 + skipped)
    page.blocks.append(block)
    if name in TITLED:
        _read_part(argument, at, page, "title")
    if name == "out":
        page.shown.append(argument)
    if name == "code-cell":
        image = options.get("mystnb", {}).get("image", {})
        if "alt" in image:
            page.lines.append(Line(at, image["alt"], "alt"))
        if "caption" in block.figure:
            _read_part(block.figure["caption"], at, page, "caption")
        page.lines.extend(_lines_of_code(body, block.body_number, "comment"))
    elif name not in OPAQUE:
        _read(body, block.body_number, page)


def _read_part(text: str, at: int, page: Page, kind: str) -> None:
    """Read a title or a caption, all of which stands at one line."""
    part = Page()
    _read(text, at, part)
    page.shown.extend(part.shown)
    page.lines.extend(Line(at, line.text, kind) for line in part.lines)


def _lines_of_code(code: str, number: int, kind: str) -> Iterator[Line]:
    for k, line in enumerate(code.splitlines()):
        if kind == "output":
            yield Line(number + k, line, kind)
        elif comment := re.search(r"(?:^|\s)#\s?(.*)", line):
            yield Line(number + k, comment[1], kind)


def _options(content: str) -> tuple[dict[str, Any], str, int]:
    """Return the options at the head of a directive, what follows them, and their lines."""
    lines = content.splitlines()
    if lines and lines[0].strip() == "---":
        end = lines.index("---", 1)
        head, skipped = "\n".join(lines[1:end]), end + 1
    else:
        skipped = next(
            (k for k, line in enumerate(lines) if not re.match(r":[\w-]+:", line)), len(lines)
        )
        head = "\n".join(re.sub(r"^:([\w-]+):", r"\1:", line) for line in lines[:skipped])
    return yaml.safe_load(head) or {}, "\n".join(lines[skipped:]), skipped
