"""From the tables to what is served: equal rows, regions that rights cut by, and never a part of another database."""

import shutil
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from analytics.access import Viewer
from analytics.tables import TABLES
from data_access import snapshot
from refresh.run import republish
from tests.refresh.deliveries import OWNER, STOCK, TICKETS, Firm, customers, lines, orders, products, small_firm, table


def parts_written_between(firm: Firm, earlier: snapshot.Snapshot) -> set[str]:
    """The parts that the current version does not share with the earlier one."""
    now = firm.snapshot()
    return {
        name
        for name in now.manifest["files"]
        if not (earlier.folder / name).exists()
        or (earlier.folder / name).stat().st_ino != (now.folder / name).stat().st_ino
    }


def test_every_table_is_shown_as_the_database_holds_it(either_firm: Firm) -> None:
    firm = either_firm
    firm.send(small_firm())
    for name in ("products", "customers", "sales_orders", "sales_order_lines", "companies", "sync_runs"):
        columns = TABLES[name].column_names()
        assert firm.shown(name, *columns) == firm.stored(name, *columns)


def test_a_replay_writes_only_the_books_of_the_run(firm: Firm) -> None:
    firm.send(small_firm())
    before = firm.snapshot()
    firm.send(small_firm())
    assert parts_written_between(firm, before) == {"tables/sync_runs.parquet"}


def test_only_what_changed_is_written_anew(firm: Firm) -> None:
    firm.send(small_firm())
    before = firm.snapshot()
    firm.send(products=products("P1", "P2", "P3", "P4"))
    written = parts_written_between(firm, before)
    assert "tables/products.parquet" in written
    assert not written & {"tables/customers.parquet", "tables/sales_orders.parquet", "tables/sales_order_lines.parquet"}


def test_a_table_without_rows_is_not_written_again_when_what_it_refers_to_changes(firm: Firm) -> None:
    firm.send(small_firm())
    before = firm.snapshot()
    firm.send(customers=customers("C1", "C2", country="FR"))
    written = parts_written_between(firm, before)
    assert {"tables/customers.parquet", "tables/sales_orders.parquet"} <= written
    assert not written & {"tables/tickets.parquet", "tables/invoices.parquet", "tables/opportunities.parquet"}


def test_a_table_without_rows_has_the_columns_that_it_has_with_rows(firm: Firm) -> None:
    firm.send(small_firm())
    empty = firm.snapshot().table("tickets", OWNER).collect_schema()
    firm.send(tickets=table(TICKETS, "T1,C1,2026-02-01,,phone,high,open,It broke"))
    assert firm.snapshot().table("tickets", OWNER).collect().height == 1
    assert firm.snapshot().table("tickets", OWNER).collect_schema() == empty


def test_what_is_made_of_nothing_is_not_made_again_until_there_is_something(firm: Firm) -> None:
    firm.send(small_firm())
    before = firm.snapshot()
    firm.send(customers=customers("C1", "C2", country="FR"))
    stock = "aggregates/fact_stock.parquet"
    assert stock not in parts_written_between(firm, before)
    before = firm.snapshot()
    firm.send(inventory_levels=table(STOCK, "P1,W1,2026-02-01,5,0"))
    assert stock in parts_written_between(firm, before)
    assert firm.snapshot().rows("aggregates/fact_stock") == 1


def test_a_customer_who_moves_takes_orders_and_lines_along_into_the_other_region(firm: Firm) -> None:
    firm.send(small_firm())
    assert firm.shown("sales_order_lines", "region") == ["DE"] * 3
    firm.send(customers=customers("C1", "C2", country="FR"))
    assert firm.shown("sales_orders", "region") == ["FR"] * 2
    assert firm.shown("sales_order_lines", "region") == ["FR"] * 3
    french = Viewer(user="v", role="sales", regions=frozenset({"FR"}))
    german = Viewer(user="v", role="sales", regions=frozenset({"DE"}))
    seen = [firm.snapshot().table("sales_order_lines", viewer).collect().height for viewer in (french, german)]
    assert seen == [3, 0]


