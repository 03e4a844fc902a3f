"""Splitting delimited text into records, as RFC 4180 has it, without losing track when a quote is missing.

A quote opens a field only at its start; inside, two quotes stand for one; elsewhere a quote is an ordinary character.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from data_access.readers.problems import LONGEST_FIELD, SHOWN


@dataclass(slots=True)
class Record:
    """One record: its fields, the lines it spans, and what looked wrong while it was split.

    inner_lines counts the line ends within its quotes, inner_delimiters has the number of delimiters in each line that
    lies within them from end to end.
    """

    line: int
    end_line: int = 0
    fields: list[str] = field(default_factory=list)
    oversized: tuple[int, ...] = ()
    opened_at: int = 0
    inner_lines: int = 0
    inner_delimiters: frozenset[int] = frozenset()
    stray_quote: bool = False
    unclosed: bool = False
    ended: bool = True

    @property
    def text(self) -> str:
        """The beginning of the record, for showing it to a person."""
        return "|".join(value[:SHOWN] for value in self.fields)[:SHOWN]


def records(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Every record of these lines (given with their endings); the last is `unclosed` when its quote never closes."""
    splitter = _Splitter(delimiter)
    for number, line in enumerate(lines, start=1):
        done = splitter.take(number, line)
        if done:
            yield done
    if splitter.inside:
        yield splitter.unclosed()


class _Splitter:
    """The record that is being read, and the quoted field that is open in it."""

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
        self.record = Record(1)
        self.inside = False
        self.quoted: list[str] = []
        self.length = 0

    def take(self, number: int, line: str) -> Record | None:
        """Splits one more line; gives the record when the line ends it."""
        body = line.rstrip("\r\n") if line[-1:] in "\r\n" else line
        if not self.inside and '"' not in body:
            return self._plain(number, line, body)
        if not self.inside:
            self.record = Record(number)
            return self._quoted_line(number, line, body)
        fields = len(self.record.fields)
        done = self._quoted_line(number, line, body)
        if len(self.record.fields) == fields:
            self.record.inner_delimiters |= {line.count(self.delimiter)}
        return done

    def unclosed(self) -> Record:
        """The record whose quote was still open at the end."""
        self._close("")
        self.record.unclosed = True
        return self.record

    def _plain(self, number: int, line: str, body: str) -> Record:
        record = Record(number, number, body.split(self.delimiter), ended=len(body) < len(line))
        if len(body) > LONGEST_FIELD:
            self._cut_all(record)
        return record

    def _cut_all(self, record: Record) -> None:
        record.oversized = tuple(position for position, value in enumerate(record.fields) if len(value) > LONGEST_FIELD)
        for position in record.oversized:
            record.fields[position] = record.fields[position][:SHOWN]

    def _quoted_line(self, number: int, line: str, body: str) -> Record | None:
        position = 0
        while True:
            if self.inside:
                position = self._inside(line, position)
                if position < 0:
                    self.record.inner_lines += 1
                    return None
            elif line.startswith('"', position):
                self._open(number)
                position += 1
                continue
            else:
                position = self._plain_fields(body, position)
            if position >= len(body):
                return self._finished(number, ended=len(body) < len(line))
            position += 1

    def _inside(self, line: str, position: int) -> int:
        """Takes the open field up to its closing quote and what follows; -1 when it goes on in the next line."""
        quote = line.find('"', position)
        while quote >= 0 and line.startswith('"', quote + 1):
            self._keep(line[position : quote + 1])
            position = quote + 2
            quote = line.find('"', position)
        if quote < 0:
            self._keep(line[position:])
            return -1
        self._keep(line[position:quote])
        body = line.rstrip("\r\n")
        end = self._field_end(body, quote + 1)
        self._close(body[quote + 1 : end])
        return end

    def _plain_fields(self, body: str, position: int) -> int:
        """Takes all fields up to the next one that begins with a quote."""
        opening = body.find(self.delimiter + '"', position)
        end = len(body) if opening < 0 else opening
        for value in body[position:end].split(self.delimiter):
            self._add(value, len(value))
        return end

    def _open(self, number: int) -> None:
        self.inside, self.quoted, self.length = True, [], 0
        self.record.opened_at = number

    def _keep(self, text: str) -> None:
        self.length += len(text)
        if self.length <= LONGEST_FIELD or not self.quoted:
            self.quoted.append(text)

    def _close(self, tail: str) -> None:
        if tail:
            self.record.stray_quote = True
            self._keep(tail)
        self.inside = False
        self._add("".join(self.quoted), self.length)

    def _add(self, value: str, length: int) -> None:
        if length > LONGEST_FIELD:
            self.record.oversized += (len(self.record.fields),)
            value = value[:SHOWN]
        self.record.fields.append(value)

    def _field_end(self, body: str, position: int) -> int:
        end = body.find(self.delimiter, position)
        return len(body) if end < 0 else end

    def _finished(self, number: int, *, ended: bool) -> Record:
        self.record.end_line, self.record.ended = number, ended
        return self.record
