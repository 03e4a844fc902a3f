"""Signing in at the firm's own provider: whom that lets in, as whom, and everything that lets in nobody."""

import asyncio
import html
import json
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from joserfc.jwk import ECKey, OctKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import Message

from answers import accounts as answered
from data_access import accounts, audit, oidc
from data_access import provider as settings
from data_access.accounts import Account, SignInRefused
from data_access.home import firm_home
from display.words import LANGUAGES, say
from pages.parts import door
from tests.pages.provider import CLIENT, SECRET, Identities, provider
from tests.pages.test_door import asked

OURS = "https://tandem.firm.example"
PASSWORD = "correct horse battery"
ADA = {"sub": "u1", "email": "Ada@firm.example", "email_verified": True}
APP = Starlette(routes=door.ROUTES, middleware=[Middleware(door.Door)])


@pytest.fixture
def identities(monkeypatch: pytest.MonkeyPatch) -> Iterator[Identities]:
    """A provider at which Ada is signed in, named by the settings; an owner with a password, and nobody invited."""
    monkeypatch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts.add(firm_home(), Account(user="root", role="owner"), PASSWORD)
    oidc._TOLD.clear()
    with provider() as made:
        made.person = dict(ADA)
        for setting, value in zip(settings.SETTINGS.values(), (made.issuer, CLIENT, SECRET, OURS), strict=True):
            monkeypatch.setenv(setting, value)
        yield made


@dataclass
class Visitor:
    """A browser: it keeps cookies, and follows where it is sent."""

    cookies: dict[str, str] = field(default_factory=dict)
    status: int = 0
    page: str = ""

    def get(self, url: str) -> str:
        """Asks Tandem; where it is sent, if anywhere."""
        path, _, query = url.removeprefix(OURS).partition("?")
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = [(b"cookie", cookie.encode()), (b"accept", b"text/html"), (b"host", b"tandem.firm.example")]
        headers.append((b"x-forwarded-proto", b"https"))
        scope: dict[str, Any] = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
        }
        start, *rest = asyncio.run(_answered(scope | {"scheme": "http", "client": ("127.0.0.1", 5)}))
        self.status, self.page = start["status"], b"".join(part["body"] for part in rest).decode()
        told = [(name.decode(), value.decode()) for name, value in start["headers"]]
        for value in (value for name, value in told if name == "set-cookie"):
            kept, *how = value.split("; ")
            assert {"HttpOnly", "Secure"} <= set(how) or "Max-Age=0" in how
            self.cookies[kept.partition("=")[0]] = kept.partition("=")[2].strip('"')
        return next((value for name, value in told if name == "location"), "")

    def at_provider(self, wanted: str = "/orders?lang=zh") -> str:
        """Sets out and signs in there: with what it comes back."""
        _, headers, _ = asked(self.get(f"/sign-in/with?next={urllib.parse.quote(wanted)}"))
        return headers["Location"]

    def sign_in(self) -> str:
        """The whole way; who is in then, and nobody where that is refused."""
        self.get(self.at_provider())
        viewer = answered.signed_in(self.cookies.get(door.COOKIE, ""))
        return viewer.user if viewer else ""


async def _answered(scope: dict[str, Any]) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await APP(scope, receive, send)
    return sent


def invited(user: str = "ada@firm.example", role: str = "sales", subject: str = "email", **more: object) -> None:
    accounts.invite(firm_home(), Account(user=user, role=role, subject=subject, **more))  # type: ignore[arg-type]


def last_deed() -> tuple[str, str]:
    (line,) = audit.newest(firm_home(), 1)
    return line["user"], line["action"]


