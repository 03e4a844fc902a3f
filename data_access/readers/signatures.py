"""What a file really is, by its first bytes, whatever its name says."""

import re

from data_access.readers.delivery import TableRefused

HEAD = 4_096

ZIP, PARQUET, SQLITE, OLD_OFFICE = "a zip archive", "a Parquet file", "an SQLite database", "an old Office file"

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"PAR1", PARQUET),
    (b"SQLite format 3\0", SQLITE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF87a", "an image"),
    (b"GIF89a", "an image"),
    (b"II*\0", "an image"),
    (b"MM\0*", "an image"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"ARROW1\0\0", "an Arrow file"),
)

MARKUP = re.compile(rb"\s*<(!doctype|html|head|body|table|script|form|\?xml|!--|svg)", re.IGNORECASE)


def content_kind(head: bytes) -> str | None:
    """What the first bytes give away, in words; None for anything that may be text."""
    named = next((kind for magic, kind in MAGIC if head.startswith(magic)), None)
    if named:
        return named
    if head.startswith(b"MZ") and b"\0" in head[:256]:
        return "a program"
    return "a web page" if MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")) else None


def require_text(head: bytes, file: str) -> None:
    """Refuses a text file (CSV, JSON) that is something else."""
    kind = content_kind(head)
    if kind:
        raise _not_what_it_says(file, kind)


def require_kind(head: bytes, file: str, expected: str) -> None:
    """Refuses a file of a binary format that begins like anything else."""
    kind = content_kind(head)
    if kind == expected:
        return
    raise _not_what_it_says(file, kind or _plain(head), expected)


def _plain(head: bytes) -> str:
    printable = sum(byte in b"\t\r\n" or byte >= 32 for byte in head)
    return "plain text" if head and printable == len(head) else "something else"


def _not_what_it_says(file: str, kind: str, expected: str | None = None) -> TableRefused:
    name = expected or "a text table"
    return TableRefused(
        "not_what_it_says",
        f"{file} is named like {name}, but holds {kind}; export the table again in the format its name says.",
    )
