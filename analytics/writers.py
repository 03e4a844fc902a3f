"""Who wrote: which customer somebody is of whom only an address is known."""

import polars as pl

from analytics import business_keys as keys
from analytics.master_values import ERP, FILES, KINDS

PLACES = {ERP: 0, FILES: 2}
ADDRESS, DOMAIN = "address", "domain"


def customers_of(people: pl.DataFrame, customers: pl.DataFrame, contacts: pl.DataFrame) -> pl.DataFrame:
    """One row per person (contact_id) with customer_id and its company_id: null where nobody can say.

    ``people``: contact_id and email. ``customers`` (customer_id, email, source, company_id) and ``contacts``
    (customer_id, email) are what the other systems know. An address says more than the domain of a firm, an ERP system
    more than a CRM, and that more than files; what stands for two customers of one system says nothing there.
    """
    known = _known(customers, contacts)
    written = people.select("contact_id", address=keys.plain("email"), domain=keys.domain("email"))
    found = [
        written.join(_telling(known, by), on=by, how="inner", validate="m:m").with_columns(closeness=pl.lit(place))
        for place, by in enumerate((ADDRESS, DOMAIN))
    ]
    told = pl.concat([each.select("contact_id", "customer_id", "closeness", "place", "source") for each in found])
    first = told.sort("closeness", "place", "source", "customer_id").unique("contact_id", keep="first")
    with_company = first.join(
        customers.select("customer_id", "company_id"), on="customer_id", how="left", validate="m:1"
    ).select("contact_id", "customer_id", "company_id")
    return people.select("contact_id").join(with_company, on="contact_id", how="left", validate="1:1")


def _known(customers: pl.DataFrame, contacts: pl.DataFrame) -> pl.DataFrame:
    """Every address of a customer, its own and those of its people, with the system that has it and the system's
    place."""
    own = customers.select("customer_id", "email")
    people = contacts.select("customer_id", "email").drop_nulls("customer_id")
    addresses = pl.concat([own, people]).select("customer_id", address=keys.plain("email"), domain=keys.domain("email"))
    systems = customers.select("customer_id", "source")
    kind = pl.col("source").replace_strict(dict(KINDS), default=FILES)
    place = kind.replace_strict(PLACES, default=1, return_dtype=pl.Int64)
    return addresses.join(systems, on="customer_id", how="inner", validate="m:1").with_columns(place=place)


def _telling(known: pl.DataFrame, by: str) -> pl.DataFrame:
    """The customer of each address or domain in each system, where it is of one only."""
    of_one = pl.col("customer_id").n_unique() == 1
    said = known.drop_nulls(by).group_by(by, "source", "place").agg(pl.col("customer_id").min(), of_one.alias("of_one"))
    return said.filter("of_one").drop("of_one")
