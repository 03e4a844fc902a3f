"""From a commit in a PostgreSQL source to the new number on a page that stands open, with ``sync --watch 2``.

``python -m benchmarks.latency [TIMES]`` (default 20) starts a PostgreSQL with an Odoo in it (the demo's dump where
../shared/data has it, else the tests' miniature), ``cli.py sync odoo --watch 2``, the server, and a headless Chromium
on Data health; commits a new customer so many times at random moments, and prints how long each took to be seen.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from playwright.sync_api import Page

from data_access.home import PROGRAM
from tests import servers
from tests.data_access.sources.dumped import dump_of, restored
from tests.data_access.sources.odoo_firm import write_firm
from tests.data_access.sources.odoo_writer import Odoo

AIM, LONGEST, FIRST_LOAD = 10.0, 120.0, 300.0
COPY = (
    "create temp table copied as select * from res_partner where is_company order by id desc limit 1",
    "update copied set id = (select max(id) + 1 from res_partner), name = name || ' again'",
    "update copied set commercial_partner_id = id, vat = null, email = null, customer_rank = 1",
    "insert into res_partner select * from copied",
    "drop table copied",
)
# What the card "Rows read" says: each new customer is one row more.
ROWS_READ = "() => document.querySelector('[data-testid=stMain]').innerText.match(/Rows read\\s+([\\d,]+)/)?.[1]"


@contextmanager
def source(server: str) -> Iterator[tuple[str, str]]:
    """An Odoo's address, and what it is."""
    dump = dump_of("TANDEM_ODOO_DUMP", "odoo/odoo18_demo.sql.gz")
    if dump.exists():
        with restored(dump, server, "dump of an Odoo 18") as url:
            yield url, "Odoo 18 demo"
        return
    with servers.postgres_database(server, "tandem_odoo") as url:
        odoo = Odoo(url)
        write_firm(odoo)
        odoo.close()
        yield url, "the tests' miniature of Odoo"


def commit(url: str) -> float:
    """One customer more; the moment at which the commit was answered."""
    with psycopg.connect(servers.driverless(url)) as connection:
        for statement in COPY:
            connection.execute(statement.encode())
    return time.monotonic()


def seen(page: Page, before: str, since: float) -> float:
    """Seconds until the page says another number."""
    while time.monotonic() - since < LONGEST:
        now = page.evaluate(ROWS_READ)
        if now and now != before:
            return time.monotonic() - since
        page.wait_for_timeout(50)
    raise TimeoutError(f"Nothing was seen within {LONGEST:.0f} seconds.")


def _first(page: Page, address: str) -> None:
    """Opens the page once there is something on it."""
    until = time.monotonic() + FIRST_LOAD
    while time.monotonic() < until:
        page.goto(f"{address}/health")
        page.locator("h1").wait_for(timeout=60_000)
        page.wait_for_timeout(3_000)
        if page.evaluate(ROWS_READ):
            return
    raise TimeoutError("The first load did not come.")


def measured(times: int) -> tuple[str, list[float]]:
    """What was read, and the seconds of each commit."""
    chance = random.Random(7)  # noqa: S311 - moments, no secret
    with tempfile.TemporaryDirectory() as place, servers.postgres() as server, source(server) as (url, what):
        home = Path(place) / "home"
        command = [sys.executable, str(PROGRAM / "cli.py"), "sync", "odoo", "--url", url, "--watch", "2"]
        environment = {"TANDEM_HOME": str(home)}
        log = Path(place) / "watch.log"
        pointer = home / "current"
        with (
            servers.kept(command, ready=pointer.exists, stop="SIGTERM", log=log, environment=environment),
            servers.streamlit(PROGRAM / "app.py", home) as address,
            servers.chromium_browser(servers.chromium_program()) as browser,
        ):
            page = browser.new_page()
            _first(page, address)
            found = []
            for _ in range(times):
                page.wait_for_timeout(chance.uniform(500, 4_000))
                before = page.evaluate(ROWS_READ)
                found.append(seen(page, before, commit(url)))
            return what, found


def main() -> None:
    """Prints the figures."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    what, found = measured(times)
    ordered = sorted(found)
    p95 = ordered[max(0, -(-95 * len(ordered) // 100) - 1)]
    print(f"{what}, {times} commits, load of the machine {os.getloadavg()[0]:.1f}")
    print(f"seen after {ordered[0]:.1f} to {ordered[-1]:.1f} s, median {statistics.median(found):.1f}, p95 {p95:.1f}")
    print(f"aim: p95 under {AIM:.0f} s")


if __name__ == "__main__":
    main()
