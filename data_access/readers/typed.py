"""Gathering the cells of formats that know types (sheets, JSON, SQLite) into columns of text, with what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from data_access.readers.cells import NOT_NUMBERS, Fault, Moment, Number, float_text
from data_access.readers.delivery import LINE, PROBLEM_SCHEMA
from data_access.readers.problems import SHOWN, Problems, listed

CHUNK = 20_000
TEXT_ONLY = frozenset({str, type(None)})
KIND = pl.Enum(["text", "number", "moment"])
KIND_OF: dict[type, str] = {str: "text", Number: "number", int: "number", float: "number", Moment: "moment"}
ODD_ONES = {"number": "number_in_text_column", "moment": "date_in_text_column"}


@dataclass
class TypedRows:
    """The rows gathered so far: their text, what kind of value each cell was, and the problems found."""

    texts: list[pl.DataFrame] = field(default_factory=list)
    kinds: list[pl.DataFrame] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)

    def take(self, lines: Sequence[int], columns: Mapping[str, Sequence[object]]) -> None:
        """More rows, given by column; a column that came before and is missing now is null for them."""
        texts = [pl.Series(LINE, lines, dtype=pl.Int64)]
        texts += [self._text(name, values, lines) for name, values in columns.items()]
        self.texts.append(pl.DataFrame(texts))
        self.kinds.append(pl.DataFrame({name: _kinds(values) for name, values in columns.items()}))

    def _text(self, name: str, values: Sequence[object], lines: Sequence[int]) -> pl.Series:
        if not TEXT_ONLY.issuperset(map(type, values)):
            values = [self._cell(name, value, line) for value, line in zip(values, lines, strict=True)]
        try:
            return pl.Series(name, values, dtype=pl.String)
        except UnicodeEncodeError:
            whole = [self._whole(name, value, line) for value, line in zip(values, lines, strict=True)]
            return pl.Series(name, whole, dtype=pl.String)

    def _cell(self, name: str, value: object, line: int) -> str | None:
        if isinstance(value, Fault):
            self.problems.add(line, value.rule, column=name, value=value.shown)
            return value.shown[:SHOWN]
        if isinstance(value, float):
            return self._float(name, value, line)
        return cell_text(value)

    def _float(self, name: str, value: float, line: int) -> str:
        text = float_text(value)
        if text in NOT_NUMBERS:
            self.problems.add(line, "not_a_number", column=name, value=text)
        return text

    def _whole(self, name: str, value: object, line: int) -> str | None:
        """Half a UTF-16 character is no text: it is reported, and shown as a question mark."""
        text = cell_text(value)
        shown = None if text is None else text.encode("utf-8", "replace").decode("utf-8")
        if shown != text:
            self.problems.add(line, "broken_character", column=name, value=shown)
        return shown

    def frame(self, columns: Sequence[str] = ()) -> pl.DataFrame:
        """`_line` and every column, one row per record."""
        empty = pl.DataFrame(schema={LINE: pl.Int64, **dict.fromkeys(columns, pl.String)})
        return pl.concat([empty, *self.texts], how="diagonal")

    def found(self, frame: pl.DataFrame) -> list[pl.DataFrame]:
        """All problems of these rows, notes on numbers and dates among texts included."""
        columns = frame.columns[1:]
        kinds = pl.concat([pl.DataFrame(schema=dict.fromkeys(columns, KIND)), *self.kinds], how="diagonal")
        return [self.problems.frame(), *(_odd_ones(frame, column, kinds[column]) for column in columns)]


def cell_text(value: object) -> str | None:
    """The text of one cell that is as it should be."""
    if value is None or isinstance(value, str):
        return value if value is None else str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float_text(value)
    return value.shown if isinstance(value, Fault) else str(value)


def _kinds(values: Sequence[object]) -> pl.Series:
    return pl.Series([KIND_OF.get(type(value)) for value in values], dtype=KIND)


def _odd_ones(frame: pl.DataFrame, column: str, kinds: pl.Series) -> pl.DataFrame:
    """Notes the numbers and dates of a column that is mostly text: a key may have lost its zeros."""
    texts = int((kinds == "text").sum())
    if 2 * texts <= frame.height - frame[column].null_count() or texts == kinds.len() - kinds.null_count():
        return pl.DataFrame(schema=PROBLEM_SCHEMA)
    return pl.concat(listed(frame.filter(kinds == kind), column, rule, note=True) for kind, rule in ODD_ONES.items())
