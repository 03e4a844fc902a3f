"""Corrections that people made of rows set aside, put in their place before every check.

A correction belongs to a source row exactly as it came. Whenever that very row comes again, its corrected values take
its place; where a source brings only what changed, the row is taken from the quarantine. A row that comes otherwise is
the source's own later version, and is left as it is.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import polars as pl

from data_access.mapping import LINE, ROW, Extract, Notice, Reading, source_names
from refresh import translate
from refresh.unify import Unified

PLACE = "_repair"
AGAIN = "again/"
PROBLEMS = {ROW: pl.String, "column": pl.String, "rule": pl.String, "value": pl.String}
BACK = {"source_table": pl.String, "table_name": pl.String, ROW: pl.String, "source_id": pl.String}
Record = Mapping[str, str | None]


Brought = Callable[[Extract, Sequence[str]], Mapping[str, datetime]]


def nothing_brought(_extract: Extract, _keys: Sequence[str]) -> Mapping[str, datetime]:
    """No row of an extract's table came before."""
    return {}


@dataclass(frozen=True)
class Repair:
    """What a person made of one row of a source table: ``record`` as it came, ``values`` that take their place; none of
    them where the correction was taken back; ``at``: when."""

    source: str
    source_table: str
    record: Record
    values: Record
    at: datetime | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[str, str, frozenset[tuple[str, str | None]]]:
        """Equal for the same row."""
        return self.source, self.source_table, frozenset(self.record.items())


@dataclass(frozen=True)
class Repaired:
    """A reading with its corrections, the rows of the quarantine that are read once more in it, and those whose
    correction was taken back: source_table, table_name, ``_row`` and source_id."""

    reading: Reading
    read_again: tuple[str, ...]
    taken_back: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BACK))


def repairs(entries: Iterable[Mapping[str, Any]]) -> tuple[Repair, ...]:
    """The corrections that hold: of each row the latest; one of a corrected row counts for the row before it too. One
    that was taken back has no values."""
    held = {
        made.key: made
        for what in entries
        for made in [Repair(what["source"], what["source_table"], what["record"], what["values"], what.get("at"))]
    }
    return tuple(_followed(one, held) for one in held.values())


def _followed(one: Repair, held: Mapping[Any, Repair]) -> Repair:
    seen = {one.key}
    while True:
        after = replace(one, record={**one.record, **one.values}).key
        if not one.values or after in seen or after not in held or not held[after].values:
            return one
        seen.add(after)
        one = replace(one, values={**one.values, **held[after].values})


def repaired(
    reading: Reading,
    made: tuple[Repair, ...],
    quarantine: Callable[[], pl.DataFrame],
    brought: Brought = nothing_brought,
) -> Repaired:
    """The reading with what people corrected. ``quarantine``: gives the rows of its source that are set aside;
    ``brought``: see ``Brought``."""
    of_source = [repair for repair in made if repair.source == reading.source]
    own = [repair for repair in of_source if repair.values]
    reading, back = _with_taken_back(reading, [repair for repair in of_source if not repair.values], brought)
    if not own:
        return Repaired(reading, (), back)
    aside, extracts, again = quarantine(), [], []
    for extract in reading.extracts:
        of_table = [repair for repair in own if repair.source_table == extract.mapping.table]
        done = extract if extract.refused is not None or not of_table else _corrected(extract, of_table)
        if done is not extract and (extract.incremental or extract.keys is None) and not extract.mapping.derived:
            done, ids = _with_waiting(done, extract, of_table, aside, reading.source)
            again += ids
        extracts.append(done)
    return Repaired(replace(reading, extracts=tuple(extracts)), tuple(again), back)


