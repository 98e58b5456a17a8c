"""How training converges: against documented figures, numpy's eigenvalues, and runs that train."""

import dataclasses
import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from linreg.best import least_squares
from linreg.convergence import descent_path, diagnose, stable_lr
from linreg.data import load_study

TENS = np.arange(10.0, 81, 10)
SCORES = np.array([480.0, 520, 710, 680, 830, 890, 920, 980])
UNITS = {
    "tens": TENS,
    "table": TENS / 10,
    "centred": TENS - 45,
    "standardised": (TENS - 45) / TENS.std(),
}

hours = st.lists(st.integers(-100, 100), min_size=2, max_size=9).filter(lambda x: len(set(x)) > 1)
momenta = st.sampled_from([0.0, 1e-6, 0.3, 0.5, 0.9, 0.99])


def hessian(x):
    x = np.asarray(x, dtype=float)
    return 2 / len(x) * np.array([[x @ x, x.sum()], [x.sum(), len(x)]])


def spectral_radius(eigenvalues, lr, momentum):
    """Return the largest root of the heavy ball's recurrence, by numpy."""
    matrices = [np.array([[1 + momentum - lr * e, -momentum], [1, 0]]) for e in eigenvalues]
    return max(abs(np.linalg.eigvals(matrix)).max() for matrix in matrices)


def errors(x, *, lr, momentum, epochs):
    """Run the heavy ball from an error of 1 in either direction; return the larger each epoch."""
    directions = []
    for eigenvalue in np.linalg.eigvalsh(hessian(x)).tolist():
        error, velocity, sizes = 1.0, 0.0, [1.0]
        for _ in range(epochs):
            velocity = momentum * velocity + eigenvalue * error
            error -= lr * velocity
            sizes.append(abs(error))
        directions.append(sizes)
    return np.max(directions, axis=0)


def epochs_below(sizes, tolerance):
    """Return the epoch from which on all errors are at most `tolerance`."""
    return int(np.flatnonzero(sizes > tolerance)[-1]) + 1


def torch_losses(x, y, *, lr, epochs, momentum=0.0, dtype=torch.float64):
    """Train `nn.Linear(1, 1)` from seed 228 as everyone does; return its start and the losses."""
    with torch.random.fork_rng():
        torch.manual_seed(228)
        model = torch.nn.Linear(1, 1)
    start = (model.weight.item(), model.bias.item())
    model = model.to(dtype)
    x, y = (torch.as_tensor(v, dtype=dtype).reshape(-1, 1) for v in (x, y))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return start, losses, (model.weight.item(), model.bias.item())


def exact_path(x, y, *, lr, epochs, start):
    """Descend in exact arithmetic; return arrays of slope, intercept and loss."""
    x, y = [Fraction(float(v)) for v in x], [Fraction(float(v)) for v in y]
    n, lr, (slope, intercept) = len(x), Fraction(lr), map(Fraction, start)
    rows = []
    for _ in range(epochs + 1):
        residuals = [slope * a + intercept - b for a, b in zip(x, y, strict=True)]
        rows.append((float(slope), float(intercept), float(sum(r * r for r in residuals) / n)))
        slope -= lr * 2 * sum(r * a for r, a in zip(residuals, x, strict=True)) / n
        intercept -= lr * 2 * sum(residuals) / n
    return np.array(rows).T


# Documented figures


@pytest.mark.parametrize(
    ("units", "small", "large", "condition", "limit", "epochs"),
    [
        ("tens", 0.411637, 5101.588, 12393, 3.9203e-4, 57074),
        ("table", 0.399234, 52.60077, 131.75, 3.8022e-2, 607),
        ("centred", 2, 1050, 525, 1.9048e-3, 2418),
        ("standardised", 2, 2, 1, 1, 1),
    ],
)
def test_each_choice_of_units_has_its_documented_figures(
    units, small, large, condition, limit, epochs
):
    diagnosis = diagnose(UNITS[units])
    assert diagnosis.eigenvalues == pytest.approx((small, large), rel=2e-6)
    assert diagnosis.condition_number == pytest.approx(condition, rel=4e-5)
    assert diagnosis.max_lr == pytest.approx(limit, rel=2e-5)
    assert stable_lr(UNITS[units]) == diagnosis.max_lr
    assert diagnosis.best_lr == pytest.approx(2 / (small + large), rel=2e-6)
    assert diagnosis.lr == diagnosis.best_lr
    assert diagnosis.epochs_to(1e-4) == epochs


