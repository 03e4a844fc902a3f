"""The audit log: who signed in or tried to, looked, took away, changed. One file a month, to which lines are added."""

import fcntl
import json
import os
from datetime import UTC, datetime
from typing import Any

from data_access.home import Home

LONGEST = 500


def note(home: Home, at: datetime, user: str, action: str, subject: str = "") -> None:
    """Adds a line: who did what to what. Texts are cut at 500 characters."""
    moment = at.astimezone(UTC)
    line = {"at": moment.isoformat(), "user": user[:LONGEST], "action": action, "subject": subject[:LONGEST]}
    path = home.made().folder / "audit" / f"{moment:%Y-%m}.ndjson"
    path.parent.mkdir(exist_ok=True, mode=0o700)
    with path.open("ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(max(0, file.seek(0, os.SEEK_END) - 1))
        is_cut_off = file.read() not in (b"", b"\n")
        file.write(b"\n" * is_cut_off + (json.dumps(line, ensure_ascii=False) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())


def newest(home: Home, most: int) -> list[dict[str, Any]]:
    """The newest lines, the latest first; a line that a kill cut off is left out."""
    found: list[dict[str, Any]] = []
    for path in sorted((home.folder / "audit").glob("*.ndjson"), reverse=True):
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        found += [line for line in map(_read, reversed(lines)) if line is not None]
        if len(found) >= most:
            break
    return found[:most]


def _read(line: str) -> dict[str, Any] | None:
    try:
        known = json.loads(line)
    except ValueError:
        return None
    return known if isinstance(known, dict) and {"at", "user", "action", "subject"} <= known.keys() else None
