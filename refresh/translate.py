"""From a source's rows to rows of a unified table: every field cast by the contract of its column; what does not fit
is set aside, never guessed."""

from dataclasses import dataclass

import dataframely as dy
import polars as pl

from analytics.tables import SHARED, Record, fields, marks, parsing, references
from data_access.mapping import LINE, ROW, Cell, Extract, Mapping, Notice
from refresh.aside import as_json

TYPED = "_typed_"

FAILURES: tuple[tuple[type[dy.Column], str], ...] = (
    (dy.Decimal, "not_a_number"),
    (dy.Int64, "not_a_whole_number"),
    (dy.Float64, "not_a_number"),
    (dy.Datetime, "not_an_instant"),
    (dy.Date, "not_a_date"),
    (dy.Bool, "not_true_or_false"),
    (dy.Enum, "unknown_word"),
)


@dataclass(frozen=True)
class Translated:
    """``rows``: typed unified rows with ``_row`` and ``_line``, not yet checked against rules.

    ``aside``: what could not be translated. ``notices``: what was kept, but not to the last digit.
    """

    rows: pl.DataFrame
    aside: pl.DataFrame
    notices: tuple[Notice, ...]


def translated(extract: Extract, source: str) -> Translated:
    """The unified rows of one extract."""
    mapping = extract.mapping
    frame = extract.frame if mapping.only is None else extract.frame.filter(mapping.only)
    if LINE not in frame.columns:
        frame = frame.with_columns(pl.lit(None, pl.Int64).alias(LINE))
    fields_of = [_Field(name, value, mapping, frame.schema) for name, value in mapping.columns.items()]
    typed = frame.with_columns(field.expression.alias(field.typed) for field in fields_of)
    judged = _judged(typed, fields_of, _reader_problems(extract, frame))
    good = judged.filter(pl.col("rule").is_null())
    bad = judged.filter(pl.col("rule").is_not_null())
    rounded = tuple(notice for field in fields_of if (notice := field.rounding(frame)) is not None)
    return Translated(_unified(good, fields_of, mapping, source), _aside(bad, frame.columns), rounded)


def _judged(typed: pl.DataFrame, fields_of: list["_Field"], unreadable: pl.DataFrame) -> pl.DataFrame:
    """The rows with the first rule that each broke, if any: what the reader found before what failed to be cast."""
    doubtful = [field for field in fields_of if field.can_fail]
    found = typed.select(field.failed.any().alias(field.name) for field in doubtful)
    failing = [field for field in doubtful if found.get_column(field.name).item()]
    judged = typed.with_columns(_first_failure(failing)).join(unreadable, on=ROW, how="left", maintain_order="left")
    return judged.with_columns(
        rule=pl.coalesce("_problem", "rule"),
        column_name=pl.coalesce("_problem_column", "column_name"),
        value=pl.coalesce("_problem_value", "value"),
    )


def _reader_problems(extract: Extract, frame: pl.DataFrame) -> pl.DataFrame:
    empty = pl.DataFrame(
        schema={ROW: pl.String, "_problem": pl.String, "_problem_column": pl.String, "_problem_value": pl.String}
    )
    if extract.problems is None or extract.problems.is_empty():
        return empty
    known = extract.problems.join(frame.select(ROW), on=ROW, how="semi")
    first = known.unique(ROW, keep="first", maintain_order=True)
    return first.select(ROW, _problem="rule", _problem_column="column", _problem_value="value")


def _aside(broken: pl.DataFrame, source_columns: list[str]) -> pl.DataFrame:
    shown = [name for name in source_columns if name not in (ROW, LINE)]
    return broken.select(ROW, LINE, "rule", "column_name", pl.col("value").cast(pl.String)).with_columns(
        as_json(broken, shown)
    )


