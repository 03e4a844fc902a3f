"""Dynamics' traps, one by one, on a miniature export: what each becomes in the unified tables."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.tables import TABLES, references
from data_access.sources import dynamics
from tests.data_access.sources.exported import only, rows, written
from tests.data_access.sources.loaded import Loaded, loaded

NOON = "2025-01-02T12:00:00Z"
FILES: dict[str, str] = {
    "transactioncurrencies.csv": rows("transactioncurrencyid;isocurrencycode;currencyname", "e1;EUR;Euro"),
    "systemusers.csv": rows("systemuserid;fullname;internalemailaddress;isdisabled", "u1;Jane Doe;jane@x.com;false"),
    "uoms.csv": rows("uomid;name;quantity;_baseuom_value", "pc;Piece;1;", "dz;Dozen;12;pc"),
    "accounts.csv": rows(
        "accountid;name;accountnumber;address1_country;statecode;createdon;_ownerid_value;_parentaccountid_value"
        ";donotbulkemail;emailaddress1;industrycode",
        f"{{A1}};Acme;C1;USA;0;{NOON};u1;;true;hi@acme.com;7",
        f"a2;Beta;C2;;Inactive;{NOON};team9;A1;false;;",
    ),
    "contacts.csv": rows(
        "contactid;fullname;emailaddress1;telephone1;_parentcustomerid_value;statecode;createdon;donotbulkemail",
        f"c1;Ann Lee;ann@x.com;;a1;0;{NOON};false",
        f"c2;Bob Private;bob@x.com;;;0;{NOON};false",
        f"c3;Cy Nobody;cy@x.com;;;0;{NOON};false",
    ),
    "products.csv": rows(
        "productid;productnumber;name;_defaultuomid_value;price;standardcost;statecode;producttypecode"
        ";_transactioncurrencyid_value",
        "p1;P-1;Pump;pc;5;3;0;1;e1",
    ),
    "campaigns.csv": rows(
        "campaignid;name;statecode;statuscode;proposedstart;proposedend;budgetedcost;totalactualcost"
        ";_transactioncurrencyid_value",
        "k1;Spring;0;2;2025-03-01;2025-05-31;1000;250;e1",
    ),
    "leads.csv": rows(
        "leadid;subject;fullname;companyname;emailaddress1;telephone1;statecode;createdon;modifiedon"
        ";_qualifyingopportunityid_value;_campaignid_value;leadsourcecode",
        f"d1;Pumps;Leo Poe;Cork;;;0;{NOON};{NOON};;k1;Web",
        f"d2;Valves;Lea Roe;Dale;;;1;{NOON};2025-01-05T12:00:00Z;o1;;",
    ),
    "opportunities.csv": rows(
        "opportunityid;name;_customerid_value;statecode;stepname;estimatedvalue;closeprobability;estimatedclosedate"
        ";actualclosedate;createdon;_transactioncurrencyid_value;_ownerid_value;_campaignid_value",
        f"o1;One;a1;1;3-Close;1000;100;2025-02-01;2025-02-02;{NOON};e1;u1;k1",
        f"o2;Two;c1;Open;1-Qualify;500;20;2025-05-01;;{NOON};e1;;",
        f"o3;Three;a2;2;2-Develop;50;0;2025-05-01;2025-01-01;{NOON};USD;;",
    ),
    "opportunityproducts.csv": rows(
        "opportunityproductid;_opportunityid_value;_productid_value;quantity;baseamount;manualdiscountamount"
        ";_transactioncurrencyid_value",
        "op1;o1;p1;2;100;10;e1",
    ),
    "salesorders.csv": rows(
        "salesorderid;ordernumber;_customerid_value;statecode;totalamountlessfreight;totaltax;totalamount;submitdate"
        ";createdon;requestdeliveryby;_transactioncurrencyid_value;exchangerate;_opportunityid_value",
        f"s1;ORD-1;a1;1;90;9;99;2025-01-05;{NOON};2025-01-20;e1;1.1;o1",
        f"s2;ORD-2;c2;Invoiced;10;1;11;;{NOON};;e1;;",
        f"s3;ORD-3;a2;2;7;0;7;;{NOON};;e1;;",
    ),
    "salesorderdetails.csv": rows(
        "salesorderdetailid;_salesorderid_value;_productid_value;_uomid_value;quantity;priceperunit;baseamount"
        ";manualdiscountamount;quantityshipped;productdescription;requestdeliveryby",
        "l1;s1;p1;dz;2;50;100;10;1;;2025-01-20",
        "l2;s2;;pc;1;10;10;;0;Care;",
    ),
    "incidents.csv": rows(
        "incidentid;ticketnumber;title;description;_customerid_value;statecode;statuscode;prioritycode;caseorigincode"
        ";createdon;modifiedon",
        f"i1;CAS-1;Broken;;a1;1;5;1;2;{NOON};2025-01-09T12:00:00Z",
        f"i2;CAS-2;Slow;;c1;0;3;2;1;{NOON};2025-01-06T12:00:00Z",
        f"i3;CAS-3;Lost;;c2;Active;In Progress;Low;Twitter;{NOON};{NOON}",
    ),
    "incidentresolutions.csv": rows("activityid;_incidentid_value;actualend", "r1;i1;2025-01-06T12:00:00Z"),
    "phonecalls.csv": rows(
        "activityid;subject;description;_regardingobjectid_value;statecode;directioncode;actualend;createdon",
        f"t1;Call;Hello;o1;1;false;2025-01-05T10:00:00Z;{NOON}",
        f"t2;Call;Hello;o1;0;true;;{NOON}",
    ),
    "activitypointers.csv": rows(
        "activityid;subject;description;_regardingobjectid_value;statecode;activitytypecode;actualend;createdon",
        f"t1;Call;;o1;1;phonecall;2025-01-05T10:00:00Z;{NOON}",
        f"t3;Mail;;i1;1;4202;2025-01-06T10:00:00Z;{NOON}",
        f"t4;Do;;i1;1;task;2025-01-06T10:00:00Z;{NOON}",
    ),
    "campaignresponses.csv": rows(
        "activityid;_regardingobjectid_value;responsecode;receivedon;_customer_value",
        "cr1;k1;1;2025-03-03;a1",
        "cr2;k1;3;2025-03-04;a2",
    ),
}


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """What Tandem makes of the miniature."""
    return loaded(dynamics.read(written(tmp_path_factory.mktemp("dynamics"), FILES)))


def values(firm: Loaded, table: str, key: str, *columns: str) -> tuple[Any, ...]:
    """Some values of a record."""
    row = firm.row(table, key)
    return tuple(row[column] for column in columns)


def test_every_row_of_the_miniature_fits_its_contract(firm: Loaded) -> None:
    assert firm.aside.rows() == []


@pytest.mark.parametrize("table", sorted({mapping.to for mapping in dynamics.MAPPINGS}))
def test_every_table_keeps_its_rules_and_refers_to_what_is_there(firm: Loaded, table: str) -> None:
    filled = firm[table].with_columns(pl.col("company_id").fill_null("*"))
    assert filled.height > 0
    assert TABLES[table].filter(filled)[1].counts() == {}
    for column, parent in references(TABLES[table]).items():
        known = set(firm[parent].get_column(TABLES[parent].primary_key()[0])) if parent in firm.tables else set()
        assert set(filled.get_column(column).drop_nulls()) <= known


def test_an_id_has_one_form_with_and_without_braces() -> None:
    keys = pl.DataFrame({"id": ["{AB-1}", "ab-1", " "]}).select(dynamics.guid(pl.col("id"))).to_series()
    assert keys.to_list() == ["ab-1", "ab-1", None]


def test_states_are_numbers_or_their_labels(firm: Loaded) -> None:
    assert firm["opportunities"].sort("source_id").get_column("status").to_list() == ["won", "open", "lost"]
    assert firm["sales_orders"].sort("source_id").get_column("status").to_list() == ["confirmed", "done", "cancelled"]
    assert (values(firm, "customers", "a1", "is_active"), values(firm, "customers", "a2", "is_active")) == (
        (True,),
        (False,),
    )


def test_a_person_who_buys_alone_is_a_customer_and_one_at_an_account_is_not(firm: Loaded) -> None:
    customers = firm["customers"].sort("source_id").select("source_id", "is_company").rows()
    assert customers == [("a1", True), ("a2", True), ("c2", False)]
    assert values(firm, "opportunities", "o2", "customer_id") == ("dynamics:a1",)
    assert values(firm, "sales_orders", "s2", "customer_id") == ("dynamics:c2",)


def test_owners_are_employees_and_teams_are_nobody(firm: Loaded) -> None:
    assert (values(firm, "customers", "a1", "owner_id"), values(firm, "customers", "a2", "owner_id")) == (
        ("dynamics:u1",),
        (None,),
    )


def test_the_currency_is_that_of_the_record_by_key_or_by_code(firm: Loaded) -> None:
    assert firm["opportunities"].sort("source_id").get_column("currency").to_list() == ["EUR", "EUR", "USD"]
    assert firm["sales_order_lines"].get_column("currency").to_list() == ["EUR", "EUR"]


def test_a_deal_that_was_entered_after_it_was_lost_begins_with_its_end(firm: Loaded) -> None:
    lost = datetime(2025, 1, 1, tzinfo=UTC)
    assert values(firm, "opportunities", "o3", "created_at", "closed_at") == (lost, lost)


def test_probability_is_a_share(firm: Loaded) -> None:
    assert values(firm, "opportunities", "o2", "probability", "expected_amount") == (Decimal("0.2"), 500)


def test_a_qualified_lead_is_converted_into_its_deal(firm: Loaded) -> None:
    assert values(firm, "leads", "d2", "status", "opportunity_id", "closed_at") == (
        "converted",
        "dynamics:o1",
        datetime(2025, 1, 5, 12, tzinfo=UTC),
    )
    assert values(firm, "leads", "d1", "status", "campaign_id", "closed_at") == ("open", "dynamics:k1", None)


def test_an_order_has_its_sums_with_and_without_tax(firm: Loaded) -> None:
    assert values(firm, "sales_orders", "s1", "amount_untaxed", "amount_tax", "amount_total") == (90, 9, 99)
    assert values(firm, "sales_orders", "s1", "requested_on", "promised_on") == (date(2025, 1, 20), date(2025, 1, 20))


def test_a_line_in_dozens_is_twelve_pieces_less_its_discount(firm: Loaded) -> None:
    columns = ("quantity", "source_quantity", "source_unit", "delivered_quantity", "amount_untaxed")
    assert values(firm, "sales_order_lines", "l1", *columns) == (24, 2, "Dozen", 12, 90)


def test_a_case_is_closed_by_its_resolution(firm: Loaded) -> None:
    assert values(firm, "tickets", "i1", "status", "closed_at") == ("closed", datetime(2025, 1, 6, 12, tzinfo=UTC))


def test_a_case_says_how_urgent_it_is_and_how_it_came(firm: Loaded) -> None:
    told = firm["tickets"].sort("source_id").select("status", "priority", "channel").rows()
    assert told == [("closed", "high", "mail"), ("pending", "normal", "phone"), ("open", "low", "social")]


def test_conversations_are_done_and_come_once(firm: Loaded) -> None:
    said = firm["interactions"].sort("source_id").select("source_id", "channel", "direction", "customer_id").rows()
    assert said == [("t1", "phone", "in", "dynamics:a1"), ("t3", "mail", None, "dynamics:a1")]


def test_a_response_may_be_the_wish_not_to_be_asked_again(firm: Loaded) -> None:
    told = firm["campaign_responses"].sort("source_id").select("kind", "customer_id").rows()
    assert told == [("replied", "dynamics:a1"), ("unsubscribed", "dynamics:a2")]


def test_who_is_not_to_be_sent_bulk_mail_is_never_addressed(firm: Loaded) -> None:
    assert firm["consents"].select("email", "customer_id", "is_granted").rows() == [
        ("hi@acme.com", "dynamics:a1", False)
    ]


def test_logical_names_and_names_of_the_web_api_are_the_same_columns(tmp_path: Path) -> None:
    plain = {
        name: text.replace("_customerid_value", "customerid") for name, text in only(FILES, "opportunities").items()
    }
    firm = loaded(dynamics.read(written(tmp_path / "export", {**plain, **only(FILES, "accounts")})))
    assert values(firm, "opportunities", "o1", "customer_id") == ("dynamics:a1",)
