"""Connect on the screen: from an empty form over a test to a loaded system, and what is never sent."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.access import Viewer
from answers import connections as answers
from answers.connections import RULES, STATES, STEPS, WAYS
from data_access import connections as kept
from data_access import work
from data_access.connections import Place, Server
from data_access.deliveries import RULES as OF_UPLOADS
from data_access.home import firm_home
from data_access.work import Progress
from display.words import LANGUAGES, known, say
from refresh import worker
from tests.pages import firms
from tests.pages.agent import Screen, Visitor, application
from tests.refresh.deliveries import customers, products, write

ADA = Viewer(user="owner", role="owner")
SECRET = "s3cret-Passw0rd"
DATABASE = Server(host="127.0.0.1", port=1, database="odoo", user="reader", password=SECRET)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the sample company, to which nothing is connected yet."""
    return tmp_path_factory.mktemp("connecting")


@pytest.fixture(scope="module")
def opened(place: Path) -> Iterator[Visitor]:
    """The application, serving the sample company."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_HOME", str(place))
        firms.sample()
        with application(place) as visitor:
            yield visitor


@pytest.fixture
def visitor(opened: Visitor, place: Path, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """A visitor of it, before anything is connected."""
    monkeypatch.setenv("TANDEM_HOME", str(place))
    for connection in kept.connections(firm_home()):
        kept.remove(firm_home(), connection.connection_id)
    work.rest(firm_home())
    return opened


def test_every_state_step_way_and_refusal_has_words() -> None:
    keys = [f"state.{state}" for state in STATES] + [f"step.{step}" for step in STEPS]
    keys += [f"refused.{rule}" for rule in (*RULES, *OF_UPLOADS)]
    keys += [f"about.{source}" for source in WAYS] + [f"way.{way}" for ways in WAYS.values() for way in ways]
    assert [key for key in keys if not known(f"connect.{key}")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_nothing_connected_is_told_what_becomes_of_the_sample(visitor: Visitor, language: str) -> None:
    screen = visitor.open("connect", role="administrator", lang=language)
    assert screen.title == say(language, "connect.title.none")
    assert say(language, "connect.sample").split("。")[0].split(".")[0] in " ".join(screen.texts("caption"))
    assert screen.element("test_connection")["props"]["disabled"]
    assert "CREATE ROLE" in " ".join(screen.texts("code"))


def pressed(visitor: Visitor, screen: Screen, button: str) -> Screen:
    """The screen after a button was pressed on it."""
    return visitor.ask(session_id=screen.answer["session_id"], trigger={"key": button})


def test_a_connection_is_loaded_paused_asked_for_and_removed(visitor: Visitor, tmp_path: Path) -> None:
    inbox = write(tmp_path / "inbox", {"customers": customers("C1", "C2"), "products": products("P1")})
    key = answers.add(ADA, "Exports", "files", Place(path=str(inbox)))
    assert visitor.open("connect").title == "Exports is next to be loaded"
    worker.refreshed(firm_home(), kept.connections(firm_home())[0])
    work.rest(firm_home())
    screen = visitor.open("connect")
    assert screen.title == "1 system is connected and fresh"
    assert len(screen.element("loaded_tables")["data"]["preview"]["rows"]) == 2
    for button, is_paused in (("pause_connection", True), ("resume_connection", False)):
        screen = pressed(visitor, screen, button)
        assert kept.connections(firm_home())[0].is_paused == is_paused
    assert pressed(visitor, screen, "now_connection").title == "Exports is next to be loaded"
    assert list(work.asked(firm_home())) == [key]
    assert pressed(visitor, screen, "remove_connection").title == say("en", "connect.title.none")


def test_what_is_being_done_is_told_step_by_step(visitor: Visitor) -> None:
    now = datetime.now(UTC)
    key = answers.add(ADA, "ERP", "odoo", Place(server=DATABASE))
    for step in STEPS:
        doing = Progress(connection_id=key, step=step, started_at=now, since=now, rows=1234)
        work.tell(firm_home(), doing)
        screen = visitor.open("connect", lang="zh")
        assert screen.title == say("zh", "connect.title.running", name="ERP")
        assert f"**{say('zh', f'connect.step.{step}')}**" in " ".join(screen.texts("caption"))
        assert "1,234" in " ".join(screen.texts("markdown"))


def test_a_password_is_sent_to_nobody(visitor: Visitor) -> None:
    answers.add(ADA, "ERP", "odoo", Place(server=DATABASE))
    screen = visitor.open("connect")
    assert DATABASE.place in json.dumps(screen.answer)
    assert SECRET not in json.dumps(screen.answer)


def test_a_damaged_file_of_connections_is_told_in_a_sentence(visitor: Visitor) -> None:
    path = firm_home().folder / "connections.json"
    path.write_text("{", encoding="utf-8")
    screen = visitor.open("connect")
    path.unlink()
    assert screen.title == say("en", "connect.damaged")
    assert "damaged" in " ".join(screen.texts("caption"))
