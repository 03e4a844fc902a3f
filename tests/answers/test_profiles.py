"""What segments cost, who orders at an interval and which groups customers form: rights first, then what is studied."""

from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl
import pytest

from analytics import clusters as grouped
from analytics import contracts as steady
from analytics.access import NotAllowed, Viewer
from analytics.scope import Scope
from answers import customers, profiles
from data_access.home import served_home
from data_access.studies import save
from tests.analytics.firm import DAY, Firm, Row
from tests.answers.served import served
from tests.answers.test_customers import same, small

OWNER, EVERYTHING = Viewer(user="ada", role="owner"), Scope()
NORTH = Viewer(user="ada", role="owner", regions=frozenset({"N"}))


def contract(key: str, company: str, region: str, worth: float) -> Row:
    numbers = dict.fromkeys(steady.CONTRACTS, 0.5) | {"periods": 4, "began_on": DAY, "due_on": DAY}
    place = {"company_id": company, "region": region, "currency": "EUR"}
    return numbers | {"customer_id": key, "worth_year": worth} | place


def studied(tables: Firm, names: Mapping[str, str] | None = None) -> None:
    """The firm, with a contract of each customer, one of them with both companies, and groups of the first company.

    ``names``: by the key of a customer another by which its group knows it.
    """
    told = [contract("k1", "c1", "N", 10.0), contract("k1", "c2", "N", 20.0), contract("k2", "c1", "S", 5.0)]
    kinds = {**steady.CONTRACTS, **steady.PLACE}
    groups = [((names or {}).get(key, key), at, "c1", region) for key, at, region in (("k1", 1, "N"), ("k2", 2, "S"))]
    checked = [("c1", None, 2, 2, 0.9), ("c2", None, 1, 0, 0.4)]
    frames = {
        "contracts": pl.DataFrame(told, schema=kinds),
        "contracts_by_region": pl.DataFrame(told, schema=kinds),
        "contracts_check": pl.DataFrame(
            [(1, 10, 0.5, 0.6, 0.2, 0.3, "c1", None), (1, 30, 0.9, 1.0, 0.1, 0.1, "c2", None)],
            schema={**steady.CHECK, "company_id": pl.String, "region": pl.String},
            orient="row",
        ),
        "clusters": pl.DataFrame(groups, schema=grouped.CLUSTERS, orient="row"),
        "clusters_by_region": pl.DataFrame(groups, schema=grouped.CLUSTERS, orient="row"),
        "clusters_check": pl.DataFrame(checked, schema=grouped.CHECK, orient="row"),
        "clusters_check_by_region": pl.DataFrame(schema=grouped.CHECK),
    }
    shown = served(tables)
    save(served_home(), customers.STUDY, shown, frames, as_of_on=DAY, at=datetime(2026, 4, 1, tzinfo=UTC))


def test_a_customer_has_the_contract_that_is_worth_most_and_rights_choose_first() -> None:
    studied(small())
    assert customers.contracts(OWNER, EVERYTHING).select("customer_id", "worth_year").rows() == [
        ("k1", 20.0),
        ("k2", 5.0),
    ]
    assert customers.contracts(NORTH, EVERYTHING)["customer_id"].to_list() == ["k1"]
    of_one = Viewer(user="ada", role="owner", companies=frozenset({"c1"}))
    assert customers.contracts(of_one, EVERYTHING).select("customer_id", "worth_year").rows() == [
        ("k1", 10.0),
        ("k2", 5.0),
    ]


def test_what_was_said_of_contracts_is_the_mean_over_companies_by_how_many_were_asked() -> None:
    studied(small())
    (row,) = customers.contracts_check(OWNER, EVERYTHING).select("customers", "said", "came").rows()
    assert row == (40, pytest.approx(0.8), pytest.approx(0.9))


def test_segments_are_profiled_of_what_the_viewer_may_see() -> None:
    studied(small())
    rows = profiles.profiles(OWNER, EVERYTHING)
    assert rows["customers"].sum() == 2
    assert rows["contracts"].sum() == 2
    assert profiles.profiles(NORTH, EVERYTHING)["customers"].sum() == 1
    assert profiles.profiles(Viewer(user="x", role="sales"), EVERYTHING)["margin"].is_null().all()


def test_groups_are_told_by_company_and_how_far_they_are_found_again() -> None:
    studied(small())
    assert profiles.clusters(OWNER, EVERYTHING).select("company", "cluster", "customers").rows() == [
        ("One", 1, 1),
        ("One", 2, 1),
    ]
    assert profiles.clusters(NORTH, EVERYTHING)["cluster"].to_list() == [1]
    assert profiles.clusters(OWNER, Scope(companies=("c2",))).is_empty()
    assert profiles.clusters_check(OWNER, EVERYTHING).rows() == [(2, 2, 0.9), (1, 0, 0.4)]


def test_a_customer_is_in_its_group_also_for_who_does_not_see_the_record_by_which_studies_know_it() -> None:
    studied(small(identities=same("k0", "k2")), names={"k2": "k0"})
    south = Viewer(user="ada", role="owner", regions=frozenset({"S"}))
    assert profiles.clusters(south, EVERYTHING).select("cluster", "customers").rows() == [(2, 1)]


def test_without_a_study_nothing_is_told_of_contracts_and_groups() -> None:
    served(small())
    for answer in (customers.contracts, customers.contracts_check, profiles.clusters, profiles.clusters_check):
        assert answer(OWNER, EVERYTHING).is_empty()
    with pytest.raises(NotAllowed):
        profiles.profiles(Viewer(user="x", role="administrator"), EVERYTHING)
