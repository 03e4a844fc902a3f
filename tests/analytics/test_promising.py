"""Promises: the earliest day that breaks no earlier one, why that day, and how sure it is."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import promising
from analytics.promising import Supply, available, promise
from tests.analytics.firm import DAY
from tests.oracles.promising import Firm

Row = dict[str, Any]
SITES = ("north", "south", "west")


def day(number: int) -> date:
    """So many days after today."""
    return DAY + timedelta(days=number)


def supply_of(firm: Firm) -> Supply:
    """The firm's one product, a bolt, as frames."""
    receipts = [
        {"site_id": site, "number": f"P{at}", "party": "Vendor", "due_on": day(on - 1), "arrives_on": day(on)}
        | {"quantity": quantity}
        for at, (site, on, quantity) in enumerate(firm.receipts)
    ]
    new = [{"party": "Vendor", "arrives_on": day(firm.new)}] if firm.new is not None else []
    return Supply(
        today=DAY,
        confidence=0.9,
        products=("bolt", "nut"),
        stock=_bolts([{"site_id": site, "on_hand": held} for site, held in firm.stock.items()], promising.STOCK),
        receipts=_bolts(receipts, promising.RECEIPTS),
        promised=_bolts(
            [{"site_id": site, "due_on": day(on), "quantity": quantity} for site, on, quantity in firm.promised],
            promising.PROMISED,
        ),
        new=_bolts(new, promising.NEW),
        transfers=pl.DataFrame(
            [{"from_site_id": left, "to_site_id": to, "days": days} for (left, to), days in firm.transfers.items()],
            schema=promising.TRANSFERS,
        ),
    )


def _bolts(rows: Sequence[Row], schema: Any) -> pl.DataFrame:
    return pl.DataFrame([{"product_id": "bolt"} | row for row in rows], schema=schema)


def wishes(*quantities: float | None, site: str | None = None, product: str = "bolt") -> pl.DataFrame:
    rows = [
        {"line": at, "product_id": product, "quantity": quantity, "site_id": site}
        for at, quantity in enumerate(quantities, start=1)
    ]
    return pl.DataFrame(rows, schema=promising.WISHES)


def told(firm: Firm, *quantities: float | None, site: str | None = None, in_parts: bool = False) -> list[Row]:
    return list(promise(supply_of(firm), wishes(*quantities, site=site), in_parts=in_parts).lines.iter_rows(named=True))


def days_of(rows: Sequence[Row]) -> list[int | None]:
    return [None if row["promised_on"] is None else (row["promised_on"] - DAY).days for row in rows]


# What a promise says


def test_what_is_on_hand_leaves_today_for_certain() -> None:
    row = told(Firm({"north": 5}, [], []), 5)[0]
    assert (row["status"], row["promised_on"], row["source"], row["from_site_id"]) == (
        "promised",
        DAY,
        "stock",
        "north",
    )
    assert row["confidence"] == 1.0


def test_what_was_promised_before_is_not_promised_again() -> None:
    firm = Firm({"north": 5}, [("north", 8, 10)], [("north", 3, 4)])
    assert days_of(told(firm, 1)) == [0]
    assert days_of(told(firm, 2)) == [8]


def test_a_promise_names_the_receipt_that_it_waits_for_and_how_sure_it_is() -> None:
    row = told(Firm({"north": 1}, [("north", 3, 1), ("north", 8, 10)], []), 5)[0]
    assert (row["source"], row["number"], row["party"], row["due_on"]) == ("receipt", "P1", "Vendor", day(7))
    assert row["confidence"] == pytest.approx(0.9)


def test_two_receipts_that_are_both_needed_are_less_sure_than_one() -> None:
    row = told(Firm({"north": 1}, [("north", 3, 5), ("north", 8, 5)], []), 10)[0]
    assert row["confidence"] == pytest.approx(0.9 * 0.9)


def test_an_overdue_promise_waits_for_the_first_goods() -> None:
    assert days_of(told(Firm({}, [("north", 4, 5)], [("north", -9, 3)]), 3)) == [None]
    assert days_of(told(Firm({}, [("north", 4, 5)], [("north", -9, 3)]), 2)) == [4]


def test_a_new_order_serves_what_known_supply_does_not() -> None:
    row = told(Firm({"north": 1}, [("north", 30, 9)], [], new=14, horizon=40), 4)[0]
    assert (row["promised_on"], row["source"], row["from_site_id"]) == (day(14), "new_order", None)
    assert row["confidence"] == pytest.approx(0.9)


