"""Begin a page: a folder with a number, a claim, a table and a figure, and its place."""

import argparse
import re
import sys
from pathlib import Path
from string import Template

from press.check.links import find_sections, pages_of
from press.contract import CODE
from press.pages import DOCS, TEXT, find_pages

SECTION = "The model"
# What stands under these addresses is no page of ours.
TAKEN = ("search", "genindex", "notebooks")

PAGE = Template("""\
---
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
myst:
  html_meta:
    description: What a search engine should say of this page, in one sentence.
---

# $title

After this page you can say what a reader will be able to do.

The best line of the eight students has slope {out}`${names}_slope`.
It rises with the hours.

```{code-cell} python
:tags: [remove-cell]
from press.cells import claim, show

from linreg import least_squares, load_study

study = load_study()
best = least_squares(study.x, study.y)
rows = [[f"{x}", f"{best.predict(x):.0f}"] for x in (10, 80)]
show(${names}_slope=best.slope, ${names}_scores=[["Hours", "Predicted"], *rows])
claim("It rises with the hours.", best.slope > 0)
```

```{out} ${names}_scores
```

```{code-cell} python
---
tags: [remove-input]
mystnb:
  image:
    alt: Eight scores as dots, and the best line through them, with slope {${names}_slope}.
  figure:
    name: fig-$page
    caption: Which question does this figure answer?
---
import matplotlib.pyplot as plt

plt.scatter(study.x, study.y, color="black")
plt.plot(study.x, best.predict(study.x), color="royalblue")
plt.xlabel("Study hours")
plt.ylabel("Exam score")
plt.show()
```

You now know what the reader knows.
$next
""")

OUTPUTS = Template('''\
"""What the page "$title" documents."""

from press.contract import output, table
from press.witness import best


@output("slope of the best line", ".2f")
def ${names}_slope() -> float:
    return best().slope


@table("the scores that the best line predicts")
def ${names}_scores() -> list[list[str]]:
    rows = [[f"{x}", f"{best().slope * x + best().intercept:.0f}"] for x in (10, 80)]
    return [["Hours", "Predicted"], *rows]
''')

STEPS = Template("""\
docs/$page/page.md and docs/$page/outputs.py are written, and the page is in the navigation,
after docs/$before, whose "Next" now leads to it.

Write down what it holds as it is:       nox -s check -- --record
watch it while you make it yours:        nox -s serve
see what is not right yet:               nox -s check
and record again, reading the diff.      docs/making.md explains each part.""")


def main() -> None:
    parser = argparse.ArgumentParser(prog='nox -s new -- NAME "Title"', description=__doc__)
    parser.add_argument("name", help="the page's address: small letters, digits and hyphens")
    parser.add_argument("title", help="the page's title, in quotes")
    parser.add_argument("--section", default=SECTION, help=f"of the navigation; {SECTION!r} if not")
    given = parser.parse_args()
    try:
        print(begin(DOCS, given.name, given.title, section=given.section))
    except ValueError as error:
        sys.exit(str(error))


def begin(docs: Path, name: str, title: str, *, section: str = SECTION) -> str:
    """Write the page `name` into `docs`, at the end of a `section`; return what to do next.

    Raises ValueError, having written nothing, for a name, a title or a section that will not do.
    """
    pages = find_pages(docs)
    require_name(docs, name)
    if not title.strip() or set(title) & set('"`\\<>\n'):
        raise ValueError(
            f"{title!r} will not do as a title; give one line in quotes, without "
            "backslashes, backticks, angle brackets or quotes of its own"
        )
    index = pages["index"]
    before, contents = add_to_section(index.read_text(encoding="utf-8"), section, name)
    left = pages[before]
    own, passed = turn_next(left.read_text(encoding="utf-8"), f"Next: {{next}}`{title}`.")
    words = {"page": name, "names": name.replace("-", "_"), "title": title, "next": passed}
    folder = docs / name
    folder.mkdir()
    (folder / TEXT).write_text(PAGE.substitute(words), encoding="utf-8")
    (folder / CODE).write_text(OUTPUTS.substitute(words), encoding="utf-8")
    index.write_text(contents, encoding="utf-8")
    left.write_text(own, encoding="utf-8")
    return STEPS.substitute(words, before=left.relative_to(docs).as_posix())


def require_name(docs: Path, name: str) -> None:
    """Raise ValueError unless a page may have this name."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise ValueError(
            f"{name!r} will not do as a name: it becomes the page's address; "
            "use small letters, digits and hyphens, as in your-data"
        )
    if name in TAKEN or name in find_pages(docs) or (docs / name).exists():
        raise ValueError(f"docs/{name} or its address is taken; choose another name")


def add_to_section(contents: str, section: str, name: str) -> tuple[str, str]:
    """Return the last page of a section so far, and the contents with `name` after it."""
    sections = find_sections(contents)
    if section not in sections:
        raise ValueError(f"the navigation has no section {section!r}; use one of {[*sections]}")
    block, lines = sections[section], contents.split("\n")
    lines.insert(block.body_number + len(block.body.rstrip("\n").split("\n")) - 1, name)
    return pages_of(block)[-1], "\n".join(lines)


def turn_next(text: str, own: str) -> tuple[str, str]:
    """Return the `text` of a page whose last line is `own`, and the line that this was before."""
    found = re.search(r"^Next\b.*(?=\n*\Z)", text, re.MULTILINE)
    if found is None:
        return f"{text.rstrip()}\n{own}\n", ""
    return text.replace(found[0], own), found[0]


if __name__ == "__main__":
    main()
