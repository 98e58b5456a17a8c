"""`train` beside the plain PyTorch loop it repeats: `pytest -s tests/bench_trainer.py`."""

import statistics
import time

import pytest
import torch
from torch import nn

from linreg.data import load_study
from linreg.trainer import train

# Filled by the measurements above the comparison: the times of each, in seconds.
TIMES: dict[str, list[float]] = {}
ALLOWED = 0.75
STUDY = load_study("tens")


def library():
    fit = train(STUDY.x, STUDY.y, lr=1e-4, epochs=1000, seed=228)
    return fit.slope, fit.intercept, list(fit.losses)


def plain_loop():
    torch.manual_seed(228)
    model = nn.Linear(1, 1)
    loss_function = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0001)
    losses = []
    for _ in range(1000):
        predictions = model(STUDY.x.reshape(-1, 1))
        loss = loss_function(predictions, STUDY.y.reshape(-1, 1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model.weight.item(), model.bias.item(), losses


# Processor time, which other programs of a busy machine do not lengthen.
@pytest.mark.benchmark(group="1000 epochs on eight students", timer=time.process_time)
@pytest.mark.parametrize("run", [library, plain_loop])
def test_time(benchmark, run):
    benchmark.pedantic(run, rounds=20, warmup_rounds=2)
    if benchmark.stats is not None:
        TIMES[run.__name__] = benchmark.stats.stats.data


def test_train_takes_three_quarters_of_the_plain_loops_time_and_gives_its_bits():
    assert library() == plain_loop()
    if len(TIMES) < 2:
        pytest.skip("nothing was measured")
    ratio = statistics.median(TIMES["library"]) / statistics.median(TIMES["plain_loop"])
    print(f"\n1000 epochs: {ratio:.3f} of the plain loop's time, and {ALLOWED} is allowed")
    assert ratio <= ALLOWED
