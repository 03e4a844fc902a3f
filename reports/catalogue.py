"""Every report by name: the right it needs, and how it is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analytics.access import Viewer, require
from reports import board_pack, customer_sheet, parts, planners_week, sales_week, stock_valuation
from reports.content import Report
from reports.request import Request


@dataclass(frozen=True)
class Recipe:
    """One report. ``of_customer``: whether it is about one customer, who then has to be named; ``of_parts``: whether it
    is put together of parts, which then have to be."""

    name: str
    right: str
    made: Callable[[Request], Report]
    of_customer: bool = False
    of_parts: bool = False


REPORTS: Mapping[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe("board_pack", "overview.read", board_pack.report),
        Recipe("planners_week", "inventory.read", planners_week.report),
        Recipe("sales_week", "sales.read", sales_week.report),
        Recipe("customer_sheet", "sales.read", customer_sheet.report, of_customer=True),
        Recipe("stock_valuation", "inventory.read", stock_valuation.report),
        Recipe("own", "overview.read", parts.report, of_parts=True),
    )
}


def offered(viewer: Viewer) -> tuple[Recipe, ...]:
    """The reports that the viewer may have."""
    return tuple(recipe for recipe in REPORTS.values() if viewer.may(recipe.right))


def made(name: str, asked: Request) -> Report:
    """The report of that name for who asks; raises ``NotAllowed`` without its right."""
    recipe = REPORTS[name]
    require(asked.viewer, recipe.right)
    return recipe.made(asked)
