"""Turn what a reader has at hand into clean arrays, or say what is wrong with it."""

from typing import Any

import numpy as np
import torch

type_error_hint = "give a list, a numpy array, a pandas column or a torch tensor of real numbers"


def as_values(values: Any, name: str) -> np.ndarray:
    """Return `values` as a float64 array of shape (n,).

    values: anything array-like of shape (n,) or (n, 1), in the reader's units.
    name: what to call it in an error message, such as "x".

    Raises TypeError for text, complex numbers and things that are not array-like,
    ValueError for missing, infinite or masked numbers and for more than one column.
    """
    array = as_column(values, name).astype(np.float64, copy=False)
    require_finite(array, name)
    return array


def as_column(values: Any, name: str) -> np.ndarray:
    """Return `values` as an array of shape (n,) of real numbers, of whatever type they are.

    An array or tensor is not copied and not read, so missing and infinite numbers pass:
    `require_finite` finds them, in one chunk after another where the data are large.

    Raises what `as_values` raises, but for those numbers.
    """
    if isinstance(values, torch.Tensor):
        values = values.detach().cpu()
        # bfloat16 has no numpy twin, so torch widens it.
        values = values.numpy() if values.dtype != torch.bfloat16 else values.double().numpy()
    if np.ma.is_masked(values):
        raise ValueError(f"{name} has masked values; drop those points first")
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} is ragged: {error}; give one number per point") from error
    if array.dtype.kind == "O" and not any(isinstance(v, (str, bytes)) for v in array.flat):
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError, OverflowError) as error:
            raise TypeError(f"{name} is not numeric ({error}); {type_error_hint}") from error
    if array.dtype.kind not in "fiub":
        sample = array.flat[0] if array.size else array.dtype
        raise TypeError(f"{name} holds {sample!r}, which is not a real number; {type_error_hint}")
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim == 0:
        raise TypeError(f"{name} is the single value {array}; {type_error_hint}")
    if array.ndim > 1:
        raise ValueError(
            f"{name} has shape {array.shape}; a line has one feature, so give shape (n,) or (n, 1)"
        )
    return array


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


def as_points(x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return `x` and `y` as float64 arrays of the same shape (n,), with n at least 2.

    Raises what `as_values` raises, and ValueError where no line is determined:
    different lengths, fewer than two points, or all x equal.
    """
    x, y = as_values(x, "x"), as_values(y, "y")
    require_pairs(x, y)
    require_two(len(x))
    require_spread(x)
    return x, y


def require_pairs(x: np.ndarray, y: np.ndarray) -> None:
    """Raise ValueError unless `x` and `y` are of one length."""
    if len(x) != len(y):
        raise ValueError(
            f"x has {len(x)} values and y has {len(y)}; give one y for each x, in the same order"
        )


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
