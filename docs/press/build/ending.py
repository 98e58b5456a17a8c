"""Let a build end that fails while other processes still write its pages.

Sphinx does not tell them; they wait until somebody hears what they have to say, and Python, before
it ends, waits for them.
"""

import atexit
import multiprocessing
import multiprocessing.util

from sphinx.application import Sphinx


def end_writers() -> None:
    for process in multiprocessing.active_children():
        process.terminate()


def setup(app: Sphinx) -> dict[str, bool]:
    # What is registered last is called first: before multiprocessing.util waits.
    atexit.register(end_writers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
