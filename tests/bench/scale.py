"""Measure one way to fit a line, alone in its process: time, and memory as Linux tells it.

`python scale.py SOURCE METHOD FOLDER LEAST N` prints a line of JSON for N rows, after LEAST rows to
warm up. SOURCE is memory, for two arrays that are there, or parquet, for a file in FOLDER; writing
and importing do not count.
"""

import json
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

# Of so many rounds, in so many seconds at most, the shortest counts: others want the processor too.
ROUNDS, SECONDS = 60, 2.0
METHODS = ("linreg", "Polars", "DuckDB", "SciPy", "NumPy", "scikit-learn", "statsmodels")


def points(n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=n)
    return x, 2 * x + rng.normal(size=n)


def file_of(folder: Path, n: int) -> Path:
    return folder / f"{n}.parquet"


def write(folder: Path, n: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    x, y = points(n)
    pq.write_table(pa.table({"x": x, "y": y}), file_of(folder, n), row_group_size=2**20)


def load(path: Path) -> tuple[np.ndarray, np.ndarray]:
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    return table["x"].to_numpy(), table["y"].to_numpy()


def prepare(source: str, method: str, folder: Path, n: int) -> Callable[[], Any]:
    """Return what fits the line by `method`, with all made ready that is not its work."""
    path = file_of(folder, n)
    if method == "Polars":
        import polars as pl

        if source == "parquet":
            frame = pl.scan_parquet(path)
        else:
            x, y = points(n)
            frame = pl.DataFrame({"x": x, "y": y}).lazy()
        asked = frame.select(slope=pl.cov("x", "y") / pl.var("x"), x=pl.mean("x"), y=pl.mean("y"))
        return lambda: asked.collect(engine="streaming" if source == "parquet" else "in-memory")
    if method == "DuckDB":
        import duckdb
        import pyarrow as pa

        connection = duckdb.connect()
        name = f"'{path}'"
        if source == "memory":
            x, y = points(n)
            connection.register("points", pa.table({"x": x, "y": y}))
            name = "points"
        asked = f"select regr_slope(y, x), regr_intercept(y, x) from {name}"
        return lambda: connection.execute(asked).fetchall()
    if method in ("one read", "linreg") and source == "parquet":
        import pyarrow.parquet as pq

        from linreg import accumulate

        def stream() -> Any:
            with pq.ParquetFile(path, pre_buffer=False) as file:
                batches = file.iter_batches(batch_size=2**18, columns=["x", "y"])
                pairs = ((b["x"], b["y"]) for b in batches)
                if method == "one read":
                    return deque(pairs, maxlen=0)
                return accumulate(pairs).least_squares()

        return stream
    fit = fit_of(method)
    if source == "parquet":
        return lambda: fit(*load(path))
    x, y = points(n)
    return lambda: fit(x, y)


def fit_of(method: str) -> Callable[[np.ndarray, np.ndarray], Any]:
    """Return a fit of two arrays."""
    if method == "one read":
        return lambda x, y: (x.sum(), y.sum())
    if method == "linreg":
        from linreg import least_squares

        return least_squares
    if method == "SciPy":
        from scipy.stats import linregress

        return linregress
    if method == "NumPy":
        return lambda x, y: np.polyfit(x, y, 1)
    if method == "scikit-learn":
        from sklearn.linear_model import LinearRegression

        return lambda x, y: LinearRegression().fit(x[:, None], y)
    import statsmodels.api as sm

    return lambda x, y: sm.OLS(y, sm.add_constant(x)).fit().params


def memory(name: str) -> float:
    """Return what Linux says of this process in MiB: VmRSS is what it has, VmHWM the most yet."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


def measure(fit: Callable[[], Any]) -> tuple[float, float]:
    """Return the shortest time of `fit` in seconds, and the memory it took besides."""
    Path("/proc/self/clear_refs").write_text("5")  # forget the most so far
    before = memory("VmRSS")
    fit()
    most = memory("VmHWM") - before
    shortest, begin = float("inf"), time.perf_counter()
    for _ in range(ROUNDS):
        started = time.perf_counter()
        fit()
        now = time.perf_counter()
        shortest = min(shortest, now - started)
        if now - begin > SECONDS:
            break
    return shortest, max(most, 0.0)


if __name__ == "__main__":
    source, method, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    least, n = map(int, sys.argv[4:])
    # What is loaded at the first use is no room that the data take.
    prepare(source, method, folder, least)()
    seconds, mib = measure(prepare(source, method, folder, n))
    found = {"source": source, "method": method, "n": n, "seconds": seconds, "mib": mib}
    print(json.dumps(found))
