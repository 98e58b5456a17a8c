"""Compute every output anew for other students, and print them as JSON.

A program of its own, since the pages' outputs are computed from data that they load once.
"""

import gc
import json

import linreg.data

# The first student studied half as long; the last an hour longer, and scored a point more.
first, *others, last = linreg.data.HOURS
linreg.data.HOURS = (first / 2, *others, last + 1)  # type: ignore[assignment]
linreg.data.SCORES = (*linreg.data.SCORES[:-1], linreg.data.SCORES[-1] + 1)


def main() -> None:
    from press.contract import compute_fresh, load_contracts

    gc.disable()  # as the check does
    contracts = load_contracts()
    values, _ = compute_fresh(contracts.values())
    outputs = {name: o for c in contracts.values() for name, o in c.outputs.items()}
    print(json.dumps({name: outputs[name].render(value) for name, value in values.items()}))


if __name__ == "__main__":
    main()
