"""Backups: all that lies in a home as one file, verified, and an empty home made of it again.

The file is a ZIP whose ``manifest.json`` names every file of the home with its bytes and SHA-256; what lies in the home
twice, as parts of snapshots do, lies in it once. A refresh may go on meanwhile: databases are copied as they stood at
one moment, and what a page would not read because it is not whole is left out.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from data_access import subscriptions
from data_access.database_copies import copied_postgres, copied_sqlite, fill_postgres, revision_of
from data_access.ddl import METADATA
from data_access.home import Home, sync_folder
from data_access.own_database import NAMED_BY
from data_access.sealed import KEY_FILE
from data_access.store import newest_revision

FORMAT = 1
MANIFEST = "manifest.json"
CONNECTIONS, DATABASE, POINTER = "connections.json", "tandem.db", "current"
TABLES = "postgresql"
UNFINISHED = ".tandem-backup-unfinished"
LARGEST_MANIFEST = 200_000_000
CHUNK = 2**20
# Sessions end with a restore, and tries are forgotten; the rest is of processes that run, or of one machine.
LEFT_OUT = {"accounts/sessions.json", "accounts/attempts.json", "work/progress.json", "tandem.log"}
LEFT_OUT_ENDS = (".lock", "/lock", ".db-wal", ".db-shm", ".db-journal")
PACKED_ALREADY = (".parquet", ".zip", ".gz", ".xlsx", ".png")
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, LookupError, NotImplementedError, RuntimeError, ValueError)


class BackupRefused(Exception):
    """A backup cannot be made or restored; the message says why and what to do."""


@dataclass(frozen=True)
class Backup:
    """What a backup holds: when it was made, each file of the home by its path, what was left out and why.

    ``paused``: how many subscriptions a restore has paused.
    """

    made_at: datetime
    files: Mapping[str, Mapping[str, Any]] = field(repr=False)
    revision: str | None = None
    is_postgres: bool = False
    left_out: tuple[str, ...] = ()
    paused: int = 0

    @property
    def bytes(self) -> int:
        """How much the home takes, each file counted once."""
        return sum({str(entry["in"]): int(entry["bytes"]) for entry in self.files.values()}.values())

    @property
    def has_key(self) -> bool:
        """Whether the key of the sealed passwords lies in it."""
        return KEY_FILE in self.files

    @property
    def has_connections(self) -> bool:
        """Whether there are connections, and so perhaps sealed passwords, in it."""
        return CONNECTIONS in self.files


def write(home: Home, out: Path, *, at: datetime, with_key: bool = False) -> Backup:
    """Keeps the home in a new file, which appears when it is whole and has been read again; ``BackupRefused``
    otherwise. ``with_key``: also the key by which passwords are sealed where TANDEM_SECRET is not set."""
    _may_be_written(home, out)
    with _workplace(out.absolute().parent) as scratch:
        packing = scratch / "backup.zip"
        with _private(packing) as file, zipfile.ZipFile(file, "w", compresslevel=1) as archive:
            backup = _packed(home, _Packer(archive), scratch, at=at, with_key=with_key)
            archive.writestr(MANIFEST, json.dumps(_as_json(backup), ensure_ascii=False, sort_keys=True))
        _synced(packing)
        with _opened(packing) as archive:
            _verify(archive, _backup_of(archive))
        packing.rename(out)
        sync_folder(out.absolute().parent)
    return backup


def restore(home: Home, path: Path) -> Backup:
    """Makes an empty home what it was when it was kept, all of it or nothing; ``BackupRefused`` otherwise.

    Subscriptions are paused: what went out after the backup stands in no record of it, and would go out again.
    """
    place = home.folder.resolve()
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise BackupRefused(f"{home.folder} is not empty. Let TANDEM_HOME name an empty folder to restore into.")
    with _opened(path) as archive:
        backup = _backup_of(archive)
        _fits(backup, home)
        _has_room(backup, place.parent)
        building = place.with_name(f".{place.name}.restoring")
        with contextlib.suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
        with _alone(place.with_name(f".{place.name}.restoring.lock")):
            shutil.rmtree(building, ignore_errors=True)
            try:
                _unpack(archive, backup, building)
                _fill_database(home, backup, building)
                paused = _paused(building)
                _move(building, place)
            except OSError as error:
                told = f"{home.folder} could not be written: {error.strerror}. Nothing was restored."
                raise BackupRefused(told) from error
            finally:
                shutil.rmtree(building, ignore_errors=True)
    return replace(backup, paused=paused)


def _paused(folder: Path) -> int:
    """How many subscriptions of a home being built go out no more; of a file that is damaged nothing goes out."""
    try:
        return subscriptions.pause_all(Home(folder))
    except subscriptions.SubscriptionsDamaged:
        return 0


def _may_be_written(home: Home, out: Path) -> None:
    if not _names(home.folder, with_key=True):
        raise BackupRefused("There is nothing to keep yet: load a source first.")
    if home.folder.resolve() in out.absolute().resolve().parents:
        raise BackupRefused(f"{out} lies in the home itself: name a file elsewhere, on another disk at best.")
    if out.exists():
        raise BackupRefused(f"{out} exists already: name a new file.")
    if not out.absolute().parent.is_dir():
        raise BackupRefused(f"There is no folder {out.absolute().parent}: name a file in one that exists.")


@contextlib.contextmanager
def _workplace(beside: Path) -> Iterator[Path]:
    """A folder for what is not finished, beside the file; what an earlier one left that was killed is taken away."""
    place = beside / UNFINISHED
    try:
        place.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise BackupRefused(f"{beside} cannot be written to: {error.strerror}.") from None
    with _alone(place / "lock"):
        for path in place.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != "lock":
                path.unlink()
        try:
            yield place
        except OSError as error:
            raise BackupRefused(f"The backup could not be written: {error.strerror}. Is the disk full?") from error
        finally:
            shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    try:
        opened = path.open("w", encoding="utf-8")
    except OSError as error:
        told = f"{path.parent} cannot be written to ({error.strerror}): name a place in a folder that you may write to."
        raise BackupRefused(told) from None
    with opened as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused("Another backup is being written or restored there. Wait until it is done.") from None
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _private(path: Path) -> IO[bytes]:
    """A new file for nobody else of this machine."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


