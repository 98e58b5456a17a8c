"""Figures draw what they are given, where they are told, and say what it is."""

import itertools
import math
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import same_color

from linreg.best import least_squares
from linreg.convergence import descent_path
from linreg.data import load_study
from linreg.line import HAND_DRAWN, Line
from press.plots import (
    LOOKS,
    draw_by_hand,
    draw_training,
    draw_units,
    label_ends,
    plot_bands,
    plot_line_shape,
    plot_lines,
    plot_loss_shape,
    plot_loss_surface,
    plot_losses,
    plot_path,
    plot_residuals,
)

matplotlib.use("Agg")
import matplotlib.pyplot as plt

STYLE = Path(__file__).parents[2] / "docs" / "matplotlibrc"
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
    with matplotlib.rc_context(fname=STYLE):
        yield
        plt.close("all")


def boxes(ax):
    """Return where the names stand once drawn, from the lowest up."""
    ax.figure.canvas.draw()
    return sorted((text.get_window_extent() for text in ax.texts), key=lambda box: box.y0)


# Points and lines


def test_every_student_is_a_dot():
    ax = plot_lines(STUDY.x, STUDY.y, LINES)
    (dots,) = ax.collections
    assert dots.get_offsets().T.tolist() == [STUDY.x.tolist(), STUDY.y.tolist()]


def test_every_line_goes_where_it_predicts_from_zero_hours_to_the_last():
    ax = plot_lines(STUDY.x, STUDY.y, LINES)
    for drawn, line in zip(ax.lines, LINES.values(), strict=True):
        x, y = drawn.get_data()
        assert (min(x), max(x)) == (0, 80)
        assert list(y) == pytest.approx(np.polyval([line.slope, line.intercept], x))


def test_every_line_has_its_look_and_its_name_in_the_same_colour():
    ax = plot_lines(STUDY.x, STUDY.y, LINES)
    names = {text.get_text(): text for text in ax.texts}
    assert set(names) == set(LINES)
    for drawn, name in zip(ax.lines, LINES, strict=True):
        assert same_color(drawn.get_color(), LOOKS[name]["color"])
        assert same_color(names[name].get_color(), drawn.get_color())
        assert drawn.get_linestyle() == LOOKS[name]["linestyle"]


def test_lines_of_one_colour_differ_in_their_dashes():
    looks = [(look["color"], look["linestyle"]) for look in LOOKS.values()]
    assert len(set(looks)) == len(looks)


def test_the_axes_are_named_in_the_readers_units():
    ax = plot_lines(STUDY.x, STUDY.y, {})
    assert (ax.get_xlabel(), ax.get_ylabel()) == (STUDY.x_label, STUDY.y_label)


def test_everything_is_inside_the_axes():
    ax = plot_lines(STUDY.x, STUDY.y, LINES)
    ax.figure.canvas.draw()
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left == 0 and right >= 80
    assert bottom == 0
    assert top >= max(max(line.get_ydata()) for line in ax.lines)


def test_without_lines_there_are_only_dots():
    ax = plot_lines(STUDY.x, STUDY.y, {})
    assert len(ax.collections) == 1
    assert not ax.lines and not ax.texts


# Axes


def test_it_draws_on_the_axes_it_is_given_and_on_no_other():
    figure, (left, right) = plt.subplots(1, 2)
    assert plot_lines(STUDY.x, STUDY.y, LINES, ax=left) is left
    assert plt.get_fignums() == [figure.number]
    assert plt.gca() is right
    assert not right.has_data()


def test_without_axes_it_makes_new_ones():
    figure, taken = plt.subplots()
    ax = plot_lines(STUDY.x, STUDY.y, LINES)
    assert ax.figure is not figure
    assert not taken.has_data()


def test_it_fits_nothing_and_changes_nothing():
    x, y, lines = STUDY.x.clone(), STUDY.y.clone(), dict(LINES)
    plot_lines(x, y, lines)
    assert x.equal(STUDY.x) and y.equal(STUDY.y)
    assert lines == LINES


# Names


@pytest.mark.parametrize(
    "heights",
    [(100, 101, 102, 103), (100, 100, 100, 100), (100, 500, 501, 900), (103, 102, 101, 1)],
)
def test_names_never_stand_on_each_other_and_keep_the_lines_order(heights):
    _, ax = plt.subplots(layout="constrained")
    ax.set_ylim(0, 1000)
    label_ends(ax, {f"line {y:.0f}/{i}": (y, "black") for i, y in enumerate(heights)})
    drawn = boxes(ax)
    assert all(low.y1 <= high.y0 for low, high in itertools.pairwise(drawn))
    by_height = sorted(ax.texts, key=lambda text: text.get_window_extent().y0)
    named = [int(text.get_text().split()[1].split("/")[0]) for text in by_height]
    assert named == sorted(heights)


