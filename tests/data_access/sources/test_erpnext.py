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

from data_access.extract import fitted, missing
from data_access.home import firm_home
from data_access.mapping import Mapping, SourceRefused
from data_access.mariadb import Wanted, copied
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
    for name, state, status in (("SO-1", 0, "Draft"), ("SO-2", 1, "To Deliver"), ("SO-3", 2, "Cancelled")):
        amounts = {"net_total": "100", "conversion_rate": "0.5", "currency": "USD"}
        order = {"customer": "Acme", "transaction_date": "2026-02-01", "docstatus": state, "status": status}
        site.add("Sales Order", name, delivery_date="2026-02-09", **order, **amounts)
    dozen = {"qty": "2", "uom": "Dozen", "conversion_factor": "12", "stock_qty": "24", "delivered_qty": "1.5"}
    site.add("Sales Order Item", "row1", parent="SO-2", item_code="PUMP", rate="50", net_amount="100", **dozen)
    for name, moved, voucher in (("SLE-1", "24", "PR-1"), ("SLE-2", "-18", "DN-1")):
        kind = "Purchase Receipt" if moved == "24" else "Delivery Note"
        day = {"posting_date": "2026-02-03", "posting_time": "07:30:00.000000"}
        place = {"item_code": "PUMP", "warehouse": "Shelf - W", "voucher_type": kind, "voucher_no": voucher}
        site.add("Stock Ledger Entry", name, actual_qty=moved, **day, **place)
    site.add("Stock Ledger Entry", "SLE-3", actual_qty="9", item_code="PUMP", is_cancelled=1)
    site.add("Bin", "bin1", item_code="PUMP", warehouse="Shelf - W", actual_qty="6", reserved_qty="2")
    return site


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
    ]


def test_the_stock_ledger_says_what_came_and_left_and_forgets_what_was_cancelled(firm: Loaded) -> None:
    moves = firm["stock_moves"].select("source_id", "kind", "quantity", "from_site_id", "to_site_id").sort("source_id")
    assert moves.rows() == [
        ("SLE-1", "receipt", 24, None, "erpnext:Shelf - W"),
        ("SLE-2", "delivery", 18, "erpnext:Shelf - W", None),
    ]
    assert firm["stock_moves"]["moved_at"].to_list()[0] == datetime(2026, 2, 2, 23, 30, tzinfo=UTC)


def test_a_bin_says_what_is_there_and_what_is_set_aside(firm: Loaded) -> None:
    assert firm["inventory_levels"].select("on_hand", "reserved").rows() == [(6, 2)]


def test_what_was_copied_stays_as_it_was_while_others_write(url: str) -> None:
    wanted = {"item": erpnext.WANTED["item"], "bin": erpnext.WANTED["bin"]}
    with copied(url, wanted) as before:
        with sa.create_engine(url.replace("mysql:", "mysql+pymysql:")).begin() as connection:
            connection.exec_driver_sql("update tabBin set actual_qty = 7")
        assert before.rows("select actual_qty from bin").item() == "6.000000000"
    with copied(url, wanted) as after:
        assert Decimal(after.rows("select actual_qty from bin").item()) == 7


def test_a_refresh_balances_with_its_past_stock(url: str) -> None:
    request = request_for("erpnext", url=url, path=None, full=False, partial=False, confirmed=frozenset())
    report = refresh(firm_home(), request)
    assert (report.outcome, report.message) == ("loaded", None)


def test_a_day_of_zeros_is_none_and_a_column_that_lacks_is_not_there(mariadb_url: str) -> None:
    with mariadb_database(mariadb_url, f"tandem_{uuid4().hex[:12]}") as url:
        with sa.create_engine(url.replace("mysql:", "mysql+pymysql:")).begin() as connection:
            connection.exec_driver_sql("set sql_mode = ''")
            connection.exec_driver_sql("create table `tabA B` (name varchar(9), day date, size decimal(21,9))")
            connection.exec_driver_sql("insert into `tabA B` values ('100%% é中', '0000-00-00', 1.123456789)")
        with copied(url, {"a_b": Wanted("tabA B", ("name", "day", "size", "colour"))}) as read:
            assert read.rows("select t.name, t.day, t.size from a_b t").rows() == [("100% é中", None, "1.123456789")]
            assert read.columns == {"a_b": frozenset({"name", "day", "size"})}


@pytest.mark.parametrize(
    ("address", "rule"),
    [
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
