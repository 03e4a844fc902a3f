"""SQLite databases: opened read-only, checked, and each known table read as its storage classes have it."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

from data_access.readers.cells import Fault
from data_access.readers.delivery import DeliveryRefused, RawTable, TableRefused, refused_table
from data_access.readers.files import Piece
from data_access.readers.headers import column_names, normalised
from data_access.readers.problems import closed
from data_access.readers.signatures import HEAD, SQLITE, content_kind, require_kind
from data_access.readers.typed import CHUNK, TypedRows

TABLES = (
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
    "AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name"
)


def read_sqlite(piece: Piece, known: Mapping[str, frozenset[str]]) -> list[RawTable]:
    """The known tables of a database; one that has a single table gives it under the file's own name if need be."""
    try:
        if not _is_database(piece, known):
            return []
        with _opened(piece.path) as database:
            _require_sound(database, piece)
            return [
                _table(database, table, name, piece, known[name])
                for table, name in _known_tables(database, piece, known)
            ]
    except TableRefused as refusal:
        return [refused_table(piece.stem, piece.label, refusal.finding)]
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        raise _unreadable(piece) from error


def _is_database(piece: Piece, known: Collection[str]) -> bool:
    """Whether the file is a finished database; one that is none matters only when it is named like a table."""
    with piece.path.open("rb") as opened:
        head = opened.read(HEAD)
    if content_kind(head) == SQLITE:
        _refuse_unfinished(piece)
        return True
    if piece.stem in known and content_kind(head) is None:
        raise _unreadable(piece)
    if piece.stem in known:
        require_kind(head, piece.label, SQLITE)
    return False


def _refuse_unfinished(piece: Piece) -> None:
    """A database still in use keeps its newest rows in a second file, which reading it alone would miss."""
    for ending in ("-wal", "-journal"):
        beside = piece.path.with_name(piece.path.name + ending)
        if beside.exists() and beside.stat().st_size:
            raise DeliveryRefused(
                "in_use",
                f"{piece.label} is still being written ({beside.name} lies beside it); close the program that uses it, "
                "or send a backup copy.",
            )


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)) as database:
        database.text_factory = _decoded
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
        yield database


def _decoded(raw: bytes) -> str | bytes:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw


def _require_sound(database: sqlite3.Connection, piece: Piece) -> None:
    if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise _unreadable(piece)


def _known_tables(database: sqlite3.Connection, piece: Piece, known: Collection[str]) -> list[tuple[str, str]]:
    tables = [table for (table,) in database.execute(TABLES)]
    named = [(table, normalised(table)) for table in tables if normalised(table) in known]
    if named or len(tables) != 1 or piece.stem not in known:
        return named
    return [(tables[0], piece.stem)]


def _table(database: sqlite3.Connection, table: str, name: str, piece: Piece, columns: frozenset[str]) -> RawTable:
    file = f"{piece.label}#{table}"
    try:
        rows = database.execute(f"SELECT * FROM {_quoted(table)}")
        names = column_names([header for header, *_ in rows.description], file)
        gathered = _gathered(rows, names)
        frame = gathered.frame(names)
        return closed(name, file, frame, columns, problems=gathered.found(frame))
    except TableRefused as refusal:
        return refused_table(name, file, refusal.finding)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _gathered(rows: sqlite3.Cursor, names: list[str]) -> TypedRows:
    gathered, numbers = TypedRows(), count(1)
    while chunk := rows.fetchmany(CHUNK):
        columns = {
            name: [_cell(value) for value in values]
            for name, values in zip(names, zip(*chunk, strict=True), strict=True)
        }
        gathered.take([next(numbers) for _ in chunk], columns)
    return gathered


def _cell(value: object) -> object:
    return Fault("binary_value", value[:100].hex()) if isinstance(value, bytes) else value


def _unreadable(piece: Piece) -> DeliveryRefused:
    return DeliveryRefused(
        "unreadable", f"{piece.label} is a damaged database or none at all; send a fresh copy of it."
    )
