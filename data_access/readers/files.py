"""From what was handed over (a file, a folder, a zip, a gz) to single files on disk that can be read one by one."""

import errno
import gzip
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from data_access.readers.delivery import DeliveryRefused

LARGEST_FILE = 2 * 1024**3
MOST_MEMBERS = 1_000
HIGHEST_RATIO = 200
SMALL = 1_000_000
CHUNK = 1024 * 1024

ARCHIVE_ENDINGS = (".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz", ".zst")


@dataclass(frozen=True)
class Piece:
    """One file of a delivery: its own name, how a person finds it, where its bytes are and copies may go."""

    name: str
    label: str
    path: Path
    scratch: Path

    @property
    def stem(self) -> str:
        """The table name that the file name says."""
        return Path(self.name).stem.lower()

    @property
    def ending(self) -> str:
        """The format that the file name says, as '.csv'."""
        return Path(self.name).suffix.lower()

    @property
    def is_hidden(self) -> bool:
        """What systems leave behind and nobody means to send: .DS_Store, ~$products.xlsx, ._products.csv, Thumbs.db."""
        return self.name.startswith((".", "~$")) or self.name.lower() == "thumbs.db"


def pieces(path: Path, scratch: Path) -> Iterator[Piece]:
    """Every single file of a delivery, archives unpacked into `scratch` under names of our own."""
    for file in _listed(path):
        name = shown_name(file)
        yield from _unpacked(Piece(name, name, file, scratch))


def shown_name(path: Path) -> str:
    """A file's name as text; bytes that are no UTF-8 are written out: no table and no screen takes them as they are."""
    return _shown(path.name)


def _shown(written: str) -> str:
    return os.fsencode(written).decode("utf-8", "backslashreplace")


def sub_folders(path: Path) -> list[str]:
    """Names of what lies in a folder and is no file: deliveries are not read recursively."""
    return sorted(f"{shown_name(entry)}/" for entry in path.iterdir() if not entry.is_file()) if path.is_dir() else []


