"""Does the site's group name all that the build imports? Who builds it alone has nothing else."""

import ast
import importlib.metadata
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NOT_THE_BUILD = {"check", "serve.py", "tools"}
OWN = {"press", "interactive", "linreg", "figures", "tests"}


def brought(requirements: list[str]) -> set[str]:
    """Return the names of the distributions that pip installs for the `requirements`."""
    found: set[str] = set()
    asked = [Requirement(text) for text in requirements]
    while asked:
        one = asked.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        for extra in ("", *one.extras):
            for text in importlib.metadata.requires(name) or []:
                needed = Requirement(text)
                if not needed.marker or needed.marker.evaluate({"extra": extra}):
                    asked.append(Requirement(text.partition(";")[0]))
    return found


def read() -> Iterator[tuple[str, set[str]]]:
    """Yield each file that the build runs, and what it imports."""
    files = [*ROOT.glob("docs/*/outputs.py"), *ROOT.glob("docs/*/figures.py")]
    files += [*ROOT.glob("docs/interactive/*.py"), *ROOT.glob("docs/press/**/*.py")]
    files += [ROOT / "docs" / "conf.py", *ROOT.glob("linreg/*.py")]
    for path in files:
        # A copy of the repository may lie in a folder that is called `check` or `tools` too.
        place = path.relative_to(ROOT)
        if NOT_THE_BUILD.isdisjoint(place.parts):
            yield str(place), set(imports(path))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def missing(
    requirements: list[str], files: dict[str, set[str]], names: Mapping[str, list[str]]
) -> dict[str, str]:
    """Return what the `files` import and the `requirements` do not bring, and a file that does."""
    there, lacking = brought(requirements), {}
    for place, imported in files.items():
        for module in imported & names.keys() - OWN:
            if there.isdisjoint(map(canonicalize_name, names[module])):
                lacking[module] = place
    return lacking


def test_what_the_build_imports_is_in_its_group() -> None:
    asked = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["docs"]
    files, names = dict(read()), importlib.metadata.packages_distributions()
    assert not missing(asked, files, names)
    without = [text for text in asked if not text.startswith("statsmodels")]
    assert missing(without, files, names).keys() == {"statsmodels"}
