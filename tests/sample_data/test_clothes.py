"""The sample company in vendors' clothes: their mappings bring back the same firm, but for what is declared."""

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pytest

from analytics.facts import FACTS
from analytics.identities import memberships
from analytics.one_firm import IDENTIFIED, Cutover, OneFirm
from analytics.tables import TABLES, fields, ordered_columns, references
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


Fit = Callable[[Vendor], Fitting]


@pytest.fixture(scope="module")
def fit(request: pytest.FixtureRequest, firm: Tables, tmp_path_factory: pytest.TempPathFactory) -> Fit:
    """From a vendor to its outfit and what came back of it, each tried on once."""

    @cache
    def fitted(vendor: Vendor) -> Fitting:
        place = tmp_path_factory.mktemp(vendor.name)
        outfit = vendor.dressed(firm)
        with ExitStack() as stack:
            where: str | Path = place / "export"
            if vendor.is_served:
                server = request.getfixturevalue("mariadb_url")
                where = stack.enter_context(mariadb_database(server, f"tandem_{uuid4().hex[:12]}"))
            reading = vendor.read(vendor.write(where, outfit))
        return Fitting(vendor.name, outfit, _unified(reading, place))

    return fitted


@pytest.fixture(scope="module", params=VENDORS, ids=lambda vendor: vendor.name)
def fitting(request: pytest.FixtureRequest, fit: Fit) -> Fitting:
    return fit(request.param)


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


ON = date(2026, 2, 11)
"""A day in the middle of a month of the sample, and of its orders."""
SUMS: Mapping[str, tuple[str, ...]] = {
    "order_lines": ("currency", "amount", "quantity"),
    "invoice_lines": ("currency", "amount", "quantity"),
    "receivables": ("currency", "amount"),
    "stock": ("quantity",),
    "issues": ("quantity",),
}