def test_who_was_invited_by_address_is_in_as_the_account_says_and_where_the_link_led(identities: Identities) -> None:
    invited(regions=("DE",))
    visitor = Visitor()
    assert visitor.get(visitor.at_provider()) == "/orders?lang=zh"
    viewer = answered.signed_in(visitor.cookies[door.COOKIE])
    assert viewer is not None
    assert (viewer.user, viewer.role, viewer.regions) == ("ada@firm.example", "sales", frozenset({"DE"}))
    assert last_deed() == ("ada@firm.example", "sign_in")
    asked_for = identities.asked[0]
    assert asked_for["redirect_uri"] == f"{OURS}/sign-in/provider"
    assert len({asked_for[name] for name in ("state", "nonce", "code_challenge")}) == 3


def test_an_invitation_is_taken_once_and_then_belongs_to_that_person(identities: Identities) -> None:
    invited()
    assert Visitor().sign_in() == "ada@firm.example"
    identities.person = {"sub": "u1", "email": "ada.married@firm.example", "email_verified": True}
    assert Visitor().sign_in() == "ada@firm.example"
    identities.person = ADA | {"sub": "u2"}
    assert Visitor().sign_in() == ""
    assert last_deed() == ("ada@firm.example", "sign_in_not_invited")


def test_who_was_invited_by_the_providers_own_key_needs_no_address(identities: Identities) -> None:
    invited("Ada", subject=settings.subject_of("u1"))
    identities.person = {"sub": "u1"}
    assert Visitor().sign_in() == "Ada"


@pytest.mark.parametrize(
    "person",
    [
        ADA | {"email": "eve@firm.example"},
        ADA | {"email_verified": False},
        ADA | {"email_verified": "true"},
        {"sub": "u1", "email": "ada@firm.example"},
        {"sub": "email"},
        ADA | {"email": "root"},
        ADA | {"email": ""},
    ],
    ids=str,
)
def test_nobody_else_is_let_in_whatever_the_provider_knows_of_them(
    identities: Identities, person: dict[str, Any]
) -> None:
    invited()
    identities.person = person
    assert Visitor().sign_in() == ""
    assert last_deed()[1] == "sign_in_not_invited"


