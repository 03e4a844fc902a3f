"""A dump is read as it was written, and one that cannot be is refused in one sentence."""

import gzip
import os
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access import dumps
from data_access.dumps import _rows, _unescaped, restored
from data_access.mapping import SourceRefused
from tests.servers import driverless

ORDERS = """
SET client_encoding = 'UTF8';
CREATE TABLE public.orders (
    id integer NOT NULL,
    "left" integer,
    name character varying(20) DEFAULT 'a, b'::character varying,
    total numeric,
    rate numeric(16,8),
    weight double precision,
    is_paid boolean,
    due date,
    write_date timestamp(6) without time zone,
    told jsonb,
    wait interval,
    tags text[],
    CONSTRAINT orders_positive CHECK ((id > 0))
);
CREATE TABLE public."order-tag" (
    id bigint
);
CREATE TABLE public.secrets (
    id integer
);
COPY public."order-tag" (id) FROM stdin;
7
\\.
COPY public.orders (id, "left", name, total, rate, weight, is_paid, due, write_date, told, wait, tags) FROM stdin;
1\t3\ta\\tb\\\\n\\nc\t1234567890.12\t0.33333333\t0.1\tt\t2026-01-02\t2026-01-02 03:04:05.5\
\t{"en": "x"}\t1 day 02:00:00\t{a}
2\t\\N\t\t0.10\t\\N\t\\N\tf\t\\N\t\\N\t\\N\t\\N\t\\N
\\.
COPY public.secrets (id) FROM stdin;
1
\\.
"""
WANTED = ("orders", "order-tag")


@pytest.fixture
def dump(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def written(text: str | bytes, name: str = "firm.sql") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return written


def _refused(path: Path) -> str:
    with pytest.raises(SourceRefused) as refusal, restored(path, WANTED):
        pass
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def test_values_are_what_they_were(dump: Callable[[str], Path]) -> None:
    with restored(dump(ORDERS), WANTED) as database:
        first, second = database.rows("select * from orders t order by t.id").rows(named=True)
        assert database.rows('select t.id from "order-tag" t').item() == 7
    assert (first["name"], second["name"]) == ("a\tb\\n\nc", "")
    assert (first["total"], first["rate"], first["weight"]) == ("1234567890.120000", "0.33333333", "0.1")
    assert (first["is_paid"], first["due"], second["left"]) == (True, date(2026, 1, 2), None)
    assert (first["told"], first["wait"], first["tags"]) == ('{"en": "x"}', "1 day 02:00:00", "{a}")


def test_only_the_tables_that_are_asked_for_are_kept(dump: Callable[[str], Path]) -> None:
    with restored(dump(ORDERS), WANTED) as database:
        assert sorted(database.columns) == ["order-tag", "orders"]
        assert "left" in database.columns["orders"]


def test_a_dump_is_as_of_its_latest_change(dump: Callable[[str], Path]) -> None:
    with restored(dump(ORDERS), WANTED) as database:
        assert database.as_of == datetime(2026, 1, 2, 3, 4, 5, 500_000, tzinfo=UTC)
        assert database.rows("select current_date as today").item() == date(2026, 1, 2)


def test_it_may_be_packed(dump: Callable[..., Path], tmp_path: Path) -> None:
    packed = dump(gzip.compress(ORDERS.encode()), "firm.sql.gz")
    archive = tmp_path / "firm.zip"
    with zipfile.ZipFile(archive, "w") as held:
        held.writestr("dump.sql", ORDERS)
        held.writestr("filestore/1/other.sql", "no")
    for path in (packed, archive):
        with restored(path, WANTED) as database:
            assert database.rows("select count(*) as rows from orders").item() == 2


def test_line_ends_of_windows_change_nothing(dump: Callable[[bytes], Path]) -> None:
    with restored(dump(ORDERS.replace("\n", "\r\n").encode()), ("secrets", "order-tag")) as database:
        assert database.rows("select count(*) as rows from secrets").item() == 1


def test_a_big_table_comes_in_several_blocks(dump: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "BLOCK", 10)
    rows = "".join(f"{number}\n" for number in range(100))
    text = f"CREATE TABLE public.orders (\n    id integer\n);\nCOPY public.orders (id) FROM stdin;\n{rows}\\.\n"
    with restored(dump(text), WANTED) as database:
        assert database.rows("select count(*) as n, sum(t.id) as s from orders t").row(0) == (100, "4950")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (lambda text: text[:-90], "firm.sql is damaged or incomplete: make the dump again, or copy it again."),
        (
            lambda text: text.partition("COPY public.orders")[0],
            "firm.sql ends before the rows of orders: make the dump again, with its data.",
        ),
        (lambda text: text.replace("1\t3\ta", "x\t3\ta"), "firm.sql is damaged"),
        (lambda text: text.replace("2026-01-02\t", "2026-13-02\t"), "firm.sql is damaged"),
        (lambda text: text.replace("1\t3\ta", "1\ta"), "firm.sql is damaged"),
        (lambda text: text.replace("'UTF8'", "'LATIN1'"), "firm.sql is written in LATIN1: make the dump with --enc"),
        (
            lambda text: text.replace("COPY public.orders (", "INSERT INTO public.orders VALUES (1);\n("),
            "without --ins",
        ),
        (lambda _text: "PGDMP\x01\x0e", "firm.sql is in pg_dump's custom format: make a plain one"),
        (lambda _text: "toc.dat\0", "firm.sql is in pg_dump's tar format: make a plain one"),
        (lambda _text: "SQLite format 3\0", "firm.sql is a database of SQLite and no dump of PostgreSQL"),
        (lambda _text: "Hello\nworld\n", "firm.sql is no plain dump of a PostgreSQL"),
        (lambda _text: "", "firm.sql is no plain dump of a PostgreSQL"),
    ],
    ids=[
        "cut",
        "cut before",
        "letter",
        "month",
        "column",
        "latin",
        "inserts",
        "custom",
        "tar",
        "lite",
        "text",
        "empty",
    ],
)
def test_what_cannot_be_read_is_refused(dump: Callable[[str], Path], changed: Callable[[str], str], told: str) -> None:
    text = changed(ORDERS.partition("COPY public.secrets")[0])
    assert told in _refused(dump(text))


