"""Breaks refreshes in every way that a firm's machines break them: ``python -m benchmarks.faults [NAME ...] [--help]``.

A source's backend killed, its line cut, a server that says nothing more, a right that is lost, a row that is committed
late, clocks that are moved, a full disk, flipped bits, readers meanwhile. Of each it prints how often it was done, what
the administrator is told, whether the last good data was served meanwhile, how many rows were lost, and whether the
next refresh healed it by itself. It ends with 1 where one of these is wrong. Kills are in ``benchmarks.kills``.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import psycopg

from data_access import snapshot
from data_access.extract import read_from
from data_access.home import Home
from data_access.mapping import Reading
from data_access.postgresql import connected
from data_access.sources import odoo
from data_access.store import Store
from refresh.run import Report, Request, refresh
from tests import servers
from tests.data_access.relay import Relay, relayed
from tests.data_access.sources.odoo_firm import write_firm
from tests.data_access.sources.odoo_writer import Odoo
from tests.refresh.deliveries import OWNER, request, write
from tests.refresh.killing import Firm, State, delivery, served, watched

PARTNERS, NEW_PARTNERS = 60_000, 50
SILENT_SECONDS = 15.0
READER = "tandem_reader"
NOTHING = "(nothing: it was loaded)"


@dataclass
class Outcome:
    """What came of one kind of fault: how often each sentence was told, and what was wrong, which is nothing."""

    times: int = 0
    told: Counter[str] = field(default_factory=Counter)
    not_served: int = 0
    wrong: int = 0
    rows_lost: int = 0
    not_healed: int = 0

    def add(
        self, said: str | None, *, is_served: bool, is_wrong: bool = False, lost: int = 0, is_healed: bool = True
    ) -> None:
        """One fault more; ``is_wrong``: something was served that never was the firm's."""
        self.times += 1
        self.not_served += not is_served
        self.wrong += is_wrong
        self.rows_lost += lost
        self.not_healed += not is_healed
        self.told[said or NOTHING] += 1

    @property
    def is_right(self) -> bool:
        """Whether nothing was lost and nobody saw a traceback."""
        sentences = not any("Traceback" in said or "report it" in said for said in self.told)
        return sentences and not (self.wrong or self.rows_lost or self.not_healed)


@dataclass
class Shop:
    """A firm with an Odoo on a PostgreSQL, in which something new happens before each fault."""

    home: Home
    url: str
    sent: int = 0

    def sell(self, write_date: str = "now() at time zone 'utc'") -> None:
        """Some customers more, stamped so."""
        self.sent += 1
        self.run(_partners(NEW_PARTNERS, f"New {self.sent}", write_date))

    def run(self, statement: str) -> None:
        """Any SQL on the Odoo."""
        with psycopg.connect(servers.driverless(self.url), autocommit=True) as connection:
            connection.execute(statement.encode())

    def refreshed(self, url: str | None = None, *, full: bool = False) -> Report:
        """Reads it at its address or another one."""
        return refresh(self.home, Request(source="odoo", read=partial(odoo.read, url or self.url), full=full))

    def impatient(self, url: str) -> Report:
        """Reads it whole, and leaves a server that says nothing after some seconds, not after minutes."""

        def read(_since: str | None) -> Reading:
            with connected(url, silent_seconds=SILENT_SECONDS) as database:
                return replace(read_from(database, odoo.ODOO), rewinds_stock=True)

        return refresh(self.home, Request(source="odoo", read=read, full=True))

    @property
    def served(self) -> str:
        """The version that is served."""
        snapshot.forget_seen()
        return snapshot.current(self.home).id

    def lost(self) -> int:
        """How many customers of the Odoo are not shown, or shown and not in it."""
        snapshot.forget_seen()
        shown = snapshot.current(self.home).table("customers", OWNER).select("source_id").collect().to_series()
        with psycopg.connect(servers.driverless(self.url)) as connection:
            rows = connection.execute("select id::text from res_partner where customer_rank > 0").fetchall()
        meant = {key for (key,) in rows}
        return len(meant - set(shown)) + shown.len() - shown.n_unique()


