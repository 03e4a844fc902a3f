"""What was worked out from a snapshot: whole and sound or not there, cut by rights, kept for the record."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from analytics.access import Viewer
from data_access import studies
from data_access.home import Home
from data_access.snapshot import Part, Snapshot, current, publish

OWNER = Viewer(user="ada", role="owner")
MONDAY = datetime(2026, 5, 4, 8, tzinfo=UTC)
ROWS = pl.DataFrame({"company_id": ["a", "b", "*"], "region": ["n", "s", "n"], "cost": [1.0, 2.0, 3.0]})


@pytest.fixture
def place(tmp_path: Path) -> Home:
    return Home(tmp_path / "firm").made()


@pytest.fixture(autouse=True)
def _new_process() -> Iterator[None]:
    studies._opened.cache_clear()
    yield
    studies._opened.cache_clear()


def version(place: Home, at: datetime = MONDAY) -> Snapshot:
    only = Part("tables/companies", at.isoformat(), lambda: pl.DataFrame({"company_id": ["a"]}))
    return publish(place, [only], at=at, facts={}, continues=lambda _: True)


def saved(place: Home, at: datetime = MONDAY, rows: pl.DataFrame = ROWS) -> studies.Study:
    return studies.save(place, "forecasts", version(place, at), {"weeks": rows}, as_of_on=at.date(), at=at)


def test_it_comes_back_as_it_was_kept_with_its_snapshot_and_day(place: Home) -> None:
    assert studies.newest(place, "forecasts") is None
    made = saved(place)
    found = studies.newest(place, "forecasts")
    assert found is not None
    assert found.frame("weeks", OWNER).collect().equals(ROWS)
    assert (found.snapshot_id, found.as_of_on, found.made_at) == (made.snapshot_id, date(2026, 5, 4), MONDAY)
    assert found.has("weeks")
    assert not found.has("days")
    assert studies.newest(place, "customers") is None


def test_a_mark_changes_when_something_was_worked_out_and_only_then(place: Home) -> None:
    assert studies.marks(place) == ()
    saved(place)
    one = studies.marks(place)
    assert studies.marks(place) == one
    saved(place, MONDAY + timedelta(days=1))
    two = studies.marks(place)
    studies.save(place, "customers", current(place), {"rows": ROWS}, as_of_on=MONDAY.date(), at=MONDAY)
    assert len({one, two, studies.marks(place)}) == 3


def test_rows_and_columns_are_cut_by_rights(place: Home) -> None:
    saved(place)
    seen = Viewer(user="bob", role="sales", companies=frozenset({"a"}), regions=frozenset({"n"}))
    found = studies.newest(place, "forecasts")
    assert found is not None
    rows = found.frame("weeks", seen, masked={"cost": "costs"}).collect()
    assert rows.rows() == [("a", "n", None), ("*", "n", None)]


@pytest.mark.parametrize("broken", ["weeks.parquet", "manifest.json"])
def test_what_is_damaged_is_not_read_but_the_one_before_it(place: Home, broken: str) -> None:
    earlier, later = saved(place), saved(place, MONDAY + timedelta(days=1))
    path = later.folder / broken
    path.write_bytes(path.read_bytes()[:-1])
    studies._opened.cache_clear()
    found = studies.newest(place, "forecasts")
    assert found is not None
    assert found.folder == earlier.folder


def test_what_another_program_made_is_kept_for_the_record_but_not_shown(place: Home) -> None:
    made = saved(place)
    text = (made.folder / "manifest.json").read_text()
    (made.folder / "manifest.json").write_text(text.replace(made.manifest["program"], "another"))
    studies._opened.cache_clear()
    assert studies.newest(place, "forecasts") is None
    assert [study.snapshot_id for study in studies.kept(place, "forecasts")] == [made.snapshot_id]


def test_the_newest_five_stay_and_the_first_of_every_week(place: Home) -> None:
    for day in range(16):
        saved(place, MONDAY + timedelta(days=day))
    days = [(study.made_at - MONDAY).days for study in studies.kept(place, "forecasts")]
    assert days == [15, 14, 13, 12, 11, 7, 0]


def test_worked_out_again_it_takes_the_place_of_what_was(place: Home) -> None:
    made = saved(place)
    again = current(place)
    assert again.id == made.snapshot_id
    studies.save(place, "forecasts", again, {"weeks": ROWS.head(1)}, as_of_on=MONDAY.date(), at=MONDAY)
    studies._opened.cache_clear()
    (found,) = studies.kept(place, "forecasts")
    assert found.frame("weeks", OWNER).collect().height == 1


def test_a_failure_is_known_of_the_snapshot_that_failed_alone(place: Home) -> None:
    first = version(place)
    studies.note_failure(place, "forecasts", first, "Why.")
    assert studies.failure(place, "forecasts", first) == "Why."
    assert studies.failure(place, "customers", first) is None
    assert studies.failure(place, "forecasts", version(place, MONDAY + timedelta(days=1))) is None
