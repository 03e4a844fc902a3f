"""The sample company in vendors' clothes: their mappings bring back the same firm, but for what is declared."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pytest

from analytics.tables import TABLES, fields, references
from data_access.mapping import SHARED, Reading
from data_access.sources import erpnext as read_erpnext
from data_access.sources import hubspot as read_hubspot
from data_access.sources import odoo as read_odoo
from data_access.sources import salesforce as read_salesforce
from data_access.sources import sap as read_sap
from data_access.store import Store
from refresh import ledger
from refresh.unify import Unified, unify
from sample_data import Plan, Sample
from sample_data.clothes import erpnext, hubspot, odoo, salesforce, sap
from sample_data.clothes.tailor import Keys, Outfit, Tables, differing, write
from tests.servers import mariadb_database, run


@dataclass(frozen=True)
class Vendor:
    """A vendor's clothes and how they are read."""

    name: str
    dressed: Callable[[Tables], Outfit]
    read: Callable[[Any], Reading]
    write: Callable[[Any, Outfit], Any] = write
    is_served: bool = False


def _filled(url: str, outfit: Outfit) -> str:
    return run(url, erpnext.statements(outfit))


VENDORS = (
    Vendor("sap", sap.dressed, read_sap.read),
    Vendor("hubspot", hubspot.dressed, read_hubspot.read),
    Vendor("erpnext", erpnext.dressed, read_erpnext.read, _filled, is_served=True),
    Vendor("odoo", odoo.dressed, read_odoo.read_backup, odoo.write),
    Vendor("salesforce", salesforce.dressed, read_salesforce.read),
)


@dataclass(frozen=True)
class Fitting:
    """One vendor's outfit, and what came back of it."""

    vendor: str
    outfit: Outfit
    back: Unified


@pytest.fixture(scope="module")
def firm() -> Tables:
    """A year of the smallest sample."""
    return Sample(Plan(scale=0.01, months=12)).tables()


@pytest.fixture(scope="module", params=VENDORS, ids=lambda vendor: vendor.name)
def fitting(request: pytest.FixtureRequest, firm: Tables, tmp_path_factory: pytest.TempPathFactory) -> Fitting:
    vendor: Vendor = request.param
    place = tmp_path_factory.mktemp(vendor.name)
    outfit = vendor.dressed(firm)
    with ExitStack() as stack:
        where: str | Path = place / "export"
        if vendor.is_served:
            server = request.getfixturevalue("mariadb_url")
            where = stack.enter_context(mariadb_database(server, f"tandem_{uuid4().hex[:12]}"))
        reading = vendor.read(vendor.write(where, outfit))
    return Fitting(vendor.name, outfit, _unified(reading, place))


def _unified(reading: Reading, place: Path) -> Unified:
    """What the reading becomes in an empty database."""
    store = Store(f"sqlite:///{place / 'empty.db'}")
    try:
        store.migrate()
        with store.load() as load:
            waiting = ledger.waiting(load, reading)
            return unify(reading, load, waiting, known_since={}, confirmed=frozenset())
    finally:
        store.close()


def _as_stored(fitting: Fitting, table: str) -> pl.DataFrame:
    """The rows of a table that the vendor holds, with the vendor's keys."""
    outfit, rows = fitting.outfit, fitting.outfit.held[table]
    targets = {"company_id": "companies", "product_group_id": "product_groups", **references(TABLES[table])}
    [key] = TABLES[table].primary_key()[:1]
    named = {key: table} | targets
    return rows.with_columns(
        _prefixed(outfit.keys, named[name], name, fitting.vendor) for name in rows.columns if name in named
    )


def _prefixed(keys: Keys, table: str, name: str, source: str) -> pl.Expr:
    """A key of the sample as it is stored; what all companies share has none."""
    own = keys.of(table, name) if table in keys.pairs else pl.lit(None, pl.String)
    stored = pl.when(pl.col(name) == SHARED).then(pl.lit(SHARED)).otherwise(pl.concat_str(pl.lit(f"{source}:"), own))
    return stored.alias(name)


def test_every_row_comes_back(fitting: Fitting) -> None:
    assert fitting.back.aside.all().rows() == []
    assert fitting.back.refused == {}


def test_the_tables_come_back_as_the_vendor_holds_them(fitting: Fitting) -> None:
    told = {
        table: _apart(_as_stored(fitting, table), fitting.back.tables[table], table) for table in fitting.outfit.held
    }
    assert {table: apart for table, apart in told.items() if apart} == {}


def _apart(held: pl.DataFrame, back: pl.DataFrame, table: str) -> dict[str, object]:
    """The columns that came back otherwise, each with what it was and what it became; what is not held comes empty."""
    key = _held_key(held, table)
    if (ours := held.select(key).sort(key).rows()) != (theirs := back.select(key).sort(key).rows()):
        return {"rows": (set(ours) - set(theirs), set(theirs) - set(ours))}
    both = back.select(*dict.fromkeys((*key, *fields(TABLES[table]), "company_id")))
    nothing = [pl.lit(None).alias(name) for name in both.columns if name not in held.columns and name not in AS_OF]
    expected = held.with_columns(nothing).select(name for name in both.columns if name not in AS_OF)
    expected = expected.cast({name: both.schema[name] for name in expected.columns}).sort(key)
    both = both.select(expected.columns).sort(key)
    return {
        name: (expected.filter(wrong)[name].head(2).to_list(), both.filter(wrong)[name].head(2).to_list())
        for name in expected.columns
        if (wrong := expected[name].ne_missing(both[name])).any()
    }


AS_OF = frozenset({"as_of_on"})


def _held_key(held: pl.DataFrame, table: str) -> list[str]:
    """The key of a table, but for the day of a level, which is that of the files."""
    return [name for name in TABLES[table].primary_key() if name not in AS_OF]


def test_nothing_is_otherwise_than_in_the_sample_but_what_is_declared(firm: Tables, fitting: Fitting) -> None:
    told = {
        name for table in fitting.outfit.held for name in _otherwise(firm[table], fitting.outfit.held[table], table)
    }
    declared = {name for name in fitting.outfit.limits if re.search(r"[. ]", name)}
    assert (sorted(told - declared), sorted(declared - told)) == ([], [])


def _otherwise(sample: pl.DataFrame, held: pl.DataFrame, table: str) -> set[str]:
    key = _held_key(held, table)
    latest = sample.unique(key, keep="last", maintain_order=True)
    return differing(latest, held, key, table) | ({f"{table} rows"} if latest.height < sample.height else set())


@pytest.mark.parametrize(("erp", "crm"), [("sap", "hubspot"), ("odoo", "salesforce"), ("erpnext", "erpnext")])
def test_every_table_is_held_by_one_of_a_pair_or_said_to_be_held_by_none(firm: Tables, erp: str, crm: str) -> None:
    dressed = {vendor.name: vendor.dressed for vendor in VENDORS}
    both = [dressed[name](firm) for name in (erp, crm)]
    held = {table for outfit in both for table in outfit.held}
    said = {name for outfit in both for name in outfit.limits if not re.search(r"[. ]", name)}
    assert sorted(set(firm) - held - said) == []
    assert sorted(said - set(firm)) == []
