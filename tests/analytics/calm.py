"""A calm firm of two and a half years: customers, products, suppliers and complaints, each at its own steady pace, with
the seasons and the growth of the market, and chance. Whatever is found in it is a false alarm."""

import functools
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from analytics.access import RIGHTS
from analytics.attention import ATTENTION
from analytics.deciding.known import Known
from analytics.excess import POSITIONS
from analytics.inventory import OUTLOOK
from analytics.money import Rates, factors
from analytics.tables import TABLES, ordered_columns
from tests.analytics.firm import DAY, Firm, firm

DAYS = 900
COUNTRIES = ("AT", "CN", "DE")
SEGMENTS = ("Installer", "OEM", "Trade", "Utility")
CUSTOMERS, PRODUCTS, CATEGORIES, SUPPLIERS = 160, 60, 8, 20


@functools.cache
def calm_firm(seed: int, *, orders: int = 9_000, purchases: int = 3_000, complaints: int = 700) -> Firm:
    """Its tables, all of it drawn from the seed."""
    dice = np.random.default_rng(seed)
    tables = firm(
        companies=[{"company_id": "c1", "name": "One", "currency": "EUR"}],
        customers=[_customer(n, dice) for n in range(CUSTOMERS)],
        products=[_product(n) for n in range(PRODUCTS)],
        product_categories=[{"category_id": f"g{n}", "name": f"Group {n}"} for n in range(CATEGORIES)],
        suppliers=[{"supplier_id": f"v{n}", "name": f"Vendor {n}"} for n in range(SUPPLIERS)],
    )
    sold = _sales(dice, orders)
    return tables | sold | _invoices(dice, sold) | _purchases(dice, purchases) | _tickets(dice, sold, complaints)


def columns(table: str, rows: int, /, **values: Any) -> pl.DataFrame:
    """A unified table from columns, or one value for all; what is not given is the most usual value, or null."""
    usual = {"company_id": "c1", "source": "test", "source_id": "1", "currency": "EUR", "status": "confirmed"}
    schema = TABLES[table].columns()
    wanted = {column: schema[column].dtype for column in ordered_columns(TABLES[table])}
    filled = {column: values.get(column, usual.get(column)) for column in wanted}
    given = pl.DataFrame({"row": np.arange(rows)}).with_columns(
        pl.lit(value).alias(column) if value is None or isinstance(value, str) else pl.Series(column, value)
        for column, value in filled.items()
    )
    return given.select(pl.col(column).cast(dtype) for column, dtype in wanted.items())


def _customer(number: int, dice: np.random.Generator) -> dict[str, Any]:
    place, trade = int(dice.choice(3, p=(0.2, 0.3, 0.5))), int(dice.choice(4))
    keys = {"customer_id": f"k{number}", "name": f"Buyer {number}", "is_company": True}
    return keys | {"country": COUNTRIES[place], "segment": SEGMENTS[trade], "region": COUNTRIES[place]}


def _product(number: int) -> dict[str, Any]:
    prices = {"cost": 40 + number, "list_price": 70 + 2 * number, "currency": "EUR"}
    keys = {"product_id": f"p{number}", "sku": f"P{number}", "name": f"Part {number}", "kind": "storable"}
    return keys | prices | {"category_id": f"g{number % CATEGORIES}", "product_group_id": f"f{number // 5}"}


def _days(dice: np.random.Generator, count: int) -> Any:
    """Days before today, more of them lately and in the season."""
    day = np.arange(DAYS)
    pace = (1.1 ** (-day / 365)) * (1 + 0.25 * np.sin(2 * np.pi * day / 365)) * np.where(day % 7 < 5, 1.0, 0.2)
    return dice.choice(DAYS, size=count, p=pace / pace.sum())


def _on(ago: Any) -> pl.Series:
    days = pl.DataFrame({"ago": ago})
    return days.select(pl.lit(DAY) - pl.duration(days="ago")).to_series().cast(pl.Date)


def _at(ago: Any) -> pl.Series:
    return (_on(ago).cast(pl.Datetime("us")) + timedelta(hours=12)).dt.replace_time_zone("UTC")


def _names(letter: str, numbers: Any) -> pl.Series:
    return letter + pl.Series(numbers).cast(pl.String)


def _sales(dice: np.random.Generator, count: int) -> Firm:
    """Orders of one to four lines; large and small customers, quick and slow products."""
    size, pace = dice.lognormal(0, 0.8, CUSTOMERS), dice.lognormal(0, 1.0, PRODUCTS)
    ago, who = _days(dice, count), dice.choice(CUSTOMERS, size=count, p=size / size.sum())
    of = np.repeat(np.arange(count), dice.integers(1, 5, count))
    what = dice.choice(PRODUCTS, size=len(of), p=pace / pace.sum())
    quantity = dice.integers(1, 12, len(of))
    amount = np.round(quantity * (70.0 + 2 * what) * (1 - 0.15 * dice.random(len(of))), 2)
    heads = columns(
        "sales_orders", count, sales_order_id=_names("S", np.arange(count)), number=_names("S", np.arange(count)),
        customer_id=_names("k", who), ordered_at=_at(ago), status=np.where(ago > 20, "done", "confirmed"),
    )  # fmt: skip
    lines = columns(
        "sales_order_lines", len(of), sales_order_line_id=_names("L", np.arange(len(of))),
        sales_order_id=_names("S", of), product_id=_names("p", what), quantity=quantity, amount_untaxed=amount,
        delivered_quantity=np.where(ago[of] > 20, quantity, 0),
    )  # fmt: skip
    return {"sales_orders": heads, "sales_order_lines": lines}


