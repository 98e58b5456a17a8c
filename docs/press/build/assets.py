"""Files that the site serves and the repository does not hold: made or fetched once a build."""

import os
import re
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from press.build import pictures
from press.pages import DOCS
from press.tools.npm import package


def copy_katex(folder: Path) -> None:
    """Put KaTeX's stylesheet and fonts into `folder`, of the version that renders the formulas."""
    dist = package("site", "katex") / "dist"
    folder.mkdir(parents=True, exist_ok=True)
    css = (dist / "katex.min.css").read_text(encoding="utf-8")
    # Each font comes in three formats, of which every browser of these years reads the first.
    css = re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)', "", css)
    (folder / "katex.min.css").write_text(css, encoding="utf-8")
    shutil.copytree(
        dist / "fonts",
        folder / "fonts",
        ignore=shutil.ignore_patterns("*.ttf", "*.woff"),
        dirs_exist_ok=True,
    )


def draw_card(path: Path) -> None:
    """Draw the picture that a link to the site shows elsewhere, 1200 by 630 pixels."""
    import matplotlib.style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from linreg import least_squares, load_study, train
    from press.plots import plot_lines

    study = load_study()
    lines = {
        "trained": train(study.x, study.y, lr=1e-4),
        "best": least_squares(study.x, study.y),
    }
    style = DOCS / "matplotlibrc"
    with matplotlib.rc_context(fname=style):
        figure = Figure(figsize=(8, 4.2), dpi=150, facecolor="white")
        FigureCanvasAgg(figure)
        figure.set_layout_engine("constrained", w_pad=0.25, h_pad=0.2)
        axes = plot_lines(study.x, study.y, lines, ax=figure.subplots())
        axes.set_title("Which line would you trust?", loc="left", fontsize=24, pad=16)
        figure.savefig(path, metadata={"Software": None})


# Vector figures, in the size that they ask for, so that every page can reserve their room.
# What a cell prints arrives in one piece: a busy machine would break it between two lines.
KERNEL_CONFIG = """
c.InlineBackend.figure_formats = {"svg"}
c.InlineBackend.print_figure_kwargs = {"bbox_inches": None, "metadata": {"Date": None}}
c.HistoryManager.enabled = False
c.IPKernelApp.log_level = 40
c.IPKernelApp.exec_lines = [
    "import sys",
    "sys.stdout.flush_interval = sys.stderr.flush_interval = 3600",
    "from press.drawn import watch",
    "watch(get_ipython())",
    "del sys, watch",
]
"""


def configure_kernels(folder: Path) -> None:
    """Make the kernels that run the pages draw as the site needs it."""
    profile = folder / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(KERNEL_CONFIG, encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(folder)


def prepare(app: Sphinx, config: Any) -> None:
    build = Path(app.srcdir) / "_build"
    configure_kernels(build / "ipython")
    folder = build / "assets"
    # What an earlier build left, with an address perhaps, is none of this one.
    shutil.rmtree(folder, ignore_errors=True)
    copy_katex(folder / "katex")
    (folder / "palette.css").write_text(pictures.palette_css(), encoding="utf-8")
    # A link to the site can show its card only where the site has an address.
    if config.html_baseurl:
        draw_card(folder / "card.png")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", prepare)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
