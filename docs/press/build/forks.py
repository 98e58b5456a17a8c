"""Give each page a kernel that has loaded what pages need: a fork of one Python.

`serve` is that Python, and `launch` is what Jupyter starts in place of a kernel.
See kernels.py, which starts the one and tells Jupyter of the other.

What has loaded PyTorch ends by `os._exit`, since to take all that apart takes a second or two.
"""

import json
import os
import socket
import sys

# PyTorch loads the first two by itself, but only at an optimiser's first step.
# matplotlib_inline is not here: loaded before there is a kernel, it would show no figure.
LOADED = (
    *("torch._dynamo", "torch.profiler"),
    *("seaborn", "sklearn.linear_model", "sympy"),
    *("ipykernel.kernelapp", "ipykernel.debugger"),
)


def launch(address: str, *arguments: str) -> None:
    """Ask the server at `address` for a kernel with these arguments, and stay as long as it lives.

    The arguments are those of ipykernel; Jupyter adds some to those that it is told.
    """
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        asked = {"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}
        server.sendall(json.dumps(asked).encode() + b"\n")
        server.recv(1)


def serve(listening: int) -> None:
    """Fork for each launcher that calls at the socket `listening`, until standard input ends."""
    # Only here: a launcher, which is started for each page, has no use for them.
    import gc
    import importlib
    import select
    import signal

    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # as a kernel sets it
    for name in LOADED:
        importlib.import_module(name)
    # Kernels need not go through all that again whenever they look for garbage.
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # lets kernels that ended go
    with socket.socket(fileno=listening) as server:
        while sys.stdin not in select.select([server, sys.stdin], [], [])[0]:
            launcher, _ = server.accept()
            if not os.fork():
                break
            launcher.close()
        else:
            os._exit(0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    become_kernel(launcher)


def become_kernel(launcher: socket.socket) -> None:
    """Be what the `launcher` was asked for, in its folder and with its environment."""
    import threading

    from ipykernel.kernelapp import IPKernelApp

    asked = json.loads(launcher.makefile().readline())
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.path.insert(0, "")  # as in any kernel: a page imports what lies in its folder
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def end_with_it() -> None:
        launcher.recv(1)
        os._exit(1)

    threading.Thread(target=end_with_it, daemon=True).start()
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"
    IPKernelApp.launch_instance(argv=[*asked["arguments"], parent])
    os._exit(0)


if __name__ == "__main__":
    if sys.argv[1] == "launch":
        launch(*sys.argv[2:])
    else:
        serve(int(sys.argv[2]))
