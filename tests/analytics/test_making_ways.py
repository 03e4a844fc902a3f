"""Who can make what, where and when: bills, steps, and the time that open work orders leave to work centers."""

from datetime import timedelta
from typing import Any

import polars as pl

from analytics.making_ways import NAMES, NEEDS, making
from tests.analytics.firm import COMPANIES, DAY, SITES, Firm, Row, firm, merged, noon

# The 31st of March 2026 is a Tuesday.
PRODUCTS: list[Row] = [
    {"product_id": name, "name": name, "kind": kind, "company_id": "*"}
    for name, kind in (("pump", "storable"), ("motor", "storable"), ("wire", "storable"), ("box", "kit"))
]


def plant(*parts: dict[str, list[Row]]) -> Firm:
    """A plant in the south, whose bench makes a pump of two motors in ten minutes and five for each, at half speed."""
    known: dict[str, list[Row]] = {
        "companies": COMPANIES,
        "sites": SITES,
        "products": PRODUCTS,
        "inventory_levels": [{"product_id": "motor", "site_id": "south", "as_of_on": DAY, "on_hand": 5}],
        "boms": [{"bom_id": "b1", "product_id": "pump", "kind": "make", "quantity": 1, "company_id": "*"}],
        "bom_lines": [{"bom_line_id": "l1", "bom_id": "b1", "component_id": "motor", "quantity_per": 2}],
        "routings": [{"routing_id": "r1", "bom_id": "b1"}],
        "operations": [
            {"operation_id": "o1", "routing_id": "r1", "work_center_id": "bench", "sequence": 10}
            | {"setup_minutes": 10, "minutes_per_unit": 5}
        ],
        "work_centers": [{"work_center_id": "bench", "name": "Bench", "site_id": "south", "efficiency": 0.5}],
    }
    return firm(**merged(known, *parts))


def made(*parts: dict[str, list[Row]]) -> dict[str, pl.DataFrame]:
    return making({name: rows for name, rows in plant(*parts).items() if name in NEEDS})


def work_order(**fields: Any) -> dict[str, list[Row]]:
    order = {"work_order_id": "w1", "product_id": "pump", "bom_id": "b1", "site_id": "south", "quantity": 4}
    return {"work_orders": [order | fields]}


def test_a_product_is_made_where_the_work_centers_of_its_routing_stand() -> None:
    ways = made()["making_ways"]
    assert ways.select("product_id", "site_id", "company_id", "bom_id").rows() == [("pump", "south", "c1", "b1")]
    assert made()["making_parts"].select("bom_id", "component_id", "quantity_per").rows() == [("b1", "motor", 2.0)]


def test_a_slow_work_center_needs_more_minutes() -> None:
    row = made()["making_steps"].row(0, named=True)
    assert (row["work_center"], row["setup_minutes"], row["minutes_per_unit"], row["capacity"]) == ("Bench", 20, 10, 1)


def test_another_site_that_made_it_makes_it_at_its_own_work_centers() -> None:
    elsewhere: dict[str, list[Row]] = {
        "work_centers": [{"work_center_id": "table", "name": "Table", "site_id": "north"}],
        "work_order_operations": [
            {"work_order_operation_id": "x1", "work_order_id": "w1", "operation_id": "o1", "work_center_id": "table"}
            | {"status": "done", "name": "Step"}
        ],
    }
    found = made(work_order(site_id="north", status="done"), elsewhere)
    assert found["making_ways"]["site_id"].to_list() == ["north", "south"]
    assert found["making_steps"].select("site_id", "work_center").rows() == [("north", "Table"), ("south", "Bench")]


def test_without_a_routing_it_is_made_where_it_was_made_else_at_every_plant() -> None:
    bare: dict[str, list[Row]] = {
        "boms": [
            {
                "bom_id": "b2",
                "product_id": "motor",
                "kind": "make",
                "quantity": 1,
                "lead_time_days": 3,
                "company_id": "*",
            }
        ]
    }
    motors = made(bare)["making_ways"].filter(pl.col("product_id") == "motor")
    assert motors.filter(pl.col("company_id") == "c1").select("site_id", "lead_time_days").rows() == [("south", 3.0)]
    known = made(bare, work_order(product_id="motor", bom_id="b2", site_id="north", status="done"))["making_ways"]
    assert known.filter(pl.col("product_id") == "motor")["site_id"].to_list() == ["north"]


def test_kits_are_put_together_anywhere_and_bills_that_have_ended_hold_no_more() -> None:
    others: dict[str, list[Row]] = {
        "boms": [
            {"bom_id": "k1", "product_id": "box", "kind": "kit", "quantity": 1, "company_id": "*"},
            {"bom_id": "b0", "product_id": "pump", "kind": "make", "quantity": 1, "company_id": "*"}
            | {"valid_to_on": DAY - timedelta(days=1)},
        ],
        "bom_lines": [{"bom_line_id": "l2", "bom_id": "k1", "component_id": "wire", "quantity_per": 3}],
    }
    found = made(others)
    kits = found["making_ways"].filter(pl.col("kind") == "kit")
    assert set(kits["product_id"]) == {"box"}
    assert kits["site_id"].null_count() == kits.height
    assert found["making_parts"].filter(pl.col("bom_id") == "box")["component_id"].to_list() == ["wire"]
    assert "b0" not in found["making_ways"]["bom_id"]


def test_a_work_center_works_on_working_days_and_from_tomorrow_on() -> None:
    shifts = made()["work_center_shifts"]
    first, third, fourth = shifts.sort("starts_at").row(0), shifts.row(2, named=True), shifts.row(3, named=True)
    assert first[-3:] == (DAY, 1440 + 480, 1440 + 960)
    assert third["starts_at"] == 3 * 1440 + 480
    assert fourth["starts_at"] == 6 * 1440 + 480


def test_open_work_orders_take_their_time_first_those_due_first_before() -> None:
    due = DAY + timedelta(days=5)
    rows: list[Row] = [
        {"work_order_id": number, "product_id": "pump", "site_id": "south", "quantity": 4, "due_on": on}
        for number, on in (("w1", due), ("w2", due - timedelta(days=1)))
    ]
    loads = made({"work_orders": rows})["work_center_loads"]
    assert loads.select("starts_at", "ends_at").rows() == [(1440, 1440 + 480 + 60), (1440, 1440 + 480 + 120)]


def test_what_is_done_of_a_work_order_takes_no_more_time_and_none_begins_before_its_day() -> None:
    step = {"work_order_operation_id": "x1", "work_order_id": "w1", "work_center_id": "bench", "name": "Step"}
    begun = step | {"status": "started", "planned_minutes": 30, "actual_minutes": 20}
    loads = made(work_order(), {"work_order_operations": [begun]})["work_center_loads"]
    assert loads["ends_at"].to_list() == [1440 + 480 + 10]
    later = work_order(planned_start_at=noon(DAY + timedelta(days=2)))
    assert made(later)["work_center_loads"]["ends_at"].to_list() == [2 * 1440 + 480 + 60]


def test_without_any_table_there_is_nothing_to_make() -> None:
    empty = making({name: rows for name, rows in firm().items() if name in NEEDS})
    assert set(empty) == set(NAMES)
    assert all(rows.is_empty() for rows in empty.values())
