"""Salesforce's traps, one by one, on a miniature export: what each becomes in the unified tables."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.tables import TABLES, references
from data_access.sources import salesforce
from tests.data_access.sources.exported import only, rows, written
from tests.data_access.sources.loaded import Loaded, loaded

MORNING = "2025-01-02T09:00:00.000+0000"


def key(prefix: str, number: int) -> str:
    """An id of 15 characters, as reports show it; AAA behind it makes the full one."""
    return f"{prefix}{number:012d}"


ACME, BETA, GONE = key("001", 1), key("001", 2), key("001", 3)
ANN, LEO, JANE = key("003", 1), key("00Q", 1), key("005", 1)
WON, OPEN, BINNED = key("006", 1), key("006", 2), key("006", 3)
PUMP, FAIR, CASE = key("01t", 1), key("701", 1), key("500", 1)

FILES: dict[str, str] = {
    "User.csv": rows(
        "Id;FirstName;LastName;Email;Department;UserType;IsActive",
        f"{JANE};Jane;Doe;jane@x.com;Sales;Standard;true",
        f"{key('005', 2)};;Robot;;;AutomatedProcess;true",
    ),
    "Account.csv": rows(
        "Id;IsDeleted;Name;ParentId;BillingCountry;Industry;OwnerId;CreatedDate;AccountNumber;BillingCity",
        f"{ACME}AAA;false;Acme;;Germany;Machinery;{JANE};{MORNING};A-1;Bonn",
        f"{BETA};false;Beta;{ACME};Atlantis;;{key('00G', 1)};2025-01-03T09:00:00Z;;",
        f"{GONE};true;Gone;000000000000000AAA;US;;{JANE};{MORNING};;",
    ),
    "Contact.csv": rows(
        "Id;IsDeleted;AccountId;FirstName;LastName;Email;HasOptedOutOfEmail;Title;MailingCountry",
        f"{ANN};false;{ACME};Ann;Lee;ann@acme.com;true;CEO;France",
    ),
    "Lead.csv": rows(
        "Id;IsDeleted;FirstName;LastName;Company;Status;IsConverted;ConvertedDate;CreatedDate;Email;LeadSource;OwnerId"
        ";ConvertedOpportunityId;HasOptedOutOfEmail",
        f"{LEO};false;Leo;Poe;Cork;Working;false;;{MORNING};leo@cork.ie;Web;{JANE};;false",
        f"{key('00Q', 2)};false;;Roe;Dale;Closed - Converted;true;2025-01-02;{MORNING};;;;{WON};false",
        f"{key('00Q', 3)};false;;Moe;Elm;Unqualified;false;;{MORNING};;;;;false",
    ),
    "Opportunity.csv": rows(
        "Id;IsDeleted;AccountId;Name;StageName;Amount;Probability;CloseDate;IsClosed;IsWon;CreatedDate"
        ";LastStageChangeDate;OwnerId;CampaignId;CurrencyIsoCode;LeadSource",
        f"{WON};false;{ACME};Pumps;Closed Won;100.50;100;2025-02-01;true;true;{MORNING};2025-02-03T10:00:00Z;{JANE}"
        f";{FAIR};EUR;Web",
        f"{OPEN};false;{BETA};More;Proposal;7;40;2025-06-30;false;false;{MORNING};;{JANE};{key('701', 9)};USD;",
        f"{BINNED};true;{BETA};Old;Proposal;9;40;2025-06-30;false;false;{MORNING};;{JANE};;USD;",
        f"{key('006', 4)};false;{BETA};Late;Closed Lost;5;0;2025-01-02;true;false;{MORNING};;{JANE};;USD;",
    ),
    "OpportunityStage.csv": rows("Id;MasterLabel;SortOrder", f"{key('01J', 1)};Proposal;3"),
    "OpportunityHistory.csv": rows(
        "Id;OpportunityId;StageName;CreatedDate",
        f"{key('008', 1)};{WON};Proposal;2025-01-02T09:00:00Z",
        f"{key('008', 2)};{WON};Proposal;2025-01-20T09:00:00Z",
        f"{key('008', 3)};{WON};Closed Won;2025-02-03T10:00:00Z",
        f"{key('008', 4)};{BINNED};Proposal;2025-01-02T09:00:00Z",
    ),
    "OpportunityLineItem.csv": rows(
        "Id;IsDeleted;OpportunityId;Product2Id;Quantity;TotalPrice;CurrencyIsoCode",
        f"{key('00k', 1)};false;{WON};{PUMP};2;100.50;EUR",
        f"{key('00k', 2)};false;{BINNED};{PUMP};1;9;USD",
    ),
    "Campaign.csv": rows(
        "Id;IsDeleted;Name;Type;Status;StartDate;EndDate;BudgetedCost;ActualCost;IsActive;CurrencyIsoCode",
        f"{FAIR};false;Fair;Trade Show;Completed;2025-01-01;2025-01-05;1000;900;true;EUR",
    ),
    "CampaignMember.csv": rows(
        "Id;IsDeleted;CampaignId;LeadId;ContactId;HasResponded;FirstRespondedDate;CreatedDate",
        f"{key('00v', 1)};false;{FAIR};;{ANN};true;2025-01-04;{MORNING}",
        f"{key('00v', 2)};false;{FAIR};{LEO};;false;;{MORNING}",
    ),
    "Case.csv": rows(
        "Id;IsDeleted;CaseNumber;AccountId;ContactId;Subject;Description;Status;Priority;Origin;OwnerId;IsClosed"
        ";CreatedDate;ClosedDate;ProductId",
        f'{CASE};false;00001;;{ANN};Leak;"It leaks,\nbadly";On Hold;Medium;Phone;{key("00G", 1)};false;{MORNING};;'
        f"{PUMP}",
        f"{key('500', 2)};false;00002;{BETA};;Late;;Closed;P1;Pigeon;{JANE};true;{MORNING};2025-01-05T09:00:00Z;",
    ),
    "Task.csv": rows(
        "Id;IsDeleted;WhoId;WhatId;AccountId;OwnerId;Subject;Description;Status;IsClosed;TaskSubtype;Type;CallType"
        ";ActivityDate;CompletedDateTime;CreatedDate",
        f"{key('00T', 1)};false;{ANN};{WON};{ACME};{JANE};Call;Hi;Completed;true;Call;;Inbound;2025-01-03"
        f";2025-01-03T11:00:00Z;{MORNING}",
        f"{key('00T', 2)};false;{LEO};;;{JANE};Mail;Hi;Completed;true;Email;;;2025-01-04;;{MORNING}",
        f"{key('00T', 3)};false;{ANN};{CASE};;{JANE};Ask;;Completed;true;Task;;;2025-01-05;;{MORNING}",
        f"{key('00T', 4)};false;{ANN};;;{JANE};To do;;Not Started;false;Task;;;2025-01-05;;{MORNING}",
    ),
    "Event.csv": rows(
        "Id;IsDeleted;WhoId;WhatId;AccountId;OwnerId;Subject;Description;Type;StartDateTime;IsChild;IsRecurrence",
        f"{key('00U', 1)};false;{ANN};;{ACME};{JANE};Visit;;Meeting;2025-01-06T09:00:00Z;false;false",
        f"{key('00U', 2)};false;{ANN};;{ACME};{JANE};Visit;;Meeting;2099-01-06T09:00:00Z;false;false",
        f"{key('00U', 3)};false;{ANN};;{ACME};{JANE};Visit;;Meeting;2025-01-06T09:00:00Z;true;false",
    ),
    "Product2.csv": rows(
        "Id;IsDeleted;Name;ProductCode;Family;IsActive;QuantityUnitOfMeasure;CreatedDate;CurrencyIsoCode",
        f"{PUMP};false;Pump;P-1;Pumps;true;Each;{MORNING};",
    ),
    "Pricebook2.csv": rows("Id;IsStandard", f"{key('01s', 1)};true", f"{key('01s', 2)};false"),
    "PricebookEntry.csv": rows(
        "Id;Pricebook2Id;Product2Id;UnitPrice;IsActive;CurrencyIsoCode",
        f"{key('01u', 1)};{key('01s', 1)};{PUMP};55;true;EUR",
        f"{key('01u', 2)};{key('01s', 2)};{PUMP};50;true;EUR",
    ),
}


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """What Tandem makes of the miniature."""
    return loaded(salesforce.read(written(tmp_path_factory.mktemp("salesforce"), FILES)))


def values(firm: Loaded, table: str, record: str, *columns: str) -> tuple[Any, ...]:
    """Some values of a record with an id of 15 characters."""
    row = firm.row(table, f"{record}{_check(record)}")
    return tuple(row[column] for column in columns)


def _check(record: str) -> str:
    """By the published rule, letter by letter: the slow way."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    parts = (record[at : at + 5] for at in (0, 5, 10))
    return "".join(letters[sum(2**bit for bit, letter in enumerate(part) if letter.isupper())] for part in parts)


