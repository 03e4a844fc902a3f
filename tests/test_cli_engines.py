"""The engines from the terminal: files in, a file out, and a sentence for what cannot be used."""

from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import cli

FIRST = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TANDEM_HOME", str(tmp_path / "var"))


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, list(words))
    return result.exit_code, result.output


# Stock-outs


def stock_files(**changed: object) -> None:
    days = [str(FIRST + timedelta(days=day)) for day in range(8)]
    pl.DataFrame({"series_id": ["a"] * 8, "date": days, "on_hand": range(10, 2, -1)} | changed).write_parquet(
        "s.parquet"
    )
    pl.DataFrame({"series_id": ["a"], "date": [FIRST], "quantity": ["1"]}).write_parquet("h.parquet")


STOCKOUTS = ("stockouts", "--stock", "s.parquet", "--history", "h.parquet", "--out", "o.parquet")


def test_stock_outs_are_foretold_for_each_series_and_horizon() -> None:
    stock_files()

    assert run(*STOCKOUTS, "--within", "14, 7") == (
        0,
        "o.parquet: 1 series, the chance to be out of stock within 14, 7 days\n",
    )
    assert pl.read_parquet("o.parquet").columns == ["series_id", "p_7", "p_14"]


def test_receipts_lower_the_chance() -> None:
    stock_files()
    pl.DataFrame({"series_id": ["a"], "due_on": [FIRST + timedelta(days=8)], "quantity": [50]}).write_parquet(
        "r.parquet"
    )
    run(*STOCKOUTS)
    alone = pl.read_parquet("o.parquet")["p_7"].item()

    assert run(*STOCKOUTS, "--receipts", "r.parquet")[0] == 0
    assert pl.read_parquet("o.parquet")["p_7"].item() < alone


@pytest.mark.parametrize("within", ["", "0", "7,", "7;14", "-1", "367", "1e2"])
def test_days_that_cannot_be_asked_for_are_a_matter_of_usage(within: str) -> None:
    stock_files()
    code, told = run(*STOCKOUTS, f"--within={within}")

    assert code == 2
    assert "Write whole days from 1 to 366" in told


def test_a_position_that_is_no_number_is_told() -> None:
    stock_files(on_hand=["ten"] * 8)

    assert run(*STOCKOUTS) == (3, "s.parquet, row 1: on_hand is 'ten', which is no number. Correct it and try again.\n")
    assert not Path("o.parquet").exists()


def test_names_that_are_numbers_stay_numbers_and_match_whole_floats() -> None:
    stock_files(series_id=pl.Series([10, 9] * 4, dtype=pl.Int32))
    receipt = {"series_id": [9.0], "due_on": [FIRST + timedelta(days=8)], "quantity": [50]}
    pl.DataFrame(receipt).write_parquet("r.parquet")

    assert run(*STOCKOUTS, "--receipts", "r.parquet")[0] == 0

    found = pl.read_parquet("o.parquet")
    assert found["series_id"].equals(pl.Series([9, 10], dtype=pl.Int32), check_dtypes=True)
    assert found["p_28"].item(0) < found["p_28"].item(1)


def test_positions_without_a_series_are_told() -> None:
    stock_files(series_id=["a"] * 7 + [None])

    assert run(*STOCKOUTS) == (3, "The stock has 1 rows without series_id. Fill it in or leave the rows out.\n")


# Promises


PROMISE = ("promise", "--history", "h.parquet", "--orders", "n.parquet", "--out", "p.parquet")


def order_files(began: str = "placed_at") -> None:
    rows = pl.DataFrame({"order_id": [1, 2, 3], began: ["2026-01-01", "2026-01-02T09:30:00", None]})
    delivered = pl.Series(["2026-01-04", "2026-01-05 12:00:00", None], dtype=pl.String)
    rows.with_columns(delivered_at=delivered).write_parquet("h.parquet")
    rows.head(1).with_columns(order_id=pl.lit(9)).write_parquet("n.parquet")


@pytest.mark.parametrize("began", ["placed_at", "planned_at"])
def test_each_order_gets_its_days(began: str) -> None:
    order_files(began)

    assert run(*PROMISE) == (0, "p.parquet: 1 orders, each with the days that 50, 80, 90 and 95 of 100 keep\n")
    assert pl.read_parquet("p.parquet").row(0, named=True)["p90_on"] == date(2026, 1, 4)


def test_what_came_after_the_stated_instant_is_not_known() -> None:
    order_files()

    assert run(*PROMISE, "--as-of", "2026-01-03")[0] == 0
    assert pl.read_parquet("p.parquet")["p90_on"].item() is None


def test_orders_with_neither_instant_are_refused() -> None:
    order_files("began_at")
    code, told = run(*PROMISE)

    assert code == 3
    assert told.startswith("h.parquet has no column placed_at. It has: order_id, began_at, delivered_at.")


def zoned(*instants: datetime, zone: str) -> pl.Series:
    """Instants of UTC in a zone."""
    return pl.Series(instants, dtype=pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)


@pytest.mark.parametrize(("zone", "day"), [("Asia/Tokyo", 7), ("UTC", 6)])
def test_the_promised_day_is_one_of_the_calendar_of_both_files(zone: str, day: int) -> None:
    late, sooner = (datetime(2026, 1, 1, hour) for hour in (20, 16))  # noqa: DTZ001 - the zone comes with the column
    begun, ended = zoned(late, zone="Asia/Tokyo"), zoned(sooner + timedelta(days=4), zone="Asia/Tokyo")
    pl.DataFrame({"order_id": [1], "placed_at": begun, "delivered_at": ended}).write_parquet("h.parquet")
    pl.DataFrame({"order_id": [2], "placed_at": zoned(late + timedelta(days=1), zone=zone)}).write_parquet("n.parquet")

    assert run(*PROMISE)[0] == 0
    assert pl.read_parquet("p.parquet").row(0, named=True)["p90_on"].day == day
    assert pl.read_parquet("p.parquet")["order_id"].to_list() == [2]


# Customers


CUSTOMERS = ("customers", "--orders", "h.parquet", "--days", "30", "--out", "c.parquet")


def test_each_customer_gets_its_value() -> None:
    rows = {"customer_id": [7, 7], "ordered_on": ["2026-01-01", "2026-01-09"], "amount": ["5.50", "2"]}
    pl.DataFrame(rows).write_parquet("h.parquet")

    assert run(*CUSTOMERS, "--as-of", "2026-01-20") == (0, "c.parquet: 1 customers and the 30 days after 2026-01-20\n")
    assert pl.read_parquet("c.parquet").row(0, named=True)["monetary"] == 7.5


def test_an_amount_beyond_all_reason_is_told() -> None:
    pl.DataFrame({"customer_id": [7], "ordered_on": ["2026-01-01"], "amount": [1e300]}).write_parquet("h.parquet")

    told = "The orders have an amount beyond 1e+15. Correct it or leave the row out.\n"
    assert run(*CUSTOMERS, "--as-of", "2026-01-20") == (3, told)


@pytest.mark.parametrize("words", [("--as-of", "yesterday"), ("--as-of", "0001-01-01"), ("--as-of", "9999-12-31"), ()])
def test_a_day_that_is_none_is_a_matter_of_usage(words: tuple[str, ...]) -> None:
    assert run(*CUSTOMERS, *words)[0] == 2


def test_a_date_of_the_firm_needs_data_and_a_question() -> None:
    assert run("promise") == (2, "Give --history, --orders and --out, or --line for a date of this firm.\n")
    assert run("promise", "--line", "B-1*3") == (
        3,
        "No data yet. Load a source (python cli.py sync ...), then ask again.\n",
    )
