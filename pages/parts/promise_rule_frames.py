"""What is kept of the firm's rules of promising: which hold, which cut-offs are over now, and their table."""

import polars as pl

from analytics.promise_rules import Rules
from answers import promise_rules
from display.tables import Shown
from display.tables import promise_rules as tables
from pages.parts.visit import Visit

Passed = tuple[tuple[str, str], ...]


def rules(visit: Visit) -> Rules:
    """The rules that stand."""
    return promise_rules.rules(visit.viewer, version=visit.version)


def passed(visit: Visit) -> Passed:
    """What has a cut-off that is over for today."""
    return promise_rules.passed(visit.viewer, version=visit.version)


def register(visit: Visit) -> pl.DataFrame:
    """The rules that stand, with names and who said them. Not kept: they are few."""
    return promise_rules.register(visit.viewer, version=visit.version)


def registered(visit: Visit) -> Shown:
    """The rules as a table."""
    return tables.rules(register(visit), visit.language, visit.zone)
