"""Rows set aside, the money they hold, and their correction by people, which can be taken back.

How much is set aside belongs to the health of the data; what is in a row needs personal_data, and so does the money,
which is read from it. Who corrects a row needs sources.manage as well. A correction is kept at once; the next refresh
of its source replays it through every check.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl

from analytics.access import ALL, Viewer, require
from analytics.tables import SHARED, TABLES, marks, parsing
from analytics.tables.columns import INSTANT
from answers import Snapshot, snapshot
from data_access import feeds
from data_access.home import served_home
from data_access.journal import Entry, EntryRefused, Journal

RIGHT, MANAGE, CONTENT = "health.read", "sources.manage", "personal_data"
SUBJECT = "repairs"
PLACE = ("source", "source_table", "table_name")
HELD = {"rows": pl.Int64, "amount": pl.Float64, "known": pl.Int64}
CORRECTIONS = {
    "number": pl.Int64(),
    "state": pl.String(),
    "corrected_at": INSTANT,
    "corrected_by": pl.String(),
    "source": pl.String(),
    "source_table": pl.String(),
    "was": pl.String(),
    "became": pl.String(),
}
STANDS, CHANGED, TAKEN_BACK = "stands", "changed", "taken_back"
RULES = ("gone", "nothing_changed", "unknown_column", "too_large")
FIRST_AMOUNTS = ("amount_untaxed", "amount", "amount_taxed", "balance", "expected_amount")
SHORT_AMOUNT = ("qty", "unit_price")


class CorrectionRefused(ValueError):
    """A correction cannot be kept; ``rule``, one of ``RULES``, says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"The correction is refused: {rule}.")
        self.rule = rule