def test_names_stand_to_the_right_of_the_axes():
    ax = plot_lines(STUDY.x, STUDY.y, LINES)
    for box in boxes(ax):
        assert box.x0 >= ax.get_window_extent().x1
        assert box.x1 <= ax.figure.bbox.x1


def test_a_name_on_its_own_stands_where_its_line_ends():
    ax = plot_lines(STUDY.x, STUDY.y, {"best": LINES["best"]})
    (box,) = boxes(ax)
    end = ax.transData.transform((80, LINES["best"].predict(80)))[1]
    assert (box.y0 + box.y1) / 2 == pytest.approx(end, abs=2)


# Bad input


def test_a_line_without_a_look_is_reported_with_those_that_have_one():
    with pytest.raises(
        ValueError, match=r"line 'blue'.*use one of trained, best, hand-drawn, mean"
    ):
        plot_lines(STUDY.x, STUDY.y, {"blue": HAND_DRAWN})
    assert not plt.get_fignums()


@pytest.mark.parametrize(
    ("x", "y", "error", "message"),
    [
        ([1, 2], [1], ValueError, "x has 2 values and y has 1; give one y for each x"),
        ([1, math.nan], [1, 2], ValueError, r"x\[1\] is nan; drop or fill"),
        ([1, 2], ["a", "b"], TypeError, r"y holds 'a' at y\[0\].*; give a list"),
    ],
)
def test_points_that_cannot_be_drawn_are_told_before_a_figure_is_made(x, y, error, message):
    with pytest.raises(error, match=message):
        plot_lines(x, y, LINES)
    assert not plt.get_fignums()


# Shapes of troubleshooting


def test_a_loss_shape_has_every_loss():
    ax = plot_loss_shape([1.0, 3.0, 2.0])
    assert ax.lines[0].get_ydata().tolist() == [1.0, 3.0, 2.0]


def test_a_line_shape_has_its_points_and_its_line_from_zero_on():
    ax = plot_line_shape(STUDY.x, STUDY.y, LINES["trained"])
    assert ax.collections[0].get_offsets()[:, 1].tolist() == STUDY.y.tolist()
    assert ax.lines[0].get_xdata().tolist() == [0.0, 80.0]
    assert ax.lines[0].get_ydata().tolist() == LINES["trained"].predict([0, 80]).tolist()


def test_shapes_carry_names_and_no_numbers():
    axes = plot_loss_shape([1.0, 2.0]), plot_line_shape(STUDY.x, STUDY.y, LINES["best"])
    for ax in axes:
        assert ax.get_xlabel() and ax.get_ylabel()
        ax.figure.canvas.draw()
        assert not any(tick.label1.get_visible() for tick in ax.xaxis.get_major_ticks())
        assert not any(tick.label1.get_visible() for tick in ax.yaxis.get_major_ticks())


def test_shapes_and_batches_are_drawn_where_they_are_reported():
    first, second = plt.subplots(1, 2)[1]
    assert plot_loss_shape([1.0, 2.0], ax=first) is first
    assert plot_line_shape(STUDY.x, STUDY.y, LINES["best"], ax=second) is second


def test_losses_that_cannot_be_drawn_are_reported():
    with pytest.raises(ValueError, match=r"losses\[1\] is nan"):
        plot_loss_shape([1.0, math.nan])


# Residuals and bands


def test_residuals_are_drawn_for_each_line_in_its_colour():
    lines = {name: LINES[name] for name in ("trained", "best")}
    ax = plot_residuals(STUDY.x, STUDY.y, lines)
    for drawn, (name, line) in zip(ax.lines[1:], lines.items(), strict=True):
        assert drawn.get_xdata().tolist() == STUDY.x.tolist()
        assert drawn.get_ydata() + line.predict(STUDY.x) == pytest.approx(STUDY.y.numpy())
        assert same_color(drawn.get_color(), LOOKS[name]["color"])
    assert [text.get_text() for text in ax.texts] == ["trained", "best"]


def test_bands_go_from_zero_to_the_last_student_or_as_far_as_they_are_reported():
    fit = least_squares(STUDY.x, STUDY.y)
    ax = plot_bands(STUDY.x, STUDY.y, fit)
    single, mean, dots = ax.collections
    for band, (low, high) in (
        (single, fit.prediction_interval([0, 80])),
        (mean, fit.confidence_interval([0, 80])),
    ):
        corners = band.get_paths()[0].vertices
        for x, ends in ((0, (low[0], high[0])), (80, (low[1], high[1]))):
            heights = corners[corners[:, 0] == x, 1]
            assert (heights.min(), heights.max()) == pytest.approx(ends)
    assert len(dots.get_offsets()) == 8
    assert plot_bands(STUDY.x, STUDY.y, fit, upto=100).lines[0].get_xdata()[-1] == 100


