"""Saved views and links on the screen: a page under a name, its user's own, for whatever the viewer may see then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.access import Viewer
from answers import views
from answers.views import LONGEST_NAME, RULES
from display.words import LANGUAGES, known, marked, say
from pages.parts.views import SHOWN
from tests.pages import firms
from tests.pages.agent import Screen, Visitor, application

OWNER = Viewer(user="owner", role="owner")
HARD = "**质量** [x](y) $a$ :red[b]"
MARKED = r"\*\*质量\*\* \[x\]\(y\) \$a\$ \:red\[b\]"


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Visitor]]:
    """The application, serving the busy firm from its home."""
    place = tmp_path_factory.mktemp("busy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_HOME", str(place))
        firms.busy()
        with application(place) as opened:
            yield place, opened


@pytest.fixture
def visitor(busy: tuple[Path, Visitor], monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """A visitor of the busy firm, who has saved nothing yet."""
    place, opened = busy
    monkeypatch.setenv("TANDEM_HOME", str(place))
    for view in views.saved(OWNER):
        views.remove(OWNER, view.view_id)
    return opened


def links(screen: Screen) -> dict[str, dict[str, list[str]]]:
    """The saved views beside the page: from label to what the link asks for."""
    inside = {element["key"]: element for element in screen.elements("sidebar") if element.get("key")}
    shown = [
        child for key, element in inside.items() if key.startswith("view_") for child in element.get("children", [])
    ]
    return {link["props"]["label"]: link["props"]["query_params"] for link in shown if link["type"] == "page_link"}


def told(screen: Screen) -> list[str]:
    """All that the captions beside the page say."""
    return screen.texts("caption", "sidebar")


def after(visitor: Visitor, button: str, address: dict[str, str], **typed: str) -> Screen:
    """The screen after something was typed on a page and a button was pressed."""
    session = visitor.open("inventory", **address).answer["session_id"]
    return visitor.ask(session_id=session, widget_state=typed, trigger={"key": button})


def save(visitor: Visitor, name: str, **address: str) -> Screen:
    return after(visitor, "save_view_now", address, view_name=name)


def test_what_is_seen_is_saved_and_found_beside_every_page(visitor: Visitor) -> None:
    screen = save(visitor, HARD, site="shop", lang="zh", role="sales")
    (view,) = views.saved(OWNER)
    assert (view.name, view.page, view.parameters) == (HARD, "inventory", {"site": ("shop",)})
    assert list(links(screen)) == [MARKED]
    assert links(visitor.open("health")) == {MARKED: {"period": ["month"], "site": ["shop"]}}


def test_a_link_to_a_view_keeps_eyes_and_language_of_the_reader_and_nothing_else_of_the_page(visitor: Visitor) -> None:
    views.save(OWNER, "Shop", "inventory", {"site": ["shop"], "period": ["last_month"], "role": ["owner"]})
    screen = visitor.open("health", lang="zh", role="executive", region="N", as_company="c1")
    reader = {"lang": ["zh"], "role": ["executive"], "as_company": ["c1"]}
    assert links(screen) == {"Shop": {"site": ["shop"], "period": ["last_month"]} | reader}


def test_a_view_of_a_page_that_the_viewer_may_not_see_is_not_offered(visitor: Visitor) -> None:
    views.save(OWNER, "Shop", "inventory", {})
    views.save(OWNER, "Old", "a page that is gone", {})
    assert links(visitor.open("health", role="administrator")) == {}
    assert list(links(visitor.open("health"))) == ["Shop"]


def test_opening_a_view_asks_for_what_it_says(visitor: Visitor) -> None:
    views.save(OWNER, "Shop", "inventory", {"site": ["shop"]})
    session = visitor.open("health", region="N", lang="zh").answer["session_id"]
    asked = links(visitor.ask(session_id=session))["Shop"]
    opened = visitor.ask(session_id=session, page="inventory", query_params=asked)
    assert opened.answer["query_params"] == {"period": ["month"], "site": ["shop"], "lang": ["zh"]}
    assert opened.element("choose_site")["value"] == ["Shop"]
    assert opened.element("choose_region")["value"] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["", " ", "shop", "a\tb"])
def test_a_name_that_cannot_be_is_refused_in_one_sentence(visitor: Visitor, name: str, language: str) -> None:
    views.save(OWNER, "Shop", "inventory", {})
    screen = save(visitor, name, lang=language)
    rule = {"shop": "taken", "a\tb": "odd_name"}.get(name, "no_name")
    sentence = say(language, f"views.refused.{rule}", most=LONGEST_NAME)
    assert [text for text in told(screen) if sentence[:8] in text] == [f":orange[{marked(sentence)}]"]
    assert len(views.saved(OWNER)) == 1


def test_every_refusal_has_its_sentence() -> None:
    assert [rule for rule in RULES if not known(f"views.refused.{rule}")] == []


def test_a_view_is_renamed_and_deleted(visitor: Visitor) -> None:
    views.save(OWNER, "Shop", "inventory", {})
    renamed = after(visitor, "rename_view", {}, view_new_name=HARD)
    assert list(links(renamed)) == [MARKED]
    deleted = after(visitor, "delete_view", {})
    assert links(deleted) == {}
    assert views.saved(OWNER) == ()


def test_of_two_views_the_chosen_one_is_changed(visitor: Visitor) -> None:
    for name in ("A", "B"):
        views.save(OWNER, name, "inventory", {})
    after(visitor, "rename_view", {}, view_which="B", view_new_name="C")
    assert [view.name for view in views.saved(OWNER)] == ["A", "C"]


def test_many_views_are_counted_and_all_can_be_found(visitor: Visitor) -> None:
    for number in range(SHOWN + 3):
        views.save(OWNER, f"View {number:02}", "inventory", {})
    screen = visitor.open("inventory")
    assert len(links(screen)) == SHOWN
    assert say("en", "views.more", count=3) in told(screen)
    assert len(screen.element("view_which")["props"]["options"]) == SHOWN + 3


def test_a_link_to_hand_on_asks_the_same_without_eyes_and_language(visitor: Visitor) -> None:
    screen = visitor.open("inventory", site="shop", lang="zh", role="sales", period="last_month")
    (link,) = screen.texts("code", "sidebar")
    assert link.endswith("/inventory?site=shop&period=last_month")
