"""Run a program as several processes that talk to each other, once for each number of them.

`python ranks.py trap.py 2 3` writes what two processes print into trap-2.txt, and three into
trap-3.txt. It starts them as torchrun does, but as forks of one process that has loaded PyTorch,
since that takes each of them longer than the program.
"""

import multiprocessing
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import torch._dynamo  # which an optimiser's first step would load

# Elsewhere than on Linux a fork is not safe once PyTorch is loaded.
CONTEXT: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def run(program: Path, rank: int, count: int, ports: Any) -> None:
    """Be the process number `rank` of `count`, once it is known where the first one listens."""
    os.environ.update(
        RANK=str(rank),
        LOCAL_RANK=str(rank),
        WORLD_SIZE=str(count),
        MASTER_ADDR="127.0.0.1",
        MASTER_PORT=ports.get(),
        TORCHELASTIC_USE_AGENT_STORE="True",
    )
    printed = os.open(f"{program.stem}-{count}.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(printed, 1)
    status, scope = 1, {"__name__": "__main__"}
    try:
        exec(compile(program.read_text(encoding="utf-8"), program, "exec"), scope)
        status = 0
    except Exception:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    # What the program has made is not taken apart: PyTorch's threads might wait for one another.
    os._exit(status)


def start(program: Path, count: int) -> None:
    """Start `count` processes, and end as they do."""
    ports = CONTEXT.SimpleQueue()
    ranks = [CONTEXT.Process(target=run, args=(program, n, count, ports)) for n in range(count)]
    for rank in ranks:
        rank.start()
    # Made when all forks are, since it has threads.
    store = torch.distributed.TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False)
    for _ in ranks:
        ports.put(str(store.port))
    for rank in ranks:
        rank.join()
    sys.exit(any(rank.exitcode for rank in ranks))


if __name__ == "__main__":
    for count in sys.argv[2:]:
        started = CONTEXT.Process(target=start, args=(Path(sys.argv[1]), int(count)))
        started.start()
        started.join()
        if started.exitcode:
            sys.exit(f"{count} processes of {sys.argv[1]} failed")
