"""What a study said is kept, and compared once with what came when four weeks are over."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from analytics.stock_out_record import CHANCES, SAID
from data_access import studies
from data_access.home import firm_home
from data_access.snapshot import Snapshot
from refresh.studies import StudyInput, last_day
from refresh.study_stock_outs import MOST_KEPT, stock_outs
from tests.analytics.firm import random_firm
from tests.answers.served import served

AT = datetime(2026, 4, 1, tzinfo=UTC)


def said(on: date) -> pl.DataFrame:
    """What an earlier study said of one item, for three spans."""
    item = {"product_id": "bolt", "site_id": "south", "company_id": "c1", "region": "S", "as_of_on": on}
    schema = {name: CHANCES[name] for name in SAID}
    return pl.DataFrame([{**item, "days": days, "chance": 0.25} for days in (7, 14, 28)], schema=schema)


def kept_by(snapshot: Snapshot, on: date) -> tuple[studies.Study, ...]:
    frames = {"chances": pl.DataFrame(schema=CHANCES), "kept": pl.DataFrame(schema=CHANCES), "said": said(on)}
    return (studies.save(firm_home(), "stock_outs", snapshot, frames, as_of_on=on, at=AT),)


def test_what_was_said_four_weeks_ago_stands_beside_what_came_once(home: object) -> None:
    snapshot = served(random_firm(1))
    today = last_day(snapshot)
    earlier = kept_by(snapshot, today - timedelta(days=28))
    found = stock_outs(StudyInput(snapshot, today, earlier))["kept"]
    assert found.select("days", "chance", "came").rows() == [(days, 0.25, True) for days in (7, 14, 28)]
    assert set(found["as_of_on"]) == {today - timedelta(days=28)}
    frames = {"chances": found.clear(), "kept": found, "said": said(today)}
    again = (studies.save(firm_home(), "stock_outs", snapshot, frames, as_of_on=today, at=AT), *earlier)
    assert stock_outs(StudyInput(snapshot, today, again))["kept"].equals(found)


def test_the_latest_days_are_compared_first_however_many_lie_before_what_is_kept(home: object) -> None:
    snapshot = served(random_firm(1))
    today = last_day(snapshot)
    days = [today - timedelta(weeks=4 + number) for number in range(MOST_KEPT + 5)]
    known = pl.concat([said(on).with_columns(came=pl.lit(value=True)) for on in days[1 : MOST_KEPT + 1]])
    frames = {"chances": known.clear(), "kept": known.select(tuple(CHANCES))}
    earlier = [
        studies.save(firm_home(), f"of_{on}", snapshot, frames | {"said": said(on)}, as_of_on=on, at=AT) for on in days
    ]
    found = stock_outs(StudyInput(snapshot, today, tuple(earlier)))["kept"]
    assert found["as_of_on"].unique().sort(descending=True).to_list() == days[:MOST_KEPT]


def test_what_was_said_last_week_is_not_compared_yet(home: object) -> None:
    snapshot = served(random_firm(1))
    today = last_day(snapshot)
    assert stock_outs(StudyInput(snapshot, today, kept_by(snapshot, today - timedelta(days=7))))["kept"].is_empty()
