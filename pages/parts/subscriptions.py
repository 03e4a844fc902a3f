"""Subscriptions on the page Reports: which there are, a new one to the chosen report, and where reports may go."""

from collections.abc import Callable
from datetime import time
from typing import Any
from zoneinfo import available_timezones

import polars as pl
import streamlit as st

from analytics.access import NotAllowed
from answers import metrics
from answers import subscriptions as answers
from answers.subscriptions import (
    CONDITIONS,
    HOOKS,
    RHYTHMS,
    SECURITY,
    Condition,
    MailServer,
    OutletRefused,
    Outlets,
    Rhythm,
    SubscriptionRefused,
    Wanted,
)
from display.tables import subscriptions as tables
from display.words import marked
from pages.parts import address, export, owner, states
from pages.parts import tables as screen
from pages.parts.visit import Visit
from pages.parts.workshop import Order
from reports import asking

WHICH = "subscription"
TOLD = "subscriptions_told"
USUAL_TIME = time(7)
WEEKDAYS, MONTHDAYS = range(1, 8), range(1, 24)


def section(order: Order | None, visit: Visit) -> None:
    """All of it, beneath the choice of a report."""
    st.space("small")
    listed = answers.listed(visit.viewer)
    table = tables.subscriptions(listed, visit.language, visit.zone)
    export.heading(visit.say("subscriptions"), table, visit.say("subscriptions"), visit)
    states.note(visit.say("subscriptions.how"))
    told(visit)
    ways = answers.ways(visit.viewer)
    if not ways:
        states.note(visit.say("subscriptions.no_way"))
    elif order is not None:
        with st.expander(visit.say("subscriptions.new"), icon=":material/schedule_send:", key="new_subscription"):
            _new(order, ways, visit)
    screen.show(
        table, visit, key="subscriptions", alt=visit.say("subscriptions.alt"), none=visit.say("subscriptions.none")
    )
    if listed.height:
        _one(listed, visit)
    _outlets(visit)


def told(visit: Visit) -> None:
    """What became of the last change, once."""
    key = st.session_state.pop(TOLD, "")
    if key:
        show = st.success if ".done." in key else st.warning
        show(visit.say(key))


def _tried(what: str, change: Callable[[], object]) -> None:
    """Makes a change, and keeps what became of it for the run that follows."""
    try:
        change()
        st.session_state[TOLD] = f"subscriptions.done.{what}"
    except SubscriptionRefused as refused:
        st.session_state[TOLD] = f"subscriptions.refused.{refused.rule}"
    except OutletRefused as refused:
        st.session_state[TOLD] = f"outlets.refused.{refused.rule}"
    except NotAllowed:
        st.session_state[TOLD] = "subscriptions.refused.no_reader"


# One of them


def _one(listed: pl.DataFrame, visit: Visit) -> None:
    rows = {row["subscription_id"]: row for row in listed.iter_rows(named=True)}
    key = address.choice(
        WHICH,
        st.selectbox,
        visit.say("subscriptions.which"),
        list(rows),
        next(iter(rows)),
        format_func=lambda each: _called(rows[each], visit),
        width=460,
    )
    is_paused = rows[key]["state"] == "paused"
    with st.container(horizontal=True, gap="small", key="subscription_actions"):
        for what, icon in (("now", "send"), ("resume" if is_paused else "pause", "pause"), ("remove", "delete")):
            picture = f":material/{'play_arrow' if what == 'resume' else icon}:"
            label = visit.say(f"subscriptions.{what}")
            st.button(label, key=f"{what}_one", type="tertiary", icon=picture, on_click=_do, args=(what, key))
    lines = tables.issues(answers.record(visit.viewer, key), visit.language, visit.zone)
    heading = visit.say("subscriptions.record")
    export.heading(heading, lines, heading, visit)
    screen.show(lines, visit, key="issues", alt=heading, none=visit.say("subscriptions.record.none"), rows=6)


def _called(row: dict[str, Any], visit: Visit) -> str:
    when = tables.when(row, visit.language)
    return f"{tables.called(row, visit.language)} · {row['to']} · {when}"


def _do(what: str, key: str) -> None:
    """Does what a button says, for who looks now."""
    changes: dict[str, Callable[[], None]] = {
        "now": lambda: answers.send_now(owner.viewer(), key),
        "pause": lambda: answers.pause(owner.viewer(), key, is_paused=True),
        "resume": lambda: answers.pause(owner.viewer(), key, is_paused=False),
        "remove": lambda: answers.remove(owner.viewer(), key),
    }
    _tried(what, changes[what])


# A new one


def _new(order: Order, ways: tuple[str, ...], visit: Visit) -> None:
    """The choices of a new subscription to the report that is chosen, with the filters beside it."""
    when, where = st.columns(2, gap="large")
    with when:
        rhythm = _rhythm(visit)
        condition = _condition(visit)
    with where:
        way = st.selectbox(
            visit.say("subscriptions.way"),
            ways,
            key="new_way",
            format_func=lambda code: visit.say(f"subscriptions.way.{code}"),
        )
        to = _to(way, visit)
        readers = answers.readers(visit.viewer)
        reader = st.selectbox(visit.say("subscriptions.reader"), readers, key="new_reader") if readers[1:] else ""
    if st.button(visit.say("subscriptions.add"), key="subscribe", type="primary"):
        wanted = Wanted(
            report=order.name,
            format=order.format,
            language=order.asked.language,
            rhythm=rhythm,
            way=way,
            to=to.strip(),
            parameters=asking.kept(_asked(order)),
            condition=condition,
        )
        _tried("add", lambda: answers.add(owner.viewer(), wanted, user=reader))
        st.rerun()


