"""What a viewer is told of materials that production will lack."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from analytics.material_needs import STOPPED
from analytics.material_risks import RISKS
from analytics.scope import Scope
from answers import Snapshot, materials
from data_access import studies
from data_access.home import firm_home
from tests.analytics.demand_firm import AS_OF
from tests.answers.test_demand import published

OWNER, EVERYTHING = Viewer(user="ada", role="owner"), Scope()


def part(name: str, out_on: date | None, **changes: Any) -> dict[str, Any]:
    row = {"product_id": name, "site_id": "sN", "company_id": "c", "site_region": "N", "as_of_on": AS_OF}
    return row | {"planned_84": 9.0, "p_84": 0.6, "may_run_out_on": out_on, "likely_out_on": out_on} | changes


@pytest.fixture
def version(home: object) -> Snapshot:
    """The firm, with its study of materials."""
    snapshot, soon = published(), AS_OF + timedelta(days=3)
    rows = [part("p1", soon + timedelta(days=5)), part("p2", soon, site_id="sS", site_region="S")]
    rows += [part("p3", soon, planned_84=0.0), part("p4", None, p_84=0.05)]
    stopped = [("p1", "p5", "sN", "c", 4.0, None), ("p1", "p6", "sN", "c", 5.0, None)]
    frames = {
        "materials": pl.DataFrame(rows, schema=RISKS),
        "stopped": pl.DataFrame(stopped, schema={**STOPPED, "region": pl.String}, orient="row"),
    }
    studies.save(firm_home(), materials.STUDY, snapshot, frames, as_of_on=AS_OF, at=datetime(2026, 4, 1, tzinfo=UTC))
    return snapshot


def test_while_there_is_no_study_nothing_is_told() -> None:
    published()
    assert materials.materials(OWNER, EVERYTHING).is_empty()
    assert materials.made() == ""


def test_what_runs_out_first_comes_first_with_the_products_that_it_stops(version: Snapshot) -> None:
    rows = materials.materials(OWNER, EVERYTHING)
    assert rows["product_id"].to_list() == ["p2", "p1"]
    assert rows["stops"].to_list() == [None, ["P6 Item 6", "P5 Item 5"]]
    assert rows["site"].to_list() == ["S", "N"]


def test_the_scope_chooses_rows(version: Snapshot) -> None:
    assert materials.materials(OWNER, Scope(regions=("N",)))["product_id"].to_list() == ["p1"]
    assert materials.materials(OWNER, Scope(sites=("sS",)))["product_id"].to_list() == ["p2"]
    assert materials.materials(OWNER, Scope(categories=("a",)))["product_id"].to_list() == ["p2"]


def test_only_who_sees_all_regions_of_the_company_is_told(version: Snapshot) -> None:
    for limits in ({"regions": frozenset({"N"})}, {"companies": frozenset({"d"})}):
        assert materials.materials(Viewer(user="bo", role="owner", **limits), EVERYTHING).is_empty()  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        materials.materials(Viewer(user="bo", role="administrator"), EVERYTHING)
