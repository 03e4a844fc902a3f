"""The journal of decisions: nothing is lost, nothing is rewritten, and what was damaged is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from data_access.home import Home, firm_home
from data_access.journal import LARGEST_ENTRY, Entry, EntryRefused, Journal, JournalDamaged

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_decisions_come_back_in_their_order_with_number_person_and_instant() -> None:
    journal = Journal(firm_home(), "identities")
    assert journal.entries() == ()
    made = [journal.append("ada", NOON + timedelta(hours=n), {"same": ["a:1", f"客户:{n}"]}) for n in range(3)]
    assert journal.entries() == tuple(made)
    assert made[2] == Entry(3, NOON + timedelta(hours=2), "ada", {"same": ["a:1", "客户:2"]})


def test_an_instant_is_kept_in_utc_wherever_it_was_taken() -> None:
    there = NOON.astimezone(timezone(timedelta(hours=8)))
    kept = Journal(firm_home(), "promises").append("ada", there, {})
    assert (kept.at, kept.at.tzinfo) == (NOON, UTC)


def test_subjects_and_homes_are_apart(tmp_path: Path) -> None:
    one, other = Home(tmp_path / "one"), Home(tmp_path / "other")
    Journal(one, "holds").append("ada", NOON, {"n": 1})
    assert Journal(one, "repairs").entries() == Journal(other, "holds").entries() == ()


@pytest.mark.parametrize("subject", ["", "../views", "a/b", "A", "x.y"])
def test_a_subject_is_a_word(subject: str) -> None:
    with pytest.raises(ValueError, match="no subject"):
        Journal(firm_home(), subject)


def test_many_who_decide_at_once_lose_nothing() -> None:
    journal = Journal(firm_home(), "holds")
    with ThreadPoolExecutor(8) as people:
        made = list(people.map(lambda n: journal.append(f"u{n}", NOON, {"n": n}), range(40)))
    assert sorted(entry.number for entry in made) == list(range(1, 41))
    assert {entry.what["n"] for entry in journal.entries()} == set(range(40))


def test_a_line_that_was_being_written_at_a_kill_is_forgotten_and_the_next_takes_its_place() -> None:
    journal = Journal(firm_home(), "holds")
    first = journal.append("ada", NOON, {"n": 1})
    with journal.path.open("ab") as file:
        file.write(b'{"number": 2, "at": "2026-')
    assert journal.entries() == (first,)
    second = journal.append("bob", NOON, {"n": 2})
    assert journal.entries() == (first, second)


@pytest.mark.parametrize(
    "damage", [b"{}", b"no json", b'{"number": 7, "at": "2026-05-04T12:00:00+00:00", "user": "a", "what": {}}']
)
def test_a_damaged_line_is_told_and_never_skipped(damage: bytes) -> None:
    journal = Journal(firm_home(), "holds")
    journal.append("ada", NOON, {"n": 1})
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole + damage + b"\n")
    with pytest.raises(JournalDamaged, match=r"Line 2 of holds\.ndjson .* Restore"):
        journal.entries()
    with pytest.raises(JournalDamaged):
        journal.append("ada", NOON, {"n": 2})
    assert journal.path.read_bytes() == whole + damage + b"\n"


def test_a_decision_has_a_size() -> None:
    journal = Journal(firm_home(), "holds")
    with pytest.raises(EntryRefused):
        journal.append("ada", NOON, {"text": "x" * LARGEST_ENTRY})
    assert journal.entries() == ()


def test_others_cannot_read_it() -> None:
    journal = Journal(firm_home(), "holds")
    journal.append("ada", NOON, {})
    assert journal.path.parent.stat().st_mode & 0o077 == 0
