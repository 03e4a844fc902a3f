"""Conversations as people keep them: mails (.eml), mailboxes (.mbox) and chats (JSON, one message or one a line).

A message becomes one row of text, whatever is odd in it; what cannot be read at all is a row with a fault. Attachments
are not read.
"""

import json
import mailbox
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

from data_access.readers.delivery import TableRefused
from data_access.readers.encodings import as_utf8
from data_access.readers.files import Piece

MAIL, MAILBOXES, CHATS = (".eml",), (".mbox", ".mbx"), (".json", ".ndjson", ".jsonl")
FROM_LINE = b"From "
OUR_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To")
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "us-ascii": "utf-8", "unknown-8bit": "utf-8"}
BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "blockquote", "table"})
UNSEEN = frozenset({"style", "script", "head", "title"})
MILLISECONDS = 1e11
DEEPEST = 20

KEYS = ("id", "message_id", "messageid", "uuid", "_id")
TIMES = ("sent_at", "timestamp", "date", "time", "created_at", "datetime", "occurred_at", "ts", "createdat")
SENDERS = ("from", "sender", "author", "user", "username", "from_name")
RECIPIENTS = ("to", "recipient", "recipients")
TEXTS = ("text", "body", "message", "content")
SUBJECTS = ("subject", "title", "topic")
DIRECTIONS = ("direction", "author_type", "sender_type", "role", "from_type")
NAMES, ADDRESSES = ("name", "display_name", "username", "id"), ("email", "address", "mail", "phone")
MESSAGES = ("messages", "conversation_parts", "items", "conversations", "chats", "list")


