"""Reading somebody else's PostgreSQL: exact types, one state, only what changed, one sentence for what goes wrong."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import quote

import polars as pl
import psycopg
import pytest

from data_access.extract import Changes, Database, System, fitted, missing, read_database, tables_of
from data_access.mapping import ROW, Extract, Mapping, Notice, Reading, SourceRefused
from data_access.postgresql import Address, _unreachable, connected
from data_access.sources import odoo
from tests.data_access.sources.odoo_writer import Odoo
from tests.servers import LOOPBACK, driverless, free_port

pytestmark = pytest.mark.postgres

COLUMNS = {"orders": frozenset({"id", "name", "total"}), "lines": frozenset({"id", "order_id"})}
SECRET = "s3cret/word"


def _nothing_to_probe(_database: Database) -> None:
    """Any database will do."""


def _orders(**changed: object) -> Mapping:
    usual: dict[str, object] = {
        "to": "sales_orders",
        "table": "orders",
        "columns": {"sales_order_id": "id", "number": "name", "amount_untaxed": "total"},
        "watermark": "t.changed_at",
    }
    return Mapping(**(usual | changed))  # type: ignore[arg-type]


def _read(url: str, *mappings: Mapping, changes: Changes | None = None, essential: tuple[str, ...] = ()) -> Reading:
    system = System(name="shop", mappings=mappings, probe=_nothing_to_probe, essential=essential)
    return read_database(url, system, changes=changes)


def _only(reading: Reading) -> Extract:
    assert len(reading.extracts) == 1
    return reading.extracts[0]


def _run(url: str, *statements: str) -> None:
    with psycopg.connect(driverless(url), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture
def shop(new_postgres_database: Callable[[], str]) -> str:
    """Two orders, one of them changed long ago."""
    url = new_postgres_database()
    _run(
        url,
        "create table orders (id int primary key, name varchar, total numeric, changed_at timestamp)",
        "insert into orders values (1, 'old', 0.10, '2026-01-01'), (2, 'new', 1234567890123456.78, '2026-06-01')",
    )
    return url


def _refused(url: str, *mappings: Mapping) -> SourceRefused:
    with pytest.raises(SourceRefused) as refusal:
        _read(url, *(mappings or (_orders(),)))
    assert "Traceback" not in str(refusal.value)
    assert SECRET not in str(refusal.value)
    assert quote(SECRET, safe="") not in str(refusal.value)
    assert "\n" not in str(refusal.value)
    return refusal.value


# Types and rows.


def test_every_value_arrives_with_all_its_digits_and_in_its_type(shop: str) -> None:
    values = """select 1::smallint as small, 2 as whole, 3::bigint as big, 1234567890123456789.000100::numeric as exact,
        'NaN'::numeric as nan, 0.1::float8 as double, 1e-7::float8 as tiny, 1e20::float8 as huge, true as flag,
        date '2026-02-28' as day, timestamp '2026-02-28 12:00:00.000001' as wall,
        '{"b": 1}'::jsonb as json, 'x'::varchar as word,
        '1 day'::interval as span, 'a'::"char" as letter, null::numeric as nothing"""
    with connected(shop) as database:
        row = database.rows(values)
        empty = database.rows(f"{values} where false")
    assert row.row(0) == (
        1, 2, 3, "1234567890123456789.000100", "NaN", "0.1", "0.0000001", "100000000000000000000", True,
        date(2026, 2, 28), datetime.fromisoformat("2026-02-28T12:00:00.000001"), '{"b": 1}', "x", "1 day", "a", None,
    )  # fmt: skip
    assert empty.schema == row.schema
    assert row.schema["wall"] == pl.Datetime("us")


def test_a_reading_brings_rows_keys_and_what_the_server_adds_up(shop: str) -> None:
    extract = _only(_read(shop, _orders(where="t.id > 1", left_out="the first")))
    assert extract.frame.select(ROW, "name", "total").row(0) == ("2", "new", "1234567890123456.78")
    assert extract.keys is not None
    assert extract.keys.to_list() == ["2"]
    assert extract.control == {"rows": "1", "amount_untaxed": "1234567890123456.78"}
    assert (extract.rows_left_out, extract.incremental, extract.notices) == (1, False, ())


def test_rows_that_state_no_amount_are_named(shop: str) -> None:
    _run(shop, "insert into orders values (3, 'unpriced', null, '2020-01-01')")
    silent = _only(_read(shop, _orders(), changes=Changes(since="2026-05-01T00:00:00+00:00", full_below=0))).silent
    assert silent is not None
    assert silent.to_list() == ["3"]


def test_an_empty_table_is_read_with_its_types(shop: str) -> None:
    _run(shop, "delete from orders")
    extract = _only(_read(shop, _orders()))
    assert (extract.frame.height, extract.control) == (0, {"rows": "0", "amount_untaxed": "0"})
    assert extract.frame.schema["id"] == pl.Int32


def test_a_sum_is_not_lost_to_one_value_that_is_no_number(shop: str) -> None:
    _run(shop, "update orders set total = 'NaN' where id = 2")
    assert Decimal(_only(_read(shop, _orders())).control["amount_untaxed"]) == Decimal("0.1")


def test_a_reading_is_stamped_by_the_servers_clock(shop: str) -> None:
    reading = _read(shop, _orders())
    assert reading.as_of.tzinfo is not None
    assert abs(datetime.now(UTC) - reading.as_of) < timedelta(minutes=5)
    assert datetime.fromisoformat(str(reading.watermark)) == reading.as_of


def test_all_of_a_reading_is_of_one_state(shop: str) -> None:
    def write_between(database: Database) -> None:
        database.rows("select count(*) as orders from orders")
        _run(shop, "insert into orders values (3, 'meanwhile', 1, now())")

    system = System(name="shop", mappings=(_orders(),), probe=write_between)
    assert _only(read_database(shop, system)).control["rows"] == "2"


def test_nothing_can_be_written(shop: str) -> None:
    with connected(shop) as database, pytest.raises(SourceRefused) as refusal:
        database.rows("select nextval('pg_catalog.nothing') as made")
    assert refusal.value.rule == "query"
    with connected(shop) as database:
        assert database.value("select current_setting('transaction_read_only') as told") == "on"
        assert database.value("select current_setting('transaction_isolation') as told") == "repeatable read"


# Only what changed.


def test_a_small_table_is_read_whole_every_time(shop: str) -> None:
    extract = _only(_read(shop, _orders(), changes=Changes(since="2026-05-31T00:00:00+00:00")))
    assert (extract.frame.height, extract.incremental) == (2, False)


def test_a_big_table_brings_what_changed_since_with_overlap_and_all_its_keys(shop: str) -> None:
    changes = Changes(since="2026-06-01T23:00:00+00:00", full_below=1)
    extract = _only(_read(shop, _orders(), changes=changes))
    assert extract.frame.get_column("name").to_list() == ["new"]
    assert extract.keys is not None
    assert sorted(extract.keys) == ["1", "2"]
    assert (extract.incremental, extract.control["rows"]) == (True, "2")


def test_a_row_without_a_known_change_is_always_read(shop: str) -> None:
    _run(shop, "update orders set changed_at = null where id = 1")
    changes = Changes(since="2026-08-01T00:00:00+00:00", full_below=0)
    assert _only(_read(shop, _orders(), changes=changes)).frame.get_column("name").to_list() == ["old"]


# Modules that are not installed.


def test_parts_in_braces_are_left_out_where_what_they_name_is_lacking() -> None:
    own, lacking = "{or o.name = 'a'}", "{or o.gone = 1} {or o.id in (select x.id from extra x)}"
    sql = f"select 1 from orders o where o.id = 1 {own} {lacking}"
    assert " ".join(fitted(COLUMNS, sql).split()) == "select 1 from orders o where o.id = 1 or o.name = 'a'"


@pytest.mark.parametrize(
    ("sql", "absent"),
    [
        ("select o.id from orders o", ()),
        ("select o.gone from orders o", ("orders.gone",)),
        ("select e.id from extra e", ("extra",)),
        ("select o.id from orders o where o.name = 'x.y'", ()),
        ("select w.value from orders o cross join lateral jsonb_each_text(o.name) w", ()),
        ("select p.n from orders o join (select l.order_id as n from lines l) p on p.n = o.id", ()),
        ("select stranger.id from orders o", ("stranger.id",)),
        ('select t.id from "order-tag" t', ("order-tag",)),
        ('select o."left" from "orders" o', ("orders.left",)),
    ],
)
def test_what_a_database_lacks_is_known_before_it_is_asked(sql: str, absent: tuple[str, ...]) -> None:
    assert missing(COLUMNS, sql) == absent


def test_a_column_that_is_lacking_is_null_and_told(shop: str) -> None:
    mapping = _orders(columns={"sales_order_id": "id", "customer_reference": "ref"})
    extract = _only(_read(shop, mapping))
    assert extract.frame.get_column("ref").to_list() == [None, None]
    assert extract.notices == (
        Notice("column_absent", "This database has no orders.ref: ref of sales_orders stays empty."),
    )


def test_a_table_that_is_lacking_is_told_and_nothing_is_read_from_it(shop: str) -> None:
    reading = _read(shop, _orders(table="leases"), _orders(joins="join leases l on l.order_id = t.id"))
    assert reading.extracts == ()
    assert [notice.rule for notice in reading.notices] == ["module_absent", "module_absent"]
    assert "no leases" in reading.notices[0].detail


def test_a_table_that_must_be_there_refuses_the_source(shop: str) -> None:
    with pytest.raises(SourceRefused) as refusal:
        _read(shop, _orders(table="leases"), essential=("leases",))
    assert refusal.value.rule == "version"


def test_tables_of_a_mapping_include_joined_and_asked_ones() -> None:
    mapping = _orders(joins="join lines l on l.order_id = t.id", reads={"name": "(select a.b from others a)"})
    assert tables_of(mapping) == ("orders", "lines", "others")


# What goes wrong.


@pytest.fixture
def guarded(shop: str) -> Iterator[str]:
    """The shop as a user sees it who may read nothing yet."""
    role = f"reader_{shop.rsplit('_', 1)[1]}"
    _run(shop, f"create role {role} login password 'x'")
    yield role
    _run(shop, f"drop owned by {role}", f"drop role {role}")


def _as(url: str, user: str, password: str = SECRET) -> str:
    return url.replace("postgres@", f"{user}:{quote(password, safe='')}@")


@pytest.mark.parametrize(
    "url",
    [
        f"mysql+pymysql://u:{quote(SECRET, safe='')}@h/d",
        f"postgresql+asyncpg://u:{quote(SECRET, safe='')}@h/d",
        "no address at all",
        f"postgresql://u:{quote(SECRET, safe='')}@h:port/d",
        f"postgresql://u:{quote(SECRET, safe='')}@h",
        "",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    refusal = _refused(url)
    assert refusal.rule == "url"
    assert "postgresql+psycopg://user:password@host:5432/database" in str(refusal)


def test_a_port_where_nobody_listens_is_named() -> None:
    port = free_port()
    refusal = _refused(f"postgresql://u:{quote(SECRET, safe='')}@{LOOPBACK}:{port}/shop")
    assert (refusal.rule, f"{LOOPBACK}:{port}" in str(refusal)) == ("unreachable", True)


def test_a_host_that_nobody_knows_is_named() -> None:
    refusal = _refused(f"postgresql+psycopg://u:{quote(SECRET, safe='')}@nowhere.invalid/shop")
    assert refusal.rule in {"unknown_host", "unreachable"}
    assert "nowhere.invalid" in str(refusal)


def test_a_server_that_says_nothing_is_a_timeout() -> None:
    with socket.create_server((LOOPBACK, 0)) as silent:
        port = silent.getsockname()[1]
        refusal = _refused(f"postgresql://u@{LOOPBACK}:{port}/shop?connect_timeout=2")
    assert (refusal.rule, f"{LOOPBACK}:{port}" in str(refusal)) == ("timeout", True)


@pytest.mark.parametrize(
    ("driver_says", "rule"),
    [
        ('FATAL:  password authentication failed for user "kim"', "login"),
        ("fe_sendauth: no password supplied", "login"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "kim", database "shop", SSL off', "not_allowed"),
        ("server does not support SSL, but SSL was required", "tls"),
        ("FATAL:  sorry, too many clients already", "busy"),
        ("FATAL:  the database system is starting up", "busy"),
        ('FATAL:  permission denied for database "shop"', "not_allowed"),
        ("words that nobody knows, s3cret/word among them", "unreachable"),
    ],
)
def test_what_the_driver_says_becomes_one_sentence(driver_says: str, rule: str) -> None:
    refusal = _unreachable(Address("db.example", 5432, "shop", "kim"), driver_says)
    assert refusal.rule == rule
    assert SECRET not in str(refusal)
    assert "db.example" in str(refusal) or "shop" in str(refusal)


def test_a_database_that_is_not_there_is_named(shop: str) -> None:
    refusal = _refused(shop.rpartition("/")[0] + "/not_there")
    assert (refusal.rule, "not_there" in str(refusal)) == ("no_database", True)


def test_an_unknown_user_is_named(shop: str) -> None:
    refusal = _refused(_as(shop, "nobody_here"))
    assert (refusal.rule, "nobody_here" in str(refusal)) == ("login", True)


def test_an_empty_database_is_called_empty(new_postgres_database: Callable[[], str]) -> None:
    assert _refused(new_postgres_database()).rule == "empty_database"


def test_a_table_that_may_not_be_read_is_named_with_the_grant(shop: str, guarded: str) -> None:
    refusal = _refused(_as(shop, guarded))
    assert refusal.rule == "no_rights"
    assert str(refusal).endswith(f"run GRANT SELECT ON orders TO {guarded}.")
    _run(shop, f"grant select on orders to {guarded}")
    assert _only(_read(_as(shop, guarded), _orders())).frame.height == 2


def test_a_column_that_may_not_be_read_names_its_table(shop: str, guarded: str) -> None:
    _run(shop, f"grant select (id) on orders to {guarded}")
    refusal = _refused(_as(shop, guarded))
    assert (refusal.rule, "orders" in str(refusal)) == ("no_rights", True)


def test_a_schema_that_may_not_be_entered_is_not_called_empty(shop: str, guarded: str) -> None:
    _run(shop, "revoke usage on schema public from public")
    refusal = _refused(_as(shop, guarded))
    assert (refusal.rule, "GRANT USAGE ON SCHEMA public" in str(refusal)) == ("no_rights", True)


def test_a_query_that_takes_too_long_is_a_timeout(shop: str) -> None:
    with connected(shop) as database:
        database.rows("select set_config('statement_timeout', '50', true) as told")
        with pytest.raises(SourceRefused) as refusal:
            database.rows("select 1 as told from pg_sleep(5)")
    assert refusal.value.rule == "timeout"


def test_a_connection_that_is_cut_is_lost(shop: str) -> None:
    with connected(shop) as database:
        _run(shop, f"select pg_terminate_backend({database.value('select pg_backend_pid() as told')})")
        with pytest.raises(SourceRefused) as refusal:
            database.value("select 1 as told")
    assert refusal.value.rule == "connection_lost"


# Odoo, and what is none.


def test_a_database_of_another_system_is_no_odoo(shop: str) -> None:
    with pytest.raises(SourceRefused) as refusal:
        odoo.read(shop)
    assert refusal.value.rule == "not_this_system"
    assert "is not an Odoo" in str(refusal.value)


@pytest.mark.parametrize(
    ("version", "told"),
    [("15.0.1.3", "Odoo 15.0"), ("saas~18.2.1.3", "Odoo saas~18.2"), (None, "not finished")],
)
def test_another_version_is_named(new_postgres_database: Callable[[], str], version: str | None, told: str) -> None:
    miniature = Odoo(new_postgres_database(), version=version)
    with pytest.raises(SourceRefused) as refusal:
        odoo.read(miniature.url)
    miniature.close()
    assert refusal.value.rule == "version"
    assert told in str(refusal.value)
    assert "Tandem reads Odoo 16, 17 and 18" in str(refusal.value)


def test_an_odoo_with_few_modules_is_read_without_the_others(new_postgres_database: Callable[[], str]) -> None:
    lacking = tuple(
        table
        for table in Odoo.tables()
        if not table.startswith(("res_", "ir_module", "uom_", "product_", "crm_", "resource_"))
    )
    miniature = Odoo(new_postgres_database(), without=lacking)
    asker = miniature.add("res_partner", name="Asker", commercial_partner_id=1)
    miniature.add("crm_lead", name="Deal", type="opportunity", partner_id=asker)
    reading = odoo.read(miniature.url)
    miniature.close()
    brought = {extract.mapping.to: extract.frame.height for extract in reading.extracts}
    assert (brought["opportunities"], brought["customers"]) == (1, 1)
    assert not {"sales_orders", "stock_moves", "boms"} & set(brought)
    assert {notice.rule for notice in reading.notices} == {"module_absent"}
