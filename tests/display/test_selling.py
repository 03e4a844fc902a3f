"""Words, tables and figures of what customers will buy, of deals, campaigns, tickets and voices."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from analytics.campaign_effects import CAUSED, VERDICTS
from analytics.life_cycle import COHORTS, REASONS, STAGES
from analytics.pipeline import Velocity
from analytics.topics import NAMES
from analytics.win_chances import CHECK, SIGNS, Check
from answers.campaigns import CAMPAIGNS, MEMBERS
from answers.pipeline import OPEN
from answers.pipeline import REASONS as REASON_TYPE
from answers.service import SAID, TOPICS, WAVES
from display.figures import campaigns as campaign_figures
from display.figures import customer_outlook as figures
from display.messages import campaigns as campaign_messages
from display.messages import customer_outlook as messages
from display.messages import pipeline as deal_messages
from display.messages import service as service_messages
from display.periods import quarter_name
from display.tables import campaigns, customer_outlook, pipeline, service
from display.words import LANGUAGES, known

DAY = date(2026, 6, 30)
BUYER = {"stage": "at_risk", "p_active": 0.25, "leaving_risk": 0.75, "expected_orders": 0.31, "currency": "EUR",
         "expected_amount": 120.0, "amount_low": 0.0, "amount_high": 400.0, "expected_margin": None,
         "reasons": ["silent", "fewer", "less", "once"], "recency_days": 60, "gap_days": 20.4, "orders_now": 1,
         "orders_before": 4, "spent_now": 10.0, "spent_before": 90.0}  # fmt: skip
DEAL: dict[str, Any] = dict.fromkeys(OPEN) | {
    "opportunity_id": "d", "name": "Ten pumps", "customer": "Smith", "stage": "Offer", "owner": "Ada", "age_days": 40,
    "close_on": DAY, "has_slipped": False, "amount": 1000.0, "stated": 0.5, "chance": 0.6, "weighted": 600.0,
    "is_short": True, "deliverable_on": date(2026, 7, 9), "product": "Pump", "main_product": "Pump", "currency": "EUR",
    "reasons": [{"sign": "owner_id", "points": -0.123}, {"sign": "age", "points": 0.05}],
}  # fmt: skip
CAMPAIGN: dict[str, Any] = dict.fromkeys({**CAMPAIGNS, **CAUSED}) | {
    "campaign_id": "c", "name": "Spring", "starts_on": DAY, "cost": 500.0, "reached": 200, "opened": 90,
    "responded": 20, "attributed_orders": 30, "attributed": 3000.0, "currency": "EUR", "from_on": DAY,
    "until_on": DAY, "addressed": 200, "controls": 50, "control": "held_out", "orders": 12.4, "orders_low": 2.0,
    "orders_high": 22.0, "amount": 1200.0, "amount_low": -100.0, "amount_high": 2500.0, "placebo": 1.0,
    "placebo_low": -9.0, "placebo_high": 11.0, "verdict": "works",
}  # fmt: skip


def deals(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([DEAL | row for row in rows], schema={**OPEN, "reasons": REASON_TYPE})


def held(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([CAMPAIGN | row for row in rows], schema={**CAMPAIGNS, **CAUSED})


@pytest.mark.parametrize(
    "keys",
    [
        [f"stage.{stage}" for stage in STAGES],
        [f"leaving.{reason}{form}" for reason in REASONS for form in ("", ".long")],
        [f"pipeline.sign.{sign}" for sign in SIGNS],
        [f"topic.{topic}" for topic in NAMES],
        [f"verdict.{verdict}" for verdict in VERDICTS],
        [f"voice.kind.{kind}" for kind in ("ticket", "conversation", "feedback")],
        [f"measure.{measure}" for measure in ("nps", "csat")],
        [f"fifth.{fifth}" for fifth in range(1, 6)],
    ],
)
def test_every_code_has_words(keys: list[str]) -> None:
    assert [key for key in keys if not known(key)] == []


def test_at_most_eight_columns_are_seen() -> None:
    tables = (customer_outlook.OUTLOOK, customer_outlook.STAGES, pipeline.DEALS, pipeline.STAGES, campaigns.CAMPAIGNS,
              service.WAVES, service.SAID, service.MONTHS)  # fmt: skip
    assert [table.name for table in tables if len(table.columns) > 8] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_without_rows_are_tables(language: str) -> None:
    assert pipeline.deals(deals(), language).frame.is_empty()
    assert campaigns.campaigns(held(), language).frame.is_empty()
    assert campaigns.members(pl.DataFrame(schema=MEMBERS), language).frame.is_empty()
    assert service.waves(pl.DataFrame(schema=WAVES), language).frame.is_empty()
    assert service.topics(pl.DataFrame(schema=TOPICS), language).frame.is_empty()
    assert service.said(pl.DataFrame(schema=SAID), language).frame.is_empty()


def test_what_raises_the_risk_is_told_with_its_numbers() -> None:
    assert messages.why(BUYER, "en") == (
        "Silent for 60 days; it usually orders every 20.",
        "Ordered on 1 days of the last half year, and on 4 of the one before.",
        "Spent €10 in the last half year, and €90 in the one before.",
        "Ordered on a single day of the last 24 months.",
    )
    assert messages.why(BUYER | {"reasons": []}, "en") == ("Nothing raises it: it orders as it usually does.",)
    assert messages.why(BUYER | {"leaving_risk": None}, "en") == ()


def test_facts_tell_what_is_known_and_are_loud_where_no_order_is_likelier() -> None:
    facts = {fact.label: fact for fact in messages.facts(BUYER, "en")}
    assert (facts["Chance of an order"].value, facts["Chance of an order"].tone) == ("25.0%", "warn")
    assert facts["80 of 100 cases"].value == "€0 to €400"
    assert "Expected margin" not in facts
    unknown = messages.facts(BUYER | {"p_active": None, "leaving_risk": None}, "en")
    assert [fact.label for fact in unknown] == ["Stage"]


def test_the_check_is_told_in_points() -> None:
    rows = pl.DataFrame({"customers": [10, 30], "said": [0.2, 0.8], "came": [0.3, 0.8], "below_high": [1.0, 0.9]})
    assert "40 customers" in messages.checked(rows, "en")
    assert "off by 2.5 points; the amount stayed below its high value for 92.5%" in messages.checked(rows, "en")
    assert messages.checked(rows.clear(), "en").startswith("How well that is told cannot be said")


def test_a_cohort_is_a_row_of_shares() -> None:
    rows = pl.DataFrame(
        [(date(2025, 1, 1), 4, 0, 1.0), (date(2025, 1, 1), 4, 1, 0.5), (date(2025, 4, 1), 2, 0, 1.0)],
        schema=COHORTS, orient="row",
    )  # fmt: skip
    figure = figures.cohorts(rows, "en", dark=False)
    assert figure is not None
    assert [list(line) for line in figure.data[0].text] == [["50%"]]
    assert figures.cohorts(rows.filter(pl.col("quarter") == 0), "en", dark=False) is None
    assert quarter_name(date(2025, 4, 1), "zh") == "2025年第2季度"


def test_the_title_of_deals_tells_what_slipped_and_what_cannot_be_delivered() -> None:
    rows = deals({}, {"has_slipped": True, "is_short": False})
    assert deal_messages.title(rows, "en") == (
        "2 open deals, €1,200 by their chances; 1 is past its close date; 1 cannot be delivered in time"
    )
    assert deal_messages.title(deals({"weighted": None, "is_short": False}), "en") == "1 open deal"
    assert deal_messages.title(deals(), "en") == "No deal is open"


def test_what_moves_a_chance_is_told_in_points_and_what_is_late_by_day() -> None:
    assert deal_messages.why(DEAL, "en") == (
        "Owner (Ada): −12 points",
        "Age (40 days): +5 points",
        "Pump cannot be delivered before 9 Jul 2026; the close date is 30 Jun 2026.",
    )
    assert deal_messages.why(DEAL | {"reasons": [], "is_short": False}, "en") == (
        "No sign moves it by two points or more.",
    )


def test_chances_that_tell_no_more_than_a_rate_are_said_to() -> None:
    rates = {"rate": 0.25, "owner": 0.26, "product": 0.24}
    nothing = pl.DataFrame(schema=CHECK)
    better, worse = (Check(50, {"chance": chance, **rates}, 0.02, nothing) for chance in (0.2, 0.245))
    assert "squared error 0.200" in deal_messages.checked(better, "en")
    assert deal_messages.checked(worse, "en").endswith("tell no more than the best of those rates.")
    assert deal_messages.checked(Check(0, {}, None, nothing), "en").startswith("How good the chances are cannot")


def test_cards_of_deals_hide_stock_from_who_may_not_see_it() -> None:
    unknown = Velocity(0, 0, None, None, None, None)
    cards = {sees: deal_messages.cards(deals({}), unknown, "en", sees_stock=sees)[-1] for sees in (True, False)}
    assert (cards[True].value, cards[True].tone) == ("1", "warn")
    assert cards[False].value == "–"


def test_a_campaign_is_told_with_its_bounds() -> None:
    facts = {fact.label: fact.value for fact in campaign_messages.facts(CAMPAIGN, "en")}
    assert facts["Order days caused"] == "12 (2 to 22)"
    assert facts["Compared"] == "200 addressed, 50 held out"
    few = campaign_messages.facts(CAMPAIGN | dict.fromkeys(CAUSED) | {"verdict": "too_few"}, "en")
    assert [fact.label for fact in few] == ["Verdict", "Revenue put down to it", "Cost"]
    assert campaign_messages.title(held({}, {"verdict": "no_gain"}), "en").startswith("1 of 2 campaigns brought")
    assert campaign_messages.cards(held({}, {"verdict": "no_gain"}), "en")[4].tone == "warn"


def test_a_figure_of_campaigns_has_those_of_which_something_is_known() -> None:
    figure = campaign_figures.caused(held({}, {"orders": None}), "en", dark=False)
    assert figure is not None
    assert figure.data[0].x.tolist() == [12.4]
    assert campaign_figures.caused(held({"orders": None}), "en", dark=True) is None
    assert "30 put down, 12 caused, from 2 to 22" in campaign_figures.caused_in_words(held({}), "en")


def test_the_title_of_service_is_what_rises_else_what_waits() -> None:
    wave = {"topic": "leak", "group_key": "g", "group": "Pump", "from_on": DAY, "until_on": DAY, "voices": 40,
            "expected": 4.0, "times": 10.0, "customers": 1, "products": 1, "orders": 1, "returns": 1,
            "returns_before": 0}  # fmt: skip
    tickets = pl.DataFrame({"status": ["open", "closed"]})
    risen, nothing = pl.DataFrame([wave], schema=WAVES), pl.DataFrame(schema=WAVES)
    assert service_messages.title(tickets, risen, "en") == (
        "Leaks with Pump: 40 voices until 30 Jun 2026, 10 times what is usual"
    )
    assert service_messages.title(tickets, nothing, "en") == "1 ticket waits for an answer or an end"
    assert service_messages.title(tickets[1:], nothing, "en") == "No ticket waits, and nothing rises"
