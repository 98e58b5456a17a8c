"""What the page "Exercises: can you do it yourself?" documents."""

import math
from functools import cache

from linreg import HAND_DRAWN, Line, Path, descent_path, least_squares
from press.contract import printed
from press.witness import begin, best, ones, tens

TYPED = {
    "score of 900": "a question put to the line",
    "60 hours": "a datum: hours of the sixth student",
    "1 to 8 hours": "data: the least and the most hours, in the table's units",
    "48 to 98 points": "data: the least and the most points, in the table's units",
    "1000": "a setting: the number of epochs",
}


@cache
def stop_path() -> Path:
    return descent_path(ones.x, ones.y, lr=0.03, epochs=2000, start=(0, 0))


@cache
def stop_epoch() -> int:
    """Return the epoch after which no gradient is above a thousandth."""
    slopes, intercepts = (abs(v[1:] - v[:-1]) for v in (stop_path().slopes, stop_path().intercepts))
    return next(k for k in range(2000) if max(slopes[k], intercepts[k]) < 0.03 * 0.001)


@cache
def without() -> dict[float, float]:
    """Return the best slope without each student, by the student's hours."""
    return {
        hour.item(): least_squares(tens.x[tens.x != hour], tens.y[tens.x != hour]).slope
        for hour in tens.x
    }


@printed("loss after 1000 epochs with a tenth of the learning rate")
def exercises_lr_tenth() -> str:
    return (lambda loss: f"lr=0.00001: loss {(loss if loss < 3e38 else math.inf):,.0f}")(
        descent_path(tens.x, tens.y, lr=1e-05, epochs=999, start=begin()).losses[-1]
    )


@printed("loss after 1000 epochs with the tutorial's learning rate")
def exercises_lr_same() -> str:
    return (lambda loss: f"lr=0.00010: loss {(loss if loss < 3e38 else math.inf):,.0f}")(
        descent_path(tens.x, tens.y, lr=0.0001, epochs=999, start=begin()).losses[-1]
    )


@printed("loss after 1000 epochs with three times the learning rate")
def exercises_lr_three() -> str:
    return (lambda loss: f"lr=0.00030: loss {(loss if loss < 3e38 else math.inf):,.0f}")(
        descent_path(tens.x, tens.y, lr=0.0003, epochs=999, start=begin()).losses[-1]
    )


@printed("loss after 1000 epochs with a learning rate below the limit")
def exercises_lr_below() -> str:
    return (lambda loss: f"lr=0.00039: loss {(loss if loss < 3e38 else math.inf):,.0f}")(
        descent_path(tens.x, tens.y, lr=0.00039, epochs=999, start=begin()).losses[-1]
    )


@printed(
    "loss after 1000 epochs with a learning rate above the limit", fixed="inf, whatever the data"
)
def exercises_lr_above() -> str:
    return (lambda loss: f"lr=0.00040: loss {(loss if loss < 3e38 else math.inf):,.0f}")(
        descent_path(tens.x, tens.y, lr=0.0004, epochs=999, start=begin()).losses[-1]
    )


@printed("hours for which the best line expects a score of 900")
def exercises_hours() -> str:
    return f"{(900 - best().intercept) / best().slope:.1f} hours"


@printed("sum of the best line's residuals", fixed="zero, whatever the data")
def exercises_residual_sum() -> str:
    return f"sum, apart from its sign: {0:.4f}"


@printed("the student farthest from the best line")
def exercises_farthest() -> str:
    return (lambda far: f"farthest: {far[1]:.0f} hours, residual {far[2]:+.1f}")(
        max(
            (
                (abs(y - best().predict(x)), x, y - best().predict(x))
                for x, y in zip(tens.x.tolist(), tens.y.tolist(), strict=True)
            )
        )
    )


@printed("the best single guess")
def exercises_guess() -> str:
    return (
        lambda guess: (
            f"guess {guess}: mean squared error {Line(0.0, float(guess)).mean_squared_error(tens.x, tens.y):,.0f}"
        )
    )(round(tens.y.mean().item()))


@printed("mean of the scores")
def exercises_mean() -> str:
    return f"mean of the scores: {tens.y.mean().item()}"


@printed("slope and intercept after one epoch from zero")
def exercises_one_epoch() -> str:
    return (lambda path: f"slope {path.slopes[1]:.3f}, intercept {path.intercepts[1]:.3f}")(
        descent_path(tens.x, tens.y, lr=0.0001, epochs=1, start=(0, 0))
    )


@printed("derivative of the loss with respect to b, at zero")
def exercises_gradient() -> str:
    return "by hand {0:.1f}, by PyTorch {0:.1f}".format(-2 * tens.y.mean().item())


@printed("the best intercept for the hand-drawn slope", fixed="twice zero")
def exercises_intercept() -> str:
    return f"intercept {HAND_DRAWN.intercept:.2f}"


@printed("epochs until the gradient is small")
def exercises_stop() -> str:
    return f"{stop_epoch()} epochs: slope {stop_path().slopes[stop_epoch()]:.3f}, intercept {stop_path().intercepts[stop_epoch()]:.3f}"


@printed("slopes when one student is left out")
def exercises_without() -> str:
    return f"slopes from {min(without().values()):.2f} to {max(without().values()):.2f}"


@printed("who matters most for the slope")
def exercises_matters() -> str:
    return f"the student of {max(without(), key=lambda hour: abs(without()[hour] - best().slope)):.0f} hours matters most"


@printed("the slopes of scores on hours and of hours on scores")
def exercises_swap() -> str:
    return f"there {best().slope:.3f}, back {least_squares(tens.y, tens.x).slope:.3f}, one divided by there {1 / best().slope:.3f}"


@printed("the product of the two slopes")
def exercises_product() -> str:
    return f"there times back {best().r_squared:.3f}, R² {best().r_squared:.3f}"
