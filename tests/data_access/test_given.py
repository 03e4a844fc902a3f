"""Tables handed to an engine: what is needed is there in its type, and what cannot be used is said in a sentence."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

import polars as pl
import pytest

from data_access.given import NotUsable, handed_back, taken

NEEDED = {"series_id": pl.String(), "date": pl.Date(), "quantity": pl.Float64()}


def written(folder: Path, **columns: object) -> Path:
    path = folder / "history.parquet"
    pl.DataFrame(columns).write_parquet(path)
    return path


def test_columns_come_in_the_types_asked_for_and_others_as_they_are(tmp_path: Path) -> None:
    path = written(tmp_path, date=["2026-01-02"], shop=[7], quantity=["3.5"], series_id=[11])

    table = taken(path, NEEDED)

    assert table.row(0, named=True) == {"date": date(2026, 1, 2), "shop": 7, "quantity": 3.5, "series_id": "11"}


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 2),
        datetime.combine(date(2026, 1, 2), time(23, 59)),
        datetime(2026, 1, 2, 23, 59, tzinfo=UTC),
        "2026-01-02",
        "2026-01-02T23:59:00",
        " 2026-01-02 23:59:00.5 ",
        "2026-01-02T23:59Z",
        "2026-01-02T00:30:00+02:00",
    ],
)
def test_a_day_may_come_as_day_as_instant_or_as_text(tmp_path: Path, day: object) -> None:
    path = written(tmp_path, series_id=["a"], date=[day], quantity=[1])

    assert taken(path, NEEDED)["date"].to_list() == [date(2026, 1, 2)]


@pytest.mark.parametrize(
    ("written_as", "instant"),
    [
        ("2026-06-05T10:00:00Z", "2026-06-05 10:00:00.000000"),
        ("2026-06-05 10:00", "2026-06-05 10:00:00.000000"),
        ("2026-06-05T10:00:00.25+02:00", "2026-06-05 08:00:00.250000"),
        ("2026-06-05T22:15-0530", "2026-06-06 03:45:00.000000"),
        ("2026-06-05 10:00:00+02", "2026-06-05 08:00:00.000000"),
        ("2026-06-05", "2026-06-05 00:00:00.000000"),
        ("9999-12-31", "9999-12-31 00:00:00.000000"),
    ],
)
def test_an_instant_as_text_is_told_in_utc(tmp_path: Path, written_as: str, instant: str) -> None:
    path = written(tmp_path, placed_at=[written_as, None])

    assert taken(path, {"placed_at": pl.Datetime("us")})["placed_at"].cast(pl.String).to_list() == [instant, None]


@pytest.mark.parametrize("kind", [pl.Categorical(), pl.Enum(["2026-01-02"])])
def test_categories_come_as_text(tmp_path: Path, kind: pl.DataType) -> None:
    days = pl.Series(["2026-01-02"], dtype=kind)
    path = written(tmp_path, series_id=days, date=days, quantity=[1], shop=days)

    table = taken(path, NEEDED)

    assert table["date"].to_list() == [date(2026, 1, 2)]
    assert table["series_id"].dtype == table["shop"].dtype == pl.String


FAR_DAYS = {"9999-12-31": date(9999, 12, 31), "1753-01-01": date(1753, 1, 1), "beyond the year 9999": 3_000_000}


@pytest.mark.parametrize("shown", FAR_DAYS)
def test_a_day_far_from_our_time_is_told_with_its_row(tmp_path: Path, shown: str) -> None:
    days = pl.Series([date(2026, 1, 2), None, FAR_DAYS[shown]], dtype=pl.Date, strict=False)
    if isinstance(FAR_DAYS[shown], int):
        days = pl.Series([20_455, None, FAR_DAYS[shown]]).cast(pl.Int32).cast(pl.Date)
    path = written(tmp_path, series_id=["a"] * 3, date=days, quantity=[1] * 3)

    with pytest.raises(NotUsable, match=f"row 3: date is '{shown}', not a day from 1900 to 2200"):
        taken(path, NEEDED)


@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
@pytest.mark.parametrize("unit", ["ms", "us"])
def test_an_instant_that_no_calendar_tells_is_refused(
    tmp_path: Path, zone: str | None, unit: Literal["ms", "us"]
) -> None:
    far = pl.Series([0, 2**63 - 1]).cast(pl.Datetime(unit, zone))
    path = written(tmp_path, date=far, series_id=["a"] * 2, quantity=[1] * 2)

    with pytest.raises(NotUsable, match="row 2: date is 'beyond the year 9999', which is no date"):
        taken(path, NEEDED)


def test_a_null_stays_null(tmp_path: Path) -> None:
    path = written(tmp_path, series_id=["a", None], date=[None, date(2026, 1, 2)], quantity=[None, 1.0])

    assert taken(path, NEEDED).null_count().row(0) == (1, 1, 1)


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [("date", "2.1.2026", "date"), ("date", 20260102, "date"), ("quantity", "three", "number")],
)
def test_a_value_of_another_kind_is_told_with_its_row(tmp_path: Path, column: str, value: object, kind: str) -> None:
    good = {"series_id": "a", "date": "2026-01-02", "quantity": "1"}
    good_too = good if isinstance(value, str) else good | {column: None}
    rows = pl.DataFrame([good_too, good | {column: value}])
    rows.write_parquet(tmp_path / "history.parquet")

    with pytest.raises(NotUsable, match=rf"history.parquet, row 2: {column} is .*, which is no {kind}"):
        taken(tmp_path / "history.parquet", NEEDED)


def test_a_missing_column_is_told_with_those_that_are_there(tmp_path: Path) -> None:
    path = written(tmp_path, series=["a"], date=[date(2026, 1, 2)])

    with pytest.raises(NotUsable, match=r"has no column series_id, quantity\. It has: series, date\."):
        taken(path, NEEDED)


def test_a_file_that_is_missing_or_no_parquet_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.parquet").write_text("series_id,date\n")

    with pytest.raises(NotUsable, match="is not there"):
        taken(tmp_path / "none.parquet", NEEDED)
    with pytest.raises(NotUsable, match="cannot be read as Parquet"):
        taken(tmp_path / "text.parquet", NEEDED)


def test_what_is_handed_back_is_whole_and_replaces_what_was_there(tmp_path: Path) -> None:
    table = pl.DataFrame({"a": [1]})
    path = tmp_path / "new" / "out.parquet"

    handed_back(table, path)
    handed_back(table.with_columns(b=2), path)

    assert pl.read_parquet(path).columns == ["a", "b"]
    assert [file.name for file in path.parent.iterdir()] == ["out.parquet"]


@pytest.mark.parametrize("folder", [".", "/", ".."])
def test_a_folder_is_no_file_to_write(folder: str) -> None:
    with pytest.raises(NotUsable, match=r"is a folder\. Name a file"):
        handed_back(pl.DataFrame({"a": [1]}), Path(folder))


def test_a_place_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(NotUsable, match="cannot be written"):
        handed_back(pl.DataFrame({"a": [1]}), tmp_path / "file" / "out.parquet")