class _Field:
    """One unified column: the expression that gives it, and when that fails."""

    def __init__(self, name: str, value: str | pl.Expr | Cell, mapping: Mapping, schema: pl.Schema) -> None:
        self.name = name
        self.column = mapping.schema.columns()[name]
        self.identifier = bool((self.column.metadata or {}).get("identifier"))
        self._mapping = mapping
        self._cell = value if isinstance(value, Cell) else Cell(column=value) if isinstance(value, str) else None
        self._given = value if isinstance(value, pl.Expr) else None
        self._dtype = schema[self._cell.column] if self._cell else None

    @property
    def source(self) -> pl.Expr:
        """The value as it came."""
        return pl.col(self._cell.column) if self._cell else self._given  # type: ignore[return-value]

    @property
    def expression(self) -> pl.Expr:
        """The typed value; null where it is missing or does not fit."""
        if self._given is not None:
            return self._given.cast(pl.String if self.identifier else self.column.dtype, strict=False)
        return self._scaled(self._cast(self._defaulted(self._missing_as_null())))

    @property
    def typed(self) -> str:
        """The name of the column that holds the typed value beside the source's own columns."""
        return f"{TYPED}{self.name}"

    @property
    def can_fail(self) -> bool:
        """Whether there can be a value that does not fit: not for texts, nor for values that an expression gives."""
        return self._cell is not None and not (isinstance(self.column, dy.String) or self.identifier)

    @property
    def failed(self) -> pl.Expr:
        """True where there is a value and it does not fit, once the typed value is there."""
        return self._missing_as_null().is_not_null() & pl.col(self.typed).is_null()

    def rounding(self, frame: pl.DataFrame) -> Notice | None:
        """The notice that numbers were rounded to the decimals that the column keeps; None where none was."""
        if self._cell is None or not self._is_text() or not isinstance(self.column, dy.Decimal):
            return None
        long = frame.filter(self.source.str.contains(r"[.]\d{7}|[eE]"))
        found = long.filter(parsing.loses_digits(self.source, self.column.scale)).height if long.height else 0
        kept = f"{found} values of {self.name} have more than {self.column.scale} decimals and were rounded half up."
        return Notice("rounded", kept) if found else None

    def _is_text(self) -> bool:
        return isinstance(self._dtype, pl.String)

    def _missing_as_null(self) -> pl.Expr:
        plain_text = isinstance(self.column, dy.String) and not self.identifier and not self._is_coded()
        if not self._mapping.typed_by_hand or not self._is_text() or plain_text:
            return self.source
        if self._unit() == "ISO 3166":
            return pl.when(self.source.str.strip_chars() != "").then(self.source)
        return pl.when(~parsing.missing_word(self.source)).then(self.source)

    def _unit(self) -> str | None:
        return marks(self.column).get("unit")

    def _is_coded(self) -> bool:
        """A code, where a missing word is no code; but NA is Namibia."""
        return self._unit() in ("ISO 4217", "ISO 3166")

    def _defaulted(self, value: pl.Expr) -> pl.Expr:
        default = self._cell.default if self._cell else None
        return (
            value
            if default is None
            else value.cast(pl.String).fill_null(default)
            if self._is_text()
            else value.fill_null(default)
        )

    def _cast(self, value: pl.Expr) -> pl.Expr:
        if self.identifier:
            return parsing.key_from(value) if self._mapping.typed_by_hand and self._is_text() else value.cast(pl.String)
        if isinstance(self.column, dy.Enum):
            return self._word(value.cast(pl.String))
        if self._is_text():
            return _from_text(value, self.column)
        return _from_typed(value, self.column, self._dtype)

    def _word(self, value: pl.Expr) -> pl.Expr:
        plain = value.str.strip_chars().str.to_lowercase() if self._mapping.typed_by_hand else value
        words = (self._cell.words if self._cell else None) or {}
        return (plain.replace(words) if words else plain).cast(self.column.dtype, strict=False)

    def _scaled(self, value: pl.Expr) -> pl.Expr:
        if self._cell is None or self._cell.scale is None:
            return value
        return (value * pl.lit(self._cell.scale).cast(pl.Decimal(24, 6))).cast(self.column.dtype, strict=False)


