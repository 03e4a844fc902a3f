"""No page opens without app.py and its own right: in a new process, by its address or its hash, in the very first
message."""

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.access import RIGHTS
from display.words import LANGUAGES, say
from pages.parts.menu import ENTRIES, PAGES, Entry
from tests.answers import canaries
from tests.pages import firms, wire
from tests.pages.agent import application
from tests.test_house import HOUSE


def who_is_refused(entry: Entry) -> str:
    """A role without the right of the page: another one for each page, as far as there are others."""
    refused = [role for role, rights in RIGHTS.items() if entry.right not in rights]
    return refused[ENTRIES.index(entry) % len(refused)]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_new_process_refuses_a_page_that_is_asked_for_first_by_its_address_or_by_its_hash(
    home: Path, entry: Entry
) -> None:
    canaries.published(canaries.whole_firm())
    by_hash, role = ENTRIES.index(entry) % 2 == 0, who_is_refused(entry)
    page, page_hash = ("", wire.hash_of(entry.name)) if by_hash else (entry.name, "")
    with application(home) as visitor, wire.session(visitor.address) as session:
        heard = session.run({"role": role, "lang": "en"}, page=page, page_hash=page_hash)
        screen = visitor.open(entry.name)
    assert say("en", "guard.not_allowed") in heard.texts()
    assert not any(message.HasField("page_not_found") for message in heard.messages)
    assert canaries.found_in(heard.sent) - canaries.company_names() == set()
    assert heard.menu() == [other.name for other in ENTRIES if other.is_listed and other.right in RIGHTS[role]]
    assert screen.answer["page"]["url_path"] == entry.name
    assert screen.title
    assert screen.menu == [other.name for other in ENTRIES if other.is_listed]
    assert {"choose_role", "choose_lang"} <= screen.keyed("sidebar")


def test_a_page_that_streamlit_serves_without_app_py_shows_only_the_refusal(home: Path) -> None:
    firms.busy()
    with application(home, ENTRIES[0].script) as visitor:
        for language in LANGUAGES:
            screen = visitor.ask(query_params={"lang": [language]})
            assert [element["type"] for element in screen.elements()] == ["markdown"]
            assert screen.texts("markdown") == [say(language, "guard.outside")]
            assert screen.elements("sidebar") == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_page_run_without_app_py_shows_only_the_refusal(entry: Entry) -> None:
    firms.busy()
    run = AppTest.from_file(entry.script, default_timeout=30).run()
    assert [element.type for element in run.main][1:] == ["markdown"]
    assert [text.value for text in run.markdown] == [say("en", "guard.outside")]
    assert not run.sidebar.children


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


def asking_an_answer_that_is_not_allowed() -> None:
    """A script: the page has its right, an answer of it asks for another one, or the session ends meanwhile."""
    import streamlit as st

    from analytics.access import Expired, NotAllowed, Viewer
    from answers import snapshot
    from pages.parts import guard, shell
    from pages.parts.visit import Visit

    class Page:
        def run(self) -> None:
            guard.require("inventory.read")
            st.write("inside")
            raise (Expired if st.session_state["ended"] else NotAllowed)("secret")

    version = snapshot()
    viewer = Viewer(user="owner", role="owner")
    visit = Visit(viewer=viewer, language="en", dark=False, zone=None, version=version, as_of=version.made_at.date())
    with guard.admitted(visit):
        shell._run(Page(), visit)  # type: ignore[arg-type]


@pytest.mark.parametrize(("ended", "words"), [(True, "guard.expired"), (False, "guard.not_allowed")])
def test_what_an_answer_refuses_is_told_as_at_the_door(ended: bool, words: str) -> None:
    firms.busy()
    run = AppTest.from_function(asking_an_answer_that_is_not_allowed, default_timeout=30)
    run.session_state["ended"] = ended
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pages.parts.menu.links", lambda _viewer, _language: None)
        run.run()
    assert [text.value for text in run.markdown] == ["inside", say("en", words)]
    assert not run.exception


def one_page_alone() -> None:
    """A script: the menu of somebody who has the right to a single page."""
    import streamlit as st

    from analytics.access import Viewer
    from pages.parts import menu

    viewer = Viewer(user="ada", role="administrator", without=frozenset(st.session_state["without"]))
    st.navigation(menu.sections(viewer, "en"))
    menu.alone(viewer, "en")


@pytest.mark.parametrize(("without", "drawn"), [(["rights.read", "sources.manage"], 1), ([], 0)])
def test_who_has_a_single_page_still_sees_its_section_where_streamlit_draws_no_menu(
    without: list[str], drawn: int
) -> None:
    run = AppTest.from_function(one_page_alone, default_timeout=30)
    run.session_state["without"] = without
    run.run()
    assert not run.exception
    assert [text.value for text in run.sidebar.caption] == [say("en", "menu.run")] * drawn
