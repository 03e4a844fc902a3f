"""Studies: what takes too long for a refresh, worked out from a published snapshot by a process of its own.

A study is a folder that never changes, ``studies/<study>/<snapshot>``: Parquet files and a manifest with their SHA-256.
Pages read the newest that this program made. The five newest stay, and the first of each week for good: forecasts are
compared with what came.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from analytics.access import Viewer, cut
from data_access.home import Home, sync_folder, write_atomically
from data_access.snapshot import Snapshot, program_mark

FORMAT = 1
KEPT = 5
DAMAGE = (OSError, ValueError, LookupError, TypeError)


@dataclass(frozen=True)
class Study:
    """What was worked out from one snapshot, open for reading."""

    folder: Path
    manifest: Mapping[str, Any] = field(hash=False)

    @property
    def snapshot_id(self) -> str:
        """The snapshot that it was worked out from."""
        return str(self.manifest["snapshot"])

    @property
    def as_of_on(self) -> date:
        """The last day that it knows."""
        return date.fromisoformat(self.manifest["as_of_on"])

    @property
    def made_at(self) -> datetime:
        """When it was worked out."""
        return datetime.fromisoformat(self.manifest["made_at"])

    @property
    def is_of_this_program(self) -> bool:
        """Whether this very program made it: another one may have made other columns."""
        return bool(self.manifest["program"] == program_mark())

    def has(self, name: str) -> bool:
        """Whether there is a frame of the name."""
        return f"{name}.parquet" in self.manifest["files"]

    def frame(self, name: str, viewer: Viewer, *, masked: Mapping[str, str] | None = None) -> pl.LazyFrame:
        """A frame as the viewer may see it: it keeps the keys that rights cut by; ``masked`` names columns and the
        capability that they need."""
        rows, part = pl.scan_parquet(self.folder / f"{name}.parquet", glob=False), f"studies/{self.folder.parent.name}"
        return cut(rows, viewer, masked=masked, part=f"{part}/{name}")


def save(
    home: Home, study: str, snapshot: Snapshot, frames: Mapping[str, pl.DataFrame], *, as_of_on: date, at: datetime
) -> Study:
    """Keeps what was worked out from a snapshot, in the place of what was worked out from the same one before."""
    final = _place(home, study) / snapshot.id
    building = final.with_name(f".building-{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    manifest = {
        "format": FORMAT,
        "snapshot": snapshot.id,
        "as_of_on": as_of_on.isoformat(),
        "made_at": at.isoformat(),
        "program": program_mark(),
        "files": {f"{name}.parquet": _written(building / f"{name}.parquet", rows) for name, rows in frames.items()},
    }
    write_atomically(building / "manifest.json", json.dumps(manifest, sort_keys=True, indent=1))
    shutil.rmtree(final, ignore_errors=True)
    building.rename(final)
    sync_folder(final.parent)
    _sweep(home, study)
    return Study(final, manifest)


def _written(path: Path, rows: pl.DataFrame) -> dict[str, Any]:
    rows.write_parquet(path, compression="zstd", statistics=True)
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "rows": rows.height}


def newest(home: Home, study: str) -> Study | None:
    """The newest sound one that this program made; None where there is none yet."""
    return next((found for found in kept(home, study) if found.is_of_this_program), None)


def marks(home: Home) -> tuple[str, ...]:
    """What changes whenever a study was worked out: the newest folder of each."""
    places = sorted((home.folder / "studies").glob("[!.]*/"))
    return tuple(str(folders[0]) for place in places if (folders := _folders(home, place.name)))


def kept(home: Home, study: str) -> tuple[Study, ...]:
    """All sound ones, the newest first, whichever program made them."""
    found = (_opened(folder, _changed(folder)) for folder in _folders(home, study))
    return tuple(each for each in found if each is not None)


def _place(home: Home, study: str) -> Path:
    return home.folder / "studies" / study


def _folders(home: Home, study: str) -> list[Path]:
    """The folder of each, the newest first: a snapshot's name begins with when it was made."""
    return sorted((path for path in _place(home, study).glob("[!.]*") if path.is_dir()), reverse=True)


def _changed(folder: Path) -> int:
    try:
        return (folder / "manifest.json").stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=256)
def _opened(folder: Path, _changed: int) -> Study | None:
    """The study of a folder, if its files are the bytes that were written; looked at once by a process."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        is_sound = manifest["format"] == FORMAT and all(
            hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry["sha256"]
            for name, entry in manifest["files"].items()
        )
    except DAMAGE:
        return None
    return Study(folder, manifest) if is_sound else None


def _sweep(home: Home, study: str) -> None:
    """Removes what is neither among the newest nor the first of its week."""
    folders = _folders(home, study)
    first_of_week = {_week(folder): folder for folder in folders}
    for folder in folders[KEPT:]:
        if first_of_week[_week(folder)] != folder:
            shutil.rmtree(folder, ignore_errors=True)


def _week(folder: Path) -> tuple[int, int]:
    made = datetime.strptime(folder.name[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    return made.isocalendar()[:2]


def note_failure(home: Home, study: str, snapshot: Snapshot, message: str) -> None:
    """Keeps why a study of a snapshot could not be worked out, so that it is not tried again and again."""
    failure = {"snapshot": snapshot.id, "program": program_mark(), "message": message}
    write_atomically(_place(home, study) / "failed.json", json.dumps(failure, ensure_ascii=False))


def failure(home: Home, study: str, snapshot: Snapshot) -> str | None:
    """Why this program could not work out the study of a snapshot; None where it was not tried or went well."""
    try:
        known = json.loads((_place(home, study) / "failed.json").read_text(encoding="utf-8"))
        is_of_it = known["snapshot"] == snapshot.id and known["program"] == program_mark()
        return str(known["message"]) if is_of_it else None
    except DAMAGE:
        return None
