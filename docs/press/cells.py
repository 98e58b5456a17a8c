"""What the hidden cells of a page use: they hand over values, and vouch for sentences."""

from typing import Any

from IPython.display import display

# How MyST-NB's `glue` marks a value for its page. Written out here, since importing it brings
# along all of Sphinx, and each page would wait for that.
PREFIX = "application/papermill.record/"


def show(**values: Any) -> None:
    """Make each value available to the pages' `out` role under its name.

    A table is a list of rows of cells; its first row is the heading.
    """
    for name, value in values.items():
        data = {f"{PREFIX}text/plain": repr(_plain(value))}
        metadata = {"scrapbook": {"name": name, "mime_prefix": PREFIX}}
        display(data, raw=True, metadata=metadata)


def claim(sentence: str, holds: Any) -> None:
    """Fail the page unless what a sentence of it claims `holds`.

    The check sees that the sentence stands on the page, word for word; a part of one will do.
    """
    if not bool(holds):
        raise AssertionError(f"this does not hold, and the page says it: {sentence}")


def _plain(value: Any) -> Any:
    # numpy 2 writes np.float64(1.0) where Python writes 1.0, which the pages could not read back.
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value
