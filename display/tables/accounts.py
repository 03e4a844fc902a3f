"""The tables of accounts: who has one, and what was done."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.words import say

ACCOUNTS = Table(
    "accounts",
    (
        Column("user", width=180, pinned=True),
        Column("role", width=140, words="role."),
        Column("companies", width=160),
        Column("regions", width=160),
        Column("employees", width=160),
        Column("ends_on", "day", width=120),
        Column("is_locked", width=100, words="accounts.is_locked."),
    ),
)
DEEDS = Table(
    "audit",
    (
        Column("at", "instant", width=170, pinned=True),
        Column("user", width=180),
        Column("action", width=200, words="audit.action."),
        Column("subject", width=320),
    ),
)


def accounts(listed: pl.DataFrame, language: str) -> Shown:
    """One row per account."""
    everything = say(language, "accounts.everything")
    told = listed.with_columns(pl.col("companies", "regions", "employees").replace("*", everything))
    return shown(ACCOUNTS, told, language)


def deeds(listed: pl.DataFrame, language: str, zone: str | None) -> Shown:
    """One row per deed, the latest first."""
    return shown(DEEDS, listed, language, zone=zone)
