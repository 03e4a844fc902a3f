"""The planner's week: what runs out, which receipts are late, and what to order before the next one."""

from datetime import timedelta

import polars as pl

from answers import stock_outs
from display.messages import stock_outs as messages
from display.numbers import short_day
from display.tables import reports as own_tables
from display.tables import stock_outs as tables
from reports.content import Grid, Report, Section
from reports.request import Request

WEEK = timedelta(days=7)
MOST = 500
AT_ONCE = ("now", "too_late")


def report(asked: Request) -> Report:
    """The report for one reader."""
    risks = stock_outs.risks(asked.viewer, asked.scope, version=asked.version)
    silent = stock_outs.without_opinion(asked.viewer, asked.scope, version=asked.version)
    return Report(
        about=asked.about(asked.say("report.planners_week")),
        message=messages.title(risks, asked.language),
        caption=messages.caption(risks, silent, asked.as_of, asked.language),
        sections=(risk(asked, risks), late(asked), to_order(asked, risks)),
    )


def risk(asked: Request, risks: pl.DataFrame) -> Section:
    """What runs out, and what that costs."""
    hit = stock_outs.hit(asked.viewer, asked.scope, version=asked.version)
    grid = Grid(
        table=tables.risks(stock_outs.listed(risks), asked.language),
        title=messages.heading(risks, asked.language),
        summed=("at_stake",),
        none=asked.say("stockouts.ranked.none"),
    )
    return Section(
        name=asked.say("report.stockouts"),
        message=messages.title(risks, asked.language),
        cards=messages.cards(risks, hit, asked.language),
        grids=(grid,),
    )


def late(asked: Request) -> Section:
    """Receipts that should have come, and the items that wait for them."""
    late = stock_outs.late_receipts(asked.viewer, asked.scope, version=asked.version)
    items = late.get_column("product_id").n_unique()
    words = "report.late_receipts.title" if late.height else "report.late_receipts.none"
    grid = Grid(
        table=own_tables.late_receipts(late, asked.as_of, asked.language),
        title=asked.say("report.late_receipts"),
        most=MOST,
        none=asked.say("report.no_rows"),
    )
    message = asked.say(words, count=late.height, items=items)
    return Section(name=asked.say("report.late_receipts"), message=message, grids=(grid,))


def to_order(asked: Request, risks: pl.DataFrame) -> Section:
    """Risks that have to be ordered against before a week is over, the most urgent day first."""
    until = asked.as_of + WEEK
    due = risks.filter(pl.col("when_to_order").is_in(AT_ONCE) | (pl.col("order_by_on") <= until))
    ordered = due.sort("order_by_on", -pl.col("at_stake"), "sku", "site_id", nulls_last=True)
    words = "report.to_order.title" if ordered.height else "report.to_order.none"
    grid = Grid(
        table=own_tables.to_order(ordered, asked.language),
        title=asked.say("report.to_order"),
        most=MOST,
        summed=("at_stake",),
        none=asked.say("report.no_rows"),
    )
    message = asked.say(words, count=ordered.height, day=short_day(until, asked.language))
    return Section(name=asked.say("report.to_order"), message=message, grids=(grid,))
