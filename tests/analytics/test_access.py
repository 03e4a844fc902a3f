"""Rights: every role by every capability, from the one table; rows and columns that a viewer may not see do not come
out."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import polars as pl
import pytest

from analytics.access import ALL, CAPABILITIES, RIGHTS, Expired, NotAllowed, Viewer, cut, entered, require
from analytics.tables import TABLES, marks, needs

ROWS = pl.LazyFrame({"company_id": ["a", "b", "*"], "region": ["DE", "CH", None], "cost": [1.0, 2.0, 3.0]})


@pytest.mark.parametrize("role", RIGHTS)
@pytest.mark.parametrize("capability", CAPABILITIES)
def test_a_role_may_exactly_what_the_table_of_rights_says(role: str, capability: str) -> None:
    viewer = Viewer(user="u", role=role)
    if capability in RIGHTS[role]:
        assert require(viewer, capability) is viewer
    else:
        with pytest.raises(NotAllowed):
            require(viewer, capability)


def test_the_table_of_rights_names_only_capabilities_that_exist_and_gives_each_to_somebody() -> None:
    assert frozenset().union(*RIGHTS.values()) == frozenset(CAPABILITIES)
    assert RIGHTS["owner"] == frozenset(CAPABILITIES)
    assert len(set(CAPABILITIES)) == len(CAPABILITIES)


def test_no_two_roles_are_the_same() -> None:
    assert len(set(RIGHTS.values())) == len(RIGHTS)


@pytest.mark.parametrize("table", TABLES)
def test_what_a_column_needs_is_a_capability(table: str) -> None:
    assert set(needs(TABLES[table]).values()) <= set(CAPABILITIES)


# What is written about a person, and what work costs, in columns that say so by their names.
TELLING = {"email": "personal_data", "phone": "personal_data", "body": "personal_data", "contact_name": "personal_data"}
TELLING |= {"hourly_cost": "payroll", "cost_amount": "margins", "cost": "costs", "cost_per_hour": "costs"}
# What a campaign costs is no cost of goods.
UNNEEDED = {("campaigns", "cost")}


@pytest.mark.parametrize("table", TABLES)
def test_a_column_that_tells_of_persons_or_costs_needs_the_right_to(table: str) -> None:
    columns = [name for name in TABLES[table].columns() if name in TELLING and (table, name) not in UNNEEDED]
    assert {name: needs(TABLES[table]).get(name) for name in columns} == {name: TELLING[name] for name in columns}


@pytest.mark.parametrize("table", [name for name in TABLES if name.startswith(("purchase_", "supplier_"))])
def test_money_that_is_paid_to_suppliers_needs_the_right_to_costs(table: str) -> None:
    columns = TABLES[table].columns().items()
    paid = {name for name, column in columns if "money" in str(marks(column).get("unit", ""))}
    assert {needs(TABLES[table]).get(name) for name in paid} <= {"costs"}


@pytest.mark.parametrize("viewer", [None, "owner", {"role": "owner"}, object()])
def test_what_is_no_viewer_is_never_let_in(viewer: object) -> None:
    with pytest.raises(NotAllowed):
        require(viewer, "inventory.read")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong", [{"role": "nobody"}, {"user": ""}, {"companies": frozenset()}, {"regions": frozenset()}]
)
def test_an_empty_right_is_an_error_and_never_no_filter(wrong: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed):
        Viewer(**({"user": "u", "role": "owner"} | wrong))


def test_an_expired_viewer_is_refused() -> None:
    viewer = Viewer(user="u", role="owner", expires_at=datetime(2026, 1, 1, tzinfo=UTC))
    for ask in (entered, partial(require, capability="inventory.read")):
        with pytest.raises(Expired, match="expired"):
            ask(viewer, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert require(viewer, "inventory.read", now=datetime(2025, 12, 31, tzinfo=UTC)) is viewer


def test_rows_of_other_companies_do_not_come_out_and_shared_ones_do() -> None:
    viewer = Viewer(user="u", role="owner", companies=frozenset({"a"}))
    assert cut(ROWS, viewer).collect().get_column("company_id").to_list() == ["a", "*"]


def test_a_row_without_region_is_hidden_from_whoever_has_only_some_regions() -> None:
    viewer = Viewer(user="u", role="owner", regions=frozenset({"DE"}))
    assert cut(ROWS, viewer).collect().get_column("region").to_list() == ["DE"]


def test_a_column_that_needs_a_missing_capability_is_null() -> None:
    viewer = Viewer(user="u", role="sales")
    assert cut(ROWS, viewer, masked={"cost": "costs"}).collect().get_column("cost").null_count() == 3
    assert cut(ROWS, Viewer(user="u", role="owner"), masked={"cost": "costs"}).collect().get_column("cost").sum() == 6


PARTIES = pl.LazyFrame(
    {
        "company_id": ["a"] * 3,
        "name": ["Smith Ltd", "Ada Smith", "Unknown"],
        "city": ["Oslo", "Bern", "Rome"],
        "is_company": [True, False, None],
    }
)


@pytest.mark.parametrize(
    ("role", "names"),
    [("sales", ["Smith Ltd", "Ada Smith", "Unknown"]), ("executive", ["Smith Ltd", None, "Unknown"])],
)
def test_who_a_private_person_is_needs_personal_data(role: str, names: list[str | None]) -> None:
    seen = cut(PARTIES, Viewer(user="u", role=role)).collect()
    assert seen["name"].to_list() == names
    assert seen["city"].is_null().to_list() == [name is None for name in names]
    assert seen.schema == PARTIES.collect_schema()


def test_viewers_share_a_cache_only_when_they_see_the_same() -> None:
    owner = Viewer(user="u", role="owner")
    assert owner.scope_key == Viewer(user="someone else", role="owner").scope_key
    others = [
        Viewer(user="u", role="sales"),
        Viewer(user="u", role="owner", companies=frozenset({"a"})),
        Viewer(user="u", role="owner", regions=frozenset({"a"})),
    ]
    others.append(Viewer(user="u", role="owner", without=frozenset({"costs"})))
    assert len({viewer.scope_key for viewer in (owner, *others)}) == 5
    assert owner.companies is ALL
