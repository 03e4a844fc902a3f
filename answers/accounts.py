"""Accounts: who signs in and who that is then; and for who may, whom there is, and what was done.

Where there is no account yet, this machine alone is answered, and the person there is the owner.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import polars as pl

from analytics.access import NotAllowed, Viewer, entered, require
from answers import Snapshot, choices, own_customers, snapshot
from data_access import accounts as kept
from data_access import audit, provider, sessions
from data_access.accounts import BY_EMAIL, Account, AccountRefused, SignInRefused
from data_access.home import firm_home

ACCOUNTS = pl.Schema(
    {
        "user": pl.String(),
        "role": pl.String(),
        "companies": pl.String(),
        "regions": pl.String(),
        "employees": pl.String(),
        "ends_on": pl.Date(),
        "is_locked": pl.Boolean(),
    }
)
DEEDS = pl.Schema({"at": pl.Datetime("us", "UTC"), "user": pl.String(), "action": pl.String(), "subject": pl.String()})
MOST_DEEDS = 1_000
REACH = ("companies", "regions", "employees")
LOG = logging.getLogger("tandem.accounts")


def exist() -> bool:
    """Whether anybody has an account: then nobody is answered who has not signed in."""
    return bool(kept.accounts(firm_home()))


def sign_in(user: str, password: str, address: str) -> str:
    """The token of a new session; ``SignInRefused`` otherwise. Both stand in the audit log."""
    home, now = firm_home(), datetime.now(UTC)
    try:
        account = kept.verified(home, user, password, address=address, at=now)
    except SignInRefused as refused:
        audit.note(home, now, _known_as(user), f"sign_in_{refused.rule}", address)
        raise
    audit.note(home, now, account.user, "sign_in", address)
    return sessions.begin(home, account, now)


def has_provider() -> bool:
    """Whether the settings name a provider at which people may sign in too."""
    return provider.named() is not None


def set_out(wanted: str) -> tuple[str, str]:
    """The provider's address to which a visitor is sent who then wants to go somewhere, and what the browser keeps
    meanwhile; ``SignInRefused`` where there is no provider or it is away."""
    from data_access import oidc

    named = provider.named()
    if named is None:
        raise SignInRefused("provider")
    try:
        return oidc.set_out(firm_home(), named, wanted, datetime.now(UTC))
    except provider.ProviderRefused as refused:
        LOG.warning("signing in at the provider: %s", refused)
        raise SignInRefused("provider") from None


def sign_in_by_provider(kept_by_browser: str, answer: Mapping[str, str], address: str) -> tuple[str, str]:
    """The token of a new session of who has come back from the provider, and where they wanted to go;
    ``SignInRefused`` otherwise. Both stand in the audit log."""
    from data_access import oidc

    home, now, named = firm_home(), datetime.now(UTC), provider.named()
    if named is None:
        raise SignInRefused("provider")
    try:
        person, wanted = oidc.come_back(home, named, kept_by_browser, answer, now)
    except provider.ProviderRefused as refused:
        LOG.warning("signing in at the provider: %s", refused)
        audit.note(home, now, "", "sign_in_provider", address)
        raise SignInRefused("provider") from None
    try:
        account = kept.of_provider(home, person.subject, person.email, at=now)
    except SignInRefused as refused:
        audit.note(home, now, _known_as(person.email), f"sign_in_{refused.rule}", address)
        raise
    audit.note(home, now, account.user, "sign_in", f"{address} (provider)")
    return sessions.begin(home, account, now, by_provider=True), wanted


def way_off() -> str:
    """The provider's address at which one signs out there too; empty where it has none, or is away."""
    from data_access import oidc

    named = provider.named()
    try:
        return "" if named is None else oidc.way_off(named, datetime.now(UTC))
    except provider.ProviderRefused as refused:
        LOG.warning("signing out at the provider: %s", refused)
        return ""


def _known_as(user: str) -> str:
    """The name as the account has it; nothing where there is none: a password may have been typed into its field."""
    account = kept.accounts(firm_home()).get(kept.key_of(user))
    return account.user if account is not None else ""


def signed_in(token: str) -> Viewer | None:
    """Whom the token of a session is of, as the account is now; None where there is no such session any more."""
    found = sessions.who(firm_home(), token, datetime.now(UTC))
    if found is None:
        return None
    return viewer_of(found.account, ends_at=found.ends_at)


def viewer_of(account: Account, *, ends_at: datetime | None = None) -> Viewer:
    """Whom an account makes of its user, until then where it ends."""
    return Viewer(
        user=account.user,
        role=account.role,
        companies=frozenset(account.companies),
        regions=frozenset(account.regions),
        customers=own_customers.of_employees(frozenset(account.employees)),
        expires_at=ends_at,
    )


def sign_out(token: str) -> bool:
    """Ends the session of the token; whether the provider had let it in, who then knows nothing of that."""
    home, now = firm_home(), datetime.now(UTC)
    found = sessions.who(home, token, now)
    sessions.end(home, token, now)
    if found is None:
        return False
    note(viewer_of(found.account), "sign_out")
    return found.by_provider


def note(viewer: Viewer, action: str, subject: str = "") -> None:
    """Keeps in the audit log what somebody did who has signed in; on a machine with one owner there is no log."""
    if exist():
        audit.note(firm_home(), datetime.now(UTC), entered(viewer).user, action, subject)


