"""Reading deliveries of files: tables of text and what is wrong in them, whatever the format they came in."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from data_access.readers.delimited import read_delimited
from data_access.readers.delivery import Delivery, DeliveryRefused, Finding, RawTable, TableRefused, refused_table
from data_access.readers.files import Piece, explained, pieces, shown_name, sub_folders
from data_access.readers.json_rows import read_json
from data_access.readers.parquet import read_parquet
from data_access.readers.sqlite import read_sqlite
from data_access.readers.workbook import read_workbook

__all__ = ["Delivery", "Finding", "RawTable", "read"]

Known = Mapping[str, frozenset[str]]
Container = Callable[[Piece, Known], list[RawTable]]

CONTAINERS: dict[str, Container] = {
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".json": read_json,
    ".ndjson": read_json,
    ".jsonl": read_json,
    ".sqlite": read_sqlite,
    ".sqlite3": read_sqlite,
    ".db": read_sqlite,
}
TEXTS = (".csv", ".tsv", ".txt")
INSTEAD = {
    ".xls": "XLSX",
    ".xlsb": "XLSX",
    ".ods": "XLSX",
    ".numbers": "XLSX",
    ".feather": "Parquet",
    ".arrow": "Parquet",
    ".pdf": "CSV or XLSX",
    ".xml": "CSV or XLSX",
    ".html": "CSV or XLSX",
}


def read(path: Path, known: Known) -> Delivery:
    """Every known table in a file, a folder (not its sub-folders), a zip or a gz; all values as text.

    known: table name -> its column names. A table is known by its file name, sheet name or database table name.
    Never raises for bad input: what cannot be understood is refused with a sentence for the person who sent it.
    """
    with TemporaryDirectory(prefix="tandem-delivery-") as scratch:
        try:
            return _delivery(path.absolute(), known, Path(scratch))
        except DeliveryRefused as refusal:
            return Delivery((), refusal.finding, ())
        except OSError as error:
            return Delivery((), explained(error, path).finding, ())


def _delivery(path: Path, known: Known, scratch: Path) -> Delivery:
    tables: list[RawTable] = []
    ignored = sub_folders(path)
    for piece in pieces(path, scratch):
        found = _tables(piece, known)
        tables += found
        ignored += [] if found else [piece.label]
    if not tables:
        return Delivery((), _nothing_known(path, known), tuple(ignored))
    return Delivery(tuple(_once_each(tables)), None, tuple(ignored))


def _tables(piece: Piece, known: Known) -> list[RawTable]:
    """The known tables of one file; none when it holds nothing we know."""
    if piece.is_hidden:
        return []
    if piece.ending in CONTAINERS:
        return CONTAINERS[piece.ending](piece, known)
    if piece.stem not in known:
        return []
    try:
        return _single(piece, known[piece.stem])
    except TableRefused as refusal:
        return [refused_table(piece.stem, piece.label, refusal.finding)]


def _single(piece: Piece, columns: frozenset[str]) -> list[RawTable]:
    if piece.ending in TEXTS:
        return [read_delimited(piece, columns)]
    if piece.ending == ".parquet":
        return [read_parquet(piece, columns)]
    if piece.ending in INSTEAD:
        better = INSTEAD[piece.ending]
        raise TableRefused(
            "not_supported", f"{piece.label} is in a format that we do not read; save it as {better} and send that."
        )
    return []


def _once_each(tables: Iterable[RawTable]) -> Iterator[RawTable]:
    first: dict[str, str] = {}
    for table in tables:
        twice = table.name in first
        earlier = first.setdefault(table.name, table.file)
        yield refused_table(table.name, table.file, _twice(table, earlier)) if twice else table


def _twice(table: RawTable, earlier: str) -> Finding:
    return Finding(
        "table_twice", f"{table.file} holds {table.name}, which {earlier} already brought; send each table once."
    )


def _nothing_known(path: Path, known: Known) -> Finding:
    examples = ", ".join(f"{name}.csv" for name in sorted(known)[:3])
    return Finding(
        "nothing_to_read",
        f"{shown_name(path)} holds no table that we know by its name; name each file after its table, as in"
        f" {examples}.",
    )
