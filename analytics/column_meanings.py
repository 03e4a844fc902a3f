"""What the tables of an unknown delivery are, and what their columns mean: proposed, with certainty and reason.

Names, values, keys and references between the tables are weighed together: each field is given to one column at most,
and each table to the unified table that explains its columns best. Pure: frames of text in, proposals out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as made
from itertools import combinations

import dataframely as dy
import numpy as np
import polars as pl
from scipy.optimize import linear_sum_assignment

from analytics import column_matches as matches
from analytics.column_matches import Column
from analytics.column_names import Words, initials, plain_words
from analytics.column_values import Values, values_of
from analytics.column_vocabulary import BESIDE, ROWS, UNITS
from analytics.column_words import ours_for, understood
from analytics.tables import TABLES, marks, notations, references

LINE = "_line"
LEAST = 0.68
LEAST_ROW, ROW_LIKELY, ROW_SAID = 0.45, 0.6, 0.85
BY_REFERENCE, OF_ANOTHER = 0.7, 0.6
BY_KEY_ALONE, BY_TIME_ALONE, BY_BEING_FIRST = 0.6, 0.5, 0.55
SURE, NEARLY_ALL = 0.99, 0.95
MOST_UNDERSTOOD, MOST_PARTS = 0.75, 3
HALF_TOLD = 0.4
SAMPLED_KEYS = 300
DELIVERY_DAY = "day of the delivery"

GIVEN: Mapping[str, str] = {
    "products.kind": "storable",
    "sites.kind": "warehouse",
    "boms.kind": "make",
    "boms.quantity": "1",
    "sales_order_lines.quantity": "1",
    "sales_orders.status": "confirmed",
    "purchase_orders.status": "confirmed",
    "work_orders.status": "confirmed",
    "work_order_operations.status": "planned",
    "shipments.status": "done",
    "receipts.status": "done",
    "invoices.kind": "invoice",
    "invoices.status": "posted",
    "supplier_bills.kind": "invoice",
    "supplier_bills.status": "posted",
    "payments.direction": "in",
    "payments.status": "done",
    "opportunities.status": "open",
    "leads.status": "open",
    "tickets.status": "open",
    "feedback.kind": "review",
    "interactions.channel": "other",
    "ledger_entries.status": "posted",
    "scrap.status": "done",
    "consents.purpose": "marketing",
    "inventory_levels.site_id": "main",
    "inventory_levels.as_of_on": DELIVERY_DAY,
}
"""What a field that must have a value is taken to be where no column says it."""


DATED: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "sales_orders.status": ("done", "confirmed", ("shipments.delivered_at", "shipments.shipped_at")),
    "purchase_orders.status": ("done", "confirmed", ("receipts.received_at",)),
    "shipments.status": ("done", "planned", ("shipments.shipped_at", "shipments.delivered_at")),
    "receipts.status": ("done", "planned", ("receipts.received_at",)),
    "work_orders.status": ("done", "confirmed", ("work_orders.finished_at",)),
    "work_order_operations.status": ("done", "planned", ("work_order_operations.finished_at",)),
    "tickets.status": ("closed", "open", ("tickets.closed_at",)),
}
"""A status that a date tells: what it is where the first of these dates that is said is there, and what it is else."""


@dataclass(frozen=True, kw_only=True)
class FieldMeaning:
    """One unified field and where its value comes from.

    ``columns``: several are joined: parts of a name by a blank, parts of a key by a stroke. ``dates``, ``decimals``:
    how days and numbers are written, where not as Tandem does. ``words``: from theirs to ours. ``scale``: what numbers
    are multiplied by. ``inverted``: a yes there is a no here.
    """

    table: str
    field: str
    columns: tuple[str, ...]
    certainty: float
    reason: str
    dates: str | None = None
    decimals: str | None = None
    words: Mapping[str, str] = made(default_factory=dict)
    scale: str | None = None
    inverted: bool = False


@dataclass(frozen=True, kw_only=True)
class TableMeaning:
    """One table of the delivery: the unified table that its rows are, or none, and what its columns mean.

    Fields of further tables that its rows hold besides are among ``fields``. ``given``: values for fields that no
    column says, by table and field. ``missing``: fields that must have a value and have none.
    """

    table: str
    to: str | None
    certainty: float
    reason: str
    fields: tuple[FieldMeaning, ...] = ()
    left_out: tuple[str, ...] = ()
    given: Mapping[str, str] = made(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Raw:
    """A table of the delivery as it is compared."""

    name: str
    words: Words
    frame: pl.DataFrame
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class _Evidence:
    """What other tables say of a table's columns.

    ``keys``: columns whose values other tables hold under the same name. ``points``: from column to the unified tables
    whose keys all its values are; ``elsewhere``: to those none of whose keys it holds.
    """

    keys: frozenset[str] = frozenset()
    points: Mapping[str, frozenset[str]] = made(default_factory=dict)
    elsewhere: Mapping[str, frozenset[str]] = made(default_factory=dict)


@dataclass(frozen=True)
class _Key:
    """The values of a key, and the table and column that it stands in."""

    of: tuple[str, str]
    values: frozenset[str]


@dataclass(frozen=True)
class _Target:
    """A field that a column may be, of the row itself or of what is beside it."""

    table: str
    field: str
    beside: bool


@dataclass(frozen=True)
class _Match:
    """A column and the field it was given, how surely and why."""

    column: Column
    target: _Target
    score: float
    reason: str


@dataclass(frozen=True)
class _Reading:
    """One way to read a table: as which unified table, how good that is, and the matches it rests on."""

    to: str
    row: float
    cover: float
    total: float
    matches: tuple[_Match, ...]


def meanings(tables: Mapping[str, pl.DataFrame], countries: Mapping[str, str]) -> tuple[TableMeaning, ...]:
    """What each table is and its columns mean; one for each table, in the order given.

    ``tables``: frames of text by name, as the readers give them. ``countries``: from names and codes of countries in
    lower case to codes of two letters.
    """
    raws = _raw_tables(tables, countries)
    alone = {raw.name: _Evidence(keys=_shared_keys(raw, raws)) for raw in raws}
    first = {raw.name: _best(raw, alone[raw.name]) for raw in raws}
    known = _keys(raws, first)
    return tuple(_told(raw, _best(raw, _with_references(raw, first[raw.name], known, alone[raw.name]))) for raw in raws)


def _raw_tables(tables: Mapping[str, pl.DataFrame], countries: Mapping[str, str]) -> tuple[_Raw, ...]:
    said = _without_common_prefix({name: plain_words(name.rpartition(".")[2] or name) for name in tables})
    made = []
    for name, frame in tables.items():
        named = [column for column in frame.columns if column != LINE]
        columns = tuple(matches.column(column, values_of(frame[column], countries)) for column in named)
        made.append(_Raw(name, said[name], frame, columns))
    return tuple(made)


def _without_common_prefix(said: Mapping[str, Words]) -> Mapping[str, Words]:
    """What is left of the tables' names without the word with which all of them begin."""
    first = {words[:1] for words in said.values()}
    shared = len(said) > 1 and len(first) == 1 and all(len(words) > 1 for words in said.values())
    return {name: words[1:] for name, words in said.items()} if shared else said


