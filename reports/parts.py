"""A report of one's own: the parts of which one may be put together, and the report that they make."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from analytics.access import NotAllowed
from answers import customers, inventory, orders, stock, stock_outs
from display.messages import customers as customer_messages
from display.messages import inventory as inventory_messages
from display.messages import orders as order_messages
from display.numbers import day
from display.tables import customers as customer_tables
from display.tables import inventory as inventory_tables
from reports import planners_week, sales_week, stock_valuation
from reports.board_pack import Pack
from reports.cells import clean
from reports.content import Grid, Report, Section
from reports.request import Request

Sections = Sequence[Section]
LONGEST_TITLE = 80


@dataclass(frozen=True)
class Part:
    """One part: the right it needs, and the sections that it makes."""

    name: str
    right: str
    made: Callable[[Request], Sections]


def _stockouts(asked: Request) -> Sections:
    return [planners_week.risk(asked, stock_outs.risks(asked.viewer, asked.scope, version=asked.version))]


def _to_order(asked: Request) -> Sections:
    return [planners_week.to_order(asked, stock_outs.risks(asked.viewer, asked.scope, version=asked.version))]


def _late_orders(asked: Request) -> Sections:
    return [sales_week.late(asked, orders.orders(asked.viewer, asked.scope, version=asked.version))]


def _promises(asked: Request) -> Sections:
    return [sales_week.promises(asked, orders.orders(asked.viewer, asked.scope, version=asked.version))]


def _worth(asked: Request) -> Sections:
    ages = stock.ages(asked.viewer, asked.scope, version=asked.version)
    positions = stock.positions(asked.viewer, asked.scope, version=asked.version)
    return [stock_valuation.worth(asked, positions, ages)]


def _idle(asked: Request) -> Sections:
    return [stock_valuation.idle(asked, stock.positions(asked.viewer, asked.scope, version=asked.version))]


def _items(asked: Request) -> Sections:
    return [stock_valuation.items(asked, stock.positions(asked.viewer, asked.scope, version=asked.version))]


def _inventory(asked: Request) -> Sections:
    """The page of items against demand."""
    outlook, language = inventory.outlook(asked.viewer, asked.scope, version=asked.version), asked.language
    title = asked.say("menu.inventory")
    grid = Grid(table=inventory_tables.outlook(outlook, language), title=title, none=asked.say("report.no_rows"))
    cards = inventory_messages.cards(outlook, asked.scope.horizon_days, language) if outlook.height else ()
    return [Section(name=title, message=inventory_messages.title(outlook, language), cards=cards, grids=(grid,))]


def _orders(asked: Request) -> Sections:
    """The page of open orders."""
    known = orders.orders(asked.viewer, asked.scope, version=asked.version)
    grid = sales_week.orders_grid(asked, known, "menu.orders", "report.no_rows")
    message = order_messages.title(known, asked.language)
    return [Section(name=asked.say("menu.orders"), message=message, grids=(grid,))]


def _customers(asked: Request) -> Sections:
    """The page of customers."""
    known, title = customers.customers(asked.viewer, asked.scope, version=asked.version), asked.say("menu.customers")
    table = customer_tables.customers(known, asked.language)
    grid = Grid(table=table, title=title, summed=("revenue", "margin", "overdue"), none=asked.say("report.no_rows"))
    return [Section(name=title, message=customer_messages.title(known, asked.language), grids=(grid,))]


PARTS: Mapping[str, Part] = {
    part.name: part
    for part in (
        Part("numbers", "overview.read", lambda asked: [Pack(asked).standing()]),
        Part("moved", "overview.read", lambda asked: Pack(asked).moved()),
        Part("decisions", "overview.read", lambda asked: [Pack(asked).decisions()]),
        Part("stockouts", "inventory.read", _stockouts),
        Part("late_receipts", "inventory.read", lambda asked: [planners_week.late(asked)]),
        Part("to_order", "inventory.read", _to_order),
        Part("inventory", "inventory.read", _inventory),
        Part("stock", "inventory.read", _worth),
        Part("tied_up", "inventory.read", _idle),
        Part("every_item", "inventory.read", _items),
        Part("late_orders", "sales.read", _late_orders),
        Part("promises", "sales.read", _promises),
        Part("orders", "sales.read", _orders),
        Part("customers_at_risk", "sales.read", lambda asked: [sales_week.at_risk(asked)]),
        Part("customers", "sales.read", _customers),
    )
}


def report(asked: Request) -> Report:
    """The parts that are asked for, in their order. Those that the reader may not see are left out, and that is said;
    raises ``NotAllowed`` where none is left."""
    known = [PARTS[name] for name in dict.fromkeys(asked.parts) if name in PARTS]
    seen = [part for part in known if asked.viewer.may(part.right)]
    if not seen:
        raise NotAllowed("There is no part of this report that you may see.")
    sections = tuple(section for part in seen for section in part.made(asked))
    hidden = ", ".join(asked.say(f"report.part.{part.name}") for part in known if part not in seen)
    told = [f"{asked.say('about.as_of')} {day(asked.as_of, asked.language)}"]
    told += [asked.say("report.own.hidden", parts=hidden)] if hidden else []
    return Report(
        about=asked.about(clean(asked.title)[:LONGEST_TITLE] or asked.say("report.own")),
        message=sections[0].message if sections else asked.say("report.no_rows"),
        caption=" · ".join(told),
        sections=sections,
    )
