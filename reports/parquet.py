"""A table as Parquet: the values behind what is seen, in their types, under the headings that are seen."""

import io
from collections.abc import Sequence

from display.tables import Shown


def written(table: Shown) -> bytes:
    """The table's rows and columns in their order; equal headings are told apart by a number."""
    out = io.BytesIO()
    names = distinct([table.headings[column.name] for column in table.columns])
    frame = table.frame.select(column.name for column in table.columns)
    frame.rename(dict(zip(frame.columns, names, strict=True))).write_parquet(out, compression="zstd")
    return out.getvalue()


def distinct(headings: Sequence[str]) -> list[str]:
    """The headings, each of them once: a column of a file has a name of its own."""
    seen: set[str] = set()
    names = []
    for heading in headings:
        name, number = heading, 1
        while name in seen:
            number += 1
            name = f"{heading} ({number})"
        seen.add(name)
        names.append(name)
    return names
