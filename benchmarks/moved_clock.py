"""One refresh by a clock that is so many days off: ``python -m benchmarks.moved_clock DAYS HOME DELIVERY``.

Part of ``benchmarks.faults``. The clock is moved for Tandem's own modules in this process alone. It ends with 1 where
the refresh was not loaded, or where the worker, asked at that clock, would wait for a day that is not near.
"""

import sys
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from data_access import connections, schedule, work
from data_access.home import Home
from refresh import worker
from refresh.run import refresh
from tests.refresh.deliveries import request

OURS = ("analytics", "answers", "data_access", "refresh")
SOON = timedelta(minutes=20)


class _AnyInstant(type):
    """Instants that were made by either class are instants."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


def moved(days: int) -> type[datetime]:
    """A datetime whose ``now`` is so many days off."""

    class Moved(datetime, metaclass=_AnyInstant):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=days)

    return Moved


def main() -> None:
    """Says when it was for Tandem, and what came of it."""
    days, home, delivery = int(sys.argv[1]), Home(Path(sys.argv[2])), Path(sys.argv[3])
    clock = moved(days)
    for name, module in sys.modules.items():
        if name.partition(".")[0] in OURS and getattr(module, "datetime", None) is datetime:
            vars(module)["datetime"] = clock
    place = connections.Place(path=str(delivery))
    known = connections.connections(home)
    connection = known[0] if known else connections.add(home, "Exports", "files", place, at=clock.now(UTC))
    next_at = schedule.due_at(connection, work.outcomes(home).get(connection.connection_id), clock.now(UTC))
    is_soon = next_at is not None and next_at - clock.now(UTC) <= SOON
    report = refresh(home, request(delivery))
    worker.refreshed(home, connection)
    ended = work.outcomes(home)[connection.connection_id]
    due = "soon" if is_soon else next_at
    print(f"a clock {days:+} days off: {report.outcome}; the worker was due {due}: {ended.outcome}")
    sys.exit(not (is_soon and report.outcome == "loaded" and ended.outcome in {"loaded", "unchanged"}))


if __name__ == "__main__":
    main()
