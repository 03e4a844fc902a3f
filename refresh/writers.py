"""Conversations without a customer: the customer is whose address wrote, as the other systems know it.

Found anew in every refresh from what the tables hold, whichever source was refreshed: the order of loads is the same.
"""

import polars as pl

from analytics.tables import SHARED, TABLES
from analytics.writers import customers_of
from data_access.sources.conversations import SOURCE
from data_access.store import Load

LIVING = "deleted_at IS NULL"
CUSTOMER = "customer_id"
OWN = "source = :source AND deleted_at IS NULL"


def with_writers(tables: dict[str, pl.DataFrame], load: Load) -> dict[str, pl.DataFrame]:
    """The tables with ``customer_id`` of people known by their conversations, and of what they said."""
    people = _after("contacts", ("contact_id", "email", CUSTOMER, "source"), tables, load, SOURCE)
    if people.is_empty():
        return tables
    customers = _after("customers", (CUSTOMER, "email", "source", "company_id"), tables, load)
    contacts = _after("contacts", ("contact_id", CUSTOMER, "email", "source"), tables, load)
    others = contacts.filter(pl.col("source") != SOURCE)
    told = customers_of(people.select("contact_id", "email"), customers, others)
    return tables | {name: _told(name, tables, load, told) for name in ("contacts", "interactions")}


def _after(
    table: str, columns: tuple[str, ...], tables: dict[str, pl.DataFrame], load: Load, source: str | None = None
) -> pl.DataFrame:
    """The living rows as this load leaves them: the stored ones, those that it brings in their place."""
    stored = load.read(table, columns, where=OWN, source=source) if source else load.read(table, columns, where=LIVING)
    brought = tables.get(table)
    if brought is None or brought.is_empty():
        return stored
    own = brought if source is None else brought.filter(pl.col("source") == source)
    stay = stored.join(brought, on=TABLES[table].primary_key(), how="anti")
    return pl.concat([stay, own.select(columns)], how="vertical_relaxed")


def _told(table: str, tables: dict[str, pl.DataFrame], load: Load, told: pl.DataFrame) -> pl.DataFrame:
    """The rows that came, and the stored ones whose customer is another one now."""
    key = TABLES[table].primary_key()[0]
    came = tables.get(table)
    columns = tuple(dict.fromkeys((key, "contact_id", CUSTOMER)))
    stored = load.read(table, columns, where=OWN, source=SOURCE)
    known = stored.join(told.select("contact_id", now=CUSTOMER), on="contact_id", how="inner", validate="m:1")
    changed = known.filter(pl.col(CUSTOMER).ne_missing(pl.col("now"))).select(key)
    rows = [] if came is None else [came]
    if changed.height:
        again = load.read(table, where=OWN, source=SOURCE).join(changed, on=key, how="semi")
        rows.append(again if came is None else again.join(came, on=key, how="anti"))
    whole = pl.concat(rows, how="diagonal") if rows else stored.clear()
    return _filled(whole, told) if whole.height else whole


def _filled(rows: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Rows of conversations with the customer of who wrote; the company is the customer's, so that rights cut them."""
    is_own = (pl.col("source") == SOURCE) & pl.col("contact_id").is_not_null()
    named = told.select("contact_id", _customer=CUSTOMER, _company="company_id")
    joined = rows.join(named, on="contact_id", how="left", validate="m:1", maintain_order="left")
    customer = pl.when(is_own).then(pl.col("_customer")).otherwise(pl.col(CUSTOMER))
    company = pl.when(is_own).then(pl.col("_company").fill_null(SHARED)).otherwise(pl.col("company_id"))
    return joined.with_columns(customer.alias(CUSTOMER), company.alias("company_id")).drop("_customer", "_company")


__all__ = ["with_writers"]
