"""What a reader is told of orders: the title, the cards, why each waits, and the figures read from themselves."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.cycle_change import CHANGE
from analytics.order_flow import OPEN, REASONS, STAGES, STEP_TIMES, TIMES
from display.figures import orders as figures
from display.messages import cycle_change
from display.messages import orders as messages
from display.tables import orders as tables
from display.theme import LIGHT
from display.words import LANGUAGES, known, say

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
USUAL: Mapping[str, Any] = {
    "sales_order_id": "s1", "document": "S-1", "customer": "Smith", "stage": "waiting", "reason": "purchase",
    "since_at": NOON, "first_promised_on": date(2026, 11, 20), "promised_on": date(2026, 11, 30),
    "due_on": date(2026, 11, 20), "days_late": 2, "is_late": True, "will_be_late": False, "is_partly": False,
    "value": 13_900.0, "currency": "EUR", "short_product_id": "p", "short_sku": "C-12", "short_name": "Casting",
    "short_name_zh": "铸件", "supply_number": "PO-7", "supply_party": "Foundry", "supply_due_on": date(2026, 11, 11),
    "expected_on": None, "ordered_at": NOON, "first_shipped_at": None, "shipped_at": None, "delivered_at": None,
    "invoiced_at": None, "open_lines": 1, "lines": 2,
}  # fmt: skip
SCHEMA: dict[str, Any] = {
    **{name: pl.String for name, value in USUAL.items() if isinstance(value, str)},
    **{name: pl.Datetime("us", "UTC") for name in USUAL if name.endswith("_at")},
    **{name: pl.Date for name in USUAL if name.endswith("_on")},
}
CALM: Mapping[str, Any] = {"is_late": False, "days_late": -3, "short_product_id": None}


def orders(*rows: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{**USUAL, **row} for row in rows], schema_overrides=SCHEMA)


def steps(**fields: Any) -> pl.DataFrame:
    usual = {"orders": 20, "median_days": 4.0, "p90_days": 9.0, "mean_days": 5.0, "orders_before": 20, "share": None,
             "median_days_before": 3.0, "is_bottleneck": False, "is_slower": False}  # fmt: skip
    rows = [{**usual, "step": step, **(fields if step == "to_shipped" else {})} for step in TIMES]
    return pl.DataFrame(rows, schema=STEP_TIMES)


@pytest.mark.parametrize(
    ("rows", "english", "chinese"),
    [
        ([], "There are no open orders", "没有未结订单"),
        ([{}], "1 order is late, and €13.9K waits", "1张订单延误，€1.4万待交付"),
        ([{}, {}], "2 orders are late, and €27.8K waits; most wait for Casting", None),
        (
            [{}, {}, *[{"short_product_id": None}] * 3],
            "5 orders are late, and €69.5K waits; 2 wait for Casting",
            "5张订单延误，€7万待交付；其中2张在等铸件",
        ),
        ([CALM], "1 order to deliver, and it is not late", "1张订单待交付，均未延误"),
        (
            [{**CALM, "will_be_late": True}],
            "No order is late yet; 1 will be, for what it waits for comes too late",
            None,
        ),
        ([{**CALM, "stage": "invoiced"}], "Everything is delivered; 1 order is still to be invoiced or paid", None),
    ],
)
def test_the_title_says_what_is_late_and_what_most_wait_for(
    rows: list[Mapping[str, Any]], english: str, chinese: str | None
) -> None:
    frame = orders(*rows) if rows else orders({}).clear()
    assert messages.title(frame, "en") == english
    assert chinese is None or messages.title(frame, "zh") == chinese


@pytest.mark.parametrize(
    ("fields", "english"),
    [
        ({}, "Casting: waits for PO-7 from Foundry, due 11 Nov, 11 days overdue"),
        ({"supply_due_on": date(2026, 11, 25)}, "Casting: waits for PO-7 from Foundry, due 25 Nov"),
        ({"supply_due_on": None}, "Casting: waits for PO-7 from Foundry, no day stated"),
        ({"supply_number": None}, "Casting: waits for a purchase order, due 11 Nov, 11 days overdue"),
        ({"reason": "work_order", "is_partly": True},
         "Casting: waits for PO-7, due 11 Nov, 11 days overdue (the rest; a part is delivered)"),
        ({"reason": "no_supply", "supply_number": None}, "Casting: short, and nothing on order covers it"),
        ({"reason": "on_way", "stage": "shipped"}, "On the way since 2 Nov"),
        ({"reason": None, "stage": "delivered"}, None),
    ],
)  # fmt: skip
def test_why_an_order_waits_is_one_sentence(fields: Mapping[str, Any], english: str | None) -> None:
    assert messages.why({**USUAL, **fields}, TODAY, "en") == english


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", [*REASONS, "waiting"])
def test_every_reason_has_its_sentence(reason: str, language: str) -> None:
    unknown = {name: None for name in USUAL if name.startswith(("short_", "supply_"))}
    for row in (USUAL, {**USUAL, **unknown, "since_at": None}):
        assert messages.why({**row, "reason": reason}, TODAY, language)


def test_every_stage_and_step_has_its_words() -> None:
    assert all(known(f"orders.stage.{stage}") for stage in STAGES)
    assert all(known(f"orders.in_stage.{stage}") for stage in OPEN)
    assert all(known(f"orders.step_name.{step}") for step in TIMES)


def test_only_lateness_is_an_alarm() -> None:
    tones = {card.name: card.tone for card in messages.cards(orders({}), steps(), 0.9, TODAY, "en")}
    assert [name for name, tone in tones.items() if tone != "quiet"] == ["late"]
    calm = messages.cards(orders(CALM), steps(), None, TODAY, "en")
    assert {card.tone for card in calm} == {"quiet"}
    assert calm[-1].value == say("en", "none")


def test_cards_count_what_is_due_within_seven_days() -> None:
    due = [orders({**CALM, "due_on": TODAY + timedelta(days=days)}) for days in (-1, 0, 7, 8)]
    cards = {card.name: card for card in messages.cards(pl.concat(due), steps(), None, TODAY, "en")}
    assert (cards["due"].value, cards["due"].note) == ("2", "2 of them not ready")


@pytest.mark.parametrize(
    ("number", "english"),
    [(None, "–"), (0.0, "0 days"), (1.0, "1 day"), (4.25, "4.2 days"), (9.96, "10 days"), (41.6, "42 days")],
)
def test_days_have_one_decimal_below_ten(number: float | None, english: str) -> None:
    assert messages.days(number, "en") == english


def test_the_table_has_at_most_eight_columns_and_days_only_where_it_is_late() -> None:
    table = tables.orders(orders({}, CALM), TODAY, "en")
    assert len(table.columns) <= 8
    assert table.frame["days_late"].to_list() == [2, None]
    assert table.frame["stage"].to_list() == ["Waiting", "Waiting"]


STAGE_ROWS = pl.DataFrame(
    [{"stage": stage, "orders": at + 1, "late": 0, "value": 100.0, "currency": "EUR"} for at, stage in enumerate(OPEN)]
)


@pytest.mark.parametrize("fields", [{}, {"is_bottleneck": True}, {"is_slower": True, "is_bottleneck": True}])
def test_a_step_is_an_alarm_only_where_it_got_slower(fields: dict[str, bool]) -> None:
    figure = figures.flow(STAGE_ROWS, steps(**fields), "en", dark=False)
    assert figure.data[0].x.tolist() == [1, 2, 3, 4, 5]
    colours = [note.font.color for note in figure.layout.annotations]
    expected = LIGHT.bad if "is_slower" in fields else LIGHT.ink if fields else LIGHT.muted
    assert colours == [expected, *[LIGHT.muted] * 3]
    assert say("en", "orders.stage.waiting") in figures.flow_in_words(STAGE_ROWS, steps(), "en")


def test_who_is_not_told_of_payments_sees_no_unpaid_stage() -> None:
    known_steps = steps().filter(pl.col("step") != "to_paid")
    assert figures.flow(STAGE_ROWS, known_steps, "en", dark=False).data[0].x.tolist() == [1, 2, 3, 4]


def test_the_way_of_an_order_ends_today_and_shows_its_promise() -> None:
    left = NOON + timedelta(days=3)
    figure = figures.way({**USUAL, "shipped_at": left, "stage": "shipped"}, TODAY, "en", dark=False)
    assert list(figure.data[0].text) == ["3 days", "18 days"]
    assert [note.text for note in figure.layout.annotations] == ["today", "promised 20 Nov"]
    assert "18 days" in figures.way_in_words({**USUAL, "shipped_at": left}, TODAY, "en")


def test_no_arrival_is_no_figure() -> None:
    schema = {
        "month_on": pl.Date,
        "is_partial": pl.Boolean,
        "orders": pl.Int64,
        "median_days": pl.Float64,
        "p90_days": pl.Float64,
    }
    none = pl.DataFrame([[date(2026, 11, 1)], [True], [0], [None], [None]], schema=schema)
    some = none.with_columns(orders=pl.lit(2), median_days=pl.lit(4.0), p90_days=pl.lit(9.0))
    assert figures.cycle(none, "en", dark=False) is None
    assert "4 days" in figures.cycle_in_words(some, "en")
    assert [line.y.tolist() for line in figures.cycle(some, "en", dark=True).data] == [[9], [4]]  # type: ignore[union-attr]
    spans = pl.DataFrame({"from_days": [0, 2, 5], "orders": [0, 0, 0]})
    assert figures.spread(spans, "en", dark=False) is None
    assert figures.spread_in_words(spans, "en").endswith("under 2 days 0; 2 to 5 days 0; 5 days or more 0.")


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (-3.0, -1.0, "Orders take 2 days less than before (between 1 and 3)"),
        (1.0, 3.0, "Orders take 2 days more than before (between 1 and 3)"),
        (-3.0, 1.0, "No change that could not be chance: between -3 and 1 days"),
    ],
)
def test_the_band_of_a_change_is_told_in_days_less_or_days_more(low: float, high: float, told: str) -> None:
    row = dict.fromkeys(CHANGE, 1.0) | {"from_on": TODAY, "until_on": TODAY, "change": (low + high) / 2}
    row |= dict.fromkeys(("orders_before", "orders_after", "open_orders"), 9) | {"low": low, "high": high}
    assert cycle_change.sentences(pl.DataFrame([row], schema=CHANGE), "en")[0].startswith(told)
