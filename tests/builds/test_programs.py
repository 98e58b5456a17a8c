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
    "trap-3": (*TORCHRUN, "3", "trap.py"),
    "trap-2": (*TORCHRUN, "2", "trap.py"),
    "many-killed": ("many.py", "--kill"),
    "stream": ("stream.py",),
    "parquet": ("parquet.py",),
}


def run(arguments: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of the page in a `folder` of its own; all processes of it must have ended."""
    mark = uuid.uuid4().hex
    (program,) = (argument for argument in arguments if argument.endswith(".py"))
    shutil.copy(PAGE / "programs" / program, folder)
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


@pytest.mark.skipif(os.name == "nt", reason="the programs kill processes as only POSIX does")
@pytest.mark.parametrize("name", RUNS)
def test_a_program_prints_what_its_page_shows(name: str, tmp_path: Path, request) -> None:
    ran = run(RUNS[name], tmp_path)
    assert ran.returncode == 0, ran.stderr[-3000:]
    record = PAGE / "ran" / f"{name}.txt"
    if request.config.getoption("record"):
        record.write_text(ran.stdout, encoding="utf-8")
    assert ran.stdout == record.read_text(encoding="utf-8")


def test_each_run_is_shown() -> None:
    page = (PAGE / "page.md").read_text(encoding="utf-8")
    shown = {name for name in RUNS if f"literalinclude}} ran/{name}.txt" in page}
    assert shown == set(RUNS) == {path.stem for path in (PAGE / "ran").iterdir()}
