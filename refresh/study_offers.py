"""The study of offers: what each customer may be offered next, of what stock can serve at a margin that is allowed."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from refresh.study_customers import in_own_currency, of_parties

if TYPE_CHECKING:
    from refresh.studies import StudyInput

LEAST_MARGIN = 0.1
LATELY_DAYS = 90
LEVELS = (("", ("company_id",)), ("_by_region", ("company_id", "region")))
OF = {"company_id": pl.String, "region": pl.String}
OFFERS = {
    **OF,
    **dict.fromkeys(("customer_id", "product_id"), pl.String),
    "place": pl.Int64,
    "chance": pl.Float64,
    **dict.fromkeys(("is_known", "is_control"), pl.Boolean),
    **dict.fromkeys(("expected_amount", "expected_margin"), pl.Float64),
    "currency": pl.String,
}


def offers(known: "StudyInput") -> Mapping[str, pl.DataFrame]:
    """Frames by name: offers (see ``analytics.next_offers.OFFERS``, with expected_amount and expected_margin in the
    currency of the company) and record (``RECORD``), each of companies and, with ``_by_region``, of their regions.

    Offered are active products with free stock, whose invoices of a year left a tenth at least; where no cost is known
    the margin does not count.
    """
    from analytics import next_offers

    lines = known.aggregate("fact_order_lines").drop_nulls(["customer_id", "product_id", "day_on"])
    ordered = of_parties(known, lines).filter(pl.col("day_on") <= known.as_of_on, pl.col("quantity") > 0)
    invoiced = in_own_currency(known, of_parties(known, known.aggregate("fact_invoice_lines")))
    kinds = known.table("products").select("product_id", kind="category_id").collect()
    allowed, made = _allowed(known, invoiced), dict[str, list[pl.DataFrame]]()
    for suffix, keys in LEVELS:
        made[f"offers{suffix}"] = [pl.DataFrame(schema=OFFERS)]
        made[f"record{suffix}"] = [pl.DataFrame(schema={**next_offers.RECORD, **OF})]
        for part in ordered.drop_nulls(keys).partition_by(keys, maintain_order=True):
            sold = invoiced.join(part.select(keys).unique(), on=keys, how="semi")
            told, record = _of_part(part, sold, kinds, allowed, known)
            made[f"offers{suffix}"].append(told)
            made[f"record{suffix}"].append(record)
    return {name: pl.concat(parts) for name, parts in made.items()}


def _of_part(
    part: pl.DataFrame, sold: pl.DataFrame, kinds: pl.DataFrame, allowed: pl.DataFrame, known: "StudyInput"
) -> tuple[pl.DataFrame, pl.DataFrame]:
    from analytics import next_offers

    company, region = part.select("company_id", "region").row(0)
    bought = part.select("customer_id", "product_id", "day_on")
    own = allowed.filter(pl.col("company_id") == company).get_column("product_id")
    found = next_offers.offers(bought, kinds, known.as_of_on, own)
    record = next_offers.record(bought, kinds, known.as_of_on)
    of = [pl.lit(value, dtype=OF[name]).alias(name) for name, value in zip(OF, (company, region), strict=True)]
    home = part.sort("day_on").group_by("customer_id").agg(pl.col("region").last())
    placed = found.join(home, on="customer_id", how="left", validate="m:1").with_columns(of[0])
    worth = placed.join(_worth(sold, known.as_of_on), on="product_id", how="left", validate="m:1").with_columns(
        (pl.col("chance") * pl.col(name)).alias(f"expected_{name}") for name in ("amount", "margin")
    )
    told = worth.select(pl.col(name).cast(kind) for name, kind in OFFERS.items())
    return told, record.with_columns(of)


def _worth(sold: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """By product what a customer that buys it spends on it in 90 days, and what that leaves; null where no cost is
    known."""
    since = as_of - timedelta(days=LATELY_DAYS)
    lately = sold.filter(pl.col("day_on").is_between(since, as_of, closed="right"))
    buyers = pl.col("customer_id").n_unique()
    each = [
        pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum() / buyers).alias(name)
        for name in ("amount", "margin")
    ]
    return lately.group_by("product_id").agg(*each, pl.col("currency").first())


def _allowed(known: "StudyInput", invoiced: pl.DataFrame) -> pl.DataFrame:
    """The products of each company that stock can serve, at a margin that is allowed: company_id, product_id."""
    keys = ["company_id", "product_id"]
    held = known.aggregate("stock_by_item").select(*keys, quantity=pl.col("on_hand").cast(pl.Float64)).collect()
    due = known.aggregate("open_demand").select(*keys, quantity=-pl.col("quantity").cast(pl.Float64)).collect()
    free = pl.concat([held, due]).group_by(keys).agg(pl.col("quantity").sum()).filter(pl.col("quantity") > 0)
    since = known.as_of_on - timedelta(days=365)
    year = invoiced.filter((pl.col("day_on") > since) & pl.col("margin").is_not_null())
    left = year.group_by(keys).agg(share=pl.col("margin").sum() / pl.col("amount").sum())
    poor = left.filter(pl.col("share") < LEAST_MARGIN)
    active = known.table("products").filter("is_active").select("product_id").collect()
    return free.join(active, on="product_id", how="semi").join(poor, on=keys, how="anti").select(keys)
