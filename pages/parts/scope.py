"""What is asked: the period, the filters, and what a page is grouped by. All of it stands in the address, as codes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from analytics.periods import CODES, COMPARISONS, EARLIEST, LATEST, compared, is_period, months_until, period
from analytics.scope import Scope
from display import periods
from display.words import say
from pages.parts import address

FILTERS = {
    "company": "companies",
    "site": "sites",
    "region": "regions",
    "category": "categories",
    "supplier": "suppliers",
}
PERIOD, COMPARISON = "period", "vs"
WHERE, WHEN = tuple(FILTERS), (PERIOD, COMPARISON)
USUAL = Scope()
TWO_DAYS = "two_days"
MONTHS = 24
LONGEST_CODE = 40
APART = ("site", "region")
GROUPINGS = ("category", "site", "region", "supplier")

Names = Mapping[str, str]


@dataclass(frozen=True)
class Chosen:
    """What is asked; ``told``: the same in words, by what each choice is called; ``left_out``: what the address asks
    for that does not exist, or not for this viewer, as one sentence."""

    scope: Scope = field(default_factory=Scope)
    told: Mapping[str, str] = field(default_factory=dict)
    left_out: str = ""


def when(shown: Collection[str], as_of: date, language: str) -> Chosen:
    """The widgets of period and comparison, where a page shows them, and what they ask for."""
    code, comparison = USUAL.period, USUAL.comparison
    told: dict[str, str] = {}
    if PERIOD in shown:
        code = _period(as_of, language)
        told[say(language, "period")] = _period_told(code, as_of, language)
    if COMPARISON in shown:
        comparison = _comparison(code, as_of, language)
        told[say(language, "comparison")] = say(language, f"comparison.{comparison}")
    return Chosen(Scope(period=code, comparison=comparison), told)


def where(shown: Collection[str], choices: Mapping[str, pl.DataFrame], asked: Chosen, language: str) -> Chosen:
    """The widgets of the filters that a page shows, and what is asked with them. One without a choice is not shown."""
    names = {name: _names(choices[part]) for name, part in FILTERS.items() if name in shown}
    picked = _filters({name: known for name, known in names.items() if len(known) > 1}, language)
    told = {
        say(language, f"filter.{name}"): ", ".join(names[name][key] for key in keys) for name, keys in picked.items()
    }
    parts: dict[str, Any] = {FILTERS[name]: keys for name, keys in picked.items()}
    return Chosen(replace(asked.scope, **parts), {**asked.told, **told}, _left_out(shown, names, language))


def _names(choice: pl.DataFrame) -> dict[str, str]:
    """From code to name; the code itself where nobody named it."""
    return {key: name or key for key, name in choice.select("key", "name").iter_rows()}


def _filters(names: Mapping[str, Names], language: str) -> dict[str, tuple[str, ...]]:
    """The filters of part of the firm that offer a choice: what is picked of each that is."""
    number = sum(bool(address.codes(name, list(known))) for name, known in names.items())
    label = say(language, "filters.count", count=number) if number else say(language, "filters")
    if not names:
        return {}
    with st.expander(label, expanded=number > 0, icon=":material/filter_alt:", key="narrowing"):
        picked = {name: _filter(name, known, language) for name, known in names.items()}
        if number:
            icon = ":material/close:"
            st.button(say(language, "filter.clear"), key="clear_filters", type="tertiary", icon=icon, on_click=clear)
    return {name: keys for name, keys in picked.items() if keys}


def _filter(name: str, names: Names, language: str) -> tuple[str, ...]:
    label, everything = say(language, f"filter.{name}"), say(language, "filter.all")
    return address.choices(name, label, list(names), format_func=names.__getitem__, placeholder=everything)


def clear() -> None:
    """Asks for the whole firm again; the period stays."""
    for name in (*FILTERS, "search"):
        address.put(name, [])


def _asked_period() -> str:
    """The period in the address; the usual one where there is none, or none of that name."""
    asked = st.query_params.get(PERIOD, USUAL.period)
    return asked if is_period(asked) else USUAL.period


def _period(as_of: date, language: str) -> str:
    """The choice of a period: the usual ones, the last months, or two days that are chosen below."""
    code, key = _asked_period(), "choose_period"
    st.session_state[key] = code
    st.selectbox(
        say(language, "period"),
        _offered(code, as_of),
        key=key,
        format_func=lambda offered: _period_name(offered, language),
        on_change=_put_period,
        args=(key, as_of),
        icon=":material/date_range:",
    )
    if ".." in code:
        _two_days(code, language)
    return code


def _offered(code: str, as_of: date) -> list[str]:
    months = [f"{month.first:%Y-%m}" for month in reversed(months_until(period("month", as_of), MONTHS))]
    usual = [*CODES, *months]
    own = [] if code in usual else [code]
    two_days = [] if ".." in code else [TWO_DAYS]
    return [*own, *CODES, *two_days, *months]


def _period_name(code: str, language: str) -> str:
    return say(language, "period.two_days") if code == TWO_DAYS else periods.name(code, language)


def _period_told(code: str, as_of: date, language: str) -> str:
    name, days = periods.name(code, language), periods.days(period(code, as_of), language)
    return name if name == days else f"{name} ({days})"


def _put_period(key: str, as_of: date) -> None:
    code = st.session_state[key]
    if code == TWO_DAYS:
        known = period(_asked_period(), as_of)
        code = f"{known.first}..{max(known.first, known.until)}"
    address.put(PERIOD, [] if code == USUAL.period else [code])


def _two_days(code: str, language: str) -> None:
    """The first and the last day of the period."""
    keys = {side: f"choose_{side}_day" for side in ("first", "last")}
    for side, day in zip(keys, code.split(".."), strict=True):
        st.session_state[keys[side]] = date.fromisoformat(day)
        st.date_input(
            say(language, f"period.{side}"),
            None,
            key=keys[side],
            min_value=EARLIEST,
            max_value=LATEST,
            format="YYYY-MM-DD",
            on_change=_put_days,
            args=tuple(keys.values()),
        )


def _put_days(*keys: str) -> None:
    """The period from the earlier to the later of the two days; what is no period changes nothing."""
    days = [st.session_state[key] for key in keys]
    if all(days) and is_period(code := f"{min(days)}..{max(days)}"):
        address.put(PERIOD, [code])


def _comparison(code: str, as_of: date, language: str) -> str:
    """The choice of what the period is compared with, and the days of both."""
    comparison = address.choice(
        COMPARISON,
        st.segmented_control,
        say(language, "comparison"),
        COMPARISONS,
        USUAL.comparison,
        format_func=lambda name: say(language, f"comparison.{name}"),
        required=True,
        width="stretch",
        label_visibility="collapsed",
    )
    asked = period(code, as_of)
    now, then = (periods.days(one, language) for one in (asked, compared(asked, comparison)))
    st.caption(say(language, "comparison.days", now=now, then=then))
    return comparison


def _left_out(shown: Collection[str], names: Mapping[str, Names], language: str) -> str:
    """What the address asks for in vain, as one sentence; empty where there is nothing of the kind."""
    unknown = {name: [code for code in st.query_params.get_all(name) if code not in names[name]] for name in names}
    if PERIOD in shown:
        unknown[PERIOD] = [code for code in st.query_params.get_all(PERIOD) if not is_period(code)]
    if COMPARISON in shown:
        unknown[COMPARISON] = [code for code in st.query_params.get_all(COMPARISON) if code not in COMPARISONS]
    asked = [f"{_label(name, language)} “{code[:LONGEST_CODE]}”" for name, codes in unknown.items() for code in codes]
    return say(language, "filters.left_out", asked=", ".join(asked)) if asked else ""


def _label(name: str, language: str) -> str:
    return say(language, {PERIOD: "period", COMPARISON: "comparison"}.get(name, f"filter.{name}"))


def grouping(language: str) -> str:
    """The choice of what a page is grouped by."""
    label = say(language, "inventory.groups.by")
    return address.choice(
        "group",
        st.segmented_control,
        label,
        GROUPINGS,
        GROUPINGS[0],
        format_func=lambda name: say(language, f"grouping.{name}"),
        required=True,
        label_visibility="collapsed",
    )
