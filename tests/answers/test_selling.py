"""What a viewer is told of deals, campaigns, voices and of what customers will buy: the right first, then names."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from analytics.scope import Scope
from analytics.voices import waves
from answers import campaigns, customers, inventory, pipeline, service
from data_access.home import served_home
from data_access.snapshot import Snapshot
from data_access.studies import save
from refresh.studies import StudyInput
from refresh.study_customers import customers as study_of_customers
from refresh.study_voices import said
from tests.analytics.firm import COMPANIES, DAY, RATES, Firm, Row, firm, merged, noon, order
from tests.answers.served import served

OWNER = Viewer(user="ada", role="owner")
EVERYTHING = Scope()
PEOPLE: list[Row] = [
    {"customer_id": "k1", "name": "Smith", "number": "C1", "is_company": True, "region": "N"},
    {"customer_id": "k2", "name": "Ada", "number": "C2", "is_company": False, "region": "S"},
]
ANSWERS: dict[str, Callable[[Any], Any]] = {
    "deals": lambda viewer: pipeline.deals(viewer, EVERYTHING),
    "check": lambda viewer: pipeline.check(viewer, EVERYTHING),
    "campaigns": lambda viewer: campaigns.campaigns(viewer, EVERYTHING),
    "members": lambda viewer: campaigns.members(viewer, EVERYTHING, "c"),
    "tickets": lambda viewer: service.tickets(viewer, EVERYTHING),
    "waves": lambda viewer: service.waves(viewer, EVERYTHING),
    "outlook": lambda viewer: customers.outlook(viewer, EVERYTHING),
    "stages": lambda viewer: customers.stages(viewer, EVERYTHING),
}


def viewer(role: str = "owner", **fields: Any) -> Viewer:
    return Viewer(user="ada", role=role, **fields)


def deal(key: str, customer: str, **fields: Any) -> Row:
    usual = {"opportunity_id": key, "name": f"For {customer}", "customer_id": customer, "status": "open",
             "stage": "Offer", "created_at": noon(DAY - timedelta(days=10)), "currency": "EUR"}  # fmt: skip
    return usual | fields


def selling_firm() -> Firm:
    """Deals, a campaign, tickets and feedback of a company and a private person."""
    level = {"product_id": "bolt", "site_id": "south", "as_of_on": DAY, "on_hand": 3}
    late = {"opportunity_line_id": "l", "opportunity_id": "d2", "product_id": "bolt", "quantity": 5}
    rest: dict[str, list[Row]] = {
        "companies": COMPANIES, "exchange_rates": RATES, "customers": PEOPLE, "inventory_levels": [level],
        "products": [{"product_id": "bolt", "name": "Bolt", "kind": "storable", "company_id": "*",
                      "lead_time_days": 9}],
        "suppliers": [{"supplier_id": "s", "name": "Steel"}],
        "supplier_products": [{"supplier_product_id": "o", "supplier_id": "s", "product_id": "bolt",
                               "lead_time_days": 9}],
        "opportunities": [
            deal("d1", "k1", expected_amount=10, currency="CHF", probability=0.5, expected_close_on=DAY),
            deal("d2", "k2", expected_amount=100, probability=0.5, expected_close_on=DAY + timedelta(days=3)),
            deal("d3", "k1", expected_close_on=DAY - timedelta(days=1)),
            deal("d4", "k1", status="won", closed_at=noon(DAY)),
        ],
        "campaigns": [{"campaign_id": "c", "name": "Spring *new*", "starts_on": DAY - timedelta(days=9), "cost": 4,
                       "currency": "CHF"}],
        "campaign_members": [
            {"campaign_member_id": "m1", "campaign_id": "c", "customer_id": "k1"},
            {"campaign_member_id": "m2", "campaign_id": "c", "customer_id": "k2", "is_control": True},
        ],
        "tickets": [
            {"ticket_id": "t1", "number": "T1", "customer_id": "k1", "product_id": "bolt", "status": "open",
             "opened_at": noon(DAY), "body": "It leaks."},
            {"ticket_id": "t2", "customer_id": "k2", "status": "closed", "opened_at": noon(DAY - timedelta(days=1)),
             "closed_at": noon(DAY), "first_response_at": noon(DAY), "body": "Where is it?"},
        ],
        "feedback": [{"feedback_id": "f", "kind": "survey", "customer_id": "k1", "score": 9, "lowest_score": 0,
                      "highest_score": 10, "given_at": noon(DAY)}],
    }  # fmt: skip
    lines: dict[str, list[Row]] = {
        "opportunity_lines": [late],
        "campaign_responses": [
            {"campaign_response_id": "r", "campaign_id": "c", "customer_id": "k1", "kind": "clicked"}
        ],
    }
    ordered = order("S1", "bolt", 1, campaign_id="c", amount_untaxed=8, currency="EUR")
    return firm(**merged(rest, lines, ordered))


@pytest.fixture
def shown() -> Snapshot:
    """The selling firm, published."""
    return served(selling_firm())


def listened(shown: Snapshot) -> None:
    """The study of what customers say."""
    frames = said(StudyInput(shown, DAY))
    save(served_home(), service.STUDY, shown, frames, as_of_on=DAY, at=datetime(2026, 4, 1, tzinfo=UTC))


@pytest.fixture
def heard(shown: Snapshot) -> Snapshot:
    """The same, with what customers say worked out."""
    listened(shown)
    return shown


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize("ask", ANSWERS.values(), ids=ANSWERS)
def test_who_has_not_the_right_is_told_nothing(ask: Callable[[Any], Any]) -> None:
    for who in (None, viewer("administrator"), viewer(expires_at=datetime(2026, 1, 1, tzinfo=UTC))):
        with pytest.raises(NotAllowed):
            ask(who)


@pytest.mark.usefixtures("shown")
def test_open_deals_are_told_with_amounts_in_one_currency_and_what_slipped() -> None:
    rows = pipeline.deals(OWNER, EVERYTHING)
    told = rows.select("opportunity_id", "amount", "weighted", "has_slipped", "is_short").rows()
    assert told == [("d2", 100, 50, False, True), ("d1", 5, 2.5, False, False), ("d3", None, None, True, False)]
    assert rows["chance"].to_list() == [None] * 3, "a single closed deal teaches nothing"
    assert rows["deliverable_on"].to_list()[0] == DAY + timedelta(days=9)
    assert pipeline.velocity(OWNER, EVERYTHING).closed == 1
    assert pipeline.closed(OWNER, EVERYTHING) == 1


@pytest.mark.usefixtures("shown")
def test_the_deal_of_a_private_person_and_stock_need_their_rights() -> None:
    names = {role: dict(pipeline.deals(viewer(role), EVERYTHING).select("opportunity_id", "name").iter_rows())
             for role in ("sales", "manager")}  # fmt: skip
    assert names["sales"]["d2"] == "For k2"
    assert (names["manager"]["d2"], names["manager"]["d1"]) == (None, "For k1")
    blind = pipeline.deals(viewer(without=frozenset({"inventory.read"})), EVERYTHING)
    assert not blind["is_short"].any()


@pytest.mark.usefixtures("shown")
def test_a_campaign_tells_whom_it_reached_and_what_is_put_down_to_it() -> None:
    row = campaigns.campaigns(OWNER, EVERYTHING).row(0, named=True)
    assert (row["name"], row["cost"], row["reached"], row["responded"]) == ("Spring *new*", 2, 1, 1)
    assert (row["attributed_orders"], row["attributed"], row["verdict"]) == (1, 8, "too_few")
    people = campaigns.members(viewer("manager"), EVERYTHING, "c")
    assert people.select("customer", "group", "response", "orders").rows() == [
        ("Smith", "addressed", "clicked", 1), ("C2", "held_out", None, 0),
    ]  # fmt: skip


@pytest.mark.usefixtures("heard")
def test_voices_are_told_by_topic_and_texts_need_personal_data() -> None:
    rows = service.topics(OWNER, EVERYTHING)
    assert dict(rows.select("topic", "voices").iter_rows()) == {"late": 1, "leak": 1}
    told = service.said(OWNER, EVERYTHING, "leak", "")
    assert told.select("customer", "product", "number", "text").rows() == [("Smith", "Bolt", "T1", "It leaks.")]
    hidden = service.said(viewer("manager"), EVERYTHING, "late", "")
    assert hidden.select("customer", "text").rows() == [("C2", None)]
    assert service.waves(OWNER, EVERYTHING).is_empty()


def test_who_is_not_known_is_no_customer_of_a_topic() -> None:
    tickets: dict[str, list[Row]] = {
        "tickets": [{"ticket_id": "t3", "status": "open", "opened_at": noon(DAY), "body": "It leaks."}]
    }
    tables = selling_firm()
    both = pl.concat([tables["tickets"], firm(**tickets)["tickets"]])
    listened(served({**tables, "tickets": both}))
    rows = service.topics(OWNER, EVERYTHING).select("topic", "voices", "customers").rows()
    assert sorted(rows) == [("late", 1, 1), ("leak", 2, 1)]


@pytest.mark.usefixtures("shown")
def test_tickets_and_surveys_are_told_without_waiting_for_a_study() -> None:
    assert service.study() is None
    assert service.topics(OWNER, EVERYTHING).is_empty()
    assert service.tickets(OWNER, EVERYTHING)["resolution_hours"].drop_nulls().to_list() == [24]
    assert not service.has_hours(OWNER, EVERYTHING)
    assert service.months(OWNER, EVERYTHING)["backlog"][0] == 1
    assert service.grouped(OWNER, EVERYTHING, "channel")["tickets"].to_list() == [2]
    assert service.surveys(OWNER, EVERYTHING).select("measure", "value", "answers").rows() == [("nps", 1, 1)]


@pytest.mark.usefixtures("shown")
def test_a_customer_is_known_by_its_stage_before_anything_is_worked_out() -> None:
    rows = customers.customers(OWNER, EVERYTHING)
    stages, ahead = customers.stages(OWNER, EVERYTHING), customers.outlook(OWNER, EVERYTHING)
    assert ahead.is_empty()
    told = customers.valued(rows, stages, ahead)
    assert dict(told.select("customer_id", "stage").iter_rows()) == {"k1": "new", "k2": "prospect"}
    assert told["leaving_risk"].to_list() == [None, None]
    assert customers.reliability(OWNER, EVERYTHING).is_empty()


def worked_out(shown: Snapshot, **changes: Any) -> None:
    """The study of customers, but for k1, who is expected to buy for 100 CHF."""
    row = {"customer_id": "k1", "company_id": "c1", "region": "N", "currency": "CHF", "p_active": 0.75,
           "expected_orders": 2.0, "expected_amount": 100.0, "amount_low": 0.0, "amount_high": 200.0,
           "expected_margin": 40.0, "orders_now": 1, "orders_before": 4, "spent_now": 5.0,
           "spent_before": 50.0}  # fmt: skip
    rows = pl.DataFrame([row | changes])
    checked = pl.DataFrame(
        {"company_id": ["c1"], "region": [None], "fifth": [1], "customers": [30], "said": [0.5], "came": [0.4],
         "error": [0.2], "below_high": [0.9]},
        schema_overrides={"region": pl.String},
    )  # fmt: skip
    frames = {
        "outlook": rows, "outlook_by_region": rows.with_columns(p_active=pl.lit(0.5)), "reliability": checked,
        "reliability_by_region": checked.clear(),
    }  # fmt: skip
    found = {**study_of_customers(StudyInput(shown, DAY)), **frames}
    save(served_home(), customers.STUDY, shown, found, as_of_on=DAY, at=datetime(2026, 4, 1, tzinfo=UTC))


def test_what_is_expected_comes_in_the_reporting_currency_and_margins_need_their_right(shown: Snapshot) -> None:
    worked_out(shown)
    row = customers.outlook(OWNER, EVERYTHING).row(0, named=True)
    assert (row["expected_amount"], row["expected_margin"], row["p_active"]) == (50, 20, 0.75)
    assert customers.outlook(viewer("manager"), EVERYTHING)["expected_margin"].to_list() == [None]
    told = customers.valued(customers.customers(OWNER, EVERYTHING), customers.stages(OWNER, EVERYTHING),
                            customers.outlook(OWNER, EVERYTHING)).row(0, named=True)  # fmt: skip
    assert (told["leaving_risk"], told["reasons"]) == (0.25, ["fewer", "less", "once"])


def test_who_sees_one_region_is_told_what_that_region_teaches(shown: Snapshot) -> None:
    worked_out(shown)
    north = viewer(regions=frozenset({"N"}))
    assert customers.outlook(north, EVERYTHING)["p_active"].to_list() == [0.5]
    assert customers.outlook(viewer(regions=frozenset({"S"})), EVERYTHING).is_empty()


def test_what_is_expected_is_told_of_a_customer_whose_first_record_is_of_another_region() -> None:
    same = [{"identity_id": key, "entity": "customer", "group_id": "g", "record_id": key, "state": "joined",
             "evidence": "tax number", "certainty": 1} for key in ("k1", "k2")]  # fmt: skip
    worked_out(served({**selling_firm(), "identities": firm(identities=same)["identities"]}), region="S")
    assert customers.outlook(viewer(regions=frozenset({"S"})), EVERYTHING)["customer_id"].to_list() == ["k2"]
    assert customers.outlook(OWNER, EVERYTHING)["customer_id"].to_list() == ["k1"]


def test_the_complaint_wave_of_the_sample_company_is_found_from_the_data_alone(sample: Snapshot) -> None:
    known = StudyInput(sample, inventory.day(OWNER, version=sample))
    rows = said(known)["voices"]
    groups = sample.table("products", OWNER).select("product_id", group_key="product_group_id").collect()
    found = waves(rows.join(groups, on="product_id", how="left"), known.as_of_on)
    assert found.select("topic", "group_key").rows() == [("leak", "files:G-CP")]


def test_the_study_of_customers_is_in_the_currency_of_the_company(shown: Snapshot) -> None:
    frames = study_of_customers(StudyInput(shown, DAY))
    told = ("outlook", "reliability", "contracts", "contracts_check", "clusters", "clusters_check")
    assert set(frames) == {f"{name}{suffix}" for name in told for suffix in ("", "_by_region")}
    assert frames["outlook"].select("customer_id", "company_id", "currency").rows() == [("k1", "c1", "EUR")]
