"""From a source's rows to unified rows: every field by the contract of its column; what does not fit goes aside."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from data_access.mapping import LINE, ROW, Cell, Extract, Mapping
from refresh.translate import Translated, translated


def extract(frame: pl.DataFrame, problems: pl.DataFrame | None = None, **mapping: Any) -> Extract:
    whole = frame.with_columns(pl.int_range(2, pl.len() + 2).alias(LINE)).with_columns(
        pl.col(LINE).cast(pl.String).alias(ROW)
    )
    usual: dict[str, Any] = {"to": "products", "table": "products", "key": LINE, "typed_by_hand": True}
    made = Mapping(**usual | mapping)
    return Extract(mapping=made, frame=whole, problems=problems)


def one(column: str, *values: Any, by: str | Cell | None = None, **mapping: Any) -> Translated:
    """Products whose only other column holds these values."""
    frame = pl.DataFrame({"key": [f"K{n}" for n in range(len(values))], "came": values})
    given = {"product_id": "key", column: by or "came"}
    return translated(extract(frame, columns=given, **mapping), "s")


def kept(made: Translated, column: str) -> list[Any]:
    return made.rows.get_column(column).to_list()


def broken(made: Translated) -> list[tuple[str, str, str]]:
    return made.aside.select("rule", "column_name", "value").rows()


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-inf", "0x10", "ten", "1_000", "1,5", "1.2.3", "٣"])
def test_what_is_no_number_goes_aside_with_its_value(word: str) -> None:
    made = one("cost", "1.50", word)
    assert kept(made, "cost") == [Decimal("1.5")]
    assert broken(made) == [("not_a_number", "cost", word)]
    assert made.aside.get_column(ROW).to_list() == ["3"]


@pytest.mark.parametrize("word", ["", " ", "N/A", "null", "-", None])
def test_a_number_that_is_not_given_is_null(word: str | None) -> None:
    made = one("cost", "1", word)
    assert kept(made, "cost") == [Decimal(1), None]
    assert broken(made) == []


@pytest.mark.parametrize("name", ["Null", "NA", "None", "True", "1e5", " ", "-"])
def test_a_name_is_kept_as_it_came_whatever_it_says(name: str) -> None:
    assert kept(one("name", name), "name") == [name]


def test_keys_come_in_one_form_with_their_source_before_them() -> None:
    frame = pl.DataFrame({"key": ["Ｐ００１", " P002 ", "　P003"], "category": ["Ａ", None, "N/A"]})
    made = translated(extract(frame, columns={"product_id": "key", "category_id": "category"}), "s")
    assert kept(made, "product_id") == ["s:P001", "s:P002", "s:P003"]
    assert kept(made, "source_id") == ["P001", "P002", "P003"]
    assert kept(made, "category_id") == ["s:A", None, None]


def test_keys_that_a_machine_wrote_are_taken_literally() -> None:
    frame = pl.DataFrame({"key": ["Ｐ１ ", "-"]})
    made = translated(extract(frame, columns={"product_id": "key"}, typed_by_hand=False), "s")
    assert kept(made, "product_id") == ["s:Ｐ１ ", "s:-"]


def test_a_key_of_several_columns_is_joined_in_its_order() -> None:
    frame = pl.DataFrame({"p": ["P1"], "w": ["W1"], "d": ["2026-02-20T06:00:00+00:00"], "q": ["5"]})
    columns = {"product_id": "p", "site_id": "w", "as_of_on": "d", "on_hand": "q"}
    made = translated(extract(frame, columns=columns, to="inventory_levels", table="inventory_levels"), "s")
    assert made.rows.select("source_id", "product_id", "site_id", "as_of_on").row(0) == (
        "P1/W1/2026-02-20",
        "s:P1",
        "s:W1",
        date(2026, 2, 20),
    )


@pytest.mark.parametrize("day", ["2026-02-30", "2025-02-29", "0000-00-00", "2026-13-01", "01/02/2026"])
def test_a_day_that_the_calendar_does_not_have_goes_aside(day: str) -> None:
    made = one("created_on", "2024-02-29", day)
    assert kept(made, "created_on") == [date(2024, 2, 29)]
    assert broken(made) == [("not_a_date", "created_on", day)]


def test_an_instant_is_kept_in_utc_and_without_a_zone_it_is_utc() -> None:
    frame = pl.DataFrame(
        {"key": ["1", "2"], "at": ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00"], "c": ["C", "C"]}
    )
    columns = {"sales_order_id": "key", "ordered_at": "at", "customer_id": "c"}
    made = translated(extract(frame, columns=columns, to="sales_orders", table="sales_orders"), "s")
    hours = [at.hour for at in kept(made, "ordered_at")]
    assert hours == [0, 2]
    assert made.rows.schema["ordered_at"] == pl.Datetime("us", "UTC")


def test_words_are_translated_and_an_unknown_word_goes_aside() -> None:
    cell = Cell(column="came", words={"ware": "storable"})
    made = one("kind", "Ware", " SERVICE ", "thing", by=cell)
    assert [str(kind) for kind in kept(made, "kind")] == ["storable", "service"]
    assert broken(made) == [("unknown_word", "kind", "thing")]


def test_a_default_stands_only_for_what_is_missing() -> None:
    made = one("is_active", "no", "", "perhaps", by=Cell(column="came", default="true"))
    assert kept(made, "is_active") == [False, True]
    assert broken(made) == [("not_true_or_false", "is_active", "perhaps")]


def test_a_scale_is_exact() -> None:
    frame = pl.DataFrame({"key": ["1", "2"], "pct": ["33.3333", "150"]})
    columns = {"sales_order_line_id": "key", "discount": Cell(column="pct", scale="0.01")}
    made = translated(extract(frame, columns=columns, to="sales_order_lines", table="sales_order_lines"), "s")
    assert kept(made, "discount") == [Decimal("0.333333"), Decimal("1.5")]


def test_typed_values_of_a_database_are_cast_by_contract() -> None:
    frame = pl.DataFrame(
        {
            "key": [7, 8],
            "price": [1.1, float("nan")],
            "at": [datetime(2026, 1, 5, 23, 30), datetime(2026, 1, 6)],  # noqa: DTZ001  a database without zones
            "live": [True, None],
        }
    )
    columns = {"product_id": "key", "list_price": "price", "created_on": "at", "is_active": "live"}
    made = translated(extract(frame, columns=columns, typed_by_hand=False), "s")
    assert made.rows.select("product_id", "list_price", "created_on", "is_active").rows() == [
        ("s:7", Decimal("1.1"), date(2026, 1, 5), True)
    ]
    assert broken(made) == [("not_a_number", "list_price", "NaN")]


def test_what_the_reader_found_wrong_is_the_reason_that_is_kept() -> None:
    problems = pl.DataFrame({ROW: ["2"], "column": ["key"], "rule": ["formula"], "value": ["=A1"]})
    frame = pl.DataFrame({"key": ["K1", "K2"], "came": ["oops", "1"]})
    made = translated(extract(frame, problems, columns={"product_id": "key", "cost": "came"}), "s")
    assert broken(made) == [("formula", "key", "=A1")]
    assert kept(made, "product_id") == ["s:K2"]


def test_the_row_set_aside_is_kept_as_it_came() -> None:
    made = one("cost", "oops")
    assert made.aside.get_column("record").to_list() == ['{"key":"K0","came":"oops"}']
    assert made.aside.get_column(LINE).to_list() == [2]


def test_only_the_rows_that_a_mapping_takes_are_translated() -> None:
    made = one("cost", "1", "oops", "2", only=pl.col("came") != "oops")
    assert kept(made, "cost") == [1, 2]
    assert broken(made) == []


def test_what_a_mapping_does_not_give_is_null_and_of_its_type() -> None:
    made = one("cost", "1")
    assert made.rows.schema["created_on"] == pl.Date
    assert made.rows.get_column("created_on").to_list() == [None]


def test_an_instant_of_a_zone_is_converted() -> None:
    at = pl.Series([datetime(2026, 1, 5, 12, tzinfo=UTC)]).dt.convert_time_zone("Asia/Shanghai")
    frame = pl.DataFrame({"key": ["1"], "at": at})
    columns = {"sales_order_id": "key", "ordered_at": "at"}
    made = translated(extract(frame, columns=columns, to="sales_orders", table="o", typed_by_hand=False), "s")
    assert kept(made, "ordered_at") == [datetime(2026, 1, 5, 12, tzinfo=UTC)]