def _invoices(dice: np.random.Generator, sold: Firm) -> Firm:
    """One invoice for each order that is done, a week after it, paid; costs hardly move."""
    heads = (
        sold["sales_orders"].filter(pl.col("status") == "done").select("sales_order_id", "customer_id", "ordered_at")
    )
    lines = sold["sales_order_lines"].join(heads, on="sales_order_id", how="semi")
    part = lines["product_id"].str.slice(1).cast(pl.Float64)
    cost = lines["quantity"].cast(pl.Float64) * (40.0 + part) * dice.normal(1.0, 0.01, lines.height)
    return {
        "invoices": columns(
            "invoices", heads.height, invoice_id=heads["sales_order_id"], number=heads["sales_order_id"],
            customer_id=heads["customer_id"], status="posted", kind="invoice",
            invoiced_on=heads["ordered_at"].dt.date().dt.offset_by("7d"),
        ),
        "invoice_lines": columns(
            "invoice_lines", lines.height, invoice_line_id=lines["sales_order_line_id"],
            invoice_id=lines["sales_order_id"], product_id=lines["product_id"], quantity=lines["quantity"],
            amount_untaxed=lines["amount_untaxed"], cost_amount=cost.round(2),
        ),
    }  # fmt: skip


def _purchases(dice: np.random.Generator, count: int) -> Firm:
    """Orders of one line, each supplier with its own usual delay and its own unevenness."""
    delay, spread = dice.uniform(-1, 6, SUPPLIERS), dice.uniform(0.5, 5, SUPPLIERS)
    ago, who = _days(dice, count), dice.integers(0, SUPPLIERS, count)
    what = (who + SUPPLIERS * dice.integers(0, 3, count)) % PRODUCTS
    due = ago - 14
    came = due - np.round(delay[who] + spread[who] * (dice.gamma(1.5, 1.0, count) - 1.5)).astype(int)
    quantity = dice.integers(10, 80, count)
    amount = np.round(quantity * (40.0 + what) * dice.normal(1.0, 0.01, count), 2)
    has_come = came >= 0
    arrived = pl.select(pl.when(pl.lit(pl.Series(has_come))).then(pl.lit(_on(came)))).to_series()
    return {
        "purchase_orders": columns(
            "purchase_orders", count, purchase_order_id=_names("P", np.arange(count)),
            number=_names("P", np.arange(count)), supplier_id=_names("v", who), ordered_at=_at(ago),
            status=np.where(has_come, "done", "confirmed"),
        ),
        "purchase_order_lines": columns(
            "purchase_order_lines", count, purchase_order_line_id=_names("P", np.arange(count)),
            purchase_order_id=_names("P", np.arange(count)), product_id=_names("p", what), quantity=quantity,
            received_quantity=np.where(has_come, quantity, 0), amount_untaxed=amount, first_due_on=_on(due),
            due_on=_on(due), received_on=arrived,
        ),
    }  # fmt: skip


def _tickets(dice: np.random.Generator, sold: Firm, count: int) -> Firm:
    """One order line in so many is complained about ten days later."""
    heads = sold["sales_orders"].select("sales_order_id", "customer_id", "ordered_at")
    lines = sold["sales_order_lines"].select("sales_order_id", "product_id")
    chosen = lines.sample(count, seed=int(dice.integers(2**31))).join(heads, on="sales_order_id", maintain_order="left")
    return {
        "tickets": columns(
            "tickets", count, ticket_id=_names("T", np.arange(count)), customer_id=chosen["customer_id"],
            product_id=chosen["product_id"], opened_at=chosen["ordered_at"].dt.offset_by("10d"), status="closed",
        )
    }  # fmt: skip


def known_of(tables: Firm, **fields: Any) -> Known:
    """What is known of a firm on ``DAY``, by an owner; without an outlook and stock unless they are given."""
    categories = tables["product_categories"].select("category_id", category="name")
    products = tables["products"].join(categories, on="category_id", how="left", validate="m:1")
    known: dict[str, Any] = {
        "as_of": DAY,
        "rates": Rates("EUR", factors(tables["exchange_rates"], "EUR", DAY)),
        "outlook": pl.DataFrame(schema={**OUTLOOK, "company_id": pl.String}),
        "stock": pl.DataFrame(schema={**POSITIONS, "site": pl.String}),
        "aggregates": {name: make(tables) for name, (_, make) in ATTENTION.items()},
        "products": products.select("product_id", "name", "name_zh", "category_id", "category"),
        "customers": tables["customers"].select("customer_id", "segment", "country", "owner_id", customer="name"),
        "suppliers": tables["suppliers"].select("supplier_id", supplier="name"),
        "campaigns": tables["campaigns"].select(
            "campaign_id", "starts_on", "ends_on", "cost", "currency", campaign="name"
        ),
        "may": RIGHTS["owner"],
    }
    return Known(**(known | fields))
