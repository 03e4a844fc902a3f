"""What a wave of complaints cost: orders beside what is usual of all else, its season and its bounds."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from analytics.wave_effects import EFFECTS, effect
from benchmarks.waves import bought
from sample_data import Plan, Sample

AS_OF = date(2026, 6, 30)


def ago(weeks: int) -> date:
    """The first day of the week so many weeks ago."""
    return AS_OF - timedelta(days=7 * weeks + 6)


def sales(weeks: int = 104, fell: int = 12, eased: int = 4, share: float = 0.4, scale: float = 1.0) -> pl.DataFrame:
    """All else is ordered 200 times a week, and falls by half in the week of a holiday; the group, 100 times for each
    200, with a season, less by a share from one week and by half of that from another."""
    rows = []
    for week in range(weeks):
        others = 100.0 if week == 30 else 200.0
        season = 1 + 0.2 * np.sin(2 * np.pi * week / 52.1775)
        left = 1 - share if eased <= week < fell else 1 - share / 2 if week < eased else 1.0
        rows += [
            (week, others * scale, others, False),
            (week, others / 2 * season * left * scale, others * season, True),
        ]
    return pl.DataFrame(rows, schema=["weeks_ago", "buys", "quantity", "is_member"], orient="row")


def found(rows: pl.DataFrame, until: int = 6) -> dict[str, object]:
    told = effect(rows, ago(15), ago(until), AS_OF)
    assert told is not None
    assert set(told) == set(EFFECTS)
    return told


def test_the_share_that_never_came_and_when_are_found_beside_season_and_holiday() -> None:
    told = found(sales())
    assert (told["fell_on"], told["eased_on"]) == (ago(11), ago(3))
    assert (told["fell"], told["still"]) == pytest.approx((0.4, 0.2), abs=0.02)
    assert told["orders_lost"] == pytest.approx(8 * 40 + 4 * 20, rel=0.25)


def test_bounds_lie_around_and_are_narrower_for_what_is_ordered_more() -> None:
    few, many = found(sales()), found(sales(scale=25.0))
    for told in (few, many):
        assert told["fell_low"] < told["fell"] < told["fell_high"]  # type: ignore[operator]
    widths = [float(str(told["fell_high"])) - float(str(told["fell_low"])) for told in (few, many)]
    assert widths[0] == pytest.approx(5 * widths[1], rel=0.3)


def test_what_has_not_come_back_still_lasts() -> None:
    told = found(sales(eased=0))
    assert told["eased_on"] is None
    assert told["still"] == told["fell"]


def test_no_fall_is_no_effect_nor_is_a_rise() -> None:
    assert effect(sales(share=0.0), ago(15), ago(6), AS_OF) is None
    assert effect(sales(share=-0.4), ago(15), ago(6), AS_OF) is None


def test_a_fall_of_everything_is_no_effect_of_the_wave() -> None:
    rows = sales(share=0.0).with_columns(
        buys=pl.when(pl.col("weeks_ago") < 12).then(pl.col("buys") / 2).otherwise("buys")
    )
    assert effect(rows, ago(15), ago(6), AS_OF) is None


def test_too_short_a_past_and_a_group_that_nobody_ordered_tell_nothing() -> None:
    assert effect(sales(weeks=30), ago(15), ago(6), AS_OF) is None
    assert effect(sales().filter(~pl.col("is_member")), ago(15), ago(6), AS_OF) is None
    assert effect(sales().clear(), ago(15), ago(6), AS_OF) is None


def test_the_planted_effect_is_recovered_within_thirty_percent_from_orders_alone() -> None:
    """``benchmarks.waves`` asks the same of other seeds."""
    sample = Sample(Plan(seed=7))
    facts = {fact.kind: fact for fact in sample.truth.facts}
    wave, fall = facts["complaint_wave"], facts["demand_falls"]
    assert wave.until_on is not None
    told = effect(bought(sample, wave.product_ids), wave.from_on, wave.until_on, sample.plan.date(sample.plan.last))
    assert told is not None
    assert told["fell"] == pytest.approx(fall.size, rel=0.3)
    assert float(str(told["fell_low"])) < fall.size < float(str(told["fell_high"]))


def test_what_was_ordered_in_a_single_week_has_no_season_and_is_no_effect() -> None:
    """Told with a season, what is expected of the other weeks sank to nothing, and was divided by."""
    for week in (20, 50, 90):
        rows = sales(share=0.0).filter(~pl.col("is_member") | (pl.col("weeks_ago") == week))
        assert effect(rows, ago(15), ago(6), AS_OF) is None
