"""What the page "Set up" documents."""

from press.contract import printed
from press.witness import tens

TYPED = {
    "Python 3.11": "the oldest Python that works",
}


@printed("two sums, to see that PyTorch works", fixed="no data yet")
def setup_printed() -> str:
    return str(type(tens.x)([1.0, 2.0]) + type(tens.x)([10.0, 20.0]))
