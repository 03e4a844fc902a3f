"""Subscriptions: which report goes to whom, when and by which way; and the record of what became of each issue.

One file in the firm's home for what there is, and a folder for each with its record: lines that are only added. A
webhook's address is a secret, and sealed; a token by which a reader unsubscribes is kept sealed and as a hash.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data_access.home import Busy, Home, sync_folder, write_atomically
from data_access.sealed import seal, unseal

HOOKS = ("slack", "teams", "wecom", "dingtalk", "feishu", "webhook")
WAYS = ("mail", "folder", *HOOKS)
CONDITIONS = ("always", "changed", "above", "below")
MOST, MOST_PARAMETERS = 500, 8_000
NAME = re.compile(r"[0-9a-f]{16}")
KEY = re.compile(r"[0-9TZ-]{10,30}")
RULES = ("no_outlet", "no_report", "no_condition", "no_rhythm", "too_many", "too_large", "gone", "no_reader")
DAMAGE = (ValueError, LookupError, TypeError, AttributeError)

# What a line of the record says. An issue whose last line is an ``ENDED`` one is never sent again; ``handed`` is the
# moment before the last byte leaves us: whoever dies after it has sent it, as far as anybody can know.
STATES = ("begun", "handed", "sent", "in_doubt", "skipped", "refused", "failed", "given_up")
ENDED = frozenset({"handed", "sent", "in_doubt", "skipped", "refused", "given_up"})
ARRIVED = frozenset({"handed", "sent", "in_doubt"})


class SubscriptionRefused(ValueError):
    """What was asked of the subscriptions cannot be done; ``rule``, one of ``RULES``, says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"The subscription is refused: {rule}.")
        self.rule = rule


class SubscriptionsDamaged(Exception):
    """The file of subscriptions is not what was written; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """When an issue is sent: always, where something changed since the last one, or where a number is above or below a
    bound; raises ``SubscriptionRefused``."""

    kind: str = "always"
    metric: str = ""
    bound: float = 0.0

    def __post_init__(self) -> None:
        """Refuses what is no condition."""
        if self.kind not in CONDITIONS or (self.kind in ("above", "below")) != bool(self.metric):
            raise SubscriptionRefused("no_condition")


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """One report for one reader. ``parameters``: what is asked, as in the address of a page; ``rhythm``: see
    ``analytics.dispatch``; ``to``: an address, a folder, or where a webhook is, without its secret.

    ``since_at``: from when on issues count; ``next_at``: from when on there may be something to send; ``asked_at``:
    when somebody last asked for an issue.
    """

    subscription_id: str
    user: str
    report: str
    format: str
    language: str
    parameters: Mapping[str, tuple[str, ...]]
    rhythm: Mapping[str, Any]
    way: str
    to: str
    condition: Condition = field(default_factory=Condition)
    is_paused: bool = False
    since_at: datetime
    next_at: datetime
    asked_at: datetime | None = None
    hook: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    token_hash: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuses a way that does not exist and parameters of any length."""
        if self.way not in WAYS:
            raise SubscriptionRefused("no_outlet")
        if len(json.dumps(self.parameters)) > MOST_PARAMETERS:
            raise SubscriptionRefused("too_large")

    def hook_url(self, home: Home) -> str:
        """The whole address of its webhook."""
        return unseal(home, self.hook)

    def way_out(self, home: Home) -> str:
        """The token by which its reader unsubscribes."""
        return unseal(home, self.token)


@dataclass(frozen=True)
class Line:
    """One line of the record: which issue (a day, or the instant at which somebody asked), what became of it, when."""

    issue: str
    state: str
    at: datetime
    detail: str = ""


def subscriptions(home: Home) -> tuple[Subscription, ...]:
    """All subscriptions, in the order in which they were made."""
    return tuple(_read(home).values())


def due(home: Home, now: datetime) -> bool:
    """Whether there may be something to send."""
    return any(not each.is_paused and each.next_at <= now for each in subscriptions(home))


def add(home: Home, wanted: Subscription, hook: str = "") -> Subscription:
    """Keeps a new subscription, with a key and a token of its own."""
    token = secrets.token_urlsafe(32)
    made = replace(
        wanted,
        subscription_id=secrets.token_hex(8),
        hook=seal(home, hook) if hook else "",
        token=seal(home, token),
        token_hash=_hash(token),
    )
    with _changing(home) as kept:
        if len(kept) >= MOST:
            raise SubscriptionRefused("too_many")
        kept[made.subscription_id] = made
    return made


def change(home: Home, subscription_id: str, **fields: Any) -> Subscription:
    """The subscription with other fields; ``SubscriptionRefused`` where it is gone."""
    with _changing(home) as kept:
        if subscription_id not in kept:
            raise SubscriptionRefused("gone")
        changed = kept[subscription_id] = replace(kept[subscription_id], **fields)
    return changed


def remove(home: Home, subscription_id: str) -> None:
    """Forgets a subscription and its record; one that is gone already is gone."""
    with _changing(home) as kept:
        kept.pop(subscription_id, None)
    shutil.rmtree(folder(home, subscription_id), ignore_errors=True)


