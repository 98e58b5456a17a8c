"""Does the check of documented outputs catch what it promises to catch?

Each fault is planted in a copy of the project that holds the home page and the training page,
and the check is run on it as `nox -s check` runs it.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomlkit

from press import contract as outputs
from press.pages import find_pages

ROOT = Path(__file__).parents[2]
KEPT = ["index", "trainer", "glossary"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small copy of the project: real home and training pages, stubs for all others."""
    copy = tmp_path_factory.mktemp("project")
    skip = shutil.ignore_patterns("_build", "__pycache__")
    shutil.copytree(ROOT / "docs", copy / "docs", ignore=skip)
    shutil.copytree(ROOT / "linreg", copy / "linreg", ignore=skip)
    shutil.copy(ROOT / "noxfile.py", copy)
    (copy / "README.md").write_text("# linreg\n")
    for name, path in find_pages(copy / "docs").items():
        if name not in KEPT:
            path.write_text(f"# {name}\n")
    contract = copy / "docs" / "outputs.toml"
    document = tomlkit.parse(contract.read_text(encoding="utf-8"))
    document["output"] = [entry for entry in document["output"] if entry["page"] in KEPT]
    document["figures"] = {page: document["figures"][page] for page in ("index", "trainer")}
    contract.write_text(tomlkit.dumps(document), encoding="utf-8")
    katex = Path("docs/_build/assets/katex")
    if (ROOT / katex).exists():
        shutil.copytree(ROOT / katex, copy / katex)
    return copy


def run(project: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=project, capture_output=True, text=True, timeout=300
    )
    return done.returncode, done.stdout + done.stderr


CHECK = "import sys; sys.path[:0] = ['docs', '.']; from press import contract; contract.main()"


@pytest.fixture(scope="module")
def checked(project: Path) -> str:
    """What the check says of the project as it is, run as `nox -s check` runs it."""
    code, said = run(project, "-c", CHECK)
    assert code == 0, said
    build = project / "docs" / "_build"
    shutil.copytree(build / "check", build / "whole")
    return said


# The check again, on the site that `checked` has built: only a changed page is built anew.
CHECK_AGAIN = """
import json, pathlib, sys
sys.path[:0] = ["docs", "."]
from press import contract as outputs
html = outputs.DOCS / "_build" / ("check" if sys.argv[1] == "page" else "whole") / "html"
page, kept = sys.argv[1] == "page", pathlib.Path("fresh.json")
failed = outputs.build(outputs.DOCS, html) if page else ""
if page and kept.exists():  # A page has no part in it.
    fresh = json.loads(kept.read_text())
else:
    fresh = outputs.compute_fresh(outputs.load_contract())
if page:
    kept.write_text(json.dumps(fresh))
print(failed or "\\n".join(outputs.find_problems(outputs.DOCS, html, fresh)))
"""


@pytest.fixture
def planted(project: Path, checked: str) -> Iterator:
    """Replace text in a file of the project, check again, and return what the check says."""
    kept: dict[Path, str] = {}

    def plant(name: str, old: str, new: str) -> str:
        path = project / name
        kept[path] = path.read_text(encoding="utf-8")
        assert old in kept[path], f"{old!r} is not in {name}: the fault cannot be planted"
        path.write_text(kept[path].replace(old, new, 1), encoding="utf-8")
        code, said = run(project, "-c", CHECK_AGAIN, "page" if name.endswith(".md") else "")
        assert code == 0, said
        assert said.strip(), f"the check let {new!r} in {name} pass"
        return said

    yield plant
    for path, text in kept.items():
        path.write_text(text, encoding="utf-8")


def test_the_check_passes_on_the_project_as_it_is(checked: str) -> None:
    assert re.search(r"\d+ documented outputs and 2 figures hold", checked)


def test_a_changed_score_in_the_package_is_caught(planted) -> None:
    said = planted("linreg/data.py", "92, 98)", "92, 99)")
    assert "trainer: learned_slope is documented as '14.47', and linreg computes '14." in said


def test_a_changed_score_on_the_page_is_caught(planted) -> None:
    said = planted("docs/trainer/page.md", "920, 980]", "920, 990]")
    assert "trainer: learned_slope is documented as '14.47', and the executed page computes" in said
    assert "trainer: learned_slope is documented as '14.47', and the HTML of trainer shows" in said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lr=0.0001", "lr=0.0002"),
        ("range(1000)", "range(900)"),
        ("manual_seed(228)", "manual_seed(3)"),
    ],
)
def test_a_changed_setting_on_the_page_is_caught(planted, old: str, new: str) -> None:
    said = planted("docs/trainer/page.md", old, new)
    assert "trainer: last_loss is documented as '34,815', and the executed page computes" in said
    assert "trainer: last_loss is documented as '34,815', and the HTML of trainer shows" in said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lr: float = 1e-4", "lr: float = 2e-4"),
        ("epochs: int = 1000", "epochs: int = 900"),
        ("seed: int = 228", "seed: int = 3"),
    ],
)
def test_a_changed_setting_of_the_trainer_is_caught(planted, old: str, new: str) -> None:
    said = planted("linreg/trainer.py", old, new)
    assert "trainer: last_loss is documented as '34,815', and linreg computes '3" in said


def test_a_changed_documented_value_is_caught(planted) -> None:
    said = planted("docs/outputs.toml", 'shown = "523.8"', 'shown = "523.9"')
    for witness in ("linreg computes", "the executed page computes", "the HTML of trainer shows"):
        assert f"trainer: prediction_35 is documented as '523.9', and {witness} '523.8'" in said
    # The home page quotes it.
    assert "the HTML of index shows '523.8'" in said


