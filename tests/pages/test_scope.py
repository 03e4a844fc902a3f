"""The period and the filters beside a page: codes in the address, words on the screen."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from analytics.periods import CODES, COMPARISONS, EARLIEST, is_period
from analytics.scope import Scope
from display.words import LANGUAGES, say
from pages.parts import menu, scope
from pages.parts.menu import ENTRIES
from tests.pages import firms
from tests.pages.agent import application

FRIDAY = date(2026, 11, 27)
EVERYTHING = (*scope.WHEN, *scope.WHERE)
PARTS: dict[str, dict[str, str | None]] = {
    "companies": {"c1": "One"},
    "sites": {"north": "North", "shop": "**Shop**"},
    "regions": {"N": "N", "S": "S"},
    "categories": {},
    "suppliers": {"v1": "Vendor 1", "v2": None},
}
MADE_UP = ["", "month ", "last_week", "2026-13", "2026-05-02..2026-05-01", "1.1.2026", "<script>", "two_days", "\x00"]


def filters_alone(shown: tuple[str, ...], parts: dict[str, dict[str, str | None]], language: str) -> None:
    """A script: the widgets of a page that shows these filters, on a Friday, and what they ask for."""
    from datetime import date

    import polars as pl
    import streamlit as st

    from pages.parts import address, scope

    schema = {"key": pl.String, "name": pl.String}
    choices = {part: pl.DataFrame(list(names.items()), schema, orient="row") for part, names in parts.items()}
    when = scope.when(shown, date(2026, 11, 27), language)
    st.session_state["asked"] = scope.where(shown, choices, when, language)
    st.session_state["address"] = address.parameters()


def opened(language: str = "en", shown: tuple[str, ...] = EVERYTHING, **address: str | list[str]) -> AppTest:
    run = AppTest.from_function(filters_alone, args=(shown, PARTS, language), default_timeout=30)
    for name, codes in address.items():
        run.query_params[name] = codes
    run.run()
    assert not run.exception
    return run


def asked(run: AppTest) -> scope.Chosen:
    chosen: scope.Chosen = run.session_state["asked"]
    return chosen


def in_address(run: AppTest) -> dict[str, list[str]]:
    address: dict[str, list[str]] = run.session_state["address"]
    return address


def test_without_an_address_the_usual_is_asked() -> None:
    run = opened()
    assert asked(run).scope == Scope()
    assert asked(run).left_out == ""
    assert in_address(run) == {}


def test_every_period_that_is_offered_is_one_and_can_be_chosen() -> None:
    offered = [code for code in scope._offered("month", FRIDAY) if code != scope.TWO_DAYS]
    assert set(CODES) < set(offered)
    assert [code for code in offered if not is_period(code)] == []
    assert offered[-scope.MONTHS :][:2] == ["2026-11", "2026-10"]
    assert offered[-1] == "2024-12"


@pytest.mark.parametrize("language", LANGUAGES)
def test_choosing_a_period_writes_its_code_whatever_the_language(language: str) -> None:
    run = opened(language)
    run.selectbox(key="choose_period").set_value("last_quarter").run()
    assert in_address(run) == {"period": ["last_quarter"]}
    assert asked(run).scope.period == "last_quarter"
    run.selectbox(key="choose_period").set_value("month").run()
    assert in_address(run) == {}


@pytest.mark.parametrize("code", ["last_year", "2025-02", "2026-Q2", "2019", "days_45", "2026-01-15..2026-03-04"])
def test_any_period_in_the_address_is_asked_for_and_shown(code: str) -> None:
    run = opened(period=code)
    assert asked(run).scope.period == run.selectbox(key="choose_period").value == code
    assert in_address(run) == {"period": [code]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", MADE_UP)
def test_a_period_that_is_none_is_left_out_and_told_in_one_sentence(code: str, language: str) -> None:
    chosen = asked(opened(language, period=code))
    assert chosen.scope == Scope()
    told = f"{say(language, 'period')} “{code}”"
    assert chosen.left_out == say(language, "filters.left_out", asked=told)


def test_two_days_start_from_the_period_so_far_and_are_chosen_one_by_one() -> None:
    run = opened()
    run.selectbox(key="choose_period").set_value(scope.TWO_DAYS).run()
    assert asked(run).scope.period == "2026-11-01..2026-11-27"
    run.date_input(key="choose_first_day").set_value(date(2026, 11, 9)).run()
    assert in_address(run) == {"period": ["2026-11-09..2026-11-27"]}
    run.date_input(key="choose_last_day").set_value(date(2026, 11, 2)).run()
    assert asked(run).scope.period == "2026-11-02..2026-11-09"


@pytest.mark.parametrize("day", [None, EARLIEST])
def test_days_that_make_no_period_change_nothing(day: date | None) -> None:
    run = opened(period="2026-11-02..2026-11-09")
    run.date_input(key="choose_first_day").set_value(day).run()
    assert asked(run).scope.period == "2026-11-02..2026-11-09"
    assert run.date_input(key="choose_first_day").value == date(2026, 11, 2)


@pytest.mark.parametrize("name", COMPARISONS)
def test_what_it_is_compared_with_stands_in_the_address_and_its_days_are_told(name: str) -> None:
    run = opened(vs=name)
    assert asked(run).scope.comparison == name
    days = {"last_year": "1–27 Nov 2025", "before": "1–27 Oct 2026"}[name].replace(" ", " ")
    assert [caption.value for caption in run.caption] == [f"1–27 Nov 2026 against {days}"]
    assert asked(opened(vs="tomorrow")).scope.comparison == "last_year"


def test_filters_are_asked_by_code_and_told_by_name() -> None:
    chosen = asked(opened(site=["shop", "north"], supplier="v2", period="last_month"))
    assert chosen.scope == Scope(sites=("north", "shop"), suppliers=("v2",), period="last_month")
    assert chosen.told == {
        "Period": "Last month (1–31 Oct 2026)",
        "Compared with": "Last year",
        "Site": "North, **Shop**",
        "Supplier": "v2",
    }


def test_a_filter_with_a_single_choice_or_none_is_not_shown() -> None:
    shown = {widget.key for widget in opened().multiselect}
    assert shown == {"choose_site", "choose_region", "choose_supplier"}


def test_what_is_not_among_the_choices_is_left_out_and_told() -> None:
    chosen = asked(opened(site=["shop", "moon"], company=["c1", "c2"], category="x" * 99, vs="tomorrow"))
    assert chosen.scope == Scope(sites=("shop",))
    told = f"Company “c2”, Site “moon”, Category “{'x' * scope.LONGEST_CODE}”, Compared with “tomorrow”"
    assert chosen.left_out == say("en", "filters.left_out", asked=told)


def test_a_page_asks_only_by_what_it_shows() -> None:
    run = opened(shown=("site",), period="nonsense", vs="before", region="N", site="shop")
    assert asked(run).scope == Scope(sites=("shop",))
    assert asked(run).left_out == ""
    assert not run.selectbox
    assert {widget.key for widget in run.multiselect} == {"choose_site"}


def test_clearing_asks_for_the_whole_firm_and_keeps_the_period() -> None:
    run = opened(site="shop", region="N", period="last_month")
    run.button(key="clear_filters").click().run()
    assert in_address(run) == {"period": ["last_month"]}
    assert asked(run).scope == Scope(period="last_month")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_page_shows_filters_that_there_are_and_a_comparison_only_with_a_period(entry: menu.Entry) -> None:
    assert set(entry.filters) <= set(EVERYTHING)
    assert scope.COMPARISON not in entry.filters or scope.PERIOD in entry.filters


def test_every_filter_is_a_part_of_a_scope() -> None:
    assert {*scope.FILTERS.values()} <= set(vars(Scope()))
    frame = pl.DataFrame({"key": ["a"], "name": [None]}, schema={"key": pl.String, "name": pl.String})
    assert scope._names(frame) == {"a": "a"}


def test_a_link_that_asks_in_vain_shows_the_page_and_says_so(home: Path) -> None:
    firms.busy()
    with application(home) as visitor:
        for language in LANGUAGES:
            screen = visitor.open("inventory", site=["shop", "<b>moon</b>"], lang=language)
            assert screen.title
            (told,) = [text for text in screen.texts("caption") if "moon" in text]
            assert r"\<b\>moon\</b\>" in told
            assert screen.element("choose_site")["value"] == ["Shop"]


def asks(screen: Any) -> dict[str, list[str]]:
    address: dict[str, list[str]] = screen.answer["query_params"]
    return address


def test_the_menu_keeps_what_is_asked_and_an_address_that_asks_is_taken_at_its_word(home: Path) -> None:
    firms.busy()
    with application(home) as visitor:
        session = visitor.open("inventory", site="shop", lang="zh").answer["session_id"]
        kept = visitor.ask(session_id=session, page="health", query_params={})
        assert asks(kept) == {"site": ["shop"], "lang": ["zh"]}
        told = visitor.ask(session_id=session, page="inventory", query_params={"region": ["N"]})
        assert asks(told) == {"region": ["N"]}


def test_what_a_link_to_evidence_asks_for_is_left_with_it(home: Path) -> None:
    firms.busy()
    with application(home) as visitor:
        session = visitor.open("inventory", site="shop").answer["session_id"]
        evidence = {"region": ["N"], "evidence": ["1"]}
        assert asks(visitor.ask(session_id=session, page="stock", query_params=evidence)) == evidence
        assert asks(visitor.ask(session_id=session, page="health", query_params={})) == {"site": ["shop"]}


def test_what_is_chosen_beside_evidence_is_kept(home: Path) -> None:
    firms.busy()
    with application(home) as visitor:
        asked = {"region": ["N"], "evidence": ["1"]}
        session = visitor.ask(page="stock", query_params=asked).answer["session_id"]
        chosen = visitor.ask(session_id=session, widget_state={"choose_site": ["Shop"]})
        assert asks(chosen) == {"region": ["N"], "site": ["shop"]}
        assert asks(visitor.ask(session_id=session, page="health", query_params={})) == asks(chosen)
