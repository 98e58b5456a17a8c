"""How training converges: against documented figures, numpy's eigenvalues, and runs that train."""

import dataclasses
import itertools
import math
import tracemalloc
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from linreg.best import least_squares
from linreg.convergence import descent_path, diagnose, stable_lr
from linreg.data import load_study
from linreg.trainer import train

TENS = np.arange(10.0, 81, 10)
SCORES = np.array([480.0, 520, 710, 680, 830, 890, 920, 980])
UNITS = {
    "tens": TENS,
    "table": TENS / 10,
    "centred": TENS - 45,
    "standardised": (TENS - 45) / TENS.std(),
}

START = (-0.008864760398864746, 0.2455005645751953)  # torch.manual_seed(228), nn.Linear(1, 1)

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


def test_the_run_that_was_always_nan_is_reported_to_diverge():
    diagnosis = diagnose(range(65, 101, 5), lr=1e-3)
    assert diagnosis.max_lr == pytest.approx(1.4412e-4, rel=4e-5)
    assert diagnosis.condition_number == pytest.approx(366800, rel=1e-6)
    assert diagnosis.verdict == (
        "diverges: lr=0.001 is above 0.000144; use a smaller lr, or standardise x"
    )
    with pytest.raises(ValueError, match=r"no number of epochs will do.*lr=0\.001 is above"):
        diagnosis.epochs_to(1e-4)


def test_the_intercept_that_was_not_properly_learnt_is_reported_to_crawl():
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


@settings(max_examples=50)
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


def test_the_slow_direction_bears_one_name_only_where_it_is_that_ones():
    assert diagnose(UNITS["standardised"]).slow == "slope and intercept"
    assert diagnose([0.9, 1, 1.1]).slow == "slope and intercept"
    assert diagnose(UNITS["table"]).slow == "intercept"
    assert "81.87 % of the error in slope and intercept" in diagnose([-1, 1], lr=1e-4).verdict


def test_the_slow_direction_is_the_slope_where_x_is_small():
    assert diagnose(TENS).slow == "intercept"
    assert diagnose(TENS / 1000).slow == "slope"
    assert "% of the slope's error" in diagnose(TENS / 1000).verdict


# lr, momentum and pace


@settings(max_examples=100)
@given(hours, momenta, st.floats(1e-6, 1.5))
@example([-1, 1], 0.5, 0.5)
def test_shrink_is_the_spectral_radius_of_the_heavy_ball(x, momentum, share):
    lr = share * stable_lr(x, momentum=momentum)
    diagnosis = diagnose(x, lr=lr, momentum=momentum)
    radius = spectral_radius(np.linalg.eigvalsh(hessian(x)), lr, momentum)
    # Where the two roots meet, numpy finds them to the root of its precision.
    assert diagnosis.shrink == pytest.approx(radius, abs=2e-6)
    assert (diagnosis.shrink < 1) == (share < 1)


@settings(max_examples=100)
@given(hours, momenta, st.floats(1e-3, 1))
def test_no_lr_is_better_than_the_best(x, momentum, share):
    best = diagnose(x, momentum=momentum)
    other = diagnose(x, momentum=momentum, lr=share * best.max_lr)
    assert best.shrink <= other.shrink + 1e-12
    again = diagnose(x, momentum=momentum, lr=best.best_lr)
    assert again.shrink == pytest.approx(best.shrink, abs=1e-12)


@settings(max_examples=100)
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


@settings(max_examples=100)
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
        ({"x": UNITS["table"], "lr": 0.003}, "after 1000 epochs; use lr=0.0342"),
        ({"x": UNITS["standardised"], "lr": 1e-4}, "after 1000 epochs; use lr=0.5"),
        ({"x": UNITS["tens"]}, "crawls: 85.1 % of the intercept's error"),
        ({"x": TENS, "lr": 0.99999 * stable_lr(TENS)}, "crawls: 98.02 % of the slope's error"),
        ({"x": UNITS["tens"], "epochs": 1}, "is left after 1 epoch; standardise x"),
        (
            {"x": [-1, 1], "lr": 1.0},
            "never settles: lr=1 is the stable limit itself; use a smaller",
        ),
        ({"x": [-1, 1], "momentum": 0.99}, "up to 0.9269 % of the error in slope and intercept is"),
        ({"x": [-1, 1], "momentum": 0.99}, "use less momentum, or more epochs"),
        ({"x": [-1, 1], "lr": 1e-320}, "more than 99.99 % of the error in slope and intercept"),
        ({"x": TENS, "lr": 1e-3, "momentum": 0.97}, "diverges: lr=0.001 is above 0.000772"),
    ],
)
def test_the_verdict_says_what_happens_and_what_to_do(options, words):
    assert words in diagnose(**options).verdict


