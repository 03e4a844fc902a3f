"""A mapping proposed for an unknown delivery: what its tables and columns seem to be, to be corrected and used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analytics.column_meanings import FieldMeaning, TableMeaning, meanings
from data_access import countries
from data_access.mapping import SourceRefused
from data_access.mapping_files import FieldSource, TableSource, raw_tables

EXAMPLES, LONGEST_EXAMPLE = 3, 30


@dataclass(frozen=True)
class Proposal:
    """What a delivery seems to hold.

    ``tables``: as a mapping file says it. ``examples``: by table and column, the first values. ``unread``: sentences
    about what could not be read.
    """

    tables: tuple[TableSource, ...]
    examples: dict[tuple[str, str], tuple[str, ...]]
    unread: tuple[str, ...]


def proposed(path: Path) -> Proposal:
    """The proposal for a file or folder; raises SourceRefused when it cannot be read at all."""
    delivery = raw_tables(path)
    if delivery.refused is not None:
        raise SourceRefused(delivery.refused.rule, delivery.refused.detail)
    tables = {table.name: table.frame for table in delivery.tables if table.refused is None}
    told = meanings(tables, countries.codes())
    examples = {
        (name, column): tuple(frame[column].drop_nulls().unique(maintain_order=True).head(EXAMPLES))
        for name, frame in tables.items()
        for column in frame.columns
    }
    unread = tuple(table.refused.detail for table in delivery.tables if table.refused is not None)
    return Proposal(tuple(_table(each) for each in told), examples, unread)


def lines(proposal: Proposal) -> Iterator[str]:
    """The proposal as lines of text: each table, and under it a line for each column with certainty and reason."""
    for table in proposal.tables:
        if table.to is None:
            yield f"{table.table}: not read ({table.reason})"
            continue
        yield f"{table.table}: {table.to}, {table.certainty:.0%} ({table.reason})"
        for (to, name), source in table.fields.items():
            shown = _shown(table, source, proposal.examples)
            yield f"  {' + '.join(source.columns)} -> {to}.{name}, {source.certainty:.0%}: {source.reason}{shown}"
        for (to, name), value in table.given.items():
            yield f"  {to}.{name}: {'MISSING, write it under given' if value is None else f'taken to be {value}'}"
        if table.left_out:
            yield f"  without a field: {', '.join(table.left_out)}"
    yield from proposal.unread


def _shown(table: TableSource, source: FieldSource, examples: Mapping[tuple[str, str], tuple[str, ...]]) -> str:
    values = examples[table.table, source.columns[0]]
    return f" (as {', '.join(value[:LONGEST_EXAMPLE] for value in values)})" if values else ""


def _table(told: TableMeaning) -> TableSource:
    given: dict[tuple[str, str], str | None] = {_name(full): value for full, value in told.given.items()}
    return TableSource(
        table=told.table,
        to=told.to,
        fields={(each.table, each.field): _field(each) for each in told.fields},
        given=given | {_name(full): None for full in told.missing},
        left_out=told.left_out,
        certainty=told.certainty,
        reason=told.reason,
    )


def _name(full: str) -> tuple[str, str]:
    table, _, column = full.partition(".")
    return table, column


def _field(told: FieldMeaning) -> FieldSource:
    return FieldSource(
        columns=told.columns,
        dates=told.dates,
        decimals=told.decimals,
        words=dict(told.words),
        scale=told.scale,
        inverted=told.inverted,
        certainty=told.certainty,
        reason=told.reason,
    )