def listed(viewer: Viewer) -> pl.DataFrame:
    """All accounts, by name: see ``ACCOUNTS``; companies, regions and employees with commas between, * for
    all."""
    require(viewer, "rights.read")
    home = firm_home()
    known = sorted(kept.accounts(home).values(), key=lambda account: kept.key_of(account.user))
    shut = kept.locked(home, [account.user for account in known], datetime.now(UTC)) if known else set()
    rows = [
        (each.user, each.role, *(",".join(part) for part in _reach(each).values()), each.ends_on, each.user in shut)
        for each in known
    ]
    return pl.DataFrame(rows, ACCOUNTS, orient="row")


def limits(viewer: Viewer, user: str) -> dict[str, tuple[str, ...]]:
    """The companies and regions that a user is limited to, and the employees to whose customers, by name; none where to
    nothing."""
    require(viewer, "rights.read")
    account = kept.accounts(firm_home()).get(kept.key_of(user))
    return {} if account is None else _limits(account)


def lost(viewer: Viewer, *, version: Snapshot | None = None) -> dict[str, tuple[str, ...]]:
    """By user, the companies, regions and employees that an account is limited to and the data does not know: after a
    change of ERP they have other keys. Such an account sees less than was meant, never more."""
    require(viewer, "rights.read")
    limited = {each.user: _limits(each) for each in kept.accounts(firm_home()).values()}
    if not any(limited.values()):
        return {}
    known = _known(version or snapshot())
    gone = {
        user: tuple(code for name, codes in limit.items() for code in codes if code not in known[name])
        for user, limit in limited.items()
    }
    return {user: gone[user] for user in sorted(gone, key=kept.key_of) if gone[user]}


def _known(version: Snapshot) -> dict[str, frozenset[str]]:
    """Every code that a limit may name, whoever asks: whether it is known, not what it stands for, is told."""
    everything = own_customers.EVERYTHING
    offered = choices.choices(everything, version=version)
    employees = version.table("employees", everything).select("employee_id").collect()
    named = {name: offered[name]["key"] for name in ("companies", "regions")}
    return {name: frozenset(keys) for name, keys in (named | {"employees": employees["employee_id"]}).items()}


def _limits(account: Account) -> dict[str, tuple[str, ...]]:
    return {name: codes for name, codes in _reach(account).items() if codes != kept.EVERYWHERE}


def _reach(account: Account) -> dict[str, tuple[str, ...]]:
    return {name: getattr(account, name) for name in REACH}


def deeds(viewer: Viewer) -> pl.DataFrame:
    """The newest thousand lines of the audit log, the latest first: see ``DEEDS``."""
    require(viewer, "rights.read")
    lines = audit.newest(firm_home(), MOST_DEEDS)
    rows = [(datetime.fromisoformat(line["at"]), line["user"], line["action"], line["subject"]) for line in lines]
    return pl.DataFrame(rows, DEEDS, orient="row")


def add(viewer: Viewer, account: Account, password: str) -> None:
    """A new account; for who signs in at the provider it has no password. The first one of all is an owner's, with a
    password; only an owner makes an owner."""
    _may_make(viewer, account.role)
    if not exist() and account.role != "owner":
        raise AccountRefused("last_one")
    if account.subject:
        kept.invite(firm_home(), account)
    else:
        kept.add(firm_home(), account, password)
    note(viewer, "account_added", f"{account.user} ({account.role})")


def change(viewer: Viewer, user: str, role: str, reach: Mapping[str, Sequence[str]], ends_on: date | None) -> None:
    """Other role, reach and last day, from the user's next click on. ``reach``: companies, regions and employees, by
    name; all where none are named."""
    _may_change(viewer, user)
    _may_make(viewer, role)
    limits = {name: tuple(reach.get(name, ())) or kept.EVERYWHERE for name in REACH}
    kept.change(firm_home(), user, role=role, ends_on=ends_on, **limits)
    note(viewer, "account_changed", f"{user} ({role})")


def set_password(viewer: Viewer, user: str, password: str) -> None:
    """Another password; the user is signed out everywhere."""
    _may_change(viewer, user)
    kept.set_password(firm_home(), user, password)
    note(viewer, "password_changed", user)


def sign_out_everywhere(viewer: Viewer, user: str) -> None:
    """Ends all sessions of a user: one's own, or anybody's for who manages accounts."""
    if kept.key_of(user) != kept.key_of(entered(viewer).user):
        _may_change(viewer, user)
    kept.end_sessions(firm_home(), user)
    note(viewer, "signed_out_everywhere", user)


def remove(viewer: Viewer, user: str) -> None:
    """Takes an account away."""
    _may_change(viewer, user)
    kept.remove(firm_home(), user)
    note(viewer, "account_removed", user)


def _may_make(viewer: Viewer, role: str) -> None:
    require(viewer, "accounts.manage")
    if role == "owner" and viewer.role != "owner":
        raise NotAllowed("Only an owner makes an owner.")


def _may_change(viewer: Viewer, user: str) -> None:
    require(viewer, "accounts.manage")
    account = kept.accounts(firm_home()).get(kept.key_of(user))
    if account is not None and account.role == "owner" and viewer.role != "owner":
        raise NotAllowed("Only an owner changes an owner.")


__all__ = [
    "ACCOUNTS",
    "BY_EMAIL",
    "DEEDS",
    "REACH",
    "Account",
    "AccountRefused",
    "SignInRefused",
    "add",
    "change",
    "deeds",
    "exist",
    "has_provider",
    "limits",
    "listed",
    "lost",
    "note",
    "remove",
    "set_out",
    "set_password",
    "sign_in",
    "sign_in_by_provider",
    "sign_out",
    "sign_out_everywhere",
    "signed_in",
    "viewer_of",
    "way_off",
]
