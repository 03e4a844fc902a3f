"""The store, on both databases: what goes in comes out; loads are idempotent; earlier states and first promises
stay."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from polars.testing import assert_frame_equal

from analytics.tables import TABLES, parents_first
from data_access import store as store_module
from data_access.ddl import METADATA
from data_access.own_database import StoreUnavailable
from data_access.storable import conform
from data_access.store import Change, Store, alembic_config, newest_revision
from tests import unified

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        made = Store(f"sqlite:///{tmp_path / 'tandem.db'}")
    else:
        new: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        made = Store(new())
    made.migrate()
    yield made
    made.close()


def _loaded(store: Store, table: str, rows: pl.DataFrame, load_id: int = 1) -> Change:
    with store.load() as load:
        return load.upsert(table, rows, load_id=load_id, at=AT)


def _read(store: Store, table: str, *columns: str) -> pl.DataFrame:
    with store.load() as load:
        return load.read(table, columns or None).sort(TABLES[table].primary_key() if not columns else columns[0])


def _customers(**columns: list[object]) -> pl.DataFrame:
    base = {
        "customer_id": ["s:1"],
        "name": ["A"],
        "is_active": [True],
        "company_id": ["*"],
        "source": ["s"],
        "source_id": ["1"],
    }
    return pl.DataFrame(base | columns)


def _order(promised: date | None, **columns: object) -> pl.DataFrame:
    row = {
        "sales_order_id": "s:1",
        "customer_id": "s:1",
        "status": "confirmed",
        "ordered_at": AT,
        "currency": "EUR",
        "promised_on": promised,
        "company_id": "*",
        "source": "s",
        "source_id": "1",
    }
    return pl.DataFrame([row | columns], schema_overrides={"promised_on": pl.Date, "first_promised_on": pl.Date})


def test_every_table_comes_back_from_the_database_as_it_went_in(store: Store) -> None:
    with store.load() as load:
        for table in parents_first():
            load.append(table, unified.rows(table))
    for table in TABLES:
        assert_frame_equal(
            _read(store, table), unified.rows(table).sort(TABLES[table].primary_key()), check_row_order=True
        )
    with store.load() as load:
        assert load.broken_references() == []


def test_the_newest_migration_is_the_schema(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA) == []
    store.migrate()


def test_the_newest_revision_is_told_by_the_names_of_the_scripts(store: Store) -> None:
    with store.engine.connect() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection))
    assert newest_revision() == scripts.get_current_head()


def test_a_second_load_of_the_same_rows_changes_nothing(store: Store) -> None:
    first = _loaded(store, "customers", _customers())
    again = _loaded(store, "customers", _customers(), load_id=2)
    assert (first.new, first.changed, again.new, again.changed) == (1, 0, 0, 0)
    assert _read(store, "customers", "load_id").item() == 1


def test_a_changed_row_keeps_its_earlier_state_in_the_history(store: Store) -> None:
    _loaded(store, "customers", _customers())
    changed = _loaded(store, "customers", _customers(name=["B"]), load_id=2)
    assert changed.changed == 1
    with store.load() as load:
        assert load.read("customers", ("name", "load_id")).rows() == [("B", 2)]
        assert load.number("SELECT COUNT(*) FROM customers_history WHERE name = 'A' AND replaced_by_load = 2") == 1


def test_a_row_that_only_became_null_is_a_change_too(store: Store) -> None:
    _loaded(store, "customers", _customers(city=["Bern"]))
    assert _loaded(store, "customers", _customers(), load_id=2).changed == 1


def test_a_first_promise_that_is_known_never_moves(store: Store) -> None:
    _loaded(store, "customers", _customers())
    _loaded(store, "sales_orders", _order(date(2026, 12, 1), first_promised_on=date(2026, 12, 1)))
    _loaded(store, "sales_orders", _order(date(2026, 12, 9)), load_id=2)
    assert _read(store, "sales_orders", "first_promised_on", "promised_on").rows() == [
        (date(2026, 12, 1), date(2026, 12, 9))
    ]


def test_a_first_promise_is_learned_when_it_appears_where_there_was_none(store: Store) -> None:
    _loaded(store, "customers", _customers())
    _loaded(store, "sales_orders", _order(None))
    _loaded(store, "sales_orders", _order(date(2026, 12, 9)), load_id=2)
    assert _read(store, "sales_orders", "first_promised_on").item() == date(2026, 12, 9)


def test_a_promise_that_stood_before_the_first_load_stays_unknown(store: Store) -> None:
    _loaded(store, "customers", _customers())
    _loaded(store, "sales_orders", _order(date(2026, 12, 1)))
    _loaded(store, "sales_orders", _order(date(2026, 12, 9)), load_id=2)
    assert _read(store, "sales_orders", "first_promised_on").item() is None


def test_what_is_gone_at_the_source_leaves_the_table_and_stays_in_the_history(store: Store) -> None:
    _loaded(store, "customers", pl.concat([_customers(), _customers(customer_id=["s:2"], source_id=["2"])]))
    with store.load() as load:
        assert load.remove_gone("customers", source="s", held=pl.Series(["2"]), load_id=2, at=AT) == 1
        assert load.keys("customers").to_list() == ["s:2"]
        assert load.number("SELECT COUNT(*) FROM customers_history WHERE customer_id = 's:1'") == 1


def test_what_is_gone_but_referred_to_stays_marked_and_inactive(store: Store) -> None:
    _loaded(store, "customers", _customers())
    _loaded(store, "sales_orders", _order(None))
    with store.load() as load:
        load.remove_gone("customers", source="s", held=pl.Series([], dtype=pl.String), load_id=2, at=AT)
    assert _read(store, "customers", "is_active", "deleted_at").rows() == [(False, AT)]


def test_what_another_source_holds_is_not_gone(store: Store) -> None:
    _loaded(store, "customers", _customers())
    with store.load() as load:
        assert load.remove_gone("customers", source="other", held=pl.Series([], dtype=pl.String), load_id=2, at=AT) == 0


def test_a_record_that_comes_back_is_a_living_row_again(store: Store) -> None:
    _loaded(store, "customers", _customers())
    _loaded(store, "sales_orders", _order(None))
    with store.load() as load:
        load.remove_gone("customers", source="s", held=pl.Series([], dtype=pl.String), load_id=2, at=AT)
    _loaded(store, "customers", _customers(), load_id=3)
    assert _read(store, "customers", "is_active", "deleted_at").rows() == [(True, None)]


def test_a_load_that_fails_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(RuntimeError):
        _append_and_fail(store)
    assert _read(store, "customers").is_empty()


def _append_and_fail(store: Store) -> None:
    with store.load() as load:
        load.append("customers", conform(_customers(), TABLES["customers"]))
        raise RuntimeError


def test_every_change_of_a_table_changes_its_marks(store: Store) -> None:
    marks = []
    for load_id, name in ((1, "A"), (2, "B")):
        _loaded(store, "customers", _customers(name=[name]), load_id=load_id)
        with store.load() as load:
            marks.append(load.marks("customers"))
    with store.load() as load:
        load.remove_gone("customers", source="s", held=pl.Series([], dtype=pl.String), load_id=3, at=AT)
        marks.append(load.marks("customers"))
    assert len(set(marks)) == 3


@pytest.mark.parametrize("url", ["mysql://u:secret@h/d", "oracle://x", "", "tandem.db"])
def test_a_database_that_cannot_hold_the_tables_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(StoreUnavailable) as refused:
        Store(url)
    assert "secret" not in str(refused.value)


def test_rows_that_are_read_come_in_blocks_of_whole_rows_each_with_the_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "BLOCK_BYTES", 8)
    rows = [b"a,b\n", b"1,2\n", b"3,4\n", b"5,6\n"]
    assert list(store_module._blocks(rows)) == [b"a,b\n1,2\n3,4\n", b"a,b\n5,6\n"]
    assert list(store_module._blocks(rows[:1])) == [b"a,b\n"]
