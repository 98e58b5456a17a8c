"""What readers can do besides reading: edit a page, report a mistake, cite the site."""

import html
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective

from press.pages import find_pages

# The workflow publishes this branch alone.
BRANCH = "main"
CITATION = "CITATION.cff"


def repository_of(address: str) -> str:
    """Return the `address` of a repository on GitHub without a slash at its end, or nothing.

    Other hosts have other addresses for editing and reporting.
    """
    if address and not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+/?", address):
        raise ConfigError(
            f"LINREG_REPOSITORY={address!r} is no repository on GitHub; "
            "give one like https://github.com/someone/site, or none"
        )
    return address.rstrip("/")


def talk_back(page: str, source: str, repository: str) -> str:
    """Return HTML with the ways to answer a `page` whose text is the file `source`, if any."""
    if not (address := repository_of(repository)):
        return ""
    title = quote(f"{page}: ")
    links = {
        "Report a mistake": f"{address}/issues/new?title={title}",
        "Edit this page": f"{address}/edit/{BRANCH}/{quote(source)}",
        "See the repository": address,
    }
    shown = [
        f'<a class="reference external" href="{html.escape(link)}">{text}</a>'
        for text, link in links.items()
    ]
    return f'<p class="talk-back">{" · ".join(shown)}</p>'


def offer_to_talk(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put the ways to answer under the last words of each page."""
    if app.builder.name == "html" and (path := find_pages(Path(app.srcdir)).get(page)):
        source = path.relative_to(Path(app.srcdir).parent).as_posix()
        if links := talk_back(page, source, app.config.repository):
            doctree += nodes.raw("", links, format="html")


def read_citation(root: Path) -> dict[str, Any]:
    """Return what the repository says of itself to whoever wants to cite it."""
    citation: dict[str, Any] = yaml.safe_load((root / CITATION).read_text(encoding="utf-8"))
    return citation


def cite(citation: dict[str, Any], address: str, year: str) -> tuple[str, str]:
    """Return how to cite the site: a sentence, and an entry of BibTeX.

    address, year: where the site is and when it changed last, or nothing.
    """
    authors = " and ".join(author["name"] for author in citation["authors"])
    dated = f" ({year})" if year else ""
    sentence = f"{authors}{dated}. {citation['title']}. Version {citation['version']}."
    fields = {
        "author": f"{{{authors}}}",
        "title": citation["title"],
        "version": citation["version"],
        "year": year,
        "url": address,
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    entry = "\n".join(["@software{linreg,", *lines, "}"])
    return f"{sentence} {address}".strip(), entry


class Citation(SphinxDirective):
    """Show how to cite the site, from the file that its repository's host reads."""

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir).parent
        self.env.note_dependency(str(root / CITATION))
        # The date of the last commit, which dates the pages too.
        seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
        year = str(datetime.fromtimestamp(int(seconds), UTC).year) if seconds else ""
        sentence, entry = cite(read_citation(root), self.config.html_baseurl, year)
        block = nodes.literal_block(entry, entry, language="text")
        return [nodes.block_quote("", nodes.paragraph("", sentence)), block]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("repository", "", "html", str)
    app.add_directive("citation", Citation)
    app.connect("config-inited", lambda app, config: repository_of(config.repository))
    app.connect("doctree-resolved", offer_to_talk)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
