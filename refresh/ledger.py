"""The books of a refresh: what was read and what became of it, what is set aside, and the check that nothing is
missing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from analytics.tables import SHARED
from data_access.mapping import LINE, ROW, Extract, Notice, Reading
from data_access.store import Load
from refresh import rules
from refresh.unify import Unified

REFERENCE_RULE = "missing_reference"
WHOLE_EVERY = timedelta(days=7)


@dataclass(frozen=True)
class Stamp:
    """The run that writes, and when."""

    load_id: int
    at: datetime


@dataclass
class Entry:
    """One source table in one run."""

    source_table: str
    read: int = 0
    quarantined: int = 0
    duplicates: int = 0
    deleted: int = 0
    left_out: int = 0
    incremental: bool = False
    notices: list[Notice] = field(default_factory=list)
    reasons: dict[str, int] = field(default_factory=dict)
    refused: Notice | None = None
    reconciliation: list[dict[str, Any]] = field(default_factory=list)

    @property
    def loaded(self) -> int:
        """Rows that are in the tables now, unchanged ones included."""
        return 0 if self.refused else self.read - self.quarantined - self.duplicates

    @property
    def outcome(self) -> str:
        """What became of the table, in one word."""
        if self.refused:
            return "reject_table"
        if self.quarantined:
            return "quarantine_rows"
        return "accept_warn" if self.notices or self.duplicates else "accept"

    def printed(self) -> dict[str, Any]:
        """The entry as ``sync --json`` prints it."""
        warnings = [self.refused, *self.notices] if self.refused else self.notices
        return {
            "read": self.read,
            "loaded": self.loaded,
            "quarantined": self.quarantined,
            "duplicates": self.duplicates,
            "deleted": self.deleted,
            "left_out": self.left_out,
            "warnings": [{"rule": notice.rule, "detail": notice.detail} for notice in warnings],
            "reasons": self.reasons,
            "outcome": self.outcome,
        }


def next_load(load: Load) -> int:
    """The number of this run."""
    return load.number("SELECT MAX(sync_run_id) FROM sync_runs") + 1


def watermark(load: Load, source: str, now: datetime) -> str | None:
    """The source's own instant of the latest run that loaded it. None before the first, and where the latest that read
    all rows of all tables is older than ``WHOLE_EVERY``: a change that was committed late enough is found by then."""
    columns = ("sync_run_id", "source_as_of", "mode", "started_at")
    tables = load.read("sync_runs", columns, where="source = :source", source=source).drop_nulls("source_as_of")
    runs = tables.group_by("sync_run_id").agg(
        pl.col("source_as_of").max(),
        pl.col("started_at").max(),
        is_whole=(pl.col("mode").cast(pl.String) == "full").all(),
    )
    if not runs.filter("is_whole", pl.col("started_at") > now - WHOLE_EVERY).height:
        return None
    return str(runs.sort("sync_run_id").get_column("source_as_of")[-1].isoformat())


def first_loads(load: Load, source: str) -> dict[str, datetime]:
    """When each table of the source was loaded for the first time; a run that refused it is no load."""
    loaded = "source = :source AND outcome <> 'reject_table'"
    runs = load.read("sync_runs", ("source_table", "started_at"), where=loaded, source=source)
    return dict(runs.group_by("source_table").agg(pl.col("started_at").min()).iter_rows())


def _came_whole(reading: Reading) -> list[str]:
    """The source's tables that this delivery brings with all their rows."""
    told = [extract for extract in reading.extracts if not extract.mapping.derived and extract.keys is not None]
    return [extract.mapping.table for extract in told if not extract.incremental]


def waiting(load: Load, reading: Reading) -> pl.DataFrame:
    """Rows of earlier deliveries that only miss a reference, of tables that this delivery does not bring again."""
    brought = _came_whole(reading)
    kept = load.read(
        "quarantine", where="source = :source AND rule = :rule", source=reading.source, rule=REFERENCE_RULE
    )
    return kept.filter(~pl.col("source_table").is_in(brought) & pl.col("unified").is_not_null())


def set_aside(load: Load, source: str) -> pl.DataFrame:
    """The rows of a source that are set aside."""
    columns = ("quarantine_id", "source_table", "source_id", "table_name", "line", "record")
    return load.read("quarantine", columns, where="source = :source", source=source)


