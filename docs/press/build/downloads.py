"""Offer the site in whole: all notebooks in one file, and the e-book where one was made before."""

import shutil
import zipfile
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective

NOTEBOOKS = "notebooks/linreg-notebooks.zip"
BOOK = "linreg.epub"
# The notebooks, the tables that they read, and the wheel of linreg.
PACKED = (".ipynb", ".csv", ".whl")


class Downloads(SphinxDirective):
    """A list of the files in which the site can be taken along."""

    def run(self) -> list[nodes.Node]:
        if self.env.app.builder.name != "html":
            return []
        offers = {NOTEBOOKS: "All pages with code as notebooks, in one file"}
        if self.config.book_file:
            offers[BOOK] = "All pages as an e-book (EPUB)"
        links = [f'<li><a href="{file}" download>{text}</a></li>' for file, text in offers.items()]
        return [nodes.raw("", f"<ul>{''.join(links)}</ul>", format="html")]


def pack(folder: Path, target: Path) -> None:
    """Put the notebooks of a `folder`, and what they need, into one file of their bytes alone.

    Neither the hour nor the machine's way to compress leaves a trace in it.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for path in sorted(path for path in folder.iterdir() if path.suffix in PACKED):
            entry = zipfile.ZipInfo(f"linreg-notebooks/{path.name}")
            entry.create_system = 3  # alike on Windows
            packed.writestr(entry, path.read_bytes())


def put_beside_the_pages(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    pack(site / "notebooks", site / NOTEBOOKS)
    if app.config.book_file:
        shutil.copyfile(app.config.book_file, site / BOOK)


def find_book(app: Sphinx, config: object) -> None:
    """Stop at once where the book is missing that the pages would offer."""
    book = app.config.book_file
    if book and not Path(book).is_file():
        raise ConfigError(f"LINREG_BOOK={book!r} is no file; make the book first: nox -s epub")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("book_file", "", "env", str)
    app.add_directive("downloads", Downloads)
    app.connect("config-inited", find_book)
    app.connect("build-finished", put_beside_the_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
