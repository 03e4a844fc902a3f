"""What each customer will likely buy in the next 90 days, and how well that was told 90 days ago.

Of each company by itself, and of each of its regions by itself: who may see one region is told what that region
teaches. Amounts are in the company's own currency. The chances are those of ``analytics.customer_value``; the margin
is the expected amount times the share that the customer's invoices of two years left, drawn towards that of all where
they are few. ``docs/decisions/0034-customers.md`` says why.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl

from analytics.customer_value import customer_value
from analytics.demand import Types

DAYS, FIFTHS, LEAST_CUSTOMERS = 90, 5, 20
HALF_YEAR, TWO_YEARS = 182, 730
PRIOR_SHARE, TAIL = 0.25, 0.1
LINES: Types = {
    "customer_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "day_on": pl.Date,
    "amount": pl.Float64,
    "currency": pl.String,
}
MARGINS: Types = {**LINES, "margin": pl.Float64}
OUTLOOK: Types = {
    "customer_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "currency": pl.String,
    "p_active": pl.Float64,
    "expected_orders": pl.Float64,
    "expected_amount": pl.Float64,
    "amount_low": pl.Float64,
    "amount_high": pl.Float64,
    "expected_margin": pl.Float64,
    "orders_now": pl.Int64,
    "orders_before": pl.Int64,
    "spent_now": pl.Float64,
    "spent_before": pl.Float64,
}
RELIABILITY: Types = {
    "company_id": pl.String,
    "region": pl.String,
    "fifth": pl.Int64,
    "customers": pl.Int64,
    "said": pl.Float64,
    "came": pl.Float64,
    "error": pl.Float64,
    "below_high": pl.Float64,
}


def outlooks(lines: pl.DataFrame, margins: pl.DataFrame, as_of: date) -> dict[str, pl.DataFrame]:
    """Frames by name: outlook (see ``OUTLOOK``) and reliability (see ``RELIABILITY``), each of companies and, under the
    same name with ``_by_region``, of regions of companies.

    ``lines``: what was ordered, see ``LINES``; ``margins``: what was invoiced, see ``MARGINS``; all in the currency of
    the company. A customer of several companies has a row in each.
    """
    known, invoiced = (rows.filter(pl.col("day_on") <= as_of) for rows in (lines, margins))
    made: dict[str, pl.DataFrame] = {}
    for suffix, keys in (("", ("company_id",)), ("_by_region", ("company_id", "region"))):
        parts = known.drop_nulls(keys).partition_by(keys, maintain_order=True)
        told = [_outlook(part, invoiced.join(part.select(keys).unique(), on=keys, how="semi"), as_of) for part in parts]
        made[f"outlook{suffix}"] = _together(told, OUTLOOK)
        made[f"reliability{suffix}"] = _together([_reliability(part, keys, as_of) for part in parts], RELIABILITY)
    return made


def _together(parts: Iterable[pl.DataFrame], types: Types) -> pl.DataFrame:
    shaped = [part.select(pl.col(name).cast(kind) for name, kind in types.items()) for part in parts]
    return pl.concat([pl.DataFrame(schema=types), *shaped])


def _outlook(lines: pl.DataFrame, margins: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per customer that ordered: see ``OUTLOOK``; the region is that of its latest order."""
    told = _said(lines, as_of)
    latest = lines.sort("day_on", "region", nulls_last=False).group_by("customer_id", maintain_order=True).last()
    placed = told.join(latest.drop("day_on", "amount"), on="customer_id", how="left", validate="1:1")
    parts = (_habits(lines, as_of), _margin_shares(margins, as_of))
    for part in parts:
        placed = placed.join(part, on="customer_id", how="left", validate="1:1")
    usual = _usual_share(margins, as_of)
    share = pl.coalesce("margin_share", pl.lit(usual, dtype=pl.Float64))
    return placed.with_columns(expected_margin=pl.col("expected_amount") * share)


