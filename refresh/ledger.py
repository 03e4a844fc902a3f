"""The books of a refresh: what was read and what became of it, what is set aside, and the check that nothing is missing."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from analytics.tables import SHARED
from data_access.mapping import LINE, ROW, Notice, Reading
from data_access.store import Load
from refresh import rules
from refresh.unify import Unified

REFERENCE_RULE = "missing_reference"


class BooksDoNotBalance(Exception):
    """Rows or money that were read are not all accounted for. Nothing was changed; this is our fault, never the sender's."""


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
    readmitted: int = 0
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
            "readmitted": self.readmitted,
            "warnings": [{"rule": notice.rule, "detail": notice.detail} for notice in warnings],
            "reasons": self.reasons,
            "outcome": self.outcome,
        }


def next_load(load: Load) -> int:
    """The number of this run."""
    return load.number("SELECT MAX(sync_run_id) FROM sync_runs") + 1


def watermark(load: Load, source: str) -> str | None:
    """The source's own instant of the latest run that loaded it; None before the first."""
    runs = load.read("sync_runs", ("sync_run_id", "source_as_of"), where="source = :source", source=source).drop_nulls("source_as_of").sort("sync_run_id")
    return None if runs.is_empty() else runs.get_column("source_as_of")[-1].isoformat()


def first_load(load: Load, source: str) -> datetime | None:
    """When the source was loaded for the first time; None when it never was."""
    return load.read("sync_runs", ("started_at",), where="source = :source", source=source).get_column("started_at").min()  # type: ignore[return-value]


def waiting(load: Load, reading: Reading) -> pl.DataFrame:
    """Rows of earlier deliveries that only miss a reference, of tables that this delivery does not bring again."""
    brought = [extract.mapping.table for extract in reading.extracts if not extract.mapping.derived and not extract.incremental]
    kept = load.read("quarantine", where="source = :source AND rule = :rule", source=reading.source, rule=REFERENCE_RULE)
    return kept.filter(~pl.col("source_table").is_in(brought) & pl.col("unified").is_not_null())


def entries(reading: Reading, unified: Unified, gone: dict[str, int]) -> list[Entry]:
    """One entry per table that the source delivered."""
    made: dict[str, Entry] = {}
    counted: dict[str, set[str]] = {}
    for extract in reading.extracts:
        if extract.mapping.derived:
            continue
        entry = made.setdefault(extract.mapping.table, Entry(extract.mapping.table))
        counted.setdefault(entry.source_table, set()).update(extract.frame.get_column(ROW).to_list())
        entry.left_out = max(entry.left_out, extract.rows_left_out)
        entry.incremental |= extract.incremental
        entry.deleted += gone.get(extract.mapping.to, 0) if not extract.mapping.derived else 0
    for entry in made.values():
        _complete(entry, counted[entry.source_table], unified)
    _note_unexplained(reading, unified, made)
    return list(made.values())


def _note_unexplained(reading: Reading, unified: Unified, made: dict[str, Entry]) -> None:
    """Lists the stock that its movements do not explain, beside the table that states the stock."""
    stated = next((extract.mapping.table for extract in reading.extracts if extract.mapping.to == "inventory_levels"), None)
    if unified.unexplained is None or stated is None or unified.unexplained.is_empty():
        return
    levels = unified.tables["inventory_levels"].select("product_id", "site_id", "on_hand")
    rows = unified.unexplained.join(levels, on=["product_id", "site_id"], how="left").sort("product_id", "site_id")
    for product, site, unexplained, on_hand in rows.select("product_id", "site_id", "unexplained", "on_hand").iter_rows():
        held = on_hand or Decimal(0)
        check = {"check": f"stock of {product} at {site}", "at_source": str(held), "in_tandem": str(held - unexplained), "difference": str(-unexplained)}
        made[stated].reconciliation.append(check | {"note": "opening balance that no movement explains"})
    sentence = f"{rows.height} stock levels are not explained by their movements; they are kept as the source states them, and the differences are listed."
    made[stated].notices.append(Notice("unexplained_stock", sentence))


def _complete(entry: Entry, rows: set[str], unified: Unified) -> None:
    entry.read = len(rows)
    entry.refused = unified.refused.get(entry.source_table)
    entry.notices = list(dict.fromkeys(unified.notices.get(entry.source_table, [])))
    if entry.refused:
        entry.reasons = {entry.refused.rule: entry.read}
        return
    aside = unified.aside.of(entry.source_table).unique(ROW, keep="first", maintain_order=True)
    entry.quarantined = aside.height
    entry.reasons = dict(aside.group_by("rule").len().sort("rule").iter_rows())
    entry.duplicates = len(unified.duplicates.get(entry.source_table, set()) - set(aside.get_column(ROW)))
    for holding in unified.held.values():
        if holding.source_table == entry.source_table:
            gone = entry.deleted if holding.within is None else 0
            entry.notices += rules.volume(entry.source_table, holding.keys.len(), holding.stored_before, gone)