@dataclass(frozen=True)
class Person:
    """Somebody who writes or is written to: an address or, in chats, the name there; and what they are called."""

    address: str
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message. ``place``: its number in its file. ``sent_at``: ISO 8601, or as it is written where it is none.
    ``ours``: addresses that are on our side, as the message itself tells. ``fault``: why it cannot be read."""

    place: int
    key: str = ""
    sent_at: str | None = None
    sender: Person | None = None
    recipients: tuple[Person, ...] = ()
    subject: str | None = None
    body: str | None = None
    language: str | None = None
    channel: str | None = None
    direction: str | None = None
    ours: frozenset[str] = field(default_factory=frozenset)
    fault: str | None = None


def read_conversation(piece: Piece) -> Iterable[Said] | None:
    """The messages of a file; None where its name says that it holds none. Refuses what is not what its name says."""
    if piece.ending in MAIL:
        return [_mail(piece.path.read_bytes(), 1)]
    if piece.ending in MAILBOXES:
        return _mailbox(piece)
    return _chat(piece) if piece.ending in CHATS else None


def _mailbox(piece: Piece) -> Iterator[Said]:
    with piece.path.open("rb") as opened:
        start = opened.read(1 << 16).lstrip()
    if start and not start.startswith(FROM_LINE):
        raise TableRefused("not_what_it_says", f"{piece.label} is no mailbox: it does not begin with a line 'From '.")
    held = mailbox.mbox(piece.path, create=False)
    try:
        yield from (_mail(held.get_bytes(key), place) for place, key in enumerate(held.keys(), 1))
    finally:
        held.close()


def _mail(content: bytes, place: int) -> Said:
    try:
        message = message_from_bytes(content)
    except RecursionError:  # parts within parts, thousands of them
        return Said(place=place, key=_digest(content), fault="malformed")
    if not (message["From"] or message["Date"] or message["Message-ID"]):
        return Said(place=place, key=_digest(content), fault="malformed")
    ours = {person.address for name in OUR_HEADERS for person in _people(message, name)}
    return Said(
        place=place,
        key=_header(message, "Message-ID").strip("<> ") or _digest(content),
        sent_at=_instant(_header(message, "Date")),
        sender=next(iter(_people(message, "From")), None),
        recipients=tuple(person for name in ("To", "Cc") for person in _people(message, name)),
        subject=_header(message, "Subject") or None,
        body=_body(message),
        language=_header(message, "Content-Language").split(",")[0].strip() or None,
        channel="mail",
        ours=frozenset(ours),
    )


def _digest(content: bytes) -> str:
    return f"sha256-{sha256(content).hexdigest()[:40]}"


def _header(message: Message, name: str) -> str:
    """A header as text on one line; what cannot be decoded is shown as far as it goes."""
    return _plain(message.get(name))


def _plain(value: object) -> str:
    try:
        parts = decode_header(value)  # type: ignore[arg-type]
    except (HeaderParseError, ValueError, TypeError):
        return "" if value is None else " ".join(str(value).split())
    texts = (part if isinstance(part, str) else decoded(part, charset) for part, charset in parts)
    return " ".join("".join(texts).split())


def decoded(content: bytes, charset: str | None) -> str:
    """Text in the charset that it names or, where that is wrong, in the likeliest: UTF-8, else Western European."""
    named = (charset or "utf-8").lower()
    for attempt in (WIDER.get(named, named), "utf-8"):
        try:
            return content.decode(attempt)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", errors="replace")


def _people(message: Message, name: str) -> list[Person]:
    written = [str(value) for value in message.get_all(name, [])]
    try:
        found = getaddresses(written)
    except RecursionError:  # brackets within brackets, thousands of them
        return []
    return [Person(address.strip().lower(), _plain(shown) or None) for shown, address in found if "@" in address]


def _instant(written: str) -> str | None:
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return written or None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _body(message: Message) -> str | None:
    return "\n".join(_texts(message)).strip() or None


def _texts(part: Message, depth: int = 0) -> list[str]:
    """The texts of a message, plain ones before their copies in HTML; attachments and messages within are none."""
    kind = part.get_content_type()
    if depth > DEEPEST or part.get_content_disposition() == "attachment" or kind == "message/rfc822":
        return []
    if part.is_multipart():
        inner = [(each.get_content_type(), _texts(each, depth + 1)) for each in part.get_payload()]  # type: ignore[union-attr, arg-type]
        told = [(each, texts) for each, texts in inner if texts]
        if kind == "multipart/alternative":
            return next((texts for each, texts in told if each == "text/plain"), told[-1][1] if told else [])
        return [text for _, texts in told for text in texts]
    return [_text_of(part, kind)] if kind in ("text/plain", "text/html") else []


def _text_of(part: Message, kind: str) -> str:
    payload = part.get_payload(decode=True)
    text = decoded(payload if isinstance(payload, bytes) else b"", part.get_content_charset())
    text = text.replace("\r\n", "\n")
    return without_markup(text) if kind == "text/html" else text.strip()


class _Shown(HTMLParser):
    """What a browser would show of HTML, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as it is called
        """Blocks begin a line; styles and scripts are not shown."""
        self.unseen = 0 if tag == "body" else self.unseen + (tag in UNSEEN)
        self.parts += ["\n"] if tag in BLOCKS else []

    def handle_endtag(self, tag: str) -> None:
        """Ends what is not shown."""
        self.unseen = max(0, self.unseen - (tag in UNSEEN))

    def handle_data(self, data: str) -> None:
        """Text, spaces as a browser sets them."""
        self.parts += [] if self.unseen else [re.sub(r"\s+", " ", data)]


