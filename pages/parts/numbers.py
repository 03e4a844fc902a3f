"""Numbers of the registry on the screen: cards with a small line, how each is computed, and the way to its rows."""

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

from answers import metrics
from answers.asked import Member
from answers.metrics import Reading
from display.messages import Card
from display.messages import metrics as messages
from display.numbers import age, instant
from display.words import marked, say
from pages.parts import address, cards, readings
from pages.parts.menu import PAGES
from pages.parts.visit import Visit

METRIC, DIMENSION, MEMBER = "metric", "dimension", "member"
WHY, ROWS = PAGES / "decide" / "metric.py", PAGES / "decide" / "rows.py"


def row(shown: Mapping[str, Card], visit: Visit) -> None:
    """Cards of one height, each of a number: its small line, what moved it, and how it is computed."""
    with st.grid(6, min_column_width=150, gap="small", key="numbers"):
        for name, card in shown.items():
            with st.container(border=True, gap="xsmall", height="stretch", key=f"number_{name}"):
                _card(name, card, visit)


def _card(name: str, card: Card, visit: Visit) -> None:
    line = readings.sparkline(visit, name)
    st.metric(
        card.label,
        marked(card.value),
        marked(card.note),
        delta_color=cards.COLOURS[card.tone],  # type: ignore[arg-type]
        delta_arrow="off",
        chart_data=line if len(line) > 1 else None,
        height="stretch",
    )
    with st.container(horizontal=True, gap=None, vertical_alignment="center", key=f"ways_{name}"):
        st.caption(marked(card.also), width="stretch")
        _why(name, visit)
        computed(visit, name, label="")


def _why(name: str, visit: Visit) -> None:
    st.page_link(WHY, label="", icon=":material/query_stats:", help=visit.say("number.why"), query_params=naming(name))


def heading(name: str, visit: Visit) -> None:
    """The name of a number above its figure, and the way to what moved it."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key=f"heading_{name}"):
        st.subheader(visit.say(f"metric.{name}"), anchor=False, width="content")
        _why(name, visit)


def computed(visit: Visit, metric: str, member: Member | None = None, *, label: str | None = None) -> None:
    """A button that tells how the number is computed."""
    text = visit.say("computed") if label is None else label
    key = f"computed_{metric}"
    if st.button(text, key=key, type="tertiary", icon=":material/info:", help=visit.say("computed")):
        _dialog(visit, metric, member)


def _dialog(visit: Visit, metric: str, member: Member | None) -> None:
    called = visit.say(f"metric.{metric}")

    @st.dialog(f"{called} · {visit.say('computed')}", width="medium")
    def told() -> None:
        reading = readings.reading(visit, metric, member)
        rows = readings.evidence(visit, metric, member).height
        cards.facts(messages.computed(reading, rows, _made(visit), _sources(visit), visit.language))
        st.page_link(
            ROWS, label=visit.say("evidence.show"), icon=":material/list_alt:", query_params=_naming(metric, member)
        )

    told()


def _made(visit: Visit) -> str:
    old = age(datetime.now(UTC) - visit.version.made_at, visit.language)
    return say(
        visit.language, "computed.made.at", at=instant(visit.version.made_at, visit.language, visit.zone), age=old
    )


def _sources(visit: Visit) -> str:
    return ", ".join(visit.say(f"source.{name}") for name in readings.sources(visit)) or visit.say("none")


def _naming(metric: str, member: Member | None) -> dict[str, list[str]]:
    if member is None:
        return address.naming(metric=metric, without=(DIMENSION, MEMBER))
    return address.naming(metric=metric, dimension=member.dimension, member=member.key or "")


def naming(metric: str) -> dict[str, list[str]]:
    """The address of a number, without any member."""
    return _naming(metric, None)


def rows_link(metric: str, member: Member | None, label: str) -> None:
    """A link to the rows behind a number, or behind a member's part of it."""
    st.page_link(ROWS, label=label, icon=":material/list_alt:", query_params=_naming(metric, member))


def chosen(visit: Visit) -> str:
    """The number in the address; the first that the viewer may see where there is none."""
    known = [metric.name for metric in metrics.shown(visit.viewer)]
    return address.code(METRIC, known, known[0])


def choose(visit: Visit) -> str:
    """The choice of a number, bound to the address."""
    known = [metric.name for metric in metrics.shown(visit.viewer)]
    return address.choice(
        METRIC,
        st.selectbox,
        visit.say("moved.metric"),
        known,
        known[0],
        format_func=lambda name: visit.say(f"metric.{name}"),
        label_visibility="collapsed",
        width=240,
    )


def message(reading: Reading, visit: Visit) -> None:
    """The title with the number's message, and of which days it is."""
    cards.message(messages.title(reading, visit.language), messages.caption(reading, visit.language))
