"""Errands: what an administrator wants to know before anything is loaded, done in a process of its own.

A page that asks can wait for it with a limit, and end it: no source keeps the server.
"""

import logging
import tempfile
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from data_access import looks, mapping_files
from data_access.home import Busy, Home, HomeUnavailable, served_home
from data_access.mapping import LINE, SourceRefused
from data_access.own_database import StoreUnavailable
from refresh import proposals
from refresh.run import Report, erase, rehearse
from refresh.sources import NotKnown, request_for

LOG = logging.getLogger("tandem.errands")
FAILED = "Tandem could not try this out, by a fault of its own. tandem.log says where; please report it."

Answer = dict[str, Any]


def done(asked: Mapping[str, Any]) -> Answer:
    """What came of an errand: of ``look`` (source, url), ``rehearsal`` (source, path, mapping), ``proposal`` (path).

    ``message`` is one sentence where it could not be done.
    """
    try:
        return ERRANDS[asked["errand"]](asked)
    except (SourceRefused, NotKnown) as error:
        return {"outcome": "rejected", "message": str(error)}
    except Exception as error:  # noqa: BLE001 - the edge of the process; its words might hold an address, and are not logged
        places = "".join(traceback.format_tb(error.__traceback__))
        LOG.error("errand %s: %s\n%s", asked["errand"], type(error).__name__, places)  # noqa: TRY400 - see above
        return {"outcome": "failed", "message": FAILED}


def _look(asked: Mapping[str, Any]) -> Answer:
    """Whether a database can be read: its tables with their rows, and what is absent."""
    look = looks.looked(asked["source"], asked["url"])
    tables = {name: {"read": rows} for name, rows in look.tables.items()}
    return {"outcome": "seen", "message": None, "tables": tables, "absent": list(look.absent)}


def _rehearsal(asked: Mapping[str, Any]) -> Answer:
    """What loading a delivery would bring: every row is read and checked, in an empty home that is thrown away."""
    mapping = asked.get("mapping")
    request = request_for(
        asked["source"],
        url=None,
        path=Path(asked["path"]),
        full=True,
        partial=False,
        confirmed=frozenset(),
        mapping=None if mapping is None else Path(mapping),
    )
    with tempfile.TemporaryDirectory(prefix="tandem-rehearsal-") as scratch:
        return told(rehearse(Home(Path(scratch), is_sample=True), request))


def told(report: Report) -> Answer:
    """A report as pages read it."""
    answer = report.as_json()
    return answer | {"notices": [notice["detail"] for notice in answer["notices"]]}


def _proposal(asked: Mapping[str, Any]) -> Answer:
    """What an unknown delivery seems to be, as a mapping file says it, with the first values of each column."""
    proposal = proposals.proposed(Path(asked["path"]))
    columns = {key: values for key, values in proposal.examples.items() if key[1] != LINE}
    examples = [[table, column, list(values)] for (table, column), values in columns.items()]
    tables = mapping_files.as_json(proposal.tables)
    return {"outcome": "seen", "message": None, "mapping": tables, "examples": examples, "notices": [*proposal.unread]}


def _erase(_asked: Mapping[str, Any]) -> Answer:
    """Carries out the erasures that people asked for, of the firm that is served."""
    try:
        erased = erase(served_home())
    except (Busy, HomeUnavailable, StoreUnavailable) as error:
        return {"outcome": "failed", "message": str(error)}
    return {"outcome": "erased", "message": None, "rows": sum(erased.rows.values()), "aside": erased.aside}


ERRANDS: Mapping[str, Callable[[Mapping[str, Any]], Answer]] = {
    "erase": _erase,
    "look": _look,
    "rehearsal": _rehearsal,
    "proposal": _proposal,
}
