"""What is said when there is nothing to show, or nothing to rely on."""

from collections.abc import Sequence

import streamlit as st

from display.words import marked, say


def nothing(title: str, how: str, *, icon: str, commands: Sequence[tuple[str, str]] = ()) -> None:
    """An empty state: a picture, what is missing, what to do, and the commands that do it, each with its name."""
    with st.container(border=True, horizontal_alignment="center", gap="small", key="nothing"):
        st.space("small")
        st.markdown(f"## :gray[:material/{icon}:]", text_alignment="center", anchors=False)
        st.subheader(title, text_alignment="center", anchor=False)
        st.markdown(how, text_alignment="center")
        with st.container(width=640):
            for name, command in commands:
                st.caption(name)
                st.code(command, language=None)
        st.space("small")


def no_snapshot(reason: str, language: str) -> None:
    """There is no data to show: none was ever loaded, or what was is damaged. Two commands change that."""
    words = "empty.damaged" if "damaged" in reason else "empty.first"
    nothing(
        say(language, words),
        say(language, f"{words}.how"),
        icon="database",
        commands=(
            (say(language, "empty.first.sample"), "python cli.py sample"),
            (say(language, "empty.first.files"), "python cli.py sync files --path FOLDER"),
        ),
    )


def note(text: str) -> None:
    """One quiet sentence, if there is one."""
    if text:
        st.caption(marked(text))


def empty_scope(language: str) -> None:
    """The filters leave nothing."""
    nothing(say(language, "empty.scope"), say(language, "empty.scope.how"), icon="filter_alt_off")


def no_data(language: str) -> None:
    """No row of the data belongs to what is asked."""
    nothing(say(language, "empty.numbers"), say(language, "empty.numbers.how"), icon="filter_alt_off")


def no_source(language: str) -> None:
    """No source was ever loaded."""
    command = (say(language, "empty.first.files"), "python cli.py sync files --path FOLDER")
    nothing(
        say(language, "health.title.nothing"), say(language, "health.nothing.how"), icon="database", commands=(command,)
    )


def trouble(text: str) -> None:
    """What failed, and what still holds: one sentence in amber."""
    st.markdown(f":orange[:material/warning: {marked(text)}]")


def alarm(text: str) -> None:
    """One sentence in amber without a picture, if there is one."""
    if text:
        st.caption(f":orange[{marked(text)}]")
