"""The servers that tests work on: PostgreSQL, MariaDB, Streamlit, Chromium; on this machine alone, gone afterwards."""

import contextlib
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa
from playwright.sync_api import Browser, sync_playwright

HOUSE = Path(__file__).resolve().parent.parent
KEEPER = Path(__file__).with_name("keeper.py")
LOOPBACK = "127.0.0.1"
PATIENCE = 60.0

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
# A cluster that lives for one run of the tests need not survive a power cut.
POSTGRES_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "unix_socket_directories=")


class Unavailable(Exception):
    """This machine has no such server; the message says what to install."""


class Broken(Exception):
    """The server is there and did not come up; the message holds the end of what it said."""


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def kept(
    command: list[str],
    *,
    ready: Callable[[], bool],
    stop: str,
    log: Path,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path = HOUSE,
) -> Iterator[None]:
    """Run a server while the block runs, from the moment when it is ready; ``stop`` names the signal that ends it."""
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-S", str(KEEPER), stop, user or "", *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=dict(os.environ) | dict(environment or {}),
            cwd=folder,
        ) as keeper,
    ):
        _wait(ready, keeper, log)
        yield


def _wait(ready: Callable[[], bool], keeper: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if keeper.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(errors="replace")[-2_000:]
            raise Broken(f"The server did not come up within {PATIENCE:.0f} seconds. It said:\n{said}")
        time.sleep(0.05)


def postgres_programs() -> Path:
    """The folder of initdb and postgres, of the newest version where there are several."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not versions:
        raise Unavailable("PostgreSQL's initdb is neither on PATH nor in /usr/lib/postgresql: install postgresql.")
    return versions[-1].parent


def postgres_user() -> str | None:
    """Who runs PostgreSQL, which refuses root: None for whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL cluster of its own, empty: the URL of its first database, for whoever may create others."""
    programs, user, port = postgres_programs(), postgres_user(), free_port()
    with tempfile.TemporaryDirectory(prefix="tandem-postgres-") as place:
        folder = Path(place)
        _new_cluster(programs, folder, user)
        command = [str(programs / "postgres"), "-D", str(folder / "data"), "-h", LOOPBACK, "-p", str(port)]
        settings = [word for setting in POSTGRES_SETTINGS for word in ("-c", setting)]
        url = f"postgresql+psycopg://postgres@{LOOPBACK}:{port}/postgres"
        log = folder / "server.log"
        with kept(command + settings, ready=lambda: _accepts(url), stop="SIGINT", log=log, user=user, folder=folder):
            yield url


def _new_cluster(programs: Path, folder: Path, user: str | None) -> None:
    if user:
        shutil.chown(folder, user)
    options = ("--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync")
    command = [str(programs / "initdb"), "-D", str(folder / "data"), *options]
    groups: list[str] | None = [] if user else None
    made = subprocess.run(
        command, cwd=folder, user=user, extra_groups=groups, capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise Broken(
            f"initdb could not make a cluster in {folder}. It said:\n{made.stdout[-1_000:]}{made.stderr[-1_000:]}"
        )


def driverless(url: str) -> str:
    """The same address as PostgreSQL's own programs and drivers write it."""
    return re.sub(r"^postgresql\+\w+:", "postgresql:", url)


def _accepts(url: str) -> bool:
    try:
        psycopg.connect(driverless(url), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def postgres_database(server: str, name: str) -> Iterator[str]:
    """An empty database on that server while the block runs; whoever is still connected at its end is cut off."""
    with psycopg.connect(driverless(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'".encode())
        try:
            yield re.sub(r"/[^/?]*(?=$|\?)", f"/{name}", server)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


MARIADB_SETTINGS = (
    "--bind-address=127.0.0.1",
    "--skip-log-bin",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=64M",
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_unicode_ci",
)


def mariadb_programs() -> tuple[Path, Path]:
    """MariaDB's server, and what makes its first tables."""
    found = [shutil.which(name) or shutil.which(f"/usr/sbin/{name}") for name in MARIADB_PROGRAMS]
    if None in found:
        raise Unavailable("No mariadbd is on PATH or in /usr/sbin: install mariadb-server.")
    server, maker = (Path(str(program)) for program in found)
    return server, maker


MARIADB_PROGRAMS = ("mariadbd", "mariadb-install-db")


def mariadb_user() -> str | None:
    """Who runs MariaDB, which refuses root: None for whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("mysql", "nobody") if name in known)


@contextmanager
def mariadb() -> Iterator[str]:
    """A MariaDB of its own with one empty database: its URL, for a user who may do everything there."""
    (server, maker), user, port = mariadb_programs(), mariadb_user(), free_port()
    with tempfile.TemporaryDirectory(prefix="tandem-mariadb-") as place:
        folder = Path(place)
        _new_mariadb(maker, folder, user)
        command = [str(server), "--no-defaults", f"--datadir={folder / 'data'}", f"--port={port}"]
        command += [f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}", *MARIADB_SETTINGS]
        log = folder / "server.log"
        with kept(command, ready=lambda: _answers(port), stop="SIGTERM", log=log, user=user, folder=folder):
            url = f"mysql://root@{LOOPBACK}:{port}/erp"
            with _administrator(url) as connection:
                connection.exec_driver_sql("create database erp")
            yield url


@contextmanager
def mariadb_database(server: str, name: str) -> Iterator[str]:
    """An empty database on that server while the block runs."""
    with _administrator(server) as connection:
        connection.exec_driver_sql(f"create database `{name}`")
        try:
            yield re.sub(r"/[^/]*$", f"/{name}", server)
        finally:
            connection.exec_driver_sql(f"drop database `{name}`")


def run(url: str, statements: Iterable[str]) -> str:
    """Runs SQL in a MariaDB, each statement as it stands; the URL again."""
    engine = sa.create_engine(sa.make_url(url).set(drivername="mysql+pymysql"), poolclass=sa.NullPool)
    with contextlib.closing(engine.raw_connection()) as connection, contextlib.closing(connection.cursor()) as cursor:
        for statement in statements:
            cursor.execute(statement)
        connection.commit()
    return url


@contextmanager
def _administrator(url: str) -> Iterator[sa.Connection]:
    """A connection to no database of the server."""
    anywhere = sa.make_url(url).set(drivername="mysql+pymysql", database="")
    with sa.create_engine(anywhere, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        yield connection


def _new_mariadb(maker: Path, folder: Path, user: str | None) -> None:
    if user:
        shutil.chown(folder, user)
    options = ("--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")
    groups: list[str] | None = [] if user else None
    made = subprocess.run(
        [str(maker), *options, f"--datadir={folder / 'data'}"],
        cwd=folder,
        user=user,
        extra_groups=groups,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise Broken(f"mariadb-install-db made no database in {folder}. It said:\n{made.stderr[-2_000:]}")


def _answers(port: int) -> bool:
    try:
        with _administrator(f"mysql://root@{LOOPBACK}:{port}/"):
            return True
    except sa.exc.DBAPIError:
        return False


@contextmanager
def streamlit(script: Path, home: Path, *options: str) -> Iterator[str]:
    """A freshly started Streamlit that serves the script, its data in ``home``: its address, no slash at the end."""
    address = f"http://{LOOPBACK}:{free_port()}"
    with tempfile.TemporaryDirectory(prefix="tandem-streamlit-") as place:
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", address.rpartition(":")[2]]
        with kept(
            [*command, *options],
            ready=lambda: answer(f"{address}/_stcore/health") == "ok",
            stop="SIGTERM",
            log=Path(place) / "server.log",
            environment={"TANDEM_HOME": str(home)},
        ):
            yield address


def answer(url: str) -> str | None:
    """What the address answers, None while nobody does."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  the address is our own
            body: bytes = response.read()
            return body.decode()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


def chromium_program() -> Path:
    """Where the system's Chromium is."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        raise Unavailable("No Chromium is on PATH: install chromium.")
    return Path(found)


@contextmanager
def chromium_browser(program: Path) -> Iterator[Browser]:
    """A headless Chromium with a profile of its own, driven by Playwright."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
        try:
            yield opened
        finally:
            opened.close()
