"""The door: with accounts, nothing is told to who has not signed in, and to others only what their account may see."""

import asyncio
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit
from argon2 import PasswordHasher
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message
from websockets.exceptions import InvalidStatus

from analytics.access import RIGHTS, Viewer
from answers.accounts import deeds
from data_access import accounts
from data_access.accounts import Account
from data_access.home import firm_home
from display.words import LANGUAGES, say
from pages.parts import door
from pages.parts.menu import ENTRIES
from pages.parts.server import HEADERS
from tests.answers import canaries
from tests.pages import wire
from tests.pages.agent import application

PASSWORD = "correct horse battery"
HTML = (b"accept", b"text/html,application/xhtml+xml")


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with little memory: what a password costs is asked elsewhere."""
    monkeypatch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def somebody() -> None:
    """There are an owner, ada, and one account for each other role, by its name."""
    accounts.add(firm_home(), Account(user="ada", role="owner"), PASSWORD)
    for role in set(RIGHTS) - {"owner"}:
        accounts.add(firm_home(), Account(user=role, role=role), PASSWORD)


def answered(kind: str, path: str, *headers: tuple[bytes, bytes], client: str = "127.0.0.1") -> list[Message]:
    """What a visitor is sent, with the door before an application that says yes to everything."""
    sent: list[Message] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await PlainTextResponse("inside")(scope, receive, send)
        else:
            await send({"type": "websocket.accept"})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": kind, "method": "GET", "path": path, "query_string": b"", "headers": list(headers)}
    asyncio.run(door.Door(inner)(scope | {"client": (client, 5)}, receive, send))
    return sent


OPEN_TO_ALL = ("/sign-in", "/_stcore/health", "/app/static/tandem.svg", "/static/js/index.js")
SHUT = ("/", "/overview", "/media/ab12.csv", "/_stcore/host-config", "/_stcore/metrics", "/_stcore/upload_file/x", "/x")
ALMOST_OPEN = ("/sign-in/", "/sign-inx", "//sign-in", "/SIGN-IN", "/_stcore/health/x", "/app/static", "/app//static/x")


@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize("path", [*SHUT, *ALMOST_OPEN])
def test_who_has_not_signed_in_is_told_nothing(path: str) -> None:
    (start, body), (page, _) = answered("http", path), answered("http", path, HTML)
    assert (start["status"], body["body"].decode()) == (401, door.NOT_SIGNED_IN)
    assert (page["status"], dict(page["headers"])[b"location"]) == (303, f"/sign-in?next={path}".encode())
    (closed,) = answered("websocket", path)
    assert (closed["type"], closed["code"]) == ("websocket.close", 1008)


@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_the_way_in_is_open_but_no_socket_is(path: str) -> None:
    assert answered("http", path, client="192.168.1.7")[0]["status"] == 200
    assert answered("websocket", path)[0]["type"] == "websocket.close"


@pytest.mark.parametrize("name", [b"forwarded", b"x-forwarded-for", b"x-real-ip"])
def test_without_accounts_what_comes_through_a_proxy_of_this_machine_is_turned_away(name: bytes) -> None:
    assert answered("http", "/")[0]["status"] == 200
    assert answered("http", "/", (name, b"127.0.0.1"))[0]["status"] == 403
    assert answered("websocket", "/", (name, b"for=10.0.0.1"))[0]["type"] == "websocket.close"
    assert answered("http", "/sign-in", client="192.168.1.7")[0]["status"] == 403


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "x",
        "/a\nb",
        "/sign-in?x",
        "//[x",
    ],
)
def test_signing_in_leads_to_no_other_site(wanted: str) -> None:
    assert door._within(wanted) == "/"
    assert door._within("/overview?site=a&b=c") == "/overview?site=a&b=c"


@pytest.mark.parametrize("others", ["a@b=1; ", 'x={"a": 1}; ', "é; ", "a b=1; "])
def test_cookies_of_other_programs_of_the_machine_keep_nobody_out(others: str) -> None:
    assert door.token_of(Headers({"cookie": f"{others}{door.COOKIE}=abc"})) == "abc"
    assert door.token_of(Headers({"cookie": others})) == door.token_of(Headers({})) == ""


def said(*parts: bytes) -> tuple[dict[str, str], int]:
    """What is taken from a form that comes in parts, and how many of them were read."""
    waiting = list(parts)

    async def receive() -> Message:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    fields = asyncio.run(door._fields(Request({"type": "http", "method": "POST", "headers": []}, receive)))
    return fields, len(parts) - len(waiting)


def test_a_form_is_read_whole_with_a_long_link_and_nothing_beyond_its_longest() -> None:
    link = "/stock?site=" + "%E5%8C%97" * 500
    form = urllib.parse.urlencode({"next": link, "user": "ada", "password": PASSWORD}).encode()
    assert said(form[:9], form[9:]) == ({"next": link, "user": "ada", "password": PASSWORD}, 2)
    assert said(b"user=ada&x=", *[b"x" * door.LONGEST_FORM] * 9)[1] == 2


@pytest.mark.parametrize("status", [200, 206])
@pytest.mark.parametrize(
    ("told", "name"),
    [('filename="Stock 1.csv"', "Stock 1.csv"), ("filename*=utf-8''%E5%BA%93%E5%AD%98.csv", "库存.csv")],
)
@pytest.mark.usefixtures("somebody")
def test_a_file_that_is_taken_away_is_noted_by_its_name_also_in_parts(status: int, told: str, name: str) -> None:
    async def sent(_message: Message) -> None: ...

    headers = [(b"content-disposition", f"attachment; {told}".encode())]
    viewer = Viewer(user="ada", role="owner")
    start = {"type": "http.response.start", "status": status, "headers": headers}

    async def taken() -> None:
        await door._noting(viewer, sent)(start)

    asyncio.run(taken())
    assert deeds(viewer).row(0)[1:] == ("ada", "file", name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_in_the_form_is_text(language: str) -> None:
    form = door._form(language, '/"><script>alert(1)</script>', "sign_in.wrong")
    assert "<script>" not in form
    assert say(language, "sign_in.wrong") in form


@pytest.mark.parametrize(
    ("client", "told", "address"),
    [
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "6.6.6.6, 10.0.0.7", "10.0.0.7"),
        ("10.0.0.9", "6.6.6.6", "10.0.0.9"),
    ],
)
def test_a_proxy_on_this_machine_tells_who_is_locked_out_and_nobody_else_does(
    client: str, told: str | None, address: str
) -> None:
    headers = [] if told is None else [(b"x-forwarded-for", told.encode())]
    assert door._sent_from(Request({"type": "http", "headers": headers, "client": (client, 5)})) == address


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect to who asked."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follows none."""


