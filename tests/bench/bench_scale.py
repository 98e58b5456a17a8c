"""`least_squares` and `accumulate` beside their rivals, from a few rows to a hundred million.

`nox -s bench -- --record` writes what was measured beside the page "More data than one machine
holds", which draws it.
"""

import datetime
import importlib.metadata
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.scale import METHODS, write

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "docs" / "more-data" / "measured.json"
SIZES = {"memory": [8, 10**3, 10**5, 10**6, 10**7, 10**8], "parquet": [10**5, 10**6, 10**7, 10**8]}
# The others need many times the room of the data, and the last size has gigabytes of it.
LARGEST = {name: 10**8 for name in ("one read", "linreg", "Polars", "DuckDB")}
PACKAGES = ("numpy", "scipy", "scikit-learn", "statsmodels", "polars", "duckdb", "pyarrow")


def machine() -> dict[str, object]:
    """Return where and when this is measured."""
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return {
        "date": datetime.date.today().isoformat(),
        "processor": processor[1] if processor else "unknown",
        "cores": len(os.sched_getaffinity(0)),
        "busy": round(os.getloadavg()[1], 1),
        "python": sys.version.split()[0],
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
    }


@pytest.fixture(scope="module")
def measured(tmp_path_factory) -> list[dict]:
    """What each method takes at each n, as `tests/bench/scale.py` measures it."""
    if sys.platform != "linux":
        pytest.skip("memory is measured as Linux tells it")
    folder = tmp_path_factory.mktemp("points")
    for n in SIZES["parquet"]:
        write(folder, n)
    found = []
    for source, sizes in SIZES.items():
        for method in ("one read", *METHODS):
            for n in sizes:
                if n > LARGEST.get(method, 10**7):
                    continue
                program = [sys.executable, "-m", "tests.bench.scale", source, method, str(folder)]
                # What one n leaves behind in a process would hide what the next one takes.
                ran = subprocess.run(
                    [*program, str(sizes[0]), str(n)],
                    cwd=ROOT,
                    capture_output=True,
                    text=True,
                    check=True,
                    timeout=300,
                )
                row = json.loads(ran.stdout)
                row |= {"seconds": float(f"{row['seconds']:.4g}"), "mib": round(row["mib"], 1)}
                found.append(row)
                print(f"\n{ran.stdout}", end="")
    return found


def test_linreg_is_ahead_of_every_rival_at_every_n(measured, request) -> None:
    if request.config.getoption("record"):
        rows = ",\n".join(json.dumps(row) for row in measured)
        head = json.dumps(machine(), indent=1)[:-2]
        RECORD.write_text(f'{head},\n "measured": [\n{rows}\n]}}\n', encoding="utf-8")
    behind = []
    for source, sizes in SIZES.items():
        for n in sizes:
            times = {
                r["method"]: r["seconds"] for r in measured if (r["source"], r["n"]) == (source, n)
            }
            own = times.pop("linreg")
            shares = {name: own / seconds for name, seconds in times.items()}
            said = ", ".join(f"{share:.3f} of {name}" for name, share in shares.items())
            print(f"\n{source}, {n:.0e} rows: {own:.6f} s, {said}")
            reads = shares.pop("one read")
            if source == "memory" and n >= 10**7 and reads > 3:
                behind.append(f"{n:.0e}: {reads:.2f} times one read of the data")
            if source == "parquet":
                # Its own reader is done before pyarrow has read the file, whoever adds up.
                shares.pop("Polars")
            behind += [f"{source}, {n:.0e}, {name}" for name in shares if shares[name] > 1]
    assert not behind