def _best(raw: _Raw, evidence: _Evidence) -> _Reading | None:
    """The reading that explains the table best; None where none explains its key or half of what it must have."""
    rows = {to: _row_likeness(raw, to) for to in ROWS}
    likely = [to for to in ROWS if rows[to] >= LEAST_ROW] or list(ROWS)
    readings = [_read(raw, to, rows[to], evidence) for to in likely]
    sound = [reading for reading in readings if _is_sound(reading)]
    return max(sound, key=lambda reading: reading.total, default=None)


def _row_likeness(raw: _Raw, to: str) -> float:
    """How near the table's name, or its key's, is to what a row of a unified table is called."""
    by_name = matches.row_likeness(raw.words, to)
    keys = (
        column.words for column in raw.columns[:3] if column.values.is_unique and matches.fits_key(column.values) == 1.0
    )
    by_key = matches.row_likeness(tuple(word for word in next(keys, ()) if word != "id"), to)
    return max(by_name, 0.95 * by_key)


def _read(raw: _Raw, to: str, row: float, evidence: _Evidence) -> _Reading:
    found = _assigned(raw, to, row, evidence)
    main = {match.target.field: match.score for match in found if not match.target.beside}
    must = [name for name in matches.needed(to) if f"{to}.{name}" not in GIVEN and name != "currency"]
    follow = {"name": matches.key_of(to), "bom_id": "product_id"}
    share = sum(name in main or follow.get(name) in main for name in must) / max(1, len(must))
    filled = [column for column in raw.columns if not column.values.is_empty]
    cover = sum(match.score for match in found) / max(1, len(filled))
    return _Reading(to, row, cover, 2 * row + share + cover, found)


