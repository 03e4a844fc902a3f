"""The connections of a home: which system, where it is, how often it is refreshed. Passwords are sealed.

A connection is a server's database, a file or folder of this machine, or a delivery that somebody uploaded. Each system
has one at most: keys say from which system a record is, and two Odoos would call different customers by one key.
"""

import contextlib
import fcntl
import json
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from data_access import deliveries
from data_access.home import Home, write_atomically
from data_access.sealed import seal, unseal

SERVER, PATH, UPLOAD = "server", "path", "upload"
WAYS: Mapping[str, tuple[str, ...]] = {
    "odoo": (SERVER, UPLOAD, PATH),
    "tryton": (SERVER, UPLOAD, PATH),
    "erpnext": (SERVER,),
    "sap": (UPLOAD, PATH),
    "salesforce": (UPLOAD, PATH),
    "hubspot": (UPLOAD, PATH),
    "dynamics": (UPLOAD, PATH),
    "oracle": (UPLOAD, PATH),
    "conversations": (UPLOAD, PATH),
    "files": (UPLOAD, PATH),
}
DRIVERS: Mapping[str, str] = {"odoo": "postgresql+psycopg", "tryton": "postgresql+psycopg", "erpnext": "mysql"}
PORTS: Mapping[str, int] = {"odoo": 5432, "tryton": 5432, "erpnext": 3306}
ENCRYPTED: Mapping[str, Mapping[str, str]] = {
    "postgresql+psycopg": {"sslmode": "require"},
    "mysql": {"ssl_check_hostname": "false"},
}
MAPPED = "files"
USUAL_MINUTES, FEWEST_MINUTES, MOST_MINUTES = 15, 1, 1_440

LONGEST = 200
FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
DAMAGE = (ValueError, LookupError, TypeError, AttributeError)
RULES = (
    "no_name",
    "odd_text",
    "taken",
    "system_taken",
    "no_place",
    "no_host",
    "no_database",
    "no_user",
    "no_password",
    "port",
    "minutes",
    "no_path",
    "own_home",
    "gone",
)


class ConnectionRefused(ValueError):
    """What was asked of the connections cannot be done; ``rule``, one of ``RULES``, says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"The connection is refused: {rule}.")
        self.rule = rule


class ConnectionsDamaged(Exception):
    """The file of connections is not what was written; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A database at a server; the password is not told by anything that shows it."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(default="", repr=False)
    is_encrypted: bool = False

    def __post_init__(self) -> None:
        """Refuses what is no address."""
        for name in ("host", "database", "user"):
            text = getattr(self, name)
            if not text.strip():
                raise ConnectionRefused(f"no_{name}")
            _check_text(text)
        if any(letter in self.host for letter in "/@?# ") or not 1 <= self.port <= 65_535:
            raise ConnectionRefused("port" if not 1 <= self.port <= 65_535 else "no_host")

    @property
    def place(self) -> str:
        """Where it is, as it may be shown."""
        return f"{self.user}@{self.host}:{self.port}/{self.database}"

    def url(self, source: str) -> str:
        """The address with its password, for who reads the source and for nobody else."""
        driver = DRIVERS[source]
        made = sa.URL.create(
            driver,
            self.user,
            self.password or None,
            self.host,
            self.port,
            self.database,
            ENCRYPTED[driver] if self.is_encrypted else {},
        )
        return made.render_as_string(hide_password=False)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a source is: one of a server, a path of this machine, and an uploaded delivery; for files that are not in
    our templates with the name of their kept mapping."""

    server: Server | None = None
    path: str | None = None
    delivery: str | None = None
    mapping: str | None = None

    @property
    def way(self) -> str:
        """Which of the three it is."""
        told = {SERVER: self.server, PATH: self.path, UPLOAD: self.delivery}
        return next((way for way, value in told.items() if value), "")


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One connection as it is kept: the password only sealed. ``changed_at``: when its place was named last."""

    connection_id: str
    name: str
    source: str
    place: Place
    sealed: str | None = None
    minutes: int = USUAL_MINUTES
    is_paused: bool = False
    changed_at: datetime

    @property
    def way(self) -> str:
        """Whether it is a server, a path or an upload."""
        return self.place.way

    def shown(self, home: Home) -> str:
        """Where it is, as it may be shown: never with a password."""
        if self.place.server is not None:
            return self.place.server.place
        if self.place.delivery is not None:
            return ", ".join(deliveries.files(home, self.place.delivery))
        return str(self.place.path)

    def url(self, home: Home) -> str | None:
        """The address with its password; None where it is no server. ``SecretLost`` where the key is another one."""
        server = self.place.server
        return None if server is None else replace(server, password=self.password(home)).url(self.source)

    def without_secret(self) -> "Connection":
        """The same, for who changes it: of the password nothing is handed on, not even sealed."""
        return replace(self, sealed=None)

    def password(self, home: Home) -> str:
        """The password, empty where there is none."""
        return unseal(home, self.sealed) if self.sealed else ""

    def folder(self, home: Home) -> Path | None:
        """The file or folder that is read; None where it is a server."""
        if self.place.delivery is not None:
            return deliveries.folder(home, self.place.delivery)
        return None if self.place.path is None else Path(self.place.path)

    def mapping(self, home: Home) -> Path | None:
        """The mapping file that its tables are read by, if there is one."""
        return None if self.place.mapping is None else deliveries.mapping(home, self.place.mapping)


def _check_text(text: str) -> None:
    if len(text) > LONGEST or FORBIDDEN.intersection(unicodedata.category(letter) for letter in text):
        raise ConnectionRefused("odd_text")