@settings(max_examples=100)
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


@settings(max_examples=60)
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


# Advice


@pytest.mark.parametrize("momentum", [0.0, 0.13, 0.5, 0.9])
@pytest.mark.parametrize("epochs", [30_000, 100_000])
def test_advice_arrives_when_it_is_followed(momentum, epochs):
    rng, advised = np.random.default_rng(0), 0
    for _ in range(60):
        x = rng.integers(1, 100, 8)
        if np.ptp(x) == 0:
            continue
        verdict = diagnose(x, lr=1e-6, momentum=momentum, epochs=epochs).verdict
        if "use lr=" not in verdict:
            continue
        advised += 1
        lr = float(verdict.split("use lr=")[1])
        again = diagnose(x, lr=lr, momentum=momentum, epochs=epochs)
        assert again.verdict.startswith("converges")
        # Well inside the limit, so that no rounding of lr or of x in float32 leads across it.
        assert lr < 0.995 * again.max_lr
        assert spectral_radius(np.linalg.eigvalsh(hessian(x)), lr, momentum) < 1
    # The fewer epochs, the less often any lr will do.
    assert advised > (30 if epochs == 100_000 else 0)


@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_advice_arrives_when_it_is_run(momentum):
    x = [1, 2, 3, 5]
    lr = float(diagnose(x, lr=1e-5, momentum=momentum).verdict.split("use lr=")[1])
    sizes = errors(x, lr=lr, momentum=momentum, epochs=1000)
    assert sizes[-1] <= 1e-4


@settings(max_examples=200)
@given(hours, momenta, st.floats(1, 1.001), st.integers(1, 20))
def test_no_sentence_compares_a_number_with_itself(x, momentum, share, digits):
    lr = float(f"{share * stable_lr(x, momentum=momentum):.{digits}g}")
    verdict = diagnose(x, lr=lr, momentum=momentum).verdict
    if " is above " in verdict:
        given, limit = verdict.split("lr=")[1].split(";")[0].split(" is above ")
        assert float(given) == lr
        assert float(limit) < lr
        assert float(limit) <= stable_lr(x, momentum=momentum)


# Whatever a linear layer is trained on


def design(x, intercept=True):
    x = np.asarray(x, dtype=float).reshape(len(x), -1)
    return np.column_stack([x, np.ones(len(x))]) if intercept else x


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("columns", [1, 2, 5])
def test_the_eigenvalues_of_several_columns_are_numpys(columns, intercept):
    x = np.random.default_rng(columns).normal(3, 2, (20_000, columns))
    matrix = design(x, intercept)
    expected = np.linalg.eigvalsh(2 / len(x) * matrix.T @ matrix)
    diagnosis = diagnose(x, intercept=intercept)
    assert diagnosis.eigenvalues == pytest.approx(expected, rel=1e-9)
    assert diagnosis.condition_number == pytest.approx(expected[-1] / expected[0], rel=1e-9)
    assert diagnosis.max_lr == stable_lr(x, intercept=intercept) == diagnosis.safe_lr
    assert diagnosis.max_lr == pytest.approx(2 / expected[-1], rel=1e-9)


def test_one_column_is_one_column_whatever_holds_it():
    plain = diagnose(TENS, lr=1e-4)
    for x in (TENS.reshape(-1, 1), pd.DataFrame({"hours": TENS}), torch.tensor(TENS)[:, None]):
        assert diagnose(x, lr=1e-4) == plain


