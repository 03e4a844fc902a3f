"""New data is looked through beside the visitors, and shown by screens that stand open."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.access import Viewer
from answers import NoSnapshot, Snapshot, snapshot
from data_access.home import firm_home
from pages.parts.cache import cached, forget_asked
from pages.parts.newest import Keeper
from tests.analytics.firm import random_firm
from tests.answers.served import served

OWNER = Viewer(user="ada", role="owner")
answered: list[tuple[str, str, str]] = []


@cached
def _answer(version: Snapshot, viewer: Viewer, what: str) -> str:
    answered.append((version.id, viewer.role, what))
    if what == "gone" and len(answered) > 1:
        raise LookupError(what)
    return what


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    looking = Keeper()
    looking.start()
    yield looking
    looking.stop()


def ready(keeper: Keeper, wanted: str) -> bool:
    """Whether the version is ready within a few seconds."""
    for _ in range(100):
        if keeper.version().id == wanted:
            return True
        time.sleep(0.05)
    return False


def test_without_any_data_there_is_none_and_later_there_is(keeper: Keeper) -> None:
    with pytest.raises(NoSnapshot):
        keeper.version()
    served(random_firm(1))
    assert ready(keeper, snapshot().id)


def test_a_newer_version_takes_the_place_of_an_older_one(keeper: Keeper) -> None:
    served(random_firm(1))
    first = keeper.version().id
    served(random_firm(2))
    assert snapshot().id != first
    assert ready(keeper, snapshot().id)


def test_a_version_that_was_taken_away_is_not_shown(keeper: Keeper, home: Path) -> None:
    served(random_firm(1))
    assert ready(keeper, snapshot().id)
    firm_home().pointer.unlink()
    for folder in firm_home().snapshots.iterdir():
        folder.rename(home / folder.name)
    with pytest.raises(NoSnapshot):
        keeper.version()


def test_a_keeper_outlives_a_pointer_that_cannot_be_read(keeper: Keeper, caplog: pytest.LogCaptureFixture) -> None:
    served(random_firm(1))
    assert ready(keeper, snapshot().id)
    sound = firm_home().pointer.read_bytes()
    firm_home().pointer.unlink()
    firm_home().pointer.mkdir()
    for _ in range(100):
        if caplog.records:
            break
        time.sleep(0.05)
    assert "cannot be looked through" in caplog.text
    firm_home().pointer.rmdir()
    firm_home().pointer.write_bytes(sound)
    served(random_firm(2))
    assert ready(keeper, snapshot().id)


def test_a_keeper_that_has_ended_leaves_the_look_to_the_page() -> None:
    looking = Keeper()
    looking.start()
    served(random_firm(1))
    assert ready(looking, snapshot().id)
    looking.stop()
    served(random_firm(2))
    assert looking.version().id == snapshot().id


@pytest.fixture
def looking() -> Keeper:
    """One that looks when it is told to, and knows nothing of other tests, whose versions have the same names."""
    forget_asked()
    _answer.clear()  # type: ignore[attr-defined]
    answered.clear()
    return Keeper()


def refreshed(looking: Keeper, seed: int) -> Snapshot:
    """The version of another firm, once it was looked through."""
    served(random_firm(seed))
    looking.look()
    return looking.version()


def test_what_was_asked_of_the_version_before_is_there_before_anybody_asks_the_next_one(looking: Keeper) -> None:
    first = refreshed(looking, 1)
    assert _answer(first, OWNER, "revenue") == _answer(first, OWNER, "revenue")
    second = refreshed(looking, 2)
    known = [(first.id, "owner", "revenue"), (second.id, "owner", "revenue")]
    assert answered == known
    _answer(second, OWNER, "revenue")
    assert answered == known


def test_what_nobody_asked_of_the_version_before_is_not_asked_of_the_next_one(looking: Keeper) -> None:
    first = refreshed(looking, 1)
    _answer(first, OWNER, "revenue")
    refreshed(looking, 2)
    refreshed(looking, 3)
    assert len(answered) == 2


def test_a_question_that_fails_of_the_next_version_holds_nothing_up(looking: Keeper) -> None:
    first = refreshed(looking, 1)
    _answer(first, OWNER, "gone")
    _answer(first, OWNER, "stock")
    second = refreshed(looking, 2)
    assert [what for of, _, what in answered if of == second.id] == ["stock", "gone"]


def test_each_is_asked_with_the_rights_of_who_asked(looking: Keeper) -> None:
    first = refreshed(looking, 1)
    _answer(first, Viewer(user="bo", role="sales"), "stock")
    second = refreshed(looking, 2)
    assert answered == [(first.id, "sales", "stock"), (second.id, "sales", "stock")]