def test_a_changed_printed_line_is_caught(planted) -> None:
    said = planted("docs/trainer/page.md", 'print(f"Prediction for', 'print(f"The prediction for')
    assert (
        "trainer: prediction_35_printed is documented as 'Prediction for 35 hours: 523.8 points', "
        "and the HTML shows 'The prediction for 35 hours: 523.8 points'"
    ) in said
    assert "and outputs.toml does not know it" in said


def test_a_number_typed_into_prose_is_caught(planted) -> None:
    said = planted(
        "docs/trainer/page.md", "about {out}`learned_slope` points", "about 14.47 points"
    )
    assert re.search(r"trainer: line \d+ types '14.47'; compute it and show it with out", said)


def test_a_value_that_no_cell_computes_is_caught(planted) -> None:
    said = planted("docs/trainer/page.md", "    learned_intercept=intercept,\n", "")
    assert "trainer: learned_intercept is documented as '17.41', and no cell computes it" in said


def test_a_value_that_no_page_shows_is_caught(planted) -> None:
    said = planted("docs/trainer/page.md", "{out}`score_variance`", "large")
    assert "trainer: no page shows score_variance, documented as '30,011'" in said


def test_a_value_that_the_contract_does_not_know_is_caught(planted) -> None:
    said = planted("docs/trainer/page.md", "show(\n", "show(\n    extra=slope * 2,\n")
    assert re.search(r"trainer: computes extra = 28\.\d+, and outputs.toml does not know it", said)


def test_a_deleted_figure_is_caught(planted) -> None:
    said = planted("docs/trainer/page.md", "plt.show()\n", "plt.close()\n")
    assert "trainer: the figure fig-training is documented, and the HTML does not have it" in said


def test_an_empty_figure_is_caught(planted) -> None:
    said = planted("docs/trainer/page.md", 'right.plot(losses, color="orangered")\n', "")
    assert "trainer: the figure fig-training is empty: one of its axes shows no data" in said


def test_a_request_to_another_host_is_caught(planted) -> None:
    said = planted(
        "docs/trainer/page.md", "## The program", "![logo](https://example.org/logo.png)"
    )
    assert "trainer: asks another host for https://example.org/logo.png; serve it" in said


def test_a_failing_cell_is_caught(planted) -> None:
    said = planted("docs/trainer/page.md", "losses = []\n", "losses = [].missing\n")
    assert "trainer" in said
    assert "AttributeError: 'list' object has no attribute 'missing'" in said


def test_latex_that_does_not_render_is_caught(planted) -> None:
    said = planted("docs/trainer/page.md", "$Y = mX + b$", r"$Y = \frac{mX + b$")
    assert re.search(r"page\.md:\d+: .*LaTeX did not render: KaTeX parse error", said)


# The lint, on its own.


@pytest.fixture
def lint(tmp_path: Path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("")
    contract = outputs.Contract({}, {}, [{"text": "35 hours", "why": "a question"}])

    def run(page: str) -> list[str]:
        (tmp_path / "docs" / "page.md").write_text(page, encoding="utf-8")
        return list(outputs.lint_prose(tmp_path / "docs", contract))

    return run


@pytest.mark.parametrize(
    "page",
    [
        "The slope is 14.47.",
        "About 7 points.",
        "The line $y = 9.18 x$ is drawn by hand.",
        ":::{admonition} It is 3 times worse\n:::",
        "```{code-cell} python\n---\nmystnb:\n  image:\n    alt: It ends at 17.41.\n---\n```",
        "```{code-cell} python\nprint(x)  # prints 523.8\n```",
        "---\nmyst:\n  html_meta:\n    description: It predicts 523.8.\n---\n# Title",
        "35 hoursteps",
        "::::{grid} 3\n:::{grid-item}\nText\n:::\n::::\n\nAbout 14.47 points.",
        "```{out} slope\n```\n\nAbout 14.47 points.",
    ],
)
def test_a_typed_number_is_found_wherever_a_reader_reads(lint, page: str) -> None:
    assert len(lint(page)) == 1


@pytest.mark.parametrize(
    "page",
    [
        "It predicts {out}`prediction_35` points for 35 hours.",
        "Call `nn.Linear(1, 1)`, see [it](https://example.org/1.2) and {term}`x2 <epoch>`.",
        "$$\\frac{1}{n} \\sum (y - mx - b)^2$$",
        "1. First\n2. Second",
        "```{code-cell} python\nx = [1.5, 2.5]\n```",
        "```python\nx = 3.5\n```",
        "::::{grid} 1 1 3 3\n:gutter: 3\n::::",
    ],
)
def test_a_number_that_is_no_result_is_left_alone(lint, page: str) -> None:
    assert lint(page) == []


def test_recording_writes_the_new_value_and_says_what_changed(tmp_path: Path) -> None:
    (tmp_path / "outputs.toml").write_text(
        "# kept\n[figures]\n[[typed]]\ntext='a'\nwhy='b'\n"
        "[[output]]\nname='a'\npage='p'\nshown='1'\nmeaning=''\nfresh='2'\n"
    )
    assert list(outputs.record(tmp_path, {"a": "2"})) == ["p: a: '1' -> '2'"]
    assert outputs.load_contract(tmp_path).outputs["a"].shown == "2"
    assert "# kept" in (tmp_path / "outputs.toml").read_text()
    assert list(outputs.record(tmp_path, {"a": "2"})) == []


def test_a_picture_in_the_readme_that_the_build_does_not_draw_is_caught(planted) -> None:
    said = planted("docs/_static/question.svg", "<svg", "<svg ")
    assert "README: docs/_static/question.svg is not the figure that the home page draws" in said
