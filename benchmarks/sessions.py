"""How many sessions one process carries: ``python -m benchmarks.sessions [--help]``.

Starts the server as ``cli.py serve`` does, on a small sample company, and lets so many visitors go from page to page,
each thinking for a while in between (``--think``, seconds; half to one and a half times as long). It prints the time to
the finished run, the errors, the server's CPU, and its memory before they come, while they are there and after they
have left. The visitors work on the same machine: on two cores they take part of what the server could use.
"""

import argparse
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException

import cli
from benchmarks.serving import Server, serving
from data_access.home import firm_home, sample_home
from pages.parts.menu import ENTRIES
from tests.pages import wire

PAGES = [entry.name for entry in ENTRIES if entry.is_listed]
RIGHT = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
SETTLED = 5.0
AFTER = 150.0
AIM_SECONDS, AIM_BACK = 1.0, 0.15


@dataclass
class Seen:
    """What the visitors saw: seconds to each finished run, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Load:
    """So many visitors, who think for so many seconds, for so long."""

    visitors: int
    think: float
    seconds: float
    seed: int = 7


@contextmanager
def sample(home: Path | None, scale: float) -> Iterator[Path]:
    """The home of a small sample company: a new one, or the one that is named and already there."""
    with TemporaryDirectory() as place:
        folder = home or Path(place)
        os.environ["TANDEM_HOME"] = str(folder)
        if not (firm_home().pointer.exists() or sample_home().pointer.exists()):
            cli.app(["sample", "--scale", str(scale)], standalone_mode=False)
        yield folder


def visit(server: Server, load: Load, number: int, ends_at: float, seen: Seen) -> None:
    """One visitor: comes some time within the first pause, goes from page to page, leaves at the end."""
    dice = random.Random(load.seed * 10_000 + number)  # noqa: S311  visitors, no secrets
    time.sleep(dice.uniform(0, min(load.think, load.seconds / 4)))
    try:
        with wire.session(server.address) as session:
            while time.monotonic() < ends_at:
                started = time.monotonic()
                heard = session.run({}, page=dice.choice(PAGES))
                seen.seconds.append(time.monotonic() - started)
                if heard.messages[-1].script_finished != RIGHT:
                    seen.wrong.append(f"a run ended with {heard.messages[-1].script_finished}")
                time.sleep(max(0.0, min(load.think * dice.uniform(0.5, 1.5), ends_at - time.monotonic())))
    except (OSError, TimeoutError, WebSocketException) as reason:
        seen.wrong.append(f"{type(reason).__name__}: {reason}")


def under(server: Server, load: Load) -> tuple[Seen, float]:
    """What the visitors saw, and the most memory that the server held meanwhile."""
    seen, ends_at, most = Seen(), time.monotonic() + load.seconds, 0.0
    visitors = [
        threading.Thread(target=visit, args=(server, load, number, ends_at, seen)) for number in range(load.visitors)
    ]
    for visitor in visitors:
        visitor.start()
    while any(visitor.is_alive() for visitor in visitors):
        most = max(most, server.memory)
        time.sleep(1)
    return seen, most


def warmed(server: Server) -> None:
    """Opens every page twice, so that what is kept is there."""
    for _ in range(2):
        for page in PAGES:
            with wire.session(server.address) as session:
                session.run({}, page=page)


def left(server: Server, at_most: float) -> float:
    """The memory some time after all have left: Streamlit keeps a session for two minutes in case it comes back."""
    time.sleep(at_most)
    return server.memory


def run(server: Server, load: Load, wait: float) -> None:
    """Prints the figures of one load."""
    warmed(server)
    time.sleep(SETTLED)
    before, cpu, started = server.memory, server.cpu, time.monotonic()
    seen, most = under(server, load)
    used = server.cpu - cpu
    busy = used / (time.monotonic() - started)
    after = left(server, wait)
    runs = max(1, len(seen.seconds))
    print(f"{load.visitors} visitors, {load.think:.0f} s of thought, {load.seconds:.0f} s: {len(seen.seconds)} runs")
    if runs > 1:
        p95 = quantiles(seen.seconds, n=20, method="inclusive")[-1]
        print(f"  seconds to a finished run  median {median(seen.seconds):.2f}, p95 {p95:.2f} (aim: {AIM_SECONDS})")
    print(f"  errors                     {len(seen.wrong)} {seen.wrong[:1] or ''}")
    print(f"  server's CPU               {1000 * used / runs:.0f} ms a run, {busy:.0%} of a core")
    print(f"  memory                     {before:.0f} MB before, {most:.0f} at most, {after:.0f} after {wait:.0f} s")
    print(f"  more than before           {after / before - 1:.0%} (aim: {AIM_BACK:.0%})", flush=True)


def main() -> None:
    """Prints the figures of each number of visitors."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--visitors", type=int, nargs="+", default=[50])
    asked.add_argument("--think", type=float, default=30, help="seconds between two clicks, on average")
    asked.add_argument("--seconds", type=float, default=120, help="how long they stay; 28,800 for a working day")
    asked.add_argument("--wait", type=float, default=AFTER, help="seconds after which the memory is read again")
    asked.add_argument("--home", type=Path, help="a home that is there already; else a sample company is made")
    asked.add_argument("--scale", type=float, default=0.05, help="of the sample company")
    told = asked.parse_args()
    with sample(told.home, told.scale) as home, serving(home) as server:
        for visitors in told.visitors:
            run(server, Load(visitors, told.think, told.seconds), told.wait)


if __name__ == "__main__":
    main()
