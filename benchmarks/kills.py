"""Kills refreshes at every step and at random moments while readers watch: python -m benchmarks.kills [--help].

Nothing may be torn, lost or doubled: every version that a reader opens is one of the two states, whole, and after each
kill the next run makes tables, histories and snapshot what they are in a twin that was never killed. It stops at the
first difference; otherwise it prints what was survived.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from tests import servers
from tests.refresh.deliveries import write
from tests.refresh.killing import Firm, Journey, Watched, delivery, killed_while_it_begins, watched

LONGEST_REFRESH = 0.8  # seconds within which a victim is killed at random
LONGEST_BEGINNING = 1.5

NewDatabase = Callable[[], str]


@contextmanager
def databases(kind: str) -> Iterator[NewDatabase]:
    """A maker of empty databases: none is needed for SQLite, which lies in the home."""
    if kind == "sqlite":
        yield str
        return
    with ExitStack() as stack:
        server = stack.enter_context(servers.postgres())
        yield lambda: stack.enter_context(servers.postgres_database(server, f"tandem_{uuid4().hex[:12]}"))


def killed_on_the_way(place: Path, new: NewDatabase, times: int, chance: random.Random) -> tuple[int, int, Watched]:
    """Kills at each step once and so many times at random; how many of each hit, and what the readers saw."""
    journey = Journey.begun(place, (new(), new()))
    with watched(journey.firm.home, journey.states) as seen:
        at_steps = sum(journey.go(at_step=number) for number in range(len(journey.steps)))
        at_random = sum(journey.go(after=chance.uniform(0, LONGEST_REFRESH)) for _ in range(times))
        journey.replay()
    assert seen.wrong == [], seen.wrong
    return at_steps, at_random, seen


def killed_at_the_beginning(place: Path, new: NewDatabase, times: int, chance: random.Random) -> int:
    """Kills new homes while their tables are made or first filled; how many hit."""
    twin = Firm(place / "twin", new())
    twin.load(write(place / "delivery", delivery(1)))
    moments = [chance.uniform(0, LONGEST_BEGINNING) for _ in range(times)]
    return sum(killed_while_it_begins(place / str(n), after, new(), twin) for n, after in enumerate(moments))


def main() -> None:
    """Prints one line per kind of kill."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--random", type=int, default=40, help="kills at random moments of a refresh")
    asked.add_argument("--beginnings", type=int, default=15, help="kills of new homes")
    asked.add_argument("--seed", type=int, default=7)
    told = asked.parse_args()
    chance, started = random.Random(told.seed), time.monotonic()  # noqa: S311  moments, no secrets
    with TemporaryDirectory() as place, databases(told.database) as new:
        at_steps, at_random, seen = killed_on_the_way(Path(place) / "way", new, told.random, chance)
        beginning = killed_at_the_beginning(Path(place) / "beginning", new, told.beginnings, chance)
    rows = {
        "killed at a step": at_steps,
        "killed at random": at_random,
        "killed in a new home": beginning,
        "reads meanwhile": seen.reads,
        "torn reads, lost or doubled rows": 0,
        "seconds": round(time.monotonic() - started),
    }
    print(told.database)
    for name, number in rows.items():
        print(f"  {name:<34}{number:>8,}")


if __name__ == "__main__":
    main()
