"""A database out of its dump, without a server: the tables that are asked for, from the plain text that pg_dump writes.

The text is read once, line by line, from the file itself, a gzip of it, or the ZIP of Odoo's database manager
(``dump.sql`` beside a file store). Only what pg_dump writes is understood: table definitions and ``COPY`` blocks.
Nothing in the file is ever run.
"""

import contextlib
import gzip
import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import duckdb
import polars as pl

from data_access.duck import MONEY, MONEY_PLACES, NO_ROOM, WHOLE_DIGITS, Duck, no_room, opened
from data_access.mapping import SourceRefused
from data_access.readers.files import HIGHEST_RATIO, SMALL, shown_name

BLOCK = 8 * 1024**2
LONGEST_LINE = 256 * 1024**2
PLAIN = "make a plain one with pg_dump --format=plain"


@contextlib.contextmanager
def restored(path: Path, tables: Collection[str]) -> Iterator[Duck]:
    """Those tables of a dump, as of the latest change that they tell of. A dump that is incomplete is refused.

    ``path``: the dump, or a folder that holds nothing else, as an upload is one.
    """
    with _explained(shown_name(path)):
        path = _only_file(path)
    name = shown_name(path)
    with opened(name, datetime.now(UTC)) as database:
        dump = _Dump(database, frozenset(tables))
        with _explained(name), contextlib.ExitStack() as files:
            dump.fill(_text(path, name, files))
        dump.refuse_incomplete()
        yield replace(database, as_of=_latest_change(database))


def _only_file(path: Path) -> Path:
    held = [each for each in path.iterdir() if not each.name.startswith(".")] if path.is_dir() else []
    if len(held) > 1:
        raise SourceRefused("several_files", "There are several files: name or drop the one dump or backup alone.")
    return held[0] if held else path


def _text(path: Path, name: str, files: contextlib.ExitStack) -> Iterator[bytes]:
    """The lines of a dump, wherever it lies."""
    if not path.is_file():
        raise SourceRefused("not_found", f"There is no file {name}: name the dump or backup itself.")
    plain = files.enter_context(path.open("rb"))
    magic, packed = plain.peek(4)[:4], path.stat().st_size
    if magic.startswith(b"PK"):
        member, told = _member(files.enter_context(zipfile.ZipFile(plain)), name)
        return _lines(files.enter_context(member), name, min(told, packed))
    if magic.startswith(b"\x1f\x8b"):
        return _lines(files.enter_context(io.BufferedReader(gzip.open(plain))), name, packed)
    return _lines(plain, name, packed)


def _member(archive: zipfile.ZipFile, name: str) -> tuple[IO[bytes], int]:
    """The text within a ZIP, and its size there as the archive tells it."""
    texts = [member for member in archive.infolist() if re.fullmatch(r"[^/]+\.sql", member.filename)]
    named = [member for member in texts if member.filename == "dump.sql"] or texts
    if len(named) > 1:
        raise SourceRefused("several_files", f"{name} holds several dumps: hand over the one that is meant.")
    if not named:
        sentence = f"{name} holds no dump.sql: make the backup in the format that includes the file store."
        raise SourceRefused("not_a_dump", sentence)
    [text] = named
    if text.flag_bits & 1:
        raise SourceRefused("archive_encrypted", f"{name} is protected by a password: hand it over without one.")
    return archive.open(text), text.compress_size


