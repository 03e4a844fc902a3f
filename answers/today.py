"""The rows behind a number, whatever it is made of: facts that are kept, or stock as it stands today."""

from collections.abc import Collection

import polars as pl

from analytics.metrics import Measure
from answers import inventory, stock
from answers.asked import KEYS_OF_ALL, OF_TODAY, Asked, Member, NotKnownBy, kept_rows, of_member

KEYS = ("company_id", "customer_id", "segment", "site_id", "salesperson_id", "region")


def rows(
    question: Asked, measure: Measure, member: Member | None = None, keys: Collection[str] = KEYS_OF_ALL
) -> pl.LazyFrame:
    """The rows of a measure: of its fact of all days, see ``answers.asked.kept_rows``; or of stock today, one row per
    item, or per item, site and company. Raises ``NotKnownBy``."""
    if measure.fact in OF_TODAY:
        return _of_today(question, measure.fact, member)
    return kept_rows(question, measure, member, keys)


def _of_today(question: Asked, fact: str, member: Member | None) -> pl.LazyFrame:
    if member is not None and member.dimension not in OF_TODAY[fact]:
        raise NotKnownBy(member.dimension)
    answer = inventory.outlook if fact == "outlook" else stock.positions
    found = answer(question.viewer, question.scope, version=question.version)
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in KEYS if name not in found.columns]
    shaped = found.with_columns(
        *missing,
        day_on=pl.lit(question.as_of),
        document=pl.col("sku"),
        record_id=pl.col("product_id"),
        one=pl.lit(1.0),
    )
    return of_member(shaped.lazy(), member)
