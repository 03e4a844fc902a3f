"""Numbers by chance that need no memory: the same for the same seed, row and column, in whatever order."""

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Share = NDArray[np.float64]
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def chance(seed: int, row: Whole, column: Whole | int = 0) -> Share:
    """A number from 0 to below 1 for each row and column; one of the two may stand for many, as numpy does it."""
    salt = np.asarray([seed], dtype=np.uint64) * _MIX[0]
    mixed = np.asarray(row).astype(np.uint64) * _STEP + np.atleast_1d(column).astype(np.uint64) * _MIX[1] + salt
    for shift, factor in ((30, _MIX[0]), (27, _MIX[1])):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * factor
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)) * 2.0**-53
