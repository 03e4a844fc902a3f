"""ERPNext's ways, one by one, on a small firm in a MariaDB; that a whole firm comes back, `test_clothes` holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
import sqlalchemy as sa

from data_access.duck import opened
from data_access.extract import fitted, missing
from data_access.home import firm_home
from data_access.looks import looked
from data_access.mapping import Mapping, SourceRefused
from data_access.mariadb import NO_ANSWER, Copy, Wanted, _held, _meaning, _take, copied
from data_access.postgresql import connected
from data_access.sources import erpnext
from refresh.run import refresh
from refresh.sources import request_for
from sample_data.clothes.erpnext import statements
from sample_data.clothes.tailor import Keys, Outfit
from tests.data_access.sources.loaded import Loaded, loaded
from tests.servers import HOUSE, mariadb_database, run

HELD = {name: frozenset(wanted.columns) for name, wanted in erpnext.WANTED.items()}


@dataclass
class Site:
    """The rows of a site by doctype, every one submitted unless said otherwise."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, doctype: str, name: str, **values: Any) -> None:
        """A record."""
        known = erpnext.DOCTYPES[doctype].split()
        usual = {"docstatus": 1, "company": "Works", "disabled": 0, "idx": 1, "is_return": 0, "is_cancelled": 0}
        row = {"name": name} | {column: value for column, value in usual.items() if column in known} | values
        self.rows.setdefault(doctype, []).append(row)

    @property
    def outfit(self) -> Outfit:
        """What the vendor's writer takes."""
        files = {doctype: pl.DataFrame(rows, infer_schema_length=None) for doctype, rows in self.rows.items()}
        return Outfit(files=files, held={}, keys=Keys(), limits={})


def _firm() -> Site:
    site = Site()
    site.rows["Singles"] = [{"doctype": "System Settings", "field": "time_zone", "value": "Asia/Shanghai"}]
    site.add("Company", "Works", default_currency="EUR", country="Germany")
    site.rows["Country"] = [{"name": "Germany", "code": "de"}]
    site.add("Customer", "Acme", customer_name="Acme GmbH", creation="2026-01-01 01:00:00")
    site.add("Item", "PUMP", item_code="PUMP", item_name="Pump", stock_uom="Nos", is_stock_item=1, is_sales_item=1)
    site.add("Warehouse", "All - W", is_group=1, lft=1, rgt=6)
    site.add("Warehouse", "Main - W", parent_warehouse="All - W", is_group=1, lft=2, rgt=5)
    site.add("Warehouse", "Shelf - W", parent_warehouse="Main - W", is_group=0, lft=3, rgt=4)
    site.add("Warehouse", "Yard - W", parent_warehouse="", is_group=0, lft=7, rgt=8)
    for name, city, land in (("Acme-1", "Zwickau", "Germany"), ("Acme-2", "Aachen", "Zambia")):
        site.add("Address", name, city=city, country=land)
        link = {"parenttype": "Address", "link_doctype": "Customer", "link_name": "Acme"}
        site.add("Dynamic Link", f"link-{name}", parent=name, **link)
    for name, state, status in (("SO-1", 0, "Draft"), ("SO-2", 1, "To Deliver"), ("SO-3", 2, "Cancelled")):
        amounts = {"net_total": "100", "conversion_rate": "0.5", "currency": "USD"}
        order = {"customer": "Acme", "transaction_date": "2026-02-01", "docstatus": state, "status": status}
        site.add("Sales Order", name, delivery_date="2026-02-09", **order, **amounts)
    dozen = {"qty": "2", "uom": "Dozen", "conversion_factor": "12", "stock_qty": "24", "delivered_qty": "1.5"}
    site.add("Sales Order Item", "row1", parent="SO-2", item_code="PUMP", rate="50", net_amount="100", **dozen)
    _post(site, "SLE-1", "Purchase Receipt", "24", "24")
    _post(site, "SLE-2", "Delivery Note", "-18", "6", posting_time="07:30:01")
    site.add("Stock Ledger Entry", "SLE-3", actual_qty="9", item_code="PUMP", is_cancelled=1)
    site.add("Bin", "bin1", item_code="PUMP", warehouse="Shelf - W", actual_qty="6", reserved_qty="2")
    _count_the_yard(site)
    return site


