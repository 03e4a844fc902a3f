"""What planning, quality, marketing and pricing have to decide: surges, complaints, campaigns, margins."""

import math

import polars as pl

from analytics import unusual
from analytics.deciding.known import NOTHING, Known, counts, link, of_regions
from analytics.demand import known_sum

SURGE_WEEKS, SURGE_BY, SURGE_BUYS, SURGE_BASE = 6, 1.5, 5, 5
AHEAD_DAYS = 84
COMPLAINT_WEEKS, COMPLAINTS_BY, COMPLAINTS_LEAST = (9, 17), 1.5, 6
FALL_WEEKS = 13
SQUEEZE_WEEKS, SQUEEZE_FROM, SQUEEZE_UNTIL = 13, 17, 42
COST_UP, MARGIN_LOST, PASSED_ON = 0.03, 0.05, 0.5
CAMPAIGN_DAYS, CAMPAIGN_BUYS, CONTROL_BUYS = 21, 40, 200
EFFECT_NONE, EFFECT_SOME, SURE = 0.1, 0.3, 1.28
NAMED = 3
MARKET = ("product_id", "country")


def demand_surging(known: Known) -> pl.DataFrame:
    """Products bought in a country much more often in the last six weeks than a year lets expect, and than a year ago.

    Half as often again and five times more at least. Worth the margin of what stock cannot serve of it in the next
    twelve weeks, if it goes on; the extra margin of the six weeks where stock serves it.
    """
    sales = known.aggregates["sales_by_product"].drop_nulls("country")
    rated = unusual.against_others(counts(sales), MARKET, ("country",), SURGE_WEEKS)
    tested = known.of_chosen(rated.filter(pl.col("base") >= SURGE_BASE))
    usual = pl.max_horizontal("usual", "usual_then")
    is_up = (pl.col("now") >= usual * SURGE_BY) & (pl.col("now") - usual >= SURGE_BUYS)
    is_no_season = pl.col("score_then").fill_null(unusual.SEASONAL) >= unusual.SEASONAL
    found = tested.filter(is_up & is_no_season & (pl.col("score") >= unusual.bound(tested.height)))
    told = found.with_columns(usual=usual).with_columns(change=pl.col("now") / pl.col("usual") - 1)
    return NOTHING if found.is_empty() else _surges(known, _sold(known, told, sales))


