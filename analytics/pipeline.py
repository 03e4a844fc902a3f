"""Open deals: how old, how much, how likely, past which date, and whether what they promise can be delivered.

A deal's age counts from the day when it was entered. Its close date has slipped where it lies before today. A product
of it cannot be delivered by then where neither free stock (on hand less what open orders still ask for) nor what is on
order and due by then is enough, and its lead time from today ends later; each deal is judged as if it were the only
one. Weighted: the amount times the chance that the deal is won.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from analytics.demand import Types, known_sum

YEAR_DAYS = 365
BY = {"stage": ("stage", "stage"), "owner": ("owner_id", "owner")}
SHORT: Types = {
    "opportunity_id": pl.String,
    "product_id": pl.String,
    "quantity": pl.Float64,
    "free": pl.Float64,
    "deliverable_on": pl.Date,
}


@dataclass(frozen=True)
class Velocity:
    """Of the deals closed in the last 365 days: how many, the share that was won (by number), the mean amount of a won
    one and the median days from entry to win; and money a day that the open deals bring if all goes on so: their number
    times share times amount over days. Null where nothing was won or nothing is known."""

    closed: int
    won: int
    share: float | None
    amount: float | None
    days: float | None
    a_day: float | None


def velocity(closed: pl.DataFrame, still_open: int, as_of: date) -> Velocity:
    """How fast deals become money. ``closed``: created_on, closed_on, is_won, amount (in one currency)."""
    recent = closed.filter(pl.col("closed_on").is_between(as_of - timedelta(days=YEAR_DAYS - 1), as_of))
    won = recent.filter(pl.col("is_won"))
    if won.is_empty():
        return Velocity(recent.height, 0, 0.0 if recent.height else None, None, None, None)
    share = won.height / recent.height
    days = won.select((pl.col("closed_on") - pl.col("created_on")).dt.total_days().median()).item()
    amount = won["amount"].mean()
    a_day = still_open * share * amount / max(days, 1.0) if isinstance(amount, float) else None
    return Velocity(recent.height, won.height, share, amount if isinstance(amount, float) else None, days, a_day)


def grouped(deals: pl.DataFrame, by: str) -> pl.DataFrame:
    """One row per stage or owner: group_key, group, order (of a stage), deals, amount, weighted, age_days (mean),
    slipped and short (numbers of deals), currency; stages in their order, owners by weighted amount."""
    key, name = BY[by]
    found = deals.group_by(group_key=pl.col(key), group=pl.col(name)).agg(
        order=pl.col("stage_order").min(),
        deals=pl.len().cast(pl.Int64),
        amount=known_sum(pl.col("amount")),
        weighted=known_sum(pl.col("weighted")),
        age_days=pl.col("age_days").mean(),
        slipped=pl.col("has_slipped").sum().cast(pl.Int64),
        short=pl.col("is_short").sum().cast(pl.Int64),
        currency=pl.col("currency").first(),
    )
    if by == "stage":
        return found.sort("order", "group", "group_key", nulls_last=True)
    return found.sort(-pl.col("weighted"), -pl.col("amount"), "group", "group_key", nulls_last=True)


def short(
    lines: pl.DataFrame, free: pl.DataFrame, coming: pl.DataFrame, leads: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """One row per line of a deal whose goods cannot be delivered by its close date, but on deliverable_on: see
    ``SHORT``. Of goods that are not there, on order or to be had in a known time, nothing is said.

    ``lines``: opportunity_id, company_id, product_id, quantity, close_on (of goods, with a close date); ``free``: by
    product and company, free; ``coming``: the same keys, due_on, quantity; ``leads``: the same keys, lead_time_days.
    """
    keys = ("product_id", "company_id")
    by_day = coming.drop_nulls("due_on").group_by(*keys, "due_on").agg(pl.col("quantity").sum()).sort("due_on")
    summed = by_day.with_columns(total=pl.col("quantity").cum_sum().over(keys)).drop("quantity")
    numbered = lines.with_row_index("line")
    held = numbered.join(free, on=keys, how="left", validate="m:1").with_columns(pl.col("free").fill_null(0.0))
    led = held.join(leads, on=keys, how="left", validate="m:1")
    lacking = led.filter(pl.col("quantity") > pl.col("free"))
    covered = lacking.select("line", *keys, "quantity", "free").join(summed, on=keys, how="inner")
    enough = covered.filter(pl.col("free") + pl.col("total") >= pl.col("quantity"))
    first = enough.group_by("line").agg(due_on=pl.col("due_on").min())
    dated = lacking.join(first, on="line", how="left", validate="1:1")
    made_on = pl.lit(as_of) + pl.duration(days=pl.col("lead_time_days").ceil().cast(pl.Int64))
    received_on = pl.when(pl.col("due_on") < as_of).then(pl.lit(as_of)).otherwise("due_on")
    earliest = dated.with_columns(deliverable_on=pl.min_horizontal(received_on, made_on))
    return (
        earliest.filter(pl.col("deliverable_on") > pl.col("close_on"))
        .sort("line")
        .select(pl.col(name).cast(kind) for name, kind in SHORT.items())
    )
