"""Inventory against demand: what is on hand, what comes, what goes, what runs out. Pure: frames in, frames out."""

from datetime import date, timedelta

import polars as pl

from analytics.tables.columns import DECIMAL

PAIR = ("product_id", "site_id")


def net_moves(moves: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """What came in minus what went out: one row per product, site and day (UTC) on which that is not zero.

    A done move dated after ``as_of`` has already changed today's level, so it counts on ``as_of``. A move without a
    date stands on no day and is left out: what it moved shows as unexplained.
    """
    dated = moves.filter(pl.col("moved_at").is_not_null())
    day_on = pl.col("moved_at").dt.date().clip(upper_bound=as_of)
    outgoing = dated.select("product_id", site_id="from_site_id", day_on=day_on, net=-pl.col("quantity"))
    incoming = dated.select("product_id", site_id="to_site_id", day_on=day_on, net=pl.col("quantity"))
    both = pl.concat([outgoing.cast({"net": DECIMAL}), incoming.cast({"net": DECIMAL})])
    nets = both.drop_nulls("site_id").group_by(*PAIR, "day_on").agg(pl.col("net").sum().cast(DECIMAL))
    return nets.filter(pl.col("net") != 0).sort(*PAIR, "day_on")


def rewound(today: pl.DataFrame, moves: pl.DataFrame, as_of: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Daily levels, found by running done moves backwards from today's level; and what the moves do not explain.

    ``today``: product_id, site_id, on_hand (several rows of a pair add up). ``moves``, done ones only: product_id,
    from_site_id, to_site_id (null where the place is not ours), quantity, moved_at.
    Levels (product_id, site_id, as_of_on, on_hand): one row per pair and day at whose end the level differs from the
    day before, one for ``as_of`` for every pair of either frame, and one for the day before the first change where the
    opening balance is not zero. A pair that only moves know has zero today.
    Differences (product_id, site_id, unexplained): the opening balance of each pair where it is not zero.
    """
    nets = net_moves(moves, as_of)
    now = _levels_now(today, nets)
    since = pl.col("net").cum_sum(reverse=True).over(PAIR)
    changes = nets.with_columns(since=since).join(now, on=PAIR, how="left", validate="m:1").sort(*PAIR, "day_on")
    first = changes.unique(PAIR, keep="first", maintain_order=True)
    before = pl.col("on_hand") - pl.col("since")
    levels = pl.concat(
        [
            _level(first.filter(before != 0), pl.col("day_on") - timedelta(days=1), before),
            _level(changes, pl.col("day_on"), before + pl.col("net")),
            _level(now, pl.lit(as_of), pl.col("on_hand")),
        ]
    )
    kept = levels.unique((*PAIR, "as_of_on"), keep="last", maintain_order=True).sort(*PAIR, "as_of_on")
    return kept, _unexplained(now, nets)


def _levels_now(today: pl.DataFrame, nets: pl.DataFrame) -> pl.DataFrame:
    """One row per pair that either frame knows, with its level today."""
    held = today.select(*PAIR, pl.col("on_hand").cast(DECIMAL))
    moved = nets.select(*PAIR, on_hand=pl.lit(0, dtype=DECIMAL))
    return pl.concat([held, moved]).group_by(PAIR).agg(pl.col("on_hand").sum().cast(DECIMAL))


def _level(rows: pl.DataFrame, day_on: pl.Expr, on_hand: pl.Expr) -> pl.DataFrame:
    return rows.select(*PAIR, as_of_on=day_on.cast(pl.Date), on_hand=on_hand.cast(DECIMAL))


def _unexplained(now: pl.DataFrame, nets: pl.DataFrame) -> pl.DataFrame:
    """One row per pair whose level today is not the sum of its moves."""
    moved = nets.group_by(PAIR).agg(moved=pl.col("net").sum())
    gaps = now.join(moved, on=PAIR, how="left", validate="1:1")
    unexplained = (pl.col("on_hand") - pl.col("moved").fill_null(0)).cast(DECIMAL)
    return gaps.select(*PAIR, unexplained=unexplained).filter(pl.col("unexplained") != 0).sort(PAIR)
