"""Training: bit for bit what a plain PyTorch loop does, and clear words where it cannot be done."""

import dataclasses
import math
import pickle
import random
import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from linreg.convergence import diagnose
from linreg.data import load_study
from linreg.line import Line
from linreg.trainer import Fit, TrainingDiverged, train
from press.contract import read_record
from press.pages import DOCS

HOURS = [10, 20, 30, 40, 50, 60, 70, 80]
SCORES = [480, 520, 710, 680, 830, 890, 920, 980]

number = st.integers(-1000, 1000) | st.floats(-1000, 1000, width=32)
points = st.lists(st.tuples(number, number), min_size=2, max_size=12).filter(
    lambda pairs: np.ptp(np.float32([x for x, _ in pairs])) > 1e-3
)

RECORD = read_record(DOCS / "trainer" / "recorded.toml").values
DOCUMENTED = (RECORD["learned_slope"], RECORD["learned_intercept"], RECORD["prediction_35"])


@pytest.fixture(scope="module")
def fit():
    return train(HOURS, SCORES, lr=1e-4)


@pytest.fixture(scope="module")
def short():
    return train(HOURS, SCORES, epochs=20, lr=1e-4)


@pytest.fixture(autouse=True)
def caller_settings():
    """Put back what a test sets for the whole of torch."""
    with torch.random.fork_rng():
        yield
    torch.set_default_dtype(torch.float32)
    torch.set_default_device(None)