def test_an_overdue_receipt_that_has_no_day_serves_nobody() -> None:
    firm = supply_of(Firm({}, [("north", 4, 5)], []))
    undated = replace(firm, receipts=firm.receipts.with_columns(arrives_on=pl.lit(None, dtype=pl.Date)))
    late = replace(firm, receipts=firm.receipts.with_columns(arrives_on=pl.lit(DAY)))
    for unknown in (undated, late):
        row = promise(unknown, wishes(1)).lines.row(0, named=True)
        assert (row["status"], row["promised_on"], row["confidence"]) == ("no_supply", None, None)


def test_parts_leave_as_soon_as_they_can() -> None:
    firm = supply_of(Firm({"north": 2}, [("north", 3, 3), ("north", 8, 4)], []))
    answer = promise(firm, wishes(7), in_parts=True)
    assert answer.deliveries.select("leaves_on", "quantity", "source").rows() == [
        (DAY, 2.0, "stock"),
        (day(3), 3.0, "receipt"),
        (day(8), 2.0, "receipt"),
    ]
    assert (answer.first_on, answer.last_on) == (DAY, day(8))


def test_parts_without_an_end_leave_all_the_same_and_have_no_last_day() -> None:
    answer = promise(supply_of(Firm({"north": 2}, [], [])), wishes(7), in_parts=True)
    assert answer.lines.select("status", "first_on", "promised_on").row(0) == ("no_supply", DAY, None)
    assert answer.deliveries["quantity"].to_list() == [2.0]
    assert answer.last_on is None


def test_a_later_line_may_leave_before_one_that_waits() -> None:
    assert days_of(told(Firm({"north": 2}, [("north", 5, 5)], []), 5, 2)) == [5, 0]


def test_the_order_is_complete_with_its_last_line() -> None:
    answer = promise(supply_of(Firm({"north": 2}, [("north", 5, 5)], [])), wishes(1, 4))
    assert (answer.first_on, answer.last_on) == (DAY, day(5))


def test_another_site_helps_after_the_days_of_the_transfer() -> None:
    firm = Firm({"north": 1, "south": 3}, [], [], transfers={("south", "north"): 2})
    assert days_of(told(firm, 1, site="north")) == [0]
    assert days_of(told(firm, 4, site="north")) == [2]
    assert days_of(told(firm, 4, site="south")) == [None]


def test_without_a_wanted_site_one_site_sends_all_if_it_can() -> None:
    answer = promise(supply_of(Firm({"north": 1, "south": 3}, [], [])), wishes(3))
    assert answer.deliveries.select("from_site_id", "quantity").rows() == [("south", 3.0)]


def test_without_a_wanted_site_each_site_sends_its_part_today() -> None:
    answer = promise(supply_of(Firm({"north": 1, "south": 3}, [], [])), wishes(4))
    assert answer.lines["promised_on"].to_list() == [DAY]
    assert sorted(answer.deliveries.select("from_site_id", "quantity").rows()) == [("north", 1.0), ("south", 3.0)]


@pytest.mark.parametrize("quantity", [0.0, -3.0, None])
def test_nothing_is_promised_to_who_asks_for_nothing(quantity: float | None) -> None:
    row = told(Firm({"north": 5}, [], []), quantity)[0]
    assert (row["status"], row["promised_on"], row["source"]) == ("no_quantity", None, None)


def test_an_unknown_product_and_one_without_any_supply_have_no_day() -> None:
    firm = supply_of(Firm({"north": 5}, [], []))
    for product, status in (("desk", "unknown_product"), ("nut", "no_supply")):
        answer = promise(firm, wishes(1, product=product))
        assert answer.lines.select("status", "promised_on").row(0) == (status, None)
        assert answer.deliveries.is_empty()
        assert (answer.first_on, answer.last_on) == (None, None)


def test_no_wish_has_no_answer() -> None:
    answer = promise(supply_of(Firm({"north": 5}, [], [])), wishes())
    assert answer.lines.schema == promising.LINES
    assert answer.deliveries.schema == promising.DELIVERIES
    assert answer.last_on is None


def test_what_is_available_grows_with_each_receipt_that_nobody_waits_for() -> None:
    firm = supply_of(Firm({"north": 5}, [("north", 3, 4), ("north", 8, 2)], [("north", 5, 6)]))
    assert available(firm, "bolt").select("site_id", "day_on", "quantity").rows() == [
        ("north", DAY, 3.0),
        ("north", day(8), 5.0),
    ]