def without_markup(text: str) -> str:
    """The text of HTML as a browser shows it, without empty lines."""
    shown = _Shown()
    shown.feed(text)
    shown.close()
    lines = (line.strip() for line in "".join(shown.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _chat(piece: Piece) -> Iterator[Said]:
    """The messages of a chat: a list of them, conversations that hold lists of them, or one object a line."""
    text = as_utf8(piece).path.read_text(encoding="utf-8-sig")
    try:
        held = [json.loads(text)] if piece.ending == ".json" else [json.loads(line) for line in _lines(text)]
        found = [each for whole in held for each in _messages(whole, {}, 0)]
        said = [_said(message, around, place) for place, (message, around) in enumerate(found, 1)]
    except (ValueError, RecursionError) as error:
        raise TableRefused("unreadable", f"{piece.label} is not valid JSON; export the chat again.") from error
    if not said:
        raise TableRefused(
            "nothing_to_read", f"{piece.label} holds no messages: a list of objects with a time and a text."
        )
    yield from said


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if line.strip())


Object = Mapping[str, Any]


def _messages(held: object, around: Object, depth: int) -> Iterator[tuple[object, Object]]:
    """Each message with what the conversation around it says."""
    if isinstance(held, list) and depth < DEEPEST:
        for each in held:
            yield from _messages(each, around, depth + 1)
    elif isinstance(held, dict) and depth < DEEPEST:
        told = {str(name).lower(): value for name, value in held.items()}
        inner = next((told[name] for name in MESSAGES if isinstance(told.get(name), list)), None)
        if inner is None:
            yield told, around
        else:
            yield from _messages(inner, {**around, **{k: v for k, v in told.items() if k not in MESSAGES}}, depth + 1)
    else:
        yield held, around


def _said(message: object, around: Object, place: int) -> Said:
    if not isinstance(message, dict) or _first(message, TIMES) is None:
        return Said(place=place, key=_digest(repr(message).encode()), fault="malformed")
    sender = _person(_first(message, SENDERS), message)
    return Said(
        place=place,
        key=_chat_key(message, around),
        sent_at=_moment(_first(message, TIMES)),
        sender=sender,
        recipients=tuple(_recipients(_first(message, RECIPIENTS))),
        subject=_written(_first(message, SUBJECTS)) or _written(_first(around, SUBJECTS)),
        body=_written(_first(message, TEXTS)),
        language=_written(_first(message, ("language", "lang"))) or _written(_first(around, ("language", "lang"))),
        channel=_written(_first(message, ("channel",))) or _written(_first(around, ("channel", "platform"))) or "chat",
        direction=_side(message),
    )


def _side(message: Object) -> str | None:
    told = _written(_first(message, DIRECTIONS))
    sender = _first(message, SENDERS)
    return told or (_written(_first(sender, ("type", "role"))) if isinstance(sender, dict) else None)


def _first(told: Object, names: Iterable[str]) -> Any:
    return next((told[name] for name in names if told.get(name) not in (None, "")), None)


def _chat_key(message: Object, around: Object) -> str:
    """The message's own key with that of its conversation before it: numbers within a chat begin at 1 in each."""
    own, outer = _written(_first(message, KEYS)), _written(_first(around, (*KEYS, "conversation_id")))
    if own is None:
        content = json.dumps([outer, message], sort_keys=True, ensure_ascii=False, default=repr)
        return _digest(content.encode("utf-8", "surrogatepass"))
    return f"{outer}/{own}" if outer else own


def _moment(value: object) -> str | None:
    """An instant as ISO 8601: seconds and milliseconds since 1970 are numbers, or texts of digits, as Slack writes."""
    written = _whole(str(value)).strip()
    if not isinstance(value, bool) and re.fullmatch(r"\d{9,14}(?:\.\d+)?", written):
        seconds = float(written) / (1_000 if float(written) >= MILLISECONDS else 1)
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    return written or None


def _person(value: object, message: Object) -> Person | None:
    if isinstance(value, dict):
        address, name = _written(_first(value, ADDRESSES)), _written(_first(value, NAMES))
    else:
        address, name = _written(_first(message, ("from_email", "sender_email", "email", "from_id"))), _written(value)
    known = address or name
    return None if known is None else _named(known, name if address else None)


def _named(written: str, name: str | None) -> Person:
    """``Ada <ada@acme.example>`` is an address with a name; what has no address is the name itself."""
    shown, address = next(iter(getaddresses([written])), ("", ""))
    if "@" in address:
        return Person(address.strip().lower(), name or shown or None)
    return Person(written.casefold(), name or written)


def _recipients(value: object) -> Iterator[Person]:
    for each in value if isinstance(value, list) else [] if value is None else [value]:
        person = _person(each, {})
        if person is not None:
            yield person


def _written(value: object, depth: int = 0) -> str | None:
    """A value as text; a text in parts (some of them marked, as links are) as their sum. Half a character, which
    JSON can hold, is shown as a question mark."""
    if value is None or isinstance(value, bool) or depth > DEEPEST:
        return None
    if isinstance(value, list):
        parts = (part if isinstance(part, str) else _written(part, depth + 1) or "" for part in value)
        return _whole("".join(parts)).strip() or None
    if isinstance(value, dict):
        return _written(_first(value, TEXTS), depth + 1)
    return _whole(str(value)).strip() or None


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


__all__ = ["CHATS", "MAIL", "MAILBOXES", "Person", "Said", "decoded", "read_conversation", "without_markup"]