def test_at_the_tutorials_lr_the_intercept_takes_ages():
    diagnosis = diagnose(load_study("tens").x, lr=1e-4)
    assert diagnosis.epochs_to(0.5) == 16839
    assert diagnosis.epochs_to(1e-4) == 223745
    assert diagnosis.verdict == (
        "crawls: 95.97 % of the intercept's error is left after 1000 epochs; standardise x"
    )


def test_the_run_that_was_always_nan_is_told_to_diverge():
    diagnosis = diagnose(range(65, 101, 5), lr=1e-3)
    assert diagnosis.max_lr == pytest.approx(1.4412e-4, rel=4e-5)
    assert diagnosis.condition_number == pytest.approx(366800, rel=1e-6)
    assert diagnosis.verdict == (
        "diverges: lr=0.001 is above 0.000144; use a smaller lr, or standardise x"
    )
    with pytest.raises(ValueError, match=r"no number of epochs will do.*lr=0\.001 is above"):
        diagnosis.epochs_to(1e-4)


def test_the_intercept_that_was_not_properly_learnt_is_told_to_crawl():
    diagnosis = diagnose(np.linspace(0, 100, 100), lr=1e-5, epochs=100)
    assert diagnosis.max_lr == pytest.approx(2.984e-4, rel=2e-4)
    assert diagnosis.condition_number == pytest.approx(13208, rel=5e-5)
    assert diagnosis.verdict == (
        "crawls: 99.95 % of the intercept's error is left after 100 epochs; standardise x"
    )


def test_the_best_pair_of_lr_and_momentum_is_the_documented_one():
    momentum = diagnose(TENS).best_momentum
    diagnosis = diagnose(TENS, momentum=momentum)
    assert momentum == pytest.approx(0.9647063, rel=1e-7)
    assert diagnosis.best_lr == pytest.approx(7.701710e-4, rel=1e-7)
    assert diagnosis.shrink == pytest.approx(math.sqrt(momentum), rel=1e-9)
    assert diagnosis.verdict.startswith("converges within ")


# Eigenvalues


@given(hours)
def test_the_eigenvalues_are_numpys(x):
    small, large = np.linalg.eigvalsh(hessian(x))
    assume(large < 1e6 * small)
    diagnosis = diagnose(x)
    assert diagnosis.eigenvalues == pytest.approx((small, large), rel=1e-8)
    assert diagnosis.condition_number == pytest.approx(large / small, rel=1e-8)


@settings(max_examples=50, deadline=None)
@given(hours, st.sampled_from([1.0, 1e-9, 1e9]), st.sampled_from([0.0, 1e-3, 1e5, 1e9, -1e12]))
def test_the_eigenvalues_keep_their_digits_however_bad_the_condition(x, scale, shift):
    x = np.array(x) * scale + shift
    assume(np.ptp(x) > 0)
    with localcontext() as context:
        context.prec = 120
        exact = [Decimal(float(v)) for v in x]
        trace = 1 + sum(v * v for v in exact) / len(x)
        mean = sum(exact) / len(x)
        det = sum((v - mean) ** 2 for v in exact) / len(x)
        root = (trace * trace - 4 * det).sqrt()
        small, large = float(trace - root), float(trace + root)
    assert diagnose(x).eigenvalues == pytest.approx((small, large), rel=1e-13)


