"""Who buys by contract: customers that order at an equal interval, how likely each goes on, and what that is worth.

The unified tables know no contracts, so the orders tell: of the latest six intervals between a customer's order days,
at least three, all but one are equal to within a tenth, short ones to within 15 % up to two days. Each order day at
which that holds begins a period of risk. It is renewed by an order within twice the interval, else the contract has
ended. From the periods follows a discrete hazard by length of the interval and number of periods, drawn towards that of
all where few were seen, so that fifty customers are enough; bounds are those of 80 of 100 cases.
``docs/decisions/0049-contracts.md`` says why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import betaincinv

from analytics.demand import Types
from analytics.segments import QUIET_AFTER

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
GAPS, LEAST_GAPS = 6, 3
NEAR, NEAR_SHORT, NEAR_DAYS, SHORTEST, LONGEST = 0.1, 0.15, 2.0, 6.0, 400.0
KINDS, TENURES = (21.0, 75.0), (4, 13)
"""Where weekly, monthly and longer intervals are told apart; and young, grown and old contracts, in periods."""
USUAL_HAZARD, USUAL_WEIGHT, GROUP_WEIGHT, LEAST_HAZARD = 0.05, 10.0, 20.0, 1e-9
AHEAD, YEAR, TAIL = 90, 365, 0.1
CUTS, FIFTHS, LEAST_CHECKED = 4, 5, 20
DAYS: Types = {"customer_id": pl.String, "day_on": pl.Date, "amount": pl.Float64}
CONTRACTS: Types = {
    "customer_id": pl.String,
    "interval_days": pl.Float64,
    "periods": pl.Int64,
    "began_on": pl.Date,
    "due_on": pl.Date,
    "stays": pl.Float64,
    "stays_year": pl.Float64,
    "year_low": pl.Float64,
    "year_high": pl.Float64,
    "usual_amount": pl.Float64,
    "worth_year": pl.Float64,
    "worth_low": pl.Float64,
    "worth_high": pl.Float64,
}
CHECK: Types = {
    "fifth": pl.Int64,
    "customers": pl.Int64,
    "said": pl.Float64,
    "came": pl.Float64,
    "error": pl.Float64,
    "error_plain": pl.Float64,
}

PLACE: Types = {"company_id": pl.String, "region": pl.String, "currency": pl.String}
"""Whose a studied row is, beside ``CONTRACTS`` and ``CHECK``; a check has no currency."""


@dataclass(frozen=True)
class Hazard:
    """By period of risk, the chance that it ends the contract: the mean, and its bounds in 80 of 100 cases."""

    mean: Numbers
    low: Numbers
    high: Numbers


def studied(lines: pl.DataFrame, as_of: date) -> dict[str, pl.DataFrame]:
    """Frames by name: contracts and contracts_check, each of companies and, under the same name with ``_by_region``, of
    regions of companies, with ``PLACE``.

    ``lines``: what was ordered: customer_id, company_id, region, day_on, amount and currency, in the currency of the
    company. The region is that of the customer's latest order.
    """
    known = lines.filter(pl.col("day_on") <= as_of)
    made: dict[str, pl.DataFrame] = {}
    for suffix, keys in (("", ("company_id",)), ("_by_region", ("company_id", "region"))):
        parts = known.drop_nulls(keys).partition_by(keys, maintain_order=True)
        told = [_placed(part, as_of) for part in parts]
        checked = [check(_order_days(part), as_of).with_columns(_place(part, keys)) for part in parts]
        made[f"contracts{suffix}"] = _together(told, {**CONTRACTS, **PLACE})
        of_check = {**CHECK, **{name: kind for name, kind in PLACE.items() if name != "currency"}}
        made[f"contracts_check{suffix}"] = _together(checked, of_check)
    return made


def _order_days(lines: pl.DataFrame) -> pl.DataFrame:
    daily = lines.group_by("customer_id", "day_on").agg(pl.col("amount").cast(pl.Float64).sum())
    return daily.filter(pl.col("amount") > 0)


def _placed(lines: pl.DataFrame, as_of: date) -> pl.DataFrame:
    latest = lines.sort("day_on", "region", nulls_last=False).group_by("customer_id", maintain_order=True).last()
    found = contracts(_order_days(lines), as_of)
    return found.join(latest.select("customer_id", *PLACE), on="customer_id", how="left", validate="1:1")


def _place(lines: pl.DataFrame, keys: Sequence[str]) -> list[pl.Expr]:
    """The company, and the region where the part is of one."""
    return [
        pl.lit(lines[name][0] if name in keys else None, dtype=pl.String).alias(name)
        for name in PLACE
        if name != "currency"
    ]


def _together(parts: Iterable[pl.DataFrame], types: Types) -> pl.DataFrame:
    shaped = [part.select(pl.col(name).cast(kind) for name, kind in types.items()) for part in parts]
    return pl.concat([pl.DataFrame(schema=types), *shaped])


def contracts(days: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per customer whose contract goes on, the most that a year is worth first: see ``CONTRACTS``.

    ``days``: one row per customer and day on which its orders sum above zero, see ``DAYS``; later days are left out.
    stays: the chance that the contract has not ended in 90 days; stays_year: in 365. due_on: the last order and the
    interval; a day that is past is overdue. usual_amount: the mean of the latest seven order days at most; worth_year:
    what the orders of 365 days are expected to bring.
    """
    known = periods(days, as_of)
    now = known.filter(pl.col("is_renewed").is_null())
    hazard = _hazard(now, known)
    lateness = _late(now, known)
    stays, year = (_stays(hazard.mean, lateness, now, ahead) for ahead in (AHEAD, YEAR))
    low, high = (_stays(each, lateness, now, YEAR) for each in (hazard.high, hazard.low))
    worth = [_worth(each, lateness, now) for each in (hazard.mean, hazard.high, hazard.low)]
    told = dict(zip(("worth_year", "worth_low", "worth_high"), worth, strict=True))
    told |= {"stays": stays, "stays_year": year, "year_low": low, "year_high": high}
    due = pl.col("day_on") + pl.duration(days=pl.col("interval_days").round())
    rows = now.with_columns(due_on=due, **{name: pl.Series(values) for name, values in told.items()})
    return rows.select(pl.col(name).cast(kind) for name, kind in CONTRACTS.items()).sort(
        -pl.col("worth_year"), "customer_id"
    )


