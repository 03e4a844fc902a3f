"""Refreshes that are killed at a chosen step or moment, readers that watch meanwhile, and what must stand afterwards.

A firm goes to and fro between two states. Each way it is killed on the way, then runs once undisturbed; a twin goes the
same way without being killed. Afterwards both must hold the same, and no reader may ever have seen anything but one of
the two states, whole.
"""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from analytics.tables import TABLES
from data_access import snapshot
from data_access.ddl import HISTORY, WITHOUT_HISTORY
from data_access.home import Home, firm_home
from data_access.snapshot import NoSnapshot
from data_access.store import Store
from refresh.run import Report, refresh
from tests.refresh.deliveries import BOMS, OWNER, STOCK, customers, lines, orders, products, request, table, write

# A process that is forked while Polars has threads hangs: each victim is a new interpreter.
PROCESSES = multiprocessing.get_context("spawn")

WATCHED = {
    "customers": (),
    "products": (),
    "sales_orders": ("amount_untaxed",),
    "sales_order_lines": ("amount_untaxed", "quantity"),
    "inventory_levels": ("on_hand",),
}
REST = 0.1  # seconds between two reads of a reader, which would take a whole core otherwise
OF_THE_RUN = {"load_id", "replaced_at", "replaced_by_load", "quarantine_id", "quarantined_at"}
UNCOMPARED = {"sync_runs"}


def delivery(seed: int) -> dict[str, str | bytes]:
    """One state of a firm: thirty customers, eighty orders, two hundred lines; some rows are spoiled, some wait."""
    chance = random.Random(seed)  # noqa: S311  a firm for a test
    goods = [f"P{number:02}" for number in range(1, 16 + seed)]
    people = [f"C{number:02}" for number in range(1, 30 - seed)]
    sold = [f"S{number:03},{chance.choice([*people, 'C99'])}" for number in range(1, 80)]
    prices = ("9.99", "0.335", "120", "oops", "1e15")
    asked = [f"S{chance.randint(1, 79):03},{chance.choice(goods)}" for _ in range(1, 200 + 10 * seed)]
    rows = [f"L{number:03},{what},{chance.randint(1, 9)},{chance.choice(prices)}" for number, what in enumerate(asked)]
    return {
        "products": products(*goods),
        "customers": customers(*people, country="DE" if seed % 2 else "FR"),
        "sales_orders": orders(*sold),
        "sales_order_lines": lines(*rows),
        "boms": table(
            BOMS, *(f"P{chance.randint(1, 5):02},P{chance.randint(6, 12):02},{seed},2025-01-01," for _ in "123")
        ),
        "inventory_levels": table(STOCK, *(f"{key},W1,2026-02-0{seed},{chance.randint(0, 50)},0" for key in goods)),
    }


State = tuple[tuple[str, int, str], ...]


def served(home: Home) -> State | None:
    """What is served just now: rows and sums of a few tables, as a reader sees them. None before there is anything.

    Raises AssertionError where the version does not hold what its own manifest says, or orders are not their lines.
    """
    try:
        opened = snapshot.current(home)
    except NoSnapshot:
        return None
    found = []
    for name, columns in WATCHED.items():
        frame = opened.table(name, OWNER).collect()
        assert frame.height == opened.rows(f"tables/{name}"), (
            f"{name} of {opened.id} is not as long as its manifest says"
        )
        found.append((name, frame.height, " ".join(str(frame.get_column(column).sum()) for column in columns)))
    sums = {name: total.partition(" ")[0] for name, _, total in found}
    assert Decimal(sums["sales_orders"]) == Decimal(sums["sales_order_lines"]), (
        f"orders of {opened.id} are not their lines"
    )
    return tuple(found)


def _watch(folder: Path, states: list[State | None], results: Connection) -> None:
    """Reads again and again, as a new process each time, until the other end of the pipe says stop."""
    reads, wrong = 0, []
    home = Home(folder)
    while not results.poll(REST):
        snapshot._verified.cache_clear()
        state = served(home)
        reads += 1
        if state not in states:
            wrong.append(state)
    results.send((reads, wrong))


@dataclass
class Watched:
    """What the readers saw: how often they read, and every state that was neither of the two."""

    reads: int = 0
    wrong: list[Any] = field(default_factory=list)


@contextmanager
def watched(home: Home, states: list[State | None], readers: int = 2) -> Iterator[Watched]:
    """Readers in processes of their own, while the block runs."""
    seen, open_ends = Watched(), []
    for _ in range(readers):
        ours, theirs = PROCESSES.Pipe()
        process = PROCESSES.Process(target=_watch, args=(home.folder, states, theirs), daemon=True)
        process.start()
        open_ends.append((process, ours))
    yield seen
    for process, ours in open_ends:
        ours.send("stop")
        reads, wrong = ours.recv()
        process.join()
        seen.reads += reads
        seen.wrong += wrong


def _run(place: Path, path: Path, url: str, kill_at: int | None, started: Connection) -> None:
    """The victim: a refresh that kills itself at its n-th step."""
    os.environ |= {"TANDEM_HOME": str(place), "TANDEM_DATABASE_URL": url}
    steps = iter(range(1_000_000))

    def step(_name: str) -> None:
        if next(steps) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    started.send("started")
    refresh(firm_home(), request(path), step=step)