def _post(site: Site, name: str, voucher: str, moved: str, held: str, **values: Any) -> None:
    usual = {"warehouse": "Shelf - W", "posting_date": "2026-02-03", "posting_time": "07:30:00", "item_code": "PUMP"}
    row = usual | {"voucher_type": voucher, "voucher_no": name, "actual_qty": moved, "qty_after_transaction": held}
    site.add("Stock Ledger Entry", name, **row | values)


def _count_the_yard(site: Site) -> None:
    """Ten pumps at the start, three delivered; five counted, of which one is given back by a row of its own."""
    yard, stocktake = {"warehouse": "Yard - W", "posting_date": "2026-02-05"}, "Stock Reconciliation"
    _post(site, "YARD-4", stocktake, "0", "5", **yard, creation="2026-02-09 08:00:00")
    _post(site, "YARD-5", stocktake, "1", "6", **yard, creation="2026-02-09 09:00:00")
    _post(site, "YARD-3", stocktake, "0", "99", **yard | {"posting_date": "2026-02-04"}, is_cancelled=1)
    _post(site, "YARD-2", "Delivery Note", "-3", "7", **yard, creation="2026-02-09 07:00:00")
    _post(site, "YARD-1", stocktake, "0", "10", **yard | {"posting_date": "2026-02-01"})
    site.add("Bin", "bin2", item_code="PUMP", warehouse="Yard - W", actual_qty="6", reserved_qty="0")


@pytest.fixture(scope="module")
def url(mariadb_url: str) -> Iterator[str]:
    with mariadb_database(mariadb_url, f"tandem_{uuid4().hex[:12]}") as url:
        yield run(url, statements(_firm().outfit))


@pytest.fixture(scope="module")
def firm(url: str) -> Loaded:
    return loaded(erpnext.read(url))


def test_every_row_fits_its_contract_and_nothing_lacks(firm: Loaded) -> None:
    assert (firm.aside.rows(), firm.reading.notices) == ([], ())


def test_an_order_is_what_its_docstatus_says_before_its_status(firm: Loaded) -> None:
    assert firm["sales_orders"].select("source_id", "status").sort("source_id").rows() == [
        ("SO-1", "draft"),
        ("SO-2", "confirmed"),
        ("SO-3", "cancelled"),
    ]


def test_a_day_begins_at_the_midnight_of_the_site(firm: Loaded) -> None:
    order = firm.row("sales_orders", "SO-2")
    assert (order["ordered_at"], order["promised_on"]) == (datetime(2026, 1, 31, 16, tzinfo=UTC), date(2026, 2, 9))
    assert firm.row("customers", "Acme")["created_on"] == date(2026, 1, 1)


def test_a_rate_of_half_a_euro_for_a_dollar_is_two_dollars_for_a_euro(firm: Loaded) -> None:
    assert firm.row("sales_orders", "SO-2")["company_rate"] == 2


def test_a_line_in_dozens_is_in_pieces_and_a_dozen_and_a_half_were_delivered(firm: Loaded) -> None:
    line = firm.row("sales_order_lines", "row1")
    assert (line["quantity"], line["source_quantity"], line["delivered_quantity"]) == (24, 2, 18)
    assert (line["unit_price"], line["currency"]) == (50, "USD")


def test_warehouses_lie_under_the_root_and_shelves_in_them(firm: Loaded) -> None:
    told = firm["sites"].select("source_id", "kind", "parent_site_id", "main_site_id", "country").sort("source_id")
    assert told.rows() == [
        ("Main - W", "warehouse", None, "erpnext:Main - W", "DE"),
        ("Shelf - W", "location", "erpnext:Main - W", "erpnext:Main - W", "DE"),
        ("Yard - W", "warehouse", None, "erpnext:Yard - W", "DE"),
    ]


