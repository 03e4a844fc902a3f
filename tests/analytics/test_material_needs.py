"""What production will need of its parts, from what customers ask of the products."""

import numpy as np
import polars as pl
import pytest

from analytics.material_needs import Position, plan

DAYS = 28
PARTS = pl.DataFrame(
    [("pump", "wheel", 2.0), ("pump", "case", 1.0), ("wheel", "steel", 0.5)],
    schema=["bom_id", "component_id", "quantity_per"],
    orient="row",
)


def ways(*products: str, lead: float | None = 0.0) -> pl.DataFrame:
    rows = [(name, name, lead) for name in products]
    return pl.DataFrame(
        rows, schema={"product_id": pl.String, "bom_id": pl.String, "lead_time_days": pl.Float64}, orient="row"
    )


def position(rate: float = 1.0, **changes: dict[str, float]) -> Position:
    usual: dict[str, dict[str, float]] = {
        "rates": {"pump": rate},
        "stock": {},
        "kept": {"pump": 1e-9, "wheel": 1e-9},
        "lots": {},
    }
    return Position(**(usual | changes))


def test_parts_are_needed_when_the_product_is_begun_as_many_as_go_into_it() -> None:
    told = plan(ways("pump"), PARTS, position(), DAYS)
    assert told.needs["wheel"] == pytest.approx(np.r_[0, [2.0] * DAYS], abs=1e-6)
    assert told.needs["case"].sum() == pytest.approx(DAYS)
    assert told.stopped["case", "pump"] == pytest.approx(DAYS)
    assert "steel" not in told.needs


def test_what_is_there_of_the_product_is_sold_first() -> None:
    told = plan(ways("pump"), PARTS, position(stock={"pump": 10.0}), DAYS)
    assert told.needs["case"][:11].sum() == pytest.approx(0.0, abs=1e-6)
    assert told.needs["case"].sum() == pytest.approx(DAYS - 10)


def test_below_its_reorder_point_a_product_is_begun_at_once() -> None:
    told = plan(ways("pump"), PARTS, position(stock={"pump": 3.0}, kept={"pump": 5.0}), DAYS)
    assert told.needs["case"][0] == 2.0


def test_without_a_reorder_point_the_lead_time_and_a_review_are_covered() -> None:
    told = plan(ways("pump", lead=3.0), PARTS, position(kept={}), DAYS)
    assert told.needs["case"][0] == pytest.approx(10.0)
    assert plan(ways("pump", lead=None), PARTS, position(kept={}), DAYS).needs["case"][0] == pytest.approx(21.0)


def test_what_is_made_is_made_in_lots() -> None:
    told = plan(ways("pump"), PARTS, position(lots={"pump": 8.0}), DAYS)
    assert set(told.needs["case"].tolist()) == {0.0, 8.0}
    assert told.needs["case"].sum() == 32.0


def test_a_part_that_is_made_passes_on_what_is_lacking_of_it() -> None:
    told = plan(ways("pump", "wheel"), PARTS, position(stock={"wheel": 6.0}), DAYS)
    assert told.needs["steel"].sum() == pytest.approx(0.5 * (2 * DAYS - 6))


def test_a_product_nobody_asks_for_needs_nothing_and_a_bill_of_itself_ends() -> None:
    assert plan(ways("pump"), PARTS, position(rate=0.0), DAYS).needs["case"].sum() < 1e-6
    circle = pl.DataFrame([("pump", "wheel", 1.0), ("wheel", "pump", 1.0)], schema=PARTS.schema, orient="row")
    assert np.isfinite(plan(ways("pump", "wheel"), circle, position(), DAYS).needs["wheel"]).all()


def test_more_stock_of_a_product_never_asks_for_more_parts() -> None:
    wanted = [
        plan(ways("pump"), PARTS, position(stock={"pump": float(n)}), DAYS).needs["case"].sum() for n in range(40)
    ]
    assert wanted == sorted(wanted, reverse=True)
