"""While a page is being written, warn at once of what the check would find in its source."""

import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

from press.check.site import check_sources
from press.contract import load_contracts

logger = logging.getLogger(__name__)


def warn(app: Sphinx, exception: Exception | None) -> None:
    docs = Path(app.srcdir)
    for problem in check_sources(docs, load_contracts(docs)):
        logger.warning("%s", problem)


def setup(app: Sphinx) -> dict[str, bool]:
    # Elsewhere the check is a chore of its own, before the build.
    if "LINREG_SERVE" in os.environ:
        app.connect("build-finished", warn)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