# Every table.


@pytest.mark.parametrize("short", ["001D000000IRFma", "aBcDeFgHiJkLmNo", "ABCDEABCDEABCDE", "000000000000001"])
def test_an_id_of_15_characters_is_the_one_of_18(short: str) -> None:
    both = pl.DataFrame({"id": [short, short + _check(short)]}).select(salesforce.full_id(pl.col("id")))
    assert both.to_series().to_list() == [short + _check(short)] * 2


def test_an_id_of_zeros_is_none() -> None:
    empty = pl.DataFrame({"id": ["000000000000000AAA", ""]}).select(salesforce.full_id(pl.col("id")))
    assert empty.to_series().to_list() == [None, None]


def test_every_row_of_the_miniature_fits_its_contract(firm: Loaded) -> None:
    assert firm.aside.rows() == []


@pytest.mark.parametrize("table", sorted({mapping.to for mapping in salesforce.MAPPINGS}))
def test_every_table_keeps_its_rules_and_refers_to_what_is_there(firm: Loaded, table: str) -> None:
    filled = firm[table].with_columns(pl.col("company_id").fill_null("*"))
    assert filled.height > 0
    assert TABLES[table].filter(filled)[1].counts() == {}
    for column, parent in references(TABLES[table]).items():
        there = firm.tables.get(parent, filled.clear())
        known = set(there.get_column(TABLES[parent].primary_key()[0])) if parent in firm.tables else set()
        assert set(filled.get_column(column).drop_nulls()) <= known


