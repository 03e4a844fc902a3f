"""What surrounds the pages in the server: headers that keep foreign sites out, and what is ready before anybody
comes."""

import gc
import importlib
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.parts import newest

POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' ws: wss: data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {where}" for what, where in POLICY.items()),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

COLLECT_EVERY_SECONDS = 10.0


class SafeHeaders:
    """Adds to every response what tells a browser to load nothing from elsewhere and to be in nobody's frame."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, and adds the headers to the answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers)


@asynccontextmanager
async def ready(_: st.App) -> AsyncIterator[None]:
    """Loads all that pages need before the first visitor comes, and keeps the newest data ready.

    What is loaded for good is put where garbage is never looked for.
    """
    importlib.import_module("pages.parts.frames")
    gc.collect()
    gc.freeze()
    newest.KEEPER.start()
    with collecting(COLLECT_EVERY_SECONDS):
        yield
    newest.KEEPER.stop()


@contextmanager
def collecting(every: float) -> Iterator[None]:
    """Collects garbage every so many seconds, for all visitors together: Streamlit would after every run of a page and
    of each of its parts, which costs more than most of them."""
    over = threading.Event()

    def collect() -> None:
        while not over.wait(every):
            gc.collect()

    thread = threading.Thread(target=collect, name="garbage", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
