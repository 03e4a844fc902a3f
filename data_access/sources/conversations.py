"""Conversations as text: mails (.eml), mailboxes (.mbox) and chats (JSON), each message an interaction with its text.

docs/sources/conversations.md says the same in words. Which customer somebody is that wrote, the refresh finds out by
the address, from what the other systems know.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from analytics.tables.free_mail import FREE_MAIL
from data_access.mapping import LINE, ROW, Cell, Extract, Mapping, Notice, Reading, SourceRefused
from data_access.readers.conversations import Person, Said, read_conversation
from data_access.readers.delivery import DeliveryRefused, TableRefused
from data_access.readers.files import explained, pieces, sub_folders

SOURCE, TABLE = "conversations", "messages"
OUR_SHARE = 0.9
FEWEST = 2
IN, OUT, INTERNAL = "in", "out", "internal"
CHANNEL_WORDS = {
    "email": "mail",
    "e-mail": "mail",
    "telephone": "phone",
    "call": "phone",
    "meeting": "visit",
    "website": "web",
    "slack": "chat",
    "teams": "chat",
    "messenger": "chat",
    "whatsapp": "chat",
    "wechat": "chat",
    "telegram": "chat",
    "livechat": "chat",
    "facebook": "social",
    "instagram": "social",
    "weibo": "social",
    "twitter": "social",
    "linkedin": "social",
}
KNOWN_CHANNELS = frozenset({"phone", "mail", "chat", "social", "visit", "sms", "web", "note", "other"})
SIDES = {
    **dict.fromkeys((IN, "inbound", "incoming", "received", "customer", "user", "visitor", "contact", "client"), IN),
    **dict.fromkeys(
        (OUT, "outbound", "outgoing", "sent", "agent", "admin", "staff", "bot", "assistant", "system"), OUT
    ),
    INTERNAL: INTERNAL,
}

MAPPINGS: tuple[Mapping, ...] = (
    Mapping(
        to="contacts",
        table=TABLE,
        columns={
            "contact_id": "person",
            "name": "person_name",
            "email": "email",
            "is_active": pl.lit(value=True),
        },
        key=ROW,
        derived=True,
    ),
    Mapping(
        to="interactions",
        table=TABLE,
        columns={
            "interaction_id": "message",
            "contact_id": "person",
            "channel": Cell(column="channel", words=CHANNEL_WORDS),
            "direction": "direction",
            "occurred_at": "sent_at",
            "subject": "subject",
            "body": "body",
            "language": "language",
        },
        key=ROW,
        assumes={
            "direction": "our side is who a message names as such, else who takes part in nine of ten of the mails",
            "channel": "a chat is a chat unless it names another channel",
        },
    ),
)
SCHEMA = dict.fromkeys(
    (
        ROW,
        "message",
        "person",
        "person_name",
        "email",
        "channel",
        "direction",
        "sent_at",
        "subject",
        "body",
        "language",
        "file",
        "fault",
    ),
    pl.String,
)


@dataclass(frozen=True)
class _Found:
    """What a delivery holds: messages with their file, files that cannot be understood, and files of another kind."""

    messages: list[tuple[str, Said]]
    refused: list[Notice]
    ignored: tuple[str, ...]


def read(path: Path, *, partial: bool = False) -> Reading:
    """All messages of a file, folder or ZIP.

    Raises SourceRefused when none can be read.
    """
    try:
        with TemporaryDirectory(prefix="tandem-conversations-") as scratch:
            found = _found(path.absolute(), Path(scratch))
    except DeliveryRefused as refusal:
        raise SourceRefused(refusal.finding.rule, refusal.finding.detail) from None
    except OSError as error:
        finding = explained(error, path).finding
        raise SourceRefused(finding.rule, finding.detail) from None
    if not found.messages and not found.refused:
        told = f"{path.name} holds no conversations; send .eml, .mbox or JSON files, or a ZIP of them."
        raise SourceRefused("nothing_to_read", told)
    extracts = tuple(_extract(mapping, found, partial=partial) for mapping in MAPPINGS)
    return Reading(source=SOURCE, as_of=_latest_change(path), extracts=extracts, ignored=found.ignored)


def _latest_change(path: Path) -> datetime:
    files = [file for file in path.iterdir() if file.is_file()] if path.is_dir() else [path]
    return datetime.fromtimestamp(max(file.stat().st_mtime for file in files), UTC)


def _found(path: Path, scratch: Path) -> _Found:
    messages: list[tuple[str, Said]] = []
    refused: list[Notice] = []
    ignored = sub_folders(path)
    for piece in pieces(path, scratch):
        try:
            said = None if piece.is_hidden else read_conversation(piece)
            messages += [(piece.label, each) for each in said or ()]
        except TableRefused as refusal:
            refused.append(Notice(refusal.finding.rule, f"{refusal.finding.detail} Nothing was changed."))
            continue
        ignored += [piece.label] if said is None else []
    return _Found(messages, refused, tuple(ignored))


def _extract(mapping: Mapping, found: _Found, *, partial: bool) -> Extract:
    if found.refused:
        return Extract(mapping=mapping, frame=pl.DataFrame(schema={ROW: pl.String}), refused=found.refused[0])
    rows = list(_rows(found.messages))
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(
        pl.Series(LINE, [said.place for _, said in found.messages], dtype=pl.Int64)
    )
    faulty = frame.filter(pl.col("fault").is_not_null())
    problems = faulty.select(ROW, column=pl.lit(None, pl.String), rule="fault", value="file")
    people = frame.filter(pl.col("person").is_not_null())
    return Extract(
        mapping=mapping,
        frame=(people if mapping.derived else frame).drop("fault"),
        problems=problems,
        keys=None if partial else frame.get_column("message").unique(maintain_order=True),
    )


def _rows(messages: list[tuple[str, Said]]) -> Iterator[tuple[str | None, ...]]:
    ours = _our_side([said for _, said in messages if said.channel == "mail"])
    for file, said in messages:
        direction = _direction(said, ours)
        person = _other_side(said, direction, ours)
        yield (
            f"{file}:{said.place}",
            said.key,
            *((person.address, person.name or person.address) if person else (None, None)),
            person.address if person and "@" in person.address else None,
            _channel(said.channel),
            direction,
            said.sent_at,
            said.subject,
            said.body,
            said.language,
            file,
            said.fault,
        )


def _channel(written: str | None) -> str | None:
    """Channels have many names; one that we do not know is another one."""
    word = (written or "").strip().lower()
    return None if not word else word if word in KNOWN_CHANNELS or word in CHANNEL_WORDS else "other"


def _side(person: Person) -> str:
    """The domain of a firm; of who writes by a provider's, the address itself."""
    domain = person.address.rpartition("@")[2]
    return person.address if domain in FREE_MAIL else domain