def stop_of(home: Home, is_theirs: Callable[[str], bool]) -> None:
    """Lets nothing more go out to whom a user has named that had this name before."""
    if not any(is_theirs(each.user) for each in subscriptions(home)):
        return
    with _changing(home) as kept:
        kept |= {key: replace(each, is_paused=True) for key, each in kept.items() if is_theirs(each.user)}


def pause_all(home: Home) -> int:
    """Lets nothing go out until a person lets it go on; how many would have gone out."""
    running = sum(not each.is_paused for each in subscriptions(home))
    if running:
        with _changing(home) as kept:
            kept |= {key: replace(each, is_paused=True) for key, each in kept.items()}
    return running


def of_token(home: Home, token: str) -> Subscription | None:
    """Whose token it is; None where nobody's."""
    hashed = _hash(token)
    return next((each for each in subscriptions(home) if each.token_hash == hashed), None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@contextlib.contextmanager
def sending(home: Home) -> Iterator[None]:
    """Holds the lock of who sends: one process at a time; ``Busy`` while another does."""
    with (home.made().folder / "sending.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield


# The record of issues


def folder(home: Home, subscription_id: str) -> Path:
    """Where the record of a subscription lies, and what its issues said."""
    if not NAME.fullmatch(subscription_id):
        raise ValueError(f"{subscription_id!r} is no key of a subscription.")
    return home.folder / "subscriptions" / subscription_id


def note(home: Home, subscription_id: str, line: Line) -> None:
    """Adds a line to the record; it is on the disk when this returns."""
    place = folder(home, subscription_id)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, told = place / "record.ndjson", asdict(line) | {"at": line.at.astimezone(UTC).isoformat()}
    with path.open("ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(max(0, file.seek(0, os.SEEK_END) - 1))
        is_cut_off = file.read() not in (b"", b"\n")
        file.write(b"\n" * is_cut_off + (json.dumps(told, ensure_ascii=False) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())
    sync_folder(place)


def record(home: Home, subscription_id: str) -> list[Line]:
    """The lines in the order in which they were added; one that a kill cut off is left out."""
    try:
        text = (folder(home, subscription_id) / "record.ndjson").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in map(_line, text.splitlines()) if line is not None]


def ends(lines: Sequence[Line]) -> dict[str, str]:
    """By issue what became of it in the end: one that was handed over and then not taken has failed."""
    return {line.issue: line.state for line in lines}


def arrived(lines: Sequence[Line]) -> list[Line]:
    """The lines of a record that tell of issues which arrived."""
    known = ends(lines)
    return [line for line in lines if line.state in ARRIVED and known[line.issue] in ARRIVED]


def _line(text: str) -> Line | None:
    try:
        told = json.loads(text)
        return Line(told["issue"], told["state"], datetime.fromisoformat(told["at"]), told["detail"])
    except DAMAGE:
        return None


def keep_said(home: Home, subscription_id: str, issue: str, said: Mapping[str, Any]) -> None:
    """Keeps what an issue says, for the next one to tell what changed."""
    write_atomically(_said(home, subscription_id, issue), json.dumps(said, ensure_ascii=False))


def said(home: Home, subscription_id: str, issue: str) -> Mapping[str, Any]:
    """What an issue said; nothing where that is not known any more. What earlier ones said is forgotten."""
    path = _said(home, subscription_id, issue)
    for other in path.parent.glob("said *.json"):
        if other.name < path.name:
            other.unlink(missing_ok=True)
    try:
        known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return known


def _said(home: Home, subscription_id: str, issue: str) -> Path:
    if not KEY.fullmatch(issue):
        raise ValueError(f"{issue!r} is no issue.")
    return folder(home, subscription_id) / f"said {issue}.json"


def _file(home: Home) -> Path:
    return home.folder / "subscriptions" / "subscriptions.json"


@contextlib.contextmanager
def _changing(home: Home) -> Iterator[dict[str, Subscription]]:
    """The subscriptions by key; what they have become is written when the block ends well. One change at a time."""
    path = _file(home.made())
    path.parent.mkdir(exist_ok=True, mode=0o700)
    with path.with_suffix(".lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = _read(home)
        yield kept
        told = {"subscriptions": [asdict(each) for each in kept.values()]}
        write_atomically(path, json.dumps(told, indent=1, ensure_ascii=False, default=datetime.isoformat))


def _read(home: Home) -> dict[str, Subscription]:
    path = _file(home)
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["subscriptions"]
        found = [_subscription(entry) for entry in entries]
    except FileNotFoundError:
        return {}
    except DAMAGE:
        raise SubscriptionsDamaged(
            f"The file {path.name} in the home is damaged. Restore it from a backup, or move it away and subscribe"
            " anew."
        ) from None
    return {each.subscription_id: each for each in found}


def _subscription(entry: dict[str, Any]) -> Subscription:
    named = [name for name in ("since_at", "next_at", "asked_at") if entry[name] is not None]
    instants = {name: datetime.fromisoformat(entry[name]) for name in named}
    asked = {name: tuple(values) for name, values in entry["parameters"].items()}
    return Subscription(**entry | instants | {"parameters": asked, "condition": Condition(**entry["condition"])})
