"""Do words show what they mean: lines by their colour, terms by their sentence, pages by place?"""

import re

import pytest

from tests.site.building import build

INDEX = """# Site

```{toctree}
first
second
```

```{toctree}
glossary
```
"""
FIRST = """# The best line

The best line beats the trained
line, and *the best lines* are blue.
So `best line` is code, and [the best line](second.md) a link.
The best is the enemy of the {term}`loss`, and {term}`losses <loss>` come twice.

| Line | Best line |
|---|---|
| trained | the best |
| Best | 2 |
"""
GLOSSARY = """# Words

```{glossary}
loss
  What training makes *small* & smaller.
```
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages of a small site, as HTML."""
    docs = tmp_path_factory.mktemp("docs")
    second = "# Second\n\n" + "word " * 310 + "\n\n```\n" + "code " * 900 + "\n```\n"
    texts = {"index": INDEX, "first": FIRST, "second": second, "glossary": GLOSSARY}
    assert build(docs, ["press.build.walk", "press.build.meanings"], texts) == ""
    return {name: (docs / "html" / f"{name}.html").read_text(encoding="utf-8") for name in texts}


def test_lines_have_in_text_and_tables_the_look_of_figures(pages):
    found = re.findall(r'<span class="line-(\w+)">([^<]*)</span>', pages["first"])
    assert [(look, " ".join(words.split())) for look, words in found] == [
        ("best", "best line"),
        ("trained", "trained line"),
        ("best", "best lines"),
        ("trained", "trained"),
        ("best", "Best"),
    ]


def test_a_link_to_a_term_is_described_by_the_glossary_once(pages):
    links = re.findall(r'<a [^>]*href="glossary.html#term-loss"[^>]*>', pages["first"])
    assert len(links) == 2
    assert all('aria-describedby="said-term-loss"' in link for link in links)
    (said,) = re.findall(r'<p class="saying" id="said-term-loss" [^>]*>(.*)</p>', pages["first"])
    assert said == "What training makes small &amp; smaller."
    assert "terms.js" in pages["first"]
    assert "terms.js" not in pages["second"] and "saying" not in pages["second"]


def test_pages_of_the_walk_alone_say_which_they_are_and_how_long(pages):
    lines = {n: re.findall(r'<p class="progress">(.*)</p>', text) for n, text in pages.items()}
    assert lines == {
        "index": [],
        "first": ["1 of 2 · about 1 minute"],
        # The words, and not the code.
        "second": ["2 of 2 · about 3 minutes"],
        "glossary": [],
    }
