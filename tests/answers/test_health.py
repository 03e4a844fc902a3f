"""What a viewer is told about the health of the data."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from analytics.tables import SUBJECTS, TABLES
from answers import health
from data_access.home import firm_home, note_attempt
from tests.analytics.firm import Row, firm, random_firm
from tests.answers.served import served

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
OWNER = Viewer(user="ada", role="owner")
ANSWERS: tuple[Callable[..., pl.DataFrame], ...] = (
    health.sources,
    health.tables,
    health.reconciliation,
    health.quarantine,
    health.unified,
    health.runs,
)


def run(number: int, source_table: str, source: str = "odoo", **fields: Any) -> Row:
    counts = {"rows_read": 10, "rows_loaded": 7, "rows_quarantined": 2, "rows_duplicate": 1, "rows_deleted": 0}
    at = NOON + timedelta(hours=number)
    times = {"started_at": at, "finished_at": at, "source_as_of": at - timedelta(minutes=10)}
    key = {"sync_run_table_id": f"{number}/{source}/{source_table}", "sync_run_id": number, "company_id": "*"}
    named = {"source": source, "source_table": source_table, "outcome": "accept", "mode": "full", "rows_left_out": 0}
    return key | named | counts | times | fields


def aside(key: str, **fields: Any) -> Row:
    broken = {"quarantine_id": key, "source_table": "res_partner", "table_name": "customers", "rule": "too_long"}
    cell = {"line": 3, "column_name": "name", "value": "Ada", "record": '{"name": "Ada"}', "quarantined_at": NOON}
    return broken | cell | {"company_id": "*", "source": "odoo"} | fields


@pytest.mark.parametrize("ask", ANSWERS)
@pytest.mark.parametrize("who", [None, Viewer(user="sam", role="sales")])
def test_who_may_not_see_the_health_of_data_is_told_nothing(ask: Callable[..., pl.DataFrame], who: Any) -> None:
    served(random_firm(1))
    with pytest.raises(NotAllowed):
        ask(who)


@pytest.mark.parametrize("ask", ANSWERS)
def test_without_runs_every_answer_has_its_columns_and_no_row(ask: Callable[..., pl.DataFrame]) -> None:
    served(firm(sync_runs=[run(1, "a")], quarantine=[aside("q")]))
    full = ask(OWNER)
    served(firm())
    empty = ask(OWNER)
    assert empty.schema == full.schema
    assert ask is health.unified or empty.is_empty()


def test_a_source_counts_the_latest_run_of_each_of_its_tables() -> None:
    runs = [run(1, "a", rows_read=99), run(2, "a"), run(1, "b"), run(3, "a", source="files")]
    served(firm(sync_runs=runs))
    told = health.sources(OWNER, now=NOON + timedelta(hours=3)).rows(named=True)
    assert [(row["source"], row["rows_read"], row["rows_loaded"]) for row in told] == [
        ("files", 10, 7),
        ("odoo", 20, 14),
    ]
    assert [row["age_minutes"] for row in told] == [10, 70]
    assert told[1]["last_loaded_at"] == NOON + timedelta(hours=2)


def test_a_source_that_says_no_time_is_as_old_as_its_load_and_no_clock_makes_it_younger_than_now() -> None:
    served(firm(sync_runs=[run(1, "a", source_as_of=None)]))
    assert health.sources(OWNER, now=NOON + timedelta(hours=2))["age_minutes"].to_list() == [60]
    assert health.sources(OWNER, now=NOON)["age_minutes"].to_list() == [0]


def test_a_failed_attempt_is_told_beside_what_was_loaded_and_a_source_that_never_loaded_too() -> None:
    served(firm(sync_runs=[run(1, "a")]))
    attempt = {"at": NOON.isoformat(), "outcome": "rejected", "message": "Wrong password."}
    for source in ("odoo", "files"):
        note_attempt(firm_home(), source, attempt)
    files, odoo = health.sources(OWNER).rows(named=True)
    for row in (files, odoo):
        told = (row["last_attempt_at"], row["last_outcome"], row["last_message"])
        assert told == (NOON, "rejected", "Wrong password.")
    assert (files["rows_read"], files["last_loaded_at"], files["age_minutes"]) == (None, None, None)
    assert odoo["rows_read"] == 10


def test_a_table_is_balanced_when_every_row_is_accounted_for() -> None:
    lost = run(1, "lost", rows_loaded=6)
    refused = run(1, "refused", outcome="reject_table", rows_loaded=0, rows_quarantined=0, rows_duplicate=0)
    served(firm(sync_runs=[run(1, "good"), lost, refused]))
    told = dict(health.tables(OWNER).select("source_table", "balanced").iter_rows())
    assert told == {"good": True, "lost": False, "refused": True}


def test_warnings_name_rule_and_detail() -> None:
    noticed = json.dumps([{"rule": "encoding_guessed", "detail": "Read as GB18030."}])
    served(firm(sync_runs=[run(1, "a", warnings=noticed), run(1, "b", warnings=None)]))
    assert health.tables(OWNER)["warnings"].to_list() == [["encoding_guessed: Read as GB18030."], []]


def check(name: str, difference: str | None) -> dict[str, Any]:
    return {"check": name, "at_source": "10.50", "in_tandem": "10.50", "difference": difference, "note": ""}


def test_sums_that_differ_come_first_and_numbers_stay_exact_text() -> None:
    compared = json.dumps([check("rows", "0"), check("amount", "0.000001"), check("odd", "?")])
    served(firm(sync_runs=[run(1, "a", reconciliation=compared), run(1, "b", reconciliation=None)]))
    told = health.reconciliation(OWNER)
    assert told["check"].to_list() == ["amount", "odd", "rows"]
    assert told["at_source"].to_list() == ["10.50"] * 3


def test_what_was_set_aside_is_shown_with_its_rule_and_values_need_personal_data() -> None:
    served(firm(quarantine=[aside("q2", line=9), aside("q1")]))
    shown = health.quarantine(OWNER)
    assert shown.select("line", "rule", "value").rows() == [(3, "too_long", "Ada"), (9, "too_long", "Ada")]
    masked = health.quarantine(Viewer(user="tim", role="administrator"))
    assert masked.select("rule", "value", "record").rows() == [("too_long", None, None)] * 2


def test_unified_tables_are_counted_as_the_viewer_sees_them_and_have_a_subject() -> None:
    tables = random_firm(1)
    served(tables)
    everything = health.unified(OWNER)
    assert dict(everything.select("table", "rows").iter_rows()) == {name: rows.height for name, rows in tables.items()}
    assert set(everything["subject"]) <= set(SUBJECTS)
    assert [name for name in TABLES if name in tables] == everything["table"].to_list()
    mine = health.unified(Viewer(user="ada", role="owner", companies=frozenset({"c2"})))
    expected = tables["sales_order_lines"].filter(pl.col("company_id") == "c2").height
    assert mine.filter(pl.col("table") == "sales_order_lines")["rows"].item() == expected


def test_each_run_is_one_row_with_its_gravest_outcome_and_how_long_it_took() -> None:
    ends: dict[str, Any] = {"started_at": NOON, "finished_at": NOON + timedelta(seconds=4)}
    warned = '[{"rule": "column_lost", "detail": "gone"}, {"rule": "negative_stock", "detail": "1"}]'
    served(
        firm(
            sync_runs=[
                run(1, "a", finished_at=NOON + timedelta(seconds=1), started_at=NOON),
                run(1, "b", **ends, outcome="quarantine_rows", warnings=warned),
                run(2, "a", source="files", outcome="accept_warn"),
            ]
        )
    )
    told = health.runs(OWNER)
    assert told.select("sync_run_id", "source", "outcome", "source_tables", "rows_read", "warnings").rows() == [
        (2, "files", "accept_warn", 1, 10, 0),
        (1, "odoo", "quarantine_rows", 2, 20, 2),
    ]
    assert told["seconds"].to_list() == [0.0, 4.0]
