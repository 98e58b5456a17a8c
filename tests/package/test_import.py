"""Importing linreg is quick: what takes seconds to import waits until it is needed."""

import subprocess
import sys

import pytest

import linreg

USES = """
import sys
from linreg import Line, accumulate, diagnose, least_squares, stable_lr
x, y = [1, 2, 3], [1, 3, 4]
least_squares(x, y), accumulate([(x, y)]), Line(2, 1).predict(x)
diagnose(x, lr=0.1).verdict, stable_lr(x)
print(*sys.modules)
"""


def test_neither_torch_nor_scipy_nor_pandas_nor_matplotlib_is_imported_without_need():
    run = subprocess.run([sys.executable, "-c", USES], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "numpy" in loaded
    assert not loaded & {"torch", "scipy", "pandas", "matplotlib"}


def test_all_that_is_offered_is_there_and_nothing_else():
    assert {*linreg.__all__} <= {*dir(linreg)}
    for name in linreg.__all__:
        assert getattr(linreg, name).__module__.startswith("linreg.")
    with pytest.raises(AttributeError, match="no attribute 'fit'"):
        _ = linreg.fit
