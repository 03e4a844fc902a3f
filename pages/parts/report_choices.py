"""The choices of the page Reports: which one, about which customer, as what, in which language; and its making."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from analytics.scope import Scope
from display import periods
from display.words import LANGUAGES, marked, say
from pages.parts import address, customer_frames, frames, states
from pages.parts.scope import FILTERS
from pages.parts.visit import Visit
from pages.parts.workshop import Crowded, File, Order, workshop
from reports import asking
from reports.catalogue import Recipe
from reports.formats import FORMATS
from reports.parts import LONGEST_TITLE, PARTS
from reports.request import Request

LOOK_EVERY = 1.0
KIB = 1024
STARTED = 0.35
OWN_PARTS, OWN_TITLE = "own_parts", "own_title"


def choose(recipes: Sequence[Recipe], visit: Visit) -> Order | None:
    """What is ordered; null where it is about a customer and there is none."""
    known = {recipe.name: recipe for recipe in recipes}
    name = address.choice(
        "report",
        st.segmented_control,
        visit.say("reports.choose"),
        list(known),
        recipes[0].name,
        format_func=lambda code: visit.say(f"report.{code}"),
        required=True,
    )
    st.caption(visit.say(f"report.{name}.help"))
    customer = _customer(visit) if known[name].of_customer else ""
    if customer is None:
        states.nothing(visit.say("reports.empty"), visit.say("customers.empty.how"), icon="filter_alt_off")
        return None
    parts, title = _own(visit) if known[name].of_parts else ((), "")
    if known[name].of_parts and not parts:
        states.note(visit.say("reports.parts.none"))
        return None
    form = address.choice(
        "form",
        st.segmented_control,
        visit.say("reports.format"),
        list(FORMATS),
        "pdf",
        format_func=lambda code: visit.say(f"reports.format.{code}"),
        required=True,
    )
    language = address.choice(
        "in",
        st.segmented_control,
        visit.say("reports.language"),
        list(LANGUAGES),
        visit.language,
        format_func=lambda code: LANGUAGES[code],
        required=True,
    )
    return Order(name, form, replace(_request(visit, language, customer), parts=parts, title=title))


def _own(visit: Visit) -> tuple[tuple[str, ...], str]:
    """Parts and title of a report of one's own, both in the address: a saved view keeps them, a link hands them on."""
    seen = [name for name, part in PARTS.items() if visit.viewer.may(part.right)]
    asked = asking.parts_of(address.parameters())
    st.session_state[OWN_PARTS] = [name for name in dict.fromkeys(asked) if name in seen]
    st.session_state[OWN_TITLE] = "".join(address.parameters().get(asking.TITLE, []))[:LONGEST_TITLE]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="own_report"):
        st.multiselect(
            visit.say("reports.parts"),
            seen,
            key=OWN_PARTS,
            format_func=lambda name: visit.say(f"report.part.{name}"),
            placeholder=visit.say("reports.parts.placeholder"),
            on_change=_put_own,
            width=640,
        )
        label = visit.say("reports.parts.title")
        st.text_input(label, key=OWN_TITLE, max_chars=LONGEST_TITLE, on_change=_put_own, width=280)
    return tuple(st.session_state[OWN_PARTS]), str(st.session_state[OWN_TITLE])


def _put_own() -> None:
    parts, title = st.session_state[OWN_PARTS], st.session_state[OWN_TITLE].strip()
    address.put(asking.PARTS, [",".join(parts)] if parts else [])
    address.put(asking.TITLE, [title] if title else [])


def _customer(visit: Visit) -> str | None:
    """The customer in the address, or the one of most revenue; null where there is none."""
    names = customer_frames.names(visit)
    if not names:
        return None
    return address.choice(
        "customer",
        st.selectbox,
        visit.say("reports.customer"),
        list(names),
        next(iter(names)),
        format_func=lambda key: names.get(key, key),
        width=460,
    )


def _request(visit: Visit, language: str, customer: str) -> Request:
    told = visit.filters if language == visit.language else _told(visit, language)
    return Request(
        viewer=visit.viewer,
        version=visit.version,
        language=language,
        scope=visit.scope,
        filters=told,
        customer=customer,
    )


def _told(visit: Visit, language: str) -> Mapping[str, str]:
    """What is chosen, in the words of another language than the screen's."""
    scope: Scope = visit.scope
    choices = frames.choices(visit.version, visit.viewer)
    told = {
        say(language, "period"): periods.name(scope.period, language),
        say(language, "comparison"): say(language, f"comparison.{scope.comparison}"),
    }
    for name, part in FILTERS.items():
        names = dict(choices[part].select("key", "name").iter_rows())
        if chosen := getattr(scope, part):
            told[say(language, f"filter.{name}")] = ", ".join(names.get(key) or key for key in chosen)
    return told


def make(order: Order, visit: Visit) -> None:
    """The button that orders the report, and what became of it."""
    file = workshop().file(order)
    if file is not None and not file.failed:
        _give(order, file, visit)
        return
    is_on_its_way = file is None and workshop().is_ordered(order)
    label = visit.say("reports.make")
    if st.button(label, key="make_report", type="primary", icon=":material/description:", disabled=is_on_its_way):
        try:
            workshop().order(order)
        except Crowded:
            states.note(visit.say("reports.busy"))
            return
        st.rerun()
    if is_on_its_way:
        _wait(order, visit)
    elif file is not None:
        states.note(visit.say("reports.failed", reference=file.failed))


@st.fragment(run_every=LOOK_EVERY)
def _wait(order: Order, visit: Visit) -> None:
    """Looks every second whether the report is finished; other visitors are not held up meanwhile."""
    if workshop().file(order) is not None:
        st.rerun()
    title = visit.say(f"report.{order.name}")
    st.progress(STARTED, visit.say("reports.making", title=title))


def _give(order: Order, file: File, visit: Visit) -> None:
    """The finished file, and what it says."""
    st.download_button(
        visit.say("reports.download", size=f"{max(1, round(len(file.content) / KIB)):,} KB"),
        file.content,
        file_name=file.name,
        mime=FORMATS[order.format].mime,
        key="report_file",
        type="primary",
        on_click="ignore",
        icon=":material/download:",
    )
    st.caption(marked(visit.say("reports.ready", title=file.title)))
    with st.container(border=True, gap="small", key="report_says"):
        st.subheader(marked(file.says[0]), anchor=False)
        for message in dict.fromkeys(file.says[1:]):
            st.markdown(marked(message))
