"""Public holidays by country, the days off and the weekends that are worked to make up for them, as in China."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays

DAYS_AHEAD = 400
KEPT = 32


def is_country(code: str) -> bool:
    """Whether public holidays of a country are known, by its ISO code, as DE or CN."""
    return code in _supported()


@lru_cache(maxsize=1)
def _supported() -> Mapping[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=False)


@lru_cache(maxsize=KEPT)
def open_days_of(country: str, today: date) -> tuple[int, ...]:
    """For each day from today on, in how many days from today the next comes on which people of the country work: no
    weekend and no public holiday, or a weekend that is worked instead of one. As many days as ``DAYS_AHEAD``."""
    days = [today + timedelta(days=number) for number in range(DAYS_AHEAD)]
    calendar = holidays.country_holidays(country, years=range(days[0].year, days[-1].year + 1))
    following, opens = DAYS_AHEAD, list[int]()
    for number in reversed(range(DAYS_AHEAD)):
        following = number if calendar.is_working_day(days[number]) else following
        opens.append(following)
    return tuple(reversed(opens))
