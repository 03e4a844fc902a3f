"""Forecast accuracy: did stock-out chances come true, and how far were forecasts of demand off?"""

import streamlit as st

from answers.accuracy import SOURCES
from display.figures import accuracy as figures
from display.messages import accuracy as messages
from display.words import marked
from pages.parts import accuracy_frames as frames
from pages.parts import address, cards, drawings, export, guard, overrides, states
from pages.parts import tables as screen

visit = guard.require("inventory.read")
say, language = visit.say, visit.language
DAYS, CLASSES = ("28", "14", "7"), ("pattern", "abc", "span")
if not frames.is_known(visit):
    cards.message(say("menu.accuracy"), say("menu.accuracy.help"))
    states.nothing(say("demand.working"), say("demand.working.how"), icon="hourglass_top")
    st.stop()

skills, missed, errors = frames.skills(visit, SOURCES[0]), frames.missed(visit), frames.errors(visit, "")
cards.message(messages.title(skills, missed, language), messages.caption(skills, language))
if skills.is_empty() and errors.is_empty():
    states.nothing(say("accuracy.title.nothing"), say("accuracy.empty.how"), icon="hourglass_empty")
    st.stop()
cards.row(messages.cards(skills, errors, missed, language))

st.subheader(say("accuracy.chances"), anchor=False)
look = {"required": True, "label_visibility": "collapsed"}
with st.container(horizontal=True, gap="small", key="which_chances"):
    named = lambda code: say(f"accuracy.source.{code}")  # noqa: E731 - a name for a choice
    source = address.choice(
        "said", st.segmented_control, say("accuracy.source"), SOURCES, SOURCES[0], format_func=named, **look
    )
    days = int(
        address.choice(
            "days",
            st.segmented_control,
            say("accuracy.days"),
            DAYS,
            DAYS[0],
            format_func=lambda code: say(f"accuracy.days.{code}"),
            **look,
        )
    )
chances, shown = frames.chances(visit, source, days), frames.chances_shown(visit, source, days)
none = say("accuracy.kept.none" if source == "kept" else "accuracy.chances.none")
drawing, table = st.columns(2, gap="medium")
with drawing:
    alt = figures.reliability_in_words(chances, language)
    drawings.show(frames.chance_figure(visit, source, days), key="reliability_figure", alt=alt, none=none)
with table:
    screen.show(shown, visit, key="stock_out_reliability", alt=say("accuracy.chances"), none=none, rows=11)
    if shown.frame.height:
        export.buttons(shown, say("accuracy.chances"), visit)
states.note(say("accuracy.chances.note"))

st.subheader(say("accuracy.told"), anchor=False)
alt = messages.told_in_words(frames.foretold(visit), missed, language)
drawings.show(frames.told_figure(visit), key="foretold", alt=alt, none=say("accuracy.told.none"))

by = address.code("by", CLASSES, CLASSES[0])
table_of = frames.errors_shown(visit, "" if by == "span" else by)
export.heading(say("accuracy.demand"), table_of, f"{say('menu.accuracy')} {say('accuracy.demand')}", visit)
address.choice(
    "by",
    st.segmented_control,
    say("accuracy.by"),
    CLASSES,
    CLASSES[0],
    format_func=lambda code: say(f"accuracy.by.{code}"),
    **look,
)
screen.show(
    table_of, visit, key="forecast_errors", alt=say("accuracy.demand.alt"), none=say("accuracy.demand.none"), rows=14
)
states.note(say("accuracy.demand.note"))

signs = frames.signs_shown(visit)
export.heading(say("accuracy.signs"), signs, f"{say('menu.accuracy')} {say('accuracy.signs')}", visit)
st.markdown(marked(messages.signs(frames.signs(visit), language)))
screen.show(signs, visit, key="forecast_signs", alt=say("accuracy.signs.alt"), none=say("accuracy.signs.none"), rows=9)
states.note(say("accuracy.signs.note") if signs.frame.height else "")
overrides.added(visit)
