"""List the site's pages for search engines, where the site has an address."""

from html import escape
from pathlib import Path

from sphinx.application import Sphinx

SITEMAP = """<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{pages}
</urlset>
"""


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    address = app.config.html_baseurl
    if exception or app.builder.name != "html" or not address:
        return
    places = [escape(f"{address}{page}.html") for page in sorted(app.env.found_docs)]
    pages = "\n".join(f"  <url><loc>{place}</loc></url>" for place in places)
    Path(app.outdir, "sitemap.xml").write_text(SITEMAP.format(pages=pages), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", write_sitemap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
