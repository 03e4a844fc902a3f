"""Values that differ are told to who may see them, and how many there are to who watches over the data."""

import pytest

from analytics.access import NotAllowed, Viewer
from answers import master_values
from tests.analytics.firm import firm
from tests.answers.served import served_tables
from tests.answers.test_identities import MANAGER, OWNER, SALES, customer, member

ROWS = [
    customer("odoo:1", "Meyer GmbH", phone="0431 1234567", city="Kiel", is_company=True, region="DE"),
    customer("hubspot:9", "Meyer", phone="0431 7654321", city=" KIEL", is_company=True, region="FR"),
    customer("hubspot:8", "Alone", is_company=True, region="FR"),
]
SAME = [member("customer", key, "hubspot:9") for key in ("odoo:1", "hubspot:9")]


def test_each_value_that_gives_way_stands_beside_the_one_that_counts() -> None:
    served_tables(firm(customers=ROWS, identities=SAME))
    told = master_values.others(SALES).select("field", "kept", "kept_id", "other", "other_id", "rule").rows()
    assert told == [
        ("name", "Meyer GmbH", "odoo:1", "Meyer", "hubspot:9", "erp"),
        ("phone", "0431 7654321", "hubspot:9", "0431 1234567", "odoo:1", "crm"),
    ]
    kept = master_values.one_record(SALES).select("group_id", "field", "value", "source").rows()
    assert kept == [
        ("hubspot:9", "city", "Kiel", "odoo"),
        ("hubspot:9", "name", "Meyer GmbH", "odoo"),
        ("hubspot:9", "phone", "0431 7654321", "hubspot"),
    ]


def test_who_may_not_see_a_value_does_not_see_it_here_either_nor_the_other_half_of_a_group() -> None:
    served_tables(firm(customers=ROWS, identities=SAME))
    assert master_values.others(MANAGER)["field"].to_list() == ["name"]
    assert master_values.others(Viewer(user="sam", role="sales", regions=frozenset({"DE"}))).is_empty()
    with pytest.raises(NotAllowed):
        master_values.others(Viewer(user="ed", role="executive"))


def test_how_many_differ_is_told_by_field_to_who_watches_over_the_data() -> None:
    served_tables(firm(customers=ROWS, identities=SAME))
    assert master_values.counted(OWNER).select("field", "rule", "differing", "groups").rows() == [
        ("name", "erp", 1, 1),
        ("phone", "crm", 1, 1),
    ]
    assert master_values.counted(Viewer(user="al", role="administrator"))["field"].to_list() == ["name"]
    with pytest.raises(NotAllowed):
        master_values.counted(SALES)


def test_without_joined_records_there_is_nothing_and_every_column() -> None:
    served_tables(firm(customers=ROWS, identities=SAME))
    full = master_values.others(OWNER), master_values.one_record(OWNER), master_values.counted(OWNER)
    served_tables(firm(customers=ROWS))
    empty = master_values.others(OWNER), master_values.one_record(OWNER), master_values.counted(OWNER)
    assert [frame.schema for frame in empty] == [frame.schema for frame in full]
    assert all(frame.is_empty() for frame in empty)