@contextlib.contextmanager
def _explained(name: str) -> Iterator[None]:
    damaged = f"{name} is damaged or incomplete: make the dump again, or copy it again."
    try:
        yield
    except NO_ROOM:
        raise no_room(name) from None
    except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, NotImplementedError) as error:
        raise SourceRefused("unreadable", damaged) from error
    except (duckdb.Error, pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise SourceRefused("unreadable", damaged) from error
    except PermissionError:
        raise SourceRefused("no_permission", f"{name} may not be read by this program: give it the right to.") from None
    except OSError as error:
        raise SourceRefused("unreadable", f"{name} could not be read from the disk: {error.strerror}.") from error


_NOT_PLAIN = {
    b"PGDMP": f"is in pg_dump's custom format: {PLAIN}, or turn it into one with pg_restore --file=plain.sql",
    b"toc.dat": f"is in pg_dump's tar format: {PLAIN}, or turn it into one with pg_restore --file=plain.sql",
    b"\xff\xfe": "is written in UTF-16, as PowerShell redirects output: name the file with pg_dump --file",
    b"SQLite format 3": f"is a database of SQLite and no dump of PostgreSQL: {PLAIN}",
}


def _lines(stream: IO[bytes], name: str, packed: int) -> Iterator[bytes]:
    """Line by line, as long as it is text, and not out of all proportion to what was packed."""
    total, largest = 0, max(SMALL, HIGHEST_RATIO * packed)
    while line := stream.readline(LONGEST_LINE):
        if not total:
            _refuse_other_formats(line, name)
        total += len(line)
        if total > largest or len(line) == LONGEST_LINE:
            sentence = f"{name} would unpack to far more than its size allows, and was not read: hand it over unpacked."
            raise SourceRefused("archive_bomb", sentence)
        yield line


def _refuse_other_formats(line: bytes, name: str) -> None:
    for magic, told in _NOT_PLAIN.items():
        if line.startswith(magic):
            raise SourceRefused("not_plain", f"{name} {told}.")


_NAME = rb'(?:"((?:[^"]|"")+)"|([a-z_][a-z0-9_$]*))'
_TABLE = re.compile(rb"CREATE (?:UNLOGGED )?TABLE (?:public\.)?" + _NAME + rb" \($")
_COLUMN = re.compile(rb"    " + _NAME + rb" (.*?),?$")
_COPY = re.compile(rb"COPY (?:public\.)?" + _NAME + rb" \((.*)\) FROM stdin;$")
_INSERT = re.compile(rb"INSERT INTO (?:public\.)?" + _NAME + rb" ")
_LISTED = re.compile(_NAME)
_ENCODING = re.compile(rb"SET client_encoding = '([^']*)';$")
_END = b"\\."


def _name(found: re.Match[bytes]) -> str:
    return (found[1].replace(b'""', b'"') if found[1] is not None else found[2]).decode()


@dataclass
class _Dump:
    """What was found so far: the definitions of wanted tables, and which of them have had their rows."""

    database: Duck
    wanted: frozenset[str]
    kinds: dict[str, dict[str, str]] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)
    defined: int = 0

    def fill(self, lines: Iterator[bytes]) -> None:
        """Brings the wanted tables into the database."""
        for line in lines:
            for pattern, take in self._statements:
                if found := pattern.match(line.rstrip(b"\r\n")):
                    take(found, lines)
        for table in self.filled:
            _settle(self.database, table, self._numbers(table))

    def _numbers(self, table: str) -> list[str]:
        """Columns of numbers of any length: they come as text, and get the type that keeps them when all are there."""
        return [name for name, kind in self.kinds[table].items() if kind == NUMERIC]

    @property
    def _statements(self) -> tuple[tuple[re.Pattern[bytes], Callable[[re.Match[bytes], Iterator[bytes]], None]], ...]:
        return (
            (_TABLE, self._define),
            (_COPY, self._copy),
            (_INSERT, self._refuse_inserts),
            (_ENCODING, self._refuse_encoding),
        )

    def _define(self, found: re.Match[bytes], lines: Iterator[bytes]) -> None:
        self.defined += 1
        body = itertools.takewhile(lambda line: not line.startswith(b")"), lines)
        columns = [column for line in body if (column := _COLUMN.match(line.rstrip(b"\r\n")))]
        table = _name(found)
        if table in self.wanted:
            self.kinds[table] = {_name(column): _kind(column[3].decode()) for column in columns}
            self.database.define(table, self.kinds[table] | dict.fromkeys(self._numbers(table), "VARCHAR"))

    def _copy(self, found: re.Match[bytes], lines: Iterator[bytes]) -> None:
        table, columns = _name(found), [_name(column) for column in _LISTED.finditer(found[3])]
        wanted = table in self.kinds
        for block in _blocks(lines):
            if wanted:
                self.database.hold(table, _rows(block, columns))
        if wanted:
            self.filled.add(table)

    def _refuse_inserts(self, found: re.Match[bytes], _lines: Iterator[bytes]) -> None:
        if _name(found) in self.wanted:
            sentence = f"{self.database.place} writes rows as INSERT: make the dump without --inserts."
            raise SourceRefused("not_plain", sentence)

    def _refuse_encoding(self, found: re.Match[bytes], _lines: Iterator[bytes]) -> None:
        if found[1] not in {b"UTF8", b"SQL_ASCII"}:
            told = f"{self.database.place} is written in {found[1].decode()}: make the dump with --encoding=UTF8."
            raise SourceRefused("encoding", told)

    def refuse_incomplete(self) -> None:
        """Refuses a text that is no dump, or that ends before the rows of a wanted table."""
        if not self.defined:
            raise SourceRefused("not_a_dump", f"{self.database.place} is no plain dump of a PostgreSQL: {PLAIN}.")
        lacking = sorted(set(self.kinds) - self.filled)
        if lacking:
            told = f"{self.database.place} ends before the rows of {lacking[0]}: make the dump again, with its data."
            raise SourceRefused("incomplete", told)