def _is_sound(reading: _Reading) -> bool:
    must = [name for name in matches.needed(reading.to) if f"{reading.to}.{name}" not in GIVEN and name != "currency"]
    main = {match.target.field for match in reading.matches if not match.target.beside}
    joined = sum(matches.refers_to(reading.to, name) is not None for name in main) >= 2
    found = sum(name in main or (joined and name == matches.key_of(reading.to)) for name in must)
    if reading.row >= ROW_SAID:
        return found > 0
    if reading.row >= ROW_LIKELY:
        return len(main) > 1 and (2 * found >= len(must) or (found > 0 and reading.cover >= HALF_TOLD))
    telling = [name for name in must if name != matches.key_of(reading.to) and name not in matches.OF_ANYTHING]
    told = {name for name in main if name not in matches.OF_ANYTHING}
    if reading.cover < HALF_TOLD:
        return False
    return len(told) >= 3 and bool(telling) and 4 * len(told & {*telling}) >= 3 * len(telling)


def _targets(to: str) -> tuple[_Target, ...]:
    own = tuple(_Target(to, name, beside=False) for name in matches.kinds(to))
    others = BESIDE.get(to, {})
    return own + tuple(_Target(table, name, beside=True) for table, names in others.items() for name in names)


def _assigned(raw: _Raw, to: str, row: float, evidence: _Evidence) -> tuple[_Match, ...]:
    """Each column with its field, chosen together so that all of them fit as well as can be."""
    named = _parts_of_name(raw, to, row)
    targets = [target for target in _targets(to) if not (named and target == named[0].target)]
    columns = [column for column in raw.columns if not column.is_of_record and column not in [m.column for m in named]]
    own = _own_words(raw, to, row)
    scored = [[_score(column, target, own, evidence) for target in targets] for column in columns]
    if not scored or not targets:
        return named
    gain = np.array([[score**3 if score >= LEAST else 0.0 for score, _ in row] for row in scored])
    chosen = zip(*linear_sum_assignment(gain, maximize=True), strict=True)
    found = [_Match(columns[row], targets[place], *scored[row][place]) for row, place in chosen if gain[row, place] > 0]
    return _with_what_is_left(raw, to, (*named, *found), row)


def _own_words(raw: _Raw, to: str, row: float) -> frozenset[str]:
    """Words that a column's name may repeat from its table, or from what one row of it is called."""
    called = {word for name in matches.row_names(to) for word in name}
    shortened = {initials(raw.words)} if row >= ROW_LIKELY else set()
    return frozenset({*plain_words(ROWS[to][0])} | called & {*raw.words} | shortened)


def _score(column: Column, target: _Target, own: frozenset[str], evidence: _Evidence) -> tuple[float, str]:
    bare = tuple(word for word in column.words if word not in own) or column.words
    near, name = matches.named(column.words, bare, target.table, target.field, beside=target.beside)
    fit = matches.fit(column.values, target.table, target.field)
    by_values = 0.0 if target.beside else matches.by_values(column.values, target.table, target.field)
    refers = matches.refers_to(target.table, target.field)
    if column.name in evidence.keys and target.field == matches.key_of(target.table) and near > 0.3:
        return fit * max(near, SURE), "other tables hold its values under the same name"
    if refers == target.table and refers in evidence.points.get(column.name, ()):
        near = max(near, matches.row_likeness(frozenset(column.words) - {"id"}, refers))
    if refers in evidence.points.get(column.name, ()) and near * fit > 0.2 and not target.beside:
        return max(near, BY_REFERENCE) + 0.01, f"its values are keys of {refers}"
    if refers in evidence.elsewhere.get(column.name, ()):
        near *= OF_ANOTHER
    if by_values > near * fit:
        return by_values, "its values say so"
    return near * fit, f"named like {' '.join(name)}"


