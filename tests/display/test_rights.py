"""Rights in words: the tables of rights, and the document that is made of them."""

import pytest

from analytics.access import CAPABILITIES, RIGHTS
from analytics.tables import TABLES, needs
from display.rights import DOCUMENT, document
from display.tables.rights import matrix, pages
from display.words import LANGUAGES, known, say


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_matrix_is_the_table_of_rights(language: str) -> None:
    frame, yes = matrix(language).frame, say(language, "rights.granted.yes")
    assert frame["right"].to_list() == [say(language, f"right.{capability}") for capability in CAPABILITIES]
    for role, rights in RIGHTS.items():
        assert [word == yes for word in frame[role]] == [capability in rights for capability in CAPABILITIES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_opens_for_the_roles_that_have_its_right(language: str) -> None:
    row = pages([("health", "health.read")], language).frame.row(0, named=True)
    yes = say(language, "rights.granted.yes")
    assert {role for role in RIGHTS if row[role] == yes} == {
        role for role, rights in RIGHTS.items() if "health.read" in rights
    }
    assert row["page"] == say(language, "menu.health")


def test_every_right_and_role_has_a_name_and_a_sentence() -> None:
    keys = [f"right.{capability}" for capability in CAPABILITIES] + [f"role.{role}" for role in RIGHTS]
    assert [key for key in keys if not (known(key) and known(f"{key}.help"))] == []


def test_the_document_of_rights_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "Run: python -m display.rights"


def test_the_document_names_every_column_that_needs_a_right() -> None:
    told = document()
    named = [f"`{name}.{column}`" for name, schema in TABLES.items() for column in needs(schema)]
    assert [column for column in named if told.count(column) != len(LANGUAGES)] == []
