"""Do the commands of a page agree with each other, and is the whole package on its page?"""

import pytest

import linreg
from press.check.links import check_installs
from press.markdown import read
from press.pages import DOCS

PIP = "```shell\nstudy/bin/python -m pip install torch matplotlib seaborn\n```\n"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("conda create --name study python pytorch matplotlib seaborn", ""),
        ("python3 -m venv study", ""),
        ("uv pip install --python study torch seaborn", "matplotlib"),
        ("uv pip install --python study torch matplotlib seaborn jupyterlab", "jupyterlab"),
        ("uv pip install --python study torch matplotlib seabron", "seaborn"),
    ],
)
def test_commands_that_install_other_packages_than_the_first_are_reported(other, said):
    found = [p.said for p in check_installs("setup", read(f"{PIP}\n```shell\n{other}\n```\n"))]
    assert len(found) == bool(said)
    assert said in "".join(found)


@pytest.mark.parametrize("name", linreg.__all__)
def test_each_name_of_the_package_is_on_its_page(name):
    page = (DOCS / "api.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in page if line.endswith(f":: linreg.{name}")]
