"""What stock is worth, by which cost, and what is at stake when it is missing."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from analytics.demand import ORDERED, Tables, living
from analytics.money import Rates
from analytics.tables import SHARED
from analytics.tables.columns import DECIMAL

BASES = ("standard", "last_price", "average_price")
AVERAGE_DAYS = 365


def valued(
    rows: pl.DataFrame,
    stock: pl.DataFrame,
    costs: pl.DataFrame,
    rates: Rates,
    *,
    by: Sequence[str],
    sees_costs: bool,
    sees_margins: bool,
) -> pl.DataFrame:
    """The rows with currency, stock_value, is_unvalued, at_stake, at_stake_at_sites and at_stake_is.

    A row is in the reporting currency where its price can be converted into it, else in its own. At stake is the margin
    of what cannot be served, where the viewer may see margins and the cost is known, else the revenue; null where no
    price is known, never negative; at_stake_at_sites is the same of what each site by itself is short of
    (short_at_sites). Stock is worth its cost at the company that holds it, else the product's own cost.
    Its value is null where the viewer may not see costs, and (is_unvalued) where the cost of any part is unknown.
    """
    priced = _priced(rows, rates)
    costed = rates.restated(_with_unit_cost(priced, costs, rates), "unit_cost", stated="cost_currency")
    margin = pl.col("price") - pl.col("unit_cost") if sees_margins else pl.lit(None, dtype=pl.Float64)
    unit_stake = pl.coalesce(margin.clip(lower_bound=0), "price")
    named = (
        pl.when(margin.is_not_null()).then(pl.lit("margin")).when(pl.col("price").is_not_null()).then(pl.lit("revenue"))
    )
    staked = costed.with_columns(
        at_stake=pl.col("short_quantity") * unit_stake,
        at_stake_at_sites=pl.col("short_at_sites").fill_null(0.0) * unit_stake,
        at_stake_is=named,
    )
    values = _stock_values(priced, stock, costs, rates, by)
    joined = staked.join(values, on=by, how="left", validate="1:1", nulls_equal=True)
    is_unvalued = pl.col("is_unvalued").fill_null(False) & pl.lit(sees_costs)
    value = pl.col("stock_value").fill_null(0.0) if sees_costs else pl.lit(None, dtype=pl.Float64)
    return joined.with_columns(stock_value=pl.when(~is_unvalued).then(value), is_unvalued=is_unvalued)


def _priced(rows: pl.DataFrame, rates: Rates) -> pl.DataFrame:
    """With the row's currency, the price in it, and own_currency, that of the product; a price of zero is none."""
    factor = rates.factors.select(own_currency="currency", price_factor="factor")
    joined = rows.rename({"currency": "own_currency"}).join(factor, on="own_currency", how="left", validate="m:1")
    is_reported = pl.col("price_factor").is_not_null() | pl.col("own_currency").is_null()
    currency = pl.when(is_reported).then(pl.lit(rates.currency, dtype=pl.String)).otherwise("own_currency")
    amount = pl.col("list_price").cast(pl.Float64)
    price = pl.when(amount > 0).then(amount * pl.col("price_factor").fill_null(1.0))
    own_currency = pl.col("own_currency").fill_null(pl.lit(rates.currency, dtype=pl.String))
    return joined.with_columns(currency=currency, price=price, own_currency=own_currency)


def _with_unit_cost(priced: pl.DataFrame, costs: pl.DataFrame, rates: Rates) -> pl.DataFrame:
    """With unit_cost and cost_currency: of the first company, by key, that states a cost, else the product's own."""
    stated = costs.drop_nulls("cost").sort("company_id").unique("product_id", keep="first", maintain_order=True)
    return _costed(
        priced.join(_companys(stated, rates).drop("company_id"), on="product_id", how="left", validate="m:1")
    )


def _companys(costs: pl.DataFrame, rates: Rates) -> pl.DataFrame:
    currency = pl.col("currency").fill_null(pl.lit(rates.currency, dtype=pl.String))
    return costs.select(
        "product_id", "company_id", company_cost=pl.col("cost").cast(pl.Float64), company_currency=currency
    )


def _costed(rows: pl.DataFrame) -> pl.DataFrame:
    is_companys = pl.col("company_cost").is_not_null()
    return rows.with_columns(
        unit_cost=pl.coalesce("company_cost", pl.col("cost").cast(pl.Float64)),
        cost_currency=pl.when(is_companys).then("company_currency").otherwise("own_currency"),
    )


def _stock_values(
    priced: pl.DataFrame, stock: pl.DataFrame, costs: pl.DataFrame, rates: Rates, by: Sequence[str]
) -> pl.DataFrame:
    """One row per item (and group) with stock: what it is worth in its row's currency, and whether that is unknown."""
    held = stock.group_by(*by, "company_id").agg(pl.col("on_hand").sum().cast(pl.Float64))
    items = priced.select(*by, "cost", "own_currency", "currency")
    known = held.join(items, on=by, how="inner", validate="m:1", nulls_equal=True)
    one_each = costs.drop_nulls("cost").unique(("product_id", "company_id"), keep="first", maintain_order=True)
    costed = _costed(
        known.join(_companys(one_each, rates), on=("product_id", "company_id"), how="left", validate="m:1")
    )
    parts = rates.restated(costed, "unit_cost", stated="cost_currency")
    value = pl.col("on_hand") * pl.col("unit_cost")
    is_unvalued = (pl.col("on_hand") != 0) & pl.col("unit_cost").is_null()
    return parts.group_by(by).agg(stock_value=value.sum(), is_unvalued=is_unvalued.any())


