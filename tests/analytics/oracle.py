"""The inventory outlook once more, slow and plain: loops over rows and days, nothing shared with the real one."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.analytics.firm import Firm

Row = dict[str, Any]


@dataclass
class Fact:
    """A quantity of a product at a main site, in a company and region, on a day."""

    product: str
    site: str | None
    company: str
    region: str | None
    day: date | None
    quantity: float


@dataclass
class Books:
    """All facts of a firm."""

    asked: list[Fact] = field(default_factory=list)
    open_orders: list[Fact] = field(default_factory=list)
    supply: list[Fact] = field(default_factory=list)
    stock: list[Fact] = field(default_factory=list)
    reserved: list[tuple[Fact, float | None]] = field(default_factory=list)
    transit: list[Fact] = field(default_factory=list)
    minimum: list[Fact] = field(default_factory=list)


def _rows(firm: Firm, table: str) -> Iterator[Row]:
    return firm[table].iter_rows(named=True)


def _by_key(firm: Firm, table: str, key: str) -> dict[str, Row]:
    return {row[key]: row for row in _rows(firm, table)}


class Oracle:
    """Answers of one firm, as of one day."""

    def __init__(self, firm: Firm, as_of: date) -> None:
        self.firm, self.as_of = firm, as_of
        self.sites = _by_key(firm, "sites", "site_id")
        self.products = _by_key(firm, "products", "product_id")
        self.books = Books()
        self._read_orders()
        self._read_supply()
        self._read_moves()
        self._read_stock()

    def place(self, company: str, site: str | None, *, guess: bool = True) -> tuple[str | None, str | None]:
        """Main site and region."""
        if site is None and guess:
            mains = [
                row["site_id"]
                for row in self.sites.values()
                if row["kind"] in ("warehouse", "plant", "shop") and row["company_id"] == company
            ]
            site = mains[0] if len(mains) == 1 else None
        if site is None:
            return None, None
        main = self.sites[site]["main_site_id"] or site
        return main, self.sites[main]["region"] or self.sites[site]["region"]

    def contents(self, product: str, quantity: float) -> list[tuple[str, float]]:
        """A kit's parts, or the product itself."""
        if self.products[product]["kind"] != "kit":
            return [(product, quantity)]
        parts = []
        for bom in _rows(self.firm, "boms"):
            for line in _rows(self.firm, "bom_lines"):
                if bom["product_id"] == product and line["bom_id"] == bom["bom_id"]:
                    parts += self.contents(line["component_id"], quantity * float(line["quantity_per"]))
        return parts

    def served_by(self, line: str) -> tuple[str | None, bool]:
        """The main site that most of a line leaves, and whether it goes straight from the supplier."""
        ways: dict[tuple[bool, str], float] = {}
        for move in _rows(self.firm, "stock_moves"):
            leaves = move["status"] != "cancelled" and move["kind"] in ("delivery", "dropship")
            if leaves and move["sales_order_line_id"] == line:
                site, _ = self.place(move["company_id"], move["from_site_id"])
                way = (move["kind"] == "dropship", site or "")
                ways[way] = ways.get(way, 0) + float(move["quantity"])
        if not ways:
            return None, False
        straight, site = min(ways, key=lambda way: (-ways[way], way))
        return site, straight

    def _read_orders(self) -> None:
        orders = _by_key(self.firm, "sales_orders", "sales_order_id")
        for line in _rows(self.firm, "sales_order_lines"):
            order = orders[line["sales_order_id"]]
            if order["status"] not in ("confirmed", "done") or self.products[line["product_id"]]["kind"] == "service":
                continue
            served_from, straight = self.served_by(line["sales_order_line_id"])
            if straight:
                continue
            site, region = self.place(line["company_id"], served_from or order["site_id"])
            day = order["ordered_at"].date()
            due = line["promised_on"] or order["promised_on"] or line["requested_on"] or order["requested_on"] or day
            left = max(0.0, float(line["quantity"]) - float(line["delivered_quantity"] or 0))
            for product, quantity in self.contents(line["product_id"], float(line["quantity"])):
                self.books.asked.append(Fact(product, site, line["company_id"], region, day, quantity))
                part = left * quantity / float(line["quantity"])
                if order["status"] == "confirmed" and left > 0:
                    self.books.open_orders.append(Fact(product, site, line["company_id"], region, due, part))

    def _read_supply(self) -> None:
        heads = _by_key(self.firm, "purchase_orders", "purchase_order_id")
        for line in _rows(self.firm, "purchase_order_lines"):
            head = heads[line["purchase_order_id"]]
            left = float(line["quantity"]) - float(line["received_quantity"] or 0)
            if head["status"] == "confirmed" and left > 0:
                site, region = self.place(line["company_id"], head["site_id"])
                due = line["due_on"] or head["due_on"]
                self.books.supply.append(Fact(line["product_id"], site, line["company_id"], region, due, left))
        for order in _rows(self.firm, "work_orders"):
            left = float(order["quantity"]) - float(order["produced_quantity"] or 0)
            if order["status"] == "confirmed" and left > 0:
                site, region = self.place(order["company_id"], order["site_id"])
                fact = Fact(order["product_id"], site, order["company_id"], region, order["due_on"], left)
                self.books.supply.append(fact)

    def _read_moves(self) -> None:
        orders = _by_key(self.firm, "work_orders", "work_order_id")
        for move in _rows(self.firm, "stock_moves"):
            if move["kind"] != "consumption":
                continue
            site, region = self.place(move["company_id"], move["from_site_id"])
            order = orders[move["work_order_id"]]
            quantity = float(move["quantity"])
            if move["status"] == "done":
                day = move["moved_at"].date()
                self.books.asked.append(Fact(move["product_id"], site, move["company_id"], region, day, quantity))
            if move["status"] in ("planned", "ready") and order["status"] == "confirmed":
                due = move["planned_at"].date() if move["planned_at"] else order["due_on"]
                self.books.open_orders.append(Fact(move["product_id"], site, move["company_id"], region, due, quantity))

    def _read_stock(self) -> None:
        latest: dict[tuple[str, str], Row] = {}
        for level in _rows(self.firm, "inventory_levels"):
            pair = (level["product_id"], level["site_id"])
            if pair not in latest or level["as_of_on"] > latest[pair]["as_of_on"]:
                latest[pair] = level
        for (product, site), level in latest.items():
            main, region = self.place(level["company_id"], site)
            fact = Fact(product, main, level["company_id"], region, level["as_of_on"], float(level["on_hand"]))
            if self.sites[site]["kind"] == "transit":
                self.books.transit.append(Fact(product, None, level["company_id"], region, None, fact.quantity))
            else:
                self.books.stock.append(fact)
                reserved = None if level["reserved"] is None else float(level["reserved"])
                self.books.reserved.append((fact, reserved))
        for rule in _rows(self.firm, "reorder_rules"):
            main, region = self.place(rule["company_id"], rule["site_id"], guess=False)
            minimum = float(rule["minimum_quantity"] or 0)
            self.books.minimum.append(Fact(rule["product_id"], main, rule["company_id"], region, None, minimum))

    def lead_days(self, product: str) -> float | None:
        """Of the main supplier, else of the product."""
        offers = [row for row in _rows(self.firm, "supplier_products") if row["product_id"] == product]
        offers.sort(key=lambda row: (row["priority"] is None, row["priority"] or 0, row["supplier_product_id"]))
        stated = offers[0]["lead_time_days"] if offers else None
        stated = self.products[product]["lead_time_days"] if stated is None else stated
        return None if stated is None else float(stated)

    def row(self, product: str, within: Callable[[Fact], bool], history: int, horizon: int) -> Row:
        """The outlook of one product over the facts that are within."""

        def mine(facts: list[Fact]) -> list[Fact]:
            return [fact for fact in facts if fact.product == product and within(fact)]

        books = self.books
        asked, orders, supply = mine(books.asked), mine(books.open_orders), mine(books.supply)
        stock, minimum = mine(books.stock), mine(books.minimum)
        reserved = [held for fact, held in books.reserved if fact.product == product and within(fact)]
        days = min(history, (self.as_of - min(fact.day for fact in books.asked if fact.day)).days + 1)
        recent = sum(f.quantity for f in asked if f.day and 0 <= (self.as_of - f.day).days < history)
        row: Row = {
            "on_hand": sum(fact.quantity for fact in stock),
            "in_transit": sum(fact.quantity for fact in mine(books.transit)),
            "reserved": _sum_or_none(reserved) if reserved or not mine(books.transit) else 0.0,
            "on_order": sum(fact.quantity for fact in supply),
            "open_demand": sum(fact.quantity for fact in orders),
            "overdue_receipts": sum(f.quantity for f in supply if f.day and f.day < self.as_of),
            "next_receipt_on": min((f.day for f in supply if f.day and f.day >= self.as_of), default=None),
            "daily_demand": recent / days if recent > 0 else None,
            "lead_time_days": self.lead_days(product),
            "minimum_quantity": sum(fact.quantity for fact in minimum) if minimum else None,
        }
        row["trace"] = bool(asked or orders or supply or stock or minimum or mine(books.transit))
        row["path"] = self.path(row, orders, supply, horizon)
        row["recent_demand"] = [
            float(sum(f.quantity for f in asked if f.day and (self.as_of - f.day).days // 7 == week))
            for week in range(12, -1, -1)
        ]
        self._judge(row, horizon)
        return row

    def path(self, row: Row, orders: list[Fact], supply: list[Fact], horizon: int) -> list[float]:
        """The stock at the end of each day."""
        usual, ordered_ahead, level, path = row["daily_demand"] or 0.0, 0.0, row["on_hand"], []
        for offset in range(horizon + 1):
            day = self.as_of + timedelta(days=offset)
            arriving = sum(f.quantity for f in supply if f.day == day)
            if offset == 0:
                leaving = sum(f.quantity for f in orders if f.day is None or f.day <= day)
            else:
                due = sum(f.quantity for f in orders if f.day == day)
                covered = ordered_ahead + due
                leaving = due + max(0.0, usual - covered)
                ordered_ahead = max(0.0, covered - usual)
            level += arriving - leaving
            path.append(level)
        return path

    def _judge(self, row: Row, horizon: int) -> None:
        wanted = row["daily_demand"] is not None or row["open_demand"] > 0 or (row["reserved"] or 0) > 0
        empty = [day for day, level in enumerate(row["path"]) if level <= 1e-9] if wanted else []
        runs_out = empty[0] if empty else None
        lead = 28 if row["lead_time_days"] is None else row["lead_time_days"]
        relief = max(1, math.ceil(lead))
        for day, level in enumerate(row["path"]):
            if runs_out is not None and day > runs_out and level > 1e-9:
                relief = min(relief, day)
                break
        below_zero = max(0.0, -row["on_hand"])
        deepest = min(row["path"][: min(relief, horizon + 1)])
        row["short_quantity"] = max(0.0, -deepest - below_zero)
        row["runs_out_on"] = None if runs_out is None else self.as_of + timedelta(days=runs_out)
        free = row["on_hand"] - (row["reserved"] or 0)
        row["days_of_cover"] = None if row["daily_demand"] is None else max(0.0, free) / row["daily_demand"]
        to_order = free + row["on_order"] < (-math.inf if row["minimum_quantity"] is None else row["minimum_quantity"])
        if row["on_hand"] < 0:
            row["state"] = "negative"
        elif not wanted:
            row["state"] = "no_demand"
        elif row["on_hand"] == 0:
            row["state"] = "out"
        elif runs_out is not None and runs_out < relief:
            row["state"] = "runs_out"
        elif (runs_out is not None and runs_out < lead + 14) or to_order:
            row["state"] = "low"
        elif (row["days_of_cover"] or 0) > 180:
            row["state"] = "overstock"
        else:
            row["state"] = "healthy"


def _sum_or_none(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known or not values else None
