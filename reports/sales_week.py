"""The sales week: late orders and why, what is promised next, and customers that may be lost."""

from datetime import timedelta

import polars as pl

from analytics import segments
from answers import customers, metrics, orders
from display.figures import customers as customer_figures
from display.figures import orders as figures
from display.messages import customers as customer_messages
from display.messages import orders as messages
from display.tables import customers as customer_tables
from display.tables import orders as tables
from reports.content import Grid, Report, Section, drawings
from reports.request import Request

DUE = timedelta(days=messages.DUE_DAYS)
ON_TIME, MOST = "on_time_in_full", 300


def report(asked: Request) -> Report:
    """The report for one reader."""
    known = orders.orders(asked.viewer, asked.scope, version=asked.version)
    return Report(
        about=asked.about(asked.say("report.sales_week")),
        message=messages.title(known, asked.language),
        caption=messages.caption(asked.as_of, asked.language),
        sections=(late(asked, known), promises(asked, known), at_risk(asked)),
    )


def late(asked: Request, known: pl.DataFrame) -> Section:
    """Which orders are late, where they are, and why."""
    language = asked.language
    steps = orders.steps(asked.viewer, asked.scope, version=asked.version)
    stages = orders.stages(known)
    on_time = metrics.value(asked.viewer, asked.scope, ON_TIME, version=asked.version).value
    flow = figures.flow(stages, steps, language, dark=False) if known.height else None
    return Section(
        name=asked.say("report.late_orders"),
        message=messages.title(known, language),
        cards=messages.cards(known, steps, on_time, asked.as_of, language),
        drawings=drawings((asked.say("orders.flow"), flow, figures.flow_in_words(stages, steps, language))),
        grids=(orders_grid(asked, known.filter("is_late"), "report.late_orders", "report.late_orders.none"),),
    )


def orders_grid(asked: Request, rows: pl.DataFrame, title: str, none: str) -> Grid:
    """Orders as a table."""
    shown = tables.orders(rows, asked.as_of, asked.language)
    return Grid(table=shown, title=asked.say(title), summed=("value",), most=MOST, none=asked.say(none))


def promises(asked: Request, known: pl.DataFrame) -> Section:
    """What has to be delivered within a week, and what will be late though it is not yet."""
    due = known.filter(pl.col("due_on").is_between(asked.as_of, asked.as_of + DUE) & ~pl.col("is_late"))
    coming = messages.to_deliver(due).sort("due_on", "document", "sales_order_id", nulls_last=True)
    slipping = known.filter("will_be_late")
    return Section(
        name=asked.say("report.promises"),
        message=asked.say("report.promises.title", due=coming.height, late=slipping.height),
        grids=(
            orders_grid(asked, slipping, "report.will_be_late", "report.no_rows"),
            orders_grid(asked, coming, "report.due", "report.no_rows"),
        ),
    )


def at_risk(asked: Request) -> Section:
    """Customers that may be lost, and what each segment is worth."""
    language = asked.language
    everybody = customers.customers(asked.viewer, asked.scope, version=asked.version)
    threatened = everybody.filter(pl.col("segment").is_in(list(segments.THREATENED)))
    summary = segments.summary(everybody)
    figure = customer_figures.segments(summary, language, dark=False) if everybody.height else None
    grid = Grid(
        table=customer_tables.customers(threatened, language),
        title=asked.say("report.customers_at_risk"),
        summed=("revenue", "margin", "overdue"),
        none=asked.say("report.no_rows"),
    )
    alt = customer_figures.segments_in_words(summary, language) if everybody.height else ""
    return Section(
        name=asked.say("report.customers_at_risk"),
        message=customer_messages.title(everybody, language),
        cards=customer_messages.cards(everybody, asked.as_of, language) if everybody.height else (),
        drawings=drawings((asked.say("report.segments"), figure, alt)),
        grids=(grid,),
        notes=(customer_messages.caption(everybody, asked.as_of, language),),
    )
