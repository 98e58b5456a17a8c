import itertools

import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from linreg import accumulate

HOURS = [10.0, 20, 30, 40, 50, 60, 70, 80]
SCORES = [480.0, 520, 710, 680, 830, 890, 920, 980]


class Stream(IterableDataset):
    """Rows as a file gives them, one after the other."""

    def __init__(self, *, shared):
        self.shared = shared

    def __iter__(self):
        rows = zip(torch.tensor(HOURS), torch.tensor(SCORES))
        worker = get_worker_info()
        if self.shared and worker:
            rows = itertools.islice(rows, worker.id, None, worker.num_workers)
        return rows


if __name__ == "__main__":
    for shared in (False, True):
        loader = DataLoader(Stream(shared=shared), batch_size=2, num_workers=2)
        total = accumulate(loader)
        line = total.least_squares()
        print(f"shared: {shared}, rows: {total.n}")
        print(f"slope {line.slope:.3f} ± {line.slope_stderr:.3f}")
