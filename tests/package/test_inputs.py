"""What a reader has at hand becomes clean arrays, or an error that names it and the way out."""

import array
import datetime
import decimal
import math
import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from linreg.best import least_squares
from linreg.inputs import (
    as_columns,
    as_epochs,
    as_lr,
    as_one_or_many,
    as_pairs,
    as_points,
    as_seed,
    as_values,
    require_finite,
)

WAY_OUT = "give a list, a numpy array, a pandas column or a torch tensor of real numbers"

real = st.floats(-1e6, 1e6) | st.integers(-(10**6), 10**6)
containers = st.sampled_from(
    [
        list,
        tuple,
        lambda values: [[value] for value in values],
        lambda values: np.array(values, dtype=object),
        lambda values: np.array(values, dtype=object).reshape(-1, 1),
        lambda values: pd.Series(values, dtype=object),
    ]
)
missing = st.sampled_from([math.nan, math.inf, -math.inf, None, np.float32("nan"), np.inf])
not_real = st.one_of(
    st.text(max_size=5),
    st.integers().map(str),
    st.binary(max_size=5),
    st.complex_numbers(),
    st.datetimes(),
    st.timedeltas(),
    st.sampled_from([pd.NaT, pd.NA, object(), len, {}, {1: 2}, np.complex64(1j), np.str_("1")]),
)


def with_bad(bad, kinds):
    """Return a strategy of (array-like with one bad value, where it is, the bad value)."""

    @st.composite
    def build(draw):
        values = draw(st.lists(real, min_size=1, max_size=8))
        place = draw(st.integers(0, len(values)))
        value = draw(bad)
        values.insert(place, value)
        return draw(kinds)(values), place, value

    return build()


# What goes in


@given(st.lists(real, max_size=10), containers)
def test_real_numbers_come_out_as_they_went_in(values, container):
    if values:
        result = as_values(container(values), "x")
        assert result.dtype == np.float64
        assert result.tolist() == [float(value) for value in values]


@pytest.mark.parametrize(
    "values",
    [
        range(1, 4),
        array.array("d", [1, 2, 3]),
        memoryview(np.array([1.0, 2.0, 3.0])),
        [decimal.Decimal(1), Fraction(2), 3],
        [np.float32(1), np.int8(2), torch.tensor(3.0)],
        np.array([1, 2, 3], dtype=np.float16),
        np.array([1, 2, 3], dtype=np.longdouble),
        np.array([1, 2, 3], dtype=">f4"),
        np.array([3, 0, 2, 0, 1])[::-2],
        np.ma.masked_array([1, 2, 3], mask=False),
        pd.Series([1, 2, 3], index=["a", "b", "c"]),
        pd.Series([1, 2, 3], dtype="Int64"),
        pd.Series([1, 2, 3], dtype="category"),
        pd.DataFrame({"hours": [1, 2, 3]}),
        pd.Index([1, 2, 3]),
        torch.tensor([[1], [2], [3]]),
        torch.tensor([1.0, 2, 3], requires_grad=True),
        torch.tensor([1, 2, 3], dtype=torch.bfloat16),
        torch.tensor([1, 2, 3], dtype=torch.float16),
        torch.nn.Parameter(torch.tensor([1.0, 2, 3])),
        torch.tensor([1 + 0j, 2, 3]).real,
        torch.tensor([-1j, -2j, -3j]).conj().imag,
    ],
    ids=lambda values: f"{type(values).__name__} {getattr(values, 'dtype', '')}",
)
def test_anything_array_like_will_do(values):
    result = as_values(values, "x")
    assert (result.dtype, result.tolist()) == (np.float64, [1, 2, 3])


def test_truth_values_count_as_zero_and_one():
    assert as_values([True, False], "x").tolist() == [1, 0]
    assert as_values(np.array([True, False], dtype=object), "x").tolist() == [1, 0]


def test_a_float64_array_is_not_copied():
    values = np.arange(3.0)
    assert as_values(values, "x") is values


def test_what_comes_out_of_a_tensor_knows_no_gradient():
    values = torch.tensor([1.0, 2.0], requires_grad=True)
    as_points(values, values)
    assert values.grad is None
    assert values.requires_grad


# What is refused