def brought(load: Load, source: str, extract: Extract, keys: Sequence[str]) -> dict[str, datetime]:
    """By key, of some rows of an extract's table that are stored or set aside: when the run began that brought them."""
    columns, mapping = ("source_id", "load_id"), extract.mapping
    named = {f"key_{place}": key for place, key in enumerate(keys)} | {"source": source}
    own = f"source = :source AND source_id IN ({', '.join(f':{name}' for name in named if name != 'source')})"
    stored = load.read(mapping.to, columns, where=f"{own} AND deleted_at IS NULL", **named)
    of_table = f"{own} AND source_table = :source_table"
    here = load.read("quarantine", columns, where=of_table, source_table=mapping.table, **named)
    runs = load.read("sync_runs", ("sync_run_id", "started_at"), where="source = :source", source=source)
    runs = runs.unique("sync_run_id")
    rows = pl.concat([stored, here]).join(runs, left_on="load_id", right_on="sync_run_id", how="inner", validate="m:1")
    return dict(rows.group_by("source_id").agg(pl.col("started_at").max()).iter_rows())


def entries(reading: Reading, unified: Unified, gone: dict[str, int], confirmed: frozenset[str]) -> list[Entry]:
    """One entry per table that the source delivered."""
    delivered: dict[str, list[Extract]] = {}
    for extract in reading.extracts:
        if not extract.mapping.derived:
            delivered.setdefault(extract.mapping.table, []).append(extract)
    made = {table: _entry(table, extracts, unified, gone, confirmed) for table, extracts in delivered.items()}
    _note_unexplained(reading, unified, made)
    return list(made.values())


def _source_rows(extract: Extract) -> pl.DataFrame:
    """From the key of what became a unified row to the source row that it is, or is a part of."""
    whole = extract.mapping.part_of
    return extract.frame.select(
        ROW, source_row=pl.col(whole).cast(pl.String) if whole else pl.col(ROW), table_name=pl.lit(extract.mapping.to)
    )


def _entry(
    table: str, extracts: list[Extract], unified: Unified, gone: dict[str, int], confirmed: frozenset[str]
) -> Entry:
    rows = pl.concat([_source_rows(extract) for extract in extracts])
    entry = Entry(
        table,
        read=rows.get_column("source_row").n_unique(),
        incremental=any(extract.incremental for extract in extracts),
    )
    entry.left_out = _left_out(extracts, rows)
    entry.deleted = sum(count for name, count in gone.items() if unified.held[name].source_table == table)
    entry.refused = unified.refused.get(table)
    entry.notices = list(dict.fromkeys(unified.notices.get(table, [])))
    if entry.refused:
        entry.reasons = {entry.refused.rule: entry.read}
        return entry
    aside = (
        unified.aside.of(table)
        .join(rows, on=[ROW, "table_name"], how="left")
        .unique("source_row", keep="first", maintain_order=True)
    )
    entry.quarantined = aside.height
    entry.reasons = dict(aside.group_by("rule").len().sort("rule").iter_rows())
    entry.duplicates = len(unified.duplicates.get(table, set()) - set(aside.get_column("source_row")))
    for holding in (held for held in unified.held.values() if held.source_table == table):
        removed = entry.deleted if holding.within is None else 0
        doubtful = holding.is_doubtful(confirmed)
        if doubtful and holding.unreadable and holding.stored_before:
            entry.notices.append(rules.removals_withheld(table, holding.unreadable))
        entry.notices += rules.volume(table, holding.keys.len(), holding.stored_before, removed, doubtful=doubtful)
    return entry


def _left_out(extracts: list[Extract], rows: pl.DataFrame) -> int:
    """Rows of the source's table that no mapping takes."""
    whole = [extract for extract in extracts if not extract.mapping.part_of]
    if not any(extract.rows_left_out for extract in whole):
        return 0
    matching = [_matching(extract) for extract in whole]
    held = max(count + extract.rows_left_out for count, extract in zip(matching, whole, strict=True))
    incremental = any(extract.incremental for extract in extracts)
    taken = min(held, sum(matching)) if incremental else rows.get_column("source_row").n_unique()
    return max(0, held - taken)


def _matching(extract: Extract) -> int:
    return int(extract.control["rows"]) if "rows" in extract.control else extract.frame.height


