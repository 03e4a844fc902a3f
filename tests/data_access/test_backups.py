"""Backups: what was kept comes back as it was, into an empty home only, all of it or nothing."""

import json
import os
import shutil
import signal
import sqlite3
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import Popen
from types import SimpleNamespace

import polars as pl
import pytest
from argon2 import PasswordHasher

from data_access import accounts, audit, backups, journal, sessions, snapshot, subscriptions
from data_access.accounts import Account
from data_access.backups import BackupRefused
from data_access.home import Home
from data_access.own_database import StoreUnavailable
from data_access.sealed import SecretLost, seal, unseal
from data_access.snapshot import Part, publish
from data_access.subscriptions import Subscription
from tests.refresh.deliveries import orders, small_firm, write
from tests.refresh.killing import Firm, served

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A firm's home, loaded once because that takes longer than most tests."""
    place = tmp_path_factory.mktemp("loaded")
    Firm(place / "home").load(write(place / "delivery", small_firm()))
    return place / "home"


@pytest.fixture
def firm(home: Path, loaded: Path) -> Firm:
    """A firm with data, an owner, a decision, a deed and a sealed password."""
    made = Firm(shutil.copytree(loaded, home, copy_function=shutil.copy2))
    owner = Account(user="ada", role="owner")
    accounts.add(made.home, owner, "correct horse battery")
    sessions.begin(made.home, accounts.accounts(made.home)["ada"], NOW)
    journal.Journal(made.home, "notes").append("ada", NOW, {"name": "王"})
    audit.note(made.home, NOW, "ada", "sign_in")
    (home / "connections.json").write_text(json.dumps({"sealed": seal(made.home, "s3cret")}))
    return made


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test a new process, and a password that costs little."""
    monkeypatch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    snapshot._verified.cache_clear()
    yield
    snapshot._verified.cache_clear()


def two_versions(home: Home) -> list[str]:
    """Publishes two snapshots of which one part is the same; their names."""
    products = Part("tables/products", "same", lambda: pl.DataFrame({"company_id": ["a"]}))
    for day in (NOW, NOW + timedelta(days=1)):
        orders = Part("tables/orders", str(day), lambda: pl.DataFrame({"company_id": ["b"]}))
        publish(home, [products, orders], at=day, facts={}, continues=lambda _: True)
    return sorted(path.name for path in home.snapshots.iterdir() if path.is_dir())


@pytest.fixture
def tiny(home: Path) -> Home:
    """A home with little in it: two snapshots and an owner."""
    made = Home(home).made()
    two_versions(made)
    accounts.add(made, Account(user="ada", role="owner"), "correct horse battery")
    return made


def kept(firm: Firm | Home, place: Path, *, with_key: bool = False) -> Path:
    home = firm if isinstance(firm, Home) else firm.home
    backups.write(home, place / "kept.zip", at=NOW, with_key=with_key)
    return place / "kept.zip"


def restored(path: Path, place: Path) -> Firm:
    backups.restore(Home(place), path)
    return Firm(place)


def files(home: Path) -> dict[str, bytes]:
    """All that lies in a home but databases and locks."""
    found = [path for path in home.rglob("*") if path.is_file() and ".db" not in path.name]
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in found if "lock" not in path.name}


def test_a_restored_home_differs_in_nothing_but_that_everybody_signs_in_anew(firm: Firm, tmp_path: Path) -> None:
    again = restored(kept(firm, tmp_path, with_key=True), tmp_path / "again")
    before, after = files(firm.folder), files(again.folder)
    assert before.keys() - after.keys() == {"accounts/sessions.json"}
    assert {name: before[name] for name in after} == after
    assert again.holds() == firm.holds()
    assert served(again.home) == served(firm.home)
    assert [entry.what for entry in journal.Journal(again.home, "notes").entries()] == [{"name": "王"}]
    assert again.folder.stat().st_mode & 0o077 == 0


def test_the_key_of_passwords_is_kept_only_where_that_is_asked(firm: Firm, tmp_path: Path) -> None:
    path = kept(firm, tmp_path)
    assert b"s3cret" not in path.read_bytes()
    again = restored(path, tmp_path / "again")
    sealed = json.loads((again.folder / "connections.json").read_text())["sealed"]
    with pytest.raises(SecretLost):
        unseal(again.home, sealed)
    path.unlink()
    with_key = restored(kept(firm, tmp_path, with_key=True), tmp_path / "with key")
    assert unseal(with_key.home, sealed) == "s3cret"


def test_what_snapshots_share_lies_in_the_file_once(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").made()
    versions = two_versions(home)
    backup = backups.write(home, tmp_path / "kept.zip", at=NOW)
    names = [f"snapshots/{version}/tables/products.parquet" for version in versions]
    assert len({backup.files[name]["in"] for name in names}) == 1
    again = restored(tmp_path / "kept.zip", tmp_path / "again")
    assert len({(again.folder / name).stat().st_ino for name in names}) == 1


def test_a_restored_home_sends_nothing_until_somebody_lets_it(tiny: Home, tmp_path: Path) -> None:
    for user, is_paused in (("ada", False), ("bob", True), ("eve", False)):
        wanted = Subscription(
            subscription_id="",
            user=user,
            report="board_pack",
            format="pdf",
            language="en",
            parameters={},
            rhythm={},
            way="folder",
            to="/reports",
            is_paused=is_paused,
            since_at=NOW - timedelta(days=7),
            next_at=NOW,
        )
        subscriptions.add(tiny, wanted)
    assert subscriptions.due(tiny, NOW)
    again = Home(tmp_path / "again")
    assert backups.restore(again, kept(tiny, tmp_path, with_key=True)).paused == 2
    assert not subscriptions.due(again, NOW + timedelta(days=365))
    assert [each.user for each in subscriptions.subscriptions(again)] == ["ada", "bob", "eve"]
    assert subscriptions.due(tiny, NOW)


def test_subscriptions_that_are_damaged_are_restored_as_they_were(tiny: Home, tmp_path: Path) -> None:
    (tiny.folder / "subscriptions").mkdir()
    (tiny.folder / "subscriptions" / "subscriptions.json").write_text("{")
    again = Home(tmp_path / "again")
    assert backups.restore(again, kept(tiny, tmp_path)).paused == 0
    assert (again.folder / "subscriptions" / "subscriptions.json").read_text() == "{"


@pytest.mark.parametrize("what", ["file", "folder", "nothing"])
def test_what_is_linked_from_elsewhere_is_never_kept(tiny: Home, tmp_path: Path, what: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("s3cret")
    (tiny.folder / "views").mkdir(exist_ok=True)
    (tiny.folder / "views" / "linked").symlink_to(tmp_path / what)
    with pytest.raises(BackupRefused, match=r"linked is a link"):
        kept(tiny, tmp_path)
    assert not (tmp_path / "kept.zip").exists()


def test_a_version_that_is_not_whole_is_left_out_and_told(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").made()
    oldest, newest = two_versions(home)
    (home.snapshots / oldest / "tables" / "orders.parquet").unlink()
    backup = backups.write(home, tmp_path / "kept.zip", at=NOW)
    assert backup.left_out == (f"snapshots/{oldest}",)
    again = restored(tmp_path / "kept.zip", tmp_path / "again")
    assert [path.name for path in again.home.snapshots.iterdir()] == [newest]


def test_kept_while_a_refresh_runs_it_is_one_of_the_two_states_and_goes_on_as_the_firm_itself(
    firm: Firm, tmp_path: Path
) -> None:
    delivery = write(tmp_path / "next", small_firm() | {"sales_orders": orders("S1,C2", "S2,C2", "S3,C1")})
    before, made = served(firm.home), {}

    def keep(step: str) -> None:
        if step in {"kept the books", "committed"}:
            made[step] = kept(firm, tmp_path).rename(tmp_path / f"{step}.zip")

    firm.load(delivery, keep)
    after = served(firm.home)
    assert len(made) == 2
    for step, path in made.items():
        again = restored(path, tmp_path / step)
        assert served(again.home) == before
        again.load(delivery)
        assert served(again.home) == after
        assert again.holds() == firm.holds()


@pytest.mark.parametrize("spoiled", ["first byte", "middle", "cut", "empty", "text", "another zip"])
def test_a_damaged_or_foreign_file_restores_nothing_and_says_so(tiny: Home, tmp_path: Path, spoiled: str) -> None:
    path = kept(tiny, tmp_path)
    whole = path.read_bytes()
    half = len(whole) // 2
    flipped = {"first byte": 0, "middle": half}
    if spoiled in flipped:
        place = flipped[spoiled]
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    elif spoiled == "another zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "hello")
    else:
        path.write_bytes({"cut": whole[:half], "empty": b"", "text": b"hello"}[spoiled])
    refused(path, tmp_path / "again", "another")


def refused(path: Path, place: Path, why: str) -> None:
    """Nothing was restored, and a sentence says why."""
    with pytest.raises(BackupRefused, match=why) as refusal:
        backups.restore(Home(place), path)
    assert "\n" not in str(refusal.value)
    assert not place.exists()
    assert [other for other in place.parent.iterdir() if "restoring" in other.name] == []


def rewritten(path: Path, change: Callable[[dict[str, dict[str, object]]], object]) -> None:
    """The backup with other files in its manifest."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts[backups.MANIFEST])
    change(manifest["files"])
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in (parts | {backups.MANIFEST: json.dumps(manifest).encode()}).items():
            archive.writestr(name, part)


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "a\\..\\evil", "", ".", "a//b", "a\x00b", "./a"])
def test_no_file_is_written_outside_of_the_home(tiny: Home, tmp_path: Path, name: str) -> None:
    path = kept(tiny, tmp_path)
    rewritten(path, lambda known: known.update({name: known["current"]}))
    refused(path, tmp_path / "again", "outside of the home")
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    "entry", [{"bytes": 3}, {"sha256": "0" * 64}, {"in": "home/nowhere"}, {"bytes": "many"}, {"changed": -1}], ids=str
)
def test_what_is_not_what_the_manifest_says_is_refused(tiny: Home, tmp_path: Path, entry: dict[str, object]) -> None:
    path = kept(tiny, tmp_path)
    rewritten(path, lambda known: known["current"].update(entry))
    refused(path, tmp_path / "again", "another|not ours")