def test_far_from_zero_the_verdict_still_stands():
    diagnosis = diagnose(TENS + 1e9)
    assert diagnosis.condition_number == pytest.approx(4e36 / (4 * TENS.var()), rel=1e-6)
    assert diagnosis.shrink == 1
    assert diagnosis.progress == pytest.approx(2 / diagnosis.condition_number)
    assert diagnosis.epochs_to(0.5) == pytest.approx(
        math.log(2) / 2 * diagnosis.condition_number, rel=1e-6
    )
    assert diagnosis.verdict == (
        "crawls: more than 99.99 % of the intercept's error is left after 1000 epochs; "
        "standardise x"
    )
    assert 0 < diagnosis.best_momentum < 1
    diagnose(TENS + 1e9, momentum=diagnosis.best_momentum)


def test_the_slow_direction_is_the_slope_where_x_is_small():
    assert diagnose(TENS).slow == "intercept"
    assert diagnose(TENS / 1000).slow == "slope"
    assert "% of the slope's error" in diagnose(TENS / 1000).verdict


# lr, momentum and pace


@settings(max_examples=100, deadline=None)
@given(hours, momenta, st.floats(1e-6, 1.5))
@example([-1, 1], 0.5, 0.5)
def test_shrink_is_the_spectral_radius_of_the_heavy_ball(x, momentum, share):
    lr = share * stable_lr(x, momentum=momentum)
    diagnosis = diagnose(x, lr=lr, momentum=momentum)
    radius = spectral_radius(np.linalg.eigvalsh(hessian(x)), lr, momentum)
    # Where the two roots meet, numpy finds them to the root of its precision.
    assert diagnosis.shrink == pytest.approx(radius, abs=2e-6)
    assert (diagnosis.shrink < 1) == (share < 1)


@settings(max_examples=100, deadline=None)
@given(hours, momenta, st.floats(1e-3, 1))
def test_no_lr_is_better_than_the_best(x, momentum, share):
    best = diagnose(x, momentum=momentum)
    other = diagnose(x, momentum=momentum, lr=share * best.max_lr)
    assert best.shrink <= other.shrink + 1e-12
    again = diagnose(x, momentum=momentum, lr=best.best_lr)
    assert again.shrink == pytest.approx(best.shrink, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(hours, st.floats(0, 0.999))
def test_no_momentum_is_better_than_the_best(x, momentum):
    best = diagnose(x, momentum=diagnose(x).best_momentum)
    assert best.shrink <= diagnose(x, momentum=momentum).shrink + 1e-12


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_torch_converges_just_below_the_limit_and_diverges_just_above(momentum):
    limit = stable_lr(TENS, momentum=momentum)
    for share, converges in ((0.99, True), (1.01, False)):
        _, losses, _ = torch_losses(TENS, SCORES, lr=share * limit, momentum=momentum, epochs=400)
        assert (losses[-1] < losses[0]) == converges


@pytest.mark.parametrize(
    ("units", "share"), [("table", None), ("centred", None), ("table", 0.2), ("standardised", 0.6)]
)
def test_epochs_to_is_the_count_of_a_run(units, share):
    x = UNITS[units]
    lr = None if share is None else share * stable_lr(x)
    diagnosis = diagnose(x, lr=lr)
    count = diagnosis.epochs_to(1e-3)
    sizes = errors(x, lr=diagnosis.lr, momentum=0, epochs=count + 10)
    assert count == epochs_below(sizes, 1e-3)


@pytest.mark.parametrize("share", [0.03, 0.3, 0.7, 0.999])
@pytest.mark.parametrize("momentum", [0.3, 0.6, 0.9, 0.97])
def test_a_run_with_momentum_takes_the_count_and_not_much_more(momentum, share):
    x = UNITS["table"]
    lr = share * stable_lr(x, momentum=momentum)
    count = diagnose(x, lr=lr, momentum=momentum).epochs_to(1e-4)
    sizes = errors(x, lr=lr, momentum=momentum, epochs=2 * count)
    needed = epochs_below(sizes, 1e-4)
    assert needed <= count <= 1.05 * needed + 5


@settings(max_examples=100, deadline=None)
@given(hours, st.floats(0, 0.99), st.floats(0.01, 0.999), st.sampled_from([0.9, 0.1, 1e-4]))
def test_after_epochs_to_no_error_is_above_the_tolerance(x, momentum, share, tolerance):
    diagnosis = diagnose(x, lr=share * stable_lr(x, momentum=momentum), momentum=momentum)
    count = diagnosis.epochs_to(tolerance)
    assume(count < 2000)
    sizes = errors(x, lr=diagnosis.lr, momentum=momentum, epochs=count + 100)
    assert sizes[count:].max() <= tolerance * (1 + 1e-9)


def test_the_best_pair_counts_the_epochs_that_it_takes_to_come_up_to_speed():
    momentum = diagnose(TENS).best_momentum
    diagnosis = diagnose(TENS, momentum=momentum)
    sizes = errors(TENS, lr=diagnosis.lr, momentum=momentum, epochs=1200)
    assert epochs_below(sizes, 1e-4) <= diagnosis.epochs_to(1e-4) <= 960


# Verdicts


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"x": UNITS["standardised"]}, "converges in 1 epoch, to 0.0001 of the error"),
        ({"x": UNITS["table"], "lr": 0.03}, "converges in 765 epochs, to 0.0001"),
        ({"x": UNITS["table"], "lr": 0.003}, "after 1000 epochs; use lr=0.0377"),
        ({"x": UNITS["standardised"], "lr": 1e-4}, "after 1000 epochs; use lr=0.5"),
        ({"x": UNITS["tens"]}, "crawls: 85.1 % of the intercept's error"),
        ({"x": TENS, "lr": 0.99999 * stable_lr(TENS)}, "crawls: 98.02 % of the slope's error"),
        ({"x": UNITS["tens"], "epochs": 1}, "is left after 1 epoch; standardise x"),
        (
            {"x": [-1, 1], "lr": 1.0},
            "never settles: lr=1 is the stable limit itself; use a smaller",
        ),
        ({"x": [-1, 1], "momentum": 0.99}, "up to 0.9269 % of the intercept's error is left"),
        ({"x": [-1, 1], "momentum": 0.99}, "use less momentum, or more epochs"),
        ({"x": [-1, 1], "lr": 1e-320}, "more than 99.99 % of the intercept's error"),
        ({"x": TENS, "lr": 1e-3, "momentum": 0.97}, "diverges: lr=0.001 is above 0.000772"),
    ],
)
def test_the_verdict_says_what_happens_and_what_to_do(options, words):
    assert words in diagnose(**options).verdict


