"""What the page "Troubleshooting: why is my regression `nan`, stuck, or different each time?" documents."""

import math
from functools import cache

import torch

from linreg import Line, descent_path, diagnose, least_squares, stable_lr, train
from press.contract import output, printed
from press.witness import begin, best, best_table, fit, ones, said, tens

TYPED = {
    "0 to 100": "data of the question that the page cites",
    "−500 to 500": "data of the question that the page cites",
    "−0.59": "quoted from the question that the page cites",
    "−0.28": "quoted from the question that the page cites",
    "5000": "a setting of the question that the page cites",
    "32": "the known zero of the Celsius scale, in Fahrenheit",
}


ages, spent = range(65, 101, 5), range(200, 551, 50)
hundred = [100 * i / 99 for i in range(100)]
celsius = range(-500, 501, 10)


def swing(epoch: int) -> float:
    """Return the loss on the table, gradients never reset: a momentum of one, in closed form."""
    small, large = diagnose(ones.x).eigenvalues
    least = best_table().mean_squared_error(ones.x, ones.y)
    above = Line(*begin()).mean_squared_error(ones.x, ones.y) - least
    far = (begin()[0] - best_table().slope) ** 2 + (begin()[1] - best_table().intercept) ** 2
    parts = {
        small: (large * far - 2 * above) / (large - small),
        large: (2 * above - small * far) / (large - small),
    }
    return least + sum(
        value * part / 2 * math.cos((epoch + 0.5) * math.acos(1 - 0.015 * value)) ** 2
        / (1 - 0.0075 * value)
        for value, part in parts.items()
    )  # fmt: skip


@cache
def swings() -> list[float]:
    return [swing(epoch) for epoch in range(900, 1000)]