def test_city_and_country_are_of_one_address(firm: Loaded) -> None:
    acme = firm.row("customers", "Acme")
    assert (acme["city"], acme["country"]) == ("Zwickau", "DE")


def test_the_stock_ledger_says_what_came_and_left_and_forgets_what_was_cancelled(firm: Loaded) -> None:
    moves = firm["stock_moves"].filter(pl.col("source_id").str.starts_with("SLE")).sort("source_id")
    assert moves.select("source_id", "kind", "quantity", "from_site_id", "to_site_id").rows() == [
        ("SLE-1", "receipt", 24, None, "erpnext:Shelf - W"),
        ("SLE-2", "delivery", 18, "erpnext:Shelf - W", None),
    ]
    assert moves["moved_at"].to_list()[0] == datetime(2026, 2, 2, 23, 30, tzinfo=UTC)


def test_a_count_moves_what_it_says_less_what_was_there_before(firm: Loaded) -> None:
    moves = firm["stock_moves"].filter(pl.col("source_id").str.starts_with("YARD")).sort("source_id")
    assert moves.select("source_id", "kind", "quantity", "from_place", "to_place").rows() == [
        ("YARD-1", "adjustment", 10, "adjustment", "internal"),
        ("YARD-2", "delivery", 3, "internal", "customer"),
        ("YARD-4", "adjustment", 2, "internal", "adjustment"),
        ("YARD-5", "adjustment", 1, "adjustment", "internal"),
    ]


def test_a_bin_says_what_is_there_and_what_is_set_aside(firm: Loaded) -> None:
    levels = firm["inventory_levels"].select("site_id", "on_hand", "reserved").sort("site_id")
    assert levels.rows() == [("erpnext:Shelf - W", 6, 2), ("erpnext:Yard - W", 6, 0)]


def test_what_was_copied_stays_as_it_was_while_others_write(url: str) -> None:
    wanted = {"item": erpnext.WANTED["item"], "bin": erpnext.WANTED["bin"]}
    with copied(url, wanted) as before:
        with sa.create_engine(url.replace("mysql:", "mysql+pymysql:")).begin() as connection:
            connection.exec_driver_sql("update tabBin set reserved_qty = 3 where name = 'bin1'")
        assert before.rows("select b.reserved_qty from bin b where b.name = 'bin1'").item() == "2.000000000"
    with copied(url, wanted) as after:
        assert Decimal(after.rows("select b.reserved_qty from bin b where b.name = 'bin1'").item()) == 3


def test_a_refresh_balances_with_its_past_stock(url: str) -> None:
    request = request_for("erpnext", url=url, path=None, full=False, partial=False, confirmed=frozenset())
    report = refresh(firm_home(), request)
    assert (report.outcome, report.message) == ("loaded", None)
    assert "unexplained_stock" not in str(report.tables)


def test_a_day_of_zeros_is_none_and_a_column_that_lacks_is_not_there(mariadb_url: str) -> None:
    with mariadb_database(mariadb_url, f"tandem_{uuid4().hex[:12]}") as url:
        with sa.create_engine(url.replace("mysql:", "mysql+pymysql:")).begin() as connection:
            connection.exec_driver_sql("set sql_mode = ''")
            connection.exec_driver_sql("create table `tabA B` (name varchar(9), day date, size decimal(21,9))")
            connection.exec_driver_sql("insert into `tabA B` values ('100%% é中', '0000-00-00', 1.123456789)")
        with copied(url, {"a_b": Wanted("tabA B", ("name", "day", "size", "colour"))}) as read:
            assert read.rows("select t.name, t.day, t.size from a_b t").rows() == [("100% é中", None, "1.123456789")]
            assert read.columns == {"a_b": frozenset({"name", "day", "size"})}


