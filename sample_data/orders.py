"""The papers of selling: orders and lines, shipments and lines, returns; as the simulation left them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.customers import Customers
from sample_data.days import CN, Workdays
from sample_data.demand import CANCELLED, DRAFT, QUOTED, REAL, Demand
from sample_data.exact import labels, line_cents, millionths, money, picked, prices, quantities, share_of, table
from sample_data.firm import Firm, Record, SalesLine
from sample_data.hours import ServiceWork
from sample_data.names import CARRIERS
from sample_data.people import Staff
from sample_data.places import BOX, COMPANIES, CURRENCY, PLACES, PLANT
from sample_data.plan import Mask, Numbers, Plan
from sample_data.selling import ROAD

TAX = (19, 0, 13)
QUOTE_STANDS = 45
UNKNOWN_ARRIVAL = 0.07
RETURN_REASONS = (
    ("Leaks at the flange", "法兰处漏水"), ("Wrong size ordered", "订错规格"), ("Damaged in transport", "运输损坏"),
    ("Not needed any more", "不再需要"), ("Too loud in operation", "运行噪音大"),
    ("Shaft seal leaks", "轴封漏水"),
)  # fmt: skip


@dataclass(frozen=True)
class OpenShipment:
    """What is still to leave one place for one order."""

    order: int
    place: int
    lines: tuple[SalesLine, ...]
    after: int

    @property
    def is_ready(self) -> bool:
        """Whether all of it is set aside."""
        return all(line.missing == 0 for line in self.lines)


@dataclass(frozen=True)
class Sales:
    """All that was ordered, with what came of it, column by column."""

    firm: Firm
    work: ServiceWork

    @property
    def demand(self) -> Demand:
        """What was ordered."""
        return self.firm.demand

    @property
    def plan(self) -> Plan:
        """The sample."""
        return self.firm.plan

    @property
    def record(self) -> Record:
        """What was done."""
        return self.firm.record

    @property
    def customers(self) -> Customers:
        """Who ordered."""
        return self.demand.customers

    def of_lines(self, value: str) -> Numbers:
        """A property of the simulated goods lines, by line; 0 for others."""
        found = np.zeros(len(self.demand.order), dtype=np.int64)
        for index, line in self.record.sales.items():
            found[index] = getattr(line, value)
        return found

    @cached_property
    def shipped(self) -> Numbers:
        """By line: what left, or the hours that were worked."""
        return self.of_lines("shipped") + self.work.delivered

    @cached_property
    def returned(self) -> Numbers:
        """By line: what came back."""
        found = np.zeros(len(self.demand.order), dtype=np.int64)
        for back in self.record.returns:
            found[back.line.index] += back.quantity
        return found

    @cached_property
    def delivered(self) -> Numbers:
        """By line, net of returns."""
        return self.shipped - self.returned

    @cached_property
    def cents(self) -> Numbers:
        """By line, the amount."""
        return line_cents(self.demand.quantity, self.demand.price, self.demand.discount)

    @cached_property
    def order_cents(self) -> Numbers:
        """By order, the amount without tax."""
        return np.add.reduceat(self.cents, self.demand.first_line[:-1]) if len(self.cents) else self.cents

    @cached_property
    def is_promised(self) -> Mask:
        """By line: whether a day was promised; not for quotations and what was cancelled at once."""
        return (self.demand.state == REAL)[self.demand.order]

    @cached_property
    def first_promised(self) -> Numbers:
        """By line, the first promised day."""
        return np.where(self.demand.is_goods, self.of_lines("first_promised"), self.work.promised)

    @cached_property
    def promised(self) -> Numbers:
        """By line, the day promised now."""
        return np.where(self.demand.is_goods, self.of_lines("promised"), self.work.promised)

    @cached_property
    def requested(self) -> Numbers:
        """By order, the day that the customer asked for; only where ``demand.requested_in`` has one."""
        days = (self.demand.day + self.demand.requested_in.clip(0)).tolist()
        return np.array([self._calendar(order).next(day) for order, day in enumerate(days)], dtype=np.int64)

    def _calendar(self, order: int) -> Workdays:
        return self.firm.calendars[self.demand.country[order]]

    @cached_property
    def status(self) -> list[str]:
        """By order."""
        rest = np.add.reduceat(self.demand.quantity - self.shipped, self.demand.first_line[:-1])
        return [self._status(order, int(rest[order])) for order in range(len(self.demand.day))]

    def _status(self, order: int, rest: int) -> str:
        state, age = self.demand.state[order], self.plan.last - self.demand.day[order]
        if state == CANCELLED or order in self.record.cancelled_orders or (state == QUOTED and age > QUOTE_STANDS):
            return "cancelled"
        if state == REAL:
            return "confirmed" if rest else "done"
        return {QUOTED: "quoted", DRAFT: "draft"}[int(state)]

    @cached_property
    def order_keys(self) -> pl.Series:
        """By order."""
        return labels("SO-", np.arange(1, len(self.demand.day) + 1))

    @cached_property
    def line_keys(self) -> pl.Series:
        """By line: the order's key and the position."""
        order = picked(self.order_keys, self.demand.order)
        return pl.select(pl.lit(order) + "-" + pl.lit(pl.Series(self.demand.line_number)).cast(pl.String)).to_series()

    @cached_property
    def open_shipments(self) -> list[OpenShipment]:
        """What is still to leave, one for each order and place."""
        groups: dict[tuple[int, int], list[SalesLine]] = {}
        for line in self.record.sales.values():
            if line.shipped < line.quantity and not line.is_cancelled:
                groups.setdefault((line.order, self.firm.network.nodes[line.node].place), []).append(line)
        before = {(shipment.order, shipment.place): shipment.index for shipment in self.record.shipments}
        return [OpenShipment(*at, tuple(lines), before.get(at, -1)) for at, lines in groups.items()]

    @cached_property
    def shipment_keys(self) -> pl.Series:
        """By shipment: the done ones first, then the open ones."""
        return labels("SH-", np.arange(1, len(self.record.shipments) + len(self.open_shipments) + 1))

    def leaves_by(self, order: int, place: int, promised: int) -> int:
        """The last day on which goods may leave to keep a promise."""
        road = ROAD[PLACES[place].country, int(self.demand.country[order])]
        return max(promised - road, int(self.demand.day[order]) + 1)

    def leaves_on(self, shipment: OpenShipment) -> int:
        """When an open shipment is planned to leave: soon where all is there, else to keep the promise."""
        first = max(line.leaves_from for line in shipment.lines)
        promised = max(line.promised for line in shipment.lines)
        by = first if shipment.is_ready else self.leaves_by(shipment.order, shipment.place, promised)
        return self.firm.calendar(shipment.place).next(max(by, self.plan.last + 1))

    @cached_property
    def company(self) -> Numbers:
        """By order."""
        return self.demand.company


