"""What a report is made of: sections, each with its message, and the cards, figures and tables that show it.

A report knows nothing of formats: every format shows the same sections, in the same order.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from display.messages import Card, Fact
from display.tables import CURRENCY, Shown
from reports.about import About

ROWS_OF_PAGES = 25


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table with its title. ``most``: how many rows pages and slides show, which then say of how many; workbook, CSV
    and Parquet always hold all of them. ``summed``: columns whose values may be added up."""

    table: Shown
    title: str
    most: int = ROWS_OF_PAGES
    summed: tuple[str, ...] = ()
    none: str = ""

    @property
    def totals(self) -> Mapping[str, object]:
        """The sums by column; none where rows are in several currencies, which are never added up, or where there is
        only one row."""
        frame = self.table.frame
        shown = {column.name for column in self.table.columns}
        if frame.height < 2 or CURRENCY in shown:
            return {}
        known = (name for name in self.summed if name in shown and frame[name].is_not_null().any())
        return {name: frame.select(pl.col(name).sum()).item() for name in known}


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A figure as the screen shows it, with its title, and in words for who does not see it."""

    title: str
    figure: go.Figure
    alt: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """One message and what shows it. ``name``: what it is about; ``lines``: sentences; ``notes``: what to keep in mind
    when reading it."""

    name: str
    message: str
    lines: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    facts: tuple[Fact, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report for one reader: what it says of itself, its message, what that rests on, and its sections."""

    about: About
    message: str
    caption: str
    sections: tuple[Section, ...]

    @property
    def grids(self) -> tuple[Grid, ...]:
        """All tables, in their order."""
        return tuple(grid for section in self.sections for grid in section.grids)

    @property
    def rows(self) -> int:
        """How many rows all tables hold together."""
        return sum(grid.table.frame.height for grid in self.grids)

    @property
    def definitions(self) -> Mapping[str, str]:
        """What each number on a card means, by its name."""
        return {card.label: card.help for section in self.sections for card in section.cards if card.help}


def drawings(*drawn: tuple[str, go.Figure | None, str]) -> tuple[Drawing, ...]:
    """Title, figure and words of each drawing; without those of which there is nothing to draw."""
    return tuple(Drawing(title=title, figure=figure, alt=alt) for title, figure, alt in drawn if figure is not None)


__all__ = ["Drawing", "Grid", "Report", "Section", "drawings"]
