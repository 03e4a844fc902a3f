"""Secrets at rest, sealed by the key of TANDEM_SECRET where it is set, else by one in the home, for its owner alone.

With TANDEM_SECRET, whoever takes a copy of the home takes no password with it.
"""

import hashlib
import os
import tempfile
from base64 import urlsafe_b64encode
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from data_access.home import Home

KEY_FILE = "secret.key"
SHORTEST = 16
SALT = b"tandem: secrets of connections"


class SecretLost(Exception):
    """A sealed secret cannot be opened, or none can be sealed; the message says what to do, and holds no secret."""


def seal(home: Home, text: str) -> str:
    """The text as nobody can read it without the key."""
    return Fernet(_key(home)).encrypt(text.encode()).decode()


def unseal(home: Home, token: str) -> str:
    """The text that was sealed; ``SecretLost`` where it was sealed by another key."""
    try:
        return Fernet(_key(home)).decrypt(token.encode()).decode()
    except (InvalidToken, ValueError):
        raise SecretLost(
            "The password of this connection was sealed by another key: set TANDEM_SECRET as it was, or enter the"
            " password again."
        ) from None


def _key(home: Home) -> bytes:
    named = os.environ.get("TANDEM_SECRET", "")
    if not named:
        return _kept(home.made().folder / KEY_FILE)
    if len(named) < SHORTEST:
        raise SecretLost(f"TANDEM_SECRET is too short: let it have at least {SHORTEST} letters.")
    return _derived(named)


@lru_cache(maxsize=4)
def _derived(named: str) -> bytes:
    return urlsafe_b64encode(hashlib.scrypt(named.encode(), salt=SALT, n=2**14, r=8, p=1, dklen=32))


def _kept(path: Path) -> bytes:
    """The key of the home, made when it is first asked for; of two that are made at once, one stays."""
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(Fernet.generate_key())
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(name, path)
        finally:
            Path(name).unlink()
    return path.read_bytes().strip()
