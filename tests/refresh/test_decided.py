"""What people decide about identities takes effect at the next refresh, and only what was decided."""

import contextlib
import dataclasses
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from analytics.identity_decisions import APART, SAME, undoing
from answers import erasing
from data_access.cutovers import Declared, declare
from data_access.erasures import erasures
from data_access.home import Home
from data_access.journal import Journal
from data_access.mapping import Reading
from data_access.sources import files
from refresh.run import Request, rehearse, republish
from tests.refresh.deliveries import OWNER, Firm, table

HEADER = "customer_id,name,country,city,tax_number"
AT = datetime(2026, 4, 1, tzinfo=UTC)


def from_source(firm: Firm, source: str, *rows: str) -> None:
    """Loads customers as another system would bring them."""
    path = firm.deliver({"customers": table(HEADER, *rows)})
    report = rehearse(firm.home, Request(source=source, read=_as(source, path)))
    assert report.outcome == "loaded", report.message


def _as(source: str, path: Path) -> Callable[[str | None], Reading]:
    return lambda _since: dataclasses.replace(files.read(path), source=source)


def decide(home: Home, what: dict[str, Any]) -> int:
    return Journal(home, "identities").append("ada", AT, what).number


def says(verdict: str, record: str, *others: str) -> dict[str, Any]:
    return {"entity": "customer", "verdict": verdict, "record": record, "others": list(others)}


def identities(firm: Firm) -> list[Any]:
    return firm.stored("identities", "record_id", "group_id", "state", "evidence")


ERP, CRM = "1,Meyer Pumpen GmbH,DE,Kiel,", "9,Meyer Pumpen,DE,Kiel,"
SUGGESTED = [("erp:1", "crm:9", "suggested", "name and town")]
JOINED = [("crm:9", "crm:9", "joined", "a person"), ("erp:1", "crm:9", "joined", "a person")]


@pytest.fixture
def two_systems(firm: Firm) -> Firm:
    from_source(firm, "erp", ERP)
    from_source(firm, "crm", CRM)
    return firm


def test_a_decision_takes_effect_at_the_next_refresh_and_undoing_it_restores_what_was(two_systems: Firm) -> None:
    assert identities(two_systems) == SUGGESTED
    number = decide(two_systems.home, says(SAME, "erp:1", "crm:9"))
    assert identities(two_systems) == SUGGESTED
    from_source(two_systems, "crm", CRM)
    assert identities(two_systems) == JOINED
    decide(two_systems.home, undoing(number))
    from_source(two_systems, "erp", ERP)
    assert identities(two_systems) == SUGGESTED


def test_a_parted_pair_is_kept_as_refused_and_a_record_that_comes_back_meets_its_decision(two_systems: Firm) -> None:
    decide(two_systems.home, says(APART, "erp:1", "crm:9"))
    from_source(two_systems, "crm", CRM)
    parted = [("erp:1", "crm:9", "refused", "a person")]
    assert identities(two_systems) == parted
    from_source(two_systems, "crm", "8,Somebody Else,DE,Ulm,")
    assert identities(two_systems) == []
    from_source(two_systems, "crm", "8,Somebody Else,DE,Ulm,", CRM)
    assert identities(two_systems) == parted


def test_a_damaged_journal_ends_the_refresh_with_a_sentence_and_changes_nothing(two_systems: Firm) -> None:
    decide(two_systems.home, says(SAME, "erp:1", "crm:9"))
    Journal(two_systems.home, "identities").path.write_bytes(b"nothing\n")
    report = rehearse(two_systems.home, Request(source="crm", read=_as("crm", two_systems.folder / "delivery-2")))
    assert (report.outcome, report.exit_code) == ("failed", 1)
    assert "Restore the file from a backup" in str(report.message)
    assert identities(two_systems) == SUGGESTED


def test_what_counts_of_several_records_is_served_and_each_still_says_what_it_says(two_systems: Firm) -> None:
    decide(two_systems.home, says(SAME, "erp:1", "crm:9"))
    from_source(two_systems, "crm", CRM)
    _share_all_customers(two_systems.home)
    republish(two_systems.home)
    served = two_systems.snapshot()
    assert two_systems.shown("customers", "name") == ["Meyer Pumpen", "Meyer Pumpen"]
    assert two_systems.stored("customers", "name") == ["Meyer Pumpen", "Meyer Pumpen GmbH"]
    given = served.as_given("customers", OWNER).select("customer_id", "name").sort("customer_id").collect()
    assert given.rows() == [("crm:9", "Meyer Pumpen"), ("erp:1", "Meyer Pumpen GmbH")]


def _share_all_customers(home: Home) -> None:
    """As systems bring them that do not tell companies apart; our templates imply one for each source."""
    with contextlib.closing(sqlite3.connect(home.folder / "tandem.db")) as database:
        database.execute("update customers set company_id = '*'")
        database.commit()


def test_a_change_of_systems_is_applied_by_the_next_version_and_taken_back(two_systems: Firm) -> None:
    for declared, shown in (
        (Declared("erp", "crm", date(2026, 1, 1)), ["crm:9"]),
        (Declared("erp", "crm", date(2099, 1, 1)), ["erp:1"]),
        (None, ["crm:9", "erp:1"]),
    ):
        decide(two_systems.home, says(SAME, "erp:1", "crm:9"))
        from_source(two_systems, "crm", CRM)
        declare(two_systems.home, "ada", AT, declared)
        republish(two_systems.home)
        assert two_systems.shown("customers", "customer_id") == shown


def test_who_is_erased_after_a_change_of_systems_is_erased_in_the_old_one_as_well(
    two_systems: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(two_systems.home, says(SAME, "erp:1", "crm:9"))
    declare(two_systems.home, "ada", AT, Declared("erp", "crm", date(2026, 1, 1)))
    from_source(two_systems, "crm", CRM)
    republish(two_systems.home)
    assert two_systems.shown("customers", "customer_id") == ["crm:9"]
    monkeypatch.setattr("data_access.errands.run", lambda _asked, **_limits: {"outcome": "erased"})
    erasing.erase(OWNER, "customers", "crm:9")
    records = ("crm:9", "erp:1", "erp:2")
    assert erasures(two_systems.home).marked("customers", records) == {"crm:9", "erp:1"}
