"""Local mode: where nobody else can reach Tandem, one owner has all rights, and may look through each role's eyes."""

import streamlit as st

from analytics.access import RIGHTS, Viewer
from display.words import say
from pages.parts import address
from pages.parts.server import is_this_machine

OWNER = "owner"


def refusal(server_address: str | None, language: str) -> str | None:
    """Why nobody may look, when others could reach this address: no accounts tell them apart. None is every address."""
    if is_this_machine(server_address):
        return None
    return say(language, "app.no_accounts", address=server_address or say(language, "app.everywhere"))


def role() -> str:
    """The role in the address; the owner's own where there is none."""
    return address.code("role", list(RIGHTS), OWNER)


def viewer() -> Viewer:
    """The owner of this machine, in the role of the address."""
    return Viewer(user=OWNER, role=role())


def switch(language: str) -> None:
    """The choice of a role."""
    label = say(language, "role")
    address.choice(
        "role", st.selectbox, label, list(RIGHTS), OWNER, format_func=lambda name: say(language, f"role.{name}")
    )