def test_a_database_that_began_anew_never_shows_rows_of_the_old_one(firm: Firm, empty_tables: Path) -> None:
    firm.send(customers=customers("C1", "C2"))
    for path in firm.home.folder.glob("tandem.db*"):
        path.unlink()
    shutil.copyfile(empty_tables, firm.home.folder / "tandem.db")
    firm.send(customers=customers("C7", "C8"))
    assert firm.shown("customers", "customer_id") == ["C7", "C8"]


def test_a_database_that_was_restored_never_shows_rows_of_the_time_between(firm: Firm, tmp_path: Path) -> None:
    firm.send(customers=customers("C1"))
    shutil.copytree(firm.home.folder, tmp_path / "backup")
    firm.send(customers=customers("C1", "C2"))
    for path in firm.home.folder.glob("tandem.db*"):
        path.unlink()
    for path in (tmp_path / "backup").glob("tandem.db*"):
        shutil.copyfile(path, firm.home.folder / path.name)
    firm.send(customers=customers("C1", "C3"))
    assert firm.shown("customers", "customer_id") == ["C1", "C3"]


def test_an_older_program_is_not_believed_about_equal_rows(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.send(small_firm())
    before = firm.snapshot()
    monkeypatch.setattr(snapshot, "program_mark", lambda: "a newer one")
    firm.send(small_firm())
    assert parts_written_between(firm, before) == set(firm.snapshot().manifest["files"])


def test_facts_that_are_gone_are_not_shown_and_records_that_others_need_are(firm: Firm) -> None:
    firm.send(small_firm())
    firm.send(
        products=products("P1", "P3"),
        sales_orders=orders("S1,C1"),
        sales_order_lines=lines("L1,S1,P1,2,2.50", "L2,S1,P2,1,5.00"),
    )
    assert firm.shown("products", "product_id", "is_active") == [("P1", True), ("P2", False), ("P3", True)]
    assert firm.shown("sales_orders", "sales_order_id") == ["S1"]


def test_facts_lie_by_day_and_by_item(firm: Firm) -> None:
    stock = table(STOCK, "P2,W,2026-02-01,1,0", "P1,W,2026-02-02,2,0", "P1,W,2026-02-01,3,0")
    firm.send(products=products("P1", "P2"), inventory_levels=stock)
    folder = firm.snapshot().folder / "tables"
    by_day, by_item = (
        pl.read_parquet(folder / name).select("on_hand").cast(pl.Int64).to_series().to_list()
        for name in ("inventory_levels.parquet", "inventory_levels.by_item.parquet")
    )
    assert (by_day, by_item) == ([3, 1, 2], [3, 2, 1])


def test_the_age_of_what_is_served_is_that_of_the_refresh(firm: Firm) -> None:
    firm.send(small_firm())
    assert timedelta(0) <= snapshot.age(firm.snapshot()) < timedelta(minutes=5)


def test_the_tables_are_published_anew_after_an_update_without_their_source(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm.send(small_firm())
    before, shown = firm.snapshot(), firm.shown("sales_order_lines", *TABLES["sales_order_lines"].column_names())
    monkeypatch.setattr(snapshot, "program_mark", lambda: "a newer one")
    republish(firm.home)
    assert firm.snapshot().id != before.id
    assert firm.snapshot().manifest["program"] == "a newer one"
    assert firm.shown("sales_order_lines", *TABLES["sales_order_lines"].column_names()) == shown


def test_lost_snapshots_are_made_anew_from_the_tables(firm: Firm) -> None:
    firm.send(small_firm())
    shutil.rmtree(firm.home.snapshots)
    snapshot._verified.cache_clear()
    republish(firm.home)
    assert firm.shown("customers", "customer_id") == ["C1", "C2"]
