"""Where a product stands in its life: rising, steady, fading, ending, or being replaced by another; and what it earns
and costs in trouble meanwhile.

What counts is orders, each customer once a day, in the last half year beside the same half year one and two years
before, so that seasons are nobody's rise or fall. Counts add up over companies and regions; the stage follows from the
sums, and so from what a viewer may see.
"""

from datetime import date, timedelta

import polars as pl

from analytics.demand import Types

HALF_YEAR, YEAR, TWO_YEARS = 182, 364, 728
STAGES = ("new", "rising", "steady", "fading", "ending", "replaced", "ended", "seldom")
RISES, FADES, ENDS = 4 / 3, 3 / 4, 1 / 4
SURE, FEWEST = 2.576, 8
SWITCHED, FEWEST_SWITCHED, MORE_THAN_OTHERS = 0.3, 5, 3.0
KEYS = ("product_id", "company_id", "region")
COUNTED = (
    "orders",
    "orders_before",
    "orders_two_years",
    "complaints",
    "complaints_before",
    "returns",
    "returns_before",
)
LIVES: Types = {
    **dict.fromkeys(KEYS, pl.String),
    "first_on": pl.Date,
    "last_on": pl.Date,
    **dict.fromkeys(COUNTED, pl.Int64),
}
SWITCHES: Types = {
    **dict.fromkeys((*KEYS, "into_id"), pl.String),
    **dict.fromkeys(("former", "switched", "others", "others_switched"), pl.Int64),
}