def connections(home: Home) -> tuple[Connection, ...]:
    """All connections, by name; ``ConnectionsDamaged`` where their file is damaged: it is never taken for empty."""
    return tuple(sorted(_read(home).values(), key=lambda each: (each.name.casefold(), each.connection_id)))


def completed(home: Home, connection_id: str, place: Place) -> Place:
    """The place with the password that the connection has, where it is still the same server and none is given."""
    known, server = _of(_read(home), connection_id), place.server
    if server is None or server.password or known.place.server is None or _login(known.place.server) != _login(server):
        return place
    return replace(place, server=replace(server, password=known.password(home)))


def checked(home: Home, source: str, place: Place) -> Place:
    """The place, if the system can be found at such a one."""
    if place.way not in WAYS.get(source, ()):
        raise ConnectionRefused("no_place")
    if place.path is not None:
        _check_path(home, place.path)
    return place


def _check_path(home: Home, written: str) -> None:
    _check_text(written)
    path = Path(written)
    if not path.is_absolute() or not path.exists():
        raise ConnectionRefused("no_path")
    if home.folder.resolve() in (path.resolve(), *path.resolve().parents):
        raise ConnectionRefused("own_home")


def add(home: Home, name: str, source: str, place: Place, *, at: datetime, minutes: int = USUAL_MINUTES) -> Connection:
    """Keeps a new connection, which is due at once."""
    _check_settings(name, minutes)
    named, sealed = _sealed(home, checked(home, source, place), None)
    connection = Connection(
        connection_id=secrets.token_hex(8),
        name=name.strip(),
        source=source,
        place=named,
        sealed=sealed,
        minutes=minutes,
        changed_at=at,
    )
    with _changing(home) as kept:
        if source in {other.source for other in kept.values()}:
            raise ConnectionRefused("system_taken")
        _put(kept, connection)
    return connection


def change(
    home: Home,
    connection_id: str,
    *,
    at: datetime,
    name: str | None = None,
    minutes: int | None = None,
    place: Place | None = None,
) -> Connection:
    """Changes what is named. A server that comes without a password keeps its own, as long as it is the same server."""
    with _changing(home) as kept:
        old = _of(kept, connection_id)
        new = replace(old, name=(name or old.name).strip(), minutes=minutes or old.minutes)
        _check_settings(new.name, new.minutes)
        if place is not None:
            named, sealed = _sealed(home, checked(home, old.source, place), old)
            new = replace(new, place=named, sealed=sealed, changed_at=at)
        _put(kept, new)
    return new


def _sealed(home: Home, place: Place, old: Connection | None) -> tuple[Place, str | None]:
    """The place without its password, and the password sealed. A known password goes to no other host or user."""
    server = place.server
    if server is None:
        return place, None
    bare = replace(place, server=replace(server, password=""))
    if server.password:
        return bare, seal(home, server.password)
    known = old.place.server if old is not None else None
    if old is not None and known is not None and _login(known) == _login(server):
        return bare, old.sealed
    if known is not None and old is not None and old.sealed:
        raise ConnectionRefused("no_password")
    return bare, None


def _login(server: Server) -> tuple[str, int, str]:
    return server.host, server.port, server.user


def pause(home: Home, connection_id: str, *, is_paused: bool) -> None:
    """Stops its refreshes, or lets them go on."""
    with _changing(home) as kept:
        kept[connection_id] = replace(_of(kept, connection_id), is_paused=is_paused)


def remove(home: Home, connection_id: str) -> None:
    """Forgets a connection with its password and its upload; one that is gone already is gone. What it loaded stays."""
    with _changing(home) as kept:
        kept.pop(connection_id, None)


def _check_settings(name: str, minutes: int) -> None:
    if not name.strip():
        raise ConnectionRefused("no_name")
    _check_text(name)
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise ConnectionRefused("minutes")


def _of(kept: Mapping[str, Connection], connection_id: str) -> Connection:
    if connection_id not in kept:
        raise ConnectionRefused("gone")
    return kept[connection_id]


def _put(kept: dict[str, Connection], connection: Connection) -> None:
    others = {other.name.casefold() for key, other in kept.items() if key != connection.connection_id}
    if connection.name.casefold() in others:
        raise ConnectionRefused("taken")
    kept[connection.connection_id] = connection


def _file(home: Home) -> Path:
    return home.folder / "connections.json"


@contextlib.contextmanager
def _changing(home: Home) -> Iterator[dict[str, Connection]]:
    """The connections by key; what they have become is written when the block ends well. One change at a time."""
    path = _file(home.made())
    with path.with_suffix(".lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = _read(home)
        yield kept
        told = {"connections": [asdict(each) for each in kept.values()]}
        write_atomically(path, json.dumps(told, indent=1, ensure_ascii=False, default=datetime.isoformat))
        named = {name for each in kept.values() for name in (each.place.delivery, each.place.mapping)}
        deliveries.sweep(home, keep=named)


def _read(home: Home) -> dict[str, Connection]:
    path = _file(home)
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["connections"]
        found = [_connection(entry) for entry in entries]
    except FileNotFoundError:
        return {}
    except DAMAGE:
        raise ConnectionsDamaged(
            f"The file {path.name} in the home is damaged. Restore it from a backup, or move it away and connect anew."
        ) from None
    return {each.connection_id: each for each in found}


def _connection(entry: dict[str, Any]) -> Connection:
    place = entry["place"]
    server = None if place["server"] is None else Server(**place["server"])
    changed = datetime.fromisoformat(entry["changed_at"]).astimezone(UTC)
    return Connection(**entry | {"place": Place(**place | {"server": server}), "changed_at": changed})
