"""Saved views beside every page: keep what is seen under a name, open it again, hand on a link to it."""

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.access import RIGHTS, Viewer
from answers import views
from answers.views import View, ViewRefused
from display.words import marked, say
from pages.parts import address, menu, states
from pages.parts.scope import PERIOD, USUAL

SHOWN = 8
SHARED = "view_roles"
NAME, WHICH, NEW_NAME, DONE, REFUSED = "view_name", "view_which", "view_new_name", "view_done", "view_refused"


def actions(viewer: Viewer, page: str, language: str) -> None:
    """The buttons to save what is seen and to hand on a link to it; what became of the last change is told here."""
    refused = _told(language)
    with st.container(horizontal=True, gap="small", key="views_actions"):
        with _popover("views.save", "bookmark_add", language):
            _save(viewer, page, language)
        with _popover("share", "link", language):
            st.caption(say(language, "share.how"))
            st.code(link(page), language=None, wrap_lines=True)
    states.alarm(refused)


def listed(viewer: Viewer, page: str, language: str) -> None:
    """The saved views, and the button to change them; nothing where there are none."""
    saved = views.saved(viewer)
    if saved:
        with st.container(gap="xsmall", key="views"):
            st.caption(say(language, "views"))
            _links(viewer, saved, page, language)
            with _popover("views.change", "edit", language):
                _change(viewer, saved, page, language)
    others = [view for view in views.shared(viewer) if menu.may_see(viewer, view.page)]
    if others:
        with st.container(gap="xsmall", key="views_shared"):
            st.caption(say(language, "views.shared"))
            _links(viewer, others, page, language)


def _popover(words: str, icon: str, language: str) -> DeltaGenerator:
    key = words.replace(".", "_")
    return st.popover(say(language, words), icon=f":material/{icon}:", type="tertiary", key=key)


def link(page: str) -> str:
    """The address of what is seen, without who looks and in which language: those are the reader's own."""
    place = urlsplit(st.context.url or "")
    query = urlencode(views.asked(address.asked()), doseq=True, safe=":.,")
    path = f"{place.path.rpartition('/')[0]}/{page}"
    return urlunsplit((place.scheme, place.netloc, path, query, ""))


def _links(viewer: Viewer, saved: Sequence[View], page: str, language: str) -> None:
    """A link to each of the first views whose page the viewer may see; the rest are found where views are changed."""
    seen = [view for view in saved if menu.may_see(viewer, view.page)]
    for view in seen[:SHOWN]:
        with st.container(key=f"view_{view.view_id}"):
            _open(view, marked(view.name))
    if len(seen) > SHOWN:
        st.caption(say(language, "views.more", count=len(seen) - SHOWN))
    _unmark([view for view in seen[:SHOWN] if view.page == page and not _is_seen(view)])


def _is_seen(view: View) -> bool:
    """Whether the view is what the address asks for now."""
    return {name: tuple(values) for name, values in views.asked(address.asked()).items()} == view.parameters


def _unmark(others: Sequence[View]) -> None:
    """Streamlit marks every link to the page that is seen; of the views, only the one that is seen stays marked."""
    links = [f".st-key-view_{view.view_id} a" for view in others]
    if links:
        plain, text = ", ".join(links), ", ".join(f"{link} *" for link in links)
        st.html(f"<style>{plain} {{background: none}} {text} {{font-weight: 400}}</style>")


def _open(view: View, label: str) -> None:
    """A link to a view: all that it asks for, and nothing of what is asked for now. It names its period in any case:
    an address without anything would take over what is asked for now."""
    own = {name: values for name, values in address.asked().items() if name in views.OF_THE_READER}
    asked = {PERIOD: [USUAL.period]} | views.asked(view.parameters)
    page = menu.entry(view.page)
    if page is not None:
        st.page_link(
            page.script, label=label, icon=":material/bookmark:", query_params=address.linked(asked | own, view.page)
        )


def _save(viewer: Viewer, page: str, language: str) -> None:
    st.caption(say(language, "views.save.how"))
    with st.form("save_view", border=False):
        st.text_input(say(language, "views.name"), key=NAME, max_chars=views.LONGEST_NAME)
        label = say(language, "views.save.do")
        st.form_submit_button(label, key="save_view_now", on_click=_do, args=("save", viewer, page))


def _change(viewer: Viewer, saved: Sequence[View], page: str, language: str) -> None:
    names = {view.view_id: view.name for view in saved}
    if st.session_state.get(WHICH) not in names:
        st.session_state[WHICH] = saved[0].view_id
    st.selectbox(say(language, "views.which"), list(names), key=WHICH, format_func=names.__getitem__)
    view = next(view for view in saved if view.view_id == st.session_state[WHICH])
    if menu.may_see(viewer, view.page):
        _open(view, say(language, "views.open", name=marked(view.name)))
    st.text_input(say(language, "views.new_name"), key=NEW_NAME, max_chars=views.LONGEST_NAME)
    _share(viewer, view, page, language)
    with st.container(horizontal=True, gap="small", key="views_changes"):
        for what in ("rename", "delete"):
            st.button(say(language, f"views.{what}"), key=f"{what}_view", on_click=_do, args=(what, viewer, page))


def _share(viewer: Viewer, view: View, page: str, language: str) -> None:
    """The roles that find the view in their lists, each within what it may see."""
    key = f"{SHARED}_{view.view_id}"
    st.session_state.setdefault(key, list(view.roles))
    st.multiselect(
        say(language, "views.share_with"),
        [role for role in RIGHTS if menu.may_see(Viewer(user="anybody", role=role), view.page)],
        key=key,
        format_func=lambda role: say(language, f"role.{role}"),
        placeholder=say(language, "views.share_with.nobody"),
        on_change=_do,
        args=("share", viewer, page),
    )


def _do(what: str, viewer: Viewer, page: str) -> None:
    """Saves, renames, shares or deletes; what came of it is told in the next run."""
    try:
        name = {"save": _save_now, "rename": _rename_now, "delete": _delete_now, "share": _share_now}[what](
            viewer, page
        )
    except ViewRefused as refused:
        st.session_state[REFUSED] = refused.rule
    else:
        st.session_state[DONE] = (what, name)


def _save_now(viewer: Viewer, page: str) -> str:
    name = views.save(viewer, st.session_state[NAME], page, address.asked()).name
    st.session_state[NAME] = ""
    return name


def _rename_now(viewer: Viewer, _page: str) -> str:
    name = views.rename(viewer, st.session_state[WHICH], st.session_state[NEW_NAME]).name
    st.session_state[NEW_NAME] = ""
    return name


def _share_now(viewer: Viewer, _page: str) -> str:
    view_id = st.session_state[WHICH]
    return views.share(viewer, view_id, st.session_state[f"{SHARED}_{view_id}"]).name


def _delete_now(viewer: Viewer, _page: str) -> str:
    view_id = st.session_state[WHICH]
    name = next((view.name for view in views.saved(viewer) if view.view_id == view_id), "")
    views.remove(viewer, view_id)
    return name


def _told(language: str) -> str:
    """Tells what was done, once; the sentence why something was not, empty where nothing was refused."""
    done = st.session_state.pop(DONE, None)
    if done is not None:
        st.toast(say(language, f"views.done.{done[0]}", name=marked(done[1])))
    rule = st.session_state.pop(REFUSED, None)
    return say(language, f"views.refused.{rule}", most=views.LONGEST_NAME) if rule else ""
