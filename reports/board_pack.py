"""The board pack: where the firm stands against plan, what moved and why, what waits for a decision, and the risks."""

from collections.abc import Mapping
from dataclasses import replace
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
MOST_MOVED, MOST_CAUSES, LEAST_SHARE = 3, 4, 0.1
MOST_DECISIONS, MOST_RISKS, MOST_LATE = 12, 16, 5
BEHIND = ("warn", "bad")


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
        asked = self.asked
        table = own_tables.numbers(self.read.values(), self.language)
        cards = overview.cards(self.read, self.language)
        drawn = [
            (messages.title(self.read[name], self.language), *self._trend(name)) for name in overview.drawn(self.read)
        ]
        return Section(
            name=asked.say("report.overview"),
            message=self._behind(),
            cards=tuple(cards.values()),
            drawings=drawings(*drawn),
            grids=(Grid(table=table, title=asked.say("report.numbers"), most=len(self.read)),),
        )

    def _behind(self) -> str:
        """How many of the numbers that are held to something are behind it; the leading one where none is."""
        judged = [found for reading in self.read.values() if (found := messages.verdict(reading)) is not None]
        if not judged:
            return messages.title(self.read[overview.leading(self.read)], self.language)
        behind = sum(found.tone in BEHIND for found in judged)
        words = "report.standing.behind" if behind else "report.standing.none"
        return self.asked.say(words, count=behind, all=len(judged))

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
            message=self._because(effects, reading),
            lines=(asked.say("moved.drivers"),) if facts else (),
            facts=tuple(facts),
            drawings=drawings(*drawn),
            notes=(messages.caption(reading, self.language), *([] if facts else [asked.say("driver.chance")])),
        )

    def _because(self, effects: pl.DataFrame, reading: Reading) -> str:
        """The effect that weighs most; what the number is where there is nothing to compare it with."""
        if effects.is_empty() or reading.compared is None or reading.value is None:
            return messages.title(reading, self.language)
        largest = effects.sort(pl.col("amount").abs(), "effect").row(-1, named=True)
        amount = messages.difference(reading.metric, largest["amount"], reading.currency, self.language)
        called, before = f"metric.{reading.metric.name}", f"report.against.{reading.comparison}"
        effect = self.asked.say(f"effect.{largest['effect']}").lower()
        told = {"metric": self.asked.say(called), "before": self.asked.say(before), "effect": effect, "amount": amount}
        return self.asked.say("report.moved.because", **told)

    def decisions(self) -> Section:
        """What waits for a decision."""
        asked, waiting = self.asked, self.waiting
        words = "report.decisions.waiting" if waiting.height else "report.decisions.none"
        grid = Grid(
            table=decision_tables.decisions(waiting, self.language),
            title=asked.say("report.decisions"),
            most=MOST_DECISIONS,
            none=asked.say("overview.decisions.none"),
        )
        return Section(
            name=asked.say("report.decisions"),
            message=asked.say(words, count=waiting.height, first=self._first()),
            grids=(grid,),
        )

    def _first(self) -> str:
        """What the decision with most at stake is about; nothing where none waits."""
        rows = self.waiting.head(1).iter_rows(named=True)
        return next((sentence(row, self.language)[0] for row in rows), "")

    def _risks(self) -> list[Section]:
        """Stock-outs, late orders and idle stock, as far as the viewer may see them."""
        asked, found = self.asked, []
        if asked.viewer.may("inventory.read"):
            risks = stock_outs.risks(asked.viewer, asked.scope, version=asked.version)
            found.append(_shorter(planners_week.risk(asked, risks), MOST_RISKS))
        if asked.viewer.may("sales.read"):
            known = orders.orders(asked.viewer, asked.scope, version=asked.version)
            found.append(_shorter(sales_week.late(asked, known), MOST_LATE))
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


def _shorter(section: Section, most: int) -> Section:
    """The section with the first rows of its tables on pages and slides, as many as one page has room for."""
    return replace(section, grids=tuple(replace(grid, most=min(grid.most, most)) for grid in section.grids))
