"""Snapshots: whole, immutable, verified versions; what is damaged is never served; what is unchanged is linked."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.access import Viewer
from analytics.tables import TABLES
from data_access import snapshot
from data_access.home import Home
from data_access.snapshot import NoSnapshot, Part, Snapshot, current, publish
from tests import unified

OWNER = Viewer(user="owner", role="owner")
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
TWO_PARTS = ("tables/customers", "tables/products")


@pytest.fixture
def place(tmp_path: Path) -> Home:
    return Home(tmp_path / "firm").made()


@pytest.fixture(autouse=True)
def _new_process() -> Iterator[None]:
    """What a process has verified it does not verify again: every test begins as a new one."""
    snapshot._verified.cache_clear()
    yield
    snapshot._verified.cache_clear()


def part(name: str, mark: str = "1", rows: pl.DataFrame | None = None) -> Part:
    return Part(name, mark, lambda: unified.rows(Path(name).name) if rows is None else rows)


def version(place: Home, *parts: Part, at: datetime = AT, continues: bool = True, **facts: object) -> Snapshot:
    return publish(place, parts, at=at, facts=facts, continues=lambda _: continues)


def both(mark: str) -> list[Part]:
    return [part(name, mark) for name in TWO_PARTS]


def as_new_process(place: Home) -> Snapshot:
    snapshot._verified.cache_clear()
    return current(place)


def damage(path: Path, at: float) -> None:
    """Flips one bit of one byte, at this share of the file."""
    content = bytearray(path.read_bytes())
    content[min(int(len(content) * at), len(content) - 1)] ^= 1
    path.unlink()
    path.write_bytes(content)


def test_every_table_comes_back_from_the_snapshot_as_it_went_in(place: Home) -> None:
    version(place, *(part(f"tables/{table}") for table in TABLES))
    for table in TABLES:
        assert_frame_equal(current(place).table(table, OWNER).collect(), unified.rows(table))


def test_lazy_rows_are_written_as_they_come(place: Home) -> None:
    rows = unified.rows("customers")
    streamed = version(place, Part("tables/customers", "1", rows.lazy))
    assert streamed.rows("tables/customers") == rows.height > 0
    assert_frame_equal(as_new_process(place).table("customers", OWNER).collect(), rows)


def test_the_manifest_holds_the_hash_size_and_rows_of_every_file(place: Home) -> None:
    made = version(place, *both("1"))
    files = {f"{path.relative_to(made.folder)}" for path in made.folder.rglob("*.parquet")}
    assert files == set(made.manifest["files"]) == {f"{name}.parquet" for name in TWO_PARTS}
    for name, entry in made.manifest["files"].items():
        content = (made.folder / name).read_bytes()
        assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
        assert entry["rows"] == pl.read_parquet(made.folder / name).height == made.rows(name.removesuffix(".parquet"))


def test_the_pointer_names_the_version_and_the_hash_of_its_manifest(place: Home) -> None:
    made = version(place, *both("1"))
    manifest = (made.folder / "manifest.json").read_bytes()
    assert place.pointer.read_text().split() == [made.id, hashlib.sha256(manifest).hexdigest()]
    assert current(place).id == made.id
    assert current(place).made_at == AT


def test_a_refresh_that_brought_nothing_says_nothing_more(place: Home) -> None:
    def with_books(sites: int, runs: int) -> Snapshot:
        books = pl.DataFrame({"company_id": ["*"] * runs})
        rows = pl.DataFrame({"company_id": ["c1"] * sites})
        parts = (part("tables/sites", str(sites), rows), part("tables/sync_runs", str(runs), books))
        return version(place, *parts, at=AT + timedelta(hours=runs))

    first, idle, busy = with_books(1, 1), with_books(1, 2), with_books(2, 3)
    assert idle.id != first.id
    assert not idle.says_more_than(first)
    assert busy.says_more_than(idle)


def test_equal_names_mean_equal_bytes(tmp_path: Path) -> None:
    first, second, other = (Home(tmp_path / name).made() for name in ("a", "b", "c"))
    names = [version(first, *both("1")).id, version(second, *both("1")).id, version(other, *both("2")).id]
    assert names[0] == names[1] != names[2]


def test_the_sample_company_says_so(tmp_path: Path) -> None:
    assert version(Home(tmp_path / "s", is_sample=True).made(), *both("1")).is_sample
    assert not version(Home(tmp_path / "f").made(), *both("1")).is_sample


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("name", ["manifest.json", *(f"{name}.parquet" for name in TWO_PARTS)])
def test_a_version_with_one_flipped_bit_is_not_served_and_the_newest_sound_one_is(
    place: Home, name: str, share: float
) -> None:
    versions = [version(place, *both(str(n)), at=AT + timedelta(hours=n)) for n in range(3)]
    damage(versions[2].folder / name, share)
    assert as_new_process(place).id == versions[1].id
    damage(versions[1].folder / name, share)
    assert as_new_process(place).id == versions[0].id
    damage(versions[0].folder / name, share)
    with pytest.raises(NoSnapshot, match="Refresh the sources"):
        as_new_process(place)


@pytest.mark.parametrize("name", ["manifest.json", "tables/products.parquet"])
def test_a_version_that_lacks_a_file_is_not_served(place: Home, name: str) -> None:
    first = version(place, *both("1"))
    second = version(place, *both("2"), at=AT + timedelta(hours=1))
    (second.folder / name).unlink()
    assert as_new_process(place).id == first.id


def test_a_manifest_that_was_rewritten_is_not_believed_even_without_the_pointer(place: Home) -> None:
    first = version(place, *both("1"))
    second = version(place, *both("2"), at=AT + timedelta(hours=1))
    told = json.loads((first.folder / "manifest.json").read_text())
    told["files"]["tables/products.parquet"]["rows"] += 1
    (first.folder / "manifest.json").write_text(json.dumps(told))
    damage(second.folder / "tables/products.parquet", 0.5)
    with pytest.raises(NoSnapshot):
        as_new_process(place)


def test_without_any_version_a_sentence_says_so(place: Home) -> None:
    with pytest.raises(NoSnapshot, match="No data has been loaded yet"):
        current(place)
    place.pointer.write_text("20261122T080000000000-000000000000 0\n")
    with pytest.raises(NoSnapshot, match="Refresh the sources"):
        current(place)


def inode(made: Snapshot, name: str) -> int:
    return (made.folder / f"{name}.parquet").stat().st_ino


def test_a_part_whose_mark_stands_is_linked_and_only_the_changed_one_is_written(place: Home) -> None:
    first = version(place, *both("1"))
    second = version(place, part(TWO_PARTS[0], "1"), part(TWO_PARTS[1], "2"), at=AT + timedelta(hours=1))
    assert [inode(first, name) == inode(second, name) for name in TWO_PARTS] == [True, False]
    assert as_new_process(place).id == second.id


def test_nothing_is_taken_over_from_a_version_that_is_not_continued(place: Home) -> None:
    first = version(place, *both("1"))
    second = version(place, *both("1"), at=AT + timedelta(hours=1), continues=False)
    assert not any(inode(first, name) == inode(second, name) for name in TWO_PARTS)


def test_nothing_is_taken_over_from_a_version_that_another_program_made(place: Home) -> None:
    first = version(place, *both("1"), program="an older one")
    second = version(place, *both("1"), at=AT + timedelta(hours=1))
    assert not any(inode(first, name) == inode(second, name) for name in TWO_PARTS)


def test_a_damaged_part_is_written_anew_although_its_mark_stands(place: Home) -> None:
    first = version(place, *both("1"))
    assert current(place).id == first.id
    damage(first.folder / "tables/products.parquet", 0.5)
    version(place, *both("1"), at=AT + timedelta(hours=1))
    assert_frame_equal(as_new_process(place).table("products", OWNER).collect(), unified.rows("products"))


def test_a_reader_keeps_the_version_that_it_opened(place: Home) -> None:
    opened = version(place, part("tables/products"))
    lazily = opened.table("products", OWNER)
    for days in (2, 4):
        version(
            place, part("tables/products", str(days), unified.rows("products").head(days)), at=AT + timedelta(days=days)
        )
    assert current(place).rows("tables/products") == 4
    assert_frame_equal(lazily.collect(), unified.rows("products"))
    assert_frame_equal(opened.table("products", OWNER).collect(), unified.rows("products"))


def names(place: Home) -> list[str]:
    return sorted(path.name for path in place.snapshots.iterdir())


def test_the_newest_five_versions_stay_however_old_they_are(place: Home) -> None:
    made = [version(place, *both(str(n)), at=AT + timedelta(days=2 * n)).id for n in range(8)]
    assert names(place) == made[-5:]


def test_every_version_of_the_last_day_stays(place: Home) -> None:
    old = version(place, *both("old"), at=AT - timedelta(hours=30)).id
    made = [version(place, *both(str(n)), at=AT + timedelta(hours=n)).id for n in range(8)]
    assert names(place) == made
    assert old not in names(place)


def test_what_a_killed_run_left_half_built_is_swept(place: Home) -> None:
    left = place.snapshots / ".building-1" / "tables"
    left.mkdir(parents=True)
    (left / "products.parquet").write_bytes(b"half")
    made = version(place, *both("1"))
    assert names(place) == [made.id]


class Stopped(Exception):
    """The run ended here."""


def stop_at(name: str) -> Callable[[str], None]:
    def step(reached: str) -> None:
        if reached == name:
            raise Stopped

    return step


@pytest.mark.parametrize(
    ("step", "served"),
    [
        ("wrote tables/customers", "old"),
        ("wrote tables/products", "old"),
        ("verified the snapshot", "old"),
        ("named the snapshot", "old"),
        ("moved the pointer", "new"),
    ],
)
def test_a_run_that_stops_at_any_step_leaves_one_whole_version(place: Home, step: str, served: str) -> None:
    version(place, *both("old"), label="old")
    later = AT + timedelta(hours=1)
    with pytest.raises(Stopped):
        publish(place, both("new"), at=later, facts={"label": "new"}, continues=lambda _: True, step=stop_at(step))
    assert as_new_process(place).manifest["label"] == served
    version(place, *both("new"), at=later + timedelta(hours=1), label="next")
    assert as_new_process(place).manifest["label"] == "next"


@pytest.fixture
def sold(place: Home) -> Snapshot:
    rows = pl.DataFrame(
        {
            "product_id": ["s:1", "s:2", "s:3"],
            "cost": [1.0, 2.0, 3.0],
            "company_id": ["s:A", "s:B", "*"],
            "region": ["North", "South", None],
        }
    )
    return version(place, part("tables/products", rows=rows), part("aggregates/items", rows=rows))


def seen(rows: pl.LazyFrame) -> list[str]:
    return rows.collect().get_column("product_id").to_list()


def test_rows_are_cut_by_company_and_what_is_shared_stays(sold: Snapshot) -> None:
    viewer = Viewer(user="v", role="manager", companies=frozenset({"s:A"}))
    assert seen(sold.table("products", viewer)) == ["s:1", "s:3"]
    assert seen(sold.aggregate("items", viewer)) == ["s:1", "s:3"]


def test_rows_are_cut_by_region_and_a_row_without_one_is_hidden(sold: Snapshot) -> None:
    viewer = Viewer(user="v", role="manager", regions=frozenset({"North"}))
    assert seen(sold.table("products", viewer)) == ["s:1"]
    assert seen(sold.aggregate("items", viewer)) == ["s:1"]


def test_a_column_that_needs_a_right_is_null_without_it(sold: Snapshot) -> None:
    hidden = sold.table("products", Viewer(user="v", role="sales")).collect()
    assert hidden.get_column("cost").to_list() == [None, None, None]
    assert hidden.schema["cost"] == pl.Float64
    assert sold.table("products", OWNER).collect().get_column("cost").to_list() == [1.0, 2.0, 3.0]
    masked = sold.aggregate("items", Viewer(user="v", role="sales"), masked={"cost": "costs"}).collect()
    assert masked.get_column("cost").null_count() == 3


def test_what_a_record_says_by_itself_is_shown_as_far_as_its_table_is(place: Home) -> None:
    names = {"company_id": ["*", "*"], "product_id": ["s:1", "s:2"]}
    counts, given = pl.DataFrame({**names, "name": "Pump"}), pl.DataFrame({**names, "name": ["Pump", "pump old"]})
    made = version(place, part("tables/products", rows=counts), part("as_given/products", rows=given[1:]))
    for viewer in (OWNER, Viewer(user="v", role="sales", customers=frozenset({"c1"}))):
        told = made.as_given("products", viewer).sort("product_id").collect()
        assert told["name"].to_list() == ["Pump", "pump old"]


def test_the_other_sort_order_holds_the_same_rows(place: Home) -> None:
    rows = unified.rows("stock_moves")
    made = version(
        place, part("tables/stock_moves", rows=rows), part("tables/stock_moves.by_item", rows=rows.reverse())
    )
    assert_frame_equal(made.table("stock_moves", OWNER, by_item=True).collect(), rows.reverse())
    assert_frame_equal(made.table("stock_moves", OWNER).collect(), rows)
    assert not made.has("tables/products.by_item")
