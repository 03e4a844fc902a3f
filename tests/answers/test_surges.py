"""What a viewer is told of surges and of product lives: rights first, then sums, then the stage that follows."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from analytics.product_life import LIVES, SWITCHES
from analytics.scope import Scope
from analytics.surges import SURGES
from answers import Snapshot, surges
from data_access import studies
from data_access.home import firm_home
from tests.analytics.demand_firm import AS_OF
from tests.answers.test_demand import published

OWNER, EVERYTHING = Viewer(user="ada", role="owner"), Scope()
NORTH = Viewer(user="ada", role="owner", regions=frozenset({"N"}))
LONG_AGO = date(2023, 1, 1)


def frames() -> dict[str, pl.DataFrame]:
    """One surge in the north, one large order in the south; p1 fades in the south and rises in the north."""
    alarm = {"product_id": "p1", "company_id": "c", "region": "N", "kind": "surge", "since_on": AS_OF}
    alarm |= {"alarmed_on": AS_OF, "orders": 40.0, "usual_orders": 10.0, "quantity": 80.0, "usual_quantity": 20.0}
    alarm |= {"customers": 30, "largest_share": 0.1}
    counts = {"product_id": "p1", "company_id": "c", "first_on": LONG_AGO, "last_on": AS_OF, "orders_two_years": 60}
    counts |= {"complaints": 3, "complaints_before": 0, "returns": 6, "returns_before": 6}
    lives = [
        counts | {"region": "N", "orders": 100, "orders_before": 60},
        counts | {"region": "S", "orders": 30, "orders_before": 60},
    ]
    earned = {"product_id": "p1", "company_id": "c", "currency": "EUR", "amount": 100.0, "margin": 40.0}
    return {
        "surges": pl.DataFrame(
            [alarm, alarm | {"region": "S", "kind": "one_order", "product_id": "p2"}], schema=SURGES
        ),
        "lives": pl.DataFrame(lives, schema=LIVES),
        "switches": pl.DataFrame(schema=SWITCHES),
        "earnings": pl.DataFrame([earned | {"region": name, "margin_base": 80.0} for name in "NS"]),
    }


@pytest.fixture
def version(home: object) -> Snapshot:
    """The firm, with its study of surges."""
    snapshot = published()
    at = datetime(2026, 4, 1, tzinfo=UTC)
    studies.save(firm_home(), surges.STUDY, snapshot, frames(), as_of_on=AS_OF, at=at)
    return snapshot


def test_while_there_is_no_study_nothing_is_told() -> None:
    published()
    assert surges.surges(OWNER, EVERYTHING).is_empty()
    assert surges.lives(OWNER, EVERYTHING).is_empty()
    assert surges.made() == ""


def test_who_may_not_see_inventory_is_told_nothing(version: Snapshot) -> None:
    for ask in (surges.surges, surges.lives):
        with pytest.raises(NotAllowed):
            ask(Viewer(user="ada", role="administrator"), EVERYTHING)


def test_surges_come_first_with_what_is_above_the_usual_at_list_price(version: Snapshot) -> None:
    rows = surges.surges(OWNER, EVERYTHING)
    assert rows.select("name", "kind", "value", "currency").row(0) == ("Item 1", "surge", 120.0, "EUR")
    assert rows["kind"].to_list() == ["surge", "one_order"]
    assert surges.surges(OWNER, EVERYTHING, "p2")["kind"].to_list() == ["one_order"]
    assert surges.surges(OWNER, Scope(regions=("S",)))["product_id"].to_list() == ["p2"]
    assert surges.surges(NORTH, EVERYTHING)["region"].to_list() == ["N"]


def test_the_stage_follows_from_the_sums_of_what_one_sees(version: Snapshot) -> None:
    assert surges.lives(OWNER, EVERYTHING)["stage"].to_list() == ["steady"]
    assert surges.lives(NORTH, EVERYTHING)["stage"].to_list() == ["rising"]
    assert surges.lives(OWNER, Scope(regions=("S",)))["stage"].to_list() == ["fading"]
    row = surges.lives(OWNER, EVERYTHING, "p1").row(0, named=True)
    assert (row["orders"], row["amount"], row["margin_share"]) == (130, 200.0, 0.5)
    assert (row["complaints"], row["returns"]) == (pytest.approx(600 / 130), pytest.approx(1200 / 130))


def test_margins_and_service_need_their_rights(version: Snapshot) -> None:
    manager = Viewer(user="bo", role="manager", without=frozenset({"service.read", "sales.read"}))
    row = surges.lives(manager, EVERYTHING).row(0, named=True)
    assert [row[name] for name in ("margin_share", "complaints", "returns", "amount")] == [None] * 4
    assert row["change"] == pytest.approx(130 / 120 - 1)
    assert row["orders_before"] == 120
