"""What a reader is told of customers: titles, cards, tables, figures, and every code in words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import dataframely as dy
import polars as pl
import pytest

from analytics.segments import SEGMENTS, SUMMARY
from analytics.tables.crm import CHANNELS, Feedback, Interactions
from analytics.timeline import EVENTS, KINDS, STEPS, WHO, NextStep
from answers.customers import CUSTOMERS
from display.figures import customers as figures
from display.messages import customers as messages
from display.tables import customers as tables
from display.words import known

DAY = date(2026, 11, 22)
TOLD = {**EVENTS, "state": pl.String, "days_late": pl.Int64, "owner": pl.String}


def everybody(*rows: Mapping[str, object]) -> pl.DataFrame:
    usual = {"customer_id": "k", "customer": "Smith", "segment": "loyal", "segment_before": "loyal", "currency": "EUR",
             "order_days": 3, "is_quiet": False}  # fmt: skip
    return pl.DataFrame([{**usual, **row} for row in rows], schema=CUSTOMERS)


def customer(**fields: object) -> dict[str, Any]:
    return everybody(fields).row(0, named=True)


def event(**fields: object) -> pl.DataFrame:
    usual = {"happened_at": datetime(2026, 11, 20, 12, tzinfo=UTC)}
    return pl.DataFrame([{**usual, **fields}], schema=TOLD)


RISK = {"segment": "at_risk", "segment_before": "loyal"}


@pytest.mark.parametrize(
    ("rows", "english", "chinese"),
    [
        ([], "There are no customers yet", "尚无客户"),
        ([{}], "1 active customer, and none is about to be lost", "1位活跃客户，暂无流失风险"),
        ([{}, RISK], "1 customer may be lost", "1位客户有流失风险"),
        ([RISK | {"revenue": 12_400.0}], "1 customer may be lost, with €12.4K of revenue a year", None),
        (
            [RISK | {"margin": 5_000.0}, RISK | {"margin": None}],
            "2 customers may be lost, with €5,000 of margin a year",
            "2位客户有流失风险，年毛利€5,000",
        ),
    ],
)
def test_the_title_says_who_may_be_lost(rows: list[dict[str, Any]], english: str, chinese: str | None) -> None:
    assert messages.title(everybody(*rows), "en") == english
    assert chinese is None or messages.title(everybody(*rows), "zh") == chinese


def test_cards_count_what_they_name() -> None:
    rows = everybody(
        {"revenue": 80.0, "margin": 8.0, "segment": "champions", "first_order_on": date(2024, 1, 1)},
        {"revenue": 10.0, "margin": 1.0, **RISK, "first_order_on": date(2024, 1, 1)},
        {"revenue": 10.0, "segment": "new", "segment_before": "prospect", "first_order_on": date(2026, 11, 1)},
        {"segment": "new", "segment_before": "new", "first_order_on": date(2026, 10, 31)},
        {"segment": "lost", "segment_before": "hibernating"},
        {"segment": "prospect", "segment_before": "prospect"},
    )
    made = {card.name: (card.value, card.note, card.tone) for card in messages.cards(rows, DAY, "en")}
    assert made == {
        "active": ("3", "of 6", "quiet"),
        "new": ("1", "2 in 90 days", "quiet"),
        "at_risk": ("1", "€1 margin a year", "warn"),
        "lost": ("1", "0 hibernating", "quiet"),
        "top": ("80.0%", "of revenue", "quiet"),
        "slipped": ("1", "since 1 Nov 2026", "warn"),
    }


def test_one_customers_title_says_what_waits() -> None:
    step = NextStep(step="overdue_invoice", who="finance", count=2, document="I1", days=20)
    assert messages.customer_title(customer(), step, "en") == "Smith: 2 invoices are overdue, the oldest for 20 days"
    quiet = NextStep(step="quiet", who="sales")
    row = customer(recency_days=41, gap_days=9.6)
    assert messages.customer_title(row, quiet, "en") == "Smith: silent for 41 days, usually orders every 10"
    assert messages.customer_title(row, quiet, "zh") == "Smith：已沉默41天，惯常每10天下单"


def test_the_caption_says_how_the_segment_moved() -> None:
    assert messages.customer_caption(customer(), DAY, "en") == "Data as of 22 Nov 2026 · Loyal, as on 1 Nov 2026"
    moved = customer(segment="at_risk")
    assert messages.customer_caption(moved, DAY, "en") == "Data as of 22 Nov 2026 · At risk, was Loyal on 1 Nov 2026"


def test_who_works_on_it_acts_else_who_looks_after_the_customer() -> None:
    order = NextStep(step="late_order", who="sales", count=1, document="S1", days=4, owner="Ada")
    assert messages.next_step(order, customer(owner="Bo"), "en")[1] == "Who: Sales · Ada"
    invoice = NextStep(step="overdue_invoice", who="finance", count=1, document=None, days=4)
    assert messages.next_step(invoice, customer(owner="Bo"), "en") == (
        "Ask for the payment of what has no number.",
        "Who: Finance · Bo",
    )
    assert messages.next_step(NextStep(step="nothing", who="nobody"), customer(owner="Bo"), "en")[1] == "Who: Nobody"


def test_cards_of_one_customer_follow_the_rights() -> None:
    values = {"revenue": 200.0, "gross_margin": 50.0, "on_time_in_full": 0.85, "overdue_receivables": 9.0}
    row = customer(recency_days=1, gap_days=4.0)
    made = {card.name: (card.value, card.note, card.tone) for card in messages.customer_cards(row, values, None, "en")}
    assert made == {
        "revenue": ("€200", "", "quiet"),
        "margin": ("€50", "25.0% of revenue", "quiet"),
        "kept": ("85.0%", "lines of 365 days", "warn"),
        "open": ("–", "still to deliver", "quiet"),
        "overdue": ("€9", "past the due day", "bad"),
        "last": ("1 day ago", "usually every 4 days", "quiet"),
    }
    fewer = messages.customer_cards(customer(), {"revenue": None, "on_time_in_full": None}, None, "en")
    assert [(card.name, card.value) for card in fewer] == [
        ("revenue", "–"), ("orders", "3"), ("kept", "–"), ("open", "–"), ("overdue", "–"), ("last", "–"),
    ]  # fmt: skip


def test_facts_are_only_those_that_are_known() -> None:
    told = {fact.label: fact.value for fact in messages.facts(customer(city="Graz", country="AT", r=5, f=4, m=3), "en")}
    assert told == {"Place": "Graz, Austria", "Recency, frequency, money": "5 · 4 · 3"}
    assert messages.facts(customer(country="AT"), "zh")[0].value == "奥地利"


@pytest.mark.parametrize(
    ("fields", "document", "about"),
    [
        ({"kind": "order", "state": "came_late", "document": "S1", "days_late": 1}, "S1", "1 day late"),
        ({"kind": "order", "state": "open", "document": "S1", "due_on": date(2026, 12, 5)}, "S1", "by 5 Dec 2026"),
        ({"kind": "invoice", "state": "overdue", "document": "I1", "days_late": 12}, "I1", "12 days overdue"),
        ({"kind": "shipment", "state": "on_time", "document": "H1", "detail": "S1"}, "H1", "for S1"),
        ({"kind": "feedback", "state": "survey", "channel": "mail", "score": 9.0, "highest_score": 10.0,
          "text": "Good"},
         "Mail", "9 of 10 · Good"),
        ({"kind": "conversation", "state": "in", "channel": "phone"}, "Phone", None),
        ({"kind": "deal", "state": "won", "document": "Pumps", "detail": "Won"}, "Pumps", "Won"),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_an_event_is_told_in_words(fields: dict[str, object], document: str, about: str | None) -> None:
    shown = tables.timeline(event(**fields), "en").frame
    assert shown.select("document", "about").row(0) == (document, about)


def test_an_event_is_on_the_readers_day_and_an_invoice_on_its_own() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    days = [
        tables.timeline(event(kind=kind, happened_at=late), "en", "Asia/Shanghai").frame["happened_at"].item()
        for kind in ("ticket", "invoice")
    ]
    assert days == [date(2026, 11, 21), date(2026, 11, 20)]


def test_no_table_has_more_than_eight_columns() -> None:
    made = (tables.SEGMENTS, tables.MOVED, tables.CUSTOMERS, tables.CONTACTS, tables.TIMELINE)
    assert max(len(table.columns) for table in made) <= 8


def test_who_people_are_is_hidden_and_their_role_is_not() -> None:
    people = pl.DataFrame({"name": [None], "role": ["Buyer"], "email": [None], "phone": [None]})
    assert tables.contacts(people, "en", masked=True).frame.row(0) == ("hidden", "Buyer", "hidden", "hidden")


def test_a_person_without_name_and_number_is_a_private_customer() -> None:
    assert tables.customers(everybody({"customer": None}), "zh").frame["customer"].item() == "个人客户"


def summary(*rows: Mapping[str, object]) -> pl.DataFrame:
    return pl.DataFrame([{"currency": "EUR", "customers": 1} | dict(row) for row in rows], schema=SUMMARY)


def test_bars_are_shares_of_revenue_and_customers_where_none_is_known() -> None:
    rows = summary({"segment": "champions", "revenue": 60.0, "revenue_share": 0.6}, {"segment": "lost", "revenue": 40.0,
                   "revenue_share": 0.4}, {"segment": "prospect"})  # fmt: skip
    assert figures.segments_in_words(rows, "en") == "Segments by size: Champions 60.0%; Lost 40.0%"
    figure = figures.segments(rows, "en", dark=False)
    assert figure is not None
    assert list(figure.data[0].x) == [40.0, 60.0]
    assert figures.segments_in_words(summary({"segment": "lost"}), "en") == "Segments by size: Lost 1"
    assert figures.segments(summary(), "en", dark=True) is None


def moves(*rows: tuple[str, str, int]) -> pl.DataFrame:
    schema = {"segment_before": pl.String, "segment": pl.String, "customers": pl.Int64, "revenue": pl.Float64}
    return pl.DataFrame([(*row, None) for row in rows], schema=schema, orient="row")


def test_movements_stand_from_down_to_across_and_only_those_that_moved_are_coloured() -> None:
    rows = moves(("champions", "champions", 5), ("champions", "loyal", 4), ("lost", "lost", 9))
    figure = figures.movements(rows, "en", dark=False)
    assert figure is not None
    heat = figure.data[0]
    assert [list(line) for line in heat.text] == [["", ""], ["5", "4"]]
    assert [list(line) for line in heat.z] == [[0, 0], [0, 2]]
    assert figures.movements_in_words(rows, "en") == "Movements between segments: Champions to Loyal 4"
    assert figures.movements(moves(("lost", "lost", 9)), "en", dark=False) is None


def test_the_month_that_is_not_over_is_paler_and_no_revenue_draws_nothing() -> None:
    trend = pl.DataFrame({"month_on": [date(2026, 10, 1), date(2026, 11, 1)], "revenue": [5.0, 7.0]})
    figure = figures.months(trend, "EUR", "en", dark=False)
    assert figure is not None
    assert list(figure.data[0].marker.opacity) == [1.0, figures.FADED]
    assert figures.months_in_words(trend, "EUR", "en").endswith("Oct 2026 €5; Nov 2026 €7")
    assert figures.months(trend.with_columns(revenue=pl.lit(0.0)), "EUR", "en", dark=False) is None
    assert figures.months(trend, None, "en", dark=False) is None


def _categories(column: dy.Column) -> list[str]:
    assert isinstance(column, dy.Enum)
    return [str(value) for value in column.categories]


STATES = ("quoted", "cancelled", "open", "late", "on_time", "came_late", "done", "planned", "due", "overdue", "paid",
          "credit_note", "won", "lost", "closed", *_categories(Interactions.columns()["direction"]),
          *_categories(Feedback.columns()["kind"]))  # fmt: skip


@pytest.mark.parametrize(
    "keys",
    [
        [f"segment.{name}" for name in SEGMENTS],
        [f"event.kind.{kind}" for kind in KINDS],
        [f"event.state.{state}" for state in STATES],
        [f"channel.{channel}" for channel in CHANNELS],
        [f"customer.step.{step}" for step in STEPS],
        [f"customer.next.{step}" for step in STEPS],
        [f"customer.who.{who}" for who in WHO.values()],
    ],
    ids=lambda keys: keys[0].rpartition(".")[0],
)
def test_every_code_has_words(keys: list[str]) -> None:
    assert [key for key in keys if not known(key)] == []


def test_every_state_has_a_colour_and_every_segment_too() -> None:
    assert set(tables.STATE_COLOURS) == set(STATES)
    assert list(tables.SEGMENT_COLOURS) == list(SEGMENTS)
