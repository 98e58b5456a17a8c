"""What the page "Set up" documents."""

import torch

from press.contract import printed

TYPED = {
    "Python 3.11": "the oldest Python that works; a claim ties it to the package",
    "1.5 GB": "measured: the five packages with all that they need, and PyTorch's small build",
    "32 bits": "a kind of computer",
}


@printed("two sums, to see that PyTorch works", fixed="no data yet")
def setup_printed() -> str:
    return str(torch.Tensor([1 + 10, 2 + 20]))
