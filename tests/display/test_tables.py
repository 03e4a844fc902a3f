"""What a reader sees of a frame: its rows in their order, in words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import polars as pl
import pytest

from analytics.inventory import OUTLOOK, STATES
from display.tables import health, inventory

MONEY = ("at_stake", "at_stake_at_sites")


def outlook(*rows: Mapping[str, object]) -> pl.DataFrame:
    usual = {"sku": "A-1", "name": "Valve", "state": "healthy", "currency": "EUR"} | dict.fromkeys(MONEY, 0.0)
    return pl.DataFrame([{**usual, **row} for row in rows], schema=OUTLOOK)


def test_rows_keep_their_order_and_codes_become_words() -> None:
    shown = inventory.outlook(outlook({"state": "runs_out"}, {"state": "low"}, {"state": "out"}), "en")
    assert shown.frame["state"].to_list() == ["Runs out", "Low", "Out of stock"]
    assert inventory.outlook(outlook({"state": "low"}), "zh").frame["state"].to_list() == ["偏低"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_state_has_a_chip_with_a_colour(language: str) -> None:
    shown = inventory.outlook(outlook(*({"state": state} for state in STATES)), language)
    assert set(shown.frame["state"]) == set(shown.chips["state"])
    assert set(inventory.STATES) == set(STATES)


def test_a_chinese_reader_sees_the_chinese_name_where_there_is_one() -> None:
    rows = outlook({"name_zh": "阀门"}, {"name_zh": None}, {"name_zh": "阀门", "sku": None})
    assert inventory.outlook(rows, "zh").frame["item"].to_list() == ["A-1 · 阀门", "A-1 · Valve", "阀门"]
    assert inventory.outlook(rows, "en").frame["item"].to_list() == ["A-1 · Valve", "A-1 · Valve", "Valve"]


def test_at_most_eight_columns_are_seen() -> None:
    assert len(inventory.outlook(outlook({}), "en").columns) == 8
    assert all(
        len(table.columns) <= 8 for table in (inventory.EVENTS, health.SOURCES, health.TABLES, health.QUARANTINE)
    )


def test_one_currency_stands_in_the_heading_and_several_in_a_column() -> None:
    one = inventory.outlook(outlook({"at_stake": 1.0}), "en")
    several = inventory.outlook(outlook({"at_stake": 1.0}, {"at_stake": 2.0, "currency": "CHF"}), "en")
    assert one.headings["at_stake"] == "At stake (€)"
    assert "currency" not in one.frame.columns
    assert several.headings["at_stake"] == "At stake"
    assert several.frame["currency"].to_list() == ["EUR", "CHF"]


def test_money_that_nobody_may_see_has_no_column() -> None:
    rows = {"group": ["A", None], "products": [1, 2], "out": [0, 0], "running_out": [0, 0], "low": [0, 1]}
    groups = pl.DataFrame(rows | {"on_hand_value": [None, None], "at_stake": [3.0, None], "currency": ["EUR", "EUR"]})
    shown = inventory.groups(groups.cast({"on_hand_value": pl.Float64}), "supplier", "en")
    assert shown.frame.columns == ["group", "products", "out", "running_out", "low", "at_stake"]
    assert shown.headings["group"] == "Supplier"
    assert shown.frame["group"].to_list() == ["A", "Not given"]


def test_a_part_of_a_table_is_the_same_table_with_fewer_rows() -> None:
    shown = inventory.outlook(outlook({"sku": "1"}, {"sku": "2"}, {"sku": "3"}), "en")
    part = shown.part(slice(1, 3))
    assert part.frame["item"].to_list() == ["2 · Valve", "3 · Valve"]
    assert (part.columns, part.headings) == (shown.columns, shown.headings)


def sources(**changes: object) -> pl.DataFrame:
    row = {"source": "odoo", "last_loaded_at": datetime(2026, 1, 5, 23, 30, tzinfo=UTC), "age_minutes": 5}
    counts = {"rows_read": 9, "rows_loaded": 7, "rows_quarantined": 1, "rows_duplicate": 1}
    return pl.DataFrame([row | counts | {"last_outcome": "loaded"} | changes])


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "Fresh"),
        ({"age_minutes": 26 * 60}, "Fresh"),
        ({"age_minutes": 26 * 60 + 1}, "Stale"),
        ({"last_outcome": "rejected"}, "Refused"),
        ({"last_outcome": "failed", "age_minutes": 9_999}, "Failed"),
        ({"last_outcome": None}, "Fresh"),
    ],
)
def test_a_source_is_fresh_stale_or_in_trouble(changes: dict[str, object], state: str) -> None:
    frame = sources(**changes).cast({"last_outcome": pl.String})
    assert health.sources(frame, "en", None).frame["state"].to_list() == [state]


def test_instants_stand_in_the_readers_zone() -> None:
    shown = health.sources(sources(), "en", "Asia/Shanghai").frame
    assert shown["last_loaded_at"].to_list() == [datetime(2026, 1, 6, 7, 30)]  # noqa: DTZ001 - the reader's own clock
    assert shown["source"].to_list() == ["Odoo"]


def quarantine(rule: str) -> pl.DataFrame:
    cells = {"source": "files", "source_table": "orders", "line": 3, "rule": rule, "column_name": "day"}
    return pl.DataFrame(
        [cells | {"value": "30.2.", "record": "{}", "quarantined_at": datetime(2026, 1, 5, tzinfo=UTC)}]
    )


def test_a_broken_rule_is_told_in_words_and_an_unknown_one_by_its_name() -> None:
    told = health.quarantine(quarantine("not_a_date"), "zh", None, masked=False).frame
    assert told["rule"].to_list() == ["不是日期"]
    assert health.quarantine(quarantine("brand_new"), "zh", None, masked=False).frame["rule"].to_list() == ["brand_new"]
    assert health.rule_in_words("brand_new", "12 rows are odd.", "en") == "12 rows are odd."


def test_what_a_role_may_not_see_is_said_to_be_hidden() -> None:
    masked = health.quarantine(quarantine("not_a_date"), "en", None, masked=True).frame
    assert masked.select("value", "record").row(0) == ("hidden from your role",) * 2


def test_sums_are_numbers_and_a_difference_that_nobody_knows_is_no_agreement() -> None:
    texts = {"at_source": ["10.50", "1", None], "in_tandem": ["10.50", "2", "3"], "difference": ["0.00", "-1", None]}
    named = {"source": ["odoo"] * 3, "source_table": ["t"] * 3, "check": ["rows"] * 3, "note": [None] * 3}
    shown = health.reconciliation(pl.DataFrame(named | texts), "en").frame
    assert shown["at_source"].to_list() == [10.5, 1.0, None]
    assert shown["state"].to_list() == ["Agrees", "Differs", "Differs"]


def test_a_sum_that_is_no_number_is_kept_as_it_is() -> None:
    row = {"source": "odoo", "source_table": "t", "check": "latest", "at_source": "n/a", "in_tandem": "3", "note": None}
    shown = health.reconciliation(pl.DataFrame([{**row, "difference": "?"}]), "en").frame
    assert shown.select("at_source", "in_tandem", "difference", "state").row(0) == ("n/a", 3.0, "?", "Differs")


def test_tables_that_need_a_look_come_first() -> None:
    outcomes = ["accept", "reject_table", "accept_warn", "quarantine_rows", "accept"]
    counts = {name: [1] * 5 for name in ("rows_read", "rows_loaded", "rows_quarantined", "rows_duplicate")}
    named = {"source": ["odoo"] * 5, "source_table": list("abcde"), "outcome": outcomes}
    tables = pl.DataFrame(named | counts | {"balanced": [True, True, True, True, False]})
    assert health.tables(tables, "en").frame["source_table"].to_list() == ["e", "b", "d", "c", "a"]


def test_each_notice_is_a_row_of_its_rule_and_detail() -> None:
    notices = [["negative_stock: 2 levels: kept.", "odd: x"], [], None]
    tables = pl.DataFrame(
        {"source": ["odoo"] * 3, "source_table": ["a", "b", "c"], "warnings": notices},
        schema_overrides={"warnings": pl.List(pl.String)},
    )
    shown = health.warnings(tables, "en").frame
    assert shown.rows() == [
        ("Odoo", "a", "Some stock is below zero", "2 levels: kept."),
        ("Odoo", "a", "odd", "x"),
    ]


def test_dates_stay_dates() -> None:
    shown = inventory.outlook(outlook({"runs_out_on": date(2026, 11, 27)}), "zh")
    assert shown.frame.schema["runs_out_on"] == pl.Date
