"""Where the pages are: a page that computes is a folder with all its own, others are one file."""

from pathlib import Path

DOCS = Path(__file__).parents[1]
TEXT = "page.md"


def is_one_file(path: Path) -> bool:
    """Tell whether the page at `path` is prose alone, without a folder of its own."""
    return path.name != TEXT


def find_pages(docs: Path = DOCS) -> dict[str, Path]:
    """Return the Markdown file of each page under `docs`, by the page's name, sorted."""
    folders = {path.parent.name: path for path in docs.glob(f"*/{TEXT}")}
    files = {path.stem: path for path in docs.glob("*.md")}
    return dict(sorted((folders | files).items()))
