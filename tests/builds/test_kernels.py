"""Are the pages' kernels, which are forks of the build, as good as any?"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="kernels are forks on Linux only"),
    pytest.mark.xdist_group("kernels"),  # all ask the same build
]

CONF = """
import logging, sys
extensions = ["myst_nb", "press.build.kernels"]
nb_execution_mode = "force"
nb_execution_show_tb = True
nb_merge_streams = True
exclude_patterns = ["jupyter_execute", "out"]
sys.modules["rfc3987_syntax"] = None  # as in the project's own, since it takes seconds
logging.getLogger("traitlets").setLevel(logging.WARNING)
"""
PAGE = """---
file_format: mystnb
mystnb:
  execution_timeout: {timeout}
kernelspec:
  name: python3
---

# A page

```{{code-cell}}
{code}
```
"""
# What a program could see of where it runs, and two builds must agree on.
FACTS = """
before = sorted(name for name in dir() if not name.startswith("_"))
# Jupyter, its debugger and PyTorch tell their own parts something.
LIBRARIES = ("JPY", "PYDEVD", "TORCHINDUCTOR", "KMP")
import asyncio, json, locale, logging, os, random, signal, subprocess, sys, threading, warnings
loaded = "torch" in sys.modules
import matplotlib, numpy, pandas, torch
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.show()
await asyncio.sleep(0)
facts = dict(
    before=before,
    folder=os.getcwd(),
    first_on_the_path=sys.path[:2],
    path=sorted(set(sys.path)),
    arguments=len(sys.argv),
    main=[sys.modules["__main__"].__name__, sys.modules["__main__"].__dict__ is globals()],
    environment={k: v for k, v in os.environ.items() if not k.startswith(LIBRARIES)},
    standard_input=os.read(0, 1).decode(),
    recursion=sys.getrecursionlimit(),
    backend=matplotlib.get_backend(),
    settings={k: str(v) for k, v in matplotlib.rcParams.items()},
    dtype=str(torch.get_default_dtype()),
    threads=torch.get_num_threads(),
    gradients=torch.is_grad_enabled(),
    numpy=numpy.get_printoptions(),
    errors=numpy.geterr(),
    pandas=pandas.options.display.max_rows,
    locale=locale.setlocale(locale.LC_ALL),
    umask=os.umask(0o22),
    interrupt=signal.getsignal(signal.SIGINT).__qualname__,
    child=str(signal.getsignal(signal.SIGCHLD)),
    level=logging.getLogger().level,
    handlers=len(logging.getLogger().handlers),
    loop=type(asyncio.get_running_loop()).__name__,
    a_child_ends_with=subprocess.run([sys.executable, "-c", "raise SystemExit(3)"]).returncode,
)
from ipykernel.connect import get_connection_info
told = json.loads(get_connection_info())
ports = [number for name, number in told.items() if name.endswith("_port")]
chance = [torch.rand(1).item(), numpy.random.rand(), random.random()]
open("facts.json", "w").write(json.dumps([facts, loaded, ports, *chance]))
"""


def build(folder: Path, pages: dict[str, str], *, forks: bool = True) -> tuple[int, str]:
    """Build a small site whose pages run the given code; return the status and what was said."""
    folder.mkdir(exist_ok=True)
    (folder / "conf.py").write_text(
        CONF if forks else CONF.replace("press.build.kernels", "sphinx.ext.todo")
    )
    (folder / "index.md").write_text("# Pages\n\n```{toctree}\n:glob:\n*\n```\n")
    for page, code in pages.items():
        (folder / f"{page}.md").write_text(
            PAGE.format(code=code.strip(), timeout=3 if "sleep(60)" in code else 60)
        )
    command = ["-m", "sphinx", "-E", "-W", "--keep-going", "-q", "-j", "2", folder, folder / "out"]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "docs")},
        capture_output=True,
        text=True,
        timeout=300,  # it takes some ten seconds, and on a busy machine many times as long
    )
    return done.returncode, done.stdout + done.stderr


@dataclass(frozen=True)
class Built:
    """What the page `facts` saw in an ordinary kernel, and what two saw in forks of one build.

    Two more pages of that build fail, each in its way.
    """

    ordinary: list[Any]
    forked: list[list[Any]]
    said: str
    status: int


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    site = tmp_path_factory.mktemp("kernels") / "site"
    pages = {
        "facts": FACTS,
        "other": FACTS.replace("facts.", "other."),
        "forgotten": "torch.ones(1)",
        "hanging": "import time; time.sleep(60)",
    }
    status, said = build(site, {"facts": FACTS}, forks=False)
    assert status == 0, said
    ordinary = json.loads((site / "facts.json").read_text())
    (site / "facts.json").unlink()
    status, said = build(site, pages)
    written = [site / "facts.json", site / "other.json"]
    assert all(path.exists() for path in written), said
    return Built(ordinary, [json.loads(path.read_text()) for path in written], said, status)


def test_a_fork_sees_what_an_ordinary_kernel_sees(built: Built) -> None:
    """But for the time that it takes to load PyTorch; and chance is its own in each."""
    facts, loaded, _, *drawn = zip(built.ordinary, *built.forked, strict=True)
    assert loaded == (False, True, True)
    assert all(len({*numbers}) == 3 for numbers in drawn)
    differing = {name for name in facts[0] if any(fact[name] != facts[0][name] for fact in facts)}
    assert not differing


def test_no_two_processes_can_take_the_same_port(built: Built) -> None:
    """Nor one that the system gives to a third."""
    (_, _, first, *_), (_, _, second, *_) = built.forked
    assert len({*first, *second}) == len(first) + len(second) == 10
    assert max(*first, *second) < 32_768  # where Linux begins unless a machine is told otherwise
    # Pages that one process reads may have the same, one after the other.
    assert {port // 100 for port in first} != {port // 100 for port in second}


def test_what_goes_wrong_on_a_page_fails_the_build(built: Built) -> None:
    """An import that is forgotten, and a cell that hangs."""
    assert built.status == 1, built.said
    assert "name 'torch' is not defined" in built.said
    assert "CellTimeoutError" in built.said
    failed = re.findall(r"/(\w+)\.md: WARNING: Executing notebook failed", built.said)
    assert {*failed} == {"forgotten", "hanging"}
