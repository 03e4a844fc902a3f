"""Firms for screens: runs of every outcome, and names that are hard on whatever shows them."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from answers import Snapshot
from data_access.home import sample_home, served_home
from data_access.snapshot import Part, publish
from refresh.studies import work_out
from tests import once
from tests.analytics.firm import COMPANIES, DAY, SITES, Firm, Row, firm, noon, random_firm, table
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


def selling() -> Firm:
    """Deals, open, won and lost, a campaign with a message that was read, and tickets of one customer, a survey too."""
    deals: list[Row] = [
        {"opportunity_id": f"d{n}", "name": f"Deal {n}", "customer_id": "k1", "status": status, "stage": "Offer",
         "created_at": noon(DAY - timedelta(days=30 + n)), "expected_close_on": DAY + timedelta(days=n - 2),
         "closed_at": None if status == "open" else noon(DAY - timedelta(days=n)), "expected_amount": 100 * (n + 1)}
        for n, status in enumerate(("open", "open", "won", "lost"))
    ]  # fmt: skip
    tickets: list[Row] = [
        {"ticket_id": f"t{n}", "number": f"T{n}", "customer_id": "k1", "product_id": "bolt", "status": status,
         "opened_at": noon(DAY - timedelta(days=n + 1)), "channel": "mail", "body": "The bolt broke."}
        for n, status in enumerate(("open", "closed"))
    ]  # fmt: skip
    begun = {"campaign_id": "c", "name": "Spring", "starts_on": DAY - timedelta(days=20), "cost": 40}
    survey = {"kind": "survey", "score": 9, "lowest_score": 0, "highest_score": 10, "given_at": noon(DAY)}
    return firm(
        opportunities=deals,
        opportunity_lines=[{"opportunity_line_id": "l", "opportunity_id": "d0", "product_id": "desk", "quantity": 50}],
        campaigns=[begun],
        campaign_members=[{"campaign_member_id": "m", "campaign_id": "c", "customer_id": "k1"}],
        campaign_responses=[{"campaign_response_id": "r", "campaign_id": "c", "customer_id": "k1", "kind": "clicked"}],
        tickets=tickets,
        feedback=[{"feedback_id": "f", "customer_id": "k1", **survey}],
    )


def busy_firm(seed: int = 1) -> Firm:
    """A random firm that sells and serves, loaded by runs of every outcome."""
    sold = {name: rows for name, rows in selling().items() if rows.height}
    tables = random_firm(seed) | sold
    products = tables["products"].with_columns(name=tables["products"]["product_id"].replace(HARD_NAMES))
    asides = [aside(1, "not_a_date"), aside(2, "missing_reference"), aside(3, "brand_new_rule")]
    told = {"sync_runs": table("sync_runs", *RUNS), "quarantine": table("quarantine", *asides)}
    returns = tables["returns"].with_columns(region=pl.lit(None, pl.String))
    return tables | {"products": products, "returns": returns} | told


def busy() -> Snapshot:
    """The busy firm, served."""
    return served(busy_firm())


def studied(folders: pytest.TempPathFactory) -> Path:
    """A home of its own for whoever asks: the busy firm, served, and all studies of it worked out."""
    home = folders.mktemp("busy") / "home"
    shutil.copytree(once.filled(folders, "studied", _study) / "home", home)
    return home


def _study(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_HOME", str(folder / "home"))
        busy()
        assert set(work_out(served_home()).values()) == {None}


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