def _with_taken_back(reading: Reading, made: list[Repair], brought: Brought) -> tuple[Reading, pl.DataFrame]:
    """The reading with the rows whose correction was taken back, as they came, and which they are.

    A source that brings only changes does not bring them again: they are taken from the journal.
    """
    extracts, found = [], [pl.DataFrame(schema=BACK)]
    for extract in reading.extracts:
        mapping = extract.mapping
        of_table = [repair for repair in made if repair.source_table == mapping.table]
        if not of_table or extract.refused is not None or mapping.derived:
            extracts.append(extract)
            continue
        whole = _with_journal(extract, of_table, brought) if extract.incremental else extract
        rows = whole.frame.filter(pl.col(ROW).is_in(_places(whole.frame, of_table).get_column(ROW).implode()))
        named = pl.lit(mapping.table).alias("source_table"), pl.lit(mapping.to).alias("table_name")
        found.append(_bare(whole, rows, reading.source).select(*named, ROW, "source_id"))
        extracts.append(whole)
    return replace(reading, extracts=tuple(extracts)), pl.concat(found)


def _with_journal(extract: Extract, of_table: list[Repair], brought: Brought) -> Extract:
    """An incremental extract with rows that it did not bring, as the journal keeps them; not those that came since
    their correction was taken back: what the source says now is its own later version."""
    names = [name for name in extract.frame.columns if name not in (ROW, LINE)]
    key = extract.mapping.key
    whole = [repair for repair in of_table if repair.record.keys() >= {*names, key}]
    known = brought(extract, [repair.record[key] or "" for repair in whole]) if whole else {}
    records = [repair.record for repair in whole if not _came_since(repair, known.get(repair.record[key] or ""))]
    texts = pl.DataFrame(records, schema=dict.fromkeys([*names, key], pl.String))
    typed = texts.select(
        pl.col(key).alias(ROW), *(pl.col(n).cast(extract.frame.schema[n], strict=False) for n in names)
    )
    new = typed.join(extract.frame, on=ROW, how="anti").unique(ROW, maintain_order=True)
    held = new if extract.keys is None else new.filter(pl.col(ROW).is_in(extract.keys.implode()))
    return replace(extract, frame=pl.concat([extract.frame, held], how="diagonal_relaxed"))


def _came_since(repair: Repair, came_at: datetime | None) -> bool:
    return repair.at is not None and came_at is not None and came_at > repair.at


def withdrawn(unified: Unified, back: pl.DataFrame) -> None:
    """Lets go of records that the tables hold only as they were corrected, where that was taken back: their row is set
    aside as it came."""
    aside = unified.aside.all().select("source_table", "table_name", ROW)
    again = back.join(aside, on=["source_table", "table_name", ROW], how="semi")
    for (table,), rows in again.group_by("table_name"):
        holding = unified.held.get(str(table))
        if holding is not None:
            keys = holding.keys.filter(~holding.keys.is_in(rows.get_column("source_id").implode()))
            unified.held[str(table)] = replace(holding, keys=keys)


def _bare(extract: Extract, rows: pl.DataFrame, source: str) -> pl.DataFrame:
    """The keys of some rows of an extract, whatever else is in them."""
    keys_only = {name: extract.mapping.columns[name] for name in extract.mapping.schema.primary_key()}
    mapping = replace(extract.mapping, columns=keys_only, inherits={}, sums=())
    made = translate.translated(replace(extract, mapping=mapping, frame=rows, problems=None), source)
    return made.rows.select(ROW, "source_id").drop_nulls()


def _corrected(extract: Extract, of_table: list[Repair]) -> Extract:
    """The extract with corrected values in every row that came as it was corrected."""
    frame = extract.frame
    told = _without_sums(extract, of_table)
    places = _places(frame, of_table)
    if places.is_empty():
        return told
    marked = frame.join(places, on=ROW, how="left", validate="1:1", maintain_order="left")
    failed = [pl.DataFrame(schema=PROBLEMS)]
    for column in dict.fromkeys(name for repair in of_table for name in repair.values if name in frame.columns):
        marked, wrong = _with_values(marked, column, of_table)
        failed.append(wrong)
    corrected = marked.drop(PLACE)
    problems = pl.concat([_other_problems(extract, marked, of_table), *failed])
    rows = corrected.filter(pl.col(ROW).is_in(places.get_column(ROW).implode()))
    keys = None if extract.keys is None else _keys(extract, rows)
    said = f"{places.height} rows of {extract.mapping.table} were corrected by hand before they were checked."
    notices = (*told.notices, Notice("corrected_rows", said))
    return replace(told, frame=corrected, problems=problems, keys=keys, notices=notices)