def _parts_of_name(raw: _Raw, to: str, row: float) -> tuple[_Match, ...]:
    """First and last name, which together are the name of a person."""
    if to not in ("employees", "contacts", "customers", "leads"):
        return ()
    target = _Target(to, "contact_name" if to == "leads" else "name", beside=False)
    own = _own_words(raw, to, row)
    bare = {frozenset(column.words) - own - {"contact"}: column for column in raw.columns}
    parts = [bare.get(frozenset({part, "name"})) for part in ("first", "last")]
    reason = "first and last name are the name"
    found = tuple(_Match(column, target, 0.97, reason) for column in parts if column is not None)
    return found if len(found) == 2 else ()


def _with_what_is_left(raw: _Raw, to: str, found: tuple[_Match, ...], row: float) -> tuple[_Match, ...]:
    """A key that is called otherwise, and the only instants that are left, for fields that must have a value."""
    taken = {match.target.field for match in found if not match.target.beside}
    used = {match.column.name for match in found}
    left = [column for column in raw.columns if column.name not in used and not column.is_of_record]
    key = matches.key_of(to)
    more = []
    if key is not None and key not in taken and row >= ROW_SAID:
        keys = [column for column in left[:2] if column.values.is_unique and matches.fits_key(column.values) == 1.0]
        reason = "it tells every row from the others"
        more += [_Match(each, _Target(to, key, beside=False), BY_BEING_FIRST, reason) for each in keys[:1]]
    days = [name for name in matches.needed(to) if name not in taken and _is_day(to, name)]
    dated = sorted((column for column in left if column.values.is_day), key=lambda c: str(c.values.middle_day))
    if len(days) == 1 and dated:
        more.append(
            _Match(dated[0], _Target(to, days[0], beside=False), BY_TIME_ALONE, "the earliest day that is left")
        )
    return (*found, *more)


def _is_day(table: str, name: str) -> bool:
    return isinstance(matches.kinds(table)[name], (dy.Date, dy.Datetime))


def _keys(raws: tuple[_Raw, ...], first: Mapping[str, _Reading | None]) -> Mapping[str, list[_Key]]:
    """From unified table to the keys that tables of the delivery hold of it."""
    found: dict[str, list[_Key]] = {}
    for raw in raws:
        reading = first[raw.name]
        key = matches.key_of(reading.to) if reading else None
        for match in reading.matches if reading else ():
            if match.target.field == key and not match.target.beside:
                found.setdefault(match.target.table, []).append(_key(raw, match.column.name))
    return found


def _shared_keys(raw: _Raw, raws: tuple[_Raw, ...]) -> frozenset[str]:
    """Columns that tell every row from the others and whose values stand in other tables under the same name."""
    return frozenset(
        column.name
        for column in raw.columns
        if column.values.is_unique and matches.fits_key(column.values) == 1.0
        for other in raws
        if other is not raw and column.name in other.frame.columns
        if not other.column(column.name).values.is_unique
        if (_share_held(other.frame[column.name], [_key(raw, column.name)]) or 0) >= NEARLY_ALL
    )


def _with_references(
    raw: _Raw, reading: _Reading | None, known: Mapping[str, list[_Key]], evidence: _Evidence
) -> _Evidence:
    """What the keys of the other tables say of this table's columns; few small numbers say nothing."""
    itself = reading.to if reading else None
    points, elsewhere = {}, {}
    for column in raw.columns:
        if matches.fits_key(column.values) == 1.0:
            others = {to: [key for key in keys if key.of != (raw.name, column.name)] for to, keys in known.items()}
            shares = {to: _share_held(raw.frame[column.name], keys, column.name) for to, keys in others.items() if keys}
            points[column.name] = frozenset(to for to, share in shares.items() if share == 1)
            elsewhere[column.name] = frozenset(to for to, share in shares.items() if share == 0 and to != itself)
    return replace(evidence, points=points, elsewhere=elsewhere)


def _key(raw: _Raw, column: str) -> _Key:
    return _Key((raw.name, column), frozenset(raw.frame[column].drop_nulls().unique().to_list()))


def _share_held(values: pl.Series, keys: list[_Key], name: str = "") -> float | None:
    """The share of the different values that are among keys; None where there are too few to say.

    Few small numbers are among anybody's keys: they count where the key is called the same.
    """
    sample = values.drop_nulls().unique().head(SAMPLED_KEYS).to_list()
    few = len(sample) < 20 and all(value.isdigit() and len(value) <= 3 for value in sample)
    asked = [key for key in keys if len(sample) >= 3 and (not few or key.of[1] == name)]
    return max((sum(value in key.values for value in sample) / len(sample) for key in asked), default=None)


