"""The door of the server: who is let in, and where one signs in and out. It stands before Streamlit.

Where there are no accounts, only this machine is answered. Where there are, who has not signed in is told the way in,
and that the server is up: no page, no socket, no file of an export.
"""

import asyncio
import html
from string import Template
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analytics.access import Viewer
from answers import accounts
from answers.local import is_this_machine
from display.words import LANGUAGES, say
from pages.parts.unsubscribe import PLACE

COOKIE = "tandem_session"
WAY_IN = "/sign-in"
WAY_OUT, WAY_BACK, WAY_OFF = "/sign-in/with", "/sign-in/provider", "/sign-in/off"
TRIAL, TRIAL_SECONDS = "tandem_way_in", 600
OPEN = {WAY_IN, WAY_OUT, WAY_BACK, WAY_OFF, "/_stcore/health"}
# Code and pictures that are the same for everybody, and are asked for after the end of a session too; and where a link
# in an issue leads, which has a token of its own.
STATIC = ("/app/static/", "/static/", PLACE)
LONGEST_FORM = 100_000
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
NO_ACCOUNTS = "Tandem has no accounts yet, so it answers only to the machine that it runs on."
NOT_SIGNED_IN = "Sign in first."
PAGE = Template(
    """<!doctype html><html lang="$language"><head><meta charset="utf-8"><title>$title</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root { color-scheme: light dark; --ground: #f7f9fb; --card: #fff; --text: #16202e; --line: #dce2ea; --key: #1f5fbf; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0f1622; --card: #182232; --text: #e6ebf2; --line: #2a3648; --key: #3473d3; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground);
  color: var(--text); font: 15px/1.5 Inter, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
form { width: min(22rem, 92vw); padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; }
h1 { font-size: 1.4rem; margin: 0 0 1.2rem; display: flex; gap: .6rem; align-items: center; }
label { display: block; margin: .9rem 0 .3rem; font-size: .9rem; }
input { width: 100%; padding: .6rem; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--line); border-radius: 6px; }
button { width: 100%; margin-top: 1.4rem; padding: .65rem; font: inherit; font-weight: 600; color: #fff;
  background: var(--key); border: 0; border-radius: 6px; cursor: pointer; }
.with { display: block; margin-top: .8rem; padding: .6rem; text-align: center; text-decoration: none; font-weight: 600;
  border: 1px solid var(--line); border-radius: 6px; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--key); outline-offset: 2px; }
p { margin: 0 0 .6rem; } .refused { color: #c0392b; } nav { margin-top: 1rem; text-align: center; font-size: .9rem; }
a { color: var(--key); } @media (prefers-color-scheme: dark) { .refused { color: #f0796b; } a { color: #6ea4f0; } }
</style></head><body><form method="post" action="/sign-in">
<h1><img src="/app/static/tandem.svg" width="28" height="28" alt="">$title</h1>$told
<input type="hidden" name="next" value="$next"><input type="hidden" name="lang" value="$language">
<label for="user">$user</label>
<input id="user" name="user" autocomplete="username" required autofocus maxlength="80">
<label for="password">$password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="256">
<button type="submit">$go</button>$provider<nav>$languages</nav></form></body></html>"""
)


class Door:
    """Lets in who may come in; shows others the way in, and what is no page of a browser only that it is shut."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, or answers by itself."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif not accounts.exist():
            await self._local(scope, receive, send)
        elif scope["type"] == "http" and (scope["path"] in OPEN or scope["path"].startswith(STATIC)):
            await self._app(scope, receive, send)
        else:
            await self._of_accounts(scope, receive, send)

    async def _local(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What comes through a proxy comes from anywhere, also where the proxy is this machine."""
        is_here = is_this_machine((scope.get("client") or ("",))[0])
        if is_here and not any(name in Headers(scope=scope) for name in FORWARDED):
            await self._app(scope, receive, send)
        else:
            await _shut(NO_ACCOUNTS, 403, scope, receive, send)

    async def _of_accounts(self, scope: Scope, receive: Receive, send: Send) -> None:
        viewer = await asyncio.to_thread(accounts.signed_in, token_of(Headers(scope=scope)))
        if viewer is not None:
            told = scope["type"] == "http" and scope["path"].startswith("/media/")
            await self._app(scope, receive, _noting(viewer, send) if told else send)
        elif scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", ""):
            asked = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
            await RedirectResponse(f"{WAY_IN}?next={quote(asked)}", status_code=303)(scope, receive, send)
        else:
            await _shut(NOT_SIGNED_IN, 401, scope, receive, send)


