"""Orders that somebody hands to an engine: past ones and those to promise, their instants on one clock."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from data_access.given import kinds, named, taken

INSTANTS = ("placed_at", "planned_at", "delivered_at")


def past_and_asked(history: Path, orders: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Past orders (order_id, placed_at, planned_at, delivered_at) and those to promise (without delivered_at), with
    their further columns. An instant that a file has not is null. Where all instants of both files are of one zone,
    they are as its clocks on the wall showed them, else in UTC. Raises ``NotUsable``."""
    past = _with_instants(history, {"delivered_at": pl.Datetime("us")})
    asked = _with_instants(orders, {}).drop("delivered_at", strict=False)
    clocks = _clocks(history, past), _clocks(orders, asked)
    if len({zone for each in clocks for zone in each.values()}) == 1:
        return _on_the_wall(past, clocks[0]), _on_the_wall(asked, clocks[1])
    return past, asked


def _with_instants(path: Path, needed: dict[str, pl.DataType]) -> pl.DataFrame:
    """Orders with both instants, null where the file has only one of them."""
    names = taken(path, {"order_id": pl.String()}).columns
    instants = [name for name in ("placed_at", "planned_at") if name in names] or ["placed_at"]
    wanted: dict[str, pl.DataType] = {name: pl.Datetime("us") for name in instants}
    table = named(path, "order_id", wanted | needed)
    missing = [name for name in ("placed_at", "planned_at") if name not in wanted]
    return table.with_columns(pl.lit(None, pl.Datetime("us")).alias(name) for name in missing)


def _clocks(path: Path, orders: pl.DataFrame) -> dict[str, str | None]:
    """The zone of each instant of a file, null where it has none; days have no clock."""
    known = {name: kind for name, kind in kinds(path).items() if name in INSTANTS and name in orders.columns}
    timed = {name: kind for name, kind in known.items() if not isinstance(kind, pl.Date | pl.Null)}
    return {name: kind.time_zone if isinstance(kind, pl.Datetime) else None for name, kind in timed.items()}


def _on_the_wall(orders: pl.DataFrame, clocks: Mapping[str, str | None]) -> pl.DataFrame:
    """Instants in UTC as the clocks on the wall of their zone showed them."""
    return orders.with_columns(
        pl.col(name).dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.replace_time_zone(None)
        for name, zone in clocks.items()
        if zone is not None
    )