def test_powers_of_one_x_are_columns_like_any_others():
    x = np.linspace(0, 1, 21)
    powers = np.column_stack([x**k for k in range(1, 6)])
    matrix = design(powers)
    expected = np.linalg.cond(matrix) ** 2
    assert diagnose(powers).condition_number == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("options", "factor"),
    [
        ({"reduction": "sum"}, 8),
        ({"factor": 0.5}, 0.5),
        ({"reduction": "sum", "factor": 0.5}, 4),
        ({"reduction": "sum", "batch_size": 2}, 2),
        ({"batch_size": 8}, 1),
        ({"batch_size": 100}, 1),
    ],
)
def test_another_loss_is_as_much_steeper(options, factor):
    plain, other = diagnose(TENS), diagnose(TENS, **options)
    assert other.eigenvalues == pytest.approx([factor * e for e in plain.eigenvalues], rel=1e-14)
    assert other.max_lr == pytest.approx(plain.max_lr / factor, rel=1e-14)
    assert stable_lr(TENS, **options) == other.max_lr


def test_the_verdict_names_the_loss_unless_it_is_the_mean_of_squares():
    # https://github.com/chenyuntc/pytorch-book/issues/138
    x = np.random.default_rng(0).random(30) * 20
    diagnosis = diagnose(x, lr=1e-3, reduction="sum", factor=0.5)
    assert diagnosis.verdict.startswith("diverges: lr=0.001 is above 0.000429;")
    assert diagnosis.verdict.endswith("(for half the sum of squares)")
    # https://github.com/42-AI/bootcamp_machine-learning/issues/119
    half = diagnose(np.arange(1, 101), lr=1e-4, epochs=200_000, factor=0.5)
    assert half.max_lr == pytest.approx(0.00059, abs=5e-6)
    assert "crawls: 0.7268 % of the intercept's error" in half.verdict
    assert "no intercept" in diagnose(x, intercept=False, lr=1e-9).verdict


def test_columns_are_named_by_their_frame():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"age": rng.normal(0, 1, 100), "paid": rng.normal(0, 0.1, 100)})
    verdict = diagnose(frame, lr=0.1).verdict
    assert "of the error in paid is left" in verdict
    assert diagnose(frame).slow == "paid"
    assert diagnose(frame.to_numpy()).slow == "x[:, 1]"
    assert diagnose(np.eye(9)[:, :6], intercept=False).slow == "x[:, 0], x[:, 1] and 4 others"


@pytest.mark.parametrize(
    ("x", "intercept", "names"),
    [
        # https://huggingface.co/datasets/nvidia/Nemotron-CC-Math-v1
        ([[1, 2], [1, 3], [1, 7], [1, 9]], True, ("x[:, 0]", "intercept")),
        ([[1, 2, 5], [2, 4, 6], [3, 6, 0], [4, 8, 3]], True, ("x[:, 0]", "x[:, 1]")),
        # https://github.com/vinhkhuc/PyTorch-Mini-Tutorials/issues/6, stacked as was meant
        (
            np.stack([np.linspace(-2, 2, 101), np.linspace(-1, 1, 101)], 1),
            False,
            ("x[:, 0]", "x[:, 1]"),
        ),
        (np.float64([[0.1, 0.1], [0.2, 0.2 + 1e-9], [0.7, 0.7]]), True, ("x[:, 0]", "x[:, 1]")),
        ([[1, 2], [3, 5]], True, ("x[:, 0]", "x[:, 1]", "intercept")),
        ([[1, 0], [3, 0], [4, 0]], True, ("x[:, 1]",)),
    ],
    ids=["ones", "twice", "scaled", "float32", "two points", "zeros"],
)
def test_columns_that_repeat_each_other_are_named_and_do_no_harm_else(x, intercept, names):
    diagnosis = diagnose(x, intercept=intercept, lr=1e-3, epochs=10**7)
    assert diagnosis.repeats == names
    assert diagnosis.condition_number > 1e13
    assert diagnosis.verdict.startswith("repeats: ")
    for name in names:
        assert name in diagnosis.verdict
    # The predictions arrive as if the columns were told apart.
    assert "apart from that, training converges in" in diagnosis.verdict
    rows = design(x, intercept)
    goal = rows @ np.arange(1, rows.shape[1] + 1)
    weights = np.zeros(rows.shape[1])
    best = diagnose(x, intercept=intercept)
    for _ in range(best.epochs_to(1e-6)):
        weights -= best.lr * 2 / len(rows) * rows.T @ (rows @ weights - goal)
    assert rows @ weights == pytest.approx(goal, abs=1e-4 * np.abs(goal).max())


