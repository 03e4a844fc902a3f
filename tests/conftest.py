"""What every test finds: a home of its own, and servers where it asks for them."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from tests import servers

# One worker for each core: threads of their own would only wait for each other, and cost a quarter of the time.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: time goes by while a browser or a server is waited for. Each further one collects
    all tests once more, which costs more than it brings."""
    return (os.cpu_count() or 1) + 1


ROOM = 8 * 2**30
MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder there that is the user's own


def pytest_configure() -> None:
    """Tests write and throw away some hundred thousand small files: in memory where it has room, else on the disk."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


# A slow machine is no failed law; CI draws the same examples for the same code.
settings.register_profile("tandem", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("tandem")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty TANDEM_HOME for every test, whatever the person who runs it has set."""
    place = tmp_path / "home"
    monkeypatch.setenv("TANDEM_HOME", str(place))
    monkeypatch.delenv("TANDEM_DATABASE_URL", raising=False)
    return place


@pytest.fixture(autouse=True, scope="session")
def no_power_cut() -> Iterator[None]:
    """Files need not survive a power cut within a test, and waiting for the disk is what most refreshes would do. What
    is killed runs in a process of its own, and waits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _file: None)
        yield


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """The program that runs the tests, again after each test: Streamlit's AppTest leaves its script in that place, and
    a process that is spawned later would run it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


def _without(reason: servers.Unavailable) -> NoReturn:
    if os.environ.get("TANDEM_REQUIRE_SERVERS") == "1":
        pytest.fail(f"{reason} TANDEM_REQUIRE_SERVERS=1 forbids skipping.")
    pytest.skip(str(reason))


@pytest.fixture
def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    return servers.free_port()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server, its own or the one that TANDEM_TEST_POSTGRES_URL names: ``postgresql+psycopg://...``."""
    named = os.environ.get("TANDEM_TEST_POSTGRES_URL")
    if named:
        yield named.replace("postgresql://", "postgresql+psycopg://", 1)
        return
    with ExitStack() as stack:
        try:
            url = stack.enter_context(servers.postgres())
        except servers.Unavailable as reason:
            _without(reason)
        yield url


@pytest.fixture
def new_postgres_database(postgres_url: str) -> Iterator[Callable[[], str]]:
    """Each call makes an empty PostgreSQL database and gives its URL; all are dropped after the test."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(servers.postgres_database(postgres_url, f"tandem_{uuid4().hex[:12]}"))


@pytest.fixture(scope="session")
def mariadb_url() -> Iterator[str]:
    """A MariaDB of its own: ``mysql://...``, for a user who may create databases."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(servers.mariadb())
        except servers.Unavailable as reason:
            _without(reason)
        yield url


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Where the system's Chromium is."""
    try:
        return servers.chromium_program()
    except servers.Unavailable as reason:
        _without(reason)


# One for each file of tests, not one for the session: while Playwright is open, asyncio.run fails everywhere else.
@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """A headless Chromium with a new profile; a test opens ``browser.new_context()`` for each visitor."""
    with servers.chromium_browser(chromium) as opened:
        yield opened
