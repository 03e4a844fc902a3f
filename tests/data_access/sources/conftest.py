"""A miniature Odoo, written once and read once: its tests only look."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from data_access.sources import odoo
from tests.data_access.sources.loaded import Loaded, loaded
from tests.data_access.sources.odoo_firm import write_firm
from tests.data_access.sources.odoo_writer import Odoo
from tests.servers import postgres_database


@pytest.fixture(scope="package")
def firm(postgres_url: str) -> Iterator[Odoo]:
    """The firm of `odoo_firm`, to be read and not to be changed."""
    with postgres_database(postgres_url, f"tandem_{uuid4().hex[:12]}") as url:
        written = write_firm(Odoo(url))
        yield written
        written.close()


@pytest.fixture(scope="package")
def unified(firm: Odoo) -> Loaded:
    """What Tandem makes of it."""
    return loaded(odoo.read(firm.url))
