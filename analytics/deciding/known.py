"""What is known on one day when decisions are looked for, and what they are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from analytics.demand import Types
from analytics.money import Rates
from analytics.unusual import YEAR

NOTHING = pl.DataFrame(schema={"subject_id": pl.String})
INVOICED: Types = {
    "product_id": pl.String,
    "company_id": pl.String,
    "currency": pl.String,
    "weeks_ago": pl.Int64,
    "quantity": pl.Float64,
    "amount": pl.Float64,
    "cost": pl.Float64,
}


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known on one day, cut by rights and scope already.

    ``outlook``: see ``analytics.inventory``, one row per item and company, with company_id. ``stock``: see
    ``analytics.excess.positions``, with site. ``aggregates``: those of ``analytics.attention`` that the viewer may see,
    by name. ``products``: product_id, name, name_zh, category_id, category. ``customers``: customer_id, customer (its
    name), country, segment, owner_id. ``suppliers`` and ``campaigns``: keys and names; campaigns with their days and
    cost. ``chosen``: the products that the scope asks for; null for all.
    """

    as_of: date
    rates: Rates
    outlook: pl.DataFrame
    stock: pl.DataFrame
    aggregates: Mapping[str, pl.DataFrame]
    products: pl.DataFrame
    customers: pl.DataFrame
    suppliers: pl.DataFrame
    campaigns: pl.DataFrame
    chosen: pl.DataFrame | None = None
    may: frozenset[str] = field(default_factory=frozenset)

    def of_chosen(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of the products that the scope asks for."""
        return rows if self.chosen is None else rows.join(self.chosen, on="product_id", how="semi")

    def converted(self, rows: pl.DataFrame, *amounts: str) -> pl.DataFrame:
        """The amounts as numbers in the reporting currency, at the rates of the day; null where no rate is known."""
        factors = self.rates.factors.select("currency", "factor")
        joined = rows.join(factors, on="currency", how="left", validate="m:1", maintain_order="left")
        return joined.with_columns(pl.col(name).cast(pl.Float64) * pl.col("factor") for name in amounts).drop("factor")

    def categorised(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of products, each with its category_id."""
        categories = self.products.select("product_id", "category_id")
        return rows.join(categories, on="product_id", how="left", validate="m:1")

    def named(self, key: str) -> pl.DataFrame:
        """One row per product, or per category: its key, name and name_zh."""
        if key == "product_id":
            return self.products.select("product_id", "name", "name_zh")
        categories = self.products.drop_nulls("category_id").unique("category_id", keep="first", maintain_order=True)
        return categories.select("category_id", name="category", name_zh="category")

    @property
    def currency(self) -> pl.Expr:
        """The reporting currency."""
        return pl.lit(self.rates.currency, dtype=pl.String)

    @cached_property
    def invoiced(self) -> pl.DataFrame:
        """Invoices whose cost is known, by product and week, in the reporting currency; none without the right."""
        rows = self.aggregates.get("margins_by_product")
        if rows is None or "margins" not in self.may:
            return pl.DataFrame(schema=dict(INVOICED))
        return self.converted(rows, "amount", "cost").drop_nulls(["amount", "cost"])

    @cached_property
    def margin_rate(self) -> float | None:
        """The share of all revenue within a year that is margin; null where no cost is known, or not to be seen."""
        year = self.invoiced.filter(pl.col("weeks_ago") < YEAR)
        return year.select(margin_rate()).item() if year.height else None

    @cached_property
    def margin_rates(self) -> pl.DataFrame:
        """One row per product invoiced within a year: rate, the share of its revenue that is margin."""
        year = self.invoiced.filter(pl.col("weeks_ago") < YEAR)
        return year.group_by("product_id").agg(rate=margin_rate())

    def as_margin(self, rows: pl.DataFrame, amount: str) -> pl.DataFrame:
        """With ``amount`` as the margin in it, by the product's rate within a year, else the firm's; as revenue where
        no rate is known."""
        if self.margin_rate is None:
            return rows
        rated = rows.join(self.margin_rates, on="product_id", how="left", validate="m:1", maintain_order="left")
        return rated.with_columns(pl.col(amount) * pl.col("rate").fill_null(self.margin_rate)).drop("rate")

    @property
    def money_is(self) -> str:
        """What ``as_margin`` gives."""
        return "revenue" if self.margin_rate is None else "margin"

    def ago(self, weeks: int) -> date:
        """The first day of so many weeks that end today."""
        return self.as_of - timedelta(days=7 * weeks - 1)

    def days(self, weeks: int) -> str:
        """The code of the period of so many weeks that ends today."""
        return f"{self.ago(weeks)}..{self.as_of}"


def margin_rate() -> pl.Expr:
    """The share of the amounts that is not cost, never negative; null without an amount."""
    amount = pl.col("amount").sum()
    return pl.when(amount > 0).then((1 - pl.col("cost").sum() / amount).clip(lower_bound=0))


def counts(rows: pl.DataFrame, column: str = "buys") -> pl.DataFrame:
    """The rows with what ``analytics.unusual`` counts."""
    return rows.rename({column: "count"})


def link(**values: pl.Expr | str) -> pl.Expr:
    """The address of the evidence: one name and value each, in the order given."""
    return pl.concat_list(_parameter(name, value) for name, value in values.items())


def _parameter(name: str, value: pl.Expr | str) -> pl.Expr:
    return pl.struct(name=pl.lit(name), value=value if isinstance(value, pl.Expr) else pl.lit(value))


def of_regions(address: pl.Expr) -> pl.Expr:
    """The address, narrowed to the row's ``regions``."""
    one = pl.struct(name=pl.lit("region"), value=pl.element())
    return pl.concat_list(address, pl.col("regions").list.eval(one))
