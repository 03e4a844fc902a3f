"""Where a row comes from, what it was before, what rests on it, and where it is in its own system."""

from datetime import UTC, datetime, timedelta

import pytest

from analytics.access import NotAllowed, Viewer
from answers import lineage
from data_access.record_links import AddressRefused
from tests.analytics.firm import firm
from tests.answers.served import served_tables
from tests.answers.test_health import run
from tests.refresh.conftest import empty_tables
from tests.refresh.conftest import firm as sending
from tests.refresh.deliveries import Firm, customers, lines, orders, products

OWNER = Viewer(user="ada", role="owner")
KEEPER = Viewer(user="al", role="administrator")
NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
MEYER = {
    "customer_id": "odoo:42",
    "name": "Meyer",
    "email": "a@x",
    "source": "odoo",
    "source_id": "42",
    "load_id": 7,
    "company_id": "*",
    "region": "DE",
    "is_company": True,
}

__all__ = ["empty_tables", "sending"]


def serve() -> None:
    served_tables(
        firm(
            customers=[MEYER],
            sales_orders=[{"sales_order_id": "odoo:1", "customer_id": "odoo:42", "company_id": "*", "region": "DE"}],
            sync_runs=[run(7, "res_partner"), run(7, "sale_order"), run(8, "res_partner")],
        )
    )


def test_a_row_is_found_by_its_key_by_that_of_its_source_and_by_its_number() -> None:
    serve()
    for text in ("odoo:42", "42", " 42 "):
        found = lineage.found(OWNER, "customers", text)
        assert found.rows() == [("odoo:42", "odoo", "42", "Meyer")]
    assert lineage.found(OWNER, "customers", "4").is_empty()
    assert lineage.found(KEEPER, "customers", "42")["called"].to_list() == [None]


def test_the_load_that_brought_the_state_is_that_of_the_table_that_feeds_it() -> None:
    serve()
    told = lineage.origin(OWNER, "customers", "odoo:42").row(0, named=True)
    assert (told["source_id"], told["sync_run_id"], told["source_table"]) == ("42", 7, "res_partner")
    assert told["started_at"] == NOON + timedelta(hours=7)
    assert lineage.origin(OWNER, "customers", "odoo:43").is_empty()


def test_each_field_says_of_which_columns_it_is_made_and_its_value_to_who_may_see_it() -> None:
    serve()
    told = {field: (value, came) for field, value, came in lineage.values(OWNER, "customers", "odoo:42").rows()}
    assert told["name"][0] == "Meyer"
    assert "res_partner." in str(told["email"][1])
    hidden = lineage.values(KEEPER, "customers", "odoo:42")
    assert hidden["value"].null_count() == hidden.height > 0
    executive = Viewer(user="ed", role="executive")
    seen = dict(lineage.values(executive, "customers", "odoo:42").select("field", "value").iter_rows())
    assert (seen["name"], seen["email"]) == ("Meyer", None)


def test_what_rests_on_a_row_is_counted_by_table() -> None:
    serve()
    assert lineage.followers(OWNER, "customers", "odoo:42").rows() == [("sales_orders", "customer_id", 1)]


def test_a_link_leads_to_the_record_once_the_administrator_said_where() -> None:
    serve()
    assert lineage.link(OWNER, "customers", "odoo:42") is None
    assert lineage.linked_systems(KEEPER).rows() == [("odoo", None, "https://odoo.example.com")]
    lineage.say_base(KEEPER, "odoo", "https://odoo.meyer.example/")
    link = lineage.link(OWNER, "customers", "odoo:42")
    assert link == "https://odoo.meyer.example/web#id=42&model=res.partner&view_type=form"
    assert lineage.link(Viewer(user="sam", role="sales"), "customers", "odoo:42") == link
    elsewhere = Viewer(user="sam", role="sales", regions=frozenset({"FR"}))
    assert lineage.link(elsewhere, "customers", "odoo:42") is None
    lineage.say_base(KEEPER, "odoo", "")
    assert lineage.link(OWNER, "customers", "odoo:42") is None


def test_only_who_manages_sources_says_where_they_are_and_only_an_address() -> None:
    with pytest.raises(NotAllowed):
        lineage.say_base(Viewer(user="ed", role="executive"), "odoo", "https://x.example")
    with pytest.raises(AddressRefused):
        lineage.say_base(OWNER, "odoo", "javascript:alert(1)")


@pytest.mark.parametrize("table", ["users", "quarantine", "nothing"])
def test_tables_of_our_own_are_not_asked_for(table: str) -> None:
    serve()
    with pytest.raises(NotAllowed):
        lineage.found(OWNER, table, "1")


def test_earlier_states_are_told_field_by_field_with_the_load_that_changed_them(sending: Firm) -> None:
    sending.send({"customers": customers("C1", "C2")})
    sending.send({"customers": customers("C1", "C2", country="FR")})
    told = lineage.changes(OWNER, "customers", "files:C1")
    changed = {
        field: (load, was, became)
        for field, load, was, became in told.select("field", "load_id", "was", "became").rows()
    }
    assert changed["country"] == (2, "DE", "FR")
    assert lineage.changes(KEEPER, "customers", "files:C1").is_empty()
    german = Viewer(user="sam", role="manager", regions=frozenset({"DE"}))
    assert lineage.changes(german, "customers", "files:C1").is_empty()


def test_of_files_the_columns_are_those_of_the_table(sending: Firm) -> None:
    sending.send(
        {
            "products": products("P1"),
            "customers": customers("C1"),
            "sales_orders": orders("S1,C1"),
            "sales_order_lines": lines("L1,S1,P1,1,2.00"),
        }
    )
    told = lineage.origin(OWNER, "sales_order_lines", "files:L1")
    assert told.height > 0
    assert lineage.values(OWNER, "sales_order_lines", "files:L1")["came_from"].null_count() > 0
