"""Which main site and region a place counts for."""

import polars as pl

from analytics.sites import at_main_site, main_sites, only_main_sites, placed
from tests.analytics.firm import SITES, Row, table


def sites(*more: Row) -> pl.DataFrame:
    return table("sites", *SITES, *more)


def test_a_shelf_counts_for_its_warehouse_and_lies_in_its_region() -> None:
    rows = pl.DataFrame({"site_id": ["north/a", None]}, schema={"site_id": pl.String})
    assert at_main_site(rows, sites()).rows() == [("north", "N"), (None, None)]


def test_a_site_that_names_no_main_site_counts_for_itself() -> None:
    road = main_sites(sites()).filter(pl.col("site_id") == "road")
    assert road.row(0, named=True) == {
        "site_id": "road",
        "main_site_id": "road",
        "main_site": "On the road",
        "region": None,
        "is_transit": True,
    }


def test_where_the_main_site_has_no_region_the_places_own_holds() -> None:
    hall = {"site_id": "hall", "kind": "warehouse"}
    dock = {"site_id": "hall/dock", "kind": "location", "main_site_id": "hall", "region": "E"}
    found = main_sites(sites(hall, dock)).filter(pl.col("site_id") == "hall/dock")
    assert found["region"].item() == "E"


def test_a_company_with_two_main_sites_has_no_only_one() -> None:
    assert only_main_sites(sites()).rows() == [("c2", "shop")]


def test_an_archived_site_an_area_and_a_transit_are_no_second_main_site() -> None:
    archived = {"site_id": "old", "kind": "warehouse", "company_id": "c2", "is_active": False}
    area = {"site_id": "area", "kind": "area", "company_id": "c2"}
    van = {"site_id": "van", "kind": "transit", "company_id": "c2"}
    inner = {"site_id": "hut", "kind": "warehouse", "company_id": "c2", "main_site_id": "shop"}
    assert only_main_sites(sites(archived, area, van, inner)).rows() == [("c2", "shop")]


def test_what_names_no_site_is_placed_only_where_the_company_has_just_one() -> None:
    rows = pl.DataFrame({"site_id": [None, None, "south"], "company_id": ["c1", "c2", "c2"]})
    assert placed(rows, sites()).select("site_id", "region").rows() == [(None, None), ("shop", "S"), ("south", "S")]
