"""Does the button of each block of code copy that code, and nothing else?"""

import pytest

from tests.browser.site_snippets import read_blocks

NOTHING = "nothing was copied"
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
REVEAL = """
(button) => {
  for (let at = button; at; at = at.parentElement) {
    if (at.tagName == "DETAILS") at.open = true;
    if (at.classList.contains("sd-tab-content")) at.previousElementSibling.click();
  }
}
"""


def find_wrong_copies(tab, blocks):
    """Yield each of the `blocks` of a page of which the button does not copy the code."""
    buttons = tab.locator("button.copybtn").all()
    if len(buttons) != len(blocks):
        yield f"has {len(blocks)} blocks of code, and {len(buttons)} buttons to copy one"
    for button, block in zip(buttons, blocks, strict=False):
        button.evaluate(REVEAL)
        tab.evaluate(f"navigator.clipboard.writeText('{NOTHING}')")
        button.click()
        copied = tab.evaluate(PASTE, NOTHING)
        if copied.rstrip() != block.code.rstrip():
            yield f"shows\n{block.code}\nand copies\n{copied}"


@pytest.mark.parametrize(
    ("name", "place", "fault", "said"),
    [
        ("trainer", '<pre tabindex="0">', '<pre tabindex="0">planted', "and copies\nplanted"),
        ("trainer", 'class="highlight"', 'class="planted"', "blocks of code, and"),
        ("api", '<span class="gp">&gt;&gt;&gt; </span>', "", "and copies"),
    ],
)
def test_a_button_that_copies_something_else_is_caught(open_page, name, place, fault, said):
    def plant(text):
        start = text.index("<article")
        return text[:start] + text[start:].replace(place, fault, 1)

    tab = open_page(f"{name}.html", plant=plant)
    assert said in "\n".join(find_wrong_copies(tab, read_blocks(f"{name}.html")))