def _listed(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(entry for entry in path.iterdir() if entry.is_file())
        if not files:
            raise DeliveryRefused(
                "nothing_to_read", f"The folder {shown_name(path)} holds no file; put one file for each table into it."
            )
        return files
    if not path.exists():
        raise DeliveryRefused("not_found", f"There is no file or folder {_shown(str(path))}; check the path.")
    if not path.is_file():
        raise DeliveryRefused("not_a_file", f"{_shown(str(path))} is neither a file nor a folder; name one of these.")
    return [path]


def _unpacked(piece: Piece) -> Iterator[Piece]:
    if piece.path.stat().st_size > LARGEST_FILE:
        raise DeliveryRefused(
            "too_large", f"{piece.label} is larger than {LARGEST_FILE // 1024**3} GB; split it, or send Parquet."
        )
    if piece.ending == ".gz":
        yield _gunzipped(piece)
    elif piece.ending == ".zip":
        yield from _unzipped(piece)
    else:
        yield piece


def _gunzipped(piece: Piece) -> Piece:
    _require_magic(piece, b"\x1f\x8b", "a gzip file")
    inner = Piece(Path(piece.name).stem, piece.label, room(piece.scratch), piece.scratch)
    if inner.ending in ARCHIVE_ENDINGS:
        raise DeliveryRefused(
            "archive_nested",
            f"{piece.label} is an archive within an archive; send the files themselves, or one zip of them.",
        )
    largest = min(LARGEST_FILE, max(SMALL, HIGHEST_RATIO * piece.path.stat().st_size))
    try:
        with gzip.open(piece.path) as source:
            _copied(source, inner.path, largest, piece.label)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _unreadable(piece) from error
    return inner


def _unzipped(piece: Piece) -> Iterator[Piece]:
    _require_magic(piece, b"PK", "a zip file")
    try:
        with zipfile.ZipFile(piece.path) as archive:
            members = [member for member in checked_members(archive, piece.label) if not member.is_dir()]
            for member in members:
                yield _inflated(archive, member, piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise _unreadable(piece) from error


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo, piece: Piece) -> Piece:
    name = PurePosixPath(member.filename.replace("\\", "/")).name
    inner = Piece(name, f"{piece.label}/{member.filename}", room(piece.scratch), piece.scratch)
    with archive.open(member) as source:
        _copied(source, inner.path, member.file_size, piece.label)
    return inner


def _copied(source: IO[bytes] | gzip.GzipFile, target: Path, largest: int, label: str) -> None:
    written = 0
    with target.open("wb") as out:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > largest:
                raise _bomb(label)
            out.write(chunk)


def checked_members(archive: zipfile.ZipFile, label: str) -> list[zipfile.ZipInfo]:
    """All members of a delivered zip, after every one was found harmless by the central directory alone."""
    members = archive.infolist()
    if is_bomb(members, Path(archive.filename or "").stat().st_size, LARGEST_FILE):
        raise _bomb(label)
    for member in members:
        _refuse_harmful(member, label)
    return members


def is_bomb(members: list[zipfile.ZipInfo], archive_size: int, largest: int) -> bool:
    """A zip that would inflate out of all proportion, or whose members overlap."""
    inflated = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    swollen = any(member.file_size > max(SMALL, HIGHEST_RATIO * member.compress_size) for member in members)
    return len(members) > MOST_MEMBERS or inflated > largest or packed > archive_size or swollen


def _refuse_harmful(member: zipfile.ZipInfo, label: str) -> None:
    name = member.orig_filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name) or "\0" in name:
        raise DeliveryRefused(
            "archive_path",
            f"{label} holds the entry '{name[:80]}', which points outside the archive; zip the plain files again.",
        )
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise DeliveryRefused(
            "archive_link", f"{label} holds '{name[:80]}', which is a link and not a file; zip the files themselves."
        )
    if member.flag_bits & 1:
        raise DeliveryRefused("archive_encrypted", f"{label} is protected by a password; send it without one.")
    if name.lower().endswith(ARCHIVE_ENDINGS):
        raise DeliveryRefused(
            "archive_nested", f"{label} holds the archive '{name[:80]}'; send one zip with the files themselves."
        )


def _bomb(label: str) -> DeliveryRefused:
    return DeliveryRefused(
        "archive_bomb",
        f"{label} would unpack to far more than its size allows, so it was not opened; send the files unpacked.",
    )


def _require_magic(piece: Piece, magic: bytes, expected: str) -> None:
    with piece.path.open("rb") as opened:
        head = opened.read(len(magic))
    if not head:
        raise DeliveryRefused("unreadable", f"{piece.label} is empty; send it again.")
    if head != magic:
        raise DeliveryRefused(
            "not_what_it_says", f"{piece.label} is named like {expected}, but is none; pack and send it again."
        )


def _unreadable(piece: Piece) -> DeliveryRefused:
    return DeliveryRefused(
        "unreadable", f"{piece.label} is damaged or incomplete and cannot be unpacked; send it again."
    )


def room(scratch: Path) -> Path:
    """A path in our scratch folder that nothing has yet; its name owes nothing to the delivery."""
    return scratch / f"piece-{len(list(scratch.iterdir()))}"


def explained(error: OSError, path: Path) -> DeliveryRefused:
    """Why the disk did not give us the delivery, in a sentence."""
    name = shown_name(Path(error.filename) if isinstance(error.filename, str) else path)
    if isinstance(error, PermissionError):
        return DeliveryRefused(
            "no_permission", f"{name} may not be read by this program; give it the right to, or copy the file."
        )
    if error.errno == errno.ENOSPC:
        return DeliveryRefused(
            "no_space", f"The disk is full, so {name} could not be unpacked; free some space and try again."
        )
    return DeliveryRefused("unreadable", f"{name} could not be read from the disk ({error.strerror}); copy it again.")