def test_an_account_that_has_ended_or_was_removed_is_out(identities: Identities) -> None:
    invited(ends_on=datetime.now(UTC).date() - timedelta(days=1))
    assert Visitor().sign_in() == ""
    assert last_deed()[1] == "sign_in_ended"
    accounts.remove(firm_home(), "ada@firm.example")
    assert Visitor().sign_in() == ""


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "another"},
    "for several": {"aud": [CLIENT, "another"], "azp": "another"},
    "no audience": {"aud": None},
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "over": {"exp": 1},
    "without an end": {"exp": None},
    "of tomorrow": {"iat": 4_000_000_000},
    "not yet": {"nbf": 4_000_000_000},
    "nobody": {"sub": ""},
    "no text": {"sub": ["u1"]},
    "too long": {"sub": "x" * 256},
    "another access token": {"at_hash": "x"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_ours_and_now_lets_in_nobody(identities: Identities, lie: str) -> None:
    invited()
    identities.claims = LIES[lie]
    refused(Visitor(), identities)


def refused(visitor: Visitor, identities: Identities) -> None:
    """The form again, in a word why; nobody is in, and without the lie the same person is."""
    assert visitor.sign_in() == ""
    assert (visitor.status, last_deed()) == (401, ("", "sign_in_provider"))
    assert say("en", "sign_in.provider").replace("'", "&#x27;") in visitor.page
    identities.claims, identities.key, identities.algorithm = {}, None, "ES256"
    assert visitor.sign_in() == "ada@firm.example"


@pytest.mark.parametrize("how", ["stranger", "shared secret", "none"])
def test_a_token_that_the_provider_has_not_signed_lets_in_nobody(
    identities: Identities, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited()
    if how == "none":
        whole = Identities.token

        def unsigned(self: Identities, form: dict[str, str], authorization: str) -> dict[str, object] | None:
            found = whole(self, form, authorization)
            assert found is not None
            claims = found["id_token"].split(".")[1]
            return found | {"id_token": f"eyJhbGciOiJub25lIn0.{claims}."}

        with monkeypatch.context() as patch:
            patch.setattr(Identities, "token", unsigned)
            assert Visitor().sign_in() == ""
    elif how == "shared secret":
        identities.key, identities.algorithm = OctKey.import_key(SECRET), "HS256"
    else:
        identities.key = ECKey.generate_key("P-256", {"kid": "k1"})
    if how != "none":
        refused(Visitor(), identities)


def test_an_answer_that_this_browser_did_not_ask_for_lets_in_nobody(identities: Identities) -> None:
    invited()
    back, other = Visitor().at_provider(), Visitor()
    for visitor in (other, Visitor({door.TRIAL: "x"})):
        visitor.get(back)
        assert (visitor.status, door.COOKIE in visitor.cookies) == (401, False)
    other.at_provider()
    other.get(back)
    assert (other.status, door.COOKIE in other.cookies) == (401, False)


@pytest.mark.parametrize("change", ["&iss=https://evil.example", "&error=access_denied", "&code=x", "&state=x"])
def test_an_answer_that_was_changed_on_the_way_lets_in_nobody(identities: Identities, change: str) -> None:
    invited()
    visitor = Visitor()
    visitor.get(visitor.at_provider() + change)
    assert (visitor.status, door.COOKIE in visitor.cookies) == (401, False)


def test_a_code_opens_once(identities: Identities) -> None:
    invited()
    visitor = Visitor()
    back = visitor.at_provider()
    trial = dict(visitor.cookies)
    visitor.get(back)
    again = Visitor(trial)
    again.get(back)
    assert (visitor.status, again.status) == (303, 401)


def test_after_ten_minutes_one_sets_out_anew(identities: Identities) -> None:
    known, now = settings.named(), datetime.now(UTC)
    assert known is not None
    _, trial = oidc.set_out(firm_home(), known, "/", now - timedelta(minutes=10))
    with pytest.raises(settings.ProviderRefused, match="ten minutes"):
        oidc.come_back(firm_home(), known, trial, {"state": "x"}, now)


@pytest.mark.parametrize(
    "about",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}, {"jwks_uri": "file:///etc"}],
    ids=str,
)
def test_a_provider_that_is_another_or_unsafe_is_not_gone_to(identities: Identities, about: dict[str, str]) -> None:
    identities.about = about
    visitor = Visitor()
    assert visitor.get("/sign-in/with") == ""
    assert visitor.status == 401


def test_a_provider_that_is_away_leaves_the_password(identities: Identities, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.SETTINGS["issuer"], "http://127.0.0.1:9")
    visitor = Visitor()
    assert visitor.get("/sign-in/with") == ""
    assert visitor.status == 401
    assert 'name="password"' in visitor.page


def test_however_many_visitors_come_the_provider_is_asked_what_it_is_every_ten_minutes(identities: Identities) -> None:
    known, now = settings.named(), datetime.now(UTC)
    assert known is not None
    for minutes, asked_so_far in ((0, 1), (0, 1), (9, 1), (10, 2), (10, 2), (3, 3)):
        oidc.set_out(firm_home(), known, "/", now + timedelta(minutes=minutes))
        assert identities.met == asked_so_far


def test_a_provider_that_does_not_answer_is_asked_again_after_half_a_minute(identities: Identities) -> None:
    known, now = settings.named(), datetime.now(UTC)
    assert known is not None
    identities.about = {"issuer": "https://evil.example"}
    for seconds, asked_so_far in ((0, 1), (29, 1), (30, 2)):
        with pytest.raises(settings.ProviderRefused, match="calls itself"):
            oidc.set_out(firm_home(), known, "/", now + timedelta(seconds=seconds))
        assert identities.met == asked_so_far


