"""`descent_path` beside the training it predicts: `pytest -s tests/bench/bench_convergence.py`."""

import pytest

from linreg.convergence import descent_path
from linreg.data import load_study
from linreg.trainer import train

# Filled by the measurements above the comparison: the shortest time of each, in seconds.
SHORTEST: dict[str, float] = {}
STUDY = load_study("tens")


def follow():
    return descent_path(STUDY.x, STUDY.y, lr=1e-4, epochs=1000, start=(-0.06, 0.21))


def descend():
    return train(STUDY.x, STUDY.y, lr=1e-4, epochs=1000)


@pytest.mark.parametrize(("run", "rounds"), [(follow, 200), (descend, 10)])
def test_time(benchmark, run, rounds):
    benchmark.group = "1000 epochs on eight students"
    benchmark.pedantic(run, rounds=rounds, warmup_rounds=1)
    if benchmark.stats is not None:
        SHORTEST[run.__name__] = benchmark.stats.stats.min


def test_the_path_is_a_hundred_times_faster_than_training():
    if len(SHORTEST) < 2:
        pytest.skip("nothing was measured")
    ratio = SHORTEST["descend"] / SHORTEST["follow"]
    print(f"\n1000 epochs: the path is {ratio:.0f} times faster than training, and 100 is asked")
    assert ratio >= 100
