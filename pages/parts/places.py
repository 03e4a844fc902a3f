"""Where a source is, as an administrator says it: a server, files that are dropped, or a path of this machine."""

import streamlit as st

from answers import connections as answers
from answers.connections import (
    FEWEST_MINUTES,
    LARGEST_UPLOAD_MB,
    MOST_MINUTES,
    PATH,
    SERVER,
    Connection,
    Place,
    Server,
    UploadRefused,
)
from pages.parts import states
from pages.parts.visit import Visit

USER = "tandem"
STAGED = "connect_staged"


def minutes(visit: Visit, usual: int, *, key: str) -> int:
    """How many minutes lie between two refreshes."""
    label = visit.say("connect.minutes")
    return int(st.number_input(label, FEWEST_MINUTES, MOST_MINUTES, usual, step=5, key=f"{key}_minutes"))


def place(visit: Visit, source: str, way: str, *, key: str, known: Connection | None = None) -> Place | None:
    """The place that the fields say; None while there is none. ``known``: the connection that it is to replace.

    Raises ConnectionRefused where a server cannot be at such an address.
    """
    if way == SERVER:
        return _server(visit, source, key, known)
    mapping = known.place.mapping if known is not None else None
    if way == PATH:
        written = known.place.path if known is not None else ""
        label, more = visit.say("connect.path"), visit.say("connect.path.help")
        path = st.text_input(label, written or "", key=f"{key}_path", help=more).strip()
        return Place(path=path, mapping=mapping) if path else None
    delivery = _upload(visit, key)
    return Place(delivery=delivery, mapping=mapping) if delivery else None


def _server(visit: Visit, source: str, key: str, known: Connection | None) -> Place | None:
    say, old = visit.say, known.place.server if known is not None else None
    first, second = st.columns((3, 1), gap="small")
    host = first.text_input(
        say("connect.host"), old.host if old else "", key=f"{key}_host", help=say("connect.host.help")
    )
    usual = old.port if old else answers.PORTS[source]
    port = second.number_input(say("connect.port"), 1, 65_535, usual, step=1, key=f"{key}_port_{source}")
    database = st.text_input(say("connect.database"), old.database if old else "", key=f"{key}_database")
    first, second = st.columns(2, gap="small")
    user = first.text_input(
        say("connect.user"), old.user if old else USER, key=f"{key}_user", help=say("connect.user.help")
    )
    password = second.text_input(
        say("connect.password"),
        key=f"{key}_password",
        type="password",
        autocomplete="new-password",
        help=say("connect.password.help"),
        placeholder=say("connect.password.kept") if old else None,
    )
    is_encrypted = st.checkbox(say("connect.encrypted"), old.is_encrypted if old else False, key=f"{key}_encrypted")
    _sql(visit, source, database.strip(), user.strip())
    if not host.strip() and not database.strip():
        return None
    return Place(
        server=Server(
            host=host.strip(),
            port=int(port),
            database=database.strip(),
            user=user.strip(),
            password=password,
            is_encrypted=is_encrypted,
        )
    )


def _sql(visit: Visit, source: str, database: str, user: str) -> None:
    with st.expander(visit.say("connect.sql"), icon=":material/database:"):
        st.caption(visit.say("connect.sql.how"))
        sql = answers.read_only_user(visit.viewer, source, database or source, user or USER)
        st.code(sql, language="sql", height=260)


def _upload(visit: Visit, key: str) -> str | None:
    """The delivery of the dropped files; they are kept once, however often the page runs."""
    files = st.file_uploader(
        visit.say("connect.files"),
        accept_multiple_files=True,
        key=f"{key}_files",
        max_upload_size=LARGEST_UPLOAD_MB,
        help=visit.say("connect.files.help", size=LARGEST_UPLOAD_MB),
    )
    if not files:
        return None
    ids = tuple(file.file_id for file in files)
    staged = st.session_state.get(f"{STAGED}_{key}")
    if staged is None or staged[0] != ids:
        try:
            staged = (ids, answers.upload(visit.viewer, [(file.name, file) for file in files]))
        except UploadRefused as refused:
            states.alarm(visit.say(f"connect.refused.{refused.rule}"))
            return None
        st.session_state[f"{STAGED}_{key}"] = staged
    return str(staged[1])
