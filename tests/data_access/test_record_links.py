"""Links to records in the vendors' own systems: only where an administrator said where, and never more than a link."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from analytics.tables import TABLES
from data_access import record_links
from data_access.home import Home
from data_access.journal import Journal
from data_access.record_links import VENDORS, AddressRefused, bases, checked, link

GUID = "5f0e6a2c-1b2d-4e3f-8a9b-0c1d2e3f4a5b"
KEYS = {
    "odoo": "42",
    "tryton": "42",
    "erpnext": "Meyer & Söhne/1",
    "salesforce": "0015g00000XyZabAAA",
    "hubspot": "42",
    "dynamics": GUID,
}


@pytest.mark.parametrize(
    ("source", "table", "address"),
    [
        ("odoo", "customers", "https://odoo.example.com/web#id=42&model=res.partner&view_type=form"),
        ("tryton", "sales_orders", "https://tryton.example.com/#company/model/sale.sale/42"),
        ("erpnext", "customers", "https://erp.example.com/app/customer/Meyer%20%26%20S%C3%B6hne%2F1"),
        ("salesforce", "customers", "https://company.lightning.force.com/lightning/r/Account/0015g00000XyZabAAA/view"),
        ("hubspot", "opportunities", "https://app.hubspot.com/contacts/1234567/record/0-3/42"),
        (
            "dynamics",
            "customers",
            f"https://company.crm.dynamics.com/main.aspx?pagetype=entityrecord&etn=account&id={GUID}",
        ),
    ],
)
def test_a_record_is_addressed_as_its_system_does(source: str, table: str, address: str) -> None:
    assert link(source, table, KEYS[source], VENDORS[source].example) == address


@pytest.mark.parametrize("source", VENDORS)
def test_every_kind_is_of_a_unified_table_and_stays_at_the_host_that_was_said(source: str) -> None:
    vendor = VENDORS[source]
    assert set(vendor.kinds) <= set(TABLES)
    assert checked(vendor.example) == vendor.example
    for table in vendor.kinds:
        made = link(source, table, KEYS[source], vendor.example)
        assert made is not None
        assert urlsplit(made).netloc == urlsplit(vendor.example).netloc


@pytest.mark.parametrize("key", ["", "42/1", "1&model=res.users", "javascript:alert(1)", "attendance/4", " 42", "42\n"])
def test_a_key_that_is_no_record_of_its_own_has_no_link(key: str) -> None:
    assert link("odoo", "customers", key, "https://odoo.example.com") is None


def test_a_table_or_source_without_pages_has_no_link() -> None:
    assert link("odoo", "stock_moves", "42", "https://odoo.example.com") is None
    assert link("files", "customers", "42", "https://files.example.com") is None


@pytest.mark.parametrize(
    "address",
    [
        *("", "odoo.example.com", "javascript:alert(1)", "ftp://x", "https://", "//x", "data:text/html,x"),
        *("https://user:secret@x", "https://x/<script>", 'https://x/"onclick', "https://x/a b", "https://[x"),
        "https://x/" + "y" * 400,
    ],
)
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused, match="https://"):
        checked(address)


def test_the_latest_base_address_of_each_source_holds_and_an_empty_one_takes_it_away(home: Path) -> None:
    place = Home(home)
    journal = Journal(place, record_links.SUBJECT)
    for source, base in (("odoo", "https://a"), ("sap", "https://b"), ("odoo", "https://c"), ("sap", "")):
        journal.append("ada", datetime(2026, 4, 1, tzinfo=UTC), {"source": source, "base": base})
    assert bases(place) == {"odoo": "https://c"}
