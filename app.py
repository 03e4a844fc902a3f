"""The browser's way in: one application for all visitors, closed to whom the door does not know. ``streamlit run
app.py`` serves it.

What runs for a visitor is ``pages/parts/start.py``: menu, filters, guard, page. It lies there because Streamlit takes a
folder ``pages`` beside the script that it runs for a menu of its own, and tells the first visitor of a deep link that
the page does not exist.
"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from pages.parts import door, mishaps, server, unsubscribe

HOUSE = Path(__file__).resolve().parent

app = st.App(
    HOUSE / "pages" / "parts" / "start.py",
    routes=[*door.ROUTES, *unsubscribe.ROUTES, Mount("/app/static", StaticFiles(directory=HOUSE / "static"))],
    middleware=[Middleware(server.SafeHeaders), Middleware(door.Door)],
    lifespan=server.ready,
    on_script_error=mishaps.told,
)
