"""Plans of open orders as they are told: with names, of the viewer's own orders, by the rules of the firm."""

from datetime import timedelta

import pytest

from analytics.access import NotAllowed, Viewer
from analytics.promise_rules import Rule
from analytics.scope import Scope
from answers import order_plans
from answers import promise_rules as ruling
from data_access import studies
from data_access.home import firm_home
from refresh.studies import StudyInput
from refresh.study_order_plans import order_plans as worked_out
from tests.analytics.firm import COMPANIES, DAY, SITES, Firm, Row, firm, merged, noon, order
from tests.answers.canaries import with_regions
from tests.answers.served import MADE_AT, served

OWNER, SALES = Viewer(user="eve", role="owner"), Viewer(user="ada", role="sales")
NORTH = Viewer(user="ada", role="sales", regions=frozenset({"N"}))


def work_out() -> None:
    """Five bolts in the north, eight in the south; Kim was promised four in the north, Lee orders six there."""
    stock: list[Row] = [
        {"product_id": "bolt", "site_id": "north", "as_of_on": DAY, "on_hand": 5},
        {"product_id": "bolt", "site_id": "south", "as_of_on": DAY, "on_hand": 8},
    ]
    known: dict[str, list[Row]] = {
        "companies": COMPANIES,
        "sites": SITES,
        "products": [{"product_id": "bolt", "sku": "B", "name": "Bolt", "kind": "storable"}],
        "customers": [
            {"customer_id": "k1", "name": "Kim", "region": "N", "is_company": True},
            {"customer_id": "k2", "name": "Lee", "region": "S", "is_company": True},
        ],
        "inventory_levels": stock,
    }
    kim = order("S1", "bolt", 4, site_id="north", ordered_at=noon(DAY), promised_on=DAY + timedelta(days=3))
    lee = order("S2", "bolt", 6, site_id="north", ordered_at=noon(DAY - timedelta(days=1)), customer_id="k2")
    plan(firm(**merged(known, kim, lee)))


def plan(known: Firm) -> None:
    """The plans of a firm that is served, after those that were made before."""
    earlier = studies.kept(firm_home(), order_plans.STUDY)
    snapshot = served(with_regions(known))
    frames = worked_out(StudyInput(snapshot, DAY, earlier, firm_home()))
    studies.save(
        firm_home(), order_plans.STUDY, snapshot, frames, as_of_on=DAY, at=MADE_AT + timedelta(hours=len(earlier))
    )


def test_each_order_is_told_what_is_done_for_it_by_the_rules_of_the_firm() -> None:
    served(firm(companies=COMPANIES, sites=SITES))
    ruling.say(OWNER, Rule("transfer", "site", "South", "North", "2"))
    work_out()
    told = order_plans.plans(SALES, Scope()).select("document", "customer", "kind", "quantity", "from_site", "site")
    assert told.rows() == [
        ("S1", "Kim", "allocate", 4.0, "North", "North"),
        ("S2", "Lee", "allocate", 1.0, "North", "North"),
        ("S2", "Lee", "transfer", 5.0, "South", "North"),
    ]
    left = order_plans.shipments(SALES, Scope()).select("document", "leaves_on", "days_late", "is_last").rows()
    assert left == [("S1", DAY, -3, True), ("S2", DAY + timedelta(days=2), None, True)]
    work_out()
    assert not order_plans.plans(SALES, Scope())["is_new"].any()


def test_who_sees_one_region_is_told_of_its_orders_alone_and_who_sees_no_stock_of_none() -> None:
    work_out()
    assert order_plans.plans(NORTH, Scope())["document"].to_list() == ["S1"]
    assert order_plans.plans(SALES, Scope(), "S2")["document"].unique().to_list() == ["S2"]
    with pytest.raises(NotAllowed):
        order_plans.plans(Viewer(user="ada", role="sales", without=frozenset({"inventory.read"})), Scope())


def test_before_anything_is_worked_out_there_is_no_plan() -> None:
    served(firm(companies=COMPANIES, sites=SITES))
    assert order_plans.plans(SALES, Scope()).is_empty()
    assert order_plans.mark() == ""


def test_whose_order_brings_it_to_another_region_is_not_told_there() -> None:
    """Four bolts come to the north and six to the south; nine are ordered in the north."""
    lines: list[Row] = [
        {"purchase_order_line_id": site, "purchase_order_id": site, "product_id": "bolt", "quantity": quantity,
         "quantity_received": 0, "due_on": DAY + timedelta(days=days), "site_id": site}
        for site, quantity, days in (("north", 4, 1), ("south", 6, 2))
    ]  # fmt: skip
    heads: list[Row] = [
        {"purchase_order_id": site, "number": f"P-{site}", "supplier_id": "v1", "site_id": site, "status": "confirmed"}
        for site in ("north", "south")
    ]
    known: dict[str, list[Row]] = {
        "companies": COMPANIES,
        "sites": SITES,
        "products": [{"product_id": "bolt", "sku": "B", "name": "Bolt", "kind": "storable"}],
        "customers": [{"customer_id": "k1", "name": "Kim", "region": "N", "is_company": True}],
        "suppliers": [{"supplier_id": "v1", "name": "Vendor"}],
        "purchase_orders": heads,
        "purchase_order_lines": lines,
        "inventory_levels": [{"product_id": "bolt", "site_id": "north", "as_of_on": DAY, "on_hand": 0}],
    }
    plan(firm(**merged(known, order("S1", "bolt", 9, site_id="north", ordered_at=noon(DAY)))))
    told, there = (order_plans.plans(viewer, Scope())["supply_number"].to_list() for viewer in (SALES, NORTH))
    assert "P-south" in told
    assert there == [None] * len(told)


def test_new_is_what_was_not_planned_when_the_snapshot_before_was() -> None:
    known: dict[str, list[Row]] = {
        "companies": COMPANIES,
        "sites": SITES,
        "products": [{"product_id": "bolt", "sku": "B", "name": "Bolt", "kind": "storable"}],
        "customers": [{"customer_id": "k1", "name": "Kim", "region": "N", "is_company": True}],
    }
    first, second, third = (
        order(name, "bolt", 4, site_id="north", ordered_at=noon(DAY)) for name in ("S1", "S2", "S3")
    )
    for orders in ((first,), (first, second), (first, second, third)):
        plan(firm(**merged(known, *orders)))
    assert order_plans.plans(SALES, Scope()).filter("is_new")["document"].to_list() == ["S3"]
