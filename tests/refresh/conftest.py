"""A firm for every test: its own home, and a folder for its deliveries."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from data_access.store import Store
from tests.refresh.deliveries import Firm


@pytest.fixture(scope="session")
def empty_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and no rows: made once, because that takes longer than most tests."""
    path = tmp_path_factory.mktemp("empty") / "tandem.db"
    store = Store(f"sqlite:///{path}")
    store.migrate()
    store.close()
    return path


@pytest.fixture
def firm(home: Path, tmp_path: Path, empty_tables: Path) -> Firm:
    """A firm that has loaded nothing yet."""
    home.mkdir()
    shutil.copyfile(empty_tables, home / "tandem.db")
    return Firm(tmp_path / "deliveries")


@pytest.fixture(params=["sqlite", "postgresql"])
def either_firm(request: pytest.FixtureRequest, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> Firm:
    """The same firm on each database."""
    if request.param == "postgresql":
        new: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        monkeypatch.setenv("TANDEM_DATABASE_URL", new())
    return firm
