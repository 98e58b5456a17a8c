"""Are the pages' kernels as good as any: nothing imported, each in its own place, and soon gone?"""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager, start_new_kernel
from jupyter_core.utils import ensure_event_loop
from kernels import preloaded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forks on Linux only")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with preloaded(sys.executable, tmp_path_factory.mktemp("here"), os.environ) as environment:
        yield environment
    ensure_event_loop().close()  # which Jupyter made, and leaves open


@contextlib.contextmanager
def start(
    environment: dict[str, str], folder: Path
) -> Iterator[tuple[KernelManager, Callable[[str], str]]]:
    """Start a kernel; give its manager, and what asks it for a cell's text or error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", environment["JUPYTER_PATH"])
        own = environment | {"PLANTED": "here"}
        manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder), env=own)

    def ask(code: str) -> str:
        printed: list[str] = []
        reply = client.execute_interactive(
            code,
            timeout=60,
            output_hook=lambda message: printed.append(message["content"].get("text", "")),
        )
        return reply["content"].get("ename") or "".join(printed).strip()

    yield manager, ask
    client.stop_channels()
    if manager.has_kernel:
        manager.shutdown_kernel()


@pytest.fixture
def kernel(environment, tmp_path):
    with start(environment, tmp_path) as started:
        yield started


def lives(process: str) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(process), 0)
        return True
    return False


def soon_gone(process: str) -> bool:
    for _ in range(100):
        if not lives(process):
            return True
        time.sleep(0.1)
    return False


def test_pytorch_is_loaded_and_not_imported(kernel) -> None:
    _, ask = kernel
    assert ask("import sys; print('torch' in sys.modules)") == "True"
    assert ask("torch.ones(1)") == "NameError"
    assert ask("import torch; print(torch.ones(1).item())") == "1.0"


def test_the_machinery_of_the_site_is_not_there(kernel) -> None:
    _, ask = kernel
    assert ask("import outputs") == "ModuleNotFoundError"


def test_a_kernel_has_its_own_folder_and_environment(kernel, tmp_path: Path) -> None:
    _, ask = kernel
    assert ask("import os; print(os.getcwd(), os.environ['PLANTED'])") == f"{tmp_path} here"


def test_a_program_that_a_cell_starts_tells_how_it_ended(kernel) -> None:
    _, ask = kernel
    start = "subprocess.run([sys.executable, '-c', 'raise SystemExit(3)'])"
    assert ask(f"import subprocess, sys; print({start}.returncode)") == "3"


def test_a_cell_that_hangs_is_interrupted(kernel) -> None:
    manager, ask = kernel

    def interrupt() -> None:
        manager.interrupt_kernel()
        ensure_event_loop().close()  # that of this thread

    threading.Timer(1, interrupt).start()
    assert ask("import time; time.sleep(60)") == "KeyboardInterrupt"


def test_a_kernel_ends_with_what_started_it(kernel) -> None:
    manager, ask = kernel
    process = ask("import os; print(os.getpid())")
    assert lives(process)
    manager.shutdown_kernel(now=True)
    assert soon_gone(process)


def test_all_kernels_end_with_the_build(tmp_path: Path) -> None:
    with contextlib.ExitStack() as kernel:
        with preloaded(sys.executable, tmp_path, os.environ) as environment:
            _, ask = kernel.enter_context(start(environment, tmp_path))
            process = ask("import os; print(os.getpid())")
            assert lives(process)
        assert soon_gone(process)