def asked(url: str, fields: dict[str, str] | None = None, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of an answer."""
    body = None if fields is None else urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(url, body, headers)  # noqa: S310  the address is our own
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=60) as response:
            return response.status, dict(response.headers), response.read().decode(errors="replace")
    except urllib.error.HTTPError as refused:
        return refused.code, dict(refused.headers), refused.read().decode(errors="replace")


@pytest.fixture
def served(home: Path, somebody: None) -> Iterator[str]:
    """The application with accounts and data full of canaries: its address."""
    canaries.published(canaries.whole_firm())
    with application(home) as visitor:
        yield visitor.address


def signed_in(address: str, user: str, password: str = PASSWORD) -> str:
    """The cookie of a new session."""
    status, headers, _ = asked(f"{address}/sign-in", {"user": user, "password": password, "next": "/overview?lang=zh"})
    assert (status, headers["location"]) == (303, "/overview?lang=zh")
    cookie, *how = headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(how)
    return cookie


def test_one_server_tells_everybody_what_their_account_may_see_until_they_are_out(served: str, home: Path) -> None:
    with pytest.raises(InvalidStatus), wire.session(served):
        pass
    assert asked(f"{served}/sign-in", {"user": "ada", "password": "wrong password"})[0] == 401
    assert asked(f"{served}/sign-in", {"user": "ada", "password": PASSWORD}, Origin="https://evil.example")[0] == 403
    for role, rights in sorted(RIGHTS.items()):
        cookie = signed_in(served, "ada" if role == "owner" else role)
        with wire.session(served, Cookie=cookie) as session:
            heard = session.run({"role": "owner", "lang": "en", "as_region": ""}, page="access")
            assert heard.menu() == [entry.name for entry in ENTRIES if entry.is_listed and entry.right in rights]
            if "rights.read" not in rights:
                assert canaries.found_in(heard.sent) - canaries.company_names() == set()
                assert say("en", "guard.not_allowed") in heard.texts()
            accounts.end_sessions(firm_home(), "ada" if role == "owner" else role)
            again = session.run({"lang": "en"}, page="overview")
            assert canaries.found_in(again.sent) == set()
            assert [text.partition(" [")[0] for text in again.texts()] == [say("en", "sign_in.again")]
        assert asked(f"{served}/media/x", Cookie=cookie)[0] == 401
    keeps_others_out_and_tells_no_secret(served, home)


def keeps_others_out_and_tells_no_secret(served: str, home: Path) -> None:
    """Headers, foreign sites, guesses, and what was planted, on the server as it runs."""
    for path in ("/sign-in", "/app/static/tandem.svg", "/overview", "/media/x"):
        told = {name.lower(): value for name, value in asked(f"{served}{path}")[1].items()}
        assert told.items() >= {name.lower(): value for name, value in HEADERS.items()}.items(), path
    cookie = signed_in(served, "ada")
    with pytest.raises(InvalidStatus) as refused, wire.session(served, Cookie=cookie, Origin="https://evil.example"):
        pass
    assert refused.value.response.status_code == 403
    wrong = [asked(f"{served}/sign-in", {"user": "sales", "password": f"{PASSWORD}?{n}"})[0] for n in range(5)]
    status, _, page = asked(f"{served}/sign-in", {"user": "sales", "password": PASSWORD, "lang": "en"})
    assert (wrong, status, say("en", "sign_in.locked") in page) == ([401] * 5, 401, True)
    planted = (PASSWORD, cookie.partition("=")[2])
    kept = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert not any(secret.encode() in content for secret in planted for content in kept)


EFFECTIVE = {
    "server.allowedHosts": ["localhost", "127.0.0.1"],
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.maxUploadSize": 20,
    "server.maxMessageSize": 50,
    "server.trustedUserHeaders": {},
    "server.enableAgentApi": False,
    "client.showErrorDetails": "none",
    "client.disableDataExport": True,
    "runner.postScriptGC": False,
    "browser.gatherUsageStats": False,
}


@pytest.mark.parametrize("option", EFFECTIVE)
def test_limits_and_locks_of_the_server_are_these(option: str) -> None:
    assert streamlit.get_option(option) == EFFECTIVE[option]
