"""What a reader is told of a delivery: the day, how sure it is, why that day, and the text for the customer."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from analytics.delivery import BROKEN
from answers.delivery_ground import LINES
from answers.delivery_told import PARTS, PROBLEMS, WAITS, WAYS
from display.messages import delivery as messages
from display.messages import promises
from display.tables import delivery as tables

DAY, LATER = date(2026, 3, 31), date(2026, 4, 14)
BOLT = {"product_id": "bolt", "sku": "B-1", "name": "Bolt", "name_zh": "螺栓", "unit": "pcs"}


def lines(*rows: dict[str, Any]) -> pl.DataFrame:
    usual = BOLT | {"quantity": 3.0, "status": "promised", "first_on": DAY, "promised_on": DAY, "confidence": 1.0}
    return pl.DataFrame([usual | {"line": at} | row for at, row in enumerate(rows, start=1)], schema=LINES)


def parts(*rows: dict[str, Any]) -> pl.DataFrame:
    usual = BOLT | {"line": 1, "quantity": 3.0, "leaves_on": DAY, "confidence": 1.0, "source": "stock"}
    return pl.DataFrame([usual | {"site": "North", "transfer_days": 0} | row for row in rows], schema=PARTS)


NO_DAY = {"status": "no_supply", "first_on": None, "promised_on": None, "confidence": None}


@pytest.mark.parametrize(
    ("rows", "first_on", "last_on", "english", "chinese"),
    [
        ([], None, None, "When can it leave?", "何时可以发货？"),
        ([{}], DAY, DAY, "All of it can leave today, 31 Mar 2026", None),
        ([{}], LATER, LATER, "All of it can leave on 14 Apr 2026", "全部可于2026年4月14日发货"),
        ([{}, {}], DAY, LATER, "All of it can have left by 14 Apr 2026", None),
        ([{}, NO_DAY], DAY, None, "1 of 2 lines has no delivery date", "2行中有1行没有交期"),
        ([NO_DAY], None, None, "No delivery date can be given", None),
    ],
)
def test_the_title_is_the_day(
    rows: list[dict[str, Any]], first_on: date | None, last_on: date | None, english: str, chinese: str | None
) -> None:
    assert messages.title(lines(*rows), first_on, last_on, DAY, "en") == english
    assert chinese is None or messages.title(lines(*rows), first_on, last_on, DAY, "zh") == chinese


def test_how_sure_it_is_stands_beside_the_day() -> None:
    text = messages.caption(DAY, LATER, 0.81, DAY, "en")
    assert "at least 81.0% sure" in text
    assert "first goods 31 Mar 2026, last goods 14 Apr 2026" in text
    assert "all of it is in stock" in messages.caption(DAY, DAY, 1.0, DAY, "en")


@pytest.mark.parametrize("status", messages.PROBLEMS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_line_without_a_day_is_one_sentence(status: str, language: str) -> None:
    rows = lines({}, NO_DAY | {"status": status})
    (told,) = messages.problems(rows, [("B-1", "3"), ("B-9", "x9")], 0, 30, language)
    assert ("B-1" if status != "unknown_product" else "B-9") in told
    assert messages.problems(rows, [("B-1", "3"), ("B-9", "x9")], 2, 30, language)[1:]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "B-1 · Bolt: 3 pcs from stock at North, today."),
        ({"leaves_on": LATER}, "B-1 · Bolt: 3 pcs from North on 14 Apr 2026: what is free there until then."),
        (
            {"leaves_on": LATER, "transfer_days": 7},
            "B-1 · Bolt: 3 pcs on 14 Apr 2026, sent over from North; a transfer is taken to last 7 days.",
        ),
        (
            {"leaves_on": LATER, "source": "receipt", "number": "P1", "party": "Vendor", "due_on": DAY, "days_late": 6},
            (
                "B-1 · Bolt: 3 pcs on 14 Apr 2026 from North, when P1 of Vendor is in; it is due 31 Mar 2026, and 90% "
                "of its deliveries come at most 6 days late."
            ),
        ),
        (
            {"leaves_on": LATER, "source": "receipt", "number": "W1", "due_on": DAY, "days_late": 1},
            (
                "B-1 · Bolt: 3 pcs on 14 Apr 2026 from North, when work order W1 is finished; it is due 31 Mar 2026, "
                "and 90% of our work orders are at most 1 day late."
            ),
        ),
        (
            {"leaves_on": LATER, "source": "new_order", "site": None, "party": "Vendor", "lead_time_days": 14.0},
            (
                "B-1 · Bolt: 3 pcs on 14 Apr 2026 if ordered today from Vendor: lead time 14 days and the usual delay, "
                "if it can supply that many."
            ),
        ),
        (
            {"leaves_on": LATER, "source": "new_order"},
            "B-1 · Bolt: 3 pcs on 14 Apr 2026 from North, made for it; what that waits for stands below.",
        ),
    ],
)
def test_why_a_part_leaves_on_its_day(fields: dict[str, Any], said: str) -> None:
    row = parts(fields).row(0, named=True)
    assert messages.why(row, DAY, 90, "en") == said
    assert "螺栓" in messages.why(row, DAY, 90, "zh")


def waits(*rows: dict[str, Any]) -> pl.DataFrame:
    usual = BOLT | {"line": 1, "step": 1, "from_on": DAY, "to_on": LATER, "is_binding": True}
    return pl.DataFrame([usual | row for row in rows], schema=WAITS)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "receipt", "number": "P1", "party": "Vendor"}, "comes with P1 of Vendor about 14 Apr 2026"),
        ({"kind": "receipt", "number": "W1"}, "which work order W1 finishes"),
        ({"kind": "buy", "party": "Vendor"}, "ordered from Vendor today"),
        ({"kind": "work_center", "work_center": "Mill"}, "Mill, which makes B-1 · Bolt until"),
        ({"kind": "lead_time"}, "its steps are not known"),
        ({"kind": "late"}, "our own delay"),
        ({"kind": "transfer", "site": "North"}, "sending B-1 · Bolt over from North"),
        ({"kind": "sure"}, "how late"),
    ],
)
def test_what_decides_the_day_is_one_sentence(fields: dict[str, Any], said: str) -> None:
    (english,) = promises.binding(waits(fields, fields | {"is_binding": False}), "en")
    assert said in english
    (chinese,) = promises.binding(waits(fields), "zh")
    assert chinese.startswith("决定交期的是")


@pytest.mark.parametrize("kind", promises.GRAVEST)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_line_without_a_day_says_what_is_wrong_where_that_is_known(kind: str, language: str) -> None:
    problems = pl.DataFrame([{"line": 2, "kind": kind, "products": ["N-1 · Nut", "B-1 · Bolt"]}], schema=PROBLEMS)
    rows = lines({}, NO_DAY)
    reasons = promises.reasons(rows, problems, language)
    assert list(reasons) == [2]
    told = messages.problems(rows, [("B-1", "3"), ("B-1", "9")], 0, 30, language, reasons)
    assert told == [reasons[2]]


def test_what_is_in_stock_is_not_waited_for() -> None:
    shown = tables.waits(waits({"kind": "stock"}, {"kind": "buy", "party": "Vendor"}), "en")
    assert shown.frame.select("kind", "what", "days").rows() == [("New purchase", "Vendor", 14)]


def test_whose_promise_an_earlier_day_breaks_is_named_where_it_may_be() -> None:
    later = lines({"promised_on": LATER})
    promise = BOLT | {
        "kind": "order",
        "number": "S1",
        "party": "Kim",
        "due_on": LATER,
        "quantity": 3.0,
        "site": "North",
    }
    rows = pl.DataFrame(
        [promise, promise | {"number": None, "party": None}], schema={**BROKEN, **LINES, "site": pl.String}
    )
    text = messages.broken(later, rows, DAY, "en")
    assert "S1 of Kim, due 14 Apr 2026 (3 B-1); another customer's order" in text
    assert messages.broken(later, rows.clear(), DAY, "en").startswith("Today the goods are not there")
    assert messages.broken(lines({}), rows.clear(), DAY, "en") == ""


def test_the_text_for_the_customer_tells_days_and_no_supplier_and_no_site() -> None:
    waiting = {"source": "receipt", "number": "P1", "party": "Vendor", "quantity": 1.0, "leaves_on": LATER}
    text = messages.letter(lines({"promised_on": LATER}), parts({"quantity": 2.0}, waiting), "Kim", DAY, "en")
    assert text.splitlines()[:4] == [
        "For Kim",
        "We can deliver:",
        "- 2 pcs × B-1 · Bolt: leaves on 31 Mar 2026",
        "- 1 pcs × B-1 · Bolt: leaves on 14 Apr 2026",
    ]
    assert not {"Vendor", "P1", "North"} & set(text.replace(":", " ").split())
    assert messages.letter(lines(NO_DAY), parts(), None, DAY, "en") == ""


def test_what_has_no_day_is_in_the_table_too() -> None:
    shown = tables.parts(lines(NO_DAY | {"quantity": 7.0}), parts({"quantity": 2.0}), "en").frame
    assert shown["quantity"].to_list() == [2.0, 5.0]
    assert shown["source"].to_list() == ["From stock", "No date"]


def test_a_way_is_named_with_its_site() -> None:
    ways = [{"way": "whole", "site_id": "north", "site": "North", "undated": 0}, {"way": "parts", "undated": 1}]
    shown = tables.ways(pl.DataFrame(ways, schema=WAYS), "en").frame
    assert shown["option"].to_list() == ["Whole lines from North", "In parts, any site"]
