"""What a reader is told of stock-outs: the title, the cards, the facts, the tables and the figures."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.stock_courses import EXPECTED
from analytics.stock_outs import RISKS, WAYS, WHEN
from display.figures import stock_outs as figures
from display.messages import stock_outs as messages
from display.tables import stock_outs as tables
from display.words import known

DAY = date(2026, 11, 22)
SCHEMA: dict[str, Any] = {**RISKS, "sku": pl.String, "name": pl.String, "name_zh": pl.String, "unit": pl.String,
                          "site": pl.String, "at_stake": pl.Float64, "at_stake_is": pl.String,
                          "currency": pl.String}  # fmt: skip
CALM: Mapping[str, object] = {
    "product_id": "a", "site_id": "s", "company_id": "c", "sku": "A-1", "name": "Valve", "site": "Ulm", "unit": "pcs",
    "p_7": 0.0, "p_14": 0.0, "p_28": 0.1, "p_84": 0.4, "p_before_receipt": 0.1, "p_before_new": 0.05,
    "when_to_order": "later", "order_by_on": DAY + timedelta(days=20), "new_receipt_on": DAY + timedelta(days=30),
    "on_hand": 9.0, "on_order": 0.0, "open_demand": 0.0, "daily_demand": 0.2, "units_lost": 0.1, "way": "buy",
    "lead_time_days": 23.0, "at_stake": 0.0, "at_stake_is": "margin", "currency": "EUR",
}  # fmt: skip
OUT: dict[str, Any] = {"p_7": 0.9, "p_14": 0.9, "p_28": 0.95, "when_to_order": "now", "at_stake": 42_300.0}


def risks(*rows: Mapping[str, object]) -> pl.DataFrame:
    return pl.DataFrame([{**CALM, **row} for row in rows], schema=SCHEMA)


def receipts(*rows: Mapping[str, object]) -> pl.DataFrame:
    usual = {"kind": "purchase", "number": "P1", "party": "Vendor", "is_overdue": False}
    schema = {**EXPECTED, "quantity": pl.Float64, "is_overdue": pl.Boolean}
    return pl.DataFrame([{**usual, **row} for row in rows], schema=schema)


@pytest.mark.parametrize(
    ("rows", "english"),
    [
        ([], "Stock-outs"),
        ([{}], "Nothing is likely to run out within 4 weeks"),
        ([{"when_to_order": "now"}], "Nothing is likely to run out within 4 weeks, if 1 item is ordered now"),
        ([OUT], "1 item will likely run out within 4 weeks; €42.3K of margin at stake; order it now"),
        (
            [OUT, OUT | {"product_id": "b"}],
            "2 items will likely run out within 4 weeks; €84.6K of margin at stake; order all of them now",
        ),
        (
            [OUT, OUT | {"product_id": "b", "when_to_order": "later", "at_stake": None}],
            "2 items will likely run out within 4 weeks; €42.3K of margin at stake; order 1 of them now",
        ),
        (
            [OUT | {"at_stake_is": "revenue", "when_to_order": "later"}],
            "1 item will likely run out within 4 weeks; €42.3K of sales at stake",
        ),
    ],
)
def test_the_title_says_the_message(rows: list[dict[str, Any]], english: str) -> None:
    assert messages.title(risks(*rows), "en") == english


def test_an_item_at_two_sites_is_one_item() -> None:
    told = messages.title(risks(OUT, OUT | {"site_id": "t", "at_stake": 0.0}), "zh")
    assert told == "1种物料可能在4周内缺货；涉及毛利€4.2万；须立即下单"


def test_cards_count_items_and_are_loud_only_where_it_is_urgent() -> None:
    hit = pl.DataFrame({"orders": [3], "customers": [2], "work_orders": [0]})
    rows = risks(OUT, {"product_id": "b", "p_28": 0.6, "when_to_order": "too_late"})
    made = {card.name: (card.value, card.note, card.tone) for card in messages.cards(rows, hit, "en")}
    assert made == {
        "out_7": ("1", "€42.3K at stake", "bad"),
        "out_14": ("1", "€42.3K at stake", "quiet"),
        "out_28": ("2", "€42.3K at stake", "quiet"),
        "order": ("2", "too late for 1", "warn"),
        "loss": ("€42.3K", "margin", "quiet"),
        "hit": ("3", "of 2 customers", "warn"),
    }


def test_the_caption_names_items_of_which_there_is_no_opinion() -> None:
    silent = pl.DataFrame({"product_id": ["a", "z", "z"]})
    assert messages.caption(risks({}), silent, DAY, "en") == (
        "Stock on 22 Nov 2026 · chances from 1 item at 1 site · "
        "1 item in stock that nobody asked for in 364 days: no opinion"
    )


@pytest.mark.parametrize(
    ("risk", "told"),
    [
        ({}, "by 12 Dec 2026"),
        ({"when_to_order": "too_late", "order_by_on": DAY}, "should have been ordered by 22 Nov 2026"),
        ({"when_to_order": "not_needed", "order_by_on": None}, "Not needed"),
        ({"when_to_order": "unknown", "order_by_on": None}, "No lead time"),
    ],
)
def test_by_when_to_order_is_one_phrase(risk: dict[str, Any], told: str) -> None:
    assert messages.to_order({**CALM, **risk}, "en") == told


def test_the_next_receipt_is_the_one_that_comes_first_by_usual_lateness() -> None:
    late = {"due_on": DAY, "arrives_80_on": DAY + timedelta(days=30)}
    soon = {"due_on": DAY + timedelta(days=5), "arrives_80_on": DAY + timedelta(days=8)}
    assert messages.next_receipt(receipts(late, soon), "en") == "due 27 Nov, with usual lateness by 30 Nov"
    assert messages.next_receipt(receipts({"due_on": DAY}), "en") == "due 22 Nov; nobody can say when it comes"
    assert messages.next_receipt(receipts({"due_on": None}), "en") == "none"


def test_how_sure_it_is_says_on_how_many_days_it_rests() -> None:
    def told(watched: int | None, asked: int | None) -> str:
        schema = {"days_watched": pl.Int64, "demand_days": pl.Int64}
        return messages.sure(pl.DataFrame({"days_watched": [watched], "demand_days": [asked]}, schema=schema), "en")

    assert "last 364 days (40 days" in told(364, 40)
    assert told(364, 3).endswith("That is little experience: take the chances as a hint.")
    assert "nobody asked for it" in told(None, None)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_facts_and_tables_are_told_for_every_way_and_state(language: str) -> None:
    for way in (*WAYS, None):
        for when in WHEN:
            row = risks({"way": way, "when_to_order": when, "supplier": "Vendor"}).row(0, named=True)
            assert all(fact.label and fact.value for fact in messages.facts(row, receipts(), language))
    assert all(known(f"stockouts.when.{when}") for when in WHEN)


def test_chances_are_told_in_percent_and_lateness_in_words() -> None:
    assert tables.risks(risks(OUT), "en").frame["p_28"].to_list() == [95.0]
    rows = receipts(*({"days_late_80": days} for days in (0, 3, -1)))
    assert tables.covers(rows, "en").frame["usual"].to_list() == ["on time", "3 days late", "1 day early"]


def course(days: int = 85) -> pl.DataFrame:
    likely = [10.0 - day for day in range(days)]
    return pl.DataFrame(
        {
            "day_on": [DAY + timedelta(days=day) for day in range(days)],
            "probability": [min(1.0, day / 20) for day in range(days)],
            "likely": likely,
            "low": [value - 2 for value in likely],
            "high": [value + 2 for value in likely],
        }
    )


@pytest.mark.parametrize("dark", [False, True])
def test_the_chance_is_drawn_with_receipts_and_both_horizons(dark: bool) -> None:
    soon = receipts({"due_on": DAY, "arrives_80_on": DAY + timedelta(days=8), "quantity": 5.0})
    figure = figures.chance(course(), soon, risks(OUT).row(0, named=True), "en", dark=dark)
    assert [trace.mode for trace in figure.data] == ["lines", "markers"]
    assert [note.text for note in figure.layout.annotations] == ["Next receipt 30 Nov", "New order could come 22 Dec"]
    assert figure.data[0].y[-1] == 1.0


def test_the_band_of_the_course_lies_within_the_picture() -> None:
    figure = figures.course(course(), "en", dark=False)
    low, high = figure.layout.yaxis.range
    assert low <= min(figure.data[0].y)
    assert max(figure.data[1].y) <= high
    assert "10 today to -76 to -72" in figures.course_in_words("Valve", course(), "en")
