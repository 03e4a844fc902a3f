"""Accounts: who may sign in, as what, and whom too many wrong passwords have locked out for a while.

They belong to the installation, not to the firm or the sample: one folder in the firm's home, closed to other users of
the machine. Passwords are kept as Argon2id (RFC 9106) with a salt of their own each.
"""

import contextlib
import fcntl
import json
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from analytics.access import RIGHTS
from data_access import subscriptions
from data_access.home import Home, write_atomically

EVERYWHERE = ("*",)
BY_EMAIL = "email"
LONGEST_NAME = 80
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
TRIES_OF_A_USER, TRIES_FROM_AN_ADDRESS = 5, 20
HASHER = PasswordHasher()
LOCKED_FOR = timedelta(minutes=15)
RULES = (
    "no_name",
    "odd_name",
    "taken",
    "unknown",
    "no_role",
    "not_sales",
    "short_password",
    "long_password",
    "own_name",
    "no_subject",
    "last_one",
)


class AccountRefused(ValueError):
    """What was asked of the accounts cannot be done; ``rule``, one of ``RULES``, says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"The account is refused: {rule}.")
        self.rule = rule


class SignInRefused(Exception):
    """Nobody is let in: ``wrong`` (name or password, never said which), ``locked`` for a while, ``ended``, or, by the
    provider, ``provider`` (it does not say who it is) or ``not_invited``."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"Signing in is refused: {rule}.")
        self.rule = rule


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who may sign in: as which role, for which companies and regions, until and with which day.

    ``employees``: only the customers that these employees look after; for sales alone. ``sealed``: the password as
    Argon2id keeps it, empty for who signs in only at the provider. ``subject``: the provider's own key of the person;
    ``email`` until they first come with the verified address that is their name; empty for who does not sign in there.
    ``epoch`` counts how often all sessions were ended, from a number on that no earlier account of that name had.
    """

    user: str
    role: str
    companies: tuple[str, ...] = EVERYWHERE
    regions: tuple[str, ...] = EVERYWHERE
    employees: tuple[str, ...] = EVERYWHERE
    ends_on: date | None = None
    sealed: str = field(default="", repr=False)
    subject: str = ""
    epoch: int = 0

    def __post_init__(self) -> None:
        """Refuses a name that nobody can tell from another, a role that does not exist, and own customers for others
        than sales."""
        if not self.user.strip():
            raise AccountRefused("no_name")
        kinds = {unicodedata.category(letter)[0] for letter in self.user}
        if "C" in kinds or self.user != self.user.strip() or len(self.user) > LONGEST_NAME:
            raise AccountRefused("odd_name")
        if self.role not in RIGHTS or not self.companies or not self.regions or not self.employees:
            raise AccountRefused("no_role")
        if self.employees != EVERYWHERE and self.role != "sales":
            raise AccountRefused("not_sales")

    def is_over(self, day: date) -> bool:
        """Whether its last day is past."""
        return self.ends_on is not None and day > self.ends_on


def accounts(home: Home) -> Mapping[str, Account]:
    """All accounts by the key of their user: see :func:`key_of`."""
    path = _file(home)
    try:
        state = path.stat()
    except FileNotFoundError:
        return {}
    return _known(path, state.st_ino, state.st_mtime_ns)


def key_of(user: str) -> str:
    """Equal for names that people take for the same: in any case, however they are composed."""
    return unicodedata.normalize("NFKC", user).strip().casefold()


def add(home: Home, account: Account, password: str) -> Account:
    """A new account; ``AccountRefused`` where the name is taken or the password is weak."""
    sealed = _sealed(account.user, password)
    with _changing(home) as known:
        _comes_anew(home, known, account)
        known[key_of(account.user)] = replace(account, sealed=sealed, epoch=secrets.randbits(48))
    return account


def invite(home: Home, account: Account) -> Account:
    """A new account without a password, for who signs in at the provider as its ``subject`` says."""
    if not account.subject:
        raise AccountRefused("no_subject")
    with _changing(home) as known:
        _comes_anew(home, known, account)
        known[key_of(account.user)] = replace(account, sealed="", epoch=secrets.randbits(48))
        _still_has_an_owner(known)
    return account


def _comes_anew(home: Home, known: Mapping[str, Account], account: Account) -> None:
    """Refuses a name that is taken; of one that was another's before, no subscription goes on."""
    if key_of(account.user) in known:
        raise AccountRefused("taken")
    if known:
        with contextlib.suppress(subscriptions.SubscriptionsDamaged):
            subscriptions.stop_of(home, lambda user: key_of(user) == key_of(account.user))


def of_provider(home: Home, subject: str, email: str, *, at: datetime) -> Account:
    """The account of somebody whom the provider knows: by its own key of the person, or, once, by the verified address
    that an administrator has invited, which from then on belongs to that key. ``SignInRefused`` otherwise."""
    account = next((each for each in accounts(home).values() if each.subject == subject != BY_EMAIL), None)
    if account is None:
        account = _bound(home, subject, email)
    if account.is_over(at.date()):
        raise SignInRefused("ended")
    return account


def _bound(home: Home, subject: str, email: str) -> Account:
    with _changing(home) as known:
        account = known.get(key_of(email)) if email else None
        if account is None or account.subject != BY_EMAIL or subject == BY_EMAIL:
            raise SignInRefused("not_invited")
        known[key_of(email)] = replace(account, subject=subject)
    return known[key_of(email)]


