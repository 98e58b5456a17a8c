"""Is every page good in every way? Each is visited twice, and asked everything while it is open.

Once by mouse on a wide screen, by day, and once by touch on a phone with a slow line, at night.
What the answers are worth is shown beside each question, where faults are planted; what is the same
on all pages, and seen in one of these looks only, site_looks.py asks of a few.
"""

from tests.browser.opener import PHONE, SLOW_PHONE, arrive
from tests.browser.site_copies import find_wrong_copies
from tests.browser.site_figures import find_unreadable
from tests.browser.site_grid import (
    find_cramped,
    find_missized,
    find_uneven,
    find_unseparated,
)
from tests.browser.site_looks import (
    find_hollow,
    find_moving,
    find_pale,
    find_parted,
    find_sideways,
    find_silent,
    find_unreachable,
    find_violations,
)
from tests.browser.site_paper import find_unprintable
from tests.browser.site_snippets import read_blocks
from tests.browser.site_weight import (
    find_figure_weight,
    find_jumps,
    find_steps,
    find_weight,
    of_figures,
)


def test_a_page_by_mouse_on_a_wide_screen(open_page, page):
    tab = open_page(page, fresh=True)
    problems = [*find_weight(open_page)]
    arrive(tab)
    problems += find_figure_weight(open_page)
    assert any(map(of_figures, open_page.loaded)) == bool(tab.locator(".explore").count())
    problems += find_jumps(tab)
    # Before others open the folds that paper must open itself.
    problems += find_unprintable(tab)
    problems += find_moving(tab)
    problems += find_wrong_copies(tab, read_blocks(page))
    problems += find_silent(tab)
    problems += find_hollow(tab)
    problems += find_unseparated(tab)
    problems += find_missized(tab)
    problems += find_uneven(tab)
    # Without motion, so that no colour is on its way to another.
    tab.emulate_media(reduced_motion="reduce")
    problems += find_unreachable(tab)
    problems += find_pale(tab)
    problems += find_unreadable(tab)
    assert not problems, "\n".join(problems)


def test_a_page_by_touch_on_a_phone(open_page, page):
    tab = open_page(page, theme="dark", slow=True, **SLOW_PHONE)
    problems = [*find_weight(open_page)]
    arrive(tab)
    problems += find_jumps(tab)
    problems += find_steps(tab)
    tab.emulate_media(reduced_motion="reduce")
    tab.set_viewport_size({"width": PHONE, "height": 844})
    problems += find_violations(tab)
    problems += find_pale(tab)
    problems += find_hollow(tab)
    problems += find_missized(tab)
    problems += find_cramped(tab)
    problems += find_parted(tab)
    problems += find_sideways(tab)
    assert not problems, "\n".join(problems)
