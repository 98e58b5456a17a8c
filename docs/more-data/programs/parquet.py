import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from linreg import accumulate

rng = np.random.default_rng(0)
hours = rng.uniform(1, 8, 60_000)
scores = 40 + 7 * hours + rng.normal(0, 4, 60_000)
pq.write_table(pa.table({"hours": hours, "score": scores}), "students.parquet")

with pq.ParquetFile("students.parquet", pre_buffer=False) as file:
    batches = file.iter_batches(batch_size=5_000, columns=["hours", "score"])
    pairs = ((batch["hours"], batch["score"]) for batch in batches)
    total = accumulate(pairs, source="students.parquet")
line = total.least_squares()
print(f"{total.n} rows: slope {line.slope:.4f}, intercept {line.intercept:.4f}")