def _partners(count: int, name: str, write_date: str) -> str:
    columns = "id, name, ref, is_company, active, commercial_partner_id, customer_rank, create_date, write_date"
    values = f"m + n, '{name} ' || n, repeat('x', 300), true, true, m + n, 1, {write_date}, {write_date}"
    return f"insert into res_partner ({columns}) select {values} from generate_series(1, {count}) n, {_LARGEST}"


_LARGEST = "(select max(id) as m from res_partner) largest"


@contextmanager
def shop(place: Path, server: str) -> Iterator[Shop]:
    """The Odoo of the tests with many customers more, loaded once."""
    with servers.postgres_database(server, "tandem_faults") as url:
        odoo_firm = write_firm(Odoo(url))
        odoo_firm.close()
        found = Shop(Home(place / "shop"), url)
        found.run(_partners(PARTNERS, "Customer", "timestamp '2026-01-05'"))
        first = found.refreshed()
        assert first.outcome == "loaded", first.message
        yield found


def _while_reading(shop: Shop, outcome: Outcome, places: int, told: Callable[[], Mapping[str, object]]) -> None:
    """A whole read through a relay, in which something happens at so many places of it; then an undisturbed one."""
    with relayed(shop.url) as counted:
        assert shop.refreshed(counted.url, full=True).outcome == "loaded"
    for number in range(places):
        shop.sell()
        before = shop.served
        with relayed(shop.url, after=counted.passed * (number + 1) // (places + 1), **told()) as relay:
            report = shop.impatient(relay.url) if relay.stalls else shop.refreshed(relay.url, full=True)
        is_served = report.outcome != "loaded" and shop.served == before
        healed = shop.refreshed()
        outcome.add(
            _plain(report, relay),
            is_served=is_served,
            is_wrong=not is_served,
            lost=shop.lost(),
            is_healed=healed.outcome == "loaded",
        )


def _plain(report: Report, relay: Relay) -> str | None:
    """What was told, with the relay's port as a word."""
    return report.message and report.message.replace(relay.url.rpartition("/")[0].rpartition("@")[2], "the server")


def killed_backend(shop: Shop, outcome: Outcome, places: int) -> None:
    """The server ends the connection in the middle of a read."""
    end = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tandem'"
    _while_reading(shop, outcome, places, lambda: {"then": lambda: shop.run(end)})


def cut_line(shop: Shop, outcome: Outcome, places: int) -> None:
    """The network loses the connection in the middle of a read."""
    _while_reading(shop, outcome, places, lambda: {"cuts": True})


def stalled_line(shop: Shop, outcome: Outcome, places: int) -> None:
    """The server lives and says nothing more."""
    _while_reading(shop, outcome, min(places, 4), lambda: {"stalls": True})


def lost_right(shop: Shop, outcome: Outcome, places: int) -> None:
    """Tandem's user may not read a table any more, from the middle of a read on; then it may again."""
    shop.run(f"create role {READER} login")
    shop.run(f"grant select on all tables in schema public to {READER}")
    named = shop.url.replace("//postgres@", f"//{READER}@")
    for _ in range(min(places, 3)):
        shop.sell()
        before = shop.served
        with relayed(named, after=40_000, then=lambda: shop.run(f"revoke select on crm_stage from {READER}")) as relay:
            report = shop.refreshed(relay.url, full=True)
        is_served = report.outcome != "loaded" and shop.served == before
        shop.run(f"grant select on crm_stage to {READER}")
        healed = shop.refreshed(named)
        outcome.add(
            report.message,
            is_served=is_served,
            is_wrong=not is_served,
            lost=shop.lost(),
            is_healed=healed.outcome == "loaded",
        )
    shop.run(f"drop owned by {READER}")
    shop.run(f"drop role {READER}")


def late_commit(shop: Shop, outcome: Outcome, places: int) -> None:
    """Rows of a transaction that began before the latest read and was committed after it, up to thirty days later."""
    for days in (0.1, 0.9, 3, 30)[:places]:
        assert shop.refreshed().outcome == "loaded"
        shop.sell(f"now() at time zone 'utc' - interval '{days} days'")
        report = shop.refreshed()
        _loaded(shop, outcome, report)


def source_clock(shop: Shop, outcome: Outcome, places: int) -> None:
    """The source's clock was a year ahead at the latest read and is right again."""
    assert shop.refreshed().outcome == "loaded"
    store = Store(shop.home.database_url)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("update sync_runs set source_as_of = replace(source_as_of, '2026-', '2027-')")
    store.close()
    for _ in range(min(places, 2)):
        shop.sell()
        report = shop.refreshed()
        _loaded(shop, outcome, report)


def _loaded(shop: Shop, outcome: Outcome, report: Report) -> None:
    is_loaded = report.outcome == "loaded"
    outcome.add(report.message, is_served=is_loaded, is_wrong=not is_loaded, lost=shop.lost())


OF_A_SHOP: Mapping[str, Callable[[Shop, Outcome, int], None]] = {
    "backend killed mid-read": killed_backend,
    "line cut mid-read": cut_line,
    "server says nothing more": stalled_line,
    "right lost mid-read": lost_right,
    "row committed late": late_commit,
    "source's clock moved": source_clock,
}


@dataclass
class Pair:
    """A firm that goes to and fro between two deliveries, and a twin that nothing ever happens to."""

    firm: Firm
    twin: Firm
    deliveries: tuple[Path, Path]
    states: tuple[State | None, State | None] = (None, None)
    ever: list[State | None] = field(default_factory=list)
    at: int = 0

    @classmethod
    def begun(cls, place: Path, *, home: Path | None = None, urls: tuple[str, str] = ("", "")) -> "Pair":
        """Both have been to and fro twice and are in the first state."""
        paths = write(place / "first", delivery(1)), write(place / "second", delivery(2))
        pair = cls(Firm(home or place / "firm", urls[0]), Firm(place / "twin", urls[1]), paths)
        for path in (paths[0], paths[1], paths[0], paths[1], paths[0]):
            pair.firm.load(path)
            pair.twin.load(path)
            pair.states = (pair.look(), pair.states[0])
            pair.ever.append(pair.states[0])
        return pair

    @property
    def next(self) -> Path:
        """The delivery of the other state."""
        return self.deliveries[1 - self.at]

    def look(self) -> State | None:
        """What a new reader sees."""
        snapshot.forget_seen()
        return served(self.firm.home)

    def heal(self) -> tuple[int, bool]:
        """The other state without a fault: rows that differ from the twin's, and whether it is what is served now."""
        self.firm.load(self.next)
        self.twin.load(self.next)
        self.at = 1 - self.at
        ours, theirs = self.firm.holds(), self.twin.holds()
        return sum(len(set(ours[name]) ^ set(theirs[name])) for name in ours), self.look() == self.states[self.at]


def killed_store(place: Path, outcome: Outcome, places: int) -> None:
    """The PostgreSQL of the unified tables ends the connection at some step of a refresh."""
    with (
        servers.postgres() as server,
        servers.postgres_database(server, "tandem_own") as url,
        servers.postgres_database(server, "tandem_twin") as twin,
    ):
        pair = Pair.begun(place, urls=(url, twin))
        steps = ("read the source", "unified", "stored sales_orders", "derived", "kept the books", "committed")
        for name in steps[: max(places, 3)]:
            _broken_at(pair, outcome, name, lambda: _end_all(url))


def _end_all(url: str) -> None:
    with psycopg.connect(servers.driverless(url), autocommit=True) as connection:
        connection.execute(
            b"select pg_terminate_backend(pid) from pg_stat_activity"
            b" where datname = current_database() and pid <> pg_backend_pid()"
        )


def _broken_at(pair: Pair, outcome: Outcome, name: str, breaks: Callable[[], None]) -> None:
    """A refresh in which something breaks at a step, and the next one."""

    def step(told: str) -> None:
        if told == name:
            breaks()

    report = _attempt(pair, step)
    whole = pair.look() in pair.states
    lost, is_healed = pair.heal()
    outcome.add(report.message, is_served=whole, is_wrong=not whole, lost=lost, is_healed=is_healed)


def _attempt(pair: Pair, step: Callable[[str], None] = lambda _name: None) -> Report:
    with pair.firm.own_database():
        return refresh(pair.firm.home, request(pair.next), step=step)


def full_disk(place: Path, outcome: Outcome, places: int) -> None:
    """The home lies on a small disk that others fill more and more, until nothing is left."""
    with small_disk(place / "disk") as disk:
        if disk is None:
            outcome.told["not run: only root may mount a small disk here"] += 1
            return
        pair = Pair.begun(place, home=disk / "home")
        fills = max(places, 12)
        free = _free(disk)
        for number in range(fills):
            others = disk / "others"
            _fill(others, disk, leaving=free * number // (4 * fills))
            report = _attempt(pair)
            whole = pair.look() in pair.states
            others.unlink()
            lost, is_healed = pair.heal()
            said = report.message and report.message.replace(str(disk), "HOME")
            outcome.add(said, is_served=whole, is_wrong=not whole, lost=lost, is_healed=is_healed)


@contextmanager
def small_disk(place: Path) -> Iterator[Path | None]:
    """A disk of 24 MB; None where nobody may make one."""
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], check=False)
    try:
        yield place if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


