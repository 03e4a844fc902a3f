"""What buyers and planners have to decide: items, suppliers, stock."""

from datetime import timedelta

import polars as pl

from analytics import unusual
from analytics.deciding.known import NOTHING, Known, link
from analytics.demand import known_sum
from analytics.inventory import UNKNOWN_LEAD_DAYS

SHORT = ("negative", "out", "runs_out")
RECENT_DAYS, BEFORE_DAYS = 60, 365
ORDERS, ORDERS_BEFORE = 5, 10
LATER_BY_DAYS, WORST_DAYS = 3.0, 90.0
LEAST_SPREAD = 0.25
DEARER_WEEKS, DEARER_FROM, DEARER_UNTIL = 13, 17, 42
DEARER_BY = 0.05
TOO_MUCH = 0.25
NAMED = 3


def item_runs_out(known: Known) -> pl.DataFrame:
    """Items of which a company cannot serve something before help arrives; worth what the outlook says is at stake.

    One company's stock does not serve another's customers. Act by: the last day on which an order still arrives in
    time, or today.
    """
    short = known.outlook.filter(pl.col("state").is_in(SHORT) & (pl.col("short_quantity") > 0))
    lead = pl.col("lead_time_days").fill_null(UNKNOWN_LEAD_DAYS).ceil().cast(pl.Int64)
    today = pl.lit(known.as_of)
    last = pl.max_horizontal(pl.col("runs_out_on").fill_null(today) - pl.duration(days=lead), today)
    worth = known.converted(short.with_columns(own="at_stake"), "at_stake")
    is_own = pl.col("at_stake").is_null()
    return worth.select(
        "company_id", "supplier", "state", "unit", "runs_out_on",
        subject_id="product_id",
        subject="name",
        subject_zh=pl.coalesce("name_zh", "name"),
        money=pl.coalesce("at_stake", "own"),
        currency=pl.when(is_own).then("currency").otherwise(known.currency),
        money_is="at_stake_is",
        act_by_on=last.cast(pl.Date),
        quantity="short_quantity",
        owner_kind=pl.when(pl.col("supplier").is_null()).then(pl.lit("planner")).otherwise(pl.lit("buyer")),
        page=pl.lit("inventory"),
        parameters=link(item=pl.col("product_id"), company=pl.col("company_id")),
        rows=pl.lit(1),
    )  # fmt: skip


def supplier_slipping(known: Known) -> pl.DataFrame:
    """Suppliers whose orders due in the last 60 days came later, against the first day agreed, than in the year before.

    An order with one due day counts once, late by the mean of its lines; what is missing is late until today. At least
    five orders now and ten before, later by three days or more on average, and by more than chance explains. Worth what
    is at stake of the items that its open orders bring; the value of these orders where that is not known.
    """
    lines = known.aggregates["supplier_lines"]
    today = pl.lit(known.as_of)
    late = (pl.col("in_full_on").fill_null(today) - pl.col("first_due_on")).dt.total_days()
    is_told = (pl.col("in_full_on").is_not_null() | pl.col("is_open")) & (pl.col("first_due_on") < known.as_of)
    orders = (
        lines.filter(is_told)
        .with_columns(late=late.cast(pl.Float64).clip(-WORST_DAYS, WORST_DAYS))
        .group_by("supplier_id", "document", "first_due_on")
        .agg(pl.col("late").mean())
    )
    since = known.as_of - timedelta(days=RECENT_DAYS)
    recent = pl.col("first_due_on") > since
    before = pl.col("first_due_on").is_between(since - timedelta(days=BEFORE_DAYS), since, closed="right")
    told = orders.group_by("supplier_id").agg(*_moments("now", recent), *_moments("before", before))
    judged = told.filter((pl.col("n_now") >= ORDERS) & (pl.col("n_before") >= ORDERS_BEFORE))
    is_later = pl.col("days_now") - pl.col("days_before") >= LATER_BY_DAYS
    slipping = judged.filter(is_later & (later() >= unusual.bound(judged.height)))
    found = slipping.join(known.of_chosen(lines), on="supplier_id", how="semi")
    return NOTHING if found.is_empty() else _suppliers(known, found)


def _moments(name: str, which: pl.Expr) -> list[pl.Expr]:
    late = pl.col("late").filter(which)
    spread = pl.max_horizontal(late.var().fill_null(0.0), pl.lit(LEAST_SPREAD))
    return [late.len().alias(f"n_{name}"), late.mean().alias(f"days_{name}"), spread.alias(f"spread_{name}")]


def later() -> pl.Expr:
    """How much later the orders of now are than those of before: Welch's statistic as a normal score (Wallace 1959)."""
    now, before = (pl.col(f"spread_{name}") / pl.col(f"n_{name}") for name in ("now", "before"))
    t = (pl.col("days_now") - pl.col("days_before")) / (now + before).sqrt()
    freedom = (now + before) ** 2 / (now**2 / (pl.col("n_now") - 1) + before**2 / (pl.col("n_before") - 1))
    return t.sign() * (8 * freedom + 1) / (8 * freedom + 3) * (freedom * (1 + t**2 / freedom).log()).sqrt()


