"""Killed at any step, the last good snapshot is served and the next run converges. The long run is in benchmarks/."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.refresh.deliveries import write
from tests.refresh.killing import Firm, Journey, delivery, killed_while_it_begins, watched

STEPS = (
    "migrated",
    "unified",
    "stored sales_order_lines",
    "took away from products",
    "derived",
    "kept the books",
    "committed",
    "wrote tables/customers",
    "verified the snapshot",
    "named the snapshot",
    "moved the pointer",
)


def test_a_refresh_killed_at_its_steps_and_at_random_converges_while_readers_see_only_whole_states(
    tmp_path: Path,
) -> None:
    journey = Journey.begun(tmp_path)
    assert len(journey.steps) == len(set(journey.steps))
    chance = random.Random(7)  # noqa: S311  moments for a test
    with watched(journey.firm.home, journey.states) as seen:
        killed = [journey.go(at_step=journey.steps.index(step)) for step in STEPS]
        killed += [journey.go(after=chance.uniform(0, 0.6)) for _ in range(4)]
        journey.replay()
    assert killed[: len(STEPS)] == [True] * len(STEPS)
    assert seen.wrong == []
    assert seen.reads > len(killed)


def test_on_postgresql_it_converges_too(tmp_path: Path, new_postgres_database: Callable[[], str]) -> None:
    journey = Journey.begun(tmp_path, (new_postgres_database(), new_postgres_database()))
    with watched(journey.firm.home, journey.states, readers=1) as seen:
        steps = ("stored sales_orders", "committed")
        killed = [journey.go(at_step=journey.steps.index(step)) for step in steps]
        journey.go(after=0.3)
    assert all(killed)
    assert seen.wrong == []


@pytest.mark.parametrize("after", [0.05, 0.2, 0.5])
def test_a_home_killed_while_it_begins_is_made_whole_by_the_next_run(tmp_path: Path, after: float) -> None:
    twin = Firm(tmp_path / "twin")
    twin.load(write(tmp_path / "twin-delivery", delivery(1)))
    killed_while_it_begins(tmp_path / "killed", after, twin=twin)


def test_a_postgresql_killed_while_it_begins_is_made_whole_by_the_next_run(
    tmp_path: Path, new_postgres_database: Callable[[], str]
) -> None:
    twin = Firm(tmp_path / "twin", new_postgres_database())
    twin.load(write(tmp_path / "twin-delivery", delivery(1)))
    killed_while_it_begins(tmp_path / "killed", 0.3, new_postgres_database(), twin=twin)