def _free(disk: Path) -> int:
    return shutil.disk_usage(disk).free


def _fill(file: Path, disk: Path, *, leaving: int) -> None:
    file.write_bytes(b"\0" * max(0, _free(disk) - leaving))


def flipped_bits(place: Path, outcome: Outcome, places: int) -> None:
    """One bit of any file of the served version, its manifest and the pointer to it; each is put back."""
    pair = Pair.begun(place)
    home = pair.firm.home
    version = snapshot.current(home).folder
    files = [home.pointer, *(path for path in sorted(version.rglob("*")) if path.is_file())]
    sizes = [path.stat().st_size for path in files]
    chance = random.Random(7)  # noqa: S311  places, no secrets
    for number in range(100 * places):
        path = files[number % len(files)] if number < len(files) else chance.choices(files, sizes)[0]
        whole = path.read_bytes()
        _write(path, _flipped(whole, chance.randrange(8 * len(whole))))
        snapshot.forget_seen()
        seen = served(home)
        said = _found(home)
        _write(path, whole)
        is_wrong = seen not in (*pair.ever, None) or (said == SAME and seen != pair.states[pair.at])
        outcome.add(said, is_served=seen is not None, is_wrong=is_wrong)
    _flip_and_leave(pair, outcome, chance)


FOUND = "found: an earlier version is served"
SHARED = "found: no version is served until the next refresh or start, for all of them share the unchanged file"
SAME = "makes no difference: a blank behind the name of the version"


