"""The tables of subscriptions: which there are, and what became of the issues of one."""

from datetime import date
from typing import Any

import polars as pl

from display.numbers import day
from display.tables import Column, Shown, Table, shown
from display.words import LANGUAGES, known, say

SUBSCRIPTIONS = Table(
    "subscriptions",
    (
        Column("report", width=180, pinned=True),
        Column("when", width=200),
        Column("state", width=150, words="subscriptions.state."),
        Column("next_at", "instant", width=140),
        Column("last_at", "instant", width=140),
        Column("to", width=200),
        Column("way", width=110, words="subscriptions.way."),
        Column("user", width=100),
        Column("format", width=80),
        Column("language", width=80),
    ),
)
ISSUES = Table(
    "issues",
    (
        Column("issue", width=180, pinned=True),
        Column("at", "instant", width=160),
        Column("state", width=170, words="subscriptions.state."),
        Column("detail", width=420),
    ),
)


def subscriptions(listed: pl.DataFrame, language: str, zone: str | None) -> Shown:
    """One row per subscription."""
    rows = listed.to_dicts()
    told = listed.with_columns(
        pl.Series("report", [called(row, language) for row in rows], pl.String),
        pl.Series("when", [when(row, language) for row in rows], pl.String),
        pl.Series("language", [LANGUAGES.get(row["language"]) for row in rows], pl.String),
        pl.Series("format", [row["format"].upper() for row in rows], pl.String),
    )
    return shown(SUBSCRIPTIONS, told, language, zone=zone)


def called(row: dict[str, Any], language: str) -> str:
    """The report of a subscription by its name; one's own by its title."""
    return row["title"] or say(language, f"report.{row['report']}")


def when(row: dict[str, Any], language: str) -> str:
    """When its issues come."""
    weekday = say(language, f"subscriptions.week.{row['day']}") if row["every"] == "weekly" else ""
    key = f"subscriptions.when.{row['every']}"
    return say(language, key, day=weekday, number=row["day"], time=row["time"])


def issues(lines: pl.DataFrame, language: str, zone: str | None) -> Shown:
    """One row per thing that became of an issue, the latest first."""
    told = [_why(detail, language) for detail in lines["detail"]]
    named = [_issue(issue, language) for issue in lines["issue"]]
    worded = lines.with_columns(pl.Series("issue", named, pl.String), pl.Series("detail", told, pl.String))
    return shown(ISSUES, worded, language, zone=zone)


def _issue(issue: str, language: str) -> str:
    """An issue by its day; one that somebody asked for says so."""
    on = day(date.fromisoformat(issue[:10]), language)
    return on if len(issue) == len("2026-11-23") else say(language, "subscriptions.asked", day=on)


def _why(detail: str, language: str) -> str:
    key = f"subscriptions.why.{detail}"
    return say(language, key) if known(key) else detail
