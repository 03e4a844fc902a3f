"""A real Odoo 18, restored from its dump: unified tables say what Odoo's own say. Skips where there is no dump."""

import gzip
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from data_access.sources import odoo
from tests.data_access.sources.loaded import Loaded, differences, loaded
from tests.data_access.sources.odoo_oracle import ORACLES, told_by_odoo, told_by_tandem
from tests.servers import HOUSE, driverless, postgres_database

pytestmark = pytest.mark.postgres

DUMP = Path(os.environ.get("TANDEM_ODOO_DUMP", HOUSE.parent / "shared" / "data" / "odoo" / "odoo18_demo.sql.gz"))


@pytest.fixture(scope="module")
def demo(postgres_url: str) -> Iterator[str]:
    """The restored database's address."""
    psql = shutil.which("psql")
    if not DUMP.is_file() or psql is None:
        pytest.skip("There is no dump of an Odoo 18 (TANDEM_ODOO_DUMP names one), or no psql to restore it.")
    with postgres_database(postgres_url, f"tandem_{uuid4().hex[:12]}") as url:
        command = [psql, "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", driverless(url)]
        restored = subprocess.run(command, input=gzip.decompress(DUMP.read_bytes()), capture_output=True, check=False)
        assert restored.returncode == 0, restored.stderr[-1_000:]
        yield url


@pytest.fixture(scope="module")
def unified(demo: str) -> Loaded:
    return loaded(odoo.read(demo))


def test_every_row_fits_its_contract(unified: Loaded) -> None:
    assert unified.aside.rows() == []
    assert sum(rows.height for rows in unified.tables.values()) > 1_000


@pytest.mark.parametrize("name", ORACLES)
def test_the_unified_tables_say_what_odoo_says(demo: str, unified: Loaded, name: str) -> None:
    told = told_by_odoo(demo, name)
    assert told
    assert told_by_tandem(unified, name) == told


def test_what_did_not_change_is_not_read_again_in_big_tables(demo: str, unified: Loaded) -> None:
    watermark = unified.reading.watermark
    again = {extract.mapping.to: extract for extract in odoo.read(demo, since=watermark).extracts}
    assert not any(extract.incremental for extract in again.values())
    assert again["products"].frame.equals(unified.extracts["products", "product_product"].frame)


def test_the_dump_itself_says_the_same_as_its_restored_database(unified: Loaded) -> None:
    assert differences(loaded(odoo.read_backup(DUMP)), unified) == {}
