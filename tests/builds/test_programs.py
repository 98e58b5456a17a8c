"""Do the programs that cost too much for each build print what their page shows?

They start processes that talk to each other on this machine alone, and kill some of them. Each has
a limit in time, and leaves nothing running. `nox -s hosts -- -k programs --record` writes down
what they print.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builds.test_builds import find_left

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "more-data"
LIMIT = 300  # s; each takes some five, and on a busy machine many times as long
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node")
# By the name of what was printed: what follows `python`. What takes longest comes first.
RUNS = {
    "shares-3-killed": (*TORCHRUN, "3", "--max-restarts", "1", "shares.py", "--kill"),
    "many-killed": ("many.py", "--kill"),
    "stream": ("stream.py",),
    "parquet": ("parquet.py",),
}
# Of one program that processes share, by how many they are.
SHARED = {2: "trap-2", 3: "trap-3"}
NAMES = [*RUNS, *SHARED.values()]
RANKS = Path(__file__).with_name("ranks.py")
POSIX = pytest.mark.skipif(os.name == "nt", reason="the programs kill processes as only POSIX does")


def run(arguments: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of the page in a `folder` of its own; all processes of it must have ended."""
    mark = uuid.uuid4().hex
    for program in (PAGE / "programs").glob("*.py"):
        if program.name in arguments:
            shutil.copy(program, folder)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "MARK": mark,
        "OMP_NUM_THREADS": "1",
        # What the page says to set before a restart.
        "TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1",
    }
    if sys.platform == "linux":
        environment["GLOO_SOCKET_IFNAME"] = "lo"
        # Dask's workers are forks of a process that has loaded Dask once.
        environment["DASK_DISTRIBUTED__WORKER__MULTIPROCESSING_METHOD"] = "forkserver"
    started = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        printed, errors = started.communicate(timeout=LIMIT)
        left = find_left(mark)
        assert not left, f"the program has ended, and these have not: {left}"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()
    return subprocess.CompletedProcess(arguments, started.returncode, printed, errors)


@pytest.fixture
def compare(request) -> Callable[[str, str], None]:
    """What compares the text that was printed with the page's, by its name; or records it."""

    def compare(name: str, printed: str) -> None:
        record = PAGE / "ran" / f"{name}.txt"
        if request.config.getoption("record"):
            record.write_text(printed, encoding="utf-8")
        assert printed == record.read_text(encoding="utf-8")

    return compare


@POSIX
@pytest.mark.parametrize("name", RUNS)
def test_a_program_prints_what_its_page_shows(name: str, tmp_path: Path, compare) -> None:
    ran = run(RUNS[name], tmp_path)
    assert ran.returncode == 0, ran.stderr[-3000:]
    compare(name, ran.stdout)


@POSIX
def test_processes_print_what_their_page_shows(tmp_path: Path, compare) -> None:
    """Started without torchrun, which takes longer; what it does is seen where it restarts them."""
    ran = run((str(RANKS), "trap.py", *map(str, SHARED)), tmp_path)
    assert ran.returncode == 0, ran.stderr[-3000:]
    for name in SHARED.values():
        compare(name, (tmp_path / f"{name}.txt").read_text(encoding="utf-8"))


def test_each_run_is_shown() -> None:
    page = (PAGE / "page.md").read_text(encoding="utf-8")
    shown = {name for name in NAMES if f"literalinclude}} ran/{name}.txt" in page}
    assert shown == {*NAMES} == {path.stem for path in (PAGE / "ran").iterdir()}
