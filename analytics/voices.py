"""What customers say on every channel: one row per ticket, conversation and feedback, with topic, tone and product.

What belongs to a ticket (its mails and calls, the complaint noted with it) counts once, as the ticket. Our own messages
are not theirs and are left out. A product that the record does not name is the one whose name the text holds.
"""

import math
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.demand import Tables, Types, living
from analytics.topics import TROUBLES, sentiment, topic

Numbers = NDArray[np.float64]
VOICES: Types = {
    "kind": pl.String,
    "record_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "customer_id": pl.String,
    "product_id": pl.String,
    "sales_order_id": pl.String,
    "channel": pl.String,
    "said_on": pl.Date,
    "topic": pl.String,
    "sentiment": pl.Int64,
}
WEEKS, LOOKED_AT = 104, 26
SHORTEST, LONGEST = 2, 12
LEAST, LEAST_TIMES, CLEAR = 8, 2.0, 12.0
PRIOR_WEEKS = 1.0
WAVES: Types = {
    "topic": pl.String,
    "group_key": pl.String,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "voices": pl.Int64,
    "expected": pl.Float64,
    "times": pl.Float64,
    "clear": pl.Float64,
}
NEEDS = ("tickets", "interactions", "feedback", "products")


def voices(tables: Tables) -> pl.DataFrame:
    """One row per thing that a customer said: see ``VOICES``; by day."""
    parts = {"ticket": _tickets(tables), "conversation": _conversations(tables), "feedback": _feedback(tables)}
    rows = pl.concat([part.with_columns(kind=pl.lit(kind)) for kind, part in parts.items()])
    named = _with_products(rows, tables["products"])
    text = pl.concat_str("subject", "text", separator=". ", ignore_nulls=True)
    judged = named.with_columns(topic=topic(text), sentiment=sentiment(text), said_on=pl.col("said_at").dt.date())
    told = judged.drop_nulls("topic").select(pl.col(name).cast(kind) for name, kind in VOICES.items())
    return told.sort("said_on", "kind", "record_id")


_SAID = ("company_id", "region", "customer_id", "product_id", "sales_order_id", "channel", "subject", "text")


def _tickets(tables: Tables) -> pl.DataFrame:
    rows = living(tables["tickets"]).filter(pl.col("status").cast(pl.String) != "cancelled")
    return _said(rows, record_id="ticket_id", said_at="opened_at", text="body")


def _conversations(tables: Tables) -> pl.DataFrame:
    theirs = (pl.col("direction").cast(pl.String) == "in").fill_null(value=True) & pl.col("ticket_id").is_null()
    rows = living(tables["interactions"]).filter(theirs).with_columns(product_id=pl.lit(None, dtype=pl.String))
    return _said(rows, record_id="interaction_id", said_at="occurred_at", text="body")


def _feedback(tables: Tables) -> pl.DataFrame:
    rows = living(tables["feedback"]).filter(pl.col("ticket_id").is_null())
    whole = rows.with_columns(subject=pl.lit(None, dtype=pl.String))
    return _said(whole, record_id="feedback_id", said_at="given_at", text="text")


def _said(rows: pl.DataFrame, *, record_id: str, said_at: str, text: str) -> pl.DataFrame:
    region = [] if "region" in rows.columns else [pl.lit(None, dtype=pl.String).alias("region")]
    named = rows.with_columns(*region, pl.col("channel").cast(pl.String), text=pl.col(text))
    return named.select(*_SAID, record_id=record_id, said_at=said_at)


def _with_products(rows: pl.DataFrame, products: pl.DataFrame) -> pl.DataFrame:
    """With the product that the text names, where the record names none: of several names, the longest at the first
    place; a name that two products have names none."""
    names = pl.concat([products.select("product_id", name=name) for name in ("name", "name_zh")]).drop_nulls()
    known = (
        names.filter(pl.col("name").str.len_chars() > 3)
        .unique("name", keep="none")
        .sort(pl.col("name").str.len_chars(), "name", descending=True)
    )
    if known.is_empty():
        return rows
    found = pl.col("text").str.extract_many(known["name"].to_list(), leftmost=True).list.first()
    asked = rows.with_columns(name=pl.when(pl.col("product_id").is_null()).then(found))
    joined = asked.join(known.rename({"product_id": "named_id"}), on="name", how="left", maintain_order="left")
    return joined.with_columns(product_id=pl.coalesce("product_id", "named_id")).drop("name", "named_id")


# What rises


def waves(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per topic of trouble and group of products about which far more was said for some weeks than else: see
    ``WAVES``, the clearest first.

    ``rows``: topic, group_key, said_on. Looked at are spans of two to twelve weeks within the last half year; expected
    is what the other weeks of two years (or of as many as there are) lead to expect. ``clear``: the logarithm of how
    much likelier the span's number is under its own rate; a wave has 12 of it, at least eight voices, and
    twice what was expected.
    """
    weeks_ago = (pl.lit(as_of) - pl.col("said_on")).dt.total_days() // 7
    known = rows.filter(pl.col("topic").is_in(TROUBLES)).drop_nulls("group_key").with_columns(week=weeks_ago)
    recent = known.filter(pl.col("week").is_between(0, WEEKS - 1))
    oldest = rows.select((pl.lit(as_of) - pl.col("said_on").min()).dt.total_days() // 7).item()
    if recent.is_empty():
        return pl.DataFrame(schema=WAVES)
    weeks = min(WEEKS, oldest + 1)
    counted = recent.group_by("topic", "group_key", "week").agg(voices=pl.len()).sort("topic", "group_key", "week")
    found = [
        {"topic": name, "group_key": group, **wave}
        for (name, group), part in counted.partition_by("topic", "group_key", as_dict=True).items()
        if (wave := _wave(part, weeks, as_of)) is not None
    ]
    told = pl.DataFrame(found, schema=WAVES)
    return told.sort(-pl.col("clear"), "topic", "group_key")


def _wave(part: pl.DataFrame, weeks: int, as_of: date) -> dict[str, object] | None:
    """The clearest span of one topic and group; nothing where none is clear."""
    counts = np.zeros(weeks)
    counts[part["week"].to_numpy()] = part["voices"].to_numpy()
    best: tuple[float, int, int, float] | None = None
    for first in range(min(LOOKED_AT, weeks)):
        for length in range(SHORTEST, min(LONGEST, weeks - first, LOOKED_AT - first) + 1):
            clear, expected = _clear(counts, first, length)
            if best is None or clear > best[0]:
                best = (clear, first, length, expected)
    if best is None:
        return None
    clear, first, length, expected = best
    voices = counts[first : first + length].sum()
    if clear < CLEAR or voices < LEAST or voices < LEAST_TIMES * expected:
        return None
    from_on, until_on = (as_of - timedelta(days=days) for days in (7 * (first + length) - 1, 7 * first))
    return {"from_on": from_on, "until_on": until_on, "voices": int(voices), "expected": expected,
            "times": voices / expected, "clear": clear}  # fmt: skip


def _clear(counts: Numbers, first: int, length: int) -> tuple[float, float]:
    """How clearly a span stands out, and what the other weeks lead to expect in it; a single voice in a week more than
    there was keeps what was never heard before from being a wonder."""
    inside = counts[first : first + length].sum()
    others = len(counts) - length
    rate = (counts.sum() - inside + PRIOR_WEEKS) / (others + PRIOR_WEEKS)
    expected = rate * length
    if inside <= expected:
        return 0.0, expected
    return float(inside * math.log(inside / expected) - (inside - expected)), float(expected)