def test_who_came_by_the_provider_is_led_to_sign_out_there_too(identities: Identities) -> None:
    invited()
    identities.about = {"end_session_endpoint": f"{identities.issuer}/leave?lang=en"}
    visitor = Visitor()
    assert visitor.sign_in() == "ada@firm.example"
    assert answered.sign_out(visitor.cookies[door.COOKIE])
    assert answered.signed_in(visitor.cookies[door.COOKIE]) is None
    place, _, query = visitor.get(door.WAY_OFF).partition("?")
    assert place == f"{identities.issuer}/leave"
    asked_for = {"lang": "en", "client_id": CLIENT, "post_logout_redirect_uri": f"{OURS}/sign-in"}
    assert dict(urllib.parse.parse_qsl(query)) == asked_for


def test_who_came_with_a_password_is_led_to_the_form(identities: Identities) -> None:
    assert not answered.sign_out(answered.sign_in("root", PASSWORD, "here"))
    assert not answered.sign_out("forged")
    assert identities.met == 0


@pytest.mark.parametrize("place", ["", "http://evil.example/leave", "javascript:alert(1)", "away"])
def test_where_one_cannot_sign_out_at_the_provider_it_is_said_that_one_is_still_in(
    identities: Identities, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    identities.about = {"end_session_endpoint": place}
    if place == "away":
        monkeypatch.setenv(settings.SETTINGS["issuer"], "http://127.0.0.1:9")
    for language in LANGUAGES:
        visitor = Visitor()
        assert visitor.get(f"{door.WAY_OFF}?lang={language}") == ""
        assert visitor.status == 200
        assert html.escape(say(language, "sign_in.still_there")) in visitor.page


@pytest.mark.usefixtures("identities")
def test_who_has_no_password_is_let_in_by_none_and_an_owner_with_one_stays() -> None:
    invited(role="owner")
    for password in ("", PASSWORD, "nobody has this password"):
        with pytest.raises(SignInRefused):
            accounts.verified(firm_home(), "ada@firm.example", password, address="a", at=datetime.now(UTC))
    with pytest.raises(accounts.AccountRefused):
        accounts.remove(firm_home(), "root")


@pytest.mark.usefixtures("identities")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_shows_the_way_to_the_provider_only_where_there_is_one(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = say(language, "sign_in.with").replace("'", "&#x27;")
    assert said in door._form(language, "/orders", "")
    monkeypatch.delenv(settings.SETTINGS["issuer"])
    assert said not in door._form(language, "/orders", "")


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({}, ""),
        ({"address": OURS}, ""),
        ({"issuer": "https://id.example"}, "TANDEM_OIDC_CLIENT_ID, TANDEM_OIDC_CLIENT_SECRET, TANDEM_URL"),
        ({"issuer": "http://id.example", "client_id": "a", "client_secret": "b", "address": OURS}, "https"),
        ({"issuer": "https://id.example", "client_id": "a", "client_secret": "b", "address": "http://x"}, "https"),
        ({"issuer": "https://id.example", "client_id": "a", "client_secret": "b", "address": OURS}, ""),
    ],
)
def test_settings_that_cannot_work_are_told_before_anybody_is_served(
    told: dict[str, str], wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, setting in settings.SETTINGS.items():
        monkeypatch.setenv(setting, told.get(name, ""))
    assert wrong in settings.lacking()
    assert bool(settings.lacking()) == bool(wrong)
    assert (settings.named() is not None) == (not wrong and "issuer" in told)


def test_secrets_of_the_way_lie_in_no_file_and_no_log(
    identities: Identities, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    invited()
    visitor = Visitor()
    assert visitor.sign_in() != ""
    identities.claims = {"nonce": "x"}
    assert Visitor().sign_in() == ""
    secrets = {SECRET, visitor.cookies[door.COOKIE], *(asked["nonce"] for asked in identities.asked)}
    told = [path.read_text(errors="replace") for path in home.rglob("*") if path.is_file()] + [caplog.text]
    assert [secret for secret in secrets if any(secret in text for text in told)] == []
    assert json.dumps(SECRET) not in repr(settings.named())
