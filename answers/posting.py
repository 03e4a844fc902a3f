"""What who sends issues needs to know, and keeps: which is open, what the last one said, what became of each.

No screen comes here: the program asks for itself. Whatever it does is written down before and after, so that whoever
comes after a kill knows where it was.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analytics.access import Viewer
from analytics.dispatch import Rhythm, latest_due
from answers.subscriptions import next_at, worked
from data_access import outlets as places
from data_access import schedule, sending
from data_access import subscriptions as kept
from data_access.home import Busy, firm_home
from data_access.outlets import Outlets
from data_access.sending import InDoubt, Letter, NotSent
from data_access.subscriptions import Line, Subscription

MOST_TRIES = 8


def lock() -> AbstractContextManager[None]:
    """Around sending; ``Busy`` while another process sends."""
    return kept.sending(firm_home())


def due(now: datetime) -> Iterator[Subscription]:
    """The subscriptions that may have something to send, each as it is when its turn comes: one that ended while the
    others were sent is none of them any more."""
    for key in [each.subscription_id for each in _due(now)]:
        yield from (each for each in _due(now) if each.subscription_id == key)


def _due(now: datetime) -> list[Subscription]:
    return [each for each in kept.subscriptions(firm_home()) if not each.is_paused and each.next_at <= now]


def is_gone(each: Subscription) -> bool:
    """Whether a subscription has ended meanwhile; then nothing of it stays."""
    is_known = each.subscription_id in {known.subscription_id for known in kept.subscriptions(firm_home())}
    if not is_known:
        kept.remove(firm_home(), each.subscription_id)
    return not is_known


def open_issue(each: Subscription, reader: Viewer, now: datetime) -> str | None:
    """The issue that is to be sent: one that somebody asked for, else the latest due one; None where none is."""
    ends = kept.ends(kept.record(firm_home(), each.subscription_id))
    ended = {issue for issue, state in ends.items() if state in kept.ENDED}
    asked = f"{each.asked_at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}" if each.asked_at is not None else None
    if asked is not None and asked not in ended:
        return asked
    day = latest_due(Rhythm(**each.rhythm), worked(reader), each.since_at, now)
    return None if day is None or f"{day}" in ended else f"{day}"


def is_asked(issue: str) -> bool:
    """Whether somebody asked for an issue: it goes out whatever the condition says."""
    return issue.endswith("Z")


def note(each: Subscription, issue: str, state: str, detail: str = "") -> None:
    """Writes down what became of an issue."""
    kept.note(firm_home(), each.subscription_id, Line(issue, state, datetime.now(UTC), detail))


def failed(each: Subscription, issue: str, why: str, now: datetime) -> None:
    """An issue could not be sent for now: it is tried again after a minute, then ever later, eight times in all."""
    lines = kept.record(firm_home(), each.subscription_id)
    failures = 1 + sum(line.issue == issue and line.state == "failed" for line in lines)
    note(each, issue, "failed" if failures < MOST_TRIES else "given_up", why)
    if failures < MOST_TRIES:
        kept.change(firm_home(), each.subscription_id, next_at=now + schedule.wait(failures))


def plan(each: Subscription, reader: Viewer, now: datetime) -> None:
    """Nothing more is open: looks again when the next issue is due."""
    kept.change(firm_home(), each.subscription_id, next_at=next_at(reader, Rhythm(**each.rhythm), now))


def stop(each: Subscription) -> None:
    """Sends no further issue until a person lets it go on."""
    kept.change(firm_home(), each.subscription_id, is_paused=True)


def last(each: Subscription) -> tuple[str, Mapping[str, Any]]:
    """The issue that arrived last, and what it said; nothing where there is none."""
    arrived = kept.arrived(kept.record(firm_home(), each.subscription_id))
    if not arrived:
        return "", {}
    return arrived[-1].issue, kept.said(firm_home(), each.subscription_id, arrived[-1].issue)


def skipped_since(each: Subscription) -> list[tuple[str, str]]:
    """The issues that were not sent since the last one that was, each with the reason."""
    found: list[tuple[str, str]] = []
    lines = kept.record(firm_home(), each.subscription_id)
    arrived = {line.issue for line in kept.arrived(lines)}
    for line in lines:
        if line.issue in arrived:
            found = []
        elif line.state == "skipped":
            found.append((line.issue, line.detail))
    return found


def keep_said(each: Subscription, issue: str, said: Mapping[str, Any]) -> None:
    """Keeps what an issue says, before it is sent."""
    kept.keep_said(firm_home(), each.subscription_id, issue, said)


def allowed() -> Outlets:
    """Where issues may go."""
    return places.outlets(firm_home())


def way_out(each: Subscription, address: str) -> str:
    """Where the reader of a subscription ends it."""
    return f"{address.rstrip('/')}/unsubscribe/{each.way_out(firm_home())}" if address else ""


def mail(letter: Letter, each: Subscription, issue: str) -> None:
    """Hands over a letter; raises ``NotSent`` or ``InDoubt``."""
    told = allowed()
    if told.mail is None or not told.takes_mail_to(letter.to):
        raise NotSent(f"Mail to {letter.to} is not allowed any more.", is_passing=False)
    password = places.password(firm_home(), told.mail)
    sending.mail(told.mail, password, letter, handing=lambda: note(each, issue, "handed"))


def drop(each: Subscription, issue: str, name: str, content: bytes) -> None:
    """Puts a file into the subscription's folder; raises ``NotSent``."""
    if each.to not in allowed().folders:
        raise NotSent(f"Files in {each.to} are not allowed any more.", is_passing=False)
    sending.drop(Path(each.to), name, content, handing=lambda: note(each, issue, "handed"))


def post(each: Subscription, issue: str, told: Mapping[str, Any]) -> None:
    """Calls the subscription's webhook; raises ``NotSent`` or ``InDoubt``."""
    url = each.hook_url(firm_home())
    if not allowed().takes_post_to(url):
        raise NotSent(f"Calls to {each.to} are not allowed any more.", is_passing=False)
    key = f"{each.subscription_id}-{issue}"
    sending.post(url, told, key=key, handing=lambda: note(each, issue, "handed"))


__all__ = [
    "Busy",
    "InDoubt",
    "Letter",
    "NotSent",
    "allowed",
    "drop",
    "due",
    "failed",
    "is_asked",
    "is_gone",
    "keep_said",
    "last",
    "lock",
    "mail",
    "note",
    "open_issue",
    "plan",
    "post",
    "skipped_since",
    "stop",
    "way_out",
]