class _Packer:
    """Puts files into the archive, each content once."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._known: dict[tuple[int, ...], dict[str, Any]] = {}
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, path: Path) -> None:
        """The file under its name in the home; FileNotFoundError where it was taken away meanwhile."""
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            state = os.fstat(file.fileno())
            identity = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)
            packed = self._known.get(identity) if state.st_nlink > 1 else None
            packed = packed or self._pack(f"home/{name}", file)
            self._known[identity] = packed
        self.files[name] = packed | {"changed": state.st_mtime_ns}

    def forget(self, folder: str) -> None:
        """Leaves a folder out of what is restored."""
        self.files = {name: entry for name, entry in self.files.items() if not name.startswith(f"{folder}/")}

    def _pack(self, entry: str, file: IO[bytes]) -> dict[str, Any]:
        self._archive.compression = zipfile.ZIP_STORED if entry.endswith(PACKED_ALREADY) else zipfile.ZIP_DEFLATED
        digest, size = hashlib.sha256(), 0
        with self._archive.open(entry, "w", force_zip64=True) as packed:
            while part := file.read(CHUNK):
                digest.update(part)
                size += packed.write(part)
        return {"in": entry, "bytes": size, "sha256": digest.hexdigest()}


def _packed(home: Home, packer: _Packer, scratch: Path, *, at: datetime, with_key: bool) -> Backup:
    """Pointers before databases, databases before what people decide: what is older then is what a kill leaves too,
    and the next refresh converges from there."""
    for name in (POINTER, f"sample/{POINTER}"):
        _add_if_there(packer, name, home.folder / name)
    names = _names(home.folder, with_key=with_key)
    wholes = {PurePosixPath(name).parent.as_posix() for name in names if _is_of_whole(name)}
    within = {name for name in names if any(folder.as_posix() in wholes for folder in PurePosixPath(name).parents)}
    left_out = tuple(folder for folder in sorted(wholes, reverse=True) if not _is_added_whole(packer, home, folder))
    revision = _add_databases(packer, home, names, scratch)
    is_postgres = _is_postgres(home)
    if is_postgres:
        revision = _add_tables(packer, home.database_url, scratch)
    for name in sorted(set(names) - within - set(packer.files)):
        _add_if_there(packer, name, home.folder / name)
    return Backup(at, packer.files, revision, is_postgres, left_out)


def _is_postgres(home: Home) -> bool:
    return home.database_url.startswith("postgres")


def _names(folder: Path, *, with_key: bool) -> list[str]:
    """Every file of a home that is kept; what begins with a dot is being made just now."""
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for linked in (Path(place, name) for name in (*folders, *files) if Path(place, name).is_symlink()):
            raise BackupRefused(f"{linked} is a link: let it lie there itself, or be mounted, then try again.")
        found += [Path(place, name).relative_to(folder).as_posix() for name in files if not name.startswith(".")]
    return sorted(name for name in found if _is_kept(name) and (with_key or PurePosixPath(name).name != KEY_FILE))


def _is_kept(name: str) -> bool:
    own = name.removeprefix("sample/")
    return own not in LEFT_OUT and not f"/{own}".endswith(LEFT_OUT_ENDS)


def _is_of_whole(name: str) -> bool:
    parts = PurePosixPath(name.removeprefix("sample/")).parts
    return parts[-1] == MANIFEST and parts[0] in ("snapshots", "studies")


def _add_if_there(packer: _Packer, name: str, path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        packer.add(name, path)


def _is_added_whole(packer: _Packer, home: Home, folder: str) -> bool:
    """Adds a snapshot or study; not where its files are not those that its manifest tells of."""
    try:
        told = json.loads((home.folder / folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        for name in (MANIFEST, *told):
            packer.add(f"{folder}/{name}", home.folder / folder / name)
        is_whole = all(packer.files[f"{folder}/{name}"]["sha256"] == entry["sha256"] for name, entry in told.items())
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        is_whole = False
    if not is_whole:
        packer.forget(folder)
    return is_whole


def _add_databases(packer: _Packer, home: Home, names: list[str], scratch: Path) -> str | None:
    """Copies of what lies in the home as SQLite; the revision of the firm's."""
    revision = None
    for name in (name for name in names if PurePosixPath(name).name == DATABASE):
        copy = scratch / DATABASE
        copied_sqlite(home.folder / name, copy)
        packer.add(name, copy)
        revision = revision_of(copy) if name == DATABASE else revision
        copy.unlink()
    return revision


