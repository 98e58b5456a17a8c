"""`least_squares` beside scipy and scikit-learn: `pytest -s tests/bench_best.py`."""

import numpy as np
import pytest
import scipy.stats

from linreg.best import least_squares

# Filled by the measurements above the comparison: the shortest time of each, in seconds.
SHORTEST: dict[tuple[int, str], float] = {}
ROUNDS = {8: (200, 20), 10**7: (7, 1)}
# Each rival, and the share of its time that is allowed.
TARGETS = [(8, "linregress", 0.1), (10**7, "linregress", 0.5), (10**7, "LinearRegression", 0.2)]


@pytest.fixture(scope="module", params=ROUNDS, ids="{:.0e} points".format)
def points(request):
    rng = np.random.default_rng(0)
    x = rng.normal(size=request.param)
    return x, 2 * x + rng.normal(size=request.param)


def fit_with_sklearn(x, y):
    from sklearn.linear_model import LinearRegression

    return LinearRegression().fit(x[:, None], y)


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("least_squares", least_squares),
        ("linregress", scipy.stats.linregress),
        ("LinearRegression", fit_with_sklearn),
    ],
)
def test_time(benchmark, points, name, fit):
    n = len(points[0])
    benchmark.group = f"{n:.0e} points"
    rounds, iterations = ROUNDS[n]
    benchmark.pedantic(fit, points, rounds=rounds, iterations=iterations, warmup_rounds=1)
    if benchmark.stats is not None:
        SHORTEST[n, name] = benchmark.stats.stats.min


@pytest.mark.parametrize(("n", "rival", "allowed"), TARGETS)
def test_least_squares_is_faster(n, rival, allowed):
    if (n, rival) not in SHORTEST:
        pytest.skip("nothing was measured")
    ratio = SHORTEST[n, "least_squares"] / SHORTEST[n, rival]
    print(f"\n{n:.0e} points: {ratio:.3f} of the time of {rival}, and {allowed} is allowed")
    assert ratio <= allowed
