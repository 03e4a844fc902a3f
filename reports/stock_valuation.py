"""Stock valuation and ageing: what the stock is worth by every basis of cost, how old it is, what lies dead, and every
item."""

import polars as pl

from answers import stock
from display.figures import stock as figures
from display.messages import stock as messages
from display.tables import reports as own_tables
from display.tables import stock as tables
from reports.content import Drawing, Grid, Report, Section, drawings
from reports.request import Request

BASIS, MOST_ITEMS = "standard", 5_000
SUMMED = ("stock_value", "old_value", "dead_value", "excess_value", "excess_on_order_value")
GROUPINGS = ("category", "site")


def report(asked: Request) -> Report:
    """The report for one reader."""
    positions = stock.positions(asked.viewer, asked.scope, version=asked.version)
    ages = stock.ages(asked.viewer, asked.scope, version=asked.version)
    return Report(
        about=asked.about(asked.say("report.stock_valuation")),
        message=messages.title(positions, asked.language),
        caption=messages.caption(positions, asked.as_of, BASIS, asked.language),
        sections=(worth(asked, positions, ages), idle(asked, positions), items(asked, positions)),
    )


def aged(asked: Request, ages: pl.DataFrame) -> tuple[Drawing, ...]:
    """The figure of stock by age."""
    by_age = stock.by_age(ages)
    figure = figures.ages(by_age, asked.language, dark=False)
    return drawings((asked.say("report.ages"), figure, figures.ages_in_words(by_age, asked.language)))


def worth(asked: Request, positions: pl.DataFrame, ages: pl.DataFrame) -> Section:
    """What the stock is worth, by age, category, site and basis of cost."""
    language = asked.language
    grouped = [
        Grid(
            table=tables.holdings(stock.holdings(positions, ages, grouping), grouping, language),
            title=asked.say(f"report.by.{grouping}"),
            summed=SUMMED,
        )
        for grouping in GROUPINGS
    ]
    by_age = own_tables.ages(stock.by_age(ages), language)
    valued = Grid(table=tables.bases(stock.bases(positions), language), title=asked.say("stock.bases"))
    below = messages.below_zero(ages, language)
    return Section(
        name=asked.say("report.stock"),
        message=messages.title(positions, language),
        cards=messages.cards(positions, ages, language),
        drawings=aged(asked, ages),
        grids=(
            Grid(table=by_age, title=asked.say("report.ages"), summed=("value",)),
            *grouped,
            *([valued] if messages.sees_money(positions) else []),
        ),
        notes=tuple(note for note in (below, asked.say("stock.bases.note")) if note),
    )


def idle(asked: Request, positions: pl.DataFrame) -> Section:
    """What lies dead, or is more than needed."""
    found = stock.tied_up(positions)
    words = "report.tied_up.title" if found.height else "report.tied_up.none"
    return Section(
        name=asked.say("report.tied_up"),
        message=asked.say(words, count=found.height),
        grids=(
            Grid(
                table=tables.positions(found, asked.language),
                title=asked.say("report.tied_up"),
                summed=("tied_value",),
                none=asked.say("stock.ranked.none"),
            ),
        ),
    )


def items(asked: Request, positions: pl.DataFrame) -> Section:
    """Every item in stock, by class."""
    found = stock.by_class(positions)
    grid = Grid(
        table=tables.classes(found, asked.language),
        title=asked.say("report.every_item"),
        summed=("stock_value",),
        most=MOST_ITEMS,
        none=asked.say("report.no_rows"),
    )
    message = asked.say("report.every_item.title", count=found.height)
    return Section(name=asked.say("report.every_item"), message=message, grids=(grid,))
