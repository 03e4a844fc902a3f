"""What people decide, kept at once and for good: one file per subject in each home, to which entries are only added.

A decision is never rewritten: taking it back is an entry of its own. A page writes here without waiting for a refresh;
what the decisions do to the tables, the next refresh does.
"""

import fcntl
import functools
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data_access.home import Home, sync_folder

LARGEST_ENTRY = 100_000


class EntryRefused(ValueError):
    """An entry is too large to be anybody's decision."""


class JournalDamaged(Exception):
    """A line of a journal is not what was written; the message says where and what to do."""


@dataclass(frozen=True)
class Entry:
    """One decision: its number from 1 on, when, whose, and what."""

    number: int
    at: datetime
    user: str
    what: Mapping[str, Any]


@dataclass(frozen=True)
class Journal:
    """The decisions on one subject, a word such as ``identities``, in a home."""

    home: Home
    subject: str

    def __post_init__(self) -> None:
        """Refuses a subject that is no name of a file."""
        if not re.fullmatch(r"[a-z][a-z_]*", self.subject):
            raise ValueError(f"{self.subject!r} is no subject of a journal.")

    @property
    def path(self) -> Path:
        """The file."""
        return self.home.folder / "journal" / f"{self.subject}.ndjson"

    def append(self, user: str, at: datetime, what: Mapping[str, Any]) -> Entry:
        """Keeps a decision, on the disk when this returns; ``EntryRefused`` above 100,000 bytes."""
        path = self.path
        if len(json.dumps(what, ensure_ascii=False).encode()) > LARGEST_ENTRY:
            raise EntryRefused(f"A decision on {self.subject} has at most {LARGEST_ENTRY:,} bytes.")
        self.home.made()
        path.parent.mkdir(exist_ok=True, mode=0o700)
        with path.open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _forget_torn_line(file.fileno(), path)
            known = _entries(path)
            entry = Entry(len(known) + 1, at.astimezone(UTC), user, dict(what))
            file.write(_line(entry))
            file.flush()
            os.fsync(file.fileno())
        if not known:
            sync_folder(path.parent)
        return entry

    def entries(self) -> tuple[Entry, ...]:
        """All decisions in the order in which they were taken; none where nothing was decided yet."""
        path = self.path
        try:
            state = path.stat()
        except FileNotFoundError:
            return ()
        return _known(path, state.st_ino, state.st_size, state.st_mtime_ns)


def _line(entry: Entry) -> bytes:
    content = {"number": entry.number, "at": entry.at.isoformat(), "user": entry.user, "what": entry.what}
    return (json.dumps(content, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _forget_torn_line(file: int, path: Path) -> None:
    """A line without an end was being written when the process died: nobody was told that it is kept."""
    text = path.read_bytes()
    if text and not text.endswith(b"\n"):
        os.ftruncate(file, text.rfind(b"\n") + 1)


@functools.lru_cache(maxsize=32)
def _known(path: Path, _file: int, _size: int, _changed: int) -> tuple[Entry, ...]:
    """The entries of a file, read once for each state of it."""
    return _entries(path)


def _entries(path: Path) -> tuple[Entry, ...]:
    whole, _, _torn = path.read_bytes().rpartition(b"\n")
    return tuple(_entry(path, number, line) for number, line in enumerate(whole.split(b"\n") if whole else [], 1))


def _entry(path: Path, number: int, line: bytes) -> Entry:
    try:
        content = json.loads(line)
        entry = Entry(content["number"], datetime.fromisoformat(content["at"]), content["user"], content["what"])
    except (ValueError, LookupError, TypeError):
        entry = None
    if entry is None or entry.number != number or not isinstance(entry.what, dict):
        raise JournalDamaged(f"Line {number} of {path.name} in the journal is damaged. Restore the file from a backup.")
    return entry
