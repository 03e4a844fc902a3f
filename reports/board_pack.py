"""The board pack: where the firm stands against plan, what moved and why, what waits for a decision, and the risks."""

from collections.abc import Mapping
from functools import cached_property

import plotly.graph_objects as go
import polars as pl

from analytics.drivers import BY_CHANCE
from answers import changes, metrics, orders, stock, stock_outs
from answers.decisions import decisions
from answers.metrics import Reading
from display.figures import contributions as bridges
from display.figures import metrics as figures
from display.messages import contributions as causes
from display.messages import metrics as messages
from display.messages import overview
from display.messages import stock as stock_messages
from display.messages.decisions import sentence
from display.tables import decisions as decision_tables
from display.tables import reports as own_tables
from reports import planners_week, sales_week, stock_valuation
from reports.content import Grid, Report, Section, drawings
from reports.request import Request

MOVED = ("revenue", "orders_taken", "gross_margin", "gross_margin_rate", "on_time_in_full")
MOST_MOVED, MOST_CAUSES, LEAST_SHARE, MOST_RISKS = 3, 4, 0.1, 10
FIRST_DECISIONS = 3


def report(asked: Request) -> Report:
    """The report for one reader; raises ``NotAllowed`` for who may not see the overview."""
    return Pack(asked).report


class Pack:
    """What a board pack is made of, each answer asked once."""

    def __init__(self, asked: Request) -> None:
        self.asked, self.language = asked, asked.language

    @cached_property
    def read(self) -> Mapping[str, Reading]:
        """Every number that the viewer may see."""
        asked = self.asked
        names = [metric.name for metric in metrics.shown(asked.viewer)]
        return {name: metrics.value(asked.viewer, asked.scope, name, version=asked.version) for name in names}

    @cached_property
    def waiting(self) -> pl.DataFrame:
        """What waits for a decision."""
        return decisions(self.asked.viewer, self.asked.scope, version=self.asked.version)

    @cached_property
    def report(self) -> Report:
        """The whole pack."""
        return Report(
            about=self.asked.about(self.asked.say("report.board_pack")),
            message=overview.title(self.read, self.waiting, self.language),
            caption=overview.caption(self.read, self.language),
            sections=(self.standing(), *self.moved(), self.decisions(), *self._risks()),
        )

    def standing(self) -> Section:
        """Every number against plan and last year."""
        asked, leading = self.asked, self.read[overview.leading(self.read)]
        table = own_tables.numbers(self.read.values(), self.language)
        cards = overview.cards(self.read, self.language)
        drawn = [
            (messages.title(self.read[name], self.language), *self._trend(name)) for name in overview.drawn(self.read)
        ]
        return Section(
            name=asked.say("report.overview"),
            message=messages.title(leading, self.language),
            cards=tuple(cards.values()),
            drawings=drawings(*drawn),
            grids=(Grid(table=table, title=asked.say("report.numbers"), most=len(self.read)),),
        )

    def _trend(self, name: str) -> tuple[go.Figure | None, str]:
        reading = self.read[name]
        series = metrics.series(self.asked.viewer, self.asked.scope, name, version=self.asked.version)
        figure = figures.trend(series, reading.metric, reading.currency, self.language, dark=False)
        return figure, figures.alternative(series, reading.metric, reading.currency, self.language)

    def moved(self) -> list[Section]:
        """A section for each of the first numbers that moved: from before to now, and who and what did it."""
        told = [name for name in MOVED if name in self.read and self.read[name].change is not None]
        return [self._why(name) for name in told[:MOST_MOVED]]

    def _why(self, name: str) -> Section:
        asked, reading = self.asked, self.read[name]
        called = asked.say(f"metric.{name}")
        effects = changes.effects(asked.viewer, asked.scope, name, version=asked.version)
        drivers = changes.drivers(asked.viewer, asked.scope, name, version=asked.version)
        is_clear = (pl.col("surprise") >= BY_CHANCE) & (pl.col("share").abs() >= LEAST_SHARE)
        facts = causes.listed(drivers.filter(is_clear).head(MOST_CAUSES), name, reading.currency, self.language)
        drawn = [(asked.say("report.moved.trend", metric=called), *self._trend(name))]
        if effects.height and reading.compared is not None and reading.value is not None:
            way = (effects, reading.compared, reading.value, name, reading.currency, self.language)
            title = asked.say("report.moved.bridge", metric=called)
            drawn.append((title, bridges.bridge(*way, dark=False), bridges.bridge_in_words(*way)))
        return Section(
            name=asked.say("report.moved"),
            message=messages.title(reading, self.language),
            lines=(asked.say("moved.drivers"),) if facts else (),
            facts=tuple(facts),
            drawings=drawings(*drawn),
            notes=(messages.caption(reading, self.language), *([] if facts else [asked.say("driver.chance")])),
        )

    def decisions(self) -> Section:
        """What waits for a decision."""
        asked, waiting = self.asked, self.waiting
        first = [sentence(row, self.language) for row in waiting.head(FIRST_DECISIONS).iter_rows(named=True)]
        words = "report.decisions.waiting" if waiting.height else "report.decisions.none"
        grid = Grid(
            table=decision_tables.decisions(waiting, self.language),
            title=asked.say("report.decisions"),
            none=asked.say("overview.decisions.none"),
        )
        return Section(
            name=asked.say("report.decisions"),
            message=asked.say(words, count=waiting.height),
            lines=tuple(" · ".join(part for part in told if part) for told in first),
            grids=(grid,),
        )

    def _risks(self) -> list[Section]:
        """Stock-outs, late orders and idle stock, as far as the viewer may see them."""
        asked, found = self.asked, []
        if asked.viewer.may("inventory.read"):
            risks = stock_outs.risks(asked.viewer, asked.scope, version=asked.version)
            found.append(planners_week.risk(asked, risks))
        if asked.viewer.may("sales.read"):
            found.append(sales_week.late(asked, orders.orders(asked.viewer, asked.scope, version=asked.version)))
        if asked.viewer.may("inventory.read"):
            found.append(self._idle())
        return found

    def _idle(self) -> Section:
        asked = self.asked
        positions = stock.positions(asked.viewer, asked.scope, version=asked.version)
        ages = stock.ages(asked.viewer, asked.scope, version=asked.version)
        return Section(
            name=asked.say("report.stock"),
            message=stock_messages.title(positions, self.language),
            cards=stock_messages.cards(positions, ages, self.language),
            drawings=stock_valuation.aged(asked, ages),
        )
