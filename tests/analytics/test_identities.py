"""Which records are one and the same: by exact keys across sources, never by likeness."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from analytics.identities import exact_pairs, groups

COLUMNS = ("tax_number", "email", "name")


def _records(*rows: tuple[str, str, str | None, str | None, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema=["record_id", "source", *COLUMNS], orient="row", schema_overrides=dict.fromkeys(COLUMNS, pl.String)
    )


def _groups(*rows: tuple[str, str, str | None, str | None, str | None]) -> list[tuple[str, str, str]]:
    return groups(exact_pairs(_records(*rows), "customer")).select("record_id", "group_id", "evidence").rows()


def test_an_equal_tax_number_joins_records_of_two_sources() -> None:
    found = _groups(("erp:1", "erp", "DE 1", None, "A"), ("crm:9", "crm", " de 1", None, "B"))
    assert found == [("crm:9", "crm:9", "tax number"), ("erp:1", "crm:9", "tax number")]


def test_equal_names_alone_join_nothing() -> None:
    assert _groups(("erp:1", "erp", None, None, "A"), ("crm:9", "crm", None, None, "A")) == []


def test_a_shared_mailbox_joins_only_with_an_equal_name() -> None:
    mail = "info@example.com"
    assert _groups(("erp:1", "erp", None, mail, "A"), ("crm:9", "crm", None, mail, "B")) == []
    assert len(_groups(("erp:1", "erp", None, mail, "A"), ("crm:9", "crm", None, mail, "a"))) == 2


def test_records_of_one_source_are_never_joined() -> None:
    assert _groups(("erp:1", "erp", "1", None, "A"), ("erp:2", "erp", "1", None, "A")) == []


def test_a_key_that_stands_twice_in_a_source_is_ambiguous_there() -> None:
    rows = (("erp:1", "erp", "1", None, "A"), ("erp:2", "erp", "1", None, "B"), ("crm:9", "crm", "1", None, "C"))
    assert _groups(*rows) == []


def test_a_chain_of_pairs_is_one_group_named_by_its_smallest_key() -> None:
    rows = (
        ("a:1", "a", "1", "m@x", "N"),
        ("b:1", "b", "1", None, "other"),
        ("c:1", "c", None, "m@x", "N"),
    )
    assert {record: group for record, group, _ in _groups(*rows)} == {"a:1": "a:1", "b:1": "a:1", "c:1": "a:1"}


def _components(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Slow and obviously right: merge sets until nothing changes."""
    sets = [{left, right} for left, right in pairs]
    merged = True
    while merged:
        merged = False
        for one in sets:
            for other in sets:
                if one is not other and one & other:
                    one.update(other)
                    sets.remove(other)
                    merged = True
                    break
            if merged:
                break
    return {member: min(group) for group in sets for member in group}


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")).filter(lambda pair: pair[0] != pair[1]),
        max_size=10,
    )
)
def test_groups_are_the_connected_components(pairs: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame(
        [(left, right, "e") for left, right in pairs],
        schema={"left": pl.String, "right": pl.String, "evidence": pl.String},
        orient="row",
    )
    assert dict(groups(frame).select("record_id", "group_id").iter_rows()) == _components(pairs)
