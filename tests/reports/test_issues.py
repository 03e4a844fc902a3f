"""Issues of subscriptions: who gets which, when, how often, and what stands in them."""

import email
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, ClassVar

import pytest
from aiosmtpd.controller import Controller

from analytics.access import NotAllowed, Viewer
from answers import subscriptions as posts
from answers.subscriptions import Condition, MailServer, Outlets, Rhythm, SubscriptionRefused, Wanted
from data_access import accounts
from data_access import subscriptions as kept
from data_access.accounts import Account
from data_access.home import firm_home
from data_access.outlets import OutletRefused
from reports import catalogue, issues
from tests.answers.served import served
from tests.pages import firms
from tests.reports import read_back as read
from tests.test_house import HOUSE

OWNER = Viewer(user="owner", role="owner")
FRIDAY, MONDAY = datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SENDING = (
    "from reports import issues; import datetime; issues.send(datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC))"
)


class Mailbox:
    """A mail server's memory: what it took, from whom to whom. ``before`` and ``after``: what happens when a recipient
    is named, and when a letter was taken but nobody was told yet."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, EmailMessage]] = []
        self.raw = b""
        self.before: Callable[[str], str | None] = lambda _to: None
        self.after: Callable[[], None] = lambda: None
        self.answer = "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, to: str, _options: Any) -> str:  # noqa: N802 - as the library calls it
        refused = self.before(to)
        if refused:
            return refused
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - as the library calls it
        if self.answer != "250 OK":
            return self.answer
        self.raw += envelope.content
        letter = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.taken += [(to, letter) for to in envelope.rcpt_tos]
        self.after()
        return self.answer


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A real mail server on this machine that reports may be sent to, beside a folder."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    mail = MailServer(host="127.0.0.1", port=port, security="none", sender="tandem@firm.example")
    folder = firm_home().made().folder / "drop"
    folder.mkdir()
    told = Outlets(address="https://tandem.example", domains=("firm.example",), folders=(str(folder),))
    posts.allow(OWNER, told, mail)
    yield box
    server.stop()


def subscribed(
    to: str = "ada@firm.example", *, user: str = "", at: datetime = FRIDAY, **fields: Any
) -> kept.Subscription:
    """A daily planner's week by mail, unless ``fields`` say otherwise."""
    usual: dict[str, Any] = {
        "report": "planners_week",
        "format": "csv",
        "language": "en",
        "rhythm": Rhythm(every="daily"),
        "way": "folder" if to.startswith("/") else "mail",
        "to": to,
    }
    return posts.add(OWNER, Wanted(**usual | fields), user=user, now=at)


def states(each: kept.Subscription) -> list[tuple[str, str]]:
    """What became of its issues, in order."""
    return [(line.issue[:10], line.state) for line in kept.record(firm_home(), each.subscription_id)]


ONCE = [("2026-11-23", "begun"), ("2026-11-23", "handed"), ("2026-11-23", "sent")]


def test_the_monday_mail_arrives_once_in_each_language_with_its_file(mailbox: Mailbox) -> None:
    firms.busy()
    ada = subscribed()
    subscribed("li@firm.example", language="zh", format="pdf")
    assert issues.send(MONDAY) == 2
    assert issues.send(MONDAY + timedelta(hours=2)) == 0
    (to, letter), (other, chinese) = mailbox.taken
    assert (to, other, states(ada)) == ("ada@firm.example", "li@firm.example", ONCE)
    assert letter["Subject"].startswith("Planner's week: ")
    assert chinese["Subject"].startswith("计划员周报: ")
    assert letter["Message-ID"] == f"<{ada.subscription_id}.2026-11-23@firm.example>"
    (file,), (pages,) = (list(each.iter_attachments()) for each in (letter, chinese))
    assert len(read.bundled(file.get_content())) == 3
    assert "延误到货" in read.pages(pages.get_content())
    way_out = letter["List-Unsubscribe"].strip("<>")
    assert way_out.startswith("https://tandem.example/unsubscribe/")
    assert f"List-Unsubscribe: <{way_out}>\r\n".encode() in mailbox.raw
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in ("plain", "html"):
        told = letter.get_body((part,))
        assert told is not None
        assert way_out in told.get_content()
    assert posts.unsubscribe(way_out.rpartition("/")[2])
    assert not posts.unsubscribe(way_out.rpartition("/")[2])
    assert issues.send(MONDAY + DAY) == 1


