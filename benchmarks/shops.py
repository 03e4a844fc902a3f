"""A chain of shops as large as the M5 data: 3,049 products in ten shops, asked for now and then, over 1,941 days.

That makes 30,490 series and 59,181,090 rows of a product, a shop and a day. A third of them have demand: these are
order lines, invoice lines and deliveries. The stock is counted daily, so that its fact has a row for every one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.chances import Whole, chance
from benchmarks.publishing import Made, as_it_comes, empty_tables, types_of_aggregate, unified

LAST_ON = date(2025, 12, 17)
PRODUCTS, DAYS = 3_049, 1_941
SHOPS = tuple(f"{state}_{number}" for state, many in (("CA", 4), ("TX", 3), ("WI", 3)) for number in range(1, many + 1))
DEPARTMENTS = {
    "FOODS_1": 216, "FOODS_2": 398, "FOODS_3": 823, "HOBBIES_1": 416, "HOBBIES_2": 149, "HOUSEHOLD_1": 532,
    "HOUSEHOLD_2": 515,
}  # fmt: skip
SUPPLIERS = 50
ROWS_AT_ONCE = 600_000
WEEK = 7
FORGOTTEN, FORGOTTEN_DAYS = 0.03, 21
ORDERED = 0.05
Days = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Shops:
    """How large it is, and which chance it is made by. Days are counted from the first one, series product by product
    and in each shop by shop."""

    products: int = PRODUCTS
    days: int = DAYS
    seed: int = 7

    @property
    def series(self) -> int:
        """How many products there are in all shops."""
        return self.products * len(SHOPS)

    @property
    def rows(self) -> int:
        """How many products, shops and days."""
        return self.series * self.days

    @property
    def first_on(self) -> date:
        """The first day: the last one is always the same."""
        return LAST_ON - timedelta(days=self.days - 1)

    @cached_property
    def every(self) -> Whole:
        """All series."""
        return np.arange(self.series)

    def day_number(self, days: Days) -> Days:
        """The days counted so that the last is the same in a firm of any length: equal days are then equal."""
        return days + (DAYS - self.days)


def demand(shops: Shops, series: Whole, days: Days) -> Whole:
    """What is asked for: a row per day, a column per series. Most often nothing; at the weekend more often."""
    number = shops.day_number(days)[:, None]
    often = 0.01 + 0.95 * chance(shops.seed + 1, series) ** 2
    much = 0.5 + 3.0 * chance(shops.seed + 2, series) ** 3
    weekday = np.where(number % WEEK >= 5, 1.2, 0.92)
    is_asked = chance(shops.seed + 3, series[None, :], number) < often * weekday
    size = 1 + np.floor(-np.log1p(-chance(shops.seed + 4, series[None, :], number)) * much)
    return np.where(is_asked, size, 0.0).astype(np.int64)


def levels(shops: Shops, series: Whole, days: Days) -> Whole:
    """What is in stock in the evening: a row per day. Each series is filled up once a week, a few were forgotten."""
    begin = max(int(days[0]) - WEEK - FORGOTTEN_DAYS - 1, 0)
    known = np.arange(begin, int(days[-1]) + 1)
    sold = np.vstack([np.zeros((1, series.size), dtype=np.int64), demand(shops, series, known).cumsum(axis=0)])
    limit = np.where(chance(shops.seed + 5, series) < FORGOTTEN, shops.days - FORGOTTEN_DAYS, shops.days)
    filled = np.minimum(days[:, None], limit - 1)
    filled = np.maximum(filled - (filled + series[None, :]) % WEEK, begin)
    since = sold[days - begin + 1] - np.take_along_axis(sold, filled - begin, axis=0)
    often, much = 0.95 * chance(shops.seed + 1, series) ** 2, 1.5 + 3.0 * chance(shops.seed + 2, series) ** 3
    return np.maximum(np.ceil(3 * WEEK * often * much).astype(np.int64) + 3 - since, 0)


def changes(shops: Shops, series: Whole, days: Days) -> Whole:
    """By how much the stock changed: a row per day; the first level is a change from nothing."""
    before = np.arange(max(int(days[0]) - 1, 0), int(days[-1]) + 1)
    stood = levels(shops, series, before)
    first = np.zeros((1, series.size), dtype=np.int64) if before[0] == days[0] else stood[:1]
    return np.diff(np.vstack([first, stood if before[0] == days[0] else stood[1:]]), axis=0)


def catalogue(shops: Shops) -> pl.DataFrame:
    """One row per product: product_id, category_id, price, cost, supplier_id."""
    at = np.arange(shops.products)
    bounds = np.cumsum(list(DEPARTMENTS.values())) / PRODUCTS
    department = np.searchsorted(bounds, at / shops.products, side="right")
    price = np.round(1 + 20 * chance(shops.seed + 6, at) ** 2, 2)
    return pl.DataFrame(
        {
            "product_id": [f"files:{list(DEPARTMENTS)[which]}_{number:04}" for number, which in enumerate(department)],
            "category_id": [f"files:{list(DEPARTMENTS)[which]}" for which in department],
            "price": price,
            "cost": np.round(price * (0.55 + 0.25 * chance(shops.seed + 7, at)), 2),
            "supplier_id": [f"files:S{number % min(SUPPLIERS, shops.products):02}" for number in at],
        }
    )


def tables(shops: Shops) -> dict[str, pl.DataFrame]:
    """The small tables: who and what there is, what is in stock in the evening of the last day, what is on order."""
    goods = catalogue(shops)
    shop = pl.DataFrame({"site_id": [f"files:{name}" for name in SHOPS], "name": SHOPS})
    region = pl.col("name").str.head(2)
    named = goods.select("product_id", name=pl.col("product_id").str.strip_prefix("files:"))
    suppliers = goods.select("supplier_id").unique().sort("supplier_id")
    company = pl.DataFrame({"company_id": ["c1"], "name": ["Shops"], "currency": ["USD"], "country": ["US"]})
    made = {
        "companies": unified("companies", company.with_columns(source_id="company_id")),
        "sites": unified("sites", shop.with_columns(region=region, kind=pl.lit("shop"), country=pl.lit("US"))),
        "customers": unified("customers", _customers(shop)),
        "product_categories": unified("product_categories", _categories()),
        "products": unified("products", _products(goods, named)),
        "suppliers": unified(
            "suppliers", suppliers.with_columns(name=pl.col("supplier_id").str.strip_prefix("files:"))
        ),
        "supplier_products": unified("supplier_products", _offers(goods)),
        "inventory_levels": unified("inventory_levels", _counted(shops, goods)),
        **_purchases(shops, goods),
    }
    return empty_tables() | made


def _customers(shop: pl.DataFrame) -> pl.DataFrame:
    """Who buys in a shop is not known: each shop has one customer that stands for all."""
    name = pl.lit("Customers of ") + pl.col("name")
    return shop.select(
        customer_id="site_id",
        name=name,
        region=pl.col("name").str.head(2),
        country=pl.lit("US"),
        is_company=pl.lit(True),
    )


def _categories() -> pl.DataFrame:
    leaves = pl.DataFrame({"name": list(DEPARTMENTS)}).with_columns(parent=pl.col("name").str.head(-2))
    groups = leaves.select(name="parent").unique(maintain_order=True).with_columns(parent=pl.lit(None, dtype=pl.String))
    key, above = pl.lit("files:") + pl.col("name"), pl.lit("files:") + pl.col("parent")
    return pl.concat([groups, leaves]).select("name", category_id=key, parent_category_id=above)


def _products(goods: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    joined = goods.join(named, on="product_id", how="inner", validate="1:1", maintain_order="left")
    return joined.select(
        "product_id", "name", "category_id", "cost", sku="name", list_price="price", currency=pl.lit("USD"),
        kind=pl.lit("storable"), unit=pl.lit("Units"), company_id=pl.lit("*"),
    )  # fmt: skip


def _offers(goods: pl.DataFrame) -> pl.DataFrame:
    days = 3 + pl.int_range(pl.len()) % 12
    return goods.select(
        "product_id", "supplier_id", supplier_product_id="product_id", lead_time_days=days, price="cost",
        currency=pl.lit("USD"), priority=pl.lit(1),
    )  # fmt: skip


def _counted(shops: Shops, goods: pl.DataFrame) -> pl.DataFrame:
    last = levels(shops, shops.every, np.asarray([shops.days - 1]))[0]
    placed = _named(goods, shops.every)
    return placed.select(
        "product_id", "site_id", as_of_on=pl.lit(LAST_ON), on_hand=pl.Series(last), reserved=pl.lit(0.0)
    ).with_columns(company_id=pl.lit("c1"))


def _purchases(shops: Shops, goods: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """What is on order: for one series in twenty, due within three weeks or a few days ago."""
    ordered = shops.every[chance(shops.seed + 8, shops.every) < ORDERED]
    due = [LAST_ON + timedelta(days=int(number) % 26 - 4) for number in ordered]
    lines = _named(goods, ordered).with_columns(
        purchase_order_id=pl.lit("files:P") + pl.Series(ordered).cast(pl.String), due_on=pl.Series(due, dtype=pl.Date)
    )
    number, sent = pl.col("purchase_order_id").str.strip_prefix("files:"), pl.lit(LAST_ON - timedelta(days=9))
    common = {"quantity": pl.lit(40), "currency": pl.lit("USD")}
    heads = lines.select(
        "purchase_order_id", "supplier_id", "site_id", "due_on", number=number, ordered_at=sent, currency=pl.lit("USD")
    )
    rows = lines.select(
        "purchase_order_id", "product_id", "due_on", purchase_order_line_id="purchase_order_id", first_due_on="due_on",
        amount_untaxed=40 * pl.col("cost"), **common,
    )  # fmt: skip
    return {
        "purchase_orders": unified("purchase_orders", heads),
        "purchase_order_lines": unified("purchase_order_lines", rows),
    }


def _named(goods: pl.DataFrame, series: Whole) -> pl.DataFrame:
    """One row per series: the columns of the catalogue, site_id and region."""
    sites = pl.Series("site_id", [f"files:{name}" for name in SHOPS])
    regions = pl.Series("region", [name[:2] for name in SHOPS])
    product, shop = pl.Series(series // len(SHOPS)), pl.Series(series % len(SHOPS))
    return goods[product].with_columns(sites.gather(shop), regions.gather(shop))


@dataclass(frozen=True)
class Cells:
    """Products, shops and days with how much, of some series and some days: rows by day, then series."""

    shops: Shops
    series: Whole
    days: Days
    much: Whole

    def frame(self, *, without_zero: bool) -> pl.DataFrame:
        """One row per cell: day_on, quantity, number (which no other cell has), what is known of the product, site_id,
        region, company_id and currency."""
        found = np.nonzero(self.much) if without_zero else np.nonzero(np.ones_like(self.much))
        numbers = self.shops.day_number(self.days)[found[0]] * self.shops.series + self.series[found[1]]
        named = _named(catalogue(self.shops), self.series)
        first = (self.shops.first_on - date(1970, 1, 1)).days
        days = pl.Series((first + self.days[found[0]]).astype(np.int32)).cast(pl.Date)
        return named[pl.Series(found[1])].with_columns(
            day_on=days, quantity=pl.Series(self.much[found]), number=pl.Series(numbers), company_id=pl.lit("c1"),
            currency=pl.lit("USD"),
        )  # fmt: skip


Cut = Callable[[Shops, Whole, Days], Whole]


def by_day(shops: Shops, much: Cut) -> Iterator[Cells]:
    """All cells, some days at a time."""
    step = max(1, ROWS_AT_ONCE // shops.series)
    for first in range(0, shops.days, step):
        days = np.arange(first, min(first + step, shops.days))
        yield Cells(shops, shops.every, days, much(shops, shops.every, days))


def sold(shops: Shops) -> Iterator[pl.DataFrame]:
    """Order lines, invoice lines and deliveries alike: one row per product, shop and day on which any was asked for."""
    document = pl.lit("R") + pl.col("day_on").cast(pl.String) + pl.col("site_id").str.tail(4)
    paid, spent = pl.col("quantity") * pl.col("price"), pl.col("quantity") * pl.col("cost")
    for cells in by_day(shops, demand):
        yield cells.frame(without_zero=True).with_columns(
            document=document, record_id=pl.col("number").cast(pl.String), customer_id="site_id", amount=paid.round(2),
            cost=spent.round(2), margin=(paid - spent).round(2), margin_base=paid.round(2),
            is_cost_of_today=pl.lit(value=True),
        ).drop("supplier_id")  # fmt: skip


def issued(shops: Shops) -> Iterator[pl.DataFrame]:
    """The same at cost: what left for customers."""
    for lines in sold(shops):
        yield lines.drop("customer_id").with_columns(amount="cost")


def stocked(shops: Shops) -> Iterator[pl.DataFrame]:
    """One row per product, shop and day, on most of which the stock did not change."""
    for cells in by_day(shops, changes):
        rows = cells.frame(without_zero=False)
        yield rows.with_columns(
            document=pl.col("product_id").str.strip_prefix("files:"),
            record_id="product_id",
            amount=(pl.col("quantity") * pl.col("cost")).round(2),
        ).drop("supplier_id")


def asked(shops: Shops) -> Iterator[pl.DataFrame]:
    """One row per product, shop and day with demand."""
    for cells in by_day(shops, demand):
        yield cells.frame(without_zero=True)


def changed(shops: Shops) -> Iterator[pl.DataFrame]:
    """One row per product, shop and day on which the stock changed, product by product."""
    step = max(1, ROWS_AT_ONCE // (len(SHOPS) * shops.days)) * len(SHOPS)
    days = np.arange(shops.days)
    for first in range(0, shops.series, step):
        series = shops.every[first : first + step]
        cells = Cells(shops, series, days, changes(shops, series, days))
        rows = cells.frame(without_zero=True)
        yield rows.rename({"quantity": "change"}).sort("product_id", "site_id", "day_on")


def firm(shops: Shops) -> Made:
    """The whole firm."""
    known = tables(shops)
    made = {
        "fact_order_lines": sold,
        "fact_invoice_lines": sold,
        "fact_issues": issued,
        "fact_stock": stocked,
        "demand_by_item_day": asked,
        "stock_changes": changed,
    }
    large = {name: as_it_comes(types_of_aggregate(name), partial(make, shops)) for name, make in made.items()}
    return Made(tables=known, large=large, first_on=shops.first_on, last_on=LAST_ON)
