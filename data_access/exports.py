"""Vendors' exports as files: a folder or ZIP of a system's own tables, read by mappings as a database is.

Each table is staged first: its files are put together, headings brought to the vendor's technical names, values to
their types. The mappings then read the staged tables by SQL, in memory. Rows and values that cannot be read are counted
and set aside; a file that cannot be understood refuses its table, and every table that is read with its help.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dataframely as dy
import polars as pl

from analytics.tables import fields, parsing
from data_access import countries, duck
from data_access.extract import Database, System, read_from, tables_of
from data_access.mapping import LINE, ROW, Cell, Extract, Mapping, Notice, Reading, SourceRefused
from data_access.readers import CONTAINERS, INSTEAD, TEXTS, RawTable
from data_access.readers.delimited import read_delimited
from data_access.readers.delivery import DeliveryRefused, Finding, TableRefused, refused_table
from data_access.readers.encodings import as_utf8
from data_access.readers.files import Piece, explained, pieces, room, sub_folders
from data_access.readers.headers import normalised
from data_access.readers.parquet import read_parquet
from data_access.readers.signatures import HEAD, content_kind

SOURCE_ROW = "source_row"
WHOLE = "_whole"
PROBLEMS = {ROW: pl.String, "column": pl.String, "rule": pl.String, "value": pl.String}
SHOWN = 5
COMMA, POINT = "comma", "point"
SEARCHED = 50
RULED = re.compile(r"[|+]?-{10,}[-|+]*\s*$")
PART = r"(?:[\W_]+(?:part|page|teil|all|full|export|[a-z]{0,2}\d+))*[\W_]*"


@dataclass(frozen=True)
class Kind:
    """What the values of an exported column are: how text becomes a value, and the rule that other text breaks.

    ``by_notation``: the same, where the vendor writes numbers in several notations. ``missing``: what else than
    nothing stands for no value.
    """

    value: Callable[[pl.Expr], pl.Expr]
    broken: str | None = None
    by_notation: Callable[[pl.Expr, str | None], pl.Expr] | None = None
    missing: Callable[[pl.Expr], pl.Expr] | None = None

    def of(self, name: str, notation: str | None) -> pl.Expr:
        """The values of a column whose file is written in a notation, as far as that is known."""
        text = pl.col(name)
        return (self.value(text) if self.by_notation is None else self.by_notation(text, notation)).alias(name)


def _trimmed(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.strip_chars() != "").then(text.str.strip_chars())


def _wall_in_utc(text: pl.Expr) -> pl.Expr:
    return parsing.instant_from(text).dt.replace_time_zone(None)


TEXT = Kind(lambda text: text)
WORD = Kind(_trimmed)
KEY = Kind(parsing.key_from)
NUMBER = Kind(parsing.decimal_from, "not_a_number")
DAY = Kind(parsing.date_from, "not_a_date")
INSTANT = Kind(_wall_in_utc, "not_an_instant")
FLAG = Kind(parsing.boolean_from, "not_true_or_false")
COUNTRY = Kind(countries.coded)


def columns(kind: Kind, names: str) -> dict[str, Kind]:
    """Columns of one kind, given as a line of their names as the vendor writes them."""
    return dict.fromkeys(names.lower().split(), kind)


@dataclass(frozen=True, kw_only=True)
class Export:
    """One table as its vendor exports it.

    ``name``: as the vendor writes it; files are named after it, in any case, with a number or date behind if there are
    several. ``columns``: from technical name in lower case to kind. ``needs``: columns without which no record can be
    told from another. ``files``: further names of its files. ``headings``: from column to what else its heading may
    say (labels on screens, other languages). ``called``: its name in SQL, where its own is a word of SQL.
    """

    name: str
    columns: Dictionary[str, Kind]
    needs: tuple[str, ...]
    files: tuple[str, ...] = ()
    headings: Dictionary[str, tuple[str, ...]] = field(default_factory=dict)
    called: str = ""

    @property
    def relation(self) -> str:
        """The name by which SQL knows it."""
        return self.called or self.name.lower()

    @cached_property
    def names(self) -> dict[str, tuple[str, ...]]:
        """From column to every heading that names it, as `normalised`: its technical names, then labels in order."""
        said = {name: tuple(normalised(label) for label in self.headings.get(name, ())) for name in self.columns}
        return {name: (name, f"{self.relation}_{name}", *labels) for name, labels in said.items()}

    @cached_property
    def known(self) -> dict[str, str]:
        """From every heading that is understood to its column."""
        said = {label: column for column, names in self.names.items() for label in names}
        return said | {column: column for column in self.columns}

    def is_named(self, stem: str) -> bool:
        """Whether a file of this name holds the table, or a part of it."""
        names = "|".join(re.escape(normalised(name)) for name in (self.name, *self.files))
        return re.fullmatch(f"(?:{names}){PART}", normalised(stem)) is not None


def _accept(_database: Database) -> None:
    """Refuses nothing."""


def _one_notation(_numbers: Sequence[pl.Series]) -> None:
    """Tells nothing: numbers come in one notation."""


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """A system that is read from its exports: its tables and mappings.

    ``prefix``: what its tools put before file names. ``notation``: how the numbers of a file are written, told by all
    of them together. ``instead``: from a table to another one that holds the same.
    """

    name: str
    title: str
    exports: Sequence[Export]
    mappings: Sequence[Mapping]
    prefix: str = ""
    probe: Callable[[Database], None] = _accept
    notation: Callable[[Sequence[pl.Series]], str | None] = _one_notation
    instead: Dictionary[str, str] = field(default_factory=dict)

    def export_of(self, stem: str) -> Export | None:
        """The table that a file's name says, if any."""
        bare = re.sub(f"^(?:{self.prefix})", "", normalised(stem)) if self.prefix else stem
        return next((export for export in self.exports if export.is_named(bare)), None)


