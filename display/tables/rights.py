"""The tables of Rights: which role has which right, and which page it opens."""

import functools
from collections.abc import Iterable

import polars as pl

from analytics.access import CAPABILITIES, RIGHTS
from display.tables import Column, Shown, Table, shown
from display.words import say

GRANTED = {"yes": "blue", "no": "gray"}
ROLES = tuple(Column(role, "chip", width=96, words="rights.granted.", colours=GRANTED) for role in RIGHTS)
MATRIX = Table("rights", (Column("right", width=120, pinned=True), *ROLES, Column("meaning", width=470)))
PAGES = Table("page_rights", (Column("page", width=190, pinned=True), *ROLES, Column("right", width=150)))


@functools.cache
def matrix(language: str) -> Shown:
    """One row per right: its name, what it allows, and for each role whether it has it."""
    named = {
        "right": [say(language, f"right.{capability}") for capability in CAPABILITIES],
        "meaning": [say(language, f"right.{capability}.help") for capability in CAPABILITIES],
    }
    return shown(MATRIX, pl.DataFrame(named | _granted(CAPABILITIES)), language)


def pages(needed: Iterable[tuple[str, str]], language: str) -> Shown:
    """One row per page, given as its name and the right it needs: for each role whether it opens."""
    return _pages(tuple(needed), language)


@functools.cache
def _pages(needed: tuple[tuple[str, str], ...], language: str) -> Shown:
    names, capabilities = zip(*needed, strict=True)
    named = {
        "page": [say(language, f"menu.{name}") for name in names],
        "right": [say(language, f"right.{capability}") for capability in capabilities],
    }
    return shown(PAGES, pl.DataFrame(named | _granted(capabilities)), language)


def _granted(capabilities: Iterable[str]) -> dict[str, list[bool]]:
    listed = list(capabilities)
    return {role: [capability in rights for capability in listed] for role, rights in RIGHTS.items()}