def test_columns_that_are_only_alike_do_not_repeat():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 1)) + 1e-4 * rng.normal(size=(200, 2))
    assert diagnose(x).repeats == ()
    assert diagnose(x * [1, 1e-6]).repeats == ()


# Batches


def grown(rows, *, lr, size, epochs, seed=0):
    """Return by how many powers of ten an error grows in `epochs` dealings of batches."""
    rng, error, powers = np.random.default_rng(seed), np.ones(rows.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(rows))
        for begin in range(0, len(rows), size):
            batch = rows[order[begin : begin + size]]
            error = error - lr * 2 / len(batch) * batch.T @ (batch @ error)
        length = np.linalg.norm(error)
        powers, error = powers + math.log10(length), error / length
    return powers


def test_batches_of_one_bear_what_the_steepest_point_bears():
    x = np.arange(200)
    diagnosis = diagnose(x, lr=5e-5, batch_size=1)
    assert diagnosis.safe_lr == pytest.approx(2 / (2 * (199**2 + 1)), rel=1e-14)
    assert diagnosis.max_lr == diagnose(x).max_lr == pytest.approx(7.6e-5, rel=0.01)
    assert diagnosis.verdict.startswith("may diverge: lr=5e-05 is above 2.52e-05")
    assert diagnose(x, lr=2.5e-5, batch_size=1).verdict.startswith("crawls")
    assert diagnose(x, lr=8e-5, batch_size=1).verdict.startswith("diverges")
    assert diagnosis.steps == 200


@pytest.mark.parametrize("size", [1, 3, 10, 39, 40])
@pytest.mark.parametrize("columns", [1, 3])
def test_no_possible_batch_is_steeper_than_safe_lr_allows(columns, size):
    rng = np.random.default_rng(columns)
    x = rng.exponential(size=(40, columns))
    rows, safe = design(x), diagnose(x, batch_size=size).safe_lr
    left = 40 % size or size
    for count in {size, left}:
        # Steep ones by looking along their own steepest direction, and random ones.
        batches = [rng.choice(40, count, replace=False) for _ in range(50)]
        for _ in range(5):
            batches += [
                np.argsort(-((rows @ np.linalg.svd(rows[b])[2][0]) ** 2))[:count]
                for b in batches[:50]
            ]
        steepest = max(2 / count * np.linalg.norm(rows[b], 2) ** 2 for b in batches)
        assert safe <= 2 / steepest * (1 + 1e-12)
        if size in (1, 40):
            assert safe == pytest.approx(2 / steepest)


@pytest.mark.parametrize("size", [1, 5, 20])
def test_below_safe_lr_no_dealing_grows_and_well_above_max_lr_all_do(size):
    x = np.random.default_rng(1).normal(1, 1, 60)
    diagnosis, rows = diagnose(x, batch_size=size), design(x)
    for seed in range(5):
        assert grown(rows, lr=diagnosis.safe_lr, size=size, epochs=20, seed=seed) < 0
        assert grown(rows, lr=1.3 * diagnosis.max_lr, size=size, epochs=20, seed=seed) > 0


def test_between_the_two_it_depends():
    x = np.random.default_rng(0).normal(size=(60, 5))
    rows, diagnosis = design(x), diagnose(x, batch_size=1)
    middle = [grown(rows, lr=s * diagnosis.max_lr, size=1, epochs=20) for s in (0.1, 0.7)]
    assert middle[0] < 0 < middle[1]


def test_the_mean_over_the_dealings_of_a_step_is_a_step_of_the_whole():
    x = np.random.default_rng(3).normal(2, 1, 6)
    rows = design(x)
    batches = [rows[list(pair)] for pair in itertools.combinations(range(6), 2)]
    mean = np.mean([2 / 2 * b.T @ b for b in batches], axis=0)
    assert diagnose(x, batch_size=2).eigenvalues == pytest.approx(np.linalg.eigvalsh(mean))


