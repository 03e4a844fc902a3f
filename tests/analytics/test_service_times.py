"""Hours of work until tickets are answered and closed, and what surveys say with what certainty."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.service_times import by_month, summed, surveys, timed, verdict
from tests.analytics.firm import table

FRIDAY = date(2026, 3, 27)
CALENDAR = {"calendar_id": "cal", "name": "Usual", "time_zone": "Europe/Berlin", "company_id": "c1"}
MORNING_AND_AFTERNOON = [(480, 720), (780, 1020)]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day, UTC; in Berlin it is an hour later until 29 March."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def tickets(*rows: dict[str, Any]) -> pl.DataFrame:
    made = table("tickets", *({"ticket_id": str(number), **row} for number, row in enumerate(rows)))
    return made.with_columns(pl.col("status", "channel", "priority").cast(pl.String))


def hours(
    opened: datetime, closed: datetime | None, *, off: tuple[date, ...] = (), company: str = "c1"
) -> float | None:
    """Hours of work from opening to closing, with a calendar from Monday to Friday, 8 to 12 and 13 to 17."""
    weekly = [
        {"calendar_period_id": f"{day}{start}", "calendar_id": "cal", "weekday": day, "starts_at_minute": start,
         "ends_at_minute": end}
        for day in range(1, 6) for start, end in MORNING_AND_AFTERNOON
    ]  # fmt: skip
    days = [date(2026, 3, 1) + timedelta(days=number) for number in range(60)]
    shares = [("c1", day, 0.0 if day.isoweekday() > 5 or day in off else 1.0) for day in days]
    made = timed(
        tickets({"opened_at": opened, "closed_at": closed, "status": "closed", "company_id": company}),
        table("calendars", CALENDAR),
        table("calendar_periods", *weekly),
        pl.DataFrame(shares, schema={"company_id": pl.String, "day_on": pl.Date, "share": pl.Float64}, orient="row"),
    )
    assert made["first_response_hours"].item() is None
    found = made["resolution_hours"].item()
    return None if found is None else float(found)


@pytest.mark.parametrize(
    ("opened", "closed", "told"),
    [
        (at(FRIDAY, 8), at(FRIDAY, 9), 1),
        (at(FRIDAY, 10), at(FRIDAY, 13), 2),
        (at(FRIDAY, 3), at(FRIDAY, 8), 1),
        (at(FRIDAY, 20), at(FRIDAY, 21), 0),
        (at(FRIDAY, 15), at(date(2026, 3, 30), 7), 2),
        (at(FRIDAY, 7), at(date(2026, 4, 3), 6), 40),
        (at(FRIDAY, 8), None, None),
    ],
)
def test_only_hours_of_work_count_in_the_company_s_own_time(opened: Any, closed: Any, told: float | None) -> None:
    assert hours(opened, closed) == told


def test_a_day_off_does_not_count_and_without_a_calendar_the_clock_runs_on() -> None:
    monday = date(2026, 3, 30)
    assert hours(at(FRIDAY, 15), at(date(2026, 3, 31), 7), off=(monday,)) == 2
    assert hours(at(FRIDAY, 8), at(date(2026, 3, 28), 8), company="c2") == 24


def test_groups_tell_the_median_of_what_is_known() -> None:
    rows = pl.DataFrame(
        {"channel": ["mail"] * 3 + ["chat"], "status": ["closed", "open", "pending", "closed"],
         "first_response_hours": [1.0, 3.0, None, 5.0], "resolution_hours": [4.0, None, None, 6.0]}
    )  # fmt: skip
    found = summed(rows, "channel").sort("channel")
    assert found.select("tickets", "still_open", "first_response", "resolution").rows() == [(1, 0, 5, 6), (3, 2, 2, 4)]


def test_the_backlog_of_a_month_is_what_was_open_at_its_end() -> None:
    rows = tickets(
        {"opened_at": at(date(2026, 1, 5), 8), "closed_at": at(date(2026, 2, 1), 8), "status": "closed"},
        {"opened_at": at(date(2026, 2, 5), 8), "status": "open"},
        {"opened_at": at(date(2026, 2, 5), 8), "status": "closed"},
    ).with_columns(first_response_hours=pl.lit(None, pl.Float64), resolution_hours=pl.lit(None, pl.Float64))
    found = by_month(rows, date(2026, 3, 27))
    assert found.height == 12
    assert found.head(4).select("tickets", "closed", "backlog").rows() == [(0, 0, 1), (2, 1, 1), (1, 0, 1), (0, 0, 0)]


def answered(highest: float, *scores: float, ago: int = 5) -> pl.DataFrame:
    rows = [(score, 0.0 if highest == 10 else 1.0, highest, FRIDAY - timedelta(days=ago)) for score in scores]
    schema = {"score": pl.Float64, "lowest_score": pl.Float64, "highest_score": pl.Float64, "given_on": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_surveys_tell_a_value_with_bounds_and_how_many_answered() -> None:
    rows = pl.concat([answered(10, 10, 9, 8, 6), answered(5, 5, 4, 1, 2), answered(5, 5, ago=100), answered(7, 7)])
    found = {row["measure"]: row for row in surveys(rows, FRIDAY).iter_rows(named=True)}
    assert (found["nps"]["value"], found["nps"]["answers"], found["nps"]["before"]) == (0.25, 4, None)
    assert (found["csat"]["value"], found["csat"]["answers"], found["csat"]["before"]) == (0.5, 4, 1)
    for row in found.values():
        assert row["low"] < row["value"] < row["high"]


def test_few_answers_of_one_kind_are_no_certainty() -> None:
    found = surveys(pl.concat([answered(10, 10, 10), answered(5, 5, 5)]), FRIDAY)
    assert found["value"].to_list() == [1, 1]
    assert all(low < 0.8 for low in found["low"])
    assert surveys(answered(5), FRIDAY).is_empty()


def test_an_answer_says_what_its_scale_calls_it_and_nothing_on_another_scale() -> None:
    rows = pl.concat([answered(10, 9, 7, 6), answered(5, 4, 3, 2), answered(7, 7)])
    told = ["promoter", "passive", "detractor", "satisfied", "neutral", "dissatisfied", None]
    assert rows.select(verdict=verdict())["verdict"].to_list() == told
    unscored = answered(10, 9).with_columns(score=pl.lit(None, pl.Float64))
    assert unscored.select(verdict=verdict())["verdict"].to_list() == [None]
