"""Handing over an issue: to a mail server, into a folder, to a webhook.

Each way tells the moment before its last byte leaves: until then nobody has the issue, and it can be begun anew; after
it nobody can know, and it is never sent again.
"""

import contextlib
import http.client
import json
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlsplit

from data_access.outlets import MailServer

SECONDS = 60.0
AFTER_DATA, OK, NEVER = 354, 250, 500
LONGEST_ANSWER = 300
STANDS_FOR = "<way-out>"
AWAY = (OSError, smtplib.SMTPServerDisconnected, http.client.HTTPException)

Handing = Callable[[], None]


class NotSent(Exception):
    """An issue was not taken; the message says by whom and why. ``is_passing``: whether it may be taken later."""

    def __init__(self, sentence: str, *, is_passing: bool) -> None:
        super().__init__(sentence)
        self.is_passing = is_passing


class InDoubt(Exception):
    """The last byte left us and no answer came: nobody can know whether the issue was taken."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail. ``key``: what its identity is made of; ``way_out``: where its reader unsubscribes."""

    key: str
    to: str
    subject: str
    text: str
    html: str
    at: datetime
    way_out: str
    name: str = ""
    mime: str = ""
    content: bytes = b""


def mail(server: MailServer, password: str, letter: Letter, *, handing: Handing) -> None:
    """Hands a letter to the mail server; ``NotSent`` or ``InDoubt`` otherwise."""
    body = re.sub(rb"(?m)^\.", b"..", written(server, letter))
    with _away(server.host), _connected(server, password) as smtp:
        _taken(server.host, smtp.mail(server.sender), OK)
        _taken(server.host, smtp.rcpt(letter.to), OK)
        _taken(server.host, smtp.docmd("DATA"), AFTER_DATA)
        smtp.send(body)
        handing()
        try:
            smtp.send(b".\r\n")
            answer = smtp.getreply()
        except AWAY as error:
            raise InDoubt from error
        _taken(server.host, answer, OK)


def written(server: MailServer, letter: Letter) -> bytes:
    """The letter as it travels; its identity is the same whenever it is sent."""
    message = EmailMessage(policy.SMTP)
    if letter.way_out:
        message["List-Unsubscribe"] = STANDS_FOR
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["From"], message["To"], message["Subject"] = server.sender, letter.to, letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.key}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    if letter.content:
        kind, _, subtype = letter.mime.partition("/")
        message.add_attachment(letter.content, maintype=kind, subtype=subtype, filename=letter.name)
    # The library encodes an address that does not fit on a line, and mail programs then do not see it: it goes in last.
    return bytes(message).replace(STANDS_FOR.encode(), f"<{letter.way_out}>".encode(), 1)


@contextlib.contextmanager
def _away(host: str) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPAuthenticationError:
        raise NotSent(f"{host} does not take our user and password. Correct them.", is_passing=False) from None
    except smtplib.SMTPNotSupportedError:
        raise NotSent(f"{host} offers no such encryption or login. Choose another.", is_passing=False) from None
    except (*AWAY, smtplib.SMTPException) as error:
        raise NotSent(f"{host} cannot be reached or broke off ({_reason(error)}).", is_passing=True) from error


def _reason(error: Exception) -> str:
    told = getattr(error, "strerror", None) or type(error).__name__
    return str(told)[:LONGEST_ANSWER]


@contextlib.contextmanager
def _connected(server: MailServer, password: str) -> Iterator[smtplib.SMTP]:
    trusted = ssl.create_default_context()
    made = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=trusted)
        if server.security == "tls"
        else smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    )
    try:
        if server.security == "starttls":
            made.starttls(context=trusted)
        made.ehlo_or_helo_if_needed()
        if server.user:
            made.login(server.user, password)
        yield made
        with contextlib.suppress(*AWAY):
            made.quit()
    finally:
        made.close()


def _taken(host: str, answer: tuple[int, bytes], wanted: int) -> None:
    code, said = answer
    if code != wanted:
        told = said.decode(errors="replace")[:LONGEST_ANSWER]
        raise NotSent(f"{host} answered: {code} {told}", is_passing=code < NEVER)


def drop(folder: Path, name: str, content: bytes, *, handing: Handing) -> None:
    """Puts a file into a folder, whole or not at all; the same issue takes the place of itself."""
    try:
        with NamedTemporaryFile(dir=folder, prefix=".tandem-", delete=False) as file:
            beside = Path(file.name)
            try:
                file.write(content)
                file.flush()
                beside.chmod(0o640)
                handing()
                beside.replace(folder / name)
            finally:
                beside.unlink(missing_ok=True)
    except OSError as error:
        raise NotSent(f"The folder {folder} does not take files ({_reason(error)}).", is_passing=True) from error


def post(url: str, told: Mapping[str, Any], *, key: str, handing: Handing) -> None:
    """Calls a webhook with JSON; it leads nowhere else: an answer that names another address is not followed."""
    place, body = urlsplit(url), json.dumps(told, ensure_ascii=False).encode()
    made: type[http.client.HTTPConnection] = (
        http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    )
    link = made(place.hostname or "", place.port, timeout=SECONDS)
    host = place.netloc
    try:
        with _away(host):
            link.putrequest("POST", f"{place.path or '/'}{f'?{place.query}' if place.query else ''}")
            headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Idempotency-Key": key}
            for name, value in headers.items():
                link.putheader(name, value)
            link.endheaders()
            link.send(body[:-1])
            handing()
            answer = _answered(link, body[-1:])
        _understood(host, *answer)
    finally:
        link.close()


def _answered(link: http.client.HTTPConnection, last: bytes) -> tuple[int, bytes]:
    try:
        link.send(last)
        answer = link.getresponse()
        return answer.status, answer.read(LONGEST_ANSWER)
    except AWAY as error:
        raise InDoubt from error


def _understood(host: str, status: int, said: bytes) -> None:
    """WeCom, DingTalk and Feishu answer 200 also where they refuse, with a code in the body."""
    told = said.decode(errors="replace")
    if status >= 300:
        is_passing = status >= NEVER or status in (408, 429)
        raise NotSent(f"{host} answered: {status} {told}", is_passing=is_passing)
    code = re.search(r'"(?:errcode|code|StatusCode)"\s*:\s*(-?\d+)', told)
    if code is not None and int(code[1]) != 0:
        raise NotSent(f"{host} answered: {told}", is_passing=False)