@given(with_bad(missing, containers), st.sampled_from("xy"))
def test_the_first_missing_or_infinite_number_is_named(case, name):
    values, place, bad = case
    shown = math.nan if bad is None else bad
    message = f"{name}[{place}] is {shown}; drop or fill missing and infinite values first"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        as_values(values, name)


@given(with_bad(not_real, containers), st.sampled_from("xy"))
def test_the_first_value_that_is_no_real_number_is_named(case, name):
    values, place, bad = case
    with pytest.raises(TypeError) as caught:
        as_values(values, name)
    message = str(caught.value)
    # numpy may have made another type of it, and long ones are shortened.
    assert repr(bad)[:8] in message or str(bad)[:8] in message
    assert message.startswith(f"{name} holds ")
    said = message.split(f" at {name}[{place}], which is ")[1]
    assert said.startswith(("not a real number; give", "text", "a date", "a length of time"))


@pytest.mark.parametrize(
    ("values", "place", "shown"),
    [
        (pd.Series(["ten", "20"]), 0, "'ten'"),
        (pd.DataFrame({"hours": ["ten", "20"]}), 0, "'ten'"),
        (pd.Series(["a", "b"], dtype="category"), 0, "'a'"),
        ([b"1", 2], 0, "b'1'"),
        ([1, 2j], 1, "2j"),
        # Python would drop the imaginary part of this one with a warning.
        ([1, np.complex64(2j)], 1, "np.complex64(2j)"),
        (np.array([1j, 2]), 0, "1j"),
        (torch.tensor([1 + 1j, 2]), 0, "(1+1j)"),
        (torch.tensor([1j, 2]).conj(), 0, "-1j"),
        ([1, pd.NaT], 1, "NaT"),
        ([[1], ["two"]], 1, "'two'"),
        (["1 000"], 0, "'1 000'"),
    ],
    ids=str,
)
def test_text_and_complex_numbers_are_named_with_their_place(values, place, shown):
    message = f"x holds {shown} at x[{place}], which is not a real number; {WAY_OUT}"
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        as_values(values, "x")


def follow(message, **names):
    """Run the line of code with which `message` ends."""
    return eval(message.split(": ")[-1], {"pandas": pd, **names})


@pytest.mark.parametrize(
    ("values", "place", "shown"),
    [
        (["10", "20.5"], 0, "'10'"),
        ([10, "20.5"], 1, "'20.5'"),
        (np.array(["10", "20.5"]), 0, "'10'"),
        (pd.Series(["10", "20.5"]), 0, "'10'"),
        ([["10"], ["20.5"]], 0, "'10'"),
        (["10,0", "20,5"], 0, "'10,0'"),
        (pd.Series(["10,0", "20,5"]), 0, "'10,0'"),
    ],
    ids=str,
)
def test_text_that_holds_numbers_is_reported_how_to_convert_it(values, place, shown):
    with pytest.raises(
        TypeError, match=rf"x holds {shown} at x\[{place}\], which is text"
    ) as caught:
        as_values(values, "x")
    if np.ndim(values) == 1:
        assert as_values(follow(str(caught.value), x=values), "x").tolist() == [10, 20.5]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (np.array(["2026-01-01", "2026-01-03"], dtype="datetime64[D]"), "np.datetime64('2026"),
        (pd.Series(pd.to_datetime(["2026-01-01", "2026-01-03"])), "np.datetime64('2026-01-01"),
        ([datetime.date(2026, 1, 1), datetime.date(2026, 1, 3)], "datetime.date(2026, 1, 1)"),
        (pd.Series(pd.to_datetime(["2026-01-01", "2026-01-03"], utc=True)), "Timestamp("),
        (["2026-01-01", "2026-01-03"], "'2026-01-01'"),
        (pd.to_timedelta([0, 2], unit="D"), "np.timedelta64(0,'"),
        ([datetime.timedelta(0), datetime.timedelta(2)], "datetime.timedelta(0)"),
    ],
    ids=str,
)
def test_dates_and_times_are_told_how_to_count_them_in_days(values, shown):
    with pytest.raises(
        TypeError, match=f"x holds {re.escape(shown)}.*, which is a .*days"
    ) as caught:
        as_values(values, "x")
    assert as_values(follow(str(caught.value), x=values), "x").tolist() == [0, 2]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (np.array([], dtype="datetime64[D]"), "datetime64[D], which is a date"),
        (np.zeros(1, dtype=[("hours", float)]), "np.void("),
    ],
    ids=str,
)
def test_what_else_holds_no_numbers_is_shown(values, shown):
    with pytest.raises(TypeError, match=f"x holds {re.escape(shown)}"):
        as_values(values, "x")


