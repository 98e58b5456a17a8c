"""Linear regression with PyTorch on eight students, where every number is computed."""

from linreg.best import LeastSquares, Sums, accumulate, least_squares
from linreg.convergence import Diagnosis, Path, descent_path, diagnose, stable_lr
from linreg.data import Study, load_study
from linreg.line import HAND_DRAWN, Line
from linreg.trainer import Fit, train

__all__ = [
    "HAND_DRAWN",
    "Diagnosis",
    "Fit",
    "LeastSquares",
    "Line",
    "Path",
    "Study",
    "Sums",
    "accumulate",
    "descent_path",
    "diagnose",
    "least_squares",
    "load_study",
    "stable_lr",
    "train",
]
