"""Let the pages of a build share the loading of PyTorch.

It takes longer than what most pages compute.
Each page still has a kernel of its own, which finds the modules loaded and nothing imported: a page
that forgets an import fails as ever.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from ipykernel.kernelspec import get_kernel_dict
from sphinx.application import Sphinx

FORKS = Path(__file__).with_name("forks.py")


@contextlib.contextmanager
def preloaded(
    python: str | Path, folder: str | Path, environment: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    """Make Jupyter's kernels forks of a `python` that has loaded PyTorch, while the context lasts.

    folder, environment: those of the kernels, since PyTorch and Matplotlib look there for settings
    when they are loaded.

    Gives the environment for the process that starts the kernels.
    """
    with tempfile.TemporaryDirectory() as home, socket.socket(socket.AF_UNIX) as listening:
        address = f"{home}/forks"
        listening.bind(address)
        listening.listen()
        spec = Path(home, "kernels", "python3", "kernel.json")
        spec.parent.mkdir(parents=True)
        launcher = [sys.executable, "-ES", str(FORKS), "launch", address, "-f", "{connection_file}"]
        forked = {"argv": launcher, "interrupt_mode": "message"}
        spec.write_text(json.dumps(get_kernel_dict() | forked), encoding="utf-8")
        server = subprocess.Popen(
            [python, "-P", "-Xfrozen_modules=off", FORKS, "serve", str(listening.fileno())],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            pass_fds=[listening.fileno()],
            start_new_session=True,
        )
        with server:
            yield {**environment, "JUPYTER_PATH": home}


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("myst_nb")
    # Elsewhere than on Linux a fork is not safe once PyTorch is loaded, and kernels start as ever.
    # While a page is being written only that one is run, and nothing can be shared.
    if sys.platform == "linux" and app.config.nb_execution_mode == "force":
        kernels = contextlib.ExitStack()
        # At once, so that PyTorch is loaded while Sphinx loads the other extensions.
        started = kernels.enter_context(preloaded(sys.executable, app.srcdir, os.environ))
        os.environ.update(started)
        app.connect("build-finished", lambda *_: kernels.close())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
