"""Whoever is given the rights of the guide to Odoo can read it. What else the guide says, `test_conformance` holds."""

import re
from uuid import uuid4

import pytest

from data_access.sources import odoo
from tests.data_access.sources.odoo_writer import Odoo
from tests.servers import HOUSE

GUIDE = (HOUSE / "docs" / "sources" / "odoo.md").read_text(encoding="utf-8")


@pytest.mark.postgres
def test_whoever_has_the_rights_of_the_guide_can_read(firm: Odoo) -> None:
    [rights] = re.findall(r"(GRANT CONNECT.*?tandem;)\n```", GUIDE, re.DOTALL)
    role = f"tandem_{uuid4().hex[:8]}"
    given = rights.replace("your_database", firm.url.rpartition("/")[2]).replace("TO tandem", f"TO {role}")
    firm.change(f"create role {role} login")
    try:
        firm.change(given)
        assert odoo.read(firm.url.replace("postgres@", f"{role}@")).notices == ()
    finally:
        firm.change(f"drop owned by {role}; drop role {role}")
