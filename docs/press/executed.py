"""What the pages' cells left when they ran: values, printed lines, and what figures draw."""

import ast
import json
from pathlib import Path
from typing import Any

from press.drawn import MIME


def folder_of(html: Path) -> Path:
    """Return where MyST-NB keeps the executed pages of the site in `html`."""
    return html.parent / "jupyter_execute"


def read_values(executed: Path, page: str) -> dict[str, Any]:
    """Return what the cells of a page handed to `show`, by name.

    MyST-NB's own reader remembers what it has read, and would be stale where pages run again.
    """
    path = executed / f"{page}.glue.json"
    if not path.exists():
        return {}
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {name: _literal(entry["data"]["text/plain"]) for name, entry in entries.items()}


def _literal(text: str) -> Any:
    return float(text) if text in ("inf", "-inf", "nan") else ast.literal_eval(text)


def read_notebook(executed: Path, page: str) -> dict[str, Any]:
    """Return the executed notebook of a page, without cells where it has none."""
    path = executed / f"{page}.ipynb"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"cells": []}


def printed_lines(notebook: dict[str, Any]) -> list[str]:
    """Return all lines that cells printed for the reader, in their order."""
    texts = [
        "".join(result["text"])
        for cell in notebook["cells"]
        if "remove-cell" not in cell["metadata"].get("tags", [])
        for result in cell.get("outputs", [])
        if result["output_type"] == "stream"
    ]
    return [line for text in texts for line in text.splitlines()]


def drawn_figures(notebook: dict[str, Any]) -> dict[str, str]:
    """Return what each figure of the page draws, in digits and words, by its name."""
    found: dict[str, str] = {}
    for cell in notebook["cells"]:
        name = cell["metadata"].get("mystnb", {}).get("figure", {}).get("name")
        drawn = [
            "".join(result["data"][MIME])
            for result in cell.get("outputs", [])
            if MIME in result.get("data", {})
        ]
        if name and drawn:
            found[name] = "\n".join(drawn)
    return found
