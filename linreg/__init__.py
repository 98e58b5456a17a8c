"""Linear regression with PyTorch on eight students, where every number is computed."""

from typing import TYPE_CHECKING, Any

from linreg.best import LeastSquares, Sums, accumulate, least_squares, leave_one_out
from linreg.convergence import Diagnosis, Path, descent_path, diagnose, stable_lr
from linreg.data import Study, load_study
from linreg.line import HAND_DRAWN, Line
from linreg.review import Review, review

if TYPE_CHECKING:
    from linreg.trainer import Fit, TrainingDiverged, train

__all__ = [
    "HAND_DRAWN",
    "Diagnosis",
    "Fit",
    "LeastSquares",
    "Line",
    "Path",
    "Review",
    "Study",
    "Sums",
    "TrainingDiverged",
    "accumulate",
    "descent_path",
    "diagnose",
    "least_squares",
    "leave_one_out",
    "load_study",
    "review",
    "stable_lr",
    "train",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    # Importing torch takes longer than all the rest, so only those wait for it who train.
    if name in ("Fit", "TrainingDiverged", "train"):
        from linreg import trainer

        return getattr(trainer, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
