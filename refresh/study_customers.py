"""The study of customers: what each will likely buy in the next 90 days, from the orders of a snapshot."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from analytics.money import daily_factors

if TYPE_CHECKING:
    from refresh.studies import StudyInput


def customers(known: "StudyInput") -> Mapping[str, pl.DataFrame]:
    """See ``studied`` and ``outlooks`` of ``analytics.clusters``, ``contracts``, ``customer_outlook``: amounts in the
    currency of each company, records that are known to be one customer under the smallest of their keys."""
    from analytics import clusters, contracts, customer_outlook

    lines = of_parties(known, known.aggregate("fact_order_lines").drop_nulls(["customer_id", "day_on"]))
    invoiced = of_parties(known, known.aggregate("sales_days"))
    ordered, margins = (
        in_own_currency(known, rows).select(pl.col(name).cast(kind) for name, kind in types.items())
        for rows, types in ((lines, customer_outlook.LINES), (invoiced, customer_outlook.MARGINS))
    )
    told = customer_outlook.outlooks(ordered, margins, known.as_of_on)
    return {**told, **contracts.studied(ordered, known.as_of_on), **clusters.studied(ordered, known.as_of_on)}


def of_parties(known: "StudyInput", rows: pl.LazyFrame) -> pl.DataFrame:
    """The rows with the key under which a customer's records are one."""
    joined = (pl.col("entity") == "customer") & (pl.col("state") == "joined")
    same = known.table("identities").filter(joined).unique("record_id", maintain_order=True)
    party = pl.col("record_id").min().over("group_id")
    parties = same.select(customer_id="record_id", party_id=party).collect()
    found = rows.collect().join(parties, on="customer_id", how="left", validate="m:1")
    return found.with_columns(customer_id=pl.coalesce("party_id", "customer_id")).drop("party_id")


def in_own_currency(known: "StudyInput", rows: pl.DataFrame) -> pl.DataFrame:
    """Amounts in the currency of each row's company; in that of most of its rows, where it states none. What no rate
    converts is left out."""
    rates = known.table("exchange_rates").collect()
    stated = known.table("companies").select("company_id", own="currency").collect()
    usual = rows.group_by("company_id").agg(usual=pl.col("currency").drop_nulls().mode().sort().first())
    owned = usual.join(stated, on="company_id", how="left", validate="1:1")
    named = owned.select("company_id", into=pl.coalesce("own", "usual")).drop_nulls()
    joined = rows.join(named, on="company_id", how="inner", validate="m:1")
    parts = [_converted(part, rates) for part in joined.partition_by("into", maintain_order=True)]
    return pl.concat(parts) if parts else joined.drop("into")


def _converted(rows: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    into = rows["into"][0]
    factors = daily_factors(rates, into, rows.select("currency", "day_on"))
    joined = rows.join(factors, on=("currency", "day_on"), how="inner", validate="m:1")
    amounts = [
        pl.col(name).cast(pl.Float64) * pl.col("factor") for name in ("amount", "margin") if name in rows.columns
    ]
    return joined.with_columns(amounts).with_columns(currency="into").drop("into", "factor")
