"""Is each page finished, and does a step that finds nothing to do stop the build?"""

import re

import pytest
from sphinx.errors import ExtensionError

from press.build.finish import STEPS, _is_needed, finish

PAGE = """<aside class="sidebar-drawer"><p class="caption" role="heading">The walk</p></aside>
<a href="#" class="back-to-top">Back to top</a>
<article role="main" id="furo-main-content">
<details><summary aria-label="Toggle hidden content">More</summary></details>
<div class="table-wrapper docutils"><table></table></div><pre>code</pre>
<div id="search-results"></div></article><aside class="toc-drawer"></aside>"""


def test_a_page_gets_all_that_the_theme_leaves_out() -> None:
    text = finish("page", PAGE)
    assert '<pre tabindex="0">' in text
    assert '<div tabindex="0" class="table-wrapper' in text
    assert "Toggle hidden content" not in text
    assert 'role="heading" aria-level="2"' in text
    assert '<aside aria-label="Site" class="sidebar-drawer"' in text
    assert '<aside aria-label="This page" class="toc-drawer"' in text
    assert "<h1>Search</h1>" in text
    assert text.index("<article") < text.index("back-to-top")


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_a_reworded_theme_stops_the_build(step: int) -> None:
    sign, old, _ = STEPS[step]
    found = re.search(old, PAGE)
    assert found, f"the page above has nothing for {old!r}"
    # The same thing in other words: what shows that it is there stays.
    reworded = PAGE.replace(found[0], re.sub(r"[<>]", "~", found[0]).replace('"', "'", 1))
    if not re.search(sign, reworded):
        reworded += "".join(re.findall(sign, PAGE))
    with pytest.raises(ExtensionError, match="mend the step"):
        finish("page", reworded)


def test_what_a_page_does_not_have_is_no_fault() -> None:
    assert finish("page", "<p>Only prose.</p>") == "<p>Only prose.</p>"


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("<p>Prose</p>", ["site.css"]),
        ('<div class="cell docutils">', ["site.css", "mystnb.abc.css"]),
        ('<span class="katex">', ["site.css", "katex.min.css"]),
        ('<details class="sd-sphinx-override">', ["site.css", "sphinx-design.min.css"]),
        ('<div class="sd-tab-set">', ["site.css", "sphinx-design.min.css", "design-tabs.js"]),
    ],
)
def test_a_page_loads_what_its_text_needs(body: str, kept: list[str]) -> None:
    files = ["site.css", "mystnb.abc.css", "katex.min.css", "sphinx-design.min.css"]
    assert [file for file in [*files, "design-tabs.js"] if _is_needed(file, body)] == kept


def test_icons_that_a_page_does_not_show_are_left_out() -> None:
    icons = '<svg><symbol id="sun"><path/></symbol>\n<symbol id="moon"><path/></symbol></svg>'
    text = finish("page", f'{icons}<svg><use href="#moon"></use></svg>')
    assert 'id="moon"' in text and 'id="sun"' not in text
