"""Where a customer stands in its life as one, and how many of those that came once come again.

A stage follows from order days alone. prospect: never ordered. new: first ordered within 90 days. won_back: came back
within the last 90 days after more than a year of silence. active: within twice its usual interval, or within half a
year where it has none. at_risk: silent for longer. lapsed: without an order for a year.
"""

from datetime import date, timedelta

import polars as pl

from analytics.demand import Types, known_sum
from analytics.segments import NEW_DAYS, QUIET_AFTER, YEAR_DAYS

STAGES = ("prospect", "new", "active", "won_back", "at_risk", "lapsed")
HALF_YEAR = 182
COHORTS: Types = {
    "cohort_on": pl.Date,
    "customers": pl.Int64,
    "quarter": pl.Int64,
    "came": pl.Float64,
}
REASONS = ("silent", "fewer", "less", "once")
LONGER, FEWER, LEAST_ORDERS = 1.5, 2 / 3, 3
CLEARLY, LEAST_GATHERED = 4.0, 5
_MONTHS_OF_QUARTER = 3


def stages(customers: pl.DataFrame, days: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per customer: customer_id, stage.

    ``customers``: customer_id, first_order_on, recency_days, gap_days (null where it has no rhythm yet), as in
    ``analytics.segments.standing``; ``days``: one row per customer and day on which it ordered.
    """
    returned = _returned(days, as_of)
    known = customers.join(returned, on="customer_id", how="left", validate="1:1", maintain_order="left")
    limit = pl.coalesce(QUIET_AFTER * pl.col("gap_days"), pl.lit(HALF_YEAR))
    stage = (
        pl.when(pl.col("first_order_on").is_null())
        .then(pl.lit("prospect"))
        .when(pl.col("recency_days") > YEAR_DAYS)
        .then(pl.lit("lapsed"))
        .when(pl.col("first_order_on") > as_of - timedelta(days=NEW_DAYS))
        .then(pl.lit("new"))
        .when(pl.col("is_back").fill_null(value=False))
        .then(pl.lit("won_back"))
        .when(pl.col("recency_days") > limit)
        .then(pl.lit("at_risk"))
        .otherwise(pl.lit("active"))
    )
    return known.select("customer_id", stage=stage)


def _returned(days: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Who came back within the last 90 days after more than a year: customer_id, is_back."""
    known = days.filter(pl.col("day_on") <= as_of).sort("customer_id", "day_on")
    before = pl.col("day_on").shift(1).over("customer_id")
    after_silence = (pl.col("day_on") - before).dt.total_days() > YEAR_DAYS
    is_recent = pl.col("day_on") > as_of - timedelta(days=NEW_DAYS)
    return known.select("customer_id", is_back=after_silence & is_recent).group_by("customer_id").agg(
        pl.col("is_back").any()
    )  # fmt: skip


def newcomers(people: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """One row per customer of which the first order is known to be its first: customer_id, first_on.

    Left out is who was entered before the data begin, and, where that day is not known, who ordered in their first
    quarter: their first order may lie before.
    """
    began = days["day_on"].min()
    first = days.group_by("customer_id").agg(first_on=pl.col("day_on").min())
    named = first.join(people.select("customer_id", "created_on"), on="customer_id", how="left", validate="1:1")
    if not isinstance(began, date):
        return named.select("customer_id", "first_on")
    is_later = pl.col("first_on") > began + timedelta(days=NEW_DAYS)
    return named.filter(pl.coalesce(pl.col("created_on") >= began, is_later)).select("customer_id", "first_on")


def cohorts(newcomers: pl.DataFrame, days: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per quarter of the first order and full quarter since: see ``COHORTS``.

    came: the share of its customers that ordered in the quarter, which is counted from the cohort's own (0) on. Only
    quarters that are over.
    """
    begun = newcomers.with_columns(cohort_on=pl.col("first_on").dt.truncate("1q"))
    sizes = begun.group_by("cohort_on").agg(customers=pl.len())
    ordered = days.filter(pl.col("day_on") <= as_of).join(begun, on="customer_id", how="inner", validate="m:1")
    counted = ordered.with_columns(quarter=_quarters(pl.col("cohort_on"), pl.col("day_on")))
    seen = counted.group_by("cohort_on", "quarter").agg(seen=pl.col("customer_id").n_unique())
    last = _quarters(pl.col("cohort_on"), pl.lit(as_of + timedelta(days=1))) - 1
    spans = sizes.with_columns(quarter=pl.int_ranges(0, last + 1)).explode("quarter").drop_nulls("quarter")
    whole = spans.join(seen, on=("cohort_on", "quarter"), how="left", validate="1:1")
    share = pl.col("seen").fill_null(0) / pl.col("customers")
    return whole.with_columns(came=share).sort("cohort_on", "quarter").select(
        pl.col(name).cast(kind) for name, kind in COHORTS.items()
    )  # fmt: skip


def _quarters(first: pl.Expr, later: pl.Expr) -> pl.Expr:
    """How many quarters a day lies after the quarter of another."""
    months = (later.dt.year() - first.dt.year()) * 12 + (later.dt.month() - first.dt.month())
    return (months // _MONTHS_OF_QUARTER).cast(pl.Int64)


def repeat_rate(newcomers: pl.DataFrame, days: pl.DataFrame, as_of: date) -> tuple[float | None, int]:
    """The share of customers that ordered again within a year of their first order, of those whose first order is at
    least a year old; and how many those are. Null where there are none."""
    old = newcomers.filter(pl.col("first_on") <= as_of - timedelta(days=YEAR_DAYS))
    if old.is_empty():
        return None, 0
    later = (pl.col("day_on") > pl.col("first_on")) & (
        pl.col("day_on") <= pl.col("first_on") + pl.duration(days=YEAR_DAYS)
    )
    again = days.join(old, on="customer_id", how="inner", validate="m:1").filter(later)["customer_id"].n_unique()
    return again / old.height, old.height


def reasons() -> pl.Expr:
    """What raises the chance that no order comes, as codes of ``REASONS``, the heaviest first.

    silent: without an order for half as long again as usual. fewer: in the last half year at most two thirds of the
    orders of the one before, of at least three. less: so for what was spent. once: a single order day in 24 months.
    """
    told = {
        "silent": pl.col("recency_days") > LONGER * pl.col("gap_days"),
        "fewer": (pl.col("orders_now") <= FEWER * pl.col("orders_before")) & (pl.col("orders_before") >= LEAST_ORDERS),
        "less": (pl.col("spent_now") <= FEWER * pl.col("spent_before")) & (pl.col("spent_before") > 0),
        "once": pl.col("order_days") == 1,
    }
    codes = [pl.when(told[name]).then(pl.lit(name)) for name in REASONS]
    return pl.concat_list(codes).list.drop_nulls()


def summary(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per stage that anybody is in, in their order: stage, customers, share (of them), revenue (of 365 days),
    expected_orders and expected_amount (of the next 90), leaving_risk (mean of those that have one), currency.

    ``rows``: of ``answers.customers.valued``.
    """
    found = rows.group_by("stage").agg(
        customers=pl.len().cast(pl.Int64),
        revenue=known_sum(pl.col("revenue")),
        expected_amount=known_sum(pl.col("expected_amount")),
        leaving_risk=pl.col("leaving_risk").mean(),
        currency=pl.col("currency").first(),
    )
    places = {name: at for at, name in enumerate(STAGES)}
    shared = found.with_columns(share=pl.col("customers") / pl.col("customers").sum())
    return shared.sort(pl.col("stage").replace_strict(places, return_dtype=pl.Int64))


def gathered(rows: pl.DataFrame) -> pl.DataFrame:
    """Kinds of customers of a region in which far more are at risk than in all others, the clearest first: region,
    kind, customers, at_risk, share, share_of_others.

    ``rows``: region, kind (the customer's own group, such as installers), stage. Of those that ordered in a year; far
    more: by four standard errors of the difference, and at least five.
    """
    known = rows.filter(pl.col("stage").is_in(["active", "new", "won_back", "at_risk"]))
    found = known.group_by("region", "kind").agg(customers=pl.len(), at_risk=(pl.col("stage") == "at_risk").sum())
    here, everybody = pl.col("customers"), pl.col("customers").sum()
    share, others = pl.col("at_risk") / here, (pl.col("at_risk").sum() - pl.col("at_risk")) / (everybody - here)
    pooled = pl.col("at_risk").sum() / everybody
    error = (pooled * (1 - pooled) * (1 / here + 1 / (everybody - here))).sqrt()
    judged = found.with_columns(share=share, share_of_others=others, clear=(share - others) / error)
    told = judged.filter(
        pl.col("clear").is_finite() & (pl.col("clear") > CLEARLY) & (pl.col("at_risk") >= LEAST_GATHERED)
    )
    return told.sort("clear", "region", "kind", descending=[True, False, False]).drop("clear")
