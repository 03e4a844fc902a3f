"""The guide to Odoo says what the mappings do."""

import re
from uuid import uuid4

import pytest

from data_access.extract import tables_of
from data_access.mapping import Mapping
from data_access.sources import odoo
from data_access.sources.odoo import MAPPINGS
from tests.data_access.sources.odoo_writer import Odoo
from tests.servers import HOUSE

GUIDE = (HOUSE / "docs" / "sources" / "odoo.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in GUIDE.splitlines() if line.startswith("| ")]


def _name(mapping: Mapping) -> str:
    return f"{mapping.to} from {mapping.table}"


@pytest.mark.parametrize("mapping", MAPPINGS, ids=_name)
def test_every_mapping_has_its_line_with_what_it_leaves_out(mapping: Mapping) -> None:
    [row] = [row for row in ROWS if row[:2] == [mapping.to, mapping.table]]
    assert row[2]
    assert row[3] == (mapping.left_out or "nothing")


def test_the_guide_tells_of_no_table_that_is_not_read() -> None:
    told = {(row[0], row[1]) for row in ROWS if row[0] != "Unified table"}
    assert told == {(mapping.to, mapping.table) for mapping in MAPPINGS}


@pytest.mark.parametrize("mapping", [mapping for mapping in MAPPINGS if mapping.assumes], ids=_name)
def test_every_assumption_is_told(mapping: Mapping) -> None:
    for column, assumed in mapping.assumes.items():
        assert f"- **{mapping.to}**, {column}: {assumed}." in GUIDE


@pytest.mark.parametrize("mapping", MAPPINGS, ids=_name)
def test_whatever_leaves_rows_out_says_which(mapping: Mapping) -> None:
    assert bool(mapping.left_out) or not mapping.where


@pytest.mark.postgres
def test_whoever_has_the_rights_of_the_guide_can_read(firm: Odoo) -> None:
    [rights] = re.findall(r"(GRANT CONNECT.*?tandem;)\n```", GUIDE, re.DOTALL)
    role = f"tandem_{uuid4().hex[:8]}"
    given = rights.replace("your_database", firm.url.rpartition("/")[2]).replace("TO tandem", f"TO {role}")
    firm.change(f"create role {role} login")
    try:
        firm.change(given)
        assert odoo.read(firm.url.replace("postgres@", f"{role}@")).notices == ()
    finally:
        firm.change(f"drop owned by {role}; drop role {role}")


def test_the_grant_names_every_table_that_is_read() -> None:
    [granted] = re.findall(r"GRANT SELECT ON\n(.*?)\nTO tandem;", GUIDE, re.DOTALL)
    needed = {table for mapping in MAPPINGS for table in tables_of(mapping)} | {"ir_module_module"}
    assert {table.strip() for table in granted.split(",")} == needed
