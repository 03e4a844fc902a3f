"""Working days: calendars, days off, make-up days, and the ratio of two spans."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from analytics.workdays import DAYS_AFTER, Worked, working_days
from tests.analytics.firm import Firm, Row, noon, table

ORDERED = date(2026, 3, 2)
MONDAY = date(2026, 3, 2)
TABLES = ("companies", "sales_orders", "calendars", "calendar_periods", "calendar_exceptions")
SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")


def order(day: date, number: str = "S1") -> Row:
    return {"sales_order_id": number, "customer_id": "k1", "ordered_at": noon(day)}


def calendar(key: str = "week", **fields: Any) -> Row:
    return {"calendar_id": key, "name": key, "hours_per_day": 8} | fields


def week(key: str = "week", days: Sequence[int] = (1, 2, 3, 4, 5), **fields: Any) -> list[Row]:
    """Mornings from 8 to 12 and afternoons from 13 to 17."""
    return [
        {"calendar_period_id": f"{key}/{day}/{start}", "calendar_id": key, "weekday": day}
        | {"starts_at_minute": 60 * start, "ends_at_minute": 60 * (start + 4)}
        | fields
        for day in days
        for start in (8, 13)
    ]


def exception(start: datetime, end: datetime, *, is_working: bool = False, **fields: Any) -> Row:
    key = f"{start}/{end}/{is_working}/{fields}"
    return {"calendar_exception_id": key, "starts_at": start, "ends_at": end, "is_working": is_working} | fields


def at(day: date, hour: int = 0, zone: Any = UTC) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone)


def day_off(day: date, zone: Any = UTC, **fields: Any) -> Row:
    return exception(at(day, 0, zone), at(day + timedelta(days=1), 0, zone), **fields)


def firm(**tables: Sequence[Row]) -> Firm:
    usual: dict[str, Sequence[Row]] = {
        "companies": [{"company_id": "c1", "name": "One"}],
        "sales_orders": [order(ORDERED)],
    }
    return {name: table(name, *(usual | tables).get(name, ())) for name in TABLES}


def shares(company: str = "c1", **tables: Sequence[Row]) -> Mapping[date, float]:
    days = working_days(firm(**tables)).filter(pl.col("company_id") == company)
    return dict(days.select("day_on", "share").iter_rows())


def of_week(found: Mapping[date, float], monday: date = MONDAY) -> list[float]:
    return [found[monday + timedelta(days=day)] for day in range(7)]


def test_without_a_calendar_people_work_from_monday_to_friday() -> None:
    assert of_week(shares()) == [1, 1, 1, 1, 1, 0, 0]


def test_the_days_reach_from_the_year_before_the_first_order_to_well_after_the_last() -> None:
    found = shares(sales_orders=[order(ORDERED), order(date(2024, 5, 5), "S0")])
    assert min(found) == date(2023, 1, 1)
    assert max(found) == ORDERED + timedelta(days=DAYS_AFTER)
    assert len(found) == (max(found) - min(found)).days + 1


def test_without_an_order_there_is_no_day_to_ask_about() -> None:
    assert working_days(firm(sales_orders=[])).is_empty()


def test_a_week_of_six_days_counts_six() -> None:
    found = shares(calendars=[calendar()], calendar_periods=week(days=(1, 2, 3, 4, 5, 6)))
    assert of_week(found) == [1, 1, 1, 1, 1, 1, 0]


def test_a_short_day_is_a_part_of_a_usual_one_and_a_long_day_is_one() -> None:
    saturday = {"calendar_period_id": "sat", "calendar_id": "week", "weekday": 6}
    late = {"calendar_period_id": "late", "calendar_id": "week", "weekday": 5}
    periods = [
        *week(),
        saturday | {"starts_at_minute": 480, "ends_at_minute": 600},
        late | {"starts_at_minute": 1020, "ends_at_minute": 1200},
    ]
    assert of_week(shares(calendars=[calendar()], calendar_periods=periods)) == [1, 1, 1, 1, 1, 0.25, 0]


def test_where_the_usual_hours_are_not_stated_the_longest_day_is_the_usual_one() -> None:
    friday = [period for period in week() if period["calendar_period_id"] != "week/5/13"]
    found = shares(calendars=[calendar(hours_per_day=None)], calendar_periods=friday)
    assert of_week(found) == [1, 1, 1, 1, 0.5, 0, 0]


def test_periods_count_only_while_they_are_valid() -> None:
    old = week("week", days=(6,), valid_to_on=MONDAY + timedelta(days=5))
    new = week("week", days=(7,), valid_from_on=MONDAY + timedelta(days=13))
    found = shares(calendars=[calendar()], calendar_periods=[*week(), *old, *new])
    assert of_week(found)[5:] == [1, 0]
    assert of_week(found, MONDAY + timedelta(days=7))[5:] == [0, 1]


def test_a_holiday_is_no_working_day_in_the_time_zone_of_its_calendar() -> None:
    for zone in (SHANGHAI, NEW_YORK):
        found = shares(
            calendars=[calendar(time_zone=zone.key)],
            calendar_periods=week(),
            calendar_exceptions=[day_off(MONDAY + timedelta(days=1), zone)],
        )
        assert of_week(found) == [1, 0, 1, 1, 1, 0, 0]


def test_a_make_up_day_on_a_weekend_is_a_working_day() -> None:
    saturday = MONDAY + timedelta(days=5)
    found = shares(
        calendars=[calendar(time_zone="Asia/Shanghai")],
        calendar_periods=week(),
        calendar_exceptions=[day_off(saturday, SHANGHAI, is_working=True), day_off(MONDAY, SHANGHAI)],
    )
    assert of_week(found) == [0, 1, 1, 1, 1, 1, 0]


def test_a_part_of_a_day_off_takes_away_the_working_hours_that_it_covers() -> None:
    noon_on = exception(at(MONDAY, 12), at(MONDAY, 23))
    lunch = exception(at(MONDAY + timedelta(days=1), 11), at(MONDAY + timedelta(days=1), 14))
    found = shares(calendars=[calendar()], calendar_periods=week(), calendar_exceptions=[noon_on, lunch])
    assert of_week(found) == [0.5, 0.75, 1, 1, 1, 0, 0]


def test_days_off_that_overlap_are_taken_away_once() -> None:
    tuesday = MONDAY + timedelta(days=1)
    twice = [day_off(tuesday), exception(at(MONDAY, 13), at(tuesday, 12))]
    found = shares(calendars=[calendar()], calendar_periods=week(), calendar_exceptions=twice)
    assert of_week(found) == [0.5, 0, 1, 1, 1, 0, 0]


def test_extra_work_counts_even_within_a_closure() -> None:
    closure = exception(at(MONDAY), at(MONDAY + timedelta(days=7)))
    extra = exception(at(MONDAY, 8), at(MONDAY, 10), is_working=True)
    found = shares(calendars=[calendar()], calendar_periods=week(), calendar_exceptions=[closure, extra])
    assert of_week(found) == [0.25, 0, 0, 0, 0, 0, 0]


def test_a_day_off_without_a_calendar_holds_for_all_of_its_company_even_if_it_has_none() -> None:
    companies = [{"company_id": key, "name": key} for key in ("c1", "c2", "c3")]
    of_two = day_off(MONDAY, company_id="c2")
    of_all = day_off(MONDAY + timedelta(days=1), company_id="*")
    known: dict[str, Sequence[Row]] = {
        "companies": companies,
        "calendars": [calendar(company_id="c1")],
        "calendar_periods": week(),
        "calendar_exceptions": [of_two, of_all],
    }
    assert {key: of_week(shares(key, **known))[:3] for key in ("c1", "c2", "c3")} == {
        "c1": [1, 0, 1],
        "c2": [0, 0, 1],
        "c3": [1, 0, 1],
    }


def test_a_day_off_of_one_calendar_leaves_the_other_and_the_company_works_in_part() -> None:
    calendars = [calendar("a"), calendar("b"), calendar("of all", company_id="*"), calendar("old", is_active=False)]
    periods = [*week("a"), *week("b"), *week("of all"), *week("old", days=(7,))]
    found = shares(
        calendars=calendars, calendar_periods=periods, calendar_exceptions=[day_off(MONDAY, calendar_id="a")]
    )
    assert of_week(found) == pytest.approx([2 / 3, 1, 1, 1, 1, 0, 0])


def test_a_calendar_without_a_week_says_nothing() -> None:
    assert of_week(shares(calendars=[calendar()])) == [1, 1, 1, 1, 1, 0, 0]


@pytest.mark.parametrize("zone", [None, "", "UTC+8", "Mars/Olympus"])
def test_a_time_zone_that_does_not_exist_is_taken_for_utc(zone: str | None) -> None:
    off = exception(at(MONDAY, 8), at(MONDAY, 12))
    found = shares(calendars=[calendar(time_zone=zone)], calendar_periods=week(), calendar_exceptions=[off])
    assert of_week(found)[0] == 0.5


def test_a_holiday_from_midnight_to_midnight_anywhere_is_one_day_where_no_calendar_is_known() -> None:
    for zone in (SHANGHAI, NEW_YORK, UTC):
        found = shares(calendar_exceptions=[day_off(MONDAY + timedelta(days=2), zone)])
        assert of_week(found) == [1, 1, 0, 1, 1, 0, 0]


# The slow and plain way: every minute of every day is looked at.


def minutes_of(tables: Firm, key: str | None, day: date, zone: Any) -> int:
    rows = {name: list(tables[name].iter_rows(named=True)) for name in TABLES}
    counted = 0
    for minute in range(0, 1440, 30):
        moment = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone).astimezone(UTC)
        usual = 480 <= minute < 960 and day.isoweekday() < 6
        if key is not None:
            usual = any(
                period["calendar_id"] == key
                and period["weekday"] == day.isoweekday()
                and period["starts_at_minute"] <= minute < period["ends_at_minute"]
                for period in rows["calendar_periods"]
            )
        touching = [
            row["is_working"]
            for row in rows["calendar_exceptions"]
            if row["starts_at"] <= moment < row["ends_at"]
            and row["company_id"] in ("c1", "*")
            and row["calendar_id"] in (None, key)
        ]
        counted += 30 * (True in touching or (usual and False not in touching))
    return counted


@pytest.mark.parametrize("seed", range(6))
def test_the_share_is_what_counting_every_half_hour_gives(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - firms for tests, no secrets
    zones = dict(zip("ab", dice.sample(["Asia/Shanghai", "America/New_York", "Europe/Berlin"], 2), strict=True))
    keys = list(zones)[: seed % 3]
    off = [
        exception(
            start := at(MONDAY, 0, UTC) + timedelta(minutes=30 * dice.randint(0, 700)),
            start + timedelta(minutes=30 * dice.randint(0, 90)),
            is_working=dice.random() < 0.4,
            calendar_id=dice.choice([None, *keys]),
            company_id=dice.choice(["c1", "*", "c2"]),
        )
        for _ in range(8)
    ]
    periods = [period for key in keys for period in week(key, days=dice.sample(range(1, 8), 5))]
    tables = firm(
        calendars=[calendar(key, time_zone=zones[key]) for key in keys],
        calendar_periods=periods,
        calendar_exceptions=off,
    )
    found = dict(working_days(tables).select("day_on", "share").iter_rows())
    for day in (MONDAY + timedelta(days=number) for number in range(-2, 19)):
        counted = [minutes_of(tables, key, day, ZoneInfo(zones[key])) for key in keys] or [
            minutes_of(tables, None, day, UTC)
        ]
        expected = sum(min(1.0, minutes / 480) for minutes in counted) / len(counted)
        assert found[day] == pytest.approx(expected, abs=1e-12), day


# Two spans


def days(**of_company: Sequence[float]) -> pl.DataFrame:
    """The shares of each company from the first of January 2026 on."""
    rows = [
        {"company_id": company, "day_on": date(2026, 1, 1) + timedelta(days=number), "share": float(share)}
        for company, values in of_company.items()
        for number, share in enumerate(values)
    ]
    return pl.DataFrame(rows, schema={"company_id": pl.String, "day_on": pl.Date, "share": pl.Float64})


def new_year(number: int) -> date:
    return date(2026, 1, number)


JANUARY_1_2 = (new_year(1), new_year(2))


def test_a_ratio_is_the_working_days_of_one_span_over_those_of_the_other() -> None:
    worked = Worked(days(b=[1, 0, 1, 1], a=[1, 1, 0.5, 0]))
    assert worked.ratios((new_year(3), new_year(4)), JANUARY_1_2) == {"a": 0.25, "b": 2.0}
    assert [worked.known(company, new_year(3), new_year(4)) for company in "ab"] == [0.5, 2.0]


def test_without_a_working_day_to_compare_with_there_is_no_ratio() -> None:
    assert Worked(days(a=[0, 0, 1])).ratios((new_year(3), new_year(3)), JANUARY_1_2) == {"a": None}


def test_where_not_every_day_is_known_there_is_no_ratio() -> None:
    worked = Worked(days(a=[1, 1, 1]))
    assert worked.ratio("a", (new_year(3), new_year(4)), JANUARY_1_2) is None
    assert worked.ratio("nobody", JANUARY_1_2, JANUARY_1_2) is None
    assert worked.known("a", new_year(3), new_year(4)) == 1.0
    assert worked.known("nobody", *JANUARY_1_2) == 0.0


def test_a_span_compared_with_itself_is_one_and_turned_around_it_is_the_inverse() -> None:
    worked = Worked(days(a=[1, 0.5, 0, 1]))
    span, base = JANUARY_1_2, (new_year(2), new_year(4))
    there, back = worked.ratio("a", span, base), worked.ratio("a", base, span)
    assert worked.ratio("a", span, span) == 1
    assert there is not None
    assert back is not None
    assert there * back == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
def test_the_working_days_of_any_span_are_those_of_its_days_added_up(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - shares for tests, no secrets
    shares = [dice.choice([0.0, 0.95, 1.0, 0.5]) for _ in range(30)]
    worked = Worked(days(a=shares))
    for first in range(30):
        for last in range(first, 30):
            found = worked.known("a", new_year(1) + timedelta(days=first), new_year(1) + timedelta(days=last))
            assert found == pytest.approx(sum(shares[first : last + 1]), abs=1e-9)


def test_days_with_a_gap_are_no_working_days() -> None:
    with pytest.raises(ValueError, match="2026-01-01 to 2026-01-03"):
        Worked(days(a=[1, 1, 1]).filter(pl.col("day_on") != new_year(2)))
