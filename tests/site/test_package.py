"""Is the wheel that the site serves whole, the same each time, and what pages call it?"""

import hashlib
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser

import pytest
from bs4 import BeautifulSoup

from press.build import package
from press.pages import DOCS
from tests.site.building import build

ROOT = DOCS.parent
ADDRESS = "https://host.example/some/where/"
URLS = {"Homepage": ADDRESS, "Repository": ""}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of a site that has an address."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        return package.build_wheel(tmp_path_factory.mktemp("wheel"), URLS)


@pytest.fixture(scope="module")
def metadata(wheel):
    with zipfile.ZipFile(wheel) as files:
        (name,) = [name for name in files.namelist() if name.endswith("/METADATA")]
        return Parser().parsestr(files.read(name).decode())


def test_it_holds_the_package_with_its_data_and_types_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as files:
        held = {name for name in files.namelist() if ".dist-info/" not in name}
    listed = subprocess.run(
        ["git", "ls-files", "linreg"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    own = listed or [f"linreg/{path.name}" for path in (ROOT / "linreg").glob("*.*")]
    assert held == set(own)
    assert {"linreg/py.typed", "linreg/norris.csv", "linreg/review.py"} <= held


def test_it_says_what_it_is_and_where_it_is_from(metadata):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert metadata["Name"] == "linreg-tutorial"
    assert metadata["Version"] == project["version"]
    assert metadata["Requires-Python"] == project["requires-python"]
    assert metadata["License-Expression"] == "MIT"
    assert metadata.get_all("Project-URL") == [f"Homepage, {ADDRESS}"]
    assert "Typing :: Typed" in metadata.get_all("Classifier")
    # Nothing that draws: pages that do say so, and install it.
    needed = {
        line.partition(">")[0]
        for line in metadata.get_all("Requires-Dist")
        if "extra ==" not in line
    }
    assert needed == {"numpy", "pandas", "scipy", "torch"}


def test_a_site_without_an_address_names_none(tmp_path):
    with zipfile.ZipFile(
        package.build_wheel(tmp_path, {"Homepage": "", "Repository": ""})
    ) as files:
        (name,) = [name for name in files.namelist() if name.endswith("/METADATA")]
        assert "Project-URL" not in files.read(name).decode()


def test_it_has_the_same_bytes_in_another_folder_at_another_time(wheel, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    copy = tmp_path / "another folder"
    copy.mkdir()
    for name in ("pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, copy)  # with the time of now
    shutil.copytree(ROOT / "linreg", copy / "linreg", copy_function=shutil.copyfile)
    (copy / "linreg" / "__pycache__").mkdir(exist_ok=True)
    (copy / "linreg" / "__pycache__" / "line.pyc").write_bytes(b"left over")
    again = package.build_wheel(tmp_path, URLS, copy)
    assert again.read_bytes() == wheel.read_bytes()


def test_its_checksum_lies_beside_it(wheel):
    digest, name = wheel.with_name(f"{wheel.name}.sha256").read_text().split()
    assert name == wheel.name
    assert digest == hashlib.sha256(wheel.read_bytes()).hexdigest()


def test_pip_finds_it_whole_and_puts_the_package_where_it_is_imported(wheel, tmp_path):
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target"]
    subprocess.run([*pip, tmp_path, wheel], check=True, capture_output=True)
    code = "import linreg; print(linreg.__file__, linreg.least_squares([0, 1], [1, 3]).slope)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(tmp_path / "linreg" / "__init__.py"), "2.0"]


def test_pip_is_given_the_address_where_there_is_one_and_else_the_file():
    name = package.wheel_name()
    assert name.startswith("linreg_tutorial-") and name.endswith("-py3-none-any.whl")
    assert package.wheel_place("") == name
    assert package.wheel_place(ADDRESS) == f"{ADDRESS}notebooks/{name}"


PAGE = """\
# Site

```{only} not address
First save {save}`the package <WHEEL>`, and {save}`its checksum <WHEEL.sha256>`.
```

```{only} address
From this site:
```

```shell
pip install WHEEL
```

See {save}`other.csv <other.csv>`.
"""


@pytest.fixture(params=["", ADDRESS], ids=["without an address", "with one"])
def built(request, tmp_path):
    """Return the address of a site of one page, its folder, and what its build said."""
    address = request.param
    warned = build(tmp_path, ["press.build.package"], {"index": PAGE}, html_baseurl=address)
    return address, tmp_path / "html", warned


def test_a_page_shows_the_command_that_is_right_where_the_site_is(built):
    address, html, said = built
    page, name = (html / "index.html").read_text(encoding="utf-8"), package.wheel_name()
    (command,) = BeautifulSoup(page, "lxml").select("pre")
    place = f"{address}notebooks/{name}" if address else name
    assert command.get_text().strip() == f"pip install {place}"
    assert ("From this site" in page) == bool(address)
    link = f'<a href="notebooks/{name}" download>the package</a>'
    assert (link in page) == (not address)
    assert "WHEEL" not in page
    assert (html / "notebooks" / name).is_file()
    assert (html / "notebooks" / f"{name}.sha256").is_file()
    assert f"other.csv is not there to save; give one of {name}" in said
