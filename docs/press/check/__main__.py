"""Check the documented outputs of the site, or record them.

Looks at the sources first, which takes a second, then compares three witnesses with each record:
a fresh computation by `linreg`, what the executed page computed, and what its HTML shows.
"""

import argparse
import gc
import json
import sys

from press.check import site, values
from press.contract import Problem, compute_fresh, load_contracts
from press.pages import DOCS

HTML = DOCS / "_build" / "html"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true", help="write down what the pages hold now")
    parser.add_argument("--sources", action="store_true", help="look at the sources alone")
    arguments = parser.parse_args()
    # Nearly all that it loads and reads stays to its end: a fifth of the time would go into looking
    # for garbage.
    gc.disable()
    try:
        contracts = load_contracts()
    except Exception as error:
        sys.exit(f"the pages' contracts cannot be read: {type(error).__name__}: {error}")
    _say("looking at the sources: prose, claims, formulas and names")
    _stop_at(list(site.check_sources(DOCS, contracts, recorded=not arguments.record)))
    _say("the sources hold")
    if arguments.sources:
        return
    if not HTML.exists():
        sys.exit(f"there is no site in {HTML}; build it with nox -s docs")
    count = sum(len(contract.outputs) for contract in contracts.values())
    _say(f"computing {count} outputs anew, for our students and for others")
    with site.start_moved() as moved:
        fresh, problems = compute_fresh(contracts.values())
        answer, _ = moved.communicate(timeout=300)
    outputs = {name: o for c in contracts.values() for name, o in c.outputs.items()}
    if moved.returncode == 0:
        before = {name: outputs[name].render(value) for name, value in fresh.items()}
        problems += values.unmoved(outputs, before, json.loads(answer))
    else:
        problems.append(Problem("all pages", "outputs", "cannot be computed for other students"))
    _say("reading what the pages computed, and what their HTML shows")
    if arguments.record:
        # What cannot be right is not written down.
        _stop_at(problems)
        print(*site.record(HTML, contracts, fresh), sep="\n")
        picture = site.draw_picture(site.folder_of(HTML))
        (DOCS.parent / site.README_PICTURE).write_text(picture, encoding="utf-8")
        contracts = load_contracts()
        problems += site.check_sources(DOCS, contracts)
    problems += site.check_site(DOCS, HTML, contracts, fresh)
    _stop_at(problems)
    figures = sum(len(contract.recorded.figures) for contract in contracts.values())
    claims = sum(len(contract.recorded.claims) for contract in contracts.values())
    formulas = sum(len(contract.formulas) for contract in contracts.values())
    print(
        f"{len(outputs)} documented outputs, {figures} figures, {claims} claims "
        f"and {formulas} formulas hold"
    )


def _say(what: str) -> None:
    print(what, flush=True)


def _stop_at(problems: list[Problem]) -> None:
    if problems:
        said = dict.fromkeys(map(str, problems))
        count = f"{len(said)} problem{'' if len(said) == 1 else 's'}"
        sys.exit("\n".join([*said, f"{count}: the site does not keep its contracts"]))


if __name__ == "__main__":
    main()