def _sold(known: Known, found: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    """With what of the weeks' quantity and amount is extra, what stock is short of, and names."""
    recent = known.converted(
        sales.filter(pl.col("weeks_ago") < SURGE_WEEKS).join(found, on=MARKET, how="semi"), "amount"
    )
    sums = recent.group_by(MARKET).agg(
        pl.col("quantity").sum().cast(pl.Float64),
        extra_amount=known_sum(pl.col("amount")),
        regions=pl.col("region").drop_nulls().unique().sort(),
    )
    stock = known.outlook.group_by("product_id").agg(
        pl.col("short_quantity").sum(), pl.col("runs_out_on").min(), pl.col("unit").first()
    )
    joined = (
        found.join(sums, on=MARKET, how="left", validate="1:1")
        .join(stock, on="product_id", how="left", validate="m:1")
        .join(known.named("product_id"), on="product_id", how="left", validate="m:1")
    )
    extra = 1 - pl.col("usual") / pl.col("now")
    return known.as_margin(
        joined.with_columns(pl.col("extra_amount") * extra, extra_quantity=pl.col("quantity") * extra), "extra_amount"
    )


def _surges(known: Known, sold: pl.DataFrame) -> pl.DataFrame:
    ahead = pl.col("extra_quantity") * AHEAD_DAYS / (7 * SURGE_WEEKS)
    missing = pl.min_horizontal(ahead, pl.col("short_quantity").fill_null(0.0))
    is_short = pl.col("missing") > 0
    each = pl.col("extra_amount") / pl.col("extra_quantity")
    return sold.with_columns(missing=missing).select(
        "country", "now", "usual", "change", "unit", "runs_out_on",
        subject_id="product_id",
        subject="name",
        subject_zh=pl.coalesce("name_zh", "name"),
        money=pl.when(is_short).then(each * pl.col("missing")).otherwise("extra_amount"),
        currency=known.currency,
        money_is=pl.lit(known.money_is),
        state=pl.when(is_short).then(pl.lit("short")).otherwise(pl.lit("served")),
        since_on=pl.lit(known.ago(SURGE_WEEKS)),
        quantity="missing",
        page=pl.lit("rows"),
        parameters=of_regions(
            link(
                metric="orders_taken", dimension="product", member=pl.col("product_id"), period=known.days(SURGE_WEEKS)
            )
        ),
        rows=pl.col("now"),
    )  # fmt: skip


def complaints_rising(known: Known) -> pl.DataFrame:
    """Categories, and products outside them, with many more complaints for what is sold than in the year before.

    In the last 9 or the last 17 weeks, whichever says more: half as many again and six at least. Worth what sales fell
    by within 13 weeks; where they did not fall, the sales of these weeks.
    """
    told = known.categorised(counts(known.aggregates["complaints_by_product"], "complaints"))
    if told.is_empty():
        return NOTHING
    sales = known.aggregates["sales_by_product"]
    weekly = known.categorised(sales.group_by("product_id", "weeks_ago").agg(count=pl.col("buys").sum()))
    categories = _complained(known, told, weekly, "category_id")
    rest = told.join(categories, on="category_id", how="anti")
    products = _complained(known, rest, weekly, "product_id")
    found = [(categories, "category_id"), (products, "product_id")]
    rows = [_complaints(known, part, told, weekly, key) for part, key in found if part.height]
    return pl.concat(rows) if rows else NOTHING


def _complained(known: Known, told: pl.DataFrame, sales: pl.DataFrame, key: str) -> pl.DataFrame:
    """One row per group that complains, as its strongest window shows it: its key, weeks, now, usual, score."""
    wanted = known.of_chosen(told).select(key).drop_nulls().unique()
    spread = math.sqrt(unusual.unevenness(told, (key,), (), COMPLAINT_WEEKS[-1]))
    both = [_against_sales(told, sales, key, weeks, spread) for weeks in COMPLAINT_WEEKS]
    tested = pl.concat(both).join(wanted, on=key, how="semi")
    is_up = (pl.col("now") >= pl.col("usual") * COMPLAINTS_BY) & (pl.col("now") >= COMPLAINTS_LEAST)
    found = tested.filter(is_up & (pl.col("score") >= unusual.bound(tested.height)))
    return found.sort("score", descending=True).unique(key, keep="first", maintain_order=True)


def _against_sales(told: pl.DataFrame, sales: pl.DataFrame, key: str, weeks: int, spread: float) -> pl.DataFrame:
    """One row per group that was sold in the year before: its complaints now, usual by how often it was sold, score."""
    sold = unusual.windows(sales, (key,), weeks).select(key, sold_now="now", sold_base="base")
    rated = unusual.windows(told, (key,), weeks).join(sold, on=key, how="inner", validate="1:1")
    ratio = pl.col("sold_now") / pl.col("sold_base")
    return rated.filter(pl.col("sold_base") > 0).select(
        key,
        "now",
        weeks=pl.lit(weeks),
        usual=pl.col("base") * ratio,
        score=unusual.score(pl.col("now"), pl.col("base"), ratio) / spread,
    )


def _complaints(known: Known, found: pl.DataFrame, told: pl.DataFrame, weekly: pl.DataFrame, key: str) -> pl.DataFrame:
    since = (pl.lit(known.as_of) - pl.duration(days=7 * pl.col("weeks") - 1)).cast(pl.Date)
    fallen = (pl.col("sold") > 0) & (pl.col("expected") > pl.col("sold"))
    lost = pl.when(fallen).then(pl.col("expected") / pl.col("sold") - 1)
    period = pl.concat_str(since.cast(pl.String), pl.lit(f"..{known.as_of}"))
    joined = (
        found.join(_sales_now(known, weekly, key), on=key, how="left", validate="1:1")
        .join(_most_complained(known, told, found, key), on=key, how="left", validate="1:1")
        .join(known.named(key), on=key, how="left", validate="1:1")
    )
    return joined.select(
        "now", "usual", "top", "top_zh",
        subject_id=key,
        subject="name",
        subject_zh=pl.coalesce("name_zh", "name"),
        money=pl.col("amount") * lost.fill_null(1.0),
        currency=known.currency,
        money_is=pl.lit(known.money_is),
        change=pl.col("sold") / pl.col("expected") - 1,
        state=pl.when(fallen).then(pl.lit("fell")).otherwise(pl.lit("sells")),
        since_on=since,
        page=pl.lit("rows"),
        parameters=link(
            metric="complaints", dimension=key.removesuffix("_id"), member=pl.col(key), period=period
        ),
        rows=pl.col("now"),
    )  # fmt: skip


def _sales_now(known: Known, weekly: pl.DataFrame, key: str) -> pl.DataFrame:
    """One row per group: how often it sold in 13 weeks, how often that was to be expected, and for how much."""
    rated = unusual.against_others(weekly, (key,), (), FALL_WEEKS).select(key, sold="now", expected="usual")
    recent = known.aggregates["sales_by_product"].filter(pl.col("weeks_ago") < FALL_WEEKS)
    earned = known.as_margin(known.categorised(known.converted(recent, "amount")), "amount")
    amounts = earned.group_by(key).agg(amount=known_sum(pl.col("amount")))
    return rated.join(amounts, on=key, how="left", validate="1:1")


def _most_complained(known: Known, told: pl.DataFrame, found: pl.DataFrame, key: str) -> pl.DataFrame:
    """One row per group: the names of its products with the most complaints in its window."""
    within = told.join(found.select(key, "weeks"), on=key, how="inner", validate="m:1").filter(
        pl.col("weeks_ago") < pl.col("weeks")
    )
    summed = within.group_by(key, of_product="product_id").agg(pl.col("count").sum())
    products = summed.sort("count", "of_product", descending=[True, False])
    names = known.named("product_id").rename({"product_id": "of_product"})
    named = products.join(names, on="of_product", how="left", validate="m:1", maintain_order="left")
    return named.group_by(key, maintain_order=True).agg(
        top=pl.col("name").head(NAMED), top_zh=pl.coalesce("name_zh", "name").head(NAMED)
    )


def margin_squeezed(known: Known) -> pl.DataFrame:
    """Categories whose products cost the firm more while their prices did not follow.

    The invoices of the last 13 weeks against those of the half year that ended 17 weeks ago, product by product at the
    quantities of now: unit cost up by 3 % or more, less than half of it passed on, a twentieth of the margin lost or
    more. Worth what that is in a year.
    """
    products = known.categorised(known.of_chosen(squeezed_products(known))).drop_nulls("category_id")
    found = products.group_by("category_id").agg(
        pl.col("cost_rise", "price_rise", "old_cost", "old_amount").sum(),
        items=pl.col("product_id").n_unique(),
    )
    lost = pl.col("cost_rise") - pl.col("price_rise")
    is_dearer = pl.col("cost_rise") >= pl.col("old_cost") * COST_UP
    is_kept = pl.col("price_rise") < pl.col("cost_rise") * PASSED_ON
    is_grave = lost >= (pl.col("old_amount") - pl.col("old_cost")) * MARGIN_LOST
    squeezed = found.filter(is_dearer & is_kept & is_grave)
    named = squeezed.join(known.named("category_id"), on="category_id", how="left", validate="1:1")
    return named.select(
        "items",
        subject_id="category_id",
        subject="name",
        cost_change=pl.col("cost_rise") / pl.col("old_cost"),
        price_change=pl.col("price_rise") / pl.col("old_amount"),
        money=lost * unusual.YEAR / SQUEEZE_WEEKS,
        currency=known.currency,
        money_is=pl.lit("margin"),
        since_on=pl.lit(known.ago(SQUEEZE_WEEKS)),
        page=pl.lit("metric"),
        parameters=link(
            metric="gross_margin_rate", dimension="category", member=pl.col("category_id"),
            period=known.days(SQUEEZE_WEEKS), vs="before",
        ),
        rows=pl.col("items"),
    )  # fmt: skip


def squeezed_products(known: Known) -> pl.DataFrame:
    """One row per product, company and currency invoiced both now and before, at the quantities of now: old_cost and
    old_amount, what these would have cost and brought before; cost_rise and price_rise since."""
    week = pl.col("weeks_ago")
    spans = {"": week < SQUEEZE_WEEKS, "old_": week.is_between(SQUEEZE_FROM, SQUEEZE_UNTIL)}
    parts = {
        f"{span}{name}": pl.when(which).then(pl.col(name).cast(pl.Float64)).otherwise(0.0)
        for span, which in spans.items()
        for name in ("quantity", "amount", "cost")
    }
    keys = ("product_id", "company_id", "currency")
    recent = known.invoiced.filter(spans[""] | spans["old_"])
    both = recent.select(*keys, **parts).group_by(keys).agg(pl.col(*parts).sum())
    held = both.filter((pl.col("quantity") > 0) & (pl.col("old_quantity") > 0))
    scale = pl.col("quantity") / pl.col("old_quantity")
    scaled = held.with_columns(pl.col("old_amount", "old_cost") * scale)
    rises = {"cost_rise": pl.col("cost") - pl.col("old_cost"), "price_rise": pl.col("amount") - pl.col("old_amount")}
    return scaled.select(*keys, "old_amount", "old_cost", **rises)


def campaign_without_effect(known: Known) -> pl.DataFrame:
    """Campaigns of three weeks or more whose addressed customers bought hardly more of what was advertised than before.

    Held against what the control group did; where that is too small to tell, against all who were not addressed in the
    same countries. What the campaign added is at most a tenth, and with nine chances in ten less than three tenths.
    Worth its cost.
    """
    rows = (
        known.aggregates["campaign_sales"]
        .group_by("campaign_id", "group")
        .agg(pl.col("days_before", "days_during").first(), pl.col("customers", "buys_before", "buys_during").sum())
    )
    addressed = rows.filter(pl.col("group") == "addressed").drop("group")
    held = addressed.join(_not_addressed(rows), on="campaign_id", how="inner", validate="1:1")
    is_told = (pl.col("days_during") >= CAMPAIGN_DAYS) & (pl.col("buys_before") >= CAMPAIGN_BUYS)
    sides = ("buys_before", "buys_during", "others_before", "others_during")
    told = held.filter(is_told & pl.all_horizontal(pl.col(name) > 0 for name in sides))
    usual = pl.col("buys_before") * pl.col("others_during") / pl.col("others_before")
    change = pl.col("buys_during") / usual
    error = pl.sum_horizontal(1 / pl.col(name) for name in sides).sqrt()
    is_sure = change.log() + SURE * error < math.log1p(EFFECT_SOME)
    found = told.filter(is_sure & (change <= 1 + EFFECT_NONE)).with_columns(usual=usual, change=change - 1)
    return NOTHING if found.is_empty() else _campaigns(known, found)


def _not_addressed(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per campaign: what those bought whom it did not address, and who that is: control or others."""
    others = rows.filter(pl.col("group") != "addressed")
    sums = {"others_before": "buys_before", "others_during": "buys_during"}
    control = pl.col("group") == "control"
    is_enough = pl.col("buys_before").filter(control).sum() >= CONTROL_BUYS
    return others.group_by("campaign_id").agg(
        *(
            pl.when(is_enough).then(pl.col(of).filter(control).sum()).otherwise(pl.col(of).sum()).alias(name)
            for name, of in sums.items()
        ),
        against=pl.when(is_enough).then(pl.lit("control")).otherwise(pl.lit("others")),
    )


def _campaigns(known: Known, found: pl.DataFrame) -> pl.DataFrame:
    named = found.join(known.converted(known.campaigns, "cost"), on="campaign_id", how="inner", validate="1:1")
    last = pl.coalesce("ends_on", pl.lit(known.as_of)).clip(upper_bound=known.as_of)
    period = pl.concat_str(pl.col("starts_on").cast(pl.String), pl.lit(".."), last.cast(pl.String))
    return named.select(
        "customers", "usual", "change",
        subject_id="campaign_id",
        subject="campaign",
        state="against",
        now="buys_during",
        money="cost",
        currency=known.currency,
        money_is=pl.lit("cost"),
        since_on="starts_on",
        page=pl.lit("rows"),
        parameters=link(metric="orders_taken", period=period),
        rows=pl.col("buys_during"),
    )  # fmt: skip
