"""Stock: what it is worth by which cost, how old it is, what of it is dead or more than is needed, and of which class.

Every answer takes the viewer first and cuts rows and columns by the viewer's rights before it sums anything. What is
judged of the whole firm (the class of an item, whether anybody used it) is judged over all companies of the scope that
the viewer may see; the scope's sites, regions, categories and suppliers then choose rows, so that all parts add up.
``basis``: the cost by which stock is valued, one of ``analytics.valuation.BASES``.
"""

from dataclasses import replace
from datetime import date

import polars as pl

from analytics import excess
from analytics.access import Viewer
from analytics.ageing import BUCKETS, OLD, bucket
from analytics.classes import ABC, XYZ, classes, since
from analytics.demand import known_sum
from analytics.demand_weeks import by_week
from analytics.excess import Stocktaking
from analytics.metrics import METRICS
from analytics.money import Rates, daily_factors
from analytics.periods import Period
from analytics.scope import Scope
from analytics.valuation import BASES
from answers import Snapshot, inventory, remembered
from answers.asked import Asked
from answers.inventory import Question
from answers.kept import kept_sums

SALES = {"product_id": pl.String, "revenue": pl.Float64, "margin": pl.Float64}


def positions(viewer: Viewer, scope: Scope, *, basis: str = BASES[0], version: Snapshot | None = None) -> pl.DataFrame:
    """One row per item, site and company with stock or something on order: see ``analytics.excess.positions``.

    With site, its name. stock_value, dead_value, excess_value and excess_on_order_value add up by whatever; stock_value
    at standard cost is that of the outlook on inventory. Money is null for who may not see costs.
    """
    question = inventory.asked(viewer, inventory.of_stock(scope), version)
    within = _positions(_widened(question), basis).filter(_in_scope(scope))
    chosen = within.join(inventory.items_of(question).select("product_id"), on="product_id", how="semi")
    places = question.version.aggregate("places", viewer).select("site_id", "site").collect()
    return chosen.join(places, on="site_id", how="left", validate="m:1", maintain_order="left")


@remembered(inventory.KEPT)
def _positions(question: Question, basis: str) -> pl.DataFrame:
    """Those of the whole firm are worked out once for all scopes and for all that is made of them."""
    return excess.positions(_stocktaking(question), basis)


def _widened(question: Question) -> Question:
    """The same question about all sites and items of the companies."""
    scope = replace(question.scope, sites=(), regions=(), categories=(), suppliers=(), search="")
    return replace(question, scope=scope)


def _in_scope(scope: Scope) -> pl.Expr:
    chosen = pl.lit(value=True)
    for column, keys in (("site_id", scope.sites), ("region", scope.regions)):
        if keys:
            chosen &= pl.col(column).is_in(list(keys))
    return chosen


def _stocktaking(question: Question) -> Stocktaking:
    as_of, viewer = inventory.day_of(question), question.viewer
    items, rates = inventory.items_of(question), inventory.rates_of(question, as_of)
    names = ("stock_by_item", "stock_uses", "transfers_by_item_day", "open_supply", "open_demand", "purchase_prices")
    facts = [question.aggregate(name) for name in names]
    stock, uses, transfers, supply, open_demand, bought = pl.collect_all(facts)
    demand = inventory.demand_by_week(question, as_of, pl.lit(value=True))
    first = demand["first_asked_on"].min()
    shown, policy = _classes(question, items, demand, rates, as_of)
    return Stocktaking(
        as_of=as_of,
        items=items,
        classes=shown,
        policy=policy,
        stock=stock,
        uses=uses,
        demand=demand,
        transfers=by_week(transfers, as_of),
        supply=supply,
        open_demand=open_demand,
        costs=inventory.costs_of(question, pl.lit(value=True)),
        bought=_converted(question, bought, rates, "bought_on", ("amount",)),
        rates=rates,
        weeks=excess.weeks_observed(first if isinstance(first, date) else None, as_of),
        sees_costs=viewer.may("costs"),
    )


