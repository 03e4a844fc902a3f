"""Who may be addressed: the last decision counts, a refusal wins over any merge, and silence is no consent."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.consents import GRANTED, REFUSED, UNKNOWN, consented
from analytics.demand import Types

CONSENTS: Types = {
    "party_id": pl.String,
    "customer_id": pl.String,
    "contact_id": pl.String,
    "email": pl.String,
    "purpose": pl.String,
    "channel": pl.String,
    "is_granted": pl.Boolean,
    "decided_at": pl.Datetime("us", "UTC"),
}
PEOPLE: Types = {"party_id": pl.String, "contact_id": pl.String, "address": pl.String}


def day(number: int | None) -> datetime | None:
    return None if number is None else datetime(2026, 1, number, tzinfo=UTC)


def said(granted: bool, on: int | None = 1, **who: Any) -> dict[str, Any]:
    row = {"party_id": "C1", "customer_id": "C1", "purpose": "marketing", "is_granted": granted, "decided_at": day(on)}
    return row | who


def states(consents: list[dict[str, Any]], *people: dict[str, Any], channel: str = "mail") -> list[str]:
    asked = pl.DataFrame(list(people or ({"party_id": "C1", "address": "a@b.c"},)), schema=PEOPLE)
    return consented(asked, pl.DataFrame(consents, schema=CONSENTS), channel).get_column("consent").to_list()


@pytest.mark.parametrize(
    ("consents", "state"),
    [
        ([], UNKNOWN),
        ([said(granted=True)], GRANTED),
        ([said(granted=True, on=1), said(granted=False, on=2)], REFUSED),
        ([said(granted=False, on=1), said(granted=True, on=2)], GRANTED),
        ([said(granted=True, on=1), said(granted=False, on=1)], REFUSED),
        ([said(granted=True, on=1), said(granted=False, on=None)], REFUSED),
        ([said(granted=True, channel="phone")], UNKNOWN),
        ([said(granted=True), said(granted=False, on=2, channel="mail")], REFUSED),
        ([said(granted=True), said(granted=False, on=2, channel="phone")], GRANTED),
        ([said(granted=True, purpose="service")], UNKNOWN),
        ([said(granted=True), said(granted=False, email=" A@b.C ")], REFUSED),
        ([said(granted=True, email="a@b.c", party_id=None)], GRANTED),
        ([said(granted=True), said(granted=False, on=2, email="old@b.c")], REFUSED),
    ],
)
def test_the_last_decision_for_the_channel_counts(consents: list[dict[str, Any]], state: str) -> None:
    assert states(consents) == [state]


def test_a_refusal_wins_whoever_of_a_merged_customer_said_it() -> None:
    person = {"party_id": "C1", "contact_id": "K1", "address": "k@b.c"}
    other = {"party_id": "C1", "contact_id": "K2", "address": "l@b.c"}
    firm = said(granted=True)
    assert states([firm], person, other) == [GRANTED, GRANTED]
    assert states([firm, said(granted=False, contact_id="K1")], person, other) == [REFUSED, GRANTED]
    assert states([said(granted=True, contact_id="K1")], person, other) == [GRANTED, UNKNOWN]
    assert states([said(granted=False), said(granted=True, contact_id="K1", on=9)], person, other) == [REFUSED] * 2


def test_an_address_that_refused_is_refused_for_everybody_who_has_it() -> None:
    both = [{"party_id": party, "contact_id": key, "address": "k@b.c"} for party, key in (("C1", "K1"), ("C2", "K2"))]
    granted = [said(granted=True, contact_id="K2", party_id="C2")]
    assert states([*granted, said(granted=False, contact_id="K1")], *both) == [REFUSED, REFUSED]


WHO = st.sampled_from([{}, {"contact_id": "K1"}, {"email": "k@b.c"}, {"channel": "mail"}, {"contact_id": "K2"}])


@given(st.lists(st.tuples(st.booleans(), st.none() | st.integers(1, 9), WHO), max_size=6))
def test_one_more_refusal_never_lets_anybody_in(drawn: list[tuple[bool, int | None, dict[str, str]]]) -> None:
    people = [{"party_id": "C1", "contact_id": "K1", "address": "k@b.c"}, {"party_id": "C1", "address": "c@b.c"}]
    rows = [said(granted=granted, on=on, **who) for granted, on, who in drawn]
    before, after = states(rows, *people), states([*rows, said(granted=False, on=20)], *people)
    assert after == [REFUSED, REFUSED]
    assert len(before) == 2
