"""Who was erased: kept as salted hashes of keys and addresses, never as a name, so that a source that brings a person
again is recognised and the person is not.

The journal holds the marks; a file of the home, which nobody else may read, holds the salt.
"""

import hmac
import os
import secrets
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data_access.home import Home
from data_access.journal import Journal

SUBJECT, SALT_FILE = "erasures", "erasures.salt"
SALT_BYTES = 32
MAIL = "e-mail"
"""The kind of a mark that is of an address; other kinds are tables."""
MANIFEST = "erasures"
"""What a snapshot's manifest says: how many entries of the journal were carried out before it was made."""


@dataclass(frozen=True)
class Erasures:
    """What stands in the journal of a home. ``entries``: how many there are."""

    salt: bytes
    known: frozenset[str]
    entries: int

    def mark(self, kind: str, value: str) -> str:
        """The salted hash of a key or an address."""
        told = value.strip().lower() if kind == MAIL else value
        return hmac.digest(self.salt, f"{kind}\0{told}".encode(), "sha256").hex()

    def marked(self, kind: str, values: Iterable[str]) -> frozenset[str]:
        """Those of the values that are marked as erased."""
        if not self.known:
            return frozenset()
        return frozenset(value for value in values if self.mark(kind, value) in self.known)


def erasures(home: Home) -> Erasures:
    """All that stands in the journal; nothing is written by asking."""
    entries = Journal(home, SUBJECT).entries()
    known = frozenset(mark for entry in entries for mark in entry.what["marks"])
    return Erasures(_salt(home) if entries else b"", known, len(entries))


def keep(home: Home, user: str, at: datetime, marked: Iterable[tuple[str, str]]) -> Erasures:
    """Keeps what is to be erased, each as a kind and a value, of which only the salted hash is written."""
    salted = Erasures(_salt(home), frozenset(), 0)
    marks = sorted({salted.mark(kind, value) for kind, value in marked})
    Journal(home, SUBJECT).append(user, at, {"marks": marks})
    return erasures(home)


def _salt(home: Home) -> bytes:
    """The salt of the home, made when it is first asked for; of two that are made at once, one stays."""
    path = home.made().folder / SALT_FILE
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".salt-")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(SALT_BYTES))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(name, path)
        finally:
            Path(name).unlink()
    return bytes.fromhex(path.read_text(encoding="ascii").strip())
