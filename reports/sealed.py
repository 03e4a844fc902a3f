"""Office files of equal bytes for equal content: entries of ZIPs dated by the snapshot, and in their own order."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

EARLIEST = 1980
LEVEL = 3
INSTANT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
BOOKS = ".xlsx"


def zipped(entries: Iterable[tuple[str, Iterable[bytes]]], made_at: datetime) -> bytes:
    """A ZIP of the entries, each given piece by piece, all of the same instant."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as file:
        for name, pieces in entries:
            with file.open(_info(name, made_at), "w") as entry:
                for piece in pieces:
                    entry.write(piece)
    return out.getvalue()


def _info(name: str, made_at: datetime) -> zipfile.ZipInfo:
    at = made_at.astimezone(UTC)
    info = zipfile.ZipInfo(name, (max(at.year, EARLIEST), at.month, at.day, at.hour, at.minute, at.second))
    info.compress_type = zipfile.ZIP_DEFLATED
    info._compresslevel = LEVEL  # type: ignore[attr-defined]  # noqa: SLF001 - no other way to write piece by piece
    info.external_attr = 0o600 << 16
    return info


def resealed(content: bytes, made_at: datetime) -> bytes:
    """An office file written again: its dates, and those of workbooks inside it, are the snapshot's."""
    return zipped(_entries(content, made_at), made_at)


def _entries(content: bytes, made_at: datetime) -> Iterator[tuple[str, Iterable[bytes]]]:
    instant = f"{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            piece = file.read(name)
            if name.endswith(BOOKS):
                piece = resealed(piece, made_at)
            elif name == "docProps/core.xml":
                piece = INSTANT.sub(rb"\g<1>" + instant + rb"\g<3>", piece)
            yield name, (piece,)
