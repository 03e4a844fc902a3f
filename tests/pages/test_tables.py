"""What a table sends to the browser: what it shows, and nothing that was masked."""

import datetime as dt

import polars as pl
import pyarrow as pa
import pytest

from pages.parts.tables import _emptied

DAY = dt.date(2026, 3, 31)
SHOWN = pl.DataFrame(
    {
        "name": ["Smith", None],
        "amount": [1.5, None],
        "count": [7, None],
        "is_late": [True, None],
        "day": [DAY, None],
        "at": [dt.datetime(2026, 3, 31, 8, tzinfo=dt.UTC), None],
        "trend": [[1.0, 2.0], None],
    }
)


def masked(values: pa.Array, *hidden: bool) -> pl.DataFrame:
    """A column whose hidden values still lie in its memory, beneath nulls."""
    bitmap = pa.array([not one for one in hidden]).buffers()[1]
    column = pa.Array.from_buffers(values.type, len(values), [bitmap, *values.buffers()[1:]])
    return pl.DataFrame(pl.from_arrow(pa.table({"column": column})))


def sent(frame: pl.DataFrame) -> bytes:
    """The frame as it travels."""
    sink = pa.BufferOutputStream()
    table = frame.to_arrow()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def test_nothing_that_is_seen_changes() -> None:
    assert _emptied(SHOWN).equals(SHOWN)
    assert _emptied(SHOWN).schema == SHOWN.schema
    assert _emptied(SHOWN.clear()).equals(SHOWN.clear())


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (pa.array(["a name of somebody hidden", "another one that is seen"], pa.large_string()), b"somebody hidden"),
        (pa.array([1234567890123456789, 1], pa.int64()), (1234567890123456789).to_bytes(8, "little")),
    ],
    ids=["text", "number"],
)
def test_what_lies_beneath_a_null_does_not_travel(values: pa.Array, told: bytes) -> None:
    frame = masked(values, True, False)
    assert frame["column"].is_null().to_list() == [True, False]
    assert told not in sent(_emptied(frame))
    assert _emptied(frame)["column"].to_list() == [None, values[1].as_py()]
