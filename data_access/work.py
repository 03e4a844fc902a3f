"""What the worker does and did, in files that a page can read: what it was asked for, its progress, and how it ended.

Under ``work/`` in the home. Only the worker writes progress and outcomes; pages only ask.
"""

import json
import os
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data_access.home import Home, write_atomically

DAMAGE = (OSError, ValueError, LookupError, TypeError)
NAME = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A refresh that a person asked for: whole or what changed, and which surprising tables are meant."""

    full: bool = False
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What the worker does at this moment: for which connection, which step, since when, and rows read so far.

    ``connection_id`` is empty while it works out studies. ``rows`` is null while the source is still being read.
    """

    connection_id: str
    step: str
    started_at: datetime
    since: datetime
    rows: int | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How the latest attempt of a connection ended.

    ``failures``: attempts in a row that ended in what passes by itself. ``fingerprint``: of the files that were read.
    ``tables``: by source table, as ``sync --json`` prints them; those of the latest load, where nothing has changed
    since. ``loaded_at``: when it was loaded last; null: never.
    """

    started_at: datetime
    ended_at: datetime
    outcome: str
    message: str | None = None
    failures: int = 0
    fingerprint: str | None = None
    loaded_at: datetime | None = None
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


def folder(home: Home) -> Path:
    """Where all of it lies."""
    return home.folder / "work"


def ask(home: Home, connection_id: str, asked: Asked) -> None:
    """Asks the worker to refresh a connection now."""
    place = folder(home) / "asked"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomically(place / _named(connection_id), json.dumps(asdict(asked)))


def asked(home: Home) -> dict[str, Asked]:
    """What was asked for and has not begun: by connection."""
    found = {}
    for path in sorted((folder(home) / "asked").glob("*")):
        if NAME.fullmatch(path.name):
            found[path.name] = _asked(path)
    return found


def _asked(path: Path) -> Asked:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Asked(full=bool(told["full"]), confirmed=tuple(map(str, told["confirmed"])))
    except DAMAGE:
        return Asked()


def answered(home: Home, connection_id: str) -> None:
    """Takes back what was asked for: it has begun, or the connection is gone."""
    (folder(home) / "asked" / _named(connection_id)).unlink(missing_ok=True)


def _named(connection_id: str) -> str:
    if not NAME.fullmatch(connection_id):
        raise ValueError(f"{connection_id!r} is no key of a connection.")
    return connection_id


def tell(home: Home, progress: Progress) -> None:
    """Says what is being done. It need not survive a power cut: then nothing is being done."""
    path = folder(home) / "progress.json"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".progress-{os.getpid()}-{secrets.token_hex(4)}")
    beside.write_text(json.dumps(asdict(progress), default=_instant), encoding="utf-8")
    beside.replace(path)


def rest(home: Home) -> None:
    """Says that nothing is being done."""
    (folder(home) / "progress.json").unlink(missing_ok=True)


def progress(home: Home) -> Progress | None:
    """What is being done now; None where nothing is."""
    try:
        told = json.loads((folder(home) / "progress.json").read_text(encoding="utf-8"))
        return Progress(**told | {name: datetime.fromisoformat(told[name]) for name in ("started_at", "since")})
    except DAMAGE:
        return None


def outcomes(home: Home) -> dict[str, Outcome]:
    """How the latest attempt of each connection ended; nothing where none did, or where the file is damaged."""
    try:
        told = json.loads((folder(home) / "outcomes.json").read_text(encoding="utf-8"))
        return {connection_id: _outcome(entry) for connection_id, entry in told.items()}
    except DAMAGE:
        return {}


def _outcome(told: dict[str, Any]) -> Outcome:
    named = [name for name in ("started_at", "ended_at", "loaded_at") if told[name] is not None]
    instants = {name: datetime.fromisoformat(told[name]) for name in named}
    lists = {name: tuple(told.get(name, ())) for name in ("notices", "ignored")}
    return Outcome(**told | instants | lists)


def note(home: Home, connection_id: str, outcome: Outcome, *, among: Collection[str]) -> None:
    """Keeps how an attempt ended, and forgets those of connections that are not ``among`` the ones there are."""
    known = outcomes(home) | {connection_id: outcome}
    folder(home).mkdir(parents=True, exist_ok=True, mode=0o700)
    told = {key: asdict(each) for key, each in known.items() if key in among}
    write_atomically(folder(home) / "outcomes.json", json.dumps(told, default=_instant, ensure_ascii=False))


def _instant(value: object) -> str:
    """An instant as text; anything else in these records is plain."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(f"{value!r} is not written.")
