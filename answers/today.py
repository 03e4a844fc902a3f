"""The rows behind a number, whatever it is made of: facts that are kept, or stock as it stands today."""

from collections.abc import Collection
from functools import lru_cache

import polars as pl

from analytics.access import Viewer
from analytics.metrics import Measure
from analytics.scope import Scope
from answers import Snapshot, inventory, stock
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


@lru_cache(maxsize=8)
def items(fact: str, viewer: Viewer, scope: Scope, version: Snapshot) -> pl.DataFrame:
    """The outlook on stock, or its positions: what several numbers and decisions are made of is worked out once."""
    answer = inventory.outlook if fact == "outlook" else stock.positions
    return answer(viewer, scope, version=version)


def _of_today(question: Asked, fact: str, member: Member | None) -> pl.LazyFrame:
    if member is not None and member.dimension not in OF_TODAY[fact]:
        raise NotKnownBy(member.dimension)
    found = items(fact, question.viewer, question.scope, question.version)
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in KEYS if name not in found.columns]
    shaped = found.with_columns(
        *missing,
        day_on=pl.lit(question.as_of),
        document=pl.col("sku"),
        record_id=pl.col("product_id"),
        one=pl.lit(1.0),
    )
    return of_member(shaped.lazy(), member)
