"""The check at the end of every refresh that nothing is missing.

Rows read = loaded + quarantined + duplicates; what the source counts and adds up is what the tables hold.
"""

from collections.abc import Iterator
from decimal import Decimal

import polars as pl

from analytics.tables import TABLES
from data_access.extract import AMOUNT
from data_access.mapping import Reading
from data_access.store import Load
from refresh.ledger import Entry
from refresh.unify import Taken, Unified, money_columns

CENT = Decimal("0.01")
ROUNDING = Decimal("0.000001")


class BooksDoNotBalance(Exception):
    """Rows or money that were read are not all accounted for.

    Nothing was changed; this is our fault, never the sender's.
    """


def check(load: Load, reading: Reading, unified: Unified, entries: list[Entry]) -> None:
    """Refuses the run unless its books balance; writes every comparison into the entry of its source table."""
    problems = [
        *_unaccounted(unified),
        *_differences(load, reading, unified, {entry.source_table: entry for entry in entries}),
        *load.broken_references(),
    ]
    if problems:
        raise BooksDoNotBalance(
            "The books of this refresh do not balance, so nothing was changed: "
            + "; ".join(problems)
            + ". Please report this."
        )


def _unaccounted(unified: Unified) -> Iterator[str]:
    aside = unified.aside.all()
    for taken in unified.taken:
        mapping = taken.extract.mapping
        set_aside = aside.filter(
            (pl.col("source_table") == mapping.table) & (pl.col("table_name") == mapping.to)
        ).height
        if taken.translated != taken.behind + set_aside + taken.duplicates:
            yield (
                f"{mapping.table} to {mapping.to}: {taken.translated} read, {taken.behind} good, {set_aside} aside,"
                f" {taken.duplicates} duplicates"
            )


def _differences(load: Load, reading: Reading, unified: Unified, by_table: dict[str, Entry]) -> Iterator[str]:
    for table in dict.fromkeys(taken.extract.mapping.to for taken in unified.taken):
        parts = [taken for taken in unified.taken if taken.extract.mapping.to == table]
        entry = by_table[parts[0].extract.mapping.table]
        for name, at_source, in_tandem, allowed in _compared(load, reading, unified, table, parts):
            difference = in_tandem - at_source
            compared = {
                "check": f"{table}.{name}",
                "at_source": f"{at_source:f}",
                "in_tandem": f"{in_tandem:f}",
                "difference": f"{difference:f}",
                "note": "",
            }
            entry.reconciliation.append(compared)
            if abs(difference) >= allowed:
                yield f"{table}.{name}: {at_source:f} at the source, {in_tandem:f} in the tables"


Compared = tuple[str, Decimal, Decimal, Decimal]


def _compared(load: Load, reading: Reading, unified: Unified, table: str, parts: list[Taken]) -> list[Compared]:
    if all(part.extract.control for part in parts):
        return _with_control(load, reading, unified, table, parts)
    if all(part.extract.keys is not None and not part.extract.incremental for part in parts):
        return _with_delivery(load, unified, table, parts)
    return []


def _with_control(load: Load, reading: Reading, unified: Unified, table: str, parts: list[Taken]) -> list[Compared]:
    """Against what the source itself counts and adds up, in the same consistent state, whether or not all rows were
    read.

    A record whose last state was set aside stays as it was before: it counts once.
    """
    stored = load.read(table, where="source = :source AND deleted_at IS NULL", source=reading.source)
    meant = {"source": reading.source, "meant": table}
    aside = load.read("quarantine", ("source_id",), where="source = :source AND table_name = :meant", **meant)
    waiting = aside.get_column("source_id")
    if any(part.extract.mapping.sums for part in parts):
        key = TABLES[table].primary_key()
        stored = stored.join(unified.tables[table], on=key, how="semi")
        rows: list[Compared] = []
    else:
        told = sum(int(part.extract.control["rows"]) for part in parts)
        only_waiting = waiting.filter(~waiting.is_in(stored.get_column("source_id").implode())).len()
        rows = [("rows", Decimal(told), Decimal(stored.height + only_waiting), Decimal(1))]
    if waiting.len():
        return rows
    money = money_columns(TABLES[table])
    names = [
        name
        for name in parts[0].extract.control
        if name != "rows" and all(name in part.extract.control for part in parts)
    ]
    rounding = ROUNDING * max(1, stored.height)
    return rows + [
        (name, _told(parts, name), _held(stored, parts, name), CENT if name in money else rounding) for name in names
    ]


def _held(stored: pl.DataFrame, parts: list[Taken], name: str) -> Decimal:
    """The sum of the tables, without amounts that the source does not state and that were summed from lines."""
    silent = [part.extract.silent for part in parts if part.extract.silent is not None and name == AMOUNT]
    said = stored.filter(~pl.col("source_id").is_in(pl.concat(silent).implode())) if silent else stored
    return _decimal(said.get_column(name).sum())


def _told(parts: list[Taken], name: str) -> Decimal:
    return sum((Decimal(part.extract.control[name]) for part in parts), Decimal(0))


def _with_delivery(load: Load, unified: Unified, table: str, parts: list[Taken]) -> list[Compared]:
    """Against the good rows of a delivery that counts nothing itself."""
    key = TABLES[table].primary_key()
    columns = [name for name in parts[0].sums if all(name in part.sums for part in parts)]
    stored = load.read(table, tuple(dict.fromkeys((*key, *columns)))).join(unified.tables[table], on=key, how="semi")
    implied = unified.tables[table].height - sum(part.accepted for part in parts)
    accepted = sum(part.accepted for part in parts)
    rows: Compared = ("rows", Decimal(accepted), Decimal(stored.height - implied), Decimal(1))
    if implied:
        return [rows]
    return [
        rows,
        *(
            (
                name,
                sum((_decimal(part.sums[name]) for part in parts), Decimal(0)),
                _decimal(stored.get_column(name).sum()),
                CENT,
            )
            for name in columns
        ),
    ]


def _decimal(value: object) -> Decimal:
    return Decimal(str(value or 0))
