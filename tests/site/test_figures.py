"""Are the figures that cells draw fit for a light and a dark page?"""

import io
import re

import matplotlib.pyplot as plt
import pytest

from press.build import pictures


@pytest.fixture
def svg() -> str:
    drawing, axes = plt.subplots(figsize=(6.4, 4))
    axes.plot([0, 1.23456789], [0, 1], color="orangered")
    axes.scatter([1], [1], color="black")
    axes.set_xlabel("lr = 0.00039")
    file = io.StringIO()
    with plt.rc_context({"svg.fonttype": "none"}):
        drawing.savefig(file, format="svg")
    plt.close(drawing)
    return file.getvalue()


def test_colours_become_variables_that_the_page_sets(svg: str) -> None:
    themed = pictures.theme_svg(svg)
    assert "var(--trained)" in themed
    assert "#ff4500" not in themed
    assert 'fill="var(--ink)"' in themed


def test_the_size_is_in_pixels_as_the_figure_asked_for(svg: str) -> None:
    head = pictures.theme_svg(svg).split(">", 1)[0]
    assert 'width="614" height="384"' in head
    assert 'viewBox="0 0 460.8 288"' in head


def test_ids_of_two_figures_on_a_page_differ(svg: str) -> None:
    ids = set(re.findall(r'\bid="([^"]+)"', pictures.theme_svg(svg, prefix="a-")))
    others = set(re.findall(r'\bid="([^"]+)"', pictures.theme_svg(svg, prefix="b-")))
    assert ids and not ids & others
    used = re.findall(r'(?:href="#|url\(#)([^")]+)', pictures.theme_svg(svg, prefix="a-"))
    assert used and set(used) <= ids


def test_numbers_in_the_drawing_are_short_and_those_in_its_text_are_whole(svg: str) -> None:
    themed = pictures.theme_svg(svg)
    assert "lr = 0.00039" in themed
    assert not re.search(r"<path[^>]*\.\d\d\d", themed)


def test_a_picture_on_its_own_brings_both_sets_of_colours(svg: str) -> None:
    picture = pictures.standalone_svg(svg)
    for colours in (pictures.LIGHT, pictures.DARK):
        for name, colour in colours.items():
            assert f"--{name}:{colour}" in picture


def test_a_file_of_another_make_is_refused() -> None:
    with pytest.raises(ValueError, match="no SVG that matplotlib drew: '<svg/>'"):
        pictures.theme_svg("<svg/>")


def luminance(colour: str) -> float:
    """WCAG 2's relative luminance of a colour like #1c1e21."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(
    ("colours", "page"), [(pictures.LIGHT, "#ffffff"), (pictures.DARK, "#131416")]
)
@pytest.mark.parametrize("name", ["ink", "trained", "best", "muted"])
def test_every_colour_of_text_and_lines_is_readable(
    colours: dict[str, str], page: str, name: str
) -> None:
    high, low = sorted((luminance(colours[name]), luminance(page)), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5
