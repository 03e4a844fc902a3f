"""A firm for tests: any unified table from a few columns, and small random firms in which everything odd happens."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import dataframely as dy
import polars as pl

from analytics.demand_weeks import of_late_by_day
from analytics.inventory import Situation, sourced
from analytics.money import Rates, factors
from analytics.tables import TABLES, ordered_columns
from tests.analytics.summed import summed

DAY = date(2026, 3, 31)
Row = Mapping[str, Any]
Firm = dict[str, pl.DataFrame]
USED = (
    "companies",
    "sites",
    "exchange_rates",
    "product_categories",
    "products",
    "product_costs",
    "boms",
    "bom_lines",
    "customers",
    "suppliers",
    "supplier_products",
    "sales_orders",
    "sales_order_lines",
    "purchase_orders",
    "purchase_order_lines",
    "work_orders",
    "stock_moves",
    "inventory_levels",
    "reorder_rules",
    "invoices",
    "invoice_lines",
    "payments",
    "receipts",
    "receipt_lines",
    "shipments",
    "shipment_lines",
    "tickets",
    "feedback",
    "opportunities",
    "opportunity_lines",
    "opportunity_stage_changes",
    "interactions",
    "identities",
    "returns",
    "campaigns",
    "campaign_members",
    "campaign_responses",
    "contacts",
    "employees",
    "targets",
    "calendars",
    "calendar_periods",
    "calendar_exceptions",
    "routings",
    "operations",
    "work_centers",
    "work_order_operations",
    "sync_runs",
    "quarantine",
    "leads",
    "consents",
    "carriers",
)


def table(name: str, *rows: Row) -> pl.DataFrame:
    """Rows of a unified table; what a row leaves out is null, or the most usual value where null is not allowed."""
    columns = TABLES[name].columns()
    schema = {column: columns[column].dtype for column in ordered_columns(TABLES[name])}
    filled = [{column: row.get(column, _usual(column, columns[column])) for column in schema} for row in rows]
    return pl.DataFrame([{name: _exact(value) for name, value in row.items()} for row in filled], schema=schema)


def _exact(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _usual(name: str, column: dy.Column) -> Any:
    usual = {"company_id": "c1", "currency": "EUR", "is_active": True, "source": "test", "status": "confirmed"}
    if column.nullable:
        return None
    return usual.get(name, f"some {name}" if isinstance(column, dy.String) else None)


def firm(**tables: Sequence[Row]) -> Firm:
    """All tables that inventory reads, empty unless rows are given."""
    return {name: table(name, *tables.get(name, [])) for name in USED}


FACTS = {
    "stock": "stock_by_item",
    "supply": "open_supply",
    "open_demand": "open_demand",
    "reorder_points": "reorder_points",
}


def situation_of(tables: Firm, chosen: pl.Expr | None = None, **fields: Any) -> Situation:
    """What is known of a firm on ``DAY``; of the facts that are chosen."""
    made = summed(tables, ("items", "sourcing", "demand_by_item_day", *FACTS.values()))
    facts: dict[str, Any] = {
        field: made[name].filter(True if chosen is None else chosen) for field, name in FACTS.items()
    }
    days = fields.get("history_days", 10)
    daily = made["demand_by_item_day"].filter(True if chosen is None else chosen)
    known: dict[str, Any] = {
        "as_of": DAY,
        "history_days": days,
        "horizon_days": 40,
        "demand": of_late_by_day(daily, DAY, days).filter(pl.col("last_on") > DAY - timedelta(days=max(days, 91))),
        "items": sourced(made["items"], made["sourcing"]),
        "costs": tables["product_costs"],
        "rates": Rates("EUR", factors(tables["exchange_rates"], "EUR", DAY)),
        "first_demand_on": made["demand_by_item_day"]["day_on"].min(),
    }
    return Situation(**facts, **(known | fields))


def noon(day: date) -> datetime:
    """Twelve o'clock of a day, UTC."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def order(number: str, product: str, quantity: float, **fields: Any) -> dict[str, list[Row]]:
    """An order of one line: confirmed, of company c1, ordered on ``DAY`` unless ``fields`` say otherwise."""
    line = ("delivered_quantity", "promised_on", "requested_on", "company_id")
    head = {"sales_order_id": number, "number": number, "customer_id": "k1", "ordered_at": noon(DAY)} | fields
    named = {"sales_order_line_id": f"{number}/1", "sales_order_id": number, "product_id": product}
    lines = named | {"quantity": quantity} | {name: fields[name] for name in line if name in fields}
    return {"sales_orders": [head], "sales_order_lines": [lines]}


