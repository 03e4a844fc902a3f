"""Deciding on the screen: which records are one, what a row set aside should say, and where a system is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access import accounts
from data_access.accounts import Account
from data_access.home import firm_home
from data_access.journal import Journal
from display.words import marked, say
from tests.analytics.firm import firm
from tests.answers.served import served
from tests.answers.test_health import run
from tests.answers.test_identities import CUSTOMERS, JOINED, PRODUCTS, before_now, member
from tests.answers.test_repairs import ROWS
from tests.pages.agent import Visitor, application

DOUBTFUL = [member("customer", "erp:2", "crm:8", "suggested"), member("product", "erp:P", "crm:P", "suggested")]


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Visitor]]:
    """The application, serving a firm with doubtful and joined records, and with rows set aside."""
    place = tmp_path_factory.mktemp("doubtful")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_HOME", str(place))
        runs = [run(1, "res_partner", started_at=before_now()), run(2, "x", source="files", started_at=before_now())]
        members = [*DOUBTFUL, *JOINED]
        served(firm(customers=CUSTOMERS, products=PRODUCTS, identities=members, quarantine=ROWS, sync_runs=runs))
        with application(place) as opened:
            yield place, opened


@pytest.fixture
def open_page(visitor: tuple[Path, Visitor], monkeypatch: pytest.MonkeyPatch) -> Visitor:
    place, opened = visitor
    monkeypatch.setenv("TANDEM_HOME", str(place))
    return opened


def pressed(visitor: Visitor, page: str, button: str, address: dict[str, str], **typed: str) -> list[str]:
    """What the captions say after a button was pressed."""
    session = visitor.open(page, **address).answer["session_id"]
    screen = visitor.ask(session_id=session, widget_state=typed, trigger={"key": button})
    assert screen.answer["status"] == "ready"
    return screen.texts("caption")


def said(subject: str) -> list[dict[str, object]]:
    return [dict(entry.what) for entry in Journal(firm_home(), subject).entries()]


def test_a_pair_is_decided_and_the_decision_taken_back(open_page: Visitor) -> None:
    assert open_page.open("identities").title == "2 pairs of records may be one and the same"
    told = pressed(open_page, "identities", "same", {"pair": "product erp:P = crm:P"})
    assert marked(say("en", "identities.done")) in told
    decision = {"entity": "product", "verdict": "same", "record": "erp:P", "others": ["crm:P"]}
    assert said("identities") == [decision]
    assert open_page.open("identities").title == "1 pair of records may be one and the same"
    pressed(open_page, "identities", "undo_pair", {"pair": "product erp:P = crm:P"})
    assert said("identities")[1:] == [{"undoes": 1}]


def pairs_alone() -> None:
    """A script: the pairs that are doubtful, and the buttons that decide."""
    from analytics.access import Viewer
    from answers import snapshot
    from pages.parts import identities, identity_frames
    from pages.parts.visit import Visit

    version, viewer = snapshot(), Viewer(user="ada", role="owner")
    visit = Visit(viewer=viewer, language="en", dark=False, zone=None, version=version, as_of=version.made_at.date())
    identities.doubtful(identity_frames.doubtful(visit), visit)


@pytest.mark.parametrize("entity", ["customer", "supplier", "product"])
def test_of_pairs_with_the_same_keys_the_chosen_one_is_decided(entity: str) -> None:
    keys = ("odoo:1", "erp:1")
    records = {f"{kind}s": [{f"{kind}_id": key} for key in keys] for kind in ("customer", "supplier", "product")}
    members = [member(kind, *keys, "suggested") for kind in ("customer", "supplier", "product")]
    served(firm(**records, identities=members, sync_runs=[run(1, "res_partner", started_at=before_now())]))
    screen = AppTest.from_function(pairs_alone, default_timeout=30)
    screen.query_params["pair"] = f"{entity} odoo:1 = erp:1"
    screen.run()
    assert not screen.exception
    screen.button(key="same").click().run()
    assert [what["entity"] for what in said("identities")] == [entity]


def test_a_click_on_what_was_drawn_before_the_session_ended_decides_nothing() -> None:
    served(firm(customers=CUSTOMERS, identities=DOUBTFUL, sync_runs=[run(1, "x", started_at=before_now())]))
    screen = AppTest.from_function(pairs_alone, default_timeout=30).run()
    accounts.add(firm_home(), Account(user="ada", role="owner"), "correct horse battery")
    screen.button(key="same").click().run()
    assert not screen.exception
    assert said("identities") == []


def test_a_joined_record_is_parted_and_somebody_may_look_at_it_in_chinese(open_page: Visitor) -> None:
    pressed(open_page, "identities", "part", {"member": "customer erp:1", "lang": "zh"})
    assert said("identities")[-1]["verdict"] == "apart"
    screen = open_page.open("identities", lang="zh", role="manager")
    assert "part_decisions" in screen.keyed()


def test_a_row_set_aside_is_corrected_by_who_may_and_by_nobody_else(open_page: Visitor) -> None:
    pressed(open_page, "repairs", "save_correction", {"aside": "q1"}, **{"corrected q1 qty": "3"})
    assert [entry["values"] for entry in said("repairs")] == [{"qty": "3"}]
    for role in ("administrator", "executive"):
        assert "save_correction" not in open_page.open("repairs", role=role).keyed()


def test_a_row_is_found_by_its_key_and_its_system_has_an_address(open_page: Visitor) -> None:
    screen = open_page.open("lineage", table="customers", key="erp:1")
    assert screen.title == marked("Meyer GmbH: where it comes from")
    missing = open_page.open("lineage", table="customers", key="**nobody**")
    assert any("nobody" in text for text in missing.texts("caption"))
    pressed(open_page, "lineage", "save_base", {}, lineage_base="https://odoo.example.com")
    assert said("links") == [{"source": "odoo", "base": "https://odoo.example.com"}]
    refused = pressed(open_page, "lineage", "save_base", {}, lineage_base="javascript:alert(1)")
    assert any("no address" in text for text in refused)
