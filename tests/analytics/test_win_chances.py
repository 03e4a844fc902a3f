"""How likely deals are won: what closed ones teach, what drifts, and what is checked on deals that were kept back."""

import random
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from analytics.win_chances import CHANGES, CHECK, DEALS, SIGNS, chances, check

DAY = date(2026, 6, 30)
NO_CHANGES = pl.DataFrame(schema=CHANGES)


def deal(key: str, entered: int, closed: int | None, *, won: bool | None = None, **more: Any) -> dict[str, Any]:
    """A deal that was entered and closed so many days ago."""
    closed_on = None if closed is None else DAY - timedelta(days=closed)
    known = {"opportunity_id": key, "created_on": DAY - timedelta(days=entered), "closed_on": closed_on, "is_won": won}
    return dict.fromkeys(DEALS) | known | more


def deals(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=DEALS)


def closed_by(owners: dict[str, float], *, each: int = 60, seed: int = 1) -> list[dict[str, Any]]:
    """Closed deals of owners who win so large a share."""
    dice = random.Random(seed)  # noqa: S311 - the same firm in every run
    return [
        deal(f"{owner}{at}", at * 5 + 20, at * 5 + 1, won=dice.random() < share, owner_id=owner)
        for owner, share in owners.items()
        for at in range(each)
    ]


def chance_of(rows: pl.DataFrame) -> dict[str, float]:
    return dict(chances(rows, NO_CHANGES, DAY).select("opportunity_id", "chance").iter_rows())


def test_an_owner_who_wins_more_has_better_chances() -> None:
    told = chance_of(deals(*closed_by({"good": 0.8, "bad": 0.2}), deal("g", 3, None, owner_id="good"),
                           deal("b", 3, None, owner_id="bad"), deal("n", 3, None, owner_id="nobody")))  # fmt: skip
    assert told["g"] > 0.65 > told["n"] > 0.35 > told["b"]


def test_a_size_is_what_it_was_among_closed_deals_however_large_the_open_ones_are() -> None:
    closed = [deal(f"c{at}", at + 60, at, won=at % 4 == 0, amount=90.0 if at % 4 == 0 else 10.0 + at % 4)
              for at in range(200)]  # fmt: skip
    large = [deal(f"o{at}", 60, None, amount=1000.0) for at in range(300)]
    asked = [deal("big", 60, None, amount=90.0), deal("small", 60, None, amount=11.0)]
    told = chance_of(deals(*closed, *large, *asked))
    assert (told["big"] > 0.7, told["small"] < 0.2) == (True, True)


def test_signs_that_tell_nothing_are_left_out() -> None:
    told = chances(
        deals(
            *closed_by({"a": 0.5, "b": 0.5}, seed=3),
            deal("x", 3, None, owner_id="a"),
            deal("y", 90, None, owner_id="b"),
        ),
        NO_CHANGES,
        DAY,
    )
    first, second = told["chance"]
    assert first == pytest.approx(second, abs=0.08)


def test_the_level_is_that_of_the_last_quarter() -> None:
    old = [deal(f"o{at}", 400, 200, won=True) for at in range(100)]
    new = [deal(f"n{at}", 60, 30, won=at % 4 == 0) for at in range(100)]
    told = chance_of(deals(*old, *new, deal("x", 0, None)))
    assert told["x"] == pytest.approx(0.25, abs=0.03)


def test_a_later_stage_is_worth_what_it_was_worth() -> None:
    rows, changed = [], []
    for at in range(120):
        far = at % 2 == 0
        rows.append(deal(f"d{at}", at * 3 + 70, at * 3 + 1, won=far))
        stage = [("asked", at * 3 + 70), ("offer" if far else "asked", at * 3 + 45), ("over", at * 3 + 1)]
        changed += [(f"d{at}", name, DAY - timedelta(days=ago)) for name, ago in stage]
    changes = pl.DataFrame(changed, schema=CHANGES, orient="row")
    both = deals(*rows, deal("a", 40, None, stage="asked"), deal("o", 40, None, stage="offer"))
    told = chances(both, changes, DAY)
    assert told["chance"][0] < 0.4
    assert told["chance"][1] > 0.8
    assert told["by_stage"][1] > 0 > told["by_stage"][0]


def test_a_deal_is_judged_by_what_was_known_before_it_was_closed() -> None:
    rows = [deal(f"d{at}", at + 60, at, won=at % 2 == 0) for at in range(200)]
    ends = [(f"d{at}", "won" if at % 2 == 0 else "lost", DAY - timedelta(days=at)) for at in range(200)]
    changes = pl.DataFrame(ends, schema=CHANGES, orient="row")
    found = check(deals(*rows), changes, DAY)
    assert found.brier["chance"] == pytest.approx(0.25, abs=0.02)


def test_the_end_of_a_deal_that_was_closed_on_its_first_day_is_not_looked_at() -> None:
    rows = [deal(f"d{at}", at, at, won=at % 2 == 0) for at in range(400)]
    ends = [(f"d{at}", "won" if at % 2 == 0 else "lost", DAY - timedelta(days=at)) for at in range(400)]
    found = check(deals(*rows), pl.DataFrame(ends, schema=CHANGES, orient="row"), DAY)
    assert found.brier["chance"] == pytest.approx(0.25, abs=0.02)


def test_too_few_closed_deals_teach_nothing() -> None:
    few = deals(*closed_by({"a": 0.5}, each=19), deal("x", 3, None, owner_id="a"))
    assert chance_of(few) == {"x": None}
    assert check(few, NO_CHANGES, DAY).deals == 0
    assert chances(deals(), NO_CHANGES, DAY).is_empty()
    assert chances(deals(*closed_by({"a": 0.5})), NO_CHANGES, DAY).is_empty()


def test_all_won_and_all_lost_are_finite() -> None:
    for won in (True, False):
        rows = [deal(f"d{at}", at + 9, at, won=won, amount=float(at)) for at in range(300)]
        told = chances(deals(*rows, deal("x", 2, None, amount=5.0)), NO_CHANGES, DAY)
        assert np.isfinite(told.select("chance", *(f"by_{sign}" for sign in SIGNS)).fill_null(0.0).to_numpy()).all()
        assert abs(told["chance"][0] - float(won)) < 0.05


def test_the_check_keeps_the_last_quarter_back_and_stands_beside_plain_rates() -> None:
    found = check(deals(*closed_by({"good": 0.9, "bad": 0.1}, each=70)), NO_CHANGES, DAY)
    assert found.deals == 2 * 18
    assert set(found.brier) == {"chance", "rate", "owner", "product"}
    assert found.brier["rate"] == pytest.approx(0.25, abs=0.05)
    assert found.brier["product"] == found.brier["rate"]
    assert found.brier["chance"] < 0.15
    assert found.error is not None
    assert found.error < 0.15
    assert dict(found.fifths.schema) == dict(CHECK)
    assert found.fifths["deals"].sum() == found.deals


def test_what_happens_later_changes_no_check() -> None:
    known = closed_by({"a": 0.7, "b": 0.3})
    before = check(deals(*known), NO_CHANGES, DAY)
    after = check(deals(*known, deal("z", 5, -3, won=True, owner_id="a")), NO_CHANGES, DAY)
    assert after.brier == before.brier
