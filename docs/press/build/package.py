"""Serve what a reader saves beside the notebooks: the wheel of linreg, and the pages' tables.

All of it stands in the site's folder `notebooks`, so that a notebook finds it under its plain name.
"""

import functools
import hashlib
import html
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import tomlkit
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole
from tomlkit import TOMLDocument

from press.pages import DOCS, find_pages, is_one_file

ROOT = DOCS.parent
FOLDER = "notebooks"
# In a block of the page's text, this stands for the wheel: for its address, where the site has one.
PLACE = "WHEEL"


@functools.cache
def project(root: Path = ROOT) -> Any:
    """Return the table `project` of pyproject.toml."""
    return _read(root)["project"]


def _read(root: Path) -> TOMLDocument:
    return tomlkit.parse((root / "pyproject.toml").read_text(encoding="utf-8"))


def wheel_name() -> str:
    """Return the name of the wheel's file."""
    name = re.sub(r"[-_.]+", "_", project()["name"]).lower()
    return f"{name}-{project()['version']}-py3-none-any.whl"


def wheel_place(address: str) -> str:
    """Return what pip is given for the wheel: its address on the site, or the name of its file.

    address: of the site, with a slash at its end, or empty.
    """
    return f"{address}{FOLDER}/{wheel_name()}" if address else wheel_name()


def tables(folder: Path) -> list[Path]:
    """Return the tables that the page in a `folder` of its own reads."""
    return sorted(folder.glob("*.csv"))


def build_wheel(folder: Path, urls: dict[str, str], root: Path = ROOT) -> Path:
    """Make the wheel in `folder`, and beside it the file that `sha256sum --check` reads.

    urls: what the package names as its own, by what each is; empty ones are left out.

    All times in it are SOURCE_DATE_EPOCH's, so that the same source gives the same bytes.
    """
    from hatchling.builders.wheel import WheelBuilder

    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary)
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(root / "linreg", copy / "linreg", ignore=skip)
        for name in ("LICENSE", "README.md"):
            shutil.copy(root / name, copy)
        settings = _read(root)
        settings["project"]["urls"] = {name: url for name, url in urls.items() if url}
        (copy / "pyproject.toml").write_text(tomlkit.dumps(settings), encoding="utf-8")
        (made,) = WheelBuilder(temporary).build(directory=str(folder), versions=["standard"])
    wheel = Path(made)
    if wheel.name != wheel_name():
        raise ExtensionError(f"the wheel is {wheel.name}, and pages call it {wheel_name()}")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    wheel.with_name(f"{wheel.name}.sha256").write_text(f"{digest}  {wheel.name}\n")
    return wheel


class SaveRole(SphinxRole):
    """A link that saves a file of the folder: `the package <WHEEL>`, or a page's `table.csv`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        title, _, name = self.text.rstrip(">").rpartition("<")
        title, name = title.strip() or self.text, name.replace(PLACE, wheel_name())
        source = self.env.doc2path(self.env.docname)
        known = [wheel_name(), f"{wheel_name()}.sha256", *(p.name for p in tables(source.parent))]
        if name not in known:
            said = self.inliner.reporter.error(
                f"{name} is not there to save; give one of {', '.join(known)}", line=self.lineno
            )
            return [], [said]
        if self.env.app.builder.name != "html":
            return [nodes.Text(title)], []
        link = f'<a href="{FOLDER}/{html.escape(name)}" download>{html.escape(title)}</a>'
        return [nodes.raw("", link, format="html")], []


class PlaceWheel(SphinxPostTransform):
    """Write where the wheel is into the commands that install it."""

    default_priority = 5

    def run(self, **_: Any) -> None:
        place = wheel_place(self.config.html_baseurl)
        for block in self.document.findall(nodes.literal_block):
            text = block.astext()
            if PLACE in text:
                block.rawsource = text.replace(PLACE, place)
                block.children = [nodes.Text(block.rawsource)]


def tell(app: Sphinx, config: Any) -> None:
    """Let pages ask by `only` whether the site has an address."""
    if config.html_baseurl:
        app.tags.add("address")


def serve_files(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(exist_ok=True)
    # Only this site's own settings have the second.
    repository = getattr(app.config, "repository", "")
    build_wheel(folder, {"Homepage": app.config.html_baseurl, "Repository": repository})
    for page in find_pages(Path(app.srcdir)).values():
        for path in () if is_one_file(page) else tables(page.parent):
            shutil.copy(path, folder)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_role("save", SaveRole())
    app.add_post_transform(PlaceWheel)
    app.connect("config-inited", tell)
    # Before the folder is packed.
    app.connect("build-finished", serve_files, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