def test_the_residuals_of_a_line_have_its_mark_in_whatever_company():
    def marks(*names):
        ax = plot_residuals(STUDY.x, STUDY.y, {name: LINES[name] for name in names})
        shown = [line.get_marker() for line in ax.lines if line.get_marker() != "None"]
        return dict(zip(names, shown, strict=True))

    alone = {name: marks(name)[name] for name in LINES}
    assert marks(*reversed(LINES)) == alone
    assert len(set(alone.values())) == len(LINES)


def test_residuals_and_bands_are_drawn_where_they_are_reported():
    left, right = plt.subplots(1, 2)[1]
    assert plot_residuals(STUDY.x, STUDY.y, LINES, ax=left) is left
    assert plot_bands(STUDY.x, STUDY.y, LOWEST, ax=right) is right


# The way of training

WAY = descent_path(STUDY.x, STUDY.y, lr=1e-4, epochs=1000, start=(0.0, 0.2))
LOWEST = least_squares(STUDY.x, STUDY.y)


def test_every_point_of_a_contour_is_a_line_with_the_error_of_its_level():
    levels = [2000.0, 30_011.0, 1e7]
    *contours, dot = plot_loss_surface(STUDY.x, STUDY.y, LOWEST, levels=levels).lines
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (LOWEST.intercept, LOWEST.slope)
    for level, contour in zip(levels, contours, strict=True):
        points = list(zip(*contour.get_data(), strict=True))
        for intercept, slope in points[::20]:
            error = Line(slope, intercept).mean_squared_error(STUDY.x, STUDY.y)
            assert error == pytest.approx(level, rel=1e-9)
        assert points[0] == pytest.approx(points[-1])


def test_a_level_below_the_best_line_is_reported():
    with pytest.raises(ValueError, match=r"no line has an error below 1501\.93; raise the levels"):
        plot_loss_surface(STUDY.x, STUDY.y, LOWEST, levels=[1501.0, 3000.0])


def test_a_path_is_drawn_from_its_start_to_its_end_in_few_points():
    way, start, end = plot_path(WAY).lines
    x, y = way.get_data()
    assert (x[0], y[0]) == (start.get_xdata()[0], start.get_ydata()[0]) == pytest.approx((0.2, 0))
    assert (x[-1], y[-1]) == (end.get_xdata()[0], end.get_ydata()[0])
    assert (x[-1], y[-1]) == (WAY.intercepts[-1], WAY.slopes[-1])
    assert list(x[:5]) == list(WAY.intercepts[:5])
    assert 50 < len(x) <= 200


def test_losses_stand_at_their_epochs_the_first_being_one():
    looks = {"run": {"color": "orangered", "linestyle": "--"}}
    (curve,) = plot_losses({"run": WAY.losses}, looks).lines
    epochs, losses = curve.get_data()
    assert (epochs[0], epochs[-1]) == (1, 1001)
    assert losses.tolist() == WAY.losses[epochs.astype(int) - 1].tolist()
    assert same_color(curve.get_color(), "orangered") and curve.get_linestyle() == "--"
    assert curve.axes.get_xscale() == curve.axes.get_yscale() == "log"


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_a_loss_without_a_logarithm_is_reported(bad):
    with pytest.raises(ValueError, match="losses of 'run' are not all above 0 and finite"):
        plot_losses({"run": [1.0, bad]}, {})


def test_the_way_of_training_is_drawn_where_it_is_reported():
    axes = plt.subplots(1, 3)[1]
    assert plot_loss_surface(STUDY.x, STUDY.y, LOWEST, levels=[2e3], ax=axes[0]) is axes[0]
    assert plot_path(WAY, ax=axes[1]) is axes[1]
    assert plot_losses({"run": [2.0, 1.0]}, {}, ax=axes[2]) is axes[2]


# Figures that two pages show


def test_the_hand_drawn_line_has_a_stroke_to_each_student():
    draw_by_hand(STUDY)
    strokes = plt.gca().collections[-1].get_segments()
    assert [stroke[0].tolist() for stroke in strokes] == list(
        map(list, zip(STUDY.x.tolist(), STUDY.y.tolist(), strict=True))
    )
    assert [stroke[1][1] for stroke in strokes] == HAND_DRAWN.predict(STUDY.x).tolist()


def test_the_documented_run_is_drawn_as_a_line_and_as_a_path():
    draw_training(STUDY, LINES["trained"], (0.0, 0.2))
    left, right = plt.gcf().axes
    assert [text.get_text() for text in left.texts] == ["best", "trained"]
    end = right.lines[-1].get_data()
    assert (end[0][0], end[1][0]) == (WAY.intercepts[-1], WAY.slopes[-1])


def test_units_are_drawn_side_by_side_and_the_standardised_map_is_round():
    draw_units(STUDY)
    axes = plt.gcf().axes
    assert [ax.get_title() for ax in axes] == ["in tens", "in ones", "standardised"]
    reach = [np.ptp(ax.lines[0].get_xdata()) / np.ptp(ax.lines[0].get_ydata()) for ax in axes]
    assert reach[0] > 10 * reach[2] and reach[2] == pytest.approx(1, rel=1e-3)
