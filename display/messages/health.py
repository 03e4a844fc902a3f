"""What Data health says in words: whether the data can be relied on, and what to do where it cannot."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from analytics.freshness import STALE_AFTER
from display.messages import Card, Tone
from display.numbers import age, count, instant, percent
from display.tables.health import FAILURES, TROUBLES, is_stale, source_name
from display.words import say

COMMAND = "python cli.py sync {source}"


def _sum(frame: pl.DataFrame, column: str) -> int:
    return int(frame.get_column(column).sum())


def _names(frame: pl.DataFrame, language: str) -> str:
    return ", ".join(source_name(source, language) for source in frame.get_column("source"))


def title(sources: pl.DataFrame, tables: pl.DataFrame, language: str, zone: str | None) -> str:
    """The message of the page: the worst thing that is true, or that all is well."""
    if sources.is_empty():
        return say(language, "health.title.nothing")
    failed = sources.filter(pl.col("last_outcome").is_in(FAILURES))
    never, held = (
        failed.filter(pl.col("last_loaded_at").is_null()),
        failed.filter(pl.col("last_loaded_at").is_not_null()),
    )
    unbalanced = tables.filter(~pl.col("balanced")).height
    stale = sources.filter(is_stale()).sort("age_minutes", descending=True)
    aside = _sum(sources, "rows_quarantined")
    if held.height:
        loaded = instant(held.get_column("last_loaded_at").min(), language, zone)  # type: ignore[arg-type]
        return say(language, "health.title.failed", sources=_names(held, language), day=loaded)
    if never.height:
        return say(language, "health.title.never", sources=_names(never, language))
    if unbalanced:
        return say(language, "health.title.unbalanced", count=unbalanced)
    if stale.height:
        oldest = stale.row(0, named=True)
        return say(
            language, "health.title.stale", sources=source_name(oldest["source"], language), age=_age(oldest, language)
        )
    return say(language, "health.title.aside", count=aside) if aside else say(language, "health.title.calm")


def _age(source: Mapping[str, Any], language: str) -> str:
    return age(timedelta(minutes=source["age_minutes"]), language)


def caption(tables: pl.DataFrame, made_at: datetime, language: str, zone: str | None) -> str:
    """When the snapshot was made, when a source counts as stale, and how many tables were read."""
    limit = age(STALE_AFTER, language)
    number = say(language, "health.tables.count", count=tables.height)
    return say(language, "health.caption", made=instant(made_at, language, zone), limit=limit, tables=number)


def cards(sources: pl.DataFrame, tables: pl.DataFrame, language: str) -> tuple[Card, ...]:
    """What was read, what became of it, whether it adds up, and how old the oldest of it is."""
    read, loaded = _sum(sources, "rows_read"), _sum(sources, "rows_loaded")
    aside, twice = _sum(sources, "rows_quarantined"), _sum(sources, "rows_duplicate")
    share = percent(loaded / read, language) if read else say(language, "none")
    return (
        _card(
            "read",
            count(read, language),
            say(language, "health.card.read.note", sources=_names(sources, language)),
            language,
        ),
        _card("loaded", count(loaded, language), say(language, "health.card.loaded.note", share=share), language),
        _counted("quarantined", aside, language, "warn"),
        _counted("duplicates", twice, language, "quiet"),
        _balance(tables, language),
        _oldest(sources, language),
    )


def _card(name: str, value: str, note: str, language: str, tone: Tone = "quiet") -> Card:
    words = f"health.card.{name}"
    return Card(name, say(language, words), value, note, say(language, f"{words}.help"), tone)


def _counted(name: str, number: int, language: str, tone: Tone) -> Card:
    note = say(language, f"health.card.{name}.{'note' if number else 'none'}")
    return _card(name, count(number, language), note, language, tone if number else "quiet")


def _balance(tables: pl.DataFrame, language: str) -> Card:
    off = tables.filter(~pl.col("balanced")).height
    value = say(language, "health.card.balance.no", count=off) if off else say(language, "health.card.balance.yes")
    return _card("balance", value, say(language, "health.card.balance.note"), language, "bad" if off else "quiet")


def _oldest(sources: pl.DataFrame, language: str) -> Card:
    loaded = sources.drop_nulls("age_minutes").sort("age_minutes", descending=True)
    if loaded.is_empty():
        return _card("oldest", say(language, "none"), say(language, "none"), language)
    oldest = loaded.row(0, named=True)
    stale = oldest["age_minutes"] > STALE_AFTER.total_seconds() / 60
    return _card(
        "oldest",
        _age(oldest, language),
        source_name(oldest["source"], language),
        language,
        "warn" if stale else "quiet",
    )


def troubles(sources: pl.DataFrame, language: str, zone: str | None) -> list[str]:
    """For each source that failed or is stale: what happened, and what still holds."""
    return [text for source in sources.iter_rows(named=True) for text in _trouble(source, language, zone)]


def _trouble(source: Mapping[str, Any], language: str, zone: str | None) -> list[str]:
    if source["last_outcome"] in TROUBLES:
        kind = source["last_outcome"] if source["last_loaded_at"] is not None else "never"
        loaded = instant(source["last_loaded_at"], language, zone) if source["last_loaded_at"] is not None else ""
        when = instant(source["last_attempt_at"], language, zone)
        told = {"when": when, "message": _sentence(source["last_message"]), "loaded": loaded}
        return [f"{source_name(source['source'], language)}: {say(language, f'health.attempt.{kind}', **told)}"]
    if source["age_minutes"] is not None and source["age_minutes"] > STALE_AFTER.total_seconds() / 60:
        command = COMMAND.format(source=source["source"])
        return [
            say(
                language,
                "health.attempt.stale",
                source=source_name(source["source"], language),
                age=_age(source, language),
                command=command,
            )
        ]
    return []


def _sentence(text: str | None) -> str:
    stripped = (text or "").strip()
    return stripped if not stripped or stripped[-1] in ".!?。" else f"{stripped}."