@dataclass(frozen=True, kw_only=True)
class Staged:
    """One table of an export, as its mappings read it.

    ``rows``: values by type, with ``source_row`` and ``_line``. ``repeated``: rows that say the same as an earlier one,
    their ``first``: nothing is added up twice. ``unreadable``: rows whose columns cannot be told apart. ``problems``:
    what is wrong with single values or whole rows. ``refused``: why nothing of it can be taken.
    """

    export: Export
    rows: pl.DataFrame
    repeated: pl.DataFrame
    unreadable: pl.DataFrame
    problems: pl.DataFrame
    notices: tuple[Notice, ...] = ()
    refused: Notice | None = None

    @property
    def lines(self) -> pl.DataFrame:
        """Where each source row begins in its file."""
        parts = (self.rows, self.repeated, self.unreadable)
        return pl.concat(frame.select(pl.col(SOURCE_ROW).alias(ROW), LINE) for frame in parts)


def mapping(
    to: str,
    table: str,
    *,
    plain: Dictionary[str, str | Cell],
    reads: Dictionary[str, str] | None = None,
    company: str | None = None,
    **rest: Any,
) -> Mapping:
    """A mapping of an exported table: ``plain`` columns are the vendor's, ``reads`` give unified columns by SQL."""
    own, computed = dict(plain), dict(reads or {})
    twice = {column for column in own.values() if isinstance(column, str) and column in computed}
    if twice:
        raise ValueError(f"mapping of {table} to {to}: {sorted(twice)} is both a column and computed")
    named = own | {name: name for name in computed if name != rest.get("key")}
    if company is not None:
        computed |= {"company": company}
    given: dict[str, Any] = {"key": SOURCE_ROW, "watermark": "", "typed_by_hand": True} | rest
    company_column = None if company is None else "company"
    return Mapping(to=to, table=table, columns=named, reads=computed, company=company_column, **given)


def of(table: str, column: str, where: str) -> str:
    """A column of the one row of another table that a condition over ``o`` finds; null where table or column is not
    in the export."""
    return f"coalesce({{(select min(o.{column}) from {table} o where {where}),}} null)"


def known(table: str, key: str, column: str = "id") -> str:
    """A key whose record is in the export, else null: what was not exported must not hide the row that names it."""
    return of(table, column, f"o.{column} = {key}")


def country(column: str) -> str:
    """The code of a COUNTRY column; null where what is written there names no country."""
    return f"case when {column} similar to '[A-Z][A-Z]' then {column} end"


def word(value: str, words: Dictionary[str, str], *, otherwise: str = "null") -> str:
    """A word of ours for one of theirs, in any case."""
    known_words = " ".join(f"when '{theirs}' then '{ours}'" for theirs, ours in words.items())
    return f"case lower({value}) {known_words} else {otherwise} end"


