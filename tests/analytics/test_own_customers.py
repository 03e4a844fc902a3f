"""Own customers: who looks after whom, and what is there of each part of a snapshot for who sees no others."""

from functools import cache

import polars as pl
import pytest

from analytics.access import ALL, FOR_ALL_CUSTOMERS, RIGHTS, NotAllowed, Viewer, cut
from analytics.aggregates import AGGREGATES
from analytics.facts import FACTS
from analytics.own_customers import (
    CALLED,
    CUSTOMER,
    NAMELESS,
    NOBODY,
    OF_OTHERS,
    PRICELESS,
    SHOWN,
    THROUGH,
    WITHHELD,
    looked_after,
)
from analytics.tables import TABLES
from tests.analytics.firm import Firm, Row, table
from tests.analytics.summed import summed
from tests.answers import canaries

OWN = Viewer(user="eve", role="sales", customers=frozenset({"c1", "c2"}))


@cache
def aggregates() -> Firm:
    """The aggregates of a firm that has rows of everything."""
    return summed(canaries.whole_firm())


def classes(part: str, columns: list[str]) -> list[str]:
    """The classes that a part of a snapshot is in."""
    declared = {"shown": SHOWN, "through": THROUGH, "nameless": NAMELESS, "withheld": WITHHELD, "called": CALLED}
    declared |= {"priceless": PRICELESS}
    found = [name for name, parts in declared.items() if part in parts]
    return [*found, *(["own"] if CUSTOMER in columns else [])]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_in_exactly_one_class(name: str) -> None:
    assert len(classes(f"tables/{name}", TABLES[name].column_names())) == 1


@pytest.mark.parametrize("name", [name for name in AGGREGATES if not name.startswith("cube_")])
def test_every_aggregate_is_in_exactly_one_class(name: str) -> None:
    assert len(classes(f"aggregates/{name}", aggregates()[name].columns)) == 1


@pytest.mark.parametrize("name", [name for name in AGGREGATES if name.startswith("cube_")])
def test_a_cube_is_there_only_where_it_names_the_customer(name: str) -> None:
    rows = aggregates()[name]
    seen = cut(rows.lazy(), OWN, part=f"aggregates/{name}").collect()
    assert seen.is_empty()
    assert classes(f"aggregates/{name}", rows.columns) == (["own"] if name.endswith("_customers") else [])


def test_what_is_named_in_a_class_exists() -> None:
    named = SHOWN | PRICELESS | NAMELESS | WITHHELD | set(THROUGH) | set(CALLED)
    known = {f"tables/{name}" for name in TABLES} | {f"aggregates/{name}" for name in AGGREGATES}
    assert sorted(named - known) == []
    assert {heads for _, heads in THROUGH.values()} <= {f"tables/{name}" for name in TABLES}


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_without_customers_is_there_for_nobody_who_sees_only_own_ones(fact: str) -> None:
    rows = aggregates()[f"fact_{fact}"]
    owner = frozenset(rows[CUSTOMER].drop_nulls()) or NOBODY
    seen = cut(rows.lazy(), Viewer(user="eve", role="sales", customers=owner), part=f"aggregates/fact_{fact}")
    assert seen.collect()[CUSTOMER].null_count() == 0


# Rows

HEADS = pl.LazyFrame({"company_id": ["a"] * 3, "sales_order_id": ["1", "2", "3"], CUSTOMER: ["c1", "c3", None]})
LINES = pl.LazyFrame({"company_id": ["a"] * 4, "sales_order_id": ["1", "2", "3", None], "quantity": [1, 2, 3, 4]})
ASKED = pl.LazyFrame(
    {
        "company_id": ["a"] * 3,
        "kind": ["order", "order", "work_order"],
        "number": ["S1", "S2", "W1"],
        "party": ["Smith", "Jones", None],
        "party_id": ["c1", "c3", None],
        "party_region": ["N", "N", None],
        "quantity": [1, 2, 3],
    }
)


def test_rows_of_others_and_of_nobody_do_not_come_out() -> None:
    assert cut(HEADS, OWN, part="tables/sales_orders").collect()["sales_order_id"].to_list() == ["1"]


def test_lines_come_out_with_their_document() -> None:
    lines = cut(LINES, OWN, part="tables/sales_order_lines", read={"tables/sales_orders": HEADS}.__getitem__)
    assert lines.collect()["quantity"].to_list() == [1]


