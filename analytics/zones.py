"""Time zones that sources name: wall clocks of rows that each name their own."""

import polars as pl

UTC = "UTC"


def is_zone(name: str) -> bool:
    """Whether a name is that of a time zone; sources also write ``UTC+8`` or nothing at all."""
    try:
        pl.select(pl.lit(0, pl.Datetime("us", UTC)).dt.convert_time_zone(name))
    except pl.exceptions.ComputeError:
        return False
    return bool(name)


def wall_clock(instant: pl.Expr, zone: str, rows: pl.DataFrame) -> pl.Expr:
    """What the clock on the wall shows at an instant, in the zone that column ``zone`` of the row names.

    In UTC where it names none, or one that does not exist.
    """
    shown = instant.dt.replace_time_zone(None)
    for name in filter(is_zone, rows.get_column(zone).drop_nulls().unique().sort()):
        local = instant.dt.convert_time_zone(name).dt.replace_time_zone(None)
        shown = pl.when(pl.col(zone) == name).then(local).otherwise(shown)
    return shown
