"""What a question can be narrowed to: keys and names that the viewer may know, on any page."""

from typing import Any

import pytest

from analytics.access import RIGHTS, NotAllowed, Viewer
from answers.choices import BUSINESS, choices
from tests.analytics.firm import Row, random_firm, table
from tests.answers.served import served

CATEGORIES: list[Row] = [{"category_id": "parts", "name": "Parts"}, {"category_id": "none", "name": "Without products"}]


def viewer(role: str = "owner", **fields: Any) -> Viewer:
    return Viewer(user="ada", role=role, **fields)


def serve() -> None:
    """A random firm whose customer lives in a region of its own, with one category and one main supplier."""
    tables = random_firm(1)
    offer = {"supplier_product_id": "o", "supplier_id": "v1", "product_id": "bolt"}
    served(
        tables
        | {
            "customers": table("customers", {"customer_id": "k1", "name": "Smith", "is_company": True, "region": "W"}),
            "product_categories": table("product_categories", *CATEGORIES),
            "products": table(
                "products",
                {"product_id": "bolt", "name": "Bolt", "kind": "storable", "category_id": "parts", "company_id": "*"},
            ),
            "supplier_products": table("supplier_products", offer),
        }
    )


def test_choices_are_keys_and_names_of_all_parts_of_the_firm() -> None:
    serve()
    found = choices(viewer())
    assert found["companies"].rows() == [("c1", "One"), ("c2", "Two")]
    assert found["sites"].rows() == [("north", "North"), ("shop", "Shop"), ("south", "South")]
    assert found["regions"].rows() == [("N", "N"), ("S", "S"), ("W", "W")]
    assert found["categories"].rows() == [("parts", "Parts")]
    assert found["suppliers"].rows() == [("v1", "Vendor 1")]


def test_what_rights_cut_away_cannot_be_chosen() -> None:
    serve()
    of_company = choices(viewer(companies=frozenset({"c2"})))
    assert (of_company["companies"]["key"].to_list(), of_company["sites"]["key"].to_list()) == (["c2"], ["shop"])
    of_region = choices(viewer(regions=frozenset({"S"})))
    assert (of_region["sites"]["key"].to_list(), of_region["regions"]["key"].to_list()) == (["shop", "south"], ["S"])


@pytest.mark.parametrize("role", RIGHTS)
def test_any_business_right_is_enough_and_none_is_refused(role: str) -> None:
    serve()
    if RIGHTS[role].intersection(BUSINESS):
        assert choices(viewer(role))["companies"].height == 2
    else:
        with pytest.raises(NotAllowed):
            choices(viewer(role))


def test_suppliers_are_told_to_those_who_see_what_is_bought_or_in_stock() -> None:
    serve()
    salesman = viewer("sales", without=frozenset({"inventory.read"}))
    assert choices(salesman)["suppliers"].is_empty()
    assert choices(viewer("sales"))["suppliers"].height == 1
    assert choices(salesman)["sites"].height == 3


@pytest.mark.parametrize("nobody", [None, "owner"])
def test_nobody_is_told_nothing(nobody: object) -> None:
    serve()
    with pytest.raises(NotAllowed):
        choices(nobody)  # type: ignore[arg-type]
