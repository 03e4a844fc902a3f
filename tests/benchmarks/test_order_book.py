"""The wholesaler that benchmarks make: every line is ordered, invoiced, due and owed for as it should be."""

from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks import order_book
from benchmarks.order_book import LAST_ON, LINES_OF_ORDER, OrderBook
from benchmarks.publishing import Made

SMALL = OrderBook(lines=4_000, days=100, customers=60, products=50)


@pytest.fixture(scope="module")
def made() -> Made:
    return order_book.firm(SMALL)


@pytest.fixture(scope="module")
def facts(made: Made) -> dict[str, pl.DataFrame]:
    return {name: rows.collect() for name, rows in made.large.items()}


def test_it_has_the_lines_that_were_asked_for(facts: dict[str, pl.DataFrame]) -> None:
    lines = facts["fact_order_lines"]
    assert lines.height == SMALL.lines
    assert lines["record_id"].is_unique().all()
    assert (lines["day_on"].min(), lines["day_on"].max()) == (SMALL.first_on, LAST_ON)


def test_the_lines_of_an_order_have_one_customer_day_and_currency(facts: dict[str, pl.DataFrame]) -> None:
    lines = facts["fact_order_lines"]
    orders = lines.select("document", "customer_id", "day_on", "currency", "company_id", "site_id").unique()
    assert orders.height == lines["document"].n_unique() == SMALL.lines // LINES_OF_ORDER


def test_every_line_is_invoiced_after_three_days_unless_that_is_still_to_come(facts: dict[str, pl.DataFrame]) -> None:
    lines, invoiced = facts["fact_order_lines"], facts["fact_invoice_lines"]
    over = lines.filter(pl.col("day_on") <= LAST_ON - timedelta(days=3))
    assert_frame_equal(invoiced.select("record_id", "amount"), over.select("record_id", "amount"))
    assert (invoiced["day_on"] - over["day_on"]).unique().to_list() == [timedelta(days=3)]


def test_nine_of_ten_promises_are_kept(facts: dict[str, pl.DataFrame]) -> None:
    due = facts["fact_due_lines"]
    assert 0.87 < due["kept"].cast(pl.Float64).mean() < 0.93  # type: ignore[operator]
    assert due.filter(pl.col("kept") == 1)["days_late"].max() == -1
    assert due.filter(pl.col("kept") == 0)["days_late"].min() == 1


def test_an_invoice_is_paid_whole_or_still_owed(facts: dict[str, pl.DataFrame]) -> None:
    owed = facts["fact_receivables"]
    left = owed.group_by("record_id").agg(pl.col("amount").sum(), billed=pl.col("amount").max(), events=pl.len())
    paid = left.filter(pl.col("events") == 2)
    assert paid["amount"].unique().to_list() == [0]
    assert left.filter(pl.col("events") == 1).select((pl.col("amount") == pl.col("billed")).all()).item()
    assert 0 < paid.height < left.height


def test_every_fact_lies_by_day_and_none_after_the_last(facts: dict[str, pl.DataFrame]) -> None:
    for rows in facts.values():
        assert rows["day_on"].is_sorted()
        assert rows["day_on"].max() == LAST_ON


def test_every_foreign_currency_has_a_rate_on_every_day(made: Made, facts: dict[str, pl.DataFrame]) -> None:
    rates = made.tables["exchange_rates"].select("currency", day_on="valid_from_on")
    foreign = facts["fact_order_lines"].filter(pl.col("currency") != "EUR")
    assert foreign["currency"].n_unique() == 4
    assert foreign.join(rates, on=("currency", "day_on"), how="anti").is_empty()


def test_some_customers_buy_more_than_others_and_all_are_known(made: Made, facts: dict[str, pl.DataFrame]) -> None:
    lines, known = facts["fact_order_lines"], made.tables["customers"]
    assert lines.join(known, on="customer_id", how="anti").is_empty()
    most, *_, least = lines["customer_id"].value_counts(sort=True)["count"].to_list()
    assert most > 5 * least


def test_rows_are_the_same_however_many_are_made_at_once(
    facts: dict[str, pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_book, "LINES_AT_ONCE", 100)
    for name, rows in order_book.firm(SMALL).large.items():
        assert_frame_equal(rows.collect(), facts[name])
