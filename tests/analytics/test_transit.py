"""Transport: how long goods travel, learned from shipments, and by when they are at the customer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from analytics.transit import TRANSITS, Transit, lanes, leaving, transit, transits
from analytics.workdays import WORKING_DAYS, open_days
from tests.analytics.firm import DAY, firm, noon
from tests.analytics.test_making import asked, days_of, plant, supply_of

MONDAY = DAY - timedelta(days=DAY.weekday())
SITES = {"north": "c1", "south": "c1", "east": "c2"}


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def shipment(number: int, left: int, days: int | None, **fields: object) -> dict[str, object]:
    return {
        "shipment_id": f"s{number}", "customer_id": "k1", "site_id": "north", "company_id": "c1", "status": "done",
        "carrier_id": "fast", "shipped_at": noon(on(-left)),
        "delivered_at": None if days is None else noon(on(days - left)),
    } | fields  # fmt: skip


def learned(*shipments: dict[str, object], zone: str | None = None) -> pl.DataFrame:
    customers: list[dict[str, object]] = [
        {"customer_id": "k1", "country": "DE", "region": "N"},
        {"customer_id": "k2", "country": None},
    ]
    sites = [{"site_id": "north", "company_id": "c1", "kind": "warehouse", "region": "elsewhere", "time_zone": zone}]
    return transits(firm(shipments=list(shipments), customers=customers, sites=sites))


def test_a_shipment_counts_with_its_days_and_weighs_half_after_ninety() -> None:
    rows = learned(shipment(1, 10, 3), shipment(2, 100, 3), shipment(3, 10, 5))
    by_days = rows.group_by("days").agg(pl.col("shipments").sum(), pl.col("weight").sum()).sort("days")
    assert by_days.rows() == [(3, 2, pytest.approx(1.5)), (5, 1, pytest.approx(1.0))]
    assert set(rows["region"]) == {"N"}


@pytest.mark.parametrize(("zone", "days", "weekday"), [("Asia/Shanghai", 1, 3), ("UTC", 2, 2), (None, 2, 2)])
def test_days_are_those_of_the_clock_at_the_site(zone: str | None, days: int, weekday: int) -> None:
    tuesday = datetime(2026, 3, 31, 20, tzinfo=UTC)
    gone = shipment(1, 0, 0, shipped_at=tuesday, delivered_at=tuesday + timedelta(days=1, hours=14))
    assert learned(gone, zone=zone).select("days", "weekday").rows() == [(days, weekday)]


@pytest.mark.parametrize(
    "odd",
    [
        shipment(1, 10, None),
        shipment(1, 400, 3) | {"shipment_id": "old"},
        shipment(1, 80, 70),
        shipment(1, 10, 3, status="planned"),
        shipment(1, 10, 3, customer_id="k2"),
    ],
)
def test_what_did_not_arrive_or_is_old_or_goes_nowhere_known_is_not_counted(odd: dict[str, object]) -> None:
    assert learned(odd, shipment(2, 1, 2))["days"].to_list() == [2]


def history(count: int, days: int, *, site: str = "north", weekday: int = 1, carrier: str = "fast") -> pl.DataFrame:
    row = (dict(SITES)[site], "N", site, "DE", carrier, weekday, days, count, float(count))
    return pl.DataFrame([row], schema=dict(TRANSITS), orient="row")


def certain(found: Transit, weekday: int, site: str = "north") -> int | None:
    leaves = MONDAY + timedelta(days=weekday - 1)
    return found.arrives_in(site, {leaves: 1.0}, leaves, 0.9)


def test_a_weekday_speaks_for_itself_when_enough_left_on_it() -> None:
    rows = pl.concat([history(100, 1, weekday=1), history(40, 3, weekday=5), history(10, 9, weekday=3)])
    found = transit(rows, "DE", SITES)
    assert (certain(found, 1), certain(found, 5)) == (1, 3)
    assert certain(found, 3) == 3


def test_a_site_without_shipments_of_its_own_is_as_its_company_and_another_company_tells_nothing() -> None:
    found = transit(history(50, 2), "DE", SITES)
    assert certain(found, 1, "south") == 2
    assert certain(found, 1, "east") is None
    assert transit(history(19, 2), "DE", SITES).by_site == {}
    assert transit(history(50, 2), "AT", SITES).by_site == {}


def test_the_day_of_arrival_is_as_sure_as_leaving_and_travelling_together() -> None:
    half = np.zeros(61)
    half[[1, 3]] = 0.5
    travels = Transit({"north": (half,) * 7})
    leaves = leaving(np.array([0.5, 1.0]), 2, DAY)
    assert leaves == {DAY + timedelta(days=2): 0.5, DAY + timedelta(days=3): 0.5}
    by_share = {0.25: 3, 0.5: 4, 0.75: 5, 0.8: 6}
    assert {share: travels.arrives_in("north", leaves, DAY, share) for share in by_share} == by_share
    assert travels.arrives_in("north", {DAY: 0.5}, DAY, 0.9) is None


def test_carriers_are_told_apart_by_the_days_within_which_their_shipments_arrive() -> None:
    rows = pl.concat(
        [
            history(19, 1), history(3, 4),
            history(30, 6, carrier="slow"), history(5, 1, carrier="rare"),
        ]
    )  # fmt: skip
    told = lanes(rows, "DE").select("carrier_id", "shipments", "median_days", "p90_days").rows()
    assert told == [("fast", 22, 1.0, 4.0), ("slow", 30, 6.0, 6.0)]


# Working days


def shares(*each: float) -> pl.DataFrame:
    rows = [("c1", DAY + timedelta(days=number), share) for number, share in enumerate(each)]
    return pl.DataFrame(rows, schema=dict(WORKING_DAYS), orient="row")


def test_goods_wait_for_the_next_day_on_which_people_work_and_a_made_up_sunday_is_one() -> None:
    assert open_days(shares(1, 0, 0, 1), DAY) == (0, 3, 3, 3)
    assert open_days(shares(0, 1, 0), DAY) == (1, 1, 3)
    assert open_days(shares(), DAY) == ()


def test_what_is_ready_on_a_day_off_leaves_on_the_next_working_day_and_says_so() -> None:
    supply = replace(supply_of(plant(stock={"pump": 1})), opens={"north": (2, 2, 2)})
    answer = asked(supply, ("pump", 1))
    assert days_of(answer) == [2]
    assert answer.waits.filter("is_binding")["kind"].to_list() == ["closed"]


def test_the_arrival_counts_from_the_day_on_which_it_really_leaves() -> None:
    two = np.zeros(61)
    two[2] = 1.0
    supply = supply_of(plant(stock={"pump": 1}))
    travels = replace(supply, opens={"north": (2, 2, 2)}, transit=Transit({"north": (two,) * 7}))
    answer = asked(travels, ("pump", 1), ("rotor", 1))
    assert answer.lines["arrives_on"].to_list() == [DAY + timedelta(days=4), None]
    assert asked(replace(travels, transit=Transit()), ("pump", 1)).lines["arrives_on"].to_list() == [None]
