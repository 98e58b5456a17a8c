"""What the page "Set up" documents."""

import torch

from press.contract import printed

TYPED = {
    "November 2026": "when it was measured",
    "Python 3.11": "the oldest Python that works; a claim ties it to the package",
    "350 MB": "measured on Linux: the packages with all that they need, PyTorch's small build",
    "1.6 GB": "measured likewise",
    "32 bits": "a kind of computer",
    "version 2.2": "the last PyTorch that has a build for Intel's Macs",
    "Python 3": "what JupyterLab calls it",
    "SHA-256": "the name of a checksum",
}


@printed("two sums, to see that PyTorch works", fixed="no data yet")
def setup_printed() -> str:
    return str(torch.Tensor([1 + 10, 2 + 20]))
