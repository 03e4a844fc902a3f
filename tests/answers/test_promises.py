"""Holding goods, promising days, and what became of both."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from analytics.access import Viewer
from analytics.promise_hindcasts import HINDCASTS
from analytics.scope import Scope
from answers import delivery, promises
from answers.delivery import How
from answers.promises import HOLD, PROMISE, PromiseRefused, Said
from data_access import studies
from data_access.home import firm_home
from data_access.snapshot import Snapshot
from tests.analytics.firm import COMPANIES, DAY, SITES, Firm, Row, firm, merged, noon, order
from tests.answers.served import MADE_AT, served

SALES = Viewer(user="ada", role="sales")
EVERYTHING = Scope()
NOW = MADE_AT + timedelta(hours=1)
IN_THE_SOUTH: dict[str, list[Row]] = {
    "inventory_levels": [{"product_id": "bolt", "site_id": "south", "as_of_on": DAY, "on_hand": 5}]
}


def shop(*parts: dict[str, list[Row]]) -> Firm:
    """Five bolts in the north, and a customer, Kim; more bolts can be bought."""
    known: dict[str, list[Row]] = {
        "companies": COMPANIES,
        "sites": SITES,
        "products": [{"product_id": "bolt", "sku": "B-1", "name": "Bolt", "kind": "storable", "lead_time_days": 10}],
        "customers": [{"customer_id": "k1", "name": "Kim", "region": "N", "is_company": True}],
        "suppliers": [{"supplier_id": "v1", "name": "Vendor"}],
        "supplier_products": [
            {"supplier_product_id": "o1", "supplier_id": "v1", "product_id": "bolt", "lead_time_days": 10}
        ],
        "inventory_levels": [{"product_id": "bolt", "site_id": "north", "as_of_on": DAY, "on_hand": 5}],
    }
    return firm(**merged(known, *parts))


@pytest.fixture(autouse=True)
def version() -> Snapshot:
    return served(shop())


def keep(kind: str = HOLD, quantity: int = 3, viewer: Viewer = SALES, **fields: Any) -> int:
    said = Said(kind=kind, wishes=(("B-1", str(quantity)),), customer_id="k1", **fields)
    return promises.say(viewer, EVERYTHING, said, at=NOW)


def asked(quantity: int, hours: int = 1) -> Any:
    held = promises.holds(SALES, at=NOW + timedelta(hours=hours))
    return delivery.promised(SALES, EVERYTHING, (("B-1", str(quantity)),), How(), held=held).last_on


def states(hours: int = 1, viewer: Viewer = SALES) -> list[str]:
    return promises.register(viewer, EVERYTHING, at=NOW + timedelta(hours=hours))["state"].to_list()


def test_what_is_held_is_gone_for_others_until_the_hold_ends() -> None:
    keep(quantity=3)
    assert asked(2) == DAY
    assert asked(3) > DAY
    assert asked(3, hours=25) == DAY
    held = promises.holds(SALES, at=NOW)
    assert delivery.free(SALES, EVERYTHING, (), held=held)["free"].to_list() == [2.0]


def test_a_hold_can_be_released_once() -> None:
    number = promises.say(SALES, EVERYTHING, Said(kind=HOLD, wishes=(("B-1", "3"),)))
    assert promises.register(SALES, EVERYTHING)["state"].to_list() == ["held"]
    promises.release(SALES, EVERYTHING, number)
    assert promises.register(SALES, EVERYTHING)["state"].to_list() == ["released"]
    with pytest.raises(PromiseRefused, match="gone"):
        promises.release(SALES, EVERYTHING, number)


def test_what_one_holds_oneself_can_be_promised_and_is_not_held_twice() -> None:
    keep(quantity=5)
    keep(PROMISE, quantity=5)
    assert promises.register(SALES, EVERYTHING, at=NOW)["promised_on"].to_list() == [DAY, DAY]
    keep(PROMISE, quantity=5, viewer=Viewer(user="bo", role="sales"))
    assert promises.register(SALES, EVERYTHING, at=NOW)["promised_on"][0] > DAY
    with pytest.raises(PromiseRefused, match="held"):
        keep(quantity=5)


def test_a_promise_takes_nothing_from_others() -> None:
    keep(PROMISE, quantity=5)
    assert asked(5) == DAY
    assert states() == ["waiting"]


def test_without_a_day_nothing_is_kept() -> None:
    with pytest.raises(PromiseRefused, match="no_day"):
        promises.say(SALES, EVERYTHING, Said(kind=HOLD, wishes=(("B-9", "1"),)))
    assert promises.register(SALES, EVERYTHING).is_empty()


def test_a_hold_tells_when_its_goods_are_taken() -> None:
    keep(quantity=3)
    served(shop(order("S1", "bolt", 4, site_id="north", customer_id="k2", promised_on=DAY)))
    row = promises.register(SALES, EVERYTHING, at=NOW).row(0, named=True)
    assert (row["state"], row["promised_on"]) == ("held", DAY)
    assert row["can_leave_on"] > DAY


def test_a_promise_is_compared_with_the_order_that_followed_and_its_first_day_stays() -> None:
    keep(PROMISE, quantity=5)
    line = {"delivered_quantity": 5, "status": "done"}
    ordered = order("S1", "bolt", 5, site_id="north", ordered_at=noon(DAY + timedelta(days=1)), **line)
    gone: dict[str, list[Row]] = {
        "shipments": [
            {"shipment_id": "D1", "sales_order_id": "S1", "status": "done", "shipped_at": noon(DAY + timedelta(days=3))}
            | {"delivered_at": noon(DAY + timedelta(days=4))}
        ],
        "shipment_lines": [
            {"shipment_line_id": "D1/1", "shipment_id": "D1", "sales_order_line_id": "S1/1", "product_id": "bolt"}
            | {"quantity": 5, "shipped_quantity": 5, "status": "done"}
        ],
        "inventory_levels": [
            {"product_id": "bolt", "site_id": "north", "as_of_on": DAY + timedelta(days=9), "on_hand": 0}
        ],
    }
    served(shop(ordered, gone))
    row = promises.register(SALES, EVERYTHING, at=NOW).row(0, named=True)
    assert (row["state"], row["document"], row["promised_on"]) == ("late", "S1", DAY)
    shares = promises.kept_shares(SALES, EVERYTHING)
    assert shares.select("source", "level", "promises", "kept", "bias_days").rows() == [("given", 90, 1, 0, 3.0)]
    by_person, by_lane = (promises.kept_by(SALES, EVERYTHING, by, 90) for by in ("person", "lane"))
    assert by_person.select("person", "promises", "kept").rows() == [(SALES.user, 1, 0)]
    assert by_lane.select("site", "region", "kept").rows() == [("North", "N", 0)]
    assert promises.kept_by(SALES, EVERYTHING, "person", 80).is_empty()


def test_an_order_that_follows_within_the_hour_is_the_one_wherever_its_site_lies() -> None:
    """At one in the morning by UTC it is still the evening before in New York."""
    said = Said(kind=PROMISE, wishes=(("B-1", "5"),), customer_id="k1")
    promises.say(SALES, EVERYTHING, said, at=NOW.replace(hour=1))
    ordered = order("S1", "bolt", 5, site_id="north", ordered_at=NOW.replace(hour=2))
    known = shop(ordered)
    zone = pl.when(pl.col("site_id") == "north").then(pl.lit("America/New_York")).otherwise("time_zone")
    served(known | {"sites": known["sites"].with_columns(time_zone=zone)})
    assert promises.register(SALES, EVERYTHING, at=NOW)["document"].to_list() == ["S1"]


def test_the_number_of_the_order_may_be_told() -> None:
    keep(PROMISE, quantity=1, order_number=" S7 ")
    ordered = order("S7", "bolt", 1, site_id="north", customer_id="k2", ordered_at=noon(DAY - timedelta(days=9)))
    served(shop(ordered))
    assert promises.register(SALES, EVERYTHING, at=NOW)["document"].to_list() == ["S7"]


def test_holds_of_other_companies_are_not_told_and_those_of_persons_have_no_name() -> None:
    keep(quantity=1)
    assert states(viewer=Viewer(user="bo", role="sales", companies=frozenset({"c2"}))) == []
    assert states(viewer=Viewer(user="bo", role="sales", regions=frozenset({"S"}))) == []
    assert states(viewer=Viewer(user="bo", role="manager", regions=frozenset({"N"}))) == ["held"]


def test_a_hold_takes_nothing_from_other_sites() -> None:
    served(shop(IN_THE_SOUTH))
    southern = Viewer(user="bo", role="sales", regions=frozenset({"S"}))
    wishes = (("B-1", "5"),)
    said = Said(kind=HOLD, wishes=wishes, customer_id="k1")
    number = promises.say(SALES, Scope(sites=("north",)), said, at=NOW)
    held = promises.holds(SALES, at=NOW)
    for viewer, scope in ((southern, EVERYTHING), (SALES, Scope(sites=("south",))), (SALES, EVERYTHING)):
        assert delivery.promised(viewer, scope, wishes, How(), held=held).last_on == DAY
        assert delivery.held_days(viewer, scope, held) == ({} if scope.sites or viewer == southern else {number: DAY})
    assert delivery.promised(SALES, Scope(sites=("north",)), wishes, How(), held=held).last_on != DAY
    assert delivery.free(southern, EVERYTHING, (), held=held).select("site_id", "free").rows() == [("south", 5.0)]
    rows = promises.register(SALES, Scope(sites=("south",)), at=NOW)
    assert rows.select("promised_on", "can_leave_on").rows() == [(DAY, DAY)]


def test_a_hold_that_leaves_from_elsewhere_takes_what_is_sent_there_from_here() -> None:
    served(shop(IN_THE_SOUTH))
    keep(quantity=10, how=How("north"))
    southern = Viewer(user="bo", role="sales", regions=frozenset({"S"}))
    held = promises.holds(southern, at=NOW)
    assert delivery.promised(southern, EVERYTHING, (("B-1", "1"),), How(), held=held).last_on != DAY


def test_of_two_that_hold_the_last_goods_at_the_same_moment_one_has_to_wait() -> None:
    said, start = Said(kind=HOLD, wishes=(("B-1", "5"),), customer_id="k1"), threading.Barrier(3)

    def hold(user: str) -> None:
        start.wait()
        promises.say(Viewer(user=user, role="sales"), EVERYTHING, said, at=NOW)

    with ThreadPoolExecutor(3) as persons:
        list(persons.map(hold, ("ada", "bo", "cy")))
    days = promises.register(SALES, EVERYTHING, at=NOW)["promised_on"].to_list()
    assert days.count(DAY) == 1


def test_what_names_no_customer_is_told_to_whose_it_is_in_whichever_region() -> None:
    northern = frozenset({"N"})
    bo, cy = (Viewer(user=user, role="sales", regions=northern) for user in ("bo", "cy"))
    number = promises.say(bo, EVERYTHING, Said(kind=HOLD, wishes=(("B-1", "1"),)))
    assert promises.register(cy, EVERYTHING).is_empty()
    promises.release(bo, EVERYTHING, number)
    assert promises.register(bo, EVERYTHING)["state"].to_list() == ["released"]


def test_a_quantity_is_told_in_full() -> None:
    keep(PROMISE, quantity=1_000_000)
    assert promises.register(SALES, EVERYTHING, at=NOW)["items"].to_list() == ["1000000 × B-1"]


def test_hindcasts_are_told_apart_and_cut_by_rights(version: Snapshot) -> None:
    row = {"sales_order_id": "S1", "company_id": "c1", "region": "N", "given_on": DAY, "came_on": DAY}
    days = {f"p{level}_on": DAY for level in (50, 80, 90, 95)}
    frame = pl.DataFrame([row | days], schema=HINDCASTS)
    studies.save(firm_home(), promises.STUDY, version, {"hindcasts": frame}, as_of_on=DAY, at=NOW)
    assert promises.kept_shares(SALES, EVERYTHING)["source"].to_list() == ["hindcast"] * 4
    assert promises.kept_by(SALES, EVERYTHING, "lane", 95).select("region", "kept").rows() == [("N", 1)]
    southern = Viewer(user="bo", role="sales", regions=frozenset({"S"}))
    assert promises.kept_shares(southern, EVERYTHING).is_empty()