def _classes(
    question: Question, items: pl.DataFrame, demand: pl.DataFrame, rates: Rates, as_of: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The classes as the viewer sees them, by margin where that is allowed; and by revenue."""
    sales = _sales(question, as_of)
    named = items.join(rates.factors, on="currency", how="left", validate="m:1", maintain_order="left")
    worth = pl.coalesce(pl.col("cost").cast(pl.Float64), pl.col("list_price").cast(pl.Float64)) * pl.col("factor")
    priced = named.select("product_id", unit_worth=worth)
    by_revenue = classes(priced, demand, sales, as_of, by_margin=False)
    if not question.viewer.may("margins"):
        return by_revenue, by_revenue
    return classes(priced, demand, sales, as_of, by_margin=True), by_revenue


def _sales(question: Question, as_of: date) -> pl.DataFrame:
    """What was invoiced in the last 365 days: one row per product: product_id, revenue, margin, where the viewer may
    see sales."""
    viewer, span = question.viewer, Period(since(as_of), as_of, as_of)
    if not viewer.may("sales.read"):
        return pl.DataFrame(schema=SALES)
    companies = Scope(companies=question.scope.companies)

    def summed(name: str, column: str) -> pl.DataFrame:
        asked = Asked(viewer, companies, METRICS[name], question.version)
        sums = kept_sums(asked, asked.metric.numerator, [span], ["product_id"])
        return sums.drop_nulls("product_id").select("product_id", pl.col("value").alias(column))

    revenue, margin = summed("revenue", "revenue"), summed("gross_margin", "margin")
    return revenue.join(margin, on="product_id", how="full", coalesce=True, validate="1:1")


def _converted(
    question: Question, rows: pl.DataFrame, rates: Rates, day_on: str, amounts: tuple[str, ...]
) -> pl.DataFrame:
    """The amounts in the reporting currency at the rates of their own days; null where no rate is known."""
    quoted = question.version.table("exchange_rates", question.viewer).collect()
    dated = daily_factors(quoted, rates.currency, rows.select("currency", day_on=day_on)).rename({"day_on": day_on})
    joined = rows.join(dated, on=("currency", day_on), how="left", validate="m:1", maintain_order="left")
    worth = {name: pl.col(name).cast(pl.Float64) * pl.col("factor") for name in amounts}
    return joined.with_columns(**worth).drop("factor")


def ages(viewer: Viewer, scope: Scope, *, basis: str = BASES[0], version: Snapshot | None = None) -> pl.DataFrame:
    """How old the stock is: one row per item, site, company and age: product_id, site_id, company_id, region, bucket,
    quantity, value, currency.

    ``bucket`` is one of ``analytics.ageing.BUCKETS``. Values add up to stock_value of ``positions``.
    """
    question = inventory.asked(viewer, scope, version)
    keys = ("product_id", "site_id", "company_id")
    held = positions(viewer, scope, basis=basis, version=question.version)
    costs = held.select(*keys, "unit_cost", "currency")
    layers = question.aggregate("stock_ages").collect()
    named = layers.with_columns(bucket=bucket(pl.col("came_on"), pl.col("quantity"), inventory.day_of(question)))
    summed = named.group_by(*keys, "region", "bucket").agg(pl.col("quantity").sum().cast(pl.Float64))
    valued = summed.join(costs, on=keys, how="inner", validate="m:1").with_columns(
        value=pl.col("quantity") * pl.col("unit_cost")
    )
    order = pl.col("bucket").replace_strict({name: at for at, name in enumerate(BUCKETS)}, return_dtype=pl.Int64)
    return valued.drop("unit_cost").sort(order, *keys)


def by_age(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per age and currency, all ages of the first, the youngest first: bucket, products, value, currency."""
    sums = rows.group_by("bucket", "currency").agg(
        products=pl.col("product_id").n_unique().cast(pl.Int64), value=known_sum(pl.col("value"))
    )
    order = pl.col("bucket").replace_strict({name: at for at, name in enumerate(BUCKETS)}, return_dtype=pl.Int64)
    return sums.sort("currency", order)


def matrix(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per class of importance and evenness and currency: abc, xyz (null for N), products, stock_value, worth.

    ``rows``: positions. worth: what the items of the class brought in a year, each item once.
    """
    items = rows.group_by("product_id", "abc", "xyz", "currency").agg(
        stock_value=known_sum(pl.col("stock_value")), worth=pl.col("worth").first()
    )
    sums = items.group_by("abc", "xyz", "currency").agg(
        products=pl.len().cast(pl.Int64),
        stock_value=known_sum(pl.col("stock_value")),
        worth=known_sum(pl.col("worth")),
    )
    order = [pl.col(name).replace_strict(places, default=None, return_dtype=pl.Int64) for name, places in _ORDERS]
    return sums.sort("currency", *order, nulls_last=True)


_ORDERS = (("abc", {name: at for at, name in enumerate(ABC)}), ("xyz", {name: at for at, name in enumerate(XYZ)}))


def by_class(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per item of the positions with stock, the most important first: its names, abc, xyz, is_intermittent,
    worth, on_hand, stock_value, currency."""
    named = ("product_id", "sku", "name", "name_zh", "unit", "abc", "xyz", "is_intermittent", "worth", "currency")
    held = rows.filter(pl.col("on_hand") != 0)
    items = held.group_by(named).agg(pl.col("on_hand").sum(), stock_value=known_sum(pl.col("stock_value")))
    return items.sort("abc", -pl.col("worth"), "sku", "product_id", nulls_last=True)


def bases(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per basis of cost and currency: basis, value, difference (to standard cost), currency."""
    values = [f"{basis}_value" for basis in BASES]
    sums = rows.group_by("currency").agg(known_sum(pl.col(name)) for name in values)
    named = [
        sums.select(
            pl.lit(basis).alias("basis"),
            value=pl.col(f"{basis}_value"),
            difference=pl.col(f"{basis}_value") - pl.col("standard_value"),
            currency="currency",
        )
        for basis in BASES
    ]
    return pl.concat(named).sort("currency", maintain_order=True)


def tied_up(rows: pl.DataFrame) -> pl.DataFrame:
    """The positions that are dead, more than needed or too much on order, the most money first: with verdict (dead,
    excess, on_order: the first that holds) and tied_value, the sum of the three amounts."""
    parts = ("dead_value", "excess_value", "excess_on_order_value")
    verdict = (
        pl.when(pl.col("is_dead") & (pl.col("on_hand") > 0))
        .then(pl.lit("dead"))
        .when(pl.col("excess_quantity") > 0)
        .then(pl.lit("excess"))
        .when(pl.col("excess_on_order") > 0)
        .then(pl.lit("on_order"))
    )
    judged = rows.with_columns(verdict=verdict, tied_value=pl.sum_horizontal(parts, ignore_nulls=False))
    order = (-pl.col("tied_value"), "verdict", "idle_since", "sku", "site_id")
    return judged.drop_nulls("verdict").sort(*order, nulls_last=True)


GROUPS = {
    "none": (pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.String)),
    "category": (pl.col("category_id"), pl.col("category")),
    "site": (pl.col("site_id"), pl.col("site")),
    "region": (pl.col("region"), pl.col("region")),
    "supplier": (pl.col("supplier_id"), pl.col("supplier")),
}


def holdings(rows: pl.DataFrame, aged: pl.DataFrame, grouping: str) -> pl.DataFrame:
    """One row per group and currency, the most stock first: group_key, group, products (in stock), and stock_value,
    old_value (older than a year), dead_value, excess_value, excess_on_order_value.

    ``rows``: positions; ``aged``: ages of the same scope. All amounts add up to those of the whole.
    """
    key, name = GROUPS[grouping]
    keys = ("product_id", "site_id", "company_id")
    old = aged.filter(pl.col("bucket").is_in(OLD)).group_by(keys).agg(old_value=known_sum(pl.col("value")))
    named = rows.join(old, on=keys, how="left", validate="1:1").with_columns(group_key=key, group=name)
    amounts = ("stock_value", "old_value", "dead_value", "excess_value", "excess_on_order_value")
    summed = named.group_by("group_key", "group", "currency").agg(
        products=pl.col("product_id").filter(pl.col("on_hand") != 0).n_unique().cast(pl.Int64),
        **{amount: known_sum(pl.col(amount)) for amount in amounts},
    )
    order = (-pl.col("stock_value"), -pl.col("products"), "group", "group_key", "currency")
    return summed.select("group_key", "group", "products", *amounts, "currency").sort(*order, nulls_last=True)
