"""What people decide about identities takes effect at the next refresh, and only what was decided."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from analytics.identity_decisions import APART, SAME, undoing
from data_access.home import Home
from data_access.journal import Journal
from data_access.mapping import Reading
from data_access.sources import files
from refresh.run import Request, rehearse
from tests.refresh.deliveries import Firm, table

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
