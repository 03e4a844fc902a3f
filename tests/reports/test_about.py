"""What a file says of itself, and what it is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.access import Viewer
from reports.about import RESERVED, file_name_of
from tests.reports.seen import about


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Inventory and demand", "Inventory and demand"),
        ("库存与需求", "库存与需求"),
        ("../../etc/passwd", "etc passwd"),
        ('a\\b:c*d?e"f<g>h|i', "a b c d e f g h i"),
        ("line\nbreak\x00", "linebreak"),
        ("CON", "Tandem CON"),
        ("...", "Tandem"),
        ("\u202egpj.exe", "gpj.exe"),
    ],
)
def test_a_file_name_is_safe_everywhere(text: str, name: str) -> None:
    assert file_name_of(text) == name


@given(st.text(max_size=300))
def test_any_title_gives_a_file_name(text: str) -> None:
    name = file_name_of(text)
    assert name
    assert len(name) <= 87
    assert not set(name) & set('/\\:*?"<>|\n\r\t\0')
    assert name.lower() not in RESERVED
    assert name == name.strip(" .")


def test_a_file_is_named_by_what_tells_it_from_others() -> None:
    assert about().file_name("csv") == "Inventory and demand 20261122T181615694597-1c3ac5e9e957 932f3889.csv"
    assert about(is_sample=True, language="zh").file_name("xlsx").startswith("示例公司 - Inventory and demand ")


def test_rights_are_told_as_they_are() -> None:
    narrow = Viewer(user="ada", role="sales", companies=frozenset({"odoo:2", "odoo:1"}), regions=frozenset({"North"}))
    facts = dict(about(viewer=narrow).lines(3))
    assert facts["Companies that may be seen"] == "odoo:1, odoo:2"
    assert facts["Regions that may be seen"] == "North"
