"""Accounts and sessions on the disk: whom they let in, whom they lock out, and what nobody finds there."""

import json
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from analytics.access import RIGHTS
from data_access import accounts, audit, sessions
from data_access.accounts import HASHER, Account, AccountRefused, SignInRefused
from data_access.home import Home, firm_home, write_atomically

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
RIGHT, WRONG = "correct horse battery", "incorrect horse battery"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with little memory: what a password costs is the same question as what it opens, asked once below."""
    monkeypatch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def place() -> Home:
    """A home with an owner, ada, and a salesperson, bob, whose last day is today."""
    home = firm_home()
    accounts.add(home, Account(user="ada", role="owner"), RIGHT)
    accounts.add(home, Account(user="Böb 李", role="sales", regions=("DE",), ends_on=NOON.date()), RIGHT + "!")
    return home


def tried(home: Home, user: str, password: str, *, at: datetime = NOON, address: str = "10.0.0.1") -> str:
    """What becomes of an attempt to sign in."""
    try:
        return accounts.verified(home, user, password, address=address, at=at).role
    except SignInRefused as refused:
        return refused.rule


def test_a_guess_costs_what_the_standard_asks_for() -> None:
    made = HASHER
    assert (accounts._nobodys().startswith("$argon2id$"), made.memory_cost >= 64 * 1024, made.time_cost >= 3) == (
        True,
    ) * 3


def test_who_knows_the_password_is_let_in_however_the_name_is_written(place: Home) -> None:
    assert tried(place, "ada", RIGHT) == tried(place, " ADA ", RIGHT) == "owner"
    assert tried(place, "bo\u0308b 李", RIGHT + "!") == "sales"
    assert tried(place, "ada", WRONG) == tried(place, "nobody", RIGHT) == tried(place, "", "") == "wrong"
    assert tried(place, "ada", "x" * 10_000) == "wrong"


def test_the_last_day_counts_and_the_next_does_not(place: Home) -> None:
    assert tried(place, "böb 李", RIGHT + "!", at=NOON + timedelta(hours=11)) == "sales"
    assert tried(place, "böb 李", RIGHT + "!", at=NOON + timedelta(days=1)) == "ended"


def test_after_five_wrong_passwords_a_user_is_locked_out_for_a_quarter_of_an_hour(place: Home) -> None:
    for second in range(5):
        assert tried(place, "ada", WRONG, at=NOON + timedelta(seconds=second), address=f"10.0.1.{second}") == "wrong"
    assert accounts.locked(place, ["ada", "Böb 李"], NOON + timedelta(minutes=1)) == {"ada"}
    assert tried(place, "ADA", RIGHT, at=NOON + timedelta(minutes=14), address="10.0.2.1") == "locked"
    assert tried(place, "ada", RIGHT, at=NOON + timedelta(minutes=16)) == "owner"


def test_a_right_password_forgets_the_wrong_ones_before_it(place: Home) -> None:
    for _ in range(2):
        assert [tried(place, "ada", WRONG) for _ in range(4)] == ["wrong"] * 4
        assert tried(place, "ada", RIGHT) == "owner"


def test_one_address_that_tries_many_names_is_locked_out_and_others_are_not(
    place: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_is_right", lambda _sealed, password: password == RIGHT)
    assert {tried(place, f"user {number}", WRONG) for number in range(20)} == {"wrong"}
    assert tried(place, "ada", RIGHT) == "locked"
    assert tried(place, "ada", RIGHT, address="10.0.0.2") == "owner"


@pytest.mark.parametrize(
    ("fields", "password", "rule"),
    [
        ({"user": " "}, RIGHT, "no_name"),
        ({"user": "a\u202eda"}, RIGHT, "odd_name"),
        ({"user": "x" * 81}, RIGHT, "odd_name"),
        ({"user": "ＡＤＡ"}, RIGHT, "taken"),
        ({"user": "eve", "role": "king"}, RIGHT, "no_role"),
        ({"user": "eve", "companies": ()}, RIGHT, "no_role"),
        ({"user": "eve", "employees": ()}, RIGHT, "no_role"),
        ({"user": "eve", "role": "manager", "employees": ("e1",)}, RIGHT, "not_sales"),
        ({"user": "eve"}, "short", "short_password"),
        ({"user": "eve"}, "x" * 257, "long_password"),
        ({"user": "eve"}, "My name is EVE!!", "own_name"),
    ],
)
def test_an_account_that_nobody_should_have_is_refused(
    place: Home, fields: dict[str, Any], password: str, rule: str
) -> None:
    with pytest.raises(AccountRefused) as refused:
        accounts.add(place, Account(**{"role": "sales"} | fields), password)
    assert refused.value.rule == rule
    assert rule in accounts.RULES
    assert len(accounts.accounts(place)) == 2


def test_somebody_who_may_do_all_always_stays(place: Home) -> None:
    for change in (
        lambda: accounts.remove(place, "ada"),
        lambda: accounts.change(place, "ada", role="sales"),
        lambda: accounts.change(place, "ada", ends_on=date(2030, 1, 1)),
    ):
        with pytest.raises(AccountRefused) as refused:
            change()
        assert refused.value.rule == "last_one"
    assert accounts.accounts(place)["ada"] == accounts.accounts(place)["ada"]
    assert accounts.accounts(place)["ada"].role == "owner"


def test_an_account_of_before_there_were_own_customers_sees_them_all(place: Home) -> None:
    path = place.folder / "accounts" / "accounts.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    for entry in known["accounts"]:
        del entry["employees"]
    write_atomically(path, json.dumps(known))
    assert {each.employees for each in accounts.accounts(place).values()} == {accounts.EVERYWHERE}


def test_own_customers_are_kept_until_the_role_is_another(place: Home) -> None:
    accounts.change(place, "böb 李", role="sales", employees=("e1", "e2"))
    assert accounts.accounts(place)[accounts.key_of("Böb 李")].employees == ("e1", "e2")
    with pytest.raises(AccountRefused, match="not_sales"):
        accounts.change(place, "böb 李", role="manager")


def test_what_is_changed_is_found_again(place: Home) -> None:
    for role in RIGHTS:
        accounts.change(place, "böb 李", role=role, companies=("a", "b"), ends_on=None)
        found = accounts.accounts(place)[accounts.key_of("Böb 李")]
        assert (found.role, found.companies, found.regions, found.ends_on) == (role, ("a", "b"), ("DE",), None)
    with pytest.raises(AccountRefused, match="unknown"):
        accounts.change(place, "eve", role="sales")


def test_no_password_and_no_token_lies_in_any_file_and_others_of_the_machine_read_none(place: Home) -> None:
    tried(place, RIGHT, RIGHT)
    token = sessions.begin(place, accounts.accounts(place)["ada"], NOON)
    audit.note(place, NOON, "ada", "sign_in", "10.0.0.1")
    files = [path for path in place.folder.rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert RIGHT.encode() not in content
    assert token.encode() not in content
    assert {path.parent.stat().st_mode & 0o077 for path in files} == {0}
    assert content.count(b"$argon2id$") == 2


def test_a_session_lasts_twelve_hours(place: Home) -> None:
    token = sessions.begin(place, accounts.accounts(place)["ada"], NOON)
    found = sessions.who(place, token, NOON + timedelta(hours=11))
    assert found is not None
    assert (found.account.user, found.ends_at) == ("ada", NOON + timedelta(hours=12))
    assert sessions.who(place, token, NOON + timedelta(hours=12)) is None
    assert sessions.who(place, token[:-1], NOON) is None
    assert sessions.who(place, "", NOON) is None


@pytest.mark.parametrize("how", ["end", "everywhere", "password", "remove", "over"])
def test_a_session_ends_at_once_when_it_has_to(place: Home, how: str) -> None:
    accounts.change(place, "böb 李", ends_on=None)
    bob = accounts.accounts(place)[accounts.key_of("böb 李")]
    one, other = (sessions.begin(place, bob, NOON) for _ in range(2))
    kept = sessions.begin(place, accounts.accounts(place)["ada"], NOON)
    match how:
        case "end":
            sessions.end(place, one, NOON)
        case "everywhere":
            accounts.end_sessions(place, "böb 李")
        case "password":
            accounts.set_password(place, "böb 李", "another good password")
        case "remove":
            accounts.remove(place, "böb 李")
        case _:
            accounts.change(place, "böb 李", ends_on=NOON.date() - timedelta(days=1))
    assert sessions.who(place, one, NOON) is None
    assert (sessions.who(place, other, NOON) is None) == (how != "end")
    assert sessions.who(place, kept, NOON) is not None


def test_a_new_account_of_an_old_name_takes_over_no_session(place: Home) -> None:
    token = sessions.begin(place, accounts.accounts(place)[accounts.key_of("böb 李")], NOON)
    accounts.remove(place, "böb 李")
    accounts.add(place, Account(user="böb 李", role="executive"), RIGHT)
    assert sessions.who(place, token, NOON) is None


def test_a_changed_role_holds_for_a_session_that_is_open(place: Home) -> None:
    token = sessions.begin(place, accounts.accounts(place)[accounts.key_of("böb 李")], NOON)
    accounts.change(place, "böb 李", role="manager", regions=("FR",))
    found = sessions.who(place, token, NOON)
    assert found is not None
    assert (found.account.role, found.account.regions) == ("manager", ("FR",))


def test_many_who_sign_in_at_once_all_have_their_session(place: Home) -> None:
    ada, tokens = accounts.accounts(place)["ada"], list[str]()
    people = [threading.Thread(target=lambda: tokens.append(sessions.begin(place, ada, NOON))) for _ in range(12)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert [sessions.who(place, token, NOON) is None for token in tokens] == [False] * 12


def test_the_log_tells_the_latest_first_and_leaves_out_what_a_kill_cut_off(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert audit.newest(home, 5) == []
    for day in range(40):
        audit.note(home, NOON + timedelta(days=day), "ada", "page", f"{day}\nx")
    with (home.folder / "audit" / "2026-06.ndjson").open("ab") as file:
        file.write(b'{"at": "2026-')
    assert [line["subject"] for line in audit.newest(home, 14)] == [f"{day}\nx" for day in range(39, 25, -1)]
    assert audit.newest(home, 1)[0] == {
        "at": (NOON + timedelta(days=39)).isoformat(),
        "user": "ada",
        "action": "page",
        "subject": "39\nx",
    }
    audit.note(home, NOON + timedelta(days=40), "ada", "page", "after")
    assert [line["subject"] for line in audit.newest(home, 2)] == ["after", "39\nx"]


@pytest.mark.parametrize("letter", ["\u2028", "\u2029", "\x85", "\x1c", "\n"])
def test_no_letter_hides_a_line_of_the_log(tmp_path: Path, letter: str) -> None:
    home = Home(tmp_path / "home")
    audit.note(home, NOON, f"ada{letter}x", "page", "overview")
    assert [line["user"] for line in audit.newest(home, 5)] == [f"ada{letter}x"]
