"""What an administrator is told of connections, and what is refused to everybody else."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.access import RIGHTS, NotAllowed, Viewer
from analytics.tables import DELIVERED, fields
from analytics.tables import TABLES as UNIFIED
from answers import connections as answers
from answers import proposals
from answers.connections import ConnectionRefused, Place, Server
from answers.proposals import MappingRefused, Proposal
from data_access import audit, deliveries, mapping_files, work
from data_access import connections as kept
from data_access.home import firm_home
from data_access.work import Outcome, Progress
from display.words import known

ADA = Viewer(user="ada", role="administrator")
NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
SERVER = Server(host="erp.example.com", port=5432, database="odoo", user="reader", password="s3cret")
LOADED = {
    "customers": {
        "outcome": "quarantine_rows",
        "read": 5,
        "loaded": 3,
        "quarantined": 2,
        "reasons": {"not_a_date": 2},
        "warnings": [{"rule": "volume_drop", "detail": "5 are stored; confirm with --confirm customers if gone."}],
    },
    "products": {"outcome": "accept", "read": 4, "loaded": 4, "quarantined": 0, "reasons": {}, "warnings": []},
}


def connect(source: str = "odoo", at: datetime = NOON, **place: Any) -> str:
    """A connection of that name; its key."""
    where = Place(**place) if place else Place(server=SERVER)
    return kept.add(firm_home(), source.title(), source, where, at=at).connection_id


def ended(connection_id: str, outcome: str = "loaded", at: datetime = NOON, **more: Any) -> None:
    """The connection was tried at that instant."""
    told: dict[str, Any] = {"loaded_at": at, "tables": LOADED} if outcome == "loaded" else {}
    every = {each.connection_id for each in kept.connections(firm_home())}
    made = Outcome(started_at=at, ended_at=at, outcome=outcome, **told | more)
    work.note(firm_home(), connection_id, made, among=every)


def state(now: datetime) -> str:
    """The state of the only connection."""
    return str(answers.connections(ADA, now=now)["state"].item())


TOLD: dict[str, Any] = {
    "tandem_mapping": 1,
    "tables": [
        {
            "table": "kunden",
            "to": "customers",
            "certainty": 0.99,
            "reason": "its name says so",
            "fields": {
                "customers.customer_id": {"columns": ["nr"], "certainty": 0.99, "reason": "named like id"},
                "customers.created_on": {"columns": ["seit"], "dates": "day first", "certainty": 0.9},
            },
            "left_out": ["ort"],
        },
        {"table": "auftraege", "to": "sales_orders", "fields": {}, "given": {"sales_orders.currency": None}},
    ],
}
EXAMPLES = {("kunden", "nr"): ("K1", "K2"), ("kunden", "seit"): ("31.01.2026",), ("kunden", "ort"): ("Kiel",)}
PROPOSAL = Proposal(TOLD, EXAMPLES)

ASKED: dict[str, Callable[[Viewer], object]] = {
    "connections": answers.connections,
    "tables": lambda viewer: answers.tables(viewer, "0" * 16),
    "problems": lambda viewer: answers.problems(viewer, "0" * 16),
    "doubtful": lambda viewer: answers.doubtful(viewer, "0" * 16),
    "progress": answers.progress,
    "mark": answers.mark,
    "has_worker": answers.has_worker,
    "upload": lambda viewer: answers.upload(viewer, [("a.csv", io.BytesIO(b"1"))]),
    "trial": lambda viewer: answers.trial(viewer, "odoo", Place(server=SERVER)),
    "add": lambda viewer: answers.add(viewer, "ERP", "odoo", Place(server=SERVER)),
    "change": lambda viewer: answers.change(viewer, "0" * 16, name="b"),
    "pause": lambda viewer: answers.pause(viewer, "0" * 16, is_paused=True),
    "remove": lambda viewer: answers.remove(viewer, "0" * 16),
    "refresh_now": lambda viewer: answers.refresh_now(viewer, "0" * 16),
    "settings": lambda viewer: answers.settings(viewer, "0" * 16),
    "read_only_user": lambda viewer: answers.read_only_user(viewer, "odoo", "odoo", "tandem"),
    "proposal": lambda viewer: proposals.proposal(viewer, Place(delivery="0" * 16)),
    "keep": lambda viewer: proposals.keep(viewer, PROPOSAL),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_nobody_without_the_right_asks_or_changes_anything(ask: Callable[[Viewer], object], home: Path) -> None:
    for role, rights in RIGHTS.items():
        if answers.RIGHT not in rights:
            with pytest.raises(NotAllowed):
                ask(Viewer(user="eve", role=role))
    assert not home.exists()


def test_a_connection_is_listed_with_its_state_its_counts_and_its_next_run() -> None:
    key = connect()
    assert state(NOON - timedelta(minutes=1)) == "never"
    assert state(NOON) == "waiting"
    ended(key)
    row = answers.connections(ADA, now=NOON).row(0, named=True)
    assert (row["state"], row["place"], row["minutes"]) == ("fresh", "reader@erp.example.com:5432/odoo", 15)
    assert (row["rows_read"], row["rows_loaded"], row["rows_quarantined"]) == (9, 7, 2)
    assert row["next_at"] == NOON + timedelta(minutes=15)
    assert state(NOON + timedelta(minutes=15)) == "waiting"


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("loaded", "fresh"),
        ("unchanged", "fresh"),
        ("outage", "away"),
        ("rejected", "refused"),
        ("failed", "failed"),
        ("stalled", "failed"),
        ("killed", "failed"),
        ("busy", "waiting"),
    ],
)
def test_how_an_attempt_ended_is_the_state(outcome: str, expected: str) -> None:
    ended(connect(), outcome, message="It says so.", failures=1)
    assert state(NOON) == expected


def test_what_runs_is_asked_for_or_paused_is_told_first() -> None:
    key = connect()
    ended(key)
    answers.refresh_now(ADA, key, confirmed=["customers"])
    assert (state(NOON), work.asked(firm_home())[key].confirmed) == ("waiting", ("customers",))
    work.tell(firm_home(), Progress(connection_id=key, step="reading", started_at=NOON, since=NOON))
    assert state(NOON) == "running"
    work.rest(firm_home())
    work.answered(firm_home(), key)
    answers.pause(ADA, key, is_paused=True)
    assert state(NOON + timedelta(days=9)) == "paused"


def test_a_table_that_was_refused_is_no_fresh_connection() -> None:
    ended(connect(), tables={"products": LOADED["products"] | {"outcome": "reject_table"}})
    assert state(NOON) == "refused"


def test_tables_problems_and_doubts_are_those_of_the_load() -> None:
    key = connect()
    ended(key)
    assert answers.tables(ADA, key)["rows_loaded"].to_list() == [3, 4]
    assert answers.problems(ADA, key).select("rule", "rows").rows() == [("not_a_date", 2), ("volume_drop", None)]
    assert answers.doubtful(ADA, key) == ["customers"]


def test_a_screen_sees_that_something_began_and_ended() -> None:
    key = connect()
    seen = [answers.mark(ADA)]
    work.tell(firm_home(), Progress(connection_id=key, step="reading", started_at=NOON, since=NOON))
    seen.append(answers.mark(ADA))
    work.rest(firm_home())
    ended(key)
    seen.append(answers.mark(ADA))
    assert len(set(seen)) == 3
    assert not answers.has_worker(ADA)
    with firm_home().working():
        assert answers.has_worker(ADA)


def test_what_is_done_to_a_connection_stands_in_the_audit_log_by_its_name() -> None:
    key = answers.add(ADA, "ERP", "odoo", Place(server=SERVER))
    answers.pause(ADA, key, is_paused=True)
    answers.pause(ADA, key, is_paused=False)
    answers.change(ADA, key, name="Odoo")
    answers.refresh_now(ADA, key)
    answers.remove(ADA, key)
    told = [(line["user"], line["action"], line["subject"]) for line in reversed(audit.newest(firm_home(), 9))]
    actions = {"added": "ERP", "paused": "ERP", "resumed": "ERP", "changed": "Odoo", "asked": "Odoo", "removed": "Odoo"}
    assert told == [("ada", f"connection_{action}", name) for action, name in actions.items()]
    assert all(known(f"audit.action.connection_{action}") for action in actions)


def test_settings_hold_no_password_not_even_a_sealed_one() -> None:
    settings = answers.settings(ADA, connect())
    assert settings is not None
    assert (settings.sealed, settings.place.server) == (None, replace(SERVER, password=""))
    assert answers.settings(ADA, "0" * 16) is None


def test_a_place_that_cannot_be_is_refused_before_anything_is_tried(tmp_path: Path) -> None:
    with pytest.raises(ConnectionRefused, match="no_path"):
        answers.trial(ADA, "files", Place(path=str(tmp_path / "nothing")))
    with pytest.raises(ConnectionRefused, match="no_place"):
        answers.trial(ADA, "sap", Place(server=SERVER))


def test_what_takes_too_long_is_ended_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "REHEARSAL_SECONDS", 0.01)
    tried = answers.trial(ADA, "files", Place(path=str(tmp_path)))
    assert (tried.outcome, tried.may_go, tried.tables.height) == ("too_long", False, 0)


def test_only_a_delivery_that_is_too_large_for_a_test_may_be_loaded_without_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "REHEARSAL_SECONDS", 0.01)
    monkeypatch.setattr(answers, "LOOK_SECONDS", 0.01)
    assert answers.trial(ADA, "files", Place(path=str(tmp_path))).is_large
    away = answers.trial(ADA, "odoo", Place(server=SERVER))
    assert (away.outcome, away.is_large) == ("too_long", False)


@pytest.mark.parametrize("source", ["odoo", "tryton", "erpnext"])
def test_the_sql_names_user_database_and_no_table_of_passwords(source: str) -> None:
    sql = answers.read_only_user(ADA, source, "my erp", "o'neil")
    assert "my erp" in sql
    assert "o''neil" in sql or '"o\'neil"' in sql
    assert "res_users" not in sql
    assert "tabUser`" not in sql


# Proposed mappings

KUNDEN = {"nr": "customers.customer_id", "seit": "customers.created_on", "ort": None}


def corrected(fields_of: dict[str, str | None], **given: str | None) -> Proposal:
    """The proposal with other fields of the customers."""
    values = {f"customers.{name}": value for name, value in given.items()}
    return proposals.corrected(PROPOSAL, "kunden", to="customers", fields_of=fields_of, given_values=values)


def test_a_proposal_is_told_by_table_and_by_column() -> None:
    told = proposals.tables(PROPOSAL).select("table", "to", "columns", "with_field", "missing").rows()
    assert told == [("kunden", "customers", 3, 2, 0), ("auftraege", "sales_orders", 0, 0, 1)]
    assert proposals.columns(PROPOSAL, "kunden").select("column", "examples", "field").rows() == [
        ("nr", "K1 · K2", "customers.customer_id"),
        ("seit", "31.01.2026", "customers.created_on"),
        ("ort", "Kiel", None),
    ]
    assert proposals.missing(PROPOSAL) == [("auftraege", "sales_orders.currency")]


def test_what_nobody_corrects_stays_as_it_was_proposed() -> None:
    assert corrected(dict(KUNDEN)).entry("kunden")["fields"] == TOLD["tables"][0]["fields"]


def test_a_corrected_field_takes_the_notation_of_its_column_along() -> None:
    entry = corrected(KUNDEN | {"seit": "customers.updated_on", "ort": "customers.city"}).entry("kunden")
    assert entry["fields"]["customers.updated_on"] == {"columns": ["seit"], "dates": "day first"}
    assert entry["fields"]["customers.city"] == {"columns": ["ort"]}
    assert entry["left_out"] == []
    joined = corrected(KUNDEN | {"ort": "customers.customer_id"}).entry("kunden")
    assert joined["fields"]["customers.customer_id"] == {"columns": ["nr", "ort"]}


def test_another_meaning_keeps_the_fields_that_both_tables_have() -> None:
    moved = proposals.renamed(corrected(KUNDEN | {"ort": "customers.city"}), "kunden", "products")
    assert proposals.columns(moved, "kunden")["field"].to_list() == [None, "products.created_on", None]
    assert proposals.left_out(PROPOSAL, "kunden").entry("kunden")["to"] is None


def test_every_field_of_a_table_can_be_chosen() -> None:
    assert set(proposals.targets()) == set(DELIVERED)
    assert proposals.choices(PROPOSAL, "kunden", "customers") == [
        f"customers.{name}" for name in fields(UNIFIED["customers"])
    ]


def test_a_mapping_is_kept_when_it_can_be_used_and_said_what_is_wrong_when_not() -> None:
    with pytest.raises(MappingRefused, match=r"auftraege needs a value for sales_orders\.currency"):
        proposals.keep(ADA, PROPOSAL)
    assert list((firm_home().folder / "deliveries").iterdir()) == []
    name = proposals.keep(ADA, proposals.left_out(PROPOSAL, "auftraege"))
    first, second = mapping_files.read(deliveries.mapping(firm_home(), name))
    assert (first.to, second.to) == ("customers", None)
    assert first.fields["customers", "created_on"].dates == "day first"


def test_files_of_a_firm_go_from_proposal_to_trial(tmp_path: Path) -> None:
    content = "Kundennr;Firma;Land\nK1;Alt GmbH;Deutschland\nK2;Neu AG;Deutschland\n"
    (tmp_path / "kunden.csv").write_text(content, encoding="utf-8")
    proposed = proposals.proposal(ADA, Place(path=str(tmp_path)))
    assert set(proposals.columns(proposed, "kunden")["examples"]) == {""}
    place = Place(delivery=answers.upload(ADA, [("kunden.csv", io.BytesIO(content.encode()))]))
    assert proposals.tables(proposed).select("table", "to").rows() == [("kunden", "customers")]
    assert not (firm_home().folder / "tandem.db").exists()
    mapped = replace(place, mapping=proposals.keep(ADA, proposed))
    tried = answers.trial(ADA, "files", mapped)
    assert tried.tables.select("source_table", "rows_loaded").rows() == [("kunden", 2)]
    key = answers.add(ADA, "Own", "files", mapped)
    assert answers.connections(ADA)["connection_id"].to_list() == [key]