def periods(days: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per order day at which a customer orders at an equal interval: customer_id, day_on, interval_days (the
    median of the latest), began_on, periods (how many such days without a break, this one too), usual_amount, ratio
    (how long the next order took, or the silence now, in intervals), and is_renewed; null while it is open."""
    often = pl.len().over("customer_id") > LEAST_GAPS
    known = days.filter(pl.col("day_on") <= as_of).filter(often).sort("customer_id", "day_on")
    gap = (pl.col("day_on").diff().over("customer_id")).dt.total_days().cast(pl.Float64)
    gaps = known.with_columns(gap=gap).with_columns(_latest("gap", GAPS), usual_amount=_mean_of_latest("amount"))
    interval = pl.col("latest").list.median()
    steady = gaps.with_columns(interval_days=interval).with_columns(is_steady=_is_steady())
    broken = (~pl.col("is_steady") | (pl.col("gap") > QUIET_AFTER * interval)).cum_sum().over("customer_id")
    following = pl.col("day_on").shift(-1).over("customer_id")
    taken = (pl.coalesce(following, pl.lit(as_of)) - pl.col("day_on")).dt.total_days()
    whole = steady.with_columns(run=broken, ratio=taken / interval, is_last=following.is_null())
    risks = whole.filter("is_steady")
    of_run = ("customer_id", "run")
    is_renewed = (
        pl.when(pl.col("ratio") > QUIET_AFTER)
        .then(pl.lit(value=False))
        .when(~pl.col("is_last"))
        .then(pl.lit(value=True))
    )
    return risks.select(
        "customer_id",
        "day_on",
        "interval_days",
        "usual_amount",
        "ratio",
        began_on=pl.col("day_on").min().over(of_run),
        periods=pl.int_range(1, pl.len() + 1).over(of_run),
        is_renewed=is_renewed,
    )


def _latest(name: str, many: int) -> pl.Expr:
    """The latest values of a customer, as a list."""
    return (
        pl.concat_list([pl.col(name).shift(back).over("customer_id") for back in range(many)])
        .list.drop_nulls()
        .alias("latest")
    )


def _mean_of_latest(name: str) -> pl.Expr:
    return pl.mean_horizontal([pl.col(name).shift(back).over("customer_id") for back in range(GAPS + 1)])


def _is_steady() -> pl.Expr:
    """Whether at least three of the latest intervals, and all but one, are equal to their median."""
    interval, many = pl.col("interval_days"), pl.col("latest").list.len().cast(pl.Int64)
    within = pl.max_horizontal(interval * NEAR, pl.min_horizontal(interval * NEAR_SHORT, pl.lit(NEAR_DAYS)))
    off = [(pl.col("latest").list.get(at, null_on_oob=True) - interval).abs() <= within for at in range(GAPS)]
    near = pl.sum_horizontal([each.fill_null(value=False).cast(pl.Int64) for each in off])
    needed = pl.max_horizontal(many - 1, pl.lit(LEAST_GAPS, dtype=pl.Int64))
    return ((near >= needed) & interval.is_between(SHORTEST, LONGEST)).fill_null(value=False)


def _groups(rows: pl.DataFrame) -> tuple[Places, Places]:
    """By period, the number of its kind of interval, and of its tenure within the kind."""
    kind = np.searchsorted(KINDS, rows["interval_days"].to_numpy(), side="right")
    tenure = np.searchsorted(TENURES, rows["periods"].to_numpy(), side="right")
    return kind, kind * (len(TENURES) + 1) + tenure


def _hazard(asked: pl.DataFrame, known: pl.DataFrame) -> Hazard:
    """The hazard of the asked periods, as the known ones that are over tell it: of all, of the kind of interval drawn
    towards that, and of the tenure within the kind drawn towards the kind."""
    over = known.drop_nulls("is_renewed")
    ended = (~over["is_renewed"]).to_numpy().astype(np.float64)
    level = (ended.sum() + USUAL_WEIGHT * USUAL_HAZARD) / (len(ended) + USUAL_WEIGHT)
    (kinds, tenures), tenure = _groups(over), _groups(asked)[1]
    many = len(KINDS) + 1
    of_kind = _drawn(kinds, ended, np.full(many, level))
    every = many * (len(TENURES) + 1)
    ends, seen = np.bincount(tenures, ended, every), np.bincount(tenures, minlength=every)
    mean = of_kind[np.arange(every) // (len(TENURES) + 1)]
    alpha, beta = ends + GROUP_WEIGHT * mean, seen - ends + GROUP_WEIGHT * (1 - mean)
    middle, low, high = alpha / (alpha + beta), betaincinv(alpha, beta, TAIL), betaincinv(alpha, beta, 1 - TAIL)
    told = (middle, np.minimum(low, middle), np.maximum(high, middle))
    return Hazard(*(np.maximum(each, LEAST_HAZARD)[tenure] for each in told))


def _drawn(groups: Places, ended: Numbers, level: Numbers) -> Numbers:
    ends, seen = np.bincount(groups, ended, len(level)), np.bincount(groups, minlength=len(level))
    return np.asarray((ends + GROUP_WEIGHT * level) / (seen + GROUP_WEIGHT))


def _late(asked: pl.DataFrame, known: pl.DataFrame) -> Numbers:
    """By asked period, the share of renewals that took longer than its silence so far."""
    took = np.sort(known.filter(pl.col("is_renewed"))["ratio"].to_numpy())
    beyond = len(took) - np.searchsorted(took, asked["ratio"].to_numpy(), side="right")
    return np.asarray((beyond + 0.5) / (len(took) + 1.0))


def _first(hazard: Numbers, lateness: Numbers) -> Numbers:
    """The chance that the open period ends the contract, given the silence so far."""
    return np.asarray(hazard / (hazard + (1 - hazard) * lateness))


def _stays(hazard: Numbers, lateness: Numbers, now: pl.DataFrame, ahead: int) -> Numbers:
    """The chance that no end has shown within the days ahead: an end shows when twice the interval has passed."""
    interval, ratio = now["interval_days"].to_numpy(), now["ratio"].to_numpy()
    shown = np.maximum(np.floor(ahead / interval - (QUIET_AFTER - ratio) + 1e-9) + 1, 0)
    after = (1 - hazard) ** np.maximum(shown - 1, 0)
    return np.where(shown > 0, (1 - _first(hazard, lateness)) * after, 1.0)


def _worth(hazard: Numbers, lateness: Numbers, now: pl.DataFrame) -> Numbers:
    """What the orders that fall due within a year are expected to bring."""
    interval, ratio = now["interval_days"].to_numpy(), now["ratio"].to_numpy()
    orders = np.maximum(np.floor(YEAR / interval + np.minimum(ratio, 1.0) + 1e-9), 0)
    many = -np.expm1(orders * np.log1p(-hazard)) / hazard
    return np.asarray(now["usual_amount"].to_numpy() * (1 - _first(hazard, lateness)) * many)


def check(days: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """What was said of contracts on four days of the past, 90 days apart, beside what came within 90 days, by fifths of
    the chance: see ``CHECK``; fifth 1 is the least likely to go on. No row where fewer than 20 could be asked.

    Asked are contracts of which an end could have shown by then. error: the mean squared distance of the chance to what
    came; error_plain: that of the share that went on of all periods known by then.
    """
    asked = [_asked(days, as_of - timedelta(days=AHEAD * back)) for back in range(1, CUTS + 1)]
    rows = pl.concat(asked)
    if rows.height < LEAST_CHECKED:
        return pl.DataFrame(schema=CHECK)
    ordered = rows.sort("said", "customer_id", "cut_on")
    by_fifth = ordered.with_columns(fifth=pl.int_range(pl.len()) * FIFTHS // pl.len() + 1).group_by(
        "fifth", maintain_order=True
    )
    came = pl.col("came").cast(pl.Float64)
    told = by_fifth.agg(
        customers=pl.len(),
        said=pl.col("said").mean(),
        came=came.mean(),
        error=((pl.col("said") - came) ** 2).mean(),
        error_plain=((pl.col("plain") - came) ** 2).mean(),
    )
    return told.select(pl.col(name).cast(kind) for name, kind in CHECK.items())


def _asked(days: pl.DataFrame, cut: date) -> pl.DataFrame:
    """The contracts of a day: customer_id, cut_on, said, plain, and came, whether they went on for 90 days."""
    known = periods(days, cut)
    now = known.filter(pl.col("is_renewed").is_null())
    said = _stays(_hazard(now, known).mean, _late(now, known), now, AHEAD)
    share = known["is_renewed"].drop_nulls().mean()
    rate = share if isinstance(share, float) else 1 - USUAL_HAZARD
    shown = (AHEAD / pl.col("interval_days") - (QUIET_AFTER - pl.col("ratio")) + 1e-9).floor() + 1
    told = now.with_columns(said=pl.Series(said), shown=shown, last_on="day_on").filter(pl.col("shown") > 0)
    plain = told.with_columns(plain=pl.lit(rate).pow(pl.col("shown")))
    ended = _ended(plain.select("customer_id", "last_on", "interval_days"), days, cut + timedelta(days=AHEAD))
    rows = plain.with_columns(came=~pl.col("customer_id").is_in(ended))
    return rows.select("customer_id", "said", "plain", "came", cut_on=pl.lit(cut))


def _ended(contracts: pl.DataFrame, days: pl.DataFrame, until: date) -> Sequence[str]:
    """The customers that were silent for more than twice the interval at any time up to a day."""
    later = days.join(contracts, on="customer_id", how="inner", validate="m:1")
    known = later.filter(pl.col("day_on").is_between("last_on", until)).sort("customer_id", "day_on")
    following = pl.coalesce(pl.col("day_on").shift(-1).over("customer_id"), pl.lit(until))
    silence = (following - pl.col("day_on")).dt.total_days()
    is_over = silence > QUIET_AFTER * pl.col("interval_days")
    return known.filter(is_over)["customer_id"].unique().to_list()
