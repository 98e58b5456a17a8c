"""Are the notebooks that pages offer fit for a reader?"""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import fastjsonschema
import pytest
from sphinx.errors import ConfigError

from press.build import notebooks, package
from press.pages import DOCS

VALUES = {"slope": "14.47", "line": "$Y = 14.47 X$", "data": "Hours | Score\n1 | 48"}

PAGE = """\
---
file_format: mystnb
---

# A page

Each hour is worth {out}`slope` points, on {out}`line`.
See {term}`the slope <slope>` and {doc}`data <data>`.

```{out} line
```

```{out} data
```

::::{grid} 3

:::{grid-item}
{.number}
{out}`slope`
:::
::::

:::{guess} What is each hour worth?

About {out}`slope`, or *more*
: Right.
:::

```{notes}
`print(1 + 1)`
: What it {term}`prints <print>`,
  in one line.

`1 + 1`
: A sum.
```

:::{admonition} Keep this in mind
:class: tip
A note.
:::
"""


def executed() -> dict:
    picture = {"output_type": "display_data", "data": {"image/svg+xml": "<svg/>"}, "metadata": {}}
    printed = {"output_type": "stream", "name": "stdout", "text": "2\n"}
    image = {"mystnb": {"image": {"alt": "A line of slope {slope}."}}}
    return {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": PAGE},
            {
                "cell_type": "code",
                "metadata": {"tags": ["remove-cell"]},
                "source": "from press.cells import show",
                "outputs": [],
            },
            {
                "cell_type": "code",
                "metadata": {"tags": ["remove-input"], **image},
                "source": "from press.plots import plot_lines",
                "outputs": [picture],
            },
            {
                "cell_type": "code",
                "metadata": {"tags": ["remove-input"]},
                "source": "from linreg import train",
                "outputs": [{**printed, "text": "losses: nan\n"}],
            },
            {
                "cell_type": "code",
                "metadata": {"execution": {"iopub.execute_input": "now"}},
                "source": "print(1 + 1)",
                "outputs": [printed],
            },
        ]
    }


def cleaned() -> dict:
    return notebooks.clean("page", executed(), VALUES, "From the page.")


def test_a_notebook_is_valid() -> None:
    # By the format's schema: nbformat itself takes seconds to load.
    spec = find_spec("nbformat")
    assert spec and spec.origin
    schema = Path(spec.origin).with_name("v4") / "nbformat.v4.5.schema.json"
    fastjsonschema.compile(json.loads(schema.read_text(encoding="utf-8")))(cleaned())


def test_values_stand_where_the_page_has_roles() -> None:
    text = cleaned()["cells"][2]["source"]
    assert "Each hour is worth 14.47 points, on $Y = 14.47 X$.\nSee the slope and data." in text
    assert "$$\nY = 14.47 X\n$$" in text
    assert "| Hours | Score |\n|---|---|\n| 1 | 48 |" in text


def test_notes_and_other_definitions_are_lists() -> None:
    (text,) = [cell["source"] for cell in cleaned()["cells"] if "A sum." in cell["source"]]
    said = "- `print(1 + 1)`: What it prints,\n  in one line.\n\n- `1 + 1`: A sum."
    assert said in text
    assert not re.search(r"^: ", text, re.MULTILINE)


def test_no_directive_role_or_front_matter_is_left() -> None:
    assert cleaned()["cells"][0]["source"] == "# A page\n\nFrom the page."
    text = cleaned()["cells"][2]["source"]
    for raw in ("{", ":::", "file_format", ":class:"):
        assert raw not in text
    assert "**3**" not in text and "\n\n\n" not in text
    assert "**Keep this in mind**" in text and "A note." in text
    assert "<summary>About 14.47, or more</summary>" in text


def test_machinery_is_gone_and_its_figures_and_prints_stay() -> None:
    title, prepares, *cells = cleaned()["cells"]
    assert prepares["cell_type"] == "code" and title["cell_type"] == "markdown"
    assert [cell["cell_type"] for cell in cells] == ["markdown", "markdown", "markdown", "code"]
    assert cells[1]["source"] == "![A line of slope 14.47.](attachment:figure.svg)"
    assert cells[2]["source"] == "```text\nlosses: nan\n```"
    assert not any("linreg" in cell["source"] or "import show" in cell["source"] for cell in cells)