@pytest.mark.parametrize(
    "part", ["tables/sales_order_lines", "tables/targets", "aggregates/sales_by_product", "new", ""]
)
def test_where_nothing_says_whose_rows_are_nothing_comes_out(part: str) -> None:
    seen = cut(LINES, OWN, part=part).collect()
    assert (seen.height, seen.schema) == (0, LINES.collect_schema())


def test_what_is_asked_of_a_shelf_counts_and_who_else_asks_is_not_told() -> None:
    seen = cut(ASKED, OWN, part="aggregates/open_demand").collect()
    assert seen["quantity"].to_list() == [1, 2, 3]
    assert seen.select("number", "party", "party_id", "party_region").rows() == [
        ("S1", "Smith", "c1", "N"),
        (None, None, None, None),
        ("W1", None, None, None),
    ]


def test_what_a_shelf_holds_is_not_made_money() -> None:
    items = pl.LazyFrame({"company_id": ["a"], "sku": ["4711"], "cost": [1.0], "list_price": [2.0]})
    assert cut(items, OWN, part="aggregates/items").collect().row(0) == ("a", "4711", None, None)


def test_an_offer_tells_nothing_of_what_others_paid_for_it() -> None:
    offers = pl.LazyFrame(
        {
            "customer_id": ["c1", "c3"],
            "chance": [0.2, 0.1],
            "expected_amount": [1.0, 2.0],
            "expected_margin": [0.5, 1.0],
        }
    )
    for part in OF_OTHERS:
        assert cut(offers, OWN, part=part).collect().rows() == [("c1", 0.2, None, None)]


def test_what_concerns_no_customer_is_everybodys() -> None:
    assert cut(LINES, OWN, part="tables/products").collect().equals(LINES.collect())


def test_who_sees_only_own_customers_decides_nothing_for_all() -> None:
    assert OWN.capabilities == RIGHTS["sales"] - FOR_ALL_CUSTOMERS


def test_no_customers_is_an_error_and_never_no_filter() -> None:
    with pytest.raises(NotAllowed):
        Viewer(user="eve", role="sales", customers=frozenset())


def test_who_sees_other_customers_shares_no_cache() -> None:
    keys = [
        Viewer(user="eve", role="sales", customers=customers).scope_key
        for customers in (ALL, frozenset({"c1"}), frozenset({"c2"}), frozenset({"c1", "c2"}))
    ]
    assert len(set(keys)) == len(keys)
    assert OWN.scope_key == Viewer(user="bob", role="sales", customers=frozenset({"c2", "c1"})).scope_key


# Who looks after whom


def firm(customers: dict[str, str | None], **more: list[Row]) -> Firm:
    rows: dict[str, list[Row]] = {"sales_orders": [], "opportunities": [], "identities": [], **more}
    rows["customers"] = [{CUSTOMER: key, "owner_id": owner} for key, owner in customers.items()]
    return {name: table(name, *found) for name, found in rows.items()}


def test_a_customer_is_its_owners() -> None:
    tables = firm({"c1": "ada", "c2": "bob", "c3": "eve"})
    assert looked_after(["ada", "eve"], tables) == {"c1", "c3"}
    assert looked_after(["nobody"], tables) == NOBODY


def test_only_a_customer_without_owner_is_whose_orders_and_deals_it_has() -> None:
    tables = firm(
        {"c1": None, "c2": None, "c3": "bob", "c4": None},
        sales_orders=[
            {"sales_order_id": "1", CUSTOMER: "c1", "salesperson_id": "ada"},
            {"sales_order_id": "2", CUSTOMER: "c3", "salesperson_id": "ada"},
        ],
        opportunities=[{"opportunity_id": "1", CUSTOMER: "c2", "owner_id": "ada"}],
    )
    assert looked_after(["ada"], tables) == {"c1", "c2"}


@pytest.mark.parametrize(("state", "own"), [("joined", {"c1", "c2"}), ("suggested", {"c1"})])
def test_records_that_count_as_one_are_looked_after_together(state: str, own: set[str]) -> None:
    pair: list[Row] = [
        {"identity_id": key, "entity": "customer", "group_id": "c1", "record_id": key, "state": state}
        for key in ("c1", "c2")
    ]
    tables = firm({"c1": "ada", "c2": "bob", "c3": "bob"}, identities=pair)
    assert looked_after(["ada"], tables) == own
