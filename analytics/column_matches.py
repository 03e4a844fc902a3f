"""How well one column fits one unified field: by its name, and by whether its values are of the field's kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import dataframely as dy

from analytics.column_names import Words, fulfils, heavy, likeness, plain_words
from analytics.column_values import MOSTLY, Values
from analytics.column_vocabulary import FIELDS, REFERENCES, ROWS, UNITS
from analytics.column_words import understood
from analytics.tables import TABLES, fields, marks, references

LATER = 0.012
MANY_ROWS = 20
BARE, BESIDE_OTHERS, ALONE = 0.98, 0.93, 0.8
KEY_WORDS = (("id", 1.0), ("", 0.99), ("number", 0.97), ("code", 0.97), ("name", 0.9))
LONE_KEYS = (("id", 0.92), ("code", 0.9), ("number", 0.9))
OF_ANYTHING = frozenset(
    {"name", "email", "phone", "country", "city", "region", "segment", "role", "status", "currency", "barcode", "cost"}
)
"""Fields that rows of many kinds have: beside another row they are said together with what they are of."""

NUMBERED = frozenset({"number", "code", "sku", "barcode", "tax_number", "supplier_sku", "customer_reference"})
NUMBERED |= {
    "supplier_reference",
    "document_number",
    "tracking_number",
    "kind",
    "segment",
    "region",
    "stage",
    "origin",
}
PLACES = frozenset({"country", "city", "region"})
"""Where an order says no more, these are its customer's."""

INVERTED = frozenset({"discontinued", "blocked", "closed"})
ALMOST_NEVER, HARDLY, PERHAPS, NEARLY_UNIQUE = 0.05, 0.2, 0.5, 0.85


@dataclass(frozen=True)
class Column:
    """A column of unknown meaning: its name in plain words, without a unit at the end, and its values."""

    name: str
    words: Words
    unit: str | None
    values: Values

    @property
    def is_of_record(self) -> bool:
        """Whether it says when or by whom the record was last changed, which is nothing of what the record is of."""
        return bool({"modified", "changed", "updated"} & set(self.words))


def column(name: str, values: Values) -> Column:
    """The column as it is compared."""
    last = name.replace("-", "_").split("_")[-1].lower()
    said = plain_words(name)
    unit = last if last in UNITS and len(said) > 1 else None
    return Column(name, tuple(word for word in said if word != unit), unit, values)


def row_likeness(said: Iterable[str], table: str) -> float:
    """How near a name is to what one row of a unified table is called."""
    words = tuple(said)
    return max(
        ((1 - LATER * later) * likeness(words, name) for later, name in enumerate(row_names(table))), default=0.0
    )


@cache
def row_names(table: str) -> tuple[Words, ...]:
    """What one row of a unified table is called, in plain words."""
    return tuple(dict.fromkeys(plain_words(name) for name in ROWS.get(table, ())))


@cache
def kinds(table: str) -> Mapping[str, dy.Column]:
    """From each field of a unified table to its kind."""
    return {name: kind for name, kind in TABLES[table].columns().items() if name in fields(TABLES[table])}


@cache
def keys_of(table: str) -> tuple[str, ...]:
    """The columns of the table's key."""
    return tuple(TABLES[table].primary_key())


def key_of(table: str) -> str | None:
    """The table's key, where it is one column of its own."""
    keys = keys_of(table)
    return keys[0] if len(keys) == 1 else None


@cache
def refers_to(table: str, field: str) -> str | None:
    """The table whose key a field holds."""
    return references(TABLES[table]).get(field)


@cache
def names_of(table: str, field: str, *, beside: bool = False) -> tuple[tuple[Words, float], ...]:
    """What a field is called, each name with how much it counts; ``beside``: in a row that is mainly something else."""
    target = refers_to(table, field)
    if field == key_of(table):
        return (*_key_names(ROWS[table]), *((plain_words(name), weight) for name, weight in LONE_KEYS))
    if target is not None:
        return _key_names(REFERENCES.get(f"{table}.{field}") or REFERENCES.get(field) or ROWS.get(target, ()))
    said = FIELDS.get(f"{table}.{field}") or FIELDS.get(field) or (field.replace("_", " "),)
    named = [(plain_words(name), 1 - LATER * later) for later, name in enumerate(said)]
    if not (beside and field in OF_ANYTHING):
        return tuple(named)
    alone = tuple((name, weight * ALONE) for name, weight in named) if field in PLACES and table == "customers" else ()
    return (*(((*row, *name), weight) for row in row_names(table)[:3] for name, weight in named), *alone)


