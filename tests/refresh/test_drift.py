"""What became of a source's columns since it was last loaded is told by name."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from data_access.known_columns import keep, known
from data_access.mapping import ROW, Extract, Mapping, Reading
from refresh.drift import columns_of, noted
from tests.refresh.deliveries import Firm, table
from tests.refresh.test_repairs import send

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
MAPPING = Mapping(to="customers", table="partners", columns={"customer_id": "id", "name": "name"})


def reading(read: dict[str, Any], **more: Any) -> Reading:
    frame = pl.DataFrame(schema={ROW: pl.String, **read})
    return Reading(source="erp", as_of=NOON, extracts=(Extract(mapping=MAPPING, frame=frame, **more),))


def told(before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str]]:
    extract = noted(reading(now), columns_of(reading(before))).extracts[0]
    return [(notice.rule, notice.detail) for notice in extract.notices]


TEXT = pl.String


def test_the_same_columns_in_any_order_say_nothing() -> None:
    assert told({"id": TEXT, "name": TEXT}, {"name": TEXT, "id": TEXT}) == []


def test_a_new_column_with_nearly_the_name_of_a_lost_one_is_a_renamed_one() -> None:
    ((rule, detail),) = told({"customer_name": TEXT, "city": TEXT}, {"customer_names": TEXT, "city": TEXT})
    assert rule == "column_renamed"
    assert "no column customer_name any more, and customer_names is new" in detail


def test_lost_new_and_retyped_columns_are_named_with_the_nearest_known_name() -> None:
    found = told({"id": TEXT, "vat": TEXT, "amount": pl.Int64}, {"id": TEXT, "amount": TEXT, "quarter": TEXT})
    assert [rule for rule, _ in found] == ["column_lost", "column_added", "column_retyped"]
    assert "vat (nearest: " in found[0][1]
    assert "quarter" in found[1][1]
    assert "amount (Int64, now String)" in found[2][1]


def test_of_two_lost_columns_the_nearer_one_was_renamed() -> None:
    found = dict(told({"street": TEXT, "street_2": TEXT}, {"street_two": TEXT}))
    assert "no column street_2 any more, and street_two is new" in found["column_renamed"]
    assert "street (nearest" in found["column_lost"]


def test_a_table_that_is_seen_for_the_first_time_has_no_drift() -> None:
    assert noted(reading({"id": TEXT}), {}).extracts[0].notices == ()


def test_where_the_source_tells_all_columns_they_count_also_those_that_are_not_read() -> None:
    before = columns_of(reading({"id": TEXT}, columns=frozenset({"id", "ref"})))
    assert before == {"partners": {"id": "String", "ref": ""}}
    (notice,) = noted(reading({"id": TEXT}, columns=frozenset({"id"})), before).extracts[0].notices
    assert notice.rule == "column_lost"


@pytest.mark.parametrize("damage", ["", "{", "[1]"])
def test_a_damaged_memory_of_columns_is_none(firm: Firm, damage: str) -> None:
    keep(firm.home, "erp", {"partners": {"id": "String"}})
    assert known(firm.home, "erp") == {"partners": {"id": "String"}}
    (firm.home.folder / "columns.json").write_text(damage, encoding="utf-8")
    assert known(firm.home, "erp") == {}


def test_drift_is_a_warning_of_the_run_once_and_nothing_else_changes(firm: Firm) -> None:
    first, second = "customer_id,name,segment", "customer_id,name,segments"
    send(firm, {"customers": table(first, "C1,Meyer,A")})
    rules = []
    for header in (first, second, second):
        report = send(firm, {"customers": table(header, "C1,Meyer,A")})
        rules.append([warning["rule"] for warning in report.tables["customers"]["warnings"]])
    assert "column_renamed" not in rules[0]
    assert "column_renamed" in rules[1]
    assert "column_renamed" not in rules[2]


def test_a_refused_table_is_compared_with_what_was_loaded(firm: Firm) -> None:
    send(firm, {"customers": table("customer_id,name", "C1,Meyer")})
    assert send(firm, {"customers": table("customer_id,named", "C1,Meyer")}).exit_code == 3
    assert set(known(firm.home, "files")["customers"]) == {"customer_id", "name"}
