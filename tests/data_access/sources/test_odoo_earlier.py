"""Odoo 17 and 16 keep the same firm in other columns than Odoo 18: what is read of it is the same."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from data_access.sources import odoo
from sample_data import Plan, Sample
from sample_data.clothes.odoo import dressed, write
from sample_data.clothes.odoo_earlier import as_odoo_16, as_odoo_17
from sample_data.clothes.tailor import Outfit, Tables
from tests.data_access.sources.loaded import Loaded, loaded

NOT_TOLD = {"payments": ("invoice_id",)}


@pytest.fixture(scope="module")
def firm() -> Tables:
    return Sample(Plan(scale=0.01, months=6)).tables()


@pytest.fixture(scope="module")
def latest(firm: Tables, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The firm in Odoo 18."""
    return loaded(odoo.read_backup(write(tmp_path_factory.mktemp("odoo") / "18.sql", dressed(firm))))


@pytest.mark.parametrize("earlier", [as_odoo_17, as_odoo_16], ids=["17", "16"])
def test_an_earlier_odoo_says_the_same(
    firm: Tables, latest: Loaded, earlier: Callable[[Tables], Outfit], tmp_path: Path
) -> None:
    read = loaded(odoo.read_backup(write(tmp_path / "earlier.sql", earlier(firm))))
    assert read.aside.rows() == []
    assert set(read.tables) == set(latest.tables)
    apart = [name for name in latest.tables if _told(read, name).rows() != _told(latest, name).rows()]
    assert apart == []


def _told(unified: Loaded, table: str) -> pl.DataFrame:
    """A table without what earlier versions do not tell, and without the day of a level."""
    rows = unified[table].drop("as_of_on", *NOT_TOLD.get(table, ()), strict=False)
    return rows.sort(rows.columns[0], "source_id")