def _told(raw: _Raw, reading: _Reading | None) -> TableMeaning:
    names = tuple(column.name for column in raw.columns)
    if reading is None:
        told = "no unified table explains its key, or half of what it must have"
        return TableMeaning(table=raw.name, to=None, certainty=0.0, reason=told, left_out=names)
    sure = min(SURE, max(reading.row, 0.6))
    said = _fields_told(raw, reading, sure)
    said = _completed(raw, reading, said)
    used = {column for each in said for column in each.columns}
    given, missing = _not_said(reading.to, said)
    return TableMeaning(
        table=raw.name,
        to=reading.to,
        certainty=round(min(SURE, 0.5 * sure + 0.25 * min(2.0, reading.total - 2 * reading.row)), 2),
        reason=f"{_table_reason(raw, reading)}; {len(used)} of its {len(names)} columns have a field",
        fields=said,
        left_out=tuple(name for name in names if name not in used),
        given=given,
        missing=missing,
    )


def _table_reason(raw: _Raw, reading: _Reading) -> str:
    named = matches.row_likeness(raw.words, reading.to) >= LEAST
    return "its name says so" if named else "its key says so" if reading.row >= LEAST else "its columns say so"


def _fields_told(raw: _Raw, reading: _Reading, sure: float) -> tuple[FieldMeaning, ...]:
    joined: dict[tuple[str, str], list[_Match]] = {}
    for match in reading.matches:
        joined.setdefault((match.target.table, match.target.field), []).append(match)
    order = {column.name: place for place, column in enumerate(raw.columns)}
    made = [_field_told(parts, sure) for parts in joined.values()]
    return tuple(sorted(made, key=lambda each: order[each.columns[0]]))


def _field_told(parts: list[_Match], sure: float) -> FieldMeaning:
    match = parts[0]
    values = match.column.values
    told = FieldMeaning(
        table=match.target.table,
        field=match.target.field,
        columns=tuple(part.column.name for part in parts),
        certainty=round(min(SURE, match.score * (0.7 + 0.3 * sure)), 2),
        reason=match.reason,
    )
    return _with_notation(told, match.column, values)


def _with_notation(told: FieldMeaning, column: Column, values: Values) -> FieldMeaning:
    """The field with how its values are written, and what of them is ours."""
    kind = matches.kinds(told.table)[told.field]
    if isinstance(kind, (dy.Date, dy.Datetime)):
        return _dated(told, values)
    if isinstance(kind, (dy.Decimal, dy.Int64, dy.Float64)):
        return _numbered(told, column)
    if isinstance(kind, dy.Bool):
        inverted = bool(matches.INVERTED & set(column.words)) and told.field == "is_active"
        reason = f"{told.reason}; a yes there is a no here" if inverted else told.reason
        return replace(told, inverted=inverted, reason=reason)
    return _worded(told, values) if isinstance(kind, dy.Enum) else told


def _dated(told: FieldMeaning, values: Values) -> FieldMeaning:
    if values.order is None or values.order == notations.ISO:
        return replace(told, reason=f"{told.reason}; its values are days")
    unsure = ", which day 13 or later would prove" if values.is_ambiguous else ""
    certainty = min(told.certainty, 0.5) if values.is_ambiguous else told.certainty
    reason = f"{told.reason}; its values are days, {values.order}{unsure}"
    return replace(told, dates=values.order, reason=reason, certainty=certainty)


def _numbered(told: FieldMeaning, column: Column) -> FieldMeaning:
    unit = UNITS.get(column.unit or "")
    scale = unit[1] if unit and unit[0] == told.field and unit[1] != "1" else None
    if marks(matches.kinds(told.table)[told.field]).get("unit") == "share of 1" and column.values.largest_number > 1:
        scale = "0.01"
    scaled = f"; its values are multiplied by {scale}" if scale else ""
    decimals = notations.COMMA if column.values.mark == notations.COMMA else None
    comma = "; a comma stands before the decimals" if decimals else ""
    return replace(told, scale=scale, decimals=decimals, reason=f"{told.reason}; numbers{scaled}{comma}")


