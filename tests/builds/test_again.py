"""Does the same source give the same site, to the byte, wherever and whenever it is built again?"""

import filecmp
import os
import shutil
import subprocess
import sys

from tests.browser.server import HTML, ROOT

NOT_SOURCE = (
    ".nox",
    ".venv",
    "_build",
    "jupyter_execute",
    "__pycache__",
    ".*_cache",
    ".hypothesis",
)


def find_difference(first, second):
    """Return a sentence on the first difference of two folders, empty if they are the same."""
    files = {
        path.relative_to(folder)
        for folder in (first, second)
        for path in folder.rglob("*")
        if path.is_file() and ".doctrees" not in path.parts
    }
    for file in sorted(files):
        for folder in (first, second):
            if not (folder / file).is_file():
                return f"{file} is missing in one of the two"
        if not filecmp.cmp(first / file, second / file, shallow=False):
            a, b = (folder.joinpath(file).read_bytes() for folder in (first, second))
            at = next(
                (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y),
                min(len(a), len(b)),
            )
            here, there = (part[max(0, at - 40) : at + 40] for part in (a, b))
            return f"{file} differs at byte {at}: {here!r} and {there!r}"
    return ""


def test_another_folder_time_zone_and_number_of_processes_give_the_same_bytes(tmp_path):
    """The other build is of a copy, and starts from nothing but the downloads of npm."""
    copy = tmp_path / "another folder"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_SOURCE))
    (copy / "docs" / "_build").mkdir()
    (copy / "docs" / "_build" / "npm").symlink_to(HTML.parent / "npm")
    sphinx = ("-m", "sphinx", "-E", "-q")  # in one process, where nox builds in two
    done = subprocess.run(
        [sys.executable, *sphinx, copy / "docs", copy / "docs" / "_build" / "html"],
        cwd=copy,
        env=os.environ | {"TZ": "Pacific/Chatham", "PYTHONHASHSEED": "7", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert find_difference(HTML, copy / "docs" / "_build" / "html") == ""


def test_a_difference_is_named(tmp_path):
    for name, text in (("first", "id=1"), ("second", "id=2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_text(text)
    said = find_difference(tmp_path / "first", tmp_path / "second")
    assert said == "page.html differs at byte 3: b'id=1' and b'id=2'"
    (tmp_path / "second" / "page.html").unlink()
    said = find_difference(tmp_path / "first", tmp_path / "second")
    assert said == "page.html is missing in one of the two"