def sales_tables(
    sales: Sales, staff: Staff, deals: dict[int, str], campaigns: dict[int, str]
) -> dict[str, pl.DataFrame]:
    """Orders, shipments, their lines, returns and carriers. ``deals`` and ``campaigns`` are keys by order."""
    return {
        "carriers": _carriers(),
        "sales_orders": _orders(sales, staff, deals, campaigns),
        "sales_order_lines": _lines(sales),
        "shipments": _shipments(sales),
        "shipment_lines": _shipment_lines(sales),
        "returns": _returns(sales),
    }


def _carriers() -> pl.DataFrame:
    return table(
        "carriers", company_id="*", carrier_id=[f"CAR-{at + 1}" for at in range(len(CARRIERS))],
        name=[name for name, _ in CARRIERS], mode=[mode for _, mode in CARRIERS], is_active=True,
    )  # fmt: skip


def _zones(sales: Sales, order: Numbers) -> Numbers:
    return (sales.demand.country[order] == CN).astype(np.int64)


def _latest(sales: Sales, days: Numbers) -> Numbers:
    """By order, the latest of its lines' days."""
    return np.maximum.reduceat(days, sales.demand.first_line[:-1])


def _orders(sales: Sales, staff: Staff, deals: dict[int, str], campaigns: dict[int, str]) -> pl.DataFrame:
    demand, plan = sales.demand, sales.plan
    every = np.arange(len(demand.day))
    tax = share_of(sales.order_cents, np.array(TAX)[demand.country])
    promised = demand.state == REAL
    return table(
        "sales_orders",
        company_id=picked(COMPANIES, demand.company),
        sales_order_id=sales.order_keys,
        number=sales.order_keys,
        customer_id=picked(sales.customers.keys, demand.customer),
        status=sales.status,
        ordered_at=plan.instants(demand.day, demand.minute, _zones(sales, every)),
        requested_on=plan.dates(sales.requested, demand.requested_in >= 0),
        first_promised_on=plan.dates(_latest(sales, sales.first_promised), promised),
        promised_on=plan.dates(_latest(sales, sales.promised), promised),
        site_id=_sites(sales),
        currency=picked(CURRENCY, demand.company),
        amount_untaxed=money(sales.order_cents),
        amount_tax=money(tax),
        amount_total=money(sales.order_cents + tax),
        company_rate=millionths(np.full(len(every), 1_000_000)),
        salesperson_id=picked(staff.keys, sales.customers.owner[demand.customer]),
        opportunity_id=[deals.get(order) for order in every.tolist()],
        campaign_id=[campaigns.get(order) for order in every.tolist()],
        customer_reference=labels("", plan.random("references").integers(10_000, 99_999, len(every))),
    )