def read(path: Path, vendor: Vendor, *, partial: bool = False) -> Reading:
    """All that a vendor's export holds; ``partial``: what is not there is not gone.

    Raises SourceRefused when the delivery as a whole cannot be understood.
    """
    try:
        with TemporaryDirectory(prefix="tandem-export-") as scratch:
            tables, ignored = _staged(path.absolute(), vendor, Path(scratch))
            as_of = _latest_change(path)
    except DeliveryRefused as refusal:
        raise SourceRefused(refusal.finding.rule, refusal.finding.detail) from None
    except OSError as error:
        finding = explained(error, path).finding
        raise SourceRefused(finding.rule, finding.detail) from None
    return _reading(vendor, tables, as_of, ignored, partial=partial)


def _latest_change(path: Path) -> datetime:
    files = [file for file in path.iterdir() if file.is_file()] if path.is_dir() else [path]
    return datetime.fromtimestamp(max(file.stat().st_mtime for file in files), UTC)


def _staged(path: Path, vendor: Vendor, scratch: Path) -> tuple[dict[str, Staged], tuple[str, ...]]:
    """Every table of the vendor's that the delivery holds, by relation, and the files that hold none."""
    found: dict[str, list[RawTable]] = {}
    ignored = sub_folders(path)
    for piece in pieces(path, scratch):
        tables = [] if piece.is_hidden else list(_tables(piece, vendor))
        ignored += [] if tables else [piece.label]
        for relation, table in tables:
            found.setdefault(relation, []).append(table)
    if not found:
        raise DeliveryRefused("nothing_to_read", _nothing_known(path, vendor))
    by_relation = {export.relation: export for export in vendor.exports}
    usual = _usual_notation(vendor, by_relation, found)
    return {name: _together(vendor, by_relation[name], parts, usual) for name, parts in found.items()}, tuple(ignored)


def _usual_notation(vendor: Vendor, exports: dict[str, Export], found: dict[str, list[RawTable]]) -> str | None:
    """The one notation in which all texts of the delivery are written that tell theirs."""
    texts = ((exports[name], table) for name, tables in found.items() for table in tables if _is_written(table))
    told = {_notation(vendor, export, table) for export, table in texts} - {None}
    return told.pop() if len(told) == 1 else None


def _is_written(table: RawTable) -> bool:
    """Whether numbers came as text: those of a workbook are numbers."""
    return table.file.lower().endswith((*TEXTS, ".xls", ".gz"))


def _notation(vendor: Vendor, export: Export, table: RawTable) -> str | None:
    """How the numbers of one file are written, as far as they tell."""
    if not _is_written(table):
        return POINT
    headed = {name: export.known.get(name) for name in table.frame.columns}
    numbers = [name for name, column in headed.items() if column and export.columns[column].by_notation is not None]
    return vendor.notation([table.frame.get_column(name) for name in numbers])


def _nothing_known(path: Path, vendor: Vendor) -> str:
    examples = ", ".join(f"{export.name}.csv" for export in vendor.exports[:3])
    told = f"{path.name} holds no table of {vendor.title} that we know by its name"
    return f"{told}; name each file after its table, as in {examples}."


def _tables(piece: Piece, vendor: Vendor) -> Iterator[tuple[str, RawTable]]:
    """The tables of one file, each with its relation; none where neither the file nor a sheet is named after one."""
    export = vendor.export_of(piece.stem)
    if piece.ending in CONTAINERS:
        yield from _contained(piece, vendor, export)
    elif export is not None:
        named = replace(piece, name=f"{export.relation}{piece.ending}")
        try:
            table = _single(named, frozenset(export.known))
        except TableRefused as refusal:
            table = refused_table(export.relation, piece.label, refusal.finding)
        if table is not None:
            yield export.relation, table


def _contained(piece: Piece, vendor: Vendor, export: Export | None) -> Iterator[tuple[str, RawTable]]:
    named = piece if export is None else replace(piece, name=f"{export.relation}{piece.ending}")
    relations = {normalised(name): table for table in vendor.exports for name in (table.name, *table.files)}
    known = {name: frozenset(table.known) for name, table in relations.items()}
    for table in CONTAINERS[piece.ending](named, known):
        yield relations[table.name].relation, table


def _single(piece: Piece, known: frozenset[str]) -> RawTable | None:
    if piece.ending == ".parquet":
        return read_parquet(piece, known)
    if piece.ending in TEXTS or (piece.ending == ".xls" and _is_text(piece)):
        return _listed(piece, known)
    if piece.ending in INSTEAD:
        told = f"{piece.label} is in a format that we do not read; save it as {INSTEAD[piece.ending]} and send that."
        raise TableRefused("not_supported", told)
    return None


