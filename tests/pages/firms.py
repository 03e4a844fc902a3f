"""Firms for screens: runs of every outcome, and names that are hard on whatever shows them."""

from datetime import timedelta
from typing import Any

from answers import Snapshot
from data_access.home import sample_home
from data_access.snapshot import Part, publish
from tests.analytics.firm import COMPANIES, DAY, SITES, Firm, Row, firm, random_firm, table
from tests.analytics.summed import summed
from tests.answers.served import MADE_AT, served

HARD_NAMES = {
    "bolt": "=1+1 **bold** :red[red] $x$ <b>b</b>",
    "nut": '螺母, "M8"',
    "desk": "[Desk](https://example.org) `code` \\",
}


def run(source_table: str, outcome: str, **fields: Any) -> Row:
    """One table of the latest run of a source; one row of ten is set aside unless ``fields`` say otherwise."""
    counts = {"rows_read": 10, "rows_loaded": 8, "rows_quarantined": 1, "rows_duplicate": 1, "rows_deleted": 0}
    times = {"started_at": MADE_AT, "finished_at": MADE_AT, "source_as_of": MADE_AT - timedelta(minutes=9)}
    named = {"source": "odoo", "source_table": source_table, "outcome": outcome, "mode": "full", "rows_left_out": 0}
    return {"sync_run_table_id": source_table, "sync_run_id": 1, "company_id": "*"} | named | counts | times | fields


def aside(number: int, rule: str, **fields: Any) -> Row:
    """One row that was set aside."""
    cell = {"line": number, "column_name": "name", "value": f"Ada {number}", "record": '{"name": "=Ada"}'}
    named = {"source_table": "res_partner", "table_name": "customers", "rule": rule, "quarantined_at": MADE_AT}
    return {"quarantine_id": f"q{number}", "company_id": "*", "source": "odoo"} | named | cell | fields


RUNS = (
    run("res_partner", "quarantine_rows"),
    run("sale_order", "accept", rows_loaded=10, rows_quarantined=0, rows_duplicate=0),
    run("stock_quant", "accept_warn", warnings='[{"rule": "negative_stock", "detail": "1 level is below zero."}]'),
    run("mrp_bom", "reject_table", rows_loaded=0, rows_quarantined=0, rows_duplicate=0),
)


def busy_firm(seed: int = 1) -> Firm:
    """A random firm, loaded by runs of every outcome."""
    tables = random_firm(seed)
    products = tables["products"].with_columns(name=tables["products"]["product_id"].replace(HARD_NAMES))
    asides = [aside(1, "not_a_date"), aside(2, "missing_reference"), aside(3, "brand_new_rule")]
    told = {"sync_runs": table("sync_runs", *RUNS), "quarantine": table("quarantine", *asides)}
    return tables | {"products": products} | told


def busy() -> Snapshot:
    """The busy firm, served."""
    return served(busy_firm())


def sample() -> Snapshot:
    """The busy firm as the sample company, served."""
    tables = busy_firm()
    made = {f"aggregates/{name}": rows for name, rows in summed(tables).items()}
    stored = {f"tables/{name}": rows for name, rows in tables.items()}
    parts = [Part(name, "", rows.clone) for name, rows in (stored | made).items()]
    return publish(sample_home().made(), parts, at=MADE_AT, facts={}, continues=lambda _earlier: False)


def wide(items: int) -> Snapshot:
    """So many items, each with one piece on the shelf."""
    keys = [f"p{number:04}" for number in range(items)]
    products: list[Row] = [{"product_id": key, "sku": key, "name": "Part", "kind": "storable"} for key in keys]
    levels: list[Row] = [{"product_id": key, "site_id": "north", "as_of_on": DAY, "on_hand": 1} for key in keys]
    return served(firm(companies=COMPANIES, sites=SITES, products=products, inventory_levels=levels))


def empty() -> Snapshot:
    """A firm without anything, served."""
    return served(firm())