def test_a_value_that_cannot_exist_is_none_and_told(mariadb_url: str) -> None:
    kinds = {"day": "date", "at": "datetime(6)", "hour": "time(6)", "size": "decimal(60,0)", "count": "bigint unsigned"}
    rows = (
        ("2024-00-00", "2023-02-30 08:00:00", "25:10:00", "9" * 40, 2**63),
        ("2024-01-31", "2023-02-28 08:00:00", "-01:00:00", "9", 9),
    )
    with mariadb_database(mariadb_url, f"tandem_{uuid4().hex[:12]}") as url:
        with sa.create_engine(url.replace("mysql:", "mysql+pymysql:")).begin() as connection:
            connection.exec_driver_sql("set sql_mode = 'ALLOW_INVALID_DATES'")
            listed = ", ".join(f"`{name}` {kind}" for name, kind in kinds.items())
            connection.exec_driver_sql(f"create table tabOdd ({listed})")
            connection.exec_driver_sql("insert into tabOdd values (%s, %s, %s, %s, %s)", list(rows))
        with copied(url, {"odd": Wanted("tabOdd", tuple(kinds))}) as read:
            told = read.rows("select t.day, t.at::text, t.hour, t.size, t.count from odd t order by t.day nulls first")
            assert told.rows() == [(None,) * 5, (date(2024, 1, 31), "2023-02-28 08:00:00", None, "9.000000000", 9)]
            assert [notice.detail.partition(":")[0] for notice in read.notices] == [
                "day of tabOdd is no possible date in 1 of its rows",
                "at of tabOdd is no possible date with time in 1 of its rows",
                "hour of tabOdd is no possible time of day in 2 of its rows",
                "size of tabOdd is no possible number in 1 of its rows",
                "count of tabOdd is no possible number in 1 of its rows",
            ]


def test_what_neither_memory_nor_disk_can_hold_is_refused_in_a_sentence() -> None:
    names = [f"{'long' * 25}{number}" for number in range(30_000)]
    with opened("shop", datetime(2026, 1, 1, tzinfo=UTC)) as empty:
        database = Copy(empty.place, empty.as_of, empty.connection)
        database.define("item", {"name": "VARCHAR"})
        database.connection.execute("set memory_limit = '1MB'")
        database.connection.execute("set max_temp_directory_size = '1KB'")
        with pytest.raises(SourceRefused) as refusal, _held(database, Wanted("tabItem", ("name",))):
            _take(database, "item", pl.DataFrame({"name": names}), {"name": "VARCHAR"})
    assert (refusal.value.rule, str(refusal.value)) == (
        "too_large",
        "shop is too large for the memory and disk of this machine.",
    )


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ("ssl_check_hostname=false", "tls"),
        ("ssl_ca=/nowhere/ca.pem", "tls"),
        ("ssl_check_hostname=perhaps", "url"),
        ("ssl_ca=", "url"),
        ("sslmode=require", "url"),
        ("ssl", "url"),
        ("local_infile=1", "url"),
    ],
)
def test_encryption_that_is_asked_for_is_never_dropped(mariadb_url: str, options: str, rule: str) -> None:
    with pytest.raises(SourceRefused) as refusal:
        erpnext.read(f"{mariadb_url}?charset=utf8mb4&{options}")
    assert refusal.value.rule == rule


@pytest.mark.parametrize(("number", "rule"), [(2026, "tls"), (3159, "tls"), (1045, "login"), (9999, "unreachable")])
def test_the_number_of_a_failure_says_what_it_means(number: int, rule: str) -> None:
    failure = sa.exc.OperationalError(None, None, RuntimeError(number, "words of the server"))
    assert _meaning(failure, NO_ANSWER)[0] == rule


