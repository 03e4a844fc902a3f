"""Uploaded deliveries and their mappings: folders of files in the home, under names of our own.

A delivery never changes: another upload is another one. Those that no connection names are swept after a day.
"""

import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import IO

from data_access.home import Home

LARGEST_UPLOAD_MB = 20
MOST_FILES = 100
# Of a name in bytes: file systems take 255, and Chinese letters have three.
LONGEST_NAME = 240
KEPT_SECONDS = 86_400
RULES = ("too_many_files", "too_large", "same_name")
TOKEN = re.compile(r"[0-9a-f]{16}")
HARMLESS = re.compile(r"[^\w\s.()+\-]")


class UploadRefused(ValueError):
    """An upload is not taken; ``rule``, one of ``RULES``, says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"The upload is refused: {rule}.")
        self.rule = rule


def keep(home: Home, uploaded: Iterable[tuple[str, IO[bytes]]]) -> str:
    """Writes uploaded files, each with its name, into a folder of their own; the delivery's name is told."""
    token = secrets.token_hex(8)
    building = _place(home) / f".{token}"
    building.mkdir(parents=True, mode=0o700)
    try:
        for name, content in uploaded:
            _write(building / _harmless(name), content)
        building.rename(folder(home, token))
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return token


def _write(path: Path, content: IO[bytes]) -> None:
    if path.exists():
        raise UploadRefused("same_name")
    if len(list(path.parent.iterdir())) >= MOST_FILES:
        raise UploadRefused("too_many_files")
    if content.seek(0, os.SEEK_END) > LARGEST_UPLOAD_MB * 1024**2:
        raise UploadRefused("too_large")
    content.seek(0)
    with path.open("xb") as file:
        shutil.copyfileobj(content, file)


def _harmless(name: str) -> str:
    """The last part of a name without what means something to a system; a table is known by the rest of it."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    end = HARMLESS.sub("_", last).encode()[-LONGEST_NAME:].decode(errors="ignore")
    return end.lstrip(". ") or "unnamed"


def _place(home: Home) -> Path:
    return home.made().folder / "deliveries"


def folder(home: Home, token: str) -> Path:
    """Where a delivery lies."""
    return _place(home) / _checked(token)


def mapping(home: Home, token: str) -> Path:
    """Where a mapping lies, or is to be written."""
    return _place(home) / f"{_checked(token)}.json"


def new_mapping(home: Home) -> str:
    """The name of a mapping that is still to be written."""
    _place(home).mkdir(exist_ok=True, mode=0o700)
    return secrets.token_hex(8)


def _checked(token: str) -> str:
    if not TOKEN.fullmatch(token):
        raise ValueError(f"{token!r} is no name of a delivery.")
    return token


def files(home: Home, token: str) -> list[str]:
    """The names of the files of a delivery; none where it is gone."""
    place = folder(home, token)
    return sorted(path.name for path in place.iterdir()) if place.is_dir() else []


def sweep(home: Home, *, keep: Collection[str | None], now: float | None = None) -> None:
    """Removes deliveries and mappings that nobody keeps, once they are a day old."""
    place, oldest = _place(home), (now or time.time()) - KEPT_SECONDS
    for path in place.glob("*") if place.exists() else ():
        is_kept = path.name.removesuffix(".json").lstrip(".") in keep
        if not is_kept and path.stat().st_mtime < oldest:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