def purchase_prices(tables: Tables) -> pl.DataFrame:
    """What was bought: one row per product, company, day and currency: product_id, company_id, bought_on, currency,
    quantity (received), amount (what that cost, without tax).

    From purchase lines of confirmed or done orders of which anything was received. The day is that of the receipt,
    where the source keeps it for the line, else the day of the order.
    """
    heads = living(tables["purchase_orders"]).filter(pl.col("status").cast(pl.String).is_in(ORDERED))
    named = heads.select(
        "purchase_order_id",
        "ordered_at",
        company_of_order="company_id",
        currency_of_order="currency",
    )
    lines = living(tables["purchase_order_lines"]).filter(
        (pl.col("received_quantity") > 0) & (pl.col("quantity") > 0) & pl.col("product_id").is_not_null()
    )
    bought = lines.join(named, on="purchase_order_id", how="inner", validate="m:1")
    is_shared = pl.col("company_id") == SHARED
    shaped = bought.select(
        "product_id",
        company_id=pl.when(is_shared).then("company_of_order").otherwise("company_id"),
        bought_on=pl.coalesce("received_on", pl.col("ordered_at").dt.date()),
        currency=pl.coalesce("currency", "currency_of_order"),
        quantity="received_quantity",
        amount=(pl.col("amount_untaxed") * (pl.col("received_quantity") / pl.col("quantity"))).cast(DECIMAL),
    )
    keys = ("product_id", "company_id", "bought_on", "currency")
    known = shaped.drop_nulls(("bought_on", "amount"))
    return known.group_by(keys).agg(pl.col("quantity", "amount").sum().cast(DECIMAL)).sort(keys, nulls_last=True)


def at_cost(
    rows: pl.DataFrame,
    costs: pl.DataFrame,
    bought: pl.DataFrame,
    rates: Rates,
    as_of: date,
    basis: str,
    *,
    sees_costs: bool,
) -> pl.DataFrame:
    """The rows with currency, unit_cost, is_unvalued, is_at_basis, and standard_cost, last_price_cost,
    average_price_cost: what a unit costs by each of ``BASES``.

    ``rows``: product_id, company_id, on_hand, and the item's cost, list_price and currency. ``bought`` as in
    ``purchase_prices``, its amounts in the reporting currency. Standard is the cost at the company, else the product's
    own. What a company never bought (or not in the last 365 days, for the average) is at its standard cost;
    is_at_basis says where the basis itself is known. All are null for who may not see costs.
    """
    priced = _priced(rows, rates)
    one_each = costs.drop_nulls("cost").unique(("product_id", "company_id"), keep="first", maintain_order=True)
    stated = priced.join(_companys(one_each, rates), on=("product_id", "company_id"), how="left", validate="m:1")
    standard = rates.restated(_costed(stated), "unit_cost", stated="cost_currency").rename(
        {"unit_cost": "standard_cost"}
    )
    prices = standard.join(_bought_at(bought, as_of), on=("product_id", "company_id"), how="left", validate="m:1")
    is_reported = pl.col("currency").eq_missing(pl.lit(rates.currency, dtype=pl.String))
    own = {name: pl.when(is_reported).then(f"{name}_paid") for name in BASES[1:]}
    found = pl.lit(value=True) if basis == BASES[0] else own[basis].is_not_null()
    costed = prices.with_columns(
        is_at_basis=found, **{f"{name}_cost": pl.coalesce(paid, "standard_cost") for name, paid in own.items()}
    )
    names = [f"{name}_cost" for name in BASES]
    seen = costed if sees_costs else costed.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in names)
    unit = seen.with_columns(unit_cost=pl.col(f"{basis}_cost"))
    is_unvalued = (pl.col("on_hand") != 0) & pl.col("unit_cost").is_null() & pl.lit(sees_costs)
    return unit.with_columns(is_unvalued=is_unvalued)


def _bought_at(bought: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per product and company that ever bought it: last_price_paid and average_price_paid for one unit."""
    keys = ("product_id", "company_id")
    known = bought.filter((pl.col("bought_on") <= as_of) & pl.col("amount").is_not_null())
    unit = pl.col("amount").sum() / pl.col("quantity").cast(pl.Float64).sum()
    last = known.filter(pl.col("bought_on") == pl.col("bought_on").max().over(keys))
    recent = known.filter(pl.col("bought_on") > as_of - timedelta(days=AVERAGE_DAYS))
    latest = last.group_by(keys).agg(last_price_paid=unit)
    return latest.join(recent.group_by(keys).agg(average_price_paid=unit), on=keys, how="left", validate="1:1")
