"""The message of a page, cards with one number each, and lists of facts."""

from collections.abc import Sequence

import streamlit as st

from display.messages import Card, Fact, Tone
from display.words import marked

COLOURS: dict[Tone, str] = {"quiet": "off", "warn": "orange", "bad": "red"}
TEXT_COLOURS: dict[Tone, str] = {"quiet": "", "warn": "orange", "bad": "red"}


def message(title: str, caption: str) -> None:
    """The title that says the message, and what it rests on. Amounts and names in them are never markup."""
    st.title(marked(title), anchor=False)
    st.caption(marked(caption))


def row(cards: Sequence[Card]) -> None:
    """Up to six cards of one height in a row; two in a row on a phone. Colour only where a card is loud."""
    with st.grid(6, min_column_width=150, gap="small", key="cards"):
        for card in cards:
            st.metric(
                card.label,
                marked(card.value),
                marked(card.note),
                delta_color=COLOURS[card.tone],  # type: ignore[arg-type]
                delta_arrow="off",
                help=card.help,
                border=True,
                height="stretch",
            )


def facts(items: Sequence[Fact]) -> None:
    """Facts as two columns of text: what, and how much."""
    st.table({item.label: _value(item) for item in items}, border="horizontal", width="stretch")


def facts_or(items: Sequence[Fact], none: str) -> None:
    """Facts, or one quiet sentence where there are none."""
    if items:
        facts(items)
    else:
        st.caption(marked(none))


def _value(item: Fact) -> str:
    text = marked(item.value)
    return f":{TEXT_COLOURS[item.tone]}[**{text}**]" if item.tone != "quiet" else text