def test_each_recipient_gets_it_exactly_once_although_the_sender_is_killed(mailbox: Mailbox) -> None:
    """The first process is killed when the server has taken a letter and told nobody; the second sends the rest."""
    firms.busy()
    made = [subscribed(f"{name}@firm.example") for name in ("ada", "bea", "cem")]
    environment = os.environ | {"POLARS_MAX_THREADS": "1"}
    first = subprocess.Popen([sys.executable, "-c", SENDING], cwd=HOUSE, env=environment)
    mailbox.after = lambda: os.kill(first.pid, signal.SIGKILL)
    assert first.wait() == -signal.SIGKILL
    mailbox.after = lambda: None
    assert states(made[0]) == ONCE[:2]
    assert issues.send(MONDAY) == 2
    assert [to for to, _ in mailbox.taken] == ["ada@firm.example", "bea@firm.example", "cem@firm.example"]
    assert [states(each) for each in made] == [ONCE[:2], ONCE, ONCE]
    assert posts.listed(OWNER)["state"].to_list() == ["handed", "sent", "sent"]


def test_a_server_that_takes_nothing_yet_is_tried_again_and_one_that_never_will_is_not(mailbox: Mailbox) -> None:
    firms.busy()
    away, never = subscribed(), subscribed("eve@firm.example")
    mailbox.before = lambda to: "451 later" if to.startswith("ada") else "550 no such person"
    assert issues.send(MONDAY) == 2
    assert [state for _, state in states(away)] == ["begun", "failed"]
    assert [state for _, state in states(never)] == ["begun", "refused"]
    assert "550 no such person" in kept.record(firm_home(), never.subscription_id)[-1].detail
    assert issues.send(MONDAY + timedelta(seconds=59)) == 0
    mailbox.before = lambda _to: None
    assert issues.send(MONDAY + timedelta(minutes=1)) == 1
    assert [to for to, _ in mailbox.taken] == ["ada@firm.example"]


def test_a_letter_that_the_server_does_not_take_in_the_end_is_tried_again(mailbox: Mailbox) -> None:
    """Its last byte has left, and the answer says that it was not taken: that is no doubt."""
    firms.busy()
    each = subscribed()
    mailbox.answer = "451 full for now"
    assert issues.send(MONDAY) == 1
    assert [state for _, state in states(each)] == ["begun", "handed", "failed"]
    assert posts.listed(OWNER)["last_at"].to_list() == [None]
    mailbox.answer = "250 OK"
    assert issues.send(MONDAY + timedelta(minutes=1)) == 1
    assert states(each)[-3:] == ONCE
    assert issues.send(MONDAY + timedelta(hours=2)) == 0


