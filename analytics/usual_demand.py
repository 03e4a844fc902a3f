"""Usual demand at each site: how often something is asked for, how much at a time, and how sure that is."""

from datetime import date, timedelta

import polars as pl

from analytics.demand import Tables, Types, consumption, living
from analytics.sites import main_sites

AT = ("product_id", "site_id", "company_id")
HISTORY_DAYS = 364
HALF_LIFE_DAYS = 182
WATCHED_DAYS = 91
LEAST_DAYS = 14
HINDCASTS = (28, 56, 84)
HINDCAST_DAYS = 28
ENOUGH_DEMANDS = 10
LARGEST_SURPRISE = 2.0
DRAWS: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "day_on": pl.Date,
    "quantity": pl.Float64,
    "known_on": pl.Date,
}


def draws(tables: Tables, ordered: pl.DataFrame) -> pl.DataFrame:
    """What was asked of the stock of a main site: one row per demand: see ``DRAWS``. ``ordered``: the order lines of
    ``tables``, as ``analytics.demand.order_lines``.

    Customers' orders on the day of the order, and what production took or another site was sent on the day that it
    left. Returns are none, and what no site is known for is left out. known_on: when the product was created, null
    where nobody says.
    """
    created = tables["products"].select("product_id", known_on="created_on")
    columns = (*AT, "day_on", "quantity")
    every = pl.concat([rows.select(columns) for rows in (ordered, consumption(tables), _sent(tables))])
    asked = every.drop_nulls(("product_id", "site_id", "day_on")).filter(pl.col("quantity") > 0)
    dated = asked.join(created, on="product_id", how="left", validate="m:1")
    return dated.select(pl.col(name).cast(dtype) for name, dtype in DRAWS.items())


def _sent(tables: Tables) -> pl.DataFrame:
    """What left a main site for another one, by way of a transit site or not."""
    moves = living(tables["stock_moves"]).filter((pl.col("kind") == "transfer") & (pl.col("status") == "done"))
    places = main_sites(tables["sites"])
    left = places.select(from_site_id="site_id", main_site_id="main_site_id", was_transit="is_transit")
    reached = places.select(to_site_id="site_id", reached_site_id="main_site_id")
    routed = moves.join(left, on="from_site_id", how="inner", validate="m:1").join(
        reached, on="to_site_id", how="inner", validate="m:1"
    )
    away = routed.filter((pl.col("main_site_id") != pl.col("reached_site_id")) & ~pl.col("was_transit"))
    return away.select(
        "product_id", "company_id", "quantity", site_id="main_site_id", day_on=pl.col("moved_at").dt.date()
    )


def usual_demand(asked: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per product, site and company that something was asked of in the last 364 days.

    rate: demands a day; a demand 182 days ago weighs half of one today. mean_size and square_size: of one demand, its
    quantity and its square, on average. unsure: the variance of the rate, relative to its square, that so few demands
    leave. days: how many were watched: since the first demand of all, or since the product was created; never fewer
    than 14, so that what began yesterday is no habit.
    """
    sized = pl.col("weight") * pl.col("quantity")
    created = pl.when(pl.col("known_on").is_not_null().any()).then(
        pl.min_horizontal(pl.col("known_on").min(), pl.col("day_on").min())
    )
    sums = (
        weighed(asked, as_of)
        .group_by(AT, maintain_order=True)
        .agg(
            demands=pl.col("weight").sum(),
            mean_size=sized.sum() / pl.col("weight").sum(),
            square_size=(sized * pl.col("quantity")).sum() / pl.col("weight").sum(),
            unsure=(sized**2).sum() / sized.sum() ** 2,
            known_on=created,
        )
    )
    since = pl.max_horizontal("known_on", pl.lit(asked["day_on"].min(), dtype=pl.Date))
    days = ((pl.lit(as_of) - since).dt.total_days() + 1).clip(LEAST_DAYS, HISTORY_DAYS)
    return sums.select(
        *AT, "mean_size", "square_size", "unsure", rate=pl.col("demands") / _weighed_days(days), days=days
    )


def sizes(asked: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """How large single demands are: one row per product, site, company and quantity, with the share of the demands."""
    counted = weighed(asked, as_of).group_by(*AT, "quantity", maintain_order=True).agg(pl.col("weight").sum())
    # Sorted first: sums of the same numbers in another order differ in their last digits.
    share = pl.col("weight") / pl.col("weight").sum().over(AT)
    return counted.sort(*AT, "quantity").select(*AT, "quantity", share=share)


def weighed(asked: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The demands of the last 364 days, with weight: half for each 182 days that they are ago."""
    age = (pl.lit(as_of) - pl.col("day_on")).dt.total_days()
    recent = asked.filter(age.is_between(0, HISTORY_DAYS - 1))
    return recent.with_columns(weight=0.5 ** (age / HALF_LIFE_DAYS))


def _weighed_days(days: pl.Expr) -> pl.Expr:
    """The weights of so many days, the last of them today, added up."""
    return (1 - 0.5 ** (days / HALF_LIFE_DAYS)) / (1 - 0.5 ** (1 / HALF_LIFE_DAYS))


def drift(asked: pl.DataFrame, as_of: date) -> float:
    """How far the level of demand moves within four weeks: the variance of what came relative to what was expected,
    less what chance and few demands explain; one figure for the firm.

    Found by asking the same estimate 28, 56 and 84 days ago what the 28 days after it would bring, of items that are
    asked for often and had been watched for 91 days by then. What came is taken as at most three times what was
    expected, so that one surge is not a law. 0 where chance explains all, or where there is no such item.
    """
    told = pl.concat([_surprises(asked, as_of - timedelta(days=back)) for back in HINDCASTS])
    unexplained = (told["surprise"].clip(upper_bound=LARGEST_SURPRISE) ** 2 - told["explained"]).mean()
    return max(unexplained, 0.0) if isinstance(unexplained, float) else 0.0


def _surprises(asked: pl.DataFrame, at: date) -> pl.DataFrame:
    """One row per item with many demands: surprise, what came over what was expected less 1; explained, the variance of
    that by chance and few demands."""
    usual = usual_demand(asked, at).with_columns(demands=HINDCAST_DAYS * pl.col("rate"))
    after = asked.filter(pl.col("day_on").is_between(at, at + timedelta(days=HINDCAST_DAYS), closed="right"))
    came = after.group_by(AT).agg(came=pl.col("quantity").sum())
    joined = usual.join(came, on=AT, how="left", validate="1:1").filter(
        (pl.col("demands") >= ENOUGH_DEMANDS) & (pl.col("days") >= WATCHED_DAYS)
    )
    by_chance = pl.col("square_size") / (pl.col("demands") * pl.col("mean_size") ** 2)
    return joined.select(
        surprise=pl.col("came").fill_null(0.0) / (pl.col("demands") * pl.col("mean_size")) - 1,
        explained=by_chance + pl.col("unsure"),
    )
