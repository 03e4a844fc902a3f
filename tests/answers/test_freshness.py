"""How old the data is: by source, from what it brought, whatever became of the attempts since."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.access import RIGHTS, NotAllowed, Viewer
from analytics.freshness import STALE_AFTER
from answers import freshness
from data_access.home import firm_home, note_attempt
from tests.analytics.firm import firm
from tests.answers.served import MADE_AT, served
from tests.pages.firms import run

OWNER = Viewer(user="ada", role="owner")
HOUR = timedelta(hours=1)


def ages(*runs: Any, now: datetime = MADE_AT) -> dict[str, tuple[int, bool]]:
    """By source: its age in minutes, and whether it is stale."""
    served(firm(sync_runs=list(runs)))
    told = freshness.aged(freshness.loads(OWNER), now=now)
    return {source: (age, stale) for source, age, stale in told.select("source", "age_minutes", "is_stale").iter_rows()}


def test_a_source_is_as_old_as_its_own_clock_says_and_else_as_its_load() -> None:
    found = ages(
        run("orders", "accept", source_as_of=MADE_AT - 2 * HOUR),
        run("deals", "accept", source="hubspot", source_as_of=None, finished_at=MADE_AT - HOUR),
    )
    assert found == {"odoo": (120, False), "hubspot": (60, False)}


def test_the_latest_of_its_tables_counts_and_one_that_was_refused_does_not() -> None:
    found = ages(
        run("orders", "accept", source_as_of=MADE_AT - 5 * HOUR),
        run("stock", "quarantine_rows", source_as_of=MADE_AT - 3 * HOUR),
        run("bom", "reject_table", source_as_of=MADE_AT),
    )
    assert found == {"odoo": (180, False)}


@pytest.mark.parametrize(("late", "is_stale"), [(timedelta(), False), (timedelta(minutes=1), True)])
def test_a_source_is_stale_after_its_limit(late: timedelta, is_stale: bool) -> None:
    now = MADE_AT + STALE_AFTER + late
    assert ages(run("orders", "accept", source_as_of=MADE_AT), now=now)["odoo"][1] == is_stale


def test_a_clock_that_goes_wrong_makes_no_negative_age() -> None:
    assert ages(run("orders", "accept", source_as_of=MADE_AT + HOUR)) == {"odoo": (0, False)}


def test_without_a_load_there_is_no_age() -> None:
    assert ages() == {}


@pytest.mark.parametrize("role", RIGHTS)
def test_every_role_may_know_how_old_the_data_is(role: str) -> None:
    served(firm(sync_runs=[run("orders", "accept")]))
    viewer = Viewer(user="ada", role=role, companies=frozenset({"c2"}))
    assert freshness.loads(viewer)["source"].to_list() == ["odoo"]


def test_nobody_and_who_has_expired_is_told_nothing() -> None:
    served(firm())
    expired = Viewer(user="ada", role="owner", expires_at=datetime.now(UTC) - HOUR)
    for nobody in (None, expired):
        with pytest.raises(NotAllowed):
            freshness.loads(nobody)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcome", "fails"), [("failed", True), ("rejected", True), ("busy", False), ("loaded", False)]
)
def test_a_source_fails_when_its_latest_attempt_brought_nothing(outcome: str, fails: bool) -> None:
    served(firm(sync_runs=[run("orders", "accept")]))
    note_attempt(firm_home(), "odoo", {"at": MADE_AT.isoformat(), "outcome": outcome, "message": ""})
    assert ("odoo" in freshness.failing()) == fails
    assert freshness.loads(OWNER).select(pl.len()).item() == 1