def test_only_an_empty_home_is_restored_into(tiny: Home, tmp_path: Path) -> None:
    path, before = kept(tiny, tmp_path), files(tiny.folder)
    with pytest.raises(BackupRefused, match="not empty"):
        backups.restore(tiny, path)
    assert files(tiny.folder) == before
    (tmp_path / "empty").mkdir()
    assert files(restored(path, tmp_path / "empty").folder) == before


def test_a_place_that_cannot_be_written_or_is_full_is_said(
    tiny: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept(tiny, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupRefused, match="cannot be written to"):
        restored(path, tmp_path / "file" / "again")
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: SimpleNamespace(free=10))
    refused(path, tmp_path / "again", "are needed")


def test_a_backup_replaces_no_file_and_lies_outside_of_the_home(tiny: Home, tmp_path: Path) -> None:
    path = kept(tiny, tmp_path)
    for out, why in (
        (path, "exists already"),
        (tiny.folder / "kept.zip", "in the home itself"),
        (tiny.folder / "journal" / "kept.zip", "in the home itself"),
        (tmp_path / "nowhere" / "kept.zip", "no folder"),
    ):
        with pytest.raises(BackupRefused, match=why):
            backups.write(tiny, out, at=NOW)
    with pytest.raises(BackupRefused, match="nothing to keep"):
        backups.write(Home(tmp_path / "none"), tmp_path / "none.zip", at=NOW)


