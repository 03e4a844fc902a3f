"""What stock is worth, and what is at stake when it is missing."""

from collections.abc import Sequence

import polars as pl

from analytics.money import Rates


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
    """The rows with currency, stock_value, is_unvalued, at_stake and at_stake_is.

    A row is in the reporting currency where its price can be converted into it, else in its own. At stake is the margin
    of what cannot be served, where the viewer may see margins and the cost is known, else the revenue; null where no
    price is known, never negative. Stock is worth its cost at the company that holds it, else the product's own cost.
    Its value is null where the viewer may not see costs, and (is_unvalued) where the cost of any part is unknown.
    """
    priced = _priced(rows, rates)
    costed = rates.restated(_with_unit_cost(priced, costs, rates), "unit_cost", stated="cost_currency")
    margin = pl.col("price") - pl.col("unit_cost") if sees_margins else pl.lit(None, dtype=pl.Float64)
    unit_stake = pl.coalesce(margin.clip(lower_bound=0), "price")
    named = (
        pl.when(margin.is_not_null()).then(pl.lit("margin")).when(pl.col("price").is_not_null()).then(pl.lit("revenue"))
    )
    staked = costed.with_columns(at_stake=pl.col("short_quantity") * unit_stake, at_stake_is=named)
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
