"""The data dictionary and the templates say what the schemas say."""

import csv
from pathlib import Path

import pytest

from analytics.tables import DELIVERED, TABLES, fields
from analytics.tables.record import BASE
from data_access.documentation import data_dictionary, template_columns, templates
from data_access.sources.files import NEVER_DELIVERED, SHORT_FORMS, known_columns
from tests.refresh.deliveries import Firm

HOUSE = Path(__file__).resolve().parent.parent.parent
GIVEN = HOUSE.parent / "shared" / "templates"


@pytest.mark.parametrize("table", TABLES)
def test_the_dictionary_tells_every_column_of_every_table(table: str) -> None:
    section = data_dictionary().partition(f"\n### {table}\n")[2].partition("\n### ")[0]
    for name in fields(TABLES[table]):
        meaning = TABLES[table].columns()[name].description
        assert f"| `{name}` |" in section
        assert meaning
        assert meaning in section.replace("\\|", "|")


def test_the_dictionary_tells_what_every_table_carries() -> None:
    head = data_dictionary().partition("\n## ")[0]
    assert all(f"- `{name}`: " in head for name in BASE)


def test_every_table_that_a_firm_can_deliver_has_a_template() -> None:
    assert set(templates()) == {f"{table}.csv" for table in (*DELIVERED, "targets") if table not in NEVER_DELIVERED}


@pytest.mark.parametrize("name", sorted(templates()))
def test_every_column_of_a_template_is_known_to_the_reader_and_stands_once(name: str) -> None:
    columns = next(csv.reader([templates()[name]]))
    assert set(columns) <= known_columns()[name.removesuffix(".csv")]
    assert len(columns) == len(set(columns))


@pytest.mark.parametrize("table", SHORT_FORMS)
def test_a_short_form_stands_at_the_head_of_its_template(table: str) -> None:
    assert template_columns(table)[: len(SHORT_FORMS[table])] == list(SHORT_FORMS[table])


def test_the_given_templates_keep_their_columns() -> None:
    if not GIVEN.is_dir():
        pytest.skip("The folder of given templates does not lie beside the project.")
    for path in GIVEN.glob("*.csv"):
        header = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        assert template_columns(path.stem)[: len(header)] == header


def test_empty_templates_are_a_delivery_that_changes_nothing(tmp_path: Path) -> None:
    report = Firm(tmp_path / "deliveries").send(templates())
    assert {entry["outcome"] for entry in report.tables.values()} == {"accept"}
    assert len(report.tables) == len(templates())
