"""Subscriptions: which reports go to whom; what came of their issues; and where an administrator lets them go.

Everybody subscribes for oneself; who manages accounts sees all of them, and subscribes others too. An issue is made
within the rights that its reader's account has when it is made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from analytics.access import NotAllowed, Viewer, entered, require
from analytics.dispatch import RHYTHMS, Rhythm, next_due
from analytics.tables.columns import INSTANT
from answers import NoSnapshot, Snapshot, accounts, snapshot
from data_access import accounts as signing_in
from data_access import outlets as places
from data_access import subscriptions as kept
from data_access.home import firm_home
from data_access.outlets import MAIL, SECURITY, MailServer, OutletRefused, Outlets
from data_access.sealed import SecretLost
from data_access.subscriptions import CONDITIONS, HOOKS, WAYS, Condition, Subscription, SubscriptionRefused

RIGHT, MANAGING = "overview.read", "accounts.manage"
LOCAL_OWNER = "owner"
MOST_LINES = 200
NEVER = timedelta(days=3_650)
LISTED = {
    "subscription_id": pl.String(),
    "report": pl.String(),
    "title": pl.String(),
    "user": pl.String(),
    "format": pl.String(),
    "language": pl.String(),
    "every": pl.String(),
    "day": pl.Int64(),
    "time": pl.String(),
    "way": pl.String(),
    "to": pl.String(),
    "state": pl.String(),
    "last_at": INSTANT,
    "next_at": INSTANT,
}
LINES = {"issue": pl.String(), "at": INSTANT, "state": pl.String(), "detail": pl.String()}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A subscription as somebody asks for it; see ``data_access.subscriptions`` for what its parts mean. ``to``: with
    the secret of a webhook."""

    report: str
    format: str
    language: str
    rhythm: Rhythm
    way: str
    to: str
    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    condition: Condition = field(default_factory=Condition)


def allowed(viewer: Viewer) -> Outlets:
    """What an administrator allowed; without the password of the mail server for who does not manage accounts."""
    told = places.outlets(firm_home())
    if entered(viewer).may(MANAGING):
        return told
    return Outlets(address=told.address, domains=told.domains, folders=told.folders, hosts=told.hosts)


def allow(viewer: Viewer, outlets: Outlets, mail: MailServer | None) -> None:
    """Says anew where reports may go. What is not allowed any more gets no further issue."""
    require(viewer, MANAGING)
    told = outlets if mail is None else places.with_mail(outlets, mail)
    places.keep(firm_home(), told)
    accounts.note(viewer, "outlets_changed")


def ways(viewer: Viewer) -> tuple[str, ...]:
    """The ways by which reports can go out now."""
    entered(viewer)
    told = places.outlets(firm_home())
    known = {"mail": bool(told.mail and told.domains and told.address), "folder": bool(told.folders)}
    return tuple(way for way in WAYS if known.get(way, bool(told.hosts)))


def readers(viewer: Viewer) -> tuple[str, ...]:
    """For whom the viewer may subscribe: for oneself; for everybody, who manages accounts."""
    own = entered(viewer).user
    if not viewer.may(MANAGING) or not accounts.exist():
        return (own,)
    known = sorted(account.user for account in signing_in.accounts(firm_home()).values())
    return tuple(dict.fromkeys((own, *known)))


def add(viewer: Viewer, wanted: Wanted, *, user: str = "", now: datetime | None = None) -> Subscription:
    """Subscribes the viewer, or somebody else for who may; ``SubscriptionRefused`` where it cannot go there."""
    at, name = now or datetime.now(UTC), user or entered(viewer).user
    if name not in readers(viewer):
        raise NotAllowed("Only who manages accounts subscribes others.")
    reader = reader_of(name)
    if reader is None or not reader.may(RIGHT):
        raise SubscriptionRefused("no_reader")
    told = checked(wanted.way, wanted.to)
    made = Subscription(
        subscription_id="",
        user=name,
        report=wanted.report,
        format=wanted.format,
        language=wanted.language,
        parameters={key: tuple(values) for key, values in wanted.parameters.items()},
        rhythm=asdict(wanted.rhythm),
        way=wanted.way,
        to=told,
        condition=wanted.condition,
        since_at=at,
        next_at=next_at(reader, wanted.rhythm, at),
    )
    found = kept.add(firm_home(), made, wanted.to if wanted.way in HOOKS else "")
    accounts.note(viewer, "subscribed", f"{found.report} {found.way} {found.to} ({name})")
    return found


def checked(way: str, to: str) -> str:
    """Where an issue goes, as it may be shown; ``SubscriptionRefused`` where an administrator has not allowed it."""
    told = places.outlets(firm_home())
    is_allowed = {"mail": told.takes_mail_to(to) and told.mail is not None, "folder": to in told.folders}
    if way not in WAYS or not is_allowed.get(way, told.takes_post_to(to)):
        raise SubscriptionRefused("no_outlet")
    return places.parted(to).netloc if way in HOOKS else to


def next_at(reader: Viewer, rhythm: Rhythm, now: datetime) -> datetime:
    """From when on there may be something to send."""
    return next_due(rhythm, worked(reader), now) or now + NEVER


