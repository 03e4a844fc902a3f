"""How old the data is, in one line."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from analytics.freshness import STALE_AFTER
from display.numbers import age, instant
from display.tables.health import source_name
from display.words import say


def line(
    sources: pl.DataFrame,
    failing: Collection[str],
    made_at: datetime,
    now: datetime,
    language: str,
    zone: str | None,
    *,
    may_grow_old: bool = False,
) -> tuple[str, bool]:
    """What the data is as of, and whether it is stale: then with each stale source and its age, the oldest first.

    ``sources``: as in ``answers.freshness.aged``; without any, the age is that of the snapshot. ``may_grow_old``: the
    data is never stale.
    """
    latest = sources.get_column("since_at").max()
    as_of = latest if isinstance(latest, datetime) else made_at
    day, old = instant(as_of, language, zone), max(now - as_of, timedelta())
    stale = sources.filter(pl.col("is_stale") & (not may_grow_old)).sort(
        "age_minutes", "source", descending=[True, False]
    )
    if stale.height:
        told = " · ".join(_aged(source, failing, language) for source in stale.iter_rows(named=True))
        return say(language, "fresh.stale", day=day, sources=told), True
    if sources.is_empty() and old > STALE_AFTER and not may_grow_old:
        told = say(language, "fresh.snapshot", age=age(old, language))
        return say(language, "fresh.stale", day=day, sources=told), True
    return say(language, "fresh.as_of", day=day, age=age(old, language)), False


def _aged(source: Mapping[str, Any], failing: Collection[str], language: str) -> str:
    words = "fresh.failed" if source["source"] in failing else "fresh.source"
    old = age(timedelta(minutes=source["age_minutes"]), language)
    return say(language, words, source=source_name(source["source"], language), age=old)
