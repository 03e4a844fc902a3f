"""Demand: what was and what will be asked for, how sure that is, and how well it would have been foretold.

Every answer takes the viewer first and cuts rows and columns by the viewer's rights before it sums anything. All of it
comes from the study of forecasts (``analytics.demand_outlook``), which is worked out after a refresh: while there is
none, answers have no rows. Each company and region was forecast by itself; what a viewer sees of them is summed up.

One item counts in its base unit. Several items count at their list prices in the reporting currency, what production
uses of them nothing: see ``analytics.demand_classes``; where no price is known they count in the unit that most have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from analytics import crm_gains
from analytics.access import Viewer
from analytics.demand_classes import LEAVES
from analytics.demand_sums import missed_in_common, summed
from analytics.money import Rates
from analytics.scope import Scope
from answers import Snapshot, Study, inventory, newest, remembered
from answers.asking import OF_STOCK, cut
from answers.inventory import Question

STUDY = "forecasts"
LEAF = ("product_id", "site_id", "company_id", "region")
SPANS = (7, 28, 91)
LEARNT_FOR = {7: 1, 28: 4, 91: 13}
YEAR_DAYS, SEASON_DAYS = 364, 91
QUANTILES = ("q025", "q05", "q10", "q25", "q50", "q75", "q90", "q95", "q975")
NOTHING: Mapping[str, Mapping[str, type[pl.DataType]]] = {
    "history": {"week_on": pl.Date, **dict.fromkeys(("recorded", "one_off", "lost", "counted"), pl.Float64)},
    "weeks": {"week_on": pl.Date, **dict.fromkeys(("mean", *QUANTILES), pl.Float64)},
    "days": {"day_on": pl.Date, "mean": pl.Float64},
    "spans": {"days": pl.Int64, **dict.fromkeys(("mean", *QUANTILES, "last_year"), pl.Float64)},
    "items": {
        **dict.fromkeys(("product_id", "site_id", "site", "company_id", "sku", "name", "name_zh"), pl.String),
        **dict.fromkeys(("unit", "category", "category_id", "pattern", "abc", "currency"), pl.String),
        **dict.fromkeys(("mean_28", "low_28", "high_28", "mean_91", "low_91", "high_91"), pl.Float64),
        **dict.fromkeys(("last_91", "last_year", "change", "asked", "value"), pl.Float64),
    },
    "foretold": {
        "origin_on": pl.Date,
        "weeks": pl.Int64,
        "week_on": pl.Date,
        **dict.fromkeys(("mean", *QUANTILES, "came", "last_year", "average"), pl.Float64),
    },
    "signs": {
        "category_id": pl.String,
        "category": pl.String,
        "tests": pl.Int64,
        **dict.fromkeys(("missed", "gained", "low", "high", "placebo", "placebo_most"), pl.Float64),
        **dict.fromkeys(("used", "places"), pl.Int64),
    },
    "parts": {
        "week_on": pl.Date,
        **dict.fromkeys(("asked", "level", "season", "events", "rest", "low", "high", "trend"), pl.Float64),
    },
}
RATES = (
    *("items", "cases", "missed", "missed_last_year", "missed_average", "bias", "scaled"),
    *("within_80", "within_95", "below_90", "pinball"),
)
SURE = 1.959964
KEPT = 16


@dataclass(frozen=True)
class Measure:
    """What demand counts in: money of a currency (at list prices), or quantity of a unit. left_out: how many items of
    the scope do not count, for want of a price or because their unit is another."""

    currency: str | None
    unit: str | None
    left_out: int


def study() -> Study | None:
    """The newest study of forecasts of the firm that is served; None while it is being worked out."""
    return newest(STUDY)


def made() -> str:
    """A code that changes with the newest study: what is kept of its answers is kept by it; empty without one."""
    found = study()
    return "" if found is None else f"{found.snapshot_id} {found.made_at.isoformat()}"


def as_of(viewer: Viewer, *, version: Snapshot | None = None) -> date | None:
    """The last day that the study knows; None while it is being worked out."""
    inventory.asked(viewer, Scope(), version)
    found = study()
    return None if found is None else found.as_of_on


def measure(viewer: Viewer, scope: Scope, product_id: str = "", *, version: Snapshot | None = None) -> Measure:
    """What demand of the scope, or of one item, counts in."""
    return _asked(viewer, scope, product_id, version).measure


def history(viewer: Viewer, scope: Scope, product_id: str = "", *, version: Snapshot | None = None) -> pl.DataFrame:
    """What was asked for, by week: recorded, one_off, lost, counted: see ``analytics.demand_history``; week_on is a
    week's last day. Weeks without demand are zero."""
    question = _asked(viewer, scope, product_id, version)
    rows = question.frame("demand_weeks")
    if rows is None:
        return pl.DataFrame(schema=NOTHING["history"])
    names = ("recorded", "one_off", "lost", "counted")
    sums = question.weighed(rows, names).group_by("week_on").agg(pl.col(names).sum())
    weeks = _weeks(sums, question.as_of)
    return weeks.join(sums, on="week_on", how="left", validate="1:1").with_columns(pl.col(names).fill_null(0.0))