def _sites(sales: Sales) -> list[str]:
    """The place of the first goods line; the plant where all is service, or nothing was started."""
    places = {order: PLANT[company] for order, company in enumerate(sales.company.tolist())}
    for line in reversed(sales.record.sales.values()):
        places[line.order] = sales.firm.network.nodes[line.node].place
    return [PLACES[place].code for place in places.values()]


def _lines(sales: Sales) -> pl.DataFrame:
    demand, plan = sales.demand, sales.plan
    products = demand.catalogue.products
    units = [products[product].family.unit for product in demand.product.tolist()]
    requested = sales.requested[demand.order]
    return table(
        "sales_order_lines",
        company_id=picked(COMPANIES, demand.company[demand.order]),
        sales_order_line_id=sales.line_keys,
        sales_order_id=picked(sales.order_keys, demand.order),
        line_number=demand.line_number,
        product_id=picked(demand.catalogue.keys, demand.product),
        description=picked([product.name for product in products], demand.product),
        quantity=quantities(demand.quantity),
        delivered_quantity=quantities(sales.delivered),
        invoiced_quantity=quantities(sales.delivered),
        source_quantity=quantities(demand.quantity // demand.pack),
        source_unit=[BOX if boxed else unit for boxed, unit in zip(demand.boxed.tolist(), units, strict=True)],
        unit_price=prices(demand.price * demand.pack),
        discount=prices(demand.discount * 100),
        amount_untaxed=money(sales.cents),
        currency=picked(CURRENCY, demand.company[demand.order]),
        requested_on=plan.dates(requested, (demand.requested_in >= 0)[demand.order]),
        first_promised_on=plan.dates(sales.first_promised, sales.is_promised),
        promised_on=plan.dates(sales.promised, sales.is_promised),
    )


def _shipments(sales: Sales) -> pl.DataFrame:
    done, still = _done_shipments(sales), _open_shipments(sales)
    return pl.concat([done, still])


def _done_shipments(sales: Sales) -> pl.DataFrame:
    plan, rows = sales.plan, sales.record.shipments
    random = plan.random("shipments")
    order, place, day, minute, arrives = (
        np.array([getattr(row, name) for row in rows], dtype=np.int64)
        for name in ("order", "place", "day", "minute", "delivered")
    )
    due = np.array([sales.leaves_by(r.order, r.place, max(line.first_promised for line, _ in r.lines)) for r in rows])
    known = (arrives <= plan.last) & (random.random(len(rows)) > UNKNOWN_ARRIVAL)
    zone, there = np.array([p.zone for p in PLACES])[place], _zones(sales, order)
    return table(
        "shipments",
        company_id=picked(COMPANIES, sales.company[order]),
        shipment_id=sales.shipment_keys[: len(rows)],
        number=sales.shipment_keys[: len(rows)],
        sales_order_id=picked(sales.order_keys, order),
        customer_id=picked(sales.customers.keys, sales.demand.customer[order]),
        site_id=picked([p.code for p in PLACES], place),
        carrier_id=_carrier(random, sales.company[order]),
        status="done",
        planned_at=plan.instants(np.minimum(due, day), np.full(len(rows), 840), zone),
        due_at=plan.instants(due, np.full(len(rows), 1020), zone),
        shipped_at=plan.instants(day, minute, zone),
        delivered_at=plan.instants(arrives, 480 + minute % 360, there, known),
        backorder_of_id=picked(sales.shipment_keys, _before(sales)),
        tracking_number=labels("TRK", np.arange(len(rows)) * 7 + 1_000_003, width=9),
    )


def _before(sales: Sales) -> list[int]:
    """By done shipment: the one before of the same order and place."""
    last: dict[tuple[int, int], int] = {}
    before = []
    for shipment in sales.record.shipments:
        before.append(last.get((shipment.order, shipment.place), -1))
        last[shipment.order, shipment.place] = shipment.index
    return before


def _carrier(random: np.random.Generator, company: Numbers) -> list[str]:
    west, east = random.choice([1, 1, 2, 3, 6], len(company)), random.choice([4, 4, 5], len(company))
    return [f"CAR-{carrier}" for carrier in np.where(company == 0, west, east)]


def _open_shipments(sales: Sales) -> pl.DataFrame:
    plan, rows = sales.plan, sales.open_shipments
    order = np.array([row.order for row in rows], dtype=np.int64)
    leaves = np.array([sales.leaves_on(row) for row in rows], dtype=np.int64)
    due = np.array(
        [sales.leaves_by(r.order, r.place, max(line.first_promised for line in r.lines)) for r in rows], dtype=np.int64
    )
    keys = sales.shipment_keys[len(sales.record.shipments) :]
    zone = np.array([PLACES[row.place].zone for row in rows], dtype=np.int64)
    random = plan.random("open shipments")
    none = np.zeros(len(rows), dtype=bool)
    return table(
        "shipments",
        company_id=picked(COMPANIES, sales.company[order]),
        shipment_id=keys,
        number=keys,
        sales_order_id=picked(sales.order_keys, order),
        customer_id=picked(sales.customers.keys, sales.demand.customer[order]),
        site_id=pl.Series([PLACES[row.place].code for row in rows], dtype=pl.String),
        carrier_id=pl.Series(_carrier(random, sales.company[order]), dtype=pl.String),
        status=pl.Series(["ready" if row.is_ready else "planned" for row in rows], dtype=pl.String),
        planned_at=plan.instants(leaves, np.full(len(rows), 840), zone),
        due_at=plan.instants(due, np.full(len(rows), 1020), zone),
        shipped_at=plan.instants(leaves, leaves, zone, none),
        delivered_at=plan.instants(leaves, leaves, zone, none),
        backorder_of_id=picked(sales.shipment_keys, [row.after for row in rows]),
        tracking_number=labels("TRK", leaves, where=none),
    )


def _shipment_lines(sales: Sales) -> pl.DataFrame:
    done = [(s.index, line, quantity, quantity, "done") for s in sales.record.shipments for line, quantity in s.lines]
    first = len(sales.record.shipments)
    still = [
        (first + at, line, line.quantity - line.shipped, 0, "planned" if line.missing else "ready")
        for at, shipment in enumerate(sales.open_shipments)
        for line in shipment.lines
    ]
    rows = done + still
    line = np.array([row[1].index for row in rows], dtype=np.int64)
    return table(
        "shipment_lines",
        company_id=picked(COMPANIES, sales.company[sales.demand.order[line]]),
        shipment_line_id=labels("SHL-", np.arange(1, len(rows) + 1)),
        shipment_id=picked(sales.shipment_keys, [row[0] for row in rows]),
        sales_order_line_id=picked(sales.line_keys, line),
        product_id=picked(sales.demand.catalogue.keys, sales.demand.product[line]),
        quantity=quantities([row[2] for row in rows]),
        shipped_quantity=quantities([row[3] for row in rows]),
        status=[row[4] for row in rows],
    )


def _returns(sales: Sales) -> pl.DataFrame:
    rows = sales.record.returns
    line = np.array([row.line.index for row in rows], dtype=np.int64)
    order = sales.demand.order[line]
    place = np.array([row.place for row in rows], dtype=np.int64)
    day = np.array([row.day for row in rows], dtype=np.int64)
    chinese = _zones(sales, order).tolist()
    return table(
        "returns",
        company_id=picked(COMPANIES, sales.company[order]),
        return_id=labels("RET-", np.arange(1, len(rows) + 1)),
        sales_order_id=picked(sales.order_keys, order),
        sales_order_line_id=picked(sales.line_keys, line),
        customer_id=picked(sales.customers.keys, sales.demand.customer[order]),
        product_id=picked(sales.demand.catalogue.keys, sales.demand.product[line]),
        site_id=picked([f"{p.code}/CHECK" for p in PLACES], place),
        quantity=quantities([row.quantity for row in rows]),
        returned_at=sales.plan.instants(day, np.full(len(rows), 620), np.array([p.zone for p in PLACES])[place]),
        reason=pl.Series([RETURN_REASONS[r.reason][zh] for r, zh in zip(rows, chinese, strict=True)], dtype=pl.String),
    )