def _from_text(value: pl.Expr, column: dy.Column) -> pl.Expr:
    if isinstance(column, dy.Decimal):
        return parsing.decimal_from(value, scale=column.scale)
    if isinstance(column, dy.Datetime):
        return parsing.instant_from(value)
    if isinstance(column, dy.Date):
        return parsing.date_from(value)
    if isinstance(column, dy.Bool):
        return parsing.boolean_from(value)
    if isinstance(column, dy.Int64):
        return parsing.integer_from(value)
    return value.cast(column.dtype, strict=False)


def _from_typed(value: pl.Expr, column: dy.Column, dtype: pl.DataType | None) -> pl.Expr:
    if isinstance(column, dy.Datetime):
        zoned = isinstance(dtype, pl.Datetime) and dtype.time_zone
        instant = value.cast(pl.Datetime("us", dtype.time_zone if isinstance(dtype, pl.Datetime) else None))
        return instant.dt.convert_time_zone("UTC") if zoned else instant.dt.replace_time_zone("UTC")
    if isinstance(column, dy.Decimal) and isinstance(dtype, (pl.Float32, pl.Float64)):
        return parsing.decimal_from(value.cast(pl.String), scale=column.scale)
    return value.cast(column.dtype, strict=False)


def _first_failure(failing: list[_Field]) -> list[pl.Expr]:
    none = pl.lit(None, pl.String)
    rules = [pl.when(field.failed).then(pl.lit(_failure_rule(field.column))) for field in failing]
    names = [pl.when(field.failed).then(pl.lit(field.name)) for field in failing]
    values = [pl.when(field.failed).then(field.source.cast(pl.String)) for field in failing]
    return [
        pl.coalesce(*rules, none).alias("rule"),
        pl.coalesce(*names, none).alias("column_name"),
        pl.coalesce(*values, none).alias("value"),
    ]


def _failure_rule(column: dy.Column) -> str:
    return next((rule for kind, rule in FAILURES if isinstance(column, kind)), "not_text")


def _unified(good: pl.DataFrame, fields_of: list[_Field], mapping: Mapping, source: str) -> pl.DataFrame:
    schema = mapping.schema
    key = schema.primary_key()
    given = {field.name: pl.col(field.typed) for field in fields_of}
    typed = good.select(ROW, LINE, **({"company_id": _company(mapping)} | given))
    raw_key = (
        pl.col(key[0])
        if len(key) == 1
        else pl.concat_str([pl.col(name).cast(pl.String) for name in key], separator="/")
    )
    prefixed = [_prefixed(name, source) for name in _identifiers(schema) if name in typed.columns]
    absent = [
        pl.lit(None, schema.columns()[name].dtype).alias(name) for name in fields(schema) if name not in typed.columns
    ]
    return typed.with_columns(source_id=raw_key, source=pl.lit(source)).with_columns(prefixed).with_columns(absent)


def _company(mapping: Mapping) -> pl.Expr:
    if mapping.company is None:
        return pl.lit(None, pl.String)
    return (pl.col(mapping.company) if isinstance(mapping.company, str) else mapping.company).cast(pl.String)


def _identifiers(schema: type[Record]) -> list[str]:
    marked = [name for name, column in schema.columns().items() if (column.metadata or {}).get("identifier")]
    return list(dict.fromkeys([*marked, *references(schema), "company_id"]))


def _prefixed(name: str, source: str) -> pl.Expr:
    own = pl.col(name).cast(pl.String)
    return (
        pl.when(own == SHARED)
        .then(own)
        .when(own.is_not_null())
        .then(pl.concat_str(pl.lit(f"{source}:"), own))
        .alias(name)
    )
