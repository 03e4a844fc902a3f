"""Materials that run out by the plan: what production will take, and when that is not there."""

from datetime import timedelta
from decimal import Decimal

import polars as pl

from analytics.aggregates import open_supply
from analytics.making_ways import PARTS, WAYS
from analytics.material_risks import RISKS, risks
from tests.analytics.firm import COMPANIES, DAY, SITES, Firm, Row, firm, merged, noon, order

WAY = {"product_id": "pump", "company_id": "c1", "region": "N", "site_id": "north", "bom_id": "b", "kind": "make"}
NO_POINTS = pl.DataFrame(
    schema={"product_id": pl.String, "company_id": pl.String, "minimum_quantity": pl.Decimal(24, 6)}
)


def works(wheels: int, pumps: int = 0, sells: bool = True) -> Firm:
    """Seven pumps a week were ordered for half a year; each takes two wheels, of which so many are there, and of which
    one was used on each of some days."""
    sold = [
        order(f"S{week}", "pump", 7, company_id="c1", site_id="north", delivered_quantity=7, status="done",
              ordered_at=noon(DAY - timedelta(days=7 * week)))
        for week in range(1, 27)
    ]  # fmt: skip
    used: list[Row] = [
        {"stock_move_id": f"m{ago}", "product_id": "wheel", "kind": "consumption", "status": "done", "quantity": 1,
         "from_site_id": "north", "company_id": "c1", "moved_at": noon(DAY - timedelta(days=ago))}
        for ago in range(1, 180, 3)
    ]  # fmt: skip
    known: dict[str, list[Row]] = {
        "companies": COMPANIES,
        "sites": SITES,
        "products": [{"product_id": name, "name": name, "kind": "storable"} for name in ("pump", "wheel")],
        "stock_moves": used,
        "inventory_levels": [
            {"product_id": name, "site_id": "north", "as_of_on": DAY, "on_hand": many, "company_id": "c1"}
            for name, many in (("wheel", wheels), ("pump", pumps))
        ],
    }
    return firm(**merged(known, *(sold if sells else [])))


def told(tables: Firm, points: pl.DataFrame = NO_POINTS) -> dict[str, pl.DataFrame]:
    ways = pl.DataFrame([WAY | {"lead_time_days": 0.0}], schema=WAYS)
    line = {"bom_id": "b", "company_id": "c1", "component_id": "wheel", "quantity_per": 2.0}
    parts = pl.DataFrame([line | {"valid_from_on": None, "valid_to_on": None}], schema=PARTS)
    return dict(risks(tables, ways, parts, open_supply(tables), points))


def test_a_part_runs_out_when_the_plan_takes_more_than_there_is_though_habit_took_little() -> None:
    found = told(works(wheels=30))
    row = found["materials"].row(0, named=True)
    assert (row["product_id"], row["site_id"], row["site_region"], row["region"]) == ("wheel", "north", "N", None)
    assert row["planned_28"] > 40
    assert row["p_28"] > 0.9 > row["p_28_usual"]
    assert found["stopped"].select("component_id", "product_id").rows() == [("wheel", "pump")]


def test_while_the_product_lies_there_its_parts_are_not_taken() -> None:
    row = told(works(wheels=30, pumps=500))["materials"].row(0, named=True)
    assert (row["planned_84"], row["p_84"]) == (0.0, 0.0)


def test_what_is_made_up_to_its_reorder_point_takes_parts_though_no_customer_asks_for_it() -> None:
    point = pl.DataFrame(
        [{"product_id": "pump", "company_id": "c1", "minimum_quantity": Decimal(50)}], schema=NO_POINTS.schema
    )
    for pumps, planned in ((0, 100.0), (20, 60.0), (50, 0.0)):
        row = told(works(wheels=30, pumps=pumps, sells=False), point)["materials"].row(0, named=True)
        assert row["planned_84"] == planned


def test_more_of_a_part_never_makes_it_likelier_to_run_out() -> None:
    chances = [told(works(wheels=many))["materials"]["p_84"].item() for many in (10, 60, 150, 400)]
    assert chances == sorted(chances, reverse=True)


def test_a_firm_without_stock_or_bills_is_told_nothing() -> None:
    nothing = risks(works(5), pl.DataFrame(schema=WAYS), pl.DataFrame(schema=PARTS), open_supply(works(5)), NO_POINTS)
    assert nothing["materials"].is_empty()
    assert dict(nothing["materials"].schema) == dict(RISKS)
    bare = firm(companies=COMPANIES)
    assert risks(bare, pl.DataFrame(schema=WAYS), pl.DataFrame(schema=PARTS), open_supply(bare), NO_POINTS)[
        "stopped"
    ].is_empty()