def _our_side(mails: list[Said]) -> frozenset[str]:
    """Domains and addresses of ours: as the mails themselves tell, else the one side that takes part in nearly all."""
    told = {_side(Person(address)) for said in mails for address in said.ours}
    if told:
        return frozenset(told)
    taking_part = Counter(side for said in mails for side in {_side(person) for person in _everybody(said)})
    ranked = taking_part.most_common(2)
    if not ranked or len(mails) < FEWEST or ranked[0][1] < OUR_SHARE * len(mails):
        return frozenset()
    is_alone = len(ranked) == 1 or ranked[1][1] < ranked[0][1]
    return frozenset({ranked[0][0]}) if is_alone else frozenset()


def _everybody(said: Said) -> tuple[Person, ...]:
    return (*([said.sender] if said.sender else []), *said.recipients)


def _direction(said: Said, ours: frozenset[str]) -> str | None:
    if said.direction is not None:
        return SIDES.get(said.direction.strip().lower())
    if said.sender is None or not ours or said.channel != "mail":
        return None
    if _side(said.sender) not in ours:
        return IN
    is_told_outside = any(_side(person) not in ours for person in said.recipients)
    return OUT if is_told_outside or not said.recipients else INTERNAL


def _other_side(said: Said, direction: str | None, ours: frozenset[str]) -> Person | None:
    """With whom a message is: who wrote it or, of ours, the first of the others that it is for."""
    if direction == INTERNAL:
        return None
    if direction == OUT:
        return next((person for person in said.recipients if _side(person) not in ours), None)
    return said.sender


__all__ = ["MAPPINGS", "SOURCE", "TABLE", "read"]
