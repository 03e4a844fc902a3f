"""Whether numbers have the size that they usually have: a changed unit or decimal mark breaks no rule of a row."""

from collections.abc import Iterator

import polars as pl

from data_access.mapping import Notice

ENOUGH = 20
LEAST, MOST = 0.2, 5.0


def other_sizes(table: str, delivered: pl.DataFrame, stored: pl.DataFrame) -> list[Notice]:
    """One warning for each column whose usual size (the median of what is not zero) is below a fifth or above five
    times that of what is stored; of fewer than 20 values on either side nothing is said."""
    return [
        Notice("other_sizes", sentence)
        for column, new, old in _medians(delivered, stored)
        if (sentence := _said(table, column, new, old))
    ]


def measured(rows: pl.DataFrame) -> list[str]:
    """The columns that hold quantities or money."""
    return [name for name, kind in rows.schema.items() if isinstance(kind, pl.Decimal)]


def _medians(delivered: pl.DataFrame, stored: pl.DataFrame) -> Iterator[tuple[str, float, float]]:
    for column in measured(delivered):
        new, old = (_sizes(rows, column) for rows in (delivered, stored))
        if min(new.len(), old.len()) >= ENOUGH:
            yield column, float(new.median()), float(old.median())  # type: ignore[arg-type]


def _sizes(rows: pl.DataFrame, column: str) -> pl.Series:
    values = rows[column].cast(pl.Float64).abs()
    return values.filter(values > 0)


def _said(table: str, column: str, new: float, old: float) -> str | None:
    if LEAST <= new / old <= MOST:
        return None
    factor = f"{new / old:,.0f} times as much" if new > old else f"a {old / new:,.0f}th of it"
    return (
        f"{column} of {table} is usually {new:,.6g} in this delivery and was {old:,.6g} in what is stored: {factor}."
        " Check its unit and its decimal mark."
    )