# Parties and products.


def test_an_account_in_the_bin_is_an_inactive_customer(firm: Loaded) -> None:
    active = firm["customers"].sort("name").select("name", "is_active").rows()
    assert active == [("Acme", True), ("Beta", True), ("Gone", False)]


def test_a_country_has_its_code_and_what_names_none_is_only_a_region(firm: Loaded) -> None:
    assert values(firm, "customers", ACME, "country", "region") == ("DE", "DE")
    assert values(firm, "customers", BETA, "country", "region") == (None, "Atlantis")


def test_owners_are_employees_and_queues_are_nobody(firm: Loaded) -> None:
    assert firm["employees"].select("name", "department_id").rows() == [("Jane Doe", "salesforce:Sales")]
    assert (values(firm, "customers", ACME, "owner_id"), values(firm, "customers", BETA, "owner_id")) == (
        (f"salesforce:{JANE}AAA",),
        (None,),
    )


def test_who_opted_out_of_e_mail_is_never_addressed(firm: Loaded) -> None:
    assert firm["consents"].select("email", "is_granted", "channel").rows() == [("ann@acme.com", False, "mail")]


def test_the_list_price_is_that_of_the_standard_price_book(firm: Loaded) -> None:
    assert values(firm, "products", PUMP, "sku", "list_price", "currency", "kind") == ("P-1", 55, "EUR", "consumable")


# Leads and deals.


def test_a_lead_is_open_converted_or_lost(firm: Loaded) -> None:
    states = firm["leads"].sort("source_id").select("name", "status", "opportunity_id").rows()
    assert states == [("Cork", "open", None), ("Dale", "converted", f"salesforce:{WON}AAA"), ("Elm", "lost", None)]


def test_a_deal_is_won_open_or_lost_and_one_in_the_bin_is_left_out(firm: Loaded) -> None:
    deals = firm["opportunities"].sort("source_id").select("name", "status", "expected_amount", "currency").rows()
    assert deals == [
        ("Pumps", "won", Decimal("100.5"), "EUR"),
        ("More", "open", 7, "USD"),
        ("Late", "lost", 5, "USD"),
    ]