@settings(max_examples=100, deadline=None)
@given(hours, momenta, st.none() | st.floats(1e-9, 10), st.integers(1, 10**6))
def test_every_verdict_starts_with_what_happens(x, momentum, lr, epochs):
    diagnosis = diagnose(x, momentum=momentum, lr=lr, epochs=epochs)
    happens = diagnosis.verdict.split()[0].rstrip(":")
    if diagnosis.lr > diagnosis.max_lr:
        assert happens == "diverges"
    elif diagnosis.epochs_to(1e-4) <= epochs:
        assert happens == "converges"
    else:
        assert happens == "crawls"


def test_a_diagnosis_is_plain_data_that_cannot_change():
    diagnosis = diagnose(np.float32([1, 2, 4]), lr=np.float32(0.01), epochs=np.int64(5))
    assert type(stable_lr([1, 2], momentum=np.float32(0.5))) is float
    assert diagnosis == diagnose([1, 2, 4], lr=float(np.float32(0.01)), epochs=5)
    values = dataclasses.asdict(diagnosis)
    assert {type(values[name]) for name in ("max_lr", "best_lr", "lr", "momentum")} == {float}
    with pytest.raises(dataclasses.FrozenInstanceError):
        diagnosis.lr = 1.0


# The path


def test_the_path_follows_the_float32_run_of_torch():
    start, losses, end = torch_losses(TENS, SCORES, lr=1e-4, epochs=1000, dtype=torch.float32)
    path = descent_path(TENS, SCORES, lr=1e-4, epochs=1000, start=start)
    assert path.losses[:-1] == pytest.approx(np.array(losses), rel=1e-6)
    assert (path.slopes[0], path.intercepts[0]) == pytest.approx(start, rel=1e-12)
    assert (path.slopes[-1], path.intercepts[-1]) == pytest.approx(end, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    hours,
    st.sampled_from([(1, 0), (10, 0), (1, 1234567.8), (1e-3, 0), (1e-3, 1)]),
    st.floats(0.01, 1.2),
    st.tuples(st.floats(-9, 9), st.floats(-9, 9)),
)
@example([-1, 1], (1e-3, 0), 0.5, (3, 4))
@example([-1, 1], (10, 0), 0.5, (3, 4))
@example([-1, 3], (1, 1234567.8), 0.5, (3, 4))
def test_the_path_is_that_of_exact_arithmetic(x, units, share, start):
    x = np.array(x) * units[0] + units[1]
    y = np.cos(x) * 50 + x
    lr = share * stable_lr(x)
    slopes, intercepts, losses = exact_path(x, y, lr=lr, epochs=12, start=start)
    path = descent_path(x, y, lr=lr, epochs=12, start=start)
    # The path runs from start to best, and rounds by the larger of the two.
    best = least_squares(x, y)
    far = abs(best.slope) + abs(best.intercept) + 10
    assert path.slopes == pytest.approx(slopes, rel=1e-9, abs=1e-11 * far)
    assert path.intercepts == pytest.approx(intercepts, rel=1e-9, abs=1e-11 * far)
    assert path.losses == pytest.approx(losses, rel=1e-9, abs=1e-10)