def _said(lines: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per customer: customer_id, p_active, expected_orders, expected_amount, amount_low and amount_high.

    expected_amount: the expected order days, each of what the customer's order days brought on average, so that who
    will hardly order is expected to spend hardly anything. A bound that lies beyond the chance to order at all is 0.
    """
    orders = lines.select("customer_id", "amount", ordered_on="day_on")
    found = customer_value(orders.filter(pl.col("ordered_on") <= as_of), as_of, DAYS)
    at_a_time = pl.when(pl.col("frequency") > 0).then(pl.col("monetary").clip(lower_bound=0) / pl.col("frequency"))
    comes = pl.col("p_active")
    return found.select(
        "customer_id",
        "p_active",
        "expected_orders",
        expected_amount=pl.col("expected_orders") * at_a_time.fill_null(0.0),
        amount_low=pl.when(comes > 1 - TAIL).then("amount_q10").otherwise(0.0),
        amount_high=pl.when(comes > TAIL).then("amount_q90").otherwise(0.0),
    )


def _habits(lines: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per customer: on how many days it ordered and what it spent in the last half year, and in the one
    before."""
    days = lines.group_by("customer_id", "day_on").agg(pl.col("amount").sum())
    ago = (pl.lit(as_of) - pl.col("day_on")).dt.total_days()
    spans = {"now": ago < HALF_YEAR, "before": (ago >= HALF_YEAR) & (ago < 2 * HALF_YEAR)}
    orders = {f"orders_{name}": (span & (pl.col("amount") > 0)).sum() for name, span in spans.items()}
    spent = {f"spent_{name}": pl.when(span).then("amount").sum() for name, span in spans.items()}
    return days.group_by("customer_id").agg(**orders, **spent)


def _recent(margins: pl.DataFrame, as_of: date) -> pl.DataFrame:
    return margins.filter(pl.col("margin").is_not_null() & (pl.col("day_on") > as_of - timedelta(days=TWO_YEARS)))


def _usual_share(margins: pl.DataFrame, as_of: date) -> float | None:
    """What share of the amount is margin in all; null where no cost is known."""
    sums = _recent(margins, as_of).select(pl.col("margin").sum(), pl.col("amount").sum()).row(0)
    return sums[0] / sums[1] if sums[1] > 0 else None


def _margin_shares(margins: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per customer with invoices whose cost is known: margin_share, drawn towards that of all by a quarter of
    what an average customer is invoiced."""
    usual = _usual_share(margins, as_of)
    sums = _recent(margins, as_of).group_by("customer_id").agg(pl.col("margin").sum(), pl.col("amount").sum())
    if usual is None:
        return sums.select("customer_id", margin_share=pl.lit(None, dtype=pl.Float64))
    weight = PRIOR_SHARE * pl.col("amount").clip(lower_bound=0).mean()
    share = (pl.col("margin") + usual * weight) / (pl.col("amount").clip(lower_bound=0) + weight)
    return sums.select("customer_id", margin_share=share)


def _reliability(lines: pl.DataFrame, keys: tuple[str, ...], as_of: date) -> pl.DataFrame:
    """What was said 90 days ago, by fifths of the chance, beside what came: see ``RELIABILITY``; no row for fewer than
    20 customers."""
    cut = as_of - timedelta(days=DAYS)
    if lines.filter(pl.col("day_on") <= cut)["customer_id"].n_unique() < LEAST_CUSTOMERS:
        return pl.DataFrame(schema=RELIABILITY)
    days = lines.filter(pl.col("day_on") > cut).group_by("customer_id", "day_on").agg(pl.col("amount").sum())
    came = days.group_by("customer_id").agg(
        came=(pl.col("amount") > 0).any().cast(pl.Float64), spent=pl.col("amount").sum()
    )
    said = _said(lines, cut).join(came, on="customer_id", how="left", validate="1:1")
    both = said.with_columns(pl.col("came", "spent").fill_null(0.0)).sort("p_active", "customer_id")
    fifth = pl.int_range(pl.len()) * FIFTHS // pl.len() + 1
    by_fifth = both.with_columns(fifth=fifth).group_by("fifth", maintain_order=True)
    told = by_fifth.agg(
        customers=pl.len(),
        said=pl.col("p_active").mean(),
        came=pl.col("came").mean(),
        error=((pl.col("p_active") - pl.col("came")) ** 2).mean(),
        below_high=(pl.col("spent") <= pl.col("amount_high")).mean(),
    )
    place = {name: lines[name][0] if name in keys else None for name in ("company_id", "region")}
    return told.with_columns(pl.lit(value, dtype=pl.String).alias(name) for name, value in place.items())