def lives(ordered: pl.DataFrame, complaints: pl.DataFrame, returns: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per product, company and region that was ever ordered by the day ``as_of``: see ``LIVES``.

    ordered, complaints, returns: one row each with the keys and day_on; ordered with customer_id. _before and
    _two_years: the same half year one and two years earlier.
    """
    once = ordered.filter(pl.col("day_on") <= as_of).unique((*KEYS, "customer_id", "day_on"))
    known = once.group_by(KEYS).agg(
        first_on=pl.col("day_on").min(), last_on=pl.col("day_on").max(), **_spans("orders", as_of)
    )
    for name, rows in (("complaints", complaints), ("returns", returns)):
        counted = rows.group_by(KEYS).agg(**_spans(name, as_of))
        known = known.join(counted, on=KEYS, how="left", validate="1:1", nulls_equal=True)
    filled = known.with_columns(pl.col(COUNTED).fill_null(0))
    return filled.select(pl.col(name).cast(dtype) for name, dtype in LIVES.items()).sort(*KEYS, nulls_last=True)


def _spans(name: str, as_of: date) -> dict[str, pl.Expr]:
    ago = {"": 0, "_before": YEAR, "_two_years": TWO_YEARS}
    wanted = {f"{name}{ending}": days for ending, days in ago.items() if f"{name}{ending}" in COUNTED}
    return {column: _within(as_of, days).sum() for column, days in wanted.items()}


def _within(as_of: date, ago: int) -> pl.Expr:
    last = as_of - timedelta(days=ago)
    return pl.col("day_on").is_between(last - timedelta(days=HALF_YEAR - 1), last)


def switches(ordered: pl.DataFrame, categories: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Who left a product for another one of its category: one row per product, another (into_id), company and region:
    see ``SWITCHES``.

    former: customers who ordered the product in the year before the last half year and not since, but anything of the
    category since; switched: those of them who ordered the other for the first time in the last half year; others: all
    other customers of the category of that time, and how many of them did the same. categories: product_id,
    category_id. Rows with fewer than two that switched are left out.
    """
    since = as_of - timedelta(days=HALF_YEAR)
    dated = ordered.filter(pl.col("day_on") <= as_of).join(categories, on="product_id", how="inner", validate="m:1")
    who = ("company_id", "region", "category_id", "customer_id")
    bought = dated.group_by(*who, "product_id").agg(first_on=pl.col("day_on").min(), last_on=pl.col("day_on").max())
    active = bought.filter(pl.col("last_on") > since).select(who).unique()
    left = bought.filter(pl.col("last_on").is_between(since - timedelta(days=YEAR - 1), since))
    former = left.join(active, on=who, how="semi", nulls_equal=True).select(*who, "product_id")
    begun = bought.filter(pl.col("first_on") > since).select(*who, into_id="product_id")
    market = ("company_id", "region", "category_id")
    pairs = former.join(begun, on=who, how="inner", nulls_equal=True)
    switched = pairs.group_by(*market, "product_id", "into_id").agg(switched=pl.len()).filter(pl.col("switched") > 1)
    sizes = former.group_by(*market, "product_id").agg(former=pl.len())
    begun_by = begun.group_by(*market, "into_id").agg(begun=pl.len())
    all_active = active.group_by(market).agg(active=pl.len())
    told = (
        switched.join(sizes, on=(*market, "product_id"), how="inner", validate="m:1", nulls_equal=True)
        .join(begun_by, on=(*market, "into_id"), how="inner", validate="m:1", nulls_equal=True)
        .join(all_active, on=market, how="inner", validate="m:1", nulls_equal=True)
        .with_columns(others=pl.col("active") - pl.col("former"), others_switched=pl.col("begun") - pl.col("switched"))
    )
    return told.select(pl.col(name).cast(dtype) for name, dtype in SWITCHES.items()).sort(
        *KEYS, "into_id", nulls_last=True
    )


def staged(counts: pl.DataFrame, switched: pl.DataFrame, as_of: date, first_on: date | None) -> pl.DataFrame:
    """The products with stage, change (the last half year beside the same a year before, null without one) and into_id
    (what replaces it).

    counts: one row per product, the sums of ``LIVES``; switched: of ``SWITCHES``; first_on: the first day that is known
    of the firm. new: first ordered within half a year, where more than a year is known. ended: not ordered for a year.
    ending: at most a quarter of what it was, one or two years before. rising, fading: a third more, a quarter less than
    a year before, beyond what chance explains (99 %); fading too where that was two years ago, and it did not recover.
    replaced: fading or ending, and at least three in ten of those who left it, and five, took up another product of its
    category, three times as often as others did. seldom: fewer than eight orders, which tell nothing.
    """
    now, before, earlier = (pl.col(name) for name in ("orders", "orders_before", "orders_two_years"))
    peak = pl.max_horizontal(before, earlier)
    is_known = first_on is not None and (as_of - first_on).days > YEAR
    is_new = (pl.col("first_on") > as_of - timedelta(days=HALF_YEAR)) & is_known
    fades = _less(now, before) | (_less(now, earlier) & (now <= before))
    stage = (
        pl.when(is_new).then(pl.lit("new"))
        .when(pl.col("last_on") <= as_of - timedelta(days=YEAR)).then(pl.lit("ended"))
        .when(_less(now, peak) & (now <= ENDS * peak)).then(pl.lit("ending"))
        .when(fades).then(pl.lit("fading"))
        .when((now >= RISES * before) & _differ(now, before) & (first_on is not None)).then(pl.lit("rising"))
        .when(now + before < FEWEST).then(pl.lit("seldom"))
        .otherwise(pl.lit("steady"))
    )  # fmt: skip
    told = counts.with_columns(stage=stage, change=pl.when((before > 0) & ~is_new).then(now / before - 1))
    joined = told.join(_replacing(switched), on="product_id", how="left", validate="1:1", maintain_order="left")
    is_replaced = pl.col("stage").is_in(["fading", "ending"]) & pl.col("into_id").is_not_null()
    return joined.with_columns(
        stage=pl.when(is_replaced).then(pl.lit("replaced")).otherwise("stage"),
        into_id=pl.when(is_replaced).then("into_id"),
    )


def _differ(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Whether two counts differ by more than chance explains."""
    return ((one - other).abs() > SURE * (one + other).sqrt()) & (one + other >= FEWEST)


def _less(now: pl.Expr, before: pl.Expr) -> pl.Expr:
    return (now <= FADES * before) & _differ(now, before)


def _replacing(switched: pl.DataFrame) -> pl.DataFrame:
    """By product, what most of those who left it took up, where that is clear."""
    numbers = ("former", "switched", "others", "others_switched")
    sums = switched.group_by("product_id", "into_id").agg(pl.col(numbers).sum())
    share, other = pl.col("switched") / pl.col("former"), pl.col("others_switched") / pl.col("others")
    clear = (pl.col("switched") >= FEWEST_SWITCHED) & (share >= SWITCHED)
    known = sums.filter(clear & (share >= MORE_THAN_OTHERS * other.fill_nan(0.0).fill_null(0.0)))
    most = known.sort(-pl.col("switched").cast(pl.Int64), "into_id").unique(
        "product_id", keep="first", maintain_order=True
    )
    return most.select("product_id", "into_id")
