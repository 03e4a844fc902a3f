"""What people decide about identities: it outranks evidence, its order changes nothing, and it can be undone."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import identities
from analytics.decided_identities import memberships
from analytics.identity_decisions import APART, SAME, Decision, decided, standing, undoing

FIELDS = ("tax_number", "email", "phone", "name", "country", "city")
KEYS = ("a:1", "a:2", "b:1", "b:2", "c:1", "c:2")


def records(**given: Mapping[str, str | None]) -> pl.DataFrame:
    """Records of customers by key, a colon in it written as an underscore."""
    rows = [
        {**dict.fromkeys(FIELDS), "record_id": key.replace("_", ":"), "source": key[0], **told}
        for key, told in given.items()
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("record_id", "source", *FIELDS), pl.String))


def says(*said: tuple[str, str, str]) -> pl.DataFrame:
    """What was decided: verdict and two keys each."""
    entries = [
        {"entity": "customer", "verdict": verdict, "record": left, "others": [right]} for verdict, left, right in said
    ]
    return decided(standing(enumerate(entries, 1))).filter(pl.col("entity") == "customer")


def found(rows: pl.DataFrame, *said: tuple[str, str, str]) -> pl.DataFrame:
    return memberships(rows, "customer", says(*said))


def together(made: pl.DataFrame) -> set[frozenset[str]]:
    joined = made.filter(pl.col("state") == "joined").group_by("group_id").agg("record_id")
    return {frozenset(keys) for keys in joined["record_id"]}


def suggested(made: pl.DataFrame) -> set[frozenset[str]]:
    rows = made.filter(pl.col("state") == "suggested").select("group_id", "record_id").iter_rows()
    return {frozenset(pair) for pair in rows}


TAX = {"tax_number": "DE129273398"}
LIKE = records(a_1={"name": "Meyer Pumpen", "city": "Kiel"}, b_1={"name": "Meyer Pumpen GmbH", "city": "Kiel"})
CHAIN = records(a_1=TAX | {"name": "One"}, b_1=TAX | {"name": "Two"}, c_1=TAX | {"name": "Three"})


def test_who_is_said_to_be_the_same_is_joined_by_a_person() -> None:
    assert suggested(found(LIKE)) == {frozenset({"a:1", "b:1"})}
    made = found(LIKE, (SAME, "a:1", "b:1"))
    assert together(made) == {frozenset({"a:1", "b:1"})}
    assert made["evidence"].unique().to_list() == ["a person"]
    assert suggested(made) == set()


def test_who_is_said_not_to_be_the_same_is_not_suggested_again() -> None:
    made = found(LIKE, (APART, "b:1", "a:1"))
    assert made.select("record_id", "group_id", "state").rows() == [("b:1", "a:1", "refused")]


def test_a_persons_word_outranks_two_tax_numbers_and_theirs_join_as_before() -> None:
    rows = records(
        a_1={"tax_number": "DE111111111"},
        b_1={"tax_number": "DE222222222"},
        c_1={"tax_number": "DE111111111"},
        c_2={"tax_number": "DE222222222"},
    )
    assert together(found(rows)) == {frozenset({"a:1", "c:1"}), frozenset({"b:1", "c:2"})}
    assert together(found(rows, (SAME, "a:1", "b:1"))) == {frozenset({"a:1", "b:1", "c:1", "c:2"})}


def test_a_persons_word_joins_no_third_record_with_another_tax_number() -> None:
    acme = {"name": "Acme GmbH", "email": "info@acme.de"}
    rows = records(a_1=acme | {"tax_number": "DE111111111"}, b_1=acme, c_1={"tax_number": "DE222222222"})
    assert together(found(rows)) == {frozenset({"a:1", "b:1"})}
    assert together(found(rows, (SAME, "b:1", "c:1"))) == {frozenset({"b:1", "c:1"})}


def test_parted_records_do_not_come_together_through_a_third_one_which_becomes_a_suggestion() -> None:
    assert together(found(CHAIN)) == {frozenset({"a:1", "b:1", "c:1"})}
    made = found(CHAIN, (APART, "a:1", "b:1"))
    assert together(made) == set()
    assert suggested(made) == {frozenset({"a:1", "c:1"}), frozenset({"b:1", "c:1"})}


def test_one_record_parted_from_all_others_leaves_them_together() -> None:
    made = found(CHAIN, (APART, "a:1", "b:1"), (APART, "a:1", "c:1"))
    assert together(made) == {frozenset({"b:1", "c:1"})}
    assert suggested(made) == set()


def test_the_stronger_word_decides_where_the_third_record_belongs() -> None:
    made = found(CHAIN, (APART, "a:1", "b:1"), (SAME, "c:1", "a:1"))
    assert together(made) == {frozenset({"a:1", "c:1"})}


def test_words_that_contradict_each_other_join_nothing() -> None:
    bare = records(a_1={"name": "One"}, b_1={"name": "Two"}, c_1={"name": "Three"})
    made = found(bare, (SAME, "a:1", "c:1"), (SAME, "b:1", "c:1"), (APART, "a:1", "b:1"))
    assert together(made) == set()
    assert suggested(made) == {frozenset({"a:1", "c:1"}), frozenset({"b:1", "c:1"})}


def test_a_decision_on_a_record_that_is_gone_is_idle() -> None:
    assert found(LIKE, (SAME, "a:1", "z:9"), (APART, "z:9", "b:1")).equals(found(LIKE))


def test_only_what_no_later_entry_takes_back_stands() -> None:
    entries: list[dict[str, Any]] = [
        {"entity": "customer", "verdict": SAME, "record": "a:1", "others": ["b:1"]},
        {"entity": "customer", "verdict": APART, "record": "b:1", "others": ["a:1"]},
        undoing(2),
        undoing(7),
    ]
    assert [decision.number for decision in standing(enumerate(entries, 1))] == [1]
    assert decided(standing(enumerate(entries, 1))).row(0) == ("customer", "a:1", "b:1", SAME)


def random_records(values: Sequence[int]) -> pl.DataFrame:
    """Six records of three sources that share tax numbers, mailboxes and names by chance."""
    given = {
        key.replace(":", "_"): {
            "tax_number": (None, None, "DE111111111", "DE222222222")[value % 4],
            "email": (None, "x@acme.de", "y@acme.de")[value // 4 % 3],
            "name": ("Acme GmbH", "Acme", "Zenit AG")[value // 12 % 3],
            "city": (None, "Kiel")[value // 36],
        }
        for key, value in zip(KEYS, values, strict=True)
    }
    return records(**given)


PAIRS = list(itertools.combinations(KEYS, 2))
FIRMS = st.lists(st.integers(0, 71), min_size=6, max_size=6).map(random_records)
SAYINGS = st.lists(st.tuples(st.sampled_from((SAME, APART)), st.sampled_from(PAIRS)), max_size=4)
Sayings = list[tuple[str, tuple[str, str]]]


def entries_of(said: Sayings) -> list[tuple[int, dict[str, Any]]]:
    return [
        (number, {"entity": "customer", "verdict": verdict, "record": left, "others": [right]})
        for number, (verdict, (left, right)) in enumerate(said, 1)
    ]


def after(rows: pl.DataFrame, entries: list[tuple[int, dict[str, Any]]]) -> list[tuple[Any, ...]]:
    return memberships(rows, "customer", decided(standing(entries))).rows()


@settings(max_examples=15, deadline=None)
@given(FIRMS, SAYINGS)
def test_parted_is_never_together_and_same_is_unless_something_was_parted(rows: pl.DataFrame, said: Sayings) -> None:
    last = {pair: verdict for verdict, pair in said}
    made = together(memberships(rows, "customer", decided(standing(entries_of(said)))))
    for pair, verdict in last.items():
        is_one = any(set(pair) <= group for group in made)
        assert not (verdict == APART and is_one)
        assert is_one or verdict == APART or APART in last.values()


@settings(max_examples=8, deadline=None)
@given(FIRMS, SAYINGS, st.tuples(st.sampled_from((SAME, APART)), st.sampled_from(PAIRS)), st.randoms())
def test_undo_restores_exactly_twice_is_once_and_the_order_of_different_pairs_is_nothing(
    rows: pl.DataFrame, said: Sayings, one: tuple[str, tuple[str, str]], dice: Any
) -> None:
    different = list({pair: (verdict, pair) for verdict, pair in said if pair != one[1]}.values())
    before = after(rows, entries_of(different))
    with_one = entries_of([*different, one])
    number = with_one[-1][0]
    assert after(rows, [*with_one, (number + 1, undoing(number))]) == before
    twice = [*with_one, (number + 1, with_one[-1][1])]
    assert after(rows, twice) == after(rows, with_one)
    assert after(rows, [*twice, (number + 2, undoing(number))]) == before
    dice.shuffle(different)
    assert after(rows, entries_of([one, *different])) == after(rows, with_one)


@settings(max_examples=8, deadline=None)
@given(FIRMS)
def test_without_decisions_nothing_changes(rows: pl.DataFrame) -> None:
    assert after(rows, []) == identities.memberships(rows, "customer").rows()


@pytest.mark.parametrize("verdict", [SAME, APART])
def test_pairs_are_kept_the_smaller_key_first(verdict: str) -> None:
    decision = Decision(number=1, entity="product", verdict=verdict, record="b:1", others=("a:1", "c:1"))
    assert decision.pairs == {("a:1", "b:1"), ("b:1", "c:1")}
    assert decided(standing([(1, decision.as_entry())])).height == 2
