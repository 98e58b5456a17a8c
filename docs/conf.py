"""How Sphinx builds the site. Options at their default are not here."""

import hashlib
import logging
import os
import subprocess
import sys
import tomllib
from pathlib import Path

docs = Path(__file__).parent
root = docs.parent
# The pages' kernels must import this tree's linreg, whatever else is installed.
paths = [str(root), str(docs)]
sys.path[:0] = paths
os.environ["PYTHONPATH"] = os.pathsep.join([*paths, os.environ.get("PYTHONPATH", "")])
# Two pages run at once, and their sums are too small to share out among threads.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Pages run in their own folders, and draw alike.
os.environ["MATPLOTLIBRC"] = str(docs / "matplotlibrc")
# jsonschema would compile a grammar of web addresses, which takes two seconds and serves no page.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
# The date of the last commit dates the pages and figures: two builds of it are the same.
if "SOURCE_DATE_EPOCH" not in os.environ:
    log = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=root, capture_output=True, text=True, check=False
    )
    if log.stdout.strip():
        os.environ["SOURCE_DATE_EPOCH"] = log.stdout.strip()

# nbclient announces each page that it runs as if that were a warning, and fontTools complains of
# how KaTeX's fonts write their date.
logging.getLogger("traitlets").setLevel(logging.WARNING)
logging.getLogger("fontTools").setLevel(logging.ERROR)

project = "linreg"
author = "the linreg authors"
settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
version = release = settings["project"]["version"]
language = "en"
exclude_patterns = ["_build", "jupyter_execute"]
extensions = [
    "myst_nb",
    "press.build.folders",
    "press.build.progress",
    "press.build.kernels",
    "press.build.ending",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinxext.opengraph",
    "notfound.extension",
    "press.build.assets",
    "press.build.formulas",
    "press.build.values",
    "press.build.guesses",
    "press.build.pictures",
    "press.build.interactive",
    "press.build.story",
    "press.build.navigation",
    "press.build.walk",
    "press.build.meanings",
    "press.build.changes",
    "press.build.notes",
    "press.build.notebooks",
    "press.build.package",
    "press.build.downloads",
    "press.build.repository",
    "press.build.tables",
    "press.build.finish",
    "press.build.sitemap",
    "press.build.fonts",
    "press.build.policy",
    "press.build.sources",
]

# Pages: run anew in each build; while writing, only when their code or its ground has changed.
myst_enable_extensions = ["attrs_block", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
# A failing cell is a warning that shows its traceback; nox builds with -W, which no warning passes.
nb_execution_show_tb = True
nb_execution_timeout = 120
nb_merge_streams = True
nb_execution_mode = "force"
if "LINREG_SERVE" in os.environ:
    sources = [*sorted(root.glob("linreg/*.py")), *sorted(docs.glob("press/**/*.py"))]
    sources += [*sorted(docs.glob("*/figures.py")), docs / "matplotlibrc", docs / "constraints.txt"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    nb_execution_mode = "cache"
    # jupyter-cache looks at the cells only, so the folder's name says what they ran on.
    nb_execution_cache_path = str(docs / "_build" / "cache" / digest[:16])

# Publishers turn programs away, and a DOI is made to stay.
linkcheck_ignore = [r"https://doi\.org/"]

# Look
html_theme = "furo"
html_title = "Linear regression with PyTorch"
html_static_path = ["_static", "_build/assets"]
html_css_files = ["katex/katex.min.css", "palette.css", "site.css"]
html_math_renderer = "katex"
html_favicon = "_static/favicon.svg"
html_last_updated_fmt = "%d %B %Y"
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
html_domain_indices = False
html_use_index = False
templates_path = ["_templates"]
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
copybutton_selector = "div.highlight pre:not(.cell_output pre, .printed pre)"
copybutton_prompt_text = ">>> "
epub_show_urls = "no"
epub_tocscope = "includehidden"
epub_exclude_files = [
    "_static/copybutton.css",
    "_static/katex/katex.min.css",
    "_static/sphinx-design.min.css",
]
epub_copyright = author
# A second build into one folder finds the fonts that fonts.py has cut; and what a figure draws,
# in words, is for the check and not for readers.
suppress_warnings = [
    "epub.unknown_project_files",
    "misc.copy_overwrite",
    "mystnb.unknown_mime_type",
]
autodoc_member_order = "bysource"
# By its name: written out, it fills three lines of a signature.
autodoc_type_aliases = {"ArrayLike": "ArrayLike"}
add_module_names = False

# Colab opens notebooks from GitHub only: the folder where a host publishes them, if it does.
notebooks_address = os.environ.get("LINREG_NOTEBOOKS", "")

# Where readers can edit pages and report mistakes; without it, no page offers to.
repository = os.environ.get("LINREG_REPOSITORY", "")
# The e-book, if it was made before the site: the site then offers it.
book_file = os.environ.get("LINREG_BOOK", "")

# The public address is known only to the host that publishes; a local build names none.
html_baseurl = os.environ.get("LINREG_URL") or os.environ.get("READTHEDOCS_CANONICAL_URL", "")
if html_baseurl:
    html_baseurl = html_baseurl.rstrip("/") + "/"
    ogp_image = f"{html_baseurl}_static/card.png"
    ogp_image_alt = "Eight students' scores, the line that a tutorial trained, and the best line."
ogp_site_url = html_baseurl
ogp_site_name = html_title
ogp_social_cards = {"enable": False}
notfound_urls_prefix = f"/{html_baseurl.split('/', 3)[3]}" if html_baseurl else "/"
notfound_context = {
    "title": "Page not found",
    "body": f"""<h1>Page not found</h1>
<p>This site has no page at that address; perhaps a letter is missing.
Go to <a href="{notfound_urls_prefix}index.html">the first page</a>,
or <a href="{notfound_urls_prefix}search.html">search</a> for a word of the page that you want.</p>
""",
}
