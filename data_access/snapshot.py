"""Snapshots: one whole, immutable, verified version of all tables as Parquet, named by one pointer.

Facts lie in two sort orders: by day for pages, by item for drill-down. A manifest holds the SHA-256 of every file;
the pointer holds that of the manifest. A reader opens one version and keeps it; a damaged version is never served,
the newest sound one is.
"""

import errno
import functools
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from analytics.access import Viewer, cut, masked_columns
from analytics.tables import TABLES
from data_access.home import PROGRAM, Home, is_full, sync_folder, write_atomically

SMALL_ROWS, SMALL_BYTES = 50_000, 500_000
PIECES, LEAST_TOGETHER, MOST_TOGETHER = 16, 4_096, 262_144
KEPT, KEPT_FOR = 5, timedelta(hours=24)
FORMAT = 1
BOOKS = "tables/sync_runs.parquet"


class NoSnapshot(Exception):
    """There is no sound snapshot yet."""


@dataclass(frozen=True)
class Snapshot:
    """One version, open for reading.

    Its parts: ``tables/<name>``, ``tables/<name>.by_item``, ``aggregates/<name>``.
    """

    folder: Path
    manifest: dict[str, Any] = field(hash=False)

    @property
    def id(self) -> str:
        """The snapshot's name; equal names mean equal bytes."""
        return str(self.manifest["id"])

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.manifest["made_at"])

    @property
    def is_sample(self) -> bool:
        """Whether it holds the sample company."""
        return bool(self.manifest["is_sample"])

    @property
    def erasures(self) -> int:
        """How many requests to erase somebody were carried out before it was made."""
        return int(self.manifest.get("erasures", 0))

    def rows(self, part: str) -> int:
        """How many rows a part has, before any rights."""
        return int(self.manifest["files"][f"{part}.parquet"]["rows"])

    def has(self, part: str) -> bool:
        """Whether the snapshot has the part."""
        return f"{part}.parquet" in self.manifest["files"]

    def says_more_than(self, earlier: "Snapshot") -> bool:
        """Whether it holds anything else than an earlier version, but for the books in which every refresh writes."""
        now, then = (
            {name: entry["sha256"] for name, entry in version.manifest["files"].items() if name != BOOKS}
            for version in (self, earlier)
        )
        return now != then

    def table(self, name: str, viewer: Viewer, *, by_item: bool = False) -> pl.LazyFrame:
        """A unified table as the viewer may see it; ``by_item`` takes the other sort order where there is one."""
        part = f"tables/{name}.by_item" if by_item and self.has(f"tables/{name}.by_item") else f"tables/{name}"
        return self.cut(self._scan(part), name, viewer)

    def cut(self, rows: pl.LazyFrame, name: str, viewer: Viewer) -> pl.LazyFrame:
        """Rows of a unified table that come from elsewhere, as the viewer may see them here."""
        return cut(rows, viewer, masked=masked_columns(name), part=f"tables/{name}", read=self._scan)

    def as_given(self, name: str, viewer: Viewer) -> pl.LazyFrame:
        """Master data as each record says it by itself: ``table`` says what counts where several records are one."""
        rows, part = self.table(name, viewer), f"as_given/{name}"
        if not self.has(part) or not self.rows(part):
            return rows
        given = self.cut(self._scan(part), name, viewer)
        key = TABLES[name].primary_key()
        return pl.concat(
            [rows.join(given.select(key), on=key, how="anti"), given.select(rows.collect_schema().names())]
        )

    def aggregate(self, name: str, viewer: Viewer, *, masked: Mapping[str, str] | None = None) -> pl.LazyFrame:
        """An aggregate as the viewer may see it: it keeps the keys that rights cut by; ``masked`` names columns and
        the capability they need."""
        part = f"aggregates/{name}"
        return cut(self._scan(part), viewer, masked=masked, part=part, read=self._scan)

    def _scan(self, part: str) -> pl.LazyFrame:
        path, entry = self.folder / f"{part}.parquet", self.manifest["files"].get(f"{part}.parquet")
        if entry is not None and entry["rows"] <= SMALL_ROWS and entry["bytes"] <= SMALL_BYTES:
            return _held(path).lazy()
        return pl.scan_parquet(path, glob=False)


@functools.lru_cache(maxsize=96)
def _held(path: Path) -> pl.DataFrame:
    """A small part, read once: opening a file costs more than cutting its few rows."""
    return pl.read_parquet(path, glob=False)


@dataclass(frozen=True)
class Part:
    """A file of a snapshot: its name, the mark that changes when its rows may have changed, and how to make it.

    Lazy rows are written as they come, and need not fit into memory.
    """

    name: str
    mark: str
    make: Callable[[], pl.DataFrame | pl.LazyFrame]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _silent(_name: str) -> None:
    """Tells nobody."""


