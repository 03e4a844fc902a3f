"""The line that says how old the data is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.demand import Types
from analytics.freshness import STALE_AFTER
from answers.freshness import aged
from display.messages.freshness import line
from display.words import LANGUAGES

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
SCHEMA: Types = {
    "source": pl.String,
    "last_loaded_at": pl.Datetime("us", "UTC"),
    "source_as_of": pl.Datetime("us", "UTC"),
}


def told(
    *hours: tuple[str, float], failing: tuple[str, ...] = (), language: str = "en", **fields: Any
) -> tuple[str, bool]:
    rows = [(source, NOW - timedelta(hours=old), None) for source, old in hours]
    sources = aged(pl.DataFrame(rows, schema=SCHEMA, orient="row"), now=NOW)
    return line(sources, failing, fields.pop("made_at", NOW), NOW, language, "UTC", **fields)


def test_fresh_data_says_its_instant_and_its_age() -> None:
    assert told(("odoo", 3), ("hubspot", 5)) == ("Data as of 27 Nov 2026, 05:00 · 3 hours old", False)


def test_each_stale_source_is_named_with_its_age_the_oldest_first() -> None:
    text = "Data as of 27 Nov 2026, 05:00 · Salesforce is 3 days old · HubSpot is 27 hours old"
    assert told(("odoo", 3), ("hubspot", 27), ("salesforce", 72)) == (text, True)


def test_a_source_that_failed_keeps_what_it_brought_and_says_so_once_that_is_stale() -> None:
    stale = "Data as of 26 Nov 2026, 05:00 · Odoo is 27 hours old, its last refresh failed"
    assert told(("odoo", 27), failing=("odoo",)) == (stale, True)
    assert told(("odoo", 3), failing=("odoo",))[1] is False


def test_chinese_is_chinese() -> None:
    text = "数据截至2026年11月26日 05:00 · Odoo已有27小时未更新，上次刷新失败"
    assert told(("odoo", 27), failing=("odoo",), language="zh") == (text, True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("known", [(), (("odoo", 100.0),)])
def test_what_may_grow_old_is_never_stale(known: tuple[tuple[str, float], ...], language: str) -> None:
    old = NOW - timedelta(days=400)
    text, is_stale = told(*known, language=language, made_at=old, may_grow_old=True)
    assert not is_stale
    assert text == told(*known, language=language, made_at=old, may_grow_old=True)[0]


@pytest.mark.parametrize(("late", "is_stale"), [(timedelta(), False), (timedelta(seconds=1), True)])
def test_without_a_source_the_snapshot_itself_grows_old(late: timedelta, is_stale: bool) -> None:
    assert told(made_at=NOW - STALE_AFTER - late)[1] == is_stale


def test_a_clock_ahead_of_ours_makes_no_negative_age() -> None:
    assert told(("odoo", -5))[0].endswith("1 minute old")
