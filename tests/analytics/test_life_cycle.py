"""Where a customer stands in its life as one, and who comes back."""

from datetime import date, timedelta

import polars as pl
import pytest

from analytics import life_cycle, segments
from analytics.life_cycle import STAGES
from analytics.segments import Known

DAY = date(2026, 6, 30)


def ordered(**ago: list[int]) -> pl.DataFrame:
    """One row per customer and day on which it ordered, so many days ago."""
    rows = [(key, DAY - timedelta(days=days)) for key, each in ago.items() for days in each]
    return pl.DataFrame(rows, schema={"customer_id": pl.String, "day_on": pl.Date}, orient="row")


def people(*keys: str, created_on: date | None = None) -> pl.DataFrame:
    schema = {"customer_id": pl.String, "created_on": pl.Date}
    return pl.DataFrame([(key, created_on) for key in keys], schema=schema, orient="row")


def staged(days: pl.DataFrame, *keys: str) -> dict[str, str]:
    sales = pl.DataFrame(
        schema={"customer_id": pl.String, "day_on": pl.Date, "revenue": pl.Float64, "margin": pl.Float64}
    )
    known = Known(as_of=DAY, people=people(*keys), days=days, sales=sales, by_margin=False)
    rows = life_cycle.stages(segments.standing(known, DAY), days, DAY)
    return dict(rows.sort("customer_id").iter_rows())


@pytest.mark.parametrize(
    ("ago", "stage"),
    [
        ([], "prospect"),
        ([89], "new"),
        ([90], "active"),
        ([10, 200], "active"),
        ([182, 300], "active"),
        ([183, 300], "at_risk"),
        ([20, 30, 40], "new"),
        ([20, 90, 100], "active"),
        ([30, 110, 120, 130], "active"),
        ([61, 90, 120], "at_risk"),
        ([365, 400], "at_risk"),
        ([366], "lapsed"),
        ([5, 371], "won_back"),
        ([5, 370], "active"),
        ([91, 470], "active"),
    ],
)
def test_a_stage_follows_from_the_days_of_orders(ago: list[int], stage: str) -> None:
    assert staged(ordered(a=ago), "a") == {"a": stage}


def test_every_customer_has_one_stage() -> None:
    days = ordered(a=[1], b=[400], c=[3, 500], d=[200, 210, 220])
    assert set(staged(days, *"abcde").values()) <= set(STAGES)
    assert sorted(staged(days, *"abcde")) == list("abcde")


def test_a_cohort_is_counted_in_every_full_quarter_after_its_first_order() -> None:
    first = [("a", date(2025, 7, 1)), ("b", date(2025, 9, 30))]
    later = [("a", date(2025, 10, 1)), ("a", date(2025, 12, 31)), ("b", date(2026, 4, 1))]
    days = pl.DataFrame(first + later, schema=["customer_id", "day_on"], orient="row")
    known = pl.DataFrame(first, schema=["customer_id", "first_on"], orient="row")
    rows = life_cycle.cohorts(known, days, DAY)
    assert rows.select("quarter", "customers", "came").rows() == [(0, 2, 1), (1, 2, 0.5), (2, 2, 0), (3, 2, 0.5)]
    before = life_cycle.cohorts(known, days, DAY - timedelta(days=1))
    assert before["quarter"].to_list() == [0, 1, 2]


def test_only_a_first_order_that_is_known_to_be_one_counts() -> None:
    days = ordered(old=[500], young=[300], unknown=[300], early=[495])
    began = DAY - timedelta(days=500)
    known = pl.concat([
        people("old", created_on=began - timedelta(days=1)), people("young", created_on=began),
        people("unknown", "early"),
    ])  # fmt: skip
    assert sorted(life_cycle.newcomers(known, days)["customer_id"]) == ["unknown", "young"]


def test_who_orders_again_within_a_year_repeats() -> None:
    days = ordered(a=[800, 500], b=[800, 434], c=[800], d=[300, 200])
    first = days.group_by("customer_id").agg(first_on=pl.col("day_on").min())
    share, customers = life_cycle.repeat_rate(first, days, DAY)
    assert (share, customers) == (1 / 3, 3)
    assert life_cycle.repeat_rate(first.clear(), days, DAY) == (None, 0)


def test_what_raises_the_risk_is_told_the_heaviest_first() -> None:
    rows = pl.DataFrame(
        {
            "recency_days": [16, 15, 5, None],
            "gap_days": [10.0, 10.0, None, None],
            "orders_now": [2, 3, 0, None],
            "orders_before": [3, 3, 2, None],
            "spent_now": [2.0, 3.0, 0.0, None],
            "spent_before": [3.0, 3.0, 0.0, None],
            "order_days": [9, 9, 1, 0],
        }
    )
    told = rows.select(life_cycle.reasons()).to_series().to_list()
    assert told == [["silent", "fewer", "less"], [], ["once"], []]


def test_a_kind_of_customers_that_leaves_far_more_than_others_is_named() -> None:
    stages = ["at_risk"] * 20 + ["active"] * 20
    here = pl.DataFrame({"region": "A", "kind": "Installer", "stage": stages})
    elsewhere = pl.DataFrame({"region": "B", "kind": "Installer", "stage": ["active"] * 95 + ["at_risk"] * 5})
    lost = pl.DataFrame({"region": "C", "kind": "Other", "stage": ["lapsed"] * 50})
    found = life_cycle.gathered(pl.concat([here, elsewhere, lost]))
    assert found.select("region", "customers", "at_risk", "share_of_others").rows() == [("A", 40, 20, 0.05)]
    assert life_cycle.gathered(elsewhere).is_empty()
    assert life_cycle.gathered(elsewhere.clear()).is_empty()
