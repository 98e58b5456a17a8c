"""From how many points an accelerator pays: `pytest -s tests/bench/bench_devices.py`.

Nothing is asserted of the times. With `python tests/bench/bench_devices.py` it needs no pytest, and
prints the table as CSV.
"""

import platform
import statistics
import time

import torch
from torch import nn

POINTS = [8, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]


def devices() -> dict[str, torch.device]:
    """Return the processor and, where there is one, the accelerator, by name."""
    threads = torch.get_num_threads()
    found = {f"{platform.machine()}, {threads} threads": torch.device("cpu")}
    if torch.accelerator.is_available():
        device = torch.accelerator.current_accelerator()
        cuda = device.type == "cuda"
        found[torch.cuda.get_device_name() if cuda else str(device)] = device
    return found


def epoch_time(device: torch.device, points: int, *, epochs: int = 20, rounds: int = 5) -> float:
    """Return the seconds of an epoch of the plain loop on `points` students, the median round."""
    hours = torch.linspace(1, 8, points).reshape(-1, 1).to(device)
    scores = 42 + 7 * hours
    model = nn.Linear(1, 1).to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    loss_fn = nn.MSELoss()

    def train() -> float:
        begin = time.perf_counter()
        for _ in range(epochs):
            optimizer.zero_grad()
            loss_fn(model(hours), scores).backward()
            optimizer.step()
        # An accelerator works on after its jobs are handed over: wait for the last of them.
        model.weight.item()
        return (time.perf_counter() - begin) / epochs

    train()
    return statistics.median(train() for _ in range(rounds))


def measure() -> list[list[str]]:
    """Return rows of text: the points, and the microseconds of an epoch on each device."""
    found = devices()
    rows = [["points", *found]]
    for points in POINTS:
        times = [epoch_time(device, points) for device in found.values()]
        rows.append([str(points), *(f"{seconds * 1e6:.0f}" for seconds in times)])
    return rows


def test_an_epoch_is_timed_on_each_device():
    rows = measure()
    print("\nmicroseconds for an epoch")
    for row in rows:
        print("".join(f"{cell:>32}" for cell in row))
    assert len(rows) == len(POINTS) + 1


if __name__ == "__main__":
    print("\n".join(",".join(f'"{c}"' for c in row) for row in measure()))
