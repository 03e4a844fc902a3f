"""Who wrote: the customer of an address, as the systems know it."""

import polars as pl
import pytest

from analytics.writers import customers_of

CUSTOMERS = pl.DataFrame(
    [
        ("odoo:1", "info@acme.example", "odoo", "odoo:10"),
        ("odoo:2", "office@twins.example", "odoo", "*"),
        ("odoo:3", "shop@twins.example", "odoo", "*"),
        ("odoo:4", "bob@gmail.com", "odoo", "*"),
        ("salesforce:A", "ada@acme.example", "salesforce", "*"),
        ("files:X", "x@only.example", "files", "*"),
    ],
    schema=("customer_id", "email", "source", "company_id"),
    orient="row",
)
CONTACTS = pl.DataFrame({"customer_id": ["odoo:2", None], "email": ["tim@private.example", "lost@acme.example"]})


@pytest.mark.parametrize(
    ("address", "customer"),
    [
        ("INFO@acme.example", "odoo:1"),
        ("ada@acme.example", "salesforce:A"),
        ("eve@acme.example", "odoo:1"),
        ("office@twins.example", "odoo:2"),
        ("eve@twins.example", None),
        ("tim@private.example", "odoo:2"),
        ("bob@gmail.com", "odoo:4"),
        ("eve@gmail.com", None),
        ("eve@only.example", "files:X"),
        ("eve@nowhere.example", None),
        (None, None),
    ],
)
def test_an_address_says_more_than_a_domain_and_what_is_of_two_says_nothing(
    address: str | None, customer: str | None
) -> None:
    people = pl.DataFrame(
        {"contact_id": ["c"], "email": [address]}, schema={"contact_id": pl.String, "email": pl.String}
    )
    told = customers_of(people, CUSTOMERS, CONTACTS)
    assert told.get_column("customer_id").to_list() == [customer]
    assert told.get_column("company_id")[0] == ("odoo:10" if customer == "odoo:1" else "*" if customer else None)
