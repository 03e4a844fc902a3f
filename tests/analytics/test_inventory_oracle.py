"""The inventory outlook against an oracle: loops over rows and days, on small firms in which everything odd happens."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from analytics.inventory import OUTLOOK, Situation, outlook, paths, projection
from analytics.inventory import balances as balances_of
from tests.analytics.firm import DAY, PRODUCTS, Firm, random_firm, situation_of
from tests.analytics.oracle import Fact, Oracle

COMPARED = (
    "on_hand",
    "in_transit",
    "reserved",
    "on_order",
    "open_demand",
    "overdue_receipts",
    "next_receipt_on",
    "daily_demand",
    "lead_time_days",
    "minimum_quantity",
    "days_of_cover",
    "runs_out_on",
    "short_quantity",
    "recent_demand",
    "state",
)
SCOPES: dict[str, tuple[pl.Expr, Callable[[Fact], bool]]] = {
    "everywhere": (pl.lit(value=True), lambda _fact: True),
    "north": (pl.col("site_id") == "north", lambda fact: fact.site == "north"),
    "south": (pl.col("region") == "S", lambda fact: fact.region == "S"),
    "second company": (pl.col("company_id") == "c2", lambda fact: fact.company == "c2"),
}


def situation(firm: Firm, scope: str) -> Situation:
    chosen, _ = SCOPES[scope]
    return situation_of(firm, chosen, everywhere=scope == "everywhere", history_days=30, horizon_days=40)


def is_in_outlook(row: dict[str, Any], product: str, scope: str) -> bool:
    should_be_held = product not in ("old", "oil")
    return (should_be_held or row["on_hand"] != 0) and (row["trace"] or scope == "everywhere")


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("seed", range(12))
def test_the_outlook_is_what_counting_by_hand_gives(seed: int, scope: str) -> None:
    firm = random_firm(seed)
    oracle, (_, within) = Oracle(firm, DAY), SCOPES[scope]
    expected = {product: oracle.row(product, within, 30, 40) for product in PRODUCTS}
    told = {row["product_id"]: row for row in outlook(situation(firm, scope)).iter_rows(named=True)}
    assert set(told) == {product for product, row in expected.items() if is_in_outlook(row, product, scope)}
    for product, row in told.items():
        for name in COMPARED:
            assert row[name] == pytest.approx(expected[product][name], abs=1e-6), f"{name} of {product}"


@pytest.mark.parametrize("seed", range(12))
def test_the_projection_is_what_counting_day_by_day_gives(seed: int) -> None:
    firm = random_firm(seed)
    oracle = Oracle(firm, DAY)
    whole = situation(firm, "everywhere")
    stood = balances_of(whole)
    projected = paths(whole, stood).projected
    for product, path in zip(stood["product_id"], projected, strict=True):
        assert list(path) == pytest.approx(oracle.row(product, lambda _fact: True, 30, 40)["path"], abs=1e-6), product


@pytest.mark.parametrize("seed", range(10))
def test_the_end_is_the_start_plus_receipts_minus_reservations_minus_expected_demand(seed: int) -> None:
    whole = situation(random_firm(seed), "everywhere")
    ahead = paths(whole, balances_of(whole))
    start = balances_of(whole)["on_hand"].to_numpy()
    end = start + ahead.receipts.sum(axis=1) - ahead.reservations.sum(axis=1) - ahead.expected.sum(axis=1)
    assert list(ahead.projected[:, -1]) == pytest.approx(list(end), abs=1e-6)
    assert (ahead.expected >= 0).all()


def test_an_outlook_of_nothing_has_all_columns_and_no_row() -> None:
    firm = random_firm(0)
    empty = {name: rows.clear() for name, rows in firm.items()}
    nothing = outlook(situation(empty, "everywhere"))
    assert nothing.schema == OUTLOOK
    assert nothing.is_empty()
    assert projection(situation(empty, "everywhere")).is_empty()
