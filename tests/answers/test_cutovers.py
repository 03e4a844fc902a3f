"""A change of systems is declared by who manages sources, of systems that there are, and can be taken back."""

from datetime import UTC, date, datetime

import pytest

from analytics.access import NotAllowed, Viewer
from answers import cutovers
from answers.cutovers import CutoverRefused
from data_access import audit, connections, work
from data_access.connections import Place, Server
from data_access.home import firm_home, note_attempt
from tests.analytics.firm import firm
from tests.answers.served import served_tables

ADA, SAM = Viewer(user="ada", role="owner"), Viewer(user="sam", role="sales")
DAY = date(2026, 7, 1)
SERVER = Server(host="erp.example.com", port=5432, database="odoo", user="tandem")


@pytest.fixture(autouse=True)
def systems(home: object) -> None:
    """Odoo is connected, ERPNext and a CRM were loaded from the terminal."""
    connections.add(firm_home(), "Odoo", "odoo", Place(server=SERVER), at=datetime.now(UTC))
    for source in ("erpnext", "salesforce"):
        note_attempt(firm_home(), source, {"at": "2026-06-01T00:00:00+00:00", "outcome": "loaded", "message": None})


def test_what_may_follow_each_other_are_the_systems_that_keep_orders_and_stock() -> None:
    assert cutovers.systems(ADA) == ("erpnext", "odoo")


def test_a_change_is_kept_noted_and_applied_by_a_refresh_that_is_asked_for() -> None:
    cutovers.change(ADA, "erpnext", "odoo", DAY)
    found = cutovers.standing(ADA)
    assert found is not None
    assert (found.before, found.after, found.on) == ("erpnext", "odoo", DAY)
    assert len(work.asked(firm_home())) == 1
    cutovers.take_back(ADA)
    assert cutovers.standing(ADA) is None
    told = [line["subject"] for line in audit.newest(firm_home(), 9) if line["action"] == "cutover_declared"]
    assert told == ["taken back", "erpnext to odoo on 2026-07-01"]


@pytest.mark.parametrize(
    ("before", "after", "on", "rule"),
    [
        ("odoo", "odoo", DAY, "same"),
        ("sap", "odoo", DAY, "unknown"),
        ("erpnext", "odoo", date(1979, 1, 1), "day"),
        ("erpnext", "odoo", None, "day"),
    ],
)
def test_what_cannot_be_is_refused(before: str, after: str, on: date | None, rule: str) -> None:
    with pytest.raises(CutoverRefused, match=rule):
        cutovers.change(ADA, before, after, on)
    assert cutovers.standing(ADA) is None


def test_nobody_else_declares_a_change() -> None:
    for asked in (
        lambda: cutovers.change(SAM, "erpnext", "odoo", DAY),
        lambda: cutovers.take_back(SAM),
        lambda: cutovers.standing(SAM),
        lambda: cutovers.counts(SAM),
    ):
        with pytest.raises(NotAllowed):
            asked()


def test_a_firm_that_changed_nothing_has_nothing_to_count() -> None:
    served_tables(firm())
    assert cutovers.counts(ADA).is_empty()
