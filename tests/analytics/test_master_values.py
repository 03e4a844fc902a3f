"""Whose value counts where records that are one differ."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.access import Viewer, cut
from analytics.erasing import ERASED
from analytics.master_values import KINDS, WINS, differing, kept, values, winning
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


def customer(key: str, **told: str | None) -> dict[str, str | None]:
    """A customer of all companies and no region, unless told."""
    empty: dict[str, str | None] = dict.fromkeys((*FIELDS, "region", "deleted_at"))
    return {**empty, "company_id": "*", "source": key.partition(":")[0], "customer_id": key, **told}


def won(*rows: dict[str, str | None], columns: tuple[str, ...] = ("name", "phone", "segment")) -> tuple[object, object]:
    """What counts in each record of one group, and what the changed ones say by themselves."""
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))
    group = frame.select(record_id="customer_id", group_id=pl.lit("g"))
    counts, given = winning(frame, group, "customer")
    return counts.select(columns).rows(), given.select("customer_id", *columns).rows()


ERP_RECORD = customer("odoo:1", name="Acme GmbH", phone="1")
CRM_RECORD = customer("salesforce:9", name="ACME", phone="2", segment="A")


def test_what_counts_stands_in_every_record_of_a_customer_and_its_own_words_are_kept() -> None:
    counts, given = won(ERP_RECORD, CRM_RECORD)
    assert counts == [("Acme GmbH", "2", "A")] * 2
    assert given == [("odoo:1", "Acme GmbH", "1", None), ("salesforce:9", "ACME", "2", "A")]


@pytest.mark.parametrize("where", ["company_id", "region"])
def test_a_record_says_nothing_to_who_may_not_see_it(where: str) -> None:
    own, other = ERP_RECORD | {where: "x"}, CRM_RECORD | {where: "y"}
    counts, given = won(own, other)
    assert counts == [("Acme GmbH", "1", None), ("ACME", "2", "A")]
    assert given == []
    counts, _ = won(own, CRM_RECORD | {where: "x"})
    assert counts == [("Acme GmbH", "2", "A")] * 2


def test_what_all_companies_share_is_told_in_each_and_what_one_says_not_in_what_all_share() -> None:
    counts, _ = won(ERP_RECORD | {"company_id": "x"}, CRM_RECORD)
    assert counts == [("Acme GmbH", "2", "A"), ("ACME", "2", "A")]


def test_a_record_of_no_region_is_told_of_every_region_and_tells_none_as_who_sees_a_region_does_not_see_it() -> None:
    counts, _ = won(ERP_RECORD | {"region": "x"}, CRM_RECORD)
    assert counts == [("Acme GmbH", "1", None), ("Acme GmbH", "2", "A")]
    limited = Viewer(user="ada", role="sales", regions=frozenset({"x"}))
    rows = pl.LazyFrame({"company_id": ["*", "*"], "region": ["x", None]})
    assert cut(rows, limited).collect()["region"].to_list() == ["x"]


def test_what_was_erased_says_nothing_and_is_told_nothing() -> None:
    counts, given = won(ERP_RECORD | {"name": ERASED, "phone": None}, CRM_RECORD)
    assert counts == [(ERASED, None, None), ("ACME", "2", "A")]
    assert given == []


def test_what_a_person_says_stands_in_no_record_of_a_company() -> None:
    person, company = ERP_RECORD | {"name": "Maria Meyer"}, CRM_RECORD
    told = [person | {"is_company": "false"}, company | {"is_company": "true"}]
    frame = pl.DataFrame(told, schema=dict.fromkeys(told[0], pl.String)).with_columns(
        is_company=pl.col("is_company") == "true"
    )
    group = frame.select(record_id="customer_id", group_id=pl.lit("g"))
    counts, _ = winning(frame, group, "customer")
    assert counts.select("name", "phone", "segment").rows() == [("Maria Meyer", "2", "A"), ("ACME", "2", "A")]


def test_the_unit_in_which_a_record_counts_stays_its_own() -> None:
    rows = [
        {
            "product_id": key,
            "source": key.split(":")[0],
            "company_id": "*",
            "deleted_at": None,
            "name": key,
            "unit": unit,
        }
        for key, unit in (("odoo:1", "box"), ("salesforce:9", "piece"))
    ]
    frame = pl.DataFrame(rows)
    counts, given = winning(frame, frame.select(record_id="product_id", group_id=pl.lit("g")), "product")
    assert counts.select("name", "unit").rows() == [("odoo:1", "box"), ("odoo:1", "piece")]
    assert given["product_id"].to_list() == ["salesforce:9"]


def test_records_that_are_alone_or_gone_change_nothing() -> None:
    rows = [ERP_RECORD, CRM_RECORD | {"deleted_at": "2026-01-01"}]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(ERP_RECORD, pl.String))
    group = frame.select(record_id="customer_id", group_id=pl.lit("g"))
    for groups in (group, group.clear()):
        counts, given = winning(frame, groups, "customer")
        assert counts.equals(frame)
        assert given.is_empty()