@pytest.mark.parametrize("shift", [0.001, 1000.3])
def test_the_path_keeps_its_digits_near_and_far_from_zero(shift):
    x, y = np.array([-1, 3]) + shift, np.array([2.0, -5])
    lr = 0.5 * stable_lr(x)
    _, _, losses = exact_path(x, y, lr=lr, epochs=12, start=(3, 4))
    path = descent_path(x, y, lr=lr, epochs=12, start=(3, 4))
    assert path.losses == pytest.approx(losses, rel=1e-13)


def test_after_many_epochs_the_path_ends_at_the_best_line():
    best = least_squares(TENS, SCORES)
    path = descent_path(TENS, SCORES, lr=diagnose(TENS).best_lr, epochs=300_000, start=(0, 0))
    assert path.slopes[-1] == pytest.approx(best.slope, rel=1e-13)
    assert path.intercepts[-1] == pytest.approx(best.intercept, rel=1e-13)
    assert path.losses[-1] == pytest.approx(1501.934524, rel=1e-9)
    # Eight students, and how long until 1e-4 of the slow error: as diagnosed.
    off = (path.intercepts - best.intercept) / (path.intercepts[0] - best.intercept)
    assert epochs_below(abs(off[:60_000]), 1e-4) == pytest.approx(57074, abs=10)


def test_the_path_has_one_entry_more_than_epochs():
    path = descent_path([1, 2], [3, 5], lr=0.1, epochs=7, start=(0, 1))
    assert path.slopes.shape == path.intercepts.shape == path.losses.shape == (8,)
    assert (path.slopes[0], path.intercepts[0]) == pytest.approx((0, 1), abs=1e-15)
    assert path.losses[0] == pytest.approx((2**2 + 4**2) / 2)


def test_above_the_limit_the_path_grows_and_then_is_refused():
    path = descent_path(TENS, SCORES, lr=4e-4, epochs=1000, start=(-0.1, 0.3))
    assert path.slopes[-1] < -1e17
    assert path.losses[-1] > 1e30
    with pytest.raises(ValueError, match=r"above the stable 0\.000392; use a smaller lr") as caught:
        descent_path(TENS, SCORES, lr=4e-4, epochs=100_000, start=(-0.1, 0.3))
    epoch = int(str(caught.value).split("in epoch ")[1].split(":")[0])
    last = descent_path(TENS, SCORES, lr=4e-4, epochs=epoch - 1, start=(-0.1, 0.3))
    assert np.isfinite(last.losses).all()
    with pytest.raises(ValueError, match=f"in epoch {epoch}:"):
        descent_path(TENS, SCORES, lr=4e-4, epochs=epoch, start=(-0.1, 0.3))
    with pytest.raises(ValueError, match="in epoch 1:"):
        descent_path(TENS, SCORES, lr=1e37, epochs=3, start=(1e150, 0))


