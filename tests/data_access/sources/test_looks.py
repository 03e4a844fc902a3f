"""A look at a database before it is connected, by the user that the printed SQL makes."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from data_access.looks import looked
from data_access.mapping import SourceRefused
from data_access.read_only import statements
from tests.data_access.sources.odoo_writer import Odoo

pytestmark = pytest.mark.postgres


@pytest.fixture
def reader(firm: Odoo) -> Iterator[str]:
    """The address of the miniature Odoo for a user whom the printed SQL made."""
    role, database = f"o'neil {uuid4().hex[:8]}", firm.url.rpartition("/")[2]
    firm.change(statements("odoo", database, role))
    yield firm.url.replace("postgres@", f"{role.replace(' ', '%20')}@")
    firm.change(f'drop owned by "{role}"; drop role "{role}"')


def test_whoever_the_printed_sql_makes_can_look_and_sees_how_many_rows_there_are(firm: Odoo, reader: str) -> None:
    look = looked("odoo", reader)
    assert look.tables == looked("odoo", firm.url).tables
    assert look.tables["res_company"] >= 1
    assert look.absent == ()


def test_another_system_is_told_by_what_it_lacks(firm: Odoo) -> None:
    with pytest.raises(SourceRefused, match="is not a Tryton"):
        looked("tryton", firm.url)
