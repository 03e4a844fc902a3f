"""The states of one record, on both databases, read beside a refresh."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from data_access.home import Home
from data_access.states import states
from data_access.store import Store

AT = datetime(2026, 4, 1, 8, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    if request.param == "postgresql":
        new: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        monkeypatch.setenv("TANDEM_DATABASE_URL", new())
    return Home(home).made()


def customers(*rows: tuple[str, str]) -> pl.DataFrame:
    fixed = {"is_active": True, "company_id": "*", "source": "s"}
    return pl.DataFrame([{"customer_id": f"s:{key}", "source_id": key, "name": name} | fixed for key, name in rows])


def test_every_state_of_a_record_the_earliest_first_also_while_a_refresh_writes(place: Home) -> None:
    store = Store(place.database_url)
    store.migrate()
    for load_id, name in ((1, "Old"), (2, "Newer"), (3, "New")):
        with store.load() as load:
            load.upsert("customers", customers(("1", name), ("2", "Other")), load_id=load_id, at=AT)
    with store.load() as load:
        load.upsert("customers", customers(("1", "Not yet")), load_id=4, at=AT)
        found = states(place, "customers", "s:1")
    store.close()
    assert found.select("name", "load_id", "replaced_by_load").rows() == [
        ("Old", "1", "2"),
        ("Newer", "2", "3"),
        ("New", "3", None),
    ]
    assert found["replaced_at"][0].startswith("2026-04-01")


def test_no_database_no_such_record_and_a_table_without_history_have_no_states(home: Path) -> None:
    place = Home(home).made()
    assert states(place, "customers", "s:1").is_empty()
    assert not (home / "tandem.db").exists()
    store = Store(place.database_url)
    store.migrate()
    store.close()
    assert states(place, "customers", "s:1").is_empty()
    assert states(place, "identities", "s:1").is_empty()