def publish(
    home: Home,
    parts: Iterable[Part],
    *,
    at: datetime,
    facts: dict[str, Any],
    continues: Callable[[Snapshot], bool],
    step: Callable[[str], None] = _silent,
) -> Snapshot:
    """Writes a whole new version beside the current one, verifies it, and moves the pointer in one step.

    A part whose mark is that of the current version is linked, not written again, when the same program made that one
    and the new version ``continues`` it: only then do equal marks mean equal rows. ``step`` is told each step's name.
    """
    for left in home.snapshots.glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)
    before = _current_or_none(home)
    if before is not None and not (before.manifest.get("program") == program_mark() and continues(before)):
        before = None
    home.snapshots.mkdir(parents=True, exist_ok=True)
    building = home.snapshots / f".building-{os.getpid()}"
    files: dict[str, dict[str, Any]] = {}
    try:
        for part in parts:
            files[f"{part.name}.parquet"] = _write_part(building, part, before)
            step(f"wrote {part.name}")
        manifest = {
            "format": FORMAT,
            "made_at": at.isoformat(),
            "is_sample": home.is_sample,
            "program": program_mark(),
            "files": files,
            **facts,
        }
        return _swap(home, building, manifest | {"id": _name(manifest)}, step)
    finally:
        shutil.rmtree(building, ignore_errors=True)  # on a full disk it is in the way of everything that follows


def _name(manifest: dict[str, Any]) -> str:
    """When the version was made, and a hash of all that its manifest says but the name."""
    content = {name: value for name, value in manifest.items() if name != "id"}
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return f"{datetime.fromisoformat(manifest['made_at']):%Y%m%dT%H%M%S%f}-{digest[:12]}"


@functools.cache
def program_mark() -> str:
    """Changes whenever the code that makes parts may have changed: the same rows may then make another part."""
    sources = [*(PROGRAM / "analytics").rglob("*.py"), *(PROGRAM / "data_access").glob("*.py")]
    sources += (PROGRAM / "refresh").glob("*.py")
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()


def _write_part(building: Path, part: Part, before: Snapshot | None) -> dict[str, Any]:
    path = building / f"{part.name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    earlier = before.manifest["files"].get(f"{part.name}.parquet") if before else None
    same = before and earlier and earlier["mark"] == part.mark
    if before and earlier and same and _is_sound(before.folder / f"{part.name}.parquet", earlier):
        _link(before.folder / f"{part.name}.parquet", path)
        return dict(earlier)
    made = part.make()
    try:
        rows = _write_rows(made, path)
    except pl.exceptions.ComputeError as error:
        if not is_full(error, building):
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path.name) from None
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return {"sha256": _sha256(path), "rows": rows, "bytes": path.stat().st_size, "mark": part.mark}


def _write_rows(made: pl.DataFrame | pl.LazyFrame, path: Path) -> int:
    if isinstance(made, pl.DataFrame):
        if made.is_empty():
            path.write_bytes(_without_rows(tuple(made.schema.items())))
        else:
            made.write_parquet(path, compression="zstd", statistics=True, row_group_size=_rows_at_once(made.height))
        return made.height
    made.sink_parquet(path, compression="zstd", statistics=True)
    written: int = pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()
    return written


