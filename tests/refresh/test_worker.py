"""The worker: what is due, how an attempt ends, and what is left when something is killed."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data_access import connections as kept
from data_access import schedule, work
from data_access.connections import Connection, Place, Server
from data_access.home import Busy, Home, firm_home
from data_access.journal import Journal
from data_access.work import Asked, Outcome
from refresh import worker
from tests.refresh.deliveries import customers, products, write
from tests.test_house import HOUSE

LONG_AGO = datetime(2026, 1, 5, 8, tzinfo=UTC)
LOADED_LONG_AGO = Outcome(started_at=LONG_AGO, ended_at=LONG_AGO, outcome="loaded", loaded_at=LONG_AGO)
PATIENCE = 60.0
SERVING = """
import time
from data_access.home import firm_home
from refresh import worker

if __name__ == "__main__":
    with worker.beside(firm_home()):
        time.sleep(600)
"""


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder with two customers and a product."""
    return write(tmp_path / "inbox", {"customers.csv": customers("C1", "C2"), "products.csv": products("P1")})


@pytest.fixture
def files(inbox: Path) -> Connection:
    """The connection of that folder."""
    return kept.add(firm_home(), "Exports", "files", Place(path=str(inbox)), at=LONG_AGO)


def outcome(connection: Connection) -> Outcome:
    """How the latest attempt ended."""
    return work.outcomes(firm_home())[connection.connection_id]


def due(connection: Connection) -> datetime | None:
    """When it is refreshed next."""
    return schedule.next_run(connection, work.outcomes(firm_home()).get(connection.connection_id))