def _weeks(sums: pl.DataFrame, as_of: date) -> pl.DataFrame:
    first = sums["week_on"].min()
    many = (as_of - first).days // 7 + 1 if isinstance(first, date) else 0
    ends = [as_of - timedelta(days=7 * back) for back in range(many)][::-1]
    return pl.DataFrame({"week_on": ends}, schema={"week_on": pl.Date})


def weeks(viewer: Viewer, scope: Scope, product_id: str = "", *, version: Snapshot | None = None) -> pl.DataFrame:
    """What will be asked for in each of the next 13 weeks: week_on (its last day), mean and quantiles."""
    question = _asked(viewer, scope, product_id, version)
    rows = question.frame("weeks")
    if rows is None:
        return pl.DataFrame(schema=NOTHING["weeks"])
    return question.summed(rows.with_columns(weeks=pl.lit(1, dtype=pl.Int64)), ("week_on",))


def days(viewer: Viewer, scope: Scope, product_id: str = "", *, version: Snapshot | None = None) -> pl.DataFrame:
    """What will be asked for on each of the next 28 days: day_on, mean. Days add up to their weeks."""
    question = _asked(viewer, scope, product_id, version)
    rows = question.frame("days")
    if rows is None:
        return pl.DataFrame(schema=NOTHING["days"])
    return question.weighed(rows, ("mean",)).group_by("day_on").agg(pl.col("mean").sum()).sort("day_on")


def spans(viewer: Viewer, scope: Scope, product_id: str = "", *, version: Snapshot | None = None) -> pl.DataFrame:
    """What will be asked for in the next 7, 28 and 91 days together: days, mean, quantiles; last_year: what was
    recorded in the same weeks a year before, null where the history does not reach so far back."""
    question = _asked(viewer, scope, product_id, version)
    rows, past = question.frame("sums"), question.frame("demand_weeks")
    if rows is None or past is None:
        return pl.DataFrame(schema=NOTHING["spans"])
    learnt = pl.col("days").replace_strict(LEARNT_FOR, return_dtype=pl.Int64)
    asked = rows.filter(pl.col("days").is_in(SPANS)).with_columns(weeks=learnt)
    told = question.summed(asked, ("days",), "weeks")
    before = [question.year_before(past, span) for span in told["days"].to_list()]
    return told.with_columns(last_year=pl.Series(before, dtype=pl.Float64))


def parts(viewer: Viewer, scope: Scope, product_id: str = "", *, version: Snapshot | None = None) -> pl.DataFrame:
    """What demand is made of, by week: asked = level + season + events + rest; low and high: between which the level
    lies with 95 %; trend: what it gains in a year: see ``analytics.demand_parts``.

    Of categories, summed up, or of one item where it is one of those that are worth most; empty for other items, and
    where a scope cuts finer than company, region and category.
    """
    question = _asked(viewer, scope, product_id, version)
    rows = question.decomposed
    if rows is None or rows.is_empty():
        return pl.DataFrame(schema=NOTHING["parts"])
    names = ("asked", "level", "season", "events", "rest", "trend")
    sums = rows.group_by("week_on").agg(pl.col(names).sum(), pl.col("level_variance").sum()).sort("week_on")
    off = SURE * pl.col("level_variance").clip(lower_bound=0.0).sqrt()
    banded = sums.with_columns(low=pl.col("level") - off, high=pl.col("level") + off)
    return banded.select(tuple(NOTHING["parts"]))