def test_what_a_page_that_failed_did_not_hand_over_is_left_out(tmp_path) -> None:
    kept = {"learned_slope": {"data": {"text/plain": "14.467856407165527"}}}
    (tmp_path / "trainer.glue.json").write_text(json.dumps(kept), encoding="utf-8")
    values = notebooks.shown_values(DOCS, tmp_path)
    assert values["learned_slope"] == "14.47"
    assert "prediction_35" not in values


def test_ids_are_the_same_each_time_and_no_clock_is_kept() -> None:
    first, again = cleaned(), cleaned()
    assert first == again
    assert [cell["id"] for cell in first["cells"]] == [f"page-{number}" for number in range(6)]
    assert all(cell["metadata"] == {} for cell in first["cells"])


def test_a_page_without_code_to_run_offers_none(tmp_path) -> None:
    (tmp_path / "prose.md").write_text("# Prose\n")
    hidden = "```{code-cell} python\n:tags: [remove-cell]\n\nx = 1\n```\n"
    (tmp_path / "hidden.md").write_text(hidden)
    (tmp_path / "code.md").write_text("```{code-cell} python\nprint(1)\n```\n")
    assert notebooks.code_pages(tmp_path) == ["code"]


@pytest.mark.parametrize(
    "address",
    ["http://github.com/a/b/tree/main/n", "https://host.example/notebooks", "https://github.com/a"],
)
def test_colab_is_offered_only_what_it_can_open(address) -> None:
    assert notebooks.colab_folder("") == ""
    with pytest.raises(ConfigError, match="is no folder on GitHub") as raised:
        notebooks.colab_folder(address)
    assert repr(address) in str(raised.value)


def test_colab_opens_notebooks_where_they_are_published() -> None:
    folder = notebooks.colab_folder("https://github.com/someone/site/tree/gh-pages/notebooks/")
    assert folder == "https://colab.research.google.com/github/someone/site/blob/gh-pages/notebooks"


CODES = [
    "import os\n\nimport matplotlib.pyplot as plt\nfrom linreg import review, diagnose",
    "import torch\nfrom sklearn.linear_model import SGDRegressor\nfrom linreg import review",
]


def test_a_notebook_first_gets_what_it_imports_from_where_the_site_is() -> None:
    wheel = package.wheel_name()
    told = notebooks.prepare(CODES, "https://host.example/a/", ["students.csv"])
    assert told.splitlines() == [
        "# Install what this notebook imports, where it is missing.",
        "try:",
        "    import matplotlib, sklearn, torch",
        "    from linreg import diagnose, review",
        "except ImportError:",
        "    %pip install --quiet matplotlib scikit-learn torch "
        f"https://host.example/a/notebooks/{wheel}",
        "",
        "# Fetch what it reads.",
        "from pathlib import Path",
        "from urllib.request import urlretrieve",
        "",
        'if not Path("students.csv").exists():',
        '    urlretrieve("https://host.example/a/notebooks/students.csv", "students.csv")',
    ]


def test_where_the_site_has_no_address_a_notebook_says_what_to_save_beside_it() -> None:
    told = notebooks.prepare(CODES, "", ["students.csv"])
    assert told.endswith("# Save students.csv beside this notebook too, by the link on its page.")
    assert f"torch {package.wheel_name()}\n" in told
    assert "save the file that is named below beside this\n# notebook" in told
    assert "linreg" not in notebooks.prepare(["import torch"], "", [])


def test_text_that_differs_with_the_address_is_chosen_and_the_wheel_named() -> None:
    source = """\
```{only} not address
Save {save}`the package <WHEEL>` first.
```

```{only} address
From this site:
```

```shell
pip install WHEEL
```
"""
    wheel = package.wheel_name()
    command = f"```shell\npip install {wheel}\n```"
    assert notebooks._plain_markdown(source, {}) == f"Save the package first.\n\n{command}"
    command = f"```shell\npip install https://host.example/notebooks/{wheel}\n```"
    told = notebooks._plain_markdown(source, {}, "https://host.example/")
    assert told == f"From this site:\n\n{command}"