def test_supply_is_dated_at_the_asked_confidence() -> None:
    dated = pl.DataFrame(
        {"product_id": ["bolt"], "site_id": ["north"], "number": ["P1"], "party": ["Vendor"], "due_on": [day(1)]}
        | {"quantity": [5], "arrives_50_on": [day(2)], "arrives_95_on": [day(9)]}
    )
    for level, on in ((50, 2), (95, 9)):
        firm = promising.supply(
            today=DAY,
            level=level,
            products=["bolt"],
            stock=pl.DataFrame(schema=promising.STOCK),
            receipts=dated,
            orders=pl.DataFrame(schema=promising.PROMISED),
            new=pl.DataFrame(
                schema={
                    "product_id": pl.String,
                    "company_id": pl.String,
                    "party": pl.String,
                    f"arrives_{level}_on": pl.Date,
                }
            ),
        )
        row = promise(firm, wishes(1)).lines.row(0, named=True)
        assert (row["promised_on"], row["confidence"]) == (day(on), level / 100)


# The slow oracle


def random_firm(seed: int) -> tuple[Firm, int, str | None]:
    """A tiny firm with up to three sites, a quantity, and the site that it is wanted at."""
    dice = random.Random(seed)  # noqa: S311 - firms for tests, no secrets
    sites = SITES[: dice.randint(1, 3)]
    firm = Firm(
        {site: dice.randint(0, 4) for site in sites if dice.random() < 0.8},
        [(dice.choice(sites), dice.randint(1, 9), dice.randint(1, 4)) for _ in range(dice.randint(0, 4))],
        [(dice.choice(sites), dice.randint(-2, 12), dice.randint(1, 3)) for _ in range(dice.randint(0, 4))],
        {(left, to): dice.randint(1, 4) for left in sites for to in sites if left != to and dice.random() < 0.6},
        dice.choice([None, None, dice.randint(1, 15)]),
    )
    return firm, dice.randint(1, 5), dice.choice([None, *sites])


@pytest.mark.parametrize("block", range(10))
def test_a_promise_is_what_trying_every_day_gives(block: int) -> None:
    for seed in range(block * 100, block * 100 + 100):
        firm, quantity, site = random_firm(seed)
        assert days_of(told(firm, quantity, site=site)) == [firm.first_day(quantity, site)], seed


@pytest.mark.parametrize("seed", range(100))
def test_each_part_is_the_most_that_can_leave_by_its_day(seed: int) -> None:
    firm, quantity, site = random_firm(seed)
    parts = promise(supply_of(firm), wishes(quantity, site=site), in_parts=True).deliveries
    for on in parts.filter(pl.col("source") != "new_order")["leaves_on"].unique():
        gone = parts.filter(pl.col("leaves_on") <= on)["quantity"].sum()
        if (on - DAY).days != firm.new:
            assert gone == min(quantity, firm.most_by((on - DAY).days, site))


# Laws

FIRMS = st.integers(0, 10**6).map(random_firm)


def first(firm: Firm, quantity: int, site: str | None) -> float:
    found = days_of(told(firm, quantity, site=site))[0]
    return float("inf") if found is None else found


@given(FIRMS)
def test_more_is_never_promised_earlier(case: tuple[Firm, int, str | None]) -> None:
    firm, quantity, site = case
    assert first(firm, quantity + 1, site) >= first(firm, quantity, site)


@given(FIRMS, st.sampled_from(SITES), st.integers(1, 9), st.integers(1, 4))
def test_more_supply_never_makes_a_promise_later(
    case: tuple[Firm, int, str | None], site: str, on: int, more: int
) -> None:
    firm, quantity, wanted_at = case
    richer = replace(firm, receipts=[*firm.receipts, (site, on, more)])
    assert first(richer, quantity, wanted_at) <= first(firm, quantity, wanted_at)


@given(FIRMS)
def test_the_order_of_receipts_and_promises_does_not_matter(case: tuple[Firm, int, str | None]) -> None:
    firm, quantity, site = case
    turned = replace(firm, receipts=firm.receipts[::-1], promised=firm.promised[::-1])
    assert first(turned, quantity, site) == first(firm, quantity, site)


@given(FIRMS, st.booleans())
def test_whoever_keeps_what_was_said_never_runs_short_of_it(case: tuple[Firm, int, str | None], in_parts: bool) -> None:
    firm, quantity, site = case
    parts = promise(supply_of(firm), wishes(quantity, 1, site=site), in_parts=in_parts).deliveries
    sent = parts.filter(pl.col("source") != "new_order")
    said = [
        (row["from_site_id"], (row["leaves_on"] - DAY).days - row["transfer_days"], row["quantity"])
        for row in sent.iter_rows(named=True)
    ]
    kept = replace(firm, promised=[*firm.promised, *said])
    for at, on, _ in said:
        assert all(kept.left_over(at, later) >= 0 for later in range(on, firm.horizon + 1))