def test_epochs_in_batches_count_whole_epochs():
    x = np.random.default_rng(0).normal(size=100)
    whole = diagnose(x, lr=1e-3)
    dealt = diagnose(x, lr=1e-3, batch_size=10)
    assert dealt.epochs_to(1e-2) == -(-whole.epochs_to(1e-2) // 10)
    assert dealt.shrink == pytest.approx(whole.shrink**10)
    assert "wavers as batches differ" in diagnose(x, lr=0.01, batch_size=10).verdict


def test_advice_for_batches_is_safe():
    for size in (1, 7, 30):
        x = np.random.default_rng(size).normal(1, 1, (100, 2))
        first = diagnose(x, lr=1e-7, batch_size=size)
        lr = float(first.verdict.split("use lr=")[1].split(" ")[0])
        assert lr < first.safe_lr
        assert diagnose(x, lr=lr, batch_size=size).verdict.startswith("converges")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"reduction": "none"}, "reduction='none' is unknown; use one of mean, sum"),
        ({"factor": 0}, "factor=0 is no factor of a loss"),
        ({"factor": "half"}, "factor='half' is no factor of a loss"),
        ({"batch_size": 0}, "batch_size=0 is no number of points; give a whole number"),
        ({"batch_size": 2.5}, "batch_size=2.5 is no number of points"),
    ],
)
def test_an_option_that_means_nothing_is_reported(options, message):
    for ask in (diagnose, stable_lr):
        with pytest.raises(ValueError, match=message):
            ask(TENS, **options)


def test_columns_that_are_all_constant_leave_the_intercept_to_be_learnt():
    diagnosis = diagnose(np.zeros((7, 2)), momentum=0.01, epochs=1)
    assert diagnosis.standardised == (2.0, 2.0)
    assert diagnosis.verdict.startswith("repeats: x[:, 0] and x[:, 1] can be computed")


@pytest.mark.parametrize(
    ("x", "options", "error", "message"),
    [
        ([0, 0, 0], {"intercept": False}, ValueError, "all x are 0"),
        (np.zeros((3, 0)), {}, ValueError, "give at least one column"),
        ([[1, 2], [3, math.nan]], {}, ValueError, r"x\[:, 1\]\[1\] is nan"),
        ([[1, 2]], {}, ValueError, "two points, and there are 1"),
        ([[1, 1e200], [2, 3]], {}, ValueError, "squares of x overflow"),
        ([[1, 1.7e308], [2, -1.7e308]], {}, ValueError, "differences of x overflow"),
        (
            [[4e-7, 1.7e9], [5e-7, 1.75e9], [7e-7, 1.71e9], [6e-7, 1.8e9]],
            {},
            ValueError,
            "differ so much in size",
        ),
        (pd.DataFrame({"age": [1, 2], "name": ["a", "b"]}), {}, TypeError, "name holds 'a'"),
    ],
)
def test_columns_from_which_nothing_is_learnt_are_reported(x, options, error, message):
    with pytest.raises(error, match=message):
        diagnose(x, **options)


@pytest.mark.parametrize(("scale", "intercept", "named"), [(1e100, True, "ones of the intercept")])
def test_columns_that_only_the_intercept_is_far_from_are_not_blamed(scale, intercept, named):
    x = np.random.default_rng(0).normal(size=(300, 2)) * scale
    with pytest.raises(ValueError, match=named):
        diagnose(x, intercept=intercept)


@pytest.mark.parametrize("factor", [1e308, 1e-320])
def test_a_factor_beyond_float64_is_refused(factor):
    with pytest.raises(ValueError, match=r"factor=.*beyond float64"):
        diagnose([1, 2, 3], factor=factor)


def test_columns_that_repeat_are_named_at_the_largest_stable_lr_too():
    x = np.random.default_rng(0).normal(loc=(1e9, 0), size=(300, 2))
    diagnosis = diagnose(x)
    assert diagnosis.lr == diagnosis.max_lr
    assert diagnosis.verdict.startswith("repeats: ")


@pytest.mark.parametrize("size", [7, 8192, 9000, 20_000, 29_999])
def test_the_limit_of_batches_is_that_of_the_longest_rows_that_one_can_hold(size):
    x = np.random.default_rng(0).normal(size=(30_000, 3))
    lengths = np.sort(1 + (x**2).sum(axis=1))
    fewest = 30_000 % size or size
    whole = diagnose(x)
    held = min(2 * lengths[-fewest:].sum(), 30_000 * whole.eigenvalues[-1])
    limit = min(2 * fewest / held, whole.max_lr)
    assert diagnose(x, batch_size=size).safe_lr == pytest.approx(limit, rel=1e-9)