def change(home: Home, user: str, **fields: Any) -> Account:
    """Other role, reach or last day, from the next click on. Whoever may do all stays at least one."""
    with _changing(home) as known:
        changed = replace(_found(known, user), **fields)
        known[key_of(user)] = changed
        _still_has_an_owner(known)
    return changed


def set_password(home: Home, user: str, password: str) -> None:
    """Another password; all sessions of the user end."""
    sealed = _sealed(user, password)
    with _changing(home) as known:
        account = _found(known, user)
        known[key_of(user)] = replace(account, sealed=sealed, epoch=account.epoch + 1)


def end_sessions(home: Home, user: str) -> None:
    """Signs the user out everywhere."""
    with _changing(home) as known:
        account = _found(known, user)
        known[key_of(user)] = replace(account, epoch=account.epoch + 1)


def remove(home: Home, user: str) -> None:
    """Takes the account away, and with it all its sessions. Whoever may do all stays at least one."""
    with _changing(home) as known:
        _found(known, user)
        del known[key_of(user)]
        _still_has_an_owner(known)


def verified(home: Home, user: str, password: str, *, address: str, at: datetime) -> Account:
    """The account whose password this is; ``SignInRefused`` otherwise, at the same cost whether the user exists.

    After five wrong passwords of a user, or twenty from an address, no further one is looked at for 15 minutes.
    """
    name, place = f"user {_hidden(key_of(user))}", f"from {address}"
    with _attempts(home, at) as failed:
        if len(failed.get(name, [])) >= TRIES_OF_A_USER or len(failed.get(place, [])) >= TRIES_FROM_AN_ADDRESS:
            raise SignInRefused("locked")
        account = accounts(home).get(key_of(user))
        sealed = account.sealed if account else ""
        is_right = _is_right(sealed or _nobodys(), password) and sealed != ""
        if is_right:
            failed.pop(name, None)
        else:
            for who in (name, place):
                failed[who] = [*failed.get(who, []), at.astimezone(UTC).isoformat()]
    if account is None or not is_right:
        raise SignInRefused("wrong")
    if account.is_over(at.date()):
        raise SignInRefused("ended")
    return account


def locked(home: Home, users: Sequence[str], at: datetime) -> set[str]:
    """Which of the users are locked out just now."""
    with _attempts(home, at) as failed:
        counts = {user: len(failed.get(f"user {_hidden(key_of(user))}", [])) for user in users}
    return {user for user, count in counts.items() if count >= TRIES_OF_A_USER}


def _file(home: Home) -> Path:
    return home.folder / "accounts" / "accounts.json"


@lru_cache(maxsize=4)
def _known(path: Path, _file_number: int, _changed: int) -> Mapping[str, Account]:
    entries = json.loads(path.read_text(encoding="utf-8"))["accounts"]
    return {key_of(entry["user"]): _account(entry) for entry in entries}


def _account(entry: dict[str, Any]) -> Account:
    ends_on = date.fromisoformat(entry["ends_on"]) if entry["ends_on"] else None
    reach = {name: tuple(entry.get(name, EVERYWHERE)) for name in ("companies", "regions", "employees")}
    return Account(**entry | reach | {"ends_on": ends_on})


@contextlib.contextmanager
def _locked(home: Home) -> Iterator[None]:
    folder = _file(home.made()).parent
    folder.mkdir(exist_ok=True, mode=0o700)
    with (folder / "lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _changing(home: Home) -> Iterator[dict[str, Account]]:
    """The accounts by key; what they have become is written when the block ends well. One change at a time."""
    with _locked(home):
        known = dict(accounts(home))
        yield known
        entries = [asdict(account) for account in known.values()]
        write_atomically(_file(home), json.dumps({"accounts": entries}, ensure_ascii=False, indent=1, default=str))


@contextlib.contextmanager
def _attempts(home: Home, at: datetime) -> Iterator[dict[str, list[str]]]:
    """When somebody tried in vain, by user and address, without what is no longer counted."""
    path = _file(home).with_name("attempts.json")
    with _locked(home):
        kept: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        late = (at - LOCKED_FOR).astimezone(UTC).isoformat()
        failed = {who: [each for each in when if each > late] for who, when in kept.items()}
        before = json.dumps(failed)
        yield failed
        if json.dumps(failed) != before:
            write_atomically(path, json.dumps({who: when for who, when in failed.items() if when}))


def _found(known: Mapping[str, Account], user: str) -> Account:
    if key_of(user) not in known:
        raise AccountRefused("unknown")
    return known[key_of(user)]


def _still_has_an_owner(known: Mapping[str, Account]) -> None:
    """One who comes in also when the provider is away."""
    if all(each.role != "owner" or each.ends_on is not None or not each.sealed for each in known.values()):
        raise AccountRefused("last_one")


def _sealed(user: str, password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise AccountRefused("short_password")
    if len(password) > LONGEST_PASSWORD:
        raise AccountRefused("long_password")
    if key_of(user) and key_of(user) in key_of(password):
        raise AccountRefused("own_name")
    return HASHER.hash(password)


def _is_right(sealed: str, password: str) -> bool:
    try:
        return len(password) <= LONGEST_PASSWORD and HASHER.verify(sealed, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """What the password of a user who does not exist is compared with: it takes as long."""
    return HASHER.hash("nobody has this password")


def _hidden(key: str) -> str:
    """A password typed into the field of the name is not kept in clear."""
    return blake2b(key.encode(), digest_size=12).hexdigest()
