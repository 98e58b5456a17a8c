"""Do the steps of a story and the parts of its figure belong together?"""

from pathlib import Path

import lxml.html
import pytest

from tests.site.building import build

# What a cell leaves that draws a figure with parts.
PAGE = """\
---
orphan: true
---
# Page

::::{container} cell
:::{figure} picture.svg
A way.

```{raw} html
<svg><g id="f0-story-1-start"></g><g id="f0-story-2-run"></g></svg>
```
:::
::::

:::{story}
**Start.** Here.

**Down.** There.
:::
"""
FAULTS = {
    "short": PAGE.replace("\n**Down.** There.\n", ""),
    "long": PAGE.replace("There.", "There.\n\n**Turn.** Elsewhere."),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    site = tmp_path_factory.mktemp("site")
    (site / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    pages = {"index": PAGE} | FAULTS
    warned = build(site, ["press.build.story"], pages, myst_enable_extensions=["colon_fence"])
    return site / "html", warned


def test_a_story_stands_with_its_figure_and_only_there_is_a_script(built: tuple[Path, str]) -> None:
    page = lxml.html.parse(built[0] / "index.html").getroot()
    (story,) = page.find_class("story")
    assert len(story.findall(".//figure//svg")) == 1
    (steps,) = story.find_class("steps")
    assert [step.text_content() for step in steps.findall("p")] == [
        "Start. Here.",
        "Down. There.",
    ]
    assert "story.js" in (built[0] / "index.html").read_text()
    assert "story.js" not in (built[0] / "search.html").read_text()


def test_parts_that_are_not_those_of_the_steps_are_caught(built: tuple[Path, str]) -> None:
    for page, steps in (("short", "[1]"), ("long", "[1, 2, 3]")):
        said = (
            f"the figure has parts for the steps [1, 2] of its story, which has the steps {steps}"
        )
        (line,) = [line for line in built[1].splitlines() if f"{page}.md" in line]
        assert said in line