def until(condition: Callable[[], bool]) -> None:
    """Waits for what must come."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def test_a_new_connection_is_loaded_then_left_while_nothing_changed_and_loaded_again_when_it_did(
    files: Connection, inbox: Path
) -> None:
    home = firm_home()
    worker.refreshed(home, files)
    first = outcome(files)
    assert (first.outcome, first.tables["customers"]["loaded"], first.failures) == ("loaded", 2, 0)
    assert due(files) == first.ended_at + timedelta(minutes=15)
    worker.refreshed(home, files)
    second = outcome(files)
    assert (second.outcome, second.tables, second.loaded_at) == ("unchanged", first.tables, first.loaded_at)
    (inbox / "customers.csv").write_text(customers("C1", "C2", "C3"), encoding="utf-8")
    worker.refreshed(home, files)
    assert (outcome(files).outcome, outcome(files).tables["customers"]["loaded"]) == ("loaded", 3)


def test_what_people_decide_is_taken_up_although_the_files_are_the_same(files: Connection, inbox: Path) -> None:
    before = worker.fingerprint_of(firm_home(), inbox)
    assert before == worker.fingerprint_of(firm_home(), inbox)
    Journal(firm_home(), "identities").append("ada", LONG_AGO, {"is_one": True})
    assert worker.fingerprint_of(firm_home(), inbox) not in (before, None)


def test_a_source_that_is_away_is_tried_ever_more_seldom_and_loads_when_it_is_back(
    files: Connection, inbox: Path
) -> None:
    home, away = firm_home(), inbox.with_name("away")
    inbox.rename(away)
    waits = []
    for failures in (1, 2, 3):
        worker.refreshed(home, files)
        ended = outcome(files)
        assert (ended.outcome, ended.failures) == ("outage", failures)
        assert "no file or folder" in str(ended.message)
        waits.append((due(files) or LONG_AGO) - ended.ended_at)
    assert waits == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    away.rename(inbox)
    worker.refreshed(home, files)
    assert (outcome(files).outcome, outcome(files).failures) == ("loaded", 0)


def test_a_delivery_that_is_refused_keeps_its_data_and_waits_for_the_usual_time(files: Connection, inbox: Path) -> None:
    home = firm_home()
    worker.refreshed(home, files)
    loaded = outcome(files)
    for path in inbox.iterdir():
        path.unlink()
    (inbox / "delivery.zip").write_bytes(b"PK no archive")
    worker.refreshed(home, files)
    refused = outcome(files)
    assert (refused.outcome, refused.failures, refused.loaded_at) == ("rejected", 0, loaded.loaded_at)
    assert "delivery.zip" in str(refused.message)
    assert due(files) == refused.ended_at + timedelta(minutes=15)
    worker.refreshed(home, files)
    assert outcome(files) == replace(refused, started_at=outcome(files).started_at, ended_at=outcome(files).ended_at)


def test_another_refresh_of_the_home_is_waited_for_without_counting_as_a_failure(files: Connection) -> None:
    home = firm_home()
    with home.refreshing():
        worker.refreshed(home, files)
    assert (outcome(files).outcome, outcome(files).failures) == ("busy", 0)
    assert due(files) == outcome(files).ended_at + timedelta(minutes=1)


def test_what_is_asked_for_while_another_refresh_runs_is_kept_and_done_a_minute_later(files: Connection) -> None:
    home, asked = firm_home(), Asked(full=True, confirmed=("customers",))
    kept.pause(home, files.connection_id, is_paused=True)
    work.ask(home, files.connection_id, asked)
    with home.refreshing():
        assert worker.attend(home)
    ended = outcome(files)
    assert ended.outcome == "busy"
    assert worker.first_due(home, ended.ended_at) is None
    (paused,) = kept.connections(home)
    assert worker.first_due(home, ended.ended_at + timedelta(minutes=1)) == (paused, asked)


@pytest.mark.parametrize(("failures", "minutes"), [(1, 1), (2, 2), (6, 32), (7, 60), (8, 60), (9_999, 60)])
def test_the_wait_doubles_up_to_an_hour(failures: int, minutes: int) -> None:
    assert schedule.wait(failures) == timedelta(minutes=minutes)


def test_what_is_asked_for_goes_first_and_what_is_paused_is_not_due(files: Connection) -> None:
    home = firm_home()
    uploaded = kept.add(home, "A", "sap", Place(path="/"), at=LONG_AGO - timedelta(days=1))
    now = datetime.now(UTC)
    assert worker.first_due(home, now) == (uploaded, None)
    work.ask(home, files.connection_id, Asked(confirmed=("customers",)))
    assert worker.first_due(home, now) == (files, Asked(confirmed=("customers",)))
    work.answered(home, files.connection_id)
    for connection in (files, uploaded):
        kept.pause(home, connection.connection_id, is_paused=True)
    assert worker.first_due(home, now) is None
    kept.remove(home, files.connection_id)
    work.ask(home, files.connection_id, Asked())
    assert worker.first_due(home, now) is None
    assert work.asked(home) == {}


def test_an_upload_is_read_once(files: Connection) -> None:
    ended = Outcome(started_at=LONG_AGO, ended_at=LONG_AGO, outcome="loaded")
    uploaded = replace(files, place=Place(delivery="0" * 16))
    assert schedule.next_run(uploaded, ended) is None
    assert schedule.next_run(replace(uploaded, changed_at=LONG_AGO + timedelta(seconds=1)), ended) is not None


def test_no_connection_is_no_work(home: Path) -> None:
    assert not worker.attend(Home(home))


def test_a_refresh_without_progress_is_ended_told_and_tried_again_later(files: Connection) -> None:
    home = firm_home()
    work.ask(home, files.connection_id, Asked())
    assert worker.attend(home, quiet_seconds=0)
    assert (outcome(files).outcome, outcome(files).failures) == ("stalled", 1)
    assert "no progress" in str(outcome(files).message)
    assert (work.progress(home), work.asked(home)) == (None, {})
    assert not worker.attend(home)


def test_studies_are_left_for_what_a_person_asks_for_and_for_a_system_that_was_never_read(files: Connection) -> None:
    home = firm_home()
    assert worker._is_waited_for(home)
    work.note(home, files.connection_id, LOADED_LONG_AGO, among={files.connection_id})
    assert worker.first_due(home, datetime.now(UTC)) == (files, None)
    assert not worker._is_waited_for(home)
    kept.add(home, "New", "sap", Place(path="/"), at=datetime.now(UTC))
    assert worker._is_waited_for(home)
    (_, new) = kept.connections(home)
    kept.pause(home, new.connection_id, is_paused=True)
    assert not worker._is_waited_for(home)
    work.ask(home, files.connection_id, Asked())
    assert worker._is_waited_for(home)
    assert not worker.study(home, home)
    assert (work.progress(home), work.asked(home)) == (None, {files.connection_id: Asked()})


def test_a_password_stands_in_no_line_of_the_log(tmp_path: Path) -> None:
    line = worker.Discreet(("s3cret/pass", "s3cret%2Fpass")).format(
        logging.LogRecord("x", logging.ERROR, "x", 1, "at postgresql://a:%s@b", ("s3cret%2Fpass",), None)
    )
    assert "s3cret" not in line
    assert "***" in line


@pytest.mark.parametrize("password", ["s3cret a/b", "s3cret+a/b", "s3cret%密/码"])
def test_the_address_of_a_system_stands_in_no_line_of_the_log_with_its_password(password: str) -> None:
    home = firm_home()
    server = Server(host="erp.example.com", port=5432, database="erp", user="reader", password=password)
    connection = kept.add(home, "ERP", "odoo", Place(server=server), at=LONG_AGO)
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "no answer of %s", (connection.url(home),), None)
    line = worker.Discreet(worker._secrets_of(connection, home)).format(record)
    assert "s3cret" not in line
    assert "reader:***@erp.example.com" in line


def test_a_password_stands_in_no_file_of_the_home_when_its_server_does_not_answer(free_port: int) -> None:
    home = firm_home()
    server = Server(host="127.0.0.1", port=free_port, database="erp", user="reader", password="s3cret/Pass word")
    connection = kept.add(home, "ERP", "odoo", Place(server=server), at=LONG_AGO)
    worker.refreshed(home, connection)
    assert outcome(connection).outcome == "outage"
    assert "127.0.0.1" in str(outcome(connection).message)
    for path in home.folder.rglob("*"):
        if path.is_file():
            assert b"s3cret" not in path.read_bytes(), path


def test_a_worker_ends_with_who_started_it_and_another_takes_over(files: Connection, home: Path) -> None:
    program = home.with_name("serving.py")
    program.write_text(SERVING, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(HOUSE), "TANDEM_HOME": str(home)}
    with subprocess.Popen([sys.executable, str(program)], env=environment) as serving:
        until(lambda: files.connection_id in work.outcomes(firm_home()))
        with pytest.raises(Busy), firm_home().working():
            pass
        serving.send_signal(signal.SIGKILL)
    until(is_free)
    assert outcome(files).outcome == "loaded"


def is_free() -> bool:
    """Whether no worker holds the home any more."""
    with suppress(Busy), firm_home().working():
        return True
    return False
