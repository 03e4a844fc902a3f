"""What holds for the mappings of every source, whoever wrote them: a new source is tested by being there."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import dataframely as dy
import pytest

from data_access import duck, sources
from data_access.extract import System, read_from, tables_of
from data_access.mapping import Cell, Mapping, SourceRefused
from refresh.sources import SOURCES
from tests.servers import HOUSE

MODULES = {
    module.name: importlib.import_module(f"data_access.sources.{module.name}")
    for module in pkgutil.iter_modules(sources.__path__)
}
MAPPINGS: dict[str, tuple[Mapping, ...]] = {
    name: module.MAPPINGS for name, module in MODULES.items() if hasattr(module, "MAPPINGS")
}
SYSTEMS = [value for module in MODULES.values() for value in vars(module).values() if isinstance(value, System)]
FILLED_BY_US = {"company_id", "source", "source_id", "load_id", "deleted_at"}
every_source = pytest.mark.parametrize("name", MAPPINGS)
every_system = pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)


def _guide(name: str) -> str:
    return (HOUSE / "docs" / "sources" / f"{name}.md").read_text(encoding="utf-8")


def test_there_are_sources_to_test() -> None:
    assert {"odoo", "tryton", "erpnext"} == {system.name for system in SYSTEMS}
    assert set(MAPPINGS) | {"files"} == set(SOURCES)


@every_system
def test_no_two_mappings_bring_the_same_from_the_same_table(system: System) -> None:
    pairs = [(mapping.to, mapping.table) for mapping in system.mappings]
    assert sorted(set(pairs)) == sorted(pairs)


@every_system
def test_every_mapping_knows_the_tables_that_its_user_must_be_allowed_to_read(system: System) -> None:
    assert all(mapping.table in tables_of(mapping) for mapping in system.mappings)


@every_system
def test_what_a_source_always_has_is_read(system: System) -> None:
    assert set(system.essential) <= system.tables


@every_system
def test_an_empty_place_is_refused_in_one_sentence(system: System) -> None:
    with duck.opened("nothing.zip", datetime(2026, 1, 1, tzinfo=UTC)) as empty, pytest.raises(SourceRefused) as refusal:
        read_from(empty, system)
    assert re.fullmatch(r"nothing\.zip [^\n]+\.", str(refusal.value))


def _unfilled(mapping: Mapping) -> set[str]:
    needed = {name for name, column in mapping.schema.columns().items() if not column.nullable}
    return (needed | set(mapping.schema.primary_key())) - set(mapping.columns) - set(mapping.inherits) - FILLED_BY_US


@every_source
def test_a_mapping_fills_the_key_and_whatever_may_not_be_missing(name: str) -> None:
    assert {mapping.table: _unfilled(mapping) for mapping in MAPPINGS[name] if _unfilled(mapping)} == {}


def _translated(mapping: Mapping) -> Iterator[tuple[dy.Enum, dict[str, str]]]:
    """Columns with a closed list of words, and what the source's words become."""
    for unified, column in mapping.columns.items():
        kind = mapping.schema.columns()[unified]
        if isinstance(column, Cell) and column.words is not None and isinstance(kind, dy.Enum):
            yield kind, dict(column.words)


@every_source
def test_words_are_translated_into_words_that_there_are(name: str) -> None:
    for kind, words in (pair for mapping in MAPPINGS[name] for pair in _translated(mapping)):
        assert set(words.values()) <= set(kind.categories)
        assert [word for word in words if word != word.lower()] == []


@every_source
def test_what_is_assumed_is_of_a_column_that_is_filled(name: str) -> None:
    for mapping in MAPPINGS[name]:
        assert set(mapping.assumes) <= {*mapping.columns, mapping.key}, mapping.table


@every_source
def test_whatever_leaves_rows_out_says_which(name: str) -> None:
    assert [mapping.table for mapping in MAPPINGS[name] if mapping.where and not mapping.left_out] == []


@every_source
def test_parts_that_may_be_lacking_are_closed_and_not_nested(name: str) -> None:
    for mapping in MAPPINGS[name]:
        for sql in (mapping.joins, mapping.where, *mapping.reads.values()):
            assert re.fullmatch(r"[^{}]*(?:\{[^{}]*\}[^{}]*)*", sql), sql


@every_source
def test_the_guide_tells_what_a_mapping_reads_leaves_out_and_assumes(name: str) -> None:
    guide = _guide(name)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in guide.splitlines()]
    for mapping in MAPPINGS[name]:
        [row] = [row for row in rows if row[:2] == [mapping.to, mapping.table]]
        assert row[2]
        assert row[3] == (mapping.left_out or "nothing"), row
        for column, assumed in mapping.assumes.items():
            assert f"- **{mapping.to}**, {column}: {assumed}." in guide


@every_source
def test_the_guide_tells_of_no_table_that_is_not_read(name: str) -> None:
    told = set(re.findall(r"^\| (\w+) \| (\w+) \|", _guide(name), re.MULTILINE))
    assert told == {(mapping.to, mapping.table) for mapping in MAPPINGS[name]}


def _granted(name: str) -> set[str]:
    """The tables that the guide grants: to PostgreSQL in one statement, to MariaDB one by one."""
    one_by_one = re.findall(r"^GRANT SELECT ON \w+\.`([^`]+)` TO", _guide(name), re.MULTILINE)
    together = re.findall(r"GRANT SELECT ON\n(.*?)\nTO tandem;", _guide(name), re.DOTALL)
    return {*one_by_one, *(table.strip().strip('"') for listed in together for table in listed.split(","))}


@every_system
def test_the_grant_of_the_guide_names_every_table_that_is_read(system: System) -> None:
    copied = {name: wanted.table for name, wanted in getattr(MODULES[system.name], "WANTED", {}).items()}
    assert _granted(system.name) == {copied.get(table, table) for table in system.tables}
