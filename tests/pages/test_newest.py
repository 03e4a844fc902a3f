"""New data is looked through beside the visitors, and shown by screens that stand open."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from answers import NoSnapshot, snapshot
from data_access.home import firm_home
from pages.parts.newest import Keeper
from tests.analytics.firm import random_firm
from tests.answers.served import served


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
    firm_home().pointer.write_bytes(b"\xff\xfe")
    for _ in range(100):
        if caplog.records:
            break
        time.sleep(0.05)
    assert "cannot be looked through" in caplog.text
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
