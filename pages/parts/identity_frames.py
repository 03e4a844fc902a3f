"""What is cached of identities; what was decided since is added in every run: a decision shows at once."""

import polars as pl

from analytics.access import Viewer, require
from answers import Snapshot, master_values
from answers import identities as answers
from display.tables import Shown
from display.tables import identities as tables
from pages.parts.cache import cached
from pages.parts.visit import Visit

RIGHT = "identities.decide"


@cached
def _doubtful(version: Snapshot, viewer: Viewer) -> pl.DataFrame:
    return answers.doubtful(viewer, version=version)


@cached
def _joined(version: Snapshot, viewer: Viewer) -> pl.DataFrame:
    return answers.joined(viewer, version=version)


@cached
def _others(version: Snapshot, viewer: Viewer, language: str) -> Shown:
    return tables.others(master_values.others(viewer, version=version), language)


@cached
def _one_record(version: Snapshot, viewer: Viewer, language: str) -> Shown:
    return tables.one_record(master_values.one_record(viewer, version=version), language)


@cached
def _counted(version: Snapshot, viewer: Viewer, language: str) -> Shown:
    return tables.counted(master_values.counted(viewer, version=version), language)


def doubtful(visit: Visit) -> pl.DataFrame:
    """One row per pair that is likely one."""
    return answers.with_verdicts(_doubtful(visit.version, require(visit.viewer, RIGHT)))


def joined(visit: Visit) -> pl.DataFrame:
    """One row per record of a group that counts as one."""
    return answers.with_partings(_joined(visit.version, require(visit.viewer, RIGHT)))


def decisions(visit: Visit) -> pl.DataFrame:
    """One row per decision. Never cached: they are few."""
    return answers.decisions(require(visit.viewer, RIGHT), version=visit.version)


def others(visit: Visit) -> Shown:
    """The values that give way to another system's, as a table."""
    return _others(visit.version, require(visit.viewer, RIGHT), visit.language)


def one_record(visit: Visit) -> Shown:
    """The values that count of joined records, as a table."""
    return _one_record(visit.version, require(visit.viewer, RIGHT), visit.language)


def counted(visit: Visit) -> Shown:
    """How many values differ by field, as a table."""
    return _counted(visit.version, require(visit.viewer, "health.read"), visit.language)
