"""The customer sheet: one customer before a visit: its numbers, what is open, what happened, and the next step."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from analytics.access import NotAllowed
from analytics.periods import months_until, period
from analytics.segments import MONTHS
from answers import customers, orders
from display.figures import customers as figures
from display.messages import customers as messages
from display.tables import customers as tables
from reports.content import Grid, Report, Section, drawings
from reports.request import Request
from reports.sales_week import orders_grid

Row = Mapping[str, Any]


class NoSuchCustomer(NotAllowed):
    """There is no such customer, or not for this viewer; nobody is told which."""


def report(asked: Request) -> Report:
    """The report for one reader about ``asked.customer``; raises ``NoSuchCustomer``."""
    everybody = customers.customers(asked.viewer, asked.scope, version=asked.version)
    found = everybody.filter(pl.col("customer_id") == asked.customer)
    if found.is_empty():
        raise NoSuchCustomer(f"There is no customer {asked.customer!r} that you may see. Name one by its key.")
    (row,) = found.iter_rows(named=True)
    step = customers.next_step(asked.viewer, asked.scope, asked.customer, version=asked.version)
    name = messages.name(row, asked.language)
    return Report(
        about=asked.about(f"{asked.say('report.customer_sheet')} {name}"),
        message=messages.customer_title(row, step, asked.language),
        caption=messages.customer_caption(row, asked.as_of, asked.language),
        sections=(_standing(asked, row, messages.next_step(step, row, asked.language)), _open(asked), _past(asked)),
    )


def _standing(asked: Request, row: Row, step: tuple[str, str]) -> Section:
    language = asked.language
    numbers = customers.numbers(asked.viewer, asked.scope, asked.customer, version=asked.version)
    trend = _trend(asked, row)
    figure = figures.months(trend, row["currency"], language, dark=False)
    alt = figures.months_in_words(trend, row["currency"], language) if figure is not None else ""
    return Section(
        name=asked.say("report.customer"),
        message=f"{asked.say('report.next_step')}: {step[0]}",
        lines=(step[1],),
        cards=messages.customer_cards(row, numbers.values, numbers.open_orders, language),
        facts=messages.facts(row, language),
        drawings=drawings((asked.say("report.months"), figure, alt)),
    )


def _trend(asked: Request, row: Row) -> pl.DataFrame:
    """The revenue of the last twelve months: month_on, revenue."""
    months = [month.first for month in months_until(period("month", asked.as_of), MONTHS)]
    revenue = row["trend"] or [0.0] * MONTHS
    return pl.DataFrame({"month_on": months, "revenue": revenue}, schema={"month_on": pl.Date, "revenue": pl.Float64})


def _open(asked: Request) -> Section:
    known = orders.orders(asked.viewer, asked.scope, version=asked.version)
    own = known.filter(pl.col("customer_id") == asked.customer)
    grid = orders_grid(asked, own, "report.open_orders", "report.no_rows")
    return Section(
        name=asked.say("report.open_orders"),
        message=asked.say("report.open_orders.title", count=own.height),
        grids=(grid,),
    )


def _past(asked: Request) -> Section:
    viewer, version, language = asked.viewer, asked.version, asked.language
    events = customers.events(viewer, asked.scope, asked.customer, version=version)
    people = customers.contacts(viewer, asked.scope, asked.customer, version=version)
    is_masked = not viewer.may("personal_data")
    happened = Grid(
        table=tables.timeline(events, language), title=asked.say("customer.timeline"), none=asked.say("report.no_rows")
    )
    contacts = Grid(
        table=tables.contacts(people, language, masked=is_masked),
        title=asked.say("customer.contacts"),
        none=asked.say("report.no_rows"),
    )
    return Section(
        name=asked.say("customer.timeline"),
        message=asked.say("report.events.title", count=events.height),
        grids=(happened, contacts),
        notes=(asked.say("customer.timeline.note"),) if is_masked else (),
    )
