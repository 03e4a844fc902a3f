"""What breaks from outside in the middle of a refresh: the last good data stays, one sentence says what to do, and the
next refresh heals it. The long run is in benchmarks/."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import psycopg
import pytest

from data_access import connections as kept
from data_access import schedule, snapshot
from data_access.connections import Place
from data_access.extract import Changes, Database, System, read_database, read_from
from data_access.home import attempts, firm_home
from data_access.mapping import Cell, Mapping, Reading, SourceRefused
from data_access.postgresql import connected, written
from data_access.store import Store
from data_access.work import Outcome
from refresh import ledger, worker
from refresh.run import Report, Request, refresh
from refresh.sources import Watch
from tests.data_access.relay import relayed
from tests.refresh.deliveries import Firm, customers, small_firm
from tests.servers import driverless

LONG_AGO = datetime(2026, 1, 5, 8, tzinfo=UTC)
MADE = "create table people (id int primary key, name text, write_date timestamp)"
KNOWN = "insert into people values (1, 'Old', '2026-01-01'), (2, 'New', now() at time zone 'utc')"
COLUMNS: dict[str, str | pl.Expr | Cell] = {"customer_id": "id", "name": "name", "is_active": pl.lit(value=True)}


def _probe(_database: Database) -> None:
    """Any database will do."""


SHOP = System(
    name="shop",
    mappings=(Mapping(to="customers", table="people", columns=COLUMNS),),
    probe=_probe,
)


@pytest.fixture
def shop(new_postgres_database: Callable[[], str]) -> str:
    """A source with two customers, one of them changed long ago."""
    url = new_postgres_database()
    _run(url, MADE, KNOWN)
    return url


def _run(url: str, *statements: str) -> None:
    with psycopg.connect(driverless(url), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _refreshed(url: str) -> Report:
    """A refresh that reads only what changed of tables of any size."""

    def read(since: str | None) -> Reading:
        return read_database(url, SHOP, changes=None if since is None else Changes(since=since, full_below=0))

    return refresh(firm_home(), Request(source="shop", read=read))


def _names() -> list[str]:
    store = Store(firm_home().database_url)
    with store.load() as load:
        names = load.read("customers", ("customer_id", "name")).sort("customer_id").get_column("name").to_list()
    store.close()
    return names


# The source.


@pytest.mark.postgres
def test_a_server_that_says_nothing_more_is_left_after_a_time_in_one_sentence(shop: str) -> None:
    with (
        relayed(shop, after=200_000, stalls=True) as relay,
        connected(relay.url, silent_seconds=2) as database,
        pytest.raises(SourceRefused, match="stopped answering in the middle of a query") as refusal,
    ):
        database.rows("select repeat('x', 1000) as told from generate_series(1, 1000)")
    assert refusal.value.rule == "timeout"


@pytest.mark.postgres
def test_a_line_that_is_cut_within_a_table_is_no_shorter_table(shop: str) -> None:
    with (
        relayed(shop, after=200_000, cuts=True) as relay,
        connected(relay.url) as database,
        pytest.raises(SourceRefused) as refusal,
    ):
        database.rows("select repeat('x', 1000) as told from generate_series(1, 1000)")
    assert refusal.value.rule == "connection_lost"


@pytest.mark.postgres
def test_a_backend_that_is_killed_within_a_read_leaves_the_last_good_data_and_the_next_refresh_heals(shop: str) -> None:
    with relayed(shop) as whole:
        assert _refreshed(whole.url).outcome == "loaded"
    served = snapshot.current(firm_home()).id
    _run(shop, "insert into people values (3, 'Third', now() at time zone 'utc')")
    end = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tandem'"
    with relayed(shop, after=whole.passed - 400, then=lambda: _run(shop, end)) as relay:
        report = _refreshed(relay.url)
    assert report.outcome == "rejected"
    assert str(report.message).endswith("was lost: try again.")
    assert snapshot.current(firm_home()).id == served
    assert _refreshed(shop).outcome == "loaded"
    assert _names() == ["Old", "New", "Third"]


@pytest.mark.postgres
def test_a_row_that_was_committed_later_than_any_overlap_is_loaded_all_the_same(shop: str) -> None:
    assert _refreshed(shop).outcome == "loaded"
    _run(shop, "insert into people values (3, 'Late', '2026-01-02')")
    report = _refreshed(shop)
    assert (report.outcome, report.message) == ("loaded", None)
    assert _names() == ["Old", "New", "Late"]


@pytest.mark.postgres
def test_a_watermark_of_a_clock_that_was_put_back_since_hides_nothing(shop: str) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    with connected(shop) as database:
        reading = read_from(database, SHOP, changes=Changes(since=tomorrow, full_below=0))
    assert reading.extracts[0].frame.height == 2


@pytest.mark.postgres
def test_a_source_that_is_watched_is_read_when_its_server_has_written_or_a_minute_is_over(shop: str) -> None:
    _run(shop, "vacuum", "checkpoint")
    watched = Watch("odoo", shop)
    assert watched.has_news(0.0)
    _run(shop, "insert into people values (3, 'Third', now())")
    assert watched.has_news(1.0)
    assert watched.has_news(62.0)
    watched.forget_unless(loaded=False)
    assert watched.has_news(63.0)
    elsewhere = Watch("erpnext", "mysql://u@127.0.0.1:1/erp")
    assert elsewhere.has_news(0.0)
    assert elsewhere.has_news(1.0)


@pytest.mark.postgres
def test_a_source_in_which_nothing_is_new_is_not_read_again_at_once(shop: str) -> None:
    seen = [Watch("odoo", shop, place=written(shop), read_at=0.0).has_news(1.0) for _ in range(5)]
    assert False in seen  # others may write on the same server, and its own housekeeping does


def test_the_next_look_waits_for_no_reading_where_the_server_tells_and_for_each_one_where_it_does_not() -> None:
    telling, silent = Watch("odoo", "postgresql://h/odoo", place="0/1"), Watch("erpnext", "mysql://h/erp")
    assert [telling.rest(2.0, began=10.0, now=now) for now in (10.5, 11.75, 14.0)] == [1.5, 0.5, 0.5]
    assert [silent.rest(2.0, began=10.0, now=now) for now in (10.5, 14.0)] == [2.0, 2.0]


def test_all_is_read_again_once_a_week(firm: Firm) -> None:
    firm.send(small_firm())
    store = Store(firm.home.database_url)
    with store.load() as load:
        load.number("UPDATE sync_runs SET source_as_of = started_at RETURNING 1")
        assert ledger.watermark(load, "files", datetime.now(UTC) + timedelta(days=6)) is not None
        assert ledger.watermark(load, "files", datetime.now(UTC) + timedelta(days=8)) is None
        load.number("UPDATE sync_runs SET mode = 'incremental' RETURNING 1")
        assert ledger.watermark(load, "files", datetime.now(UTC)) is None
    store.close()


# The own machine.


@pytest.mark.parametrize("step", ["unified", "wrote tables/customers"])
def test_a_full_disk_is_a_sentence_and_the_next_refresh_goes_on_by_itself(firm: Firm, step: str) -> None:
    firm.send(small_firm())
    served = firm.snapshot().id

    def full(told: str) -> None:
        if told == step:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = firm.deliver(small_firm() | {"customers": customers("C1", "C2", "C3")})
    report = firm.load(path, step=full)
    assert (report.outcome, report.exit_code) == ("failed", 1)
    assert str(report.message).startswith(f"The disk of {firm.home.folder} is full: free some room there")
    assert firm.snapshot().id == served
    assert list(firm.home.snapshots.glob(".building-*")) == []
    assert attempts(firm.home)["files"]["message"] == report.message
    assert firm.load(path).outcome == "loaded"
    assert firm.shown("customers", "customer_id") == ["C1", "C2", "C3"]


def test_where_nothing_can_be_written_the_refresh_still_says_so(firm: Firm) -> None:
    firm.send(small_firm())
    firm.home.attempts.unlink()
    firm.home.attempts.mkdir()
    assert firm.load(firm.deliver(small_firm())).outcome == "loaded"


def _published(day: int) -> snapshot.Snapshot:
    """A version of one small part, made on a day of January."""
    part = snapshot.Part("tables/customers", str(day), pl.DataFrame({"customer_id": [f"C{day}"]}).clone)
    at = LONG_AGO.replace(day=day)
    return snapshot.publish(firm_home().made(), [part], at=at, facts={}, continues=lambda _earlier: False)


@pytest.mark.parametrize("bit", [1, 2, 16, 32, 128])
def test_a_flipped_bit_in_the_pointer_serves_a_whole_version_all_the_same(bit: int) -> None:
    known = {_published(3).id, _published(4).id}
    whole = firm_home().pointer.read_bytes()
    for place in range(len(whole.strip())):
        flipped = bytearray(whole)
        flipped[place] ^= bit
        firm_home().pointer.write_bytes(flipped)
        assert snapshot.current(firm_home()).id in known
        assert snapshot.is_passed_over(firm_home())
    newest = _published(5)
    assert snapshot.current(firm_home()).id == newest.id
    assert not snapshot.is_passed_over(firm_home())


def test_a_version_of_before_the_clock_was_put_back_is_served_where_the_later_one_is_damaged() -> None:
    ahead, behind = _published(9), _published(2)
    assert snapshot.current(firm_home()).id == behind.id
    (behind.folder / "tables/customers.parquet").write_bytes(b"damaged")
    snapshot.forget_seen()
    assert snapshot.current(firm_home()).id == ahead.id


def test_a_worker_outlives_a_home_that_cannot_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "WAIT_FOR_ROOM_SECONDS", 0.0)
    kept.add(firm_home(), "Exports", "files", Place(path=str(tmp_path)), at=LONG_AGO)
    (firm_home().folder / "work").write_text("no folder", encoding="utf-8")
    assert worker._attended(firm_home()) is False


def test_nobody_waits_for_a_day_that_a_wrong_clock_told(tmp_path: Path) -> None:
    connection = kept.add(firm_home(), "Exports", "files", Place(path=str(tmp_path)), at=LONG_AGO)
    next_year = LONG_AGO + timedelta(days=365)
    ended = Outcome(started_at=next_year, ended_at=next_year, outcome="loaded")
    for outcome in (ended, replace(ended, outcome="outage", failures=9), replace(ended, outcome="busy")):
        due = schedule.due_at(connection, outcome, LONG_AGO + timedelta(hours=1))
        assert due is not None
        assert due <= LONG_AGO + timedelta(hours=1)
    later = replace(connection, changed_at=next_year)
    assert schedule.due_at(later, None, LONG_AGO) == LONG_AGO