@dataclass
class Firm:
    """A home with a database, the two deliveries between which it goes, and what it has gone through."""

    folder: Path
    url: str = ""

    @property
    def home(self) -> Home:
        """The home of the firm."""
        return Home(self.folder)

    @property
    def database(self) -> str:
        """Where its tables are."""
        return self.url or self.home.database_url

    @contextmanager
    def own_database(self) -> Iterator[None]:
        """While the block runs, the home's tables are where they belong."""
        with _environment(self.url):
            yield

    def load(self, path: Path, step: Callable[[str], None] = lambda _name: None) -> Report:
        """An undisturbed refresh in this process."""
        with self.own_database():
            report = refresh(self.home, request(path), step=step)
        assert report.outcome == "loaded", report.message
        return report

    def killed(self, path: Path, *, at_step: int | None = None, after: float | None = None) -> bool:
        """A refresh in a process of its own, killed at its n-th step or so many seconds after it began; whether it was
        killed before it had finished."""
        ours, theirs = PROCESSES.Pipe()
        process = PROCESSES.Process(target=_run, args=(self.folder, path, self.url, at_step, theirs))
        process.start()
        theirs.close()
        ours.recv()
        if after is not None:
            time.sleep(after)
            process.kill()
        process.join()
        return process.exitcode == -signal.SIGKILL

    def holds(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table and its history, without what only tells which run wrote it."""
        store = Store(self.database)
        names = [name for name in TABLES if name not in UNCOMPARED]
        names += [name + HISTORY for name in names if name not in WITHOUT_HISTORY]
        try:
            with store.engine.connect() as connection:
                return {name: _rows(connection, name) for name in names}
        finally:
            store.close()


def _rows(connection: sa.Connection, name: str) -> list[tuple[Any, ...]]:
    found = connection.exec_driver_sql(f"SELECT * FROM {name}")
    kept = [position for position, column in enumerate(found.keys()) if column not in OF_THE_RUN]
    gone = list(found.keys()).index("deleted_at")
    rows = [tuple(row[p] is not None if p == gone else row[p] for p in kept) for row in found]
    return sorted(rows, key=repr)


@contextmanager
def _environment(url: str) -> Iterator[None]:
    """The database's address, for as long as the block runs."""
    before = os.environ.get("TANDEM_DATABASE_URL")
    os.environ["TANDEM_DATABASE_URL"] = url
    try:
        yield
    finally:
        if before is None:
            del os.environ["TANDEM_DATABASE_URL"]
        else:
            os.environ["TANDEM_DATABASE_URL"] = before


@dataclass
class Journey:
    """A firm and its twin on their way to and fro between two states."""

    firm: Firm
    twin: Firm
    deliveries: tuple[Path, Path]
    states: list[State | None] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    at: int = 0

    @classmethod
    def begun(cls, place: Path, urls: tuple[str, str] = ("", "")) -> "Journey":
        """Both firms have been to and fro, so that each state is what it will be every time, and are in the first."""
        first, second = (write(place / name, delivery(seed)) for seed, name in ((1, "first"), (2, "second")))
        journey = cls(Firm(place / "firm", urls[0]), Firm(place / "twin", urls[1]), (first, second))
        for path in (first, second, first, second, first):
            journey.steps.clear()
            journey.twin.load(path, journey.steps.append)
            journey.firm.load(path)
            journey.states = [served(journey.firm.home), *journey.states[:1]]
        assert journey.states[0] != journey.states[1]
        assert journey.firm.holds() == journey.twin.holds()
        return journey

    @property
    def next(self) -> Path:
        """The delivery of the other state."""
        return self.deliveries[1 - self.at]

    def go(self, *, at_step: int | None = None, after: float | None = None) -> bool:
        """To the other state, killed on the way; then the firm holds what its twin holds. Whether it was killed."""
        was_killed = self.firm.killed(self.next, at_step=at_step, after=after)
        snapshot._verified.cache_clear()
        assert served(self.firm.home) in self.states
        self.firm.load(self.next)
        self.twin.load(self.next)
        self.at = 1 - self.at
        assert served(self.firm.home) == self.states[self.at]
        assert self.firm.holds() == self.twin.holds()
        return was_killed

    def replay(self) -> None:
        """The same delivery once more changes nothing."""
        before = self.firm.holds()
        self.firm.load(self.deliveries[self.at])
        assert self.firm.holds() == before
        assert served(self.firm.home) == self.states[self.at]


def killed_while_it_begins(place: Path, after: float, url: str = "", twin: Firm | None = None) -> bool:
    """A new home, killed while its tables are being made or first filled; the next run makes it whole."""
    path = write(place / "delivery", delivery(1))
    firm = Firm(place / "home", url)
    was_killed = firm.killed(path, after=after)
    firm.load(path)
    if twin is not None:
        assert firm.holds() == twin.holds()
        assert served(firm.home) == served(twin.home)
    return was_killed
