"""Linear regression with PyTorch on eight students, where every number is computed."""

from linreg.best import LeastSquares, least_squares
from linreg.data import Study, load_study
from linreg.line import HAND_DRAWN, Line
from linreg.trainer import Fit, train

__all__ = [
    "HAND_DRAWN",
    "Fit",
    "LeastSquares",
    "Line",
    "Study",
    "least_squares",
    "load_study",
    "train",
]