def test_from_the_best_line_no_lr_leads_away():
    path = descent_path([-1, 1], [0, 2], lr=3, epochs=5000, start=(1, 1))
    assert set(path.slopes) == set(path.intercepts) == {1}
    assert set(path.losses) == {0}


# Bad and odd input


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        ([], ValueError, "two points, and there are 0"),
        ([1], ValueError, "two points, and there are 1"),
        ([3, 3, 3], ValueError, "all x equal 3"),
        ([1, math.nan], ValueError, r"x\[1\] is nan"),
        ([1, -math.inf], ValueError, r"x\[1\] is -inf"),
        (["1", "2"], TypeError, "x holds"),
        ([1, 2j], TypeError, "x holds"),
        ([[1, 2], [3, 4]], ValueError, r"x has shape \(2, 2\)"),
        ([0, 1e200], ValueError, "other units for x"),
        ([0, 1e-200], ValueError, "other units for x"),
        ([1e160, 1.000000000001e160 - 1e145], ValueError, "units"),
        ([1e155, 1e155 + 1e142], ValueError, "squares of x, with mean 1e\\+155, overflow"),
    ],
)
def test_an_x_without_a_line_is_told(x, error, message):
    for ask in (stable_lr, diagnose):
        with pytest.raises(error, match=message):
            ask(x)
    with pytest.raises(error, match=message):
        descent_path(x, list(range(len(x))), lr=0.1, epochs=1, start=(0, 0))


@pytest.mark.parametrize("lr", [0, -1, math.nan, math.inf, "0.1", 1j])
def test_an_lr_that_is_none_is_told(lr):
    with pytest.raises(ValueError, match="is no learning rate; give a positive number"):
        diagnose(TENS, lr=lr)
    with pytest.raises(ValueError, match="is no learning rate; give a positive number"):
        descent_path(TENS, SCORES, lr=lr, epochs=1, start=(0, 0))


@pytest.mark.parametrize("momentum", [-0.1, 1, 2, math.nan, "0.9", None])
def test_a_momentum_that_never_settles_is_told(momentum):
    for ask in (stable_lr, diagnose):
        with pytest.raises(ValueError, match="never settles; give 0 or more, and less than 1"):
            ask(TENS, momentum=momentum)


@pytest.mark.parametrize("epochs", [0, -1, 1.5, True, "10", None])
def test_epochs_that_are_no_count_are_told(epochs):
    with pytest.raises(ValueError, match="is no number of epochs; give a whole number"):
        diagnose(TENS, epochs=epochs)
    with pytest.raises(ValueError, match="is no number of epochs; give a whole number"):
        descent_path(TENS, SCORES, lr=1e-4, epochs=epochs, start=(0, 0))


@pytest.mark.parametrize("tolerance", [0, 1, -1, 2, math.nan, "1e-4", None])
def test_a_tolerance_that_is_no_share_is_told(tolerance):
    with pytest.raises(ValueError, match="not between 0 and 1; give one like 1e-4"):
        diagnose(TENS).epochs_to(tolerance)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("lr", [1.0, 1e20, 1e37])
def test_far_above_the_limit_the_growth_is_still_right(lr, momentum):
    diagnosis = diagnose(TENS, lr=lr, momentum=momentum)
    radius = spectral_radius(diagnosis.eigenvalues, lr, momentum)
    assert diagnosis.shrink == pytest.approx(radius, rel=1e-12)
    with pytest.raises(ValueError, match="no number of epochs will do; training diverges"):
        diagnosis.epochs_to(0.5)


def test_an_lr_too_small_to_move_anything_is_told():
    with pytest.raises(ValueError, match="no number of epochs will do; training crawls"):
        diagnose([-1, 1], lr=1e-320).epochs_to(0.5)


