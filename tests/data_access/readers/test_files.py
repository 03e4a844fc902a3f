"""Folders and archives: every file is read once, named, or refused; nothing is unpacked that could do harm."""

import gzip
import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from data_access.readers import read
from tests.data_access.readers.deliveries import (
    HEADER,
    KNOWN,
    PRODUCTS,
    cells,
    delivery_refusal,
    json_of,
    problems,
    read_files,
    read_one,
    text_of,
    workbook_of,
    zip_of,
)

CSV = text_of(*PRODUCTS)
CUSTOMERS = text_of("customer_id,name", "C1,Smith")


def _entry(name: str, content: bytes = b"x", *, mode: int = 0, is_encrypted: bool = False) -> bytes:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("products.csv", CSV)
        opened.writestr(entry, content)
    packed = archive.getvalue()
    return (
        packed.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
        if is_encrypted
        else packed
    )


def test_a_folder_gives_its_tables_in_order_of_name_and_names_what_it_ignores(tmp_path: Path) -> None:
    (tmp_path / "delivery").mkdir()
    for name, content in {
        "products.csv": CSV,
        "customers.csv": CUSTOMERS,
        "readme.md": b"x",
        ".hidden.csv": CSV,
    }.items():
        (tmp_path / "delivery" / name).write_bytes(content)
    (tmp_path / "delivery" / "older").mkdir()
    (tmp_path / "delivery" / "older" / "products.csv").write_bytes(CSV)
    delivery = read(tmp_path / "delivery", KNOWN)
    assert [table.name for table in delivery.tables] == ["customers", "products"]
    assert set(delivery.ignored) == {"older/", "readme.md", ".hidden.csv"}


def test_a_file_alone_is_a_delivery(tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_bytes(CSV)
    (table,) = read(tmp_path / "products.csv", KNOWN).tables
    assert table.frame.height == 2


def test_the_second_file_of_a_table_is_refused_and_names_the_first(tmp_path: Path) -> None:
    delivery = read_files(tmp_path, {"products.csv": CSV, "products.json": json_of([{"product_id": "P1"}])})
    first, second = delivery.tables
    assert first.refused is None
    assert second.refused is not None
    assert second.refused.rule == "table_twice"
    assert "products.csv" in second.refused.detail


def test_one_refused_table_leaves_the_others(tmp_path: Path) -> None:
    delivery = read_files(tmp_path, {"products.csv": b"<html>", "customers.csv": CUSTOMERS})
    assert [table.refused is None for table in delivery.tables] == [True, False]


def test_what_systems_leave_behind_is_ignored(tmp_path: Path) -> None:
    litter = {
        "~$products.xlsx": b"x",
        ".DS_Store": b"x",
        "Thumbs.db": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "products.bak": b"x",
    }
    delivery = read_files(tmp_path, {"products.csv": CSV, **litter})
    assert delivery.refused is None
    assert set(delivery.ignored) == set(litter)


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    delivery = read(tmp_path / "nowhere", KNOWN)
    assert delivery.refused is not None
    assert delivery.refused.rule == "not_found"


@pytest.mark.parametrize("is_there", [False, True])
def test_the_name_of_a_delivery_that_is_no_utf_8_can_be_told(tmp_path: Path, is_there: bool) -> None:
    path = tmp_path / os.fsdecode(b"lieferung\xe9")
    if is_there:
        path.mkdir()
    delivery = read(path, KNOWN)
    assert delivery.refused is not None
    assert "lieferung\\xe9" in delivery.refused.detail


@pytest.mark.parametrize("files", [{}, {"export.csv": CSV}])
def test_a_delivery_without_any_known_table_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    delivery = read_files(tmp_path, files)
    assert delivery.refused is not None
    assert delivery.refused.rule == "nothing_to_read"
    assert delivery.ignored == tuple(files)


def test_what_is_neither_file_nor_folder_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "products.csv")
    delivery = read(tmp_path / "products.csv", KNOWN)
    assert delivery.refused is not None
    assert delivery.refused.rule == "not_a_file"


@pytest.fixture
def nobody(tmp_path: Path) -> object:
    """The test goes on as a user without rights, when it was started with all of them."""
    was = os.geteuid()
    for folder in (tmp_path, *tmp_path.parents):
        if was == 0 and folder.owner() == "root" and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    if was == 0:
        os.seteuid(65_534)
    yield None
    os.seteuid(was)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, nobody: object) -> None:
    was = os.geteuid()
    os.seteuid(os.getuid())
    (tmp_path / "products.csv").write_bytes(CSV)
    (tmp_path / "products.csv").chmod(0)
    os.seteuid(was)
    delivery = read(tmp_path / "products.csv", KNOWN)
    assert delivery.refused is not None
    assert delivery.refused.rule == "no_permission"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("products.csv", CSV),
        ("products.json", json_of([{"product_id": "P1"}])),
        ("products.xlsx", workbook_of({"Sheet": [["product_id", "name"], ["P1", "x"]]})),
    ],
)
def test_a_gz_of_any_file_is_that_file(tmp_path: Path, name: str, content: bytes) -> None:
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    plain.mkdir()
    packed.mkdir()
    table = read_one(packed, f"{name}.gz", gzip.compress(content))
    assert cells(table) == cells(read_one(plain, name, content))
    assert table.name == "products"


