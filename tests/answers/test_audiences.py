"""Whom one may address: who has not consented never comes out, and one is told how many those are."""

from datetime import UTC, datetime
from typing import Any

import pytest

from analytics.access import NotAllowed, Viewer
from analytics.scope import Scope
from answers import audiences, customers, erasing
from answers.audiences import Wanted
from tests.analytics.firm import Firm, Row
from tests.answers.served import served
from tests.answers.test_customers import PEOPLE, small

OWNER, SALES = Viewer(user="ada", role="owner"), Viewer(user="ada", role="sales")
EVERYTHING, MAIL = Scope(), Wanted("mail")
NONE = {"refused": 0, "unknown": 0, "no_address": 0}


def said(key: str, granted: bool, **who: Any) -> Row:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return {"consent_id": key, "purpose": "marketing", "is_granted": granted, "decided_at": at} | who


def firm(*more: dict[str, list[Row]]) -> Firm:
    """Smith (a firm of the north) with two persons, Ada (a private person of the south), and one who is gone."""
    people: list[Row] = [{**row, "email": f"{row['customer_id']}@b.c", "phone": None} for row in PEOPLE]
    persons = [
        {"contact_id": key, "customer_id": "k1", "name": name, "email": f"{key}@b.c", "phone": phone, "is_active": True}
        for key, name, phone in (("p1", "Ann", "1"), ("p2", "Bob", "2"))
    ]
    consents = [
        said("1", granted=True, contact_id="p1"),
        said("2", granted=False, contact_id="p2"),
        said("3", granted=True, customer_id="k2"),
    ]
    return small(*more, customers=people, contacts=persons, consents=consents)


def addresses(viewer: Viewer, wanted: Wanted = MAIL, scope: Scope = EVERYTHING) -> list[str]:
    return audiences.audience(viewer, scope, wanted).rows.get_column("address").sort().to_list()


def test_only_who_consented_to_the_channel_comes_out_and_the_others_are_counted() -> None:
    served(firm())
    found = audiences.audience(OWNER, EVERYTHING, MAIL)
    assert found.rows.select("customer", "person", "address").sort("address").rows() == [
        ("Ada", None, "k2@b.c"),
        ("Smith", "Ann", "p1@b.c"),
    ]
    assert found.left_out == NONE | {"refused": 1, "unknown": 1}
    assert audiences.audience(OWNER, EVERYTHING, Wanted("phone")).left_out == NONE | {"refused": 1, "no_address": 1}
    assert addresses(OWNER, Wanted("phone")) == ["1"]


def test_an_audience_is_of_a_segment_a_stage_and_a_scope() -> None:
    served(firm())
    of = dict(customers.customers(OWNER, EVERYTHING).select("customer_id", "segment").iter_rows())
    assert addresses(OWNER, Wanted("mail", segment=of["k1"]))[-1:] == ["p1@b.c"]
    assert addresses(OWNER, Wanted("mail", stage="lapsed")) == []
    assert addresses(OWNER, Wanted("mail", topic="leak")) == []
    assert addresses(OWNER, MAIL, Scope(regions=("S",))) == ["k2@b.c"]


def test_rights_choose_rows_first_and_addresses_need_personal_data() -> None:
    served(firm())
    assert addresses(SALES) == ["k2@b.c", "p1@b.c"]
    for role in ("executive", "manager", "administrator"):
        with pytest.raises(NotAllowed):
            audiences.audience(Viewer(user="x", role=role), EVERYTHING, MAIL)
        with pytest.raises(NotAllowed):
            audiences.consents_of(Viewer(user="x", role=role), EVERYTHING, "k1")


@pytest.mark.parametrize(
    "other",
    [
        {"customer_id": "k1", "is_active": True, "email": "p1@b.c"},
        {"customer_id": "k1", "is_active": False, "email": "P1@b.c "},
        {"customer_id": "k2", "is_active": True, "email": "p1@b.c"},
    ],
)
def test_what_anybody_refused_for_an_address_counts_for_everybody_who_has_it(other: Row) -> None:
    """A second person of the address refused: beside the first, past, or at another customer that is not chosen."""
    shared = {"contact_id": "p3", "name": "Cem", "phone": None, **other}
    known = firm({"contacts": [shared], "consents": [said("4", granted=False, contact_id="p3")]})
    served(known)
    assert addresses(OWNER, MAIL, Scope(regions=("N",))) == []
    assert addresses(OWNER) == ["k2@b.c"]


def test_one_customers_consents_are_told_by_channel() -> None:
    served(firm())
    rows = audiences.consents_of(OWNER, EVERYTHING, "k1").select("channel", "granted", "refused", "unknown").rows()
    assert rows == [("mail", 1, 1, 1), ("phone", 1, 1, 0), ("sms", 1, 1, 0)]
    assert audiences.consents_of(OWNER, EVERYTHING, "nobody")["granted"].sum() == 0


def test_a_firm_without_persons_or_consents_has_nobody_to_address() -> None:
    served(small())
    assert addresses(OWNER) == []
    assert audiences.audience(OWNER, EVERYTHING, MAIL).left_out == NONE | {"no_address": 2}


@pytest.mark.parametrize("role", ["executive", "manager", "sales", "administrator"])
def test_only_the_owner_erases(role: str) -> None:
    served(firm())
    with pytest.raises(NotAllowed):
        erasing.erase(Viewer(user="x", role=role), "customers", "k1")
    with pytest.raises(NotAllowed):
        erasing.people(Viewer(user="x", role=role), "k1")


def test_the_customer_and_its_persons_may_be_chosen_to_be_erased() -> None:
    served(firm())
    assert erasing.people(OWNER, "k1").rows() == [
        ("customers", "k1", "Smith"),
        ("contacts", "p1", "Ann"),
        ("contacts", "p2", "Bob"),
    ]
    for kind, key in (("customers", "nobody"), ("employees", "k1"), ("contacts", "k1")):
        with pytest.raises(erasing.ErasureRefused, match="gone"):
            erasing.erase(OWNER, kind, key)
    with pytest.raises(erasing.ErasureRefused, match="gone"):
        erasing.erase(Viewer(user="x", role="owner", regions=frozenset({"N"})), "customers", "k2")