def test_all_x_equal_are_no_trouble_without_an_intercept():
    diagnosis = diagnose([3, 3, 3], intercept=False)
    assert diagnosis.eigenvalues == pytest.approx([18])
    assert diagnosis.verdict.startswith("converges in 1 epoch")


@pytest.mark.parametrize("cores", [1, 2])
def test_memory_does_not_grow_with_the_points(cores, monkeypatch):
    monkeypatch.setattr("linreg.cores.count", lambda: cores)
    x = np.random.default_rng(0).normal(size=(400_000, 10)).astype(np.float32)
    diagnose(x[:99], batch_size=9)
    tracemalloc.start()
    diagnose(x, batch_size=64)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Two chunks of 512 times 88 rows and 11 columns of float64, and small change; all x as float64
    # would take 32 MB.
    assert peak < 10e6 * cores


def test_every_digit_of_a_diagnosis_is_the_same_on_any_number_of_cores(monkeypatch):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500_007, 3)) @ rng.normal(size=(3, 3)) + 5
    found = []
    for cores in (1, 2, 3, 64):
        monkeypatch.setattr("linreg.cores.count", lambda cores=cores: cores)
        found.append(diagnose(x).eigenvalues)
        assert found[-1] == found[0]
    x[123_456, 1] = x[400_000, 0] = np.nan
    with pytest.raises(ValueError, match=r"x\[:, 1\]\[123456\] is nan"):
        diagnose(x)


# What float32 reaches of the documented counts


def float32_run(x, y, *, lr, epochs, momentum=0.0):
    """Train from seed 228 in float32, as PyTorch does; return slope and intercept."""
    x, y, lr, momentum = map(np.float32, (x, y, lr, momentum))
    slope, intercept = map(np.float32, START)
    share = np.float32(2 / len(x))
    rise = shift = np.float32(0)
    for _ in range(epochs):
        residuals = (x * slope + intercept - y) * share
        rise = momentum * rise + residuals @ x
        shift = momentum * shift + residuals.sum()
        slope, intercept = slope - lr * rise, intercept - lr * shift
    return float(slope), float(intercept)


def left(x, y, *, lr, epochs):
    best = least_squares(x, y)
    _, intercept = float32_run(x, y, lr=lr, epochs=epochs)
    return (intercept - best.intercept) / (START[1] - best.intercept)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_the_float32_run_is_that_of_pytorch(momentum):
    options = {"lr": 1e-4, "epochs": 1000, "momentum": momentum}
    fit, line = train(TENS, SCORES, **options), float32_run(TENS, SCORES, **options)
    assert line == pytest.approx((fit.slope, fit.intercept), rel=1e-6)