def _add_tables(packer: _Packer, url: str, scratch: Path) -> str | None:
    folder = scratch / TABLES
    folder.mkdir()
    revision = copied_postgres(url, folder)
    for path in sorted(folder.iterdir()):
        packer.add(f"{TABLES}/{path.name}", path)
        path.unlink()
    return revision


def _as_json(backup: Backup) -> dict[str, Any]:
    told = {"format": FORMAT, "made_at": backup.made_at.isoformat(), "revision": backup.revision}
    return told | {"postgresql": backup.is_postgres, "files": dict(backup.files), "left_out": list(backup.left_out)}


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive; what is wrong with it while it is read is told as its damage."""
    if not path.is_file():
        raise BackupRefused(f"There is no file {path}.")
    try:
        archive = zipfile.ZipFile(path)
    except (*DAMAGE, OSError):
        raise BackupRefused(f"{path} is no backup of Tandem, or its end is missing: take another one.") from None
    with archive:
        yield archive


def _backup_of(archive: zipfile.ZipFile) -> Backup:
    """What the archive says that it holds, each path within the home; ``BackupRefused`` where it is not ours."""
    try:
        if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise BackupRefused(f"{archive.filename} is no backup of Tandem.")
        told = json.loads(archive.read(MANIFEST))
        files = {str(name): dict(entry) for name, entry in told["files"].items()}
        made = Backup(datetime.fromisoformat(told["made_at"]), files, told["revision"], bool(told["postgresql"]))
        is_ours = all(_is_entry(entry) for entry in files.values())
    except (*DAMAGE, TypeError, AttributeError):
        raise BackupRefused(f"{archive.filename} is no backup of Tandem, or is damaged: take another one.") from None
    if told["format"] != FORMAT:
        raise BackupRefused(f"{archive.filename} was made by another Tandem: restore it with the one that made it.")
    strange = next((name for name in files if not _is_within(name)), None)
    if strange is not None or not is_ours:
        raise BackupRefused(f"{archive.filename} names a file outside of the home ({strange!r}): it is not ours.")
    return made


def _is_entry(entry: Mapping[str, Any]) -> bool:
    return isinstance(entry["in"], str) and isinstance(entry["sha256"], str) and _are_numbers(entry)


def _are_numbers(entry: Mapping[str, Any]) -> bool:
    return all(isinstance(entry[name], int) and entry[name] >= 0 for name in ("bytes", "changed"))


def _is_within(name: str) -> bool:
    path = PurePosixPath(name)
    is_plain = path.as_posix() == name and "\x00" not in name and "\\" not in name
    return is_plain and not path.is_absolute() and ".." not in path.parts and name not in ("", ".")


def _fits(backup: Backup, home: Home) -> None:
    """Whether this program and this database can take it."""
    if backup.revision is not None and backup.revision > newest_revision():
        raise BackupRefused("The backup was made by a newer Tandem: update this one, then restore.")
    if backup.is_postgres != _is_postgres(home):
        wanted = f"set {NAMED_BY} to an empty one" if backup.is_postgres else f"unset {NAMED_BY}"
        kind = "a PostgreSQL" if backup.is_postgres else "a SQLite"
        raise BackupRefused(f"The backup holds the tables of {kind}: {wanted}, then restore.")


def _has_room(backup: Backup, place: Path) -> None:
    there = next(folder for folder in (place, *place.parents) if folder.is_dir())
    free = shutil.disk_usage(there).free
    if free < backup.bytes:
        raise BackupRefused(f"{place} has {free / 1e9:.1f} GB free and {backup.bytes / 1e9:.1f} GB are needed.")


def _verify(archive: zipfile.ZipFile, backup: Backup) -> None:
    """Reads all that was written."""
    with Path(os.devnull).open("wb") as nowhere:
        for entry in {entry["in"]: entry for entry in backup.files.values()}.values():
            _take_out(archive, entry, nowhere)


def _unpack(archive: zipfile.ZipFile, backup: Backup, building: Path) -> None:
    """Each file as it was, verified as it lies on the disk; what lay in the home once lies there once."""
    building.mkdir(mode=0o700)
    first: dict[tuple[str, str], Path] = {}
    for name, entry in backup.files.items():
        path, content = building / name, (entry["in"], entry["sha256"])
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if content in first:
            _link(first[content], path)
            continue
        with _private(path) as file:
            _take_out(archive, entry, file)
        os.utime(path, ns=(entry["changed"], entry["changed"]))
        _synced(path)
        if _sha256(path) != entry["sha256"]:
            raise BackupRefused(f"{name} is not on the disk as it was written: the disk may be failing.")
        first[content] = path
    for folder in [building, *(path for path in building.rglob("*") if path.is_dir())]:
        sync_folder(folder)


def _link(first: Path, path: Path) -> None:
    try:
        os.link(first, path)
    except OSError:  # a file system without links
        shutil.copy2(first, path)


def _take_out(archive: zipfile.ZipFile, entry: Mapping[str, Any], file: IO[bytes]) -> None:
    """Writes what the archive holds, never more than it says; ``BackupRefused`` where it is not what was kept."""
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(entry["in"]) as packed:
            while size <= entry["bytes"] and (part := packed.read(CHUNK)):
                size += len(part)
                digest.update(part)
                file.write(part)
    except DAMAGE:
        size = -1
    if size != entry["bytes"] or digest.hexdigest() != entry["sha256"]:
        raise BackupRefused(
            f"{archive.filename} is damaged at {entry['in']}: take another backup. Nothing was restored."
        )


def _fill_database(home: Home, backup: Backup, building: Path) -> None:
    if backup.is_postgres and backup.revision is not None:
        files = {path.stem: path for path in sorted((building / TABLES).glob("*.csv"))}
        if not files.keys() <= METADATA.tables.keys():
            raise BackupRefused("The backup holds tables that Tandem does not have: it is not ours.")
        fill_postgres(home.database_url, backup.revision, files)
    shutil.rmtree(building / TABLES, ignore_errors=True)


def _move(building: Path, place: Path) -> None:
    """One step: an empty folder is replaced by the whole one."""
    try:
        building.rename(place)
    except OSError as error:
        told = f"{place} cannot be replaced ({error.strerror}): let TANDEM_HOME name a folder within it."
        raise BackupRefused(told) from None
    sync_folder(place.parent)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _synced(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
