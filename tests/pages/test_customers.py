"""Customers and one customer, as the real application shows them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from analytics.access import RIGHTS, Viewer
from analytics.scope import Scope
from answers import customers as answers
from display.messages import customers as messages
from display.tables import customers as tables
from display.words import LANGUAGES, marked, say
from pages.parts import customers
from tests.analytics.firm import COMPANIES, DAY, Firm, Row, firm, merged, noon, order
from tests.answers.served import served
from tests.pages import firms
from tests.pages.agent import Screen, Visitor, application
from tests.pages.test_screens import shown

OWNER = Viewer(user="owner", role="owner")
HARD = "*Ada* <b>& Co</b> $x$"


def trading_firm() -> Firm:
    """One regular customer, one that stopped, one that never ordered; a late order, a ticket and a talk."""
    people: list[Row] = [
        {"customer_id": "reg", "name": HARD, "is_company": True, "region": "N", "number": "C1"},
        {"customer_id": "old", "name": "Old", "is_company": False, "region": "S", "number": "C2"},
        {"customer_id": "new", "name": "Never", "region": "N"},
    ]
    orders = [
        order(f"S{at}", "bolt", 1, customer_id="reg", ordered_at=noon(DAY - timedelta(days=20 * at)), amount_untaxed=10)
        for at in range(1, 9)
    ]
    late = {"sales_order_id": "S1", "number": "S1", "customer_id": "reg", "ordered_at": noon(DAY - timedelta(days=20)),
            "first_promised_on": DAY - timedelta(days=4)}  # fmt: skip
    orders[0]["sales_orders"] = [late]
    stopped = order("S9", "bolt", 1, customer_id="old", ordered_at=noon(DAY - timedelta(days=500)))
    rest: dict[str, list[Row]] = {
        "companies": COMPANIES,
        "customers": people,
        "products": [{"product_id": "bolt", "kind": "storable", "company_id": "*"}],
        "inventory_levels": [{"product_id": "bolt", "site_id": "south", "as_of_on": DAY, "on_hand": 1}],
        "tickets": [{"ticket_id": "t", "number": "T1", "customer_id": "reg", "opened_at": noon(DAY), "status": "open"}],
        "interactions": [{"interaction_id": "i", "customer_id": "reg", "channel": "phone", "body": "Secret words",
                          "occurred_at": noon(DAY - timedelta(days=1)), "direction": "in"}],
        "contacts": [{"contact_id": "c", "customer_id": "reg", "name": "Bo", "role": "Buyer"}],
    }  # fmt: skip
    return firm(**merged(rest, *orders, stopped))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the trading firm."""
    return tmp_path_factory.mktemp("trading")


@pytest.fixture(scope="module")
def trading(place: Path) -> Iterator[Visitor]:
    """The application, serving the trading firm."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_HOME", str(place))
        served(trading_firm())
        with application(place) as visitor:
            yield visitor


@pytest.fixture
def of_trading(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of this process come from the trading firm."""
    monkeypatch.setenv("TANDEM_HOME", str(place))


def kinds(screen: Screen) -> set[str]:
    return {element["type"] for element in screen.elements()}


@pytest.mark.usefixtures("of_trading")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [role for role, rights in RIGHTS.items() if "sales.read" in rights])
def test_the_list_on_the_screen_is_the_answer_in_words(trading: Visitor, role: str, language: str) -> None:
    rows = answers.customers(Viewer(user="owner", role=role), Scope())
    screen = trading.open("customers", role=role, lang=language)
    assert "exception" not in kinds(screen)
    assert screen.title == marked(messages.title(rows, language))
    expected = tables.customers(rows, language).frame
    seen = shown(screen, customers.TABLE)
    assert seen.columns == expected.columns
    assert seen["customer"].to_list() == expected["customer"].to_list()
    assert [segment for (segment,) in seen["segment"]] == expected["segment"].to_list()


@pytest.mark.parametrize("page", ["customers", "customer"])
def test_who_may_not_see_sales_sees_no_customer(trading: Visitor, page: str) -> None:
    screen = trading.open(page, role="administrator")
    assert say("en", "guard.not_allowed") in screen.texts("markdown")
    assert HARD not in str(screen.answer)