def _worded(told: FieldMeaning, values: Values) -> FieldMeaning:
    words = ours_for(told.table, told.field, values.words)
    share = understood(told.table, told.field, values.words)
    unknown = "" if share == 1 else f"; {1 - share:.0%} of its words are not known: add them under words"
    return replace(
        told, words=words, reason=f"{told.reason}{unknown}", certainty=round(told.certainty * (0.5 + share / 2), 2)
    )


def _completed(raw: _Raw, reading: _Reading, said: tuple[FieldMeaning, ...]) -> tuple[FieldMeaning, ...]:
    """What follows for fields that must have a value: a key of several columns, the key as name, a status of words."""
    to, taken = reading.to, {each.field for each in said if each.table == reading.to}
    more = list(said)
    key = matches.key_of(to)
    if key is not None and key not in taken:
        more += _joined_key(raw, to, key, said)
    if "name" in matches.needed(to) and "name" not in taken:
        alone = [each for each in more if each.field == key and each.table == to and len(each.columns) == 1]
        reason = "the key is the only name"
        more += [replace(each, field="name", certainty=BY_KEY_ALONE, reason=reason) for each in alone]
    if to == "bom_lines" and "bom_id" not in taken:
        makes = [each for each in said if each.table == to and each.field == "product_id"]
        more += [replace(each, field="bom_id", reason="a bill is known by what it makes") for each in makes]
    more += _worded_from_others(raw, to, taken, said)
    return tuple(more)


def _joined_key(raw: _Raw, to: str, key: str, said: tuple[FieldMeaning, ...]) -> list[FieldMeaning]:
    """The fewest columns of references and counters that together tell every row from the others."""
    own = references(TABLES[to])
    names = [
        each.columns[0] for each in said if each.table == to and (each.field in own or each.field == "line_number")
    ]
    names += [column.name for column in raw.columns if column.name not in names and _may_be_part(column)][:MOST_PARTS]
    whole = raw.frame.height
    for size in (1, 2, 3):
        for chosen in combinations(names, size):
            if raw.frame.select(chosen).drop_nulls().n_unique() == whole:
                reason = "together they tell every row from the others"
                return [FieldMeaning(table=to, field=key, columns=chosen, certainty=0.8, reason=reason)]
    return []


def _may_be_part(column: Column) -> bool:
    values = column.values
    return (
        values.filled == values.rows and values.distinct > 1 and matches.fits_key(values) == 1.0 and not values.spaced
    )


def _worded_from_others(raw: _Raw, to: str, taken: set[str], said: tuple[FieldMeaning, ...]) -> list[FieldMeaning]:
    """A status that must be said and is told by the words of another column, such as a stage."""
    kinds = matches.kinds(to)
    wanted = [name for name in matches.needed(to) if isinstance(kinds[name], dy.Enum) and name not in taken]
    told = []
    for name in wanted:
        for each in said:
            words = raw.column(each.columns[0]).values.words
            if each.table == to and len(words) > 1 and understood(to, name, words) >= MOST_UNDERSTOOD:
                as_words = ours_for(to, name, words)
                reason = f"the words of {each.columns[0]} say it"
                told.append(
                    FieldMeaning(
                        table=to, field=name, columns=each.columns, certainty=0.7, reason=reason, words=as_words
                    )
                )
                break
    return told


def _not_said(to: str, said: tuple[FieldMeaning, ...]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Values for what no column says, and what must be said by a person."""
    told = {(each.table, each.field) for each in said}
    given: dict[str, str] = {}
    missing: list[str] = []
    for table in dict.fromkeys((to, *(each.table for each in said))):
        for name in matches.needed(table):
            if (table, name) in told or (table != to and _is_from_main(table, name, to)):
                continue
            known = by_date(f"{table}.{name}", told) or GIVEN.get(f"{table}.{name}")
            if known is not None:
                given[f"{table}.{name}"] = known
            else:
                missing.append(f"{table}.{name}")
    return given, tuple(missing)


def by_date(full: str, told: Collection[tuple[str, ...]]) -> str | None:
    """The status that a date tells, written as mapping files do."""
    there, otherwise, dates = DATED.get(full, ("", "", ()))
    said = next((date for date in dates if tuple(date.split(".")) in told), None)
    return None if said is None else f"{there} where {said}, else {otherwise}"


def _is_from_main(table: str, name: str, to: str) -> bool:
    """Whether a row beside another one takes the field from it: its key, its name if it has no other, a reference."""
    return name in (matches.key_of(table), "name") or matches.refers_to(table, name) == to
