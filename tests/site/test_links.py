"""Does the navigation lead through all pages, and do names and commands agree with each other?"""

import pytest

import linreg
from press.check.links import check_installs, check_next, find_sections, pages_of
from press.markdown import read
from press.pages import DOCS

CONTENTS = """\
```{toctree}
:hidden:
:caption: The walk
first
A short title <second>
third
```
"""
WALK = {
    "index": CONTENTS,
    "first": "# First\n\nNext: {next}`the second`.\n",
    "second": "# Second\n\nNext: {doc}`the third <third>`.\n",
    "third": "# Third\n\nNext: {doc}`the first again <first>`.\n",
}


def test_the_navigation_is_read_by_section():
    (section,) = find_sections(CONTENTS).items()
    assert section[0] == "The walk"
    assert pages_of(section[1]) == ["first", "second", "third"]


def test_a_page_that_leads_past_the_next_one_is_reported():
    assert [*check_next(WALK)] == []
    (problem,) = check_next(WALK | {"first": "# First\n\nNext: {doc}`the third <third>`.\n"})
    assert problem.page == "first"
    assert "does not lead to second" in problem.said


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
