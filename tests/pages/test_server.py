"""What surrounds the pages in the server."""

import asyncio
import time
import weakref
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message

from answers.local import is_this_machine
from pages.parts.door import NO_ACCOUNTS, Door
from pages.parts.server import HEADERS, SafeHeaders, collecting


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_these_addresses_are_this_machine(host: str) -> None:
    assert is_this_machine(host)


ELSEWHERE = ("192.168.1.7", "10.0.0.1", "example.org", "127.0.0.1.example.org", "unix:/x")
EVERYWHERE = ("0.0.0.0", "::", "", None)  # noqa: S104 - these are refused


@pytest.mark.parametrize("host", [*ELSEWHERE, *EVERYWHERE])
def test_these_are_not(host: str | None) -> None:
    assert not is_this_machine(host)


def answered(kind: str, client: tuple[str, int] | None) -> list[Message]:
    """What the application sends to a visitor through both layers."""
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

    scope: dict[str, Any] = {"type": kind, "method": "GET", "path": "/", "headers": [], "client": client}
    asyncio.run(SafeHeaders(Door(inner))(scope, receive, send))
    return sent


def test_who_comes_from_this_machine_is_let_in_with_headers_that_keep_others_out() -> None:
    start, body = answered("http", ("127.0.0.1", 5))
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    assert body["body"] == b"inside"
    assert headers.items() >= {name.lower(): value for name, value in HEADERS.items()}.items()
    assert answered("websocket", ("::1", 5)) == [{"type": "websocket.accept"}]


@pytest.mark.parametrize("client", [("192.168.1.7", 5), None])
def test_who_comes_from_elsewhere_is_turned_away(client: tuple[str, int] | None) -> None:
    start, body = answered("http", client)
    assert (start["status"], body["body"].decode()) == (403, NO_ACCOUNTS)
    (closed,) = answered("websocket", client)
    assert (closed["type"], closed["code"]) == ("websocket.close", 1008)


class Ring:
    """What holds itself: only the collector of garbage frees it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_nobody_holds_is_freed_without_a_run_of_a_page() -> None:
    gone = weakref.ref(Ring())
    with collecting(0.01):
        until = time.monotonic() + 30
        while gone() is not None and time.monotonic() < until:
            time.sleep(0.01)
    assert gone() is None
