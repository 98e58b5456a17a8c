"""What the page "Train it with PyTorch" documents."""

import statistics

from linreg import train
from press.contract import latex, output, printed
from press.witness import begin, fit, tens

TYPED = {
    "The 1 asks": "an argument of reshape, explained",
    "−1": "an argument of reshape, explained",
    "0.0001": "a setting: the learning rate",
    "`lr` of 0.1": "a setting: a learning rate to compare with",
    "seed 0": "a setting: a seed to compare with",
    "1000": "a setting, the number of epochs; and the most points of the exam, in tens",
    "35 hours": "a question put to the model",
}


@output("slope after 1000 epochs", ".2f")
def learned_slope() -> float:
    return fit().slope


@output("intercept after 1000 epochs", ".2f")
def learned_intercept() -> float:
    return fit().intercept


@output("prediction of the trained line for 35 hours", ".1f")
def prediction_35() -> float:
    return fit().predict(35)


@printed("the learned formula, printed")
def learned_formula_printed() -> str:
    return fit().formula()


@printed("what the slope means, printed")
def learned_meaning_printed() -> str:
    return f"Each additional hour is worth about {fit().slope:.2f} points."


@printed("the prediction, printed")
def prediction_35_printed() -> str:
    return f"Prediction for 35 hours: {fit().predict(35):.1f} points"


@latex("the learned formula, typeset")
def learned_latex() -> str:
    return fit().formula_latex()


@output("loss before the first step", ",.0f")
def first_loss() -> float:
    return fit().losses[0]


@output("loss before the last step", ",.0f")
def last_loss() -> float:
    return fit().losses[-1]


@output("mean squared error of the trained line", ",.0f")
def learned_mse() -> float:
    return fit().mean_squared_error(tens.x, tens.y)


@output("root of that: how many points off a prediction typically is", ".0f")
def learned_error() -> float:
    return fit().mean_squared_error(tens.x, tens.y) ** 0.5


@output("variance of the scores: the mean squared error of always guessing their mean", ",.0f")
def score_variance() -> float:
    return tens.y.var(correction=0).item()


@printed("shape of the data as a row", fixed="a shape")
def shape_row_printed() -> str:
    return f"a row:    {tens.x.shape}"


@printed("shape of the data as a column", fixed="a shape")
def shape_column_printed() -> str:
    return f"a column: {tens.x.reshape(-1, 1).shape}"


@output("root of the variance: how many points off always guessing the mean typically is", ".0f")
def mean_error() -> float:
    return statistics.pstdev(tens.y.tolist())


@output("gradient for the slope at the start of the run", ",.0f")
def trainer_gradient() -> float:
    slope, intercept = begin()
    x, y = tens.x.double(), tens.y.double()
    return 2 * ((slope * x + intercept - y) * x).mean().item()


@output("how much the first step adds to the slope, at the documented lr", ".2f")
def trainer_step() -> float:
    return train(tens.x, tens.y, lr=1e-4, epochs=1).slope - begin()[0]


@output("how much the first step would add to the slope with lr 0.1", ",.0f")
def trainer_leap() -> float:
    return train(tens.x, tens.y, lr=0.1, epochs=1).slope - begin()[0]


@output("slope after 1000 epochs from another seed", ".2f")
def trainer_other_slope() -> float:
    return train(tens.x, tens.y, lr=1e-4, seed=0).slope
