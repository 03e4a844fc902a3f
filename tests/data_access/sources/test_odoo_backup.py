"""Odoo's own backup, without a server: the ZIP of its database manager says what the database says."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from data_access.mapping import SourceRefused
from data_access.sources import odoo
from tests.data_access.sources.loaded import Loaded, differences, loaded
from tests.data_access.sources.odoo_writer import Odoo
from tests.servers import driverless


@pytest.fixture(scope="module")
def backup(firm: Odoo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The miniature Odoo as its database manager hands it out."""
    if shutil.which("pg_dump") is None:
        pytest.skip("There is no pg_dump to make a dump of the miniature Odoo.")
    made = subprocess.run(["pg_dump", "--no-owner", driverless(firm.url)], capture_output=True, check=True)
    path = tmp_path_factory.mktemp("backup") / "firm_2026-11-02.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", '{"odoo_dump": "1", "version": "18.0"}')
        archive.writestr("filestore/0a/0a1b", "a picture")
        archive.writestr("dump.sql", made.stdout)
    return path


@pytest.mark.postgres
def test_a_backup_says_the_same_as_its_database(backup: Path, unified: Loaded) -> None:
    assert differences(loaded(odoo.read_backup(backup)), unified) == {}


@pytest.mark.postgres
def test_a_backup_is_as_of_its_latest_change(backup: Path) -> None:
    reading = odoo.read_backup(backup)
    assert (reading.as_of.isoformat(), reading.rewinds_stock) == ("2026-11-02T08:00:00+00:00", True)


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ("", "shop.sql is not an Odoo: its tables ir_module_module and res_company are not there."),
        (
            "COPY public.ir_module_module (name, state, latest_version) FROM stdin;\nbase\tinstalled\t15.0.1.3\n\\.\n",
            "shop.sql is Odoo 15.0; Tandem reads Odoo 16, 17 and 18.",
        ),
    ],
    ids=["another product", "another version"],
)
def test_what_is_no_odoo_of_a_known_version_is_refused(tmp_path: Path, tables: str, told: str) -> None:
    names = {"res_company": "id", "res_partner": "id", "ir_module_module": "name, state, latest_version"}
    made = [
        f"CREATE TABLE public.{name} (\n"
        + ",\n".join(f"    {column} text" for column in columns.split(", "))
        + "\n);\n"
        for name, columns in (names if tables else {"orders": "id"}).items()
    ]
    empty = "".join(f"COPY public.{name} (id) FROM stdin;\n\\.\n" for name in ("res_company", "res_partner") if tables)
    dump = tmp_path / "shop.sql"
    dump.write_text("".join(made) + empty + tables, encoding="utf-8")
    with pytest.raises(SourceRefused) as refusal:
        odoo.read_backup(dump)
    assert str(refusal.value) == told