@pytest.mark.parametrize(
    ("units", "lr", "tolerance"),
    [
        ("tens", 1e-4, 0.5),
        ("table", None, 1e-4),
        ("centred", None, 1e-4),
        ("standardised", None, 1e-4),
    ],
)
def test_training_for_a_documented_count_of_epochs_leaves_what_is_documented(units, lr, tolerance):
    x = UNITS[units]
    y = SCORES / 10 if units == "table" else SCORES
    diagnosis = diagnose(x, lr=lr)
    count = diagnosis.epochs_to(tolerance)
    assert left(x, y, lr=diagnosis.lr, epochs=count) <= tolerance * 1.002 + 1e-7
    # Swinging directions apart, fewer epochs leave more.
    if count > 1:
        assert abs(left(x, y, lr=diagnosis.lr, epochs=count // 2)) > tolerance


@pytest.mark.parametrize("lr", [1e-4, None])
def test_the_run_that_can_never_arrive_stops_where_float32_no_longer_moves(lr):
    diagnosis, best = diagnose(TENS, lr=lr), least_squares(TENS, SCORES)
    count = diagnosis.epochs_to(1e-4)
    assert count == (57_074 if lr is None else 223_745)
    _, intercept = float32_run(TENS, SCORES, lr=diagnosis.lr, epochs=count)
    away = best.intercept - intercept
    # Exact arithmetic would leave a ten-thousandth.
    assert away > 2e-4 * best.intercept
    assert away == pytest.approx(diagnosis.float32_floor(best.intercept), rel=0.02)


def test_the_float32_floor_with_momentum_is_where_the_run_stops():
    best = least_squares(TENS, SCORES)
    options = {"lr": 1e-4, "momentum": 0.9}
    floor = diagnose(TENS, **options).float32_floor(best.intercept)
    _, intercept = float32_run(TENS, SCORES, epochs=40_000, **options)
    assert best.intercept - intercept == pytest.approx(floor, rel=0.2)


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e39])
def test_a_value_that_float32_does_not_hold_has_no_floor(value):
    with pytest.raises(ValueError, match="no number that float32 holds"):
        diagnose(TENS).float32_floor(value)


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
        ([0, 1e200], ValueError, "other units for x"),
        ([0, 1e-200], ValueError, "other units for x"),
        ([1e160, 1.000000000001e160 - 1e145], ValueError, "units"),
        ([1e155, 1e155 + 1e142], ValueError, "squares of x, with mean 1e\\+155, overflow"),
    ],
)
def test_an_x_without_a_line_is_reported(x, error, message):
    for ask in (stable_lr, diagnose):
        with pytest.raises(error, match=message):
            ask(x)
    with pytest.raises(error, match=message):
        descent_path(x, list(range(len(x))), lr=0.1, epochs=1, start=(0, 0))


@pytest.mark.parametrize("lr", [0, -1, math.nan, math.inf, "0.1", 1j])
def test_an_lr_that_is_none_is_reported(lr):
    with pytest.raises(ValueError, match="is no learning rate; give a positive number"):
        diagnose(TENS, lr=lr)
    with pytest.raises(ValueError, match="is no learning rate; give a positive number"):
        descent_path(TENS, SCORES, lr=lr, epochs=1, start=(0, 0))


@pytest.mark.parametrize("momentum", [-0.1, 1, 2, math.nan, "0.9", None])
def test_a_momentum_that_never_settles_is_reported(momentum):
    for ask in (stable_lr, diagnose):
        with pytest.raises(ValueError, match="never settles; give 0 or more, and less than 1"):
            ask(TENS, momentum=momentum)


@pytest.mark.parametrize("epochs", [0, -1, 1.5, True, "10", None])
def test_epochs_that_are_no_count_are_reported(epochs):
    with pytest.raises(ValueError, match="is no number of epochs; give a whole number"):
        diagnose(TENS, epochs=epochs)
    with pytest.raises(ValueError, match="is no number of epochs; give a whole number"):
        descent_path(TENS, SCORES, lr=1e-4, epochs=epochs, start=(0, 0))


@pytest.mark.parametrize("tolerance", [0, 1, -1, 2, math.nan, "1e-4", None])
def test_a_tolerance_that_is_no_share_is_reported(tolerance):
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


def test_an_lr_too_small_to_move_anything_is_reported():
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
def test_a_start_that_is_no_pair_is_reported(start, error, message):
    with pytest.raises(error, match=message):
        descent_path(TENS, SCORES, lr=1e-4, epochs=3, start=start)


def test_x_and_y_of_different_lengths_have_no_path():
    with pytest.raises(ValueError, match="x has 8 values and y has 7"):
        descent_path(TENS, SCORES[:-1], lr=1e-4, epochs=3, start=(0, 0))


@settings(max_examples=100)
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


# Claims of docs/convergence/page.md that take many runs; the others stand in the page


def test_every_run_of_this_program_ends_within_these_bounds():
    def end(start):
        path = descent_path(TENS, SCORES, lr=1e-4, epochs=1000, start=start)
        return path.slopes[-1], path.intercepts[-1], 35 * path.slopes[-1] + path.intercepts[-1]

    corners = np.array([end((s, i)) for s in (-1, 1) for i in (-1, 1)])
    least, most = corners.min(axis=0), corners.max(axis=0)
    for start in np.random.default_rng(0).uniform(-1, 1, size=(50, 2)):
        assert (least <= end(start)).all() and (end(start) <= most).all()
