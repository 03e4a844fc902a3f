"""Which records are one and the same: exact keys across sources join, likeness only suggests."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import identities
from analytics.business_keys import credit_code_of
from analytics.identities import exact_pairs, groups, keyed, memberships
from tests.analytics.party_variants import precision_and_recall, two_systems

COLUMNS = ("tax_number", "email", "name")


def _records(*rows: tuple[str, str, str | None, str | None, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema=["record_id", "source", *COLUMNS], orient="row", schema_overrides=dict.fromkeys(COLUMNS, pl.String)
    )


def _groups(*rows: tuple[str, str, str | None, str | None, str | None]) -> list[tuple[str, str, str]]:
    return (
        groups(exact_pairs(keyed(_records(*rows), "customer"), "customer"))
        .select("record_id", "group_id", "evidence")
        .rows()
    )


def test_an_equal_tax_number_joins_records_of_two_sources() -> None:
    found = _groups(("erp:1", "erp", "DE 129", None, "A"), ("crm:9", "crm", " de 129", None, "B"))
    assert found == [("crm:9", "crm:9", "tax number"), ("erp:1", "crm:9", "tax number")]


def test_equal_names_alone_join_nothing() -> None:
    assert _groups(("erp:1", "erp", None, None, "A"), ("crm:9", "crm", None, None, "A")) == []


def test_a_shared_mailbox_joins_only_with_an_equal_name() -> None:
    mail = "info@example.com"
    assert _groups(("erp:1", "erp", None, mail, "A"), ("crm:9", "crm", None, mail, "B")) == []
    assert len(_groups(("erp:1", "erp", None, mail, "A"), ("crm:9", "crm", None, mail, "a"))) == 2


def test_records_of_one_source_are_never_joined() -> None:
    assert _groups(("erp:1", "erp", "10001", None, "A"), ("erp:2", "erp", "10001", None, "A")) == []


def test_a_key_that_stands_twice_in_a_source_is_ambiguous_there() -> None:
    rows = (
        ("erp:1", "erp", "10001", None, "A"),
        ("erp:2", "erp", "10001", None, "B"),
        ("crm:9", "crm", "10001", None, "C"),
    )
    assert _groups(*rows) == []


def test_a_chain_of_pairs_is_one_group_named_by_its_smallest_key() -> None:
    rows = (
        ("a:1", "a", "10001", "m@x", "N"),
        ("b:1", "b", "10001", None, "other"),
        ("c:1", "c", None, "m@x", "N"),
    )
    assert {record: group for record, group, _ in _groups(*rows)} == {"a:1": "a:1", "b:1": "a:1", "c:1": "a:1"}


PARTY = ("name", "city", "email", "phone", "tax_number", "country")


def _party(**one: str | None) -> dict[str, str | None]:
    return dict.fromkeys(PARTY) | one


def _found(erp: dict[str, str | None], crm: dict[str, str | None]) -> tuple[str, str] | None:
    """State and evidence of the membership of the record of the CRM, if any."""
    records = pl.DataFrame(
        [{"record_id": "a:1", "source": "a", **erp}, {"record_id": "b:1", "source": "b", **crm}],
        schema=dict.fromkeys(("record_id", "source", *PARTY), pl.String),
    )
    rows = memberships(records, "customer").filter(pl.col("record_id") == "b:1")
    return rows.select("state", "evidence").row(0) if rows.height else None


MEYER = _party(name="Meyer Pumpen GmbH", city="Kiel", email="info@meyer.example", phone="+49 431 1234567")
CODE = credit_code_of("91310000123456789")


@pytest.mark.parametrize(
    ("crm", "found"),
    [
        (_party(name="MEYER PUMPEN G.m.b.H.", email="ann@meyer.example"), ("joined", "e-mail domain and name")),
        (_party(name="Meyer Pumpen Gmbh", phone="0431/1234567"), ("joined", "phone and name")),
        (_party(name="Meyer Pumpen", phone="0431/1234567"), ("suggested", "a like name and phone")),
        (_party(name="Meyr Pumpen GmbH", email="a@meyer.example"), ("suggested", "a like name and e-mail domain")),
        (_party(name="Pumpen Meyer GmbH", city="KIEL"), ("suggested", "name and town")),
        (_party(name="Meyer Pumpn GmbH", city="Kiel"), ("suggested", "a like name and town")),
        (_party(name="Ｍｅｙｅｒ Ｐｕｍｐｅｎ GmbH"), None),
        (_party(name="Meyer Pumpen GmbH", city="Ulm"), None),
        (_party(name="Meyer Pumpen AG", city="Kiel", email="a@meyer.example"), None),
        (_party(name="Meyer Pumpen Logistik GmbH", city="Kiel", email="a@meyer.example"), None),
        (_party(name="Meyer Pumpen 2 GmbH", city="Kiel", email="a@meyer.example"), None),
        (_party(name="Meyer Ventile GmbH", city="Kiel", email="a@meyer.example"), None),
    ],
)
def test_the_same_firm_is_found_and_its_neighbours_are_not(
    crm: dict[str, str | None], found: tuple[str, str] | None
) -> None:
    assert _found(MEYER, crm) == found


def test_different_tax_numbers_keep_apart_whatever_else_agrees() -> None:
    assert _found(MEYER | {"tax_number": "DE 111"}, MEYER | {"tax_number": "DE 222"}) is None


def test_different_countries_keep_apart_and_so_do_their_legal_forms() -> None:
    asia = (
        _party(name="Acme Ltd", email="a@acme.com", country="SG"),
        _party(name="Acme Ltd", email="b@acme.com", country="IN"),
    )
    assert _found(*asia) is None
    forms = (_party(name="Acme Pte Ltd", email="a@acme.com"), _party(name="Acme Pvt. Ltd.", email="b@acme.com"))
    assert _found(*forms) is None


def test_two_tax_numbers_are_not_joined_through_a_third_record() -> None:
    acme = {"name": "Acme GmbH", "city": None, "email": None, "phone": None, "tax_number": None, "country": None}
    rows = [
        {"record_id": "a:1", "source": "a"} | acme | {"tax_number": "DE111111111", "email": "x@acme.de"},
        {"record_id": "b:1", "source": "b"} | acme | {"email": "y@acme.de", "phone": "+49 69 1234567"},
        {"record_id": "c:1", "source": "c"} | acme | {"tax_number": "DE222222222", "phone": "069 1234567"},
        {"record_id": "d:1", "source": "d"} | acme | {"name": "Acme", "tax_number": "DE 111 111 111"},
    ]
    found = memberships(pl.DataFrame(rows, schema_overrides=dict.fromkeys(acme, pl.String)), "customer")
    joined = found.filter(pl.col("state") == "joined")
    assert sorted(joined["record_id"]) == ["a:1", "d:1"]
    assert "b:1" in found.filter(pl.col("state") == "suggested")["record_id"].to_list()


@pytest.mark.parametrize("placeholder", ["N/A", "n/a", "none", "keine", "-", "0000000", "123"])
def test_a_placeholder_is_no_tax_number(placeholder: str) -> None:
    both = (_party(name="Foo GmbH", tax_number=placeholder), _party(name="Bar Inc", tax_number=placeholder))
    assert _found(*both) is None
    mail = (
        _party(name="Foo GmbH", email="a@foo.de", tax_number=placeholder),
        _party(name="Foo GmbH", email="a@foo.de", tax_number="DE129273398"),
    )
    assert _found(*mail) is not None


def test_the_own_countrys_code_before_a_tax_number_may_be_left_out() -> None:
    both = (
        _party(name="Foo", country="DE", tax_number="129 273 398"),
        _party(name="Bar", country="DE", tax_number="DE129273398"),
    )
    assert _found(*both) == ("joined", "tax number")


def test_an_address_at_a_provider_says_nothing_of_the_firm() -> None:
    ann = _party(name="Rot KG", email="ann@gmail.com")
    assert _found(ann, _party(name="Rot KG", email="bob@gmail.com")) is None


def test_a_chinese_name_is_compared_without_its_town_and_form() -> None:
    erp = _party(name="上海明达机械有限公司", city="上海")
    assert _found(erp, _party(name="明达机械（上海）有限责任公司", city="上海市")) == ("suggested", "name and town")
    assert _found(erp, _party(name="苏州明达机械有限公司", city="苏州")) is None


def test_a_credit_code_joins_and_a_mistyped_one_does_not() -> None:
    wrong = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    assert _found(_party(name="甲", tax_number=CODE), _party(name="乙", tax_number=CODE.lower())) == (
        "joined",
        "tax number",
    )
    assert _found(_party(name="甲", tax_number=wrong), _party(name="乙", tax_number=wrong)) is None


def _products(left: tuple[str, str | None], right: tuple[str, str | None]) -> list[tuple[str, str]]:
    rows = [(f"{source}:1", source, *said) for source, said in (("a", left), ("b", right))]
    records = pl.DataFrame(
        rows, schema=dict.fromkeys(("record_id", "source", "name", "barcode"), pl.String), orient="row"
    )
    return memberships(records, "product").select("state", "evidence").unique().rows()


def test_a_barcode_joins_when_its_check_digit_is_right() -> None:
    assert _products(("Nut", "4006381333931"), ("Mutter", "4006381333931")) == [("joined", "barcode")]
    assert _products(("Nut", "4006381333932"), ("Mutter", "4006381333932")) == []
    assert _products(("Nut", "2000000000015"), ("Mutter", "2000000000015")) == []


def test_sizes_tell_products_apart() -> None:
    assert _products(("Bolt M8 x 40", None), ("bolt  M8 X 40", None)) == [("suggested", "name alone")]
    assert _products(("Bolt M8 x 40", None), ("Bolt M8 x 50", None)) == []


def test_planted_duplicates_are_found_and_near_misses_are_not() -> None:
    records = two_systems(600, seed=1)
    compared = keyed(records.drop("firm"), "customer")
    joined = exact_pairs(compared, "customer").select("left", "right")
    both = pl.concat([joined, identities.suggestions(compared, "customer").select("left", "right")]).unique()
    assert precision_and_recall(records, joined)[0] == 1.0
    precision, recall = precision_and_recall(records, both)
    assert precision >= 0.99
    assert recall >= 0.9


def test_the_order_of_records_changes_nothing() -> None:
    records = two_systems(60, seed=2).drop("firm")
    assert memberships(records, "customer").equals(memberships(records.reverse(), "customer"))


def test_a_record_joins_one_group_and_no_suggestion_stands_twice() -> None:
    found = memberships(two_systems(300, seed=3).drop("firm"), "customer")
    assert found.filter(pl.col("state") == "joined")["record_id"].is_unique().all()
    assert found.select("record_id", "group_id").is_unique().all()


@pytest.mark.parametrize("entity", ["customer", "supplier", "product"])
def test_nothing_is_nothing(entity: str) -> None:
    empty = pl.DataFrame(schema={"record_id": pl.String, "source": pl.String})
    assert memberships(empty, entity).height == 0


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
