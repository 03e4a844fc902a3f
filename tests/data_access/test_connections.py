"""Connections on the disk: passwords sealed, one for each system, one change at a time, nothing written over."""

import io
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from data_access import connections as kept
from data_access import deliveries, work
from data_access.connections import RULES, WAYS, Connection, ConnectionRefused, ConnectionsDamaged, Place, Server
from data_access.deliveries import UploadRefused
from data_access.home import Home, firm_home
from data_access.sealed import KEY_FILE, SecretLost, seal, unseal
from data_access.work import Asked, Outcome, Progress
from refresh.sources import SOURCES

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
SECRET = "p@ss/w:rd ä"
SERVER = Server(host="erp.example.com", port=5432, database="odoo", user="reader", password=SECRET)


def odoo(**changes: Any) -> Connection:
    """A connection to an Odoo."""
    return kept.add(firm_home(), "ERP", "odoo", Place(server=replace(SERVER, **changes)), at=AT)


def refusal(name: str = "ERP", source: str = "odoo", place: Place | None = None, minutes: int = 15) -> str:
    """The rule by which a connection is refused."""
    with pytest.raises(ConnectionRefused) as refused:
        kept.add(firm_home(), name, source, place or Place(server=SERVER), at=AT, minutes=minutes)
    assert refused.value.rule in RULES
    return refused.value.rule


def test_every_system_can_be_connected_in_the_ways_that_it_is_read() -> None:
    assert WAYS.keys() == SOURCES.keys()
    for name, source in SOURCES.items():
        assert (kept.SERVER in WAYS[name]) == (source.url is not None)
        assert (kept.PATH in WAYS[name]) == (kept.UPLOAD in WAYS[name]) == (source.path is not None)


def test_a_connection_is_found_again_and_its_address_holds_the_password() -> None:
    home = firm_home()
    made = odoo()
    assert kept.connections(home) == (made,)
    assert made.shown(home) == "reader@erp.example.com:5432/odoo"
    address = sa.make_url(str(made.url(home)))
    assert (address.drivername, address.password, address.host) == ("postgresql+psycopg", SECRET, "erp.example.com")


def test_the_password_stands_in_no_file_of_the_home_and_in_nothing_that_is_shown() -> None:
    made = odoo(password="geheim123")
    kept.change(firm_home(), made.connection_id, at=AT, name="ERP of the firm")
    shown = f"{made!r} {SERVER!r} {made.shown(firm_home())}"
    assert "geheim123" not in shown
    assert SECRET not in shown
    for path in firm_home().folder.rglob("*"):
        assert path.is_dir() or b"geheim123" not in path.read_bytes()


def test_the_key_is_for_its_owner_alone_and_made_once() -> None:
    token = seal(firm_home(), SECRET)
    key = firm_home().folder / KEY_FILE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    assert seal(firm_home(), SECRET) != token
    assert (key.read_bytes(), unseal(firm_home(), token)) == (before, SECRET)
    assert [path.name for path in firm_home().folder.iterdir()] == [KEY_FILE]


def test_with_a_secret_of_the_firm_no_key_lies_in_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_SECRET", "correct horse battery staple")
    token = seal(firm_home(), SECRET)
    assert unseal(firm_home(), token) == SECRET
    assert not (firm_home().folder / KEY_FILE).exists()
    monkeypatch.setenv("TANDEM_SECRET", "another one of some length")
    with pytest.raises(SecretLost, match="enter the password again") as lost:
        unseal(firm_home(), token)
    assert SECRET not in str(lost.value)
    monkeypatch.setenv("TANDEM_SECRET", "short")
    with pytest.raises(SecretLost, match="too short"):
        seal(firm_home(), SECRET)


def test_a_server_keeps_its_password_and_no_other_server_or_user_gets_it() -> None:
    home, made = firm_home(), odoo()
    bare = replace(SERVER, password="")
    moved = kept.change(home, made.connection_id, at=AT, place=Place(server=replace(bare, database="odoo17")))
    assert moved.password(home) == SECRET
    for elsewhere in (replace(bare, host="evil.example.com"), replace(bare, user="other"), replace(bare, port=6000)):
        with pytest.raises(ConnectionRefused, match="no_password"):
            kept.change(home, made.connection_id, at=AT, place=Place(server=elsewhere))
    again = kept.change(home, made.connection_id, at=AT, place=Place(server=replace(bare, user="b", password="new")))
    assert again.password(home) == "new"


def test_encryption_is_asked_for_in_the_address() -> None:
    server = replace(SERVER, is_encrypted=True, password="x")
    assert server.url("odoo") == "postgresql+psycopg://reader:x@erp.example.com:5432/odoo?sslmode=require"
    assert server.url("erpnext").endswith("?ssl_check_hostname=false")


def test_a_system_is_connected_once_and_a_name_is_given_once(tmp_path: Path) -> None:
    odoo()
    assert refusal("Other") == "system_taken"
    assert refusal("erp", "files", Place(path=str(tmp_path))) == "taken"


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({"name": " "}, "no_name"),
        ({"name": "a\nb"}, "odd_text"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1_441}, "minutes"),
        ({"source": "oracle"}, "no_place"),
        ({"source": "sap"}, "no_place"),
        ({"place": Place()}, "no_place"),
        ({"source": "sap", "place": Place(path="relative")}, "no_path"),
        ({"source": "sap", "place": Place(path="/nowhere/at/all")}, "no_path"),
    ],
    ids=str,
)
def test_what_cannot_be_connected_is_refused_by_its_rule(asked: dict[str, Any], rule: str) -> None:
    assert refusal(**asked) == rule
    assert kept.connections(firm_home()) == ()