def check_balance(load: Load, reading: Reading, unified: Unified, made: list[Entry]) -> None:
    """Refuses the run unless every row that was read is loaded, set aside or a duplicate, and what the source counts and sums is what the tables hold."""
    problems = [*_unaccounted(unified), *_reconciled(load, reading, unified, {entry.source_table: entry for entry in made})]
    if problems:
        raise BooksDoNotBalance("The books of this refresh do not balance, so nothing was changed: " + "; ".join(problems) + ". Please report this.")


def _unaccounted(unified: Unified) -> list[str]:
    aside = unified.aside.all()
    problems = []
    for taken in unified.taken:
        mapping = taken.extract.mapping
        set_aside = aside.filter((pl.col("source_table") == mapping.table) & (pl.col("table_name") == mapping.to)).height
        if taken.translated != taken.behind + set_aside + taken.duplicates:
            problems.append(f"{mapping.table} to {mapping.to}: {taken.translated} read, {taken.behind} good, {set_aside} aside, {taken.duplicates} duplicates")
    return problems


def _reconciled(load: Load, reading: Reading, unified: Unified, by_table: dict[str, Entry]) -> list[str]:
    """Compares what the source says of its rows with what the tables hold now."""
    problems = []
    for table in dict.fromkeys(taken.extract.mapping.to for taken in unified.taken):
        parts = [taken for taken in unified.taken if taken.extract.mapping.to == table]
        for check, at_source, in_tandem in _checks(load, reading, unified, table, parts):
            difference = Decimal(in_tandem) - Decimal(at_source)
            entry = by_table[parts[0].extract.mapping.table]
            entry.reconciliation.append({"check": f"{table}.{check}", "at_source": str(at_source), "in_tandem": str(in_tandem), "difference": str(difference), "note": ""})
            if difference:
                problems.append(f"{table}.{check}: {at_source} at the source, {in_tandem} in the tables")
    return problems


def _checks(load: Load, reading: Reading, unified: Unified, table: str, parts: list[Any]) -> list[tuple[str, Decimal, Decimal]]:
    whole = all(part.extract.keys is not None and not part.extract.incremental for part in parts)
    summed = any(part.extract.mapping.sums for part in parts)
    columns = [name for name in parts[0].sums if all(name in part.sums for part in parts)]
    if not whole or summed:
        return []
    stored = load.read(table, ("source_id", *columns), where="source = :source AND deleted_at IS NULL", source=reading.source)
    good = unified.tables[table].get_column("source_id")
    brought = stored.filter(pl.col("source_id").is_in(good.implode()))
    sums = [(name, sum((_decimal(part.sums[name]) for part in parts), Decimal(0)), _decimal(brought.get_column(name).sum())) for name in columns]
    implied = unified.tables[table].height - sum(part.accepted for part in parts)
    return [("rows", Decimal(sum(part.accepted for part in parts)), Decimal(brought.height - implied)), *sums]


def _decimal(value: object) -> Decimal:
    return Decimal(str(value or 0))


def keep(load: Load, reading: Reading, unified: Unified, made: list[Entry], stamp: Stamp) -> None:
    """Writes the run and the rows set aside; those whose table came again, or whose reference arrived, leave the quarantine."""
    gone = _leaving_quarantine(load, reading, unified, made)
    load.remove("quarantine", gone, load_id=stamp.load_id, at=stamp.at)
    _keep_aside(load, reading, unified, stamp)
    load.append("sync_runs", _run_rows(reading, made, stamp))


def _leaving_quarantine(load: Load, reading: Reading, unified: Unified, made: list[Entry]) -> pl.DataFrame:
    """Rows whose table came whole again, rows that themselves came again, and rows whose reference arrived."""
    kept = load.read("quarantine", ("quarantine_id", "source_table", "source_id"), where="source = :source", source=reading.source)
    whole = [entry.source_table for entry in made if not entry.refused and not entry.incremental]
    again = {(extract.mapping.table, row) for extract in reading.extracts if extract.incremental for row in extract.frame.get_column(ROW)}
    came_again = pl.struct("source_table", "source_id").is_in([{"source_table": table, "source_id": row} for table, row in sorted(again)]) if again else pl.lit(value=False)
    leaving = pl.col("source_table").is_in(whole) | came_again | pl.col("quarantine_id").is_in(unified.readmitted)
    return kept.filter(leaving).select("quarantine_id")


def _keep_aside(load: Load, reading: Reading, unified: Unified, stamp: Stamp) -> None:
    aside = unified.aside.all().filter(~pl.col("source_table").is_in(list(unified.refused)))
    if aside.is_empty():
        return
    key = pl.concat_str([pl.lit(reading.source), "source_table", "table_name", ROW], separator="|")
    load.append(
        "quarantine",
        aside.select(
            pl.exclude(ROW, LINE),
            quarantine_id=key,
            line=LINE,
            company_id=pl.lit(SHARED),
            source=pl.lit(reading.source),
            source_id=pl.col(ROW),
            load_id=pl.lit(stamp.load_id, pl.Int64),
            quarantined_at=pl.lit(stamp.at),
        ),
    )


def _run_rows(reading: Reading, made: list[Entry], stamp: Stamp) -> pl.DataFrame:
    return pl.DataFrame([_run_row(reading, entry, stamp) for entry in made], infer_schema_length=None)


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
