"""Making, changing and removing accounts, for who manages them. Every step asks anew who is in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from analytics.access import RIGHTS, NotAllowed
from answers import accounts
from display.words import marked
from pages.parts import frames, owner
from pages.parts.visit import Visit

TOLD = "accounts_told"


def told(visit: Visit) -> None:
    """What became of the last change."""
    key = st.session_state.pop(TOLD, "")
    if key:
        show = st.success if key == "accounts.done" else st.warning
        show(visit.say(key))


def lost(visit: Visit) -> None:
    """Whom a limit that the data does not know keeps from seeing what was meant for them."""
    for user, codes in accounts.lost(visit.viewer, version=visit.version).items():
        st.warning(marked(visit.say("accounts.lost", user=user, codes=", ".join(codes))), icon=":material/link_off:")


def new(visit: Visit) -> None:
    """A form for an account that is not there yet; the first one is an owner's."""
    say = visit.say
    roles = list(RIGHTS) if accounts.exist() else [owner.OWNER]
    with (
        st.expander(say("accounts.new"), icon=":material/person_add:", key="new_account"),
        st.form("new", border=False),
    ):
        left, right = st.columns(2)
        left.text_input(say("accounts.user"), key="new.user", max_chars=80, autocomplete="off")
        _password(left, visit, "new.password", say("accounts.password"))
        if accounts.has_provider():
            left.toggle(say("accounts.by_provider"), key="new.by_provider", help=say("accounts.by_provider.help"))
        _fields(right, visit, "new", roles[-1], roles, {})
        st.form_submit_button(say("accounts.add"), type="primary", on_click=_add)


def existing(visit: Visit) -> None:
    """Forms for one of the accounts."""
    say, listed = visit.say, accounts.listed(visit.viewer)
    with st.expander(say("accounts.change"), icon=":material/manage_accounts:", key="change_account"):
        user = st.selectbox(say("accounts.which"), listed["user"].to_list(), key="account")
        account, key = listed.row(listed["user"].to_list().index(user), named=True), _key(user)
        with st.form("change", border=False):
            left, right = st.columns(2)
            _fields(left, visit, key, account["role"], list(RIGHTS), accounts.limits(visit.viewer, user))
            right.date_input(say("accounts.ends_on"), account["ends_on"], key=f"{key}.ends_on")
            st.form_submit_button(say("accounts.save"), type="primary", on_click=_change, args=(user,))
        with st.form("password", border=False, clear_on_submit=True):
            _password(st.container(), visit, "changed.password", say("accounts.new_password"))
            st.form_submit_button(say("accounts.set_password"), on_click=_set_password, args=(user,))
        with st.container(horizontal=True, key="end_account"):
            st.button(say("accounts.sign_out_everywhere"), key="everywhere", on_click=_everywhere, args=(user,))
            with st.popover(say("accounts.remove"), key="removing"):
                label = say("accounts.remove.sure", user=user)
                st.button(label, key="remove_account", on_click=_remove, args=(user,))


def _key(user: str) -> str:
    """What the fields of an account are called: never as those of a new one, whatever its name."""
    return f"account {user}"


def _password(place: Any, visit: Visit, key: str, label: str) -> None:
    told = visit.say("accounts.password.help")
    place.text_input(label, key=key, type="password", help=told, autocomplete="new-password")


def _fields(
    place: Any, visit: Visit, key: str, role: str, roles: list[str], limits: Mapping[str, Sequence[str]]
) -> None:
    """Role, companies, regions, and whose customers; none chosen means all. A limit that the data does not know stays
    one."""
    say = visit.say
    at = roles.index(role)
    place.selectbox(say("accounts.role"), roles, at, key=f"{key}.role", format_func=lambda role: say(f"role.{role}"))
    for name, rows in frames.reach(visit.version, visit.viewer).items():
        held = list(limits.get(name, ()))
        names = {code: code for code in held} | dict(rows.iter_rows())
        place.multiselect(
            say(f"accounts.{name}"),
            list(names),
            held,
            key=f"{key}.{name}",
            format_func=names.__getitem__,
            placeholder=say("accounts.everything"),
            help=say("accounts.employees.help") if name == "employees" else None,
        )


def _chosen(key: str, name: str) -> Any:
    return st.session_state.get(f"{key}.{name}")


def _reach(key: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(_chosen(key, name) or ["*"]) for name in accounts.REACH}


def _tried(what: Callable[[], None]) -> None:
    """Does it, and keeps what became of it for the next run to tell."""
    try:
        what()
        st.session_state[TOLD] = "accounts.done"
    except accounts.AccountRefused as refused:
        st.session_state[TOLD] = f"accounts.refused.{refused.rule}"
    except NotAllowed:
        st.session_state[TOLD] = "accounts.only_owner"


def _add() -> None:
    def add() -> None:
        reach = _reach("new")
        account = accounts.Account(
            user=_chosen("new", "user"),
            role=_chosen("new", "role"),
            companies=reach["companies"],
            regions=reach["regions"],
            employees=reach["employees"],
            subject=accounts.BY_EMAIL if _chosen("new", "by_provider") else "",
        )
        accounts.add(owner.viewer(), account, _chosen("new", "password"))

    _tried(add)


def _change(user: str) -> None:
    key = _key(user)
    _tried(
        lambda: accounts.change(
            owner.viewer(), user, _chosen(key, "role"), _reach(key), _chosen(key, "ends_on") or None
        )
    )


def _set_password(user: str) -> None:
    _tried(lambda: accounts.set_password(owner.viewer(), user, st.session_state["changed.password"]))


def _everywhere(user: str) -> None:
    _tried(lambda: accounts.sign_out_everywhere(owner.viewer(), user))


def _remove(user: str) -> None:
    _tried(lambda: accounts.remove(owner.viewer(), user))
