"""Let a folder be a page: `trainer/page.md` is the document `trainer`, at `trainer.html`."""

import os

from sphinx.application import Sphinx
from sphinx.project import Project

from press.pages import TEXT


class Pages(Project):
    def path2doc(self, filename: str | os.PathLike[str]) -> str | None:
        name = super().path2doc(filename)
        return name and name.removesuffix(f"/{TEXT.removesuffix('.md')}")


def find_folders(app: Sphinx) -> None:
    pages = Pages(app.srcdir, app.config.source_suffix)
    pages.restore(app.project)
    app.project = app.env.project = pages


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", find_folders)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