def _without_sums(extract: Extract, of_table: list[Repair]) -> Extract:
    """Without the source's own sums of what people corrected: they hold the uncorrected values."""
    touched = {name for repair in of_table for name in repair.values}
    columns = extract.mapping.columns
    kept = {
        name: total
        for name, total in extract.control.items()
        if name not in columns or not touched.intersection(source_names(columns[name]))
    }
    return replace(extract, control=kept)


def _places(frame: pl.DataFrame, of_table: list[Repair]) -> pl.DataFrame:
    """Which rows came exactly as one of the corrections says: their key, and the place of the correction."""
    found = [pl.DataFrame(schema={ROW: pl.String, PLACE: pl.Int64})]
    known = {name for name in frame.columns if name not in (ROW, LINE)}
    for columns in dict.fromkeys(tuple(sorted(repair.record)) for repair in of_table):
        if not columns or not known.issuperset(columns):
            continue
        rows = [
            {**repair.record, PLACE: place}
            for place, repair in enumerate(of_table)
            if tuple(sorted(repair.record)) == columns
        ]
        sought = pl.DataFrame(rows, schema={**dict.fromkeys(columns, pl.String), PLACE: pl.Int64})
        texts = frame.select(ROW, *(pl.col(name).cast(pl.String) for name in columns))
        found.append(texts.join(sought, on=columns, how="inner", nulls_equal=True).select(ROW, PLACE))
    return pl.concat(found).unique(ROW, keep="first", maintain_order=True)


