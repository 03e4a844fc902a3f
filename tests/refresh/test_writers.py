"""Conversations find their customer by who wrote, in whatever order the systems are loaded."""

import json
from pathlib import Path

from refresh.run import Report, rehearse
from refresh.sources import request_for
from tests.refresh.deliveries import Firm, table

WRITTEN = [
    {"id": 1, "date": "2026-02-02", "from": "ada@acme.example", "text": "Where is it?", "direction": "in"},
    {"id": 2, "date": "2026-02-03", "from": "eve@unknown.example", "text": "Hello", "direction": "in"},
]
COLUMNS = ("interaction_id", "contact_id", "customer_id", "body")


def talk(firm: Firm, folder: Path, *messages: dict[str, object]) -> Report:
    """Loads a chat of these messages."""
    folder.mkdir(exist_ok=True)
    (folder / "chat.json").write_text(json.dumps(messages), encoding="utf-8")
    path: dict[str, object] = {"url": None, "path": folder, "full": False, "partial": False, "confirmed": frozenset()}
    report = rehearse(firm.home, request_for("conversations", **path))  # type: ignore[arg-type]
    assert report.outcome == "loaded", report.message
    return report


def known(*rows: str) -> str:
    """Customers with an address."""
    return table("customer_id,name,country,email", *rows)


def said(firm: Firm) -> list[object]:
    """Who said what."""
    return sorted(firm.stored("interactions", "interaction_id", "customer_id"))


def test_a_conversation_is_its_customers_whichever_was_loaded_first(firm: Firm, tmp_path: Path) -> None:
    talk(firm, tmp_path / "chat", *WRITTEN)
    assert said(firm) == [("conversations:1", None), ("conversations:2", None)]
    firm.send(customers=known("C1,Acme,DE,info@acme.example", "C2,Bolt,DE,"))
    assert said(firm) == [("conversations:1", "C1"), ("conversations:2", None)]
    assert firm.count("SELECT COUNT(*) FROM contacts WHERE customer_id = 'files:C1'") == 1
    states = firm.count("SELECT COUNT(*) FROM interactions_history")
    talk(firm, tmp_path / "chat", *WRITTEN)
    assert said(firm) == [("conversations:1", "C1"), ("conversations:2", None)]
    assert firm.count("SELECT COUNT(*) FROM interactions_history") == states
    firm.send(customers=known("C1,Acme,DE,info@elsewhere.example", "C2,Bolt,DE,x@acme.example"))
    assert said(firm) == [("conversations:1", "C2"), ("conversations:2", None)]


def test_a_message_that_is_gone_is_taken_away_and_one_that_is_none_is_set_aside(firm: Firm, tmp_path: Path) -> None:
    talk(firm, tmp_path / "chat", *WRITTEN)
    report = talk(
        firm, tmp_path / "chat", WRITTEN[0], {"date": "soon", "from": "ada@acme.example"}, {"text": "no time"}
    )
    counted = report.tables["messages"]
    assert (counted["read"], counted["loaded"], counted["deleted"]) == (3, 1, 1)
    assert counted["reasons"] == {"malformed": 1, "not_an_instant": 1}
