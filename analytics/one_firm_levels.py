"""Stock of a firm that changed its ERP: one course of levels for each product and site."""

from datetime import date

import polars as pl

from analytics.demand import known_sum

PLACE = ("product_id", "site_id")
DAY, WAS = "as_of_on", "_was"
AMOUNTS = ("on_hand", "reserved")


def continued_levels(rows: pl.DataFrame, was: pl.Series, before: str, after: str, on: date) -> pl.DataFrame:
    """The old system's levels before the day, then the new one's.

    ``was``: by row, the product as its system calls it: levels of several that became one are added up. A level stands
    until the next one: the new system's latest of before the day holds on it. What the old system had and the new one
    does not know on the day is there no more.
    """
    old = _added_up(rows.with_columns(was.alias(WAS)).filter((pl.col("source") == before) & (pl.col(DAY) < on)))
    new = rows.filter(pl.col("source") == after)
    from_day_on = new.filter(pl.col(DAY) >= on)
    opening = _latest(new.filter(pl.col(DAY) < on)).with_columns(pl.lit(on).alias(DAY))
    opened = opening.join(from_day_on.filter(pl.col(DAY) == on), on=PLACE, how="anti")
    ended = _latest(old).filter(pl.col("on_hand") != 0)
    known = pl.concat([opened, from_day_on.filter(pl.col(DAY) == on)]).select(PLACE)
    gone = ended.join(known, on=PLACE, how="anti").with_columns(
        pl.lit(on).alias(DAY),
        on_hand=pl.lit(0).cast(rows.schema["on_hand"]),
        reserved=pl.lit(0).cast(rows.schema["reserved"]),
    )
    others = rows.filter(~pl.col("source").is_in([before, after]))
    return pl.concat([others, old, opened, gone, from_day_on])


def _added_up(levels: pl.DataFrame) -> pl.DataFrame:
    """One course of levels where several products became one: on each day on which one changed, the sum of what stands
    of all."""
    is_several = pl.col(WAS).n_unique().over(PLACE) > 1
    alone, several = levels.filter(~is_several).drop(WAS), levels.filter(is_several)
    if several.is_empty():
        return alone
    days, products = (several.select(*PLACE, name).unique() for name in (DAY, WAS))
    told = days.join(products, on=PLACE, how="inner").join(several, on=(*PLACE, DAY, WAS), how="left", validate="1:1")
    standing = told.with_columns(pl.col(AMOUNTS).forward_fill().over(*PLACE, WAS, order_by=DAY))
    rest = pl.exclude(*PLACE, DAY, WAS, *AMOUNTS).drop_nulls().first()
    sums = [known_sum(pl.col(name)).cast(levels.schema[name]).alias(name) for name in AMOUNTS]
    summed = standing.group_by(*PLACE, DAY, maintain_order=True).agg(*sums, rest)
    return pl.concat([alone, summed.select(alone.columns)])


def _latest(rows: pl.DataFrame) -> pl.DataFrame:
    """The last level of each product and site."""
    return rows.sort(DAY).unique(PLACE, keep="last", maintain_order=True)