def test_who_unsubscribes_while_issues_are_sent_gets_none_and_holds_up_no_other(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    firms.busy()
    ada, bea, cem = (subscribed(f"{name}@firm.example") for name in ("ada", "bea", "cem"))
    mailbox.after = lambda: posts.remove(OWNER, ada.subscription_id)
    made = catalogue.made

    def ends_meanwhile(*asked: Any) -> Any:
        if mailbox.taken:
            kept.remove(firm_home(), bea.subscription_id)
            mailbox.after = lambda: None
        return made(*asked)

    monkeypatch.setattr(catalogue, "made", ends_meanwhile)
    issues.send(MONDAY)
    assert [to for to, _ in mailbox.taken] == ["ada@firm.example", "cem@firm.example"]
    assert states(cem) == ONCE
    assert [path.name for path in (firm_home().folder / "subscriptions").iterdir() if path.is_dir()] == [
        cem.subscription_id
    ]


def test_after_eight_tries_an_issue_is_given_up_and_the_next_day_brings_another(mailbox: Mailbox) -> None:
    firms.busy()
    each, at = subscribed(), MONDAY
    mailbox.before = lambda _to: "451 later"
    for _ in range(8):
        issues.send(at)
        at += timedelta(hours=1)
    assert [state for _, state in states(each)].count("failed") == 7
    assert states(each)[-1] == ("2026-11-23", "given_up")
    mailbox.before = lambda _to: None
    assert issues.send(MONDAY + DAY) == 1
    assert states(each)[-1] == ("2026-11-24", "sent")


def test_what_changed_since_the_last_issue_is_marked_and_what_was_skipped_is_said(mailbox: Mailbox) -> None:
    firms.busy()
    each = subscribed(condition=Condition(kind="changed"), report="own", parameters={"parts": ["inventory"]})
    issues.send(MONDAY)
    issues.send(MONDAY + DAY)
    assert states(each)[-1] == ("2026-11-24", "skipped")
    served(firms.busy_firm(2))
    issues.send(MONDAY + 2 * DAY)
    assert len(mailbox.taken) == 2
    _, letter = mailbox.taken[-1]
    told = letter.get_body(("plain",))
    assert told is not None
    assert "No issue on 24 Nov 2026: nothing had changed." in told.get_content()
    assert "Items against demand" not in letter["Subject"]
    (file,) = letter.iter_attachments()
    _, *tables = [read.comma_separated(part) for part in [b"", *read.bundled(file.get_content())]]
    heading, *rows = tables[0]
    assert heading[-1] == "Since 23 Nov 2026"
    marks = {row[-1] for row in rows}
    assert marks & {"New", "Changed"}


@pytest.mark.parametrize(("kind", "bound", "state"), [("above", 139.0, "sent"), ("below", 140.0, "skipped")])
def test_an_issue_comes_only_when_its_number_is_where_the_reader_wants_to_know(
    mailbox: Mailbox, kind: str, bound: float, state: str
) -> None:
    firms.busy()
    each = subscribed(condition=Condition(kind=kind, metric="stock_value", bound=bound))
    issues.send(MONDAY)
    assert states(each)[-1] == ("2026-11-23", state)
    posts.send_now(OWNER, each.subscription_id, now=MONDAY + timedelta(hours=1))
    assert issues.send(MONDAY + timedelta(hours=1)) == 1
    assert states(each)[-1] == ("2026-11-23", "sent")
    assert len(mailbox.taken) == 1 + (state == "sent")


@pytest.mark.usefixtures("mailbox")
@pytest.mark.parametrize("is_asked", [True, False])
def test_what_is_let_go_on_makes_up_for_nothing_that_was_missed(is_asked: bool) -> None:
    firms.busy()
    each = subscribed(str(firm_home().folder / "drop"))
    posts.send_now(OWNER, each.subscription_id, now=FRIDAY)
    kept.pause_all(firm_home())
    assert issues.send(MONDAY) == 0
    if is_asked:
        posts.send_now(OWNER, each.subscription_id, now=MONDAY)
        issues.send(MONDAY)
        assert states(each) == ONCE
    else:
        posts.pause(OWNER, each.subscription_id, is_paused=False, now=MONDAY)
        issues.send(MONDAY + DAY)
        assert {day for day, _ in states(each)} == {"2026-11-24"}


@pytest.mark.usefixtures("mailbox")
def test_an_empty_report_is_skipped_and_a_file_is_dropped_once() -> None:
    firms.empty()
    folder = firm_home().folder / "drop"
    each = subscribed(str(folder), report="own", parameters={"parts": ["late_receipts", "orders"]})
    issues.send(MONDAY)
    assert states(each)[-1] == ("2026-11-23", "skipped")
    firms.busy()
    issues.send(MONDAY + DAY)
    issues.send(MONDAY + DAY)
    (name,) = [path.name for path in folder.iterdir()]
    assert name.endswith(f" 2026-11-24 {each.subscription_id[:6]}.zip")


@pytest.mark.usefixtures("mailbox")
def test_an_issue_is_made_within_what_its_reader_may_see_when_it_is_made() -> None:
    firms.busy()
    home = firm_home()
    accounts.add(home, Account(user="Root", role="owner"), "correct horse battery")
    accounts.add(home, Account(user="Ada", role="sales"), "correct horse battery")
    ada, root = Viewer(user="Ada", role="sales"), Viewer(user="Root", role="owner")
    daily = Rhythm(every="daily")
    others = Wanted(report="own", format="pdf", language="en", rhythm=daily, way="mail", to="ada@firm.example")
    with pytest.raises(NotAllowed):
        posts.add(ada, others, user="Root")
    each = subscribed(str(home.folder / "drop"), user="Ada", report="stock_valuation")
    assert posts.listed(ada).height == 1
    assert posts.listed(Viewer(user="Bea", role="sales")).height == 0
    with pytest.raises(SubscriptionRefused, match="gone"):
        posts.remove(Viewer(user="Bea", role="sales"), each.subscription_id)
    issues.send(MONDAY)
    accounts.change(home, "Ada", role="administrator")
    issues.send(MONDAY + DAY)
    accounts.remove(home, "Ada")
    issues.send(MONDAY + 2 * DAY)
    assert [state for _, state in states(each)] == ["begun", "handed", "sent", "begun", "refused", "refused"]
    assert posts.listed(root)["state"].to_list() == ["paused"]


def test_who_gets_the_name_of_an_account_that_is_gone_does_not_get_its_subscriptions(mailbox: Mailbox) -> None:
    firms.busy()
    home = firm_home()
    accounts.add(home, Account(user="Root", role="owner"), "correct horse battery")
    accounts.add(home, Account(user="Ada", role="sales"), "correct horse battery")
    each = subscribed("ada.before@firm.example", user="Ada")
    accounts.remove(home, "Ada")
    accounts.add(home, Account(user="ada", role="owner"), "correct horse battery")
    issues.send(MONDAY)
    assert (mailbox.taken, states(each)) == ([], [])
    assert kept.subscriptions(home)[0].is_paused


def test_reports_go_only_where_an_administrator_allowed(mailbox: Mailbox) -> None:
    for to in ("ada@elsewhere.example", "ada@firm.example\nBcc: eve@firm.example", "@firm.example", "/", "/etc"):
        with pytest.raises(SubscriptionRefused, match="no_outlet"):
            subscribed(to)
    for url in (
        "http://hooks.example/x",
        "https://evil.example/",
        "https://u@hooks.example/",
        "https://hooks.example:1/",
        "https://[hooks.example/",
        "https://hooks.example:99999/",
        "https://hooks.example/\u00fc",
    ):
        with pytest.raises(SubscriptionRefused, match="no_outlet"):
            subscribed(url, way="slack")
    with pytest.raises(NotAllowed):
        posts.allow(Viewer(user="ada", role="sales"), Outlets(), None)
    for address in (
        "tandem",
        "https://[a",
        "ftp://a",
        "https://a b",
        "https://a\r\nBcc: x",
        "https://<a>",
        "https://a?x=1",
    ):
        with pytest.raises(OutletRefused, match="no_address"):
            Outlets(address=address)
    with pytest.raises(OutletRefused, match="no_security"):
        MailServer(host="mail.example", port=25, security="none", sender="a@b.example")
    assert posts.allowed(Viewer(user="ada", role="sales")).mail is None
    firms.busy()
    each = subscribed()
    posts.allow(OWNER, Outlets(), None)
    issues.send(MONDAY)
    assert (states(each)[-1], mailbox.taken) == (("2026-11-23", "refused"), [])


class Hook(http.server.BaseHTTPRequestHandler):
    """What a chat keeps of who calls it."""

    told: ClassVar[list[dict[str, Any]]] = []
    answer = b'{"errcode": 0}'

    def do_POST(self) -> None:
        """Keeps the call, and answers."""
        Hook.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(Hook.answer)

    def log_message(self, *_: Any) -> None:
        """Nothing is said on the screen."""


def test_every_chat_is_told_in_its_own_way_and_its_secret_stands_in_no_file() -> None:
    firms.busy()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"
    posts.allow(OWNER, Outlets(hosts=(host,)), None)
    made = [subscribed(f"http://{host}/secret-{way}", way=way) for way in posts.HOOKS]
    issues.send(MONDAY)
    Hook.answer = b'{"errcode": 310000, "errmsg": "keywords not in content"}'
    issues.send(MONDAY + DAY)
    server.shutdown()
    server.server_close()
    assert [states(each)[2][1] for each in made] == ["sent"] * len(made)
    assert states(made[2])[-1] == ("2026-11-24", "refused")
    kinds = [next(iter(told)) for told in Hook.told[: len(made)]]
    assert kinds == ["text", "type", "msgtype", "msgtype", "msg_type", "title"]
    assert {each.to for each in made} == {host}
    texts = [path.read_bytes() for path in firm_home().folder.rglob("*") if path.suffix in {".json", ".ndjson", ".log"}]
    assert not [text for text in texts if b"secret-" in text]


def test_the_secret_of_a_webhook_is_not_shown_wherever_in_its_address_it_stands() -> None:
    firms.busy()
    posts.allow(OWNER, Outlets(hosts=("hooks.example", "hooks.example:99999")), None)
    assert subscribed("https://hooks.example?key=secret", way="slack").to == "hooks.example"
    with pytest.raises(SubscriptionRefused, match="no_outlet"):
        subscribed("https://hooks.example:99999/", way="slack")


def test_who_cannot_be_told_apart_from_a_damaged_file_is_told_what_to_do(home: Path) -> None:
    path = home / "subscriptions" / "subscriptions.json"
    path.parent.mkdir(parents=True)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(kept.SubscriptionsDamaged, match="Restore it from a backup"):
        issues.send(MONDAY)
