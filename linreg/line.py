"""A straight line, whoever found it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from linreg.inputs import as_number, as_one_or_many, as_pairs


@dataclass(frozen=True)
class Line:
    """The line `y = slope * x + intercept`.

    :param slope: units of y per unit of x.
    :param intercept: the y at x = 0, in units of y.
    :raises TypeError: for what is no real number.
    :raises ValueError: for nan, infinity, and more than one number.

    >>> from linreg import Line
    >>> Line(slope=2.0, intercept=1.0).predict(3)
    7.0
    """

    slope: float
    intercept: float

    def __post_init__(self) -> None:
        for name in ("slope", "intercept"):
            object.__setattr__(self, name, as_number(getattr(self, name), name))

    @overload
    def predict(self, x: float) -> float: ...
    @overload
    def predict(self, x: ArrayLike) -> np.ndarray: ...
    def predict(self, x: Any) -> Any:
        """Return the y of the line at `x`: a float for a number, an array (n,) for n of them.

        Raises what `linreg.inputs.as_values` raises, and ValueError beyond the range of float64.
        """
        return at(x, lambda values: self.slope * values + self.intercept)

    def mean_squared_error(self, x: ArrayLike, y: ArrayLike) -> float:
        """Return the mean of the squared residuals `y - predict(x)`, in squared units of y.

        x, y: array-like of at least one point. Raises what `linreg.inputs.as_pairs` and `predict`
        raise, and ValueError where the squares pass the range of float64.
        """
        x, y = as_pairs(x, y)
        with np.errstate(over="ignore"):
            mean = float(np.mean((y - self.predict(x)) ** 2))
        if mean == math.inf:
            raise ValueError("the squares of the residuals pass float64; choose larger units for y")
        return mean

    def score(self, x: ArrayLike, y: ArrayLike) -> float:
        """Return R²: 1 for a perfect line, 0 for the mean of y, and less than 0 for worse.

        R² = 1 - mean squared error / variance, both divided by n.
        Raises what `mean_squared_error` raises, and ValueError when all y are equal.
        """
        x, y = as_pairs(x, y)
        if y.min() == y.max():
            raise ValueError(
                f"all y equal {y[0]}: R² divides by their variance, which is zero; "
                "add a point with another y"
            )
        with np.errstate(over="ignore", under="ignore"):
            variance = float(np.var(y))
        if not 0 < variance < math.inf:
            raise ValueError(
                f"the variance of y comes out as {variance}, which float64 cannot hold; "
                "choose other units for y"
            )
        return 1 - self.mean_squared_error(x, y) / variance

    def formula(self, *, x: str = "Study Hours", y: str = "Exam Score") -> str:
        """Return the line in words, to two decimals; `x` and `y` name the quantities.

        >>> from linreg import Line
        >>> Line(9.18, 338.15).formula()
        'Exam Score = 9.18 × Study Hours + 338.15'
        """
        sign = "-" if self.intercept < 0 else "+"
        return f"{y} = {self.slope:.2f} × {x} {sign} {abs(self.intercept):.2f}"

    def formula_latex(
        self, *, x: str = r"\text{Study Hours}", y: str = r"\text{Exam Score}"
    ) -> str:
        r"""Return the formula as LaTeX, to two decimals; `x` and `y` are LaTeX themselves.

        >>> from linreg import Line
        >>> print(Line(9.18, 338.15).formula_latex(x="X", y="Y"))
        Y = 9.18 \times X + 338.15
        """
        return self.formula(x=x, y=y).replace("×", r"\times")


def at(x: Any, formula: Callable[[np.ndarray], np.ndarray]) -> Any:
    """Return `formula(x)`: a float for a number, an array of shape (n,) for n of them.

    Raises what `linreg.inputs.as_values` raises, and ValueError where the result is not finite.
    """
    values, single = as_one_or_many(x, "x")
    with np.errstate(over="ignore", invalid="ignore"):
        result = formula(values)
    if not np.isfinite(result).all():
        far = values[np.argmin(np.isfinite(result))]
        raise ValueError(f"x={far} is too far out: float64 cannot hold the result; come nearer")
    return float(result[0]) if single else result


HAND_DRAWN = Line(slope=9.18, intercept=338.15)
"""The line that the tutorial's introduction draws by eye over the scores, in tens."""
