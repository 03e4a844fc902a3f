"""What each customer will likely buy, of each company and each region by itself, and how well that was told."""

import random
from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.customer_outlook import LINES, MARGINS, OUTLOOK, RELIABILITY, outlooks

DAY = date(2026, 6, 30)


def bought(customers: int, company: str, region: str, *, seed: int) -> pl.DataFrame:
    """Orders of customers, each about every so many days, some of which stop."""
    dice, rows = random.Random(seed), []  # noqa: S311 - the same firm in every run
    for number in range(customers):
        gap, stops = dice.choice([10, 30, 90]), dice.choice([0, 0, 0, 200])
        rows += [
            (f"{company}{region}{number}", company, region, DAY - timedelta(days=ago), float(gap), "EUR")
            for ago in range(stops + dice.randrange(gap), 500, gap)
        ]
    return pl.DataFrame(rows, schema=LINES, orient="row")


def margins(lines: pl.DataFrame, share: float = 0.5) -> pl.DataFrame:
    return lines.with_columns(margin=pl.col("amount") * share).select(*MARGINS)


@pytest.fixture(scope="module")
def lines() -> pl.DataFrame:
    """Two companies, one of them in two regions."""
    return pl.concat([bought(15, "c1", "N", seed=1), bought(15, "c1", "S", seed=2), bought(8, "c2", "S", seed=3)])


@pytest.fixture(scope="module")
def made(lines: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """What is worked out for them."""
    return outlooks(lines, margins(lines), DAY)


def test_every_customer_has_one_row_and_every_number_is_possible(
    lines: pl.DataFrame, made: dict[str, pl.DataFrame]
) -> None:
    rows = made["outlook"]
    assert dict(rows.schema) == dict(OUTLOOK)
    assert sorted(rows["customer_id"]) == sorted(lines["customer_id"].unique())
    assert rows.null_count().sum_horizontal().item() == 0
    assert rows.filter(~pl.col("p_active").is_between(0, 1)).is_empty()
    assert rows.filter((pl.col("amount_low") > pl.col("amount_high")) | (pl.col("expected_amount") < 0)).is_empty()
    assert rows.filter((pl.col("expected_margin") - 0.5 * pl.col("expected_amount")).abs() > 1e-6).is_empty()


def test_who_hardly_comes_is_hardly_expected_to_spend(made: dict[str, pl.DataFrame]) -> None:
    rows = made["outlook"]
    assert rows.filter((pl.col("p_active") <= 0.9) & (pl.col("amount_low") > 0)).is_empty()
    stopped = rows.filter(pl.col("orders_now") == 0)
    regular = rows.filter(pl.col("orders_now") > 0)
    assert stopped["p_active"].mean() < regular["p_active"].mean()  # type: ignore[operator]
    assert stopped["expected_amount"].max() < regular["expected_amount"].max()  # type: ignore[operator]


def test_a_part_is_told_what_it_teaches_and_nothing_else(lines: pl.DataFrame, made: dict[str, pl.DataFrame]) -> None:
    alone = lines.filter(pl.col("region") == "S", pl.col("company_id") == "c1")
    own = outlooks(alone, margins(alone), DAY)
    part = made["outlook_by_region"].filter(pl.col("region") == "S", pl.col("company_id") == "c1")
    assert_frame_equal(part, own["outlook_by_region"])
    assert_frame_equal(part, own["outlook"])


def test_what_was_said_stands_beside_what_came(made: dict[str, pl.DataFrame]) -> None:
    rows = made["reliability"]
    assert dict(rows.schema) == dict(RELIABILITY)
    assert rows["company_id"].unique().to_list() == ["c1"], "eight customers are too few to say anything"
    assert rows["fifth"].to_list() == [1, 2, 3, 4, 5]
    assert rows["customers"].sum() == 30
    assert rows["said"].is_sorted()
    assert made["reliability_by_region"].is_empty()


def test_what_comes_after_the_day_changes_nothing(lines: pl.DataFrame, made: dict[str, pl.DataFrame]) -> None:
    later = lines.with_columns(day_on=pl.lit(DAY + timedelta(days=1)), amount=pl.lit(1e6))
    both = pl.concat([lines, later])
    assert_frame_equal(outlooks(both, margins(both), DAY)["outlook"], made["outlook"])


def test_a_firm_without_orders_or_costs_is_told_so() -> None:
    nothing = outlooks(pl.DataFrame(schema=LINES), pl.DataFrame(schema=MARGINS), DAY)
    assert [rows.height for rows in nothing.values()] == [0, 0, 0, 0]
    one = pl.DataFrame([("a", "c1", None, DAY, -5.0, "EUR")], schema=LINES, orient="row")
    told = outlooks(one, pl.DataFrame(schema=MARGINS), DAY)["outlook"]
    assert told.select("p_active", "expected_amount", "expected_margin").rows() == [(0.0, 0.0, None)]
