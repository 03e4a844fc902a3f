"""The outlook of demand: all that the study of forecasts tells, from what is known on one day. Frames in, frames out.

Each company and region is worked out from its own rows alone; see ``analytics.demand_forecast``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl

from analytics import crm_gains, crm_signals, demand_record
from analytics.crm_gains import EFFECTS, TESTS, Signs
from analytics.crm_signals import Crm
from analytics.demand_classes import leaves
from analytics.demand_forecast import days_frame, shapes, shares_of_days, sums_frame, told, weeks_frame
from analytics.demand_history import WEEKS, one_offs, week_of, weekly
from analytics.demand_parts import Weeks, parts
from analytics.demand_sums import missed_in_common
from analytics.hidden_demand import LEAF, PART, hidden_demand
from analytics.projection import spread
from analytics.tables import SHARED

HINDCASTS, APART = 4, 7
DECOMPOSED = 30
OF_CATEGORY = ("company_id", "region", "category_id", "currency")
# The frames of each company and region; the others are of the whole firm.
OF_PART = (
    *("weeks", "sums", "days", "record", "foretold", "common", "parts", "item_parts"),
    *("crm_tests", "crm_effects"),
)
Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Known:
    """What is known on the day ``as_of``.

    ordered: customers' order lines, as ``analytics.demand.order_lines``. daily: as
    ``analytics.demand.demand_by_item_day``. stock_changes: as ``analytics.levels.stock_changes``. items: product_id,
    category_id, list_price, currency. working_days: company_id, day_on, share; no row where no calendar is known. crm:
    what sales, marketing and service know.
    """

    as_of: date
    ordered: pl.DataFrame
    daily: pl.DataFrame
    stock_changes: pl.DataFrame
    items: pl.DataFrame
    working_days: pl.DataFrame
    crm: Crm = field(default_factory=crm_signals.nothing)


@dataclass(frozen=True)
class _Part:
    """One company and region: its demand by day and by week, its items at sites, its calendar, and its signs."""

    known: Known
    daily: pl.DataFrame
    weekly: pl.DataFrame
    leaves: pl.DataFrame
    days: pl.DataFrame
    crm: Crm

    @property
    def open_weeks(self) -> pl.DataFrame:
        """How many days of each whole week are worked on: week_on, working_days."""
        dated = self.days.with_columns(week_on=week_of(pl.col("day_on"), self.known.as_of))
        counted = dated.group_by("week_on").agg(working_days=pl.col("share").sum(), days=pl.len())
        return counted.filter(pl.col("days") == 7).select("week_on", "working_days").sort("week_on")


def outlooks(known: Known) -> Frames:
    """The frames by name, each with company_id and, where rights cut by it, region.

    demand_weeks, one_offs, hidden_demand: the past, see ``analytics.demand_history``. leaves: see
    ``analytics.demand_classes``. weeks, days, sums: what is told,
    see ``analytics.demand_forecast``. common and shapes: how sums of it are made, see ``analytics.demand_sums``.
    record, foretold: hindcasts, see ``analytics.demand_record``. parts: what the demand of categories is made of, at
    list prices; item_parts: that of the items worth most; see ``analytics.demand_parts``. crm_tests, crm_effects: what
    signs of sales, marketing and service add, and where they are used; see ``analytics.crm_gains``.
    """
    hidden = hidden_demand(known.ordered, known.stock_changes, known.as_of)
    odd = one_offs(known.ordered)
    demand = weekly(known.daily, odd, hidden, known.as_of)
    places = leaves(demand, known.ordered, known.items, known.as_of)
    keys = demand.select(PART).unique().sort(PART, nulls_last=True)
    made = [_outlook(_part(known, demand, places, key)) for key in keys.iter_rows(named=True)]
    whole = {"demand_weeks": demand, "one_offs": odd, "hidden_demand": hidden, "leaves": places}
    shared = shapes().select(pl.lit(SHARED).alias("company_id"), "*")
    return {**whole, **_together(made), "shapes": shared}


def _part(known: Known, demand: pl.DataFrame, places: pl.DataFrame, key: Mapping[str, str | None]) -> _Part:
    own = pl.all_horizontal(pl.col(name).eq_missing(pl.lit(value)) for name, value in key.items())
    of_company = pl.col("company_id").is_in([key["company_id"], SHARED])
    days = known.working_days.filter(of_company).group_by("day_on").agg(pl.col("share").max()).sort("day_on")
    of_place = known.crm.of(key["company_id"], key["region"])
    return _Part(known, known.daily.filter(own), demand.filter(own), places.filter(own), days, of_place)


def _together(made: list[Frames | None]) -> Frames:
    parts_made = [each for each in made if each is not None] or [_nothing()]
    return {name: pl.concat([each[name] for each in parts_made]) for name in OF_PART}


def _nothing() -> Frames:
    """The frames without rows, for a firm that was never asked for anything."""
    as_of = date(2000, 1, 1)
    weekly_row = {"product_id": "", "site_id": "", "company_id": "", "region": "", "week_on": as_of}
    row = pl.DataFrame([{**weekly_row, "recorded": 1.0, "one_off": 0.0, "lost": 0.0, "counted": 1.0}])
    items = pl.DataFrame({"product_id": "", "category_id": "", "list_price": 1.0, "currency": ""})
    texts = dict.fromkeys(LEAF, pl.String)
    none = pl.DataFrame(schema={**texts, "day_on": pl.Date, "share": pl.Float64, "quantity": pl.Float64})
    known = Known(as_of, none, none, none, items, none)
    made = _outlook(_Part(known, none, row, leaves(row, none, items, as_of), none, known.crm))
    return {name: made[name].clear() for name in OF_PART} if made else {}


def _outlook(part: _Part) -> Frames | None:
    known = part.known
    categories, weeks = known.items.select("product_id", "category_id"), part.open_weeks
    signs = _signs(part)
    now = told(part.weekly, categories, weeks, known.as_of, signs.effects(known.as_of))
    if now is None:
        return None
    first_on = part.weekly["week_on"].min()
    begins = first_on if isinstance(first_on, date) else None
    past = [
        made
        for origin in demand_record.origins(known.as_of, begins, HINDCASTS, APART)
        if (made := told(part.weekly, categories, weeks, origin, signs.effects(origin))) is not None
    ]
    judged = [demand_record.record(each, part.weekly) for each in past] or [
        demand_record.record(now, part.weekly).clear()
    ]
    valued = [demand_record.foretold(each, part.weekly, part.leaves) for each in past] or [
        demand_record.foretold(now, part.weekly, part.leaves).clear()
    ]
    foretold = pl.concat(valued)
    return {
        "weeks": weeks_frame(now),
        "sums": sums_frame(now),
        "days": days_frame(now, shares_of_days(part.daily, part.days, known.as_of)),
        "record": pl.concat(judged),
        "foretold": foretold,
        "common": missed_in_common(foretold),
        **_decomposed(part, weeks),
        **_of_signs(part, signs),
    }


def _signs(part: _Part) -> Signs:
    """What signs say of the categories that are sold, counted at list prices."""
    as_of = part.known.as_of
    sold = part.leaves.filter(pl.col("worth") > 0)
    worth = sold.group_by("product_id").agg(pl.col("category_id").first(), pl.col("worth").max()).sort("product_id")
    priced = part.weekly.join(sold.select(*LEAF, "category_id", "worth"), on=LEAF, how="inner", nulls_equal=True)
    first_on = priced["week_on"].min()
    weeks = (as_of - first_on).days // 7 + 1 if isinstance(first_on, date) else 0
    categories = worth["category_id"].unique().sort(nulls_last=True).to_list()
    number = pl.DataFrame({"category_id": categories}, schema={"category_id": pl.String}).with_row_index("item")
    back = (pl.lit(as_of) - pl.col("week_on")).dt.total_days() // 7
    dated = priced.select("category_id", day=weeks - 1 - back, quantity=pl.col("recorded") * pl.col("worth"))
    placed = dated.join(number, on="category_id", how="inner", validate="m:1", nulls_equal=True)
    return crm_gains.of_part(part.crm, spread(placed, number.height, weeks), categories, worth, as_of)


def _of_signs(part: _Part, signs: Signs) -> Frames:
    """The tests and effects of signs; a category's currency is that of its items' prices."""
    places = part.leaves.select("company_id", "region").unique()
    currencies = part.leaves.filter(pl.col("worth") > 0).group_by("category_id").agg(
        pl.col("currency").drop_nulls().mode().sort().first()
    )  # fmt: skip
    kinds = {"crm_tests": (signs.tests(), TESTS), "crm_effects": (signs.effects(part.known.as_of), EFFECTS)}
    return {
        name: rows.join(currencies, on="category_id", how="left", validate="m:1", nulls_equal=True)
        .join(places, how="cross")
        .select(pl.col(column).cast(kind) for column, kind in types.items())
        for name, (rows, types) in kinds.items()
    }


def _decomposed(part: _Part, open_weeks: pl.DataFrame) -> Frames:
    """What categories, at list prices, and the items that are worth most are made of."""
    as_of = part.known.as_of
    worth = part.leaves.select(*LEAF, "category_id", "currency", "worth")
    joined = part.weekly.join(worth, on=LEAF, how="left", validate="m:1", nulls_equal=True)
    priced = joined.with_columns(value=pl.col("counted") * pl.col("worth"))
    ends = [as_of - timedelta(days=7 * back) for back in range(WEEKS)][::-1]
    usual = open_weeks.filter(pl.col("week_on") <= as_of)["working_days"].mean()
    known = dict(open_weeks.iter_rows()) if isinstance(usual, float) and usual > 0 else {}
    opened = np.array([known.get(end, usual or 1.0) / (usual or 1.0) for end in ends])
    weeks = Weeks(ends, opened)
    values = priced.group_by(*OF_CATEGORY, "week_on").agg(quantity=pl.col("value").sum())
    worth = priced.filter(pl.col("week_on") > as_of - timedelta(days=364)).group_by(LEAF).agg(pl.col("value").sum())
    most = worth.sort(-pl.col("value"), *LEAF).head(DECOMPOSED)
    items = priced.join(most, on=LEAF, how="semi", nulls_equal=True).select(*LEAF, "week_on", quantity="counted")
    return {"parts": parts(values, weeks, OF_CATEGORY), "item_parts": parts(items, weeks, LEAF)}