def _asked(order: Order) -> dict[str, list[str]]:
    """What stands in the address, and the customer that is shown without standing there."""
    told = address.parameters()
    return told | ({asking.CUSTOMER: [order.asked.customer]} if order.asked.customer else {})


def _rhythm(visit: Visit) -> Rhythm:
    every = st.segmented_control(
        visit.say("subscriptions.every"),
        RHYTHMS,
        default="weekly",
        key="new_every",
        format_func=lambda code: visit.say(f"subscriptions.every.{code}"),
        required=True,
    )
    day = 1
    if every == "weekly":
        told = visit.say("subscriptions.weekday.help")
        name = lambda number: visit.say(f"subscriptions.week.{number}")  # noqa: E731 - as the widget asks for it
        day = st.selectbox(visit.say("subscriptions.weekday"), WEEKDAYS, key="new_weekday", format_func=name, help=told)
    elif every == "monthly":
        day = st.selectbox(visit.say("subscriptions.monthday"), MONTHDAYS, key="new_monthday")
    zone = visit.zone if visit.zone in available_timezones() else "UTC"
    at = st.time_input(f"{visit.say('subscriptions.time')} ({zone})", USUAL_TIME, key="new_time")
    return Rhythm(every=every, day=day, hour=at.hour, minute=at.minute, zone=zone)


def _condition(visit: Visit) -> Condition:
    """When it is sent."""
    kind = st.selectbox(
        visit.say("subscriptions.condition"),
        CONDITIONS,
        key="new_condition",
        format_func=lambda code: visit.say(f"subscriptions.condition.{code}"),
    )
    if kind not in ("above", "below"):
        return Condition(kind=kind)
    names = [metric.name for metric in metrics.shown(visit.viewer)]
    metric = st.selectbox(
        visit.say("subscriptions.metric"), names, key="new_metric", format_func=lambda code: visit.say(f"metric.{code}")
    )
    bound = st.number_input(visit.say("subscriptions.bound"), value=0.0, key="new_bound")
    return Condition(kind=kind, metric=metric, bound=float(bound))


def _to(way: str, visit: Visit) -> str:
    """Where it goes, among what is allowed."""
    allowed = answers.allowed(visit.viewer)
    if way == "folder":
        return str(st.selectbox(visit.say("subscriptions.to.folder"), allowed.folders, key="new_folder"))
    names = allowed.hosts if way in HOOKS else allowed.domains
    label = visit.say("subscriptions.to.hook" if way in HOOKS else "subscriptions.to.mail")
    told = visit.say("subscriptions.to.allowed", names=", ".join(names))
    return str(st.text_input(label, key=f"new_to_{way}", help=marked(told), max_chars=1_000, autocomplete="off"))


# Where reports may go


def outlets(visit: Visit) -> None:
    """On the page of those who manage accounts: what became of the last change, and where reports may go."""
    told(visit)
    _outlets(visit)


def _outlets(visit: Visit) -> None:
    """The one place that says where anything may be sent; for who manages accounts."""
    if visit.viewer.may(answers.MANAGING):
        with st.expander(visit.say("outlets"), icon=":material/outbox:", key="outlets"):
            _form(visit)


def _form(visit: Visit) -> None:
    allowed = answers.allowed(visit.viewer)
    states.note(visit.say("outlets.how"))
    with st.form("outlets", border=False):
        left, right = st.columns(2, gap="large")
        with left:
            st.text_input(visit.say("outlets.address"), allowed.address or _here(), key="outlet_address")
            for name in ("domains", "folders", "hosts"):
                lines = "\n".join(getattr(allowed, name))
                st.text_area(visit.say(f"outlets.{name}"), lines, key=f"outlet_{name}", height=80)
        with right:
            _mail_fields(allowed.mail, visit)
        st.form_submit_button(visit.say("outlets.save"), type="primary", key="save_outlets", on_click=_allow)


def _here() -> str:
    """Where the browser that asks reaches Tandem."""
    return (st.context.url or "").rpartition("/")[0]


def _mail_fields(known: MailServer | None, visit: Visit) -> None:
    say = visit.say
    st.text_input(say("outlets.mail"), known.host if known else "", key="outlet_host")
    st.number_input(say("outlets.port"), 1, 65_535, known.port if known else 587, key="outlet_port")
    at = SECURITY.index(known.security) if known else 1
    name = lambda code: say(f"outlets.security.{code}")  # noqa: E731 - as the widget asks for it
    st.selectbox(say("outlets.security"), SECURITY, at, key="outlet_security", format_func=name)
    st.text_input(say("outlets.sender"), known.sender if known else "", key="outlet_sender")
    st.text_input(say("outlets.user"), known.user if known else "", key="outlet_user", autocomplete="off")
    password = say("outlets.password")
    st.text_input(password, key="outlet_password", type="password", autocomplete="new-password")


def _field(name: str) -> Any:
    return st.session_state.get(f"outlet_{name}")


def _allow() -> None:
    """Keeps what the form says."""

    def keep() -> None:
        lists: dict[str, Any] = {name: tuple(_field(name).split()) for name in ("domains", "hosts")}
        folders = tuple(line.strip() for line in _field("folders").splitlines() if line.strip())
        told = Outlets(address=_field("address").strip().rstrip("/"), folders=folders, **lists)
        answers.allow(owner.viewer(), told, _mail() if _field("host").strip() else None)

    _tried("allow", keep)


def _mail() -> MailServer:
    return MailServer(
        host=_field("host").strip(),
        port=int(_field("port")),
        security=_field("security"),
        sender=_field("sender").strip(),
        user=_field("user").strip(),
        password=_field("password"),
    )
