"""Turn what a reader has at hand into clean arrays, or say what is wrong with it."""

from __future__ import annotations

import contextlib
import datetime
import math
import reprlib
import sys
from numbers import Integral, Number, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

# Up to here float64 has all whole numbers, and beyond it only some.
EXACT = 2**53

WAY_OUT = "give a list, a numpy array, a pandas column or a torch tensor of real numbers"


def as_values(values: ArrayLike, name: str) -> np.ndarray:
    """Return `values` as a float64 array of shape (n,).

    :param values: anything array-like of shape (n,) or (n, 1), in the reader's units.
    :param name: what to call it in an error message, such as "x".
    :raises TypeError: for text, dates, complex numbers and things that are not array-like.
    :raises ValueError: for missing, infinite or masked numbers and for more than one column.
    """
    array = as_float64(as_column(values, name), name)
    require_finite(array, name)
    return array


def as_float64(column: np.ndarray, name: str, *, start: int = 0) -> np.ndarray:
    """Return a `column` of real numbers, shape (n,), as float64; one that is so is not copied.

    start: the place of its first number in the whole, where it is a part of it.

    Raises ValueError for a whole number that float64 would have to round.
    """
    wide = column.astype(np.float64, copy=False)
    whole = column.dtype.kind in "iu" and column.dtype.itemsize == 8 and column.size
    if whole and max(wide.max(), -wide.min()) > EXACT:
        with np.errstate(invalid="ignore"):
            rounded = np.flatnonzero(wide.astype(column.dtype) != column)
        if rounded.size:
            first = rounded[0]
            raise ValueError(
                f"{name}[{start + first}] is {column[first]}, and float64 keeps each whole number "
                f"only up to {EXACT}; subtract the first value, or count in larger units"
            )
    return wide


def as_column(values: ArrayLike, name: str, *, start: int = 0) -> np.ndarray:
    """Return `values` as an array of shape (n,) of real numbers, of whatever type they are.

    An array or tensor is not copied and not read, so missing and infinite numbers pass:
    `require_finite` finds them, in one chunk after another where the data are large.

    start: the place of the first value in the whole, where `values` are a part of it.

    Raises what `as_values` raises, but for those numbers.
    """
    array = _as_array(values, name)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim > 1:
        labels = _labels(values)
        first = f"[{labels[0]!r}]" if labels else "[:, 0]"
        raise ValueError(
            f"{name} has shape {array.shape}, and one column is wanted: "
            f"give shape (n,) or (n, 1), such as {name}{first}"
        )
    if array.dtype.kind in "OUSc":
        # As objects, since numpy has made text of the numbers beside text.
        objects = np.asarray(_untensor(values), dtype=object).reshape(-1)
        return _as_numbers(objects, name, start)
    if array.dtype.kind not in "fiub":
        sample = repr(array[0]) if array.size else array.dtype
        raise TypeError(f"{name} holds {sample}, {_mend(array.dtype, name)}")
    return array


def as_columns(values: ArrayLike, name: str) -> dict[str, np.ndarray]:
    """Return the columns of `values`, each as `as_column` returns it, by what to call them.

    :param values: array-like of shape (n,), (n, 1) or (n, d). A pandas frame names its columns;
        others are counted, as in ``x[:, 0]``, and a single one has the `name` of the whole.
    :raises ValueError: for no columns, and for two of one name.

    Raises what `as_column` raises as well.
    """
    frame: Any = values
    labels = _labels(values)
    if len(labels) > 1:
        names = [str(label) for label in labels]
        if len(set(names)) < len(names):
            raise ValueError(f"{name} has two columns of one name: {', '.join(names)}; rename one")
        # One by one: as a whole, a frame of several types would be copied.
        return {str(label): as_column(frame[label], str(label)) for label in labels}
    array = _as_array(values, name)
    if array.ndim != 2 or array.shape[1] == 1:
        return {name: as_column(values, name)}
    if array.shape[1] == 0:
        raise ValueError(f"{name} has shape {array.shape}; give at least one column")
    if array.dtype.kind in "OUSc":
        array = np.asarray(_untensor(values), dtype=object)
    names = [f"{name}[:, {place}]" for place in range(array.shape[1])]
    return {one: as_column(array[:, place], one) for place, one in enumerate(names)}


def _labels(values: Any) -> list[Any]:
    """Return the names of the columns of a table, and none for what has no names."""
    # pyarrow has the columns themselves under the name that others have for their names.
    return list(getattr(values, "column_names", getattr(values, "columns", [])))


