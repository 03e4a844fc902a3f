"""What several processes of one test run read and one of them makes."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def filled(folders: pytest.TempPathFactory, name: str, fill: Callable[[Path], None]) -> Path:
    """The folder of that name in this run, filled by whichever process asks first while the others wait. It is read by
    all: who writes into it copies it first. Where filling fails, the next one tries again and fails by itself."""
    own = folders.getbasetemp()
    place = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / f"once-{name}"
    done = place / ".filled"
    place.mkdir(exist_ok=True)
    with (place.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            fill(place)
            done.touch()
    return place
