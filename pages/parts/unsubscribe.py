"""Where a link in an issue leads: one button that ends the subscription. It needs no session, only the link's token.

Opening the link changes nothing: programs that look into mails open links too. A mail program that offers to
unsubscribe sends the form by itself (RFC 8058).
"""

import asyncio
import html
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from answers import subscriptions
from display.words import LANGUAGES, say

PLACE = "/unsubscribe/"
LONGEST_TOKEN = 100
NOT_KEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
PAGE = Template(
    """<!doctype html><html lang="$language"><head><meta charset="utf-8"><title>$title</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><style>
:root { color-scheme: light dark; --ground: #f7f9fb; --card: #fff; --text: #16202e; --line: #dce2ea; --key: #1f5fbf; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0f1622; --card: #182232; --text: #e6ebf2; --line: #2a3648; --key: #3473d3; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground);
  color: var(--text); font: 15px/1.5 Inter, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
main { width: min(26rem, 92vw); padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; overflow-wrap: anywhere; }
h1 { font-size: 1.3rem; margin: 0 0 .8rem; } p { margin: 0; }
button { width: 100%; margin-top: 1.4rem; padding: .65rem; font: inherit; font-weight: 600; color: #fff;
  background: var(--key); border: 0; border-radius: 6px; cursor: pointer; }
button:focus-visible { outline: 2px solid var(--key); outline-offset: 2px; }
</style></head><body><main><h1>$title</h1><p role="status">$told</p>$form</main></body></html>"""
)
FORM = '<form method="post"><button type="submit">{}</button></form>'


async def ask(request: Request) -> Response:
    """What would end, and the button; or that there is nothing to end."""
    found = await asyncio.to_thread(subscriptions.of_token, _token(request))
    if found is None:
        return _page(_browser_language(request), "unsubscribe.unknown", status=404)
    title = "".join(found.parameters.get("title", ())) or say(found.language, f"report.{found.report}")
    form = FORM.format(html.escape(say(found.language, "unsubscribe.do")))
    return _page(found.language, "unsubscribe.ask", form=form, report=title, to=found.to)


async def end(request: Request) -> Response:
    """Ends the subscription; once more changes nothing."""
    token = _token(request)
    found = await asyncio.to_thread(subscriptions.of_token, token)
    is_done = await asyncio.to_thread(subscriptions.unsubscribe, token)
    language = found.language if found is not None else _browser_language(request)
    return _page(language, "unsubscribe.done" if is_done else "unsubscribe.unknown")


def _token(request: Request) -> str:
    return str(request.path_params["token"])[:LONGEST_TOKEN]


def _browser_language(request: Request) -> str:
    wanted = [part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    return next((code for code in wanted if code in LANGUAGES), next(iter(LANGUAGES)))


def _page(language: str, key: str, *, form: str = "", status: int = 200, **values: str) -> Response:
    told = html.escape(say(language, key, **values))
    title = html.escape(say(language, "unsubscribe.title"))
    content = PAGE.substitute(language=language, title=title, told=told, form=form)
    return HTMLResponse(content, status_code=status, headers=NOT_KEPT)


ROUTES = [
    Route(f"{PLACE}{{token}}", ask, methods=["GET"]),
    Route(f"{PLACE}{{token}}", end, methods=["POST"]),
]
