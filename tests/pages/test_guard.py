"""No page opens without app.py and its own right: in a new process, by its address, in the very first message."""

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from display.words import LANGUAGES, say
from pages.parts.menu import ENTRIES, PAGES, Entry
from tests.pages import firms
from tests.pages.agent import application
from tests.test_house import HOUSE


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_page_asked_for_first_in_a_new_process_comes_with_its_menu(home: Path, entry: Entry) -> None:
    firms.busy()
    with application(home) as visitor:
        screen = visitor.open(entry.name)
    assert screen.answer["page"]["url_path"] == entry.name
    assert screen.title
    assert screen.menu == [other.name for other in ENTRIES]
    assert {"choose_role", "choose_lang"} <= screen.keyed("sidebar")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_page_run_without_app_py_shows_only_the_refusal(home: Path, entry: Entry) -> None:
    firms.busy()
    with application(home, entry.script) as visitor:
        for language in LANGUAGES:
            screen = visitor.ask(query_params={"lang": [language]})
            assert [element["type"] for element in screen.elements()] == ["markdown"]
            assert screen.texts("markdown") == [say(language, "guard.outside")]
            assert screen.elements("sidebar") == []


def test_no_script_is_where_streamlit_would_serve_it_by_itself() -> None:
    scripts = {entry.script for entry in ENTRIES}
    assert all(script.is_file() and script.parent.parent == PAGES for script in scripts)
    assert {path for path in PAGES.glob("*/*.py") if path.parent.name != "parts"} - scripts == {
        path for path in PAGES.glob("*/__init__.py") if path.parent.name != "parts"
    }


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_page_asks_for_its_right_before_anything_else(entry: Entry) -> None:
    docstring, *statements = ast.parse(entry.script.read_text(encoding="utf-8")).body
    assert isinstance(docstring, ast.Expr)
    first = next(node for node in statements if not isinstance(node, ast.Import | ast.ImportFrom))
    assert ast.unparse(first) == f"visit = guard.require('{entry.right}')"


@pytest.mark.parametrize("address", ["0.0.0.0", "::", ""])  # noqa: S104 - it is refused
def test_an_address_that_others_reach_is_refused_in_every_language(home: Path, address: str) -> None:
    firms.busy()
    for language in LANGUAGES:
        run = AppTest.from_file(HOUSE / "pages" / "parts" / "start.py", default_timeout=30)
        run.query_params["lang"] = language
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("streamlit.get_option", lambda _name: address)
            run.run()
        reached = address or say(language, "app.everywhere")
        assert [text.value for text in run.markdown] == [say(language, "app.no_accounts", address=reached)]
        assert not run.exception
        assert not run.title
        assert not run.selectbox


def with_what_an_earlier_run_left() -> None:
    """A script: first it admits a visit, then asks for a right when the run of that visit is over."""
    import streamlit as st

    from analytics.access import Viewer
    from answers import snapshot
    from pages.parts import guard
    from pages.parts.visit import Visit

    version = snapshot()
    viewer = Viewer(user="owner", role="owner")
    visit = Visit(viewer=viewer, language="en", dark=False, zone=None, version=version, as_of=version.made_at.date())
    if st.session_state["admit"]:
        with guard.admitted(visit):
            guard.require("inventory.read")
            st.write("inside")
    guard.require("inventory.read")
    st.write("outside")


def test_what_a_run_left_behind_opens_nothing_later_in_that_run_or_in_the_next() -> None:
    firms.busy()
    run = AppTest.from_function(with_what_an_earlier_run_left, default_timeout=30)
    run.session_state["admit"] = True
    assert [text.value for text in run.run().markdown] == ["inside", say("en", "guard.outside")]
    run.session_state["admit"] = False
    assert [text.value for text in run.run().markdown] == [say("en", "guard.outside")]
    assert not run.exception