def worked(reader: Viewer, *, version: Snapshot | None = None) -> dict[date, float]:
    """By day, how much of a working day it is in the company of the reader's that works most on it."""
    try:
        days = (version or snapshot()).aggregate("working_days", reader)
    except NoSnapshot:
        return {}
    most = days.group_by("day_on").agg(pl.col("share").max()).collect()
    return dict(most.select("day_on", "share").iter_rows())


def reader_of(user: str) -> Viewer | None:
    """Who reads it, as the account is now; None where there is none any more, or its last day is past. Where nobody has
    an account, the owner of this machine reads."""
    if not accounts.exist():
        return Viewer(user=LOCAL_OWNER, role="owner") if user == LOCAL_OWNER else None
    account = signing_in.accounts(firm_home()).get(signing_in.key_of(user))
    if account is None or account.is_over(datetime.now(UTC).date()):
        return None
    return accounts.viewer_of(account)


def listed(viewer: Viewer) -> pl.DataFrame:
    """The viewer's subscriptions, or all for who manages accounts: see ``LISTED``."""
    rows = [_told(each) for each in _own(viewer)]
    return pl.DataFrame(rows, LISTED, orient="row")


def _own(viewer: Viewer) -> list[Subscription]:
    user = entered(viewer).user
    return [each for each in kept.subscriptions(firm_home()) if viewer.may(MANAGING) or each.user == user]


def _told(each: Subscription) -> tuple[Any, ...]:
    lines = kept.record(firm_home(), each.subscription_id)
    arrived = [line.at for line in kept.arrived(lines)]
    state = "paused" if each.is_paused else (lines[-1].state if lines else "waiting")
    time = f"{each.rhythm['hour']:02}:{each.rhythm['minute']:02} {each.rhythm['zone']}"
    return (
        each.subscription_id,
        each.report,
        "".join(each.parameters.get("title", ())),
        each.user,
        each.format,
        each.language,
        each.rhythm["every"],
        each.rhythm["day"],
        time,
        each.way,
        each.to,
        state,
        arrived[-1] if arrived else None,
        None if each.is_paused else each.next_at,
    )


def record(viewer: Viewer, subscription_id: str) -> pl.DataFrame:
    """What became of each issue of one of the viewer's subscriptions in the end, the latest first: see ``LINES``."""
    _of(viewer, subscription_id)
    ends = {line.issue: line for line in kept.record(firm_home(), subscription_id)}
    latest = sorted(ends.values(), key=lambda line: line.at, reverse=True)[:MOST_LINES]
    rows = [(line.issue, line.at, line.state, line.detail) for line in latest]
    return pl.DataFrame(rows, LINES, orient="row")


def pause(viewer: Viewer, subscription_id: str, *, is_paused: bool, now: datetime | None = None) -> None:
    """Stops its issues, or lets them go on from now; those missed meanwhile are not made up for."""
    found, at = _of(viewer, subscription_id), now or datetime.now(UTC)
    fields: dict[str, Any] = {"is_paused": is_paused}
    reader = reader_of(found.user)
    if not is_paused and reader is not None:
        fields |= {"since_at": at, "asked_at": None, "next_at": next_at(reader, Rhythm(**found.rhythm), at)}
    kept.change(firm_home(), subscription_id, **fields)


def send_now(viewer: Viewer, subscription_id: str, *, now: datetime | None = None) -> None:
    """Asks for an issue now, beside those that are due, whatever its condition says. A paused subscription goes on with
    it; issues missed meanwhile are not made up for."""
    at = now or datetime.now(UTC)
    found = _of(viewer, subscription_id)
    since_at = at if found.is_paused else found.since_at
    kept.change(firm_home(), subscription_id, asked_at=at, since_at=since_at, next_at=at, is_paused=False)


def remove(viewer: Viewer, subscription_id: str) -> None:
    """Ends one of the viewer's subscriptions."""
    found = _of(viewer, subscription_id)
    kept.remove(firm_home(), subscription_id)
    accounts.note(viewer, "unsubscribed", f"{found.report} {found.way} {found.to} ({found.user})")


def _of(viewer: Viewer, subscription_id: str) -> Subscription:
    found = next((each for each in _own(viewer) if each.subscription_id == subscription_id), None)
    if found is None:
        raise SubscriptionRefused("gone")
    return found


def of_token(token: str) -> Subscription | None:
    """What a link in an issue unsubscribes from; None where it is nobody's, or that is done."""
    return kept.of_token(firm_home(), token)


def unsubscribe(token: str) -> bool:
    """Ends the subscription of a link; whether there was one. The link is all that it takes: no session."""
    found = of_token(token)
    if found is None:
        return False
    kept.remove(firm_home(), found.subscription_id)
    reader = reader_of(found.user)
    if reader is not None:
        accounts.note(reader, "unsubscribed", f"{found.report} {found.way} {found.to}")
    return True


__all__ = [
    "CONDITIONS",
    "HOOKS",
    "LINES",
    "LISTED",
    "MAIL",
    "RHYTHMS",
    "SECURITY",
    "WAYS",
    "Condition",
    "MailServer",
    "OutletRefused",
    "Outlets",
    "Rhythm",
    "SecretLost",
    "Subscription",
    "SubscriptionRefused",
    "Wanted",
    "add",
    "allow",
    "allowed",
    "checked",
    "listed",
    "next_at",
    "of_token",
    "pause",
    "reader_of",
    "readers",
    "record",
    "remove",
    "send_now",
    "unsubscribe",
    "ways",
    "worked",
]
