"""What the page "More data than one machine holds" documents."""

import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy.stats

from linreg import Sums, accumulate, descent_path
from linreg.inputs import WAY_OUT
from press.contract import output, printed, table
from press.witness import begin, tens

TYPED = {
    "Student 0": "a place in the printed shares",
    "epoch 550": "a setting of the program",
}
MEASURED = "it was measured once, and recorded"
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


@cache
def measured() -> dict[str, Any]:
    path = Path(__file__).with_name("measured.json")
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def table_of_measured() -> pd.DataFrame:
    return pd.DataFrame(measured()["measured"]).set_index(["n", "source", "method"]).sort_index()


@output("day of the measurement", fixed=MEASURED)
def more_date() -> str:
    return measured()["date"]


@output("cores of the machine that measured", ".0f", fixed=MEASURED)
def more_cores() -> float:
    return measured()["cores"]


@output("processor of the machine that measured", fixed=MEASURED)
def more_processor() -> str:
    return measured()["processor"]


@output("time of linreg beside one read of ten million rows in memory", ".1f", fixed=MEASURED)
def more_reads() -> float:
    times = table_of_measured()["seconds"][10**7, "memory"]
    return times["linreg"] / times["one read"]


@output("time of linreg beside Polars at ten million rows in memory", ".0%", fixed=MEASURED)
def more_polars() -> float:
    times = table_of_measured()["seconds"][10**7, "memory"]
    return times["linreg"] / times["Polars"]


@table("seconds and room for ten million rows", fixed=MEASURED)
def more_table() -> list[list[str]]:
    found = table_of_measured().loc[10**7]
    methods = [row["method"] for row in measured()["measured"] if row["source"] == "parquet"]
    rows = [["Method", "In memory", "From Parquet", "Room"]]
    for method in dict.fromkeys(methods):
        times = [f"{found['seconds'][source, method]:.3f} s" for source in ("memory", "parquet")]
        name = "reading alone" if method == "one read" else method
        rows.append([name, *times, f"{found['mib']['parquet', method]:,.0f} MiB"])
    return rows


@table("estimated times for more rows than were measured", fixed=MEASURED)
def more_estimates() -> list[list[str]]:
    each = table_of_measured()["seconds"][10**8, "parquet", "linreg"] / 10**8

    def say(seconds: float) -> str:
        time = timedelta(seconds=seconds)
        units = {"hours": timedelta(hours=1), "minutes": timedelta(minutes=1)}
        units["seconds"] = timedelta(seconds=1)
        unit = next(name for name, one in units.items() if time >= one or name == "seconds")
        return f"{time / units[unit]:.3g} {unit}"

    rows = [["Rows", "Bytes", "This machine", "1000 such machines"]]
    for power in (9, 12):
        n = 10**power
        times = [say(n * each / machines) for machines in (1, 1000)]
        rows.append([f"{n:,}", f"{2 * np.dtype(float).itemsize * n:.1e}", *times])
    return rows


@output("GB that linreg takes from Parquet each second", ".1f", fixed=MEASURED)
def more_rate() -> float:
    return 1.6 / table_of_measured()["seconds"][10**8, "parquet", "linreg"]


@output("bytes of sums as JSON", ".0f", fixed=DRAWN)
def more_message() -> float:
    total = Sums()
    for part in range(5):
        rng = np.random.default_rng(part)
        x = rng.uniform(1, 8, 20_000)
        total += accumulate([(x, 40 + 7 * x + rng.normal(0, 4, 20_000))])
    return len(total.to_json())