def _whole(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Every table, without rows where there are none, and with the region that facts carry."""
    return {name: _of_model(name, tables.get(name)) for name in TABLES}


def _of_model(name: str, rows: pl.DataFrame | None) -> pl.DataFrame:
    columns = TABLES[name].columns()
    empty = pl.DataFrame(schema={column: columns[column].dtype for column in ordered_columns(TABLES[name])})
    full = empty if rows is None else pl.concat([empty, rows.select(pl.exclude("^_.*$"))], how="diagonal_relaxed")
    return full.select(empty.columns).cast(empty.schema)


def _identified(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What the matcher says of the records of several systems."""
    told = [
        memberships(tables[table].rename({f"{entity}_id": "record_id"}), entity).with_columns(entity=pl.lit(entity))
        for table, entity in IDENTIFIED.items()
    ]
    rows = pl.concat(told).with_columns(
        identity_id=pl.col("record_id"), source=pl.lit("tandem"), company_id=pl.lit("*")
    )
    return _of_model("identities", rows)


def _of_both(old: Mapping[str, pl.DataFrame], new: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The firm that changed from one to the other."""
    both = {name: pl.concat([old[name], new[name]]) for name in TABLES}
    both["identities"] = _identified(both)
    one = OneFirm(Cutover(before="erpnext", after="odoo", on=ON), both.__getitem__, is_over=True)
    return {name: one.rows(name) for name in TABLES}


def _by_month(tables: Mapping[str, pl.DataFrame], fact: str) -> pl.DataFrame:
    """The sums of a fact, one row per month and, of money, its currency."""
    regional = {name: rows.with_columns(region=pl.lit(None, pl.String)) for name, rows in tables.items()}
    keys = ["month", *(name for name in SUMS[fact] if name == "currency")]
    rows = FACTS[fact].make(regional).with_columns(month=pl.col("day_on").dt.truncate("1mo"))
    sums = [pl.col(name).sum() for name in SUMS[fact] if name not in keys]
    return rows.group_by(keys).agg(pl.len(), *sums).sort(keys)


def _begun_on_the_day(new: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The new system as a firm begins with it: orders that were over are not in it, of open ones the rest alone is, and
    of what was done nothing is; open invoices are in it under their number."""
    day = {"shipments": "shipped_at", "payments": "paid_on", "stock_moves": "moved_at", "returns": "returned_at"}
    late = {name: new[name].filter(pl.col(column).cast(pl.Date) >= ON) for name, column in day.items()}
    gone = _delivered(new, pl.col("shipped_at").cast(pl.Date) < ON)
    lines = (
        new["sales_order_lines"]
        .join(gone, on="sales_order_line_id", how="left")
        .with_columns(pl.col(name) - pl.col("gone").fill_null(0) for name in ("quantity", "delivered_quantity"))
    )
    fresh = new["sales_orders"].filter(pl.col("ordered_at").cast(pl.Date) >= ON)
    open_lines = lines.filter(
        (pl.col("quantity") > 0) | pl.col("sales_order_id").is_in(fresh["sales_order_id"].implode())
    )
    paid = new["payments"].filter(pl.col("paid_on") < ON).group_by("invoice_id").agg(paid=pl.col("amount").sum())
    invoices = (
        new["invoices"]
        .join(paid, on="invoice_id", how="left")
        .with_columns(amount_total=pl.col("amount_total") - pl.col("paid").fill_null(0))
    )
    owed = invoices.filter((pl.col("invoiced_on") >= ON) | (pl.col("amount_total") != 0))
    return dict(new) | {
        **late,
        "sales_orders": new["sales_orders"].join(open_lines, on="sales_order_id", how="semi"),
        "sales_order_lines": open_lines.select(new["sales_order_lines"].columns),
        "shipment_lines": new["shipment_lines"].join(late["shipments"], on="shipment_id", how="semi"),
        "invoices": owed.select(new["invoices"].columns),
        "invoice_lines": new["invoice_lines"].join(owed, on="invoice_id", how="semi"),
    }


def _delivered(tables: Mapping[str, pl.DataFrame], which: pl.Expr) -> pl.DataFrame:
    """How much of each order's line left with such shipments."""
    done = tables["shipments"].filter((pl.col("status") == "done") & which).select("shipment_id")
    lines = tables["shipment_lines"].join(done, on="shipment_id", how="semi")
    return lines.group_by("sales_order_line_id").agg(gone=pl.col("shipped_quantity").sum())


def _stopped_on_the_day(old: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The old system as it was left: its orders stand where they stood on the day."""
    gone = _delivered(old, pl.col("shipped_at").cast(pl.Date) < ON)
    lines = old["sales_order_lines"].join(gone, on="sales_order_line_id", how="left")
    stood = lines.with_columns(delivered_quantity=pl.col("gone").fill_null(0).cast(pl.Decimal(24, 6)))
    return dict(old) | {"sales_order_lines": stood.select(old["sales_order_lines"].columns)}


@pytest.fixture(scope="module")
def systems(fit: Fit) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """The whole firm in ERPNext, and in Odoo."""
    vendors = {vendor.name: vendor for vendor in VENDORS}
    old, new = (_whole(fit(vendors[name]).back.tables) for name in ("erpnext", "odoo"))
    return old, new


Systems = tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]


@pytest.mark.parametrize("begins", ["with everything in it", "with what was open"])
def test_a_firm_that_changes_its_erp_counts_as_the_undivided_one(systems: Systems, begins: str) -> None:
    """ERPNext has all, before the day and after it; so has Odoo, or what a firm carries over and what came then."""
    old, new = systems
    is_whole = begins == "with everything in it"
    one = _of_both(*systems) if is_whole else _of_both(_stopped_on_the_day(old), _begun_on_the_day(new))
    for fact in SUMS.keys() - {"order_lines"}:
        assert _by_month(one, fact).rows() == _by_month(new, fact).rows(), fact
    month = ON.replace(day=1)  # ERPNext keeps the day of an order, Odoo its instant: that month holds days of both
    orders, before, after = (_by_month(tables, "order_lines") for tables in (one, old, new))
    assert orders.filter(pl.col("month") < month).rows() == before.filter(pl.col("month") < month).rows()
    assert orders.filter(pl.col("month") > month).rows() == after.filter(pl.col("month") > month).rows()
    sums = ("len", "amount", "quantity")
    assert orders.select(sums).sum().rows() == after.select(sums).sum().rows()
    back = new["returns"]["product_id"].implode()  # the old system cannot know what came back later
    assert (
        _still_open(one).filter(~pl.col("product_id").is_in(back)).rows()
        == _still_open(new).filter(~pl.col("product_id").is_in(back)).rows()
    )


def _still_open(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """By product what was ordered and is not delivered."""
    waiting = tables["sales_orders"].filter(pl.col("status").cast(pl.String).is_in(["confirmed", "done"]))
    lines = tables["sales_order_lines"].join(waiting, on="sales_order_id", how="semi")
    rest = lines.select("product_id", rest=pl.col("quantity") - pl.col("delivered_quantity").fill_null(0))
    return rest.group_by("product_id").agg(pl.col("rest").sum()).filter(pl.col("rest") != 0).sort("product_id")
