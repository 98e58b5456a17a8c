"""Run each of the programs that are named, alone, in a fork of a Python that has loaded PyTorch.

PyTorch is what almost every program does first, and what takes ten times as long as all the rest.
Runs in the reader's environment. Beside each program are left what it printed, what it said of
errors, and its exit code. A file that does not end in .py is typed line by line.
"""

import code
import gc
import os
import runpy
import signal
import sys
import traceback
from pathlib import Path

import torch._dynamo  # noqa: F401  # PyTorch loads it at an optimiser's first step

PATIENCE = 120  # seconds; what takes longer hangs


def run(path: str) -> None:
    sys.argv, failed = [path], 0
    sys.path[0] = os.path.dirname(path)
    try:
        if path.endswith(".py"):
            runpy.run_path(path, run_name="__main__")
        else:
            console = code.InteractiveConsole()
            for typed in [*Path(path).read_text().splitlines(), ""]:
                console.push(typed)
    except BaseException:
        traceback.print_exc()
        failed = 1
    sys.stdout.flush()
    os._exit(failed)


gc.freeze()  # so that no program looks for garbage in all that
for path in sys.argv[1:]:
    if not (child := os.fork()):
        for stream, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{path}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        signal.alarm(PATIENCE)
        run(path)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    Path(f"{path}.code").write_text(str(ended))
os._exit(0)  # to take PyTorch apart takes a second or two