@pytest.mark.parametrize("rest", ["heim@h:1/erp", "b/c@h/erp", "b:1@h/erp"])
def test_the_tail_of_a_password_stands_in_no_message(rest: str) -> None:
    for refused in (
        lambda: erpnext.read(f"mysql://root:ge@{rest}"),
        lambda: connected(f"postgresql://root:ge@{rest}").__enter__(),
    ):
        with pytest.raises(SourceRefused, match=r"cannot be understood: .* and @ in a password as %40\.$") as refusal:
            refused()
        assert (refusal.value.rule, rest.partition("@")[0] in str(refusal.value)) == ("url", False)


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("mysql://us@er:p%40ss@127.0.0.1:1/e%40rp", "unreachable"),
        ("mysql://root@127.0.0.1:1/erp", "unreachable"),
        ("mysql://root@127.0.0.1/", "url"),
        ("postgresql://root@127.0.0.1/erp", "url"),
        ("nonsense", "url"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_in_a_sentence(address: str, rule: str) -> None:
    with pytest.raises(SourceRefused) as refusal:
        erpnext.read(address)
    assert refusal.value.rule == rule
    assert re.fullmatch(r"[^\n]+\.", str(refusal.value))


def test_a_wrong_password_and_a_wrong_name_are_told_apart(mariadb_url: str) -> None:
    wrong = {"login": mariadb_url.replace("root@", "nobody:secret@"), "no_database": mariadb_url + "_of_others"}
    for rule, address in wrong.items():
        with pytest.raises(SourceRefused) as refusal:
            erpnext.read(address)
        assert refusal.value.rule == rule
        assert "secret" not in str(refusal.value)


def test_whoever_has_the_rights_of_the_guide_can_read_and_one_right_less_is_named(url: str) -> None:
    guide = (HOUSE / "docs" / "sources" / "erpnext.md").read_text(encoding="utf-8")
    grants = re.findall(r"^GRANT .*;$", guide, re.MULTILINE)
    user = f"tandem_{uuid4().hex[:8]}"
    with sa.create_engine(url.replace("mysql:", "mysql+pymysql:")).begin() as connection:
        connection.exec_driver_sql(f"create user '{user}'@'%%'")
        for grant in grants[1:]:
            given = grant.replace("your_database", url.rpartition("/")[2]).replace("'tandem'", f"'{user}'")
            connection.exec_driver_sql(given.replace("%", "%%"))
        with pytest.raises(SourceRefused, match="shows no tabAccount to this user"):
            erpnext.read(url.replace("root@", f"{user}@"))
        given = grants[0].replace("your_database", url.rpartition("/")[2]).replace("'tandem'", f"'{user}'")
        connection.exec_driver_sql(given.replace("%", "%%"))
        assert erpnext.read(url.replace("root@", f"{user}@")).notices == ()


def test_what_is_no_erpnext_is_refused(mariadb_url: str) -> None:
    with pytest.raises(SourceRefused) as refusal:
        erpnext.read(mariadb_url)
    assert refusal.value.rule == "not_this_system"


def _sql(mapping: Mapping) -> tuple[str, ...]:
    return (mapping.joins, mapping.where, *mapping.reads.values())


@pytest.mark.parametrize("mapping", erpnext.MAPPINGS, ids=lambda mapping: f"{mapping.to}-{mapping.table}")
def test_only_columns_that_are_copied_are_asked_for(mapping: Mapping) -> None:
    within = f"from {mapping.table} t {fitted(HELD, mapping.joins, within=f'from {mapping.table} t')}"
    for sql in _sql(mapping):
        assert missing(HELD, sql.replace("{", " ").replace("}", " "), within=within) == (), sql
    assert {name for name in mapping.source_columns if name not in mapping.reads} <= HELD[mapping.table]


def test_every_column_that_is_copied_is_asked_for() -> None:
    used = " ".join(sql for mapping in erpnext.MAPPINGS for sql in _sql(mapping)) + erpnext._ZONE
    used += " ".join(name for mapping in erpnext.MAPPINGS for name in mapping.source_columns)
    words = set(re.findall(r"\w+", used))
    idle = {(name, column) for name, columns in HELD.items() for column in columns if column not in words}
    assert sorted(idle) == []


def test_a_look_counts_the_rows_of_each_document(url: str) -> None:
    look = looked("erpnext", url)
    assert look.tables["company"] >= 1
    assert look.tables["sales_order"] >= 1
    assert look.absent == ()
