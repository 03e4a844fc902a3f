"""What Lineage says in words."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from display.numbers import instant
from display.tables.health import source_name
from display.words import say


def title(row: Mapping[str, Any] | None, language: str) -> str:
    """What the row is called, or the question."""
    if row is None:
        return say(language, "lineage.title.none")
    return say(language, "lineage.title", name=name(row))


def name(row: Mapping[str, Any]) -> str:
    """What a row is called; its key where it has no name, or the viewer may not see it."""
    return str(row["called"] or row["row_id"])


def label(row: Mapping[str, Any]) -> str:
    """A row in one line."""
    return f"{name(row)} · {row['row_id']}"


def caption(row: Mapping[str, Any] | None, origin: pl.DataFrame, language: str, zone: str | None) -> str:
    """Its source and the load that brought it; or how to ask."""
    if row is None:
        return say(language, "lineage.caption.none")
    told = {"source_id": row["source_id"], "source": source_name(row["source"], language)}
    if origin.is_empty():
        return say(language, "lineage.caption.unknown", **told)
    load = origin.row(0, named=True)
    return say(
        language, "lineage.caption", run=load["sync_run_id"], day=instant(load["finished_at"], language, zone), **told
    )
