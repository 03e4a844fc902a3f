"""What a file says of itself: what it shows, of when, for whose eyes, by which filters, and whether it is a sample."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from analytics.access import ALL, Viewer
from display.numbers import day
from display.words import say

LONGEST_NAME = 80
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))})


@dataclass(frozen=True, kw_only=True)
class About:
    """Where a table comes from.

    ``filters``: what is chosen, by the name that the reader sees. ``as_of``: the day the data stands for.
    ``seen``: a short mark of rights, scope and language, for file names: two files of one name hold the same.
    """

    title: str
    viewer: Viewer
    snapshot_id: str
    seen: str
    made_at: datetime
    as_of: date
    is_sample: bool
    filters: Mapping[str, str]
    language: str

    def lines(self, rows: int) -> list[tuple[str, str | int]]:
        """The facts in the order in which a reader needs them, each with its name."""
        told: list[tuple[str, str | int]] = [(self._say("about.title"), self.title)]
        if self.is_sample:
            told.append((self._say("about.sample"), self._say("about.sample.yes")))
        return [
            *told,
            (self._say("about.as_of"), day(self.as_of, self.language)),
            (self._say("about.rows"), rows),
            (self._say("about.filters"), self._filters()),
            (self._say("about.role"), self._say(f"role.{self.viewer.role}")),
            (self._say("about.companies"), self._right(self.viewer.companies)),
            (self._say("about.regions"), self._right(self.viewer.regions)),
            *self._customers(),
            (self._say("about.snapshot"), self.snapshot_id),
            (self._say("about.made_at"), f"{self.made_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"),
        ]

    def _say(self, key: str) -> str:
        return say(self.language, key)

    def _filters(self) -> str:
        return "; ".join(f"{name}: {value}" for name, value in self.filters.items()) or self._say("about.no_filters")

    def _customers(self) -> list[tuple[str, str | int]]:
        if self.viewer.customers == ALL:
            return []
        return [(self._say("about.customers"), self._say("about.customers.own"))]

    def _right(self, keys: frozenset[str]) -> str:
        return self._say("filter.all") if keys == ALL else ", ".join(sorted(keys))

    def file_name(self, suffix: str) -> str:
        """A file name that every system takes: marked when it is a sample, and with what tells it from any other."""
        mark = f"{self._say('app.sample')} - " if self.is_sample else ""
        return f"{file_name_of(mark + self.title)} {self.snapshot_id} {self.seen}.{suffix}"


def file_name_of(text: str) -> str:
    """Text without anything that a file system, a shell or a header could take for something else."""
    known = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter)[0] != "C")
    plain = re.sub(r"\s+", " ", re.sub(r"[^\w .,()&+-]", " ", known)).strip(" .-")
    shortened = plain[:LONGEST_NAME].strip(" .-")
    return shortened if shortened and shortened.lower() not in RESERVED else f"Tandem {shortened}".strip()
