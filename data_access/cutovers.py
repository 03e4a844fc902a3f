"""What a firm declared of a change of its ERP: kept in the journal, so that it can be taken back."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from data_access.home import Home
from data_access.journal import Journal

SUBJECT = "cutovers"


@dataclass(frozen=True)
class Declared:
    """The source that counts before the day ``on``, and the one that counts from that day on."""

    before: str
    after: str
    on: date


def declared(home: Home) -> Declared | None:
    """What stands now: the latest declaration, unless it was taken back."""
    entries = Journal(home, SUBJECT).entries()
    what = entries[-1].what if entries else {}
    return Declared(what["before"], what["after"], date.fromisoformat(what["on"])) if "on" in what else None


def declare(home: Home, user: str, at: datetime, cutover: Declared | None) -> None:
    """Keeps a declaration in place of any earlier one; None takes it back."""
    what = {} if cutover is None else asdict(cutover) | {"on": cutover.on.isoformat()}
    Journal(home, SUBJECT).append(user, at, what)
