"""Offer each page with code as a notebook that runs by itself in a reader's JupyterLab."""

import ast
import base64
import html
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from press.build.package import FOLDER, PLACE, tables, wheel_place
from press.build.values import documented
from press.drawn import MIME
from press.executed import read_values
from press.markdown import OPAQUE, TITLED, Block, read, top_blocks
from press.pages import find_pages

HIDDEN = {"remove-cell", "remove-input"}
# What PyPI calls a package otherwise than its import.
DISTRIBUTIONS = {"sklearn": "scikit-learn"}
# What `only` asks, for text that differs with the site's address.
WITH, WITHOUT = "address", "not address"


def code_pages(srcdir: Path) -> list[str]:
    """Return the names of the pages that show code a reader can run."""
    return [
        name
        for name, path in find_pages(srcdir).items()
        if any(not cell.tags & HIDDEN for cell in read(path.read_text(encoding="utf-8")).cells)
    ]


def clean(
    page: str,
    notebook: dict[str, Any],
    values: dict[str, str],
    home: str,
    *,
    address: str = "",
    tables: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the executed `notebook` of `page` as a reader wants it.

    values: the text of each documented output, by name, to stand where the page has an `out`; a
    formula is between dollars.
    home: what the first cell says below its title of where the page is from.
    address: of the site, or empty; tables: the files that the page reads. Both are for the cell
    that follows, which gets what the others need.
    """
    cells: list[dict[str, Any]] = []
    for cell in notebook["cells"]:
        tags = set(cell["metadata"].get("tags", []))
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            text = _plain_markdown(source, values, address)
            if text:
                cells.append({"cell_type": "markdown", "source": text})
        elif "remove-cell" in tags:
            continue
        elif "remove-input" in tags:
            cells += [_picture(cell, svg, values) for svg in _vector_outputs(cell)]
            cells += [{"cell_type": "markdown", "source": text} for text in _printed(cell)]
        else:
            results = [
                {**result, "metadata": {}, "data": _without_description(result["data"])}
                if "data" in result
                else result
                for result in cell["outputs"]
            ]
            cells.append({"cell_type": "code", "source": source, "outputs": results})
    title, _, rest = cells[0]["source"].partition("\n")
    codes = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    begin = {"cell_type": "code", "source": prepare(codes, address, tables), "outputs": []}
    cells[:1] = [
        {"cell_type": "markdown", "source": f"{title}\n\n{home}"},
        begin,
        {"cell_type": "markdown", "source": rest.strip()},
    ]
    for number, cell in enumerate(cell for cell in cells if cell["cell_type"] == "code"):
        cell["execution_count"] = number + 1
        for result in cell["outputs"]:
            if "execution_count" in result:
                result["execution_count"] = number + 1
    # Ids are counted, because nbformat would draw them anew each build.
    for number, cell in enumerate(cells):
        cell.update(id=f"{page}-{number}", metadata={})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def prepare(codes: Iterable[str], address: str, tables: Sequence[str]) -> str:
    """Return the code that gets what `codes` need, where it is missing.

    address: of the site, or empty, and then the reader is told what to save beside the notebook.
    """
    modules, names = _imports(codes)
    packages = [DISTRIBUTIONS.get(module, module) for module in sorted(modules)]
    lines = ["# Install what this notebook imports, where it is missing."]
    if names:
        packages.append(wheel_place(address))
    if names and not address:
        lines += ["# linreg comes with the site: save the file that is named below beside this"]
        lines += ["# notebook, by the link on the page Set up."]
    lines.append("try:")
    if modules:
        lines.append(f"    import {', '.join(sorted(modules))}")
    lines += [f"    from {module} import {', '.join(sorted(names[module]))}" for module in names]
    lines += ["except ImportError:", f"    %pip install --quiet {' '.join(packages)}"]
    if tables and address:
        lines += ["", "# Fetch what it reads."]
        lines += ["from pathlib import Path", "from urllib.request import urlretrieve", ""]
        for name in tables:
            lines.append(f'if not Path("{name}").exists():')
            lines.append(f'    urlretrieve("{address}{FOLDER}/{name}", "{name}")')
    elif tables:
        named = " and ".join(tables)
        lines += ["", f"# Save {named} beside this notebook too, by the link on its page."]
    return "\n".join(lines)


def _imports(codes: Iterable[str]) -> tuple[set[str], dict[str, set[str]]]:
    """Return the packages that `codes` import, and by module the names that they take of linreg."""
    modules: set[str] = set()
    names: dict[str, set[str]] = {}
    for code in codes:
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                if node.module.split(".")[0] == "linreg":
                    names.setdefault(node.module, set()).update(a.name for a in node.names)
                else:
                    modules.add(node.module.split(".")[0])
    return modules - sys.stdlib_module_names, dict(sorted(names.items()))


def _without_description(data: dict[str, Any]) -> dict[str, Any]:
    return {kind: value for kind, value in data.items() if kind != MIME}


def _vector_outputs(cell: dict[str, Any]) -> list[str]:
    data = [result.get("data", {}).get("image/svg+xml", "") for result in cell["outputs"]]
    return ["".join(svg) for svg in data if svg]


def _printed(cell: dict[str, Any]) -> list[str]:
    """Return what a cell printed whose code is hidden, as a block of text."""
    streams = [r for r in cell["outputs"] if r["output_type"] == "stream"]
    return [f"```text\n{''.join(result['text']).rstrip()}\n```" for result in streams]


def _picture(cell: dict[str, Any], svg: str, values: dict[str, str]) -> dict[str, Any]:
    image = cell["metadata"].get("mystnb", {}).get("image", {})
    alt = re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), image.get("alt", ""))
    return {
        "cell_type": "markdown",
        "source": f"![{alt}](attachment:figure.svg)",
        "attachments": {
            "figure.svg": {"image/svg+xml": base64.b64encode(svg.encode()).decode("ascii")}
        },
    }


ROLE = re.compile(r"\{(\w+)(?::\w+)*\}`([^`]+)`")
# A term and what is said of it, as a definition list has them; in a guess, an answer and its reply.
DEFINED = re.compile(r"^(\S.*)\n: ((?:.+\n?)+)", re.MULTILINE)


def _plain_markdown(source: str, values: dict[str, str], address: str = "") -> str:
    """Return MyST `source` as Markdown that a plain notebook can show.

    address: of the site, or empty.
    """

    def plain(role: re.Match[str]) -> str:
        if role[1] == "out":
            return values.get(role[2], role[2])
        return re.sub(r"\s*<[^>]*>$", "", role[2])

    parts = []
    for block in top_blocks(source):
        if isinstance(block, str):
            parts.append(_listed(ROLE.sub(plain, block)).replace(PLACE, wheel_place(address)))
        elif block.name == "out":
            parts.append(_block(values.get(block.argument, block.argument)))
        elif block.name == "only" and block.argument != (WITH if address else WITHOUT):
            continue
        elif block.name not in OPAQUE:
            if block.name in TITLED and block.argument:
                parts.append(f"**{ROLE.sub(plain, block.argument)}**")
            parts.append(_plain_markdown(_folded(block), values, address))
    return "\n\n".join(part for part in parts if part.strip())


def _folded(block: Block) -> str:
    """Return the body of a `block`, the answers of a `guess` as folds of HTML."""

    def fold(answer: re.Match[str]) -> str:
        # The marks of a role are not those of its text.
        said = re.sub(r"(\{\w+\}`[^`]*`)|[`*$]", lambda mark: mark[1] or "", answer[1])
        reply = re.sub(r"\n\s+", "\n", answer[2].strip())
        return f"<details><summary>{said}</summary>\n\n{reply}\n\n</details>\n"

    return DEFINED.sub(fold, block.body) if block.name == "guess" else block.body


def _listed(text: str) -> str:
    """Return `text` with its definitions as a list: notebooks know nothing of the former."""

    def item(defined: re.Match[str]) -> str:
        said = re.sub(r"\n\s+", "\n  ", defined[2].rstrip("\n"))
        return f"- {defined[1]}: {said}\n"

    return text if text.startswith(("```", "~~~")) else DEFINED.sub(item, text).rstrip()


def _block(text: str) -> str:
    if " | " not in text:
        return f"$$\n{text.strip('$')}\n$$"
    rows = [f"| {row} |" for row in text.splitlines()]
    return "\n".join([rows[0], re.sub(r"[^|]+", "---", rows[0]), *rows[1:]])


def shown_values(docs: Path, executed: Path) -> dict[str, str]:
    """Return the text of what the pages in `docs` show by `out`, as they ask for it.

    A page that failed has handed over less; that it failed has been said by then.
    """
    outputs, values = documented(docs), {}
    for path in find_pages(docs).values():
        for asked in read(path.read_text(encoding="utf-8")).shown:
            name, _, format_ = asked.partition(":")
            handed = read_values(executed, outputs[name].page) if name in outputs else {}
            if name in handed:
                text = outputs[name].render(handed[name], format_ or None)
                values[asked] = f"${text}$" if outputs[name].kind == "latex" else text
    return values


def write_notebooks(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    executed = Path(app.outdir).parent / "jupyter_execute"
    values = shown_values(Path(app.srcdir), executed)
    folder = Path(app.outdir) / "notebooks"
    folder.mkdir(exist_ok=True)
    for page in code_pages(Path(app.srcdir)):
        path = executed / f"{page}.ipynb"
        if not path.exists():
            continue
        site = app.config.html_title
        if address := app.config.html_baseurl:
            home = f"From [{page}.html]({address}{page}.html) of [{site}]({address})."
        else:
            home = f"From {page}.html of *{site}*."
        home = f"{home}\nChange anything and run it again."
        source = find_pages(Path(app.srcdir))[page]
        notebook = clean(
            page,
            json.loads(path.read_text(encoding="utf-8")),
            values,
            home,
            address=address,
            tables=[table.name for table in tables(source.parent)],
        )
        text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        (folder / f"{page}.ipynb").write_text(text, encoding="utf-8")


def offer_notebook(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the links to its notebook under the title of each page that has one."""
    if app.builder.name != "html" or docname not in code_pages(Path(app.srcdir)):
        return
    title = next(iter(doctree.findall(nodes.title)))
    page = html.escape(docname)
    links = [f'<a href="notebooks/{page}.ipynb" download>Download this page as a notebook</a>']
    if folder := colab_folder(app.config.notebooks_address):
        links.append(f'<a href="{html.escape(folder)}/{page}.ipynb">Open it in Colab</a>')
    link = f'<p class="notebook">{" · ".join(links)}</p>'
    title.parent.insert(title.parent.index(title) + 1, nodes.raw("", link, format="html"))


def colab_folder(address: str) -> str:
    """Return Colab's address of the folder of notebooks that is published at `address`, if any.

    address: a folder on GitHub, since Colab opens no other public address, or empty.
    """
    if not address:
        return ""
    match = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+)/(?:tree|blob)/(.+?)/?", address)
    if match is None:
        raise ConfigError(
            f"LINREG_NOTEBOOKS={address!r} is no folder on GitHub, and Colab opens no other; "
            "give one like https://github.com/someone/site/tree/gh-pages/notebooks"
        )
    return f"https://colab.research.google.com/github/{match[1]}/blob/{match[2]}"


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("notebooks_address", "", "html", str)
    app.connect("doctree-resolved", offer_notebook)
    app.connect("build-finished", write_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
