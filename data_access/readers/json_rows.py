"""JSON and NDJSON: an array of objects, tables by name, or one object a line; numbers keep their digits."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np

from data_access.readers.cells import Fault, Number, number_text
from data_access.readers.delivery import Finding, RawTable, TableRefused, refused_table
from data_access.readers.encodings import as_utf8
from data_access.readers.files import Piece
from data_access.readers.headers import MAX_COLUMNS, column_names, normalised
from data_access.readers.problems import SHOWN, closed
from data_access.readers.signatures import HEAD, require_text
from data_access.readers.typed import CHUNK, TypedRows

DEEPEST = 50
NAMED_TABLES = re.compile(r'\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\[')
SPACE = re.compile(r"\s*")

Known = Mapping[str, frozenset[str]]


class _Object(tuple[tuple[str, object], ...]):
    """A JSON object as its pairs, so that a key given twice is seen."""

    __slots__ = ()


@dataclass(frozen=True)
class _Broken:
    """A line that is no JSON object."""

    text: str


def _number(written: str) -> Number:
    return Number(number_text(written))


def _no_number(written: str) -> Fault:
    return Fault("not_a_number", written)


DECODER = json.JSONDecoder(object_pairs_hook=_Object, parse_float=_number, parse_int=_number, parse_constant=_no_number)


def read_json(piece: Piece, known: Known) -> list[RawTable]:
    """The known tables of a JSON file: those it names itself, else the one its file name says."""
    try:
        text, warnings = _text(piece)
        if _names_tables(text, piece.ending):
            return _named_tables(text, piece, known, warnings)
        if piece.stem not in known:
            return []
        rows = _elements(text) if text.lstrip().startswith("[") else _line_objects(text, piece.label)
        return [_table(rows, piece.stem, piece.label, known[piece.stem], warnings)]
    except TableRefused as refusal:
        return [refused_table(piece.stem, piece.label, refusal.finding)] if piece.stem in known else []
    except json.JSONDecodeError as error:
        return [refused_table(piece.stem, piece.label, _invalid(piece.label, error))]


def _names_tables(text: str, ending: str) -> bool:
    """Whether the file is one object that holds arrays by name, and not one object a line."""
    if ending != ".json" or not text.lstrip().startswith("{"):
        return False
    try:
        first, end = DECODER.raw_decode(text, _skip(text, 0))
    except json.JSONDecodeError:
        return bool(NAMED_TABLES.match(text))
    return not text[end:].strip() and any(isinstance(value, list) for _, value in first)


def _text(piece: Piece) -> tuple[str, tuple[Finding, ...]]:
    with piece.path.open("rb") as opened:
        head = opened.read(HEAD)
    require_text(head, piece.label)
    found = as_utf8(piece)
    content = found.path.read_bytes()
    if depth(content) > DEEPEST:
        raise TableRefused(
            "too_deep", f"{piece.label} is nested more than {DEEPEST} levels deep; send an array of flat objects."
        )
    text = content.decode("utf-8-sig")
    if text.lstrip()[:1] not in ("{", "["):
        raise TableRefused(
            "not_what_it_says", f"{piece.label} is named like JSON, but holds none; send an array of objects."
        )
    return text, found.warnings


def depth(content: bytes) -> int:
    """How deep brackets are nested, brackets within strings left out; found without parsing."""
    codes = np.frombuffer(content, dtype=np.uint8)
    outside = (
        np.searchsorted(_string_quotes(content, codes), brackets := np.flatnonzero(np.isin(codes, list(b"[]{}")))) % 2
        == 0
    )
    steps = np.where(np.isin(codes[brackets[outside]], list(b"[{")), 1, -1)
    return int(np.cumsum(steps).max(initial=0))


def _string_quotes(content: bytes, codes: np.typing.NDArray[np.uint8]) -> np.typing.NDArray[np.int64]:
    """Where strings begin and end: the quotes that no backslash escapes."""
    if b"\\" not in content:
        return np.flatnonzero(codes == ord('"'))
    unescaped = re.sub(rb"\\.", b"__", content, flags=re.DOTALL)
    return np.flatnonzero(np.frombuffer(unescaped, dtype=np.uint8) == ord('"'))


def _elements(text: str, position: int | None = None) -> Iterator[tuple[int, object]]:
    """Number and value of every element of the array here; raises JSONDecodeError where it is cut or broken."""
    alone = position is None
    position = _skip(text, _skip(text, position or 0) + 1)
    number = 0
    while not text.startswith("]", position):
        value, position = DECODER.raw_decode(text, position)
        number += 1
        yield number, value
        position = _after_element(text, position)
    if alone and text[position + 1 :].strip():
        raise json.JSONDecodeError("Something follows the end of the array", text, position + 1)


def _after_element(text: str, position: int) -> int:
    position = _skip(text, position)
    if text.startswith("]", position):
        return position
    if not text.startswith(",", position):
        raise json.JSONDecodeError("A comma or the end of the array is missing", text, position)
    position = _skip(text, position + 1)
    if text.startswith("]", position):
        raise json.JSONDecodeError("An element is missing after the comma", text, position)
    return position


def _skip(text: str, position: int) -> int:
    space = SPACE.match(text, position)
    return space.end() if space else position


def _expected(text: str, sign: str, position: int) -> int:
    """Position of a sign that must come next."""
    position = _skip(text, position)
    if not text.startswith(sign, position):
        raise json.JSONDecodeError(f"Expecting '{sign}'", text, position)
    return position


def _line_objects(text: str, file: str) -> Iterator[tuple[int, object]]:
    """Line number and value of every filled line; a last line that is cut off refuses the file."""
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, _line_value(line, file, number, is_cut=number == len(lines))


def _line_value(line: str, file: str, number: int, *, is_cut: bool) -> object:
    try:
        return DECODER.decode(line)
    except json.JSONDecodeError as error:
        if is_cut:
            raise TableRefused(
                "truncated", f"{file} ends in the middle of line {number}; send the whole file again."
            ) from error
        return _Broken(line[:SHOWN])


def _named_tables(text: str, piece: Piece, known: Known, warnings: tuple[Finding, ...]) -> list[RawTable]:
    """Every known table of {"products": [...], ...}; a single array under another name takes the file's own."""
    arrays: list[tuple[str, int]] = []
    try:
        arrays.extend(_array_positions(text))
    except json.JSONDecodeError as error:
        broken = [name for name, _ in arrays if name in known] or [piece.stem]
        return [refused_table(name, piece.label, _invalid(piece.label, error)) for name in broken if name in known]
    named = [(name, position) for name, position in arrays if name in known]
    if not named and len(arrays) == 1 and piece.stem in known:
        named = [(piece.stem, arrays[0][1])]
    return [
        _table(_elements(text, position), name, f"{piece.label}#{name}", known[name], warnings)
        for name, position in named
    ]


