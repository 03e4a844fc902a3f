"""Whose value counts where records that are one differ."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.master_values import KINDS, WINS, differing, kept, values
from analytics.tables import TABLES

FIELDS = ("name", "tax_number", "country", "city", "email", "phone", "segment")
NOTHING: dict[str, str | None] = dict.fromkeys(FIELDS)


def records(*rows: dict[str, str | None]) -> pl.DataFrame:
    """Records of one group; source and key are one."""
    made = [NOTHING | {"group_id": "g", "source": row["record_id"]} | row for row in rows]
    return pl.DataFrame(made, schema=dict.fromkeys(("record_id", "source", "group_id", *FIELDS), pl.String))


def told(*rows: dict[str, str | None]) -> list[tuple[str, str, str, str]]:
    found = differing(values(records(*rows), "customer"))
    return found.select("field", "kept", "other", "rule").rows()


ODOO: dict[str, str | None] = {"record_id": "odoo", "name": "Acme GmbH", "phone": "+49 431 1234567", "segment": "B"}
SALESFORCE: dict[str, str | None] = {"record_id": "salesforce", "name": "ACME", "phone": "0431/7654321", "segment": "A"}


def test_the_erp_says_what_it_is_called_and_the_crm_how_to_reach_it() -> None:
    assert told(ODOO, SALESFORCE) == [
        ("name", "Acme GmbH", "ACME", "erp"),
        ("phone", "0431/7654321", "+49 431 1234567", "crm"),
        ("segment", "A", "B", "crm"),
    ]


def test_case_spaces_and_notation_are_no_difference() -> None:
    same: dict[str, str | None] = {"record_id": "salesforce", "name": " acme gmbh", "phone": "(0431) 123-4567"}
    assert told(ODOO | {"segment": None}, same) == []


def test_a_value_that_only_one_knows_counts_whoever_it_is() -> None:
    rows = (ODOO | {"name": None, "phone": None, "segment": None}, SALESFORCE)
    known = values(records(*rows), "customer")
    assert kept(known).select("field", "value").rows() == [
        *(("name", "ACME"), ("phone", "0431/7654321"), ("segment", "A")),
    ]
    assert differing(known).is_empty()


def test_systems_come_before_files_and_equals_by_name() -> None:
    names = {"files": "F", "salesforce": "S", "hubspot": "H"}
    rows: list[dict[str, str | None]] = [{"record_id": source, "name": name} for source, name in names.items()]
    assert told(*rows) == [("name", "H", "S", "erp"), ("name", "H", "F", "erp")]


@pytest.mark.parametrize("entity", WINS)
def test_every_rule_is_of_a_field_that_the_table_has_and_of_a_known_kind(entity: str) -> None:
    assert set(WINS[entity]) <= set(TABLES[f"{entity}s"].column_names())
    assert set(WINS[entity].values()) <= set(KINDS.values())


@given(
    st.lists(st.tuples(st.sampled_from(["odoo", "sap", "hubspot", "files"]), st.sampled_from([None, "A", "a", "B"])))
)
def test_every_value_is_kept_or_equal_to_the_kept_one_or_listed(said: list[tuple[str, str | None]]) -> None:
    rows = [{"record_id": f"{number}", "source": source, "name": name} for number, (source, name) in enumerate(said)]
    known = values(records(*rows), "customer")
    winners, others = kept(known), differing(known)
    listed = set(others["other_id"])
    for row in rows:
        if row["name"] is None:
            continue
        is_winner = winners.row(0, named=True)["value"].lower() == row["name"].lower()
        assert is_winner != (row["record_id"] in listed)
    assert winners.height == (1 if any(row["name"] for row in rows) else 0)