def test_a_segment_in_the_address_narrows_the_list_and_nothing_else(trading: Visitor) -> None:
    whole, narrowed = trading.open("customers"), trading.open("customers", segment="prospect")
    assert shown(narrowed, customers.TABLE)["customer"].to_list() == ["Never"]
    assert shown(narrowed, "segments").rows() == shown(whole, "segments").rows()
    nobody = trading.open("customers", segment="cannot_lose")
    assert customers.TABLE not in nobody.keyed()
    assert marked(say("en", "customers.list.none")) in nobody.texts("caption")


def test_an_address_that_somebody_made_up_shows_the_usual(trading: Visitor) -> None:
    whole = trading.open("customers")
    made_up = trading.open("customers", segment="moon", customer="<b>", customers_page="99")
    assert shown(made_up, customers.TABLE).rows() == shown(whole, customers.TABLE).rows()
    assert trading.open("customer", customer="nobody", kind="moon").title == trading.open("customer").title


def test_the_chosen_customer_has_a_link_that_opens_it(trading: Visitor) -> None:
    screen = trading.open("customers", customer="old")
    labels = [e["props"]["label"] for e in screen.elements() if e["type"] == "page_link"]
    assert say("en", "customers.open", name="Old") in labels


def test_one_customer_says_what_waits_and_who_should_act(trading: Visitor) -> None:
    screen = trading.open("customer", customer="reg")
    assert screen.title == marked(f"{HARD}: an order is late by 4 days")
    assert f"**{marked('Tell the customer a new day for S1, before they ask.')}**" in screen.texts("markdown")
    assert shown(screen, "timeline")["kind"].to_list()[:2] == ["Ticket", "Conversation"]


def test_the_time_line_is_narrowed_by_kind(trading: Visitor) -> None:
    screen = trading.open("customer", customer="reg", kind="ticket")
    assert shown(screen, "timeline")["document"].to_list() == ["T1"]


def test_texts_and_people_are_hidden_without_the_right(trading: Visitor) -> None:
    sales, manager = (trading.open("customer", customer="reg", role=role) for role in ("sales", "manager"))
    assert "Secret words" in str(shown(sales, "timeline")["about"].to_list())
    assert "Secret words" not in str(manager.answer)
    assert shown(sales, "contacts")["name"].to_list() == ["Bo"]
    assert shown(manager, "contacts")["name"].to_list() == [say("en", "customer.masked")]
    assert trading.open("customer", customer="old", role="manager").title.startswith("C2")


def test_choosing_in_the_list_moves_the_page_and_the_address(trading: Visitor) -> None:
    session = trading.open("customer", customer="reg").answer["session_id"]
    moved = trading.ask(session_id=session, widget_state={customers.LIST: "Old"})
    assert moved.answer["query_params"] == {"customer": ["old"]}
    assert moved.title.startswith("Old")


@pytest.mark.parametrize("page", ["customers", "customer"])
def test_both_pages_have_six_cards_and_names_for_all_that_is_drawn(trading: Visitor, page: str) -> None:
    screen = trading.open(page)
    assert [e["type"] for e in screen.elements()].count("metric") == 6
    drawn = [e for e in screen.elements() if e["type"] in ("plotly_chart", "dataframe")]
    assert drawn
    assert all(element["props"]["alt"].strip() and element["key"] for element in drawn)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["customers", "customer"])
def test_a_firm_without_customers_is_told_so(home: Path, page: str, language: str) -> None:
    firms.empty()
    with application(home) as visitor:
        screen = visitor.open(page, lang=language)
        assert screen.title == say(language, "customers.title.nothing")
        assert "nothing" in screen.keyed()


def test_many_customers_come_page_by_page_and_the_list_offers_what_is_searched(home: Path) -> None:
    number = customers.LISTED + 3
    people: list[Row] = [{"customer_id": f"k{at:04}", "name": f"Firm {at:04}"} for at in range(number)]
    served(firm(companies=COMPANIES, customers=people))
    with application(home) as visitor:
        pages = [visitor.open("customers", customers_page=str(page)) for page in (1, 3)]
        assert [screen.element(customers.TABLE)["data"]["row_count"] for screen in pages] == [250, 3]
        one = visitor.open("customer", customer="k0502")
        found = visitor.ask(session_id=one.answer["session_id"], widget_state={customers.FIND: "0501"})
        assert found.element(customers.LIST)["props"]["options"] == ["Firm 0502", "Firm 0501"]
