"""Studies of a published snapshot: what is worked out after a refresh, by a process of its own, for pages to read."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from analytics.access import Viewer
from data_access import studies
from data_access.home import Home
from data_access.snapshot import Snapshot, current
from data_access.studies import Study
from refresh import (
    study_customers,
    study_forecasts,
    study_materials,
    study_offers,
    study_order_plans,
    study_promises,
    study_stock_outs,
    study_surges,
    study_voices,
)

LOG = logging.getLogger(__name__)
EVERYTHING = Viewer(user="tandem", role="owner")
OUR_FAULT = "It could not be worked out, by a fault of Tandem's own. The log says which."


@dataclass(frozen=True)
class StudyInput:
    """What a study knows: a snapshot without the cuts of rights, its last day, what earlier snapshots gave, and the
    home where people's rules stand; null for none."""

    snapshot: Snapshot
    as_of_on: date
    earlier: tuple[Study, ...] = ()
    home: Home | None = None

    def table(self, name: str, *, by_item: bool = False) -> pl.LazyFrame:
        """A unified table, whole."""
        return self.snapshot.table(name, EVERYTHING, by_item=by_item)

    def aggregate(self, name: str) -> pl.LazyFrame:
        """An aggregate, whole."""
        return self.snapshot.aggregate(name, EVERYTHING)


Worker = Callable[[StudyInput], Mapping[str, pl.DataFrame]]

# From a study to what works it out: frames by name, each with company_id and, where rights cut by it, region. Slow
# libraries are imported within: the terminal's other commands do not wait for them.
STUDIES: dict[str, Worker] = {
    "customers": study_customers.customers,
    "forecasts": study_forecasts.forecasts,
    "materials": study_materials.materials,
    "offers": study_offers.offers,
    "order_plans": study_order_plans.order_plans,
    "promises": study_promises.promises,
    "stock_outs": study_stock_outs.stock_outs,
    "surges": study_surges.surges,
    "voices": study_voices.said,
}


def missing(home: Home) -> list[str]:
    """The studies that the newest snapshot has not, and of which none failed; ``NoSnapshot`` where there is none."""
    snapshot = current(home)
    return [name for name in STUDIES if not _is_known(home, name, snapshot)]


def _is_known(home: Home, name: str, snapshot: Snapshot) -> bool:
    newest = studies.newest(home, name)
    is_made = newest is not None and newest.snapshot_id == snapshot.id
    return is_made or studies.failure(home, name, snapshot) is not None


def work_out(home: Home, names: Iterable[str] | None = None) -> dict[str, str | None]:
    """Works out studies of the newest snapshot, those that are missing if none is named: from each to why it failed,
    None where it went well. One that fails stops no other."""
    wanted = missing(home) if names is None else list(names)
    snapshot = current(home)
    return {name: _outcome(home, name, snapshot) for name in wanted}


def _outcome(home: Home, name: str, snapshot: Snapshot) -> str | None:
    try:
        asked = StudyInput(snapshot, last_day(snapshot), studies.kept(home, name), home)
        frames = STUDIES[name](asked)
        studies.save(home, name, snapshot, frames, as_of_on=asked.as_of_on, at=datetime.now(UTC))
    except Exception:  # what one study meets must not keep the others from being made
        LOG.exception("study of %s", name)
        studies.note_failure(home, name, snapshot, OUR_FAULT)
        return OUR_FAULT
    return None


def last_day(snapshot: Snapshot) -> date:
    """The day that the snapshot's data know last; the day on which it was made where no stock tells one."""
    known = snapshot.aggregate("stock_by_item", EVERYTHING).select(pl.col("as_of_on").max()).collect().item()
    return known if isinstance(known, date) else snapshot.made_at.date()
