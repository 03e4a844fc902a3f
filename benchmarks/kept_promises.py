"""Whether promises are kept as surely as they say: 500 promises on the sample company's own past, each made with only
what was known on its day: ``python -m benchmarks.kept_promises [PROMISES]``.

Each waits for one, two or three open deliveries of one company, drawn by chance, on a Monday drawn by chance; it is
kept when the last of them came by the day said. Work orders count as deliveries; what is open and late is not kept.
"""

import random
import sys
from datetime import date, timedelta

import polars as pl

from analytics.access import Viewer
from analytics.certainty import Likely, Relied, days_to_add
from analytics.lateness import Lateness, lateness
from data_access.home import sample_home
from data_access.snapshot import current

FIRST_ON, WEEKS_LEFT, AHEAD_DAYS = date(2024, 6, 3), 4, 21
LEVELS = (0.5, 0.8, 0.9, 0.95)
HORIZON = 545
VIEWER = Viewer(user="benchmark", role="owner")


def as_known(past: pl.DataFrame, on: date) -> pl.DataFrame:
    """The deliveries as they were known on a day: what was due long after was not ordered yet."""
    came = pl.when(pl.col("arrived_on") <= on).then("arrived_on")
    return past.filter(pl.col("due_on") <= on + timedelta(days=AHEAD_DAYS)).with_columns(arrived_on=came)


def awaited(past: pl.DataFrame, on: date) -> pl.DataFrame:
    """What was due in the next three weeks and had not come."""
    ahead = pl.col("due_on").is_between(on + timedelta(days=1), on + timedelta(days=AHEAD_DAYS))
    return past.filter(ahead & ((pl.col("arrived_on") > on) | pl.col("arrived_on").is_null()))


def promised(rows: pl.DataFrame, late: Lateness, on: date) -> list[date | None]:
    """The day on which all of the rows are there, with each confidence."""
    arrivals = dict(zip([(at,) for at in range(rows.height)], late.arrived_by(rows, on, HORIZON), strict=True))
    chances = Likely(arrivals).all_of([Relied(key, by=0) for key in arrivals])
    days = [days_to_add(chances, level) for level in LEVELS]
    return [None if after is None else on + timedelta(days=after) for after in days]


def main(promises: int = 500) -> None:
    """Prints the kept share for each confidence."""
    past = current(sample_home()).aggregate("deliveries", VIEWER).collect()
    last = past["arrived_on"].max()
    if not isinstance(last, date):
        print("The sample company has no deliveries. Build it first: python cli.py sample")
        return
    dice = random.Random(7)  # noqa: S311 - draws for a benchmark, no secret
    weeks = (last - FIRST_ON).days // 7 - WEEKS_LEFT
    kept: list[list[bool]] = [[] for _ in LEVELS]
    for _ in range(promises):
        on = FIRST_ON + timedelta(weeks=dice.randrange(weeks))
        open_rows = awaited(past, on)
        company = dice.choice(open_rows["company_id"].unique().sort().to_list())
        own = open_rows.filter(pl.col("company_id") == company)
        rows = own.sample(min(dice.randint(1, 3), own.height), seed=dice.randrange(10**6))
        came = None if rows["arrived_on"].null_count() else rows["arrived_on"].max()
        for at, day in enumerate(promised(rows, lateness(as_known(past, on), on), on)):
            if day is not None:
                kept[at].append(isinstance(came, date) and came <= day)
    for level, told in zip(LEVELS, kept, strict=True):
        print(f"{level:.0%} promises: {sum(told) / max(1, len(told)):.1%} of {len(told)} kept")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:2]))