@pytest.mark.parametrize(
    "value",
    [
        *(3, 2.5, True, None, 1j, "10", "", b"10", np.float32(3), np.array(3), pd.NA, len),
        *({1, 2}, {1: 2}, {1: 2}.values(), iter([1]), map(float, [1]), (value for value in [1])),
        *(torch.tensor(3.0), torch.tensor(3.0, requires_grad=True), datetime.timedelta(1)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_single_value_is_named_and_is_no_column(value):
    with pytest.raises(TypeError, match=f"^x is the single value .*; {WAY_OUT}$") as caught:
        as_values(value, "x")
    shown = repr(value) if getattr(value, "ndim", None) != 0 else str(value.item())
    assert shown[:10] in str(caught.value)


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        ([[1, 2], [3, 4]], (2, 2)),
        ([[1, 2]], (1, 2)),
        ([[]], (1, 0)),
        (np.zeros((3, 1, 1)), (3, 1, 1)),
        (torch.zeros(2, 3), (2, 3)),
        (pd.DataFrame({"hours": [1, 2], "age": [3, 4]}), (2, 2)),
    ],
    ids=str,
)
def test_more_than_one_feature_is_refused_with_its_shape(values, shape):
    with pytest.raises(ValueError, match=re.escape(f"x has shape {shape}, and one")) as caught:
        as_values(values, "x")
    way_out = "x['hours']" if isinstance(values, pd.DataFrame) else "x[:, 0]"
    assert str(caught.value).endswith(f"give shape (n,) or (n, 1), such as {way_out}")


@pytest.mark.parametrize("values", [[[1], [2, 3]], [1, [2, 3]], [[1, 2], 3], ([1], [])], ids=str)
def test_a_ragged_list_is_shown(values):
    message = f"x is ragged: {values} has rows of different lengths; give one number per point"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        as_values(values, "x")


@pytest.mark.parametrize("mask", [[True, False, False], [False, False, True], True])
def test_masked_values_are_refused_and_not_read(mask):
    with pytest.raises(ValueError, match=r"^x has masked values; drop those points first$"):
        as_values(np.ma.masked_array([1, 2, 3], mask=mask), "x")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (torch.tensor([1.0, 2.0]).to_sparse(), "to_dense"),
        (torch.zeros(2, device="meta"), "no data"),
        ([torch.tensor(1.0, requires_grad=True), 2], "detach"),
    ],
    ids=["sparse", "meta", "list of tensors with a gradient"],
)
def test_a_tensor_that_cannot_be_read_is_reported_with_pytorchs_reason(values, reason):
    with pytest.raises(TypeError, match=f"x cannot be read as numbers .*{reason}.*{WAY_OUT}"):
        as_values(values, "x")


def test_a_whole_number_beyond_float64_is_reported():
    with pytest.raises(
        ValueError, match=r"x\[1\] is 1000000.*, beyond float64; choose other units"
    ):
        as_values([1, 10**400], "x")


def test_a_chunk_tells_the_place_in_the_whole():
    with pytest.raises(ValueError, match=r"^y\[102\] is nan; drop or fill"):
        require_finite(np.array([1, 2, math.nan]), "y", start=100)


# x and y together


@given(st.lists(real, max_size=6), st.lists(real, max_size=6))
def test_x_and_y_of_different_lengths_are_told_with_both(x, y):
    if len(x) != len(y):
        message = f"x has {len(x)} values and y has {len(y)}; give one y for each x"
        for ask in (as_points, as_pairs):
            with pytest.raises(ValueError, match=message):
                ask(x, y)


@given(
    st.lists(st.tuples(real, real), min_size=2).filter(lambda p: len({float(x) for x, _ in p}) > 1)
)
def test_points_that_determine_a_line_pass(pairs):
    x, y = zip(*pairs, strict=True)
    for ask in (as_points, as_pairs):
        a, b = ask(x, y)
        assert (a.tolist(), b.tolist()) == ([float(v) for v in x], [float(v) for v in y])


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_points_determine_no_line(n):
    message = f"^a line needs at least two points, and there are {n}; add points$"
    with pytest.raises(ValueError, match=message):
        as_points([5.0] * n, [1.0] * n)


