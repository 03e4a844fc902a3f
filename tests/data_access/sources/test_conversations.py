"""Conversations: mails, mailboxes and chats become interactions with their text; what is odd in them is not lost."""

import json
import os
from email.message import EmailMessage
from pathlib import Path

import pytest

from data_access.mapping import SourceRefused
from data_access.readers.conversations import decoded, without_markup
from data_access.sources import conversations
from tests.data_access.sources.loaded import Loaded, loaded

DATE = "Mon, 02 Feb 2026 09:30:00 +0100"
US = "Sales <sales@pump.example>"


def mail(sender: str = "Ada Lovelace <Ada@Acme.Example>", to: str = US, **more: str) -> EmailMessage:
    """A mail that asks for two pumps."""
    made = EmailMessage()
    usual = {"From": sender, "To": to, "Date": DATE, "Subject": "Zwei Pumpen – bitte", "Message-ID": "<1@acme.example>"}
    made.set_content("Guten Tag,\nbitte 2 Stück.")
    for name, value in (usual | {key.replace("_", "-"): value for key, value in more.items()}).items():
        made[name] = value
    return made


def read(folder: Path, **files: bytes | str | EmailMessage) -> Loaded:
    """What a folder of these files says; ``a_eml`` is a.eml."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        raw = content.as_bytes() if isinstance(content, EmailMessage) else content
        path = folder / ".".join(name.rsplit("_", 1))
        path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return loaded(conversations.read(folder))


def chat(*messages: dict[str, object], **around: object) -> str:
    """One conversation as JSON."""
    return json.dumps({**around, "messages": messages})


def test_a_mail_is_an_interaction_with_its_text(tmp_path: Path) -> None:
    told = read(tmp_path / "box", a_eml=mail(Delivered_To="sales@pump.example", Content_Language="de"))
    row = told.row("interactions", "1@acme.example")
    assert (row["subject"], row["body"]) == ("Zwei Pumpen – bitte", "Guten Tag,\nbitte 2 Stück.")
    assert (row["channel"], row["direction"], row["language"]) == ("mail", "in", "de")
    assert str(row["occurred_at"]) == "2026-02-02 08:30:00+00:00"
    assert row["contact_id"] == "conversations:ada@acme.example"
    assert told["contacts"].select("name", "email", "customer_id").rows() == [
        ("Ada Lovelace", "ada@acme.example", None)
    ]


def test_who_takes_part_in_nearly_every_mail_is_our_side(tmp_path: Path) -> None:
    mails = {
        "a_eml": mail(Message_ID="<1@x>"),
        "b_eml": mail(US, "Bo <bo@bolt.example>", Message_ID="<2@x>"),
        "c_eml": mail(US, "Ivy <ivy@pump.example>", Message_ID="<3@x>"),
    }
    told = read(tmp_path / "box", **mails)["interactions"].sort("source_id")
    assert told.select("direction", "contact_id").rows() == [
        ("in", "conversations:ada@acme.example"),
        ("out", "conversations:bo@bolt.example"),
        ("internal", None),
    ]


def test_one_mail_alone_does_not_tell_whose_side_is_ours(tmp_path: Path) -> None:
    told = read(tmp_path / "box", a_eml=mail())
    assert told["interactions"].select("direction", "contact_id").rows() == [(None, "conversations:ada@acme.example")]


def test_a_mailbox_holds_many_mails_and_the_same_mail_in_a_second_one_counts_once(tmp_path: Path) -> None:
    first, second = (
        b"From x Mon Feb  2 09:30:00 2026\n" + mail(Message_ID=key).as_bytes() for key in ("<1@x>", "<2@x>")
    )
    told = read(tmp_path / "box", inbox_mbox=first + b"\n" + second + b"\n", archive_mbox=first)
    assert told["interactions"].get_column("source_id").to_list() == ["1@x", "1@x", "2@x"]
    assert told["interactions"].select("source_id", "body").n_unique() == 2


def test_html_is_read_as_a_browser_shows_it_and_attachments_are_not(tmp_path: Path) -> None:
    made = EmailMessage()
    for name, value in {"From": "a@b.example", "Date": DATE, "Message-ID": "<1@x>"}.items():
        made[name] = value
    made.set_content("<style>p {}</style><p>Two&nbsp;pumps</p><p>by\n May</p>", subtype="html")
    made.add_attachment(b"secret", maintype="text", subtype="plain", filename="offer.txt")
    assert read(tmp_path / "box", a_eml=made).row("interactions", "1@x")["body"] == "Two pumps\nby May"
    assert without_markup("a<br>b<script>c</script>") == "a\nb"


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("泵".encode("gbk"), "gb2312", "泵"),
        ("grün".encode("cp1252"), "utf-8", "grün"),
        ("grün".encode(), "no-such-charset", "grün"),
        ("€ 5".encode("cp1252"), "iso-8859-1", "€ 5"),
        (b"plain", None, "plain"),
    ],
)
def test_a_wrong_charset_loses_no_text(content: bytes, charset: str | None, text: str) -> None:
    assert decoded(content, charset) == text


def test_headers_in_other_alphabets_are_read(tmp_path: Path) -> None:
    raw = (
        b"From: =?gb2312?B?zfU=?= <w@x.example>\nDate: "
        + DATE.encode()
        + b"\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n\n."
    )
    told = read(tmp_path / "box", a_eml=raw)
    assert told["interactions"].get_column("subject").to_list() == ["Grüße"]
    assert told["contacts"].get_column("name").to_list() == ["王"]


def test_a_mail_without_a_date_or_that_is_none_is_set_aside_and_the_others_are_read(tmp_path: Path) -> None:
    head = b"From: a@b.example\nMessage-ID: "
    odd = {"b_eml": b"\x00\x01 nothing", "c_eml": head + b"<2@x>\nDate: soon\n\n.", "d_eml": head + b"<3@x>\n\n."}
    told = read(tmp_path / "box", a_eml=mail(), **odd)
    assert told["interactions"].drop_nulls("occurred_at").height == 1
    assert sorted(told.aside.get_column("rule")) == ["malformed", "not_an_instant"]


def test_a_chat_is_read_with_what_its_conversation_says(tmp_path: Path) -> None:
    said = chat(
        {"id": 1, "ts": "1770021000.5", "author": {"email": "Ada@acme.example", "name": "Ada"}, "text": "Is it late?"},
        {"id": 2, "timestamp": 1770021060000, "sender": "Ivy", "role": "agent", "text": ["No, ", {"text": "tomorrow"}]},
        id="c7",
        channel="WhatsApp",
        subject="Order 5",
    )
    told = read(tmp_path / "chats", a_json=said)["interactions"].sort("source_id")
    assert told.select("source_id", "channel", "direction", "subject", "body").rows() == [
        ("c7/1", "chat", None, "Order 5", "Is it late?"),
        ("c7/2", "chat", "out", "Order 5", "No, tomorrow"),
    ]
    assert [str(at) for at in told.get_column("occurred_at")] == [
        "2026-02-02 08:30:00.500000+00:00",
        "2026-02-02 08:31:00+00:00",
    ]
    assert told.get_column("contact_id").to_list() == ["conversations:ada@acme.example", None]


def test_one_message_a_line_is_a_chat_and_what_is_none_is_set_aside(tmp_path: Path) -> None:
    lines = '{"date": "2026-02-02T08:30:00Z", "from": "ada", "body": "Hello", "direction": "inbound"}\n\n"what"\n'
    told = read(tmp_path / "chats", a_ndjson=lines)
    assert told["interactions"].select("direction", "contact_id", "body").rows() == [
        ("in", "conversations:ada", "Hello")
    ]
    assert told.aside.get_column("rule").to_list() == ["malformed"]


def test_a_message_without_a_key_keeps_the_same_one(tmp_path: Path) -> None:
    said = '[{"date": "2026-02-02", "from": "ada", "text": "Hello"}]'
    one, other = (read(tmp_path / name, a_json=said)["interactions"].get_column("source_id")[0] for name in ("a", "b"))
    assert one == other
    assert one.startswith("sha256-")


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a_mbox", "Dear all,\nno mailbox", "not_what_it_says"),
        ("a_json", '[{"date": ', "unreadable"),
        ("a_json", "[]", "nothing_to_read"),
    ],
)
def test_a_file_that_is_not_what_it_says_changes_nothing(tmp_path: Path, name: str, content: str, rule: str) -> None:
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / ".".join(name.split("_"))).write_text(content, encoding="utf-8")
    refused = [extract.refused for extract in conversations.read(tmp_path / "box").extracts]
    assert [notice.rule for notice in refused if notice] == [rule, rule]


def test_a_folder_without_conversations_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(SourceRefused, match=r"holds no conversations; send \.eml"):
        conversations.read(tmp_path)


def test_half_characters_and_endless_nesting_are_no_faults_of_ours(tmp_path: Path) -> None:
    said = '{"id": 1, "date": "2026-02-02T08:30:00Z", "from": "ada@acme.example", "text": %s}'
    half = said % r'"two \ud800 pumps"'
    assert read(tmp_path / "half", a_json=half)["interactions"]["body"].to_list() == ["two ? pumps"]
    assert read(tmp_path / "lists", a_json="[" * 300 + half + "]" * 300)["interactions"].is_empty()
    text = said % ("[" * 500 + '"x"' + "]" * 500)
    assert read(tmp_path / "text", a_json=text)["interactions"]["body"].to_list() == [None]


def test_brackets_and_parts_without_end_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    addresses = f"From: ada@acme.example\nDate: {DATE}\nTo: {'(' * 3000}a@b.example\n\nTwo pumps."
    rows = read(tmp_path / "to", a_eml=addresses)["interactions"]
    assert rows["body"].to_list() == ["Two pumps."]
    parts = f"From: ada@acme.example\nDate: {DATE}\n" + "Content-Type: message/rfc822\n\n" * 3000
    assert read(tmp_path / "parts", a_eml=parts)["interactions"].is_empty()


def test_a_body_is_shown_where_the_head_before_it_was_never_ended() -> None:
    assert without_markup("<html><head><title>Mail<body><p>Two pumps") == "Two pumps"


def test_a_file_whose_name_is_no_text_is_read_and_named_in_letters(tmp_path: Path) -> None:
    told = read(tmp_path / "box", a_eml=mail())
    (tmp_path / "box" / "a.eml").rename(os.fsdecode(os.fsencode(tmp_path / "box") + b"/\xff.eml"))
    (tmp_path / "box" / os.fsdecode(b"\xfe.bin")).write_bytes(b"?")
    again = conversations.read(tmp_path / "box")
    assert loaded(again)["interactions"].height == told["interactions"].height == 1
    assert again.ignored == ("\\xfe.bin",)
