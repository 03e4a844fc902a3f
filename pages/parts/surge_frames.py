"""What is cached of surges and of product lives, as in ``frames``; by the study that told them, too."""

import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot
from answers import surges as answers
from display.tables import Shown
from display.tables import surges as tables
from pages.parts.cache import cached
from pages.parts.visit import Visit

RIGHT = "inventory.read"
MOVING = ("ending", "replaced", "fading", "rising", "new")


@cached
def _surges(version: Snapshot, viewer: Viewer, scope: Scope, study: str, item: str) -> pl.DataFrame:  # noqa: ARG001 - kept by it
    return answers.surges(viewer, scope, item, version=version)


@cached
def _surges_shown(version: Snapshot, viewer: Viewer, scope: Scope, study: str, item: str, language: str) -> Shown:
    return tables.surges(_surges(version, viewer, scope, study, item), language)


@cached
def _lives(version: Snapshot, viewer: Viewer, scope: Scope, study: str, item: str) -> pl.DataFrame:  # noqa: ARG001 - kept by it
    return answers.lives(viewer, scope, item, version=version)


@cached
def _lives_shown(
    version: Snapshot, viewer: Viewer, scope: Scope, study: str, item: str, look: tuple[str, bool]
) -> Shown:
    rows, (language, every) = _lives(version, viewer, scope, study, item), look
    return tables.lives(rows if every else rows.filter(pl.col("stage").is_in(list(MOVING))), language)


def _key(visit: Visit) -> tuple[Snapshot, Viewer, Scope, str]:
    return visit.version, require(visit.viewer, RIGHT), visit.scope, answers.made()


def is_known() -> bool:
    """Whether surges were worked out."""
    return answers.study() is not None


def surges(visit: Visit, item: str) -> pl.DataFrame:
    """What stands out, of all items or one."""
    return _surges(*_key(visit), item)


def surges_shown(visit: Visit, item: str) -> Shown:
    """The same as a table."""
    return _surges_shown(*_key(visit), item, visit.language)


def lives(visit: Visit, item: str) -> pl.DataFrame:
    """Where products stand in their life."""
    return _lives(*_key(visit), item)


def lives_shown(visit: Visit, item: str, *, every: bool) -> Shown:
    """The same as a table: every product, or only those whose stage asks for a look."""
    return _lives_shown(*_key(visit), item, (visit.language, every))