@pytest.mark.parametrize("keep", [0, 5, -5])
def test_a_cut_gz_refuses_the_delivery(tmp_path: Path, keep: int) -> None:
    assert delivery_refusal(tmp_path, "products.csv.gz", gzip.compress(CSV)[:keep]) == "unreadable"


def test_a_text_named_like_an_archive_refuses_the_delivery(tmp_path: Path) -> None:
    assert delivery_refusal(tmp_path, "products.csv.gz", CSV) == "not_what_it_says"


def test_a_gz_that_inflates_beyond_measure_refuses_the_delivery(tmp_path: Path) -> None:
    assert delivery_refusal(tmp_path, "products.csv.gz", gzip.compress(bytes(3_000_000))) == "archive_bomb"


def test_an_archive_within_a_gz_refuses_the_delivery(tmp_path: Path) -> None:
    assert (
        delivery_refusal(tmp_path, "products.zip.gz", gzip.compress(zip_of({"products.csv": CSV}))) == "archive_nested"
    )


def test_a_zip_gives_its_tables_and_says_where_they_lay(tmp_path: Path) -> None:
    content = zip_of({"out/products.csv": CSV, "customers.csv": CUSTOMERS, "__MACOSX/._products.csv": b"x"})
    delivery = read_files(tmp_path, {"delivery.zip": content})
    assert [table.file for table in delivery.tables] == ["delivery.zip/out/products.csv", "delivery.zip/customers.csv"]
    assert delivery.ignored == ("delivery.zip/__MACOSX/._products.csv",)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("../../../../tmp/proof.txt", "archive_path"),
        ("a/../../proof.txt", "archive_path"),
        ("..\\proof.txt", "archive_path"),
        ("/etc/proof.txt", "archive_path"),
        ("\\\\server\\proof.txt", "archive_path"),
        ("C:\\proof.txt", "archive_path"),
        ("inner.zip", "archive_nested"),
        ("inner.csv.gz", "archive_nested"),
        ("inner.tar", "archive_nested"),
    ],
)
def test_an_entry_that_could_do_harm_refuses_the_delivery(tmp_path: Path, name: str, rule: str) -> None:
    assert delivery_refusal(tmp_path, "delivery.zip", _entry(name)) == rule


def test_a_link_in_a_zip_refuses_the_delivery(tmp_path: Path) -> None:
    link = _entry("customers.csv", b"/etc/passwd", mode=stat.S_IFLNK | 0o777)
    assert delivery_refusal(tmp_path, "delivery.zip", link) == "archive_link"


def test_a_zip_with_a_password_refuses_the_delivery(tmp_path: Path) -> None:
    assert delivery_refusal(tmp_path, "delivery.zip", _entry("customers.csv", is_encrypted=True)) == "archive_encrypted"


def test_a_zip_that_inflates_beyond_measure_refuses_the_delivery(tmp_path: Path) -> None:
    assert delivery_refusal(tmp_path, "delivery.zip", zip_of({"products.csv": bytes(3_000_000)})) == "archive_bomb"


def _overlapping(archive: bytes, times: int) -> bytes:
    """The same zip, whose directory names its one entry several times."""
    directory, end = archive.index(b"PK\x01\x02"), archive.index(b"PK\x05\x06")
    entries = archive[directory:end] * times
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, times, times, len(entries), directory, 0)
    return archive[:directory] + entries + tail


def test_a_zip_whose_entries_overlap_refuses_the_delivery(tmp_path: Path) -> None:
    content = _overlapping(zip_of({"products.csv": os.urandom(50_000)}), 30)
    assert delivery_refusal(tmp_path, "delivery.zip", content) == "archive_bomb"


def test_a_zip_with_too_many_entries_refuses_the_delivery(tmp_path: Path) -> None:
    many = zip_of({f"{number}.csv": b"x" for number in range(1_001)})
    assert delivery_refusal(tmp_path, "delivery.zip", many) == "archive_bomb"


@pytest.mark.parametrize("keep", [2, 30, -4])
def test_a_cut_zip_refuses_the_delivery(tmp_path: Path, keep: int) -> None:
    assert delivery_refusal(tmp_path, "delivery.zip", zip_of({"products.csv": CSV})[:keep]) == "unreadable"


def test_a_damaged_entry_refuses_the_delivery(tmp_path: Path) -> None:
    content = bytearray(zip_of({"products.csv": text_of(HEADER, *(f"P{n},x,{n},true" for n in range(500)))}))
    content[400] ^= 0xFF
    assert delivery_refusal(tmp_path, "delivery.zip", bytes(content)) == "unreadable"


def test_nothing_is_left_behind_by_reading_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    table = read_one(tmp_path, "delivery.zip", zip_of({"products.csv": CSV}))
    assert problems(table) == []
    assert list(scratch.iterdir()) == []