def _array_positions(text: str) -> Iterator[tuple[str, int]]:
    """Normalised key, and position, of every array in the outermost object."""
    position = _skip(text, _skip(text, 0) + 1)
    while not text.startswith("}", position):
        key, position = DECODER.raw_decode(text, position)
        position = _skip(text, _expected(text, ":", position) + 1)
        if text.startswith("[", position):
            yield normalised(str(key)), position
        _, position = DECODER.raw_decode(text, position)
        position = _skip(text, position)
        if not text.startswith("}", position):
            position = _expected(text, '"', _expected(text, ",", position) + 1)


def _table(
    rows: Iterable[tuple[int, object]], name: str, file: str, known: Collection[str], warnings: tuple[Finding, ...]
) -> RawTable:
    gathered, names = TypedRows(), _Names(file)
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        objects = [_cells(line, value, names, gathered) for line, value in chunk]
        columns = {column: [cells.get(column) for cells in objects] for column in names.columns}
        gathered.take([line for line, _ in chunk], columns)
    frame = gathered.frame(names.columns)
    return closed(name, file, frame, known, problems=gathered.found(frame), warnings=warnings)


class _Names:
    """The columns seen so far, in the order of their first appearance."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.of_key: dict[str, str] = {}
        self.columns: list[str] = []

    def column(self, key: str) -> str:
        """The column that this key belongs to."""
        if key not in self.of_key:
            (name,) = column_names([key], self.file)
            self.of_key[key] = name
            self._add(name)
        return self.of_key[key]

    def _add(self, name: str) -> None:
        if name not in self.columns:
            self.columns.append(name)
        if len(self.columns) > MAX_COLUMNS:
            raise TableRefused(
                "too_many_columns",
                f"{self.file} has more than {MAX_COLUMNS} different keys; send at most {MAX_COLUMNS}.",
            )


def _cells(line: int, value: object, names: _Names, gathered: TypedRows) -> dict[str, object]:
    if not isinstance(value, _Object):
        shown = value.text if isinstance(value, _Broken) else _shown(value)
        gathered.problems.add(line, "not_an_object", value=shown)
        return {}
    cells: dict[str, object] = {}
    for key, given in value:
        column = names.column(key)
        if column in cells:
            gathered.problems.add(line, "duplicate_key", column=column, value=_shown(given))
        cells.setdefault(column, Fault("nested_value", _shown(given)) if isinstance(given, list | _Object) else given)
    return cells


def _shown(value: object) -> str:
    """The beginning of a value; text as it is, anything else as JSON again."""
    return value[:SHOWN] if isinstance(value, str) else _as_json(value)[:SHOWN]


def _as_json(value: object) -> str:
    if isinstance(value, Fault | Number):
        return value.shown if isinstance(value, Fault) else str(value)
    if isinstance(value, _Object):
        return "{" + ", ".join(f"{json.dumps(key)}: {_as_json(inner)}" for key, inner in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _invalid(file: str, error: json.JSONDecodeError) -> Finding:
    where = f"line {error.lineno}, column {error.colno}"
    return Finding(
        "unreadable", f"{file} is not valid JSON at {where}; it is damaged or cut off: export and send it again."
    )
