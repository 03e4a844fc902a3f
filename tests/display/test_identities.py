"""Identities, lineage and rows set aside in words."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from display.messages import identities, lineage, repairs
from display.tables import identities as tables

PAIR: dict[str, Any] = {
    "entity": "customer",
    "source": "salesforce",
    "other_source": "odoo",
    **{f"{side}{field}": None for side in ("", "other_") for field in tables.FIELDS["customer"]},
    "name": "Ｍeyer",
    "other_name": "meyer",
    "phone": "0431/1234567",
    "other_phone": "+49 431 123-4567",
    "other_city": "Kiel",
    "record_id": "salesforce:1",
    "evidence": "a like name and phone, tax number",
    "certainty": 0.9,
}


def waiting(*verdicts: str | None) -> pl.DataFrame:
    return pl.DataFrame({"verdict": verdicts}, schema={"verdict": pl.String})


def decided(*states: str) -> pl.DataFrame:
    return pl.DataFrame({"state": states}, schema={"state": pl.String})


@pytest.mark.parametrize(
    ("verdicts", "states", "english", "chinese"),
    [
        ((None, "same"), (), "1 pair of records may be one and the same", "1对记录可能属于同一对象"),
        (
            ("same",),
            ("waiting", "applied"),
            "Nothing left to decide; 1 decision waits for the next refresh",
            "没有待判定的记录；1项决定将在下次刷新时生效",
        ),
        ((), ("applied",), "No record is in doubt", "没有存疑的记录"),
    ],
)
def test_the_title_says_what_there_is_to_decide(
    verdicts: tuple[str | None, ...], states: tuple[str, ...], english: str, chinese: str
) -> None:
    assert identities.title(waiting(*verdicts), decided(*states), "en") == english
    assert identities.title(waiting(*verdicts), decided(*states), "zh") == chinese


def test_only_contradictions_are_loud() -> None:
    joined = pl.DataFrame({"entity": ["customer", "customer"], "group_id": ["a", "a"]})
    calm = identities.cards(waiting(None), joined, decided("applied", "taken_back"), 3, "en")
    assert [card.value for card in calm] == ["1", "1", "1", "1", "0", "3"]
    assert {card.tone for card in calm} == {"quiet"}
    assert identities.cards(waiting(), joined, decided("contradicted"), 0, "en")[4].tone == "warn"


def test_both_records_stand_side_by_side_and_notation_is_no_difference() -> None:
    both = tables.side_by_side(PAIR, "en")
    assert both.frame.rows() == [
        ("Name", "Ｍeyer", "meyer", "Equal"),
        ("Phone", "0431/1234567", "+49 431 123-4567", "Equal"),
        ("City", None, "Kiel", "Not known"),
    ]
    assert (both.headings["one"], both.headings["other"]) == ("Salesforce", "Odoo")
    hidden = tables.side_by_side(PAIR | {"name": None}, "en")
    assert hidden.frame.row(0) == ("Name", "hidden from your role", "meyer", "Not known")


def test_evidence_is_told_in_the_readers_language_and_unknown_evidence_as_it_is() -> None:
    assert "相似名称和电话, 税号" in identities.evidence(PAIR, "zh")
    assert tables.evidence_in_words("brand new, barcode", "en") == "brand new, barcode"


def test_lineage_names_the_row_its_source_and_its_load() -> None:
    row = {"called": None, "row_id": "odoo:42", "source_id": "42", "source": "odoo"}
    load = pl.DataFrame({"sync_run_id": [7], "finished_at": [datetime(2026, 3, 31, 12, tzinfo=UTC)]})
    assert lineage.title(row, "en") == "odoo:42: where it comes from"
    told = lineage.caption(row, load, "en", "UTC")
    assert told.startswith("Record 42 of Odoo · its present state came with run 7 on 31 Mar 2026")
    assert "not on record" in lineage.caption(row, load.clear(), "en", "UTC")


def test_rows_set_aside_are_counted_with_the_money_that_they_name() -> None:
    rows = pl.DataFrame(
        {"amount": [10.0, None, -40.0, 7.0], "currency": ["EUR", "EUR", "CHF", None]},
        schema={"amount": pl.Float64, "currency": pl.String},
    )
    assert repairs.title(rows, "en") == "4 rows are set aside; they name -CHF40 + €10"
    assert repairs.title(rows.tail(1), "en") == "1 row is set aside"
    assert repairs.title(rows.clear(), "en") == "No row is set aside"
