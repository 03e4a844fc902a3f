"""What campaigns caused: who was addressed beside who was not, before and during, with bounds and a placebo.

Each customer's purchases of what was advertised, from the first day until two weeks after the last, stand beside those
of the half year before, which say how much it buys anyway: by a straight line common to both groups (analysis of
covariance), so that a group that always buys more is not taken for a success. The control group are those that were
held out on purpose; where nobody was, the customers of the same regions that were not addressed. The placebo asks the
same of as many days right before the campaign, when there was nothing to cause anything: its bounds hold zero, or the
groups differ by themselves.
"""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.demand import Types

Numbers = NDArray[np.float64]
RESPONSE_DAYS, BEFORE_DAYS = 14, 182
LEAST = 10
CAPPED = 0.99
Z95 = 1.96
ADVERTISED_SHARE = 0.25
CAUSED: Types = {
    "campaign_id": pl.String,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "addressed": pl.Int64,
    "controls": pl.Int64,
    "control": pl.String,
    "orders": pl.Float64,
    "orders_low": pl.Float64,
    "orders_high": pl.Float64,
    "amount": pl.Float64,
    "amount_low": pl.Float64,
    "amount_high": pl.Float64,
    "placebo": pl.Float64,
    "placebo_low": pl.Float64,
    "placebo_high": pl.Float64,
    "verdict": pl.String,
}
VERDICTS = ("works", "unclear", "no_gain", "differs", "too_few")


def advertised(orders: pl.DataFrame) -> pl.DataFrame:
    """What each campaign advertised: campaign_id, family: the families of products found in a quarter or more of the
    orders that name it. ``orders``: campaign_id, sales_order_id, family."""
    whole = orders.group_by("campaign_id").agg(all=pl.col("sales_order_id").n_unique())
    found = orders.drop_nulls("family").group_by("campaign_id", "family").agg(some=pl.col("sales_order_id").n_unique())
    joined = found.join(whole, on="campaign_id", how="inner", validate="m:1")
    return joined.filter(pl.col("some") >= ADVERTISED_SHARE * pl.col("all")).select("campaign_id", "family")


def caused(
    campaigns: pl.DataFrame, people: pl.DataFrame, sales: pl.DataFrame, families: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """One row per campaign that has begun: see ``CAUSED``; the newest first.

    ``campaigns``: campaign_id, starts_on, ends_on. ``people``: campaign_id, customer_id, group: addressed, held_out or
    others. ``sales``: customer_id, day_on, family, amount (one currency). ``families``: what was advertised; everything
    where none is named. orders and amount: order days and money that a campaign caused in all, with bounds that hold in
    95 of 100 cases; placebo: order days by the placebo. verdict: works, where the bounds of the order days lie above
    zero; no_gain, where they lie below; differs, where those of the placebo leave zero out; too_few, for fewer than 10
    in a group; else unclear.
    """
    begun = campaigns.filter(pl.col("starts_on") <= as_of).sort("starts_on", "campaign_id", descending=[True, False])
    rows = [_caused(campaign, people, sales, families, as_of) for campaign in begun.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=CAUSED)


def _caused(
    campaign: Mapping[str, Any], people: pl.DataFrame, sales: pl.DataFrame, families: pl.DataFrame, as_of: date
) -> dict[str, Any]:
    key, first = campaign["campaign_id"], campaign["starts_on"]
    last = min((campaign["ends_on"] or as_of) + timedelta(days=RESPONSE_DAYS), as_of)
    mine = people.filter(pl.col("campaign_id") == key)
    held_out = mine.filter(pl.col("group") == "held_out").height >= LEAST
    kind = "held_out" if held_out else "others"
    named = families.filter(pl.col("campaign_id") == key)["family"]
    wanted = sales.filter(pl.col("family").is_in(named.implode())) if named.len() else sales
    asked = mine.filter(pl.col("group").is_in(["addressed", kind])).select("customer_id", "group")
    told = {"campaign_id": key, "from_on": first, "until_on": last, "control": kind} | _sizes(asked, kind)
    if min(told["addressed"], told["controls"]) < LEAST:
        return {**told, "verdict": "too_few"}
    length = timedelta(days=(last - first).days + 1)
    during = _measured(asked, wanted, first, last)
    before = _measured(asked, wanted, first - length, first - timedelta(days=1))
    effects = {
        "orders": _effect(during, "days", told["addressed"]),
        "amount": _effect(during, "spent", told["addressed"]),
        "placebo": _effect(before, "days", told["addressed"]),
    }
    bounds = {f"{name}_{side}": value for name, (_, low, high) in effects.items()
              for side, value in (("low", low), ("high", high))}  # fmt: skip
    means = {name: mean for name, (mean, _, _) in effects.items()}
    return {**told, **means, **bounds, "verdict": _verdict(bounds)}


def _sizes(asked: pl.DataFrame, kind: str) -> dict[str, int]:
    groups = asked["group"].to_list()
    return {"addressed": groups.count("addressed"), "controls": groups.count(kind)}


def _verdict(bounds: Mapping[str, float]) -> str:
    if bounds["placebo_low"] > 0 or bounds["placebo_high"] < 0:
        return "differs"
    if bounds["orders_low"] > 0:
        return "works"
    return "no_gain" if bounds["orders_high"] < 0 else "unclear"


def _measured(asked: pl.DataFrame, sales: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """By customer: order days and money in the span, and in the half year before it."""
    start = first - timedelta(days=BEFORE_DAYS)
    day = pl.col("day_on")
    near = sales.filter(day.is_between(start, last)).join(asked, on="customer_id", how="semi")
    daily = near.group_by("customer_id", "day_on").agg(pl.col("amount").sum())
    spans = {"": day >= first, "_before": day < first}
    sums = {f"days{name}": span.sum().cast(pl.Float64) for name, span in spans.items()}
    money = {f"spent{name}": pl.when(span).then("amount").sum() for name, span in spans.items()}
    found = daily.group_by("customer_id").agg(**sums, **money)
    return asked.join(found, on="customer_id", how="left", validate="1:1").fill_null(0.0)


def _effect(rows: pl.DataFrame, measure: str, addressed: int) -> tuple[float, float, float]:
    """What all the addressed bought more than the others of their kind would have, and between which bounds.

    The largest hundredth counts as the next smaller one: a single large order is no effect.
    """
    is_addressed = (rows["group"] == "addressed").to_numpy()
    after, before = (_capped(rows[name].to_numpy()) for name in (measure, f"{measure}_before"))
    slope = _slope(after, before, is_addressed)
    rest = after - slope * before
    ours, theirs = rest[is_addressed], rest[~is_addressed]
    mean = float(ours.mean() - theirs.mean())
    error = math.sqrt(ours.var(ddof=1) / len(ours) + theirs.var(ddof=1) / len(theirs))
    return tuple(addressed * value for value in (mean, mean - Z95 * error, mean + Z95 * error))  # type: ignore[return-value]


def _capped(values: Numbers) -> Numbers:
    return np.asarray(np.minimum(values, np.quantile(values, CAPPED)))


def _slope(after: Numbers, before: Numbers, is_addressed: NDArray[np.bool_]) -> float:
    """How much of what was bought before is bought after, within both groups; none where nobody differs."""
    centred = [(values - np.where(is_addressed, values[is_addressed].mean(), values[~is_addressed].mean()))
               for values in (after, before)]  # fmt: skip
    spread = float((centred[1] ** 2).sum())
    return float((centred[0] * centred[1]).sum()) / spread if spread > 0 else 0.0
