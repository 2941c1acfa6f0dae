"""The whole mixed-integer model as every solver reads it."""

from typing import Any

import numpy as np

PERCENT = 100


def read(path: str) -> dict[str, Any]:
    """Read a model: rows in compressed form, limits, whole columns and what a unit of each gains."""
    return dict(np.load(path))


def worth(program: dict[str, Any], columns: Any) -> int:
    """Return what an answer is worth, after checking that it keeps every row."""
    whole = np.rint(np.asarray(columns, dtype=np.float64))
    length = np.diff(program["starts"])
    row = np.repeat(np.arange(len(length)), length)
    sums = np.bincount(row, program["values"] * whole[program["at"]], minlength=len(length))
    if (sums < program["lower"] - 1e-6).any() or (sums > program["upper"] + 1e-6).any():
        raise AssertionError("the answer breaks a row")
    return int(program["gains"] @ whole) + int(program["constant"])


def levels(program: dict[str, Any], columns: Any) -> list[float]:
    """Return what an answer reaches on each level, coverage in whole units."""
    coverage, *others = (program["levels"] @ np.rint(columns) + program["constants"]).tolist()
    return [coverage / PERCENT, *others]
