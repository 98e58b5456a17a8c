"""`diagnose` on a million points of ten columns, beside what others tell of such columns.

`pytest -s tests/bench/bench_diagnose.py`. numpy's qr, svd and cond, statsmodels' condition number
and scikit-learn's full PCA factorise the columns, as `diagnose` does. A covariance matrix is
quicker, and has lost half of the digits before its eigenvalues are asked for.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.decomposition import PCA

from linreg.convergence import diagnose

# Filled by the measurements above the comparison: the shortest time of each, in seconds.
SHORTEST: dict[str, float] = {}
X = np.random.default_rng(0).normal(size=(10**6, 10))
OWN: dict[str, Callable[[], Any]] = {
    "diagnose": lambda: diagnose(X),
    "diagnose, in batches": lambda: diagnose(X, batch_size=32),
}
RIVALS: dict[str, Callable[[], Any]] = {
    "numpy's qr": lambda: np.linalg.qr(X, mode="r"),
    "numpy's svd": lambda: np.linalg.svd(X, compute_uv=False),
    "numpy's cond": lambda: np.linalg.cond(X),
    "scikit-learn's full PCA": lambda: PCA(svd_solver="full").fit(X),
    "statsmodels": lambda: sm.OLS(X[:, 0], sm.add_constant(X[:, 1:])).fit().condition_number,
}
SQUARED: dict[str, Callable[[], Any]] = {
    "a covariance matrix": lambda: np.linalg.eigvalsh(np.cov(X.T)),
}


@pytest.mark.parametrize("name", OWN | RIVALS | SQUARED)
def test_time(benchmark, name):
    benchmark.group = "a million points of ten columns"
    work = (OWN | RIVALS | SQUARED)[name]
    benchmark.pedantic(work, rounds=5, warmup_rounds=1)
    if benchmark.stats is not None:
        SHORTEST[name] = benchmark.stats.stats.min


def test_diagnose_is_ahead_of_all_that_factorise_the_columns():
    if not SHORTEST:
        pytest.skip("nothing was measured")
    for name, seconds in SHORTEST.items():
        share = SHORTEST["diagnose"] / seconds
        print(f"\n{name}: {seconds:.3f} s, of which diagnose takes {share:.2f}")
    for own in OWN:
        assert SHORTEST[own] < min(SHORTEST[name] for name in RIVALS)
