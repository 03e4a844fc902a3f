"""Stock as its papers have it: movements, done or planned, the levels that follow, and the rules of reordering."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.buying import required
from sample_data.exact import UNIT, labels, picked, quantities, table, whole
from sample_data.firm import NONE, OUTSIDE, Move, SalesLine
from sample_data.network import BUY, KIT
from sample_data.orders import Sales
from sample_data.places import COMPANIES, LOCATIONS, PLACES, TRANSIT, place_of
from sample_data.plan import Numbers, Plan
from sample_data.production import Production
from sample_data.purchasing import Purchases
from sample_data.simulation import Outcome

# Where goods come from and go to beyond our own places, by kind of move.
BEYOND = {
    "delivery": "customer", "receipt": "supplier", "consumption": "production", "production": "production",
    "adjustment": "adjustment", "scrap": "scrap", "customer_return": "customer", "transfer": "internal",
}  # fmt: skip
_FIELDS = Move._fields


@dataclass(frozen=True)
class Stock:
    """All movements of stock with the papers they belong to."""

    outcome: Outcome
    sales: Sales
    purchases: Purchases
    production: Production

    @property
    def plan(self) -> Plan:
        """The sample."""
        return self.outcome.firm.plan

    @cached_property
    def planned(self) -> list[tuple[Move, str, str | None]]:
        """(move, status, document) of what is still to move; the day is the planned one."""
        return [*self._to_leave(), *self._to_come(), *self._to_make()]

    def _to_leave(self) -> list[tuple[Move, str, str | None]]:
        first, keys = len(self.sales.record.shipments), self.sales.shipment_keys
        rows: list[tuple[Move, str, str | None]] = []
        for at, shipment in enumerate(self.sales.open_shipments):
            day = self.sales.leaves_on(shipment)
            for line in shipment.lines:
                moves = [self._leaves(line, part, each, day) for part, each in self._parts(line)]
                rows += [(move, "planned" if line.missing else "ready", keys[first + at]) for move in moves]
        return rows

    def _parts(self, line: SalesLine) -> tuple[tuple[int, int], ...]:
        """What leaves for one unit of a line: of a kit its parts, else the thing itself."""
        return self.outcome.firm.network.contents.get(line.node, ((line.node, UNIT),))

    def _leaves(self, line: SalesLine, part: int, each: int, day: int) -> Move:
        node, rest = self.outcome.firm.network.nodes[part], (line.quantity - line.shipped) * each // UNIT
        return Move("delivery", node.product, node.location, OUTSIDE, rest, day, 840, sales_line=line.index)

    def _to_come(self) -> list[tuple[Move, str, str | None]]:
        first, keys = len(self.purchases.receipts), self.purchases.receipt_keys
        return [
            (
                Move(
                    "receipt", line.node.product, OUTSIDE, line.node.location, line.quantity - line.received, due, 600,
                    purchase_line=line.index,
                ),
                "ready",
                keys[first + at],
            )
            for at, (_, due, lines) in enumerate(self.purchases.awaited)
            for line in lines
        ]  # fmt: skip

    def _to_make(self) -> list[tuple[Move, str, str | None]]:
        network, rows = self.outcome.firm.network, []
        for order in self.production.orders:
            if order.is_cancelled or order.finished != NONE:
                continue
            node, key = order.node, self.production.keys[order.index]
            made = Move(
                "production",
                node.product,
                OUTSIDE,
                node.location,
                order.quantity,
                order.due,
                800,
                work_order=order.index,
            )
            rows.append((made, "planned", key))
            for component, each in network.parts[node.index] if order.started == NONE else ():
                part = network.nodes[component]
                taken = each * order.quantity // 1000
                rows.append(
                    (
                        Move(
                            "consumption",
                            part.product,
                            part.location,
                            OUTSIDE,
                            taken,
                            order.planned_start,
                            510,
                            work_order=order.index,
                        ),
                        "planned",
                        key,
                    )
                )
        return rows

    @cached_property
    def done(self) -> list[Move]:
        """What was moved, in the order in which it was."""
        return self.outcome.firm.record.moves

    def document(self, move: Move) -> str | None:
        """The number of the paper of a done move."""
        if move.kind == "delivery":
            return str(self.sales.shipment_keys[move.document])
        if move.kind == "receipt":
            return str(self.purchases.receipt_keys[self.purchases.receipt_of_arrival[move.document]])
        if move.work_order != NONE:
            return str(self.production.keys[move.work_order])
        return f"TR-{move.document + 1:06d}" if move.document != NONE else None


def stock_tables(stock: Stock) -> dict[str, pl.DataFrame]:
    """Movements, levels and rules of reordering."""
    return {"stock_moves": _moves(stock), "inventory_levels": _levels(stock), "reorder_rules": _rules(stock)}


def _column(moves: list[Move], name: str) -> Numbers:
    at = _FIELDS.index(name)
    return np.array([move[at] for move in moves], dtype=np.int64)


def _moves(stock: Stock) -> pl.DataFrame:
    plan = stock.plan
    moves = [*stock.done, *(move for move, _, _ in stock.planned)]
    status = [*("done" for _ in stock.done), *(state for _, state, _ in stock.planned)]
    numbers = [*(stock.document(move) for move in stock.done), *(document for _, _, document in stock.planned)]
    source, target, quantity = (_column(moves, name) for name in ("from_location", "to_location", "quantity"))
    held = np.where(source == OUTSIDE, target, source)
    day, minute, zone = _column(moves, "day"), _column(moves, "minute"), np.array(_zones())[held]
    is_done = np.arange(len(moves)) < len(stock.done)
    moved = plan.instants(day, minute, zone)
    return table(
        "stock_moves",
        company_id=picked(_companies(), held),
        stock_move_id=labels("M-", np.arange(1, len(moves) + 1), width=7),
        number=pl.Series(numbers, dtype=pl.String),
        product_id=picked(stock.outcome.firm.network.catalogue.keys, _column(moves, "product")),
        kind=[move.kind for move in moves],
        status=status,
        from_place=[_place(move.kind, at) for move, at in zip(moves, source.tolist(), strict=True)],
        to_place=[_place(move.kind, at) for move, at in zip(moves, target.tolist(), strict=True)],
        from_site_id=picked(LOCATIONS, source),
        to_site_id=picked(LOCATIONS, target),
        quantity=quantities(quantity),
        demand_quantity=quantities(quantity),
        moved_at=plan.instants(day, minute, zone, is_done),
        planned_at=moved,
        sales_order_line_id=picked(stock.sales.line_keys, _column(moves, "sales_line")),
        purchase_order_line_id=picked(stock.purchases.line_keys, _column(moves, "purchase_line")),
        work_order_id=picked(stock.production.keys, _column(moves, "work_order")),
    )


def _place(kind: str, location: int) -> str:
    if location == OUTSIDE:
        return BEYOND[kind]
    return "transit" if location in TRANSIT else "internal"


def _zones() -> list[int]:
    places = [place_of(name) for name in LOCATIONS]
    return [PLACES[place].zone if place is not None else TRANSIT.index(at) for at, place in enumerate(places)]


def _companies() -> list[str]:
    places = [place_of(name) for name in LOCATIONS]
    return [
        COMPANIES[PLACES[place].company if place is not None else TRANSIT.index(at)] for at, place in enumerate(places)
    ]


def _changes(stock: Stock) -> pl.DataFrame:
    """By product, location and day: how much the level changed, in thousandths."""
    moves = pl.DataFrame({name: _column(stock.done, name) for name in _FIELDS[1:6]})
    gone = moves.select("product", "day", location="from_location", change=-pl.col("quantity"))
    come = moves.select("product", "day", location="to_location", change="quantity")
    inside = pl.concat([gone, come]).filter(pl.col("location") != OUTSIDE)
    return inside.group_by("product", "location", "day").agg(pl.col("change").sum())


def _reserved(stock: Stock) -> pl.DataFrame:
    """By product, location and day on which it changed: what was set aside, in thousandths."""
    firm = stock.outcome.firm
    changed = np.diff(firm.reserved, axis=0, prepend=0) != 0
    day, node = np.nonzero(changed)
    product, location = (np.array([getattr(n, at) for n in firm.network.nodes])[node] for at in ("product", "location"))
    return pl.DataFrame({"product": product, "location": location, "day": day, "reserved": firm.reserved[day, node]})


def _levels(stock: Stock) -> pl.DataFrame:
    """A row for each day on which on hand or reserved changed, and one for the last day."""
    keys = ["product", "location", "day"]
    changes, reserved = _changes(stock), _reserved(stock)
    pairs = pl.concat([changes.select(keys[:2]), reserved.select(keys[:2])]).unique()
    days = pl.concat(
        [changes.select(keys), reserved.select(keys), pairs.with_columns(day=pl.lit(stock.plan.last, pl.Int64))]
    )
    over = keys[:2]
    levels = (
        days.unique()
        .join(changes, on=keys, how="left", validate="1:1")
        .join(reserved, on=keys, how="left", validate="1:1")
        .sort(keys)
        .with_columns(
            pl.col("change").fill_null(0).cum_sum().over(over).alias("on_hand"),
            pl.col("reserved").forward_fill().over(over).fill_null(0),
        )
    )
    location = levels["location"].to_numpy()
    return table(
        "inventory_levels",
        company_id=picked(_companies(), location),
        product_id=picked(stock.outcome.firm.network.catalogue.keys, levels["product"].to_numpy()),
        site_id=picked(LOCATIONS, location),
        as_of_on=stock.plan.dates(levels["day"].to_numpy()),
        on_hand=quantities(levels["on_hand"].to_numpy()),
        reserved=quantities(levels["reserved"].to_numpy()),
    )


def _rules(stock: Stock) -> pl.DataFrame:
    policy = stock.outcome.policy
    nodes = [node for node in stock.outcome.firm.network.nodes if node.way != KIT]
    keys = stock.outcome.firm.network.catalogue.keys
    return table(
        "reorder_rules",
        company_id=[COMPANIES[node.company] for node in nodes],
        reorder_rule_id=[f"RR-{keys[node.product]}-{PLACES[node.place].code}" for node in nodes],
        product_id=[keys[node.product] for node in nodes],
        site_id=[PLACES[node.place].code for node in nodes],
        minimum_quantity=quantities(policy.minimum[policy.kept]),
        maximum_quantity=quantities(policy.maximum[policy.kept]),
        multiple_quantity=whole([required(n.offer).pack if n.way == BUY else 1 for n in nodes]),
        is_active=True,
    )
