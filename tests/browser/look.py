"""Take pictures of every page in all its looks, for a maintainer's eyes, and join them on a sheet.

Run by `nox -s look`, with the names of pages or for all. Nothing is asserted.
"""

import html
import sys

from tests.browser.conftest import start_chromium
from tests.browser.opener import PHONE, THEMES, WIDE, Opener, arrive, take_picture
from tests.browser.server import HTML, Site, serve

SHEET = HTML.parent / "look"
WIDTHS = (WIDE, PHONE)
HEIGHT = "document.documentElement.scrollHeight"
OPEN_FOLDS = "document.querySelectorAll('details').forEach((fold) => { fold.open = true })"
JPEG = {"format": "jpeg", "quality": 70}
STYLE = "body{font-family:sans-serif}div{display:flex;gap:1rem;align-items:start}"


def take_pictures(open_page, page):
    """Write the pictures of a `page`; return what shows them on the sheet."""
    tab = open_page(page, reduced_motion=True)
    arrive(tab)
    tab.evaluate(OPEN_FOLDS)
    shown = []
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        # In a window as high as the page: to look beyond it takes Chromium half as long again.
        whole = {"width": width, "height": tab.evaluate(HEIGHT)}
        tab.set_viewport_size(whole)
        for theme in THEMES:
            tab.emulate_media(color_scheme=theme)
            # Half the size of a wide page shows what a maintainer looks for, in half the time.
            scale = min(1, WIDE / 2 / width)
            name = f"{page.removesuffix('.html')}-{theme}-{width}.jpg"
            picture = take_picture(tab, {"x": 0, "y": 0, **whole}, scale=scale, **JPEG)
            (SHEET / name).write_bytes(picture)
            alt = f"{page}, {theme}, {width} pixels wide"
            shown.append(
                f'<a href="{name}"><img src="{name}" alt="{alt}" width="{width // 4}"></a>'
            )
    open_page.close()
    return f"<h2>{html.escape(page)}</h2><div>{''.join(shown)}</div>"


def main():
    SHEET.mkdir(exist_ok=True)
    with serve(HTML) as url, start_chromium() as browser:
        open_page = Opener(Site(url), browser, {})
        pages = sys.argv[1:] or sorted(path.name for path in HTML.glob("*.html"))
        rows = []
        for page in pages:
            print(page, flush=True)
            rows.append(take_pictures(open_page, page))
    text = f"<!doctype html><title>All pages</title><style>{STYLE}</style>{''.join(rows)}"
    (SHEET / "index.html").write_text(text, encoding="utf-8")
    print(f"see them on {(SHEET / 'index.html').as_uri()}")


if __name__ == "__main__":
    main()
