"""Every screen says how old its data is, and turns amber when a source is stale."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analytics.access import RIGHTS
from data_access.home import firm_home, note_attempt
from display.words import LANGUAGES
from pages.parts.menu import ENTRIES
from tests.analytics.firm import firm
from tests.answers.served import served
from tests.pages import firms
from tests.pages.agent import Screen, Visitor, application

NOW = datetime.now(UTC)
PAGES = ("inventory", "health")


def as_of(screen: Screen, part: str) -> list[str]:
    return [text for text in screen.texts("caption", part) if "Data as of" in text or "数据截至" in text]


@pytest.fixture
def opened(home: Path) -> Iterator[Visitor]:
    """The application, serving a firm whose ERP is fresh and whose CRM is not, and failed last."""
    fresh = firms.run("orders", "accept", source_as_of=NOW - timedelta(hours=2))
    stale = firms.run("deals", "accept", source="salesforce", source_as_of=NOW - timedelta(hours=50))
    served(firm(sync_runs=[fresh, stale]))
    note_attempt(firm_home(), "salesforce", {"at": NOW.isoformat(), "outcome": "failed", "message": "Refused."})
    with application(home) as visitor:
        yield visitor


def test_a_stale_source_is_named_in_amber_on_every_page_and_beside_it(opened: Visitor) -> None:
    for page in PAGES:
        screen = opened.open(page)
        (beside,), (above,) = as_of(screen, "sidebar"), as_of(screen, "main")
        assert beside.startswith(":orange[Data as of ")
        assert above.startswith(":orange[:material/schedule: Data as of ")
        for line in (beside, above):
            assert r" · Salesforce is 50 hours old, its last refresh failed" in line.replace("2 days", "50 hours")
            assert "Odoo" not in line


def test_every_role_is_told_on_the_pages_that_it_may_see_and_only_there(opened: Visitor) -> None:
    for role, rights in RIGHTS.items():
        for entry in ENTRIES:
            if entry.name in PAGES:
                screen = opened.open(entry.name, role=role)
                assert len(as_of(screen, "sidebar")) == 1
                assert len(as_of(screen, "main")) == (entry.right in rights)


def test_fresh_data_is_told_beside_the_page_in_grey(home: Path) -> None:
    served(firm(sync_runs=[firms.run("orders", "accept", source_as_of=NOW - timedelta(hours=2))]))
    with application(home) as visitor:
        for language in LANGUAGES:
            screen = visitor.open("inventory", lang=language)
            (beside,) = as_of(screen, "sidebar")
            assert not beside.startswith(":orange[")
            assert as_of(screen, "main") == []


def test_the_sample_company_grows_old_in_peace(home: Path) -> None:
    assert firms.sample().is_sample
    with application(home) as visitor:
        screen = visitor.open("inventory")
        (beside,) = as_of(screen, "sidebar")
        assert not beside.startswith(":orange[")
        assert as_of(screen, "main") == []


def test_the_line_is_told_anew_while_a_screen_stays_open(opened: Visitor) -> None:
    screen = opened.open("inventory")
    parts = [element for part in ("main", "sidebar") for element in screen.elements(part) if element.get("fragment")]
    assert len([element for element in parts if element["type"] == "caption"]) == 2
