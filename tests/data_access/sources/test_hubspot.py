"""HubSpot's traps, one by one, on a miniature export: what each becomes in the unified tables."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.tables import TABLES, references
from data_access.sources import hubspot
from tests.data_access.sources.exported import only, rows, written
from tests.data_access.sources.loaded import Loaded, loaded

FILES: dict[str, str] = {
    "owners.csv": rows("id;email;firstName;lastName;archived", "7;jane@x.com;Jane;Doe;false"),
    "hubspot-crm-exports-all-companies-2025-02-03.csv": rows(
        "Record ID;Company name;Company Domain Name;Company owner;Create Date;Country/Region;Industry;City",
        "101;Acme;acme.com;Jane Doe;2025-01-02 10:00;Germany;MACHINERY;Bonn",
        "102;;beta.io;;2025-01-03 10:00;;;",
    ),
    "contacts.csv": rows(
        "Record ID;First Name;Last Name;Email;Associated Company IDs;Unsubscribed from all email;Create Date;Job Title",
        '201;Ann;Lee;ann@acme.com;"101;102";true;1736936400000;CEO',
        "202;Bob;;bob@acme.com;;false;1736936400000;",
    ),
    "deals.csv": rows(
        "Record ID;Deal Name;Deal Stage;Amount;Currency;Close Date;Create Date;Deal owner;Associated Company IDs"
        ";Deal probability;Is Closed Won;Is Deal Closed?;Closed Lost Reason",
        "301;One;closedwon;1000.5;EUR;2025-02-01 09:00;2025-01-05 09:00;Jane Doe;101;1;true;true;",
        "302;Two;qualified;200;EUR;2025-03-01 09:00;2025-01-05 09:00;JANE@x.com;102;0.4;false;false;",
        "303;Three;closedlost;50;EUR;2025-01-04 09:00;2025-01-05 09:00;7;101;0;false;true;Price",
    ),
    "deal_stages.csv": rows("id;label;display_order", "qualified;Qualified;2"),
    "products.csv": rows(
        "Record ID;Name;SKU;Unit price;Unit cost;Product type;Create date",
        "501;Pump;P-1;50;30;inventory;2025-01-01",
        "502;Care;S-1;10;;service;2025-01-01",
    ),
    "line_items.csv": rows(
        "hs_object_id;hs_product_id;quantity;amount;hs_line_item_currency_code;Associated Deal IDs",
        "401;501;2;100;EUR;301",
        "402;501;1;50;EUR;",
    ),
    "tickets.csv": rows(
        "Ticket ID;Ticket name;Ticket description;Ticket status;Priority;Source;Create date;Close date"
        ";Associated Company IDs;Associated Contact IDs",
        '601;Broken;"it is\nbroken";Waiting on contact;HIGH;Email;2025-01-05 09:00;;;201',
        "602;Late;x;4;LOW;Form;2025-01-05 09:00;2025-01-06 09:00;101;",
    ),
    "calls.csv": rows(
        "hs_object_id;hs_timestamp;hs_call_title;hs_call_body;hs_call_direction;Associated Contact IDs",
        "701;2025-01-05T09:00:00Z;Call;Hi;INBOUND;201",
    ),
    "emails.csv": rows(
        "hs_object_id;hs_timestamp;hs_email_subject;hs_email_text;hs_email_direction;Associated Company IDs",
        "702;2025-01-06T09:00:00Z;Offer;Hello;EMAIL;101",
    ),
    "meetings.csv": rows(
        "hs_object_id;hs_timestamp;hs_meeting_title;hs_meeting_body;Associated Company IDs",
        "703;2025-01-07T09:00:00Z;Visit;;101",
        "704;2099-01-07T09:00:00Z;Later;;101",
    ),
    "notes.csv": rows(
        "hs_object_id;hs_timestamp;hs_note_body;Associated Company IDs", "705;2025-01-08T09:00:00Z;Hm;101"
    ),
    "communications.csv": rows(
        "hs_object_id;hs_timestamp;hs_communication_body;hs_communication_channel_type;Associated Company IDs",
        "706;2025-01-09T09:00:00Z;Yo;WHATS_APP;101",
    ),
    "engagements.csv": rows(
        "hs_object_id;hs_timestamp;hs_engagement_type;hs_body_preview;Associated Deal IDs",
        "701;2025-01-05T09:00:00Z;CALL;Call;",
        "707;2025-01-10T09:00:00Z;INCOMING_EMAIL;Hello;302",
        "708;2025-01-10T09:00:00Z;TASK;Do;302",
    ),
    "campaigns.csv": rows(
        "hs_object_id;hs_name;hs_campaign_status;hs_start_date;hs_end_date;hs_budget_items_sum_amount"
        ";hs_spend_items_sum_amount;hs_currency_code",
        "801;Spring;in_progress;2025-03-01;2025-05-31;1000;250;EUR",
    ),
    "feedback_submissions.csv": rows(
        "hs_object_id;hs_survey_type;hs_value;hs_content;hs_submission_timestamp;Associated Contact IDs",
        "901;NPS;9;Good;2025-01-12T09:00:00Z;201",
    ),
}


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """What Tandem makes of the miniature."""
    return loaded(hubspot.read(written(tmp_path_factory.mktemp("hubspot"), FILES)))


def values(firm: Loaded, table: str, key: str, *columns: str) -> tuple[Any, ...]:
    """Some values of a record."""
    row = firm.row(table, key)
    return tuple(row[column] for column in columns)


def test_every_row_of_the_miniature_fits_its_contract(firm: Loaded) -> None:
    assert firm.aside.rows() == []


@pytest.mark.parametrize("table", sorted({mapping.to for mapping in hubspot.MAPPINGS}))
def test_every_table_keeps_its_rules_and_refers_to_what_is_there(firm: Loaded, table: str) -> None:
    filled = firm[table].with_columns(pl.col("company_id").fill_null("*"))
    assert filled.height > 0
    assert TABLES[table].filter(filled)[1].counts() == {}
    for column, parent in references(TABLES[table]).items():
        known = set(firm[parent].get_column(TABLES[parent].primary_key()[0])) if parent in firm.tables else set()
        assert set(filled.get_column(column).drop_nulls()) <= known


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1736936400000", datetime(2025, 1, 15, 10, 20)),  # noqa: DTZ001 - staged without a zone, in UTC
        ("2025-01-15T10:20:00Z", datetime(2025, 1, 15, 10, 20)),  # noqa: DTZ001
        ("2025-01-15 10:20", datetime(2025, 1, 15, 10, 20)),  # noqa: DTZ001
        ("yesterday", None),
    ],
)
def test_a_moment_is_counted_or_written(text: str, meant: datetime | None) -> None:
    assert pl.DataFrame({"at": [text]}).select(hubspot.moment(pl.col("at"))).item() == meant


def test_of_several_associated_companies_the_first_counts(firm: Loaded) -> None:
    assert values(firm, "contacts", "201", "customer_id", "name") == ("hubspot:101", "Ann Lee")
    assert values(firm, "contacts", "202", "customer_id", "name") == (None, "Bob")


def test_a_company_without_a_name_is_known_by_its_domain(firm: Loaded) -> None:
    assert values(firm, "customers", "101", "name", "country", "region") == ("Acme", "DE", "DE")
    assert values(firm, "customers", "102", "name", "country") == ("beta.io", None)


def test_an_owner_is_named_by_key_by_name_or_by_address(firm: Loaded) -> None:
    assert firm["opportunities"].get_column("owner_id").to_list() == ["hubspot:7"] * 3
    assert values(firm, "customers", "102", "owner_id") == (None,)


def test_who_unsubscribed_is_never_addressed(firm: Loaded) -> None:
    assert firm["consents"].select("email", "is_granted").rows() == [("ann@acme.com", False)]


def test_a_product_is_of_the_kind_that_its_type_says(firm: Loaded) -> None:
    assert values(firm, "products", "501", "sku", "kind", "list_price", "cost") == ("P-1", "storable", 50, 30)
    assert values(firm, "products", "502", "kind") == ("service",)


def test_a_deal_is_won_open_or_lost_with_its_reason(firm: Loaded) -> None:
    deals = firm["opportunities"].sort("source_id").select("status", "stage", "expected_amount", "lost_reason").rows()
    assert deals == [
        ("won", "closedwon", Decimal("1000.5"), None),
        ("open", "Qualified", 200, None),
        ("lost", "closedlost", 50, "Price"),
    ]


def test_the_close_date_is_expected_while_a_deal_is_open(firm: Loaded) -> None:
    assert values(firm, "opportunities", "302", "expected_close_on", "closed_at") == (date(2025, 3, 1), None)
    closed = datetime(2025, 1, 4, 9, tzinfo=UTC)
    assert values(firm, "opportunities", "303", "created_at", "closed_at") == (closed, closed)


def test_line_items_of_other_records_than_deals_are_left_out(firm: Loaded) -> None:
    assert firm["opportunity_lines"].select("opportunity_id", "product_id", "amount_untaxed").rows() == [
        ("hubspot:301", "hubspot:501", 100)
    ]


def test_a_ticket_belongs_to_the_company_of_its_contact(firm: Loaded) -> None:
    assert values(firm, "tickets", "601", "customer_id", "status", "priority", "channel") == (
        "hubspot:101",
        "pending",
        "high",
        "mail",
    )
    assert values(firm, "tickets", "602", "status", "channel") == ("closed", "web")


def test_conversations_come_once_from_all_their_tables(firm: Loaded) -> None:
    said = firm["interactions"].sort("occurred_at").select("source_id", "channel", "direction", "customer_id").rows()
    assert said == [
        ("701", "phone", "in", "hubspot:101"),
        ("702", "mail", "out", "hubspot:101"),
        ("703", "visit", None, "hubspot:101"),
        ("705", "note", None, "hubspot:101"),
        ("706", "chat", None, "hubspot:101"),
        ("707", "mail", "in", "hubspot:102"),
    ]


def test_a_score_has_the_scale_of_its_survey(firm: Loaded) -> None:
    assert values(firm, "feedback", "901", "score", "lowest_score", "highest_score") == (9, 0, 10)


def test_internal_names_and_labels_are_the_same_columns(tmp_path: Path) -> None:
    internal = rows("hs_object_id;name;hubspot_owner_id;createdate;country", "101;Acme;7;2025-01-02T10:00:00Z;DE")
    files = {**only(FILES, "owners"), "companies.csv": internal}
    firm = loaded(hubspot.read(written(tmp_path / "export", files)))
    assert values(firm, "customers", "101", "name", "country", "owner_id") == ("Acme", "DE", "hubspot:7")