def new_model(seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return nn.Linear(1, 1)


def plain_loop(x, y, *, lr=1e-4, epochs=1000, seed=228):
    """The tutorial's program; returns its model and losses."""
    x = torch.tensor(x, dtype=torch.float32)
    y = torch.tensor(y, dtype=torch.float32)
    model = new_model(seed)
    loss_function = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        predictions = model(x.reshape(-1, 1))
        loss = loss_function(predictions, y.reshape(-1, 1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model, losses


def assert_same_bits(fit, model, losses):
    assert fit.slope == model.weight.item()
    assert fit.intercept == model.bias.item()
    assert fit.losses == tuple(losses)


def numpy_stable_lr(x):
    x = np.asarray(x, dtype=np.float64)
    hessian = 2 / len(x) * np.array([[x @ x, x.sum()], [x.sum(), len(x)]])
    return 2 / np.linalg.eigvalsh(hessian)[-1]


# What it computes


def test_with_its_defaults_it_repeats_the_tutorials_program_to_the_last_bit(fit):
    model, losses = plain_loop(HOURS, SCORES)
    assert_same_bits(fit, model, losses)
    assert len(fit.losses) == 1000
    with torch.no_grad():
        assert fit.predict(35) == pytest.approx(model(torch.tensor([[35.0]])).item(), rel=1e-6)


def test_with_its_defaults_it_gives_the_documented_numbers(fit):
    assert (f"{fit.slope:.2f}", f"{fit.intercept:.2f}", f"{fit.predict(35):.1f}") == DOCUMENTED
    assert fit.slope == pytest.approx(14.467856, abs=1e-6)
    assert fit.intercept == pytest.approx(17.409512, abs=1e-6)
    assert fit.predict(35) == pytest.approx(523.78448, abs=1e-5)
    assert fit.losses[-1] == pytest.approx(34814.73, abs=0.01)


def test_228_is_the_smallest_seed_that_gives_the_documented_numbers():
    models = [new_model(seed) for seed in range(229)]
    # All the runs at once, one in each row, with the gradients of the mean squared error by hand.
    slopes = torch.cat([model.weight.detach() for model in models])
    intercepts = torch.stack([model.bias.detach() for model in models])
    x = torch.tensor([HOURS], dtype=torch.float32)
    y = torch.tensor([SCORES], dtype=torch.float32)
    for _ in range(1000):
        pull = 2 / 8 * (slopes * x + intercepts - y)
        slopes -= 1e-4 * (pull * x).sum(1, keepdim=True)
        intercepts -= 1e-4 * pull.sum(1, keepdim=True)
    documented = [
        seed
        for seed, (slope, intercept) in enumerate(torch.hstack([slopes, intercepts]).tolist())
        if (f"{slope:.2f}", f"{intercept:.2f}", f"{35 * slope + intercept:.1f}") == DOCUMENTED
    ]
    assert documented == [228]


@settings(max_examples=60)
@given(points, st.floats(0.01, 0.99), st.integers(-(2**63), 2**64 - 1), st.integers(1, 8))
def test_on_any_points_it_does_what_the_plain_loop_does(pairs, share, seed, epochs):
    x, y = zip(*pairs, strict=True)
    lr = share * numpy_stable_lr(np.float32(x))
    expected = plain_loop(x, y, lr=lr, epochs=epochs, seed=seed)
    assert_same_bits(train(x, y, lr=lr, epochs=epochs, seed=seed), *expected)


@pytest.mark.parametrize("n", [2, 3, 7, 100, 1001])
def test_any_number_of_points_gives_the_plain_loops_bits(n):
    rng = np.random.default_rng(n)
    x = rng.normal(3, 2, n).astype(np.float32)
    y = rng.normal(5, 1, n).astype(np.float32)
    expected = plain_loop(x, y, lr=0.01, epochs=50, seed=1)
    assert_same_bits(train(x, y, lr=0.01, epochs=50, seed=1), *expected)


def test_with_enough_epochs_it_finds_the_best_line():
    fit = train(range(1, 9), [48, 52, 71, 68, 83, 89, 92, 98], lr=0.03)
    slope, intercept = np.polyfit(range(1, 9), [48, 52, 71, 68, 83, 89, 92, 98], 1)
    assert fit.slope == pytest.approx(slope, abs=1e-3)
    assert fit.intercept == pytest.approx(intercept, abs=1e-3)


@pytest.mark.parametrize("epochs", [1, 2, 17])
def test_each_epoch_has_the_loss_from_before_its_step(epochs):
    fit = train(HOURS, SCORES, epochs=epochs, lr=1e-4)
    assert len(fit.losses) == epochs
    start = new_model(228)
    first = np.mean(
        (np.array(SCORES) - start.weight.item() * np.array(HOURS) - start.bias.item()) ** 2
    )
    assert fit.losses[0] == pytest.approx(first, rel=1e-6)
    assert fit.losses == train(HOURS, SCORES, epochs=epochs + 1, lr=1e-4).losses[:-1]
    # The next run's last loss belongs to this run's line.
    after = train(HOURS, SCORES, epochs=epochs + 1, lr=1e-4).losses[-1]
    assert fit.mean_squared_error(HOURS, SCORES) == pytest.approx(after, rel=1e-5)


def test_below_the_stable_lr_the_loss_never_rises(fit):
    assert max(np.diff(fit.losses)) <= 1e-6 * fit.losses[-1]


@pytest.mark.parametrize(
    "lr",
    [np.float64(1e-4), np.float32(1e-4), Fraction(1, 10000)],
    ids=lambda lr: type(lr).__name__,
)
def test_an_lr_may_be_any_kind_of_real_number(lr):
    expected = plain_loop(HOURS, SCORES, lr=float(lr), epochs=5)
    assert_same_bits(train(HOURS, SCORES, lr=lr, epochs=5), *expected)


def test_epochs_and_seed_may_come_from_numpy():
    a = train(HOURS, SCORES, epochs=np.int64(3), seed=np.uint8(7), lr=1e-4)
    assert a == train(HOURS, SCORES, epochs=3, seed=7, lr=1e-4)


# What it takes


@pytest.mark.parametrize(
    "kind",
    [
        list,
        tuple,
        np.array,
        np.float32,
        np.uint16,
        lambda v: np.array(v, dtype=">i4"),
        lambda v: np.array(v)[::-1][::-1],
        lambda v: np.array(v, dtype=object),
        lambda v: np.array(v).reshape(-1, 1),
        lambda v: [[value] for value in v],
        pd.Series,
        lambda v: pd.DataFrame({"hours": v})["hours"],
        lambda v: pd.DataFrame({"hours": v}),
        lambda v: pd.Series(v, dtype="Int64"),
        lambda v: pd.Series(v, index=range(8, 0, -1)),
        torch.tensor,
        lambda v: torch.tensor(v, dtype=torch.float64),
        lambda v: torch.tensor(v, dtype=torch.float32, requires_grad=True),
        # 8 bits of precision hold these multiples of ten.
        lambda v: torch.tensor(v, dtype=torch.float32).reshape(-1, 1),
        lambda v: nn.Parameter(torch.tensor(v, dtype=torch.float64)),
        lambda v: [torch.tensor(float(value)) for value in v],
    ],
)
def test_whatever_holds_the_same_numbers_gives_the_same_fit(short, kind):
    x, y = kind(HOURS), kind(SCORES)
    assert train(x, SCORES, epochs=20, lr=1e-4) == short
    assert train(HOURS, y, epochs=20, lr=1e-4) == short


def test_bfloat16_gives_the_fit_of_the_numbers_it_holds():
    x, y = (torch.tensor(v, dtype=torch.bfloat16) for v in (HOURS, SCORES))
    expected = plain_loop(x.tolist(), y.tolist(), epochs=20)
    assert_same_bits(train(x, y, epochs=20, lr=1e-4), *expected)


def test_the_callers_data_stay_as_they_were():
    x, y = np.array(HOURS, dtype=np.float32), torch.tensor(SCORES, dtype=torch.float32)
    y.requires_grad_()
    train(x, y, epochs=5, lr=1e-4)
    assert x.tolist() == HOURS
    assert y.tolist() == SCORES
    assert y.grad is None


def test_data_that_may_not_be_written_to_will_do(short):
    x = np.array(HOURS, dtype=np.float32)
    x.flags.writeable = False
    assert train(x, SCORES, epochs=20, lr=1e-4) == short


# What it leaves alone


def test_nobodys_random_numbers_change():
    torch.manual_seed(1)
    np.random.seed(1)
    random.seed(1)
    expected = torch.rand(3), np.random.rand(3), random.random()
    torch.manual_seed(1)
    np.random.seed(1)
    random.seed(1)
    train(HOURS, SCORES, epochs=2, lr=1e-4)
    assert torch.equal(torch.rand(3), expected[0])
    assert np.array_equal(np.random.rand(3), expected[1])
    assert random.random() == expected[2]
    assert torch.initial_seed() == 1


def test_the_callers_random_numbers_change_nothing(short):
    torch.manual_seed(3)
    assert train(HOURS, SCORES, epochs=20, lr=1e-4) == short


@pytest.mark.parametrize(
    "inside",
    [
        torch.no_grad,
        torch.inference_mode,
        lambda: torch.device("meta"),
        lambda: torch.autocast("cpu", dtype=torch.bfloat16),
        lambda: np.errstate(all="raise"),
    ],
    ids=["no_grad", "inference_mode", "device", "autocast", "errstate"],
)
def test_what_the_caller_is_inside_of_changes_nothing(short, inside):
    with inside():
        again = train(HOURS, SCORES, epochs=20, lr=1e-4)
        grad, inference = torch.is_grad_enabled(), torch.is_inference_mode_enabled()
        tensor_fit = train(
            *(torch.tensor(v, device="cpu") for v in (HOURS, SCORES)), epochs=20, lr=1e-4
        )
    assert again == short
    assert tensor_fit == short
    assert (grad, inference) == {
        torch.no_grad: (False, False),
        torch.inference_mode: (False, True),
    }.get(inside, (True, False))


def test_tensors_made_in_inference_mode_will_do(short):
    with torch.inference_mode():
        study = load_study("tens")
    assert train(study.x, study.y, epochs=20, lr=1e-4) == short


def test_the_callers_default_dtype_and_device_are_neither_read_nor_changed(short):
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    assert train(HOURS, SCORES, epochs=20, lr=1e-4) == short
    assert torch.get_default_dtype() == torch.float64
    assert torch.get_default_device() == torch.device("meta")


# What it returns


def test_a_fit_is_a_line_that_nobody_can_change(fit):
    assert type(fit) is Fit
    assert isinstance(fit, Line)
    for name in ("slope", "intercept", "losses"):
        with pytest.raises(dataclasses.FrozenInstanceError, match=name):
            setattr(fit, name, 0)


def test_a_fit_is_plain_data(fit):
    assert type(fit.slope) is type(fit.intercept) is float
    assert type(fit.losses) is tuple
    assert {type(loss) for loss in fit.losses} == {float}
    assert pickle.loads(pickle.dumps(fit)) == fit
    assert hash(fit) == hash(train(HOURS, SCORES, lr=1e-4))
    assert repr(fit) == f"Fit(slope={fit.slope}, intercept={fit.intercept})"


# Bad input


@pytest.mark.parametrize(
    ("x", "y", "error", "message"),
    [
        (HOURS, SCORES[:-1], ValueError, "x has 8 values and y has 7; give one y for each x"),
        (HOURS[:1], SCORES, ValueError, "x has 1 values and y has 8; give one y for each x"),
        ([], [], ValueError, "at least two points, and there are 0; add points"),
        ([1], [2], ValueError, "at least two points, and there are 1; add points"),
        ([1, math.nan], [1, 2], ValueError, "x[1] is nan; drop or fill"),
        ([1, 2], [-math.inf, 2], ValueError, "y[0] is -inf; drop or fill"),
        (
            ["10", "20"],
            [1, 2],
            TypeError,
            "x holds '10' at x[0], which is text; convert it: pandas.to_numeric(x)",
        ),
        ([1, 2], [1, "980"], TypeError, "y holds '980' at y[1], which is text; convert it"),
        ([1, 2], [1, 2j], TypeError, "y holds 2j at y[1], which is not a real number; give"),
        (
            [[1, 2], [3, 4]],
            [1, 2],
            ValueError,
            "x has shape (2, 2), and one column is wanted: give",
        ),
        (None, [1, 2], TypeError, "x is the single value None; give a list"),
        ([3, 3, 3], [1, 2, 3], ValueError, "all x equal 3.0: no line exists"),
        ([3, 3, 3], [1, 2, 3], ValueError, "add a point with another x"),
        ([1e9, 1e9 + 1], [1, 2], ValueError, "all x are 1000000000.0 once rounded to float32"),
        ([1, 2, 3], [1e-50, 2e-50, 4e-50], ValueError, "all y are 0.0 once rounded to float32"),
        ([1e9, 1e9 + 1], [1, 2], ValueError, "subtract their mean from x, or choose other units"),
        ([1, 1e39], [1, 2], ValueError, "x[1] is 1e+39, beyond float32; choose larger units"),
        ([1, 2], [-2e39, 2], ValueError, "y[0] is -2e+39, beyond float32; choose larger units"),
        ([1, 2], [1, 2e25], ValueError, "the loss is inf at the start, beyond float32; choose"),
    ],
)
def test_data_without_a_line_are_told_and_how_to_mend_them(x, y, error, message):
    with pytest.raises(error, match=re.escape(message)):
        train(x, y, lr=1e-4)


@pytest.mark.parametrize(
    "lr",
    [
        *(0, -1e-4, -0.0, math.nan, math.inf, -math.inf, 1e39, 10**400, np.float32(np.nan)),
        *("1e-4", b"1", 1j, True, [1e-4], torch.tensor(1e-4)),
    ],
    ids=lambda lr: repr(lr)[:20],
)
def test_an_lr_that_cannot_work_is_reported(lr):
    message = f"lr={lr!r} is no learning rate; give a positive number such as 1e-4"
    with pytest.raises(ValueError, match=re.escape(message)):
        train(HOURS, SCORES, lr=lr)


@given(st.floats(max_value=0) | st.sampled_from([math.inf, math.nan]) | st.integers(max_value=0))
def test_no_lr_from_zero_down_works(lr):
    with pytest.raises(ValueError, match=re.escape(f"lr={lr!r} is no learning rate")):
        train(HOURS, SCORES, lr=lr)


@pytest.mark.parametrize(
    "epochs", [0, -1, 2.5, 10.0, True, np.True_, "10", None, math.nan, math.inf, [10]], ids=repr
)
def test_epochs_that_are_no_count_are_reported(epochs):
    message = f"epochs={epochs!r} is no number of epochs; give a whole number from 1 up"
    with pytest.raises(ValueError, match=re.escape(message)):
        train(HOURS, SCORES, epochs=epochs, lr=1e-4)


@pytest.mark.parametrize(
    "seed", [2.0, 2.5, True, "228", None, math.nan, 2**64, -(2**63) - 1, (1, 2)], ids=repr
)
def test_a_seed_that_is_none_is_reported(seed):
    message = f"seed={seed!r} is no seed; give a whole number such as 228"
    with pytest.raises(ValueError, match=re.escape(message)):
        train(HOURS, SCORES, seed=seed, lr=1e-4)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_who_gives_no_lr_is_reported_where_to_get_one(optimizer):
    with pytest.raises(ValueError, match=rf"{optimizer} needs a learning rate: .*best_lr"):
        train(HOURS, SCORES, optimizer=optimizer)
    assert train(HOURS, SCORES, lr=diagnose(HOURS).best_lr, optimizer=optimizer).losses


@pytest.mark.parametrize(("lr", "epochs"), [(4e-4, 1000), (0.01, 100), (1.0, 30), (1e30, 2)])
def test_a_diverging_run_is_reported_with_its_epoch_its_lr_and_the_stable_one(lr, epochs):
    with pytest.raises(TrainingDiverged, match="diverged") as caught:
        train(HOURS, SCORES, lr=lr, epochs=epochs)
    message = str(caught.value)
    _, losses = plain_loop(HOURS, SCORES, lr=lr, epochs=epochs + 1)
    bad = next(k for k, loss in enumerate(losses) if not math.isfinite(loss))
    assert f"epoch {bad} of {epochs} " in message
    assert f"lr={lr} " in message
    assert f"the loss is {losses[bad]:.3g}, and it began at {losses[0]:.3g}" in message
    assert f"largest stable lr for this x is {numpy_stable_lr(HOURS):.3g}" in message
    assert "use a smaller lr, or standardise x" in message
    assert list(caught.value.losses) == losses[: bad + 1]


def test_the_error_keeps_words_and_losses_when_it_is_sent_to_another_process():
    with pytest.raises(TrainingDiverged) as caught:
        train(HOURS, SCORES, lr=1)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.losses) == (str(caught.value), caught.value.losses)


@pytest.mark.parametrize(
    ("options", "rises"),
    [
        ({"lr": 3.94e-4, "epochs": 100}, True),
        ({"lr": 7e-4, "momentum": 0.9, "epochs": 2}, True),
        ({"lr": 5000, "optimizer": "adam", "epochs": 5}, True),
        ({"lr": 3.9e-4, "epochs": 100}, False),
    ],
)
def test_a_run_is_returned_while_its_losses_are_finite(options, rises):
    fit = train(HOURS, SCORES, **options)
    assert (fit.mean_squared_error(HOURS, SCORES) > fit.losses[0]) == rises
    assert len(fit.losses) == options["epochs"]


def test_the_lr_that_the_message_names_separates_what_works_from_what_does_not():
    with pytest.raises(TrainingDiverged) as caught:
        train(HOURS, SCORES, lr=1)
    limit = float(re.search(r"stable lr for this x is (\S+):", str(caught.value))[1])
    assert train(HOURS, SCORES, lr=0.999 * limit).losses[-1] < 5e5
    assert train(HOURS, SCORES, lr=1.002 * limit).losses[-1] > 1e6


@settings(max_examples=25)
@given(points)
def test_on_any_points_far_above_the_stable_lr_training_diverges_and_says_so(pairs):
    x, y = (np.float32(column) for column in zip(*pairs, strict=True))
    limit = numpy_stable_lr(x)
    # Points on the line that training starts from leave nothing to grow.
    start = new_model(228)
    assume(abs(start.weight.item() * x + start.bias.item() - y).max() > 0.01)
    with pytest.raises(TrainingDiverged, match=r"with lr=.*smaller lr") as caught:
        train(x, y, lr=3 * limit, epochs=300)
    named = float(re.search(r"stable lr for this x is (\S+):", str(caught.value))[1])
    assert named == pytest.approx(limit, rel=0.006)


# Options: momentum, optimisers, standard units


def optimizer_loop(x, y, make, *, epochs, seed=228):
    """Train `nn.Linear(1, 1)` with one of PyTorch's optimisers; return its line and its losses."""
    x, y = (torch.tensor(column, dtype=torch.float32).reshape(-1, 1) for column in (x, y))
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = nn.Linear(1, 1)
    optimizer = make(model.parameters())
    losses = []

    def look():
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        return loss

    for _ in range(epochs):
        losses.append(optimizer.step(look).item())
    return (model.weight.item(), model.bias.item()), losses


OPTIMIZERS = {
    "momentum": (
        {"lr": 7e-4, "momentum": 0.97},
        lambda parameters: torch.optim.SGD(parameters, lr=7e-4, momentum=0.97),
    ),
    "adam": (
        {"lr": 5, "optimizer": "adam"},
        lambda parameters: torch.optim.Adam(parameters, lr=5),
    ),
    "lbfgs": (
        {"optimizer": "lbfgs"},
        lambda parameters: torch.optim.LBFGS(parameters, line_search_fn="strong_wolfe"),
    ),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_optimiser_does_bit_for_bit_what_pytorchs_does(name):
    options, make = OPTIMIZERS[name]
    fit = train(HOURS, SCORES, epochs=100, seed=3, **options)
    line, losses = optimizer_loop(HOURS, SCORES, make, epochs=100, seed=3)
    assert (fit.slope, fit.intercept) == line
    assert list(fit.losses) == losses


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_optimiser_minds_no_one_elses_settings(name):
    options = {**OPTIMIZERS[name][0], "epochs": 100}
    plain = train(HOURS, SCORES, **options)
    with torch.device("meta"), torch.inference_mode():
        assert train(HOURS, SCORES, **options) == plain


def test_no_momentum_is_plain_descent_and_a_little_is_not(short):
    assert train(HOURS, SCORES, epochs=20, momentum=0.0, optimizer="sgd", lr=1e-4) == short
    assert train(HOURS, SCORES, epochs=20, momentum=1e-3, lr=1e-4) != short


def test_lbfgs_takes_no_lr():
    with pytest.raises(ValueError, match=r"lr=0\.1 is for sgd and adam; lbfgs searches"):
        train(HOURS, SCORES, optimizer="lbfgs", epochs=3, lr=0.1)


def test_standardised_training_gives_the_line_in_the_readers_units():
    x, y = np.array(HOURS), np.array(SCORES)
    inner, losses = optimizer_loop(
        (x - x.mean()) / x.std(),
        (y - y.mean()) / y.std(),
        lambda parameters: torch.optim.SGD(parameters, lr=0.01),
        epochs=30,
    )
    fit = train(HOURS, SCORES, standardize=True, lr=0.01, epochs=30)
    predictions = y.mean() + y.std() * (inner[0] * (x - x.mean()) / x.std() + inner[1])
    assert fit.predict(x) == pytest.approx(predictions, rel=1e-12)
    assert fit.losses == pytest.approx(np.array(losses) * y.var(), rel=1e-12)
    assert fit.losses[-1] > fit.mean_squared_error(x, y)


@pytest.mark.parametrize("options", [{"lr": 0.1}, {"lr": 0.1, "momentum": 0.5}])
@pytest.mark.parametrize(("scale", "shift"), [(1, 0), (1e-6, 3), (1e30, -1e31), (1, 1e9)])
def test_standardised_training_arrives_whatever_the_units(options, scale, shift):
    x = np.array(HOURS) * scale + shift
    fit = train(x, SCORES, standardize=True, epochs=100, **options)
    best = np.polyval(np.polyfit(HOURS, SCORES, 1), HOURS)
    assert fit.predict(x) == pytest.approx(best, rel=1e-5)


def test_standardised_training_on_a_flat_y_finds_it_flat():
    fit = train(HOURS, [7.0] * 8, standardize=True, lr=0.1, epochs=200)
    assert fit.predict(HOURS) == pytest.approx([7.0] * 8, abs=1e-5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"optimizer": "rmsprop"}, "'rmsprop' is unknown; use one of sgd, adam, lbfgs"),
        ({"momentum": 1}, "momentum=1 never settles; give 0 or more, and less than 1"),
        ({"momentum": -0.1}, "never settles"),
        ({"momentum": math.nan}, "never settles"),
        ({"momentum": "0.9"}, "never settles"),
        ({"momentum": True}, "never settles"),
        ({"momentum": 0.9, "optimizer": "adam"}, "momentum=0.9 is for optimizer='sgd'; adam"),
    ],
)
def test_options_that_mean_nothing_are_reported(options, message):
    with pytest.raises(ValueError, match=message):
        train(HOURS, SCORES, **options)


@pytest.mark.parametrize(("x", "name"), [([0, 1e200], "x"), ([0, 1e-200], "x")])
def test_a_spread_that_cannot_be_standardised_is_reported(x, name):
    with pytest.raises(ValueError, match=f"standard deviation of {name} .* other units for {name}"):
        train(x, [0, 1], standardize=True, lr=1e-4)
    with pytest.raises(ValueError, match=r"standard deviation of y .* other units for y"):
        train([0, 1], x, standardize=True, lr=1e-4)


def test_with_momentum_the_message_names_the_stable_lr_of_the_heavy_ball():
    with pytest.raises(TrainingDiverged) as caught:
        train(HOURS, SCORES, lr=8e-4, momentum=0.97, epochs=9000)
    limit = (1 + 0.97) * numpy_stable_lr(HOURS)
    assert f"largest stable lr for this x is {limit:.3g}: use a smaller" in str(caught.value)


def test_in_standard_units_the_message_names_their_stable_lr_and_no_more_standardising():
    with pytest.raises(TrainingDiverged, match=r"for this x is 1: use a smaller lr$"):
        train(HOURS, SCORES, lr=1.1, standardize=True)