def _listed(piece: Piece, known: frozenset[str]) -> RawTable:
    """A table of text; of a printed list, whose rows stand between lines of dashes, without those lines."""
    text = as_utf8(piece)
    with text.path.open(encoding="utf-8-sig", newline="") as opened:
        ruled = any(RULED.match(line) for line in islice(opened, SEARCHED))
    if not ruled:
        return read_delimited(piece, known)
    plain = replace(piece, path=room(piece.scratch))
    with text.path.open(encoding="utf-8-sig", newline="") as listed, plain.path.open("w", encoding="utf-8") as bare:
        bare.writelines("\n" if RULED.match(line) else line for line in listed)
    table = read_delimited(plain, known)
    return replace(table, warnings=(*text.warnings, *table.warnings))


def _is_text(piece: Piece) -> bool:
    """SAP's list export writes tab-separated text and names it .xls."""
    with piece.path.open("rb") as opened:
        return content_kind(opened.read(HEAD)) is None


def _together(vendor: Vendor, export: Export, parts: Sequence[RawTable], usual: str | None) -> Staged:
    """Several files of one table are one table: refused if any of them is."""
    notices = tuple(Notice(warning.rule, warning.detail) for part in parts for warning in part.warnings)
    found = next((part.refused for part in parts if part.refused is not None), None)
    refused = found or _without_columns(export, parts)
    if refused is not None:
        return replace(_nothing(export), refused=Notice(refused.rule, refused.detail), notices=notices)
    written = [_notation(vendor, export, part) or usual for part in parts]
    several = len(parts) > 1
    staged = [_part(export, part, own, several=several) for part, own in zip(parts, written, strict=True)]
    rows, repeated = _once_each(pl.concat([rows for rows, _, _ in staged], how="diagonal"))
    return Staged(
        export=export,
        rows=rows,
        repeated=repeated,
        unreadable=pl.concat([unreadable for _, unreadable, _ in staged], how="diagonal"),
        problems=pl.concat([problems for _, _, problems in staged]),
        notices=notices,
    )


