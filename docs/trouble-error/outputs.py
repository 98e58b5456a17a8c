"""What the page "PyTorch stops with an error" documents: PyTorch's words, asked for anew."""

import importlib.metadata
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

from linreg import diagnose
from press.contract import output, printed
from press.witness import best_table, said

PYTORCH = "a message of PyTorch"
OWN = "data of this entry's own"

TYPED = {
    "element 0 of tensors": "words of PyTorch",
    "cuda:0": "words of PyTorch, quoted from the report that the page cites",
    "-1 means": "an argument of reshape",
    "`0` in place of `0.0`": "two ways to write nothing",
}


def message(failing: Callable[[], Any]) -> str:
    """Return the words with which PyTorch stops, or the warning that it gives."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            failing()
        except Exception as error:
            return str(error)
    return str(caught[0].message)


@output("the version of PyTorch whose words the page shows", fixed="pinned")
def trouble_version() -> str:
    return importlib.metadata.version("torch").split("+")[0]


@printed("a row in place of a column", fixed=PYTORCH)
def trouble_error_mat1() -> str:
    return message(lambda: torch.ones(1, 8) @ torch.ones(1, 1))


@printed("the shape of what a model says of eight points", fixed="a shape")
def trouble_error_column() -> str:
    return str(torch.empty(8, 1).shape)


@printed("two columns where one was wanted", fixed=PYTORCH)
def trouble_error_view() -> str:
    return message(lambda: torch.zeros(20).reshape(10, 1))


@printed("two columns dealt out wrongly", fixed=OWN)
def trouble_error_dealt() -> str:
    return "wrong: " + str(np.array([1.0, 2, 3, 4, 8, 7, 6, 5]).reshape(4, 2).tolist())


@printed("two columns side by side", fixed=OWN)
def trouble_error_stacked() -> str:
    return "right: " + str(np.array([[1.0, 2, 3, 4], [8, 7, 6, 5]]).T.tolist())


@printed("float64 against float32", fixed=PYTORCH)
def trouble_error_double() -> str:
    return message(lambda: nn.Linear(1, 1)(torch.ones(3, 1).double()))


@printed("whole numbers against float32", fixed=PYTORCH)
def trouble_error_long() -> str:
    return message(lambda: nn.Linear(1, 1)(torch.ones(3, 1).long()))


@printed("float64 against float32, in a product", fixed=PYTORCH)
def trouble_error_product() -> str:
    return message(lambda: torch.ones(3, 1).double().mm(torch.ones(1, 1)))


@printed("the best line, in the table's units")
def trouble_error_fixed() -> str:
    return said(best_table())


@printed("a step that makes a new tensor", fixed=PYTORCH)
def trouble_error_element() -> str:
    return message(lambda: torch.tensor(1.0).backward())


@printed("the slope of points on a line", fixed=OWN)
def trouble_error_slope() -> str:
    return f"slope {2:.2f}"


@printed("the loss of three points", fixed=OWN)
def trouble_error_loss() -> str:
    return f"{np.mean(np.square([1, 2, 3])):.3f}"


@printed("a column against a row, as a warning", fixed=PYTORCH)
def trouble_error_size() -> str:
    return message(lambda: nn.MSELoss()(torch.zeros(8, 1), torch.zeros(8)))


@printed("one y too few", fixed=PYTORCH)
def trouble_error_lengths() -> str:
    return message(lambda: torch.zeros(8) + torch.zeros(7))


@printed("no loss", fixed=OWN)
def trouble_error_none() -> str:
    return str(float(np.zeros(1)[0]))


@printed("the shape of what numpy gets", fixed="a shape")
def trouble_error_numpy() -> str:
    return str(np.empty((2, 1)).shape)


@printed("hours with a decimal comma, as pandas reads them", fixed=OWN)
def trouble_error_text() -> str:
    return str(["1,5", "2,5"])


@printed("an array of text, which torch does not take", fixed=PYTORCH)
def trouble_error_object() -> str:
    return message(lambda: torch.from_numpy(np.array(["1,5"], dtype=object)))


@printed("the points that were kept", fixed=OWN)
def trouble_error_kept() -> str:
    return f"{[[1.5], [2.5]]} {[[48.0], [52.0]]}"


@printed("linreg's words on a decimal comma", fixed="a message of linreg")
def trouble_error_comma() -> str:
    return message(lambda: diagnose(["1,5"]))


# Messages without a number, which the check would take as recorded.


@printed("a whole number that is to learn", fixed=PYTORCH)
def trouble_error_whole() -> str:
    return message(lambda: torch.tensor([1, 2], requires_grad=True))


@printed("a reset without a gradient", fixed=PYTORCH)
def trouble_error_reset() -> str:
    return message(lambda: torch.ones(1).grad.zero_())  # type: ignore[union-attr]


@printed("a step that is recorded", fixed=PYTORCH)
def trouble_error_leaf() -> str:
    return message(lambda: torch.ones(1, requires_grad=True).add_(1))


@printed("a computation gone through twice", fixed=PYTORCH)
def trouble_error_second() -> str:
    square = torch.ones(1, requires_grad=True) ** 2
    square.backward()
    return message(square.backward)


@printed("a tensor where yes or no is wanted", fixed=PYTORCH)
def trouble_error_boolean() -> str:
    return message(lambda: bool(torch.ones(3)))


@printed("a list of losses", fixed=PYTORCH)
def trouble_error_scalar() -> str:
    return message(lambda: torch.ones(3, requires_grad=True).exp().backward())


@printed("a tensor on another device, asked for by numpy", fixed=PYTORCH)
def trouble_error_elsewhere() -> str:
    return message(lambda: np.asarray(torch.ones(1, device="meta")))


@printed("a model on another device", fixed=PYTORCH)
def trouble_error_devices() -> str:
    return message(lambda: nn.Linear(2, 2, device="meta")(torch.ones(1, 2)))


@printed("a tensor that still learns, asked for by numpy", fixed=PYTORCH)
def trouble_error_learning() -> str:
    return message(lambda: torch.ones(1, requires_grad=True).numpy())


@printed("text, which torch does not take", fixed=PYTORCH)
def trouble_error_str() -> str:
    return message(lambda: torch.tensor(["one"]))