@given(real, st.lists(real, min_size=2, max_size=6))
def test_all_x_equal_is_an_error_that_says_why(x, y):
    message = (
        f"all x equal {float(x)}: no line exists, since y cannot change with an x that does not; "
        "add a point with another x"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        as_points([x] * len(y), y)


def test_pairs_need_no_spread_but_one_point():
    x, y = as_pairs([3], [4])
    assert (x.tolist(), y.tolist()) == ([3], [4])
    with pytest.raises(ValueError, match=r"^x and y are empty; give at least one point$"):
        as_pairs([], [])


@pytest.mark.parametrize("ask", [as_points, as_pairs])
@pytest.mark.parametrize("bad", ["one", math.nan, 1j])
def test_a_bad_value_is_looked_for_in_x_and_in_y(ask, bad):
    with pytest.raises((TypeError, ValueError), match=r"^x.*\[1\].*; (give|drop)"):
        ask([0, bad, 2], [0, 1, 2])
    with pytest.raises((TypeError, ValueError), match=r"^y.*\[2\].*; (give|drop)"):
        ask([0, 1, 2], [0, 1, bad])


@pytest.mark.parametrize("ask", [as_points, as_pairs, least_squares])
def test_series_whose_labels_differ_are_not_paired_by_position(ask):
    x = pd.Series([1, 2, 3], index=["a", "b", "c"])
    y = pd.Series([30, 10, 20], index=["c", "a", "b"])
    with pytest.raises(ValueError, match="row 0 is 'a' in x and 'c' in y") as caught:
        ask(x, y)
    assert "y = y.loc[x.index]" in str(caught.value)
    ask(x, y.loc[x.index])
    ask(x.to_numpy(), y.to_numpy())
    ask(x, y.to_numpy())
    with pytest.raises(ValueError, match="x has 3 values and y has 2"):
        ask(x, y[:2])


# Several columns


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([1, 2], ["x"]),
        ([[1], [2]], ["x"]),
        (pd.DataFrame({"age": [1, 2]}), ["x"]),
        ([[1, 3], [2, 4]], ["x[:, 0]", "x[:, 1]"]),
        (np.array([[1, 3], [2, 4]], dtype=object), ["x[:, 0]", "x[:, 1]"]),
        (torch.tensor([[1.0, 3], [2, 4]], requires_grad=True), ["x[:, 0]", "x[:, 1]"]),
        (pd.DataFrame({"age": [1, 2], 7: [3, 4]}), ["age", "7"]),
        (pd.DataFrame({"age": [1, 2], "paid": [3.0, 4]}), ["age", "paid"]),
    ],
    ids=str,
)
def test_columns_come_by_name(values, names):
    columns = as_columns(values, "x")
    assert list(columns) == names
    assert [column.tolist() for column in columns.values()] == [[1, 2], [3, 4]][: len(names)]


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        (np.zeros((3, 0)), ValueError, r"x has shape \(3, 0\); give at least one column"),
        (np.zeros((3, 2, 2)), ValueError, r"x has shape \(3, 2, 2\)"),
        ([[1, "2"], [3, "4"]], TypeError, r"x\[:, 1\] holds '2' at x\[:, 1\]\[0\]"),
        (pd.DataFrame({"a": [1], "b": ["2"]}), TypeError, r"b holds '2' at b\[0\]"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), ValueError, "two columns of one name: a, a"),
    ],
    ids=str,
)
def test_columns_that_are_none_are_reported(values, error, message):
    with pytest.raises(error, match=message):
        as_columns(values, "x")


# One number or many