def aside(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per row set aside, those with the most money first: quarantine_id, source, source_table, table_name,
    line, rule, column_name, value, record, quarantined_at, amount and currency; null where it names none, and for who
    may not see what is in rows."""
    require(viewer, RIGHT)
    columns = ("quarantine_id", *PLACE, "line", "rule", "column_name", "value", "record", "quarantined_at")
    rows = theirs((version or snapshot()).table("quarantine", viewer), viewer).select(columns).collect()
    parts = [_with_money(part) for part in rows.partition_by(PLACE, maintain_order=True)]
    told = pl.concat([_with_money(rows.clear()), *parts])
    return told.sort(-pl.col("amount").abs().fill_null(0), *PLACE, "line", "quarantine_id", nulls_last=True)


def theirs(rows: pl.LazyFrame, viewer: Viewer) -> pl.LazyFrame:
    """Of rows set aside, as rights have cut them, those that a viewer may see: who may not see all companies, those
    that are known to be of theirs."""
    return rows if viewer.companies == ALL else rows.filter(pl.col("company_id") != SHARED)


def _with_money(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of one source table, with the amount that each names and its currency; none of a table that is no more."""
    nothing = pl.lit(None, pl.Float64), pl.lit(None, pl.String)
    is_known = rows.height > 0 and rows["table_name"][0] in TABLES
    amount, currency = _money_of(*rows.select(PLACE).row(0)) if is_known else nothing
    return rows.with_columns(amount=amount, currency=currency)


def _money_of(source: str, source_table: str, table: str) -> tuple[pl.Expr, pl.Expr]:
    schema = TABLES[table].columns()
    units = {name: str(marks(column).get("unit", "")) for name, column in schema.items()}
    amounts = [name for name, unit in units.items() if unit.startswith("money in") and "per base unit" not in unit]
    ordered = sorted(amounts, key=lambda name: FIRST_AMOUNTS.index(name) if name in FIRST_AMOUNTS else 99)
    made_of = _source_columns(source, source_table, table)
    known = [_number(column) for name in ordered for column in made_of.get(name, (name,))[:1]]
    quantity, price = (_number(column) for column in SHORT_AMOUNT)
    currencies = [_text(column) for column in made_of.get("currency", ("currency",))]
    return pl.coalesce(*known, quantity * price, pl.lit(None, pl.Float64)), pl.coalesce(currencies)


def _source_columns(source: str, source_table: str, table: str) -> Mapping[str, tuple[str, ...]]:
    """By unified column the columns of the source that it is made of; those that are made of several name no amount."""
    found = [feed for feed in feeds.feeding(source, table) if feed.source_table == source_table]
    return {name: columns for feed in found for name, columns in feed.columns if len(columns) == 1}


def _text(column: str) -> pl.Expr:
    return pl.col("record").str.json_path_match(f"$['{column}']")


def _number(column: str) -> pl.Expr:
    return parsing.decimal_from(_text(column)).cast(pl.Float64)


def held(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per source, source table, unified table, rule and currency: rows set aside, amount (the sum of what they
    name, null where none does) and known, how many name one."""
    rows = aside(viewer, version=version)
    summed = rows.group_by(*PLACE, "rule", "currency").agg(
        rows=pl.len(),
        amount=pl.when(pl.col("amount").is_not_null().any()).then(pl.col("amount").sum()),
        known=pl.col("amount").is_not_null().sum(),
    )
    ordered = (-pl.col("amount").abs().fill_null(0), -pl.col("rows"), *PLACE, "rule", "currency")
    return summed.cast(HELD).sort(ordered, nulls_last=True)  # type: ignore[arg-type]


def with_corrections(rows: pl.DataFrame, since: datetime) -> pl.DataFrame:
    """Rows set aside with is_corrected: whether a correction of exactly this row, kept after that instant, waits."""
    latest = {_row_of(entry): entry for entry in Journal(served_home(), SUBJECT).entries()}
    told = {row for row, entry in latest.items() if entry.at > since and entry.what["values"]}
    keys = [
        (source, table, _canonical(content(record) or {}))
        for source, table, record in rows.select("source", "source_table", "record").iter_rows()
    ]
    return rows.with_columns(pl.Series("is_corrected", [key in told for key in keys], dtype=pl.Boolean))


def content(record: str | None) -> dict[str, str | None] | None:
    """What a row set aside says, by column; null where that was not kept, or is hidden."""
    try:
        told = json.loads(record or "")
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _canonical(record: Mapping[str, Any]) -> str:
    return json.dumps(record, sort_keys=True, ensure_ascii=False)


def refreshed_at(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per source: source, and started_at of its latest refresh: what was corrected later waits."""
    require(viewer, RIGHT)
    runs = (version or snapshot()).table("sync_runs", viewer)
    return runs.group_by("source").agg(pl.col("started_at").max()).sort("source").collect()


def corrections(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per corrected value, the latest first: number (of the correction), state, corrected_at, corrected_by,
    source, source_table, was and became; what rows say is null for who may not see what is in them.

    state: stands; changed, by a later correction of the same row; taken_back.
    """
    require(viewer, RIGHT)
    known = set((version or snapshot()).table("sync_runs", viewer).select("source").unique().collect()["source"])
    entries = [entry for entry in _entries(viewer) if entry.what["source"] in known]
    states = _states(entries)
    sees = viewer.may(CONTENT)
    rows = [
        {
            "number": entry.number,
            "state": states[entry.number],
            "corrected_at": entry.at,
            "corrected_by": entry.user,
            "source": entry.what["source"],
            "source_table": entry.what["source_table"],
            "was": _said(name, entry.what["record"].get(name)) if sees else None,
            "became": _said(name, value) if sees else None,
        }
        for entry in reversed(entries)
        for name, value in entry.what["values"].items()
    ]
    return pl.DataFrame(rows, schema=CORRECTIONS)


def _entries(viewer: Viewer) -> list[Entry]:
    """What was corrected and taken back, of rows that the viewer may see."""
    entries = Journal(served_home(), SUBJECT).entries()
    may_all = viewer.companies == ALL
    return [entry for entry in entries if may_all or entry.what.get("company_id", SHARED) in viewer.companies]


def _states(entries: Iterable[Entry]) -> dict[int, str]:
    """What became of each correction."""
    latest: dict[tuple[str, str, str], Entry] = {}
    states: dict[int, str] = {}
    for entry in entries:
        before = latest.get(_row_of(entry))
        if before is not None:
            states[before.number] = CHANGED if entry.what["values"] else TAKEN_BACK
        latest[_row_of(entry)] = entry
        states[entry.number] = STANDS
    return states


def _row_of(entry: Entry) -> tuple[str, str, str]:
    return entry.what["source"], entry.what["source_table"], _canonical(entry.what["record"])


def _said(name: str, value: str | None) -> str:
    return f"{name}: {'' if value is None else value}"


def correct(viewer: Viewer, quarantine_id: str, values: Mapping[str, str | None]) -> None:
    """Keeps other values for a row set aside; ``CorrectionRefused`` where the row is gone, or nothing is other."""
    require(require(viewer, MANAGE), CONTENT)
    seen = theirs(snapshot().table("quarantine", viewer), viewer)
    rows = seen.filter(pl.col("quarantine_id") == quarantine_id).collect()
    row = rows.row(0, named=True) if rows.height else {"record": None}
    record = content(row["record"])
    if record is None:
        raise CorrectionRefused("gone")
    if not values.keys() <= record.keys():
        raise CorrectionRefused("unknown_column")
    changed = {name: value for name, value in values.items() if (value or None) != (record[name] or None)}
    if not changed:
        raise CorrectionRefused("nothing_changed")
    place = {"source": row["source"], "source_table": row["source_table"], "company_id": row["company_id"]}
    what = {**place, "record": record, "values": changed}
    try:
        Journal(served_home(), SUBJECT).append(viewer.user, datetime.now(UTC), what)
    except EntryRefused:
        raise CorrectionRefused("too_large") from None


def take_back(viewer: Viewer, number: int) -> None:
    """Takes back a correction: its row is set aside as it came from the next refresh on; ``CorrectionRefused`` where it
    does not stand."""
    require(require(viewer, MANAGE), CONTENT)
    entries = {entry.number: entry for entry in _entries(viewer)}
    entry = entries.get(number)
    if entry is None or not entry.what["values"] or _states(entries.values())[number] != STANDS:
        raise CorrectionRefused("gone")
    Journal(served_home(), SUBJECT).append(viewer.user, datetime.now(UTC), {**entry.what, "values": {}})


__all__ = [
    "RULES",
    "CorrectionRefused",
    "aside",
    "content",
    "correct",
    "corrections",
    "held",
    "refreshed_at",
    "take_back",
    "theirs",
    "with_corrections",
]
