"""A firm that changed its ERP: which system counts before which day and which from it on, and what that leaves out.

Who manages sources declares it; how many rows count of each system belongs to the health of the data.
"""

from datetime import UTC, date, datetime

import polars as pl

from analytics.access import Viewer, require
from analytics.master_values import ERP, FILES, KINDS
from analytics.one_firm import COUNTS
from answers import NoSnapshot, Snapshot, snapshot
from data_access import audit, connections, work
from data_access.cutovers import Declared, declare, declared
from data_access.home import attempts, firm_home
from data_access.work import Asked

RIGHT, HEALTH = "sources.manage", "health.read"
EARLIEST, LATEST = date(1980, 1, 1), date(2100, 12, 31)
RULES = ("same", "unknown", "day")


class CutoverRefused(ValueError):
    """A change of systems cannot be declared so; ``rule``, one of ``RULES``, says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"The change is refused: {rule}.")
        self.rule = rule


def systems(viewer: Viewer) -> tuple[str, ...]:
    """The sources of the firm that may be an ERP: those that are connected or were loaded, by name."""
    require(viewer, RIGHT)
    named = {each.source for each in connections.connections(firm_home())} | set(attempts(firm_home()))
    return tuple(sorted(source for source in named if KINDS.get(source, FILES) in (ERP, FILES) and source in _WAYS))


_WAYS = frozenset(connections.WAYS) - {"conversations"}


def standing(viewer: Viewer) -> Declared | None:
    """What is declared now; None where the firm has changed nothing."""
    require(viewer, RIGHT)
    return declared(firm_home())


def change(viewer: Viewer, before: str, after: str, on: date | None) -> None:
    """Declares that ``before`` counts until the day before, and ``after`` from the day on; from the next refresh on,
    which is asked for. ``CutoverRefused`` says why it cannot be."""
    known = systems(viewer)
    if before == after:
        raise CutoverRefused("same")
    if not {before, after} <= set(known):
        raise CutoverRefused("unknown")
    if on is None or not EARLIEST <= on <= LATEST:
        raise CutoverRefused("day")
    _keep(viewer, Declared(before, after, on))


def take_back(viewer: Viewer) -> None:
    """From the next refresh on every system counts whole again."""
    require(viewer, RIGHT)
    _keep(viewer, None)


def _keep(viewer: Viewer, cutover: Declared | None) -> None:
    home, now = firm_home(), datetime.now(UTC)
    affected = cutover or declared(home)
    declare(home, viewer.user, now, cutover)
    told = "taken back" if cutover is None else f"{cutover.before} to {cutover.after} on {cutover.on}"
    audit.note(home, now, viewer.user, "cutover_declared", told)
    concerned = {affected.before, affected.after} if affected is not None else set()
    for each in connections.connections(home):
        if each.source in concerned and not each.is_paused:
            work.ask(home, each.connection_id, Asked())


def counts(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per table of which either system has rows, as ``analytics.one_firm.COUNTS`` says; none where the firm has
    changed nothing."""
    require(viewer, HEALTH)
    of = _version(version)
    if of is None or not of.has("aggregates/cutover"):
        return pl.DataFrame(schema=COUNTS)
    return of.aggregate("cutover", viewer).select(list(COUNTS)).collect()


def _version(version: Snapshot | None) -> Snapshot | None:
    try:
        return version or snapshot()
    except NoSnapshot:
        return None


__all__ = [
    "EARLIEST",
    "LATEST",
    "RULES",
    "CutoverRefused",
    "Declared",
    "change",
    "counts",
    "standing",
    "systems",
    "take_back",
]
