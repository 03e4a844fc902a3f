"""Snapshots: one whole, immutable, verified version of all tables as Parquet, named by one pointer.

Facts lie in two sort orders: by day for pages, by item for drill-down. A manifest holds the SHA-256 of every file;
the pointer holds that of the manifest. A reader opens one version and keeps it; a damaged version is never served,
the newest sound one is.
"""

import functools
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from analytics.access import Viewer, cut, masked_columns
from data_access.home import Home, sync_folder, write_atomically

KEPT, KEPT_FOR = 5, timedelta(hours=24)
FORMAT = 1


class NoSnapshot(Exception):
    """There is no sound snapshot yet."""


@dataclass(frozen=True)
class Snapshot:
    """One version, open for reading.

    Its parts: ``tables/<name>``, ``tables/<name>.by_item``, ``aggregates/<name>``.
    """

    folder: Path
    manifest: dict[str, Any]

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

    def rows(self, part: str) -> int:
        """How many rows a part has, before any rights."""
        return int(self.manifest["files"][f"{part}.parquet"]["rows"])

    def has(self, part: str) -> bool:
        """Whether the snapshot has the part."""
        return f"{part}.parquet" in self.manifest["files"]

    def table(self, name: str, viewer: Viewer, *, by_item: bool = False) -> pl.LazyFrame:
        """A unified table as the viewer may see it; ``by_item`` takes the other sort order where there is one."""
        part = f"tables/{name}.by_item" if by_item and self.has(f"tables/{name}.by_item") else f"tables/{name}"
        return cut(self._scan(part), viewer, masked=masked_columns(name))

    def aggregate(self, name: str, viewer: Viewer, *, masked: dict[str, str] | None = None) -> pl.LazyFrame:
        """An aggregate as the viewer may see it: it keeps the keys that rights cut by; ``masked`` names columns and
        the capability they need."""
        return cut(self._scan(f"aggregates/{name}"), viewer, masked=masked)

    def _scan(self, part: str) -> pl.LazyFrame:
        return pl.scan_parquet(self.folder / f"{part}.parquet", glob=False)


@dataclass(frozen=True)
class Part:
    """A file of a snapshot: its name, the mark that changes when its rows may have changed, and how to make it."""

    name: str
    mark: str
    make: Callable[[], pl.DataFrame]


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
    step: Callable[[str], None] = _silent,
) -> Snapshot:
    """Writes a whole new version beside the current one, verifies it, and moves the pointer in one step.

    A part whose mark is that of the current version is linked, not written again. ``step`` is told each step's name.
    """
    before = _current_or_none(home)
    home.snapshots.mkdir(parents=True, exist_ok=True)
    building = home.snapshots / f".building-{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    files: dict[str, dict[str, Any]] = {}
    for part in parts:
        files[f"{part.name}.parquet"] = _write_part(building, part, before)
        step(f"wrote {part.name}")
    manifest = {
        "format": FORMAT,
        "id": _name(at, files),
        "made_at": at.isoformat(),
        "is_sample": home.is_sample,
        "files": files,
        **facts,
    }
    return _swap(home, building, manifest, step)


def _name(at: datetime, files: dict[str, dict[str, Any]]) -> str:
    content = hashlib.sha256(
        "".join(f"{name}{entry['sha256']}" for name, entry in sorted(files.items())).encode()
    ).hexdigest()
    return f"{at:%Y%m%dT%H%M%S%f}-{content[:12]}"


def _write_part(building: Path, part: Part, before: Snapshot | None) -> dict[str, Any]:
    path = building / f"{part.name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    earlier = before.manifest["files"].get(f"{part.name}.parquet") if before else None
    if before and earlier and earlier["mark"] == part.mark:
        os.link(before.folder / f"{part.name}.parquet", path)
        return dict(earlier)
    frame = part.make()
    frame.write_parquet(path, compression="zstd", statistics=True)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return {"sha256": _sha256(path), "rows": frame.height, "bytes": path.stat().st_size, "mark": part.mark}


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
    return [
        name
        for name, entry in files
        if not (snapshot.folder / name).is_file() or _sha256(snapshot.folder / name) != entry["sha256"]
    ]


def _sweep(home: Home, current: Snapshot) -> None:
    """Removes versions that nobody can be reading any more: older than a day and not among the newest."""
    versions = sorted(
        (path for path in home.snapshots.iterdir() if path.is_dir() and not path.name.startswith(".")), reverse=True
    )
    oldest = f"{current.made_at - KEPT_FOR:%Y%m%dT%H%M%S%f}"
    for path in [path for path in versions[KEPT:] if path.name < oldest]:
        shutil.rmtree(path, ignore_errors=True)
    for path in home.snapshots.glob(".building-*"):
        shutil.rmtree(path, ignore_errors=True)


def _open(folder: Path, expected: str | None) -> Snapshot | None:
    try:
        text = (folder / "manifest.json").read_text(encoding="utf-8")
        manifest = json.loads(text)
    except (OSError, ValueError):
        return None
    if expected is not None and hashlib.sha256(text.encode()).hexdigest() != expected:
        return None
    return Snapshot(folder, manifest) if manifest.get("format") == FORMAT else None


@functools.lru_cache(maxsize=8)
def _verified(folder: Path, expected: str | None) -> Snapshot | None:
    snapshot = _open(folder, expected)
    return snapshot if snapshot is not None and not damage(snapshot) else None


def _current_or_none(home: Home) -> Snapshot | None:
    try:
        return current(home)
    except NoSnapshot:
        return None


def current(home: Home) -> Snapshot:
    """The version that the pointer names, verified once per process; if it is damaged, the newest sound one before
    it."""
    if not home.pointer.exists():
        raise NoSnapshot("No data has been loaded yet.")
    name, _, expected = home.pointer.read_text(encoding="utf-8").strip().partition(" ")
    snapshot = _verified(home.snapshots / name, expected)
    if snapshot is not None:
        return snapshot
    for folder in sorted(
        (
            path
            for path in home.snapshots.iterdir()
            if path.is_dir() and path.name < name and not path.name.startswith(".")
        ),
        reverse=True,
    ):
        earlier = _verified(folder, None)
        if earlier is not None:
            return earlier
    raise NoSnapshot("The snapshot is damaged and there is no earlier one. Refresh the sources to make a new one.")


def age(snapshot: Snapshot, now: datetime | None = None) -> timedelta:
    """How long ago the snapshot was made."""
    return (now or datetime.now(UTC)) - snapshot.made_at