def _blocks(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    """The rows of one COPY, some megabytes at a time; a text that ends within them is incomplete."""
    block: list[bytes] = []
    size = 0
    for line in lines:
        if line.rstrip(b"\r\n") == _END:
            yield block
            return
        block.append(line)
        size += len(line)
        if size > BLOCK:
            yield block
            block, size = [], 0
    raise EOFError


def _rows(block: list[bytes], columns: list[str]) -> pl.DataFrame:
    """Rows as COPY writes them: tabs between values, backslash for what cannot stand for itself."""
    text = b"".join(block)
    if text.count(b"\t") != (len(columns) - 1) * len(block):
        raise EOFError
    rows = (
        pl.read_csv(
            text,
            has_header=False,
            schema=dict.fromkeys(columns, pl.String),
            separator="\t",
            quote_char=None,
            null_values="\\N",
            missing_columns="raise",
            empty_string_is_null=False,
        )
        if block
        else pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    )
    escaped = [name for name in columns if rows.get_column(name).str.contains("\\", literal=True).any()]
    return rows.with_columns(pl.col(escaped).map_elements(_unescaped, pl.String))


_ESCAPED = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _unescaped(value: str) -> str:
    """A value as it was before COPY wrote it: ``\\n`` is a line end, ``\\\\`` a backslash, ``\\101`` the letter A."""
    return _ESCAPED.sub(_letter, value) if "\\" in value else value


def _letter(found: re.Match[str]) -> str:
    octal, hexadecimal, letter = found.groups()
    if letter is not None:
        return _LETTERS.get(letter, letter)
    return chr(int(octal, 8) if octal else int(hexadecimal, 16))


_KINDS = {
    "smallint": "SMALLINT",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "boolean": "BOOLEAN",
    "real": "DOUBLE",
    "double precision": "DOUBLE",
    "numeric": "NUMERIC",
    "date": "DATE",
    "timestamp without time zone": "TIMESTAMP",
    "timestamp with time zone": "TIMESTAMPTZ",
    "interval": "INTERVAL",
    "json": "JSON",
    "jsonb": "JSON",
}
NUMERIC = "NUMERIC"


def _kind(defined: str) -> str:
    """What stands for a type of PostgreSQL: text for all that we have no use for as anything else."""
    bare = re.sub(r"\([^)]*\)", "", defined)
    known = re.match(r"(" + "|".join(sorted(_KINDS, key=len, reverse=True)) + r")(?![\w\[])", bare)
    return _KINDS[known[1]] if known else "VARCHAR"


def _settle(database: Duck, table: str, numbers: list[str]) -> None:
    """Gives each column of numbers the type that keeps them."""
    if numbers:
        shape = database.rows(f'select {", ".join(map(_shape, numbers))} from "{table}" t').row(0, named=True)
        database.retype(table, {name: _number(*map(int, shape[name].split("/"))) for name in numbers})


def _shape(column: str) -> str:
    """SQL for the digits before and after the point that a column needs, and how many of its values are no numbers."""
    whole, places = (f"coalesce(max(length(split_part(t.\"{column}\", '.', {part}))), 0)" for part in (1, 2))
    others = f"count(*) filter (where not regexp_matches(t.\"{column}\", '^-?[0-9]+([.][0-9]+)?$'))"
    return f"concat_ws('/', {whole}, {places}, {others}) as \"{column}\""


def _number(whole: int, places: int, others: int) -> str:
    """Money where its digits suffice; double for whatever has more of them, or a NaN."""
    return MONEY if places <= MONEY_PLACES and whole <= WHOLE_DIGITS and not others else "DOUBLE"


_CHANGED = ("create_date", "write_date")


def _latest_change(database: Duck) -> datetime:
    """When the latest row was written: later changes cannot be in the dump. Now, where rows do not tell."""
    told = [
        f'select max("{column}") filter (where "{column}" <= now()::timestamp) as moment from "{table}"'
        for table, columns in database.columns.items()
        for column in _CHANGED
        if column in columns
    ]
    latest = database.rows(" union all ".join(told)).to_series().max() if told else None
    return latest.replace(tzinfo=UTC) if isinstance(latest, datetime) else database.as_of
