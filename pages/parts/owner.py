"""Local mode: where nobody else can reach Tandem, one owner has all rights, and may look through others' eyes: those of
a role, and of somebody who sees only some companies and regions."""

from collections.abc import Sequence

import streamlit as st

from analytics.access import ALL, RIGHTS, Viewer
from answers import Snapshot
from display.words import marked, say
from pages.parts import address, frames
from pages.parts.server import is_this_machine

OWNER = "owner"
ROLE, COMPANY, REGION = "role", "as_company", "as_region"
EYES = (ROLE, COMPANY, REGION)
REACH = {COMPANY: "companies", REGION: "regions"}


def refusal(server_address: str | None, language: str) -> str | None:
    """Why nobody may look, when others could reach this address: no accounts tell them apart. None is every address."""
    if is_this_machine(server_address):
        return None
    return say(language, "app.no_accounts", address=server_address or say(language, "app.everywhere"))


def role() -> str:
    """The role in the address; the owner's own where there is none."""
    return address.code(ROLE, list(RIGHTS), OWNER)


def viewer() -> Viewer:
    """The owner of this machine, in the role of the address, limited to the companies and regions that stand there.

    What is not known limits all the same: an address never shows more than it says.
    """
    return Viewer(user=OWNER, role=role(), companies=_limited(COMPANY), regions=_limited(REGION))


def _limited(name: str) -> frozenset[str]:
    return frozenset(code for code in st.query_params.get_all(name) if code) or ALL


def is_looking() -> bool:
    """Whether the owner looks through other eyes than the own."""
    seen = viewer()
    return (seen.role, seen.companies, seen.regions) != (OWNER, ALL, ALL)


def look(name: str) -> None:
    """Looks through the eyes of a role from the next run on."""
    address.put(ROLE, [] if name == OWNER else [name])


def back() -> None:
    """Looks through the owner's own eyes again."""
    for name in EYES:
        address.put(name, [])


def switch(language: str, version: Snapshot | None) -> None:
    """The choice of a role and, where there are several companies or regions, of those that may be seen."""
    label = say(language, "role")
    address.choice(
        ROLE, st.selectbox, label, list(RIGHTS), OWNER, format_func=lambda name: say(language, f"role.{name}")
    )
    choices = {} if version is None else _reach(version)
    if any(len(names) > 1 for names in choices.values()):
        with st.popover(say(language, "eyes.narrow"), icon=":material/visibility:", type="tertiary", key="narrow"):
            for name, names in choices.items():
                _narrow(name, names, language)


def _narrow(name: str, names: dict[str, str], language: str) -> None:
    label, everything = say(language, f"eyes.{name}"), say(language, "filter.all")
    address.choices(name, label, list(names), format_func=names.__getitem__, placeholder=everything)


def _reach(version: Snapshot) -> dict[str, dict[str, str]]:
    """From the name in the address to what there is to be limited to: from code to name."""
    known = frames.reach(version, Viewer(user=OWNER, role=OWNER))
    return {name: dict(known[part].iter_rows()) for name, part in REACH.items()}


def banner(version: Snapshot | None, language: str) -> None:
    """At the top of every page while looking through other eyes: whose they are, and the way back in one click."""
    if not is_looking():
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="eyes"):
        st.markdown(f":material/visibility: **{marked(_whose(version, language))}**", width="stretch")
        label = say(language, "eyes.back")
        st.button(label, key="eyes_back", type="tertiary", icon=":material/undo:", on_click=back)


def _whose(version: Snapshot | None, language: str) -> str:
    seen = viewer()
    parts = [say(language, "eyes.role", role=say(language, f"role.{seen.role}"))]
    names = {} if version is None else _reach(version)
    for name, limits in ((COMPANY, seen.companies), (REGION, seen.regions)):
        if limits != ALL:
            told = _told(sorted(limits), names.get(name, {}))
            parts.append(say(language, f"eyes.only.{name}", names=told))
    return " · ".join(parts)


def _told(codes: Sequence[str], names: dict[str, str]) -> str:
    return ", ".join(names.get(code, code) for code in codes)


def roles(language: str) -> None:
    """One card per role: what it is there for, and a button to look through its eyes."""
    with st.grid(len(RIGHTS), min_column_width=180, gap="small", key="roles"):
        for name in RIGHTS:
            with st.container(border=True, height="stretch", key=f"role_{name}"):
                st.markdown(f"**{say(language, f'role.{name}')}**")
                st.caption(say(language, f"role.{name}.help"))
                seen = name == role()
                label = say(language, "rights.looking" if seen else "rights.look")
                st.button(label, key=f"look_{name}", disabled=seen, on_click=look, args=(name,), type="tertiary")