def test_a_newer_program_or_another_database_is_said(
    firm: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept(firm, tmp_path)
    with sqlite3.connect(firm.folder / "tandem.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    backups.write(firm.home, tmp_path / "newer.zip", at=NOW)
    refused(tmp_path / "newer.zip", tmp_path / "again", "newer Tandem")
    monkeypatch.setenv("TANDEM_DATABASE_URL", "postgresql://nobody@localhost/none")
    refused(path, tmp_path / "again", "unset TANDEM_DATABASE_URL")


def test_a_damaged_database_is_noticed_when_it_is_kept(firm: Firm, tmp_path: Path) -> None:
    database = firm.folder / "tandem.db"
    content = bytearray(database.read_bytes())
    content[4096 * 2 : 4096 * 30] = b"\xff" * 4096 * 28
    database.write_bytes(content)
    with pytest.raises(StoreUnavailable):
        backups.write(firm.home, tmp_path / "kept.zip", at=NOW)
    assert [path for path in tmp_path.iterdir() if "kept" in path.name or "unfinished" in path.name] == []


def killed(building: Path, home: Path, work: str) -> None:
    """Runs the work in a process of its own and kills it once a MB of it lies on the disk."""
    program = f"import datetime, pathlib; from data_access import backups, home; {work}"
    environment = os.environ | {"TANDEM_HOME": str(home)}
    with Popen([sys.executable, "-c", program], cwd=HOUSE, env=environment) as victim:
        while not any(_size(path) > 10**6 for path in building.rglob("*")):
            assert victim.poll() is None
            time.sleep(0.02)
        victim.send_signal(signal.SIGKILL)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def test_a_backup_killed_half_way_leaves_nothing_half_and_the_next_one_is_whole(tiny: Home, tmp_path: Path) -> None:
    path = tmp_path / "kept.zip"
    with (tiny.folder / "a large one.parquet").open("wb") as large:
        large.truncate(1_000_000_000)
    work = f"backups.write(home.firm_home(), pathlib.Path({str(path)!r}), at=datetime.datetime.now(datetime.UTC))"
    killed(tmp_path / backups.UNFINISHED, tiny.folder, work)
    assert not path.exists()
    (tiny.folder / "a large one.parquet").unlink()
    assert files(restored(kept(tiny, tmp_path), tmp_path / "again").folder) == files(tiny.folder)
    assert not (tmp_path / backups.UNFINISHED).exists()


def test_a_restore_killed_half_way_leaves_an_empty_home_and_the_next_one_is_whole(tiny: Home, tmp_path: Path) -> None:
    place, building = tmp_path / "again", tmp_path / ".again.restoring"
    (tiny.folder / "a large one").write_bytes(bytes(40_000_000))
    path = kept(tiny, tmp_path)
    killed(building, place, f"backups.restore(home.firm_home(), pathlib.Path({str(path)!r}))")
    assert not place.exists()
    assert files(restored(path, place).folder) == files(tiny.folder)
    assert not building.exists()


def test_tables_in_a_postgresql_are_kept_and_restored_into_an_empty_one(
    tmp_path: Path, new_postgres_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = new_postgres_database(), new_postgres_database()
    firm = Firm(tmp_path / "firm", first)
    firm.load(write(tmp_path / "delivery", small_firm()))
    monkeypatch.setenv("TANDEM_DATABASE_URL", first)
    path = kept(firm, tmp_path)
    with pytest.raises(StoreUnavailable, match="holds rows already"):
        restored(path, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    monkeypatch.setenv("TANDEM_DATABASE_URL", second)
    restored(path, tmp_path / "again")
    again = Firm(tmp_path / "again", second)
    assert again.holds() == firm.holds()
    assert served(again.home) == served(firm.home)
    assert not (again.folder / "postgresql").exists()
    monkeypatch.delenv("TANDEM_DATABASE_URL")
    shutil.rmtree(tmp_path / "again")
    refused(path, tmp_path / "again", "set TANDEM_DATABASE_URL")