def _rows_at_once(rows: int) -> int:
    """How many rows lie together in a file: few enough that who asks for one item or one month reads little else."""
    return min(max(LEAST_TOGETHER, rows // PIECES), MOST_TOGETHER)


@functools.cache
def _without_rows(columns: tuple[tuple[str, pl.DataType], ...]) -> bytes:
    """The file of these columns that holds nothing: most tables of most firms."""
    file = io.BytesIO()
    pl.DataFrame(schema=dict(columns)).write_parquet(file, compression="zstd", statistics=True)
    return file.getvalue()


def _link(earlier: Path, path: Path) -> None:
    try:
        os.link(earlier, path)
    except OSError:  # a file system without links, or too many of them
        shutil.copyfile(earlier, path)


def _swap(home: Home, building: Path, manifest: dict[str, Any], step: Callable[[str], None]) -> Snapshot:
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1)
    write_atomically(building / "manifest.json", text)
    made = Snapshot(building, manifest)
    damaged = damage(made)
    if damaged:
        raise NoSnapshot(
            f"The new snapshot could not be verified after writing: {', '.join(damaged)}. The disk may be full or"
            " failing."
        )
    step("verified the snapshot")
    for folder in {(building / name).parent for name in manifest["files"]}:
        sync_folder(folder)
    final = home.snapshots / made.id
    building.rename(final)
    sync_folder(home.snapshots)
    step("named the snapshot")
    write_atomically(home.pointer, f"{made.id} {hashlib.sha256(text.encode()).hexdigest()}\n")
    step("moved the pointer")
    _sweep(home, made)
    return Snapshot(final, manifest)


def damage(snapshot: Snapshot) -> list[str]:
    """The files that are missing or are not the bytes that were written."""
    files = snapshot.manifest["files"].items()
    return [name for name, entry in files if not _is_sound(snapshot.folder / name, entry)]


def _is_sound(path: Path, entry: dict[str, Any]) -> bool:
    return path.is_file() and _sha256(path) == entry["sha256"]


def _versions(home: Home) -> list[Path]:
    """Every version's folder, the newest first."""
    return sorted((path for path in home.snapshots.glob("[!.]*") if path.is_dir()), reverse=True)


def _sweep(home: Home, current: Snapshot) -> None:
    """Removes versions that nobody can be reading any more: older than a day and not among the newest."""
    oldest = f"{current.made_at - KEPT_FOR:%Y%m%dT%H%M%S%f}"
    for path in [path for path in _versions(home)[KEPT:] if path.name < oldest]:
        shutil.rmtree(path, ignore_errors=True)
    for path in home.snapshots.glob(".building-*"):
        shutil.rmtree(path, ignore_errors=True)


def keep_only(home: Home, is_kept: Callable[[Snapshot], bool]) -> None:
    """Removes every version at once that is not to be kept, however new, and those that cannot be read."""
    for path in _versions(home):
        known = _open(path, None)
        if known is None or not is_kept(known):
            shutil.rmtree(path, ignore_errors=True)


def forget_held() -> None:
    """Lets go of all rows that this process keeps in its memory."""
    _held.cache_clear()


def forget_seen() -> None:
    """Looks at every file anew from now on, as a new process does."""
    _verified.cache_clear()
    _SEEN.clear()
    forget_held()


def _open(folder: Path, expected: str | None) -> Snapshot | None:
    try:
        text = (folder / "manifest.json").read_text(encoding="utf-8")
        manifest = json.loads(text)
        named_right = manifest["format"] == FORMAT and _name(manifest) == folder.name
    except (OSError, ValueError, LookupError, TypeError):
        return None
    if expected is not None and hashlib.sha256(text.encode()).hexdigest() != expected:
        return None
    return Snapshot(folder, manifest) if named_right else None


@functools.lru_cache(maxsize=8)
def _verified(folder: Path, expected: str | None) -> Snapshot | None:
    snapshot = _open(folder, expected)
    return snapshot if snapshot is not None and all(_is_seen_sound(snapshot)) else None


def _is_seen_sound(snapshot: Snapshot) -> Iterator[bool]:
    """By file, whether it is the bytes that were written. What was linked from an earlier version is that very file,
    and is read once by a process."""
    for name, entry in snapshot.manifest["files"].items():
        path = snapshot.folder / name
        yield path.is_file() and _seen_sha256(path, _identity(path)) == entry["sha256"]


def _identity(path: Path) -> tuple[int, ...]:
    """Equal for links to one file that nobody has written to since."""
    known = path.stat()
    return known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns


_SEEN: dict[tuple[int, ...], str] = {}


def _seen_sha256(path: Path, identity: tuple[int, ...]) -> str:
    if identity not in _SEEN:
        _SEEN[identity] = _sha256(path)
    return _SEEN[identity]


def _current_or_none(home: Home) -> Snapshot | None:
    try:
        return current(home)
    except NoSnapshot:
        return None


def current(home: Home) -> Snapshot:
    """The version that the pointer names, verified once per process; if it is damaged, the newest sound one before
    it, or else any: after a clock was put back an earlier version has a later name."""
    if not home.pointer.exists():
        raise NoSnapshot("No data has been loaded yet.")
    name, expected = _pointed(home)
    snapshot = _verified(home.snapshots / name, expected)
    if snapshot is not None:
        return snapshot
    is_there = (home.snapshots / name).is_dir()
    for folder in sorted(_versions(home), key=lambda version: is_there and version.name >= name):
        sound = _verified(folder, None)
        if sound is not None:
            return sound
    raise NoSnapshot("The snapshot is damaged and there is no earlier one. Refresh the sources to make a new one.")


def _pointed(home: Home) -> tuple[str, str]:
    """The name of the version that is to be served, and the hash of its manifest; of a damaged file what is left."""
    name, _, expected = home.pointer.read_text(encoding="utf-8", errors="replace").strip().partition(" ")
    return (name if name.isprintable() else ""), expected


def is_passed_over(home: Home) -> bool:
    """Whether the version that is to be served is damaged, so that another one is served."""
    return home.pointer.exists() and current(home).id != _pointed(home)[0]


def age(snapshot: Snapshot, now: datetime | None = None) -> timedelta:
    """How long ago the snapshot was made."""
    return (now or datetime.now(UTC)) - snapshot.made_at
