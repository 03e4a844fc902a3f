"""What a vendor's export is asked for is what its mappings read, no less and no more, and its guide says so."""

import pytest

from data_access.exports import Export, Vendor
from data_access.extract import fitted, missing, tables_of
from data_access.mapping import Mapping
from data_access.sources import dynamics, hubspot, salesforce, sap
from tests.servers import HOUSE

VENDORS = (dynamics.DYNAMICS, hubspot.HUBSPOT, salesforce.SALESFORCE, sap.SAP)
GUIDES = {vendor.name: (HOUSE / f"docs/sources/{vendor.name}.md").read_text(encoding="utf-8") for vendor in VENDORS}
MAPPINGS = [(vendor, mapping) for vendor in VENDORS for mapping in vendor.mappings]
NAMES = [f"{vendor.name}: {mapping.to} from {mapping.table}" for vendor, mapping in MAPPINGS]


def _relations(vendor: Vendor) -> dict[str, Export]:
    return {export.relation: export for export in vendor.exports}


def _sql(mapping: Mapping) -> tuple[str, ...]:
    return (mapping.joins, mapping.where, *mapping.reads.values())


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_the_guide_names_every_table_to_export(vendor: Vendor) -> None:
    assert [export.name for export in vendor.exports if export.name not in GUIDES[vendor.name]] == []


@pytest.mark.parametrize(("vendor", "mapping"), MAPPINGS, ids=NAMES)
def test_a_complete_export_lacks_nothing_that_a_mapping_reads(vendor: Vendor, mapping: Mapping) -> None:
    relations = _relations(vendor)
    held = {name: frozenset((*export.columns, "source_row")) for name, export in relations.items()}
    own = next(name for name, export in relations.items() if export.name == mapping.table)
    within = f"from {own} t {fitted(held, mapping.joins, within=f'from {own} t')}"
    for sql in _sql(mapping):
        bare = sql.replace("{", " ").replace("}", " ")
        assert missing(held, bare, within=within) == (), sql
    plain = [name for name in mapping.source_columns if name not in mapping.reads]
    assert set(plain) <= held[own]


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_every_table_and_column_that_is_asked_for_is_used(vendor: Vendor) -> None:
    used = " ".join(sql for mapping in vendor.mappings for sql in _sql(mapping))
    used += " ".join(name for mapping in vendor.mappings for name in mapping.source_columns)
    relations = _relations(vendor)
    named = {export.name: export.relation for export in vendor.exports}
    read = {named[mapping.table] for mapping in vendor.mappings}
    read |= {table for mapping in vendor.mappings for table in tables_of(mapping)}
    asked = {(name, column) for name, export in relations.items() for column in export.columns}
    idle = {(name, column) for name, column in asked if column not in used and column not in relations[name].needs}
    assert (sorted(set(relations) - read), sorted(idle - {(name, "mandt") for name in relations})) == ([], [])
