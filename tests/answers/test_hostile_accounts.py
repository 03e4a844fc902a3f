"""Formulas, SQL, paths, scripts and shell as names, passwords and companies of accounts: text, never anything else."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from analytics.access import Viewer
from answers import accounts as answered
from data_access import accounts, audit
from data_access.accounts import Account, AccountRefused
from data_access.home import firm_home
from pages.parts import door

CASES = Path(__file__).resolve().parents[3] / "shared/data/badinputs/cases"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0")
SQL = ("' OR 1=1 --", "%", "_", "'; DROP TABLE users; --", '"; SELECT 1', "\\")
PATHS = ("../../etc/passwd", "C:\\con", "..", ".", "/", "$(id)", "`id`", "a;b|c&d", "*", "~")
SCRIPTS = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{7*7}}", "$title")
ODD = ("\t=1", "\r=1", "a\r\nSet-Cookie: x=1", "a\x00b", "\ud800", "a\u202eb", "{}", "null", "𝒜da", "owner")
HOSTILE = (*FORMULAS, *SQL, *PATHS, *SCRIPTS, *ODD)
OWNER = Viewer(user="root", role="owner")
RIGHT = "correct horse battery "
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts.add(firm_home(), Account(user="root", role="owner"), RIGHT)


def given(case: str) -> list[str]:
    """The texts of a given case; skipped where the cases are not."""
    path = next(CASES.glob(f"{case}_*/customers.csv"), None)
    if path is None:
        pytest.skip("shared/data/badinputs is not there")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sorted({value for row in csv.DictReader(file) for value in row.values() if value})


def is_kept_as_text(text: str) -> bool:
    """Whether an account of that name, password and company was taken; then all of it is what was written, and the
    account opens with its own password only. A name that nobody can tell from another is refused."""
    password = RIGHT if len(text) == 1 else f"{' '.join(reversed(text))} {RIGHT}"
    try:
        account = Account(user=text, role="sales", companies=(text,), regions=(text,))
        answered.add(OWNER, account, password)
    except AccountRefused:
        return False
    (row,) = [row for row in answered.listed(OWNER).iter_rows(named=True) if row["user"] == text]
    assert (row["companies"], row["regions"], row["role"]) == (text, text, "sales")
    token = answered.sign_in(text, password, text)
    viewer = answered.signed_in(token)
    assert viewer is not None
    assert (viewer.user, viewer.role, viewer.companies, viewer.regions) == (
        text,
        "sales",
        frozenset({text}),
        frozenset({text}),
    )
    answered.remove(OWNER, text)
    assert set(accounts.accounts(firm_home())) == {"root"}
    return True


def test_what_would_be_code_elsewhere_is_a_name_like_any_other() -> None:
    refused = {text for text in (*FORMULAS, *SQL, *PATHS, *SCRIPTS) if not is_kept_as_text(text)}
    assert refused == set()


def test_names_that_nobody_can_tell_from_others_are_refused_whole() -> None:
    assert {text for text in ODD if is_kept_as_text(text)} == {"{}", "null", "𝒜da", "owner"}


@pytest.mark.parametrize("case", ["B071", "B073", "B074"])
def test_given_texts_are_names_or_are_refused(case: str) -> None:
    texts = given(case)
    assert sum(is_kept_as_text(text) for text in texts) > len(texts) / 2


def test_every_deed_is_one_line_whatever_is_written() -> None:
    before = len(audit.newest(firm_home(), 1_000))
    for text in HOSTILE:
        audit.note(firm_home(), NOW, text.encode(errors="replace").decode(), "file", f"{text!r}\n{text!a}")
    assert len(audit.newest(firm_home(), 1_000)) == before + len(HOSTILE)
    for path in (firm_home().folder / "audit").iterdir():
        assert all(json.loads(line) for line in path.read_text().splitlines())


def test_the_form_shows_what_was_typed_to_nobody() -> None:
    for text in HOSTILE:
        with pytest.raises(answered.SignInRefused):
            answered.sign_in(text.encode(errors="replace").decode(), RIGHT, "10.0.0.1")
        form = door._form("en", f"/{text.encode(errors='replace').decode()}", "sign_in.wrong")
        assert "<script>" not in form
        assert "onerror=alert(1)>" not in form
        accounts._file(firm_home()).with_name("attempts.json").unlink(missing_ok=True)
