"""Sessions: who has signed in, until when. A token is known to its browser alone; here lies only its hash."""

import contextlib
import fcntl
import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from data_access.accounts import Account, accounts, key_of
from data_access.home import Home, write_atomically

LASTS = timedelta(hours=12)


@dataclass(frozen=True)
class Session:
    """An account that has signed in, when that ends, and whether the provider let it in."""

    account: Account
    ends_at: datetime
    by_provider: bool = False


def begin(home: Home, account: Account, at: datetime, *, by_provider: bool = False) -> str:
    """A new session of 12 hours: its token, which is told once."""
    token = secrets.token_urlsafe(32)
    entry = {"user": key_of(account.user), "epoch": account.epoch, "ends_at": (at + LASTS).isoformat()}
    entry |= {"by_provider": by_provider}
    with _changing(home, at) as known:
        known[_hash(token)] = entry
    return token


def who(home: Home, token: str, at: datetime) -> Session | None:
    """Whose session it is; None where it has ended, was ended everywhere, or the account is gone or over."""
    entry = _read(_file(home)).get(_hash(token))
    account = accounts(home).get(str(entry["user"])) if entry else None
    if entry is None or account is None or account.epoch != entry["epoch"] or account.is_over(at.date()):
        return None
    ends_at = datetime.fromisoformat(entry["ends_at"])
    return Session(account, ends_at, bool(entry.get("by_provider"))) if at < ends_at else None


def end(home: Home, token: str, at: datetime) -> None:
    """Ends a session; one that has ended already has ended."""
    with _changing(home, at) as known:
        known.pop(_hash(token), None)


def _file(home: Home) -> Path:
    return home.folder / "accounts" / "sessions.json"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _read(path: Path) -> Mapping[str, dict[str, Any]]:
    try:
        state = path.stat()
    except FileNotFoundError:
        return {}
    return _known(path, state.st_ino, state.st_mtime_ns)


@lru_cache(maxsize=4)
def _known(path: Path, _file_number: int, _changed: int) -> Mapping[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return known


@contextlib.contextmanager
def _changing(home: Home, at: datetime) -> Iterator[dict[str, dict[str, Any]]]:
    """All sessions by the hash of their token; those that have ended are forgotten at every change."""
    path = _file(home.made())
    path.parent.mkdir(exist_ok=True, mode=0o700)
    with path.with_suffix(".lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = {token: entry for token, entry in _read(path).items() if datetime.fromisoformat(entry["ends_at"]) > at}
        yield known
        write_atomically(path, json.dumps(known))
