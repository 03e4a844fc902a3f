"""The page of delivery dates: a link shows the same question, and every change of it stands in the address."""

from collections.abc import Iterator

import pytest

from display.words import say
from pages.parts import delivery
from tests.analytics.firm import COMPANIES, DAY, SITES, firm
from tests.answers.served import served
from tests.pages.agent import Visitor, application

PRODUCTS = [
    {"product_id": "bolt", "sku": "B*1", "name": "Bolt [x](y)", "kind": "storable", "barcode": "400"},
    {"product_id": "nut", "sku": "N-1", "name": "Nut", "name_zh": "螺母", "kind": "storable"},
]


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """The application, serving a firm with five bolts."""
    place = tmp_path_factory.mktemp("delivery")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_HOME", str(place))
        level = {"product_id": "bolt", "site_id": "north", "as_of_on": DAY, "on_hand": 5}
        customer = {"customer_id": "k1", "name": "Kim", "is_company": True}
        served(
            firm(companies=COMPANIES, sites=SITES, products=PRODUCTS, inventory_levels=[level], customers=[customer])
        )
        with application(place) as visitor:
            yield visitor


def test_a_link_shows_the_question_and_its_day(visitor: Visitor) -> None:
    screen = visitor.open("delivery", line="B*1*4", customer="k1", way="parts", sure="95")
    assert screen.title == say("en", "delivery.title.today", day="31 Mar 2026")
    assert screen.element("quantity_0")["value"] == "4"
    assert screen.element("choose_customer")["value"] == "Kim"
    assert screen.element("choose_sure")["value"] == "95%"
    (text,) = screen.texts("code")
    assert text.splitlines()[0] == "For Kim"
    assert any(text.startswith("Days of leaving our site") for text in screen.texts("caption"))


def test_what_is_held_is_told_and_can_be_released(visitor: Visitor) -> None:
    session = visitor.open("delivery", line="B*1*4").answer["session_id"]
    held = visitor.ask(session_id=session, trigger={"key": "hold"})
    assert held.title == say("en", "delivery.title.today", day="31 Mar 2026")
    assert held.element("promise_register")["data"]["row_count"] == 1
    assert visitor.open("delivery", line="B*1*5").title != held.title
    released = visitor.ask(session_id=session, trigger={"key": "release_1"})
    assert released.answer["status"] == "ready"
    assert visitor.open("delivery", line="B*1*5").title == held.title


def test_a_quantity_that_is_changed_stands_in_the_address(visitor: Visitor) -> None:
    session = visitor.open("delivery", line=["B*1*4", "N-1*2"]).answer["session_id"]
    changed = visitor.ask(session_id=session, widget_state={"quantity_0": "6"})
    assert changed.answer["query_params"]["line"] == ["B*1*6", "N-1*2"]
    removed = visitor.ask(session_id=session, trigger={"key": "remove_1"})
    assert removed.answer["query_params"]["line"] == ["B*1*6"]


def test_what_is_scanned_is_one_more_line(visitor: Visitor) -> None:
    session = visitor.open("delivery").answer["session_id"]
    found = visitor.ask(session_id=session, widget_state={delivery.FIND: "400"})
    assert found.answer["query_params"] == {"line": ["B*1*1"]}
    nothing = visitor.ask(session_id=session, widget_state={delivery.FIND: "gear"})
    assert any("gear" in text for text in nothing.texts("caption"))


@pytest.mark.parametrize("line", ["B*1*0", "B*1*-1", "B*1*1e9", "B*1*many", "gear*1", "*", "B*1*"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_cannot_be_answered_is_one_sentence_and_no_day(visitor: Visitor, line: str, language: str) -> None:
    screen = visitor.open("delivery", line=line, lang=language)
    assert screen.answer["status"] == "ready"
    assert screen.title == say(language, "delivery.title.none")
    told = [text for text in screen.texts("caption") if text.startswith(":orange[") and "schedule" not in text]
    assert len(told) == 1
    assert screen.texts("code") == []


def test_without_a_question_one_sees_what_can_leave_today(visitor: Visitor) -> None:
    screen = visitor.open("delivery", lang="zh")
    assert screen.title == say("zh", "delivery.title.ask")
    assert screen.element("free")["data"]["row_count"] == 1


def test_a_rule_holds_for_everybody_until_it_is_taken_back(visitor: Visitor) -> None:
    session = visitor.open("delivery", line="B*1*4").answer["session_id"]
    said = visitor.ask(session_id=session, trigger={"key": "say_rule"})
    assert said.element("promise_rules")["data"]["row_count"] == 1
    assert visitor.open("delivery", line="B*1*4").element("choose_sure")["value"] == "50%"
    visitor.ask(session_id=session, trigger={"key": "withdraw_rule"})
    assert visitor.open("delivery", line="B*1*4").element("choose_sure")["value"] == "90%"
