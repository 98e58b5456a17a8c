import os
import signal
import sys

import numpy as np
import pandas as pd
from distributed import Client, wait

from linreg import accumulate


def sums_of(path):
    chunks = pd.read_csv(path, chunksize=5_000)
    return accumulate(((chunk["hours"], chunk["score"]) for chunk in chunks), source=path)


if __name__ == "__main__":
    # Eight files, as other machines may have written them.
    rng = np.random.default_rng(0)
    paths = [os.path.abspath(f"part-{part}.csv") for part in range(8)]
    for path in paths:
        hours = rng.uniform(1, 8, 20_000)
        scores = 40 + 7 * hours + rng.normal(0, 4, 20_000)
        pd.DataFrame({"hours": hours, "score": scores}).to_csv(path, index=False)

    # In a cluster, give Client the address of its scheduler, and nothing else.
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        workers = client.run(os.getpid)
        parts = client.map(sums_of, paths)
        if "--kill" in sys.argv:
            wait(parts, return_when="FIRST_COMPLETED")
            os.kill(min(workers.values()), signal.SIGKILL)
        while len(parts) > 1:
            parts = [client.submit(sum, parts[i : i + 2]) for i in range(0, len(parts), 2)]
        total = parts[0].result()
        lost = set(workers.values()) - set(client.run(os.getpid).values())
        print(f"workers lost: {len(lost)}")

    line, alone = total.least_squares(), sum(map(sums_of, paths)).least_squares()
    print(f"{total.n} rows: slope {line.slope!r}, intercept {line.intercept!r}")
    print(f"one process: slope {alone.slope!r}, intercept {alone.intercept!r}")
