"""Who looks: the account that has signed in; where there are no accounts, the one owner of this machine. An owner may
look through others' eyes: those of a role, and of somebody who sees only some companies, regions and customers."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from analytics.access import ALL, RIGHTS, Expired, Viewer
from answers import Snapshot, accounts, local, own_customers
from display.words import marked, say
from pages.parts import address, frames
from pages.parts.door import COOKIE, WAY_IN, WAY_OFF

OWNER = "owner"
AT_PROVIDER = "signed_in_at_provider"
SELLER = "seller"
ROLE, COMPANY, REGION, EMPLOYEE = "role", "as_company", "as_region", "as_employee"
EYES = (ROLE, COMPANY, REGION, EMPLOYEE)
REACH = {COMPANY: "companies", REGION: "regions"}


def refusal(server_address: str | None, language: str) -> str | None:
    """Why nobody may look, when others could reach this address: no accounts tell them apart, or no secret is set."""
    lacks = local.missing(server_address)
    if lacks is None:
        return None
    return say(language, f"app.no_{lacks}", address=server_address or say(language, "app.everywhere"))


def person() -> Viewer | None:
    """Who has signed in, as the account is now; the owner of this machine where there are no accounts. None whose
    session has ended."""
    if not accounts.exist():
        return Viewer(user=OWNER, role=OWNER)
    return accounts.signed_in(_token())


def _token() -> str:
    return str(st.context.cookies.get(COOKIE, ""))


def role() -> str:
    """The role in the address; the owner's own where there is none."""
    return address.code(ROLE, list(RIGHTS), OWNER)


def viewer() -> Viewer:
    """Who looks. An owner may do so in the role of the address, limited to the companies and regions that stand there,
    and to the customers of the employees that do.

    What is not known limits all the same: an address never shows more than it says. ``Expired`` whose session has
    ended.
    """
    own = person()
    if own is None:
        raise Expired("The session has ended. Sign in again.")
    if own.role != OWNER:
        return own
    return replace(
        own,
        role=role(),
        companies=_both(_limited(COMPANY), own.companies),
        regions=_both(_limited(REGION), own.regions),
        customers=own_customers.of_employees(_limited(EMPLOYEE)),
    )


def _limited(name: str) -> frozenset[str]:
    return frozenset(code for code in st.query_params.get_all(name) if code) or ALL


def _both(chosen: frozenset[str], own: frozenset[str]) -> frozenset[str]:
    """What both leave; the key of nothing where they leave none."""
    if ALL in (chosen, own):
        return own if chosen == ALL else chosen
    return chosen & own or frozenset({""})


def is_in() -> bool:
    """Whether who looks may do so still."""
    return person() is not None


def may_look() -> bool:
    """Whether who looks may do so through others' eyes."""
    own = person()
    return own is not None and own.role == OWNER


def is_looking() -> bool:
    """Whether the owner looks through other eyes than the own."""
    own, seen = person(), viewer()
    return own is not None and seen != own


def look(name: str) -> None:
    """Looks through the eyes of a role from the next run on."""
    address.put(ROLE, [] if name == OWNER else [name])


def back() -> None:
    """Looks through the owner's own eyes again."""
    for name in EYES:
        address.put(name, [])


def switch(language: str, version: Snapshot | None) -> None:
    """For an owner: the choice of a role and, where there are several companies or regions, of those that may be
    seen."""
    if not may_look():
        return
    label = say(language, "role")
    address.choice(
        ROLE, st.selectbox, label, list(RIGHTS), OWNER, format_func=lambda name: say(language, f"role.{name}")
    )
    choices = {} if version is None else _reach(version)
    if any(len(names) > 1 for names in choices.values()):
        with st.popover(say(language, "eyes.narrow"), icon=":material/visibility:", type="tertiary", key="narrow"):
            for name, names in choices.items():
                _narrow(name, names, language)


def sign_out(language: str) -> None:
    """Where there are accounts: who looks, and the way out."""
    own = person()
    if own is None or not accounts.exist():
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="person"):
        told = say(language, "sign_in.as", user=own.user, role=say(language, f"role.{own.role}"))
        st.caption(marked(told), width="content")
        label = say(language, "sign_out")
        st.button(label, key="sign_out", type="tertiary", icon=":material/logout:", on_click=_leave)


def _leave() -> None:
    st.session_state[AT_PROVIDER] = accounts.sign_out(_token())


def lead_in(language: str) -> None:
    """Leads a browser whose session has ended to where one signs in, or, when the provider had let it in, signs out
    there too; says so where that does not work."""
    place = WAY_OFF if st.session_state.pop(AT_PROVIDER, False) else WAY_IN
    st.markdown(f"{say(language, 'sign_in.again')} [{say(language, 'sign_in.go')}]({WAY_IN})")
    st.html(f"<script>window.location.assign({place!r})</script>", unsafe_allow_javascript=True)


def _narrow(name: str, names: dict[str, str], language: str) -> None:
    label, everything = say(language, f"eyes.{name}"), say(language, "filter.all")
    address.choices(name, label, list(names), format_func=names.__getitem__, placeholder=everything)


def _reach(version: Snapshot) -> dict[str, dict[str, str]]:
    """From the name in the address to what there is to be limited to: from code to name."""
    own = person()
    known = {} if own is None else frames.reach(version, own)
    return {name: dict(known[part].iter_rows()) for name, part in REACH.items() if part in known}


def banner(version: Snapshot | None, language: str) -> None:
    """At the top of every page: to who sees only own customers, that it is so; while looking through other eyes, whose
    they are, and the way back in one click."""
    if is_looking():
        _eyes(version, language)
    if viewer().customers != ALL:
        st.caption(f":material/person_pin: {say(language, 'eyes.own')}")


def _eyes(version: Snapshot | None, language: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="eyes"):
        st.markdown(f":material/visibility: **{marked(_whose(version, language))}**", width="stretch")
        label = say(language, "eyes.back")
        st.button(label, key="eyes_back", type="tertiary", icon=":material/undo:", on_click=back)


def _whose(version: Snapshot | None, language: str) -> str:
    seen = viewer()
    parts = [say(language, "eyes.role", role=say(language, f"role.{seen.role}"))]
    names = {} if version is None else _reach(version) | {EMPLOYEE: sellers(version)}
    for name, limits in ((COMPANY, seen.companies), (REGION, seen.regions), (EMPLOYEE, _limited(EMPLOYEE))):
        if limits != ALL:
            told = _told(sorted(limits), names.get(name, {}))
            parts.append(say(language, f"eyes.only.{name}", names=told))
    return " · ".join(parts)


def sellers(version: Snapshot) -> dict[str, str]:
    """From key to name: the employees who look after customers."""
    own = person()
    return {} if own is None else dict(frames.reach(version, own)["employees"].iter_rows())


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


def of_seller(version: Snapshot, language: str) -> None:
    """The choice of somebody who looks after customers: Tandem is then seen as sales who sees only those. Through other
    eyes nobody is named."""
    names = {} if is_looking() else sellers(version)
    if names:
        label, none = say(language, "rights.own_customers"), say(language, "rights.own_customers.none")
        st.selectbox(
            label, list(names), None, format_func=names.__getitem__, placeholder=none, key=SELLER, on_change=_look_of
        )


def _look_of() -> None:
    address.put(ROLE, ["sales"])
    address.put(EMPLOYEE, [st.session_state[SELLER]] if st.session_state[SELLER] else [])