def _with_values(marked: pl.DataFrame, column: str, of_table: list[Repair]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One column with its corrected values, and the rows of which the value does not fit into it."""
    dtype = marked.schema[column]
    given = {place: repair.values[column] for place, repair in enumerate(of_table) if column in repair.values}
    texts = pl.Series(list(given.values()), dtype=pl.String)
    fitting = texts.cast(dtype, strict=False)
    values = pl.DataFrame({PLACE: list(given), "_text": texts, "_value": fitting}, schema_overrides={PLACE: pl.Int64})
    joined = marked.join(values, on=PLACE, how="left", validate="m:1", maintain_order="left")
    is_given = pl.col(PLACE).is_in(list(given))
    wrong = joined.filter(is_given & pl.col("_text").is_not_null() & pl.col("_value").is_null())
    problems = wrong.select(ROW, column=pl.lit(column), rule=pl.lit("malformed"), value="_text")
    changed = pl.when(is_given).then(pl.col("_value")).otherwise(pl.col(column)).alias(column)
    return joined.with_columns(changed).drop("_text", "_value"), problems


def _other_problems(extract: Extract, marked: pl.DataFrame, of_table: list[Repair]) -> pl.DataFrame:
    """What the reader found, without what people corrected: a whole row, or the column that was meant."""
    if extract.problems is None:
        return pl.DataFrame(schema=PROBLEMS)
    places = marked.select(ROW, PLACE).drop_nulls()
    columns = {place: list(repair.values) for place, repair in enumerate(of_table)}
    mended = places.with_columns(_mended=pl.col(PLACE).replace_strict(columns, return_dtype=pl.List(pl.String)))
    known = extract.problems.join(mended, on=ROW, how="left", validate="m:1", maintain_order="left")
    is_mended = pl.col("_mended").is_not_null() & (
        pl.col("column").is_null() | pl.col("_mended").list.contains(pl.col("column"))
    )
    return known.filter(~is_mended.fill_null(value=False)).select(list(PROBLEMS))


def _keys(extract: Extract, rows: pl.DataFrame) -> pl.Series:
    """The keys that the source holds, with those of corrected rows: a corrected key is one that it holds."""
    keys = translate.translated(replace(extract, frame=rows, problems=None), "").rows.get_column("source_id")
    held = extract.keys if extract.keys is not None else keys.clear()
    return pl.concat([held, keys.drop_nulls()]).unique(maintain_order=True)


def _with_waiting(
    done: Extract, came: Extract, of_table: list[Repair], quarantine: pl.DataFrame, source: str
) -> tuple[Extract, list[str]]:
    """The extract with rows of the quarantine that were corrected and did not come again."""
    meant = (pl.col("source_table") == came.mapping.table) & (pl.col("table_name") == came.mapping.to)
    waiting = quarantine.filter(meant & pl.col("record").is_not_null())
    if came.incremental:
        waiting = waiting.filter(~pl.col("source_id").is_in(came.frame.get_column(ROW).implode()))
    rows, ids = _rows_again(waiting, came)
    corrected = _corrected(replace(came, frame=rows, problems=None, keys=None, notices=()), of_table)
    is_corrected = _places(rows, of_table).get_column(ROW)
    mended = corrected.frame.filter(pl.col(ROW).is_in(is_corrected.implode()))
    new = _not_come(mended, done, source)
    if new.is_empty():
        return done, []
    problems = pl.concat([_problems(part) for part in (done, corrected)])
    notices = tuple(dict.fromkeys((*done.notices, *corrected.notices)))
    frame = pl.concat([done.frame, new.select(done.frame.columns)])
    read_again = [ids[row] for row in new.get_column(ROW)]
    return replace(done, frame=frame, problems=problems, notices=notices), read_again


def _problems(extract: Extract) -> pl.DataFrame:
    return pl.DataFrame(schema=PROBLEMS) if extract.problems is None else extract.problems.select(list(PROBLEMS))


def _rows_again(waiting: pl.DataFrame, came: Extract) -> tuple[pl.DataFrame, dict[str, str]]:
    """Rows of the quarantine as the source brought them; and from the key of each to its key in the quarantine.

    A database's rows keep their own; a line of an earlier delivery may be another line of this one.
    """
    names = [name for name in came.frame.columns if name not in (ROW, LINE)]
    told = waiting.select("quarantine_id", "source_id", "line", "record").iter_rows()
    read = [(row_id, key, line, json.loads(text)) for row_id, key, line, text in told]
    whole = [row for row in read if row[3].keys() >= set(names)]
    keys = [key if came.incremental else f"{AGAIN}{place}" for place, (_, key, _, _) in enumerate(whole)]
    texts = pl.DataFrame([record for *_, record in whole], schema=dict.fromkeys(names, pl.String))
    typed = texts.select(pl.col(name).cast(came.frame.schema[name], strict=False) for name in names)
    keyed = typed.with_columns(
        pl.Series(ROW, keys, dtype=pl.String), pl.Series(LINE, [line for _, _, line, _ in whole], dtype=pl.Int64)
    )
    ids = {key: row_id for key, (row_id, *_) in zip(keys, whole, strict=True)}
    return keyed.select(came.frame.columns), ids


def _not_come(mended: pl.DataFrame, done: Extract, source: str) -> pl.DataFrame:
    """Those whose record did not come in this delivery itself: what the source says now is its own later version."""
    keys_only = {name: done.mapping.columns[name] for name in done.mapping.schema.primary_key()}
    bare = replace(done, mapping=replace(done.mapping, columns=keys_only, inherits={}, sums=()), problems=None)
    came = translate.translated(bare, source).rows.get_column("source_id")
    again = translate.translated(replace(bare, frame=mended), source).rows.select(ROW, "source_id")
    late = again.filter(~pl.col("source_id").is_in(came.drop_nulls().implode())).get_column(ROW)
    return mended.filter(pl.col(ROW).is_in(late.implode()))
