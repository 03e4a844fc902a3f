"""What is summed at refresh, of a firm for tests: each aggregate made once for equal tables."""

import hashlib
from collections.abc import Iterable

import polars as pl

from analytics.aggregates import AGGREGATES

_MADE: dict[tuple[str, str], pl.DataFrame] = {}
MOST = 4_000


def summed(tables: dict[str, pl.DataFrame], names: Iterable[str] = tuple(AGGREGATES)) -> dict[str, pl.DataFrame]:
    """The aggregates of those names."""
    marks = {name: _mark(rows) for name, rows in tables.items()}
    return {name: _made(name, tables, marks) for name in names}


def _made(name: str, tables: dict[str, pl.DataFrame], marks: dict[str, str]) -> pl.DataFrame:
    needs = AGGREGATES[name].needs
    key = (name, "/".join(marks[needed] for needed in needs))
    if key not in _MADE:
        if len(_MADE) >= MOST:
            _MADE.clear()
        _MADE[key] = AGGREGATES[name].make({needed: tables[needed] for needed in needs})
    return _MADE[key]


def _mark(rows: pl.DataFrame) -> str:
    """Equal for equal rows in equal order."""
    names = ",".join(rows.columns).encode()
    return hashlib.blake2b(rows.hash_rows().to_numpy().tobytes() + names, digest_size=16).hexdigest()
