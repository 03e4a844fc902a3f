"""A real Tryton 8, restored from its dump: unified tables say what Tryton's own say. Skips where there is no dump."""

from collections.abc import Iterator

import pytest

from data_access.sources import tryton
from tests.data_access.sources.dumped import dump_of, restored
from tests.data_access.sources.loaded import Loaded, differences, loaded
from tests.data_access.sources.tryton_oracle import ORACLES, told_by_tandem, told_by_tryton

pytestmark = pytest.mark.postgres

DUMP = dump_of("TANDEM_TRYTON_DUMP", "tryton/tryton8.sql.gz")


@pytest.fixture(scope="module")
def demo(postgres_url: str) -> Iterator[str]:
    """The restored database's address."""
    with restored(DUMP, postgres_url, "dump of a Tryton 8 (TANDEM_TRYTON_DUMP names one)") as url:
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
