"""An unknown delivery, read by its mapping file: each table by the columns that the file names.

Days, numbers and yes or no are brought to the one notation that is read; what fits none stays as it is written and goes
to quarantine like any other bad value. What a row holds besides (an order's shipment, a product's stock) becomes a row
of its own table; parties and products that are only named become rows where nothing else brings them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import dataframely as dy
import polars as pl

from analytics.tables import TABLES, notations, parsing, references
from analytics.tables.columns import LARGEST
from data_access import countries, readers
from data_access.mapping import LINE, ROW, Cell, Extract, Notice, Reading, SourceRefused
from data_access.mapping import Mapping as SourceMapping
from data_access.mapping_files import DELIVERY_DAY, WHERE, FieldSource, TableSource
from data_access.mapping_files import read as read_mapping
from data_access.sources import files

IMPLIED: Mapping[str, Mapping[str, str]] = {
    "customers": {},
    "suppliers": {},
    "employees": {},
    "carriers": {},
    "departments": {},
    "product_categories": {},
    "campaigns": {},
    "work_centers": {},
    "products": {"kind": "storable"},
    "sites": {"kind": "warehouse"},
    "boms": {"kind": "make", "quantity": "1"},
}
"""Tables of which a row can be made from its key alone, which is its name then, and what else it must say."""

KEY_SEPARATOR, TEXT_SEPARATOR = "/", " "
COUNTRY_CODE = "^[A-Z]{2}$"
CONTACT_KEY = "contact of"
"""Customers and suppliers may have equal keys, and so would their contacts: theirs say of whom they are."""


@dataclass(frozen=True)
class _Table:
    """A table of the delivery beside what its mapping says, with the columns that are made for its fields."""

    raw: readers.RawTable
    said: TableSource
    frame: pl.DataFrame
    partial: bool

    @property
    def to(self) -> str:
        """The unified table that its rows are."""
        return str(self.said.to)

    def columns_of(self, table: str) -> dict[str, str | Cell]:
        """From each field of a unified table that is said to the column that holds it."""
        named = {name: made for (to, name), made in self._made().items() if to == table}
        return {name: self._cell(table, name, made) for name, made in named.items()}

    def _made(self) -> dict[tuple[str, str], str]:
        return {key: _made_name(*key) for key in (*self.said.given, *self.said.fields)}

    def _cell(self, table: str, name: str, made: str) -> str | Cell:
        source = self.said.fields.get((table, name))
        if source is None or not (source.words or source.scale):
            return made
        return Cell(column=made, words=source.words or None, scale=source.scale)

    def holders(self) -> dict[str, str]:
        """From unified table to the column that holds its keys here."""
        held: dict[str, str] = {}
        for to, name in (*self.said.fields, *self.said.given):
            target = references(TABLES[to]).get(name)
            if target is not None and target != self.to:
                held.setdefault(target, _made_name(to, name))
        keys = [_made_name(self.to, name) for name in _keys_of(self.to) if (self.to, name) in self.said.fields]
        return held | ({self.to: keys[0]} if len(keys) == 1 else {})


def read(path: Path, mapping: Path, *, partial: bool = False) -> Reading:
    """Everything that a delivery holds, as its mapping file says.

    Raises SourceRefused when the delivery or the mapping file as a whole cannot be understood.
    """
    said = {table.table: table for table in read_mapping(mapping) if table.to is not None}
    delivery = readers.read(path, {name: table.columns for name, table in said.items()})
    if delivery.refused is not None:
        raise SourceRefused(delivery.refused.rule, delivery.refused.detail)
    as_of = files.latest_change(path)
    refused, tables = [], []
    for raw in delivery.tables:
        why = raw.refused or _lacking(raw, said[raw.name])
        if why is not None:
            refused.append(_refused(raw, said[raw.name], Notice(why.rule, why.detail)))
        else:
            dated = replace(said[raw.name], given=_dated(said[raw.name], as_of.date().isoformat()))
            tables.append(_Table(raw, dated, _prepared(raw, dated), partial))
    extracts = [*refused, *_all_extracts(tables, {str(table.to) for table in said.values()})]
    extracts += files.implied_company(extracts)
    return Reading(source=files.SOURCE, as_of=as_of, extracts=tuple(extracts), ignored=delivery.ignored)


def _lacking(raw: readers.RawTable, said: TableSource) -> readers.Finding | None:
    missing = sorted(said.columns - set(raw.frame.columns))
    if not missing:
        return None
    told = f"{raw.file} has no column {', '.join(missing)}, which the mapping file names: was one of them renamed?"
    return readers.Finding("missing_column", f"{told} Nothing of this table was changed.")


def _refused(raw: readers.RawTable, said: TableSource, why: Notice) -> Extract:
    nothing = SourceMapping(to=str(said.to), table=raw.name, columns={})
    return Extract(mapping=nothing, frame=pl.DataFrame(schema={ROW: pl.String}), refused=why)


def _dated(said: TableSource, day: str) -> dict[tuple[str, str], str | None]:
    return {name: day if value == DELIVERY_DAY else value for name, value in said.given.items()}


def _made_name(table: str, name: str) -> str:
    return f"{table}.{name}"


def _prepared(raw: readers.RawTable, said: TableSource) -> pl.DataFrame:
    """The rows with a column of text for each field, in the notation that is read."""
    made = [_value(table, name, source).alias(_made_name(table, name)) for (table, name), source in said.fields.items()]
    keys = [_made_name(str(said.to), name) for name in _keys_of(str(said.to)) if (str(said.to), name) in said.fields]
    read = raw.frame.with_columns(*made, pl.col(LINE).cast(pl.String).alias(ROW)).with_columns(
        pl.concat_str(pl.lit(f"{said.to}/"), *(pl.col(name) for name in keys)).alias(CONTACT_KEY)
    )
    return read.with_columns(_constant(str(value)).alias(_made_name(*name)) for name, value in said.given.items())


def _constant(given: str) -> pl.Expr:
    """A value that no column says; ``done where shipments.shipped_at, else planned`` asks whether a field is there."""
    conditional = WHERE.fullmatch(given)
    if conditional is None:
        return pl.lit(given, pl.String)
    there, field, otherwise = conditional.groups()
    return pl.when(~parsing.missing_word(pl.col(field))).then(pl.lit(there)).otherwise(pl.lit(otherwise))


def _value(table: str, name: str, source: FieldSource) -> pl.Expr:
    kind = TABLES[table].columns()[name]
    text = _joined(source.columns, is_key=bool((kind.metadata or {}).get("identifier")))
    if source.dates is not None:
        text = notations.in_iso(text, source.dates)
    if source.decimals is not None:
        text = notations.with_point(text, source.decimals)
    if isinstance(kind, dy.Bool) and source.inverted:
        text = _inverted(text)
    return _country(text) if (kind.metadata or {}).get("unit") == "ISO 3166" else text


def _country(text: pl.Expr) -> pl.Expr:
    """The code of a country; null where what is written there names none: a misspelt country hides no customer."""
    code = countries.coded(text)
    return pl.when(code.str.contains(COUNTRY_CODE)).then(code)


def _joined(columns: tuple[str, ...], *, is_key: bool) -> pl.Expr:
    """One column as it is; several as one text: a key is there when all its parts are, a name when any of them is."""
    if len(columns) == 1:
        return pl.col(columns[0])
    parts = [parsing.key_from(pl.col(name)) if is_key else pl.col(name) for name in columns]
    if is_key:
        return pl.concat_str(parts, separator=KEY_SEPARATOR)
    whole = pl.concat_str(parts, separator=TEXT_SEPARATOR, ignore_nulls=True)
    return pl.when(whole != "").then(whole)


def _inverted(text: pl.Expr) -> pl.Expr:
    """Yes for no; a missing value is a no that was not said, so it becomes a yes; an unknown word stays as it is."""
    told = parsing.boolean_from(text)
    said = pl.when(parsing.missing_word(text)).then(pl.lit("true")).when(told.is_null()).then(text)
    return said.otherwise((~told).cast(pl.String))


def _all_extracts(tables: list[_Table], brought: set[str]) -> Iterator[Extract]:
    for table in tables:
        own, notices = _within(table)
        main = _extract(own, table.to, table.columns_of(table.to))
        yield replace(main, notices=(*main.notices, *notices))
        for to in dict.fromkeys(to for to, _ in table.said.fields if to != table.to and to not in brought):
            columns = _completed(table, to)
            if columns is not None:
                yield _extract(table, to, columns, is_beside=True)
        yield from _implied(table, brought)


def _completed(table: _Table, to: str) -> dict[str, str | Cell] | None:
    """The columns of a row that is beside another one: its key and references are those of the row, where it has no
    others; None where it could not be told from others."""
    held, said = table.holders(), table.columns_of(to)
    known = references(TABLES[to]).items()
    way: dict[str, str | Cell] = {name: held[target] for name, target in known if target in held}
    if len(_keys_of(to)) > 1:
        return way | said
    own = held.get(to) or (CONTACT_KEY if to == "contacts" else _nearest_key(table, to))
    if own is None:
        return None
    by_key = {"name": own} if to in IMPLIED else {}
    return by_key | {_keys_of(to)[0]: own} | way | said


def _nearest_key(table: _Table, to: str) -> str | None:
    """Of a row without a key of its own: that of the row that it is beside, before that of what both refer to.

    A value that is the same for all rows tells none of them from another.
    """
    held, said = table.holders(), {name for each, name in (*table.said.fields, *table.said.given) if each == to}
    constant = {_made_name(*name) for name in table.said.given}
    ways = [target for name, target in references(TABLES[to]).items() if name not in said]
    nearest = sorted(ways, key=lambda target: target != table.to)
    return next((held[target] for target in nearest if target in held and held[target] not in constant), None)


def _keys_of(table: str) -> tuple[str, ...]:
    return tuple(TABLES[table].primary_key())


def _line_amount(table: _Table, to: str) -> dict[str, pl.Expr]:
    """The amount of a line that says quantity and price only: their product less discount, rounded once."""
    said = table.columns_of(to)
    if (
        "amount_untaxed" not in TABLES[to].columns()
        or "amount_untaxed" in said
        or not {"quantity", "unit_price"} <= {*said}
    ):
        return {}
    amount = _number(said["quantity"]) * _number(said["unit_price"])
    if "discount" in said:
        off = _number(said["discount"]).fill_null(Decimal(0))
        amount = amount * pl.when(off.is_between(0, 1)).then(pl.lit(Decimal(1), files.EXACT) - off)
    return {"amount_untaxed": amount.round(2, mode="half_away_from_zero")}


def _region(table: _Table, columns: Mapping[str, str | Cell], to: str) -> dict[str, str]:
    """The region of a customer is the country as it is written, where no column says it."""
    source = table.said.fields.get((to, "country")) if to == "customers" and "region" not in columns else None
    return {} if source is None else {"region": source.columns[0]}


def _number(column: str | Cell) -> pl.Expr:
    """A number that can be multiplied without overflow; null for one that is refused as too large anyway."""
    name, scale = (column.column, column.scale) if isinstance(column, Cell) else (column, None)
    number = parsing.decimal_from(pl.col(name))
    bounded = pl.when(number.abs() <= LARGEST).then(number).cast(files.EXACT)
    return bounded if scale is None else bounded * pl.lit(Decimal(scale), files.EXACT)


def _extract(table: _Table, to: str, columns: dict[str, str | Cell], *, is_beside: bool = False) -> Extract:
    schema = TABLES[to]
    key_columns = [columns[name] for name in schema.primary_key() if name in columns]
    if len(key_columns) < len(schema.primary_key()):
        told = f"{table.raw.file} says no {', '.join(schema.primary_key())}: name its columns in the mapping file."
        return _refused(table.raw, table.said, Notice("missing_column", f"{told} Nothing of this table was changed."))
    active = {} if "is_active" in columns or "is_active" not in schema.columns() else {"is_active": pl.lit(value=True)}
    mapping = SourceMapping(
        to=to,
        table=table.raw.name,
        columns={**active, **_line_amount(table, to), **_region(table, columns, to), **columns},
        key=LINE,
        inherits=_inherited(to, columns),
        full_within=files.TEMPLATES[to].full_within if to in files.TEMPLATES else None,
        typed_by_hand=True,
        only=_first_said(table, to, key_columns) if is_beside else None,
    )
    return _counted(table, mapping, key_columns, is_beside=is_beside)


def _counted(table: _Table, mapping: SourceMapping, key_columns: list[str | Cell], *, is_beside: bool) -> Extract:
    """The rows with their keys; what is only beside others is never all there is: customers without an order stay."""
    told = table.frame.filter(_says_anything(table, mapping.to)) if is_beside else table.frame
    keys = files.keys_of(told, list(key_columns), mapping.to)
    own = {(mapping.to, name) for name in mapping.schema.primary_key()}
    named = [name for field, source in table.said.fields.items() if field in own for name in source.columns]
    problems = files.problems_of(table.raw, named)
    return Extract(
        mapping=mapping,
        frame=table.frame,
        problems=problems,
        keys=None if table.partial or is_beside else keys.drop_nulls().unique(maintain_order=True),
        unreadable_keys=files.unreadable_keys(told, keys, problems, named),
        notices=tuple(Notice(finding.rule, finding.detail) for finding in table.raw.warnings),
    )


def _inherited(to: str, columns: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    """Currency and company of a line are those of its document, where it does not say them."""
    ways = files.TEMPLATES[to].inherits if to in files.TEMPLATES else {}
    return {name: way for name, way in ways.items() if way[0] in columns}


def _first_said(table: _Table, to: str, key_columns: list[str | Cell]) -> pl.Expr:
    """The first row of each key that says anything of the other table."""
    said = _says_anything(table, to)
    keys = [pl.col(column.column if isinstance(column, Cell) else column) for column in key_columns]
    return said & pl.struct(pl.when(said).then(key) for key in keys).is_first_distinct()


def _says_anything(table: _Table, to: str) -> pl.Expr:
    own = [_made_name(each, name) for each, name in table.said.fields if each == to]
    return pl.any_horizontal(pl.lit(value=False), *(~parsing.missing_word(pl.col(name)) for name in own))


def _implied(table: _Table, brought: set[str]) -> Iterator[Extract]:
    """Rows for parties, products and places of which no more than the key is said, by no table of the delivery."""
    for to, name in (*table.said.fields, *table.said.given):
        target = references(TABLES[to]).get(name)
        if target is not None and target in IMPLIED and target not in brought:
            yield _named_only(table, target, _made_name(to, name))


def _within(table: _Table) -> tuple[_Table, tuple[Notice, ...]]:
    """The table without references to parents and managers that are no rows of it, and what was left out so.

    A part of a delivery keeps them: their rows may have come before.
    """
    if table.partial:
        return table, ()
    own = [_made_name(table.to, name) for name in _keys_of(table.to) if (table.to, name) in table.said.fields]
    frame, notices = table.frame, []
    for to, name in table.said.fields:
        if references(TABLES[to]).get(name) == to == table.to and own:
            above = pl.col(_made_name(to, name))
            is_there = parsing.key_from(above).is_in(parsing.key_from(pl.col(own[0])).implode())
            lost = frame.filter(~is_there & ~parsing.missing_word(above)).height
            frame = frame.with_columns(pl.when(is_there).then(above).alias(_made_name(to, name)))
            told = f"{table.raw.file}: in {lost} rows {name} names no row of this table, and is left empty."
            notices += [Notice("unknown_parent", told)] if lost else []
    return replace(table, frame=frame), tuple(notices)


def _named_only(table: _Table, target: str, column: str) -> Extract:
    is_said = _says_anything(table, target).any().over(column) & pl.lit(column == table.holders().get(target))
    key = _keys_of(target)[0]
    constants = {f"{target} as {name}": value for name, value in IMPLIED[target].items()}
    given = {name: f"{target} as {name}" for name in IMPLIED[target]}
    kinds = TABLES[target].columns()
    columns: dict[str, str | pl.Expr | Cell] = {key: column, **given}
    columns |= {name: column for name in ("name", "main_site_id") if name in kinds}
    columns |= {"product_id": column} if target == "boms" else {}
    columns |= {"is_active": pl.lit(value=True)} if "is_active" in kinds else {}
    mapping = SourceMapping(
        to=target, table=table.raw.name, columns=columns, key=LINE, derived=True, typed_by_hand=True
    )
    frame = table.frame.with_columns(pl.lit(value).alias(name) for name, value in constants.items())
    return Extract(mapping=mapping, frame=frame.filter(~parsing.missing_word(pl.col(column)) & ~is_said))