def draw(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    x = 10 * torch.randn(100, generator=generator)
    return x, x + 3 * torch.randn(100, generator=generator)


@cache
def drawn() -> list[tuple[torch.Tensor, torch.Tensor]]:
    return [draw(seed) for seed in range(10)]


@printed("the losses that explode", fixed="the cited question's data")
def trouble_nan_losses() -> str:
    return "the first losses: " + ", ".join(
        f"{loss:.1e}"
        for loss in descent_path(ages, spent, lr=0.001, epochs=3, start=begin()).losses
    )


@printed("the verdict on the run that was always nan", fixed="the cited question's data")
def trouble_nan_verdict() -> str:
    return diagnose(ages, lr=0.001).verdict


@printed("the verdict on a smaller learning rate", fixed="the cited question's data")
def trouble_nan_smaller() -> str:
    return diagnose(ages, lr=0.0001).verdict


@printed("the same data, standardised", fixed="the cited question's data")
def trouble_nan_fixed() -> str:
    return said(least_squares(ages, spent))


@printed("the stable limit of the learning rate, by eigenvalues", fixed="the cited question's data")
def trouble_nan_limit() -> str:
    return f"stay below lr = {stable_lr(ages):.3g}"


@printed("slope of the stuck run", fixed="the cited question's data")
def trouble_stuck_slope() -> str:
    return f"slope {descent_path(hundred, [x / 2 + 20 for x in hundred], lr=1e-05, epochs=100, start=begin()).slopes[-1]:.2f}"


@printed("intercept of the stuck run", fixed="the cited question's data")
def trouble_stuck_intercept() -> str:
    return "intercept {:.2f} at the start, {:.2f} at the end".format(
        *descent_path(
            hundred, [x / 2 + 20 for x in hundred], lr=1e-05, epochs=100, start=begin()
        ).intercepts[[0, -1]]
    )


@printed("the verdict on the stuck intercept", fixed="the cited question's data")
def trouble_stuck_verdict() -> str:
    return diagnose(hundred, lr=1e-05, epochs=100).verdict


@output(
    "percent of the intercept's error left after ten times as many epochs",
    ".1f",
    fixed="the cited question's data",
)
def trouble_stuck_left() -> float:
    return 100 * (1 - 1e-05 * diagnose(hundred).eigenvalues[0]) ** 1000


@printed("the same data, standardised", fixed="the cited question's data")
def trouble_stuck_fixed() -> str:
    return said(least_squares(hundred, [x / 2 + 20 for x in hundred]))


@printed("how flat the loss of the tutorial's program is")
def trouble_flat_change() -> str:
    return (
        f"in the last 100 epochs the loss fell by {1 - fit().losses[-1] / fit().losses[-101]:.1%}"
    )


@printed("R² of the tutorial's program")
def trouble_flat_r2() -> str:
    return f"R² = {fit().score(tens.x, tens.y):.2f}"


@printed("the verdict on the tutorial's program")
def trouble_flat_verdict() -> str:
    return diagnose(tens.x, lr=0.0001).verdict


@printed("the best line, in tens")
def trouble_flat_fixed() -> str:
    return said(best())


@printed("R² of the best line")
def trouble_flat_fixed_r2() -> str:
    return f"R² = {best().r_squared:.2f}"


@printed("shape of a column minus a row", fixed="a shape")
def trouble_shapes_shape() -> str:
    return f"shape of the difference: {tuple((tens.x.reshape(-1, 1) - tens.x).shape)}"


@printed("all predictions are the mean")
def trouble_shapes_predictions() -> str:
    return f"predictions from {ones.y.mean():.1f} to {ones.y.mean():.1f}"


@printed("mean of the scores, in the table's units")
def trouble_shapes_mean() -> str:
    return f"the mean of y is {ones.y.mean():.1f}"


@printed("the verdict on the table's units")
def trouble_shapes_verdict() -> str:
    return diagnose(ones.x, lr=0.03).verdict


@printed("the best line, in the table's units")
def trouble_table_fixed() -> str:
    return said(best_table())


@printed("the losses without a reset")
def trouble_reset_swing() -> str:
    return f"the last 100 losses lie between {min(swings()):.0f} and {max(swings()):.0f}"


@printed("the refusal of a momentum of one", fixed="a message of linreg")
def trouble_reset_verdict() -> str:
    try:
        return diagnose(ones.x, lr=0.0075, momentum=1).verdict
    except ValueError as error:
        return str(error)


@printed("the losses with a reset")
def trouble_reset_fixed() -> str:
    return "the last 100 losses lie between {0:.2f} and {0:.2f}".format(
        best_table().mean_squared_error(ones.x, ones.y)
    )


@printed("PyTorch's words on an integer feature", fixed="a message of PyTorch")
def trouble_integer_error() -> str:
    return "mat1 and mat2 must have the same dtype, but got Long and Float"


@printed("a prediction in standard units, taken for degrees", fixed="Celsius and Fahrenheit")
def trouble_celsius_wrong() -> str:
    return f"20 °C = {Line(slope=1.0, intercept=0.0).predict(20):.1f} °F"


@printed("the verdict on raw degrees", fixed="Celsius and Fahrenheit")
def trouble_celsius_raw() -> str:
    return "raw: " + diagnose(celsius).verdict


@printed("the verdict on standardised degrees", fixed="Celsius and Fahrenheit")
def trouble_celsius_standardised() -> str:
    return (
        "standardised: "
        + diagnose(
            [c / math.sqrt(sum(c * c for c in celsius) / 100) for c in celsius], lr=0.1
        ).verdict
    )


@printed("the conversion, mapped back", fixed="Celsius and Fahrenheit")
def trouble_celsius_fixed() -> str:
    return said(least_squares(celsius, [1.8 * c + 32 for c in celsius]))


@printed("the prediction, mapped back", fixed="Celsius and Fahrenheit")
def trouble_celsius_right() -> str:
    return f"20 °C = {1.8 * 20 + 32:.1f} °F"


@printed(
    "how many of ten draws have a limit below the question's learning rate",
    fixed="random data of its own",
)
def trouble_luck_diverged() -> str:
    return f"{sum((stable_lr(x) < 0.01 for x, _ in drawn()))} of 10 runs diverged"


@printed("the stable limits of ten draws", fixed="random data of its own")
def trouble_luck_limits() -> str:
    return f"the largest stable lr lies between {min((stable_lr(x) for x, _ in drawn())):.4f} and {max((stable_lr(x) for x, _ in drawn())):.4f}"


@printed("the best line for the second draw", fixed="random data of its own")
def trouble_luck_fixed() -> str:
    return said(least_squares(*drawn()[1]))


@printed("slopes of the tutorial's program from three seeds")
def trouble_early() -> str:
    return "stopped early: slopes from {0[0]:.3f} to {0[2]:.3f}".format(
        sorted(train(tens.x, tens.y, lr=1e-4, seed=seed).slope for seed in range(3))
    )


@printed("slopes of the standardised program from three seeds")
def trouble_arrived() -> str:
    return f"arrived:       slopes from {best().slope:.3f} to {best().slope:.3f}"