def _suppliers(known: Known, found: pl.DataFrame) -> pl.DataFrame:
    """With what waits for each supplier, who buys there, and what that is worth."""
    lines = known.converted(known.of_chosen(known.aggregates["supplier_lines"]).filter("is_open"), "amount")
    waiting = lines.group_by("supplier_id").agg(
        lines=pl.len(),
        items=pl.col("product_id").n_unique(),
        value=known_sum(pl.col("amount")),
        owner_id=pl.col("buyer_id").drop_nulls().mode(maintain_order=True).first(),
    )
    joined = (
        found.join(waiting, on="supplier_id", how="left", validate="1:1")
        .join(_stakes(known, lines), on="supplier_id", how="left", validate="1:1")
        .join(known.suppliers, on="supplier_id", how="left", validate="1:1")
    )
    is_staked = pl.col("at_stake") > 0
    return joined.select(
        "lines", "items", "days_now", "days_before", "owner_id",
        subject_id="supplier_id",
        subject="supplier",
        money=pl.when(is_staked).then("at_stake").otherwise("value"),
        currency=known.currency,
        money_is=pl.when(is_staked).then("at_stake_is").otherwise(pl.lit("orders")),
        since_on=pl.lit(known.as_of - timedelta(days=RECENT_DAYS - 1)),
        page=pl.lit("rows"),
        parameters=link(
            metric="supplier_on_time", dimension="supplier", member=pl.col("supplier_id"), period=f"days_{RECENT_DAYS}"
        ),
        rows=pl.col("n_now"),
    )  # fmt: skip


def _stakes(known: Known, lines: pl.DataFrame) -> pl.DataFrame:
    """One row per supplier: what is at stake of the items that are on order there, each item once."""
    keys = ("product_id", "company_id")
    short = known.converted(known.outlook, "at_stake").select(*keys, "at_stake", "at_stake_is")
    items = lines.select("supplier_id", *keys).unique()
    staked = items.join(short, on=keys, how="inner", validate="m:1").filter(pl.col("at_stake") > 0)
    return staked.group_by("supplier_id").agg(pl.col("at_stake").sum(), pl.col("at_stake_is").min())


def supplier_dearer(known: Known) -> pl.DataFrame:
    """Suppliers that ask a twentieth more or yet more for the same things than before.

    What was ordered in the last 13 weeks, at the prices of now and at those of the half year that ended 17 weeks ago,
    product by product. Worth the difference in a year.
    """
    prices = dearer_products(known)
    found = prices.group_by("supplier_id").agg(
        pl.col("amount", "old_amount").sum(),
        items=pl.col("product_id").n_unique(),
        lines=pl.col("lines").sum(),
        top=pl.col("product_id").top_k_by(pl.col("amount") - pl.col("old_amount"), NAMED),
    )
    dearer = found.filter(pl.col("amount") >= pl.col("old_amount") * (1 + DEARER_BY))
    named = dearer.join(known.suppliers, on="supplier_id", how="left", validate="1:1")
    return named.select(
        "items", "lines",
        subject_id="supplier_id",
        subject="supplier",
        change=pl.col("amount") / pl.col("old_amount") - 1,
        money=(pl.col("amount") - pl.col("old_amount")) * unusual.YEAR / DEARER_WEEKS,
        currency=known.currency,
        money_is=pl.lit("cost"),
        since_on=pl.lit(known.ago(DEARER_WEEKS)),
        page=pl.lit("rows"),
        parameters=link(
            metric="supplier_on_time", dimension="supplier", member=pl.col("supplier_id"),
            period=known.days(DEARER_WEEKS),
        ),
        rows=pl.col("lines"),
    )  # fmt: skip


def dearer_products(known: Known) -> pl.DataFrame:
    """One row per supplier, product, company and currency that was ordered both now and before: amount, what it costs
    now; old_amount, what as much would have cost before; lines."""
    week = pl.col("weeks_ago")
    spans = {"": week < DEARER_WEEKS, "old_": week.is_between(DEARER_FROM, DEARER_UNTIL)}
    keys = ("supplier_id", "product_id", "company_id", "currency")
    bought = known.converted(known.of_chosen(known.aggregates["bought_by_supplier"]), "amount").drop_nulls("amount")
    both = bought.group_by(keys).agg(
        lines=pl.col("lines").filter(spans[""]).sum(),
        **{
            f"{span}{name}": pl.col(name).cast(pl.Float64).filter(which).sum()
            for span, which in spans.items()
            for name in ("quantity", "amount")
        },
    )
    held = both.filter((pl.col("quantity") > 0) & (pl.col("old_quantity") > 0))
    return held.select(
        *keys, "lines", "amount", old_amount=pl.col("old_amount") * pl.col("quantity") / pl.col("old_quantity")
    )


def stock_too_much(known: Known) -> pl.DataFrame:
    """Sites at which a quarter of the stock or more is more than is needed, or dead; worth that stock.

    dead: the part that nobody uses any more. What each means is said in ``analytics.excess``.
    """
    surplus = pl.col("dead_value") + pl.col("excess_value")
    items = known.stock.drop_nulls("site_id").with_columns(surplus=surplus)
    found = items.group_by("site_id", "site", "currency").agg(
        money=pl.col("surplus").sum(),
        value=pl.col("stock_value").sum(),
        dead=pl.col("dead_value").sum(),
        items=(pl.col("surplus") > 0).sum(),
        top=pl.col("name").top_k_by("surplus", NAMED),
        top_zh=pl.coalesce("name_zh", "name").top_k_by("surplus", NAMED),
    )
    heavy = found.filter((pl.col("money") > 0) & (pl.col("money") >= pl.col("value") * TOO_MUCH))
    return heavy.select(
        "money", "currency", "dead", "items", "top", "top_zh",
        subject_id="site_id",
        subject="site",
        change=pl.col("money") / pl.col("value"),
        money_is=pl.lit("stock_value"),
        page=pl.lit("stock"),
        parameters=link(site=pl.col("site_id")),
        rows=pl.col("items"),
    )  # fmt: skip
