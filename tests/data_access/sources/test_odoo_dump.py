"""A real Odoo 18, restored from its dump: unified tables say what Odoo's own say. Skips where there is no dump."""

from collections.abc import Iterator

import pytest

from data_access.sources import odoo
from tests.data_access.sources.dumped import dump_of, restored
from tests.data_access.sources.loaded import Loaded, differences, loaded
from tests.data_access.sources.odoo_oracle import ORACLES, told_by_odoo, told_by_tandem

pytestmark = pytest.mark.postgres

DUMP = dump_of("TANDEM_ODOO_DUMP", "odoo/odoo18_demo.sql.gz")


@pytest.fixture(scope="module")
def demo(postgres_url: str) -> Iterator[str]:
    """The restored database's address."""
    with restored(DUMP, postgres_url, "dump of an Odoo 18 (TANDEM_ODOO_DUMP names one)") as url:
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
