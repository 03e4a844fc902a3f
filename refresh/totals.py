"""Orders whose source states no amount: the sum of their lines."""

import polars as pl

from analytics.tables import TABLES
from data_access.store import Load
from refresh.unify import Unified

HEADERS = {
    "sales_orders": ("sales_order_lines", "sales_order_id"),
    "purchase_orders": ("purchase_order_lines", "purchase_order_id"),
}


def with_totals(unified: Unified, load: Load, source: str, confirmed: frozenset[str]) -> dict[str, pl.DataFrame]:
    """The tables with ``amount_untaxed`` of orders filled from the lines that there will be: where the source gives
    none, and where lines changed without their order."""
    made = dict(unified.tables)
    for header, (lines, key) in HEADERS.items():
        if header in made or lines in made:
            before = _stored_lines(lines, key, load, source)
            after = _lines_after(before, lines, key, unified, confirmed)
            orders = _with_affected(header, key, unified, load, source, _sums(before, key), _sums(after, key))
            made |= {header: _filled(orders, _sums(after, key), key)} if orders is not None else {}
    return made


def _stored_lines(lines: str, key: str, load: Load, source: str) -> pl.DataFrame:
    columns = (*TABLES[lines].primary_key(), "source_id", key, "amount_untaxed")
    return load.read(lines, columns, where="source = :source AND deleted_at IS NULL", source=source)


def _lines_after(
    before: pl.DataFrame, lines: str, key: str, unified: Unified, confirmed: frozenset[str]
) -> pl.DataFrame:
    """The lines as this load leaves them: the stored ones that stay, and those that it brings."""
    holding = unified.held.get(lines)
    if holding is not None and not holding.is_doubtful(confirmed):
        before = before.filter(pl.col("source_id").is_in(holding.keys.implode()))
    brought = unified.tables.get(lines)
    if brought is None or brought.is_empty():
        return before
    stay = before.join(brought, on=TABLES[lines].primary_key(), how="anti")
    return pl.concat([part.select(key, "amount_untaxed") for part in (stay, brought)])


def _sums(lines: pl.DataFrame, key: str) -> pl.DataFrame:
    """One row per order: the sum of its lines; null where one of them has no amount."""
    total = pl.when(pl.col("amount_untaxed").is_not_null().all()).then(
        pl.col("amount_untaxed").sum().cast(pl.Decimal(24, 6))
    )
    return lines.group_by(key).agg(total.alias("_sum"))


def _with_affected(
    header: str, key: str, unified: Unified, load: Load, source: str, before: pl.DataFrame, after: pl.DataFrame
) -> pl.DataFrame | None:
    """The orders that came, and the stored ones whose amount was the sum of their lines and no longer is."""
    came = unified.tables.get(header)
    changed = before.join(after, on=key, how="full", coalesce=True, suffix="_after", nulls_equal=False)
    changed = changed.filter(pl.col("_sum").ne_missing(pl.col("_sum_after"))).select(key, "_sum")
    if changed.is_empty():
        return came
    stored = load.read(header, where="source = :source", source=source).join(changed, on=key, how="inner")
    summed = stored.filter(pl.col("amount_untaxed").eq_missing(pl.col("_sum"))).drop("_sum")
    unknown = summed.with_columns(amount_untaxed=pl.lit(None, pl.Decimal(24, 6)))
    return unknown if came is None else pl.concat([came, unknown.join(came, on=key, how="anti")], how="diagonal")


def _filled(orders: pl.DataFrame, sums: pl.DataFrame, key: str) -> pl.DataFrame:
    filled = orders.join(sums, on=key, how="left", maintain_order="left", validate="m:1")
    return filled.with_columns(pl.coalesce("amount_untaxed", "_sum").alias("amount_untaxed")).drop("_sum")