def _note_unexplained(reading: Reading, unified: Unified, made: dict[str, Entry]) -> None:
    """Lists the stock that its movements do not explain, beside the table that states the stock."""
    stated = next(
        (extract.mapping.table for extract in reading.extracts if extract.mapping.to == "inventory_levels"), None
    )
    if unified.unexplained is None or stated is None or unified.unexplained.is_empty():
        return
    levels = unified.tables["inventory_levels"].select("product_id", "site_id", "on_hand")
    rows = unified.unexplained.join(levels, on=["product_id", "site_id"], how="left").sort("product_id", "site_id")
    for product, site, unexplained, on_hand in rows.select(
        "product_id", "site_id", "unexplained", "on_hand"
    ).iter_rows():
        held = on_hand or Decimal(0)
        check = {
            "check": f"stock of {product} at {site}",
            "at_source": str(held),
            "in_tandem": str(held - unexplained),
            "difference": str(-unexplained),
        }
        made[stated].reconciliation.append(check | {"note": "opening balance that no movement explains"})
    sentence = (
        f"{rows.height} stock levels are not explained by their movements; they are kept as the source states them, and"
        " the differences are listed."
    )
    made[stated].notices.append(Notice("unexplained_stock", sentence))


def keep_aside(load: Load, reading: Reading, unified: Unified, stamp: Stamp) -> None:
    """Writes the rows set aside; those whose table came again, or whose reference arrived, leave the quarantine."""
    load.remove("quarantine", _leaving_quarantine(load, reading, unified), load_id=stamp.load_id, at=stamp.at)
    _append_aside(load, reading, unified, stamp)


def keep_run(load: Load, reading: Reading, made: list[Entry], stamp: Stamp) -> None:
    """Writes what the run did, table by table."""
    load.append(
        "sync_runs", pl.DataFrame([_run_row(reading, entry, stamp) for entry in made], infer_schema_length=None)
    )


def _leaving_quarantine(load: Load, reading: Reading, unified: Unified) -> pl.DataFrame:
    """Rows whose table came whole again, rows that themselves came again, right or not, and rows whose reference
    arrived."""
    columns = ("quarantine_id", "source_table", "source_id", "table_name", "record")
    kept = load.read("quarantine", columns, where="source = :source", source=reading.source)
    whole = [table for table in _came_whole(reading) if table not in unified.refused]
    again = {
        (extract.mapping.table, row)
        for extract in reading.extracts
        if extract.incremental
        for row in extract.frame.get_column(ROW)
    }
    came_again = (
        pl.struct("source_table", "source_id").is_in(
            [{"source_table": table, "source_id": row} for table, row in sorted(again)]
        )
        if again
        else pl.lit(value=False)
    )
    same = kept.join(unified.aside.all(), on=["source_table", "table_name", "record"], how="semi")
    done = pl.col("quarantine_id").is_in([*unified.readmitted, *unified.superseded, *same.get_column("quarantine_id")])
    return kept.filter(pl.col("source_table").is_in(whole) | came_again | done).select("quarantine_id")


def _append_aside(load: Load, reading: Reading, unified: Unified, stamp: Stamp) -> None:
    aside = unified.aside.all().filter(~pl.col("source_table").is_in(list(unified.refused)))
    if aside.is_empty():
        return
    run = pl.lit(str(stamp.load_id))  # the same line of two partial deliveries holds two records
    key = pl.concat_str([pl.lit(reading.source), "source_table", "table_name", run, ROW], separator="|")
    load.append(
        "quarantine",
        aside.select(
            pl.exclude(ROW, LINE, "company_id"),
            quarantine_id=key,
            line=LINE,
            company_id=pl.col("company_id").fill_null(SHARED),
            source=pl.lit(reading.source),
            source_id=pl.col(ROW),
            load_id=pl.lit(stamp.load_id, pl.Int64),
            quarantined_at=pl.lit(stamp.at),
        ),
    )


def _run_row(reading: Reading, entry: Entry, stamp: Stamp) -> dict[str, Any]:
    printed = entry.printed()
    return {
        "sync_run_table_id": f"{stamp.load_id}/{entry.source_table}",
        "sync_run_id": stamp.load_id,
        "source_table": entry.source_table,
        "outcome": entry.outcome,
        "mode": "incremental" if entry.incremental else "full",
        "started_at": stamp.at,
        "finished_at": datetime.now(UTC),
        "source_as_of": reading.as_of,
        **{f"rows_{name}": printed[name] for name in ("read", "loaded", "quarantined", "deleted", "left_out")},
        "rows_duplicate": entry.duplicates,
        "warnings": json.dumps(printed["warnings"], ensure_ascii=False),
        "reasons": json.dumps(entry.reasons, ensure_ascii=False),
        "reconciliation": json.dumps(entry.reconciliation, ensure_ascii=False),
        "company_id": SHARED,
        "source": reading.source,
        "source_id": f"{stamp.load_id}/{entry.source_table}",
        "load_id": stamp.load_id,
    }
