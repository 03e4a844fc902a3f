"""Pipeline, campaigns, service and what customers will buy, as the real application shows them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from analytics.access import ALL, Viewer
from analytics.scope import Scope
from answers import Snapshot
from display.words import marked, say
from pages.parts import service
from pages.parts.visit import Visit
from tests.analytics.firm import DAY
from tests.answers.served import served
from tests.answers.test_selling import listened, selling_firm, worked_out
from tests.pages.agent import Screen, Visitor, application
from tests.pages.test_screens import shown


@pytest.fixture(scope="module")
def selling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """The application, serving the selling firm with its studies."""
    place = tmp_path_factory.mktemp("selling")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_HOME", str(place))
        snapshot = served(selling_firm())
        listened(snapshot)
        worked_out(snapshot)
        with application(place) as visitor:
            yield visitor


def links(screen: Screen) -> list[str]:
    return [element["props"]["label"] for element in screen.elements() if element["type"] == "page_link"]


def test_a_chosen_deal_tells_what_is_late_and_leads_to_its_customer(selling: Visitor) -> None:
    screen = selling.open("pipeline", role="sales", deal="d2")
    assert shown(screen, "pipeline")["name"].to_list() == ["For k2", "For k1", "For k1"]
    assert any("cannot be delivered before" in text for text in screen.texts("markdown"))
    assert links(screen) == [say("en", "customers.open", name="Ada")]
    slipped = selling.open("pipeline", role="manager", deals="slipped", deal="nothing")
    assert shown(slipped, "pipeline").height == 1
    assert shown(selling.open("pipeline", role="manager"), "pipeline")["name"].to_list()[0] == "C2"


def test_a_campaign_tells_whom_it_reached(selling: Visitor) -> None:
    screen = selling.open("campaigns", lang="zh", campaign="made up")
    assert screen.title == marked(say("zh", "campaigns.title", works=0, count=1))
    assert shown(screen, "campaign_members")["customer"].to_list() == ["Smith", "Ada"]
    assert marked("Spring *new*") in screen.texts("subheader")


def test_what_was_said_is_read_only_with_the_right_to_it(selling: Visitor) -> None:
    told = selling.open("service", role="sales", topic="leak")
    assert shown(told, "said")["text"].to_list() == ["It leaks."]
    hidden = selling.open("service", role="executive", topic="leak", voice="99")
    assert "It leaks." not in str(hidden.answer)
    assert marked(say("en", "service.said.hidden")) in hidden.texts("caption")


@pytest.mark.parametrize(
    ("viewer", "as_of", "is_told"),
    [
        (Viewer(user="ada", role="sales"), None, True),
        (Viewer(user="ada", role="sales"), DAY, False),
        (Viewer(user="eve", role="sales", customers=frozenset({"k1"})), None, False),
        (Viewer(user="bob", role="sales", without=frozenset({"sales.read"})), None, False),
    ],
)
def test_what_waves_cost_is_told_only_where_the_orders_of_all_are_known(
    viewer: Viewer, as_of: date | None, is_told: bool
) -> None:
    version = Snapshot(Path(), {"id": "1", "made_at": "2026-04-01T06:00:00+00:00", "is_sample": False})
    visit = Visit(
        viewer=viewer, language="en", dark=False, zone=None, version=version, as_of=DAY, scope=Scope(as_of=as_of)
    )
    assert service.tells_costs(visit) is is_told
    assert visit.sees_all_customers is (viewer.customers == ALL)


def test_customers_are_told_with_stage_chance_and_what_raises_it(selling: Visitor) -> None:
    everybody = selling.open("customers")
    rows = shown(everybody, "outlook")
    assert rows["customer"].to_list() == ["Smith"]
    assert float(rows["leaving_risk"][0]) == 0.25
    assert "reliability" in everybody.keyed()
    one = selling.open("customer", customer="k1")
    assert marked(say("en", "outlook.why")) in str(one.texts("caption"))
    none = selling.open("customers", stage="lapsed")
    assert marked(say("en", "outlook.none")) in none.texts("caption")


def test_a_filter_in_the_address_narrows_a_list_to_its_rows(selling: Visitor) -> None:
    deals = selling.open("pipeline", role="sales", **{"pipeline.customer_id": "k2", "pipeline.amount": "100"})
    assert shown(deals, "pipeline")["name"].to_list() == ["For k2"]
    assert marked(say("en", "narrowing.least", column=say("en", "column.pipeline.amount"))) in str(
        deals.texts("caption")
    )
    promoters = selling.open("service", role="sales", **{"survey_answers.verdict": "promoter"})
    assert shown(promoters, "survey_answers")["customer"].to_list() == ["Smith"]
    held_out = selling.open("campaigns", **{"campaign_members.group": "held_out"})
    assert shown(held_out, "campaign_members")["customer"].to_list() == ["Ada"]
    late = selling.open("customers", **{"customers.stage": "new"})
    assert shown(late, "customers")["customer"].to_list() == ["Smith"]