def merged(*parts: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    """The rows of several parts, table by table."""
    together: dict[str, list[Row]] = {}
    for part in parts:
        for name, rows in part.items():
            together.setdefault(name, []).extend(rows)
    return together


SITES: list[Row] = [
    {"site_id": "north", "name": "North", "kind": "warehouse", "main_site_id": "north", "region": "N"},
    {"site_id": "north/a", "name": "Shelf A", "kind": "location", "main_site_id": "north", "parent_site_id": "north"},
    {"site_id": "north/b", "name": "Shelf B", "kind": "location", "main_site_id": "north", "parent_site_id": "north"},
    {"site_id": "south", "name": "South", "kind": "plant", "main_site_id": "south", "region": "S"},
    {"site_id": "shop", "name": "Shop", "kind": "shop", "company_id": "c2", "region": "S"},
    {"site_id": "road", "name": "On the road", "kind": "transit", "company_id": "c1"},
]
COMPANIES: list[Row] = [
    {"company_id": "c1", "name": "One", "currency": "EUR"},
    {"company_id": "c2", "name": "Two", "currency": "CHF", "parent_company_id": "c1"},
]
RATES: list[Row] = [
    {"exchange_rate_id": "1", "currency": "CHF", "base_currency": "EUR", "valid_from_on": date(2026, 1, 1), "rate": 1},
    {"exchange_rate_id": "2", "currency": "CHF", "base_currency": "EUR", "valid_from_on": date(2026, 3, 1), "rate": 2},
    {"exchange_rate_id": "3", "currency": "CHF", "base_currency": "EUR", "valid_from_on": date(2026, 4, 1), "rate": 9},
]
PRODUCTS = ("bolt", "nut", "desk", "lamp", "old", "oil")
STOCKED = ("north/a", "north/b", "south", "shop", "road")
COMPANY_OF = {"north/a": "c1", "north/b": "c1", "south": "c1", "shop": "c2", "road": "c1"}


def random_firm(seed: int) -> Firm:
    """Two companies, three main sites, six items, a kit and a service, busy for fifty days."""
    dice = random.Random(seed)  # noqa: S311 - firms for tests, no secrets
    return firm(
        companies=COMPANIES,
        sites=SITES,
        exchange_rates=RATES,
        customers=[{"customer_id": "k1", "name": "Smith", "is_company": True, "region": "N"}],
        suppliers=[{"supplier_id": f"v{n}", "name": f"Vendor {n}"} for n in (1, 2)],
        products=_products(dice),
        product_costs=_costs(dice),
        boms=[{"bom_id": "box", "product_id": "kit", "kind": "kit", "quantity": 1}],
        bom_lines=[
            {"bom_line_id": "1", "bom_id": "box", "component_id": "bolt", "quantity_per": 2},
            {"bom_line_id": "2", "bom_id": "box", "component_id": "nut", "quantity_per": 0.5},
        ],
        supplier_products=_offers(dice),
        **_levels(dice),
        **_orders(dice),
        **_purchases(dice),
        **merged(_production(dice), _deliveries(dice)),
        reorder_rules=[
            {"reorder_rule_id": f"r{n}", "product_id": dice.choice(PRODUCTS), "site_id": "north", "minimum_quantity": n}
            for n in range(3)
        ],
    )


def _products(dice: random.Random) -> list[Row]:
    kinds = dict.fromkeys(PRODUCTS, "storable") | {"oil": "consumable", "kit": "kit", "advice": "service"}
    return [
        {
            "product_id": name,
            "sku": name.upper(),
            "name": name.title(),
            "kind": kind,
            "company_id": "*",
            "is_active": name != "old",
            "list_price": dice.choice([None, 0, 7, 12.5]),
            "cost": dice.choice([None, 4, 9]),
            "currency": dice.choice(["EUR", "CHF", "XXX"]),
            "lead_time_days": dice.choice([None, 5]),
        }
        for name, kind in kinds.items()
    ]


def _costs(dice: random.Random) -> list[Row]:
    return [
        {
            "product_cost_id": f"{p}/{c}",
            "product_id": p,
            "company_id": c,
            "cost": dice.randint(1, 9),
            "currency": currency,
        }
        for p in PRODUCTS
        for c, currency in (("c1", "EUR"), ("c2", "CHF"))
        if dice.random() < 0.5
    ]


def _offers(dice: random.Random) -> list[Row]:
    return [
        {
            "supplier_product_id": f"o{n}",
            "supplier_id": dice.choice(["v1", "v2"]),
            "product_id": dice.choice(PRODUCTS),
            "lead_time_days": dice.choice([None, 0, 3, 12.5, 40]),
            "priority": dice.choice([None, 1, 2]),
        }
        for n in range(5)
    ]


def _levels(dice: random.Random) -> dict[str, list[Row]]:
    rows: list[Row] = []
    for product in PRODUCTS:
        for site in STOCKED:
            if dice.random() < 0.6:
                last = dice.choice([-2, 0, 0, 3, 40])
                reserved = dice.choice([None, 0, 2])
                company = COMPANY_OF[site]
                pair = {"product_id": product, "site_id": site, "company_id": company}
                rows.append(
                    pair | {"as_of_on": DAY - timedelta(days=dice.randint(1, 30)), "on_hand": dice.randint(0, 50)}
                )
                rows.append(pair | {"as_of_on": DAY, "on_hand": last, "reserved": reserved})
    return {"inventory_levels": rows}


def _orders(dice: random.Random) -> dict[str, list[Row]]:
    goods = (*PRODUCTS, "kit", "advice")
    return merged(
        *(
            order(
                f"S{n}",
                dice.choice(goods),
                dice.choice([1, 2.5, 8]),
                status=dice.choice(["draft", "quoted", "confirmed", "confirmed", "done", "cancelled"]),
                ordered_at=noon(DAY - timedelta(days=dice.randint(0, 50))),
                company_id=dice.choice(["c1", "c2"]),
                site_id=dice.choice([None, "north", "north/a", "south", "shop"]),
                promised_on=dice.choice([None, DAY + timedelta(days=dice.randint(-9, 30))]),
                requested_on=dice.choice([None, DAY + timedelta(days=dice.randint(-9, 30))]),
                delivered_quantity=dice.choice([None, 0, 1, 9]),
            )
            for n in range(40)
        )
    )


def _purchases(dice: random.Random) -> dict[str, list[Row]]:
    heads: list[Row] = []
    lines: list[Row] = []
    for n in range(12):
        status = dice.choice(["draft", "confirmed", "confirmed", "done", "cancelled"])
        site = dice.choice([None, "north", "south", "shop"])
        company = "c2" if site == "shop" else "c1"
        key = {"purchase_order_id": f"P{n}", "company_id": company}
        heads.append(key | {"supplier_id": "v1", "status": status, "site_id": site, "number": f"P{n}"})
        due = dice.choice([None, DAY + timedelta(days=dice.randint(-9, 40))])
        ordered = {"product_id": dice.choice(PRODUCTS), "quantity": dice.randint(1, 30), "due_on": due}
        received = {"received_quantity": dice.choice([None, 0, 3, 99])}
        lines.append(key | ordered | received | {"purchase_order_line_id": f"P{n}/1"})
    return {"purchase_orders": heads, "purchase_order_lines": lines}


def _deliveries(dice: random.Random) -> dict[str, list[Row]]:
    """What moves for some of the orders, now and then from two places, or straight from the supplier."""
    sites = ("north/a", "north/b", "south", "shop")
    return {
        "stock_moves": [
            {
                "stock_move_id": f"D{n}",
                "product_id": "bolt",
                "kind": dice.choice(["delivery", "delivery", "delivery", "dropship", "customer_return"]),
                "status": dice.choice(["done", "planned", "cancelled"]),
                "from_place": "internal",
                "to_place": "customer",
                "from_site_id": dice.choice(sites),
                "quantity": dice.randint(1, 3),
                "moved_at": noon(DAY),
                "sales_order_line_id": f"S{dice.randint(0, 39)}/1",
            }
            for n in range(30)
        ]
    }


def _production(dice: random.Random) -> dict[str, list[Row]]:
    orders: list[Row] = []
    moves: list[Row] = []
    for n in range(8):
        due = dice.choice([None, DAY + timedelta(days=dice.randint(-5, 20))])
        orders.append(
            {
                "work_order_id": f"W{n}",
                "number": f"W{n}",
                "product_id": "desk",
                "site_id": "south",
                "status": dice.choice(["confirmed", "confirmed", "done", "cancelled", "draft"]),
                "quantity": dice.randint(1, 9),
                "produced_quantity": dice.choice([None, 0, 2]),
                "due_on": due,
                "bom_id": None,
            }
        )
        done = dice.random() < 0.5
        moves.append(
            {
                "stock_move_id": f"M{n}",
                "product_id": dice.choice(["bolt", "nut"]),
                "kind": "consumption",
                "status": "done" if done else dice.choice(["planned", "ready", "cancelled"]),
                "from_place": "internal",
                "to_place": "production",
                "from_site_id": dice.choice(["south", "north/b"]),
                "quantity": dice.randint(1, 6),
                "moved_at": noon(DAY - timedelta(days=dice.randint(0, 40))) if done else None,
                "planned_at": dice.choice([None, noon(DAY + timedelta(days=dice.randint(-3, 9)))]),
                "work_order_id": f"W{n}",
            }
        )
    return {"work_orders": orders, "stock_moves": moves}
