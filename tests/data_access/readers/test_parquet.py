"""Parquet: every type as one text, and nothing of a damaged file."""

import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.readers.cells import float_text, float_texts, number_text
from tests.data_access.readers.deliveries import cells, problems, read_files, read_one, refusal

NOON = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)


def _file(columns: dict[str, pa.Array], **options: object) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content, **options)
    return content.getvalue()


def _texts(place: Path, values: pa.Array) -> list[str | None]:
    content = _file({"product_id": values})
    return [row[0] for row in cells(read_one(place, "products.parquet", content))]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array(["P1", "", None]), ["P1", "", None]),
        (pa.array(["P1", None], pa.large_string()), ["P1", None]),
        (pa.array(["a", "b", None]).dictionary_encode(), ["a", "b", None]),
        (pa.array([1, -2, None], pa.int8()), ["1", "-2", None]),
        (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
        (pa.array([2.5, 3.0, 1e22, 1e-7, -0.0, None]), ["2.5", "3", "10000000000000000000000", "0.0000001", "0", None]),
        (pa.array([0.1], pa.float32()), ["0.1"]),
        (pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)), ["1.50", None]),
        (pa.array([Decimal("0.0000001")], pa.decimal128(10, 7)), ["0.0000001"]),
        (pa.array([Decimal("1" * 50)], pa.decimal256(60, 0)), ["1" * 50]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array([date(2026, 2, 1), None]), ["2026-02-01", None]),
        (pa.array([date(2026, 2, 1)], pa.date64()), ["2026-02-01"]),
        (pa.array([time(8, 30)]), ["08:30:00"]),
        (pa.array([NOON], pa.timestamp("ns", "UTC")), ["2026-02-02T08:00:00.000000+00:00"]),
        (pa.array([NOON], pa.timestamp("ms", "Europe/Berlin")), ["2026-02-02T08:00:00.000000+00:00"]),
        (pa.array([NOON], pa.timestamp("us", "+05:30")), ["2026-02-02T08:00:00.000000+00:00"]),
        (pa.array([NOON.replace(tzinfo=None)], pa.timestamp("us")), ["2026-02-02T08:00:00.000000"]),
        (pa.array([NOON.replace(tzinfo=None)], pa.timestamp("s")), ["2026-02-02T08:00:00.000000"]),
        (pa.array([1_123_456_789], pa.timestamp("ns")), ["1970-01-01T00:00:01.123456"]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_a_value_is_its_text(tmp_path: Path, values: pa.Array, texts: list[str | None]) -> None:
    assert _texts(tmp_path, values) == texts


@pytest.mark.parametrize(
    ("values", "rule", "shown"),
    [
        (pa.array([5.25, float("nan"), None]), "not_a_number", "NaN"),
        (pa.array([5.25, float("-inf"), None]), "not_a_number", "-Infinity"),
        (pa.array([None, b"\xff\x00", None]), "binary_value", "ff00"),
        (pa.array([None, b"\xff\x00", None], pa.binary(2)), "binary_value", "ff00"),
        (pa.array([None, [1, 2], None]), "nested_value", "[1, 2]"),
        (pa.array([None, {"en": "x"}, None]), "nested_value", "{'en': 'x'}"),
    ],
)
def test_what_is_no_value_sets_only_its_row_aside(tmp_path: Path, values: pa.Array, rule: str, shown: str) -> None:
    table = read_one(tmp_path, "products.parquet", _file({"product_id": pa.array(["P1", "P2", "P3"]), "name": values}))
    assert problems(table) == [(2, "name", rule)]
    assert table.problems["value"].to_list() == [shown]
    assert table.frame["_line"].to_list() == [1, 2, 3]


def test_a_column_of_an_unknown_type_is_refused_by_name(tmp_path: Path) -> None:
    rule, detail = refusal(tmp_path, "products.parquet", _file({"name": pa.array([1], pa.duration("s"))}))
    assert rule == "not_supported"
    assert "name" in detail


def test_names_that_become_the_same_are_refused(tmp_path: Path) -> None:
    content = _file({"Unit Cost": pa.array([1]), "unit_cost": pa.array([2])})
    assert refusal(tmp_path, "products.parquet", content)[0] == "duplicate_column"


def test_a_file_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.parquet", _file({"product_id": pa.array([], pa.string())}))
    assert cells(table) == []


def test_a_flipped_bit_in_the_data_is_found_by_the_page_checksum(tmp_path: Path) -> None:
    names = pa.array([f"P{number}" for number in range(1_000)])
    content = bytearray(
        _file({"product_id": names}, write_page_checksum=True, compression="none", use_dictionary=False)
    )
    content[content.index(b"P500")] ^= 1
    assert refusal(tmp_path, "products.parquet", bytes(content))[0] == "unreadable"


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    content = _file(
        {"product_id": pa.array(["Pabc", "Pxyz"])}, compression="none", use_dictionary=False, write_statistics=False
    )
    assert refusal(tmp_path, "products.parquet", content.replace(b"Pxyz", b"P\xff\xfez"))[0] == "unreadable"


@pytest.mark.parametrize("keep", [0, 4, 60, -1, -20])
def test_a_cut_file_is_unreadable(tmp_path: Path, keep: int) -> None:
    content = _file({"product_id": pa.array(["P1"])})
    assert refusal(tmp_path, "products.parquet", content[:keep])[0] == "unreadable"


def test_a_text_named_like_parquet_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "products.parquet", b"product_id\nP1\n")[0] == "not_what_it_says"


def test_a_parquet_with_another_name_is_ignored(tmp_path: Path) -> None:
    content = _file({"product_id": pa.array(["P1"])})
    delivery = read_files(tmp_path, {"products.parquet": content, "other.parquet": content})
    assert delivery.ignored == ("other.parquet",)


@given(st.floats())
def test_a_float_is_the_shortest_decimal_that_is_it(value: float) -> None:
    text = float_text(value)
    assert "e" not in text
    assert text in {"NaN", "Infinity", "-Infinity"} or float(text) == value
    assert float_texts(pl.Series([value])).to_list() == [text]


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1e50"), max_value=Decimal("1e50")))
def test_a_number_without_its_exponent_is_the_same_number(value: Decimal) -> None:
    assert Decimal(number_text(str(value))) == value