def _key_names(rows: tuple[str, ...]) -> tuple[tuple[Words, float], ...]:
    return tuple(
        (plain_words(f"{row} {word}".strip()), weight * (1 - LATER * later))
        for later, row in enumerate(rows)
        for word, weight in KEY_WORDS
    )


def named(said: Words, bare: Words, table: str, field: str, *, beside: bool = False) -> tuple[float, Words]:
    """How near a column's name is to a field's, and the name that it is near to.

    ``bare``: the name without the words that its whole table is called.
    """
    best = 0.0
    nearest: Words = ()
    in_a_role = field in REFERENCES or f"{table}.{field}" in REFERENCES
    for name, weight in names_of(table, field, beside=beside):
        if in_a_role and not heavy(name) <= set(said):
            continue
        near = weight * max(fulfils(said, name), 0.0 if beside else BARE * fulfils(bare, name))
        if near > best:
            best, nearest = near, name
    return best * (BESIDE_OTHERS if beside else 1.0), nearest


def fit(values: Values, table: str, field: str) -> float:
    """Whether values are of a field's kind, from 0 to 1; 0.9 where there are none."""
    if values.is_empty:
        return MOSTLY
    kind = kinds(table)[field]
    if field == key_of(table):
        return fits_key(values) * (1.0 if values.is_unique else NEARLY_UNIQUE if values.is_nearly_unique else 0.0)
    if (kind.metadata or {}).get("identifier"):
        rather_its_key = not kind.nullable and values.is_unique and values.rows > MANY_ROWS
        return fits_key(values) * (MOSTLY if rather_its_key else 1.0)
    return _fit_of(kind, values, table, field)


def _fit_of(kind: dy.Column, values: Values, table: str, field: str) -> float:
    if isinstance(kind, (dy.Date, dy.Datetime)):
        return 1.0 if values.is_day else ALMOST_NEVER
    if isinstance(kind, (dy.Decimal, dy.Int64, dy.Float64)):
        return _number_fit(values, field)
    if isinstance(kind, dy.Bool):
        return 1.0 if values.is_flag else PERHAPS if values.is_day else ALMOST_NEVER
    if isinstance(kind, dy.Enum):
        return _word_fit(values, table, field)
    return _text_fit(values, marks(kind).get("unit"), field)


def fits_key(values: Values) -> float:
    """Whether values can be keys: no days, no fractions, no sentences."""
    if values.is_day or values.has_fractions:
        return ALMOST_NEVER
    return HARDLY if values.is_long or values.links > PERHAPS else 1.0


def _number_fit(values: Values, field: str) -> float:
    if not values.is_number:
        return ALMOST_NEVER
    if field in ("discount", "probability") and values.largest_number > 100:
        return HARDLY
    return 1.0 if not (field in ("line_number", "sequence") and values.has_fractions) else ALMOST_NEVER


def _word_fit(values: Values, table: str, field: str) -> float:
    if values.is_day or values.has_fractions or not values.words:
        return HARDLY
    if values.is_number:
        return 0.8
    return 0.7 + 0.3 * understood(table, field, values.words)


def _text_fit(values: Values, unit: object, field: str) -> float:
    if unit == "ISO 3166":
        return 1.0 if values.countries >= 0.7 else 0.6 if not values.is_number else HARDLY
    if unit == "ISO 4217":
        return 1.0 if values.currencies >= PERHAPS else 0.6
    if field == "email":
        return 1.0 if values.emails >= 0.7 else HARDLY
    if field == "phone":
        return 1.0 if values.phones >= 0.5 else 0.4
    if values.is_day:
        return ALMOST_NEVER
    if values.is_number:
        return 1.0 if field in NUMBERED else 0.4
    return HARDLY if values.links > PERHAPS else 1.0


def by_values(values: Values, table: str, field: str) -> float:
    """How surely the values alone tell a field, whatever the column is called."""
    unit = marks(kinds(table)[field]).get("unit")
    if field == "email" and values.emails >= MOSTLY:
        return 0.78
    if unit == "ISO 3166" and values.countries >= 0.8 and values.mean_length > 3:
        return 0.78
    return 0.75 if unit == "ISO 4217" and values.currencies >= MOSTLY else 0.0


@cache
def needed(table: str) -> tuple[str, ...]:
    """Fields that must have a value and are no flag."""
    return tuple(name for name, kind in kinds(table).items() if not kind.nullable and not isinstance(kind, dy.Bool))
