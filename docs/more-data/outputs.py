"""What the page "More data than one machine holds" documents."""

from functools import cache

import numpy as np
import scipy.stats

from linreg import descent_path
from linreg.inputs import WAY_OUT
from press.contract import output, printed
from press.witness import begin, tens

TYPED = {
    "Student 0": "a place in the printed shares",
    "epoch 550": "a setting of the program",
}
DRAWN = "it is about rows drawn for this page, which the students do not move"
BITS = "it is about float64, or settings, which the students do not move"


@cache
def rows() -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of the three files, whose numbers text keeps whole."""
    rng = np.random.default_rng(0)
    x, y = [], []
    for _ in range(3):
        x.append(rng.uniform(1, 8, 20_000))
        y.append(40 + 7 * x[-1] + rng.normal(0, 4, 20_000))
    return np.concatenate(x), np.concatenate(y)


@printed("the line of three files", fixed=DRAWN)
def more_files_printed() -> str:
    line = scipy.stats.linregress(*rows())
    return f"{len(rows()[0])} rows: slope {line.slope:.4f}, intercept {line.intercept:.4f}"


@printed("where a bad value is", fixed=DRAWN)
def more_bad_printed() -> str:
    cells = ["1", "2", "3", "4", "five", "6"]
    place = next(i for i, cell in enumerate(cells) if not cell.isdigit())
    wrong = f"part-7.csv: x holds {cells[place]!r} at x[{place}], which is not a real number"
    return f"{wrong}; {WAY_OUT}"


@printed("what was done before the power was cut", fixed=DRAWN)
def more_done_printed() -> str:
    done = 3
    return f"{done} parts are done, with {done * 20_000} rows"


@output("random splits of Norris", ".0f", fixed=BITS)
def more_splits() -> float:
    return 200


@output("what is added to x of Norris", ".0f", fixed=BITS)
def more_shift() -> float:
    return 10.0**9


@cache
def padded() -> tuple[float, float]:
    """Return slope and intercept of the run on the nine students that three processes got."""
    shares = [[*range(rank, 9, 3)] for rank in range(3)]
    dealt = [student % 8 for share in shares for student in share]
    x, y = tens.x.double().numpy()[dealt], tens.y.double().numpy()[dealt]
    path = descent_path(x, y, lr=1e-4, epochs=1000, start=begin())
    return float(path.slopes[-1]), float(path.intercepts[-1])


@output("slope where one student is repeated", ".3f")
def more_padded_slope() -> float:
    return padded()[0]


@output("intercept where one student is repeated", ".3f")
def more_padded_intercept() -> float:
    return padded()[1]
