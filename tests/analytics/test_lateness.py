"""How late suppliers are, and when what is on order comes."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import lateness as subject
from analytics.aggregates import sourcing
from analytics.lateness import DELIVERIES, Lateness, dated_receipts, deliveries, lateness, new_orders, open_receipts
from tests.analytics.firm import DAY, SITES, Firm, firm, noon, table

Row = dict[str, Any]


def on(number: int) -> date:
    """So many days after today."""
    return DAY + timedelta(days=number)


def past(*late: int | None, supplier: str = "v1", due: int = -10, weight: float = 1.0) -> list[Row]:
    """Orders that were due some days ago, and came so many days late; null: not yet."""
    return [
        {
            "kind": "purchase",
            "supplier_id": supplier,
            "order_id": f"{supplier}/{at}",
            "due_on": on(due),
            "arrived_on": None if days is None else on(due + days),
            "weight": weight,
        }
        for at, days in enumerate(late)
    ]


def known(rows: Sequence[Row]) -> Lateness:
    return lateness(pl.DataFrame(rows, schema=DELIVERIES), DAY)


def coming(due: int | None, supplier: str | None = "v1", kind: str = "purchase") -> pl.DataFrame:
    rows = {"kind": [kind], "supplier_id": [supplier], "due_on": [None if due is None else on(due)]}
    return pl.DataFrame(rows, schema={"kind": pl.String, "supplier_id": pl.String, "due_on": pl.Date})


def of_supplier(found: Lateness, supplier: str | None, kind: str = "purchase") -> Row:
    rows = found.quantiles().filter(pl.col("supplier_id").eq_missing(pl.lit(supplier)) & (pl.col("kind") == kind))
    return rows.row(0, named=True)


# What is known of suppliers


def test_deliveries_on_time_make_a_punctual_supplier() -> None:
    row = of_supplier(known(past(*[0] * 20)), "v1")
    assert (row["days_late_50"], row["days_late_95"]) == (0, 0)


def test_a_late_supplier_is_late_and_the_punctual_one_beside_it_is_not() -> None:
    found = known([*past(*[9] * 30, supplier="slow"), *past(*[0] * 30, supplier="quick")])
    assert of_supplier(found, "slow")["days_late_50"] == 9
    assert of_supplier(found, "quick")["days_late_80"] == 0


def test_one_late_order_does_not_make_a_late_supplier() -> None:
    found = known([*past(20, supplier="new", due=-30), *past(*[0] * 60, supplier="quick")])
    assert of_supplier(found, "new")["days_late_50"] == 0


def test_a_supplier_nobody_knows_is_like_all_of_them() -> None:
    found = known(past(*[3] * 40))
    assert found.arrives_in(coming(5, "unheard of"), DAY, 0.5).to_list() == [8]


def test_recent_deliveries_weigh_more() -> None:
    improving = known([*past(*[9] * 20, due=-subject.HALF_LIFE_DAYS * 3), *past(*[0] * 20, due=-10)])
    slipping = known([*past(*[0] * 20, due=-subject.HALF_LIFE_DAYS * 3), *past(*[9] * 20, due=-10)])
    assert of_supplier(improving, "v1")["days_late_50"] == 0
    assert of_supplier(slipping, "v1")["days_late_50"] == 9


def test_what_is_overdue_and_has_not_come_counts_as_later_than_it_is_overdue() -> None:
    arrived, waiting = past(*[0] * 10), past(*[None] * 10, due=-8)
    assert of_supplier(known(arrived), "v1")["days_late_80"] == 0
    assert of_supplier(known([*arrived, *waiting]), "v1")["days_late_80"] > 8


def test_what_came_after_today_is_not_known_today() -> None:
    early = known([*past(*[0] * 10), *past(30, due=-5)])
    assert of_supplier(early, "v1") == of_supplier(known(past(*[0] * 10)), "v1")


def test_without_a_past_the_stated_day_is_taken_and_what_is_overdue_has_a_chance_each_day() -> None:
    nothing = known([])
    assert of_supplier(nothing, None)["orders"] == 0
    assert nothing.arrives_in(coming(5), DAY, 0.95).to_list() == [5]
    assert nothing.arrived_by(coming(-5), DAY, 2)[0].tolist() == pytest.approx([0, 1 / 30, 1 - (29 / 30) ** 2])


def test_the_estimate_is_the_product_limit_beside_orders_like_all_others_and_a_lasting_tail() -> None:
    rows = [*past(0, 2, 2, supplier="a"), *past(0, 0, 5, supplier="b"), *past(None, supplier="a", due=-3)]
    found = known(rows)
    for number, supplier in enumerate(["a", "b"], start=1):
        assert found.hazards[number] == pytest.approx(_by_hand(rows, supplier))


def _by_hand(rows: list[Row], supplier: str) -> list[float]:
    span = range(subject.EARLIEST, subject.LATEST + 1)

    def weight(row: Row) -> float:
        return float(row["weight"] * 0.5 ** ((DAY - row["due_on"]).days / subject.HALF_LIFE_DAYS))

    def came(day: int, which: list[Row]) -> float:
        return sum(weight(r) for r in which if r["arrived_on"] and (r["arrived_on"] - r["due_on"]).days == day)

    def there(day: int, which: list[Row]) -> float:
        return sum(weight(r) for r in which if ((r["arrived_on"] or DAY) - r["due_on"]).days >= day)

    own = [row for row in rows if row["supplier_id"] == supplier]
    late = [day for day in span if day > 0]
    lasting = (sum(came(day, rows) for day in late) + 1) / (sum(there(day, rows) for day in late) + 30)
    hazards, pool_left = [], 1.0
    for day in span:
        tail = subject.TAIL_ORDERS if day > 0 else 0.0
        waited_for = there(day, rows) + tail
        pooled = (came(day, rows) + tail * lasting) / waited_for if waited_for > 1e-9 else 0.0
        above = came(day, own) + subject.PRIOR_ORDERS * pool_left * pooled + tail * lasting
        below = there(day, own) + subject.PRIOR_ORDERS * pool_left + tail
        hazards.append(above / below if below > 1e-9 else 0.0)
        pool_left *= 1 - pooled
    return hazards


# When a receipt comes


def test_an_overdue_receipt_comes_tomorrow_at_the_earliest() -> None:
    found = known([*past(*[0] * 20), *past(*[12] * 10, due=-30)])
    assert found.arrives_in(coming(-9), DAY, 0.5).item() >= 1
    assert found.arrived_by(coming(-9), DAY, 30)[0, 0] == 0.0


def test_what_has_no_stated_day_never_comes() -> None:
    found = known(past(*[0] * 20))
    assert found.arrives_in(coming(None), DAY, 0.5).to_list() == [None]
    assert found.arrived_by(coming(None), DAY, 84).max() == 0.0


def test_more_confidence_is_never_an_earlier_day() -> None:
    found = known([*past(0, 1, 2, 3, 5, 8, 13), *past(None, due=-4)])
    days = [found.arrives_in(coming(6), DAY, share).item() for share in (0.5, 0.8, 0.9, 0.95)]
    assert days == sorted(days)


PASTS = st.lists(st.one_of(st.none(), st.integers(-40, 200)), max_size=12)


@settings(max_examples=60, deadline=None)
@given(PASTS, st.integers(-220, 60))
def test_the_chance_to_have_come_only_grows(late: list[int | None], due: int) -> None:
    chances = known(past(*late, due=-205)).arrived_by(coming(due), DAY, 84)[0]
    assert chances[0] == 0.0
    assert (np.diff(chances) >= -1e-12).all()
    assert chances.max() <= 1.0


@settings(max_examples=60, deadline=None)
@given(PASTS, st.integers(-150, 60), st.sampled_from([0.5, 0.9]))
def test_the_stated_day_is_the_first_on_which_the_chance_suffices(
    late: list[int | None], due: int, share: float
) -> None:
    found = known(past(*late, due=-205))
    stated = found.arrives_in(coming(due), DAY, share).item()
    if stated is not None:
        chances = found.arrived_by(coming(due), DAY, stated)[0]
        assert chances[stated] >= share - 1e-6
        assert stated == 1 or chances[stated - 1] < share + 1e-6


# From the tables


def bought(**lines: Sequence[Row]) -> Firm:
    """Order P1 of two lines at vendor v1, with receipts as given."""
    head = {"purchase_order_id": "P1", "number": "P1", "supplier_id": "v1", "site_id": "north/a", "due_on": on(4)}
    both = [
        {"purchase_order_line_id": f"P1/{n}", "purchase_order_id": "P1", "product_id": "bolt", "quantity": 10}
        | {"first_due_on": on(-6), "due_on": on(2)}
        for n in (1, 2)
    ]
    given = {"purchase_orders": [head], "purchase_order_lines": both} | {
        name: rows for name, rows in lines.items() if name not in ("receipts", "receipt_lines")
    }
    base = firm(
        sites=SITES,
        products=[{"product_id": "bolt", "kind": "storable", "lead_time_days": 6.5}],
        suppliers=[{"supplier_id": "v1", "name": "Vendor"}],
        **given,
    )
    return base | {name: table(name, *lines.get(name, [])) for name in ("receipts", "receipt_lines")}


def received(line: str, quantity: float, day: int) -> dict[str, list[Row]]:
    key = f"{line}@{day}"
    return {
        "receipts": [{"receipt_id": key, "status": "done", "received_at": noon(on(day))}],
        "receipt_lines": [
            {"receipt_line_id": key, "receipt_id": key, "purchase_order_line_id": line, "product_id": "bolt"}
            | {"quantity": quantity, "received_quantity": quantity, "status": "done"}
        ],
    }


def test_lateness_counts_from_the_first_confirmed_day() -> None:
    rows = deliveries(bought(**received("P1/1", 10, -1)))
    assert set(rows["due_on"]) == {on(-6)}


def test_a_delivery_belongs_to_the_company_that_ordered_and_the_region_of_its_site() -> None:
    rows = deliveries(bought(**received("P1/1", 10, -1)))
    assert rows.select("company_id", "region").row(0) == ("c1", "N")


def test_an_order_counts_once_however_many_lines_and_parts_it_has() -> None:
    first, second = received("P1/1", 4, -5), received("P1/1", 6, -1)
    rows = deliveries(bought(**{name: [*first[name], *second[name]] for name in first}))
    assert rows["weight"].sum() == pytest.approx(1.0)


def test_a_receipt_is_known_by_the_line_where_the_source_keeps_no_receipts() -> None:
    line = {"purchase_order_line_id": "P1/1", "purchase_order_id": "P1", "product_id": "bolt", "quantity": 10}
    dated = line | {"received_quantity": 10, "received_on": on(-2), "due_on": on(-3)}
    rows = deliveries(bought(purchase_order_lines=[dated]))
    assert rows.select("due_on", "arrived_on").rows() == [(on(-3), on(-2))]


def test_lines_of_one_order_and_day_come_as_one_delivery_at_the_main_site() -> None:
    row = open_receipts(bought()).row(0, named=True)
    assert (row["number"], row["party"], row["site_id"], row["due_on"]) == ("P1", "Vendor", "north", on(2))
    assert row["quantity"] == 20


def test_open_receipts_are_dated_at_four_levels_of_confidence() -> None:
    row = dated_receipts(bought(), DAY).row(0, named=True)
    days = [row[name] for name in subject.ARRIVALS]
    assert days == sorted(days)
    assert days[0] >= on(2)


def test_what_is_ordered_today_comes_after_the_lead_time() -> None:
    tables = bought(
        supplier_products=[{"supplier_product_id": "o1", "supplier_id": "v1", "product_id": "bolt", "priority": 1}]
    )
    late = lateness(deliveries(tables), DAY)
    row = new_orders(sourcing(tables), tables["products"], late, DAY).row(0, named=True)
    assert (row["kind"], row["party"], row["lead_time_days"]) == ("purchase", "Vendor", 6.5)
    assert row["arrives_50_on"] >= on(7)
