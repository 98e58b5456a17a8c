"""Print what Lighthouse reads on every page of the built site, with its settings for a phone.

Run by `nox -s lighthouse`. A reading depends on the machine, so nothing is asserted.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.browser.conftest import FLAGS
from tests.browser.server import HTML, serve

sys.path.insert(0, str(HTML.parents[1]))
from press.tools import chromium, npm

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def read(page, url, tool, environment, folder):
    """Return the readings of a page, from 0 to 100, its largest paint, and what cost points."""
    report = folder / Path(page).stem
    done = subprocess.run(
        [
            *(npm.NODE, tool, f"{url}{page}", "--quiet", "--output=json", "--output=html"),
            f"--output-path={report}",
            f"--chrome-flags=--headless {' '.join(FLAGS)}",
        ],
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"Lighthouse could not read {page}:\n{done.stderr}")
    result = json.loads(Path(f"{report}.report.json").read_text(encoding="utf-8"))
    scores = [round(100 * (result["categories"][name]["score"] or 0)) for name in CATEGORIES]
    audits = result["audits"]
    missed = [
        audit["id"]
        for name in CATEGORIES
        for reference in result["categories"][name]["auditRefs"]
        if reference["weight"] and (audit := audits[reference["id"]])["score"] not in (1, None)
    ]
    paint = audits["largest-contentful-paint"]["displayValue"]
    return scores, paint, missed


def main():
    path, variables = chromium.prepare()
    environment = os.environ | variables | {"CHROME_PATH": str(path)}
    tool = npm.package("lighthouse", "lighthouse") / "cli" / "index.js"
    folder = HTML.parent / "lighthouse"
    folder.mkdir(exist_ok=True)
    print(f"{'page':20}{''.join(f'{name:>16}' for name in CATEGORIES)}{'LCP':>10}  missed")
    with serve(HTML) as url:
        for page in sys.argv[1:] or sorted(path.name for path in HTML.glob("*.html")):
            scores, paint, missed = read(page, url, tool, environment, folder)
            row = "".join(f"{score:16}" for score in scores)
            print(f"{page:20}{row}{paint:>10}  {', '.join(missed)}", flush=True)


if __name__ == "__main__":
    main()
