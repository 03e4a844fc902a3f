"""Orders whose source states no amount: the sum of their lines."""

import polars as pl

from data_access.store import Load

HEADERS = {
    "sales_orders": ("sales_order_lines", "sales_order_id"),
    "purchase_orders": ("purchase_order_lines", "purchase_order_id"),
}


def with_totals(tables: dict[str, pl.DataFrame], load: Load, source: str) -> dict[str, pl.DataFrame]:
    """The tables with ``amount_untaxed`` of orders filled from their lines: where the source gives none, and where
    lines came without their order."""
    made = dict(tables)
    for header, (lines, key) in HEADERS.items():
        if header in tables or lines in tables:
            made |= _totalled(header, lines, key, tables, load, source)
    return made


def _totalled(
    header: str, lines: str, key: str, tables: dict[str, pl.DataFrame], load: Load, source: str
) -> dict[str, pl.DataFrame]:
    orders = tables.get(header)
    given = tables.get(lines)
    needs_sum = orders is not None and orders.get_column("amount_untaxed").null_count() > 0
    if not needs_sum and (given is None or given.is_empty()):
        return {}
    stored_lines = load.read(
        lines, (key, "amount_untaxed", "deleted_at"), where="source = :source", source=source
    ).filter(pl.col("deleted_at").is_null())
    known = stored_lines.select(key, "amount_untaxed") if given is None else given.select(key, "amount_untaxed")
    if orders is None:
        orders = _affected(header, key, stored_lines, load, source)
    filled = orders.join(_sums(known, key), on=key, how="left", maintain_order="left", validate="m:1")
    return {header: filled.with_columns(pl.coalesce("amount_untaxed", "_sum").alias("amount_untaxed")).drop("_sum")}


def _sums(lines: pl.DataFrame, key: str) -> pl.DataFrame:
    total = pl.when(pl.col("amount_untaxed").is_not_null().all()).then(
        pl.col("amount_untaxed").sum().cast(pl.Decimal(24, 6))
    )
    return lines.group_by(key).agg(total.alias("_sum"))


def _affected(header: str, key: str, before: pl.DataFrame, load: Load, source: str) -> pl.DataFrame:
    """Stored orders whose amount was the sum of their lines before, with that amount taken out so that it is made
    anew."""
    stored = load.read(header, where="source = :source", source=source)
    was_sum = stored.join(_sums(before, key), on=key, how="left", maintain_order="left")
    computed = was_sum.filter(pl.col("amount_untaxed").eq_missing(pl.col("_sum")))
    return computed.drop("_sum").with_columns(amount_untaxed=pl.lit(None, pl.Decimal(24, 6)))