def test_utf_16_is_refused_with_its_cause(dump: Callable[[bytes], Path]) -> None:
    assert "PowerShell" in _refused(dump(ORDERS.encode("utf-16")))


def test_bytes_that_are_no_utf_8_are_refused(dump: Callable[[bytes], Path]) -> None:
    assert "damaged" in _refused(dump(ORDERS.encode().replace(b"c\t1234", b"\xff\t1234")))


def test_an_archive_is_refused_that_is_cut_protected_or_swollen_or_holds_no_dump(tmp_path: Path) -> None:
    whole = gzip.compress(ORDERS.encode())
    cut, bomb, other = tmp_path / "cut.sql.gz", tmp_path / "bomb.sql.gz", tmp_path / "other.zip"
    cut.write_bytes(whole[:-30])
    bomb.write_bytes(gzip.compress(ORDERS.encode() + b"-- nothing\n" * 1_000_000))
    with zipfile.ZipFile(other, "w") as held:
        held.writestr("readme.txt", "no")
    protected = tmp_path / "protected.zip"
    with zipfile.ZipFile(protected, "w") as held:
        held.writestr("dump.sql", ORDERS)
    protected.write_bytes(_marked_as_encrypted(protected.read_bytes()))
    assert _refused(cut) == "cut.sql.gz is damaged or incomplete: make the dump again, or copy it again."
    assert _refused(bomb).startswith("bomb.sql.gz would unpack to far more than its size allows")
    assert _refused(other).startswith("other.zip holds no dump.sql")
    assert _refused(protected).startswith("protected.zip is protected by a password")
    assert _refused(tmp_path / "none.sql").startswith("There is no file none.sql")


def test_of_several_dumps_in_an_archive_none_is_guessed(tmp_path: Path) -> None:
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as held:
        held.writestr("old.sql", ORDERS)
        held.writestr("new.sql", ORDERS)
    assert _refused(path).startswith("both.zip holds several dumps")


def test_a_name_that_is_no_utf_8_can_be_told(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"firma\xe9.sql")
    path.write_text("nothing", encoding="utf-8")
    assert _refused(tmp_path).startswith("firma\\xe9.sql is no plain dump")


def test_an_archive_that_tells_a_wrong_size_of_itself_is_measured_by_its_own(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr("dump.sql", ORDERS + "-- nothing\n" * 1_000_000)
    forged = bytearray(path.read_bytes())
    packed = forged.index(b"PK\x01\x02") + 20
    forged[packed : packed + 4] = (2_000_000_000).to_bytes(4, "little")
    path.write_bytes(forged)
    assert _refused(path).startswith("bomb.zip would unpack to far more than its size allows")


def _marked_as_encrypted(archive: bytes) -> bytes:
    central = archive.index(b"PK\x01\x02")
    return archive[: central + 8] + bytes([archive[central + 8] | 1]) + archive[central + 9 :]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_what_copy_escapes_comes_back(value: str) -> None:
    letters = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"}
    written = "".join(letters.get(letter, letter) for letter in value)
    assert _unescaped(written) == value
    assert _rows([f"1\t{written}\n".encode()], ["id", "value"]).rows() == [("1", value)]


def test_octal_and_hexadecimal_letters_are_read() -> None:
    assert _unescaped("\\101\\x42\\q") == "ABq"


@pytest.mark.postgres
def test_what_pg_dump_writes_is_read(new_postgres_database: Callable[[], str], tmp_path: Path) -> None:
    url, path = driverless(new_postgres_database()), tmp_path / "real.sql"
    made = (
        "create table orders (id int primary key, name text, total numeric, at timestamptz);"
        "insert into orders values (1, E'a\\tb\\\\c\\r\\n你', 0.1234567890123, '2026-01-01 12:00+02'),"
        " (2, '\\N', 'NaN', null)"
    )
    subprocess.run(["psql", "--quiet", "--command", made, url], check=True)
    subprocess.run(["pg_dump", "--file", str(path), url], check=True)
    with restored(path, WANTED) as database:
        rows = database.rows("select * from orders t order by t.id").rows()
    assert rows[0] == (1, "a\tb\\c\r\n你", "0.1234567890123", datetime(2026, 1, 1, 10, tzinfo=UTC))
    assert rows[1][1:] == ("\\N", "nan", None)


def test_no_frame_of_ours_is_taken_for_a_table(dump: Callable[[str], Path]) -> None:
    orders_of_ours = pl.DataFrame({"id": [1]})
    with restored(dump(ORDERS), WANTED) as database, pytest.raises(SourceRefused, match="does not answer"):
        database.rows("select * from orders_of_ours")
    assert orders_of_ours.height == 1


def test_a_folder_that_holds_the_dump_alone_is_the_dump(dump: Callable[[str | bytes], Path], tmp_path: Path) -> None:
    box = tmp_path / "upload"
    box.mkdir()
    dump(ORDERS).rename(box / "firm.sql")
    with restored(box, WANTED) as database:
        assert database.rows("select t.id as id from orders t").height == 2
    (box / "second.sql").write_text(ORDERS, encoding="utf-8")
    with pytest.raises(SourceRefused, match="several files"), restored(box, WANTED):
        pass