@pytest.mark.parametrize(
    "value",
    [
        *(3, 3.0, np.float32(3), np.int64(3), np.array(3), Fraction(3), decimal.Decimal(3)),
        *(torch.tensor(3), torch.tensor(3.0, requires_grad=True)),
        torch.tensor(3, dtype=torch.bfloat16),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_number_is_known_for_a_single_one(value):
    values, single = as_one_or_many(value, "x")
    assert (values.tolist(), single) == ([3], True)


@pytest.mark.parametrize("value", [[3], (3,), np.array([[3]]), torch.tensor([3]), pd.Series([3])])
def test_a_column_of_one_is_not_a_single_number(value):
    values, single = as_one_or_many(value, "x")
    assert (values.tolist(), single) == ([3], False)


@pytest.mark.parametrize(
    "value", [None, "3", 1j, math.nan, np.datetime64("2026"), [[1, 2]], [1, "2"], np.ma.masked]
)
def test_what_is_no_number_is_neither_one_nor_many(value):
    with pytest.raises((TypeError, ValueError), match=r"^x.*[;:,] .*(give|drop|pandas)"):
        as_one_or_many(value, "x")


# Options


@given(st.floats(1e-300, 1e37) | st.integers(1, 2**53))
def test_a_positive_lr_comes_out_as_a_float(lr):
    for kind in (lr, np.float64(lr), Fraction(lr)):
        assert as_lr(kind) == lr
        assert type(as_lr(kind)) is float


@given(st.integers(1, 10**18))
def test_a_whole_number_of_epochs_comes_out_as_an_int(epochs):
    for kind in (epochs, np.int64(epochs)):
        assert as_epochs(kind) == epochs
        assert type(as_epochs(kind)) is int


@given(st.integers())
def test_a_seed_is_what_pytorch_takes_for_one(seed):
    try:
        torch.Generator().manual_seed(seed)
    except (ValueError, RuntimeError):
        with pytest.raises(ValueError, match=f"seed={seed} is no seed; give a whole number"):
            as_seed(seed)
    else:
        assert as_seed(seed) == seed


@pytest.mark.parametrize("seed", [-(2**63) - 1, -(2**63), -1, 0, 2**63, 2**64 - 1, 2**64])
def test_a_seed_may_go_as_far_as_pytorchs(seed):
    test_a_seed_is_what_pytorch_takes_for_one.hypothesis.inner_test(seed)


@pytest.mark.parametrize("bad", [0, -1, math.nan, True, "10", None, [1], 1j], ids=repr)
@pytest.mark.parametrize("ask", [as_lr, as_epochs])
def test_an_option_that_cannot_work_is_named_with_the_way_out(ask, bad):
    with pytest.raises(ValueError, match=rf"{re.escape(f'={bad!r} is no')}.*; give a .*number"):
        ask(bad)


def test_labels_that_are_missing_in_both_are_the_same():
    for label in (np.nan, None, pd.NaT, pd.NA):
        table = pd.DataFrame({"x": [1.0, 2, 3], "y": [1.0, 3, 5]}, index=["a", label, "c"])
        assert least_squares(table.x, table.y).slope == 2
    one, other = (pd.CategoricalIndex(["a", "b"], categories=[*order]) for order in ("ab", "abc"))
    assert least_squares(pd.Series([1, 2], index=one), pd.Series([1, 3], index=other)).slope == 2
    for label, said in ((np.nan, "nan"), (None, "None|nan"), (pd.NaT, "NaT|nan"), (pd.NA, "<NA>")):
        x = pd.Series([1, 2], index=["a", "b"], dtype=float)
        y = pd.Series([1, 3], index=pd.Index(["a", label], dtype=object), dtype=float)
        with pytest.raises(ValueError, match=f"row 1 is 'b' in x and ({said}) in y"):
            least_squares(x, y)


def test_the_columns_of_a_table_of_pyarrow_have_names():
    class Table(dict):
        """What such a table is to those who do not know it: `columns` are no names there."""

        column_names = property(list)
        columns = property(lambda self: [*self.values()])

        def __array__(self, dtype=None, copy=None):
            return np.column_stack([*self.values()])

    table = Table(age=[1.0, 2, 3, 5], size=[2.0, 1, 4, 4])
    assert list(as_columns(table, "x")) == ["age", "size"]
    with pytest.raises(ValueError, match=r"such as x\['age'\]"):
        least_squares(table, [1, 2, 3, 4])


def test_a_masked_number_within_a_list_is_seen():
    masked = [np.ma.array([1], mask=[1]), np.ma.array([2]), np.ma.array([3])]
    with pytest.raises(ValueError, match="masked"):
        least_squares(masked, [1, 3, 5])


def test_epochs_without_end_are_refused():
    with pytest.raises(ValueError, match="never end"):
        as_epochs(10**400)
