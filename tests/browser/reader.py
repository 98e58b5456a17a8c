"""A reader who followed Set up: an environment with what its commands install, and nothing else.

The commands run as they stand, and pip says which versions they come to. Those the project's own
environment has already, so its folders are linked instead of fetched, unpacked and compiled once
more. What a command leaves out is not there, and what it needs in another version is an error.
"""

import contextlib
import functools
import hashlib
import importlib.metadata
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import lxml.html
import pytest

from tests.browser.server import HTML, ROOT, serve

PINS = ROOT / "docs" / "constraints.txt"
PATIENCE = 600  # seconds, in which even a slow network answers pip


@dataclass(frozen=True)
class Reader:
    """A folder with an environment, and another that has linreg too."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a reader's programs find set: nothing of ours, and what they load is kept."""
        return os.environ | {
            "PYTHONPATH": "",
            "PYTHONDONTWRITEBYTECODE": "",
            "OMP_NUM_THREADS": "1",
        }

    @property
    def pinned(self) -> dict[str, str]:
        """What keeps the page's own commands to the versions that the site was built with."""
        # As an address, since both take a space in a path for the end of it.
        return self.environment | dict.fromkeys(("PIP_CONSTRAINT", "UV_CONSTRAINT"), PINS.as_uri())

    @property
    def study(self) -> Path:
        """The environment that Set up makes, in the folder that it makes."""
        return self.folder / "lines" / "study"

    def python(self, *, with_linreg: bool) -> Path:
        return (self.folder / "linreg" if with_linreg else self.study) / "bin" / "python"

    def follow(self, install: str, install_linreg: str) -> None:
        """Run the commands of Set up, unless an earlier run did the same ones."""
        study, linreg = self.study, self.folder / "linreg"
        said = f"{install}\n{sys.prefix}\n{digest([PINS])}"
        if not is_done(study, said):
            shutil.rmtree(study.parent, ignore_errors=True)
            self.folder.mkdir(parents=True, exist_ok=True)
            report = self.folder / "report.json"
            self.run(install, self.folder, PIP_DRY_RUN="1", PIP_REPORT=str(report))
            for found in json.loads(report.read_text(encoding="utf-8"))["install"]:
                link(found["metadata"]["name"], found["metadata"]["version"], find_packages(study))
            (study / "done.txt").write_text(said, encoding="utf-8")
        (wheel,) = HTML.glob("notebooks/*.whl")
        said = f"{install_linreg}\n{said}\n{digest([wheel])}"
        if not is_done(linreg, said):
            self.borrow(linreg)
            with serve(HTML) as url:
                if wheel_is_saved := wheel.name == install_linreg.split()[-1]:
                    place = study.parent / wheel.name
                    urllib.request.urlretrieve(f"{url}notebooks/{wheel.name}", place)
                command = install_linreg if wheel_is_saved else at(url, install_linreg)
                python = shlex.quote(str(self.python(with_linreg=True)))
                self.run(command.replace("study/bin/python", python), study.parent)
            (linreg / "done.txt").write_text(said, encoding="utf-8")

    def borrow(self, environment: Path) -> Path:
        """Make an environment that looks into `study`, for pip too; return its Python."""
        venv.create(environment)
        looks = find_packages(environment) / "study.pth"
        looks.write_text(str(find_packages(self.study)), encoding="utf-8")
        return environment / "bin" / "python"

    def run(self, command: str, folder: Path, **variables: str) -> None:
        done = subprocess.run(
            ["bash", "-ce", command],
            cwd=folder,
            env=self.pinned | variables,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        if done.returncode:
            pytest.fail(f"Set up says `{command}`, and that fails:\n{done.stderr}")


def at(url: str, text: str) -> str:
    """Return a `text` of the built site with its public address, where it has one, as `url`.

    What is tested is not published yet.
    """
    return re.sub(r"https?://\S+?/(?=notebooks/)", url, text)


def read_set_up(system: str) -> list[str]:
    """Return the commands that Set up has for a `system`, as their buttons copy them."""
    page = lxml.html.parse(HTML / "setup.html").getroot()
    labels = page.find_class("sd-tab-label")
    (label,) = [label for label in labels if label.text_content().strip() == system]
    return [block.text_content().strip() for block in label.getnext().iter("pre")]


def digest(files: list[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def is_done(environment: Path, said: str) -> bool:
    """Return whether an `environment` is as it was `said` to be; remove it if not."""
    note = environment / "done.txt"
    if note.exists() and note.read_text(encoding="utf-8") == said:
        return True
    shutil.rmtree(environment, ignore_errors=True)
    return False


def find_packages(environment: Path) -> Path:
    (packages,) = environment.glob("lib/*/site-packages")
    return packages


def link(name: str, version: str, packages: Path) -> None:
    """Put this environment's distribution into the folder of `packages`, by links."""
    try:
        own = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        pytest.fail(f"Set up installs {name}, which the project's environment lacks")
    if own.version != version:
        pytest.fail(f"Set up installs {name} {version}, and the site is built with {own.version}")
    for old in packages.glob(f"{name}-*.dist-info"):
        remove(old)
    shared = find_shared()
    places = {}
    for file in own.files or ():
        # Outside of the packages are commands and what Jupyter shares: no page needs either.
        if file.parts[0] != "..":
            place = file if file.parts[0] in shared else Path(file.parts[0])
            places[place] = own.locate_file(place)
    for place, there in places.items():
        if "__pycache__" not in place.parts:
            # Python 3.11 puts a setuptools into each environment, which pip would replace.
            remove(packages / place)
            (packages / place).parent.mkdir(parents=True, exist_ok=True)
            (packages / place).symlink_to(there)


@functools.cache
def find_shared() -> set[str]:
    """Return the folders that several distributions put files into."""
    owners: dict[str, set[str]] = {}
    for distribution in importlib.metadata.distributions():
        name = distribution.name
        for folder in {file.parts[0] for file in distribution.files or ()}:
            owners.setdefault(folder, set()).add(name)
    return {folder for folder, names in owners.items() if len(names) > 1}


def remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


@contextlib.contextmanager
def become_reader() -> Iterator[Reader]:
    """Follow Set up, and keep other runs of these tests out meanwhile."""
    from filelock import FileLock, Timeout

    # On Linux the page names PyTorch's own index; the project's environment has either build.
    install, install_linreg, _ = read_set_up("macOS")
    reader = Reader(ROOT / ".nox" / "reader")
    reader.folder.parent.mkdir(exist_ok=True)
    try:
        with FileLock(reader.folder.with_suffix(".lock"), timeout=0):
            reader.follow(install, install_linreg)
            yield reader
    except Timeout:
        pytest.fail("another run of these tests has the reader's environment; wait until it ends")
