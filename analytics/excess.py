"""Stock that is more than is needed, and stock that nobody uses any more. Pure: frames in, frames out."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from analytics.demand import Types
from analytics.demand_weeks import WEEK_COLUMNS, WEEKS
from analytics.inventory import REVIEW_DAYS, UNKNOWN_LEAD_DAYS
from analytics.money import Rates
from analytics.projection import Numbers
from analytics.valuation import BASES, at_cost

QUANTILE, NORMAL_QUANTILE = 0.95, 1.6449
POLICY_DAYS = {"A": 30, "B": 60, "C": 90, "N": 0}
DEAD_AFTER_DAYS = 365
NEW_DAYS = 91
PLACE = ("product_id", "site_id", "company_id")
OWNED = ("product_id", "company_id")
POSITIONS: Types = {
    "product_id": pl.String,
    "sku": pl.String,
    "name": pl.String,
    "name_zh": pl.String,
    "category_id": pl.String,
    "category": pl.String,
    "supplier_id": pl.String,
    "supplier": pl.String,
    "unit": pl.String,
    "company_id": pl.String,
    "site_id": pl.String,
    "region": pl.String,
    "on_hand": pl.Float64,
    "on_order": pl.Float64,
    "open_demand": pl.Float64,
    "need_days": pl.Int64,
    "need_quantity": pl.Float64,
    "need_is": pl.String,
    "excess_quantity": pl.Float64,
    "excess_on_order": pl.Float64,
    "idle_since": pl.Date,
    "is_dead": pl.Boolean,
    "is_new": pl.Boolean,
    "abc": pl.String,
    "xyz": pl.String,
    "is_intermittent": pl.Boolean,
    "worth": pl.Float64,
    "currency": pl.String,
    "unit_cost": pl.Float64,
    "is_unvalued": pl.Boolean,
    "is_at_basis": pl.Boolean,
    "stock_value": pl.Float64,
    "dead_value": pl.Float64,
    "excess_value": pl.Float64,
    "excess_on_order_value": pl.Float64,
    **{f"{basis}_value": pl.Float64 for basis in BASES},
}


@dataclass(frozen=True, kw_only=True)
class Stocktaking:
    """What is known on one day of all stock that the viewer may see.

    items: see ``analytics.inventory.sourced``. classes, policy: ``analytics.classes.classes``, as shown, and by revenue
    for everybody: how long stock is meant to last must not depend on who looks. stock, uses, supply, open_demand: the
    aggregates stock_by_item, stock_uses, open_supply, open_demand. demand, transfers: what was asked of a site and what
    it sent to another by week: see ``analytics.demand_weeks.by_week``. bought: see
    ``analytics.valuation.purchase_prices``, its amounts in the reporting currency.
    """

    as_of: date
    items: pl.DataFrame
    classes: pl.DataFrame
    policy: pl.DataFrame
    stock: pl.DataFrame
    uses: pl.DataFrame
    demand: pl.DataFrame
    transfers: pl.DataFrame
    supply: pl.DataFrame
    open_demand: pl.DataFrame
    costs: pl.DataFrame
    bought: pl.DataFrame
    rates: Rates
    weeks: int
    sees_costs: bool = True
    dead_after_days: int = DEAD_AFTER_DAYS


def positions(taking: Stocktaking, basis: str = "standard") -> pl.DataFrame:
    """One row per item, site and company with stock or something on order: see ``POSITIONS``.

    What a site needs is judged by what was asked of it and what it sent to other sites; whether stock is dead by
    whether the company used any of it anywhere. Dead stock is not counted once more as excess. All amounts are additive
    and at the cost of the ``basis``; standard_value and so on: the value of the stock at each basis.
    """
    judged = with_excess(with_needs(_standing(taking), taking), taking)
    costed = at_cost(
        judged, taking.costs, taking.bought, taking.rates, taking.as_of, basis, sees_costs=taking.sees_costs
    )
    amounts = {
        "stock_value": pl.col("on_hand"),
        "dead_value": pl.when("is_dead").then(pl.col("on_hand").clip(lower_bound=0)).otherwise(0.0),
        "excess_value": pl.col("excess_quantity"),
        "excess_on_order_value": pl.col("excess_on_order"),
    }
    worth = costed.with_columns(**{name: _worth(quantity, "unit_cost") for name, quantity in amounts.items()})
    valued = worth.with_columns(**{f"{name}_value": _worth(pl.col("on_hand"), f"{name}_cost") for name in BASES})
    return valued.select(pl.col(name).cast(dtype) for name, dtype in POSITIONS.items()).sort(*PLACE)


def _worth(quantity: pl.Expr, cost: str) -> pl.Expr:
    """The quantity at cost; nothing is worth nothing, whatever it costs."""
    return pl.when(quantity == 0).then(pl.col(cost) * 0.0).otherwise(quantity * pl.col(cost))


def _standing(taking: Stocktaking) -> pl.DataFrame:
    """One row per item, site and company with stock or something on order there, with what is known of it."""
    held = taking.stock.drop_nulls("site_id").group_by(*PLACE, "region").agg(on_hand=_sum("on_hand"))
    coming = taking.supply.drop_nulls("site_id").group_by(*PLACE, "region").agg(on_order=_sum("quantity"))
    both = held.join(coming, on=(*PLACE, "region"), how="full", coalesce=True, nulls_equal=True, validate="1:1")
    counted = both.with_columns(pl.col("on_hand", "on_order").fill_null(0.0))
    wanted = taking.open_demand.group_by(PLACE).agg(open_demand=_sum("quantity"))
    of_company = taking.open_demand.group_by(OWNED).agg(open_in_company=_sum("quantity"))
    uses = taking.uses.group_by(OWNED).agg(
        pl.col("last_used_on").max(), pl.col("came_on").first(), pl.col("recorded_from").first()
    )
    asked = taking.demand.group_by(OWNED).agg(last_demand_on=pl.col("last_asked_on").max())
    known = counted.filter((pl.col("on_hand") != 0) | (pl.col("on_order") != 0))
    for rows, keys in ((wanted, PLACE), (of_company, OWNED), (uses, OWNED), (asked, OWNED)):
        known = known.join(rows, on=keys, how="left", validate="m:1")
    described = known.drop("category_ids", strict=False).join(
        taking.items.drop("company_id"), on="product_id", how="inner", validate="m:1"
    )
    shown = taking.classes.select("product_id", "abc", "xyz", "is_intermittent", "worth")
    policy = taking.policy.select("product_id", policy="abc")
    classed = described.join(shown, on="product_id", how="left", validate="m:1").join(
        policy, on="product_id", how="left", validate="m:1"
    )
    return classed.with_columns(pl.col("open_demand", "open_in_company").fill_null(0.0))


def _sum(column: str) -> pl.Expr:
    return pl.col(column).sum().cast(pl.Float64)


def with_needs(rows: pl.DataFrame, taking: Stocktaking) -> pl.DataFrame:
    """The rows with need_days, need_quantity, and how it was found (need_is: observed, estimated, orders).

    How long stock has to last: the lead time, the days until somebody looks again, and what the class is meant to hold.
    What it has to serve in so many weeks: the sum that 95 of 100 such spans of the past stayed within. Where the past
    is shorter than two such spans: mean and variance of its weeks, taken as normal. At least what is on order by
    customers and production already.
    """
    lead = pl.col("lead_time_days").fill_null(UNKNOWN_LEAD_DAYS).ceil().cast(pl.Int64)
    policy = pl.col("policy").replace_strict(POLICY_DAYS, default=0, return_dtype=pl.Int64)
    spanned = rows.with_columns(need_days=lead + REVIEW_DAYS + policy).with_columns(
        need_weeks=(pl.col("need_days") / 7).ceil().cast(pl.Int64)
    )
    drawn = _drawn(spanned, taking)
    spans = spanned["need_weeks"].to_numpy()
    need, observed = np.zeros(spanned.height), np.zeros(spanned.height, dtype=bool)
    for span in np.unique(spans):
        chosen = spans == span
        need[chosen], observed[chosen] = demand_quantile(drawn[chosen], int(span))
    found = spanned.with_columns(expected=pl.Series(need), is_observed=pl.Series(observed))
    how = pl.when("is_observed").then(pl.lit("observed")).otherwise(pl.lit("estimated"))
    is_ordered = pl.col("open_demand") > pl.col("expected")
    return found.with_columns(
        need_quantity=pl.max_horizontal("expected", "open_demand"),
        need_is=pl.when(is_ordered).then(pl.lit("orders")).otherwise(how),
    )


def _drawn(rows: pl.DataFrame, taking: Stocktaking) -> Numbers:
    """What was drawn from each row's site by week, the oldest first, this week's last."""
    weeks = WEEK_COLUMNS[: taking.weeks][::-1]
    both = pl.concat([rows.select(*PLACE, *weeks) for rows in (taking.demand, taking.transfers)])
    weekly = both.group_by(PLACE).agg(pl.col(weeks).sum())
    drawn = rows.select(PLACE).join(weekly, on=PLACE, how="left", validate="m:1", maintain_order="left")
    return drawn.select(pl.col(weeks).fill_null(0.0)).to_numpy()


def demand_quantile(weekly: Numbers, span: int) -> tuple[Numbers, bool]:
    """What 95 of 100 spans of so many weeks stayed within, for each item, and whether that was observed."""
    weeks = weekly.shape[1]
    if 2 * span <= weeks:
        reached = np.concatenate([np.zeros((len(weekly), 1)), np.cumsum(weekly, axis=1)], axis=1)
        sums = reached[:, span:] - reached[:, :-span]
        return np.quantile(sums, QUANTILE, axis=1).clip(min=0.0), True
    spread_of = np.sqrt(span * weekly.var(axis=1))
    return (span * weekly.mean(axis=1) + NORMAL_QUANTILE * spread_of).clip(min=0.0), False


def with_excess(rows: pl.DataFrame, taking: Stocktaking) -> pl.DataFrame:
    """The rows with idle_since, is_dead, is_new, excess_quantity and excess_on_order.

    idle_since: the last delivery, consumption or demand in the company; else when the item first came in; else the
    first day of the records. Dead: idle for 365 days and not asked for. New items, which came in for the first time
    within the span that they have to last, 91 days at least, are not judged. Stock comes before orders: what is on
    order is too much as far as it comes on top of what is needed.
    """
    used = pl.max_horizontal("last_used_on", "last_demand_on")
    idle_since = pl.coalesce(used, "came_on", "recorded_from")
    dead_until = taking.as_of - timedelta(days=taking.dead_after_days)
    is_dead = (idle_since <= dead_until).fill_null(value=False) & (pl.col("open_in_company") == 0)
    age = (pl.lit(taking.as_of) - pl.col("came_on")).dt.total_days()
    is_new = (age < pl.max_horizontal("need_days", pl.lit(NEW_DAYS))).fill_null(value=False)
    judged = rows.with_columns(idle_since=idle_since, is_dead=is_dead, is_new=is_new & ~is_dead)
    on_hand = pl.col("on_hand").clip(lower_bound=0)
    over = (on_hand - pl.col("need_quantity")).clip(lower_bound=0)
    over_all = (on_hand + pl.col("on_order") - pl.col("need_quantity")).clip(lower_bound=0)
    is_judged = ~pl.col("is_new")
    return judged.with_columns(
        excess_quantity=pl.when(is_judged & ~pl.col("is_dead")).then(over).otherwise(0.0),
        excess_on_order=pl.when(is_judged).then(over_all - over).otherwise(0.0),
    )


def weeks_observed(first_demand_on: date | None, as_of: date) -> int:
    """How many weeks of demand are known, at least one and at most 52."""
    days = (as_of - first_demand_on).days + 1 if first_demand_on else 1
    return min(WEEKS, max(1, days // 7))