def _found(home: Home) -> str:
    try:
        return FOUND if snapshot.is_passed_over(home) else SAME
    except snapshot.NoSnapshot:
        return SHARED


def _flip_and_leave(pair: Pair, outcome: Outcome, chance: random.Random) -> None:
    """A bit that stays flipped, ten times: the next refresh heals it."""
    for _ in range(10):
        snapshot.forget_seen()
        version = snapshot.current(pair.firm.home).folder
        path = chance.choice(sorted(version.rglob("*.parquet")))
        whole = path.read_bytes()
        _write(path, _flipped(whole, chance.randrange(8 * len(whole))))
        seen, said = pair.look(), _found(pair.firm.home)
        lost, is_healed = pair.heal()
        is_wrong = said == SAME or seen not in (*pair.ever, None)
        outcome.add(said, is_served=seen is not None, is_wrong=is_wrong, lost=lost, is_healed=is_healed)


def _flipped(content: bytes, bit: int) -> bytes:
    spoiled = bytearray(content)
    spoiled[bit // 8] ^= 1 << bit % 8
    return bytes(spoiled)


def _write(path: Path, content: bytes) -> None:
    """The bytes of this very file: a version that was linked from it has them too, as on a failing disk."""
    with path.open("r+b") as file:
        file.write(content)


def readers(place: Path, outcome: Outcome, places: int) -> None:
    """Readers look for a minute while one refresh follows the other."""
    pair = Pair.begun(place)
    seconds, runs = 6.0 * places, 0
    with watched(pair.firm.home, list(pair.states), readers=2) as seen:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            pair.firm.load(pair.next)
            pair.at, runs = 1 - pair.at, runs + 1
    pair.twin.load(pair.deliveries[pair.at])
    said = f"{seen.reads} reads by two readers during {runs} refreshes in {seconds:.0f} s"
    outcome.add(
        said, is_served=not seen.wrong, is_wrong=bool(seen.wrong), is_healed=pair.look() == pair.states[pair.at]
    )


def own_clock(place: Path, outcome: Outcome, places: int) -> None:
    """This machine's clock jumps a year ahead, back, two years back, and is put right: each time a refresh, and one of
    the worker, that must not wait for the day that a wrong clock told."""
    pair = Pair.begun(place)
    for days in (365, 0, -730, 0, 400, -400, 0)[: max(places, 4)]:
        command = [sys.executable, "-m", "benchmarks.moved_clock", str(days), str(pair.firm.folder), str(pair.next)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        pair.at = 1 - pair.at
        is_served = ended.returncode == 0 and pair.look() == pair.states[pair.at]
        said = ended.stdout.strip() or ended.stderr.strip()[-300:]
        pair.twin.load(pair.deliveries[pair.at])
        lost, is_healed = pair.heal()
        outcome.add(said, is_served=is_served, is_wrong=not is_served, lost=lost, is_healed=is_healed)


OF_FILES: Mapping[str, Callable[[Path, Outcome, int], None]] = {
    "own database killed": killed_store,
    "disk full": full_disk,
    "bit flipped": flipped_bits,
    "readers during refreshes": readers,
    "own clock moved": own_clock,
}


def measured(names: list[str], places: int) -> Iterator[tuple[str, Outcome]]:
    """Each kind of fault and what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        of_a_shop = [name for name in OF_A_SHOP if name in names]
        if of_a_shop:
            with servers.postgres() as server, shop(place, server) as found:
                for name in of_a_shop:
                    OF_A_SHOP[name](found, outcome := Outcome(), places)
                    yield name, outcome
        for number, name in enumerate(each for each in OF_FILES if each in names):
            own = place / str(number)
            own.mkdir()
            OF_FILES[name](own, outcome := Outcome(), places)
            yield name, outcome


def main() -> None:
    """Prints a table of the faults, and below it what was told."""
    known = [*OF_A_SHOP, *OF_FILES]
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("names", nargs="*", default=known, metavar="NAME", help=f"some of: {', '.join(known)}")
    asked.add_argument(
        "--places", type=int, default=10, help="at how many places of a read, fills of the disk and so on"
    )
    told = asked.parse_args()
    print(f"{'fault':28}{'times':>7}{'not served':>12}{'wrong':>7}{'rows lost':>11}{'not healed':>12}")
    are_right = True
    for name, outcome in measured(told.names, told.places):
        told_of = f"{outcome.times:>7}{outcome.not_served:>12}{outcome.wrong:>7}{outcome.rows_lost:>11}"
        print(f"{name:28}{told_of}{outcome.not_healed:>12}")
        for sentence, times in outcome.told.most_common():
            print(f"{times:>6} times: {sentence}", flush=True)
        are_right = are_right and outcome.is_right
    sys.exit(not are_right)


if __name__ == "__main__":
    main()