def _once_each(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that say something new, and those that repeat an earlier one in every column of their file, with it."""
    said = [name for name in rows.columns if name not in (SOURCE_ROW, LINE)]
    new = rows.unique(said, keep="first", maintain_order=True)
    if new.height == rows.height:
        return rows.drop(WHOLE), rows.clear().with_columns(first=pl.lit(None, pl.String))
    first = new.select(*said, pl.col(SOURCE_ROW).alias("first"))
    later = rows.join(new, on=SOURCE_ROW, how="anti", maintain_order="left")
    repeated = later.join(first, on=said, how="left", nulls_equal=True, validate="m:1", maintain_order="left")
    return new.drop(WHOLE), repeated.drop(WHOLE)


def _nothing(export: Export) -> Staged:
    empty = pl.DataFrame(schema={SOURCE_ROW: pl.String, LINE: pl.Int64})
    nothing = pl.DataFrame(schema=PROBLEMS)
    return Staged(export=export, rows=empty, repeated=empty, unreadable=empty, problems=nothing)


def _without_columns(export: Export, parts: Sequence[RawTable]) -> Finding | None:
    """Why a file cannot be the table: it lacks a column without which no record can be told from another."""
    for part in parts:
        headings = [heading for heading in part.frame.columns if heading != LINE]
        missing = [name for name in export.needs if name not in {export.known.get(heading) for heading in headings}]
        if missing:
            unknown = ", ".join(sorted(set(headings) - set(export.known))[:SHOWN])
            came = f" The columns {unknown} are not known: was one of them renamed?" if unknown else ""
            lacking = ", ".join(_as_vendor_writes(name, export) for name in missing)
            told = f"{part.file} has no column {lacking}.{came} Nothing of this table was changed."
            return Finding("missing_column", told)
    return None


def _as_vendor_writes(column: str, export: Export) -> str:
    """SAP shouts its columns as it does its tables."""
    return column.upper() if export.name.isupper() else column


def _part(
    export: Export, raw: RawTable, notation: str | None, *, several: bool
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """One file of a table: its rows, those that cannot be read, and what is wrong."""
    row = pl.col(LINE).cast(pl.String)
    source_row = pl.concat_str(pl.lit(f"{raw.file}:"), row) if several else row
    whole = raw.frame.select(sorted(set(raw.frame.columns) - {LINE})).hash_rows().alias(WHOLE)
    frame = raw.frame.select(LINE, source_row.alias(SOURCE_ROW), whole, **_headed(export, raw.frame.columns))
    faults = raw.problems.filter(~pl.col("note"))
    broken = faults.filter(pl.col("column").is_null()).get_column(LINE)
    present = [name for name in export.columns if name in frame.columns]
    typed = frame.with_columns(_typed(frame.select(name), export.columns[name], notation) for name in present)
    found = [_misfits(frame, typed, name, export.columns[name]) for name in present]
    is_broken = pl.col(LINE).is_in(broken.implode())
    problems = pl.concat([_reported(export, faults, frame), *found])
    return typed.filter(~is_broken), typed.filter(is_broken).drop(WHOLE), problems


def _typed(texts: pl.DataFrame, kind: Kind, notation: str | None) -> pl.Series:
    """The values of a column of text, each different text read once."""
    [name] = texts.columns
    different = texts.unique()
    if 2 * different.height > texts.height:
        return texts.select(kind.of(name, notation)).to_series()
    known = different.select(name, kind.of(name, notation).alias("value"))
    read_once = texts.join(known, on=name, how="left", nulls_equal=True, validate="m:1", maintain_order="left")
    return read_once.get_column("value").alias(name)


def _headed(export: Export, headings: Collection[str]) -> dict[str, pl.Expr]:
    """From column to the heading that names it: its technical name before labels, labels in their order."""
    chosen = {
        column: next((name for name in names if name in headings and export.known[name] == column), None)
        for column, names in export.names.items()
    }
    return {column: pl.col(heading) for column, heading in chosen.items() if heading is not None}


def _reported(export: Export, faults: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """What the reader found, by source row."""
    named = faults.join(frame.select(LINE, pl.col(SOURCE_ROW).alias(ROW)), on=LINE, how="inner", validate="m:1")
    return named.with_columns(pl.col("column").replace(export.known)).select(*PROBLEMS)


def _misfits(frame: pl.DataFrame, typed: pl.DataFrame, name: str, kind: Kind) -> pl.DataFrame:
    """The values of a column that are not of its kind."""
    if kind.broken is None:
        return pl.DataFrame(schema=PROBLEMS)
    fits = typed.get_column(name).is_not_null()
    nothing = parsing.missing_word(pl.col(name))
    nothing = nothing if kind.missing is None else nothing | kind.missing(pl.col(name))
    misfit = frame.filter(~fits & ~nothing)
    return misfit.select(
        pl.col(SOURCE_ROW).alias(ROW), column=pl.lit(name), rule=pl.lit(kind.broken), value=pl.col(name).str.head(200)
    )


def _reading(
    vendor: Vendor, tables: dict[str, Staged], as_of: datetime, ignored: tuple[str, ...], *, partial: bool
) -> Reading:
    """What the vendor's mappings make of the tables that can be read, and what became of every other row."""
    refused = {name for name, table in tables.items() if table.refused is not None}
    sound = {name: table for name, table in tables.items() if name not in refused}
    relations = {export.name: export.relation for export in vendor.exports}
    asked = [replace(mapping, table=relations[mapping.table]) for mapping in vendor.mappings]
    present = [mapping for mapping in asked if mapping.table in sound and not set(tables_of(mapping)) & refused]
    reading = _read(vendor, present, sound, as_of)
    whole = [_delivered(extract, sound[extract.mapping.table]) for extract in reading.extracts]
    extracts = [*_with_unreadable(whole, sound), *_beside(asked, sound), *_refused(asked, tables, refused)]
    unreadable: Counter[str] = Counter()
    for extract in extracts:
        unreadable[extract.mapping.to] += extract.unreadable_keys
    lacking = _lacking(vendor, sound) | {extract.mapping.to for extract in extracts if extract.refused is not None}
    return replace(
        reading,
        as_of=as_of,
        watermark=None,
        ignored=ignored,
        extracts=tuple(
            replace(
                _as_written(extract, vendor, tells_gone=not partial and extract.mapping.to not in lacking),
                unreadable_keys=unreadable[extract.mapping.to],
            )
            for extract in extracts
        ),
        notices=(*(_of_export(notice, vendor) for notice in reading.notices), *_absent(vendor, tables)),
    )


def _lacking(vendor: Vendor, tables: dict[str, Staged]) -> set[str]:
    """The unified tables of which a part comes from tables that are not there: what is gone of them, nobody can say."""
    here = {table.export.name for table in tables.values()}
    here |= {name for name, other in vendor.instead.items() if other in here}
    return {mapping.to for mapping in vendor.mappings if not mapping.derived and mapping.table not in here}


def _read(vendor: Vendor, mappings: Sequence[Mapping], tables: dict[str, Staged], as_of: datetime) -> Reading:
    with duck.opened(f"The export of {vendor.title}", as_of) as database:
        for name, table in tables.items():
            database.hold(name, table.rows)
        return read_from(database, System(name=vendor.name, mappings=mappings, probe=vendor.probe))


def _delivered(extract: Extract, table: Staged) -> Extract:
    """An extract with what is known of its rows as lines of a file: where they are, what is wrong, which keys."""
    came = _with_repeated(extract, table)
    rows = came.select(ROW, SOURCE_ROW)
    problems = table.problems.filter(pl.col("column").is_in(sorted(_columns_read(extract.mapping))))
    problems = problems.rename({ROW: SOURCE_ROW}).join(rows, on=SOURCE_ROW, how="inner").select(*PROBLEMS)
    lines = table.lines.rename({ROW: SOURCE_ROW}).with_row_index("place")
    frame = came.join(lines, on=SOURCE_ROW, how="left", validate="m:1").sort("place", ROW).drop("place")
    keys = _keys(extract)
    return replace(
        extract,
        frame=frame if extract.mapping.part_of else frame.drop(SOURCE_ROW),
        problems=problems,
        keys=extract.keys if extract.mapping.sums else keys.drop_nulls().unique(maintain_order=True),
        unreadable_keys=keys.null_count(),
        control={},
        notices=(*extract.notices, *table.notices),
    )


def _with_repeated(extract: Extract, table: Staged) -> pl.DataFrame:
    """The rows of an extract, with copies for the source rows that repeat them."""
    if extract.mapping.part_of or table.repeated.is_empty():
        return extract.frame
    again = table.repeated.select(pl.col("first").alias(SOURCE_ROW), pl.col(SOURCE_ROW).alias("again"))
    copies = extract.frame.join(again, on=SOURCE_ROW, how="inner", validate="1:m")
    own = copies.with_columns(pl.col("again").alias(ROW), pl.col("again").alias(SOURCE_ROW))
    return pl.concat([extract.frame, own.select(extract.frame.columns)])


def _of_export(notice: Notice, vendor: Vendor) -> Notice:
    """What the reading says of a database, said of an export and in its vendor's names."""
    told = notice.detail.replace("This database", "The export").replace("this database", "the export")
    by_relation = {export.relation: export for export in vendor.exports}
    return Notice(notice.rule, re.sub(r"\b(\w+)\.(\w+)", lambda found: _written(found, by_relation), told))


def _written(column: re.Match[str], exports: dict[str, Export]) -> str:
    """A column with its table as the vendor writes both."""
    export = exports.get(column[1])
    return column[0] if export is None else f"{export.name}.{_as_vendor_writes(column[2], export)}"


def _columns_read(mapping: Mapping) -> set[str]:
    """The columns of its own table that a mapping's values and conditions are made of."""
    sql = " ".join((mapping.joins, mapping.where, *mapping.reads.values()))
    plain = {name for name in mapping.source_columns if name not in mapping.reads}
    return plain | set(re.findall(r"\bt\.\"?([a-z_][a-z0-9_]*)", sql))


def _keys(extract: Extract) -> pl.Series:
    """The key of each record as its unified row will have it; null where it is missing."""
    schema, mapping = extract.mapping.schema, extract.mapping
    parts = [pl.col(str(mapping.columns[name])).cast(pl.String) for name in schema.primary_key()]
    texts = [parsing.key_from(part) for part in parts]
    return extract.frame.select(pl.concat_str(texts, separator="/").alias(ROW)).to_series()


def _with_unreadable(extracts: Sequence[Extract], tables: dict[str, Staged]) -> Iterator[Extract]:
    """The extracts, the first of each table with its unreadable rows: they are set aside with it."""
    waiting = {name for name, table in tables.items() if table.unreadable.height}
    for extract in extracts:
        if extract.mapping.table not in waiting or extract.mapping.derived:
            yield extract
            continue
        waiting.remove(extract.mapping.table)
        table = tables[extract.mapping.table]
        shared = [name for name in extract.frame.columns if name in table.unreadable.columns]
        rows = table.unreadable.select(
            pl.col(SOURCE_ROW).alias(ROW),
            *(pl.col(name).cast(extract.frame.schema[name], strict=False) for name in shared),
        )
        whole = table.problems.join(rows.select(ROW), on=ROW, how="semi")
        yield replace(
            extract,
            frame=pl.concat([extract.frame, rows], how="diagonal"),
            problems=whole if extract.problems is None else pl.concat([extract.problems, whole]),
            unreadable_keys=extract.unreadable_keys + rows.height,
        )


def _beside(mappings: Sequence[Mapping], tables: dict[str, Staged]) -> Iterator[Extract]:
    """Tables that are only read with others: their rows are counted, and those that cannot be read are set aside."""
    own = {mapping.table for mapping in mappings if not mapping.derived}
    for name, table in tables.items():
        reader = next((mapping for mapping in reversed(mappings) if name in tables_of(mapping)), None)
        if name in own or reader is None:
            continue
        rows = [table.rows, table.repeated.drop("first"), table.unreadable]
        frame = pl.concat(rows, how="diagonal").rename({SOURCE_ROW: ROW})
        yield Extract(
            mapping=_counting(reader, name, table.problems.get_column(ROW)),
            frame=frame,
            problems=table.problems,
            keys=pl.Series(ROW, [], pl.String),
            notices=table.notices,
        )


def _counting(reader: Mapping, table: str, faulty: pl.Series) -> Mapping:
    """A mapping that takes nothing but faulty rows: the others count as read with the table that needs them."""
    schema = reader.schema
    addable = (dy.Decimal, dy.Int64, dy.Bool, dy.Datetime)
    added = next(name for name in fields(schema) if isinstance(schema.columns()[name], addable))
    money = {name: pl.lit(None) for name in fields(schema) if isinstance(schema.columns()[name], dy.Decimal)}
    keys = {name: pl.lit(None) for name in schema.primary_key()}
    return Mapping(
        to=reader.to, table=table, columns={**money, **keys}, sums=(added,), only=pl.col(ROW).is_in(faulty.implode())
    )


def _refused(mappings: Sequence[Mapping], tables: dict[str, Staged], refused: set[str]) -> Iterator[Extract]:
    """Refused tables, and tables that cannot be understood without them: nothing of either is changed."""
    for name in sorted(refused):
        readers = [mapping for mapping in mappings if name in tables_of(mapping)]
        told = [(mapping.to, mapping.table) for mapping in readers if mapping.table in tables]
        for to, table in dict.fromkeys([*told, *((mapping.to, name) for mapping in readers[:1])]):
            yield _without_rows(to, table, tables[name].refused)


def _without_rows(to: str, table: str, why: Notice | None) -> Extract:
    return Extract(
        mapping=Mapping(to=to, table=table, columns={}), frame=pl.DataFrame(schema={ROW: pl.String}), refused=why
    )


def _as_written(extract: Extract, vendor: Vendor, *, tells_gone: bool) -> Extract:
    """The extract under the table's name as its vendor writes it; keys only where all of them are there."""
    name = next(export.name for export in vendor.exports if export.relation == extract.mapping.table)
    keys = extract.keys if tells_gone else None
    notices = tuple(_of_export(notice, vendor) for notice in extract.notices)
    return replace(extract, mapping=replace(extract.mapping, table=name), keys=keys, notices=notices)


def _absent(vendor: Vendor, tables: dict[str, Staged]) -> Iterator[Notice]:
    """What a complete export would have, and this one has not."""
    here = {table.export.name for table in tables.values()}
    here |= {name for name, other in vendor.instead.items() if other in here}
    absent = ", ".join(export.name for export in vendor.exports if export.name not in here)
    if absent:
        told = f"The delivery has no {absent}: what Tandem would read from there stays as it is."
        yield Notice("table_absent", told)


__all__ = [
    "COMMA",
    "COUNTRY",
    "DAY",
    "FLAG",
    "INSTANT",
    "KEY",
    "NUMBER",
    "POINT",
    "SOURCE_ROW",
    "TEXT",
    "WORD",
    "Export",
    "Kind",
    "Staged",
    "Vendor",
    "columns",
    "country",
    "known",
    "mapping",
    "of",
    "read",
    "word",
]