def _as_array(values: ArrayLike, name: str) -> np.ndarray:
    """Return `values` as an array of at least one dimension, of whatever type."""
    several = values if isinstance(values, (list, tuple)) else (values,)
    if any(isinstance(one, np.ma.MaskedArray) and np.ma.is_masked(one) for one in several):
        raise ValueError(f"{name} has masked values; drop those points first")
    try:
        array = np.asarray(_untensor(values))
    except ValueError as error:
        raise ValueError(
            f"{name} is ragged: {reprlib.repr(values)} has rows of different lengths; "
            "give one number per point"
        ) from error
    except (TypeError, RuntimeError) as error:
        raise TypeError(f"{name} cannot be read as numbers ({error}); {WAY_OUT}") from error
    if array.ndim == 0:
        single = array if array.dtype.kind in "fiubc" else reprlib.repr(values)
        raise TypeError(f"{name} is the single value {single}; {WAY_OUT}")
    return array


def _untensor(values: Any) -> Any:
    """Return a torch tensor as a numpy array, and all else as it is."""
    # Who has a tensor has imported torch, and others need not wait for it.
    # Another thread may be importing it just now: then nobody has a tensor yet.
    torch = sys.modules.get("torch")
    if torch is None or not hasattr(torch, "Tensor") or not isinstance(values, torch.Tensor):
        return values
    # bfloat16 has no numpy twin, so torch widens it.
    return (values.double() if values.dtype == torch.bfloat16 else values).numpy(force=True)


def _as_numbers(objects: np.ndarray, name: str, start: int) -> np.ndarray:
    """Return `objects` (shape (n,)) as float64, or raise for the first that is no real number."""
    numbers = np.empty(len(objects))
    for place, value in enumerate(objects, start):
        try:
            # Python reads text as numbers and numpy drops imaginary parts, which would hide a slip.
            if isinstance(value, (str, bytes, complex, np.complexfloating)):
                raise TypeError(type(value))
            numbers[place - start] = math.nan if value is None else float(value)
        except OverflowError as error:
            raise ValueError(
                f"{name}[{place}] is {reprlib.repr(value)}, beyond float64; choose other units"
            ) from error
        except (TypeError, ValueError, RuntimeError) as error:
            raise TypeError(
                f"{name} holds {reprlib.repr(value)} at {name}[{place}], {_mend(value, name)}"
            ) from error
    return numbers


def _mend(value: Any, name: str) -> str:
    """Say why `value`, of a column or its type, is no real number, and what makes it one."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            float(value)
            return f"which is text; convert it: pandas.to_numeric({name})"
        with contextlib.suppress(ValueError):
            float(value.replace(",", "."))
            return (
                "which is text with a decimal comma; convert it: "
                f'pandas.to_numeric(pandas.Series({name}).str.replace(",", "."))'
            )
        with contextlib.suppress(ValueError):
            datetime.datetime.fromisoformat(value)
            return f"which is a date in text; {_count_days(name)}"
    kind = getattr(value, "kind", "")
    # A missing date is a date to Python, and unequal even to itself.
    missing = not kind and value != value
    if kind == "M" or (isinstance(value, datetime.date) and not missing):
        return f"which is a date; {_count_days(name)}"
    if kind == "m" or (isinstance(value, datetime.timedelta) and not missing):
        days = f"pandas.to_timedelta({name}) / pandas.Timedelta(days=1)"
        return f"which is a length of time; count it in days: {days}"
    return f"which is not a real number; {WAY_OUT}"


def _count_days(name: str) -> str:
    dates = f"pandas.to_datetime({name})"
    return f"count days since the first: ({dates} - {dates}.min()) / pandas.Timedelta(days=1)"


def as_one_or_many(values: Any, name: str) -> tuple[np.ndarray, bool]:
    """Return `values` as `as_values` does, and whether it was a single number, of shape ().

    Raises what `as_values` raises.
    """
    single = isinstance(values, Number) or getattr(values, "ndim", None) == 0
    if single:
        # A tensor with a gradient does not go into a list, but reshapes.
        values = values.reshape(1) if hasattr(values, "reshape") else [values]
    return as_values(values, name), single


def as_number(value: Any, name: str) -> float:
    """Return a real number, or an array or tensor of just one, as a float.

    :raises TypeError: for text, complex numbers, and things that are no numbers.
    :raises ValueError: for more or fewer than one, and for nan and infinity.
    """
    if isinstance(value, Real) and math.isfinite(value):
        return float(value)
    try:
        numbers, _ = as_one_or_many(value, name)
    except TypeError as error:
        raise TypeError(f"{name}={reprlib.repr(value)} is no real number; give one") from error
    except ValueError as error:
        raise ValueError(f"{name}={reprlib.repr(value)} is no finite number; give one") from error
    if len(numbers) != 1:
        raise ValueError(f"{name} has {len(numbers)} values; give one number")
    return float(numbers[0])


def require_finite(array: np.ndarray, name: str, *, start: int = 0) -> None:
    """Raise ValueError for the first number of `array` (shape (n,)) that is missing or infinite.

    start: the place of `array[0]` in the whole, where `array` is a chunk of it.
    """
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        first = bad[0]
        raise ValueError(
            f"{name}[{start + first}] is {array[first]}; "
            "drop or fill missing and infinite values first"
        )


def as_points(x: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return `x` and `y` as float64 arrays of the same shape (n,), with n at least 2.

    Raises what `as_values` raises, and ValueError where no line is determined:
    different lengths or labels, fewer than two points, or all x equal.
    """
    require_labels(x, y)
    x, y = as_values(x, "x"), as_values(y, "y")
    require_pairs(x, y)
    require_two(len(x))
    require_spread(x)
    return x, y


