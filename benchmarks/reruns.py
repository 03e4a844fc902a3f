"""What a click costs the server: CPU milliseconds and bytes of a whole rerun of each page, chart and table included.

``python -m benchmarks.reruns HOME [--help]`` starts the real server on a firm of ``benchmarks.scale``, and asks it as
a browser does. It prints, for each page, the first run (what nobody asked yet), the warm ones, and the first run after
a refresh; and for "revenue by month and category over three years" the same, and what ten users get at once.
"""

import argparse
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks.publishing import republished
from benchmarks.screens import __file__ as screens
from benchmarks.serving import Server, serving
from data_access.home import Home
from data_access.snapshot import current
from pages.parts.menu import ENTRIES
from pages.parts.newest import LOOK_EVERY_SECONDS
from tests.pages import wire

RUNS, USERS = 20, 10
LONGEST = 600.0  # seconds for a first run of what nobody has asked yet
RESTING = 0.05  # CPU seconds that a server may use in two seconds and do nothing
AIM_MS, AIM_KB, AIM_PER_SECOND, AIM_CHART_MS, AIM_FIRST_MS = 60, 60, 28, 40, 150
ASKED = {"metric": {"metric": "revenue"}, "rows": {"metric": "complaints"}}


@dataclass(frozen=True)
class Rerun:
    """One page: CPU milliseconds of the first run, of a warm one and, where that was asked, of the first one after a
    refresh, and the kilobytes of a warm one, and of the whole page as it is sent when it is opened."""

    page: str
    first: float
    warm: float
    kilobytes: float
    whole: float
    after: float = 0.0


def rerun(server: Server, page: str, query: Mapping[str, str], runs: int) -> Rerun:
    """Opens a page and runs it again and again, as a click does that changes nothing: as a browser, which keeps what it
    was sent. The server's clock counts hundredths of a second: the warm run is the mean of all."""
    with wire.session(server.address) as session:
        before = server.cpu
        session.run(query, page=page)
        first = server.cpu - before
        opened = session.run(query, page=page)
        before, sent, kept = server.cpu, 0, opened.kept()
        for _ in range(runs):
            sent += len(session.run(query, page=page, kept=kept).sent)
        warm = (server.cpu - before) / runs
    return Rerun(page, 1000 * first, 1000 * warm, sent / runs / 1000, len(opened.sent) / 1000)


def every_page(home: Path, runs: int) -> Iterator[Rerun]:
    """All pages of the menu, one after the other, on one server; then, after a refresh that brings nothing new, each
    once more."""
    with serving(home) as server:
        found = [rerun(server, entry.name, ASKED.get(entry.name, {}), runs) for entry in ENTRIES]
        republished(Home(home), current(Home(home)))
        _rest(server)
        for one in found:
            yield replace(one, after=rerun(server, one.page, ASKED.get(one.page, {}), 1).first)


@dataclass(frozen=True)
class Chart:
    """Revenue by month and category: CPU milliseconds of looking through a new version beside the visitors, of the
    first run after it, and of warm ones; runs a second that ten users got, and that one core could give."""

    looked: float
    first: float
    warm: float
    a_second: float

    @property
    def of_a_core(self) -> float:
        """How many runs a second one core can give that does nothing else."""
        return 1000 / self.warm


def chart(home: Path, seconds: float) -> Chart:
    """Measures the one chart, before and after a refresh that brings nothing new."""
    with serving(home, Path(screens).with_name("app.py")) as server:
        rerun(server, "", {}, RUNS)
        before = server.cpu
        republished(Home(home), current(Home(home)))
        _rest(server)
        looked = 1000 * (server.cpu - before)
        after = rerun(server, "", {}, RUNS)
        warm = [rerun(server, "", {}, RUNS).warm for _ in range(3)]
        return Chart(looked, after.first, median(warm), _together(server, seconds))


def _rest(server: Server) -> None:
    """Waits until the server has found the new version and done nothing more for two seconds."""
    time.sleep(2 * LOOK_EVERY_SECONDS)
    before = -1.0
    while server.cpu - before > RESTING:
        before = server.cpu
        time.sleep(2)


def _together(server: Server, seconds: float) -> float:
    """Runs a second that ten users get who click again as soon as they have an answer."""
    counts: list[int] = []
    until = time.monotonic() + seconds

    def click() -> None:
        number = 0
        with wire.session(server.address) as session:
            while time.monotonic() < until:
                session.run({})
                number += 1
        counts.append(number)

    users = [threading.Thread(target=click) for _ in range(USERS)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    return sum(counts) / seconds


def main() -> None:
    """Prints the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("home", type=Path, help="a home made by benchmarks.scale, or any other")
    asked.add_argument("--runs", type=int, default=RUNS, help="warm runs of each page")
    asked.add_argument("--seconds", type=float, default=10, help="how long ten users click")
    asked.add_argument("--chart", action="store_true", help="only revenue by month and category")
    told = asked.parse_args()
    wire.PATIENCE = LONGEST
    if not told.chart:
        print(f"CPU ms and KB of a run (aims, warm: {AIM_MS} ms, {AIM_KB} KB)")
        print(f"{'page':14}{'first':>9}{'warm':>9}{'KB':>9}{'KB opened':>12}{'first after a refresh':>24}")
        for one in every_page(told.home, told.runs):
            print(
                f"{one.page:14}{one.first:9.0f}{one.warm:9.0f}{one.kilobytes:9.0f}{one.whole:12.0f}{one.after:24.0f}",
                flush=True,
            )
    found = chart(told.home, told.seconds)
    print("revenue by month and category")
    print(f"  looking through a refresh {found.looked:6.0f} ms CPU, beside the visitors")
    print(f"  first run after a refresh {found.first:6.0f} ms CPU (aim: {AIM_FIRST_MS})")
    print(f"  warm run                  {found.warm:6.0f} ms CPU (aim: {AIM_CHART_MS})")
    print(f"  ten users                 {found.a_second:6.1f} a second, from this machine (aim: {AIM_PER_SECOND})")
    print(f"  a free core               {found.of_a_core:6.1f} a second, by the CPU of a warm run")


if __name__ == "__main__":
    main()
