"""What is planned for open orders: who is served first, what is done for each line, and which shipments that gives."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from analytics import promising
from analytics.order_plans import OPEN_LINES, open_lines, plans, served_in, shipments
from analytics.promise_rules import Rule, Rules
from analytics.promising import Supply
from tests.analytics.firm import DAY, noon

BY_CLASS = Rules((Rule("serving", value="class"), Rule("class", "customer", "dear", "", "A")))
NOBODY = Rules()


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def line(order: str, rest: float, due: int | None = None, **fields: Any) -> dict[str, Any]:
    usual = {
        "document": order, "company_id": "c1", "region": "N", "sales_order_id": order, "line_number": 1,
        "product_id": "bolt", "site_id": "north", "rest": rest, "due_on": None if due is None else on(due),
        "customer_id": "k1", "ordered_at": noon(DAY),
    }  # fmt: skip
    return usual | fields


def lines(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"document": pl.String(), **OPEN_LINES})


def supply(stock: dict[str, float], *, lead: int | None = None, receipt: int | None = None) -> Supply:
    """Bolts at sites of one company, three days apart; what can be bought, and five that come to the north."""
    come = [("bolt", "north", "P1", "Vendor", on(receipt), on(receipt), 5.0)] if receipt else []
    new = [("bolt", None, "Vendor", on(lead))] if lead else []
    return Supply(
        today=DAY,
        confidence=0.9,
        products=["bolt"],
        stock=pl.DataFrame([("bolt", *each) for each in stock.items()], schema=promising.STOCK, orient="row"),
        receipts=pl.DataFrame(come, schema=promising.RECEIPTS, orient="row"),
        promised=pl.DataFrame(schema=promising.PROMISED),
        new=pl.DataFrame(new, schema=promising.NEW, orient="row"),
        transfers=pl.DataFrame([("south", "north", 3)], schema=promising.TRANSFERS, orient="row"),
    )


def planned(known: Supply, *rows: dict[str, Any], rules: Rules = NOBODY, before: frozenset[str] | None = None) -> Any:
    return plans(known, lines(*rows), rules, before, DAY)


def test_who_was_promised_a_day_is_served_first_then_who_is_dear_then_who_came_first() -> None:
    early = line("early", 1, ordered_at=noon(on(-9)))
    dear = line("dear", 1, customer_id="dear")
    queue = [early, dear, line("late", 1, 9), line("soon", 1, 2)]
    assert served_in(lines(*queue), BY_CLASS)["document"].to_list() == ["soon", "late", "dear", "early"]
    assert served_in(lines(*queue), NOBODY)["document"].to_list() == ["soon", "late", "early", "dear"]


@pytest.mark.parametrize(
    ("known", "kind", "leaves"),
    [
        (supply({"north": 3}), "allocate", 0),
        (supply({"south": 3}), "transfer", 3),
        (supply({}, receipt=6), "receipt", 6),
        (supply({}, lead=8), "buy", 8),
    ],
)
def test_each_line_is_told_what_is_done_for_it_and_when_it_leaves(known: Supply, kind: str, leaves: int) -> None:
    found = planned(known, line("S1", 3, 4))
    assert found.select("kind", "quantity", "leaves_on", "complete_on").rows() == [(kind, 3.0, on(leaves), on(leaves))]


def test_nothing_invents_a_day_for_what_nobody_supplies() -> None:
    found = planned(supply({}), line("S1", 3, 4))
    assert found.select("kind", "quantity", "leaves_on", "complete_on").rows() == [("none", 3.0, None, None)]


def test_what_one_takes_the_next_has_not() -> None:
    found = planned(supply({"north": 3}, lead=8), line("S2", 2, 5), line("S1", 2, 1))
    assert found.group_by("document", maintain_order=True).agg(pl.col("kind").unique().sort()).rows() == [
        ("S1", ["allocate"]),
        ("S2", ["allocate", "buy"]),
    ]


def test_an_order_is_new_that_was_not_planned_before() -> None:
    rows = (line("S1", 1), line("S2", 1, ordered_at=noon(on(-1))))
    known = supply({"north": 3})
    assert dict(planned(known, *rows).select("document", "is_new").iter_rows()) == {"S1": True, "S2": False}
    before = planned(known, *rows, before=frozenset({"S1"}))
    assert dict(before.select("document", "is_new").iter_rows()) == {"S1": False, "S2": True}


def test_what_leaves_together_is_one_shipment_and_the_last_completes_the_order() -> None:
    rows = (line("S1", 3, 4), line("S1", 2, 4, line_number=2), line("S2", 1, 4))
    found = shipments(planned(supply({"north": 3}, lead=8), *rows))
    told = found.select("document", "leaves_on", "lines", "days_late", "is_last").rows()
    assert told == [("S1", on(0), 1, -4, False), ("S1", on(8), 1, 4, True), ("S2", on(8), 1, 4, True)]


def test_only_what_still_has_to_leave_us_is_planned() -> None:
    shapes = {
        "stage": ["waiting", "ready", "shipped", "waiting"],
        "reason": ["in_stock", "ready", "on_way", "dropship"],
    }
    staged = lines(*(line(f"S{at}", 1, 3) for at in range(4))).drop("document", "customer_id", "segment", "ordered_at")
    known = staged.with_columns(
        *(pl.Series(name, values) for name, values in shapes.items()), promised_on="due_on", first_promised_on="due_on"
    )
    heads = lines(*(line(f"S{at}", 1) for at in range(4))).select(
        "sales_order_id", "document", "customer_id", "ordered_at"
    )
    segments = pl.DataFrame({"customer_id": ["k1"], "segment": ["OEM"]})
    found = open_lines(known, heads, segments)
    assert found.select("document", "due_on", "segment").rows() == [("S0", on(3), "OEM"), ("S1", on(3), "OEM")]
