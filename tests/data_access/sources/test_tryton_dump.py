"""A real Tryton 8, restored from its dump: unified tables say what Tryton's own say. Skips where there is no dump."""

import gzip
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from data_access.sources import tryton
from tests.data_access.sources.loaded import Loaded, differences, loaded
from tests.data_access.sources.tryton_oracle import ORACLES, told_by_tandem, told_by_tryton
from tests.servers import HOUSE, driverless, postgres_database

pytestmark = pytest.mark.postgres

DUMP = Path(os.environ.get("TANDEM_TRYTON_DUMP", HOUSE.parent / "shared" / "data" / "tryton" / "tryton8.sql.gz"))


@pytest.fixture(scope="module")
def demo(postgres_url: str) -> Iterator[str]:
    """The restored database's address."""
    psql = shutil.which("psql")
    if not DUMP.is_file() or psql is None:
        pytest.skip("There is no dump of a Tryton 8 (TANDEM_TRYTON_DUMP names one), or no psql to restore it.")
    with postgres_database(postgres_url, f"tandem_{uuid4().hex[:12]}") as url:
        command = [psql, "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", driverless(url)]
        restored = subprocess.run(command, input=gzip.decompress(DUMP.read_bytes()), capture_output=True, check=False)
        assert restored.returncode == 0, restored.stderr[-1_000:]
        yield url


@pytest.fixture(scope="module")
def unified(demo: str) -> Loaded:
    return loaded(tryton.read(demo))


def test_every_row_fits_its_contract(unified: Loaded) -> None:
    assert unified.aside.rows() == []
    assert sum(rows.height for rows in unified.tables.values()) > 9_000


@pytest.mark.parametrize("name", ORACLES)
def test_the_unified_tables_say_what_tryton_says(demo: str, unified: Loaded, name: str) -> None:
    told = told_by_tryton(demo, name)
    assert told
    assert told_by_tandem(unified, name) == told


def test_the_dump_itself_says_the_same_as_its_restored_database(unified: Loaded) -> None:
    assert differences(loaded(tryton.read_backup(DUMP)), unified) == {}
