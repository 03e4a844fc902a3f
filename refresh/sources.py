"""The sources that can be refreshed, by name: how a request to each of them is made."""

from collections.abc import Callable
from pathlib import Path

from data_access.sources import files, odoo
from refresh.run import Request


class NotKnown(Exception):
    """The command names no source, or not what the source needs; the message says what to write."""


def _from_files(path: Path, *, partial: bool) -> Callable[[str | None], object]:
    return lambda _since: files.read(path, partial=partial)


def request_for(
    source: str, *, url: str | None, path: Path | None, full: bool, partial: bool, confirmed: frozenset[str]
) -> Request:
    """The refresh that a command asks for."""
    if source not in SOURCES:
        raise NotKnown(f"There is no source {source!r}. Known are: {', '.join(SOURCES)}.")
    needed = SOURCES[source]
    given = {"url": url, "path": path}[needed]
    if given is None:
        raise NotKnown(f"Say where {source} is: --{needed} {'URL' if needed == 'url' else 'PATH'}.")
    read = _from_files(Path(given), partial=partial) if needed == "path" else _from_odoo(str(given))
    return Request(source=source, read=read, full=full, confirmed=confirmed)  # type: ignore[arg-type]


def _from_odoo(url: str) -> Callable[[str | None], object]:
    return lambda since: odoo.read(url, since)


SOURCES = {"odoo": "url", "files": "path"}
