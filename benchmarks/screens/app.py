"""Serves ``by_month.py`` as ``app.py`` serves the program: ready before the first visitor comes."""

from pathlib import Path

import streamlit as st

from pages.parts import server

app = st.App(Path(__file__).with_name("by_month.py"), lifespan=server.ready)
