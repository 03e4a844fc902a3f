"""The forecast from the terminal: Parquet files in, Parquet files out, sentences where it cannot be."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

import cli
from analytics.forecast import OF_DAYS, OF_SUMS

DAYS = 42


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two items of one shop, the shop's own longer history, and prices."""
    monkeypatch.setenv("TANDEM_HOME", str(tmp_path / "home"))
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(DAYS)]
    items = [
        {"series_id": name, "shop": "north", "date": str(day), "quantity": float(much + day.weekday() % 2)}
        for name, much in (("a", 2), ("b", 5))
        for day in days[14:]
    ]
    pl.DataFrame(items).write_parquet(tmp_path / "history.parquet")
    whole = [{"shop": "north", "date": day, "quantity": 7.0 + 2 * (day.weekday() % 2)} for day in days]
    pl.DataFrame(whole).write_parquet(tmp_path / "groups.parquet")
    ahead = [{"date": day, "event": "fair" if day.day == 9 else None} for day in days]
    pl.DataFrame(ahead).write_parquet(tmp_path / "known.parquet")
    return tmp_path


def ran(files: Path, *more: str) -> Result:
    out = ("--out", str(files / "out.parquet"))
    return CliRunner().invoke(cli.app, ["forecast", "--history", str(files / "history.parquet"), *out, *more])


def test_days_and_sums_are_written(files: Path) -> None:
    given = ("--group-history", str(files / "groups.parquet"), "--known", str(files / "known.parquet"))
    asked = ("--horizon", "7", "--sums", "3,7", "--sums-out", str(files / "sums.parquet"))
    done = ran(files, *given, *asked)
    assert done.exit_code == 0, done.output
    days, sums = pl.read_parquet(files / "out.parquet"), pl.read_parquet(files / "sums.parquet")
    assert days.columns == ["series_id", "date", "mean", *OF_DAYS]
    assert sums.columns == ["series_id", "days", "mean", *OF_SUMS]
    assert days.height == 14
    assert sums.height == 4


def test_an_odd_series_is_told(files: Path) -> None:
    history = pl.read_parquet(files / "history.parquet")
    idle = history.filter(pl.col("series_id") == "a").with_columns(series_id=pl.lit("c"), quantity=pl.lit(0.0))
    pl.concat([history, idle]).write_parquet(files / "history.parquet")
    assert "1 series: Nothing was ever asked for: the forecast is zero." in ran(files, "--horizon", "2").output


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (pl.col("date").alias("day"), "has no column date"),
        (pl.lit("a lot").alias("quantity"), "'a lot', which is no number"),
        (pl.lit("soon").alias("date"), "'soon', which is no date"),
        (pl.lit(None, dtype=pl.String).alias("series_id"), "without series_id"),
    ],
)
def test_a_history_that_cannot_be_used_is_refused_in_a_sentence(files: Path, spoil: pl.Expr, words: str) -> None:
    history = pl.read_parquet(files / "history.parquet").with_columns(spoil)
    history.drop("date" if "day" in history.columns else []).write_parquet(files / "history.parquet")
    refused = ran(files, "--horizon", "3")
    assert refused.exit_code == 3
    assert words in refused.output
    assert not (files / "out.parquet").exists()


@pytest.mark.parametrize("more", [("--sums", "7"), ("--sums", "soon", "--sums-out", "s.parquet")])
def test_sums_are_whole_numbers_and_need_a_place(files: Path, more: tuple[str, ...]) -> None:
    assert ran(files, "--horizon", "3", *more).exit_code == 2


@pytest.mark.parametrize(
    "more",
    [
        ("--horizon", "-1"),
        ("--horizon", "1001"),
        ("--horizon", "3", "--sums", "0", "--sums-out", "s.parquet"),
        ("--horizon", "3", "--sums", "7,1001", "--sums-out", "s.parquet"),
    ],
)
def test_what_lies_out_of_reach_is_wrong_usage(files: Path, more: tuple[str, ...]) -> None:
    assert ran(files, *more).exit_code == 2


def test_a_table_that_is_left_out_is_told(files: Path) -> None:
    pl.DataFrame({"date": ["2025-01-01"], "series_id": ["a"], "price": [1.0]}).write_parquet(files / "prices.parquet")
    done = ran(files, "--horizon", "2", "--known", str(files / "prices.parquet"))
    assert done.exit_code == 0
    assert "(date, series_id, price) was left out" in done.output


def test_a_folder_to_write_into_is_refused_in_a_sentence(files: Path) -> None:
    refused = ran(files, "--horizon", "2", "--out", ".")
    assert refused.exit_code == 3
    assert "is a folder. Name a file." in refused.output
