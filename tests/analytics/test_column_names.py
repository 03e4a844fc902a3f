"""What a name says: the same plain words, whatever the language and the spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.column_names import fulfils, initials, likeness, plain_words


@pytest.mark.parametrize(
    "name",
    ["OrderDate", "order_date", "order-dt", "ORDER DATE", "orderdate", "Bestelldatum", "Auftragsdatum", "下单日期"],
)
def test_one_meaning_has_the_same_words_in_every_spelling_and_language(name: str) -> None:
    assert plain_words(name) == ("order", "date")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("KUNNR", ("customer", "id")),
        ("Kundennummer", ("customer", "id")),
        ("客户名称", ("customer", "name")),
        ("Lieferantenname", ("supplier", "name")),
        ("purchaseorderheader", ("purchase", "order", "head")),
        ("qty_on_hand", ("quantity", "hand")),
        ("created_at", ("created", "date")),
        ("order_purchase_timestamp", ("order", "purchase", "date")),
        ("qzx", ("qzx",)),
    ],
)
def test_compounds_and_vendors_names_are_taken_apart(name: str, words: tuple[str, ...]) -> None:
    assert plain_words(name) == words


@given(st.text(max_size=20))
def test_any_text_has_words_or_none_and_each_only_once(name: str) -> None:
    words = plain_words(name)
    assert len(set(words)) == len(words)


WORDS = st.lists(st.sampled_from(["order", "date", "customer", "id", "city", "english"]), max_size=4).map(tuple)


@given(WORDS, WORDS)
def test_likeness_is_symmetric_and_one_for_the_same_words_only(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert (likeness(one, other) == 1.0) == (set(one) == set(other) and bool(one))
    assert 0.0 <= fulfils(one, other) <= 1.0


def test_a_word_that_is_missing_weighs_more_than_one_that_is_added() -> None:
    assert fulfils(("delivered", "carrier", "date"), ("carrier", "date")) > fulfils(("date",), ("carrier", "date"))


def test_tables_are_shortened_to_their_initials() -> None:
    assert initials(("marketing", "qualified", "lead")) == "mql"
