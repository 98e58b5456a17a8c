"""Does a page print as a reader wants it: what there is to read, whole, and nothing else?

Each page is asked in site_looks.py, among all the ways to use it; here is shown what is caught.
"""

# What steers through the site has no use on paper.
STEERING = (
    ".skip-to-content, .sidebar-drawer, .toc-drawer, .mobile-header, button, .related-pages, "
    ".back-to-top"
)
CHECK = f"""
() => {{
  const shown = (element) => element.checkVisibility({{ visibilityProperty: true }});
  const says = [];
  for (const element of document.querySelectorAll("{STEERING}")) {{
    if (shown(element)) says.push(`prints ${{element.className || element.tagName}}`);
  }}
  for (const whole of document.querySelectorAll("figure, tr, .katex-display")) {{
    if (shown(whole) && getComputedStyle(whole).breakInside != "avoid")
      says.push(`may cut in two: ${{whole.outerHTML.slice(0, 80)}}`);
  }}
  for (const fold of document.querySelectorAll("article details:not([open])")) {{
    if (shown(fold) && !shown(fold.lastElementChild))
      says.push(`keeps folded ${{fold.innerText.slice(0, 40)}}`);
  }}
  for (const block of document.querySelectorAll("article pre, article svg")) {{
    if (shown(block) && block.scrollWidth > block.clientWidth + 1)
      says.push(`cuts off ${{block.textContent.slice(0, 40)}}`);
  }}
  for (const link of document.querySelectorAll("article a[href^='https:']")) {{
    if (!getComputedStyle(link, "::after").content.includes("href")
        && !getComputedStyle(link, "::after").content.includes("https"))
      says.push(`does not print where ${{link.textContent}} leads`);
  }}
  const paper = getComputedStyle(document.body).backgroundColor;
  const white = ["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"].includes(paper);
  if (!white) says.push(`prints on ${{paper}}`);
  return says;
}}
"""


def find_unprintable(tab):
    """Yield what spoils a page on paper, printed from a dark screen."""
    # The width of A4 without its margins.
    tab.set_viewport_size({"width": 718, "height": 1000})
    tab.emulate_media(media="print", color_scheme="dark")
    yield from tab.evaluate(CHECK)
    tab.emulate_media(media="screen", color_scheme="light")


FAULTS = [
    ('<aside class="sidebar-drawer" style="display:block !important">x</aside>', "prints"),
    ("<style>.skip-to-content{display:block !important}</style>", "prints skip"),
    (
        "<style>details::details-content{content-visibility:hidden !important}</style>"
        "<article><details><summary>x</summary><p>y</p></details></article>",
        "keeps folded x",
    ),
    ('<figure style="break-inside:auto !important">x</figure>', "may cut in two"),
    ('<pre style="white-space:pre !important;width:2rem">a long line</pre>', "cuts off"),
    (
        "<style>a::after{content:none !important}</style><a href='https://x.example'>x</a>",
        "leads",
    ),
    ("<style>body{background:#000 !important}</style>", "prints on rgb(0, 0, 0)"),
]
PLANT = """
(fault) => document.querySelector("section").insertAdjacentHTML(
  "beforebegin", `<div id="planted">${fault}</div>`)
"""


def test_a_page_that_prints_badly_is_caught(open_page):
    tab = open_page("line.html")
    assert not [*find_unprintable(tab)]
    for fault, said in FAULTS:
        tab.evaluate(PLANT, fault)
        assert said in " ".join(find_unprintable(tab)), fault
        tab.evaluate("document.querySelector('#planted').remove()")
