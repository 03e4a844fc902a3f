"""Whom one may address: who has not consented never comes out, and one is told how many those are."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from analytics.control_groups import CONTROL, OFFER, held_out
from analytics.scope import Scope
from answers import audiences, customers, erasing
from answers.audiences import Wanted
from tests.analytics.firm import DAY, Firm, Row, noon, order
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


def test_an_address_that_gave_way_to_that_of_another_record_is_refused_as_before() -> None:
    shared = {"contact_id": "p3", "customer_id": "k1", "name": "Cem", "email": "k2@b.c", "is_active": True}
    consents = [said("4", granted=True, contact_id="p3"), said("5", granted=False, customer_id="k2")]
    known = firm({"contacts": [shared], "consents": consents})
    is_told = pl.col("customer_id") == "k2"
    other = pl.when(is_told).then(pl.lit("crm@b.c")).otherwise("email").alias("email")
    served(
        {**known, "customers": known["customers"].with_columns(other)},
        {"customers": known["customers"].filter(is_told)},
    )
    assert addresses(OWNER) == ["p1@b.c"]


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


def elsewhere(*refusing: Row) -> Firm:
    """Ann of Smith consented; somebody refused to the other company, in one way or another."""
    gone = {"contact_id": "p9", "customer_id": "k2", "name": "Cem", "is_active": False, "email": "P1@b.c", "phone": "1",
            "company_id": "c2"}  # fmt: skip
    return firm({"contacts": [gone], "consents": list(refusing)})


OF_ONE = Viewer(user="ada", role="owner", companies=frozenset({"c1"}))
REFUSALS = {
    "a person there of the same address": said("9", granted=False, contact_id="p9", company_id="c2"),
    "the address itself": said("9", granted=False, email="p1@B.c ", company_id="c2"),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_who_refused_where_the_viewer_may_not_look_does_not_come_out(refusal: Row) -> None:
    served(elsewhere())
    assert addresses(OF_ONE) == ["k2@b.c", "p1@b.c"]
    served(elsewhere(refusal))
    assert addresses(OF_ONE) == addresses(OWNER) == ["k2@b.c"]


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_of_a_refusal_elsewhere_only_an_absence_is_seen(refusal: Row) -> None:
    """The one exception to the law of leaks: rows of the viewer's own go, and nothing else changes anywhere."""
    wanted = [Wanted(channel) for channel in audiences.CHANNELS]
    served(elsewhere())
    before = [audiences.audience(OF_ONE, EVERYTHING, each) for each in wanted]
    consents = audiences.consents_of(OF_ONE, EVERYTHING, "k1")
    served(elsewhere(refusal))
    after = [audiences.audience(OF_ONE, EVERYTHING, each) for each in wanted]
    for old, new in zip(before, after, strict=True):
        assert new.left_out == old.left_out
        assert new.rows.join(old.rows, on=new.rows.columns, how="anti", nulls_equal=True).is_empty()
    assert audiences.consents_of(OF_ONE, EVERYTHING, "k1").equals(consents)


def many(number: int, ordered: Mapping[str, int]) -> Firm:
    """So many customers with a consent each, of whom each group ordered on so many of the latest days."""
    keys = [f"c{at:03}" for at in range(number)]
    people: list[Row] = [{"customer_id": key, "name": key, "region": "N", "email": f"{key}@b.c"} for key in keys]
    consents = [said(key, granted=True, customer_id=key) for key in keys]
    orders = [
        order(f"S{key}{day}", "bolt", 1, customer_id=key, ordered_at=noon(DAY - timedelta(days=day)))
        for key in keys
        for day in range(ordered[CONTROL if held_out(key) else OFFER] + hash_of(key))
    ]
    return small(*orders, customers=people, consents=consents)


def hash_of(key: str) -> int:
    """Some customers order a day more."""
    return int(key[-1]) % 2


def test_one_in_ten_is_held_out_and_is_told_filtered_and_counted() -> None:
    served(many(60, {OFFER: 1, CONTROL: 1}))
    rows = audiences.audience(OWNER, EVERYTHING, MAIL).rows
    groups = {row["customer_id"]: row["group"] for row in rows.iter_rows(named=True)}
    assert groups == {key: CONTROL if held_out(key) else OFFER for key in groups}
    held = addresses(OWNER, Wanted("mail", group=CONTROL))
    assert held == sorted(f"{key}@b.c" for key, group in groups.items() if group == CONTROL)
    assert len(addresses(OWNER, Wanted("mail", group=OFFER))) + len(held) == 60


@pytest.mark.parametrize(("offered", "verdict"), [(3, "works"), (1, "unclear")])
def test_what_offers_brought_is_told_by_who_is_held_out(offered: int, verdict: str) -> None:
    served(many(150, {OFFER: offered, CONTROL: 1}))
    row = audiences.effect(OWNER, EVERYTHING, MAIL).row(0, named=True)
    assert (row["verdict"], row["addressed"] + row["controls"]) == (verdict, 152), "with two of the small firm"
    if verdict == "works":
        assert row["orders"] == pytest.approx(2 * row["addressed"], rel=0.2)


def test_of_few_customers_no_effect_is_told() -> None:
    served(firm())
    assert audiences.effect(OWNER, EVERYTHING, MAIL)["verdict"].to_list() == ["too_few"]
    with pytest.raises(NotAllowed):
        audiences.effect(Viewer(user="x", role="manager"), EVERYTHING, MAIL)
