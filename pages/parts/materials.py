"""What production will lack, cached as in ``frames`` and by the study that told it; and how it is shown."""

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot
from answers import materials as answers
from display.tables import Shown
from display.tables import materials as looks
from pages.parts import export, states, tables
from pages.parts.cache import cached
from pages.parts.visit import Visit

RIGHT = "inventory.read"


@cached
def _shown(version: Snapshot, viewer: Viewer, scope: Scope, study: str, language: str) -> Shown:  # noqa: ARG001 - kept by it
    return looks.materials(answers.materials(viewer, scope, version=version), language)


def shown(visit: Visit) -> Shown:
    """The parts that production may lack, as a table."""
    return _shown(visit.version, require(visit.viewer, RIGHT), visit.scope, answers.made(), visit.language)


def section(visit: Visit) -> None:
    """The parts that production may lack, the first to run out first, with the products that they stop."""
    say, table = visit.say, shown(visit)
    export.heading(say("materials.title"), table, say("materials.title"), visit)
    none = say("materials.none") if answers.study() is not None else say("materials.working")
    tables.show(table, visit, key="materials", alt=say("materials.alt"), none=none, rows=10)
    states.note(say("materials.note"))
