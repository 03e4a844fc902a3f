"""Traces of an erased person in the files of a home: where its words stand, and how they leave.

Texts are overwritten in place, letter by letter, so that no process that holds a file open notices and nothing of
the old bytes stays on the disk. Deliveries that hold a word are removed: whoever uploaded them has them.
"""

import fcntl
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import polars as pl

from data_access.home import Home, write_atomically

TEXTS = (".json", ".ndjson", ".log", ".txt", ".csv", ".md")
KEPT = ("accounts",)
"""Folders that tell of users, not of customers."""
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "latin-1")
DEEPEST = 3
UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError)


def spellings(words: Iterable[str]) -> frozenset[bytes]:
    """The bytes by which words stand in files: as given, in small and capital letters, within JSON, in old
    encodings."""
    return frozenset(found for word in _written(words) for encoding in ENCODINGS if (found := _encoded(word, encoding)))


def _written(words: Iterable[str]) -> set[str]:
    written = {spelled for word in words for spelled in (word, word.lower(), word.upper())}
    return written | {json.dumps(word, ensure_ascii=only)[1:-1] for word in written for only in (True, False)}


def _encoded(word: str, encoding: str) -> bytes:
    return word.encode(encoding, errors="ignore") if _fits(word, encoding) else b""


def _fits(word: str, encoding: str) -> bool:
    try:
        word.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def holds(content: bytes, found: Iterable[bytes], deep: int = DEEPEST) -> bool:
    """Whether bytes hold one of the spellings, also within what is packed or in columns."""
    return any(spelled in content for spelled in found) or any(
        holds(part, found, deep - 1) for part in (_within(content) if deep else ())
    )


def _within(content: bytes) -> Iterator[bytes]:
    try:
        if content[:2] == b"\x1f\x8b":
            yield gzip.decompress(content)
        elif content[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                for name in packed.namelist():
                    yield packed.read(name)
        elif content[:4] == b"PAR1":
            yield pl.read_parquet(io.BytesIO(content)).write_json().encode()
    except (*UNREADABLE, pl.exceptions.PolarsError):
        return


def forget(home: Home, words: Iterable[str], mentions: Callable[[Iterable[str]], re.Pattern[str]]) -> dict[str, int]:
    """Takes the words out of every file of the home but its database and snapshots: how many studies, texts and
    deliveries held one. ``mentions``: where words stand in a text; deliveries that may hold one go."""
    known = sorted(words)
    if not known:
        return {"studies": 0, "texts": 0, "deliveries": 0}
    found, told, written = spellings(known), mentions(known), mentions(_written(known))
    return {
        "studies": sum(_study_forgets(manifest, known, told) for manifest in _studies(home)),
        "texts": sum(_overwritten(path, written) for path in _texts(home)),
        "deliveries": _deliveries_removed(home, found),
    }


def _studies(home: Home) -> list[Path]:
    return sorted((home.folder / "studies").glob("*/*/manifest.json"))


def _study_forgets(manifest: Path, words: list[str], found: re.Pattern[str]) -> bool:
    """Writes the frames of a study anew that hold a word, and their hashes."""
    told = json.loads(manifest.read_text(encoding="utf-8"))
    changed = [name for name in told["files"] if _frame_forgets(manifest.parent / name, words, found)]
    for name in changed:
        told["files"][name]["sha256"] = hashlib.sha256((manifest.parent / name).read_bytes()).hexdigest()
    if changed:
        write_atomically(manifest, json.dumps(told, sort_keys=True, indent=1))
    return bool(changed)


def _frame_forgets(path: Path, words: list[str], found: re.Pattern[str]) -> bool:
    rows = pl.read_parquet(path, glob=False)
    texts = [name for name, kind in rows.schema.items() if kind == pl.String]
    held = {name: _said(rows.get_column(name), words, found) for name in texts}
    named = [name for name, instead in held.items() if instead]
    if not named:
        return False
    blank = [pl.col(name).replace(held[name]) for name in named]
    beside = path.with_name(f".{path.name}")
    rows.with_columns(blank).write_parquet(beside, compression="zstd", statistics=True)
    beside.replace(path)
    return True


def _said(texts: pl.Series, words: list[str], found: re.Pattern[str]) -> dict[str, str]:
    """By text in which a word stands the text without it."""
    may_hold = texts.str.contains_any(words, ascii_case_insensitive=True).fill_null(value=False)
    return {text: found.sub("", text) for text in texts.filter(may_hold).unique() if found.search(text)}


def _texts(home: Home) -> list[Path]:
    """Every text of the home; the sample company's home inside the firm's is its own."""
    apart = {home.folder / name for name in (*KEPT, "snapshots", "studies", "deliveries", "sample")}
    files = (path for path in home.folder.rglob("*") if path.is_file() and not apart & set(path.parents))
    return sorted(path for path in files if path.suffix in TEXTS or ".log" in path.suffixes)


def _overwritten(path: Path, found: re.Pattern[str]) -> bool:
    """Puts as many bytes x in the place of every word, under the lock of those who add lines."""
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        content = before = file.read()
        told = content.decode("utf-8", "surrogateescape")
        content = found.sub(lambda held: "x" * len(held[0].encode()), told).encode("utf-8", "surrogateescape")
        if content == before:
            return False
        file.seek(0)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return True


def _deliveries_removed(home: Home, found: frozenset[bytes]) -> int:
    places = [path for path in (home.folder / "deliveries").glob("*") if path.is_dir()]
    named = [place for place in places if any(holds(path.read_bytes(), found) for path in place.rglob("*.*"))]
    for place in named:
        shutil.rmtree(place)
    return len(named)
