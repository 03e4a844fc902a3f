"""The sources that can be refreshed, by name: how a request to each of them is made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial as with_some
from math import inf
from pathlib import Path

from data_access import mapped_files
from data_access.mapping import Reading
from data_access.postgresql import written
from data_access.sources import conversations, dynamics, erpnext, files, hubspot, odoo, oracle, salesforce, sap, tryton
from refresh.run import Read, Request

AT_LEAST_EVERY_SECONDS, LEAST_REST_SECONDS = 60.0, 0.5


class NotKnown(Exception):
    """The command names no source, or not what the source needs; the message says what to write."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """How a source is read.

    ``url``: from its database, whole or what changed since a watermark. ``path``: from a file or folder, which is
    always whole, unless it ``may_be_partial``. ``written``: what stays as long as nothing changes in its database.
    """

    url: Callable[[str, str | None], Reading] | None = None
    path: Callable[..., Reading] | None = None
    may_be_partial: bool = False
    written: Callable[[str], str | None] | None = None

    @property
    def places(self) -> str:
        """What a command says of where the source is."""
        return " or ".join(
            said for said, read in (("--url URL", self.url), ("--path PATH", self.path)) if read is not None
        )


def request_for(
    source: str,
    *,
    url: str | None,
    path: Path | None,
    full: bool,
    partial: bool,
    confirmed: frozenset[str],
    mapping: Path | None = None,
) -> Request:
    """The refresh that a command asks for; ``mapping``: the file that says what the tables of a delivery are."""
    if source not in SOURCES:
        raise NotKnown(f"There is no source {source!r}. Known are: {', '.join(SOURCES)}.")
    known = SOURCES[source]
    if partial and not known.may_be_partial:
        raise NotKnown(f"--partial is for files: {source} is always read whole.")
    if mapping is not None:
        known = _mapped(source, known, mapping)
    read = _from_url(known, url, path) or _from_path(known, path, partial=partial)
    if read is None:
        raise NotKnown(f"Say where {source} is: {known.places}.")
    return Request(source=source, read=read, full=full, confirmed=confirmed)


@dataclass
class Watch:
    """Looks whether there is anything new in a source that is read again and again.

    Where its server has written nothing since, a reading would bring nothing. Every minute it is read all the same, so
    that what is shown is never said to be older than that.
    """

    source: str
    url: str | None
    place: str | None = None
    read_at: float = -inf

    def has_news(self, now: float) -> bool:
        """Whether to read it now; ``now`` by a clock that only goes forward."""
        tell = SOURCES[self.source].written
        place = tell(self.url) if tell is not None and self.url is not None else None
        if place is not None and place == self.place and now - self.read_at < AT_LEAST_EVERY_SECONDS:
            return False
        self.place, self.read_at = place, now
        return True

    def forget_unless(self, *, loaded: bool) -> None:
        """What was not loaded is read again, whether or not anything is new."""
        self.place = self.place if loaded else None

    def rest(self, every: float, began: float, now: float) -> float:
        """Seconds until the next look. Where looking costs nothing, one begins every so many seconds, and right after a
        reading that took longer; else they pass after each reading."""
        return every if self.place is None else max(LEAST_REST_SECONDS, began + every - now)


def _mapped(source: str, known: Source, mapping: Path) -> Source:
    if source != files.SOURCE:
        raise NotKnown(f"--mapping is for files: the tables of {source} are known.")
    return replace(known, path=with_some(mapped_files.read, mapping=mapping))


def _from_url(source: Source, url: str | None, path: Path | None) -> Read | None:
    read = source.url
    if read is None or url is None:
        return None
    if path is not None:
        raise NotKnown(f"Say one place, not two: {source.places}.")
    return lambda since: read(url, since)


def _from_path(source: Source, path: Path | None, *, partial: bool) -> Read | None:
    if source.path is None or path is None:
        return None
    read = with_some(source.path, partial=True) if partial else source.path
    return lambda _since: read(path)


SOURCES = {
    "odoo": Source(url=odoo.read, path=odoo.read_backup, written=written),
    "tryton": Source(url=tryton.read, path=tryton.read_backup, written=written),
    "erpnext": Source(url=erpnext.read),
    "sap": Source(path=sap.read, may_be_partial=True),
    "salesforce": Source(path=salesforce.read, may_be_partial=True),
    "hubspot": Source(path=hubspot.read, may_be_partial=True),
    "dynamics": Source(path=dynamics.read, may_be_partial=True),
    "oracle": Source(path=oracle.read, may_be_partial=True),
    "conversations": Source(path=conversations.read, may_be_partial=True),
    "files": Source(path=files.read, may_be_partial=True),
}