def test_the_close_date_is_expected_and_the_last_change_of_stage_is_when_it_was_decided(firm: Loaded) -> None:
    assert values(firm, "opportunities", WON, "expected_close_on", "closed_at") == (
        date(2025, 2, 1),
        datetime(2025, 2, 3, 10, tzinfo=UTC),
    )
    assert values(firm, "opportunities", OPEN, "expected_close_on", "closed_at") == (date(2025, 6, 30), None)


def test_a_deal_that_was_entered_on_the_day_it_was_lost_was_not_lost_before(firm: Loaded) -> None:
    created, closed = values(firm, "opportunities", key("006", 4), "created_at", "closed_at")
    assert created == closed == datetime(2025, 1, 2, 9, tzinfo=UTC)


def test_probability_is_a_share_and_stages_have_a_place(firm: Loaded) -> None:
    assert values(firm, "opportunities", OPEN, "probability", "stage", "stage_order") == (Decimal("0.4"), "Proposal", 3)


def test_a_campaign_that_was_not_exported_hides_no_deal(firm: Loaded) -> None:
    assert (values(firm, "opportunities", WON, "campaign_id"), values(firm, "opportunities", OPEN, "campaign_id")) == (
        (f"salesforce:{FAIR}AAA",),
        (None,),
    )


def test_history_tells_changes_of_stage_only(firm: Loaded) -> None:
    changes = firm["opportunity_stage_changes"].sort("changed_at").select("from_stage", "to_stage").rows()
    assert changes == [(None, "Proposal"), ("Proposal", "Closed Won")]


def test_lines_of_deals_in_the_bin_are_left_out(firm: Loaded) -> None:
    assert firm["opportunity_lines"].select("quantity", "amount_untaxed").rows() == [(2, Decimal("100.5"))]


def test_members_of_a_campaign_and_who_of_them_responded(firm: Loaded) -> None:
    assert firm["campaign_members"].sort("source_id").get_column("email").to_list() == ["ann@acme.com", "leo@cork.ie"]
    [answer] = firm["campaign_responses"].select("kind", "responded_at", "customer_id").rows()
    assert answer == ("replied", datetime(2025, 1, 4, tzinfo=UTC), f"salesforce:{ACME}AAA")


# Service and conversations.


def test_a_case_belongs_to_the_account_of_its_contact(firm: Loaded) -> None:
    assert values(firm, "tickets", CASE, "customer_id", "body") == (f"salesforce:{ACME}AAA", "It leaks,\nbadly")


def test_words_of_the_organisations_own_lists_are_not_guessed(firm: Loaded) -> None:
    told = firm["tickets"].sort("number").select("status", "priority", "channel").rows()
    assert told == [("pending", "normal", "phone"), ("closed", None, "other")]


def test_only_what_happened_is_a_conversation(firm: Loaded) -> None:
    said = firm["interactions"].sort("occurred_at").select("channel", "direction", "subject").rows()
    assert said == [
        ("phone", "in", "Call"),
        ("mail", None, "Mail"),
        ("note", None, "Ask"),
        ("visit", None, "Visit"),
    ]


def test_a_conversation_knows_customer_person_deal_and_case(firm: Loaded) -> None:
    about = ("customer_id", "contact_id", "opportunity_id", "ticket_id", "lead_id")
    acme, ann = f"salesforce:{ACME}AAA", f"salesforce:{ANN}AAA"
    assert values(firm, "interactions", key("00T", 1), *about) == (acme, ann, f"salesforce:{WON}AAA", None, None)
    assert values(firm, "interactions", key("00T", 3), *about) == (acme, ann, None, f"salesforce:{CASE}AAA", None)


def test_an_export_of_deals_alone_keeps_what_it_says_of_their_customers(tmp_path: Path) -> None:
    alone = loaded(salesforce.read(written(tmp_path / "export", only(FILES, "Opportunity"))))
    assert alone["opportunities"].get_column("customer_id").null_count() == 0
    assert alone["opportunities"].get_column("owner_id").null_count() == 3
