"""A wholesaler with ten million order lines of 500,000 customers in three years, sold in five currencies.

Four lines in a row are an order; it is invoiced after three days, promised for the seventh, and mostly paid after
thirty. What would come after the last day is not there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial

import numpy as np
import polars as pl

from benchmarks.chances import Whole, chance
from benchmarks.publishing import Made, as_it_comes, empty_tables, types_of_aggregate, unified

LAST_ON = date(2025, 12, 17)
LINES, DAYS = 10_000_000, 1_096
CUSTOMERS, PRODUCTS = 500_000, 2_000
CATEGORIES, GROUPS, SUPPLIERS, SITES, SELLERS = 40, 8, 60, 5, 50
LINES_OF_ORDER = 4
COUNTRIES = {"DE": "EUR", "FR": "EUR", "IT": "EUR", "AT": "EUR", "US": "USD", "GB": "GBP", "CH": "CHF", "CN": "CNY"}
WORTH = {"USD": 1.09, "GBP": 0.86, "CHF": 0.95, "CNY": 7.7}
SEGMENTS = ("industry", "trade", "craft", "public", "export", "private")
INVOICED, PROMISED, PAID = 3, 7, 33
TAX = 1.19
KEPT, SETTLED = 0.9, 0.95
LINES_AT_ONCE = 400_000


@dataclass(frozen=True, kw_only=True)
class OrderBook:
    """How large it is, and which chance it is made by. Lines are counted from the first day on."""

    lines: int = LINES
    days: int = DAYS
    customers: int = CUSTOMERS
    products: int = PRODUCTS
    seed: int = 7

    @property
    def first_on(self) -> date:
        """The first day: the last one is always the same."""
        return LAST_ON - timedelta(days=self.days - 1)

    @cached_property
    def first_line(self) -> Whole:
        """The number of the first line of each day, and of the day after the last: fewer are ordered at weekends."""
        weekday = (np.arange(self.days) + self.first_on.weekday()) % 7
        reached = np.cumsum(np.where(weekday >= 5, 0.4, 1.24))
        orders = np.round(reached / reached[-1] * (self.lines / LINES_OF_ORDER)).astype(np.int64)
        return np.concatenate([[0], orders * LINES_OF_ORDER])


def tables(book: OrderBook) -> dict[str, pl.DataFrame]:
    """The small tables: who and what there is, and what each currency was worth on each day."""
    company = pl.DataFrame({"company_id": ["c1", "c2"], "name": ["One", "Two"], "currency": "EUR", "country": "DE"})
    owned = company.with_columns(parent_company_id=pl.Series([None, "c1"]))
    categories = numbered("category_id", "K", CATEGORIES)
    suppliers = numbered("supplier_id", "V", SUPPLIERS)
    sites = numbered("site_id", "W", SITES).with_columns(kind=pl.lit("warehouse"), region=pl.lit("DE"))
    sellers = numbered("employee_id", "E", SELLERS)
    made = {
        "companies": unified("companies", owned.with_columns(source_id="company_id")),
        "sites": unified("sites", sites),
        "employees": unified("employees", sellers),
        "customers": unified("customers", _customers(book)),
        "product_categories": unified("product_categories", pl.concat([_groups(), _under(categories)])),
        "products": unified("products", _products(book)),
        "suppliers": unified("suppliers", suppliers),
        "supplier_products": unified("supplier_products", _offers(book)),
        "exchange_rates": unified("exchange_rates", rates(book)),
        "inventory_levels": unified("inventory_levels", _counted(book)),
    }
    return empty_tables() | made


def numbered(key: str, letter: str, many: int) -> pl.DataFrame:
    """So many things called by a letter and a number: their key and name."""
    names = [f"{letter}{number}" for number in range(many)]
    return pl.DataFrame({key: [f"files:{name}" for name in names], "name": names})


def _groups() -> pl.DataFrame:
    return numbered("category_id", "G", GROUPS).with_columns(parent_category_id=pl.lit(None, dtype=pl.String))


def _under(categories: pl.DataFrame) -> pl.DataFrame:
    group = pl.int_range(pl.len()) % GROUPS
    return categories.with_columns(parent_category_id=pl.lit("files:G") + group.cast(pl.String))


def _customers(book: OrderBook) -> pl.DataFrame:
    number = pl.int_range(pl.len())
    country = pl.lit(pl.Series(list(COUNTRIES))).gather(number % len(COUNTRIES))
    named = numbered("customer_id", "C", book.customers)
    segment = pl.lit(pl.Series(SEGMENTS)).gather(number % len(SEGMENTS))
    return named.with_columns(
        country=country, region=country, segment=segment, is_company=number % 5 > 0, company_id=pl.lit("*")
    )


def _products(book: OrderBook) -> pl.DataFrame:
    number = pl.int_range(pl.len())
    price, cost = prices(book)
    return numbered("product_id", "P", book.products).with_columns(
        sku="name", category_id=pl.lit("files:K") + (number % CATEGORIES).cast(pl.String), kind=pl.lit("storable"),
        unit=pl.lit("Units"), list_price=pl.Series(price), cost=pl.Series(cost), currency=pl.lit("EUR"),
        company_id=pl.lit("*"),
    )  # fmt: skip


def prices(book: OrderBook) -> tuple[np.ndarray, np.ndarray]:
    """The price and the cost of each product, in euros."""
    at = np.arange(book.products)
    price = np.round(2 + 400 * chance(book.seed + 1, at) ** 3, 2)
    return price, np.round(price * (0.5 + 0.3 * chance(book.seed + 2, at)), 2)


def _offers(book: OrderBook) -> pl.DataFrame:
    number = pl.int_range(pl.len())
    return numbered("product_id", "P", book.products).select(
        "product_id", supplier_id=pl.lit("files:V") + (number % SUPPLIERS).cast(pl.String),
        supplier_product_id="product_id", lead_time_days=5 + number % 20, priority=pl.lit(1),
    )  # fmt: skip


def _counted(book: OrderBook) -> pl.DataFrame:
    """What was in stock of each product at each site when it was counted, on the last day."""
    pairs = numbered("product_id", "P", book.products).join(numbered("site_id", "W", SITES), how="cross")
    return pairs.select("product_id", "site_id", as_of_on=pl.lit(LAST_ON), on_hand=pl.int_range(pl.len()) % 90)


def rates(book: OrderBook) -> pl.DataFrame:
    """One row per foreign currency and day: units of it for one euro."""
    days = np.arange(book.days)
    parts = [
        pl.DataFrame(
            {
                "currency": currency,
                "valid_from_on": _dates(book, days),
                "rate": np.round(worth * (0.97 + 0.06 * chance(book.seed + 3, days, at)), 6),
            }
        )
        for at, (currency, worth) in enumerate(WORTH.items())
    ]
    key = pl.col("currency") + pl.col("valid_from_on").cast(pl.String)
    return pl.concat(parts).with_columns(exchange_rate_id=key, base_currency=pl.lit("EUR"))


def _dates(book: OrderBook, days: Whole) -> pl.Series:
    first = (book.first_on - date(1970, 1, 1)).days
    return pl.Series((first + days).astype(np.int32)).cast(pl.Date)


def ordered(book: OrderBook) -> Iterator[pl.DataFrame]:
    """One row per line, by day: number, order (its number), the day and the keys, quantity, amount and cost in the
    customer's currency. Some customers buy much more often than others."""
    known = _known(book)
    step = max(1, LINES_AT_ONCE // max(1, book.lines // book.days))
    for first in range(0, book.days, step):
        last = min(first + step, book.days)
        number = np.arange(book.first_line[first], book.first_line[last])
        day = np.searchsorted(book.first_line, number, side="right") - 1
        if number.size:
            yield known.lines(number, day)


@dataclass(frozen=True)
class _Known:
    """What lines are made of: the names of everything, by number."""

    book: OrderBook
    customers: pl.DataFrame
    products: pl.DataFrame
    worth: pl.DataFrame

    def lines(self, number: Whole, day: Whole) -> pl.DataFrame:
        """The lines of those numbers and days."""
        book, order = self.book, number // LINES_OF_ORDER
        who = (book.customers * chance(book.seed + 4, order) ** 2).astype(np.int64)
        what = (book.products * chance(book.seed + 5, number) ** 1.5).astype(np.int64)
        quantity = 1 + np.floor(12 * chance(book.seed + 6, number) ** 2)
        site, seller = order % SITES, who % SELLERS
        rows = pl.DataFrame({"number": number, "order": order, "day_on": _dates(book, day), "quantity": quantity})
        named = rows.hstack(self.customers[pl.Series(who)]).hstack(self.products[pl.Series(what)])
        placed = named.with_columns(
            company_id=pl.lit(pl.Series(["c1", "c2"])).gather(pl.Series(order % 2)),
            site_id=_key("W", site), salesperson_id=_key("E", seller), record_id=pl.col("number").cast(pl.String),
            document=pl.lit("S") + pl.col("order").cast(pl.String),
        )  # fmt: skip
        worth = placed.join(self.worth, on=("currency", "day_on"), how="left", validate="m:1", maintain_order="left")
        units = pl.col("quantity") * pl.col("rate").fill_null(1.0)
        return worth.with_columns(
            amount=(units * pl.col("price")).round(2), cost=(units * pl.col("unit_cost")).round(2)
        )


def _key(letter: str, number: Whole) -> pl.Series:
    return pl.Series(f"files:{letter}" + pl.Series(number).cast(pl.String))


def _known(book: OrderBook) -> _Known:
    customers = _customers(book).select("customer_id", "region", currency=pl.col("country").replace_strict(COUNTRIES))
    price, cost = prices(book)
    products = _products(book).select("product_id", price=pl.Series(price), unit_cost=pl.Series(cost))
    worth = rates(book).select("currency", "rate", day_on="valid_from_on")
    return _Known(book, customers, products, worth)


def _later(rows: pl.DataFrame, days: int) -> pl.DataFrame:
    """So many days later; without what would come after the last day."""
    moved = rows.with_columns(day_on=pl.col("day_on") + timedelta(days=days))
    return moved.filter(pl.col("day_on") <= LAST_ON)


def invoiced(book: OrderBook) -> Iterator[pl.DataFrame]:
    """One row per line that was invoiced."""
    for lines in ordered(book):
        yield _later(lines, INVOICED).with_columns(
            document=pl.lit("F") + pl.col("order").cast(pl.String), margin=pl.col("amount") - pl.col("cost"),
            margin_base="amount", is_cost_of_today=pl.lit(False),
        )  # fmt: skip


def due(book: OrderBook) -> Iterator[pl.DataFrame]:
    """One row per line that was promised: nine of ten came in time, the others up to ten days late."""
    for lines in ordered(book):
        promised = _later(lines, PROMISED)
        by_chance = pl.Series(chance(book.seed + 7, promised["number"].to_numpy()))
        late = pl.when(by_chance < KEPT).then(-1).otherwise((1 + by_chance * 100 % 10).floor()).cast(pl.Int64)
        arrived = (pl.col("day_on") + pl.duration(days=late)).cast(pl.Date)
        dated = promised.with_columns(in_full_on=pl.when(arrived <= LAST_ON).then(arrived), due=pl.lit(1))
        kept = (pl.col("in_full_on") <= pl.col("day_on")).fill_null(value=False).cast(pl.Int64)
        days_late = (pl.col("in_full_on") - pl.col("day_on")).dt.total_days()
        yield dated.with_columns(kept=kept, days_late=days_late)


def owed(book: OrderBook) -> Iterator[pl.DataFrame]:
    """One row per invoice and per payment of one, by day: what customers owe grows and shrinks."""
    waiting = pl.DataFrame()
    for lines in ordered(book):
        orders = lines.group_by("order", "day_on", maintain_order=True).agg(
            pl.col("amount").sum(), pl.col("company_id", "region", "currency", "customer_id").first()
        )
        bills = _bills(orders)
        is_settled = pl.Series(chance(book.seed + 8, bills["order"].to_numpy())) < SETTLED
        payments = _later(bills.filter(is_settled), PAID - INVOICED).with_columns(amount=-pl.col("amount"))
        both = pl.concat([waiting, bills, payments], how="diagonal").sort("day_on", "record_id")
        is_over = pl.col("day_on") < lines["day_on"][0] + timedelta(days=INVOICED)
        waiting = both.filter(~is_over)
        yield both.filter(is_over)
    yield waiting


def _bills(orders: pl.DataFrame) -> pl.DataFrame:
    number = pl.lit("F") + pl.col("order").cast(pl.String)
    billed = orders.with_columns(
        document=number, record_id=number, amount=(pl.col("amount") * TAX).round(2),
        day_on=pl.col("day_on") + timedelta(days=INVOICED),
    )  # fmt: skip
    return billed.with_columns(due_on=pl.col("day_on") + timedelta(days=30)).filter(pl.col("day_on") <= LAST_ON)


def firm(book: OrderBook) -> Made:
    """The whole firm."""
    made: dict[str, Callable[[OrderBook], Iterator[pl.DataFrame]]] = {
        "fact_order_lines": ordered,
        "fact_invoice_lines": invoiced,
        "fact_due_lines": due,
        "fact_receivables": owed,
    }
    large = {name: as_it_comes(types_of_aggregate(name), partial(make, book)) for name, make in made.items()}
    return Made(tables=tables(book), large=large, first_on=book.first_on, last_on=LAST_ON)
