"""`diagnose` on a million points of ten columns: `pytest -s tests/bench/bench_diagnose.py`."""

import numpy as np
import pytest

from linreg.convergence import diagnose

# Filled by the measurements above the comparison: the shortest time of each, in seconds.
SHORTEST: dict[str, float] = {}
X = np.random.default_rng(0).normal(size=(10**6, 10))


@pytest.mark.parametrize("size", [None, 32])
def test_time(benchmark, size):
    benchmark.group = "a million points of ten columns"
    benchmark.pedantic(diagnose, args=(X,), kwargs={"batch_size": size}, rounds=3, warmup_rounds=1)
    if benchmark.stats is not None:
        SHORTEST["whole" if size is None else "batches"] = benchmark.stats.stats.min


def test_each_takes_less_than_a_second():
    if len(SHORTEST) < 2:
        pytest.skip("nothing was measured")
    for name, seconds in SHORTEST.items():
        print(f"\n{name}: {seconds:.2f} s, and less than 1 s is asked")
    assert max(SHORTEST.values()) < 1