def items(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per item of the scope that was asked for within a year: what is expected in 28 and in 91 days (with 10
    and 90 % quantiles), in its unit; last_91 and last_year: what was recorded in the 91 days before, and a year before
    those that come; change: the expected 91 days against last_year; pattern and abc of its largest site; value: the
    expected 91 days at list price, the most first."""
    return _items(*_keyed(viewer, scope, version), None)


def sites(viewer: Viewer, scope: Scope, product_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One item at each site of the scope: as ``items``, with site_id and site."""
    return _items(*_keyed(viewer, scope, version), product_id)


def places(viewer: Viewer, scope: Scope, product_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """Where one item is asked for: one row per site_id, company_id and region of the scope that the study forecasts."""
    asked = _asked(viewer, scope, product_id, version).leaves.filter(pl.col("product_id") == product_id)
    return (
        asked.select("site_id", "company_id", "region")
        .unique()
        .sort("site_id", "company_id", "region", nulls_last=True)
    )


def _keyed(viewer: Viewer, scope: Scope, version: Snapshot | None) -> tuple[Question, str]:
    return inventory.asked(viewer, inventory.of_stock(scope), version), made()


@remembered(KEPT)
def _items(question: Question, _made: str, product_id: str | None) -> pl.DataFrame:
    asked = _Asked(question, product_id or "")
    by = ("product_id",) if product_id is None else ("product_id", "site_id", "company_id")
    sums, past = asked.frame("sums"), asked.frame("demand_weeks")
    if sums is None or past is None:
        return pl.DataFrame(schema=NOTHING["items"])
    learnt = pl.col("days").replace_strict(LEARNT_FOR, return_dtype=pl.Int64)
    plain = asked.counted(sums.filter(pl.col("days").is_in(SPANS)).with_columns(weeks=learnt))
    told = summed(plain, (*by, "days", "weeks"), asked.common, asked.shapes)
    quarter = plain.filter(pl.col("days") == SEASON_DAYS).join(
        asked.leaves.select(*LEAF, "worth_reported"), on=LEAF, how="inner", validate="1:1", nulls_equal=True
    )
    value = quarter.group_by(by).agg(value=(pl.col("mean") * pl.col("worth_reported")).sum())
    wide = _wide(told, by).join(value, on=by, how="left", validate="1:1", nulls_equal=True)
    named = _described(asked, wide, past, by)
    return named.filter(pl.col("asked") > 0).sort(-pl.col("value"), -pl.col("mean_91"), *by, nulls_last=True)


def _wide(told: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    month = told.filter(pl.col("days") == 28).select(*by, mean_28="mean", low_28="q10", high_28="q90")
    quarter = told.filter(pl.col("days") == 91).select(*by, mean_91="mean", low_91="q10", high_91="q90")
    return month.join(quarter, on=by, how="inner", validate="1:1", nulls_equal=True)


def _described(asked: "_Asked", wide: pl.DataFrame, past: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    on = asked.as_of
    begins = on - timedelta(days=SEASON_DAYS)
    before = (on - timedelta(days=YEAR_DAYS), on - timedelta(days=YEAR_DAYS - SEASON_DAYS))
    week, recorded = pl.col("week_on"), pl.col("recorded")
    seen = past.group_by(by).agg(
        last_91=recorded.filter(week > begins).sum(),
        last_year=recorded.filter((week > before[0]) & (week <= before[1])).sum(),
    )
    largest = asked.leaves.sort(-pl.col("asked"), *LEAF, nulls_last=True).group_by(by, maintain_order=True)
    kinds = largest.agg(
        pl.col("pattern", "abc", "category_id").first(),
        pl.col("asked").sum(),
        first_on=pl.col("first_on").min(),
    )
    names = asked.items.select("product_id", "sku", "name", "name_zh", "unit", "category")
    told = wide.join(seen, on=by, how="left", validate="1:1", nulls_equal=True).join(
        kinds, on=by, how="left", validate="1:1", nulls_equal=True
    )
    known = told.join(names, on="product_id", how="left", validate="m:1")
    was_there = (pl.col("first_on") <= before[0]) & (pl.col("last_year") > 0)
    valued = known.with_columns(
        last_year=pl.when(was_there).then("last_year"),
        change=pl.when(was_there).then(pl.col("mean_91") / pl.col("last_year") - 1),
        value=pl.when(pl.col("value") > 0).then("value"),
        currency=pl.lit(asked.measure_of_all.currency, dtype=pl.String),
    )
    return asked.placed(valued) if "site_id" in by else valued


def odd(viewer: Viewer, scope: Scope, product_id: str = "", *, version: Snapshot | None = None) -> pl.DataFrame:
    """What of the past counts otherwise than it was recorded, the latest first: kind (one_off: a single order far
    larger than usual; hidden: demand that an empty shelf cost), product_id, site_id, day_on (the last), quantity (what
    was recorded; what was lost), usual (what of it counts); what the item is called, and site (its name)."""
    question = _asked(viewer, scope, product_id, version)
    large, missing = question.frame("one_offs"), question.frame("hidden_demand")
    names = ("kind", "product_id", "site_id", "day_on", "quantity", "usual")
    kinds = {"kind": pl.String, "product_id": pl.String, "site_id": pl.String, "day_on": pl.Date}
    empty = pl.DataFrame(schema={**kinds, "quantity": pl.Float64, "usual": pl.Float64})
    if large is None or missing is None:
        texts = dict.fromkeys(("sku", "name", "name_zh", "unit", "site"), pl.String)
        return pl.DataFrame(schema={**empty.schema, **texts})
    lost = (
        missing.with_columns(month=pl.col("day_on").dt.truncate("1mo"))
        .group_by("product_id", "site_id", "month")
        .agg(pl.col("day_on").max(), quantity=pl.col("lost").sum(), usual=pl.col("lost").sum())
    )
    known = lost.filter(pl.col("quantity") >= 0.5)
    both = [
        rows.with_columns(kind=pl.lit(kind)).select(names) for kind, rows in (("one_off", large), ("hidden", known))
    ]
    called = question.items.select("product_id", "sku", "name", "name_zh", "unit")
    told = pl.concat([empty, *both]).join(called, on="product_id", how="inner", validate="m:1")
    return question.placed(told).sort("day_on", "product_id", "site_id", descending=[True, False, False])


def accuracy(
    viewer: Viewer, scope: Scope, classed_by: str = "", product_id: str = "", *, version: Snapshot | None = None
) -> pl.DataFrame:
    """How far single items at sites would have been missed in hindcasts: one row per span, and per class where
    ``classed_by`` is pattern or abc: see ``analytics.demand_record``.

    items, cases; missed, missed_last_year, missed_average: in ratio to what came, at list prices (an item without one
    counts by its units alone); bias: by how much too much was told; scaled: the mean absolute error in ratio to how
    much a case usually differs from the one before; within_80, within_95, below_90: shares of cases; pinball: the
    quantile loss in ratio to that of the last year's quantiles, below 1 is better.
    """
    question = _asked(viewer, scope, product_id, version)
    rows = question.frame("record")
    keys = ("span", classed_by) if classed_by else ("span",)
    if rows is None:
        return pl.DataFrame(schema={**dict.fromkeys(keys, pl.String), **dict.fromkeys(RATES, pl.Float64)})
    price = pl.when(pl.col("price_reported") > 0).then("price_reported").otherwise(1.0)
    known = question.leaves.select(*LEAF, "pattern", "abc", price=price)
    return _rates(rows.join(known, on=LEAF, how="inner", validate="m:1", nulls_equal=True), keys)


def _rates(rows: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    price, cases = pl.col("price"), pl.col("cases").sum()
    came = (pl.col("came") * price).sum()
    missed = {name: (pl.col(name) * price).sum() / came for name in ("missed", "missed_last_year", "missed_average")}
    usual = pl.col("usual_change") > 0
    told = rows.group_by(keys).agg(
        items=pl.col("product_id").n_unique(),
        cases=cases,
        **missed,
        bias=((pl.col("told") - pl.col("came")) * price).sum() / came,
        scaled=(pl.col("missed") / pl.col("usual_change")).filter(usual).mean(),
        **{name: pl.col(name).sum() / cases for name in ("within_80", "within_95", "below_90")},
        pinball=(pl.col("pinball") * price).sum() / (pl.col("pinball_naive") * price).sum(),
    )
    finite = [
        pl.when(pl.col(name).is_finite()).then(name).alias(name) for name in RATES if name not in ("items", "cases")
    ]
    return told.with_columns(finite).select(*keys, *RATES).sort(keys)


def foretold(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What hindcasts would have told of the scope as a whole, beside what came: one row per origin_on (the last day
    that was known), weeks (over how many a sum goes: 1, 4, 13) and week_on (its last day): mean, quantiles, came,
    last_year (the same weeks a year before), average (of the 13 weeks before the origin). What is common to items is
    taken from the other hindcasts than the one that is told. Empty where the scope cuts finer than company, region and
    category, or counts in units."""
    question = _asked(viewer, scope, "", version)
    rows = question.foretold
    if rows is None or rows.is_empty():
        return pl.DataFrame(schema=NOTHING["foretold"])
    by = ("origin_on", "weeks", "week_on")
    told = []
    for origin in rows["origin_on"].unique().sort().to_list():
        others, own = (rows.filter(pl.col("origin_on") != origin), rows.filter(pl.col("origin_on") == origin))
        told.append(summed(own, by, missed_in_common(others if others.height else own), question.shapes))
    came = rows.group_by(by).agg(pl.col("came").sum())
    joined = pl.concat(told).join(came, on=by, how="inner", validate="1:1")
    past = history(viewer, scope, version=version).select("week_on", "recorded")
    simple = _simple(joined.select(by), past)
    return joined.join(simple, on=by, how="left", validate="1:1").select(tuple(NOTHING["foretold"])).sort(by)


def _simple(asked: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    """What anybody could have told: last_year and average, by origin_on, weeks and week_on."""
    found = []
    for (weeks,), rows in asked.group_by("weeks", maintain_order=True):
        running = past.sort("week_on").with_columns(
            last_year=pl.col("recorded").rolling_sum(weeks), average=pl.col("recorded").rolling_mean(13) * weeks
        )
        year = pl.duration(days=YEAR_DAYS)
        before = running.select("last_year", week_on=pl.col("week_on") + year)
        known = running.select("average", origin_on="week_on")
        joined = rows.join(before, on="week_on", how="left", validate="m:1").join(
            known, on="origin_on", how="left", validate="m:1"
        )
        found.append(joined)
    return pl.concat(found)


def missed(rows: pl.DataFrame) -> pl.DataFrame:
    """How far the whole would have been missed, by weeks: cases, missed, missed_last_year, missed_average (in ratio to
    what came; null where nothing came, or not all is known), bias, within_80, within_95 (numbers of cases).
    ``rows``: foretold."""
    came = pl.when(pl.col("came").sum() > 0).then(pl.col("came").sum())
    off = {
        name: pl.when(pl.col(column).null_count() == 0).then((pl.col(column) - pl.col("came")).abs().sum() / came)
        for name, column in (("missed", "mean"), ("missed_last_year", "last_year"), ("missed_average", "average"))
    }
    return (
        rows.group_by("weeks")
        .agg(
            cases=pl.len(),
            **off,
            bias=(pl.col("mean") - pl.col("came")).sum() / came,
            within_80=pl.col("came").is_between("q10", "q90").sum(),
            within_95=pl.col("came").is_between("q025", "q975").sum(),
        )
        .sort("weeks")
    )


def how_far(viewer: Viewer, scope: Scope, product_id: str = "", *, version: Snapshot | None = None) -> pl.DataFrame:
    """How far what is asked about would have been missed: the whole of the scope as ``missed`` tells it; of one item,
    at its sites: weeks, cases, missed, missed_last_year. Empty where that was not tested."""
    if not product_id:
        return missed(foretold(viewer, scope, version=version))
    told = accuracy(viewer, scope, product_id=product_id, version=version).filter(pl.col("span") == "sum_4")
    return told.select(pl.lit(4, dtype=pl.Int64).alias("weeks"), "cases", "missed", "missed_last_year")


def signs(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What signs of sales, marketing and service (deals, campaigns, complaints, returns, feedback, talks) add to four
    weeks of categories: the whole of the scope first (category_id is null), then each category, the largest first.

    missed: the error without them, in ratio to what came; gained, with low and high (95 %): by what share of it errors
    fell with them; placebo, placebo_most: the same with signs of other days, on average and the best of them. used,
    places: in how many of so many companies and regions they are used. See ``analytics.crm_gains``. Empty where that
    was not tested, or the scope cuts finer than company, region and category.
    """
    question = _asked(viewer, scope, "", version)
    tests, effects = question.of_categories("crm_tests"), question.of_categories("crm_effects")
    if tests is None or effects is None or tests.is_empty():
        return pl.DataFrame(schema=NOTHING["signs"])
    rows = crm_gains.summed(tests, pl.col("factor"))
    uses = effects.drop_nulls("category_id").group_by("category_id").agg(used=pl.col("is_used").sum(), places=pl.len())
    whole = effects.select(category_id=pl.lit(None, dtype=pl.String), used=pl.col("is_used").sum(), places=pl.len())
    known = pl.concat([whole, uses]).select("category_id", pl.col("used", "places").cast(pl.Int64))
    names = question.items.select("category_id", "category").drop_nulls("category_id").unique("category_id")
    told = rows.join(known, on="category_id", how="left", validate="1:1", nulls_equal=True, maintain_order="left")
    named = told.join(names, on="category_id", how="left", validate="m:1", maintain_order="left")
    return named.select(pl.col(name).cast(kind) for name, kind in NOTHING["signs"].items())


def _asked(viewer: Viewer, scope: Scope, product_id: str, version: Snapshot | None) -> "_Asked":
    question = inventory.asked(viewer, inventory.of_stock(scope), version)
    return _known(question, made(), product_id)


@remembered(KEPT)
def _known(question: Question, _made: str, product_id: str) -> "_Asked":
    """What several answers of one page look at, found once."""
    return _Asked(question, product_id)


@dataclass(frozen=True)
class _Asked:
    """Who asks about which items; the study that answers."""

    question: Question
    product_id: str

    @cached_property
    def study(self) -> Study | None:
        return study()

    @property
    def as_of(self) -> date:
        return self.study.as_of_on if self.study else inventory.day_of(self.question)

    @cached_property
    def items(self) -> pl.DataFrame:
        """The items of the scope, or the one that is asked about."""
        one = pl.col("product_id") == self.product_id if self.product_id else None
        return inventory.items_of(self.question, one)

    def cut(self, name: str) -> pl.DataFrame | None:
        """A frame of the study, as rights and scope cut it."""
        if self.study is None:
            return None
        return cut(self.study.frame(name, self.question.viewer), self.question.scope, OF_STOCK).collect()

    def frame(self, name: str) -> pl.DataFrame | None:
        """A frame of the study, of the items that are asked about."""
        rows = self.cut(name)
        return None if rows is None else rows.join(self.items.select("product_id"), on="product_id", how="semi")

    @cached_property
    def leaves(self) -> pl.DataFrame:
        """The items at sites, with worth_reported: what a unit counts in the reporting currency."""
        rows = self.frame("leaves")
        if rows is None:
            return pl.DataFrame(schema={**LEAVES, "worth_reported": pl.Float64, "price_reported": pl.Float64})
        worth = rows.join(self.rates.factors, on="currency", how="left", validate="m:1")
        factor = pl.col("factor")
        return worth.with_columns(
            worth_reported=pl.col("worth") * factor, price_reported=pl.col("price") * factor
        ).drop("factor")

    @cached_property
    def rates(self) -> Rates:
        return inventory.rates_of(self.question, self.as_of)

    @cached_property
    def measure_of_all(self) -> Measure:
        """Money where any price is known; else the unit that most items have."""
        asked = self.leaves.filter(pl.col("asked") > 0)
        priced = asked.filter(pl.col("worth_reported") > 0)
        if priced.height:
            return Measure(self.rates.currency, None, asked["product_id"].n_unique() - priced["product_id"].n_unique())
        counted = self.items.group_by("unit").len()
        units = counted.sort("len", "unit", descending=[True, False], nulls_last=True)
        unit = units["unit"][0] if units.height else None
        return Measure(None, unit, self.items.filter(pl.col("unit").ne_missing(pl.lit(unit))).height)

    @cached_property
    def measure(self) -> Measure:
        """What the question counts in."""
        if not self.product_id:
            return self.measure_of_all
        return Measure(None, self.items["unit"][0] if self.items.height else None, 0)

    @cached_property
    def weights(self) -> pl.DataFrame:
        """What a unit of each item at a site counts: weight; those that do not count have no row."""
        if self.product_id:
            weighed = self.leaves.with_columns(weight=pl.lit(1.0))
        elif self.measure.currency is not None:
            weighed = self.leaves.with_columns(weight=pl.col("worth_reported").fill_null(0.0))
        else:
            own = self.items.filter(pl.col("unit").eq_missing(pl.lit(self.measure.unit, dtype=pl.String)))
            weighed = self.leaves.join(own, on="product_id", how="semi").with_columns(weight=pl.lit(1.0))
        return weighed.filter(pl.col("weight") > 0).select(*LEAF, "category_id", "weight")

    def counted(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with their category, unweighed."""
        categories = self.leaves.select(*LEAF, "category_id")
        return rows.join(categories, on=LEAF, how="inner", validate="m:1", nulls_equal=True)

    def weighed(self, rows: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
        """The rows that count, these columns multiplied by what a unit counts."""
        joined = rows.join(self.weights, on=LEAF, how="inner", validate="m:1", nulls_equal=True)
        return joined.with_columns(pl.col(name) * pl.col("weight") for name in names)

    def summed(self, rows: pl.DataFrame, by: tuple[str, ...], also: str = "weeks") -> pl.DataFrame:
        """Mean and quantiles by group; those of one item at one site are its own."""
        if self.product_id and self.leaves.height == 1:
            return rows.select(*by, "mean", *QUANTILES).sort(by)
        weighed = self.weighed(rows, ("mean",)).with_columns(variance=pl.col("variance") * pl.col("weight") ** 2)
        told = summed(weighed, tuple(dict.fromkeys((*by, also))), self.common, self.shapes)
        return told.select(*by, "mean", *QUANTILES).sort(by)

    @cached_property
    def common(self) -> pl.DataFrame:
        return self._there("common")

    @cached_property
    def shapes(self) -> pl.DataFrame:
        return self._there("shapes").drop("company_id")

    def _there(self, name: str) -> pl.DataFrame:
        found = self.cut(name)
        return pl.DataFrame() if found is None else found

    def year_before(self, past: pl.DataFrame, span: int) -> float | None:
        """What was recorded in the weeks that lie a year before so many days to come."""
        begins = self.as_of - timedelta(days=YEAR_DAYS)
        first = past["week_on"].min()
        if not isinstance(first, date) or first > begins:
            return None
        ends = begins + timedelta(days=span)
        within = past.filter((pl.col("week_on") > begins) & (pl.col("week_on") <= ends))
        return float(self.weighed(within, ("recorded",))["recorded"].sum())

    @property
    def foretold(self) -> pl.DataFrame | None:
        """Hindcasts of categories in the reporting currency; null where the scope cuts otherwise."""
        rows = self.of_categories("foretold")
        if rows is None:
            return None
        factor = pl.col("factor")
        return rows.with_columns(pl.col("mean", "came") * factor, variance=pl.col("variance") * factor**2)

    def of_categories(self, name: str) -> pl.DataFrame | None:
        """A frame of the study by category, with factor, into the reporting currency; null where the scope cuts
        otherwise."""
        scope = self.question.scope
        rows = self.cut(name)
        is_finer = bool(scope.sites or scope.suppliers or scope.search.strip() or self.product_id)
        if rows is None or is_finer or self.measure.currency is None:
            return None
        own = rows.join(self.items.select("category_id").unique(), on="category_id", how="semi", nulls_equal=True)
        return own.join(self.rates.factors, on="currency", how="inner", validate="m:1")

    @property
    def decomposed(self) -> pl.DataFrame | None:
        """What demand is made of, of the item or of the categories; null where that is not known so finely."""
        if self.product_id:
            rows = self.frame("item_parts")
            known = None if rows is None else rows.select(LEAF).unique().height
            asked = self.leaves.filter(pl.col("asked") > 0).height
            return rows if known == asked else None
        worth = self.of_categories("parts")
        if worth is None:
            return None
        names = ("asked", "level", "season", "events", "rest", "trend")
        factor = pl.col("factor")
        return worth.with_columns(
            *(pl.col(name) * factor for name in names), level_variance=pl.col("level_variance") * factor**2
        )

    def placed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with the names of their sites."""
        places = self.question.version.aggregate("places", self.question.viewer).select("site_id", "site").collect()
        named = rows.join(places, on="site_id", how="left", validate="m:1")
        return named.with_columns(pl.coalesce("site", "site_id"))
