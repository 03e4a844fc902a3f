"""Where a firm's data lives: one folder with database, snapshots and secrets, and the lock of its refresh.

``TANDEM_HOME`` (default ``var/`` beside the program). The sample company has a home of its own inside it.
"""

import contextlib
import errno
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).resolve().parent.parent
SAMPLE = "sample"
# How the system says that there is no room, and how SQLite and Polars pass it on.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NO_ROOM_WORDS = ("database or disk is full", "(os error 28)", "(os error 122)", "(os error 27)")
# Less than any refresh needs: whatever failed then, failed for that.
LEAST_ROOM = 1_000_000


class HomeUnavailable(Exception):
    """The folder of a home cannot be used; the message says why."""


class Busy(Exception):
    """Another refresh of the same home is running."""

    def __init__(self) -> None:
        super().__init__("Another refresh is running. Wait until it has finished, then try again.")


def is_full(error: BaseException, folder: Path) -> bool:
    """Whether something failed because the disk of a folder has no room left. Libraries do not always say so."""
    if getattr(error, "errno", None) in NO_ROOM or any(words in str(error) for words in NO_ROOM_WORDS):
        return True
    return folder.exists() and shutil.disk_usage(folder).free < LEAST_ROOM


@dataclass(frozen=True)
class Home:
    """A folder that holds one firm, or the sample company; the two never share one."""

    folder: Path
    is_sample: bool = False

    @property
    def database_url(self) -> str:
        """The database of this home; a firm may name a PostgreSQL of its own, the sample company never does."""
        named = "" if self.is_sample else os.environ.get("TANDEM_DATABASE_URL", "")
        return named or f"sqlite:///{self.folder / 'tandem.db'}"

    @property
    def snapshots(self) -> Path:
        """The folder of snapshots."""
        return self.folder / "snapshots"

    @property
    def pointer(self) -> Path:
        """The file that names the current snapshot."""
        return self.folder / "current"

    @property
    def attempts(self) -> Path:
        """The file that keeps the latest attempt to refresh each source."""
        return self.folder / "attempts.json"

    def made(self) -> "Home":
        """The same home, its folder existing and closed to other users."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise HomeUnavailable(
                f"The folder {self.folder} cannot be used ({error.strerror}); let TANDEM_HOME name one that can."
            ) from None
        return self

    @contextlib.contextmanager
    def refreshing(self) -> Iterator[None]:
        """Holds the lock of the refresh; the system releases it when the process dies."""
        with _locked(self.made().folder / "refresh.lock"):
            yield

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Holds the lock of the worker: each home has one at most, however many servers it has."""
        with _locked(self.made().folder / "worker.lock"):
            yield


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield


def firm_home() -> Home:
    """The home of the firm."""
    return Home(Path(os.environ.get("TANDEM_HOME") or PROGRAM / "var").absolute())


def sample_home() -> Home:
    """The home of the sample company, inside the firm's."""
    return Home(firm_home().folder / SAMPLE, is_sample=True)


@contextlib.contextmanager
def new_sample_home() -> Iterator[Home]:
    """An empty home for a new sample company, which takes the place of the old one once it has a snapshot."""
    final = sample_home().folder
    building, old = final.with_name(".sample-building"), final.with_name(".sample-old")
    with _locked(firm_home().made().folder / "sample.lock"):
        for folder in (building, old):
            shutil.rmtree(folder, ignore_errors=True)
        new = Home(building, is_sample=True).made()
        yield new
        if new.pointer.exists():
            if final.exists():
                final.rename(old)
            building.rename(final)
        for folder in (building, old):
            shutil.rmtree(folder, ignore_errors=True)


def served_home() -> Home:
    """The home that the browser is served from: the firm's once a source was loaded, else the sample company's."""
    firm = firm_home()
    return firm if firm.pointer.exists() else sample_home()


def write_atomically(path: Path, text: str) -> None:
    """Replaces the file in one step: a reader sees the old text or the new one, also after a crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def note_attempt(home: Home, source: str, attempt: dict[str, Any]) -> None:
    """Keeps what became of the latest attempt to refresh a source."""
    write_atomically(
        home.made().attempts, json.dumps(attempts(home) | {source: attempt}, ensure_ascii=False, sort_keys=True)
    )


def attempts(home: Home) -> dict[str, Any]:
    """The latest attempt of each source: when, what became of it, and why."""
    if not home.attempts.exists():
        return {}
    try:
        kept: dict[str, Any] = json.loads(home.attempts.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return kept
