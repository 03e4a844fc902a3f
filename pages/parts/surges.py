"""What suddenly sells more, told apart from what only looks like it, and where products stand in their life."""

import streamlit as st

from display.messages import surges as messages
from pages.parts import address, export, states, tables
from pages.parts import surge_frames as frames
from pages.parts.visit import Visit

ONLY = ("moving", "all")


def alarms(visit: Visit, item: str) -> None:
    """The surges that ask to be looked at now."""
    for sentence in messages.alarms(frames.surges(visit, item), visit.language):
        states.alarm(sentence)


def section(visit: Visit, item: str, called: str) -> None:
    """What stands out by market, and what explains it."""
    say, shown = visit.say, frames.surges_shown(visit, item)
    export.heading(say("surges.title"), shown, f"{say('surges.title')} {called}".strip(), visit)
    none = say("surges.none") if frames.is_known() else say("surges.working")
    tables.show(shown, visit, key="surges", alt=say("surges.alt"), none=none, rows=8)
    states.note(say("surges.note"))


def lives(visit: Visit, item: str, called: str) -> None:
    """Where products stand in their life: those that change, or all of them."""
    say = visit.say
    only = address.code("lives", ONLY, ONLY[0])
    shown = frames.lives_shown(visit, item, every=bool(item) or only == "all")
    export.heading(say("lives.title"), shown, f"{say('lives.title')} {called}".strip(), visit)
    known = frames.lives(visit, item)
    if known.height and not item:
        states.note(messages.summary(known, visit.language))
        address.choice(
            "lives",
            st.segmented_control,
            say("lives.only"),
            ONLY,
            ONLY[0],
            format_func=lambda code: say(f"lives.only.{code}"),
            required=True,
            label_visibility="collapsed",
        )
    none = say("lives.none") if frames.is_known() else say("surges.working")
    tables.show(shown, visit, key="lives", alt=say("lives.alt"), none=none, rows=10)
    states.note(say("lives.note"))
