"""The test servers themselves: new for whoever asks, and gone afterwards even when the tests are killed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser

from tests import servers

APP = '''"""One page with a title, to see the theme on."""
import streamlit as st

st.title("Łódź 2026")
'''


def _tables(url: str) -> list[str]:
    with psycopg.connect(servers.driverless(url)) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return [name for (name,) in rows]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((servers.LOOPBACK, port)) == 0


def _within_seconds(seconds: float, done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.postgres
def test_each_postgres_database_is_empty_and_knows_nothing_of_the_other(
    new_postgres_database: Callable[[], str],
) -> None:
    first, second = new_postgres_database(), new_postgres_database()
    with psycopg.connect(servers.driverless(first)) as connection:
        connection.execute("CREATE TABLE products (name text)")
    assert first.startswith("postgresql+psycopg://")
    assert (_tables(first), _tables(second)) == (["products"], [])


def test_each_mariadb_database_is_empty_and_gone_afterwards(mariadb_url: str) -> None:
    with servers.mariadb_database(mariadb_url, "tandem_one") as one, servers.mariadb_database(mariadb_url, "other"):
        address = one.replace("mysql:", "mysql+pymysql:")
        with sa.create_engine(address, poolclass=sa.NullPool).connect() as connection:
            assert connection.exec_driver_sql("show tables").all() == []
            names = {name for (name,) in connection.exec_driver_sql("show databases")}
            assert {"tandem_one", "other"} <= names
    with sa.create_engine(
        mariadb_url.replace("mysql:", "mysql+pymysql:"), poolclass=sa.NullPool
    ).connect() as connection:
        assert not {"tandem_one", "other"} & {name for (name,) in connection.exec_driver_sql("show databases")}


@pytest.mark.postgres
def test_a_database_is_dropped_even_when_somebody_is_still_connected(postgres_url: str) -> None:
    with servers.postgres_database(postgres_url, "tandem_left_open") as url:
        guest = psycopg.connect(servers.driverless(url))
    guest.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(servers.driverless(url))


def test_a_server_ends_when_the_tests_that_started_it_are_killed(free_port: int, tmp_path: Path) -> None:
    program = f"""
from pathlib import Path
from tests import servers
command = [servers.sys.executable, "-m", "http.server", "--bind", servers.LOOPBACK, "{free_port}"]
ready = lambda: servers.answer("http://127.0.0.1:{free_port}/") is not None
with servers.kept(command, ready=ready, stop="SIGTERM", log=Path("log"), folder=Path()):
    print("up", flush=True)
    input()
"""
    environment = dict(os.environ) | {"PYTHONPATH": str(servers.HOUSE)}
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
    ) as tests:
        assert tests.stdout is not None
        assert tests.stdout.readline() == b"up\n"
        assert _listens(free_port)
        tests.send_signal(signal.SIGKILL)
    assert _within_seconds(15, lambda: not _listens(free_port))


def test_a_server_that_does_not_come_up_says_why(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('the disk is full')"]
    with (
        pytest.raises(servers.Broken, match="the disk is full"),
        servers.kept(command, ready=lambda: False, stop="SIGTERM", log=tmp_path / "log"),
    ):
        pytest.fail("the block must not run")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_set_in_our_own_font_on_our_own_ground(
    browser: Browser, home: Path, tmp_path: Path, scheme: str
) -> None:
    script = tmp_path / "app.py"
    script.write_text(APP, encoding="utf-8")
    shutil.copytree(servers.HOUSE / "static", tmp_path / "static")
    with (
        servers.streamlit(script, home, "--server.enableStaticServing", "true") as address,
        browser.new_context() as visitor,
    ):
        page = visitor.new_page()
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(address)
        page.get_by_role("heading", name="Łódź 2026").wait_for()
        ground = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        loaded = page.evaluate(
            "document.fonts.ready.then(fonts => [...fonts].filter(f => f.status == 'loaded').map(f => f.family))"
        )
    assert "Inter" in loaded
    assert ground == ("rgb(15, 22, 34)" if scheme == "dark" else "rgb(255, 255, 255)")
