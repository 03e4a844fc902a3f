"""A refresh from end to end: every way it can end is a report, and what was refused changed nothing."""

import os
import pwd
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data_access.home import attempts
from data_access.mapping import Reading, SourceRefused
from data_access.snapshot import NoSnapshot
from data_access.sources import files
from refresh.run import Report, Request, refresh
from tests.refresh.deliveries import Firm, customers, products, request, small_firm, write


def test_a_second_refresh_at_the_same_time_says_busy(firm: Firm) -> None:
    path = firm.deliver(small_firm())
    meanwhile: list[Report] = []

    def second(step: str) -> None:
        if step in {"read the source", "committed", "moved the pointer"}:
            meanwhile.append(refresh(firm.home, request(path)))

    report = firm.load(path, step=second)
    assert (report.outcome, report.exit_code) == ("loaded", 0)
    assert [(other.outcome, other.exit_code) for other in meanwhile] == [("busy", 3)] * 3
    assert "Another refresh is running" in str(meanwhile[0].message)
    assert attempts(firm.home)["files"]["outcome"] == "loaded"
    assert firm.load(path).outcome == "loaded"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("products.zip", b"PK\x03\x04 and then nothing", "damaged"),
        ("products.gz", b"", "empty"),
        ("notes.csv", b"a,b\n1,2\n", "name"),
    ],
)
def test_a_delivery_that_cannot_be_understood_changes_nothing(
    firm: Firm, name: str, content: bytes, words: str
) -> None:
    firm.send(small_firm())
    served, runs = firm.snapshot().id, firm.count("SELECT COUNT(*) FROM sync_runs")
    report = firm.send({name: content})
    assert (report.outcome, report.exit_code, report.snapshot, report.tables) == ("rejected", 3, None, {})
    assert words in str(report.message)
    assert (firm.snapshot().id, firm.count("SELECT COUNT(*) FROM sync_runs")) == (served, runs)
    assert attempts(firm.home)["files"] == {
        "at": attempts(firm.home)["files"]["at"],
        "outcome": "rejected",
        "message": report.message,
    }


def test_a_source_that_is_refused_before_anything_was_loaded_serves_nothing(firm: Firm, tmp_path: Path) -> None:
    report = firm.load(tmp_path / "nowhere")
    assert report.outcome == "rejected"
    with pytest.raises(NoSnapshot):
        firm.snapshot()


@contextmanager
def without_rights() -> Iterator[None]:
    """As a user who may read nothing of ours: root, who may read everything, becomes nobody for a while."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.parametrize("mode", [0o000, 0o200])
def test_a_path_without_permission_is_refused_in_one_sentence(tmp_path: Path, mode: int) -> None:
    path = write(tmp_path / "delivery", small_firm())
    (path / "customers.csv").chmod(mode)
    for named in (path, path / "customers.csv"):
        with without_rights(), pytest.raises(SourceRefused, match="may not be read") as refused:
            files.read(named)
        assert refused.value.rule == "no_permission"


def test_files_that_hold_no_known_table_are_named(firm: Firm) -> None:
    report = firm.send({"customers": customers("C1"), "product": products("P1"), "notes.txt": "hello"})
    assert sorted(report.ignored) == ["notes.txt", "product.csv"]
    assert sorted(report.as_json()["ignored"]) == ["notes.txt", "product.csv"]


def test_rows_whose_reference_arrived_are_counted(firm: Firm) -> None:
    assert firm.send(small_firm() | {"customers": customers("C1")}).readmitted == 0
    assert firm.send(customers=customers("C1", "C2")).readmitted == 2


def test_a_failure_that_is_our_fault_is_a_sentence_and_the_last_good_state_stays(firm: Firm) -> None:
    firm.send(small_firm())
    served = firm.snapshot().id

    def failing(step: str) -> None:
        if step == "unified":
            raise ZeroDivisionError

    report = firm.load(firm.deliver({"customers": customers("C9")}), step=failing)
    assert (report.outcome, report.exit_code) == ("failed", 1)
    assert "Traceback" not in str(report.message)
    assert firm.stored("customers", "customer_id") == ["C1", "C2"]
    assert firm.snapshot().id == served


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://u:secret@h/d", "must name a PostgreSQL"),
        ("postgresql://u:secret@127.0.0.1:1/d", "cannot be used"),
        ("postgresql://u:secret@127.0.0.1:port/d", "is not an address"),
        ("postgresql://u:secret@host.invalid/d", "cannot be used"),
    ],
)
def test_a_database_that_is_away_is_a_sentence_without_its_password(
    firm: Firm, monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    path = firm.deliver(small_firm())
    monkeypatch.setenv("TANDEM_DATABASE_URL", url)
    report = firm.load(path)
    assert (report.outcome, report.exit_code) == ("failed", 1)
    assert words in str(report.message)
    assert "secret" not in str(report.message)


@pytest.mark.parametrize(
    "content", [b"this is no database at all, however long it may be" * 100, b"SQLite format 3\x00"]
)
def test_a_damaged_database_is_a_sentence_and_the_snapshot_is_served(firm: Firm, content: bytes) -> None:
    firm.send(small_firm())
    for path in firm.home.folder.glob("tandem.db*"):
        path.unlink()
    (firm.home.folder / "tandem.db").write_bytes(content)
    report = firm.load(firm.deliver(small_firm()))
    assert (report.outcome, report.exit_code) == ("failed", 1)
    assert "cannot be used" in str(report.message)
    assert firm.shown("customers", "customer_id") == ["C1", "C2"]


def test_a_database_of_a_newer_program_is_a_sentence(firm: Firm) -> None:
    firm.send(small_firm())
    with sqlite3.connect(firm.home.folder / "tandem.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    report = firm.load(firm.deliver(small_firm()))
    assert "newer Tandem" in str(report.message)


def test_a_home_that_is_no_folder_is_a_sentence(firm: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = firm.deliver(small_firm())
    (tmp_path / "file").touch()
    monkeypatch.setenv("TANDEM_HOME", str(tmp_path / "file" / "home"))
    report = firm.load(path)
    assert (report.outcome, report.exit_code) == ("failed", 1)
    assert "TANDEM_HOME" in str(report.message)


def test_a_source_is_asked_only_for_what_changed_unless_all_is_wanted(firm: Firm) -> None:
    path = firm.deliver(small_firm())
    asked: list[str | None] = []

    def read(since: str | None) -> Reading:
        asked.append(since)
        return request(path).read(since)

    for full in (False, False, True):
        assert refresh(firm.home, Request(source="files", read=read, full=full)).outcome == "loaded"
    newest = max(file.stat().st_mtime for file in path.iterdir())
    assert asked[0] is None
    assert asked[2] is None
    assert str(asked[1]).startswith(_iso(newest))


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()[:19]
