"""Does the button of each block of code copy that code, and nothing else?"""

import pytest

from tests.browser.site_snippets import read_blocks

NOTHING, COVERED = "nothing was copied", "something lies over its button"
# What a button copies, as soon as it has.
PASTE = """
async (nothing) => {
  for (const end = performance.now() + 5000; performance.now() < end;) {
    const copied = await navigator.clipboard.readText();
    if (copied != nothing) return copied;
    await new Promise((later) => setTimeout(later, 5));
  }
  return nothing;
}
"""
# What each button of a page copies where a mouse can meet it; Playwright's own click takes as long
# as a dozen of these.
COPY = f"""
async ([nothing, covered]) => {{
  const paste = {PASTE};
  const copied = [];
  for (const button of document.querySelectorAll("button.copybtn")) {{
    for (let at = button; at; at = at.parentElement) {{
      if (at.tagName == "DETAILS") at.open = true;
      if (at.classList.contains("sd-tab-content")) at.previousElementSibling.click();
    }}
    button.scrollIntoView({{ block: "center", behavior: "instant" }});
    const {{ x, y, width, height }} = button.getBoundingClientRect();
    const met = button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    await navigator.clipboard.writeText(nothing);
    if (met) button.click();
    copied.push(met ? await paste(nothing) : covered);
  }}
  return copied;
}}
"""


def find_wrong_copies(tab, blocks):
    """Yield each of the `blocks` of a page of which the button does not copy the code."""
    copied = tab.evaluate(COPY, [NOTHING, COVERED])
    if len(copied) != len(blocks):
        yield f"has {len(blocks)} blocks of code, and {len(copied)} buttons to copy one"
    for code, block in zip(copied, blocks, strict=False):
        if code.rstrip() != block.code.rstrip():
            yield f"shows\n{block.code}\nand copies\n{code}"


def test_a_mouse_copies_a_program(open_page):
    tab = open_page("trainer.html")
    tab.evaluate("(nothing) => navigator.clipboard.writeText(nothing)", NOTHING)
    tab.locator("button.copybtn").first.click()
    copied = tab.evaluate(PASTE, NOTHING)
    assert copied.rstrip() == read_blocks("trainer.html")[0].code.rstrip()


OVER = '<p style="position: fixed; inset: 0; z-index: 9"></p>'


@pytest.mark.parametrize(
    ("name", "place", "fault", "said"),
    [
        ("trainer", '<pre tabindex="0">', '<pre tabindex="0">planted', "and copies\nplanted"),
        ("trainer", 'class="highlight"', 'class="planted"', "blocks of code, and"),
        ("trainer", "<article", f"{OVER}<article", COVERED),
        ("api", '<span class="gp">&gt;&gt;&gt; </span>', "", "and copies"),
    ],
)
def test_a_button_that_copies_something_else_is_caught(open_page, name, place, fault, said):
    def plant(text):
        start = text.index("<article")
        return text[:start] + text[start:].replace(place, fault, 1)

    tab = open_page(f"{name}.html", plant=plant)
    assert said in "\n".join(find_wrong_copies(tab, read_blocks(f"{name}.html")))
