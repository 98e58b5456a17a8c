"""Does the figure of "Why not a curve through all points?" answer, and say what the page says?"""

import contextlib
import io
from typing import Any

import pytest

from press.contract import load_contracts
from tests.browser.site_explore import Figure


def rows() -> list[list[str]]:
    """Return degree, training error and held-out error as the page prints them."""
    printed = load_contracts()["curves"].recorded.printed
    first = printed.index("degree  training  held out") + 1
    return [line.split() for line in printed[first : first + 8]]


@pytest.fixture
def curves(open_page: Any) -> Any:
    return lambda **options: Figure(open_page("curves.html", **options), "curves")


def test_each_degree_shows_what_the_page_prints(curves: Any) -> None:
    figure = curves()
    for degree, known, new in rows():
        figure.type("Degree of the curve", degree)
        assert figure.value("known") == known
        shown = figure.value("new").replace(",", "")
        assert shown == (new if new != "none" else "open")
    recorded = load_contracts()["curves"].recorded.values
    assert figure.value("answer") == f"{recorded['curves_nine']}.0 points"
    assert "could say anything" in figure.words()


def test_the_degree_follows_keys_mouse_and_finger(curves: Any) -> None:
    figure = curves()
    slider = figure.node.get_by_role("slider", name="Degree of the curve")
    slider.focus()
    for key, expected in (("ArrowRight", 2), ("End", 7), ("ArrowRight", 7), ("Home", 0)):
        figure.page.keyboard.press(key)
        assert figure.node.evaluate("f => f.state.degree") == expected
    box = slider.bounding_box()
    figure.page.mouse.click(box["x"] + box["width"] * 6 / 7, box["y"] + box["height"] / 2)
    assert figure.node.evaluate("f => f.state.degree") == 6
    assert "6" in (slider.get_attribute("aria-valuetext") or "")

    phone = curves(width=390, has_touch=True)
    box = phone.node.get_by_role("slider", name="Degree of the curve").bounding_box()
    assert box["height"] >= 43.9
    phone.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert phone.node.evaluate("f => f.state.degree") in (3, 4)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_link_and_a_program_lead_to_the_degree(open_page: Any) -> None:
    page = open_page("curves.html#explore-curves:degree=5")
    figure = Figure(page, "curves")
    assert figure.node.evaluate("f => f.state.degree") == 5
    figure.press("Copy PyTorch")
    figure.node.get_by_text("PyTorch program copied.").wait_for()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(page.evaluate("navigator.clipboard.readText()"), "program", "exec"), {})
    for name in ("known", "new", "answer"):
        assert figure.value(name).removesuffix(" points") in said.getvalue()
    for sense in ("degree=x", "degree="):
        other = Figure(open_page(f"curves.html#explore-curves:{sense}"), "curves")
        assert other.node.evaluate("f => f.state.degree") == 1


def test_without_javascript_the_static_figure_stands(open_page: Any) -> None:
    page = open_page("curves.html", java_script_enabled=False)
    assert page.locator("#fig-curves svg.plot").is_visible()
    assert not page.locator("explore-curves").is_visible()
