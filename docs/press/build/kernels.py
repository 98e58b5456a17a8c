"""Let the pages of a build share the loading of PyTorch, which takes longer than most pages.

The process that builds loads it once, and each page's kernel is a fork of that process.
A kernel finds the modules loaded and nothing imported: a page that forgets an import fails as ever.
The processes that read and write pages get a few at a time, so that they end together.
Each has ports of its own for its kernels: of those that the system gives away at random, two
processes may take the same one.
"""

import asyncio
import contextlib
import ctypes
import functools
import gc
import importlib
import locale
import os
import signal
import socket
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import sphinx.builders
from jupyter_client.connect import LocalPortCache
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.parallel import make_chunks

# What most pages need; what one or two do, they load themselves, beside the others.
# PyTorch loads the first two by itself, but only at an optimiser's first step.
# matplotlib_inline is not here: loaded before there is a kernel, it would show no figure.
LOADED = (
    *("torch._dynamo", "torch.profiler", "matplotlib.pyplot"),
    *("ipykernel.kernelapp", "ipykernel.debugger"),
)
DIE_WITH_PARENT = 1  # Linux's PR_SET_PDEATHSIG


class Fork:
    """A kernel that is a fork of this process, as `subprocess.Popen` would show it."""

    stdin = stdout = stderr = None

    def __init__(self, command: list[str], *, folder: str, environment: dict[str, str]) -> None:
        self.returncode: int | None = None
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if not self.pid:
            try:
                become_kernel(command, folder=folder, environment=environment, parent=parent)
            finally:
                # Nothing of the build may go on in here, and to take PyTorch apart takes seconds.
                os._exit(1)

    def poll(self) -> int | None:
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self) -> int:
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


class ForkedKernel(LocalProvisioner):
    """What Jupyter starts a kernel by."""

    process: Any = None

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        self.process = Fork(cmd, folder=options["cwd"], environment=options["env"])
        self.pid = self.process.pid
        return self.connection_info


class Ports(LocalPortCache):
    """Gives the ports on which a kernel listens."""

    def find_available_port(self, ip: str) -> int:
        # Processes that run at the same time have numbers near each other; and what the system
        # gives away lies above.
        first = 10_000 + os.getpid() % 200 * 100
        for port in range(first, first + 100):
            with socket.socket() as probe, contextlib.suppress(OSError):
                # Where nobody listens any more, as a kernel itself finds it.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((ip, port))
                if port not in self.currently_used_ports:
                    self.currently_used_ports.add(port)
                    return port
        raise OSError(f"of the ports {first} to {first + 99}, none is free for a page's kernel")


def become_kernel(
    command: list[str], *, folder: str, environment: dict[str, str], parent: int
) -> None:
    """Be what the `command` would start in the `folder`, until `parent` ends."""
    from ipykernel.kernelapp import IPKernelApp

    # However the build ends, no kernel outlives it.
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        return
    # What this process is told is not for the build, which hears signals through what they share.
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.freeze()  # what the build has made is none of this kernel's garbage
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    # Python itself put the folder of the build there.
    given = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:] = [entry for entry in sys.path if entry in given or entry != os.getcwd()]
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    # As Python sets it: Sphinx chooses the user's, in which numbers may have commas.
    locale.setlocale(locale.LC_ALL, "C")
    locale.setlocale(locale.LC_CTYPE, "")
    # This process is in the middle of Jupyter's waiting for the kernel that it has become.
    asyncio._set_running_loop(None)
    asyncio.set_event_loop(asyncio.new_event_loop())
    # Else a page that forgets its seed would draw the same as all others, in each build.
    sys.modules["numpy"].random.seed()
    sys.modules["torch"].seed()
    _, *arguments = sys.argv = command[command.index("-m") + 1 :]
    kernel = IPKernelApp.instance()
    kernel.initialize([*arguments, f"--IPKernelApp.parent_handle={parent}"])
    # The build may have chosen another way to draw, and then no figure would be seen.
    matplotlib = sys.modules["matplotlib"]
    matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
    matplotlib.pyplot.switch_backend(os.environ["MPLBACKEND"])
    kernel.start()
    os._exit(0)


def load(app: Sphinx, environment: BuildEnvironment, pages: list[str]) -> None:
    """Load what pages need, before the processes that read them part."""
    # Elsewhere than on Linux a fork is not safe once PyTorch is loaded.
    if sys.platform != "linux" or app.config.nb_execution_mode == "off":
        return
    texts = (Path(environment.doc2path(page)).read_text(encoding="utf-8") for page in pages)
    if sum("{code-cell}" in text for text in texts) < 2:
        return  # one page shares nothing
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # as a kernel sets it
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # else the debugger warns, and nobody debugs
    for name in LOADED:
        importlib.import_module(name)
    Ports.instance()
    factory = KernelProvisionerFactory.instance()
    factory.provisioners["forked"] = EntryPoint(
        "forked", f"{__name__}:ForkedKernel", factory.GROUP_NAME
    )
    factory.default_provisioner_name = "forked"


def setup(app: Sphinx) -> dict[str, bool]:
    # Of Sphinx's own three batches the last is read alone, and it has the slowest pages.
    sphinx.builders.make_chunks = functools.partial(make_chunks, maxbatch=1)
    app.connect("env-before-read-docs", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
