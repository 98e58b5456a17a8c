"""The figures that only one page draws: they show what they are given, and say what it is."""

import importlib.util
from types import ModuleType

import matplotlib
import numpy as np
import pytest

from linreg import HAND_DRAWN, Line, descent_path, least_squares, load_study
from press.pages import DOCS

matplotlib.use("Agg")
import matplotlib.pyplot as plt

STUDY = load_study("tens")
LINES = {
    "trained": Line(14.47, 17.41),
    "best": Line(7.369, 419.64),
    "hand-drawn": HAND_DRAWN,
    "mean": Line(0.0, 751.25),
}


@pytest.fixture(autouse=True)
def site_style():
    """Draw as the site does, and leave no figure behind."""
    with matplotlib.rc_context(fname=DOCS / "matplotlibrc"):
        yield
        plt.close("all")


def figures_of(page: str) -> ModuleType:
    """Return what a cell of `page` imports as `figures`."""
    spec = importlib.util.spec_from_file_location(f"figures_of_{page}", DOCS / page / "figures.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_batches_show_every_epoch_the_best_slope_and_the_change():
    slopes = [9.0, 7.0, 8.0, 7.2, 7.4]
    ax = figures_of("loops").plot_batches(slopes, 7.369, change=3)
    run, best, change = ax.lines
    assert run.get_ydata().tolist() == slopes
    assert set(best.get_ydata()) == {7.369} and set(change.get_xdata()) == {3}
    bottom, top = ax.get_ylim()
    assert bottom < min(slopes[2:]) and max(slopes[2:]) < top
    with pytest.raises(ValueError, match=r"slopes\[0\] is inf"):
        figures_of("loops").plot_batches([np.inf, 1.0], 1.0, change=1)


def test_a_line_through_the_middle_is_a_dot_on_the_curve_and_another_above():
    ax = figures_of("best").plot_error_by_slope(STUDY.x, STUDY.y, LINES)
    curve, *dots = ax.lines
    for dot, (name, line) in zip(dots, LINES.items(), strict=True):
        (slope,), (error,) = dot.get_data()
        assert (slope, error) == (line.slope, line.mean_squared_error(STUDY.x, STUDY.y))
        below = np.interp(slope, *curve.get_data())
        assert error > 1.2 * below if name == "trained" else error == pytest.approx(below, rel=0.01)


def test_outside_the_data_the_bands_go_on_under_the_highest_score():
    plot_outside, fit = figures_of("uncertainty").plot_outside, least_squares(STUDY.x, STUDY.y)
    ax = plot_outside(STUDY.x, STUDY.y, fit, upto=100, ceiling=1000)
    assert ax.lines[0].get_xdata()[-1] == 100
    assert 1000 in {line.get_ydata()[0] for line in ax.lines}
    with pytest.raises(ValueError, match=r"upto=80 is not outside the data, which end at 80"):
        plot_outside(STUDY.x, STUDY.y, fit, upto=80, ceiling=1000)


def test_leverages_are_dots_on_their_curve():
    fit = least_squares(STUDY.x, STUDY.y)
    ax = figures_of("uncertainty").plot_leverage(STUDY.x, fit)
    (dots,) = ax.collections
    assert dots.get_offsets()[:, 1].tolist() == pytest.approx(fit.leverage(STUDY.x).tolist())
    assert ax.lines[1].get_ydata()[0] == 1 / 8


def test_digits_are_drawn_for_each_method_and_named():
    ax = figures_of("exactness").plot_digits([1, 1e9], {"good": [14, 11], "poor": [13, 2]})
    assert [line.get_ydata().tolist() for line in ax.lines] == [[14, 11], [13, 2]]
    assert {text.get_text() for text in ax.texts} == {"good", "poor"}
    assert ax.get_xscale() == "log"
    plt.close("all")
    with pytest.raises(ValueError, match="poor has 1 digits for 2 shifts"):
        figures_of("exactness").plot_digits([1, 1e9], {"poor": [14]})
    assert not plt.get_fignums()


def test_a_reach_shows_the_square_of_starts_and_what_becomes_of_it():
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    ways = [descent_path(STUDY.x, STUDY.y, lr=1e-4, epochs=9, start=start) for start in corners]
    starts, ends = figures_of("convergence").plot_reach(ways, plt.subplots()[1]).lines
    around = [*corners, corners[0]]
    assert starts.get_ydata() == pytest.approx([slope for slope, _ in around])
    assert starts.get_xdata() == pytest.approx([intercept for _, intercept in around])
    assert ends.get_xdata()[2] == ways[2].intercepts[-1]
    with pytest.raises(ValueError, match="2 starts enclose nothing"):
        figures_of("convergence").plot_reach(ways[:2], plt.gca())