def as_pairs(x: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return `x` and `y` as float64 arrays of the same shape (n,), with n at least 1.

    Raises what `as_values` raises, and ValueError for different lengths or labels, and for none.
    """
    require_labels(x, y)
    x, y = as_values(x, "x"), as_values(y, "y")
    require_pairs(x, y)
    if len(x) == 0:
        raise ValueError("x and y are empty; give at least one point")
    return x, y


def require_pairs(x: np.ndarray, y: np.ndarray) -> None:
    """Raise ValueError unless `x` and `y` are of one length."""
    if len(x) != len(y):
        raise ValueError(
            f"x has {len(x)} values and y has {len(y)}; give one y for each x, in the same order"
        )


def require_labels(x: ArrayLike, y: ArrayLike) -> None:
    """Raise ValueError where both are of pandas and their rows have different labels.

    Pandas pairs rows by label, so a pairing by position would not be what its user expects.
    """
    pandas: Any = sys.modules.get("pandas")
    # Another thread may be importing it just now, as pyarrow's do: then nobody has a column yet.
    kinds = tuple(
        getattr(pandas, kind) for kind in ("Series", "DataFrame") if hasattr(pandas, kind)
    )
    # Of two lengths, the lengths are what is wrong.
    if isinstance(x, kinds) and isinstance(y, kinds) and len(x) == len(y):
        if x.index.equals(y.index):
            return
        pairs = enumerate(zip(x.index.astype(object), y.index.astype(object), strict=True))
        if (row := next((row for row, (a, b) in pairs if not _same(a, b)), None)) is not None:
            raise ValueError(
                f"x and y have different labels: row {row} is {x.index[row]!r} in x and "
                f"{y.index[row]!r} in y; bring them in one order, y = y.loc[x.index], or pair them "
                "as they stand with x.to_numpy() and y.to_numpy()"
            )


def _same(a: Any, b: Any) -> bool:
    """Return whether two labels are equal, or the same kind of missing."""
    # Whether its NA equals anything pandas does not say, and other missing things never do.
    with contextlib.suppress(TypeError):
        if a == b:
            return True
    return repr(a) == repr(b)


def require_two(n: int) -> None:
    """Raise ValueError for fewer than two points."""
    if n < 2:
        raise ValueError(f"a line needs at least two points, and there are {n}; add points")


def require_spread(x: np.ndarray) -> None:
    """Raise ValueError when all of `x` (shape (n,)) is one value."""
    if x.min() == x.max():
        raise ValueError(
            f"all x equal {x[0]}: no line exists, since y cannot change with an x that does not; "
            "add a point with another x"
        )


def as_lr(lr: float) -> float:
    """Return `lr` as a float, or raise ValueError unless it is positive and float32 holds it."""
    if isinstance(lr, bool) or not (isinstance(lr, Real) and 0 < lr < 1e38):
        raise ValueError(f"lr={lr!r} is no learning rate; give a positive number such as 1e-4")
    return float(lr)


def as_epochs(epochs: int) -> int:
    """Return `epochs` as an int, or raise ValueError unless it is a whole number, 1 to 10**18."""
    if isinstance(epochs, Integral) and epochs > 10**18:
        raise ValueError(f"epochs={reprlib.repr(epochs)} never end; give at most 10**18")
    return as_count(epochs, "epochs", "epochs")


def as_count(count: int, name: str, things: str) -> int:
    """Return `count` as an int, or raise ValueError unless it is a whole number from 1 up."""
    if isinstance(count, bool) or not isinstance(count, Integral) or count < 1:
        raise ValueError(
            f"{name}={count!r} is no number of {things}; give a whole number from 1 up"
        )
    return int(count)


def as_momentum(momentum: float) -> float:
    """Return `momentum` as a float, or raise ValueError unless it is 0 or more, and below 1."""
    if isinstance(momentum, bool) or not (isinstance(momentum, Real) and 0 <= momentum < 1):
        raise ValueError(f"momentum={momentum!r} never settles; give 0 or more, and less than 1")
    return float(momentum)


def as_seed(seed: int) -> int:
    """Return `seed` as an int, or raise ValueError unless `torch.manual_seed` accepts it."""
    whole = isinstance(seed, Integral) and not isinstance(seed, bool)
    if not (whole and -(2**63) <= int(seed) < 2**64):
        raise ValueError(f"seed={seed!r} is no seed; give a whole number such as 228")
    return int(seed)
