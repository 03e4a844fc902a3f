"""The time line of a customer: what counts as an event, in which state it is on which day, and the next step."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from analytics import timeline
from analytics.timeline import EVENTS, KINDS, NEEDS, STEPS, WHO
from tests.analytics.firm import DAY, Row, firm, merged, noon, order

CUSTOMERS: list[Row] = [{"customer_id": key, "name": key} for key in ("k1", "k2")]
GOODS: list[Row] = [{"product_id": "bolt", "kind": "storable", "company_id": "*"}]


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def events(**tables: list[Row]) -> pl.DataFrame:
    made = timeline.customer_events(firm(**{"customers": CUSTOMERS, "products": GOODS} | tables))
    return timeline.told(made.with_columns(owner="owner_id"), DAY)


def states(rows: pl.DataFrame) -> dict[str, str]:
    return dict(rows.select("record_id", "state").iter_rows())


def delivered(number: str, *, promised: int, came: int | None) -> dict[str, list[Row]]:
    """An order of one bolt, first promised so many days ago, and come so many days ago, or not yet."""
    parts = order(number, "bolt", 1, first_promised_on=ago(promised), ordered_at=noon(ago(50)))
    move = {"stock_move_id": number, "product_id": "bolt", "kind": "delivery", "status": "done", "quantity": 1,
            "from_place": "internal", "to_place": "customer", "sales_order_line_id": f"{number}/1"}  # fmt: skip
    return merged(parts, {"stock_moves": [move | {"moved_at": noon(ago(came))}]}) if came is not None else parts


def test_an_order_is_late_when_its_first_promise_has_passed_and_it_has_not_come() -> None:
    orders = merged(
        delivered("kept", promised=9, came=9),
        delivered("missed", promised=9, came=7),
        delivered("late", promised=1, came=None),
        delivered("today", promised=0, came=None),
        order("quote", "bolt", 1, status="quoted"),
        order("gone", "bolt", 1, status="cancelled"),
        order("free", "bolt", 1),
        order("closed", "bolt", 1, status="done"),
        order("draft", "bolt", 1, status="draft"),
    )
    rows = events(**orders)
    assert states(rows) == {"kept": "on_time", "missed": "came_late", "late": "late", "today": "open",
                            "quote": "quoted", "gone": "cancelled", "free": "open", "closed": "done"}  # fmt: skip
    assert dict(rows.drop_nulls("days_late").select("record_id", "days_late").iter_rows()) == {"missed": 2, "late": 1}


def test_an_order_waits_for_the_line_that_is_still_open() -> None:
    two = delivered("S1", promised=20, came=20)
    open_line = {"sales_order_line_id": "S1/2", "sales_order_id": "S1", "product_id": "bolt", "quantity": 1,
                 "first_promised_on": ago(-5)}  # fmt: skip
    assert states(events(**merged(two, {"sales_order_lines": [open_line]}))) == {"S1": "open"}


def test_a_shipment_is_judged_by_the_first_promise_of_its_order() -> None:
    parts = order("S1", "bolt", 1, first_promised_on=ago(5))
    shipped = [("early", "done", 5), ("after", "done", 4), ("waits", "planned", None), ("off", "cancelled", None)]
    rows: list[Row] = [
        {"shipment_id": key, "sales_order_id": "S1", "customer_id": "k1", "status": status,
         "planned_at": noon(ago(6)), "delivered_at": None if days is None else noon(ago(days))}
        for key, status, days in shipped
    ]  # fmt: skip
    found = events(**merged(parts, {"shipments": rows})).filter(pl.col("kind") == "shipment")
    assert states(found) == {"early": "on_time", "after": "came_late", "waits": "late"}


def invoice(key: str, *, due: int, left: float | None, **fields: Any) -> Row:
    amounts = {"amount_untaxed": 10, "amount_total": 12, "amount_open": left}
    dated = {"invoiced_on": ago(30), "due_on": ago(due), "status": "posted", "kind": "invoice"}
    return {"invoice_id": key, "number": key, "customer_id": "k1", **amounts, **dated, **fields}


def test_an_invoice_is_overdue_the_day_after_it_was_due_while_anything_is_open() -> None:
    rows = [
        invoice("late", due=1, left=5),
        invoice("today", due=0, left=5),
        invoice("paid", due=9, left=0),
        invoice("unknown", due=9, left=None),
        invoice("credit", due=9, left=-5, kind="credit_note"),
        invoice("draft", due=9, left=5, status="draft"),
    ]
    assert states(events(invoices=rows)) == {"late": "overdue", "today": "due", "paid": "paid", "unknown": "paid",
                                             "credit": "credit_note"}  # fmt: skip


def test_a_deal_stands_where_it_last_moved() -> None:
    deal = {"opportunity_id": "d", "name": "Pumps", "customer_id": "k1", "status": "open", "stage": "Offer",
            "created_at": noon(ago(30))}  # fmt: skip
    change = {"opportunity_stage_change_id": "c", "opportunity_id": "d", "changed_at": noon(ago(4))}
    (row,) = events(opportunities=[deal], opportunity_stage_changes=[change]).to_dicts()
    assert (row["happened_at"], row["state"], row["detail"], row["document"]) == (
        noon(ago(4)),
        "open",
        "Offer",
        "Pumps",
    )


def test_a_conversation_is_of_whom_its_contact_ticket_deal_or_order_belongs_to() -> None:
    talks: list[Row] = [
        {"interaction_id": name, "channel": "phone", "occurred_at": noon(DAY)} | about
        for name, about in {
            "own": {"customer_id": "k2"},
            "contact": {"contact_id": "c"},
            "ticket": {"ticket_id": "t"},
            "order": {"sales_order_id": "S1"},
            "nobody": {},
        }.items()
    ]
    rows = events(
        **order("S1", "bolt", 1),
        contacts=[{"contact_id": "c", "customer_id": "k1"}],
        tickets=[{"ticket_id": "t", "customer_id": "k2", "opened_at": noon(DAY), "status": "open"}],
        interactions=talks,
    ).filter(pl.col("kind") == "conversation")
    assert dict(rows.select("record_id", "customer_id").iter_rows()) == {
        "own": "k2", "contact": "k1", "ticket": "k2", "order": "k1"
    }  # fmt: skip


def test_long_texts_are_cut_and_short_ones_are_whole() -> None:
    told: list[Row] = [{"feedback_id": key, "kind": "review", "customer_id": "k1", "given_at": noon(DAY), "text": text}
            for key, text in (("short", "Good."), ("long", "x" * 700))]  # fmt: skip
    texts: dict[str, str] = dict(events(feedback=told).select("record_id", "text").iter_rows())
    assert texts == {"short": "Good.", "long": "x" * 600}


def test_the_newest_comes_first() -> None:
    rows = events(tickets=[{"ticket_id": f"t{days}", "customer_id": "k1", "opened_at": noon(ago(days)),
                            "status": "closed"} for days in (3, 1, 2)])  # fmt: skip
    assert rows["record_id"].to_list() == ["t1", "t2", "t3"]


def test_every_kind_has_a_right_and_every_step_somebody_who_takes_it() -> None:
    assert set(NEEDS) == set(KINDS)
    assert set(WHO) == set(STEPS)
    assert all(right.endswith(".read") for right in NEEDS.values())


def test_a_firm_without_anything_has_no_events() -> None:
    assert events().is_empty()
    assert set(EVENTS) <= set(events().columns)


# The next step

WAITING: dict[str, dict[str, list[Row]]] = {
    "overdue_invoice": {"invoices": [invoice("late", due=20, left=5), invoice("later", due=3, left=5)]},
    "late_order": delivered("S1", promised=4, came=None),
    "open_ticket": {
        "tickets": [
            {"ticket_id": "t", "number": "T1", "customer_id": "k1", "opened_at": noon(ago(6)), "status": "open"}
        ]
    },
    "quiet": {},
    "open_deal": {
        "opportunities": [
            {"opportunity_id": "d", "name": "Pumps", "customer_id": "k1", "status": "open", "created_at": noon(ago(8))}
        ]
    },
}


@pytest.mark.parametrize("step", STEPS)
def test_the_first_reason_of_the_rule_decides(step: str) -> None:
    later = STEPS[STEPS.index(step) :]
    tables = merged(*(WAITING[name] for name in later if name in WAITING))
    found = timeline.next_step(events(**tables), is_quiet="quiet" in later, as_of=DAY)
    assert (found.step, found.who) == (step, WHO[step])


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("overdue_invoice", (2, "late", 20)),
        ("late_order", (1, "S1", 4)),
        ("open_ticket", (1, "T1", 6)),
        ("quiet", (0, None, None)),
        ("open_deal", (1, "Pumps", 8)),
    ],
)
def test_a_step_names_the_oldest_record_and_how_long_it_waits(step: str, told: tuple[int, str, int]) -> None:
    found = timeline.next_step(events(**WAITING[step]), is_quiet=step == "quiet", as_of=DAY)
    assert (found.count, found.document, found.days) == told


def test_nothing_waits_where_all_is_done() -> None:
    found = timeline.next_step(events(**delivered("S1", promised=4, came=5)), is_quiet=False, as_of=DAY)
    assert (found.step, found.count) == ("nothing", 0)