@pytest.mark.parametrize(
    ("start", "error", "message"),
    [
        ((1,), ValueError, r"start has 1 values; give two, \(slope, intercept\)"),
        ((1, 2, 3), ValueError, "start has 3 values"),
        ((math.nan, 1), ValueError, r"start\[0\] is nan"),
        ("12", TypeError, "start"),
        (3, TypeError, "start is the single value 3"),
        ((0, 1e200), ValueError, "the loss at start=.*start nearer"),
    ],
)
def test_a_start_that_is_no_pair_is_told(start, error, message):
    with pytest.raises(error, match=message):
        descent_path(TENS, SCORES, lr=1e-4, epochs=3, start=start)


def test_x_and_y_of_different_lengths_have_no_path():
    with pytest.raises(ValueError, match="x has 8 values and y has 7"):
        descent_path(TENS, SCORES[:-1], lr=1e-4, epochs=3, start=(0, 0))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.floats() | st.integers() | st.text(max_size=2) | st.none() | st.complex_numbers(),
        max_size=4,
    )
)
def test_whatever_goes_in_a_finite_diagnosis_or_a_clear_error_comes_out(x):
    try:
        diagnosis = diagnose(x)
    except (TypeError, ValueError) as error:
        assert len(str(error)) > 20
    else:
        assert all(0 < value < math.inf for value in diagnosis.eigenvalues)
        assert 0 < diagnosis.best_lr <= diagnosis.max_lr
        assert diagnosis.condition_number >= 1
        assert diagnosis.epochs_to(0.5) >= 1


# Claims of docs/convergence/page.md that take long runs or many; the others stand in the page

START = (-0.008864760398864746, 0.2455005645751953)  # torch.manual_seed(228), nn.Linear(1, 1)


def test_every_run_of_this_program_ends_within_these_bounds():
    def end(start):
        path = descent_path(TENS, SCORES, lr=1e-4, epochs=1000, start=start)
        return path.slopes[-1], path.intercepts[-1], 35 * path.slopes[-1] + path.intercepts[-1]

    corners = np.array([end((s, i)) for s in (-1, 1) for i in (-1, 1)])
    least, most = corners.min(axis=0), corners.max(axis=0)
    for start in np.random.default_rng(0).uniform(-1, 1, size=(50, 2)):
        assert (least <= end(start)).all() and (end(start) <= most).all()


def test_the_documented_counts_of_epochs_train_as_far_as_float32_lets_them():
    best, tutorial, at_best = least_squares(TENS, SCORES), diagnose(TENS, lr=1e-4), diagnose(TENS)
    half, arrival, soonest = (
        tutorial.epochs_to(0.5),
        tutorial.epochs_to(1e-4),
        at_best.epochs_to(1e-4),
    )
    # Both runs at once, one in each row: the loop of torch.optim.SGD, in its arithmetic.
    x, y, lr = np.float32(TENS), np.float32(SCORES), np.float32([[1e-4], [at_best.best_lr]])
    slope, intercept = (np.full((2, 1), value, np.float32) for value in START)
    left = {}
    for epoch in range(1, arrival + 1):
        pull = (slope * x + intercept - y) * np.float32(2 / 8)
        slope = slope - lr * (pull * x).sum(1, keepdims=True)
        intercept = intercept - lr * pull.sum(1, keepdims=True)
        if epoch in (half, soonest, arrival - 1, arrival):
            left[epoch] = (best.intercept - intercept.ravel()) / (best.intercept - START[1])
    assert left[half][0] == pytest.approx(0.5, rel=1e-3)
    # For ever: where an epoch has changed nothing, no other will.
    assert left[arrival][0] == left[arrival - 1][0]
    floor = [
        d.float32_floor(best.intercept) / (best.intercept - START[1]) for d in (tutorial, at_best)
    ]
    assert left[arrival][0] == pytest.approx(floor[0], rel=0.01)
    assert 1e-4 < left[soonest][1] < floor[1]
