"""Rights: every role by every capability, from the one table; rows and columns that a viewer may not see do not come
out."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from analytics.access import ALL, CAPABILITIES, RIGHTS, NotAllowed, Viewer, cut, require

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
    with pytest.raises(NotAllowed, match="expired"):
        require(viewer, "inventory.read", now=datetime(2026, 1, 1, tzinfo=UTC))
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