@pytest.mark.parametrize(
    ("part", "rule"),
    [
        ({"host": ""}, "no_host"),
        ({"host": "a/b"}, "no_host"),
        ({"host": "user@host"}, "no_host"),
        ({"database": " "}, "no_database"),
        ({"user": ""}, "no_user"),
        ({"port": 0}, "port"),
        ({"port": 70_000}, "port"),
        ({"user": "a\x00"}, "odd_text"),
    ],
    ids=str,
)
def test_what_is_no_server_is_refused_by_its_rule(part: dict[str, Any], rule: str) -> None:
    with pytest.raises(ConnectionRefused) as refused:
        replace(SERVER, **part)
    assert refused.value.rule == rule


def test_no_connection_reads_the_home_itself() -> None:
    home = firm_home().made()
    inside = home.folder / "sub"
    inside.mkdir()
    for path in (home.folder, inside):
        assert refusal(source="files", place=Place(path=str(path))) == "own_home"


def test_a_connection_is_paused_goes_on_and_is_removed() -> None:
    home, made = firm_home(), odoo()
    kept.pause(home, made.connection_id, is_paused=True)
    assert kept.connections(home) == (replace(made, is_paused=True),)
    kept.remove(home, made.connection_id)
    kept.remove(home, made.connection_id)
    assert kept.connections(home) == ()
    with pytest.raises(ConnectionRefused, match="gone"):
        kept.pause(home, made.connection_id, is_paused=False)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"connections": [{"name": 1}]}'])
def test_a_damaged_file_is_told_and_never_written_over(damage: str) -> None:
    odoo()
    path = firm_home().folder / "connections.json"
    path.write_text(damage, encoding="utf-8")
    for use in (lambda: kept.connections(firm_home()), odoo):
        with pytest.raises(ConnectionsDamaged, match="damaged"):
            use()
    assert path.read_text(encoding="utf-8") == damage


def uploaded(home: Home, **contents: bytes) -> str:
    """A delivery of files."""
    return deliveries.keep(home, [(name, io.BytesIO(content)) for name, content in contents.items()])


def test_an_upload_lies_under_its_own_names_and_reaches_no_other_folder() -> None:
    home = firm_home()
    names = ["../../secret.key", "C:\\x\\products.csv", ".hidden.csv", "客户 (1).csv", "a\x00b.csv"]
    token = deliveries.keep(home, [(name, io.BytesIO(b"x")) for name in names])
    assert deliveries.files(home, token) == sorted(
        ["secret.key", "products.csv", "hidden.csv", "客户 (1).csv", "a_b.csv"]
    )
    with pytest.raises(ValueError, match="no name of a delivery"):
        deliveries.folder(home, "../..")


def test_a_file_with_a_long_name_is_kept_under_its_end() -> None:
    home = firm_home()
    names = [f"{'销售订单' * 60}.csv", f"x.{'a' * 300}.csv", "a" * 300 + "." + "b" * 239]
    token = deliveries.keep(home, [(name, io.BytesIO(b"x")) for name in names])
    kept = deliveries.files(home, token)
    assert all(len(name.encode()) <= deliveries.LONGEST_NAME and not name.startswith(".") for name in kept)
    assert [name[-8:] for name in kept] == ["aaaa.csv", "bbbbbbbb", "销售订单.csv"]


def test_an_upload_that_is_refused_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    home = firm_home()
    with pytest.raises(UploadRefused, match="same_name"):
        deliveries.keep(home, [("a.csv", io.BytesIO(b"1")), ("x/a.csv", io.BytesIO(b"2"))])
    monkeypatch.setattr(deliveries, "LARGEST_UPLOAD_MB", 0)
    with pytest.raises(UploadRefused, match="too_large"):
        uploaded(home, a=b"1")
    assert list((home.folder / "deliveries").iterdir()) == []


def test_uploads_that_no_connection_names_are_swept_after_a_day() -> None:
    home = firm_home()
    used, staged, old = (uploaded(home, **{"a.csv": b"1"}) for _ in range(3))
    for token in (used, old):
        os.utime(deliveries.folder(home, token), (0, 0))
    kept.add(home, "SAP", "sap", Place(delivery=used), at=AT)
    assert sorted(path.name for path in (home.folder / "deliveries").iterdir()) == sorted([used, staged])


def test_outcomes_and_progress_are_read_as_they_were_written_and_damage_is_nothing() -> None:
    home = firm_home()
    outcome = Outcome(started_at=AT, ended_at=AT, outcome="loaded", tables={"a": {"read": 1}}, notices=("n",))
    work.note(home, "a" * 16, outcome, among={"a" * 16})
    work.note(home, "b" * 16, replace(outcome, loaded_at=AT), among={"b" * 16, "a" * 16})
    assert work.outcomes(home) == {"a" * 16: outcome, "b" * 16: replace(outcome, loaded_at=AT)}
    work.note(home, "b" * 16, outcome, among={"b" * 16})
    assert work.outcomes(home).keys() == {"b" * 16}
    progress = Progress(connection_id="a" * 16, step="reading", started_at=AT, since=AT + timedelta(seconds=1))
    work.tell(home, progress)
    assert work.progress(home) == progress
    for name in ("progress.json", "outcomes.json"):
        (work.folder(home) / name).write_text("{", encoding="utf-8")
    assert (work.progress(home), work.outcomes(home)) == (None, {})
    with pytest.raises(ValueError, match="no key"):
        work.ask(home, "../x", Asked())