async def _shut(why: str, status: int, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": why})
    else:
        await PlainTextResponse(why, status_code=status)(scope, receive, send)


def _noting(viewer: Viewer, send: Send) -> Send:
    """Keeps in the audit log which file was taken away."""

    async def noted(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in (200, 206):
            kept = Headers(raw=message["headers"]).get("content-disposition", "")
            if kept.startswith("attachment"):
                accounts.note(viewer, "file", _named(kept))
        await send(message)

    return noted


def _named(disposition: str) -> str:
    """The name of a file as a reader knows it: in quotes, or each of its bytes as a number."""
    name = disposition.partition("filename")[2]
    return unquote(name.partition("''")[2]) if name.startswith("*=") else name.removeprefix("=").strip('"')


def token_of(headers: Headers) -> str:
    """The token in the cookie of a request, whatever cookies of others stand beside it; nothing where there is none."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE, "")


async def way_in(request: Request) -> Response:
    """The form in the reader's language."""
    return HTMLResponse(_form(_language(request), request.query_params.get("next", "/"), ""), headers=NOT_KEPT)


async def sign_in(request: Request) -> Response:
    """Signs in and leads to where the reader wanted to go; the form again, and why, where that is refused."""
    if not _is_own(request):
        return PlainTextResponse(NOT_SIGNED_IN, status_code=403)
    fields = await _fields(request)
    language, wanted = fields.get("lang", ""), fields.get("next", "/")
    address = _sent_from(request)
    try:
        token = await asyncio.to_thread(accounts.sign_in, fields.get("user", ""), fields.get("password", ""), address)
    except accounts.SignInRefused as refused:
        known = language if language in LANGUAGES else _language(request)
        return HTMLResponse(_form(known, wanted, f"sign_in.{refused.rule}"), status_code=401, headers=NOT_KEPT)
    return _let_in(request, token, wanted)


def _let_in(request: Request, token: str, wanted: str) -> Response:
    """Hands out the token, by whichever way somebody came."""
    answer = RedirectResponse(_within(wanted), status_code=303, headers=NOT_KEPT)
    answer.set_cookie(COOKIE, token, path="/", httponly=True, samesite="lax", secure=_is_secure(request))
    answer.delete_cookie(TRIAL, path=WAY_IN)
    return answer


def _is_secure(request: Request) -> bool:
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))


async def way_out(request: Request) -> Response:
    """Sends a visitor to the firm's own provider; the form, and why, where that is not possible."""
    wanted = _within(request.query_params.get("next", "/"))
    try:
        url, trial = await asyncio.to_thread(accounts.set_out, wanted)
    except accounts.SignInRefused as refused:
        return _form_again(request, wanted, refused)
    answer = RedirectResponse(url, status_code=303, headers=NOT_KEPT)
    told: dict[str, Any] = {"path": WAY_IN, "httponly": True, "samesite": "lax", "secure": _is_secure(request)}
    answer.set_cookie(TRIAL, trial, max_age=TRIAL_SECONDS, **told)
    return answer


async def way_back(request: Request) -> Response:
    """Signs in whom the provider sends back; the form again, and why, where that is refused."""
    trial = cookie_parser(request.headers.get("cookie", "")).get(TRIAL, "")
    came = trial, dict(request.query_params), _sent_from(request)
    try:
        token, wanted = await asyncio.to_thread(accounts.sign_in_by_provider, *came)
    except accounts.SignInRefused as refused:
        return _form_again(request, "/", refused)
    return _let_in(request, token, wanted)


async def way_off(request: Request) -> Response:
    """Leads who has signed out here to sign out at the provider too; where that has no such place, says so."""
    url = await asyncio.to_thread(accounts.way_off)
    if url:
        return RedirectResponse(url, status_code=303, headers=NOT_KEPT)
    return HTMLResponse(_form(_language(request), "/", "sign_in.still_there"), headers=NOT_KEPT)


def _form_again(request: Request, wanted: str, refused: accounts.SignInRefused) -> Response:
    form = _form(_language(request), wanted, f"sign_in.{refused.rule}")
    return HTMLResponse(form, status_code=401, headers=NOT_KEPT)


async def _fields(request: Request) -> dict[str, str]:
    """What stands in the form; of a longer one than ours only the beginning is read."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            break
    return {name: values[0] for name, values in parse_qs(body[:LONGEST_FORM].decode(errors="replace")).items()}


NOT_KEPT = {"Cache-Control": "no-store"}
ROUTES = [
    Route(WAY_IN, way_in, methods=["GET"]),
    Route(WAY_IN, sign_in, methods=["POST"]),
    Route(WAY_OUT, way_out, methods=["GET"]),
    Route(WAY_BACK, way_back, methods=["GET"]),
    Route(WAY_OFF, way_off, methods=["GET"]),
]


def _is_own(request: Request) -> bool:
    """Whether the form is ours: a browser tells from which site it was sent."""
    sent_from = request.headers.get("origin")
    return sent_from is None or urlsplit(sent_from).netloc == request.headers.get("host", "")


def _sent_from(request: Request) -> str:
    """The visitor's address; that which a proxy on this machine tells of whom it passes on."""
    address = request.client.host if request.client else ""
    told = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return told[:64] if told and is_this_machine(address) else address


def _within(wanted: str) -> str:
    """The address within Tandem: never another site's."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\", WAY_IN)) and wanted.isprintable()
    return wanted if is_ours and not urlsplit(wanted).netloc else "/"


def _language(request: Request) -> str:
    """The language of the link, else the first that the browser asks for and we have."""
    asked = request.query_params.get("lang", "")
    wanted = [part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    return next((code for code in (asked, *wanted) if code in LANGUAGES), next(iter(LANGUAGES)))


def _form(language: str, wanted: str, why: str) -> str:
    ways = (f'<a href="{WAY_IN}?lang={code}&amp;next={quote(wanted)}">{name}</a>' for code, name in LANGUAGES.items())
    texts = {name: html.escape(say(language, f"sign_in.{name}")) for name in ("title", "user", "password", "go")}
    told = f'<p class="refused" role="alert">{html.escape(say(language, why))}</p>' if why else ""
    return PAGE.substitute(
        texts,
        language=language,
        next=html.escape(_within(wanted), quote=True),
        told=told,
        provider=_way_to_provider(language, wanted) if accounts.has_provider() else "",
        languages=" · ".join(ways),
    )


def _way_to_provider(language: str, wanted: str) -> str:
    said = html.escape(say(language, "sign_in.with"))
    return f'<a class="with" href="{WAY_OUT}?lang={language}&amp;next={quote(_within(wanted))}">{said}</a>'
