"""Check the types of the interactive figures' scripts, which are written in their comments."""

import subprocess
import sys

from press.pages import DOCS
from press.tools import npm


def main() -> None:
    tsc = npm.package("lint", "typescript") / "bin" / "tsc"
    done = subprocess.run([npm.NODE, tsc, "-p", DOCS / "interactive" / "jsconfig.json"])
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
