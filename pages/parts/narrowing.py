"""Filters of a list by its columns: in the address, so that a saved view keeps them, a link hands them on, and every
file says what it was narrowed by."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
import streamlit as st

from display.tables import Shown
from display.words import say
from pages.parts import address, states, tables
from pages.parts.cache import beside
from pages.parts.visit import Visit

WIDTH, PANEL = 240, 500
PERCENT = 100
NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")


@dataclass(frozen=True)
class Filter:
    """A column by which a list is narrowed to some of its values. ``words``: where values are codes, the phrases for
    them, up to the code; ``named_by``: the column that says what a value is called; ``of_day``: where it is a day, what
    that is called in a language."""

    column: str
    words: str = ""
    named_by: str = ""
    of_day: Callable[[date, str], str] | None = None


@dataclass(frozen=True)
class Least:
    """A column by which a list is narrowed to values from a least one on; a share is asked for in percent."""

    column: str
    is_share: bool = False

    @property
    def units(self) -> int:
        """How many of what is asked for make one of the column."""
        return PERCENT if self.is_share else 1


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed to: by column the codes that stay, and the least value."""

    codes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    least: tuple[tuple[str, float], ...] = ()

    def with_codes(self, column: str, *codes: str) -> "Narrowed":
        """Narrowed to some values of another column as well."""
        return replace(self, codes=((column, codes), *self.codes))

    def rows(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows that stay, in their order; where nothing is known of a row, it does not stay."""
        return _stay(rows, self)


@beside
def _stay(rows: pl.DataFrame, narrowed: Narrowed) -> pl.DataFrame:
    kept = [pl.col(column).cast(pl.String).is_in(list(codes)) for column, codes in narrowed.codes]
    high = [pl.col(column) >= least for column, least in narrowed.least]
    return rows.filter(*kept, *high)


Choices = Mapping[str, Mapping[str, str]]
"""By column, and code, what it is called."""


@dataclass(frozen=True)
class Listing:
    """A table and the columns by which it is narrowed; its name is that of the table."""

    table: str
    by: tuple[Filter | Least, ...]

    def code(self, column: str) -> str:
        """What a filter is called in the address."""
        return f"{self.table}.{column}"

    def choices(self, rows: pl.DataFrame, language: str) -> Choices:
        """What there is to choose from in each column; one without values, or one that a reader may not see, has
        none."""
        return {one.column: _named(rows, one, language) for one in self.by if isinstance(one, Filter)}

    def asked(self, known: Choices) -> Narrowed:
        """What the address narrows the table to, as far as the table has it."""
        codes = {name: address.codes(self.code(name), list(names)) for name, names in known.items() if names}
        least = {one.column: self.asked_least(one) for one in self.by if isinstance(one, Least)}
        return Narrowed(
            tuple((column, tuple(chosen)) for column, chosen in codes.items() if chosen),
            tuple((column, value) for column, value in least.items() if value is not None),
        )

    def asked_least(self, one: Least) -> float | None:
        """The number in the address, as far as it is one, and of a share no more than all."""
        text = st.query_params.get(self.code(one.column), "")
        value = float(text) if NUMBER.fullmatch(text) else None
        return None if value is None or (one.is_share and value > PERCENT) else value / one.units

    def told(self, narrowed: Narrowed, known: Choices, language: str) -> dict[str, str]:
        """The same in words: by the heading of a column what of it is asked for."""
        some = {
            say(language, f"column.{self.code(column)}"): ", ".join(known[column][code] for code in codes)
            for column, codes in narrowed.codes
        }
        asked = dict(narrowed.least)
        limits = [one for one in self.by if isinstance(one, Least) and one.column in asked]
        return some | {self._label(one, language): f"{asked[one.column] * one.units:.10g}" for one in limits}

    def menu(self, known: Choices, visit: Visit) -> None:
        """The button behind which the list is narrowed; its content is drawn when it is opened."""
        narrowed = self.asked(known)
        number = len(narrowed.codes) + len(narrowed.least)
        label = visit.say("filters.count", count=number) if number else visit.say("filters")
        icon, key = ":material/filter_alt:", f"narrow_{self.table}"
        with st.popover(label, icon=icon, type="tertiary", key=key, on_change="rerun") as opened:
            if opened.open:
                with st.container(horizontal=True, gap="small", width=PANEL, key=f"filters_of_{self.table}"):
                    for one in self.by:
                        self._widget(one, known, visit)
                if number:
                    key = f"clear_{self.table}"
                    st.button(visit.say("filter.clear"), key=key, type="tertiary", on_click=self._clear)

    def _clear(self) -> None:
        for one in self.by:
            address.put(self.code(one.column), [])

    def _label(self, one: Least, language: str) -> str:
        column = say(language, f"column.{self.code(one.column)}")
        return say(language, "narrowing.least.percent" if one.is_share else "narrowing.least", column=column)

    def _widget(self, one: Filter | Least, known: Choices, visit: Visit) -> None:
        if isinstance(one, Least):
            self._least(one, visit)
        elif names := known[one.column]:
            address.choices(
                self.code(one.column),
                visit.say(f"column.{self.code(one.column)}"),
                list(names),
                format_func=names.__getitem__,
                placeholder=visit.say("filter.all"),
                width=WIDTH,
            )

    def _least(self, one: Least, visit: Visit) -> None:
        key, known = f"least_{self.code(one.column)}", self.asked_least(one)
        st.session_state[key] = None if known is None else round(known * one.units, 2)
        st.number_input(
            self._label(one, visit.language),
            min_value=0.0,
            max_value=float(PERCENT) if one.is_share else None,
            step=5.0 if one.is_share else 100.0,
            format="%.0f",
            key=key,
            on_change=_put_least,
            args=(self.code(one.column), key),
            width=WIDTH,
        )


def _put_least(code: str, key: str) -> None:
    value = st.session_state[key]
    address.put(code, [f"{value:.2f}".rstrip("0").rstrip(".")] if value else [])


def _named(rows: pl.DataFrame, one: Filter, language: str) -> dict[str, str]:
    names = rows.select(code=one.column, name=one.named_by or one.column).drop_nulls("code").unique("code").sort("code")
    told = {_code(code): _called(one, code, name, language) for code, name in names.iter_rows()}
    return told if one.of_day else dict(sorted(told.items(), key=lambda pair: (pair[1], pair[0])))


def _code(value: object) -> str:
    """As the column's own text is: of a truth, true or false."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _called(one: Filter, code: object, name: object, language: str) -> str:
    if one.of_day and isinstance(code, date):
        return one.of_day(code, language)
    known = ("yes" if code else "no") if isinstance(code, bool) else code
    return say(language, f"{one.words}{known}") if one.words else str(name or code)


def in_words(told: Mapping[str, str]) -> str:
    """The same as one line."""
    return " · ".join(f"{name}: {value}" for name, value in told.items())


def telling(visit: Visit, told: Mapping[str, str]) -> Visit:
    """The visit, with what a list is narrowed by besides: its files say so."""
    return replace(visit, filters={**visit.filters, **told})


def drill(table: Shown, keys: Sequence[str], code: str, visit: Visit, *, key: str, alt: str, none: str = "") -> None:
    """A table in which choosing a row narrows a list to what the row counts, and choosing it again widens it. ``keys``:
    for each row the code that the address asks for by the name ``code``."""
    if table.frame.is_empty() and none:
        states.note(none)
        return
    tables.choose_key(table, (code, keys), visit, key=key, alt=alt, required=False)
